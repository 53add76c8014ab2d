"""Reading the catalogue: rows by their keys, and all that is published of one sample. Never writes, never scans."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from aliquot import book, samples
from aliquot.ledger import Entry as Act
from aliquot.ledger import Posting as Line
from aliquot.register import Words
from aliquot.samples import Descent
from aliquot.site.models import Balance, Checkpoint, Entry, Holder, Posting, Sample, SampleName, Weighing
from aliquot.site.models import Descent as DescentRow
from aliquot.site.queries import ledger

CUSTODIANS = frozenset({"place", "transit", "loan", "given", "missing"})
FAMILY_MOST = 150
STAYS_MOST = 500
ENTRIES_PAGE = 20


@dataclass(frozen=True, slots=True)
class Whom:
    """A holder as the public may know it: what kind of holder, its public name, its country."""

    key: str
    name: Words
    country: str

    @property
    def root(self) -> str:
        """What kind of holder it is; the key itself stays in the ledger."""
        return self.key if self.key.startswith("spent:") else self.key.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the catalogue. Masses are None where none was ever recorded."""

    pk: int
    number: str
    mission: str
    material: str
    form: str
    use_class: str
    condition: str
    availability: str
    aggregate: bool
    mass_ng: int | None
    mass_sd_ng: int | None
    whom: Whom | None


@dataclass(frozen=True, slots=True)
class Name:
    """Another name of a sample."""

    name: str
    kind: str
    source: str


@dataclass(frozen=True, slots=True)
class Held:
    """So much is with this holder now; `detail` only for those who may see exact places."""

    whom: Whom
    mass_ng: int
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Stay:
    """From one entry to another (None: until now) a holder had some of the sample."""

    whom: Whom
    since: str
    entry: int
    mass_ng: int
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Kin:
    """A relative, as its box in the picture needs it."""

    number: str
    mass_ng: int | None
    availability: str


@dataclass(frozen=True, slots=True)
class Change:
    """So much of the sample came to a holder, or, below zero, left it."""

    whom: Whom
    mass_ng: int


@dataclass(frozen=True, slots=True)
class Touch:
    """An entry that touches the sample, with what it changed; proven once a checkpoint covers it."""

    index: int
    at: str
    kind: str
    lines: tuple[Change, ...]
    is_proven: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that is published of one sample."""

    row: Row
    number: samples.Number
    subtype: str
    sealed: bool
    start_ng: int | None
    start_sd_ng: int | None
    pristine_percent: str
    note: Words
    sources: tuple[str, ...]
    names: tuple[Name, ...]
    held: tuple[Held, ...]
    gone: tuple[Held, ...]
    weighings: tuple[Weighing, ...]
    daughters: int
    descents: tuple[Descent, ...]
    kin: tuple[Kin, ...]
    stays: tuple[Stay, ...]
    is_custody_whole: bool
    touches: tuple[Touch, ...]
    older: int | None


# -- the catalogue -------------------------------------------------------------------------------------------


def rows(pks: Sequence[int]) -> tuple[Row, ...]:
    """Return the rows of these keys, in their order; keys of rows that are no longer published are passed over."""
    found = {row.pk: row for row in map(_row, _published().filter(pk__in=pks))}
    return tuple(found[pk] for pk in pks if pk in found)


def whoms(keys: Iterable[str]) -> dict[str, Whom]:
    """Return the public names of these holders."""
    return {holder.key: _whom(holder) for holder in Holder.objects.filter(key__in=list(keys))}


def numbers(pks: Sequence[int]) -> tuple[str, ...]:
    """Return the numbers of these keys, in their order."""
    found = dict(_published().filter(pk__in=pks).values_list("pk", "number"))
    return tuple(found[pk] for pk in pks if pk in found)


def _published():
    return Sample.objects.filter(published=True).select_related("holder")


def _whom(holder: Holder) -> Whom:
    return Whom(holder.key, Words(holder.name_en, holder.name_zh), holder.country)


def _row(sample: Sample) -> Row:
    return Row(
        pk=sample.pk,
        number=sample.number,
        mission=sample.mission,
        material=sample.material,
        form=sample.form,
        use_class=sample.use_class,
        condition=sample.condition,
        availability=sample.availability,
        aggregate=sample.aggregate,
        mass_ng=None if sample.start_ng is None else sample.mass_ng,
        mass_sd_ng=sample.mass_sd_ng,
        whom=_whom(sample.holder) if sample.holder else None,
    )


# -- one sample ----------------------------------------------------------------------------------------------


def sheet(number: str, *, exact_places: bool = False, before: int | None = None) -> Sheet | None:
    """Return all that is published of a sample, its entries before number `before`; None where there is none.

    The number of queries is the same for every sample, however large its family and long its history.
    """
    sample = _published().filter(number=number).first() if "\0" not in number else None
    if sample is None:
        return None
    descents = ledger.family(sample, most=FAMILY_MOST).descents
    kin = _kin(sample, descents)
    known = {one.number for one in kin}
    held = _held(sample, exact_places=exact_places)
    stays, is_whole = _stays(sample)
    touches, older = _touches(sample, before)
    return Sheet(
        row=_row(sample),
        number=samples.read(sample.number),
        subtype=sample.subtype,
        sealed=sample.sealed,
        start_ng=sample.start_ng,
        start_sd_ng=sample.start_sd_ng,
        pristine_percent="" if sample.pristine_percent is None else f"{sample.pristine_percent:f}",
        note=Words(sample.note_en, sample.note_zh),
        sources=tuple(sample.sources.split()),
        names=tuple(
            Name(n.name, n.kind, n.source) for n in SampleName.objects.filter(sample=sample).order_by("name")
        ),
        held=tuple(one for one in held if one.whom.root in CUSTODIANS),
        gone=tuple(one for one in held if one.whom.root.startswith("spent:")),
        weighings=tuple(Weighing.objects.filter(sample=sample).order_by("-at")[:5]),
        daughters=DescentRow.objects.filter(parent=sample).count(),
        descents=tuple(step for step in descents if {step.parent, step.daughter} <= known),
        kin=kin,
        stays=stays,
        is_custody_whole=is_whole,
        touches=touches,
        older=older,
    )


def _held(sample: Sample, *, exact_places: bool) -> tuple[Held, ...]:
    """Return who has how much; for the public, holders of one public name are one."""
    found: dict[tuple[str, Words, str], Held] = {}
    balances = Balance.objects.filter(sample=sample, mass_ng__gt=0).select_related("holder")
    for balance in sorted(balances, key=lambda one: (-one.mass_ng, one.holder.key)):
        whom = _whom(balance.holder)
        detail = f"{whom.key} {balance.holder.detail}".strip() if exact_places else ""
        known = found.get((whom.root, whom.name, detail))
        mass_ng = balance.mass_ng + (known.mass_ng if known else 0)
        found[whom.root, whom.name, detail] = Held(whom, mass_ng, detail)
    return tuple(found.values())


def _kin(sample: Sample, descents: Iterable[Descent]) -> tuple[Kin, ...]:
    relatives = {number for step in descents for number in (step.parent, step.daughter)} | {sample.number}
    fields = ("number", "start_ng", "mass_ng", "availability")
    found = Sample.objects.filter(number__in=relatives, published=True).values_list(*fields)
    return tuple(
        Kin(number, None if start_ng is None else mass_ng, availability)
        for number, start_ng, mass_ng, availability in found
    )


@dataclass(slots=True)
class _Custody:
    """Who had the sample from when to when, entry by entry."""

    balances: dict[tuple[str, Words], int] = field(default_factory=dict)
    open: dict[tuple[str, Words], Stay] = field(default_factory=dict)
    ended: list[Stay] = field(default_factory=list)

    def take(self, entry: int, at: str, lines: Iterable[tuple[Whom, int]]) -> None:
        touched: dict[tuple[str, Words], Whom] = {}
        for whom, mass_ng in lines:
            key = (whom.root, whom.name)
            touched[key] = whom
            self.balances[key] = self.balances.get(key, 0) + mass_ng
        for key, whom in touched.items():
            if self.balances[key] > 0 and key not in self.open:
                self.open[key] = Stay(whom, at, entry, self.balances[key])
            elif self.balances[key] <= 0 and key in self.open:
                begun = self.open.pop(key)
                self.ended.append(Stay(begun.whom, begun.since, begun.entry, begun.mass_ng, until=at))


def _stays(sample: Sample) -> tuple[tuple[Stay, ...], bool]:
    """Return who had the sample when, by its first postings, and whether those were all."""
    fields = (
        "entry_id",
        "entry__at",
        "holder__key",
        "holder__name_en",
        "holder__name_zh",
        "holder__country",
        "mass_ng",
    )
    ordered = Posting.objects.filter(sample=sample).order_by("entry_id", "line").values_list(*fields)
    found = list(ordered[: STAYS_MOST + 1])
    custody = _Custody()
    for (entry, at), lines in groupby(found[:STAYS_MOST], key=lambda row: row[:2]):
        held = ((Whom(row[2], Words(row[3], row[4]), row[5]), row[6]) for row in lines)
        custody.take(entry, at, (one for one in held if one[0].root in CUSTODIANS))
    stays = sorted([*custody.ended, *custody.open.values()], key=lambda one: (one.entry, one.whom.key))
    return tuple(stays), len(found) <= STAYS_MOST


def _touches(sample: Sample, before: int | None) -> tuple[tuple[Touch, ...], int | None]:
    """Return a page of the entries that touch the sample, newest first, and where the next page begins."""
    touching = Posting.objects.filter(sample=sample)
    if before is not None:
        touching = touching.filter(entry__lt=before)
    ids = list(
        touching.order_by("-entry_id").values_list("entry_id", flat=True).distinct()[: ENTRIES_PAGE + 1]
    )
    signed = Checkpoint.objects.order_by("-size").values_list("size", flat=True).first() or 0
    entries = list(Entry.objects.filter(index__in=ids[:ENTRIES_PAGE]).order_by("-index"))
    lines = {entry.index: lines_of(entry.text, sample.number) for entry in entries}
    known = whoms({line.holder for of_one in lines.values() for line in of_one})
    found = tuple(
        Touch(
            entry.index,
            entry.at,
            entry.kind,
            tuple(Change(known[line.holder], line.mass_ng) for line in lines[entry.index]),
            is_proven=entry.index < signed,
        )
        for entry in entries
    )
    return found, ids[ENTRIES_PAGE - 1] if len(ids) > ENTRIES_PAGE else None


def lines_of(text: str, number: str) -> tuple[Line, ...]:
    """Return the postings of an entry's text that touch one sample."""
    act = book.parse(text)
    return tuple(line for line in act.postings if line.sample == number) if isinstance(act, Act) else ()
