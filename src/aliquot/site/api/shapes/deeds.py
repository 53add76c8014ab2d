"""Shapes of what is answered about gifts, exchanges, deposits and shows."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from aliquot.deeds import Kind
from aliquot.site.api.shapes import MassNg, WordsShape


class DeedQuestion(Schema):
    """Which deeds are asked for."""

    kind: str | None = Field(None, pattern=f"^({'|'.join(Kind)})$", description="Of this kind alone.")
    page: int = Field(1, ge=1, le=10**6, description="Fifty a page.")


class DeedItemShape(Schema):
    """What changed hands: a sample of this ledger, or something without a number here."""

    sample: str | None
    what: str
    mass_ng: MassNg | None = Field(description="Null where it was not published.")
    entry: int | None = Field(description="The entry of the ledger that recorded it.")


class DeedShape(Schema):
    """A gift, donation, transfer, exchange or deposit."""

    key: str
    number: str
    kind: str
    way: str = Field(description="given or received.")
    giver: str
    receiver: str
    country: str
    when: str = Field(description="To the precision that is known: 2022-02-04, 2023-03, 1978, or ?.")
    occasion: str
    instrument: str
    passes_title: bool
    present_holder: str
    sources: list[str] = Field(description="Keys of sources of the public record.")
    exchange: str | None = Field(description="The number of the exchange to which it belongs.")
    answers: str | None = Field(description="The number of the gift that it answers.")
    mass_ng: MassNg | None = Field(description="Of all of it; null where that was not published.")
    items: list[DeedItemShape]


class DeedList(Schema):
    """Deeds, newest first."""

    items: list[DeedShape]
    total: int
    next: int | None = Field(description="The next page; null after the last one.")


class DeedWhole(DeedShape):
    """One deed with its receipt, and what took its place."""

    replaced_by: str | None = Field(description="The number of the deed that took its place.")
    receipt: str | None = Field(
        description="Signed by the ledger’s key; `aliquot check-receipt` verifies it offline."
    )
    receipt_at: datetime | None


class LegShape(Schema):
    """One side of an exchange. What is owed is rounded to the nanogram; null where it cannot be known."""

    way: str
    party: str
    what: str
    share: str = Field(description="An exact fraction, such as 1/200; 1 where a mass was agreed as such.")
    base_ng: MassNg | None = Field(description="Of which mass it is a share.")
    due_ng: MassNg | None
    came_ng: MassNg | None
    owed_ng: MassNg | None = Field(description="Below zero where more came than was due.")
    is_met: bool


class ExchangeShape(Schema):
    """An exchange, with what each side agreed to give and what came of it."""

    key: str
    number: str
    title: WordsShape
    when: str
    instrument: str
    sources: list[str]
    is_settled: bool
    legs: list[LegShape]


class ExchangeList(Schema):
    """Exchanges, newest first."""

    items: list[ExchangeShape]


class ShowShape(Schema):
    """A show that was approved, is on or is over."""

    key: str
    number: str
    state: str = Field(description="approved, on show or ended.")
    title: WordsShape
    venue: str
    city: str
    country: str
    first: date
    last: date
    visitors: int = Field(description="On the days of which it is known.")


class ShowList(Schema):
    """Shows, newest first."""

    items: list[ShowShape]
