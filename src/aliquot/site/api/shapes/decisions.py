"""Shapes of what is answered about the field of a call, decisions on requests, and results."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from aliquot.site.api.shapes import MassNg


class GroupShape(Schema):
    """What came of the requests that have something in common."""

    key: str = Field(description="A country, type, material or mission; empty where it is not known.")
    requests: int
    granted: int
    asked_ng: MassNg
    granted_ng: MassNg


class ActAtShape(Schema):
    """An act on a call, and when it was done."""

    act: str
    at: datetime


class ResultShape(Schema):
    """The public result of a concluded call; a data set of schema.org where it is read as JSON-LD."""

    name: str
    identifier: str
    temporalCoverage: str  # noqa: N815 - schema.org calls it so
    policy: str
    opens: datetime
    closes: datetime
    steps: list[ActAtShape]
    requests: dict[str, int] = Field(description="submitted, withdrawn, turned_away, undecided, decided.")
    outcomes: dict[str, int] = Field(description="grant, reduce, condition, refuse, defer.")
    countries_asking: int
    countries_granted: int
    asked_ng: MassNg
    granted_ng: MassNg
    granted_share: str | None = Field(
        description="Of the requests that were decided, as a fraction such as 7/24."
    )
    mass_share: str | None = Field(description="Of the mass that was asked for, as a fraction.")
    seconds_to_decision: dict[str, int | None] = Field(description="least, median, most.")
    by: dict[str, list[GroupShape]] = Field(description="country, institution_type, material, mission.")
    granted: list[dict[str, str]] = Field(
        description="What the policy lets be named: institution with country, title."
    )


class FieldLineShape(Schema):
    """A line of a request against the stock."""

    line: int
    sample: str
    kind: str
    least_ng: MassNg
    wanted_ng: MassNg
    free_ng: MassNg | None
    promised_ng: MassNg


class LevelShape(Schema):
    """What a level decided."""

    level: str
    outcome: str
    granted_ng: list[MassNg]
    at: datetime


class FieldRow(Schema):
    """One request before the panel. Where whoever asks stands aside, `hidden` says so and the rest of it is null or empty."""

    request: str
    title: str
    state: str
    hidden: str = Field(description="own, aside, unscored, or empty.")
    rank: int | None
    normalised: str | None = Field(description="A share of the scale as a fraction.")
    raw: str | None
    spread: str | None
    disagree: bool
    reviews: dict[str, int]
    stand_aside: list[str] = Field(description="Keys of people.")
    law: str | None
    law_decision: str | None
    lines: list[FieldLineShape]
    decisions: list[LevelShape]
    due: str | None


class FieldShape(Schema):
    """The field of a call, best first."""

    call: str
    state: str
    items: list[FieldRow]


class DecidedShape(Schema):
    """A decision that was recorded."""

    request: str
    level: str
    order: int
    state: str = Field(description="How the request stands now.")
