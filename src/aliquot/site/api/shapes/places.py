"""Shapes of what is told and answered about places and the air in them."""

from __future__ import annotations

from ninja import Field, Schema

from aliquot.site.api.shapes import MassNg, WordsShape


class PlaceShape(Schema):
    """A place of the store."""

    code: str = Field(description="What stands on its label.")
    holder: str = Field(description="The key by which the ledger calls it; it never changes.")
    kind: str = Field(description="site, room, cabinet, shelf or container.")
    name: WordsShape
    path: list[str] = Field(description="The codes of all that it stands in, the site first, then itself.")
    container_type: str
    atmosphere: str = Field(description="Its own, or that of the nearest place around it; empty if unknown.")
    allowed_materials: list[str] = Field(description="By the nearest rule; empty: no rule.")
    closed: bool
    samples: int = Field(description="How many lie in it and in all that stands in it.")
    mass_ng: MassNg


class LyingShape(Schema):
    """So much of a sample lies there."""

    number: str
    mass_ng: MassNg


class ContentsShape(Schema):
    """What lies and stands directly in a place, in pages of 50."""

    on: str | None = Field(description="When this day was over, in UTC; null: now.")
    samples: list[LyingShape]
    samples_total: int
    places: list[str]
    places_total: int
    next: int | None = Field(description="The page after this one, or null.")


class MadeShape(Schema):
    """The places that were made."""

    places: list[str]


class MovedShape(Schema):
    """Where the place stands now."""

    place: str
    path: list[str]


class AddedShape(Schema):
    """How many readings were added, and how many were there already with the same value."""

    added: int
    already_there: int
