"""What do the list of transfers and the page of one transfer show?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register, register_index
from aliquot.register import KINDS, Record, State, Statement, Transfer
from aliquot.register import STATES as STATES_OF_FACTS
from aliquot.register_claims import Kind
from aliquot.register_index import Role
from aliquot.site.queries.register import around, disputes, in_force, pictures, shown, tallies, words
from aliquot.site.queries.register.around import STATES, Wanted
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.shown import Asked, Cited, Name, Tied, TransferRow

Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Choice:
    """What a reader filters by; empty means everything."""

    country: str = ""
    mission: str = ""
    kind: str = ""
    year: str = ""
    state: str = ""

    def address(self, **other: str) -> str:
        """Return the list with this choice, some of it chosen otherwise."""
        pairs = {field.name: getattr(self, field.name) for field in fields(self)} | other
        chosen = {name: value for name, value in pairs.items() if value}
        if day := in_force.view().day:
            chosen["as_known_on"] = day.isoformat()
        return reverse("transfers") + (f"?{urlencode(chosen)}" if chosen else "")


EVERYTHING: Final = Choice()


@dataclass(frozen=True, slots=True)
class Chosen:
    """One filter that is on, and the list without it."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Transfers:
    """The page of the list."""

    rows: tuple[TransferRow, ...]
    goodwill: tuple[TransferRow, ...]
    summary: str
    chosen: tuple[Chosen, ...]
    world: SafeString
    timeline: SafeString
    csv_href: str
    json_href: str
    facts: tuple[Transfer, ...]
    sources: tuple[Cited, ...]
    key: str = "transfers"
    title: str = ""


@dataclass(frozen=True, slots=True)
class OneTransfer:
    """The page of one transfer."""

    key: str
    title: str
    row: TransferRow
    scope: str
    note: str
    fate_when: str
    part_of: Name | None
    parts: tuple[TransferRow, ...]
    questions: tuple[Asked, ...]
    disputes: tuple[Dispute, ...]
    ties: tuple[Tied, ...]
    earlier: Name | None
    later: Name | None
    facts: tuple[Statement | Transfer, ...]
    sources: tuple[Cited, ...]


def options() -> Mapping[str, Options]:
    """Return what can be chosen, filter by filter; only what the record has."""
    record, language = around.record(STATES), words.language()
    every = in_force.shipped_on(in_force.view().day).transfers.values()
    named = tallies.named((Role.COUNTRY, Role.MISSION, Role.YEAR))
    codes = {code for one in every for code in one.countries} | named[Role.COUNTRY]
    missions = {key for one in every for key in one.missions} | named[Role.MISSION]
    years = {str(year) for one in every for year in register_index.years(one.date)} | named[Role.YEAR]
    kinds = {one.kind.value for one in every} | tallies.kinds_of_transfers().keys()
    return {
        "country": sorted(((code, words.country(record, code)) for code in codes), key=lambda item: item[1]),
        "mission": [(m.key, m.name.text(language)) for m in record.missions.values() if m.key in missions],
        "kind": [(kind.value, said.text(language)) for kind, said in KINDS.items() if kind.value in kinds],
        "year": [(year, year) for year in sorted(years)],
        "state": [(state.value, said.text(language)) for state, said in STATES_OF_FACTS.items()],
    }


def wanted(choice: Choice, most: int) -> Wanted:
    """Return the claims of transfers that a choice leaves, the earliest first."""
    where = Q(kind=Kind.TRANSFER.value)
    named = ((Role.COUNTRY, choice.country), (Role.MISSION, choice.mission), (Role.YEAR, choice.year))
    for role, key in named:
        if key:
            where &= around.mentions(role, [key])
    if choice.kind:
        where &= Q(says=choice.kind)
    if choice.state:
        superseded = Q(superseded=True)
        refuted = choice.state == State.REFUTED.value
        where &= Q(state=choice.state) | superseded if refuted else Q(state=choice.state) & ~superseded
    return Wanted(where, ("sort", "number"), most)


def chosen_of(record: Record, choice: Choice) -> tuple[Transfer, ...]:
    """Return those of a record that a choice leaves, by date."""
    return register.transfers(
        record,
        country=choice.country,
        mission=choice.mission,
        kind=choice.kind,
        year=int(choice.year) if choice.year else None,
        state=choice.state,
    )


def chosen(choice: Choice) -> tuple[Transfer, ...]:
    """Return all transfers that a choice leaves, by date."""
    with around.whole():
        return chosen_of(around.record(wanted(choice, ROWS_MOST)), choice)


def flat(choice: Choice) -> list[dict[str, str]]:
    """Return what is shown as flat rows, for other programs."""
    return register.rows(chosen(choice), words.language())


def listed(choice: Choice, labels: Mapping[str, str]) -> Transfers:
    """Return the list; `labels` names the filters."""
    asked = wanted(choice, ROWS_MOST)
    record = around.record(asked, STATES)
    found = chosen_of(record, choice)
    first = found[: around.most(ROWS_MOST)]
    rows = [shown.row(record, one) for one in first]
    shipped = [one for one in found if not one.key.startswith("claim-")]
    return Transfers(
        rows=tuple(one for one in rows if not one.is_goodwill),
        goodwill=tuple(one for one in rows if one.is_goodwill),
        summary=_summary(len(shipped) + around.count(asked.where)),
        chosen=_chosen(choice, labels),
        world=pictures.world_map(
            record,
            tallies.countries(shipped, asked.where),
            tallies.ways(shipped, asked.where),
            href=lambda code: _turned(choice, code),
        ),
        timeline=pictures.time_line(first),
        csv_href=choice.address(format="csv"),
        json_href=choice.address(format="json"),
        facts=first,
        title=_("Transfers"),
        sources=shown.listed(record, *(one.sources for one in first)),
    )


ROWS_MOST: Final = 200  # more are reached by the filters, and all are in the files


def _summary(count: int) -> str:
    said = ngettext("One transfer", "%(n)d transfers", count) % {"n": count}
    if count <= ROWS_MOST:
        return said
    return said + _("; the first %(n)d are shown, all are in the files") % {"n": ROWS_MOST}


def _turned(choice: Choice, country: str) -> str:
    """Return the list of one country, or without it where it is chosen already."""
    return choice.address(country="" if choice.country == country else country) + "#results"


def _chosen(choice: Choice, labels: Mapping[str, str]) -> tuple[Chosen, ...]:
    known = options()
    return tuple(
        Chosen(labels[name], dict(known[name])[value], choice.address(**{name: ""}))
        for name, value in ((field.name, getattr(choice, field.name)) for field in fields(choice))
        if value
    )


def page(key: str) -> OneTransfer | None:
    """Return the page of a transfer, or None when the record has none by that key."""
    one = around.record(keys=[key]).transfers.get(key)
    if one is None:
        return None
    part_of = Wanted(around.mentions(Role.PART_OF, [key]), ("sort", "number"))
    record = around.record(*_beside(one), part_of, about=[key], keys=[key, one.part_of])
    one = record.transfers[key]
    statements = register.about(record, key)
    parts = [other for other in record.transfers.values() if other.part_of == key]
    clashes = _disputes(record, one)
    earlier, later = _neighbours(record, one)
    return OneTransfer(
        key=key,
        title=one.title.text(words.language()),
        row=shown.row(record, one),
        scope=one.scope.text(words.language()),
        note=one.note.text(words.language()),
        fate_when=one.fate_date.show(words.language()) if one.fate_date else "",
        part_of=shown.subject(record, one.part_of) if one.part_of else None,
        parts=tuple(shown.row(record, part) for part in parts),
        questions=shown.questions(record, statements),
        disputes=tuple(disputes.show(record, found) for found in clashes),
        ties=shown.ties_of(record, key, *(said.key for said in statements)),
        earlier=earlier,
        later=later,
        facts=(one, *statements, *parts),
        sources=shown.listed(
            record,
            one.sources,
            *(said.sources for said in statements),
            *(part.sources for part in parts),
            *(side.sources for found in clashes for side in found.sides),
        ),
    )


def _beside(one: Transfer) -> tuple[Wanted, Wanted]:
    """Return the claims of transfers next to one by date: several, of which one may be at the same place."""
    every, sort = Q(kind=Kind.TRANSFER.value) & ~Q(key=one.key), register_index.order(one.date)
    return (
        Wanted(every & Q(sort__lte=sort), ("-sort", "-number"), NEIGHBOURS_MOST),
        Wanted(every & Q(sort__gte=sort), ("sort", "number"), NEIGHBOURS_MOST),
    )


NEIGHBOURS_MOST: Final = 12


def _disputes(record: Record, one: Transfer) -> list[register.Contradiction]:
    own = {one.key, *(said.key for said in register.about(record, one.key))}
    return [
        found
        for found in register.contradictions(record)
        if found.about == one.key or any(own & set(side.facts) for side in found.sides)
    ]


def _neighbours(record: Record, one: Transfer) -> tuple[Name | None, Name | None]:
    keys = list(record.transfers)
    at = keys.index(one.key)
    earlier = shown.subject(record, keys[at - 1]) if at else None
    later = shown.subject(record, keys[at + 1]) if at + 1 < len(keys) else None
    return earlier, later
