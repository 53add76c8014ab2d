"""Borrowers move, retire, die, institutions close: who answers for the loan then, is told of it, and has all that goes with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from tests.site import lending_pages, loaning
from tests.site.loaning import MG

from aliquot import loans as library
from aliquot.accountability import Counted
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Loan, Notice, Person
from aliquot.site.operations import loan_reports, loans
from aliquot.site.operations.loan_reports import Consumed
from aliquot.site.queries import today

Browser = Callable[[Person], Client]
NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)  # before the clock by which pages act
LATER = NOW + timedelta(days=30)


@pytest.fixture
def loan(db: None, ada: Person, eve: Person, bo: Person) -> Loan:
    loaning.store()
    return loaning.a_running_loan(ada, eve, bo, at=NOW, begins=date(2026, 6, 10), ends=date(2027, 6, 10))


@pytest.mark.parametrize("why", list(library.Passing))
def test_whoever_takes_over_is_told_and_has_the_duty_whole(
    loan: Loan, ada: Person, bo: Person, di: Person, signed_in: Browser, why: str
) -> None:
    """By the page: a curator says why, who, where; the account of that address sees the loan from then on."""
    told = {"why": why, "name": "Di", "institution": "MIT", "country": "US", "email": "di@example.org"}
    assert signed_in(di).get(f"/borrowing/{loan.key}/").status_code == 404
    before = queries.loans.value(loan)
    assert (
        lending_pages.post(signed_in(ada), f"/loans/{loan.key}/", act="pass duty", **told).status_code == 302
    )
    duty, after = queries.loans.duty(loan), queries.loans.value(loan)
    assert (duty.person, duty.why, duty.institution) == (di, why, "MIT")
    assert library.duties(after) == library.duties(before), "the same days"
    assert Notice.objects.filter(person=di, kind="loan-passed").count() == 1
    assert loan.number in signed_in(di).get("/borrowing/").text
    assert signed_in(bo).get(f"/borrowing/{loan.key}/").status_code == 404
    assert [one.why for one in loan.duties.order_by("pk")] == ["agreed", why], "who had it stays known"


def test_the_heir_reports_cuts_and_counts_what_was_inherited(
    loan: Loan, ada: Person, bo: Person, di: Person
) -> None:
    loan_reports.consume(loan, Consumed("P-1,1", 4 * MG, "analysis", "probe"), by=bo, at=LATER)
    loans.pass_duty(loan, why="died", name="Di", institution="MIT", person=di, by=ada, at=LATER)
    with pytest.raises(Refused):
        loan_reports.consume(loan, Consumed("P-1,1", MG, "analysis", "probe"), by=bo, at=LATER)
    with pytest.raises(Refused) as refused:  # 4 of the 10 mg were used up by Bo
        loan_reports.consume(loan, Consumed("P-1,1", 7 * MG, "analysis", "probe"), by=di, at=LATER)
    assert [one.where for one in refused.value.faults] == ["reason"]
    loan_reports.split(loan, "P-1,1", [("P-1,1,1", 10 * MG)], method="needle", by=di, at=LATER)
    told = [Counted(number, "have") for number in ("P-1,1", "P-1,2", "P-1,1,1")]
    assert loan_reports.inventory(loan, told, by=di, at=LATER).findings == []
    assert all(line.unexplained_ng == 0 for line in queries.loans.statement(loan).values())


def test_a_loan_of_somebody_who_is_gone_waits_on_the_desk_until_somebody_answers_for_it(
    loan: Loan, ada: Person, bo: Person
) -> None:
    assert "no-borrower" not in [one.kind for one in today.of_curator(ada, LATER)]
    Person.objects.filter(pk=bo.pk).update(is_active=False)
    (waiting,) = [one for one in today.of_curator(ada, LATER) if one.kind == "no-borrower"]
    assert (waiting.name, waiting.route, waiting.key) == (loan.number, "loan", loan.key)
    loans.pass_duty(loan, why="died", name="The dean", institution="Brown University", by=ada, at=LATER)
    assert "no-borrower" not in [one.kind for one in today.of_curator(ada, LATER)]


def test_a_country_that_is_none_is_refused(loan: Loan, ada: Person) -> None:
    with pytest.raises(Refused) as refused:
        loans.pass_duty(loan, why="moved", name="Di", institution="MIT", country="QQ", by=ada, at=LATER)
    assert [one.where for one in refused.value.faults] == ["country"]
