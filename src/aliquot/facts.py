"""What is a public fact made of? Sources, statements, missions, transfers, rounds, parties.

Values only. Every fact carries its sources, a grade, a date and a scope; what is not known is a value (`When`
of precision unknown, an amount without nanograms, the state `unknown`). Knows no file (see `register_read`)
and draws no conclusion (see `register`).
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from aliquot.dates import When
from aliquot.fault import Fault
from aliquot.vocabulary import (
    COUNTED,
    NO_WORDS,
    PRECISIONS,
    RANKS,
    Fate,
    Grade,
    Kind,
    PartyKind,
    Precision,
    State,
    Words,
)


@dataclass(frozen=True, slots=True)
class Amount:
    """A mass as a source gives it; `mass_ng` is None when no source gives one."""

    text: str = ""
    mass_ng: int | None = None
    precision: Precision = Precision.STATED
    half_ng: int = 0  # half a unit of the last digit given: what the source may have rounded away

    @property
    def bounds_ng(self) -> tuple[int, int | None]:
        """The least and the greatest mass that the text allows; None is no upper bound."""
        if self.mass_ng is None or self.precision is Precision.AT_MOST:
            return 0, self.mass_ng
        if self.precision is Precision.AT_LEAST:
            return self.mass_ng, None
        # Half is rounded up: 10.5 g is what 11 g may stand for, and not 10 g.
        return max(0, self.mass_ng - self.half_ng), self.mass_ng + max(0, self.half_ng - 1)


NO_AMOUNT: Final = Amount()


def amount_text(amount: Amount, language: str = "en") -> str:
    """Return the mass as its source gives it, with how the source bounds it."""
    if amount.mass_ng is None:
        return amount.text or Words("not known", "未知").text(language)
    return f"{PRECISIONS[amount.precision].text(language)}{amount.text}"


@dataclass(frozen=True, slots=True)
class Source:
    """A page, paper or notice that facts rest on."""

    key: str
    grade: Grade
    title: str
    date: When
    publisher: str = ""
    addresses: tuple[str, ...] = ()
    language: str = ""
    note: Words = NO_WORDS
    sha256: str = ""  # of its text as archived, in hexadecimal
    taken_in: datetime.date | None = None  # when somebody proposed it; None for one of the shipped record


@dataclass(frozen=True, slots=True)
class Party:
    """A state, agency, institution, museum or person that gives, receives or holds."""

    key: str
    name: Words
    kind: PartyKind
    country: str = ""  # ISO 3166-1 alpha-2; empty for an international body or a group
    name_own: str = ""
    language_own: str = ""
    note: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a source says of one subject; exactly one of the values is given."""

    key: str
    about: str
    says: str
    sources: tuple[str, ...]
    grade: Grade
    date: When
    scope: Words
    state: State
    amount: Amount = NO_AMOUNT
    on: When | None = None
    count: int | None = None
    value: Words = NO_WORDS
    precision: Precision = Precision.STATED
    part: str = ""  # statements of different parts of a subject do not contradict each other
    object: str = ""  # whom or what else it is about: the receiver of a gift, the holder who was asked
    place: Words = NO_WORDS  # where it happened, or where the thing was, as far as the source tells
    derived: str = ""
    note: Words = NO_WORDS

    @property
    def mass_ng(self) -> int | None:
        return self.amount.mass_ng

    @property
    def coordinates(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees, north and east positive."""
        if self.says != "coordinates":
            return None
        latitude, longitude = self.value.en.split(",")
        return float(latitude), float(longitude)

    def shown(self, language: str = "en") -> str:
        """Return what is said, in words."""
        if self.amount.text:
            return amount_text(self.amount, language)
        if self.on:
            return self.on.show(language)
        if self.count is not None:
            counted = f"{PRECISIONS[self.precision].text(language)}{self.count:,}"
            return (
                COUNTED[self.says].text(language).format(count=counted, object=_kind(self.object, language))
                if self.says in COUNTED
                else counted
            )
        return self.value.text(language)


def _kind(object_: str, language: str) -> str:
    return RANKS[object_].text(language) if object_ in RANKS else object_


@dataclass(frozen=True, slots=True)
class Mission:
    """A mission that brought lunar material to Earth; what is said of it are its statements."""

    key: str
    name: Words
    country: str
    agency: Party
    name_own: str = ""
    language_own: str = ""
    statements: tuple[Statement, ...] = ()
    note: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Transfer:
    """Who gave, lent or exchanged what, as a claim."""

    key: str
    series: str  # "transfer", or "goodwill" for one case out of the two series of goodwill gifts
    kind: Kind
    title: Words
    date: When
    giver: Party
    receiver: Party
    holder: Party
    missions: tuple[str, ...]
    material: Words
    sources: tuple[str, ...]
    grade: Grade
    scope: Words
    state: State
    fate: Fate
    amount: Amount = NO_AMOUNT
    until: When | None = None
    fate_date: When | None = None
    part_of: str = ""
    persons: tuple[str, ...] = ()  # who in office gave or received, as parties
    note: Words = NO_WORDS
    statements: tuple[Statement, ...] = ()

    @property
    def mass_ng(self) -> int | None:
        return self.amount.mass_ng

    @property
    def countries(self) -> tuple[str, ...]:
        """The countries of giver, receiver and holder, each once."""
        return tuple(dict.fromkeys(p.country for p in (self.giver, self.receiver, self.holder) if p.country))


@dataclass(frozen=True, slots=True)
class Round:
    """One round of lending by the keeper of the Chang'e samples."""

    key: str
    name: Words
    date: When
    missions: tuple[str, ...]
    sources: tuple[str, ...]
    grade: Grade
    scope: Words
    state: State
    amount: Amount = NO_AMOUNT
    international: bool = False
    offered: int | None = None
    applications: int | None = None
    approved: int | None = None
    people: int | None = None
    institutions: int | None = None
    lots: int | None = None
    derived: str = ""
    note: Words = NO_WORDS
    statements: tuple[Statement, ...] = ()

    @property
    def mass_ng(self) -> int | None:
        return self.amount.mass_ng


@dataclass(frozen=True, slots=True)
class FlowStep:
    """One declared branch of a mission's mass: the sum of the facts named, or the rest of its parent."""

    key: str
    parent: str
    name: Words
    kind: str
    facts: tuple[str, ...] = ()
    is_rest: bool = False
    is_open: bool = False  # known to exist, but its mass within this mission is not published
    note: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Clash:
    """A declared contradiction between sums of facts that share no subject."""

    key: str
    title: Words
    left: tuple[str, ...]
    right: tuple[str, ...]
    gap: Amount
    note: Words = NO_WORDS


@dataclass(frozen=True)
class Record:
    """Everything that the files say, with the faults found in reading them."""

    sources: Mapping[str, Source]
    parties: Mapping[str, Party]
    missions: Mapping[str, Mission]
    transfers: Mapping[str, Transfer]
    rounds: Mapping[str, Round]
    statements: Mapping[str, Statement]
    flows: Mapping[str, tuple[FlowStep, ...]]
    clashes: tuple[Clash, ...]
    faults: tuple[Fault, ...] = ()
    # Of claims alone: with which other facts each is tied, and how; see `ties`.
    ties: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)

    def about(self, subject: str, says: str = "") -> tuple[Statement, ...]:
        """Return what is said of a subject, or only what is said with one predicate."""
        every = self._by_subject.get(subject, ())
        return tuple(one for one in every if says in ("", one.says))

    @cached_property
    def _by_subject(self) -> Mapping[str, list[Statement]]:
        found: dict[str, list[Statement]] = {}
        for one in self.statements.values():
            found.setdefault(one.about, []).append(one)
        return found

    @cached_property
    def memo(self) -> dict[str, object]:
        """What was worked out of this record already, under the name of who did."""
        return {}

    def facts(self) -> Iterator[Statement | Transfer | Round]:
        """Yield every fact that must have source, grade, date and scope."""
        yield from self.statements.values()
        yield from self.transfers.values()
        yield from self.rounds.values()
