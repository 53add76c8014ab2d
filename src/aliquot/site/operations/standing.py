"""Keeping the catalogue's index of the ledger: masses, class of use, availability, main holder of a sample.

Called with the entry that was just written and the holdings before it; everything here can be made again from
the ledger alone.
"""

from __future__ import annotations

from aliquot.ledger import Entry, Holdings
from aliquot.site.models import Availability, Head, Holder, Sample

_STILL_OURS = ("place:", "transit:", "loan:", "missing:")
_BY_ROOT = {
    "place": Availability.REQUESTABLE,
    "transit": Availability.LENT,
    "loan": Availability.LENT,
    "given": Availability.GIVEN,
    "missing": Availability.MISSING,
    "spent": Availability.SPENT,
}


def update(entry: Entry, before: Holdings) -> None:
    """Bring the rows of the entry's samples up to date; `before` is taken past the entry."""
    before.apply(entry)
    revision = Head.objects.values_list("revision", flat=True).get(pk=1)
    touched = dict.fromkeys(posting.sample for posting in entry.postings)
    rows = list(Sample.objects.filter(number__in=touched))
    holders = dict(Holder.objects.filter(key__in=before.accounts).values_list("key", "pk"))
    for row in rows:
        held = {
            key: account[row.number] for key, account in before.accounts.items() if account.get(row.number)
        }
        use = before.uses.get(row.number)
        if use:
            row.use_class, row.sealed = use.use_class, use.sealed
        row.mass_ng = sum(ng for key, ng in held.items() if key.startswith(_STILL_OURS))
        if row.start_ng is None:
            row.start_ng = sum(p.mass_ng for p in entry.postings if p.sample == row.number and p.mass_ng > 0)
        main = main_holder(held)
        row.holder_id = holders[main] if main else None
        row.availability = availability(main, sealed=row.sealed)
        row.revision = revision
    Sample.objects.bulk_update(
        rows,
        ("use_class", "sealed", "mass_ng", "start_ng", "holder", "availability", "revision"),
    )


def main_holder(held_ng: dict[str, int]) -> str:
    """Return the holder that a reader would name: a place before a loan, more before less; none if all is zero."""
    order = ("place", "transit", "loan", "missing", "given", "spent")
    rows = [
        (order.index(root), -ng, key)
        for key, ng in held_ng.items()
        if (root := key.partition(":")[0]) in order
    ]
    return min(rows)[2] if rows else ""


def availability(main: str, *, sealed: bool) -> Availability:
    """Return whether a sample with this main holder can be asked for."""
    found = _BY_ROOT.get(main.partition(":")[0], Availability.UNWEIGHED)
    return Availability.SEALED if sealed and found is Availability.REQUESTABLE else found
