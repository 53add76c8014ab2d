"""Shapes of what is answered about loans, and of what a borrower reports of one."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from aliquot.site.api.shapes import FaultShape, MassNg
from aliquot.site.api.shapes.borrowing import OwedDuty


class LoanListed(Schema):
    """A loan, as its list has it."""

    key: str
    number: str
    state: str = Field(description="As in the table of docs/loans.md.")
    modality: str
    use_class: str
    agreement: str = Field(description="The number of its agreement.")
    borrower: str = Field(description="The institution.")
    country: str = Field(description="ISO 3166, two letters; empty where it is not known.")
    begins: date | None = Field(description="The day of the first arrival; null before it.")
    due_on: date | None = Field(description="Until when, renewals and exceptions with it.")


class LoanList(Schema):
    """Loans, newest first."""

    items: list[LoanListed]
    total: int
    next: int | None = Field(description="The next page; null after the last one.")


class LoanAccount(Schema):
    """The account of one sample of a loan after form F-75, from the ledger: accountable is held, on its way back, or lost."""

    sample: str
    ended: str = Field(description="Why it is no longer of the loan; empty while it is.")
    issued_ng: MassNg
    received_ng: MassNg = Field(description="Came from another loan.")
    split_ng: MassNg = Field(
        description="Went over to what was cut from it, below zero; or came from what it was cut from."
    )
    transferred_ng: MassNg
    consumed_ng: MassNg
    attrition_ng: MassNg
    destroyed_ng: MassNg
    returned_ng: MassNg
    drift_ng: MassNg = Field(description="What reweighing found, either sign.")
    other_ng: MassNg
    accountable_ng: MassNg
    held_ng: MassNg
    under_way_ng: MassNg
    lost_ng: MassNg
    used_ng: MassNg = Field(description="Used up of all that came from the same line of the agreement.")
    approved_ng: MassNg = Field(description="What of that line may be used up.")


class LoanParcel(Schema):
    """A parcel of a loan."""

    number: str
    state: str
    direction: str = Field(description="out, back or onward.")
    expected_on: date | None


class LoanWhole(LoanListed):
    """One loan with its accounts, parcels, and what is owed."""

    accounts: list[LoanAccount]
    parcels: list[LoanParcel]
    owed: list[OwedDuty]
    inventoried_on: date | None
    saved_lines: list[str] = Field(
        description="Samples of which a line of the next inventory is saved, not handed in yet."
    )


class LoanReported(Schema):
    """What was written of a report, and what a curator will ask about."""

    entry: int = Field(description="The entry of the ledger.")
    notes: list[FaultShape]


class InventoryLineSaved(Schema):
    """A line of an inventory that is saved, and what is still to be said before it can be handed in."""

    sample: str
    left: list[str]


class InventoryHandedIn(Schema):
    """An inventory that was handed in, and where it and the book disagree."""

    at: datetime
    lines: int
    findings: list[FaultShape]


class ReturnAnnounced(Schema):
    """A return that was announced; a curator answers."""

    wish: str = Field(description="Its key: /wishes/KEY/ is its page.")
    state: str
