"""Acts on samples: receive, split, move, ship, deliver, give. Each is one transaction and one entry.

The rows of new samples are made here; what the act does to mass is said by `aliquot.acts` and written by
`operations.ledger.append`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from aliquot import acts, fault, samples
from aliquot.ledger import Entry, Posting, Stamp, Use
from aliquot.site.models import Sample
from aliquot.site.operations.ledger import append, lock


@dataclass(frozen=True, slots=True)
class By:
    """Who acts, when, and on what ground: what every act is stamped with."""

    person: str
    at: str
    basis: Sequence[str] = ()


def _record(act: Callable[[Stamp], Entry], by: By) -> Entry:
    return append(act, by=by.person, at=by.at, basis=by.basis)


def create(rows: Sequence[Sample]) -> None:
    """Make the rows of new samples, refusing numbers that are no numbers or are taken."""
    lock()  # nobody takes a number between the look and the writing
    faults = [f for row in rows for f in samples.check_number(row.number)]
    taken = Sample.objects.filter(number__in=[row.number for row in rows]).values_list("number", flat=True)
    faults += [
        fault.of(
            "number", "the number {sample} is taken", "give the new sample a number of its own", sample=number
        )
        for number in taken
    ]
    fault.refuse_if(faults)
    Sample.objects.bulk_create(rows)


@transaction.atomic
def receive(row: Sample, *, origin: str, place: str, mass_ng: int, uses: Sequence[Use] = (), by: By) -> Entry:
    """A sample arrives from a mission or a giver and gets its row."""
    create([row])
    return _record(
        lambda s: acts.receive(s, {row.number: mass_ng}, origin=origin, place=place, uses=uses), by
    )


@transaction.atomic
def split(
    parent: str,
    daughters: Sequence[tuple[Sample, int]],
    *,
    place: str,
    attrition_ng: int = 0,
    uses: Sequence[Use] = (),
    by: By,
) -> Entry:
    """A parent in a place gives daughters, each with its mass, there; `attrition_ng` is lost."""
    create([row for row, _ in daughters])
    cuts = [Posting(row.number, place, ng) for row, ng in daughters]
    return _record(
        lambda s: acts.split(s, parent, cuts=cuts, attrition_ng=attrition_ng, source=place, uses=uses), by
    )


def move(sample: str, *, source: str, target: str, mass_ng: int, by: By) -> Entry:
    """From one place of the store to another."""
    return _record(lambda s: acts.move(s, sample, source=source, target=target, mass_ng=mass_ng), by)


def ship(sample: str, *, source: str, transit: str, mass_ng: int, by: By) -> Entry:
    """Out of the house, on its way."""
    return _record(lambda s: acts.ship(s, sample, source=source, transit=transit, mass_ng=mass_ng), by)


def deliver(sample: str, *, transit: str, target: str, mass_ng: int, by: By) -> Entry:
    """Arrived with a borrower, or at another store."""
    return _record(lambda s: acts.deliver(s, sample, transit=transit, target=target, mass_ng=mass_ng), by)


def give(sample: str, *, source: str, given: str, mass_ng: int, by: By) -> Entry:
    """Title passes."""
    return _record(lambda s: acts.give(s, sample, source=source, given=given, mass_ng=mass_ng), by)
