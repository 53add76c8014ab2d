"""Shapes of what is told and answered about acts at the bench."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

from aliquot.site.api.shapes import FaultShape, MassNg


class ColumnShape(Schema):
    """One field of an act: what may be told in it."""

    name: str
    type: str = Field(
        description="text, moment, mass, number, sample, samples, new, place, holder, person, tools, instrument, choice, lines"
    )
    label: str
    hint: str
    required: bool
    unit: str = Field(description="Of a number; empty where it has none.")
    choices: list[str]
    columns: list[ColumnShape] = Field(description="Of lines: what each row has.")


class ActShape(Schema):
    """An act at the bench and the fields that are recorded of it."""

    kind: str
    group: str
    label: str
    purpose: str
    ledger: list[str] = Field(description="The kinds of entry that it may write.")
    touches: bool = Field(description="On a sealed sample it wants approvals first.")
    fields: list[ColumnShape]


class ActsShape(Schema):
    """Every act."""

    items: list[ActShape]


class RecordedShape(Schema):
    """What was recorded."""

    handling: int
    entry: int | None = Field(description="The entry in the ledger; null where no mass moved.")
    samples: list[str] = Field(description="The numbers of new samples, in the order that they were told.")
    notes: list[FaultShape] = Field(
        description="What was recorded and wants attention, such as a balance that differs."
    )


class HandledPartShape(Schema):
    """A sample's part in an act."""

    sample: str
    part: str = Field(description="parent, daughter or handled")
    mass_ng: MassNg | None


class MetShape(Schema):
    """What a sample was exposed to in the act, for good."""

    sample: str
    agent: str
    amount: str
    minutes: int | None


class ToolShape(Schema):
    """A tool that was used, and the batch in which it was last cleaned before."""

    tool: str
    batch: str | None


class HandlingShape(Schema):
    """One act at the bench."""

    handling: int
    kind: str
    at: str = Field(description="When it was done, RFC 3339.")
    recorded_at: str
    by: str = Field(description="An opaque key.")
    second: str | None
    entry: int | None
    place: str | None
    reason: str
    note: str
    told: dict[str, Any] = Field(description="What was told, as it was told.")
    samples: list[HandledPartShape]
    exposures: list[MetShape]
    tools: list[ToolShape]


class HandlingPage(Schema):
    """A sample's acts, newest first."""

    items: list[HandlingShape]
    next: int | None = Field(description="Ask with `before` set to it for the next page; null at the end.")


class AnswerShape(Schema):
    """One person's yes or no."""

    by: str
    at: str
    yes: bool
    reason: str


class ProposalShape(Schema):
    """An act on a sealed sample that was proposed."""

    proposal: int
    kind: str
    sample: str
    told: dict[str, Any]
    by: str
    at: str
    needed: int
    standing: str = Field(description="waiting, approved, refused, withdrawn or done")
    answers: list[AnswerShape]
    handling: int | None
