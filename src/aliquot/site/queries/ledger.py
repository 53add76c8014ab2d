"""Reading the ledger: its head, entries, balances, holdings and proofs. Never writes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet

from aliquot import ledger, proof, transparency
from aliquot.ledger import Holdings
from aliquot.samples import Descent, Family
from aliquot.site import statements
from aliquot.site.models import Balance, Checkpoint, Entry, Head, Posting, Sample, TreeHash

BATCH = 5000


def head() -> Head:
    """Return the ledger's head as it is now, without a lock."""
    return Head.objects.get(pk=1)


@dataclass(frozen=True, slots=True)
class Known:
    """What an append needs of a sample's row."""

    pk: int
    number: str
    use_class: str
    sealed: bool
    start_ng: int | None
    availability: str


@dataclass(slots=True)
class Before:
    """All that an entry on some samples is held against: their rows, who holds what of them, the holders' rows."""

    samples: dict[str, Known]
    holdings: Holdings
    holders: dict[str, int]


# Written out, as are the statements of `operations.ledger`: an append should cost little beside its flush.
_BEFORE = """
SELECT s.id, s.number, s.use_class, s.sealed, s.start_ng, s.availability, h.id, h.key, b.mass_ng
FROM aliquot_sample s
LEFT JOIN aliquot_balance b ON b.sample_id = s.id LEFT JOIN aliquot_holder h ON h.id = b.holder_id
WHERE s.number IN ({marks})
"""


def before(numbers: Collection[str], at: Head) -> Before:
    """Return what the check of an entry on these samples needs to know of all entries before it."""
    found = Before({}, Holdings(size=at.size, last_at=at.last_at), {})
    marks = ", ".join(["%s"] * len(numbers))
    for row in statements.ask(_BEFORE.format(marks=marks), list(numbers)) if numbers else ():
        pk, number, use_class, sealed, start_ng, availability, holder, key, mass_ng = row
        if number not in found.samples:
            _keep(found, Known(pk, number, use_class, bool(sealed), start_ng, availability))
        if key is not None:
            found.holders[key] = holder
            found.holdings.held_ng.setdefault(number, {})[key] = mass_ng
    return found


def _keep(found: Before, row: Known) -> None:
    found.samples[row.number] = row
    if row.start_ng is not None:
        found.holdings.held_ng.setdefault(row.number, {})
    if row.use_class:
        found.holdings.uses[row.number] = ledger.Use(row.number, row.use_class, row.sealed)
    if row.sealed:
        found.holdings.sealed.add(row.number)


def entries() -> QuerySet[Entry]:
    """Return all entries, newest first."""
    return Entry.objects.order_by("-index")


def recent(*, kind: str = "", sample: str = "", before: int | None = None, most: int) -> list[Entry]:
    """Return the newest entries (before one) of a kind, or that touch a sample, or both."""
    found = entries()
    if sample:
        touching = Posting.objects.filter(sample__number=sample)
        if before is not None:
            touching = touching.filter(entry__lt=before)
        if kind:
            touching = touching.filter(entry__kind=kind)
        ids = touching.order_by("-entry_id").values_list("entry_id", flat=True).distinct()[:most]
        return list(found.filter(index__in=list(ids)))
    if before is not None:
        found = found.filter(index__lt=before)
    return list(found.filter(kind=kind)[:most] if kind else found[:most])


def texts(start: int = 0, end: int | None = None) -> Iterator[str]:
    """Yield the texts of entries in order, read in batches."""
    stop = head().size if end is None else end
    for first in range(start, stop, BATCH):
        rows = Entry.objects.filter(index__gte=first, index__lt=min(first + BATCH, stop))
        yield from rows.order_by("index").values_list("text", flat=True)


def leaf_hashes(start: int, end: int) -> Iterator[bytes]:
    """Yield the stored leaf hashes of a range of entries, in order."""
    for first in range(start, end, BATCH):
        rows = Entry.objects.filter(index__gte=first, index__lt=min(first + BATCH, end))
        yield from map(bytes, rows.order_by("index").values_list("leaf_hash", flat=True))


@dataclass(frozen=True, slots=True)
class StoredTiles:
    """The log's hashes as the database has them, for proofs: at most 256 rows a level."""

    def hashes(self, level: int, index: int, width: int) -> Sequence[bytes]:
        """Return the first `width` hashes of one tile."""
        first = index * transparency.TILE_WIDTH
        if level == 0:
            return list(leaf_hashes(first, first + width))
        rows = TreeHash.objects.filter(level=level, index__gte=first, index__lt=first + width)
        return [bytes(row) for row in rows.order_by("index").values_list("hash", flat=True)]


def checkpoint() -> Checkpoint | None:
    """Return the newest signed checkpoint, if there is one."""
    return Checkpoint.objects.order_by("-size").first()


def prove(index: int, signed: Checkpoint) -> str:
    """Return the C2SP tlog-proof of an entry under a checkpoint that covers it."""
    entry = Entry.objects.get(index=index)
    hashes = transparency.prove_inclusion_from(StoredTiles(), index=index, size=signed.size)
    return proof.text(proof.Proof(index, tuple(hashes), signed.note, entry.text.encode()))


def balances(sample: Sample | None = None) -> QuerySet[Balance, tuple[str, str, int]]:
    """Return (sample, holder, nanograms) of every balance that is not zero, sorted by sample, then holder."""
    rows = Balance.objects.exclude(mass_ng=0)
    if sample is not None:
        rows = rows.filter(sample=sample)
    return rows.order_by("sample__number", "holder__key").values_list(
        "sample__number", "holder__key", "mass_ng"
    )


def history(sample: Sample) -> QuerySet[Posting]:
    """Return the postings that touch a sample, oldest first, each with its entry and holder."""
    return (
        Posting.objects.filter(sample=sample).select_related("entry", "holder").order_by("entry_id", "line")
    )


# The limits stand where PostgreSQL allows them, not in the recursion itself; both databases stop once they are
# reached, so that a lot of very many daughters costs no more than one of a few hundred.
_STEPS = """
WITH RECURSIVE step(entry_id, kind, parent_id, daughter_id) AS (
    SELECT * FROM (
        SELECT entry_id, kind, parent_id, daughter_id FROM aliquot_descent WHERE {there} = %s LIMIT %s
    ) direct
    UNION
    SELECT d.entry_id, d.kind, d.parent_id, d.daughter_id FROM step
    JOIN aliquot_descent d ON d.{there} = step.{here}
)
SELECT coalesce(near.entry_id, -1), p.number, c.number, near.kind FROM (SELECT * FROM step LIMIT %s) near
JOIN aliquot_sample p ON p.id = near.parent_id JOIN aliquot_sample c ON c.id = near.daughter_id
"""


def family(sample: Sample, most: int = 500) -> Family:
    """Return all that the sample was made from and all that was made from it, up to `most` steps either way."""
    found: set[Descent] = set()
    with connection.cursor() as cursor:
        for here, there in (("parent_id", "daughter_id"), ("daughter_id", "parent_id")):
            cursor.execute(_STEPS.format(here=here, there=there), [sample.pk, most, most])
            found.update(Descent(*row) for row in cursor.fetchall())
    return Family(found)
