"""What do the list of transfers and the page of one transfer show?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import register
from aliquot.register import KINDS, STATES, Record, Transfer
from aliquot.site.queries.register import disputes, in_force, pictures, shown, words
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.shown import Asked, Cited, Name, TransferRow

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
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class OneTransfer:
    """The page of one transfer."""

    row: TransferRow
    scope: str
    note: str
    fate_when: str
    part_of: Name | None
    parts: tuple[TransferRow, ...]
    questions: tuple[Asked, ...]
    disputes: tuple[Dispute, ...]
    earlier: Name | None
    later: Name | None
    sources: tuple[Cited, ...]


def options() -> Mapping[str, Options]:
    """Return what can be chosen, filter by filter; only what the record has."""
    record, language = in_force.record(), words.language()
    every = record.transfers.values()
    countries = {code: words.country(record, code) for one in every for code in one.countries}
    missions = {key for one in every for key in one.missions}
    years = {year for one in every for year in _years(one) if one.date.touches(year)}
    return {
        "country": sorted(countries.items(), key=lambda item: item[1]),
        "mission": [(m.key, m.name.text(language)) for m in record.missions.values() if m.key in missions],
        "kind": [(kind.value, said.text(language)) for kind, said in KINDS.items()
                 if any(one.kind is kind for one in every)],
        "year": [(str(year), str(year)) for year in sorted(years)],
        "state": [(state.value, said.text(language)) for state, said in STATES.items()],
    }  # fmt: skip


def _years(one: Transfer) -> range:
    """Return the years about a transfer's date; a bound names the year beside the one where it begins."""
    first = one.date.first or one.date.last
    last = one.date.last or one.date.first
    return range(first.year - 1, last.year + 2) if first and last else range(0)


def chosen(choice: Choice) -> tuple[Transfer, ...]:
    """Return the transfers that a choice leaves, by date."""
    return register.transfers(
        in_force.record(),
        country=choice.country,
        mission=choice.mission,
        kind=choice.kind,
        year=int(choice.year) if choice.year else None,
        state=choice.state,
    )


def flat(choice: Choice) -> list[dict[str, str]]:
    """Return what is shown as flat rows, for other programs."""
    return register.rows(chosen(choice), words.language())


def listed(choice: Choice, labels: Mapping[str, str]) -> Transfers:
    """Return the list; `labels` names the filters."""
    record, found = in_force.record(), chosen(choice)
    first = found[:ROWS_MOST]
    rows = [shown.row(record, one) for one in first]
    return Transfers(
        rows=tuple(one for one in rows if not one.is_goodwill),
        goodwill=tuple(one for one in rows if one.is_goodwill),
        summary=_summary(len(found)),
        chosen=_chosen(choice, labels),
        world=pictures.world_map(record, found, href=lambda code: _turned(choice, code)),
        timeline=pictures.time_line(found),
        csv_href=choice.address(format="csv"),
        json_href=choice.address(format="json"),
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
    record = in_force.record()
    one = record.transfers.get(key)
    if one is None:
        return None
    statements = (*register.implied(one), *record.about(key))
    parts = [other for other in record.transfers.values() if other.part_of == key]
    clashes = [disputes.show(record, found) for found in _disputes(record, one)]
    earlier, later = _neighbours(record, one)
    return OneTransfer(
        row=shown.row(record, one),
        scope=one.scope.text(words.language()),
        note=one.note.text(words.language()),
        fate_when=one.fate_date.show(words.language()) if one.fate_date else "",
        part_of=shown.subject(record, one.part_of) if one.part_of else None,
        parts=tuple(shown.row(record, part) for part in parts),
        questions=shown.questions(record, statements),
        disputes=tuple(clashes),
        earlier=earlier,
        later=later,
        sources=shown.listed(
            record,
            one.sources,
            *(said.sources for said in statements),
            *(part.sources for part in parts),
            *(side.sources for found in _disputes(record, one) for side in found.sides),
        ),
    )


def _disputes(record: Record, one: Transfer) -> list[register.Contradiction]:
    own = {one.key, *(said.key for said in record.about(one.key))}
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
