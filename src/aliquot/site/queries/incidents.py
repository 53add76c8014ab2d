"""Reading incidents: the open ones first, and one with its samples, entries and steps."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Count, F, Q, QuerySet

from aliquot.site.models import Incident, Loan, LoanItem

LISTED_MOST = 200
MINUTE = timedelta(minutes=1)  # what was noticed is told to the second, what was made to less


def all_of_them() -> QuerySet[Incident]:
    """Return incidents, open ones first, then the newest; each with how many samples it has and people told."""
    counted = Incident.objects.select_related("by").annotate(
        touched=Count("samples", distinct=True),
        told=Count("steps", filter=Q(steps__kind="told"), distinct=True),
    )
    return counted.order_by(F("closed_at").asc(nulls_first=True), "-noticed_at", "-pk")[:LISTED_MOST]


def open_ones() -> list[tuple[Incident, bool]]:
    """Return the incidents that are open, the oldest first, each with whether anybody was told of it."""
    told = Count("steps", filter=Q(steps__kind="told"))
    rows = Incident.objects.filter(closed_at=None).annotate(told=told).order_by("noticed_at", "pk")
    return [(row, bool(row.told)) for row in rows[:LISTED_MOST]]


def of_loan(loan: Loan) -> QuerySet[Incident]:
    """Return the incidents with samples of a loan since it was made, newest first; each with its samples."""
    samples = LoanItem.objects.filter(loan=loan).values("sample")
    rows = Incident.objects.filter(samples__in=samples, noticed_at__gte=loan.made_at - MINUTE)
    return rows.distinct().prefetch_related("samples").order_by("-noticed_at", "-pk")


def one(key: str) -> Incident | None:
    """Return an incident by its key, with all that belongs to it."""
    rows = Incident.objects.select_related("by", "closed_by", "place__holder")
    return rows.prefetch_related("samples", "entries", "steps__by").filter(key=key).first()
