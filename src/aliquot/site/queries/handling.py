"""What must be known before an act at the bench is decided on? Never writes; whoever decides holds the ledger's lock."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import UTC, datetime

from django.db.models import Q, QuerySet, Sum

from aliquot import book, ledger, policy
from aliquot.handling import Known, Piece, Told, Type, mentions
from aliquot.handling.known import Exposed, Gear, Spot
from aliquot.site.models import (
    Balance,
    Calibration,
    Cleaning,
    Commitment,
    Descent,
    Entry,
    Exposure,
    Handling,
    Holder,
    Instrument,
    Person,
    Sample,
    Tool,
    Weighing,
)

# Which rules hold here; the packs ship with the library.
POLICY = "cnsa"
# A container stands on a shelf in a cabinet in a room of a site: the rule of the nearest one holds.
_ABOVE = ("place", "place__parent", "place__parent__parent", "place__parent__parent__parent")


def known(told: Told, *, by: str, at: datetime) -> Known:
    """Return all that the act needs: samples, places, things and people that were named, as they are now."""
    names: dict[Type, set[str]] = defaultdict(set)
    for one in mentions(told):
        names[one.type].add(one.name)
    entry = _entry(told)
    numbers = names[Type.SAMPLE] | names[Type.SAMPLES] | names[Type.NEW]
    numbers |= {p.sample for p in entry.postings} if entry else set()
    batch = told.text("batch")
    done = told.text("at")
    return Known(
        pieces=_pieces(numbers, basis=told.text("basis"), weighed=told.kind == "adjust"),
        spots=_spots(names[Type.PLACE]),
        tools={t.key: Gear(t.key, t.material, t.retired_at is not None)
               for t in Tool.objects.filter(key__in=names[Type.TOOLS])} if names[Type.TOOLS] else {},
        instruments=_instruments(names[Type.INSTRUMENT], datetime.fromisoformat(done) if done else at),
        holders=frozenset(Holder.objects.filter(key__in=names[Type.HOLDER]).values_list("key", flat=True))
        if names[Type.HOLDER] else frozenset(),
        people=_people(names[Type.PERSON]),
        batches=frozenset(Cleaning.objects.filter(batch=batch).values_list("batch", flat=True)) if batch else frozenset(),
        policy=policy.load(POLICY),
        by=by,
        at=said(at),
        entry=entry,
    )  # fmt: skip


def said(at: datetime) -> str:
    """Return a moment as acts tell it: to the second, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _entry(told: Told) -> ledger.Entry | None:
    """Return the entry that a correction names, as the book has it."""
    number = told.number("entry") if "entry" in told.of else None
    if number is None or number != int(number):
        return None
    found = Entry.objects.filter(index=int(number)).first()
    entry = book.parse(found.text) if found else None
    return entry if isinstance(entry, ledger.Entry) else None


def _pieces(numbers: Collection[str], *, basis: str, weighed: bool) -> dict[str, Piece]:
    """Return the samples of these numbers; a number that is free is not among them."""
    rows = {row.pk: row for row in Sample.objects.filter(number__in=numbers)}
    held: dict[int, dict[str, int]] = defaultdict(dict)
    balances = Balance.objects.filter(sample__in=rows).values_list("sample_id", "holder__key", "mass_ng")
    for pk, holder, ng in balances:
        held[pk][holder] = ng
    met: dict[int, list[Exposed]] = defaultdict(list)
    exposures = Exposure.objects.filter(sample__in=rows).order_by("pk")
    for pk, own, origin, agent, met_at in exposures.values_list(
        "sample_id", "pk", "origin_id", "agent", "handling__at"
    ):
        met[pk].append(Exposed(origin or own, agent, said(met_at)))
    promises = Commitment.objects.filter(sample__in=rows, released_at=None).exclude(basis=basis or None)
    promised = dict(promises.values_list("sample_id").annotate(Sum("mass_ng")))
    newest: dict[int, tuple[int, int]] = {}
    if weighed:
        weighings = Weighing.objects.filter(sample__in=rows).order_by("at", "pk")
        newest = {pk: (ng, sd) for pk, ng, sd in weighings.values_list("sample_id", "mass_ng", "sd_ng")}
    return {
        row.number: Piece(
            number=row.number,
            form=row.form,
            condition=row.condition,
            sealed=row.sealed,
            sd_ng=row.mass_sd_ng,
            held_ng=held[pk],
            exposures=tuple(met[pk]),
            weighed_ng=newest.get(pk),
            promised_ng=promised.get(pk, 0),
        )
        for pk, row in rows.items()
    }


def _spots(names: Collection[str]) -> dict[str, Spot]:
    """Return the places of the store by the name that was told: the holder's key, or the code on the label."""
    if not names:
        return {}
    found = Holder.objects.filter(Q(key__in=names) | Q(place__code__in=names), root="place")
    spots = {}
    for holder in found.select_related(*_ABOVE):
        place = getattr(holder, "place", None)
        spot = Spot(
            holder.key,
            closed=bool(place and place.closed_at),
            materials=frozenset(_materials(place).split()),
        )
        spots |= dict.fromkeys({holder.key, place.code if place else holder.key} & set(names), spot)
    return spots


def _materials(place: object) -> str:
    while place is not None and not place.allowed_materials:
        place = place.parent
    return place.allowed_materials if place else ""


def _instruments(names: Collection[str], at: datetime) -> dict[str, Gear]:
    """Return the instruments, each with the newest calibration that it had then."""
    if not names:
        return {}
    rows = Instrument.objects.filter(key__in=names)
    newest = {one.instrument_id: one for one in
              Calibration.objects.filter(instrument__in=rows, at__lte=at).order_by("at", "pk")}  # fmt: skip
    found = {}
    for row in rows:
        last = newest.get(row.pk)
        found[row.key] = Gear(
            row.key,
            row.kind,
            row.retired_at is not None,
            last.key if last else "",
            last.sd_ng if last else None,
            overdue=bool(last and last.valid_until and last.valid_until < at.date()),
        )
    return found


def _people(keys: Iterable[str]) -> frozenset[str]:
    """Return those of the keys that somebody has who may sign in."""
    numbers = {key.removeprefix("person:"): key for key in keys}
    pks = [int(number) for number in numbers if number.isascii() and number.isdigit() and len(number) <= 18]
    found = Person.objects.filter(pk__in=pks, is_active=True) if pks else ()
    return frozenset(person.key for person in found) & frozenset(numbers.values())


# -- what was done ---------------------------------------------------------------------------------------------


def _whole() -> QuerySet[Handling]:
    """Return handlings with all that belongs to them, newest first by the time of recording."""
    return (
        Handling.objects.order_by("-pk")
        .select_related("place", "entry")
        .prefetch_related("samples__sample", "exposures__sample", "tools__tool", "tools__cleaning", "weighings__sample")
    )  # fmt: skip


def one(number: int) -> Handling | None:
    """Return one handling with its samples, exposures, tools and weighings."""
    return _whole().filter(pk=number).first()


def of_sample(number: str, *, before: int | None = None, most: int = 50) -> list[Handling]:
    """Return the newest handlings in which a sample took part, recorded before one of them where that is told."""
    rows = _whole().filter(samples__sample__number=number).distinct()
    return list((rows if before is None else rows.filter(pk__lt=before))[:most])


def exposures(number: str) -> QuerySet[Exposure]:
    """Return what a sample was exposed to, oldest first; `origin` says whether it was inherited, and from whom."""
    rows = Exposure.objects.filter(sample__number=number).order_by("handling__at", "pk")
    return rows.select_related("handling", "origin__sample")


def made_after(sample: int, at: datetime) -> list[int]:
    """Return the rows of all that was made of a sample, or of what was made of it, after a moment.

    A division counts from when it was done, where that was told, and else from when it was recorded.
    """
    found: dict[int, None] = {}
    parents = [sample]
    while parents:
        steps = Descent.objects.filter(parent__in=parents).order_by("pk")
        rows = steps.values_list("daughter_id", "entry__at", "entry__handlings__at")
        made = {pk: done or datetime.fromisoformat(recorded) for pk, recorded, done in rows}
        parents = [pk for pk, when in made.items() if when > at and pk not in found and pk != sample]
        found |= dict.fromkeys(parents)
    return list(found)


def is_sample(number: str) -> bool:
    """Say whether there is a sample of this number, published or not."""
    return Sample.objects.filter(number=number).exists()
