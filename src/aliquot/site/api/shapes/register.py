"""Shapes of what is answered about the public record: the fields of `aliquot.register`, none left out.

Null is “not known”, or that a source does not say; an empty text is that there is none.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from ninja import Field, Schema

from aliquot import dates
from aliquot.register import Fate, Grade, Kind, PartyKind, Precision, State
from aliquot.site.api.shapes import LIMIT_MAX, MassNg, WordsShape

# Shapes have one name in the whole document; amounts have a precision of their own.
DatePrecision = StrEnum("DatePrecision", [(one.name, one.value) for one in dates.Precision])
DateBound = StrEnum("DateBound", [(one.name, one.value) for one in dates.Bound])
COUNTRY = r"^[A-Z]{2}$"
KEY = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$"


NEXT = Field(description="`cursor` of the next page; null after the last one.")


class RecordPaged(Schema):
    """How much of a list of the record, and after which key."""

    limit: int = Field(LIMIT_MAX, ge=1, le=LIMIT_MAX, description="The most items that a page holds.")
    cursor: str | None = Field(
        None, max_length=400, description="“next” of the page before; without it the first page is answered."
    )


class WhenShape(Schema):
    """A date with its precision: the event lies between `first` and `last`, as far as either is known."""

    text: str = Field(
        description="As the record writes it: 1970-09-24, 1978-05, ~1972, <2025-12, 1969-11/1970, ?"
    )
    precision: DatePrecision
    bound: DateBound
    first: str | None
    last: str | None
    utc: str | None = Field(description="The minute in UTC, where a source gives a minute.")
    local: str | None = Field(description="The minute in the zone that the source gives.")


class AmountShape(Schema):
    """A mass as a source gives it."""

    text: str
    mass_ng: MassNg | None
    precision: Precision
    half_ng: MassNg = Field(
        description="Half a unit of the last digit: what the source may have rounded away."
    )


class SourceShape(Schema):
    """A page, paper or notice that facts rest on."""

    key: str
    grade: Grade = Field(description="A official or primary, B press or institution, C derivative.")
    title: str
    date: WhenShape
    publisher: str
    addresses: list[str] = Field(description="Without the scheme.")
    language: str
    note: WordsShape
    sha256: str = Field(description="Of its text as archived, in hexadecimal; empty where it is not.")
    taken_in: str | None = Field(
        description="The day on which somebody proposed it; null in the shipped record."
    )


class CitedSource(SourceShape):
    """A source, and the facts that rest on it."""

    facts: list[str] = Field(description="Keys of transfers, rounds and statements.")
    next: str | None = NEXT


class PartyShape(Schema):
    """A state, agency, institution, museum or person that gives, receives or holds."""

    key: str
    name: WordsShape
    kind: PartyKind
    country: str = Field(description="ISO 3166-1 alpha-2; empty for an international body or a group.")
    name_own: str
    language_own: str
    note: WordsShape


class StatementShape(Schema):
    """One thing that sources say of one subject: an amount, a date, a count or words."""

    key: str
    about: str
    says: str = Field(description="What is said of it, such as returned_mass.")
    sources: list[str]
    grade: Grade
    date: WhenShape
    scope: WordsShape
    state: State
    amount: AmountShape
    on: WhenShape | None
    count: int | None
    value: WordsShape
    precision: Precision
    part: str = Field(description="Statements of different parts of a subject do not contradict each other.")
    object: str = Field(
        description="Whom or what else it is about, such as the receiver of a gift; often empty."
    )
    place: WordsShape
    derived: str = Field(description="The arithmetic, where it was derived.")
    note: WordsShape


class BestShape(Schema):
    """The best-supported statement in answer to one question, and the rule that chose it."""

    says: str
    part: str
    statement: str = Field(description="Key of a statement.")
    shown: WordsShape
    reason: WordsShape


class RoundShape(Schema):
    """A round of lending."""

    key: str
    name: WordsShape
    date: WhenShape
    missions: list[str]
    sources: list[str]
    grade: Grade
    scope: WordsShape
    state: State
    amount: AmountShape
    international: bool
    offered: int | None
    applications: int | None
    approved: int | None
    people: int | None
    institutions: int | None
    lots: int | None
    derived: str
    note: WordsShape
    statements: list[StatementShape]


class MissionShape(Schema):
    """A mission that brought lunar material to Earth, and all that is said of it."""

    key: str
    name: WordsShape
    country: str
    agency: PartyShape
    name_own: str
    language_own: str
    statements: list[StatementShape]
    note: WordsShape
    returned: BestShape | None = Field(description="The best-supported mass that it brought back.")
    returned_ng: MassNg | None


class MissionWhole(MissionShape):
    """A mission with every question's best answer, its lending rounds and its transfers."""

    best: list[BestShape]
    rounds: list[RoundShape]
    claims: list[str] = Field(description="Keys of /claims.")


class ClaimShape(Schema):
    """Who gave, lent, exchanged or showed what, as a claim; goodwill gifts case by case."""

    key: str
    series: str = Field(description="transfer, or goodwill for a case of the goodwill gifts.")
    kind: Kind
    title: WordsShape
    date: WhenShape
    giver: PartyShape
    receiver: PartyShape
    holder: PartyShape
    missions: list[str]
    material: WordsShape
    sources: list[str]
    grade: Grade
    scope: WordsShape
    state: State
    fate: Fate = Field(description="What became of the piece.")
    amount: AmountShape
    until: WhenShape | None
    fate_date: WhenShape | None
    part_of: str
    persons: list[str] = Field(description="Keys of those in office who gave or received.")
    note: WordsShape
    statements: list[StatementShape]


class SideShape(Schema):
    """One side of a contradiction."""

    shown: WordsShape
    facts: list[str]
    sources: list[str]
    grade: Grade
    mass_ng: MassNg | None


class JudgementShape(Schema):
    """The best-supported statement of a contradiction, and the rule that chose it."""

    statement: StatementShape
    reason: WordsShape


class ContradictionShape(Schema):
    """Statements that cannot all be true, side by side."""

    key: str
    about: str
    says: str
    title: WordsShape
    sides: list[SideShape]
    gap_ng: MassNg | None = Field(description="The greatest less the least mass.")
    best: JudgementShape | None
    note: WordsShape


class ClaimList(Schema):
    """Claims that meet the question, by date."""

    items: list[ClaimShape]
    next: str | None = NEXT


class MissionList(Schema):
    """All missions."""

    items: list[MissionShape]


class ContradictionList(Schema):
    """Contradictions: those of the shipped record, then those that came with claims."""

    items: list[ContradictionShape]
    next: str | None = NEXT


class SourceList(Schema):
    """Sources: the shipped ones, then those that people proposed."""

    items: list[SourceShape]
    next: str | None = NEXT


class ClaimQuestion(RecordPaged):
    """Which claims."""

    country: str | None = Field(
        None, pattern=COUNTRY, description="Of giver, receiver or holder, such as FR."
    )
    mission: str | None = Field(None, pattern=KEY, description="Such as change-5.")
    kind: Kind | None = None
    year: int | None = Field(
        None, ge=1950, le=9999, description="A date with a span meets each of its years."
    )
    state: State | None = None


class ProposalQuestion(Schema):
    """Which proposed claims."""

    about: str | None = Field(None, pattern=KEY, description="Subject of the statement, such as luna-20.")
    waiting: bool = Field(False, description="Those alone at which nobody has looked yet.")
    before: int | None = Field(None, ge=1, le=10**9, description="Those before the claim of this number.")
    most: int = Field(50, ge=1, le=200)


class ProposalSummary(Schema):
    """A claim that somebody proposed; `fact` has the fields as they were told."""

    key: str
    kind: str
    about: str
    state: str
    counts: bool = Field(
        description="Whether a second person has looked at it, so that it is part of the record."
    )
    withdrawn: bool
    fact: dict[str, Any]
    links: dict[str, list[str]]


class ProposedClaimShape(ProposalSummary):
    """A claim with the canonical text of each step; the SHA-256 of each stands in the ledger."""

    steps: list[str]


class ProposalList(Schema):
    """Claims, newest first."""

    items: list[ProposalSummary]


class Proposed(Schema):
    """What was proposed."""

    claim: str
