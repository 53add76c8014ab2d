"""Reminders of loans: told to whom it concerns, each once, whenever and however often the clock is looked at."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.site import loaning
from tests.site.loaning import MG, NOW, a_loan, a_running_loan, an_agreement, cut, send
from tests.site.mail_server import ended, in_a_process

from aliquot.site import queries
from aliquot.site.models import Loan, Mailing, Notice, Person
from aliquot.site.operations import agreements, loan_reports, loans, mailings, reminders
from aliquot.site.operations.notices import tell_all

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    loaning.store()


def told(days: int) -> list[tuple[str, str]]:
    """Let the clock's reminders of loans go out on that day; return everything that was ever told."""
    at = NOW + days * DAY
    for name in ("loans", "agreements", "parcels", "reports"):
        tell_all(reminders.PRODUCERS[name](at), at=at)
    return sorted(Notice.objects.values_list("kind", "person__name"))


def test_a_loan_is_called_to_mind_before_and_after_its_day_and_each_once(
    ada: Person, eve: Person, bo: Person
) -> None:
    loan = a_running_loan(ada, eve, bo)  # due on 10 December 2027: day 374
    assert told(100) == []
    for day in (284, 284, 285):
        assert told(day) == [("loan-due", "Bo")]
    assert told(367) == [("loan-due", "Bo")] * 2
    assert told(375) == [("loan-due", "Bo")] * 2 + [("loan-late", "Ada"), ("loan-late", "Bo")]
    assert ("loan-late", "Eve") in told(404)
    before = told(404)
    loans.renew(loan, months=6, by=ada, at=NOW + 404 * DAY)
    assert told(405) == before
    assert len(told(470)) == len(before) + 1


def test_curators_are_told_for_a_borrower_without_an_account(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    loans.pass_duty(loan, why="moved", name="Zed", institution="Elsewhere", by=ada, at=NOW)
    assert told(290) == [("loan-due", "Ada")]


def test_an_agreement_and_a_parcel_are_waited_for(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_loan(ada, eve, bo)
    cut(loan, ada, ("P-1,1", "20 mg"))
    send(loan, "P-1,1", by=ada)
    agreements.offer(an_agreement(ada, bo, [("P-2", MG)]), by=ada, at=NOW)
    assert told(10) == []
    assert told(11) == [("agreement-offered", "Bo")]
    assert told(12) == [("agreement-offered", "Bo"), ("parcel-late", "Ada")]
    assert told(15) == [("agreement-offered", "Ada"), ("agreement-offered", "Bo"), ("agreement-offered", "Bo"),
                        ("parcel-late", "Ada")]  # fmt: skip


def test_what_lists_and_reminders_ask_does_not_grow_with_the_loans(
    ada: Person, eve: Person, bo: Person
) -> None:
    a_running_loan(ada, eve, bo)
    late = (NOW + 400 * DAY).date()

    def asked() -> list[int]:
        counts = []
        for look in (
            lambda: queries.loans.reminders(late), lambda: queries.loans.overdue(late), queries.loans.out_by_country,
            lambda: list(queries.loans.visible(bo, sees_all=False)), lambda: queries.loans.standing(bo, on=late),
            lambda: queries.loans.year(2026), lambda: list(reminders.PRODUCERS["loans"](NOW + 400 * DAY)),
        ):  # fmt: skip
            with CaptureQueriesContext(
                connection,
            ) as seen:
                look()
            counts.append(len(seen))
        return counts

    first = asked()
    assert first == [2, 2, 2, 1, 4, 3, 5]
    a_running_loan(ada, eve, bo, ("P-2,1", "5 mg"), at=NOW + 10 * DAY, samples=(("P-2", 10 * MG),))
    assert asked() == first


def test_two_years_of_a_small_facility_end_with_every_gram_explained(
    ada: Person, eve: Person, bo: Person, cy: Person
) -> None:
    """Through the operations: a renewal, a death, a loss and a find, consumption, a partial return; then the whole book."""
    first = a_running_loan(ada, eve, bo)
    second = a_running_loan(ada, eve, bo, ("P-2,1", "30 mg"), ("P-2,2", "10 mg"), at=NOW + 10 * DAY, samples=(("P-2", 50 * MG),),
                            consumed_most_ng={"P-2": 20 * MG})  # fmt: skip
    seen: set[str] = set()
    for month in range(1, 25):
        at = NOW + 30 * month * DAY
        occasions = [one.occasion for one in queries.loans.reminders(at.date())]
        assert len(set(occasions)) == len(occasions)
        seen |= set(occasions)
        if month == 3:
            loans.pass_duty(second, why="died", name="Cy", institution="MIT", person=cy, by=ada, at=at)
        if month == 6:
            loan_reports.consume(
                second, loan_reports.Consumed("P-2,1", 7 * MG, "analysis", "probe"), by=cy, at=at
            )
            loan_reports.lose(first, "P-1,1", reason="Not in the safe.", by=bo, at=at)
        if month == 12:
            loans.renew(second, months=6, by=ada, at=at)
            loan_reports.find(first, "P-1,1", reason="In another safe.", by=ada, at=at)
    assert len(seen) > 10
    for loan in (first, second):
        assert all(line.unexplained_ng == 0 for line in queries.loans.statement(loan).values())
    assert all(queries.loans.year(year).reconciles for year in (2026, 2027, 2028))
    assert queries.loans.year(2028).out_after_ng == 73 * MG


def test_a_site_that_slept_through_the_day_tells_it_on_waking_and_once(
    ada: Person, eve: Person, bo: Person
) -> None:
    """Down from a week before the last day until a week after it: nobody is told four stages at once, and nobody is forgotten."""
    loan = a_running_loan(ada, eve, bo)  # due on day 374
    results_owed(loan, months=12)  # on the same day
    awake = told(366)
    assert awake == [("loan-due", "Bo"), *[("report-due", "Bo")] * 2]
    woken = told(381)
    assert sorted(set(woken)) == [("loan-due", "Bo"), ("loan-late", "Ada"), ("loan-late", "Bo"),
                                  ("report-due", "Ada"), ("report-due", "Bo")]  # fmt: skip
    assert [woken.count(one) for one in sorted(set(woken))] == [1, 1, 1, 2, 4]
    for day in (381, 382, 387):
        assert told(day) == woken


@pytest.mark.django_db(transaction=True)
def test_one_who_crashes_and_two_who_wake_at_once_tell_each_reminder_once(
    ada: Person, eve: Person, bo: Person
) -> None:
    a_running_loan(ada, eve, bo)
    at = NOW + 381 * DAY

    def wake() -> None:
        tell_all(reminders.PRODUCERS["loans"](at), at=at)
        mailings.gather(at=at)

    def crash() -> None:
        with transaction.atomic():
            wake()
            os._exit(9)

    assert ended(in_a_process(crash)) == 9
    assert not Notice.objects.exists(), "what a crash undid was told to nobody"
    children = [in_a_process(wake) for _ in range(2)]
    assert [ended(child) for child in children] == [0, 0]
    assert sorted(Notice.objects.values_list("kind", "person__name")) == [
        ("loan-late", "Ada"),
        ("loan-late", "Bo"),
    ]
    assert Mailing.objects.count() == 2


def test_a_borrower_whose_account_is_closed_is_not_waited_for(ada: Person, eve: Person, bo: Person) -> None:
    loan = a_running_loan(ada, eve, bo)
    results_owed(loan, months=12)
    Person.objects.filter(pk=bo.pk).update(is_active=False)
    assert told(350) == [("loan-due", "Ada"), *[("report-due", "Ada")] * 2]


def results_owed(loan: Loan, *, months: int) -> None:
    text = loan.agreement.policy_text.replace("paper_months = 0", f"paper_months = {months}")
    type(loan.agreement).objects.update(policy_text=text)


def test_who_owes_results_is_told_two_months_before_and_once(ada: Person, eve: Person, bo: Person) -> None:
    results_owed(a_running_loan(ada, eve, bo), months=24)
    at = datetime(2028, 12, 10, 9, tzinfo=UTC) - 60 * DAY  # two years after it arrived
    for _again in range(2):
        tell_all(reminders.PRODUCERS["reports"](at), at=at)
    owed = Notice.objects.filter(kind="report-due")
    assert sorted(owed.values_list("person__name", "occasion")) == [
        ("Bo", "publication:2028-12-10/+60"),
        ("Bo", "results:2028-12-10/+60"),
    ]
    assert not list(reminders.PRODUCERS["reports"](at - DAY))
