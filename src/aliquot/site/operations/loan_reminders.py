"""What loans give rise to as days pass: due, overdue, recalled, inventories, agreements to sign, parcels that are late.

The library says which reminder it is (`loans.reminders`); its occasion makes each go out once, however often one looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from aliquot import loans
from aliquot.loans import Duty, Reminder
from aliquot.site import queries
from aliquot.site.models import Loan, LoanDuty, Person, Role
from aliquot.site.operations.notices import Telling
from aliquot.site.queries import notices as reads

SIGN_DAYS: Final = 3
_SOON: Final[Mapping[Duty, str]] = {
    Duty.RETURN: "loan-due",
    Duty.RECALL: "loan-recalled",
    Duty.INVENTORY: "inventory-due",
}
_LATE: Final[Mapping[Duty, str]] = {
    Duty.RETURN: "loan-late",
    Duty.RECALL: "loan-late",
    Duty.INVENTORY: "inventory-late",
}


def loans_due(at: datetime) -> Iterator[Telling]:
    """Tell borrowers, and as it grows late curators and directors, what is due of loans."""
    due = queries.loans.reminders(at.date())
    answering = dict(
        LoanDuty.objects.filter(
            loan__key__in={one.loan for one in due}, until=None, person__is_active=True
        ).values_list("loan__key", "person")
    )
    staff = {"curator": reads.holding(Role.CURATOR), "director": reads.holding(Role.DIRECTOR)}
    for one in due:
        occasion = one.occasion.removeprefix(f"loan:{one.loan}/")
        people = _people(one, answering.get(one.loan), staff)
        yield Telling(
            _kind(one), people, f"loan:{one.loan}", occasion, {"loan": one.number, "until": str(one.on)}
        )


def _kind(one: Reminder) -> str:
    return (_LATE if one.days < 0 else _SOON)[one.duty]


def _people(one: Reminder, borrower: int | None, staff: Mapping[str, set[int]]) -> set[int]:
    """Return who is told; where a borrower has no account, or none any more, a curator has to write to them from the first day on."""
    found = {borrower} if borrower is not None and loans.BORROWER in one.to else set()
    wanted = {*one.to, *(("curator",) if borrower is None else ())}
    return found.union(*(people for role, people in staff.items() if role in wanted))


def agreements_unsigned(at: datetime) -> Iterator[Telling]:
    """Tell who is to sign an agreement that its days are running out; curators too, once they have."""
    last, curators = (at + timedelta(days=SIGN_DAYS)).date(), reads.holding(Role.CURATOR)
    for row in queries.agreements.all_of_them().filter(state="offered", sign_by__lte=last):
        until = queries.agreements.sign_until(row)
        over = until is not None and until < at.date()
        signer = row.borrower_id or (row.request.lead_id if row.request else None)
        people = {signer} if signer is not None else set()
        people |= curators if over or signer is None else set()
        yield Telling("agreement-offered", people, f"agreement:{row.key}", f"{until} {'over' if over else 'soon'}",
                      {"loan": row.number, "until": str(until)})  # fmt: skip


def parcels_late(at: datetime) -> Iterator[Telling]:
    """Tell curators of parcels that should be there by now."""
    curators = reads.holding(Role.CURATOR)
    for row in queries.parcels.late(at.date()):
        yield Telling("parcel-late", curators, f"parcel:{row.key}", str(row.expected_on),
                      {"loan": row.number, "until": str(row.expected_on)})  # fmt: skip


def reports_due(at: datetime) -> Iterator[Telling]:
    """Tell borrowers that results or a publication are due for a loan; curators too from the last day on, or where nobody has an account."""
    due = queries.result_duties.reminders(at.date())
    numbers = dict(Loan.objects.filter(key__in={one.loan for one in due}).values_list("key", "number"))
    named = {int(one.to.removeprefix("person:")) for one in due if one.to}
    here = Person.objects.filter(pk__in=named, is_active=True).values_list("pk", flat=True)
    answering = {f"person:{pk}": pk for pk in here}
    curators = reads.holding(Role.CURATOR)
    for one in due:
        person = answering.get(one.to)
        people = {person} if person is not None else set()
        people |= curators if one.due <= at.date() or person is None else set()
        occasion = one.key.removeprefix(f"report:{one.loan}:")
        yield Telling("report-due", people, f"loan:{one.loan}", occasion,
                      {"loan": numbers[one.loan], "until": str(one.due)})  # fmt: skip
