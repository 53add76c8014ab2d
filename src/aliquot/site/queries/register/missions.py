"""What does the page of a mission show?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from aliquot import register
from aliquot.register import Mission, Record, Round, Statement, Transfer
from aliquot.register_index import Role
from aliquot.site.queries.register import around, disputes, flows, pictures, shown, words
from aliquot.site.queries.register.around import Wanted
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.flows import FlowShown
from aliquot.site.queries.register.pictures import Disc
from aliquot.site.queries.register.rounds import mass
from aliquot.site.queries.register.shown import Asked, Cited, Name, TransferRow
from aliquot.site.queries.register.tallies import TRANSFERS

# The order in which a reader asks; the mass has a table of its own.
_FIRST: Final = ("launch", "landing", "lift_off", "earth_return", "handover", "site", "coordinates")
_MASS: Final = "returned_mass"
# Sums over rounds, told with the rounds themselves.
_DISTRIBUTED: Final = "change-distributed"


@dataclass(frozen=True, slots=True)
class RoundRow:
    """One round of lending; what is not published is empty."""

    key: str
    label: str
    when: str
    mass: str
    mass_claim: str
    applications: int | None
    approved: int | None
    people: int | None
    institutions: int | None
    lots: int | None
    state: str
    grade: str
    note: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class OneMission:
    """The page of one mission."""

    key: str
    title: str
    name: Name
    agency: Name
    country: str
    moon: Disc | None
    mass: Asked | None
    masses: tuple[Asked, ...]
    asked: tuple[Asked, ...]
    others: tuple[Asked, ...]
    flow: FlowShown | None
    transfers: tuple[TransferRow, ...]
    rounds: tuple[RoundRow, ...]
    sums: tuple[Asked, ...]
    disputes: tuple[Dispute, ...]
    catalogue_href: str
    earlier: Name | None
    later: Name | None
    facts: tuple[Statement | Transfer, ...]
    sources: tuple[Cited, ...]


ROWS_MOST: Final = 100  # all are in the list of transfers, and in its files
DISPUTES_MOST: Final = 40


def page(key: str) -> OneMission | None:
    """Return the page of a mission, or None when the record has none by that key."""
    if key not in register.load().missions:
        return None
    shipped_rounds = [one.key for one in register.load().rounds.values() if key in one.missions]
    subjects = [key, *shipped_rounds, _DISTRIBUTED]
    wanted = Wanted(TRANSFERS & around.mentions(Role.MISSION, [key]), ("sort", "number"), ROWS_MOST)
    record = around.record(wanted, about=subjects, keys=subjects)
    one = record.missions[key]
    every = register.about(record, key)
    transfers = register.transfers(record, mission=key)[: around.most(ROWS_MOST)]
    rounds = [round_ for round_ in record.rounds.values() if key in round_.missions]
    sums = record.about(_DISTRIBUTED, "distributed_mass") if rounds else ()
    clashes = [disputes.show(record, found) for found in _disputes(record, one, rounds)[:DISPUTES_MOST]]
    flow = flows.of(record, key)
    earlier, later = _neighbours(record, key)
    return OneMission(
        key=key,
        title=one.name.text(words.language()),
        name=shown.mission_name(one),
        agency=shown.name(one.agency),
        country=words.country(record, one.country),
        moon=pictures.moon_of(record, one),
        mass=shown.asked(record, key, _MASS),
        masses=shown.questions(record, [said for said in every if said.says == _MASS]),
        asked=_asked(record, one, [said for said in every if said.says in _FIRST]),
        others=_asked(record, one, [said for said in every if said.says not in (*_FIRST, _MASS)]),
        flow=flow,
        transfers=tuple(shown.row(record, transfer) for transfer in transfers),
        rounds=tuple(_round(record, round_) for round_ in rounds),
        sums=shown.questions(record, sums),
        disputes=tuple(clashes),
        catalogue_href=f"{reverse('catalogue')}?{urlencode({'mission': key})}",
        earlier=earlier,
        later=later,
        facts=(*every, *transfers, *_said_of_rounds(record, rounds), *sums),
        sources=shown.listed(
            record,
            *(fact.sources for fact in (*every, *transfers, *rounds, *sums)),
            *((source.key for source in branch.sources) for branch in (flow.branches if flow else ())),
            *((source.key for source in side.sources) for found in clashes for side in found.sides),
        ),
    )


def _said_of_rounds(record: Record, rounds: Iterable[Round]) -> list[Statement]:
    return [said for one in rounds for said in register.about(record, one.key)]


def _asked(record: Record, one: Mission, statements: list[Statement]) -> tuple[Asked, ...]:
    """Return the answers in the order in which a reader asks; what has no such place keeps the record's."""
    order = {says: place for place, says in enumerate(_FIRST)}
    ordered = sorted(statements, key=lambda said: order.get(said.says, len(order)))
    return shown.questions(record, ordered, country=one.country)


def _round(record: Record, one: Round) -> RoundRow:
    language = words.language()
    weight, told_by, claim = mass(record, one)
    return RoundRow(
        key=one.key,
        label=one.name.text(language),
        when=one.date.show(language),
        mass=weight,
        mass_claim=claim,
        applications=one.applications,
        approved=one.approved,
        people=one.people,
        institutions=one.institutions,
        lots=one.lots,
        state=one.state.value,
        grade=one.grade.value,
        note=one.note.text(language),
        sources=shown.cited(record, (*one.sources, *told_by)),
    )


def _disputes(record: Record, one: Mission, rounds: list[Round]) -> list[register.Contradiction]:
    """Return the contradictions about a mission, its rounds, and sums of either."""
    subjects = {one.key, *(round_.key for round_ in rounds)}
    keys = subjects | {said.key for subject in subjects for said in record.about(subject)}
    return [
        found
        for found in register.contradictions(record)
        if found.about in subjects or any(keys & set(side.facts) for side in found.sides)
    ]


def _neighbours(record: Record, key: str) -> tuple[Name | None, Name | None]:
    keys = list(record.missions)
    at = keys.index(key)
    earlier = shown.subject(record, keys[at - 1]) if at else None
    later = shown.subject(record, keys[at + 1]) if at + 1 < len(keys) else None
    return earlier, later
