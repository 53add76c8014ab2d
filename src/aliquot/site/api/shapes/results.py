"""Shapes of results: analyses, measured values, derived ages."""

from __future__ import annotations

from typing import Any

from ninja import Field, Schema

from aliquot.site.api.shapes import MassNg


class ValueShape(Schema):
    """One value, as the laboratory wrote it."""

    analyte: str
    value: str = Field(description="As written; < before a detection limit.")
    unit: str
    uncertainty: str | None
    level: str | None = Field(description="1s, 2s, 95% or se")
    kind: str | None = Field(description="absolute or percent")
    sd: str | None = Field(description="One standard deviation in the unit, as a decimal.")


class RawShape(Schema):
    """A file as the instrument wrote it."""

    name: str
    sha256: str
    size_bytes: int


class CitedShape(Schema):
    """Where it was published."""

    citation: str
    doi: str | None
    year: int | None


class AnalysisShape(Schema):
    """One analysis of one split."""

    analysis: str
    origin: str = Field(description="facility or literature")
    sample: str
    label: str
    material: str
    method: str
    instrument: str
    laboratory: str
    standards: str
    measured_on: str | None
    consumed_ng: MassNg
    entry: int | None = Field(description="The entry of what it used up.")
    supersedes: str | None
    publication: CitedShape | None
    raw_files: list[RawShape]
    values: list[ValueShape]


class AgeShape(Schema):
    """One derived age, with request and answer as they were kept."""

    age: str
    title: str
    task: str
    clock: str | None
    age_ma: float | None
    half_width_ma: float | None
    meaning: str = Field(description="crystallisation, whole-rock, model-age, reset or not-stated")
    constants: list[str]
    version: str
    beside: str | None = Field(description="The age that this one was made from.")
    why: str | None
    request: dict[str, Any] = Field(description="What aliquot age takes.")
    answer: dict[str, Any] = Field(description="What aliquot age answered.")
    request_sha256: str
    answer_sha256: str


class ResultsShape(Schema):
    """What was measured on a sample, and the ages that rest on it."""

    citation: list[str]
    analyses: list[AnalysisShape]
    ages: list[AgeShape]


class RecordedAnalysis(Schema):
    """What was recorded."""

    analysis: str
    entry: int | None


class RecordedAge(Schema):
    """What was derived."""

    age: str
    age_ma: float | None
    half_width_ma: float | None
