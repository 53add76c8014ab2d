"""What does the home page show? What was brought back, what became of it, and what is not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register
from aliquot.register import KINDS, Fate, Kind, Mission, Record, State, Statement, Transfer
from aliquot.register_index import Role
from aliquot.site.queries.register import (
    around,
    contradictions,
    disputes,
    facts,
    flows,
    in_force,
    pictures,
    shown,
    tallies,
    words,
)
from aliquot.site.queries.register.around import Wanted
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.flows import FlowShown
from aliquot.site.queries.register.pictures import Disc
from aliquot.site.queries.register.shown import Asked, Cited, Name
from aliquot.site.queries.register.tallies import STATEMENTS, TRANSFERS

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
    facts: tuple[Statement | Transfer, ...] = ()
    key: str = "home"
    title: str = ""


def page() -> Home:
    """Return the home page."""
    subjects = _subjects()
    told_of = Wanted(Q(about__in=subjects, says__in=TOLD_OF), ("grade", "number"), 2 * around.MOST)
    shipped = [said.key for key in subjects for said in register.load().about(key) if said.says in TOLD_OF]
    record = around.record(told_of, *_open_questions(), keys=shipped)
    programmes = _programmes(record)
    total = shown.asked(record, "all-missions", "returned_mass")
    flow = flows.of(record, FLOW)
    clashes = {one.key: one for one in register.contradictions(record)}
    told = [disputes.show(record, clashes[key]) for key in TOLD if key in clashes]
    single = [one for one in _shipped(record) if one.series == "transfer"]
    not_known = tuple(_not_known(record))
    return Home(
        moons=pictures.moons(record),
        total=total,
        programmes=programmes,
        flow=flow,
        kinds=_kinds(single),
        transfers=len(in_force.shipped_on(in_force.view().day).transfers) + around.count(TRANSFERS),
        not_known=not_known,
        disputes=tuple(told),
        other_disputes=contradictions.count() - len(told),
        title=str(_("The Moon on Earth")),
        facts=facts.of(record, (said.key for one in _answers(programmes, total) for said in one.every)),
        sources=_sources(record, _answers(programmes, total), flow=flow, told=told, not_known=not_known),
    )


# What the home page tells of missions and programmes.
TOLD_OF: Final = ("returned_mass", "site", "coordinates", "landing", "earth_return", "given", "unaccounted")


def _subjects() -> list[str]:
    missions = register.load().missions
    return [*missions, *{key.rpartition("-")[0] for key in missions}, "all-missions", "goodwill-gifts"]


def _shipped(record: Record) -> list[Transfer]:
    """Return the transfers that the database does not count: those of the shipped record, as they stand in force."""
    return [one for one in record.transfers.values() if not one.key.startswith("claim-")]


def _open_questions() -> list[Wanted]:
    """Return the claims in which something is not known, of each sort so many as are named."""
    sorts = (*GAPS.values(), UNSURE, STATEMENTS & Q(state=State.UNKNOWN.value, superseded=False))
    return [Wanted(where, ("sort", "number"), NAMED_MOST) for where in sorts]


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
    counts = Counter(one.kind.value for one in single)
    counts.update(tallies.kinds_of_transfers(Q(series="transfer")))
    return tuple(
        Count(
            _kind(kind, counts[kind.value]), counts[kind.value], f"{reverse('transfers')}?kind={kind.value}"
        )
        for kind in KINDS
        if counts[kind.value]
    )


def _kind(kind: Kind, count: int) -> str:
    return KINDS[kind].text(words.language()) if count == 1 else str(words.KINDS[kind.value])


def not_known() -> tuple[NotKnown, ...]:
    """Return what no source tells."""
    return tuple(_not_known(around.record(*_open_questions(), about=["goodwill-gifts"])))


# Claims of transfers of which something is not known, by what.
GAPS: Final = {
    "mass": TRANSFERS & Q(series="transfer", mass_ng__isnull=True),
    "fate": TRANSFERS & Q(series="transfer", fate=Fate.UNKNOWN.value),
    "place": TRANSFERS & Q(series="goodwill") & around.mentions(Role.HOLDER, ["unknown"]),
}
UNSURE: Final = TRANSFERS & Q(state=State.UNKNOWN.value, superseded=False)


def _not_known(record: Record) -> Iterable[NotKnown]:
    every = record.transfers.values()
    single = [one for one in every if one.series == "transfer"]
    lost = [one for one in every if one.series == "goodwill" and one.holder.key == "unknown"]
    silent = [one.key for one in record.rounds.values() if one.mass_ng is None and not one.international]
    doubtful = [one for one in record.statements.values() if one.state is State.UNKNOWN]
    gaps = {
        "mass": [one.key for one in single if one.mass_ng is None],
        "fate": [one.key for one in single if one.fate is Fate.UNKNOWN],
        "place": [one.key for one in lost],
    }
    counts = {
        name: sum(not key.startswith("claim-") for key in keys) + around.count(GAPS[name])
        for name, keys in gaps.items()
    }
    count = counts["mass"]
    text = ngettext("The mass of one transfer.", "The mass of %(n)d transfers.", count)
    yield _missing(record, text, gaps["mass"], count)
    count = counts["fate"]
    text = ngettext("What became of one transfer.", "What became of %(n)d transfers since.", count)
    yield _missing(record, text, gaps["fate"], count)
    count = counts["place"]
    text = ngettext("Where one goodwill gift is today.", "Where %(n)d goodwill gifts are, of those told one by one.",
                    count)  # fmt: skip
    yield _missing(record, text, gaps["place"], count)
    count = len(silent)
    text = ngettext("The mass of one round of lending.", "The mass of %(n)d rounds of lending.", count)
    yield _missing(record, text, silent, count)
    yield from _lost_gifts(record)
    for mission in record.flows:
        yield from _open_branches(record, mission)
    yield NotKnown(_("How much of what is left is in store, and how much elsewhere."), tuple(_rests(record)))
    unsure = [one for one in every if one.state is State.UNKNOWN]
    for transfer in unsure[:NAMED_MOST]:
        yield NotKnown(
            _("Whether it took place: no source was found."), (shown.subject(record, transfer.key),)
        )
    for one in doubtful[:NAMED_MOST]:
        about = shown.said(record, one)
        subject = shown.subject(record, one.about)
        told = _("%(value)s (%(says)s): told, but no source was found.")
        is_asked = bool(one.value.en)  # words are a question, a figure is what somebody tells
        text = about.value if is_asked else told % {"says": about.says, "value": about.value}
        yield NotKnown(text, (subject,), about.sources)


def _missing(record: Record, text: str, keys: list[str], count: int) -> NotKnown:
    return NotKnown(text % {"n": count}, tuple(shown.subject(record, key) for key in keys[:NAMED_MOST]))


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
