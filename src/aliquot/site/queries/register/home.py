"""What does the home page show? What was brought back, what became of it, and what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register
from aliquot.register import KINDS, Fate, Kind, Mission, Record, State, Transfer
from aliquot.site.queries.register import disputes, flows, in_force, pictures, shown, words
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.flows import FlowShown
from aliquot.site.queries.register.pictures import Disc
from aliquot.site.queries.register.shown import Asked, Cited, Name

FLOW: Final = "change-5"
NAMED_MOST: Final = 60  # of those about which something is not known, so many are named
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
    whole: str
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
    sources: tuple[Cited, ...] = ()


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
    record = in_force.record()
    programmes = _programmes(record)
    total = shown.asked(record, "all-missions", "returned_mass")
    flow = flows.of(record, FLOW)
    clashes = {one.key: one for one in register.contradictions(record)}
    told = [disputes.show(record, clashes[key]) for key in TOLD if key in clashes]
    single = [one for one in record.transfers.values() if one.series == "transfer"]
    not_known = tuple(_not_known(record, single))
    return Home(
        moons=pictures.moons(record),
        total=total,
        programmes=programmes,
        flow=flow,
        kinds=_kinds(single),
        transfers=len(record.transfers),
        not_known=not_known,
        disputes=tuple(told),
        other_disputes=len(clashes) - len(told),
        sources=_sources(record, _answers(programmes, total), flow=flow, told=told, not_known=not_known),
    )


def _programmes(record: Record) -> tuple[Programme, ...]:
    groups: dict[str, list[Mission]] = {}
    for mission in record.missions.values():
        groups.setdefault(mission.key.rpartition("-")[0], []).append(mission)
    return tuple(
        Programme(
            key=key,
            label=str(words.PROGRAMMES.get(key, key)),
            whole=shown.subject(record, key).text,
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
        Count(_kind(kind, counts[kind]), counts[kind], f"{reverse('transfers')}?kind={kind.value}")
        for kind in KINDS
        if counts[kind]
    )


def _kind(kind: Kind, count: int) -> str:
    return KINDS[kind].text(words.language()) if count == 1 else str(words.KINDS[kind.value])


def not_known(record: Record) -> tuple[NotKnown, ...]:
    """Return what no source tells."""
    single = [one for one in record.transfers.values() if one.series == "transfer"]
    return tuple(_not_known(record, single))


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
    yield from _lost_gifts(record)
    for mission in record.flows:
        yield from _open_branches(record, mission)
    yield NotKnown(_("How much of what is left is in store, and how much elsewhere."), tuple(_rests(record)))
    for transfer in record.transfers.values():
        if transfer.state is State.UNKNOWN:
            yield NotKnown(
                _("Whether it took place: no source was found."), (shown.subject(record, transfer.key),)
            )
    for one in doubtful[:NAMED_MOST]:
        text = _("%(value)s (%(says)s): told, but no source was found.")
        about = shown.said(record, one)
        subject = shown.subject(record, one.about)
        yield NotKnown(text % {"says": about.says, "value": about.value}, (subject,), about.sources)


def _missing(record: Record, text: str, keys: list[str]) -> NotKnown:
    return NotKnown(text % {"n": len(keys)}, tuple(shown.subject(record, key) for key in keys[:NAMED_MOST]))


def _lost_gifts(record: Record) -> Iterable[NotKnown]:
    """Yield how many of all goodwill gifts are unaccounted for, as far as that is told."""
    given = shown.asked(record, "goodwill-gifts", "given")
    lost = shown.asked(record, "goodwill-gifts", "unaccounted")
    if given and lost and given.best and lost.best:
        text = _("Where %(lost)s of %(given)s goodwill gifts are.")
        said = text % {"lost": lost.best.value, "given": given.best.value}
        yield NotKnown(said, (), tuple(dict.fromkeys((*lost.best.sources, *given.best.sources))))


def _open_branches(record: Record, mission: str) -> Iterable[NotKnown]:
    """Yield the branches of a flow whose mass is not published."""
    flow, language = register.flow(record, mission), words.language()
    for step in flow.open if flow else ():
        text = _("The mass of a branch: %(name)s. %(note)s")
        said = text % {"name": step.name.text(language), "note": step.note.text(language)}
        yield NotKnown(said, (shown.subject(record, mission),))


def _rests(record: Record) -> Iterable[Name]:
    """Yield what is left of each mission after every published branch."""
    for mission in record.flows:
        flow = register.flow(record, mission)
        for node in flow.nodes if flow else ():
            if node.is_rest and node.kind == "unpublished":
                name = shown.subject(record, mission)
                yield replace(name, text=f"{name.text}: {shown.weight(node.mass_ng)}")


def _answers(programmes: Iterable[Programme], total: Asked | None) -> list[Asked]:
    found = [total, *(one.total for one in programmes)]
    for programme in programmes:
        for row in programme.missions:
            found += [row.site, row.coordinates, row.landing, row.earth_return, row.mass]
    return [one for one in found if one]


def _sources(
    record: Record,
    answers: Iterable[Asked],
    *,
    flow: FlowShown | None,
    told: Iterable[Dispute],
    not_known: Iterable[NotKnown],
) -> tuple[Cited, ...]:
    found = [source for one in answers for said in one.every for source in said.sources]
    found += [source for branch in (flow.branches if flow else ()) for source in branch.sources]
    found += [source for one in told for side in one.sides for source in side.sources]
    found += [source for one in not_known for source in one.sources]
    return shown.listed(record, (source.key for source in found))
