"""What needs somebody today: for each part that they play, with its page and since when; as a calendar that can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from tests.site import loaning
from tests.site.test_borrowing_pages import NOW, TERM, post, running

from aliquot.accountability import Counted, Direction
from aliquot.site.models import CalendarLink, Loan, Person, Role, Sample
from aliquot.site.operations import agreements, loan_reports, loans, returns, wishes
from aliquot.site.queries import today
from aliquot.site.queries.today import Item
from aliquot.wishes import Kind, Wish

Browser = Callable[[Person], Client]
LATE = datetime(2027, 8, 1, 9, tzinfo=UTC)


@pytest.fixture
def loan(db: None, ada: Person, eve: Person, bo: Person) -> Loan:
    loaning.store()
    return running(ada, eve, bo)


def kinds(items: list[Item]) -> list[str]:
    return sorted({one.kind for one in items})


def test_a_curator_finds_each_step_of_a_loan_until_it_is_done(
    db: None, ada: Person, eve: Person, bo: Person
) -> None:
    loaning.store()

    def waits(at: datetime = NOW) -> list[str]:
        return kinds(today.of_curator(ada, at))

    made = loaning.an_agreement(ada, bo, **TERM)
    assert waits() == ["to-offer"]
    agreements.offer(made, by=ada, at=NOW)
    assert waits() == []
    assert kinds(today.of_borrower(bo, NOW)) == ["sign"]
    assert waits(NOW + timedelta(days=40)) == ["unsigned"]
    agreements.sign(made, loaning.signature(), by=bo, at=NOW)
    assert kinds(today.of_director(eve, NOW)) == ["to-countersign"]
    loan = agreements.countersign(made, loaning.signature(name="Eve"), by=eve, at=NOW)
    assert waits() == ["to-ship"]
    loaning.cut(loan, ada, ("P-1,1", "20 mg"), at=NOW)
    sent = loaning.send(loan, "P-1,1", by=ada, at=NOW)
    assert waits() == []
    assert kinds(today.of_borrower(bo, NOW)) == ["parcel"]
    assert waits(datetime(2026, 12, 20, tzinfo=UTC)) == ["parcel-late"]
    loaning.arrive(sent, bo, NOW + timedelta(days=9))
    assert waits(LATE) == ["loan-late"]
    assert kinds(today.of_director(eve, LATE)) == ["loan-late"], "for more than thirty days"
    assert kinds(today.of_director(eve, datetime(2027, 6, 20, tzinfo=UTC))) == []
    returns.take_in(loan, ["P-1,1"], place=loaning.VAULT, by=ada, at=LATE)
    assert waits(LATE) == ["to-check"]
    assert next(iter(today.of_curator(ada, LATE))).since == LATE.date()


def test_recalls_wishes_and_findings_wait_for_somebody(
    loan: Loan, ada: Person, bo: Person, django_assert_max_num_queries: Callable[..., object]
) -> None:
    at = NOW + timedelta(days=30)
    wishes.ask(loan, Wish(Kind.RENEWAL, "Beam time.", months=6), by=bo, at=at)
    loan_reports.inventory(loan, [Counted("P-1,1", "have"), Counted("P-1,2", "cannot find", "In the safe.")],
                           by=bo, at=at)  # fmt: skip
    loans.recall(loan, reason="Needed here.", days=10, by=ada, at=at)
    assert kinds(today.of_curator(ada, at)) == ["findings", "incident", "wish-renewal"]
    (owed,) = [one for one in today.of_borrower(bo, at) if one.kind == "bring-back-recalled"]
    assert owed.until == at.date() + timedelta(days=10)
    assert "recall-late" in kinds(today.of_curator(ada, at + timedelta(days=11)))
    with django_assert_max_num_queries(30):
        today.of_curator(ada, at)


def test_nobody_s_day_shows_what_is_somebody_else_s(
    loan: Loan, bo: Person, di: Person, client: Client, signed_in: Browser
) -> None:
    assert loan.number in signed_in(bo).get("/today/").text
    assert loan.number not in signed_in(di).get("/today/").text
    assert "Nothing waits for you." in signed_in(di).get("/today/").text
    assert client.get("/today/").status_code == 302
    assert client.get("/today/calendar/").status_code == 302


def test_what_is_late_comes_first_with_its_page(
    loan: Loan, ada: Person, bo: Person, signed_in: Browser
) -> None:
    Loan.objects.filter(pk=loan.pk).update(recalled_by=date(2026, 7, 1), state="recalled")
    page = signed_in(ada).get("/today/").text
    assert "recalled, and not back" in page
    assert f"/loans/{loan.key}/" in page
    assert "due--late" in page
    assert "recalled: bring everything back" in signed_in(bo).get("/today/").text


def test_a_parcel_that_was_refused_and_one_that_is_packed_are_to_be_seen_to(
    loan: Loan, ada: Person, bo: Person
) -> None:
    back = loaning.send(loan, "P-1,1", by=bo, direction=Direction.BACK, at=NOW + timedelta(days=40))
    assert back.state == "on the way"
    assert "to-hand-over" not in kinds(today.of_curator(ada, NOW))


def test_a_calendar_is_read_without_signing_in_until_it_is_taken_back(
    loan: Loan, bo: Person, client: Client, signed_in: Browser
) -> None:
    browser = signed_in(bo)
    assert "2027-06-10" in browser.get("/today/calendar/").text
    post(browser, "/today/calendar/", {"act": "make"})
    page = browser.get("/today/calendar/")
    address = page.context["address"]
    assert address.endswith(".ics")
    assert "Address, shown this once" in page.text
    assert address not in browser.get("/today/calendar/").text, "it is kept nowhere"
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert not CalendarLink.objects.filter(token_hash=token).exists()
    answer = client.get(f"/calendars/{token}.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"DTSTART;VALUE=DATE:20270610" in answer.content
    assert loan.number.encode() in answer.content
    post(browser, "/today/calendar/", {"act": "make"})
    assert client.get(f"/calendars/{token}.ics").status_code == 404, "there is another one now"
    post(browser, "/today/calendar/", {"act": "end"})
    assert not CalendarLink.objects.filter(ended_at=None).exists()
    for nothing in ("x", "a" * 300, token):
        assert client.get(f"/calendars/{nothing}.ics").status_code == 404


def test_somebody_without_an_account_any_more_has_no_calendar(
    loan: Loan, bo: Person, client: Client, signed_in: Browser
) -> None:
    browser = signed_in(bo)
    post(browser, "/today/calendar/", {"act": "make"})
    address = browser.get("/today/calendar/").context["address"]
    Person.objects.filter(pk=bo.pk).update(is_active=False)
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_day(a_person: Callable[..., Person], signed_in: Browser, role: Role) -> None:
    somebody = a_person("Somebody", role)
    for address in ("/today/", "/today/calendar/", "/borrowing/"):
        assert signed_in(somebody).get(address).status_code == 200, address
    assert signed_in(somebody).get("/wishes/").status_code == (
        200 if role in ("curator", "compliance", "director", "auditor") else 403
    )


# -- for everybody -----------------------------------------------------------------------------------------------


def test_everybody_sees_what_is_published_of_loans_and_no_name(loan: Loan, client: Client) -> None:
    page = client.get("/loans/public/").text
    for shown in (loan.number, "Brown University", "2026-06-10", "2027-06-10", "40 mg"):
        assert shown in page, shown
    assert not re.search(r"\bBo\b", page)
    assert "P-1,1" in client.get("/loans/public/?country=US").text
    Sample.objects.filter(number="P-1,1").update(published=False)
    assert "P-1,1" not in client.get("/loans/public/").text
    assert "P-1,2" in page
    for asked in ("?country=FR", "?country=%00", "?country=USA&page=9999999999"):
        assert client.get(f"/loans/public/{asked}").status_code == 200


def test_a_sample_shows_its_loans_to_everybody_and_the_way_to_staff(
    loan: Loan, ada: Person, client: Client, signed_in: Browser
) -> None:
    page = client.get("/samples/P-1,1/").text
    assert loan.number in page
    assert f"/loans/{loan.key}/" not in page
    assert f"/loans/{loan.key}/" in signed_in(ada).get("/samples/P-1,1/").text
