"""What does an instrument say? Its versions, clauses, what lifts them, readings in dispute; as values.

A version is in force from its first day to before its last, or for the money of its fiscal years. Each version has its
own rule: what a later year added does not occur in the rule of an earlier one. Knows no file (see `law_read`) and
decides nothing (see `eligibility`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from aliquot.conditions import AllOf, AnyOf, Condition, Not
from aliquot.law_words import Vocabulary
from aliquot.vocabulary import NO_WORDS, Words

NOT_LEGAL_ADVICE: Final = Words(
    "This is an aid for the officer who decides; it is not legal advice, and no lawyer has signed the files it rests on.",
    "本结果仅供作出决定的人员参考，不构成法律意见；所依据的文件尚无律师签署。",
)


class TextStatus(StrEnum):
    """How well the text of a version is known, the best first."""

    QUOTED = "quoted"
    REPORTED = "reported"
    UNVERIFIED = "unverified"


class Effect(StrEnum):
    """What a clause does where its condition holds."""

    FORBIDS = "forbids"
    ALLOWS = "allows"
    ADVISES = "advises"
    UNSETTLED = "unsettled"  # the law on file does not answer


class Picks(StrEnum):
    """By which fact an instrument's version is chosen."""

    ACTS_ON = "acts_on"
    MONEY = "money_years"
    LIST = "restricted_list_date"


@dataclass(frozen=True, slots=True)
class Clause:
    """One paragraph; an unsettled one names the key that is missing: a fact, or a text as `law:...`."""

    key: str
    cite: str
    effect: Effect
    says: Words
    when: Condition
    lifted_by: tuple[str, ...] = ()
    missing: str = ""
    ask: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Duty:
    """Who must do what for a lift to hold."""

    who: Words
    what: Words


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that a lift requires, and whose duty it is where it has a duty of its own."""

    that: Condition
    duty: Duty | None = None


@dataclass(frozen=True, slots=True)
class Lift:
    """What takes a bar away, and while when (`still`) it can still be had; no requirements: it is never known here."""

    key: str
    cites: tuple[str, ...]
    says: Words
    requires: tuple[Requirement, ...]
    holds: Condition
    still: Condition
    duty: Duty | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One side of a disputed reading: a clause bites only with another, or a condition takes the matter out."""

    name: str
    says: Words
    clause: str = ""
    only_with: str = ""
    takes_out: Condition | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """A disputed point with its options; the used one is first."""

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A clause as it is decided under one choice of readings: when it bites, when lifted, while when that can be had."""

    clause: Clause
    lifts: tuple[Lift, ...]
    engaged: Condition
    lifted: Condition
    still: Condition


@dataclass(frozen=True, slots=True)
class Rule:
    """What one version says; two versions that say the same have equal rules.

    `bars` are its clauses under the used readings, `others` under each other option, the rest as used.
    """

    clauses: tuple[Clause, ...] = ()
    lifts: tuple[Lift, ...] = ()
    readings: tuple[Reading, ...] = ()
    notice_days: int | None = None
    bars: tuple[Bar, ...] = ()
    others: tuple[tuple[Reading, Option, tuple[Bar, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """One dated state of an instrument; not `is_on_file` where only the lack of it is known."""

    key: str
    cite: str
    text: TextStatus
    rule: Rule
    first: date | None = None
    until: date | None = None
    money_years: tuple[int, ...] = ()
    enacted: date | None = None
    printed_expiry: date | None = None
    is_on_file: bool = True
    line: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A State that is in, from a day and perhaps to before another."""

    place: str
    since: date
    until: date | None = None
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class Instrument:
    """One dated legal text with everything that is said of it."""

    key: str
    title: Words
    force: str
    is_binding: bool
    is_researched: bool
    reviewed_by: str | None
    not_verified: tuple[Words, ...]
    picks: Picks
    versions: tuple[Version, ...]
    members: tuple[Member, ...]
    sources: tuple[str, ...]
    sha256: str

    def version(self, key: str) -> Version | None:
        return next((version for version in self.versions if version.key == key), None)


@dataclass(frozen=True, slots=True)
class Law:
    """The vocabulary and every instrument that is written in it, by key."""

    vocabulary: Vocabulary
    instruments: Mapping[str, Instrument]


def rule(
    clauses: tuple[Clause, ...],
    lifts: tuple[Lift, ...],
    readings: tuple[Reading, ...],
    notice_days: int | None,
) -> Rule:
    """Return the rule with its bars worked out for every reading."""
    used = [reading.options[0] for reading in readings]
    others = tuple(
        (reading, option, _bars(clauses, lifts, [*used[:index], option, *used[index + 1 :]]))
        for index, reading in enumerate(readings)
        for option in reading.options[1:]
    )
    return Rule(clauses, lifts, readings, notice_days, _bars(clauses, lifts, used), others)


def _bars(clauses: tuple[Clause, ...], lifts: tuple[Lift, ...], options: Iterable[Option]) -> tuple[Bar, ...]:
    found = []
    for clause in clauses:
        own = tuple(lift for name in clause.lifted_by for lift in lifts if lift.key == name)
        engaged = [clause.when]
        for option in options:
            if option.clause == clause.key:
                engaged += [other.when for other in clauses if other.key == option.only_with]
            if option.takes_out is not None:
                engaged.append(Not(option.takes_out))
        found.append(Bar(
            clause, own, engaged[0] if len(engaged) == 1 else AllOf(tuple(engaged)),
            AnyOf(tuple(lift.holds for lift in own)), AnyOf(tuple(lift.still for lift in own)),
        ))  # fmt: skip
    return tuple(found)


def fiscal_year(ordinal: int) -> int:
    """Return the US fiscal year of a day: it begins on 1 October of the year before."""
    day = date.fromordinal(min(max(ordinal, 1), date.max.toordinal()))
    return day.year + (day.month >= 10)


def first_day_of(year: int) -> int:
    """Return the ordinal of a fiscal year's first day."""
    return date(year - 1, 10, 1).toordinal()
