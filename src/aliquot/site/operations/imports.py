"""Importing a table into the catalogue and the ledger: all of it, in one transaction, or nothing.

A row that is already there with the same content is left as it is, so an import can be repeated; one with
another content is a fault. The entries are written by a bulk path beside `operations.ledger.append`: the same
text, hashes and invariants (`aliquot.stretch`), many samples in each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import chain, repeat
from types import MappingProxyType

from django.db import IntegrityError, transaction

from aliquot import book, fault, transparency
from aliquot.formats import findings, intake, kin, mapping_check, tables
from aliquot.formats.findings import Finding
from aliquot.formats.intake import Batch
from aliquot.formats.kin import Arranged, Frame, Outside
from aliquot.formats.mapping import TableMapping
from aliquot.ledger import Entry, Holdings, Kind, Use
from aliquot.site import models
from aliquot.site.models import Availability, Balance, Descent, Head, Sample, SampleName
from aliquot.site.operations import bulk, standing
from aliquot.site.operations import samples as acts
from aliquot.site.operations.ledger import holder_ids, lock, move_head
from aliquot.stretch import Stretch

LOOKED_UP = 5000
BY_CHARS = models.Entry._meta.get_field("by").max_length
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Told:
    """What an import did, or, where findings stand against it or nothing was to be written, would have done."""

    rows: int
    imported: int = 0
    already_there: int = 0
    mass_ng: int = 0
    findings: Sequence[Finding] = ()
    standing: Sequence[Finding] = ()


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants imported: how the table is read, what they accept, to where, who they are and when."""

    mapping: TableMapping
    by: str
    at: str
    accepted: Collection[str] = ()
    place: str = ""
    dry_run: bool = False

    @property
    def holder(self) -> str:
        """The place that the samples come to."""
        return f"place:{self.place or self.mapping.place}"


def import_table(
    data: bytes,
    order: Order,
    *,
    reading: Callable[[int], None] = lambda _: None,
    writing: Progress = lambda _, __: None,
) -> Told:
    """Import a table, or tell what stands against it. Raises `Refused` where the order itself is wrong."""
    return import_tables([("", data)], order, reading=reading, writing=writing)


def import_tables(
    given: Sequence[tuple[str, bytes]],
    order: Order,
    *,
    mended: tables.Mended = MappingProxyType({}),
    reading: Callable[[int], None] = lambda _: None,
    writing: Progress = lambda _, __: None,
) -> Told:
    """Import several tables of one kind as one; `given` has the name and the bytes of each.

    `mended` has what stands in some cells instead of what the file says, by file, line and column.
    """
    fault.refuse_if(_check_order(order))
    table = tables.read_all(given, order.mapping, reading, mended)
    if order.dry_run:
        return _look(table, order)[0]
    try:
        return _import(table, order, writing)
    except IntegrityError:
        # On PostgreSQL somebody may have catalogued one of the numbers after we looked.
        again, _ = _look(table, order)
        if not again.standing:
            raise
        return again


def _check_order(order: Order) -> Iterator[fault.Fault]:
    yield from findings.check_accepted(order.accepted, order.mapping.rules.values())
    if not re.fullmatch(book.WORD, order.by) or len(order.by) > BY_CHARS:
        yield fault.of("--by", "“{by}” is not a key", "write it without spaces, such as person:17",
                       by=findings.shown(order.by))  # fmt: skip
    place = order.place or order.mapping.place
    if not place:
        yield fault.of("--place", "the mapping does not say where the samples come to", "name a place")
    elif not mapping_check.PLACE.fullmatch(place):
        yield mapping_check.bad_place("--place", place)


@transaction.atomic
def _import(table: tables.Table, order: Order, writing: Progress) -> Told:
    head = lock()
    told, arranged = _look(table, order)
    if told.standing or not told.imported:
        return told
    samples = arranged.received
    rests_on = [*(f"table:sha256:{one}" for one in table.sha256), f"map:{order.mapping.key}"]
    basis = "".join(f"basis {one}\n" for one in rests_on)
    intaken = _Intake(order, basis, head.revision + 1, Holdings(size=head.size, last_at=head.last_at))
    done = 0
    for batch in intake.batches(samples, place=order.holder, sealed=order.mapping.use_classes):
        intaken.take(batch)
        done += batch.samples
        writing(done, told.imported)
    if intaken.last:
        move_head(head, intaken.last)
    else:
        Head.objects.filter(pk=1).update(revision=intaken.revision)
    for parent, made in arranged.splits:
        _split(parent, [arranged.rows[one] for one in made], order, rests_on)
        done += len(made)
        writing(done, told.imported)
    _state(arranged.stated)
    return told


def _split(parent: str, made: Sequence[dict[str, object]], order: Order, basis: Sequence[str]) -> None:
    """Split daughters off their parent where it lies, one entry for all of them."""
    place = Balance.objects.filter(sample__number=parent, holder__root="place", mass_ng__gt=0)
    holder = place.values_list("holder__key", flat=True).get()
    classes = order.mapping.use_classes
    acts.split(
        parent,
        [(_daughter(row), int(str(row["mass_ng"]))) for row in made],
        place=holder,
        uses=[
            Use(str(row["number"]), str(row["use_class"]), sealed=classes.get(str(row["use_class"]), False))
            for row in made
            if row["use_class"]
        ],
        by=acts.By(order.by, order.at, basis),
    )
    rows = dict(Sample.objects.filter(number__in=[row["number"] for row in made]).values_list("number", "pk"))
    names = {
        (rows[str(row["number"])], str(name)): column.split(":")[1]
        for row in made
        for column, name in row.items()
        if column.startswith("name:") and name
    }
    SampleName.objects.bulk_create(
        SampleName(sample_id=pk, name=name, kind=kind, source=f"map:{order.mapping.key}")
        for (pk, name), kind in names.items()
    )


def _daughter(row: dict[str, object]) -> Sample:
    share = row["share"]
    said = {column: row[name] for name, column in _TEXTS.items() if name != "use_class"}
    return Sample(**said, pristine_percent=None if share is None else Decimal(int(str(share))).scaleb(-2))


def _state(stated: Sequence[tuple[str, str]]) -> None:
    """Note what a table says was made from what, where no mass was recorded that an entry could move."""
    for first in range(0, len(stated), LOOKED_UP):
        some = stated[first : first + LOOKED_UP]
        numbers = {number for pair in some for number in pair}
        rows = dict(Sample.objects.filter(number__in=numbers).values_list("number", "pk"))
        Descent.objects.bulk_create(
            Descent(entry=None, kind="stated", parent_id=rows[parent], daughter_id=rows[daughter])
            for parent, daughter in some
        )


# -- against the catalogue -----------------------------------------------------------------------------------


def _look(table: tables.Table, order: Order) -> tuple[Told, Arranged]:
    """Return what an import would do, and how the samples come in that are not there with the same content yet."""
    arranged = kin.arrange(table.samples, order.mapping, _outside(kin.named(table.samples)))
    there, taken = _compare(arranged.whole, order.mapping)
    more = [*taken, *arranged.findings]
    files = {name: place for place, name in enumerate(dict.fromkeys(one.file for one in table.findings))}
    found = (
        sorted([*table.findings, *more], key=lambda one: (files.get(one.file, 0), one.line))
        if more
        else table.findings
    )
    standing_against = findings.standing(found, order.accepted)
    if standing_against or table.samples.is_empty():
        return Told(table.rows, 0, len(there), 0, found, standing_against), arranged
    arranged = kin.without(arranged, there)
    new = arranged.received.height + sum(len(made) for _, made in arranged.splits)
    received_ng = int(arranged.received["mass_ng"].sum() or 0)
    return Told(table.rows, new, len(there), received_ng, found), arranged


def _outside(parents: Collection[str]) -> dict[str, Outside | None]:
    """Return where the parents lie that only the catalogue has, and what lies there; None of one that has no mass."""
    found: dict[str, Outside | None] = {}
    wanted = sorted(parents)
    for first in range(0, len(wanted), LOOKED_UP):
        some = wanted[first : first + LOOKED_UP]
        weighed = dict(Sample.objects.filter(number__in=some).values_list("number", "start_ng"))
        held: dict[str, list[tuple[str, int]]] = {}
        rows = Balance.objects.filter(sample__number__in=some, holder__root="place", mass_ng__gt=0)
        for number, key, ng in rows.values_list("sample__number", "holder__key", "mass_ng"):
            held.setdefault(number, []).append((key, ng))
        for number, start_ng in weighed.items():
            places = held.get(number, [])
            one = Outside(*places[0]) if len(places) == 1 else Outside("", 0)
            found[number] = None if start_ng is None else one
    return found


_COMPARED = {
    "mission": "mission", "material": "material", "subtype": "subtype", "form": "form", "condition": "condition",
    "use_class": "use_class", "note": "note_en", "note_zh": "note_zh", "mass_ng": "start_ng",
    "share": "pristine_percent",
}  # fmt: skip
_CALLED = {
    "mass_ng": "mass",
    "share": "pristine share",
    "use_class": "class of use",
    "note_zh": "Chinese note",
}


def _compare(samples: Frame, of: TableMapping) -> tuple[set[str], list[Finding]]:
    """Return the numbers that the catalogue has with the same content, and findings of those with another.

    Only what the mapping fills is compared; the mass is the one that a sample came with, not today's.
    """
    there: set[str] = set()
    taken: list[Finding] = []
    if samples.is_empty() or not Sample.objects.exists():
        return there, taken
    filled = {column.field for column in of.columns} | {name for name, _ in of.constants}
    fields = [n for n in _COMPARED if {"mass_ng": "mass", "share": "pristine"}.get(n, n) in filled]
    column = next(column.name for column in of.columns if column.field == "number")
    for part in samples.iter_slices(LOOKED_UP):
        known = _known(part["number"].to_list(), fields)
        if not known:
            continue
        names = [name for name in part.columns if name.startswith("name:")]
        for row in part.rows(named=True):
            if row["number"] not in known:
                continue
            there_is, called = known[row["number"]]
            # A daughter whose class of use is not stated has its parent's.
            own = [n for n in fields if not (n == "use_class" and row["parent"] and not row[n])]
            said = dict(zip(fields, there_is, strict=True))
            differ = [_CALLED.get(n, n) for n in own if row[n] != said[n]]
            if not {row[name] for name in names} - {""} <= called:
                differ.append("further name")
            if differ:
                what = " and ".join(differ)
                taken.append(
                    Finding(row["line"], column, findings.NUMBER_TAKEN, row["number"], what, row["file"])
                )
            else:
                there.add(row["number"])
    return there, taken


def _known(numbers: list[str], fields: list[str]) -> dict[str, tuple[list[object], set[str]]]:
    """Return what the catalogue says of those of these numbers that it has, and their further names."""
    rows = Sample.objects.filter(number__in=numbers).values_list("number", *(_COMPARED[n] for n in fields))
    known: dict[str, tuple[list[object], set[str]]] = {}
    for number, *values in rows:
        if "share" in fields and values[-1] is not None:
            values[-1] = int(values[-1].scaleb(2))
        known[number] = (values, set())
    if known:
        named = SampleName.objects.filter(sample__number__in=numbers).values_list("sample__number", "name")
        for number, name in named:
            known[number][1].add(name)
    return known


# -- writing -------------------------------------------------------------------------------------------------

_TEXTS = {
    "number": "number", "mission": "mission", "material": "material", "subtype": "subtype", "form": "form",
    "condition": "condition", "use_class": "use_class", "note": "note_en", "note_zh": "note_zh",
}  # fmt: skip
_SAID = (*_TEXTS.values(), "id", "start_ng", "mass_ng", "pristine_percent", "sealed", "availability", "holder_id",
         "revision")  # fmt: skip
# Whatever else a sample's row has begins at the model's own default.
_REST = {f.column: f.get_default() for f in Sample._meta.concrete_fields if f.column not in _SAID}
_SAMPLE = (*_SAID, *_REST)
_ENTRY = ("index", "at", "kind", "by", "text", "leaf_hash")
_POSTING = ("entry_id", "line", "sample_id", "holder_id", "mass_ng")
_BALANCE = ("sample_id", "holder_id", "mass_ng", "may_be_below_zero")


@dataclass(slots=True)
class _Intake:
    """An import while it is written; `holdings` are those of the ledger so far, as far as new samples need them."""

    order: Order
    basis: str
    revision: int
    holdings: Holdings
    last: Entry | None = None
    holders: dict[str, int] = field(default_factory=dict)

    def take(self, batch: Batch) -> None:
        """Write one batch: entries, samples, names, postings, balances."""
        first = self.holdings.size
        if batch.bodies:
            self._write_entries(batch)
        ids = bulk.reserve(Sample, batch.samples)
        self._write_samples(batch, ids)
        self._write_names(batch, ids)
        if batch.bodies:
            self._write_postings(batch, ids, first)

    def _holder(self, key: str) -> int:
        if key not in self.holders:
            self.holders |= holder_ids([key])
        return self.holders[key]

    def _write_entries(self, batch: Batch) -> None:
        order, first = self.order, self.holdings.size
        texts = [
            f"entry {index}\nat {order.at}\nkind {Kind.RECEIVE}\nby {order.by}\n{body}{self.basis}"
            for index, body in enumerate(batch.bodies, first)
        ]
        data = [text.encode() for text in texts]
        max(map(len, data)) <= book.MAX_BYTES or fault.bug("an entry of an import is too long")
        # Checked as a verifier checks it: text, numbers, time, every invariant. All samples here are new.
        stretch = Stretch(holdings=Holdings(size=first, last_at=self.holdings.last_at))
        stretch.take(b"\n".join(data)[:-1])
        fault.refuse_if(stretch.faults)
        last = book.parse(texts[-1])
        self.last = (
            last if isinstance(last, Entry) else fault.bug("an entry that was checked cannot be parsed")
        )
        self.holdings.size, self.holdings.last_at = stretch.holdings.size, order.at
        hashes = transparency.leaf_hashes(data)
        rows = zip(range(first, first + len(data)), repeat(order.at), repeat(Kind.RECEIVE.value), repeat(order.by),
                   texts, hashes, strict=False)  # fmt: skip
        bulk.insert(models.Entry, _ENTRY, rows)

    def _write_samples(self, batch: Batch, ids: Sequence[int]) -> None:
        classes = self.order.mapping.use_classes
        sealed = [classes.get(use, False) for use in batch.columns["use_class"]]
        shares = [None if share is None else f"{share // 100}.{share % 100:02d}" for share in batch.share]
        if batch.bodies:
            main = self.order.holder
            holder = self._holder(main)
            can = {
                (shut, classed): standing.availability(main, sealed=shut, classed=classed).value
                for shut in (False, True)
                for classed in (False, True)
            }
            classed = map(bool, batch.columns["use_class"])
            rest = ([can[key] for key in zip(sealed, classed, strict=True)], repeat(holder))
        else:
            rest = (repeat(Availability.UNWEIGHED.value), repeat(None))
        masses = [mass_ng or 0 for mass_ng in batch.mass_ng]
        texts = [batch.columns[name] for name in _TEXTS]
        defaults = map(repeat, _REST.values())
        rows = zip(*texts, ids, batch.mass_ng, masses, shares, sealed, *rest, repeat(self.revision), *defaults,
                   strict=False)  # fmt: skip
        bulk.insert(Sample, _SAMPLE, rows)

    def _write_names(self, batch: Batch, ids: Sequence[int]) -> None:
        seen: set[tuple[int, str]] = set()
        rows = []
        for column, names in batch.columns.items():
            if column.startswith("name:"):
                kind = column.split(":")[1]
                for sample, name in zip(ids, names, strict=True):
                    if name and (sample, name) not in seen:
                        seen.add((sample, name))
                        rows.append((sample, name, kind, f"map:{self.order.mapping.key}"))
        if rows:
            bulk.insert(SampleName, ("sample_id", "name", "kind", "source"), rows)

    def _write_postings(self, batch: Batch, ids: Sequence[int], first: int) -> None:
        origin, place = self._holder(f"origin:{batch.mission}"), self._holder(self.order.holder)
        placed = chain.from_iterable(
            zip(repeat(entry, size), range(0, 2 * size, 2), strict=True)
            for entry, size in enumerate(batch.sizes, first)
        )
        bulk.insert(models.Posting, _POSTING, (
            row
            for (entry, line), sample, ng in zip(placed, ids, batch.mass_ng, strict=True)
            for row in ((entry, line, sample, origin, -ng), (entry, line + 1, sample, place, ng))
        ))  # fmt: skip
        bulk.insert(models.Balance, _BALANCE, (
            row
            for sample, ng in zip(ids, batch.mass_ng, strict=True)
            for row in ((sample, origin, -ng, True), (sample, place, ng, False))
        ))  # fmt: skip
