"""Shapes of what the reading desk answers: an article, its claims, and what the register knows of each."""

from __future__ import annotations

from enum import StrEnum

from ninja import Field, Schema

from aliquot.reading.judging import Verdict

# Shapes have one name in the whole document.
ReadingVerdict = StrEnum("ReadingVerdict", [(one.name, one.value) for one in Verdict])


class ArticleClaim(Schema):
    """One checkable statement of a sentence; places count characters of the text."""

    predicate: str
    subject: str
    object: str | None = None
    value: float | None = None
    unit: str | None = Field(None, description="g, Ma, USD or count.")
    date: str | None = Field(None, description="YYYY, YYYY-MM, YYYY-MM-DD, or two of these with a slash.")
    place: str | None = None
    mission: str | None = None
    quote: str
    start: int
    end: int
    hedge: str = Field(description="asserted, reported, denied, planned or opinion.")
    verdict: ReadingVerdict
    facts: list[str] = Field(alias="register", description="Keys of the facts that the verdict rests on.")
    because: str


class ArticleRead(Schema):
    """An article as it was read; `text` is given where it was taken out of HTML or a PDF."""

    file: str
    language: str
    sentences: int
    claims: list[ArticleClaim]
    text: str | None = None
