"""Keeping the catalogue's index of the ledger: masses, class of use, availability, main holder of a sample.

Called with the entry that was just written and the holdings after it; everything here can be made again from
the ledger alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from django.db.models import F, Sum

from aliquot.ledger import Entry, Holdings, Use
from aliquot.site.models import Availability, Balance, Commitment, Head, Sample
from aliquot.site.queries.ledger import Known
from aliquot.site.statements import Statement

_STILL_THERE = ("place:", "transit:", "loan:", "missing:", "given:")
_PROMISABLE = (Availability.REQUESTABLE, Availability.STORED)
_BY_ROOT = {
    "place": Availability.REQUESTABLE,
    "transit": Availability.LENT,
    "loan": Availability.LENT,
    "given": Availability.GIVEN,
    "missing": Availability.MISSING,
    "spent": Availability.SPENT,
}


_RESTATED = """
UPDATE aliquot_sample SET use_class = %s, sealed = %s, mass_ng = %s, start_ng = %s, holder_id = %s,
    availability = %s, revision = %s WHERE id = %s
"""


def restated(
    rows: Iterable[Known], entry: Entry, after: Holdings, holders: Mapping[str, int], *, revision: int
) -> Iterator[Statement]:
    """Yield the statements that bring the rows of an entry's samples up to date with the holdings after it."""
    for row in rows:
        yield _RESTATED, _restated(row, entry, after, holders, revision)


def _restated(
    row: Known, entry: Entry, after: Holdings, holders: Mapping[str, int], revision: int
) -> tuple[object, ...]:
    held_ng = {holder: ng for holder, ng in after.held_ng.get(row.number, {}).items() if ng}
    use = after.uses.get(row.number, Use(row.number, row.use_class, row.sealed))
    start_ng = row.start_ng
    if start_ng is None:
        start_ng = sum(p.mass_ng for p in entry.postings if p.sample == row.number and p.mass_ng > 0)
    main = main_holder(held_ng)
    found = availability(main, sealed=use.sealed, classed=bool(use.use_class)) if main else Availability.SPENT
    if found in _PROMISABLE and row.availability == Availability.RESERVED:
        found = Availability.RESERVED  # moving it about lets no promise go
    return (
        use.use_class,
        use.sealed,
        sum(ng for key, ng in held_ng.items() if key.startswith(_STILL_THERE)),
        start_ng,
        holders[main] if main else None,
        found.value,
        revision,
        row.pk,
    )


def restate(sample: Sample) -> None:
    """Say anew whether a sample can be asked for, after a promise was made or let go. The head is locked."""
    held_ng = dict(Balance.objects.filter(sample=sample).values_list("holder__key", "mass_ng"))
    found = availability(
        main_holder({key: ng for key, ng in held_ng.items() if ng}),
        sealed=sample.sealed,
        classed=bool(sample.use_class),
    )
    in_store_ng = sum(ng for key, ng in held_ng.items() if key.startswith("place:"))
    promised = Commitment.objects.filter(sample=sample, released_at=None)
    promised_ng = promised.aggregate(total=Sum("mass_ng"))["total"] or 0
    if found in _PROMISABLE and 0 < in_store_ng <= promised_ng:
        found = Availability.RESERVED
    Head.objects.filter(pk=1).update(revision=F("revision") + 1)
    revision = Head.objects.values_list("revision", flat=True).get(pk=1)
    Sample.objects.filter(pk=sample.pk).update(availability=found, revision=revision)


def main_holder(held_ng: dict[str, int]) -> str:
    """Return the holder that a reader would name: a place before a loan, more before less; none if all is zero."""
    order = ("place", "transit", "loan", "missing", "given", "spent")
    rows = [
        (order.index(root), -ng, key)
        for key, ng in held_ng.items()
        if (root := key.partition(":")[0]) in order
    ]
    return min(rows)[2] if rows else ""


def availability(main: str, *, sealed: bool, classed: bool) -> Availability:
    """Return whether a sample with this main holder can be asked for: only if its class of use was stated."""
    found = _BY_ROOT.get(main.partition(":")[0], Availability.UNWEIGHED)
    if found is not Availability.REQUESTABLE:
        return found
    if sealed:
        return Availability.SEALED
    return found if classed else Availability.STORED
