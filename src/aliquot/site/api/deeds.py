"""What changed hands for good and what is on show, for programs: as everybody sees it on the pages.

A deed that names a sample which is not published is not there, and neither are notes.
"""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from typing import Annotated

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router
from ninja.decorators import decorate_view

from aliquot.deeds import Leg
from aliquot.site import queries
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.deeds import (
    DeedList,
    DeedQuestion,
    DeedWhole,
    ExchangeList,
    ShowList,
    ShowShape,
)
from aliquot.site.models import Deed, ExchangeLeg, Show
from aliquot.site.operations.programs import Body
from aliquot.site.queries.deeds import Standing, newest
from aliquot.site.queries.shows import newest as newest_show

router = Router(tags=["Gifts, exchanges, shows"])
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{1,24}$", description="Its key.")]


@router.get(
    "/deeds",
    response={200: DeedList, 400: Faults},
    operation_id="deeds",
    summary="Gifts, exchanges, deposits",
)
@decorate_view(kept(newest, DeedQuestion))
def every(request: HttpRequest, asked: Query[DeedQuestion]) -> Body:
    """What changed hands for good or was deposited, newest first. What took the place of another stands in its place."""
    rows = queries.deeds.public()
    shown = queries.deeds.page_of(rows.filter(kind=asked.kind) if asked.kind else rows, asked.page)
    return {"items": [_deed(one) for one in shown.rows], "total": shown.total, "next": shown.next}


@router.get(
    "/deeds/{key}",
    response={200: DeedWhole, 400: Faults, 404: Faults},
    operation_id="deed",
    summary="One deed",
)
@decorate_view(kept(newest))
def one(request: HttpRequest, key: Key) -> Body:
    """One deed, with the receipt that verifies offline."""
    row = queries.deeds.one_public(key)
    if row is None:
        raise missing("key", "there is no deed “{key}”", "see /api/v1/deeds", key=key)
    receipt, later = getattr(row, "receipt", None), getattr(row, "replaced_by", None)
    return _deed(row) | {
        "replaced_by": later.number if later else None,
        "receipt": receipt.note if receipt else None,
        "receipt_at": receipt.at.isoformat() if receipt else None,
    }


def _deed(row: Deed) -> Body:
    names = ("key", "number", "kind", "way", "giver", "receiver", "country", "when", "occasion", "instrument",
             "passes_title", "present_holder")  # fmt: skip
    items = list(row.items.all())
    masses = [one.mass_ng for one in items]
    return {name: getattr(row, name) for name in names} | {
        "sources": row.sources.split(),
        "exchange": row.exchange.number if row.exchange else None,
        "answers": row.answers.number if row.answers else None,
        "mass_ng": None if None in masses else sum(masses),
        "items": [
            {"sample": one.sample.number if one.sample else None, "what": one.what, "mass_ng": one.mass_ng,
             "entry": one.entry.index if one.entry else None}
            for one in items
        ],
    }  # fmt: skip


@router.get(
    "/exchanges", response={200: ExchangeList, 400: Faults}, operation_id="exchanges", summary="Exchanges"
)
@decorate_view(kept(newest))
def exchanges(request: HttpRequest) -> Body:
    """What keepers agreed to give each other, what came of it, and what is still owed either way."""
    return {"items": [_exchange(one) for one in queries.deeds.exchanges()]}


def _exchange(one: Standing) -> Body:
    row, legs = one.exchange, {leg.way: leg for leg in one.exchange.legs.all()}
    sides = ((legs.get("given"), one.given), (legs.get("received"), one.received))
    return {
        "key": row.key, "number": row.number, "title": {"en": row.title_en, "zh": row.title_zh}, "when": row.when,
        "instrument": row.instrument, "sources": row.sources.split(), "is_settled": one.is_settled,
        "legs": [_leg(agreed, leg) for agreed, leg in sides if agreed is not None and leg is not None],
    }  # fmt: skip


def _leg(agreed: ExchangeLeg, leg: Leg) -> Body:
    is_known = None not in leg.delivered_ng
    return {
        "way": agreed.way, "party": leg.party, "what": agreed.what, "share": str(leg.agreed), "base_ng": leg.base_ng,
        "due_ng": None if leg.due_ng is None else round(leg.due_ng), "came_ng": leg.came_ng if is_known else None,
        "owed_ng": None if leg.owed_ng is None or not is_known else round(leg.owed_ng), "is_met": leg.is_met,
    }  # fmt: skip


@router.get("/shows", response={200: ShowList, 400: Faults}, operation_id="shows", summary="Shows")
@decorate_view(kept(newest_show))
def shows(request: HttpRequest) -> Body:
    """Shows that anybody may go to or could, newest first."""
    return {"items": [_show(one) for one in queries.shows.with_visitors(_public())]}


@router.get(
    "/shows/{key}",
    response={200: ShowShape, 400: Faults, 404: Faults},
    operation_id="show",
    summary="One show",
)
@decorate_view(kept(newest_show))
def show(request: HttpRequest, key: Key) -> Body:
    """One show."""
    found = queries.shows.with_visitors(_public()).filter(key=key).first()
    if found is None:
        raise missing("key", "there is no show “{key}”", "see /api/v1/shows", key=key)
    return _show(found)


def _public() -> QuerySet[Show]:
    return queries.shows.public(timezone.now().date())


def _show(row: Show) -> Body:
    names = ("key", "number", "state", "venue", "city", "country", "first", "last")
    return {name: getattr(row, name) for name in names} | {
        "title": {"en": row.title_en, "zh": row.title_zh}, "visitors": row.came or 0,
    }  # fmt: skip
