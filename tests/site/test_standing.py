"""What a borrower owes counts when they ask again: overdue loans as policy says, agreements not signed, papers that did not come."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from tests.site import analysing as a
from tests.site import collection as c
from tests.site import loaning, sharing
from tests.site.loaning import NOW

from aliquot.fault import Fault, Refused
from aliquot.loan_terms import Waiver
from aliquot.result_duties import What
from aliquot.site import queries
from aliquot.site.models import Loan, LoanAgreement, Person
from aliquot.site.operations import agreements, loans, requests, results

LATE = datetime(2028, 1, 15, 9, tzinfo=UTC)  # five weeks after the last day of the loan
DATES = {"opens": "2027-12-01 00:00", "closes": "2028-12-31 24:00"}


@pytest.fixture
def loan(db: None, ada: Person, eve: Person, bo: Person) -> Loan:
    loaning.store()
    c.a_sample("P-9", "90 g", form="powder")
    return loaning.a_running_loan(ada, eve, bo)


def said(
    ada: Person, bo: Person, policy: str, *, at: datetime = LATE, **changed: object
) -> tuple[list[Fault], list[Fault]]:
    """Return what blocks a request of Bo under a policy, and what is only told."""
    made = requests.begin(sharing.a_call(ada, policy=policy, **DATES | changed), by=bo, at=at)
    found = requests.limits(made, sharing.a_draft(), at=at)
    return list(found.blocking), list(found.advice)


def about(faults: list[Fault], where: str) -> list[str]:
    return [one.what for one in faults if one.where == where]


def test_whoever_is_overdue_gets_nothing_where_policy_says_so(loan: Loan, ada: Person, bo: Person) -> None:
    call = sharing.a_call(ada, policy="nasa", **DATES)
    with pytest.raises(Refused) as refused:
        sharing.a_request(call, bo, LATE)
    assert "{overdue} is overdue, and nothing is given until it is in order" in about(
        list(refused.value.faults), "lead"
    )
    blocking, advice = said(ada, bo, "cnsa")
    assert not about(blocking, "lead")
    assert about(advice, "lead") == ["{overdue} is overdue"], "no public rule blocks, so it is told"


def test_whoever_handed_the_duty_on_is_not_held_to_it(
    loan: Loan, ada: Person, bo: Person, cy: Person
) -> None:
    loans.pass_duty(loan, why="moved", name="Cy", institution="MIT", person=cy, by=ada, at=LATE)
    assert not about(said(ada, bo, "nasa")[0], "lead")
    assert queries.loans.standing(cy, on=LATE.date()).overdue == (loan.number,)


def test_a_later_day_to_sign_is_not_overdue(loan: Loan, ada: Person, eve: Person, bo: Person) -> None:
    made = loaning.an_agreement(ada, bo, [("P-2", loaning.MG)])
    agreements.offer(made, by=ada, at=NOW)
    late = NOW.date() + timedelta(days=40)
    assert queries.loans.standing(bo, on=late).overdue == (made.number,)
    agreements.waive(made, Waiver("signature", "The director", "A holiday.", late), by=eve, at=NOW)
    assert queries.loans.standing(bo, on=late).overdue == ()
    assert queries.loans.standing(bo, on=late + timedelta(days=1)).overdue == (made.number,)


def test_two_years_without_a_paper_are_told_until_one_is_named(loan: Loan, ada: Person, bo: Person) -> None:
    at = datetime(2028, 12, 12, 9, tzinfo=UTC)
    offers = [{"sample": "P-9", "mass": "1 g", "form": "powder", "kind": "basalt"}]
    assert about(said(ada, bo, "museum", at=at, offers=offers)[1], "earlier_loans") == [
        "no paper for {months} months"
    ]
    paper = results.cite({"citation": "Bo 2028", "accepted_on": "2028-05-01"}, by=bo, at=at).key
    told = a.told(sample="P-1,1", holder=loan.holder.key, measured_on="2027-01-10", publication=paper)
    results.record(told, by=bo, at=at, at_holders=queries.results.held_by(bo))
    assert queries.result_duties.last_paper(bo, on=at.date()) == date(2028, 5, 1)
    assert not about(said(ada, bo, "museum", at=at, offers=offers)[1], "earlier_loans")


def test_what_the_parties_agreed_on_comes_before_what_policy_says(loan: Loan, bo: Person) -> None:
    assert queries.result_duties.owed(person=bo) == (), "neither names a day"
    LoanAgreement.objects.update(told=loan.agreement.told | {"report_months": 18})
    owed = queries.result_duties.owed(person=bo)
    assert {(one.what, one.due) for one in owed} == {(what, date(2028, 6, 10)) for what in What}
    LoanAgreement.objects.update(modality="public-interest")
    assert queries.result_duties.owed(person=bo) == (), "a show owes no paper"
