"""Reading incidents: the open ones first, and one with its samples, entries and steps."""

from __future__ import annotations

from django.db.models import Count, F, Q, QuerySet

from aliquot.site.models import Incident

LISTED_MOST = 200


def all_of_them() -> QuerySet[Incident]:
    """Return incidents, open ones first, then the newest; each with how many samples it has and people told."""
    counted = Incident.objects.select_related("by").annotate(
        touched=Count("samples", distinct=True),
        told=Count("steps", filter=Q(steps__kind="told"), distinct=True),
    )
    return counted.order_by(F("closed_at").asc(nulls_first=True), "-noticed_at", "-pk")[:LISTED_MOST]


def one(key: str) -> Incident | None:
    """Return an incident by its key, with all that belongs to it."""
    rows = Incident.objects.select_related("by", "closed_by", "place__holder")
    return rows.prefetch_related("samples", "entries", "steps__by").filter(key=key).first()
