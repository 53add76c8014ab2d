"""Loans for programs: what one has on loan and owes; and for everybody the year of the collection."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router

from aliquot.site import queries
from aliquot.site.api import writing
from aliquot.site.api.answers import missing
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.borrowing import HeldLoans, YearAccount, YearReport
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.borrowing import Held

router = Router(tags=["Loans"])
Year = Annotated[int, Path(ge=1, le=9999, description="A year of which the ledger has entries.")]


@router.get("/borrowing", **writing.documented(HeldLoans, "borrowing", "What one has on loan", status=200))
def borrowing(request: HttpRequest) -> HttpResponse:
    """The loans that one answers for: what is there of each, and what is owed by when. The scope is `read`."""

    def found() -> Body:
        return {"items": [_held(one) for one in queries.borrowing.holding(request.auth.person)]}

    return writing.shown(request, found, act=Act.SEE_PUBLISHED)


def _held(one: Held) -> Body:
    return {
        "key": one.row.key, "number": one.row.number, "state": one.row.state,
        "begins": one.said.begins.isoformat() if one.said.begins else None,
        "due_on": one.said.due_on.isoformat() if one.said.due_on else None,
        "samples": [{"sample": number, "mass_ng": mass_ng} for number, mass_ng in one.samples],
        "owed": [{"duty": owed.duty.value, "on": owed.on.isoformat()} for owed in one.owed],
    }  # fmt: skip


@router.get("/years/{year}", response={200: YearReport, 400: Faults, 404: Faults}, operation_id="year",
            summary="The collection in a year")  # fmt: skip
def year(request: HttpRequest, year: Year) -> Body:
    """Opening, what came and went, lent and back, closing, by mission and class of use, in nanograms."""
    if year not in queries.yearly.years():
        raise missing("year", "the ledger has no entries of {key}", "ask for another year", key=str(year))
    report = queries.yearly.report(year)
    names = YearAccount.model_fields
    return {
        "year": year,
        "entries": report.entries,
        "reconciles": report.reconciles,
        "accounts": [{name: getattr(one, name) for name in names} for one in report.accounts],
    }
