"""Writing the ledger: `append` is the one function that does. Load, decide, write, in one transaction.

A writer locks the head row (PostgreSQL) or the database (SQLite begins IMMEDIATE), so entries are dense and
two writers at once lose nothing. The statements are written out because one append is one flush of the disk,
and what stands around that flush should cost less than it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from aliquot import book, checkpoint, fault, invariants, ledger, signing, transparency
from aliquot.ledger import Entry, Holdings, Stamp
from aliquot.site import instance, queries
from aliquot.site.models import Checkpoint, Head, Holder, TreeHash
from aliquot.site.operations import standing
from aliquot.site.queries.ledger import Known

Act = Callable[[Stamp], Entry]


@transaction.atomic
def append(act: Act, *, by: str, at: str, basis: Sequence[str] = ()) -> Entry:
    """Append the entry that `act` makes of its stamp; return it, or raise `Refused` with every fault.

    Every sample that it posts has a row already; holders get theirs here. `at` is RFC 3339 in UTC.
    """
    head = lock()
    entry = act(Stamp(head.size, at, by, tuple(basis)))
    before = queries.ledger.before({p.sample for p in entry.postings}, head)
    fault.refuse_if(
        (*_check_text(entry), *_check_known(entry, before.samples), *invariants.check(entry, before.holdings))
    )
    new = {p.holder for p in entry.postings} - before.holders.keys()
    holders = before.holders | (holder_ids(new) if new else {})
    _write(entry, before.holdings, {number: row.pk for number, row in before.samples.items()}, holders)
    move_head(head, entry)
    before.holdings.apply(entry)
    standing.restate_all(before.samples.values(), entry, before.holdings, holders, revision=head.revision)
    return entry


def lock() -> Head:
    """Return the head with nobody else writing until the transaction ends."""
    with connection.cursor() as cursor:
        wait = " FOR UPDATE" if connection.features.has_select_for_update else ""
        cursor.execute(f"SELECT id, size, last_at, revision FROM aliquot_head WHERE id = 1{wait}")  # noqa: S608
        pk, size, last_at, revision = cursor.fetchone()
    return Head(pk=pk, size=size, last_at=last_at, revision=revision)


def _check_text(entry: Entry) -> tuple[fault.Fault, ...]:
    """What is written is what is read back: a word that would break the text is refused before it is written."""
    parsed = book.parse(book.text(entry))
    if isinstance(parsed, tuple):
        return parsed
    if parsed != entry:
        fault.bug(f"entry {entry.index} does not survive print and parse")
    return ()


_ENTRY = (
    'INSERT INTO aliquot_entry ("index", at, kind, "by", text, leaf_hash) VALUES (%s, %s, %s, %s, %s, %s)'
)
_POSTING = "INSERT INTO aliquot_posting (entry_id, line, sample_id, holder_id, mass_ng) VALUES {rows}"
_BALANCE = """
INSERT INTO aliquot_balance (sample_id, holder_id, mass_ng, may_be_below_zero) VALUES {rows}
ON CONFLICT (sample_id, holder_id) DO UPDATE SET mass_ng = excluded.mass_ng
"""
_DESCENT = "INSERT INTO aliquot_descent (entry_id, kind, parent_id, daughter_id) VALUES {rows}"
_HEAD = "UPDATE aliquot_head SET size = %s, last_at = %s, revision = %s WHERE id = 1"
# SQLite takes at least 32,766 values in a statement, PostgreSQL 65,535.
_ROWS_AT_ONCE = 5_000


def _write(entry: Entry, before: Holdings, samples: Mapping[str, int], holders: Mapping[str, int]) -> None:
    """Write a checked entry: text, hash, postings, balances, descents. The mappings give the rows' keys."""
    text = book.text(entry)
    leaf = transparency.leaf_hash(text.encode())
    lines = [
        (entry.index, line, samples[p.sample], holders[p.holder], p.mass_ng)
        for line, p in enumerate(entry.postings)
    ]
    steps = [
        (entry.index, entry.kind.value, samples[parent], samples[daughter])
        for parent in entry.parents
        for daughter in entry.daughters
    ]
    with connection.cursor() as cursor:
        cursor.execute(_ENTRY, (entry.index, entry.at, entry.kind.value, entry.by, text, leaf))
        _insert(cursor, _POSTING, lines)
        _insert(cursor, _BALANCE, _balance_rows(entry, before, samples, holders))
        if steps:
            _insert(cursor, _DESCENT, steps)


def _insert(cursor: CursorWrapper, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """Insert the rows, thousands to a statement: each statement is a round trip."""
    for first in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[first : first + _ROWS_AT_ONCE]
        marks = f"({', '.join(['%s'] * len(some[0]))})"
        values = [value for row in some for value in row]
        cursor.execute(statement.format(rows=", ".join([marks] * len(some))), values)


def _balance_rows(
    entry: Entry, before: Holdings, samples: Mapping[str, int], holders: Mapping[str, int]
) -> list[tuple[int, int, int, bool]]:
    """Return the balance that each sample and holder of the entry has after it."""
    after_ng: dict[tuple[str, str], int] = {}
    for p in entry.postings:
        key = p.sample, p.holder
        after_ng[key] = after_ng.get(key, before.balance(*key)) + p.mass_ng
    return [
        (samples[sample], holders[holder], ng, ledger.may_be_below_zero(holder))
        for (sample, holder), ng in after_ng.items()
    ]


def _check_known(entry: Entry, rows: Mapping[str, Known]) -> Iterator[fault.Fault]:
    """Every sample that is posted is in the catalogue."""
    for i, posting in enumerate(entry.postings):
        if posting.sample not in rows:
            yield fault.of(f"postings[{i}]", "there is no sample {sample} in the catalogue",
                           "check the number, or receive the sample first", sample=posting.sample)  # fmt: skip


def holder_ids(keys: Iterable[str]) -> dict[str, int]:
    """Return the row of each holder, made where it is new."""
    wanted = set(keys)
    found = dict(Holder.objects.filter(key__in=wanted).values_list("key", "pk"))
    for key in sorted(wanted - found.keys()):
        found[key] = Holder.objects.create(key=key, root=ledger.root_of(key)).pk
    return found


def move_head(head: Head, last: Entry) -> None:
    """Advance the head past the last entry, and keep the hashes of subtrees that are now complete."""
    width = transparency.TILE_WIDTH
    tiles = queries.ledger.StoredTiles()
    first, level = head.size // width, 1
    end = (last.index + 1) // width
    while end > first:
        below = (tiles.hashes(level - 1, index, width) for index in range(first, end))
        rows = [
            TreeHash(level=level, index=first + i, hash=transparency.root(h)) for i, h in enumerate(below)
        ]
        TreeHash.objects.bulk_create(rows)
        first, end, level = first // width, end // width, level + 1
    head.size, head.last_at, head.revision = last.index + 1, last.at, head.revision + 1
    with connection.cursor() as cursor:
        cursor.execute(_HEAD, (head.size, head.last_at, head.revision))


@transaction.atomic
def sign_checkpoint(*, at: datetime) -> Checkpoint:
    """Return a signed checkpoint of the log as it stands; the newest one where nothing was added since."""
    head = lock()
    newest = queries.ledger.checkpoint()
    if newest and newest.size == head.size:
        return newest
    key = instance.read_signing_key(settings.HOME)
    root = transparency.root_from(queries.ledger.StoredTiles(), head.size)
    body = checkpoint.text(checkpoint.Checkpoint(key.name, head.size, root))
    return Checkpoint.objects.create(size=head.size, root=root, note=signing.sign(body, key), signed_at=at)


def moment(at: datetime) -> str:
    """Return the time as entries write it: `2026-03-14T09:30:00Z`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
