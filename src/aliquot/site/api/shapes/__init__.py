"""Shapes that several answers share: words in two languages, faults, mass."""

from __future__ import annotations

from typing import Annotated

from ninja import Field, Schema

from aliquot.mass import MAX_NG

MassNg = Annotated[
    int,
    Field(
        ge=-MAX_NG,
        le=MAX_NG,
        description="Nanograms, a whole number. Below 2^53 (9,007 kg) every JSON reader keeps it exactly; all of Apollo "
        "is 3.8e14. Read it as a 64-bit integer.",
    ),
]
LIMIT_MAX = 500
INDEX_MAX = 2**63 - 1


class FaultShape(Schema):
    """One thing that is wrong with what was asked."""

    where: str = Field(description="The parameter or thing that it is about.")
    what: str = Field(description="What is wrong.")
    todo: str = Field(description="What to do about it.")


class Faults(Schema):
    """Everything that is wrong with what was asked."""

    faults: list[FaultShape]


class WordsShape(Schema):
    """The same in two languages; empty where nothing is said."""

    en: str = Field(description="English.")
    zh: str = Field(description="Simplified Chinese.")


class Paged(Schema):
    """How much of a list, and from where."""

    limit: int = Field(100, ge=1, le=LIMIT_MAX, description="The most items that a page holds.")
    cursor: str | None = Field(
        None, max_length=600, description="“next” of the page before; without it the first page is answered."
    )
