"""Loans in the library: terms, working days, who is reminded of what when, and who inherits a duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import agreements, life_cycles, loan_terms, loans, parcels, policy, shows, wishes, working_days
from aliquot.loan_terms import Terms, Waiver
from aliquot.loans import Duty, Loan
from aliquot.working_days import WEEKENDS

YEAR = Terms("research", 12, 1, 6, 12)
LOAN = Loan("k1", "L-0001", "with borrower", YEAR, begins=date(2026, 1, 31), agreed_until=date(2027, 1, 31))
DAY = timedelta(days=1)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


def said(found: object) -> list[str]:
    return [one.where for one in found]  # type: ignore[attr-defined]


# -- life cycles -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cycle", [loans.CYCLE, agreements.CYCLE, parcels.CYCLE, shows.CYCLE, wishes.CYCLE])
def test_every_state_is_reached_and_every_act_leads_to_one_state(cycle: life_cycles.LifeCycle) -> None:
    reached, waiting = {cycle.start}, [cycle.start]
    while waiting:
        found = {step.target for step in cycle.from_state(waiting.pop())} - reached
        reached |= found
        waiting += found
    assert reached == set(cycle.states)
    assert len({(step.source, step.act) for step in cycle.steps}) == len(cycle.steps)
    assert cycle.last_states


@pytest.mark.parametrize(
    ("name", "cycle"),
    [
        ("agreements", agreements.CYCLE),
        ("loans", loans.CYCLE),
        ("parcels", parcels.CYCLE),
        ("shows", shows.CYCLE),
        ("wishes", wishes.CYCLE),
    ],
)
def test_the_guide_has_the_tables_as_they_are(name: str, cycle: life_cycles.LifeCycle) -> None:
    text = (Path(__file__).parents[2] / "docs" / "loans.md").read_text("utf-8")
    after = text.partition(f"made from `{name}.CYCLE`; a test keeps it so. -->\n")[2]
    assert after.partition("\n<!-- end -->")[0] == life_cycles.table(cycle)


# -- working days ----------------------------------------------------------------------------------------------


def test_ten_working_days_across_the_national_day_of_2026() -> None:
    """1 to 7 October are off, Saturday the 10th is worked, as are Sunday 20 September before."""
    found = working_days.after(date(2026, 9, 24), 10, working_days.load("CN"))
    assert (found.day, found.years_unknown) == (date(2026, 10, 15), ())
    assert working_days.load("CN").is_working(date(2026, 9, 20))
    assert not working_days.load("CN").is_working(date(2026, 9, 25))


def test_a_year_without_a_source_has_weekends_only_and_says_so() -> None:
    found = working_days.after(date(2026, 12, 28), 10, working_days.load("CN"))
    assert (found.day, found.years_unknown) == (date(2027, 1, 11), (2027,))
    assert working_days.after(date(2026, 12, 1), 5, working_days.load("XX")).years_unknown == (2026,)


@given(DAYS, st.integers(0, 60))
def test_so_many_working_days_lie_between(day: date, count: int) -> None:
    for calendar in (WEEKENDS, working_days.load("CN")):
        found = working_days.after(day, count, calendar).day
        between = [day + DAY * i for i in range(1, (found - day).days + 1)]
        assert sum(map(calendar.is_working, between)) == count
        assert not count or calendar.is_working(found)


def test_days_off_say_what_the_notices_say() -> None:
    china = working_days.load("CN")
    assert china.years == {2024, 2025, 2026}
    assert not any(day.weekday() < 5 for day in china.work)
    # 28 days off and 5 worked in 2025, 33 and 6 in 2026, as their notices count them.
    assert [sum(day.year == year for day in china.off) for year in (2025, 2026)] == [28, 33]


# -- terms -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "use", "months", "renewals", "renewal_months"),
    [("cnsa", "research", 12, 1, 6), ("cnsa", "public-interest", 2, 1, 1), ("nasa", "research", 60, 1, 60)],
)
def test_terms_come_from_the_policy(
    pack: str, use: str, months: int, renewals: int, renewal_months: int
) -> None:
    rules = policy.load(pack)
    found = loan_terms.of_use(rules.use(use), rules)  # type: ignore[arg-type]
    assert (found.months, found.renewals, found.renewal_months) == (months, renewals, renewal_months)


def test_jaxa_lends_for_a_year() -> None:
    rules = policy.load("jaxa")
    assert 12 in {use.loan_months for use in rules.uses}


@given(DAYS, st.integers(0, 200))
def test_months_later_is_the_same_day_or_the_last_of_a_shorter_month(day: date, months: int) -> None:
    found = loan_terms.months_after(day, months)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == day.day or (found.day < day.day and (found + DAY).day == 1)


def test_a_loan_of_the_last_of_january_does_not_creep() -> None:
    assert loan_terms.due(date(2026, 1, 31), Terms("x", 1, 9, 1, 0)) == date(2026, 2, 28)
    assert loan_terms.due(date(2026, 1, 31), Terms("x", 1, 9, 1, 0), (1, 1)) == date(2026, 4, 30)


def test_a_show_of_115_days_is_an_exception() -> None:
    """7 August to end of November 2024 against two months and one (domain facts, section 4, row 16)."""
    show = Terms("public-interest", 2, 1, 1, 0)
    begins, ends = date(2024, 8, 7), date(2024, 11, 30)
    assert (ends - begins).days == 115
    assert said(loan_terms.check_agreed(show, begins=begins, ends=ends)) == ["ends"]
    waiver = Waiver("loan-months", "CNSA", "An exhibition.", date(2024, 11, 30))
    assert not list(loan_terms.check_agreed(show, begins=begins, ends=ends, waivers=[waiver]))
    assert said(loan_terms.check_agreed(show, begins=ends, ends=begins)) == ["ends"]


def test_renewals_are_as_many_and_as_long_as_policy_allows() -> None:
    on = date(2026, 6, 1)
    assert not list(loan_terms.check_renewal(YEAR, months=6, done=0, waivers=(), on=on))
    assert said(loan_terms.check_renewal(YEAR, months=7, done=1, waivers=(), on=on)) == ["months", "months"]
    assert said(loan_terms.check_renewal(YEAR, months=0, done=0, waivers=(), on=on)) == ["months"]
    once_more = Waiver("renewals", "A", "B", on)
    assert not list(loan_terms.check_renewal(YEAR, months=6, done=1, waivers=[once_more], on=on))
    assert said(loan_terms.check_renewal(YEAR, months=6, done=1, waivers=[once_more], on=on + DAY)) == [
        "months"
    ]


def test_an_exception_names_rule_authority_reason_and_a_day_to_come() -> None:
    wrong = Waiver("gravity", " ", "", date(2026, 1, 1))
    assert said(loan_terms.check_waiver(wrong, on=date(2026, 1, 2))) == [
        "rule",
        "authority",
        "reason",
        "expires_on",
    ]


# -- overdue and reminded --------------------------------------------------------------------------------------


def test_due_days_follow_from_agreement_renewals_recalls_and_exceptions() -> None:
    assert LOAN.due_on == date(2027, 1, 31)
    assert replace(LOAN, renewed_months=(6,)).due_on == date(2027, 7, 31)
    assert replace(LOAN, agreed_until=None, renewed_months=(1,)).due_on == date(2027, 2, 28)
    waived = replace(LOAN, waivers=(Waiver("loan-months", "A", "B", date(2028, 1, 1)),))
    assert waived.due_on == date(2028, 1, 1)
    recalled = replace(LOAN, state="recalled", recalled_by=date(2026, 5, 1))
    assert [(one.duty, one.on) for one in loans.duties(recalled)] == [
        (Duty.RECALL, date(2026, 5, 1)), (Duty.INVENTORY, date(2027, 1, 31))]  # fmt: skip
    assert loans.duties(replace(LOAN, begins=None)) == ()
    assert loans.duties(replace(LOAN, state="closed")) == ()
    assert loans.duties(replace(LOAN, agreed_until=None, terms=Terms("x", 0, 0, 0, 0))) == ()


def test_the_day_itself_is_in_time_and_the_next_is_not() -> None:
    quiet = replace(LOAN, inventoried_on=date(2027, 1, 1))
    assert loans.overdue(quiet, date(2027, 1, 31)) == ()
    assert [one.duty for one in loans.overdue(quiet, date(2027, 2, 1))] == [Duty.RETURN]
    assert loans.delinquent([quiet], date(2027, 2, 1)) == ("L-0001",)


def test_who_is_told_grows_with_the_delay() -> None:
    loan = replace(LOAN, inventoried_on=date(2027, 1, 31))
    due = date(2027, 1, 31)
    told = {days: loans.reminders(loan, due + days * DAY) for days in (-91, -90, -30, 0, 1, 30, 61, 400)}
    assert told[-91] == ()
    assert [one.to for one in told[-90]] == [("borrower",)]
    assert [one.to for one in told[0]] == [("borrower", "curator")]
    assert [(one.days, one.to) for one in told[61] if one.duty is Duty.RETURN] == [
        (-60, ("borrower", "curator", "director"))
    ]
    assert [one.occasion for one in told[1] if one.duty is Duty.RETURN] == ["loan:k1/return/2027-01-31/-1"]


@given(st.lists(st.integers(0, 900), min_size=1, max_size=60))
def test_each_stage_is_told_once_whenever_and_however_often_one_looks(offsets: list[int]) -> None:
    """Whoever keeps the occasions that were told tells each at most once, and ends where a daily look would."""
    start = date(2026, 6, 1)
    seen: dict[str, date] = {}
    for offset in sorted(offsets):
        for one in loans.reminders(LOAN, start + offset * DAY):
            seen.setdefault(one.occasion, start + offset * DAY)
    last = start + max(offsets) * DAY
    for one in loans.reminders(LOAN, last):
        assert one.occasion in seen
        assert one.on - timedelta(days=one.days) <= last


def test_a_renewed_loan_is_a_new_occasion() -> None:
    late = date(2027, 2, 1)
    (old,) = [one for one in loans.reminders(LOAN, late) if one.duty is Duty.RETURN]
    renewed = replace(LOAN, renewed_months=(6,))
    assert not [one for one in loans.reminders(renewed, late) if one.duty is Duty.RETURN]
    (new,) = [one for one in loans.reminders(renewed, date(2027, 8, 1)) if one.duty is Duty.RETURN]
    assert old.occasion != new.occasion


# -- who inherits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("why", "person", "institution", "faulty"),
    [
        ("moved", "Bo", "MIT", []), ("died", "Cy", "Brown", []), ("retired", "Cy", "Brown", []), ("agreed", "Cy", "MIT", []),
        ("institution closed", "Bo", "MIT", []), ("bored", "Cy", "MIT", ["why"]), ("moved", "", "MIT", ["person"]),
        ("moved", "Bo", "Brown", ["person"]), ("died", "Bo", "MIT", ["person"]),
        ("institution closed", "Cy", "Brown", ["institution"]),
    ],
)  # fmt: skip
def test_a_duty_passes_to_somebody_who_can_have_it(
    why: str, person: str, institution: str, faulty: list[str]
) -> None:
    assert (
        said(loans.check_passing(why=why, person=person, institution=institution, now=("Bo", "Brown")))
        == faulty
    )
