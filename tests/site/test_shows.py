"""Shows and sets for schools: nothing opens without plan, visit and samples; every day is counted; a set is with one school."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from tests.site import loaning
from tests.site.loaning import MG, NOW, a_loan, arrive, in_force, send, told

from aliquot.fault import Refused
from aliquot.loan_terms import Waiver
from aliquot.shows import Booking, Day
from aliquot.shows import Show as Told
from aliquot.site import queries
from aliquot.site.models import Loan, Person, Show
from aliquot.site.operations import shows

DAY = timedelta(days=1)
TOLD = Told("The Moon here", "月球在此", "Test museum", "Paris", "FR", date(2026, 12, 12), date(2027, 1, 20),
            "Two guards.", "Nail to nail.", 10_000)  # fmt: skip
OPENED = datetime(2026, 12, 12, 8, tzinfo=UTC)
SHOW = {"modality": "public-interest", "use_class": "public-interest", "ends": date(2027, 2, 1)}


@pytest.fixture(autouse=True)
def _store(db: None) -> None:
    loaning.store()


def where(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [one.where for one in refused.value.faults]


def lent(ada: Person, eve: Person, bo: Person) -> Loan:
    loan = a_loan(ada, eve, bo, samples=(("M-1", 30 * MG),), **SHOW)
    arrive(send(loan, "M-1", by=ada), bo)
    return Loan.objects.get(pk=loan.pk)


def on_show(ada: Person, eve: Person, bo: Person) -> Show:
    made = shows.plan(TOLD, by=ada, at=NOW)
    shows.visit(made, on=date(2026, 11, 30), text="Fit.", by=ada, at=NOW)
    shows.move(made, "approve", by=eve, at=NOW)
    shows.join(made, lent(ada, eve, bo), by=ada, at=NOW)
    return shows.move(made, "open", by=bo, at=OPENED)


def test_a_show_is_approved_with_plan_and_visit_and_opens_with_its_samples(
    ada: Person, eve: Person, bo: Person
) -> None:
    made = shows.plan(replace(TOLD, security_plan=""), by=ada, at=NOW)
    with pytest.raises(Refused) as refused:
        shows.move(made, "approve", by=eve, at=NOW)
    assert where(refused) == ["security_plan", "visit"]
    shows.edit(made, TOLD, by=ada, at=NOW)
    with pytest.raises(Refused):
        shows.visit(made, on=None, text="No need.", waived=True, by=ada, at=NOW)
    shows.visit(made, on=None, text="We know the house.", waived=True, by=eve, at=NOW)
    with pytest.raises(Refused):
        shows.move(made, "approve", by=ada, at=NOW)
    shows.move(made, "approve", by=eve, at=NOW)
    with pytest.raises(Refused) as refused:
        shows.move(made, "open", by=ada, at=NOW)
    assert where(refused) == ["loan"]
    shows.join(made, lent(ada, eve, bo), by=ada, at=NOW)
    assert shows.move(made, "open", by=bo, at=OPENED).state == "on show"
    assert list(queries.shows.public(NOW.date())) == [made]


def test_every_day_is_counted_when_it_opens_and_when_it_is_packed(
    ada: Person, eve: Person, bo: Person
) -> None:
    show = on_show(ada, eve, bo)
    day = Day(date(2026, 12, 12), OPENED, None, "Guard 1", None, 1)
    for wrong in (replace(day, counted=0), replace(day, who=""), replace(day, on=date(2026, 12, 13)),
                  replace(day, visitors=-1)):  # fmt: skip
        with pytest.raises(Refused):
            shows.open_day(show, wrong, by=bo, at=OPENED)
    row = shows.open_day(show, day, by=bo, at=OPENED)
    with pytest.raises(Refused):
        shows.open_day(show, day, by=bo, at=OPENED)
    with pytest.raises(Refused) as refused:
        shows.move(show, "end", by=bo, at=OPENED + DAY)
    assert where(refused) == ["days"]
    evening = OPENED + timedelta(hours=9)
    with pytest.raises(Refused):
        shows.close_day(row, packed=OPENED - DAY, counted=1, by=bo, at=evening)
    shows.close_day(row, packed=evening, counted=1, visitors=412, by=bo, at=evening)
    with pytest.raises(Refused):
        shows.close_day(row, packed=evening, counted=1, by=bo, at=evening)
    assert queries.shows.visitors(show) == 412
    assert shows.move(show, "end", by=bo, at=evening).state == "ended"


def test_what_cannot_be_planned_is_refused(ada: Person, bo: Person) -> None:
    for wrong in (replace(TOLD, venue=""), replace(TOLD, title_en="", title_zh=""), replace(TOLD, last=date(2026, 1, 1)),
                  replace(TOLD, visitors_expected=-5), replace(TOLD, city="\0")):  # fmt: skip
        with pytest.raises(Refused):
            shows.plan(wrong, by=ada, at=NOW)
    with pytest.raises(Refused):
        shows.plan(TOLD, by=bo, at=NOW)


def test_a_set_is_with_one_school_at_a_time_and_its_loan_has_all_of_it(ada: Person, eve: Person) -> None:
    kit = shows.make_set(name_en="Disk 1", samples=["M-1", "P-2"], days_most=14, by=ada, at=NOW)
    week = Booking(date(2026, 12, 14), date(2026, 12, 20))
    first = shows.book(kit, week, school="School A", contact="Ms B", by=ada, at=NOW)
    for wrong in (Booking(date(2026, 12, 20), date(2026, 12, 22)), Booking(date(2027, 1, 1), date(2027, 1, 31)),
                  Booking(date(2027, 1, 2), date(2027, 1, 1)), Booking(date(2026, 1, 1), date(2026, 1, 2))):  # fmt: skip
        with pytest.raises(Refused):
            shows.book(kit, wrong, school="School C", contact="Mr D", by=ada, at=NOW)
    other = shows.book(
        kit,
        Booking(date(2026, 12, 21), date(2026, 12, 22)),
        school="School C",
        contact="Mr D",
        by=ada,
        at=NOW,
    )
    shows.cancel_booking(other, by=ada, at=NOW)
    shows.book(
        kit,
        Booking(date(2026, 12, 21), date(2026, 12, 22)),
        school="School E",
        contact="Mr F",
        by=ada,
        at=NOW,
    )
    made = shows.agree_booking(first, told(use_class="public-interest"), policy_key="cnsa", by=ada, at=NOW)
    loan = in_force(made, ada, eve, None)
    shows.join_booking(first, loan, by=ada)
    assert sorted(loan.items.values_list("sample__number", flat=True)) == ["M-1", "P-2"]
    with pytest.raises(Refused):
        shows.cancel_booking(first, by=ada, at=NOW)


def test_a_show_that_is_over_is_noted_with_the_exception_that_let_it_last(ada: Person, eve: Person) -> None:
    """115 days, against two months and one more (domain facts, section 4, row 16)."""
    past = replace(TOLD, first=date(2024, 8, 7), last=date(2024, 11, 30))
    longer = Waiver("loan-months", "CNSA", "115 days.", past.last)
    for wrong, sources in ((TOLD, "D3"), (past, "")):
        with pytest.raises(Refused):
            shows.note_past(wrong, sources=sources, by=ada, at=NOW)
    made = shows.note_past(past, sources="D3", by=ada, at=NOW)
    assert (made.state, made.loan, made.steps.get().reason) == ("ended", None, "D3")
    for by, wish in ((ada, longer), (eve, replace(longer, authority="")), (eve, replace(longer, rule="x"))):
        with pytest.raises(Refused):
            shows.note_exception(made, wish, by=by, at=NOW)
    shows.note_exception(made, longer, by=eve, at=NOW)
    assert queries.shows.exceptions(made).get().expires_on == past.last
