"""How is a fact of the record shown? Frozen values in the active language; a template only places them.

Every value carries its sources. Chooses nothing: which statement is best supported is asked of `register.best`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta, timezone
from typing import Final

from django.urls import reverse

from aliquot import mass, register, ties
from aliquot.dates import When
from aliquot.register import (
    FATES,
    KINDS,
    SAYS,
    Fate,
    Mission,
    Party,
    PartyKind,
    Record,
    Round,
    Source,
    Statement,
    Transfer,
    amount_text,
)
from aliquot.site.queries.register import words

# The zone in which a mission's country counts its hours, where it has but one.
_ZONES: Final = {"CN": timezone(timedelta(hours=8))}


@dataclass(frozen=True, slots=True)
class Name:
    """A name in the active language, and in its own script where that differs."""

    text: str
    own: str = ""
    own_language: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Cited:
    """A source as pages list it."""

    key: str
    title: str
    language: str
    publisher: str
    published: str
    grade: str
    address: str


@dataclass(frozen=True, slots=True)
class Said:
    """A statement in words."""

    key: str
    says: str
    value: str
    local: str
    part: str
    scope: str
    when: str
    state: str
    grade: str
    derived: str
    note: str
    sources: tuple[Cited, ...]
    place: str = ""
    is_best: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is said in answer to one question; `best` is None when nobody says so in a source."""

    says: str
    part: str
    best: Said | None
    others: tuple[Said, ...]
    reason: str

    @property
    def every(self) -> tuple[Said, ...]:
        return ((self.best,) if self.best else ()) + self.others


@dataclass(frozen=True, slots=True)
class Tied:
    """Another fact with which somebody tied this one, and how."""

    how: str
    name: Name


@dataclass(frozen=True, slots=True)
class TransferRow:
    """A transfer as a line of a table; `mass` is empty where none is known."""

    key: str
    href: str
    title: str
    kind: str
    kind_label: str
    when: str
    until: str
    giver: Name
    receiver: Name
    holder: Name
    missions: tuple[Name, ...]
    material: str
    mass: str
    mass_each: bool
    state: str
    grade: str
    fate: str
    is_fate_known: bool
    is_goodwill: bool
    sources: tuple[Cited, ...]


def name(party: Party) -> Name:
    """Return a party's name; its own only where it reads otherwise."""
    text = party.name.text(words.language())
    own = party.name_own if party.name_own.casefold() not in text.casefold() else ""
    return Name(text, own, party.language_own)


def mission_name(mission: Mission) -> Name:
    text = mission.name.text(words.language())
    own = mission.name_own if mission.name_own.casefold() != text.casefold() else ""
    return Name(text, own, mission.language_own, reverse("mission", args=[mission.key]))


def cited(record: Record, keys: Iterable[str]) -> tuple[Cited, ...]:
    """Return the sources of these keys, each once."""
    return tuple(_cited(record.sources[key]) for key in dict.fromkeys(keys) if key in record.sources)


def listed(record: Record, *groups: Iterable[str]) -> tuple[Cited, ...]:
    """Return every source of the groups once, in the order in which a reader looks for its mark."""
    keys = {key for group in groups for key in group}
    return cited(record, sorted(keys, key=by_mark))


def by_mark(key: str) -> tuple[str, int]:
    """`C2` before `C10`."""
    letters, digits = re.fullmatch(r"(\D*)(\d*)", key).groups()
    return letters, int(digits or 0)


def _cited(source: Source) -> Cited:
    return Cited(
        key=source.key,
        title=source.title,
        language=source.language,
        publisher=source.publisher,
        published=source.date.show(words.language()) if source.date.is_known else "",
        grade=source.grade.value,
        address=f"https://{source.addresses[0]}" if source.addresses else "",
    )


def said(record: Record, one: Statement, *, country: str = "") -> Said:
    """Return a statement in words; hours also as they are counted in the country."""
    language = words.language()
    return Said(
        key=one.key,
        says=SAYS[one.says].text(language),
        value=value(one),
        local=local(one.on, country) if one.on else "",
        part=one.part,
        scope=one.scope.text(language),
        when=one.date.show(language),
        state=one.state.value,
        grade=one.grade.value,
        derived=one.derived,
        note=one.note.text(language),
        sources=cited(record, one.sources),
        place=one.place.text(language),
    )


def value(one: Statement) -> str:
    """Return what is said; a place in degrees with its side of the equator and of the prime meridian."""
    if one.coordinates is None:
        return one.shown(words.language())
    return degrees(*one.coordinates)


def degrees(latitude: float, longitude: float) -> str:
    """`43.06, -51.92` -> `43.06° N, 51.92° W`, in Chinese `北纬43.06°，西经51.92°`."""
    north, east = latitude >= 0, longitude >= 0
    if words.language() == "zh":
        return f"{'北' if north else '南'}纬{abs(latitude)}°，{'东' if east else '西'}经{abs(longitude)}°"
    return f"{abs(latitude)}° {'N' if north else 'S'}, {abs(longitude)}° {'E' if east else 'W'}"


def local(when: When, country: str = "") -> str:
    """Return the minute as counted on the spot: as its source gives it, else in the country's one zone."""
    language = words.language()
    given = when.show_local(language)
    if given or not when.at or country not in _ZONES:
        return given
    return replace(when, at=when.at.astimezone(_ZONES[country])).show_local(language)


def asked(record: Record, subject: str, says: str, *, part: str = "", country: str = "") -> Asked | None:
    """Return what is said of one thing, the best supported first; None when nothing is."""
    every = register.about(record, subject, says)
    found = next((one for one in every if one.part == part and one.about == subject), None)
    if found is None:
        return None
    asks = ties.question(record, found)
    group = [
        one
        for one in every
        if (one.about == subject and one.part == part) or ties.question(record, one) == asks
    ]
    return answer(record, group, country=country)


def alike(record: Record, said: Statement) -> list[Statement]:
    """Return all statements that answer the same question as this one."""
    asks = ties.question(record, said)
    return [
        one for one in register.about(record, said.about, said.says) if ties.question(record, one) == asks
    ]


def answer(record: Record, statements: Iterable[Statement], *, country: str = "") -> Asked | None:
    """Return these statements, which all answer one question."""
    every = list(statements)
    if not every:
        return None
    best = register.best(every)
    others = [one for one in every if best is None or one is not best.statement]
    first = replace(said(record, best.statement, country=country), is_best=True) if best else None
    return Asked(
        says=SAYS[every[0].says].text(words.language()),
        part=every[0].part,
        best=first,
        others=tuple(said(record, one, country=country) for one in others),
        reason=best.reason.text(words.language()) if best else "",
    )


def questions(record: Record, statements: Iterable[Statement], *, country: str = "") -> tuple[Asked, ...]:
    """Return statements about one subject by question, in the order in which they are asked."""
    groups: dict[tuple[str, ...], list[Statement]] = {}
    for one in statements:
        asks = ties.tied_question(record, one) or ("", one.says, one.part, one.object)
        groups.setdefault(asks, []).append(one)
    answers = (answer(record, group, country=country) for group in groups.values())
    return tuple(one for one in answers if one)


def ties_of(record: Record, *keys: str) -> tuple[Tied, ...]:
    """Return the ties of facts with others, in words."""
    found = [(key, *tie) for key in keys for tie in ties.of(record, key) if tie[1] not in keys]
    return tuple(
        Tied(
            str(words.TIES[tie.value, is_back]),
            replace(subject(record, other), text=_fact_name(record, other)),
        )
        if other in record.transfers or other in record.rounds
        else Tied(
            str(words.TIES[tie.value, is_back]),
            Name(_fact_name(record, other), href=reverse("fact", args=[other])),
        )
        for _key, tie, other, is_back in dict.fromkeys(found)
    )


def _fact_name(record: Record, key: str) -> str:
    said = record.statements.get(key)
    if said is None:
        return subject(record, key).text
    return f"{subject(record, said.about).text}: {SAYS[said.says].text(words.language())}, {value(said)}"


def row(record: Record, one: Transfer) -> TransferRow:
    language = words.language()
    return TransferRow(
        key=one.key,
        href=reverse("transfer", args=[one.key]),
        title=one.title.text(language),
        kind=one.kind.value,
        kind_label=KINDS[one.kind].text(language),
        when=one.date.show(language),
        until=one.until.show(language) if one.until else "",
        giver=name(one.giver),
        receiver=name(one.receiver),
        holder=name(one.holder),
        missions=tuple(mission_name(record.missions[key]) for key in one.missions if key in record.missions),
        material=one.material.text(language),
        mass=amount_text(one.amount, language) if one.mass_ng is not None else "",
        mass_each=one.mass_ng is not None and one.receiver.kind is PartyKind.MANY,
        state=one.state.value,
        grade=one.grade.value,
        fate=FATES[one.fate].text(language),
        is_fate_known=one.fate is not Fate.UNKNOWN,
        is_goodwill=one.series == "goodwill",
        sources=cited(record, one.sources),
    )


def subject(record: Record, key: str) -> Name:
    """Return what a statement speaks of, with the page that tells of it."""
    language = words.language()
    match register.lookup(record, key):
        case Mission() as found:
            return replace(mission_name(found), own="")
        case Transfer() as found:
            return Name(found.title.text(language), href=reverse("transfer", args=[key]))
        case Round() as found:
            return Name(
                found.name.text(language), href=f"{reverse('mission', args=[found.missions[0]])}#rounds"
            )
        case Party() as found:
            return replace(name(found), own="")
    if key in words.LAWS:
        return Name(str(words.SUBJECTS[key]), href=reverse("law-instrument", args=words.LAWS[key].split("/")))
    if re.fullmatch("[A-Z]{2}", key):
        return Name(words.country(record, key))
    return Name(str(words.SUBJECTS.get(key) or words.OBJECTS.get(key, key)))


def weight(mass_ng: int) -> str:
    """Return the mass in kilograms from one on, else as `mass.show` does."""
    kilogram_ng = mass.UNITS["kg"]
    if mass_ng < kilogram_ng or mass_ng % 1000:
        return mass.show(mass_ng)
    return f"{mass.grams(mass_ng // 1000)} kg"
