"""Shapes of what is answered about the law: instruments on file, and what they say of given facts."""

from __future__ import annotations

from enum import StrEnum

from ninja import Field, Schema

from aliquot.law_text import TextStatus
from aliquot.site.api.shapes import WordsShape
from aliquot.verdicts import Verdict

# Shapes have one name in the whole document.
LawText = StrEnum("LawText", [(one.name, one.value) for one in TextStatus])
LawVerdict = StrEnum("LawVerdict", [(one.name, one.value) for one in Verdict])


class InstrumentShape(Schema):
    """One statute, rule, policy or treaty as a dated file."""

    instrument: str = Field(description="Its key, such as us/wolf.")
    title: WordsShape
    force: str
    binding: bool = Field(description="One that does not bind gives advice, never a verdict.")
    researched: bool = Field(description="False: nobody has read this law; it decides nothing.")
    reviewed_by: str | None
    versions: list[str] = Field(description="The versions on file, in order.")
    sha256: str = Field(description="Hash of the file, as answers repeat it.")


class VersionShape(Schema):
    """One dated state of an instrument; a window is from a day to before another."""

    version: str
    cite: str
    text: LawText = Field(description="How well its text is known.")
    first: str | None = Field(description="The first day, where a day chooses the version.")
    until: str | None = Field(description="The day before which it ends; null while it lasts.")
    money_years: list[int] = Field(description="The US fiscal years, where money chooses the version.")
    enacted: str | None
    printed_expiry: str | None
    notice_days: int | None
    sentences: list[str] = Field(description="What it says, as sentences in English.")


class StateShape(Schema):
    """A State that is in: shown, and never decided on."""

    place: str = Field(description="ISO 3166-1 alpha-2.")
    since: str
    until: str | None
    verified: bool = Field(description="Whether the days were verified.")


class InstrumentWhole(InstrumentShape):
    """An instrument with its versions, members, sources, and what was not verified."""

    chosen_by: str = Field(description="The fact by which the version is chosen.")
    not_verified: list[WordsShape]
    versions_in_full: list[VersionShape]
    members: list[StateShape]
    sources: list[str]
    notice: WordsShape


class InstrumentList(Schema):
    """Every instrument on file, by key."""

    items: list[InstrumentShape]
    vocabulary: str = Field(description="Hash of the questions and words.")
    notice: WordsShape


class ConditionShape(Schema):
    """What must still be done."""

    who: str
    what: str
    by_date: str | None = Field(description="The last good day; null where there is none.")


class MissingShape(Schema):
    """What is not known and can change the verdict; `law:...` is a text that is not on file."""

    key: str
    ask: str
    leads_to: dict[str, list[LawVerdict]] = Field(
        description="For each answer the verdicts that are still possible."
    )


class DisputedShape(Schema):
    """A reading on which the verdict depends."""

    name: str
    used: str
    gives: dict[str, LawVerdict]


class WhySentence(Schema):
    """A sentence, whether it holds (null: not known), and what it rests on."""

    text: str
    value: bool | None
    children: list[WhySentence]


class FindingShape(Schema):
    """What one instrument says."""

    instrument: str
    verdict: LawVerdict
    stands_now: bool | None
    version: str | None
    cite: str | None
    clauses: list[str]
    conditions: list[ConditionShape]
    missing: list[MissingShape]
    readings: list[DisputedShape]
    text_status: LawText
    reviewed_by: str | None
    explanation: WhySentence
    note: str


class ReplayShape(Schema):
    """Hashes of all that was read."""

    facts: str
    vocabulary: str
    lists: dict[str, str]
    instruments: dict[str, str]


class EligibilityShape(Schema):
    """The same answer as that of `aliquot eligible`; with the `id` of the facts, where they have one."""

    overall: LawVerdict
    stands_now: bool | None = Field(
        description="Whether it may go ahead with nothing further; null: cannot be told."
    )
    instruments: list[FindingShape]
    replay: ReplayShape
    notice: str
