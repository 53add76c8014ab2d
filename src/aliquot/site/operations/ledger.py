"""Writing the ledger: `append` is the one function that does. Load, decide, write, in one transaction.

A writer locks the head row (PostgreSQL) or the database (SQLite begins IMMEDIATE), so entries are dense and
two writers at once lose nothing. One append is one flush of the disk, and what stands around that flush should
cost little beside it: the statements are written out, and go to the database together (`site.statements`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain

from django.conf import settings
from django.db import connection, transaction

from aliquot import book, checkpoint, fault, invariants, ledger, signing, transparency
from aliquot.ledger import Entry, Holdings, Kind, Stamp
from aliquot.site import instance, queries, statements
from aliquot.site.models import Checkpoint, Head, Holder, TreeHash
from aliquot.site.operations import standing
from aliquot.site.queries.ledger import Before, Known
from aliquot.site.statements import Statement

Act = Callable[[Stamp], Entry]


@transaction.atomic
def append(act: Act, *, by: str, at: str, basis: Sequence[str] = ()) -> Entry:
    """Append the entry that `act` makes of its stamp; return it, or raise `Refused` with every fault.

    Every sample that it posts has a row already; holders get theirs here. `at` is RFC 3339 in UTC.
    """
    head = lock()
    entry = act(Stamp(head.size, at, by, tuple(basis)))
    text = book.text(entry)
    before = queries.ledger.before({p.sample for p in entry.postings}, head)
    if entry.kind is Kind.RECORD:
        before.holdings.steps.update(queries.claims.steps_before(entry))
    fault.refuse_if(
        (
            *_check_text(entry, text),
            *_check_known(entry, before.samples),
            *invariants.check(entry, before.holdings),
        )
    )
    new = {p.holder for p in entry.postings} - before.holders.keys()
    holders = before.holders | (holder_ids(new) if new else {})
    _write(entry, text, before, holders, head)
    _keep_subtrees(entry.index, entry.index + 1)
    return entry


_LOCK = "SELECT id, size, last_at, revision FROM aliquot_head WHERE id = 1"
_HEAD = "UPDATE aliquot_head SET size = %s, last_at = %s, revision = %s WHERE id = 1"


def lock() -> Head:
    """Return the head with nobody else writing until the transaction ends."""
    wait = " FOR UPDATE" if connection.features.has_select_for_update else ""
    ((pk, size, last_at, revision),) = statements.ask(_LOCK + wait)
    return Head(pk=pk, size=size, last_at=last_at, revision=revision)


def _check_text(entry: Entry, text: str) -> tuple[fault.Fault, ...]:
    """What is written is what is read back: a word that would break the text is refused before it is written."""
    parsed = book.parse(text)
    if isinstance(parsed, tuple):
        return parsed
    if parsed != entry:
        fault.bug(f"entry {entry.index} does not survive print and parse")
    return ()


def _check_known(entry: Entry, rows: Mapping[str, Known]) -> Iterator[fault.Fault]:
    """Every sample that is posted is in the catalogue."""
    for i, posting in enumerate(entry.postings):
        if posting.sample not in rows:
            yield fault.of(f"postings[{i}]", "there is no sample {sample} in the catalogue",
                           "check the number, or receive the sample first", sample=posting.sample)  # fmt: skip


_ENTRY = (
    'INSERT INTO aliquot_entry ("index", at, kind, "by", text, leaf_hash) VALUES (%s, %s, %s, %s, %s, %s)'
)
_POSTING = "INSERT INTO aliquot_posting (entry_id, line, sample_id, holder_id, mass_ng) VALUES {rows}"
_BALANCE = """
INSERT INTO aliquot_balance (sample_id, holder_id, mass_ng, may_be_below_zero) VALUES {rows}
ON CONFLICT (sample_id, holder_id) DO UPDATE SET mass_ng = excluded.mass_ng
"""
_DESCENT = "INSERT INTO aliquot_descent (entry_id, kind, parent_id, daughter_id) VALUES {rows}"


def _write(entry: Entry, text: str, before: Before, holders: Mapping[str, int], head: Head) -> None:
    """Write a checked entry: text, hash, postings, balances, descents, the standing of its samples, the head."""
    after = before.holdings
    after.apply(entry)
    _advance(head, entry)
    statements.write(
        chain(
            _entry_rows(entry, text, before.samples, holders),
            statements.rows(_BALANCE, _balance_rows(entry, after, before.samples, holders)),
            standing.restated(before.samples.values(), entry, after, holders, revision=head.revision),
            [_head(head)],
        )
    )


def _entry_rows(
    entry: Entry, text: str, samples: Mapping[str, Known], holders: Mapping[str, int]
) -> Iterator[Statement]:
    leaf = transparency.leaf_hash(text.encode())
    yield _ENTRY, (entry.index, entry.at, entry.kind.value, entry.by, text, leaf)
    lines = [
        (entry.index, line, samples[p.sample].pk, holders[p.holder], p.mass_ng)
        for line, p in enumerate(entry.postings)
    ]
    yield from statements.rows(_POSTING, lines)
    steps = [
        (entry.index, entry.kind.value, samples[parent].pk, samples[daughter].pk)
        for parent in entry.parents
        for daughter in entry.daughters
    ]
    yield from statements.rows(_DESCENT, steps)


def _balance_rows(
    entry: Entry, after: Holdings, samples: Mapping[str, Known], holders: Mapping[str, int]
) -> list[tuple[int, int, int, bool]]:
    """Return the balance that each sample and holder of the entry has after it."""
    posted = dict.fromkeys((p.sample, p.holder) for p in entry.postings)
    return [
        (samples[sample].pk, holders[holder], after.balance(sample, holder), ledger.may_be_below_zero(holder))
        for sample, holder in posted
    ]


def holder_ids(keys: Iterable[str]) -> dict[str, int]:
    """Return the row of each holder, made where it is new."""
    wanted = set(keys)
    found = dict(Holder.objects.filter(key__in=wanted).values_list("key", "pk"))
    for key in sorted(wanted - found.keys()):
        found[key] = Holder.objects.create(key=key, root=ledger.root_of(key)).pk
    return found


def move_head(head: Head, last: Entry) -> None:
    """Advance the head past the last entry, and keep the hashes of subtrees that are now complete."""
    first = head.size
    _advance(head, last)
    _keep_subtrees(first, head.size)
    statements.write([_head(head)])


def _advance(head: Head, last: Entry) -> None:
    head.size, head.last_at, head.revision = last.index + 1, last.at, head.revision + 1


def _head(head: Head) -> Statement:
    return _HEAD, (head.size, head.last_at, head.revision)


def _keep_subtrees(size_before: int, size: int) -> None:
    """Keep the hashes of the subtrees that the entries between these sizes completed; the entries are written."""
    width = transparency.TILE_WIDTH
    tiles = queries.ledger.StoredTiles()
    first, level = size_before // width, 1
    end = size // width
    while end > first:
        below = (tiles.hashes(level - 1, index, width) for index in range(first, end))
        rows = [
            TreeHash(level=level, index=first + i, hash=transparency.root(h)) for i, h in enumerate(below)
        ]
        TreeHash.objects.bulk_create(rows)
        first, end, level = first // width, end // width, level + 1


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
