"""Sixteen who write at once: no milligram is promised twice, no piece leaves twice, no parcel arrives twice."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.db.models import Sum
from tests.site import loaning
from tests.site.loaning import MG, NOW, a_loan, an_agreement, cut, opened, packed, send

from aliquot import book, invariants, ledger
from aliquot.accountability import Direction
from aliquot.fault import Refused
from aliquot.ledger import Holdings
from aliquot.site import queries
from aliquot.site.models import Balance, Commitment, Parcel, Person
from aliquot.site.operations import arrivals, loan_reports, parcels
from aliquot.site.operations.loan_reports import Consumed

WRITERS = 16


def at_once(act: Callable[[int], object], count: int = WRITERS) -> int:
    """Let so many act at the same time, each with a connection of its own; return how many were not refused."""

    def run(number: int) -> bool:
        try:
            act(number)
        except Refused:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(count) as pool:
        return sum(pool.map(run, range(count)))


def verified() -> Holdings:
    """Go through the whole book by its text and the rules alone."""
    held = Holdings()
    for text in queries.ledger.texts():
        entry = book.parse(text)
        assert isinstance(entry, ledger.Entry)
        assert invariants.check(entry, held) == ()
        held.apply(entry)
    return held


@pytest.mark.django_db(transaction=True)
def test_sixteen_who_lend_at_once_never_promise_lend_or_receive_anything_twice(
    ada: Person, eve: Person, bo: Person
) -> None:
    loaning.store()
    # 1 g of P-1 is free; each asks for 90 mg: eleven get it.
    assert at_once(lambda _: an_agreement(ada, bo, [("P-1", 90 * MG)])) == 11
    promised = Commitment.objects.filter(sample__number="P-1", released_at=None).aggregate(
        total=Sum("mass_ng")
    )
    assert promised["total"] == 990 * MG
    # One piece, one parcel; one parcel, one departure; one link, one arrival.
    loan = a_loan(ada, eve, bo, samples=(("P-2", 50 * MG),), consumed_most_ng={"P-2": 50 * MG})
    cut(loan, ada, ("P-2,1", "50 mg"))
    assert at_once(lambda _: parcels.pack(loan, Direction.OUT, ["P-2,1"], by=ada, at=NOW)) == 1
    parcel = Parcel.objects.get()
    assert at_once(lambda _: parcels.hand_over(parcel, packed(), by=ada, at=NOW)) == 1
    token = parcels.make_link(parcel, by=ada, at=NOW)
    told = opened(parcel)
    assert at_once(lambda _: arrivals.confirm(parcel, told, token=token, at=NOW)) == 1
    # Of 50 mg each uses 4 mg up: twelve can.
    assert (
        at_once(
            lambda _: loan_reports.consume(
                loan, Consumed("P-2,1", 4 * MG, "analysis", "probe"), by=bo, at=NOW
            )
        )
        == 12
    )
    assert Balance.objects.get(sample__number="P-2,1", holder=loan.holder).mass_ng == 2 * MG
    back = send(loan, "P-2,1", by=bo, direction=Direction.BACK)
    assert at_once(lambda _: arrivals.confirm(back, opened(back), place=loaning.VAULT, by=ada, at=NOW)) == 1
    held = verified()
    assert held.balance("P-2,1", loaning.VAULT) == 2 * MG
    assert held.balance("P-2,1", "spent:consumption") == 48 * MG
