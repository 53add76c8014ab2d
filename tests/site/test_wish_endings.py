"""Nothing that a borrower asked for waits for ever: it is answered, done, or ends with its loan; and whoever asked is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.site import loaning
from tests.site.loaning import BENCH, NOW, VAULT

from aliquot.accountability import Counted
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import InventoryDraft, Loan, LoanWish, Notice, Person
from aliquot.site.operations import inventories, loan_reports, loans, returns, wishes
from aliquot.site.operations.inventories import Said
from aliquot.site.operations.returns import Weighed
from aliquot.wishes import Kind, Wish

LATER = NOW + timedelta(days=30)


@pytest.fixture
def loan(db: None, ada: Person, eve: Person, bo: Person) -> Loan:
    loaning.store()
    return loaning.a_running_loan(ada, eve, bo)


def asked(loan: Loan, bo: Person, kind: Kind, *samples: str) -> LoanWish:
    told = {
        Kind.RENEWAL: Wish(kind, "The beam time moved.", months=6),
        Kind.TRANSFER: Wish(kind, "I retire.", name="Di", institution="Open University", country="GB", email="di@example.org"),
        Kind.RETURN: Wish(kind, "", samples=samples, on=LATER.date(), carrier="By hand"),
    }  # fmt: skip
    return wishes.ask(loan, told[kind], by=bo, at=LATER)


def state(wish: LoanWish) -> str:
    return LoanWish.objects.get(pk=wish.pk).state


def told(person: Person) -> int:
    return Notice.objects.filter(person=person, kind="wish-answered").count()


def bring(loan: Loan, *samples: str, ada: Person, at: datetime = LATER) -> None:
    returns.take_in(loan, samples, place=BENCH, by=ada, at=at)


def close(loan: Loan, *samples: str, ada: Person) -> None:
    for number in samples:
        returns.verify(loan, Weighed(number, ("20 mg", "20 mg"), "bal-1"), by=ada, at=LATER)
        returns.accept(loan, number, condition="returned", place=VAULT, note="Sound.", by=ada, at=LATER)
    returns.close(loan, by=ada, at=LATER)


def test_an_announced_return_is_fulfilled_when_all_of_it_has_come(
    loan: Loan, ada: Person, bo: Person
) -> None:
    both = asked(loan, bo, Kind.RETURN, "P-1,1", "P-1,2")
    bring(loan, "P-1,1", ada=ada)
    assert state(both) == "asked", "one is still to come"
    bring(loan, "P-1,2", ada=ada)
    assert state(both) == "fulfilled"
    assert told(bo) == 1


def test_what_was_announced_and_is_lost_is_closed(loan: Loan, bo: Person) -> None:
    wish = asked(loan, bo, Kind.RETURN, "P-1,1")
    loan_reports.lose(loan, "P-1,1", reason="Not in the safe.", by=bo, at=LATER)
    assert state(wish) == "closed"


def test_nothing_that_was_asked_for_outlives_its_loan(loan: Loan, ada: Person, bo: Person) -> None:
    renewal, transfer = asked(loan, bo, Kind.RENEWAL), asked(loan, bo, Kind.TRANSFER)
    inventories.save(loan, Said(Counted("P-1,1", "have")), by=bo, at=LATER)
    bring(loan, "P-1,1", "P-1,2", ada=ada)
    assert (state(renewal), state(transfer)) == ("closed", "asked")
    close(loan, "P-1,1", "P-1,2", ada=ada)
    assert state(transfer) == "closed"
    assert told(bo) == 2
    assert not queries.borrowing.open_wishes().exists()
    assert not InventoryDraft.objects.exists(), "it can be handed in no more"


def test_what_a_curator_does_without_an_answer_is_the_answer(loan: Loan, ada: Person, bo: Person) -> None:
    renewal, transfer = asked(loan, bo, Kind.RENEWAL), asked(loan, bo, Kind.TRANSFER)
    loans.renew(loan, months=6, by=ada, at=LATER)
    loans.pass_duty(loan, why="died", name="Cy", institution="MIT", by=ada, at=LATER)
    assert (state(renewal), state(transfer)) == ("granted", "closed")


def test_a_loan_that_never_left_closes_what_was_asked_while_it_was_on_its_way(
    ada: Person, eve: Person, bo: Person, db: None
) -> None:
    loaning.store()
    made = loaning.a_loan(ada, eve, bo)
    loaning.cut(made, ada, ("P-1,1", "20 mg"))
    parcel = loaning.send(made, "P-1,1", by=ada)
    wish = asked(made, bo, Kind.RENEWAL)
    loaning.arrivals.refuse(parcel, reason="Nobody is there.", by=bo, at=LATER)
    loaning.arrivals.take_back(parcel, place=BENCH, by=ada, at=LATER)
    loans.cancel(made, reason="Not wanted any more.", by=ada, at=LATER)
    assert state(wish) == "closed"


@pytest.mark.parametrize("act", ["fulfil", "close"])
def test_nobody_ends_a_wish_by_hand(loan: Loan, ada: Person, bo: Person, act: str) -> None:
    wish = asked(loan, bo, Kind.RENEWAL)
    with pytest.raises(Refused):
        wishes.answer(wish, act, reason="Away with it.", by=ada, at=LATER)
    assert state(wish) == "asked"
