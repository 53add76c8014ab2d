"""The pages of the bench: one form for each act, every fault in its place, and nothing lost of what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.site import collection as c

from aliquot import handling
from aliquot.site.models import Calibration, Handling, Instrument, Person, Proposal, Role, Sample

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
Browser = Client


@pytest.fixture
def stock(db: None) -> None:
    c.holders()
    c.a_sample("T-1", "5 g")
    c.a_sample("T-2", "10 g", use="permanent", sealed=True)
    balance = Instrument.objects.create(key="XP56", kind="balance", name_en="Balance")
    Calibration.objects.create(
        instrument=balance, key="C1", at=NOW.replace(year=2025), by="person:1", sd_ng=c.ng("10 µg")
    )


@pytest.fixture
def browser(stock: None, ada: Person, signed_in: Callable[[Person], Client]) -> Browser:
    return signed_in(ada)


def post(
    browser: Browser, address: str, form: Mapping[str, str], *, key: str = "k1", button: str = "record"
) -> HttpResponse:
    token = str(browser.get("/desk/").context["csrf_token"])
    return browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, button: "1", **form})


SPLIT = {"parent": "T-1", "cuts.0.number": "T-1,1", "cuts.0.mass": "1 g", "cuts.2.number": "T-1,2", "cuts.2.mass": "500 mg",
         "loss": "1 mg", "note": "by the window"}  # fmt: skip


@pytest.mark.parametrize("kind", handling.KINDS)
def test_every_act_has_a_form_that_names_what_it_records(browser: Browser, kind: str) -> None:
    page = browser.get(f"/bench/{kind}/")
    assert page.status_code == 200
    for field in handling.KINDS[kind].fields:
        assert f'name="{field.name}' in page.text
    assert browser.get("/bench/dance/").status_code == 404


@pytest.mark.parametrize("kind", handling.KINDS)
def test_an_empty_form_is_refused_beside_each_field_that_is_needed(browser: Browser, kind: str) -> None:
    page = post(browser, f"/bench/{kind}/", {})
    assert page.status_code == 422
    form = page.context["form"]
    needed = {field.name for field in handling.KINDS[kind].fields if field.required}
    assert {box.name for box in form.boxes if box.faults} == needed
    assert not Handling.objects.exists()


def test_a_split_is_recorded_and_its_page_tells_what_was_told(browser: Browser) -> None:
    answer = post(browser, "/bench/split/", SPLIT)
    assert answer.status_code == 302, answer.context["form"].faults
    page = browser.get(answer.url)
    assert "by the window" in page.text
    assert Sample.objects.get(number="T-1,2").mass_ng == c.ng("500 mg")
    assert Sample.objects.get(number="T-1").mass_ng == c.ng("3.499 g")
    assert "T-1,2" in browser.get("/bench/").text
    entry = Handling.objects.get().entry_id
    for leads_there in (f"/ledger/{entry}/", "/samples/T-1,2/"):
        assert f'href="{answer.url}"' in browser.get(leads_there).text
    assert f'href="{answer.url}"' not in Client().get(f"/ledger/{entry}/").text


def test_the_same_form_sent_twice_is_one_act(browser: Browser) -> None:
    places = {post(browser, "/bench/split/", SPLIT).url for _ in range(2)}
    assert len(places) == Handling.objects.count() == 1


def test_faults_stand_beside_their_cells_and_what_was_typed_stays(browser: Browser) -> None:
    page = post(browser, "/bench/split/", SPLIT | {"cuts.2.mass": "half a gram", "cuts.0.number": "T 1"})
    assert page.status_code == 422
    rows = next(box for box in page.context["form"].boxes if box.name == "cuts").rows
    assert [bool(cell.faults) for cell in rows[0][:2]] == [True, False]
    assert [bool(cell.faults) for cell in rows[1][:2]] == [False, True]
    assert "half a gram" in page.text
    assert "by the window" in page.text
    assert 'value="k1"' in page.text  # a refused form keeps its key
    assert '<a href="#f-cuts-0-number">' in page.text


def test_a_field_offers_what_fits_in_it(browser: Browser) -> None:
    lists = {one.list_id: dict(one.choices) for one in browser.get("/bench/receive/").context["lists"]}
    assert all(key.startswith("origin:") for key in lists["list-origin"])
    assert lists["list-use_class"]["permanent"] == "permanent store"
    Instrument.objects.create(key="SEM", kind="microscope")
    boxes = browser.get("/bench/pick/").context["form"].boxes
    offered = {
        box.name: [key for key, _label in box.choices]
        for box in boxes
        if box.name in ("balance", "microscope")
    }
    assert offered == {"balance": ["XP56"], "microscope": ["SEM"]}


def test_what_was_told_is_read_in_words_without_what_stands_empty(browser: Browser, eve: Person) -> None:
    done = post(browser, "/bench/split/", SPLIT | {"second": eve.key, "cuts.0.form": "powder"})
    page = browser.get(done.url)
    assert [column for box in page.context["tables"] for column in box.columns][:3] == [
        "number",
        "mass",
        "form",
    ]
    assert "Eve" in page.text
    assert eve.key not in page.text
    assert page.context["labels"].startswith("/labels/?sample=T-1%2C1&")


def test_a_pasted_table_of_two_hundred_daughters_is_one_entry(browser: Browser) -> None:
    rows = "\n".join(f"T-1,{n:03d}\t10 mg" for n in range(200))
    answer = post(browser, "/bench/split/", {"parent": "T-1", "cuts.pasted": "number\tmass\n" + rows})
    assert answer.status_code == 302, answer.context["form"].faults
    made = Handling.objects.get()
    assert made.samples.filter(part="daughter").count() == 200
    assert made.entry.kind == "split"


def test_a_pasted_table_that_is_at_fault_comes_back_as_rows(browser: Browser) -> None:
    page = post(browser, "/bench/split/", {"parent": "T-1", "cuts.pasted": "T-1,1\t1 g\nT-1,2\tlots"})
    rows = next(box for box in page.context["form"].boxes if box.name == "cuts").rows
    assert rows[1][1].value == "lots"
    assert rows[1][1].faults


def test_more_rows_and_checking_record_nothing(browser: Browser) -> None:
    more = post(browser, "/bench/split/", SPLIT, button="more")
    few = browser.get("/bench/split/")
    assert more.text.count("cuts.") > few.text.count("cuts.")
    assert "by the window" in more.text
    checked = post(browser, "/bench/split/", SPLIT, button="check")
    assert "Everything is in order" in checked.text
    assert post(browser, "/bench/split/", SPLIT | {"loss": "9 g"}, button="check").status_code == 422
    assert not Handling.objects.exists()


def test_the_sum_is_told_while_it_is_typed(browser: Browser) -> None:
    fragment = post(browser, "/bench/split/closing/", SPLIT)
    assert "3.499 g" in fragment.text
    assert "<html" not in fragment.text
    weighed = post(browser, "/bench/split/closing/", SPLIT | {"left": "3.4 g", "balance": "XP56"})
    assert "It does not close" in weighed.text
    assert (
        "It closes"
        in post(browser, "/bench/split/closing/", SPLIT | {"left": "3.49901 g", "balance": "XP56"}).text
    )
    assert (
        "More is taken than there is" in post(browser, "/bench/split/closing/", SPLIT | {"loss": "9 g"}).text
    )
    assert "the sum shows here" in post(browser, "/bench/split/closing/", {"parent": "T-9"}).text


def test_what_does_not_close_asks_for_a_reason(browser: Browser) -> None:
    told = SPLIT | {"left": "3.4 g", "balance": "XP56"}
    page = post(browser, "/bench/split/", told)
    assert page.status_code == 422
    assert next(box for box in page.context["form"].boxes if box.name == "reason").faults
    assert post(browser, "/bench/split/", told | {"reason": "a grain jumped"}).status_code == 302


def test_a_weighing_that_disagrees_offers_to_adjust_the_book(browser: Browser) -> None:
    told = {"sample": "T-1", "readings.0.reading": "4.9 g", "readings.1.reading": "4.91 g", "balance": "XP56"}
    page = browser.get(post(browser, "/bench/weigh/", told).url)
    assert "/bench/adjust/?sample=T-1" in page.text
    assert 'value="T-1"' in browser.get("/bench/adjust/?sample=T-1").text


def test_an_act_is_undone_by_a_correction(browser: Browser) -> None:
    done = browser.get(post(browser, "/bench/move/", {"samples": "T-1", "target": c.SHELF}, key="k1").url)
    entry = done.context["row"].entry_id
    assert f"/bench/correct/?entry={entry}" in done.text
    answer = post(browser, "/bench/correct/", {"entry": str(entry), "reason": "wrong shelf"}, key="k2")
    assert answer.status_code == 302, answer.context["form"].faults
    assert Sample.objects.get(number="T-1").holder.key == c.VAULT


def test_a_sealed_sample_is_touched_after_two_others_said_yes(
    browser: Browser, eve: Person, a_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    told = {"parent": "T-2", "cuts.0.number": "T-2,1", "cuts.0.mass": "1 g"}
    page = post(browser, "/bench/split/", told)
    assert page.status_code == 422
    assert "Propose it for approval" in page.text
    place = post(browser, "/bench/split/", told, button="propose").url
    assert "Carry it out" not in browser.get(place).text
    assert post(browser, place, {"act": "approve"}, key="k2").status_code == 422  # one's own
    for somebody, key in ((eve, "k3"), (a_person("Fay", Role.CURATOR), "k4")):
        assert "waits for you" in signed_in(somebody).get("/proposals/").text
        assert post(signed_in(somebody), place, {"act": "approve"}, key=key).status_code == 302
    assert "Carry it out" in browser.get(place).text
    assert post(browser, place, {"act": "carry-out"}, key="k5").url.startswith("/handlings/")
    assert Sample.objects.get(number="T-2,1").mass_ng == c.ng("1 g")
    assert post(browser, place, {"act": "carry-out"}, key="k6").status_code == 422  # once


def test_a_refusal_wants_a_reason_and_ends_the_proposal(
    browser: Browser, eve: Person, signed_in: Callable[[Person], Client]
) -> None:
    told = {"parent": "T-2", "cuts.0.number": "T-2,1", "cuts.0.mass": "1 g"}
    place = post(browser, "/bench/split/", told, button="propose").url
    director = signed_in(eve)
    assert post(director, place, {"act": "refuse"}, key="k2").status_code == 422
    assert post(director, place, {"act": "refuse", "reason": "not now"}, key="k3").status_code == 302
    assert post(director, place, {"act": "dance"}, key="k4").status_code == 422
    assert "not now" in browser.get(place).text
    assert post(browser, place, {"act": "withdraw"}, key="k5").status_code == 302
    assert Proposal.objects.get().withdrawn_at


def test_an_auditor_looks_and_does_nothing_a_requester_does_not_look(
    stock: None, bo: Person, a_person: Callable[..., Person], signed_in: Callable[[Person], Client]
) -> None:
    auditor = signed_in(a_person("Gus", Role.AUDITOR))
    assert auditor.get("/bench/").status_code == 200
    assert auditor.get("/bench/split/").status_code == 403
    assert post(auditor, "/bench/split/", SPLIT).status_code == 403
    for address in ("/bench/split/", "/proposals/", "/handlings/1/"):
        assert Client().get(address).status_code == 302
        assert signed_in(bo).get(address).status_code == 403


def test_a_scanner_types_the_addresses_of_labels(browser: Browser) -> None:
    told = {"samples": "https://moon.example/samples/T-1/\n", "target": c.SHELF}
    answer = post(browser, "/bench/move/", told)
    assert answer.status_code == 302, answer.context["form"].faults
    assert Sample.objects.get(number="T-1").holder.key == c.SHELF
    assert Handling.objects.get().told["samples"] == "T-1"
