"""What is one's own, for programs: what one was told, and what one reviews."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from ninja import Query, Router

from aliquot.site import notice_words, queries
from aliquot.site.api import writing
from aliquot.site.api.shapes.own import OwnNotices, OwnReviews
from aliquot.site.models import Review
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import notices as reads

router = Router(tags=["One's own"])
Unread = Annotated[bool, Query(description="Only those that were not read yet.")]
Number = Annotated[int, Query(ge=1, le=1_000_000, description="Which page of fifty, from 1; beyond the last it is the last.")]  # fmt: skip


@router.get("/notices", **writing.documented(OwnNotices, "notices", "What one was told", status=200))
def notices(request: HttpRequest, unread: Unread = False, page: Number = 1) -> HttpResponse:
    """One's own notices, newest first, in English and with moments in one's own time zone. The scope is `read`."""

    def found() -> Body:
        person = request.auth.person
        rows = reads.page(person, about="", unread=unread, number=page)
        with translation.override("en"):
            shown = notice_words.shown(rows.rows, zone=reads.correspondence(person).zone)
            items = [{"notice": one.number, "about": str(one.about), "subject": one.subject, "text": one.text, "href": one.href,
                      "at": one.made_at.isoformat(), "unread": one.unread} for one in shown]  # fmt: skip
        return {"total": rows.total, "page": rows.number, "items": items}

    return writing.shown(request, found, act=Act.SEE_PUBLISHED)


@router.get("/reviews", **writing.documented(OwnReviews, "reviews", "What one reviews", status=200))
def reviews(request: HttpRequest) -> HttpResponse:
    """One's own reviews, those that are in too, the newest call first. The scope is `read`."""

    def found() -> Body:
        return {"items": [_review(row) for row in queries.reviewing.of_reviewer(request.auth.person)]}

    return writing.shown(request, found, act=Act.SEE_PUBLISHED)


def _review(row: Review) -> Body:
    due_at = row.due_at  # type: ignore[attr-defined]
    return {
        "request": row.request.key, "call": row.request.call.key, "title": row.request.title, "state": row.state,
        "points": row.points, "reasons": row.reasons, "version": row.version,
        "due_at": due_at.isoformat() if due_at else None,
        "handed_in_at": row.handed_in_at.isoformat() if row.handed_in_at else None,
    }  # fmt: skip
