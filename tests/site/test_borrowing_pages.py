"""A borrower's own pages: what I hold and owe, inventories from a phone, reports, what I ask for; and nothing of anybody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from tests.site import loaning, reviewing
from tests.site.loaning import MG

from aliquot.site import queries
from aliquot.site.models import (
    Balance,
    InventoryDraft,
    InventoryLine,
    Loan,
    LoanInventory,
    LoanWish,
    Notice,
    Person,
)
from aliquot.site.operations import agreements, programs

Browser = Callable[[Person], Client]
# Before the clock by which pages act, for the ledger's time never runs backwards.
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
TERM = {"begins": date(2026, 6, 10), "ends": date(2027, 6, 10)}


@pytest.fixture
def loan(db: None, ada: Person, eve: Person, bo: Person) -> Loan:
    loaning.store()
    return running(ada, eve, bo)


def running(
    ada: Person, eve: Person, bo: Person, *cuts: tuple[str, str], at: datetime = NOW, **changed: object
) -> Loan:
    return loaning.a_running_loan(ada, eve, bo, *cuts, at=at, **TERM, **changed)


def post(browser: Client, address: str, form: dict[str, object], key: str = "") -> object:
    """Send a form that was shown for this once; with a key, one that is sent again."""
    return reviewing.post(browser, address, form, key or f"form-{next(_forms)}")


_forms = count()


def page_of(loan: Loan, more: str = "") -> str:
    return f"/borrowing/{loan.key}/{more}"


def a_photograph() -> SimpleUploadedFile:
    kept = BytesIO()
    Image.new("RGB", (40, 30), (90, 90, 90)).save(kept, "JPEG")
    return SimpleUploadedFile("vial.jpg", kept.getvalue(), "image/jpeg")


def test_a_borrower_sees_what_they_hold_and_owe(loan: Loan, bo: Person, signed_in: Browser) -> None:
    page = signed_in(bo).get("/borrowing/").text
    for shown in (loan.number, "P-1,1", "P-1,2", "40 mg", "2027-06-10", "/borrowing/"):
        assert shown in page, shown
    one = signed_in(bo).get(page_of(loan)).text
    for shown in ("Samples provided by the test laboratory.", "Report", "Ask for", "10 mg", "2027-06-10"):
        assert shown in one, shown


def test_an_agreement_that_waits_for_a_signature_stands_first(
    db: None, ada: Person, bo: Person, di: Person, signed_in: Browser
) -> None:
    loaning.store()
    made = loaning.an_agreement(ada, bo, **TERM)
    assert made.number not in signed_in(bo).get("/borrowing/").text, "not offered yet"
    agreements.offer(made, by=ada, at=NOW)
    page = signed_in(bo).get("/borrowing/").text
    assert f"/agreements/{made.key}/" in page
    assert f"/agreements/{made.key}/agreement.pdf" in page
    assert made.number not in signed_in(di).get("/borrowing/").text


@pytest.mark.parametrize("more", ["", "credit/", "inventory/"])
def test_a_loan_is_there_for_its_borrower_and_staff_alone(
    loan: Loan, ada: Person, bo: Person, cy: Person, di: Person, eve: Person, client: Client, signed_in: Browser, more: str
) -> None:  # fmt: skip
    for person, status in ((bo, 200), (ada, 200), (eve, 200), (di, 404), (cy, 404)):
        assert signed_in(person).get(page_of(loan, more)).status_code == status, person
    assert client.get(page_of(loan, more)).status_code == 302
    assert post(signed_in(di), page_of(loan, more), {"act": "save"}).status_code == 404
    if more != "credit/":  # which writes nothing
        assert post(signed_in(eve), page_of(loan, more), {"act": "save"}).status_code == 403


def test_consumption_is_reported_by_fate_against_what_was_approved(
    loan: Loan, bo: Person, signed_in: Browser
) -> None:
    browser, told = signed_in(bo), {"act": "consume", "sample": "P-1,1", "mass": "4 mg", "fate": "analysis", "method": "Pb-Pb", "reason": ""}  # fmt: skip
    done = post(browser, page_of(loan), told, "once")
    assert (done.status_code, done["Location"]) == (302, f"{page_of(loan)}#way-consume")
    assert post(browser, page_of(loan), told, "once").status_code == 302, "sent twice, it is reported once"
    assert Balance.objects.get(sample__number="P-1,1", holder=loan.holder).mass_ng == 16 * MG
    beyond = post(browser, page_of(loan), {**told, "mass": "7 mg"})
    assert beyond.status_code == 422
    assert "with this 11 mg are used up, and 10 mg were approved" in beyond.text
    assert 'value="7 mg"' in beyond.text, "what was typed is kept"
    assert post(browser, page_of(loan), {**told, "mass": "7 mg", "reason": "The first shot missed."}).status_code == 302  # fmt: skip
    assert "exceeded" in browser.get(page_of(loan)).text


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"act": "consume", "sample": "P-1,1", "mass": "a lot", "fate": "analysis", "method": "x"}, "consume-mass"),
        ({"act": "consume", "sample": "P-2", "mass": "1 mg", "fate": "analysis", "method": "x"}, "consume-sample"),
        ({"act": "consume", "sample": "P-1,1", "mass": "1 mg", "fate": "eaten", "method": ""}, "consume-fate"),
        ({"act": "split", "sample": "P-1,1", "cuts": "P-1,1,1 much", "method": "x"}, "split-cuts"),
        ({"act": "split", "sample": "P-1,1", "cuts": "P-1,1,1 \x00", "method": "x"}, "split-cuts"),
        ({"act": "lose", "sample": "P-1,1", "mass": "", "reason": ""}, "lose-reason"),
        ({"act": "renew", "months": "-1", "reason": "More."}, "renew-months"),
        ({"act": "transfer", "name": "X", "institution": "", "country": "FR", "email": "x", "reason": "y"}, "transfer-institution"),
        ({"act": "transfer", "name": "X", "institution": "Y", "country": "UK", "email": "x@example.org", "reason": "y"}, "transfer-country"),
        ({"act": "bring", "samples": "P-1,1", "on": "2020-01-01", "carrier": "Me", "reason": ""}, "bring-on"),
        ({"act": "fly", "sample": "P-1,1"}, ""),
    ],
)  # fmt: skip
def test_what_cannot_be_reported_is_said_beside_its_field_and_nothing_is_written(
    loan: Loan, bo: Person, signed_in: Browser, told: dict[str, str], said: str
) -> None:
    before = dict(Balance.objects.values_list("pk", "mass_ng"))
    answer = post(signed_in(bo), page_of(loan), told)
    assert answer.status_code == 422
    assert "errorlist" in answer.text if said else "faults" in answer.text
    if said:
        shown = next(one for one in answer.context["groups"] for one in one[1] if one.is_refused)
        assert said.partition("-")[2] in shown.form.errors
    assert dict(Balance.objects.values_list("pk", "mass_ng")) == before
    assert not LoanWish.objects.exists()


def test_parts_that_a_borrower_cut_are_on_loan(loan: Loan, bo: Person, signed_in: Browser) -> None:
    told = {"act": "split", "sample": "P-1,1", "cuts": "P-1,1,1 12 mg\nP-1,1,2 7.9 mg", "attrition": "100 µg", "method": "Knife"}  # fmt: skip
    assert post(signed_in(bo), page_of(loan), told).status_code == 302
    page = signed_in(bo).get(page_of(loan)).text
    assert "P-1,1,2" in page
    assert "7.9 mg" in page


# -- inventories -------------------------------------------------------------------------------------------------


def save(browser: Client, loan: Loan, sample: str, outcome: str, **told: object) -> object:
    return post(browser, page_of(loan, "inventory/"), {"act": "save", "sample": sample, "outcome": outcome, **told})  # type: ignore[dict-item]  # fmt: skip


def test_an_inventory_is_saved_line_by_line_gone_on_with_and_handed_in_once(
    loan: Loan, ada: Person, bo: Person, signed_in: Browser
) -> None:
    browser, address = signed_in(bo), page_of(loan, "inventory/")
    assert save(browser, loan, "P-1,1", "have", mass="20 mg", photograph=a_photograph())["Location"] == f"{address}#line-2"  # fmt: skip
    early = post(browser, address, {"act": "hand in"})
    assert early.status_code == 422
    assert "nothing is told of P-1,2" in early.text
    assert not LoanInventory.objects.exists()
    page = signed_in(bo).get(address).text  # another day, another phone
    assert "1 of 2 saved" in page
    line = InventoryDraft.objects.get().lines.get()
    picture = signed_in(bo).get(f"/borrowing/{loan.key}/photographs/{line.file.sha256}.webp")
    assert picture["Content-Type"] == "image/webp"
    assert save(browser, loan, "P-1,2", "cannot find").status_code == 422, "where was it looked for?"
    assert save(browser, loan, "P-1,2", "cannot find", note="In the safe.")["Location"] == f"{address}#end"
    for _again in range(2):  # a double click
        assert post(browser, address, {"act": "hand in"}, "once")["Location"] == page_of(loan)
    assert post(browser, address, {"act": "hand in"}).status_code == 422, "it is handed in once"
    made = LoanInventory.objects.get()
    assert [one["what"] for one in made.findings] == ["{sample} cannot be found"]
    assert InventoryLine.objects.get(sample__number="P-1,1").file == line.file
    assert not InventoryDraft.objects.exists()
    loan.refresh_from_db()
    assert loan.inventoried_on is not None
    assert "In the safe." in signed_in(ada).get(page_of(loan)).text


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"sample": "P-1,1", "outcome": "eaten"}, "outcome"),
        ({"sample": "P-1,1", "outcome": "have", "mass": "heavy"}, "mass"),
        ({"sample": "P-1,1", "outcome": "returned", "mass": "1 mg"}, "mass"),
        ({"sample": "P-1,1", "outcome": "have", "note": "a\x00b"}, "note"),
        ({"sample": "P-1,1", "outcome": "have", "note": "x" * 2001}, "note"),
        ({"sample": "P-1,1", "outcome": "have", "photograph": SimpleUploadedFile("a.jpg", b"no picture")}, "photograph"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_line_stands_beside_it(
    loan: Loan, bo: Person, signed_in: Browser, told: dict[str, object], where: str
) -> None:
    answer = post(signed_in(bo), page_of(loan, "inventory/"), {"act": "save", **told})  # type: ignore[dict-item]
    assert answer.status_code == 422
    assert f'id="{where}-1-faults"' in answer.text
    assert not InventoryDraft.objects.exists()


def test_a_sample_of_another_loan_is_not_counted(loan: Loan, bo: Person, signed_in: Browser) -> None:
    for number in ("P-2", "", "\x00", "P-1"):
        assert save(signed_in(bo), loan, number, "have").status_code == 422
    assert not InventoryDraft.objects.exists()


def test_a_photograph_is_for_those_who_see_the_loan(
    loan: Loan, ada: Person, bo: Person, di: Person, signed_in: Browser
) -> None:
    save(signed_in(bo), loan, "P-1,1", "have", photograph=a_photograph())
    address = f"/borrowing/{loan.key}/photographs/{InventoryDraft.objects.get().lines.get().file.sha256}.webp"
    assert [signed_in(one).get(address).status_code for one in (bo, ada, di)] == [200, 200, 404]
    assert signed_in(bo).get(f"/borrowing/{loan.key}/photographs/{'0' * 64}.webp").status_code == 404


# -- wishes ------------------------------------------------------------------------------------------------------


def asked(browser: Client, loan: Loan, **told: str) -> LoanWish:
    assert post(browser, page_of(loan), told).status_code == 302
    return LoanWish.objects.order_by("-pk")[0]


def test_a_renewal_is_asked_for_and_granted_at_once(
    loan: Loan, ada: Person, bo: Person, di: Person, signed_in: Browser
) -> None:
    wish = asked(signed_in(bo), loan, act="renew", months="6", reason="The beam time moved.")
    assert Notice.objects.filter(person=ada, kind="wish-asked").count() == 1
    assert "renew" not in [way.act for _title, ways in signed_in(bo).get(page_of(loan)).context["groups"] for way in (one.way for one in ways)]  # fmt: skip
    address = f"/wishes/{wish.key}/"
    assert signed_in(di).get(address).status_code == 404
    assert post(signed_in(bo), address, {"act": "grant", "reason": ""}).status_code == 422, "not one's own"
    assert post(signed_in(ada), address, {"act": "grant", "reason": ""}).status_code == 302
    loan.refresh_from_db()
    assert loan.renewed_months == [6]
    assert Notice.objects.filter(person=bo, kind="wish-answered").count() == 1
    again = asked(signed_in(bo), loan, act="renew", months="6", reason="Again.")
    refused = post(signed_in(ada), f"/wishes/{again.key}/", {"act": "grant", "reason": ""})
    assert refused.status_code == 422
    assert "policy allows 1" in refused.text
    again.refresh_from_db()
    assert again.state == "asked", "nothing is granted and not done"
    assert post(signed_in(ada), f"/wishes/{again.key}/", {"act": "refuse", "reason": ""}).status_code == 422
    assert post(signed_in(ada), f"/wishes/{again.key}/", {"act": "refuse", "reason": "Once is all."}).status_code == 302  # fmt: skip


def test_somebody_else_takes_over_once_they_agreed_and_a_curator_consents(
    loan: Loan, ada: Person, bo: Person, di: Person, signed_in: Browser
) -> None:
    wish = asked(signed_in(bo), loan, act="transfer", name="Di", institution="Open University", country="GB",
                 email="di@example.org", reason="I retire.")  # fmt: skip
    address = f"/wishes/{wish.key}/"
    assert wish.taker == di
    assert Notice.objects.filter(person=di, kind="wish-taker").exists()
    assert address in signed_in(di).get("/borrowing/").text
    assert post(signed_in(ada), address, {"act": "grant", "reason": ""}).status_code == 422, "Di was not asked yet"  # fmt: skip
    assert signed_in(di).get(page_of(loan)).status_code == 404
    assert post(signed_in(di), address, {"act": "agree", "reason": ""}).status_code == 302
    assert post(signed_in(ada), address, {"act": "grant", "reason": ""}).status_code == 302
    assert queries.loans.duty(loan).person == di
    assert signed_in(di).get(page_of(loan)).status_code == 200
    assert signed_in(bo).get(page_of(loan)).status_code == 404
    assert loan.number not in signed_in(bo).get("/borrowing/").context["held"]


def test_who_has_no_account_is_asked_by_a_curator(
    loan: Loan, ada: Person, bo: Person, signed_in: Browser
) -> None:
    wish = asked(signed_in(bo), loan, act="transfer", name="X", institution="Y", country="FR",
                 email="nobody@example.org", reason="I move.")  # fmt: skip
    assert wish.taker is None
    for act in ("agree", "grant"):
        assert post(signed_in(ada), f"/wishes/{wish.key}/", {"act": act, "reason": "By letter."}).status_code == 302  # fmt: skip
    assert queries.loans.duty(loan).name == "X"


def test_a_return_is_announced_and_a_wish_taken_back(
    loan: Loan, ada: Person, bo: Person, cy: Person, signed_in: Browser
) -> None:
    day = str((NOW + timedelta(days=4000)).date())
    wish = asked(signed_in(bo), loan, act="bring", samples="P-1,1", on=day, carrier="By hand", reason="")
    assert loan.number in signed_in(ada).get("/wishes/").text
    assert signed_in(cy).get("/wishes/").status_code == 403
    assert "P-1,1" in signed_in(ada).get(f"/wishes/{wish.key}/").text
    assert post(signed_in(bo), f"/wishes/{wish.key}/", {"act": "withdraw", "reason": ""}).status_code == 302
    wish.refresh_from_db()
    assert wish.state == "withdrawn"
    assert post(signed_in(ada), f"/wishes/{wish.key}/", {"act": "grant", "reason": ""}).status_code in (403, 422)  # fmt: skip


def test_a_parcel_back_is_packed_and_goes_on_at_its_own_page(
    loan: Loan, bo: Person, signed_in: Browser
) -> None:
    done = post(signed_in(bo), page_of(loan), {"act": "send", "samples": "P-1,2"})
    assert done.status_code == 302
    assert done["Location"].startswith("/parcels/")


def test_credit_is_held_against_what_was_agreed(loan: Loan, bo: Person, signed_in: Browser) -> None:
    browser, address = signed_in(bo), page_of(loan, "credit/")
    assert "The wording is not there" in post(browser, address, {"text": "Thanks."}).text
    given = post(browser, address, {"text": "We used P-1,1. SAMPLES provided\nby the test laboratory"})
    assert given.context["checked"].is_given
    assert given.context["checked"].not_cited == ("P-1,2",)
    assert post(browser, address, {"text": "\x00" * 10}).status_code == 200


def test_the_pages_ask_the_same_however_much_there_is(
    ada: Person, eve: Person, bo: Person, signed_in: Browser, django_assert_max_num_queries: Callable[..., object]
) -> None:  # fmt: skip
    loaning.store()
    running(ada, eve, bo)
    browser = signed_in(bo)
    browser.get("/borrowing/")
    with django_assert_max_num_queries(40) as few:
        browser.get("/borrowing/")
    running(
        ada,
        eve,
        bo,
        ("P-2,1", "10 mg"),
        ("P-2,2", "10 mg"),
        at=NOW + timedelta(days=20),
        samples=(("P-2", 50 * MG),),
    )
    loaning.a_loan(ada, eve, bo, NOW + timedelta(days=40), samples=(("P-2", 40 * MG),), **TERM)
    with django_assert_max_num_queries(len(few.captured_queries)):
        browser.get("/borrowing/")


def test_pages_of_a_borrower_are_chinese_throughout(loan: Loan, bo: Person, signed_in: Browser) -> None:
    page = signed_in(bo).get(f"/zh-hans{page_of(loan)}").text
    for english in ("What was used up", "Report it", "Next inventory", "Ask for"):
        assert english not in page, english


def test_programs_read_what_their_person_holds_and_everybody_the_year(
    loan: Loan, bo: Person, di: Person, client: Client
) -> None:
    def asked(person: Person) -> dict[str, object]:
        token = programs.make_token(person, name="clock", scope="read", at=timezone.now(), days=1)
        return client.get("/api/v1/borrowing", headers={"Authorization": f"Bearer {token}"}).json()

    (one,) = asked(bo)["items"]
    assert (one["number"], one["due_on"]) == (loan.number, "2027-06-10")
    assert one["samples"][0] == {"sample": "P-1,1", "mass_ng": 20 * MG}
    assert one["owed"] == [{"duty": "return", "on": "2027-06-10"}]
    assert asked(di)["items"] == []
    assert client.get("/api/v1/borrowing").status_code == 401
    year = client.get("/api/v1/years/2026").json()
    assert year["reconciles"] is True
    assert sum(each["lent_ng"] for each in year["accounts"]) == 40 * MG
    for nothing in ("1999", "0", "x", "99999"):
        assert client.get(f"/api/v1/years/{nothing}").status_code in (400, 404)
