"""Shapes of what is answered about what somebody has on loan, and about the year of the collection."""

from __future__ import annotations

from datetime import date

from ninja import Field, Schema

from aliquot.site.api.shapes import MassNg


class HeldSample(Schema):
    """A sample that is with the borrower."""

    sample: str
    mass_ng: MassNg


class OwedDuty(Schema):
    """Something that is owed for a loan by a day."""

    duty: str = Field(description="return, recall or inventory.")
    on: date = Field(description="The last day.")


class HeldLoan(Schema):
    """A loan that one answers for."""

    key: str
    number: str
    state: str
    begins: date | None = Field(description="The day of the first arrival; null before it.")
    due_on: date | None = Field(description="Until when, renewals and exceptions with it.")
    samples: list[HeldSample]
    owed: list[OwedDuty]


class HeldLoans(Schema):
    """The loans that one answers for, newest first."""

    items: list[HeldLoan]


class YearAccount(Schema):
    """One mission's samples of one class of use over a year."""

    mission: str
    use_class: str
    opening_ng: int
    received_ng: int
    given_ng: int
    consumed_ng: int
    attrition_ng: int
    destroyed_ng: int
    drift_ng: int = Field(description="What reweighing found, either sign.")
    reshaped_ng: int = Field(
        description="Came from samples of other groups by splitting, combining, renumbering."
    )
    closing_ng: int
    on_loan_ng: int
    lent_ng: int
    came_back_ng: int = Field(description="Sent or brought back by borrowers.")


class YearReport(Schema):
    """The collection in a year, from the ledger; `reconciles` says that every account closes."""

    year: int
    entries: int
    reconciles: bool
    accounts: list[YearAccount]
