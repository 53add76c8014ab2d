"""Shapes of what is answered about samples. Null, or the word “unknown”, is what is not known."""

from __future__ import annotations

from enum import StrEnum

from ninja import Field, Schema

from aliquot.site.api.shapes import MassNg, Paged, WordsShape
from aliquot.site.models import Availability, Condition, Form

UNKNOWN = "unknown"
KEY = r"^[a-z0-9-]{1,30}$"
HOLDER = r"^[a-z]{1,8}:[^\s\x00-\x1f\x7f]{0,110}$"

FormName = StrEnum("FormName", [(one.name, one.value or UNKNOWN) for one in Form])
ConditionName = StrEnum("ConditionName", [(one.name, one.value or UNKNOWN) for one in Condition])
AvailabilityName = StrEnum("AvailabilityName", [(one.name, one.value) for one in Availability])


class HolderShape(Schema):
    """A holder as the public may know it."""

    kind: str = Field(
        description="place, transit, loan, given, missing, origin, drift, or spent: with what for."
    )
    name: WordsShape
    country: str | None = Field(description="ISO 3166-1 alpha-2, where there is one.")


class NamedHolder(HolderShape):
    """A holder with its opaque key, as the book has it."""

    key: str


class SampleRow(Schema):
    """A line of the catalogue; null is “not known”."""

    number: str = Field(description="As given; it is never changed or parsed to make another.")
    mission: str | None = Field(description="Key of /missions, where the record knows it.")
    material: str | None
    form: FormName
    use_class: str | None = Field(description="What the sample is kept for: a word of the facility's policy.")
    condition: ConditionName
    availability: AvailabilityName
    aggregate: bool = Field(
        description="Stands for several pieces whose numbers or masses were not published."
    )
    mass_ng: MassNg | None = Field(
        description="What still exists, wherever it is and whoever holds title to it. Null where none was recorded."
    )
    mass_sd_ng: MassNg | None = Field(description="One standard deviation of it.")
    holder: NamedHolder | None = Field(description="Who has the greatest part of it.")


class SamplePage(Schema):
    """A page of the catalogue."""

    items: list[SampleRow]
    next: str | None = Field(
        description="Cursor of the next page; null when this is the last. A page may be short."
    )


class PartShape(Schema):
    """A part of a number, as far as its pattern can be read."""

    name: str
    text: str
    meaning: str


class NameShape(Schema):
    """Another name of the sample."""

    name: str
    kind: str
    source: str | None = Field(description="Key of /sources, where there is one.")


class HeldShape(Schema):
    """So much is with this holder now."""

    holder: HolderShape
    mass_ng: MassNg


class StayShape(Schema):
    """A holder had some of the sample from one time to another."""

    holder: HolderShape
    since: str
    until: str | None = Field(description="Null: until now.")
    entry: int
    mass_ng: MassNg


class WeighingShape(Schema):
    """What a balance showed."""

    at: str
    reading: str
    mass_ng: MassNg
    sd_ng: MassNg = Field(description="One standard deviation.")
    count: int
    book_ng: MassNg = Field(description="What the ledger said then.")


class SampleShape(SampleRow):
    """All that is published of one sample."""

    system: str | None = Field(description="Whose pattern the number fits.")
    parts: list[PartShape]
    names: list[NameShape]
    subtype: str | None
    sealed: bool
    start_ng: MassNg | None = Field(description="Mass at the start.")
    start_sd_ng: MassNg | None
    pristine_percent: str | None = Field(description="A decimal as text.")
    note: WordsShape
    sources: list[str] = Field(description="Keys of /sources.")
    held: list[HeldShape]
    custody: list[StayShape] = Field(description="In the order of time.")
    is_custody_whole: bool = Field(description="False where the custody is longer than what is listed.")
    weighings: list[WeighingShape] = Field(description="The last ones.")
    daughters: int = Field(description="How many samples were made from it directly.")


class MemberShape(Schema):
    """A relative: how many generations away, below zero before it."""

    number: str
    generation: int


class StepShape(Schema):
    """In one entry, the daughter was made from the parent."""

    entry: int | None = Field(description="Null where a catalogue that was imported says so, and no entry.")
    kind: str = Field(description="split, combine or renumber.")
    parent: str
    daughter: str


class LineageShape(Schema):
    """A family as a graph, of published samples alone; up to 500 steps each way."""

    number: str
    ancestors: list[MemberShape]
    descendants: list[MemberShape]
    steps: list[StepShape]


class PostingShape(Schema):
    """Mass of the sample that came to a holder, or below zero left it."""

    entry: int
    line: int
    at: str
    kind: str
    holder: NamedHolder
    mass_ng: MassNg


class HistoryPage(Schema):
    """A page of postings, oldest first."""

    items: list[PostingShape]
    next: str | None = Field(description="Cursor of the next page; null when this is the last.")


class SampleQuestion(Paged):
    """Which samples."""

    mission: str | None = Field(None, pattern=KEY, description="Such as change-5.")
    use_class: str | None = Field(None, pattern=KEY, description="Such as research.")
    form: FormName | None = None
    condition: ConditionName | None = None
    availability: AvailabilityName | None = None
    holder: str | None = Field(None, pattern=HOLDER, description="Key of the main holder, such as place:a1.")
