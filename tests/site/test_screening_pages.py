"""The compliance officer's pages: a screening kept, decided, screened again; certificates and waivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.lending import FACTS, NOW, SUBJECT, WHOLE

from aliquot import law_read
from aliquot.screenings import Why
from aliquot.site.models import Certificate, Person, Role, Screening, ScreeningDecision, Waiver
from aliquot.site.operations import screening as operations

CERTIFICATE = {
    "subject": SUBJECT, "instrument": "us/wolf", "mission": "Chang'e-5", "people": "The investigator", "act": "borrow",
    "from_on": "2025-01-15", "until_on": "2026-01-14", "lodged_on": "2024-11-20", "covers": "yes",
    "findings": ["no_transfer_finding", "no_abuser_finding", "fbi_consulted"],
}  # fmt: skip
WAIVER = {
    "act": "waive", "rule": "policy:loan-months", "authority": "The director", "reason": "a second reading",
    "expires_on": "2099-01-01",
}  # fmt: skip


@pytest.fixture
def lin(a_person: Callable[..., Person]) -> Person:
    """Lin looks after compliance."""
    return a_person("Lin", Role.COMPLIANCE)


@pytest.fixture
def browser(lin: Person, signed_in: Callable[[Person], Client]) -> Client:
    return signed_in(lin)


@pytest.fixture
def screened(lin: Person) -> Screening:
    return operations.screen(SUBJECT, FACTS, Why.SUBMITTED, by=lin, at=NOW)


@pytest.fixture
def keys() -> Iterator[str]:
    return iter(f"key-{i}" for i in range(100))


@pytest.fixture
def post(browser: Client, keys: Iterator[str]) -> Callable[..., HttpResponse]:
    def sent(address: str, form: dict[str, object], key: str = "", by: Client = browser) -> HttpResponse:
        token = by.get("/account/").context["csrf_token"]
        return by.post(address, {"csrfmiddlewaretoken": str(token), "acting_key": key or next(keys), **form})

    return sent


def test_an_answer_is_kept_as_a_screening_once(post: Callable[..., HttpResponse], browser: Client) -> None:
    assert "Keep this screening" in browser.get(f"/law/answer/?{WHOLE}").content.decode()
    form = {"answers": WHOLE, "subject": SUBJECT, "why": "submitted"}
    first, second = (post("/screenings/", form, key="same") for _ in range(2))
    made = Screening.objects.get()
    assert first["Location"] == second["Location"] == f"/screenings/{made.pk}/"
    assert (made.overall, made.facts["funders"]) == ("permitted_on_condition", ["NASA"])
    assert SUBJECT in browser.get("/screenings/").context["open"][0]["screening"].subject


@pytest.mark.parametrize(
    "form",
    [
        {"answers": WHOLE, "subject": "seventeen", "why": "submitted"},
        {"answers": WHOLE, "subject": SUBJECT, "why": "so"},
        {"answers": "wether=fine", "subject": SUBJECT, "why": "submitted"},
        {"answers": "counterparty_place=CN&counterparty_china=no", "subject": SUBJECT, "why": "submitted"},
    ],
)
def test_what_cannot_be_kept_is_said(post: Callable[..., HttpResponse], form: dict[str, str]) -> None:
    answer = post("/screenings/", form)
    assert answer.status_code == 422
    assert answer.context["faults"]
    assert not Screening.objects.exists()


def test_an_officer_follows_then_overrules_with_reasons(
    post: Callable[..., HttpResponse], browser: Client, screened: Screening
) -> None:
    page = f"/screenings/{screened.pk}/"
    assert "Nobody has decided on this screening yet." in browser.get(page).content.decode()
    assert post(page, {"act": "decide", "outcome": "follow", "after": "0"}).status_code == 302
    refused = post(page, {"act": "decide", "outcome": "refuse", "after": "1", "reasons": " "})
    assert refused.status_code == 422
    assert 'value="refuse" checked' in refused.content.decode()
    done = post(page, {"act": "decide", "outcome": "refuse", "after": "1", "reasons": "Counsel says no."})
    assert done.status_code == 302
    assert "Counsel says no." in browser.get(page).content.decode()
    assert browser.get("/screenings/").context["decided"][0]["outcome"] == "it may not go ahead"


@pytest.mark.parametrize(
    "form",
    [
        {"act": "decide", "outcome": "follow", "after": "1"},
        {"act": "decide", "outcome": "follow", "after": "many"},
        {"act": "decide", "outcome": "", "after": "0", "reasons": "so"},
        {"act": "decide", "outcome": "perhaps", "after": "0", "reasons": "so"},
        {"act": "burn"},
        {**WAIVER, "rule": "gravity"},
        {**WAIVER, "expires_on": "soon"},
        {**WAIVER, "authority": ""},
    ],
)
def test_what_is_none_of_the_acts_is_refused(
    post: Callable[..., HttpResponse], screened: Screening, form: dict[str, str]
) -> None:
    assert post(f"/screenings/{screened.pk}/", form).status_code == 422
    assert not ScreeningDecision.objects.exists()
    assert not Waiver.objects.exists()


def test_a_kept_screening_shows_its_answer_as_it_was(browser: Client, screened: Screening) -> None:
    page = browser.get(f"/screenings/{screened.pk}/").content.decode()
    assert '<time datetime="2024-12-16">' in page
    assert screened.facts_sha256 in page
    assert "/law/ask/?asked_on=2024-11-01" in page
    # The law is the same still, so the same answer can be said in Chinese.
    chinese = browser.get(f"/zh-hans/screenings/{screened.pk}/").content.decode()
    assert "往来为双边" in chinese
    assert "the dealing is two-sided" not in chinese


def test_an_answer_that_would_be_another_today_is_shown_as_it_was_written(
    browser: Client, screened: Screening
) -> None:
    first, *others = screened.answer["instruments"]
    old = {**screened.answer, "instruments": [{**first, "note": "as it was then"}, *others]}
    earlier = Screening.objects.create(
        subject="request:old", order=1, why="submitted", facts=FACTS, answer=old, overall=screened.overall,
        facts_sha256=screened.facts_sha256, vocabulary_sha256="sha256:old", lists_sha256={}, at=NOW,
        instruments_sha256={**screened.instruments_sha256, "us/wolf": "sha256:old"},
    )  # fmt: skip
    chinese = browser.get(f"/zh-hans/screenings/{earlier.pk}/").content.decode()
    assert "as it was then" in chinese
    assert "the dealing is two-sided" in chinese
    assert chinese.count('lang="en"') > 5
    assert "<code>us/wolf</code>" in chinese


def test_a_later_screening_is_pointed_to_and_the_earlier_one_is_closed(
    browser: Client, lin: Person, screened: Screening
) -> None:
    later = operations.screen(SUBJECT, {**FACTS, "approved": False}, Why.FACTS, by=lin, at=NOW)
    page = browser.get(f"/screenings/{screened.pk}/").content.decode()
    assert f'href="/screenings/{later.pk}/"' in page
    assert 'value="follow"' not in page


def test_what_is_out_of_date_is_listed_and_screened_again(
    post: Callable[..., HttpResponse], browser: Client, screened: Screening
) -> None:
    # Its day, in January 2025, is over.
    assert [one["screening"] for one in browser.get("/screenings/").context["due"]] == [screened]
    assert post("/screenings/", {"act": "again"}).status_code == 302
    assert browser.get("/screenings/").context["due"] == []
    assert Screening.objects.get(order=2).why == "day-of-act"


def test_a_certificate_is_recorded_and_screened_with(
    post: Callable[..., HttpResponse], browser: Client, screened: Screening
) -> None:
    assert post("/certificates/", CERTIFICATE).status_code == 302
    (shown,) = browser.get("/certificates/").context["certificates"]
    answer = browser.get(shown["address"])
    assert answer.context["answer"].overall == "permitted"
    assert f'value="{SUBJECT}"' in answer.content.decode()
    made = Certificate.objects.get()
    form = browser.get(f"/certificates/?replaces={made.pk}").context["typed"]
    assert (form["mission"], form["lodged_on"]) == ("Chang'e-5", "2024-11-20")
    assert post("/certificates/", {**CERTIFICATE, "replaces": made.pk, "people": "Both"}).status_code == 302
    assert [one["row"].people for one in browser.get("/certificates/").context["certificates"]] == ["Both"]


@pytest.mark.parametrize("change", [{"lodged_on": ""}, {"mission": ""}, {"instrument": "us/none"}, {"subject": "x"},
                                    {"until_on": "2024-01-01"}, {"findings": ["all"]}])  # fmt: skip
def test_a_certificate_at_fault_keeps_what_was_typed(
    post: Callable[..., HttpResponse], change: dict[str, object]
) -> None:
    answer = post("/certificates/", CERTIFICATE | change)
    assert answer.status_code == 422
    assert "The investigator" in answer.content.decode()
    assert not Certificate.objects.exists()


def test_a_waiver_is_recorded_with_its_end(
    post: Callable[..., HttpResponse], browser: Client, screened: Screening
) -> None:
    assert post(f"/screenings/{screened.pk}/", WAIVER).status_code == 302
    assert "policy:loan-months" in browser.get(f"/screenings/{screened.pk}/").content.decode()
    assert "The director" in browser.get("/certificates/").content.decode()


def test_a_director_and_an_auditor_read_and_do_not_decide(
    post: Callable[..., HttpResponse], signed_in: Callable[[Person], Client], eve: Person, screened: Screening
) -> None:
    theirs = signed_in(eve)
    page = theirs.get(f"/screenings/{screened.pk}/").content.decode()
    assert 'name="outcome"' not in page
    for address, form in (("/screenings/", {"act": "again"}), ("/certificates/", CERTIFICATE),
                          (f"/screenings/{screened.pk}/", {"act": "decide", "outcome": "follow", "after": "0"})):  # fmt: skip
        assert post(address, form, by=theirs).status_code == 403


def test_curators_requesters_and_strangers_see_none_of_it(
    signed_in: Callable[[Person], Client], ada: Person, bo: Person, screened: Screening
) -> None:
    for address in ("/screenings/", f"/screenings/{screened.pk}/", "/certificates/"):
        assert signed_in(ada).get(address).status_code == 403
        assert signed_in(bo).get(address).status_code == 403
        assert Client().get(address).status_code == 302


def test_there_is_no_screening_of_that_number(browser: Client) -> None:
    assert browser.get("/screenings/999/").status_code == 404


def test_the_desk_of_the_compliance_officer_has_its_cards(browser: Client) -> None:
    sections = browser.get("/desk/").context["sections"]
    titles = {str(card["title"]) for section in sections for card in section["cards"]}
    assert {"Screenings", "Certificates and waivers", "What would I need?"} <= titles


def test_the_list_takes_as_many_queries_whatever_it_holds(
    browser: Client, lin: Person, screened: Screening, django_assert_max_num_queries: object
) -> None:
    for number in range(5):
        operations.screen(f"request:{number}", FACTS, Why.SUBMITTED, by=lin, at=NOW)
    with django_assert_max_num_queries(10):
        assert len(browser.get("/screenings/").context["open"]) == 6


def test_the_certificates_take_as_many_queries_however_many_there_are(
    post: Callable[..., HttpResponse],
    browser: Client,
    screened: Screening,
    django_assert_max_num_queries: object,
) -> None:
    for day in ("2024-11-18", "2024-11-19", "2024-11-20"):
        post("/certificates/", CERTIFICATE | {"lodged_on": day})
    with django_assert_max_num_queries(9):
        assert len(browser.get("/certificates/").context["certificates"]) == 3


def test_the_law_on_file_is_the_one_that_was_kept(screened: Screening) -> None:
    assert set(screened.instruments_sha256) == set(law_read.load().instruments)
