"""Loans for programs: staff read all of them, a borrower their own and reports on them; to others a loan is not there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Query, Router

from aliquot import fault, mass
from aliquot import loans as library
from aliquot.accountability import Counted
from aliquot.fault import Fault
from aliquot.site import permissions, queries
from aliquot.site.api import writing
from aliquot.site.api.answers import missing
from aliquot.site.api.shapes.loans import (
    InventoryHandedIn,
    InventoryLineSaved,
    LoanList,
    LoanReported,
    LoanWhole,
    ReturnAnnounced,
)
from aliquot.site.models import Loan, Parcel, Person
from aliquot.site.operations import inventories, loan_reports, wishes
from aliquot.site.operations.inventories import Said
from aliquot.site.operations.loan_reports import Consumed
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.borrowing import Row
from aliquot.site.queries.loan_pages import Asked, Listed
from aliquot.wishes import Kind, Wish

router = Router(tags=["Loans"])
LoanKey = Annotated[str, Path(pattern=r"^[0-9a-f]{1,24}$", description="The key of a loan.")]
SCOPE = "loans"
ACCOUNT = ("issued_ng", "received_ng", "split_ng", "transferred_ng", "consumed_ng", "attrition_ng", "destroyed_ng",
           "returned_ng", "drift_ng", "other_ng", "accountable_ng", "held_ng", "under_way_ng", "lost_ng")  # fmt: skip


# -- reading -----------------------------------------------------------------------------------------------------


@router.get("/loans", **writing.documented(LoanList, "loans", "Loans", status=200))
def every(request: HttpRequest, page: Annotated[int, Query(ge=1, le=10**6)] = 1) -> HttpResponse:
    """For staff who see loans all of them, for others those that they answer for now; newest first. The scope is `read`."""

    def found() -> Body:
        person = request.auth.person
        shown = queries.loan_pages.listed(
            person, sees_all=_sees_all(person), asked=Asked(), today=timezone.now().date(), page=page
        )
        return {"items": [_listed(one) for one in shown.rows], "total": shown.total, "next": shown.next}

    return writing.shown(request, found, act=Act.SEE_PUBLISHED)


@router.get("/loans/{key}", **writing.documented(LoanWhole, "loan", "One loan", status=200))
def one(request: HttpRequest, key: LoanKey) -> HttpResponse:
    """One loan: the account of each sample from the ledger, its parcels, what is owed by when. The scope is `read`."""
    return writing.shown(request, lambda: _whole(_found(key, request.auth.person)), act=Act.SEE_PUBLISHED)


def _sees_all(person: Person) -> bool:
    return permissions.may(person, Act.SEE_LOANS)


def _found(key: str, person: Person) -> Loan:
    row = queries.loans.one(key, person, sees_all=_sees_all(person))
    return row or _none(key)


def _none(key: str) -> NoReturn:
    raise missing("key", "there is no loan “{key}”", "see /api/v1/loans", key=key)


def _listed(one: Listed) -> Body:
    return {
        "key": one.row.key, "number": one.row.number, "state": one.row.state, "modality": one.row.modality,
        "use_class": one.row.use_class, "agreement": one.row.agreement.number, "borrower": one.institution,
        "country": one.country, "begins": _day(one.row.begins), "due_on": _day(one.due_on),
    }  # fmt: skip


def _whole(row: Loan) -> Body:
    (listed,) = queries.loan_pages.rows_of([row], timezone.now().date())
    draft = queries.borrowing.draft(row)
    return _listed(listed) | {
        "accounts": [_account(each) for each in queries.borrowing.rows(row)],
        "parcels": [_parcel(each) for each in queries.loan_pages.parcels_of(row)],
        "owed": [{"duty": owed.duty.value, "on": owed.on.isoformat()} for owed in library.duties(queries.loans.value(row))],
        "inventoried_on": _day(row.inventoried_on),
        "saved_lines": [line.sample.number for line in draft.lines.all()] if draft else [],
    }  # fmt: skip


def _account(row: Row) -> Body:
    found: Body = {name: getattr(row.line, name) for name in ACCOUNT}
    return {"sample": row.item.sample.number, "ended": row.item.ended} | found | {
        "used_ng": row.used_ng, "approved_ng": row.approved_ng,
    }  # fmt: skip


def _parcel(one: Parcel) -> Body:
    names = ("number", "state", "direction")
    return {name: getattr(one, name) for name in names} | {"expected_on": _day(one.expected_on)}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


# -- what a borrower reports -------------------------------------------------------------------------------------


@router.post(
    "/loans/{key}/consumption",
    **writing.documented(LoanReported, "report_consumption", "Report what was used up"),
)
def consume(
    request: HttpRequest, key: LoanKey, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """`sample`, `mass`, `fate` (analysis, preparation or destroyed), `method`; `reason` where more is used up than was approved.
    The ledger has it at once. For whoever answers for the loan, or a curator. The scope is `loans`."""

    def act(person: Person, at: datetime) -> Body:
        row = _found(key, person)
        said, faults = _texts(told, "sample", "mass", "fate", "method", "reason")
        weighs = _mass(said["mass"], faults)
        fault.refuse_if(faults)
        one = Consumed(said["sample"], weighs or 0, said["fate"], said["method"], said["reason"])
        done = loan_reports.consume(row, one, by=person, at=at)
        return {"entry": done.entry.index, "notes": writing.said(done.notes)}

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED)


@router.post(
    "/loans/{key}/inventory-lines",
    **writing.documented(InventoryLineSaved, "save_inventory_line", "Save a line of an inventory"),
)
def save_line(
    request: HttpRequest, key: LoanKey, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """What is said of one sample: `sample`, `outcome` (have, consumed, transferred, returned, cannot find), `note`, and `mass` where
    it is there and was weighed. Said again it takes the place of what was saved. The scope is `loans`."""

    def act(person: Person, at: datetime) -> Body:
        row = _found(key, person)
        said, faults = _texts(told, "sample", "outcome", "note", "mass")
        weighs = _mass(said["mass"], faults) if said["mass"] else None
        fault.refuse_if(faults)
        line = Said(Counted(said["sample"], said["outcome"], said["note"], weighs))
        saved = inventories.save(row, line, by=person, at=at)
        done = {each.sample.number for each in saved.draft.lines.select_related("sample")}
        wanted = [item.sample.number for item in queries.borrowing.to_count(row)]
        return {"sample": saved.sample.number, "left": [number for number in wanted if number not in done]}

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED)


@router.post(
    "/loans/{key}/inventories",
    **writing.documented(InventoryHandedIn, "hand_in_inventory", "Hand in an inventory"),
)
def hand_in(
    request: HttpRequest, key: LoanKey, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """Hand in what was saved, `{}`; refused as long as a sample is not told of. The scope is `loans`."""

    def act(person: Person, at: datetime) -> Body:
        row = _found(key, person)
        fault.refuse_if(_texts(told)[1])
        made = inventories.hand_in(row, by=person, at=at)
        found = [
            Fault(one["sample"], one["what"], one["todo"], tuple(one["values"].items()))
            for one in made.findings
        ]
        return {"at": made.at.isoformat(), "lines": made.lines.count(), "findings": writing.said(found)}

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED)


@router.post(
    "/loans/{key}/returns", **writing.documented(ReturnAnnounced, "announce_return", "Announce a return")
)
def announce(
    request: HttpRequest, key: LoanKey, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """`samples` as a list, `on` as YYYY-MM-DD, `carrier`: who brings it; `reason` as a remark. For whoever answers for the loan.
    The scope is `loans`."""

    def act(person: Person, at: datetime) -> Body:
        row = _found(key, person)
        samples = told.get("samples")
        said, faults = _texts(
            {name: told[name] for name in told if name != "samples"}, "on", "carrier", "reason"
        )
        if not isinstance(samples, list) or not all(isinstance(one, str) for one in samples):
            faults.append(fault.of("samples", "this is no list of samples", "name each in quotation marks"))
        on = _on(said["on"], faults)
        fault.refuse_if(faults)
        wish = Wish(Kind.RETURN, said["reason"], samples=tuple(samples or ()), on=on, carrier=said["carrier"])
        made = wishes.ask(row, wish, by=person, at=at)
        return {"wish": made.key, "state": made.state}

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.SEE_PUBLISHED)


def _texts(told: Mapping[str, object], *names: str) -> tuple[dict[str, str], list[Fault]]:
    """Return the texts of these fields, empty where nothing is told, with what is wrong with what was told."""
    faults = [
        fault.of(name[:60], "this is no field of this act", "leave it out")
        for name in told
        if name not in names
    ]
    faults += [fault.of(name, "this is no text", "write it in quotation marks")
               for name in names if not isinstance(told.get(name, ""), str) or "\0" in str(told.get(name, ""))]  # fmt: skip
    return {name: str(told.get(name, "")) for name in names}, faults


def _mass(text: str, faults: list[Fault]) -> int | None:
    found = mass.read(text)
    if isinstance(found, Fault):
        faults.append(found)
        return None
    return found


def _on(text: str, faults: list[Fault]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(fault.of("on", "this is no day", "write it as 2026-11-24"))
        return None
