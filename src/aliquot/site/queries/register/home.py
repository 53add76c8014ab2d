"""What does the home page show? What was brought back, what became of it, and what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register
from aliquot.register import KINDS, Fate, Mission, Record, State, Transfer
from aliquot.site.queries.register import flows, pictures, shown, words
from aliquot.site.queries.register.flows import FlowShown
from aliquot.site.queries.register.pictures import Disc
from aliquot.site.queries.register.shown import Asked, Cited, Dispute, Name

FLOW: Final = "change-5"
# Contradictions that the home page tells in full; all of them are on their own page.
TOLD: Final = (
    "luna-20.returned_mass", "distributed-total", "apollo.returned_mass", "cologne-and-international-total",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MissionRow:
    """What is said of one mission."""

    key: str
    name: Name
    site: Asked | None
    coordinates: Asked | None
    landing: Asked | None
    earth_return: Asked | None
    mass: Asked | None


@dataclass(frozen=True, slots=True)
class Programme:
    """The missions of one programme and their total."""

    key: str
    label: str
    agency: Name
    total: Asked | None
    missions: tuple[MissionRow, ...]


@dataclass(frozen=True, slots=True)
class Count:
    """How many transfers are of one kind."""

    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class NotKnown:
    """One thing that no source found tells, and where it is missing."""

    text: str
    about: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Home:
    """The home page."""

    moons: tuple[Disc, ...]
    total: Asked | None
    programmes: tuple[Programme, ...]
    flow: FlowShown | None
    kinds: tuple[Count, ...]
    transfers: int
    not_known: tuple[NotKnown, ...]
    disputes: tuple[Dispute, ...]
    other_disputes: int
    sources: tuple[Cited, ...]


def page() -> Home:
    """Return the home page."""
    record = register.load()
    programmes = _programmes(record)
    total = shown.asked(record, "all-missions", "returned_mass")
    flow = flows.of(record, FLOW)
    clashes = {one.key: one for one in register.contradictions(record)}
    told = [shown.dispute(record, clashes[key]) for key in TOLD if key in clashes]
    single = [one for one in record.transfers.values() if one.series == "transfer"]
    return Home(
        moons=pictures.moons(record),
        total=total,
        programmes=programmes,
        flow=flow,
        kinds=_kinds(single),
        transfers=len(record.transfers),
        not_known=tuple(_not_known(record, single)),
        disputes=tuple(told),
        other_disputes=len(clashes) - len(told),
        sources=_sources(record, _answers(programmes, total), flow=flow, told=told),
    )


def _programmes(record: Record) -> tuple[Programme, ...]:
    groups: dict[str, list[Mission]] = {}
    for mission in record.missions.values():
        groups.setdefault(mission.key.rpartition("-")[0], []).append(mission)
    return tuple(
        Programme(
            key=key,
            label=str(words.PROGRAMMES.get(key, key)),
            agency=shown.name(missions[0].agency),
            total=shown.asked(record, key, "returned_mass"),
            missions=tuple(_mission_row(record, one) for one in missions),
        )
        for key, missions in groups.items()
    )


def _mission_row(record: Record, one: Mission) -> MissionRow:
    def asked(says: str) -> Asked | None:
        return shown.asked(record, one.key, says, country=one.country)

    return MissionRow(
        key=one.key,
        name=shown.mission_name(one),
        site=asked("site"),
        coordinates=asked("coordinates"),
        landing=asked("landing"),
        earth_return=asked("earth_return"),
        mass=asked("returned_mass"),
    )


def _kinds(single: Iterable[Transfer]) -> tuple[Count, ...]:
    counts = Counter(one.kind for one in single)
    return tuple(
        Count(said.text(words.language()), counts[kind], f"{reverse('transfers')}?kind={kind.value}")
        for kind, said in KINDS.items()
        if counts[kind]
    )


def _not_known(record: Record, single: list[Transfer]) -> Iterable[NotKnown]:
    weightless = [one for one in single if one.mass_ng is None]
    unfollowed = [one for one in single if one.fate is Fate.UNKNOWN]
    lost = [
        one for one in record.transfers.values() if one.series == "goodwill" and one.holder.key == "unknown"
    ]
    silent = [one.key for one in record.rounds.values() if one.mass_ng is None and not one.international]
    doubtful = [one for one in record.statements.values() if one.state is State.UNKNOWN]
    yield _missing(
        record,
        ngettext("The mass of one transfer.", "The mass of %(n)d transfers.", len(weightless)),
        [one.key for one in weightless],
    )
    yield _missing(
        record,
        ngettext("What became of one transfer.", "What became of %(n)d transfers since.", len(unfollowed)),
        [one.key for one in unfollowed],
    )
    yield _missing(
        record,
        ngettext("Where one goodwill gift is today.", "Where %(n)d goodwill gifts are, of those told one by one.",
                 len(lost)),
        [one.key for one in lost],
    )  # fmt: skip
    yield _missing(
        record,
        ngettext("The mass of one round of lending.", "The mass of %(n)d rounds of lending.", len(silent)),
        silent,
    )
    for mission in record.flows:
        yield from _open_branches(record, mission)
    for one in doubtful:
        text = _("%(says)s of %(value)s: told, but no source was found.")
        about = shown.said(record, one)
        yield NotKnown(text % {"says": about.says, "value": about.value}, (shown.subject(record, one.about),))


def _missing(record: Record, text: str, keys: list[str]) -> NotKnown:
    return NotKnown(text % {"n": len(keys)}, tuple(shown.subject(record, key) for key in keys))


def _open_branches(record: Record, mission: str) -> Iterable[NotKnown]:
    """Yield the branches of a flow whose mass is not published."""
    flow = register.flow(record, mission)
    for step in flow.open if flow else ():
        text = _("The mass of this branch: %(name)s. %(note)s")
        language = words.language()
        said = text % {"name": step.name.text(language), "note": step.note.text(language)}
        yield NotKnown(said, (shown.subject(record, mission),))


def _answers(programmes: Iterable[Programme], total: Asked | None) -> list[Asked]:
    found = [total, *(one.total for one in programmes)]
    for programme in programmes:
        for row in programme.missions:
            found += [row.site, row.coordinates, row.landing, row.earth_return, row.mass]
    return [one for one in found if one]


def _sources(
    record: Record, answers: Iterable[Asked], *, flow: FlowShown | None, told: Iterable[Dispute]
) -> tuple[Cited, ...]:
    keys = [source.key for one in answers for said in one.every for source in said.sources]
    keys += [source.key for branch in (flow.branches if flow else ()) for source in branch.sources]
    keys += [source.key for one in told for side in one.sides for source in side.sources]
    return shown.listed(record, keys)
