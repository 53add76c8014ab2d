"""Reading drafts of imports: those that wait, their files."""

from __future__ import annotations

from django.db.models import QuerySet

from aliquot.site.models import Draft, DraftFile

LISTED_MOST = 100


def all_of_them() -> QuerySet[Draft]:
    """Return the newest drafts that were not dropped."""
    return (
        Draft.objects.filter(dropped_at=None)
        .select_related("by", "entry")
        .order_by("-at", "-pk")[:LISTED_MOST]
    )


def one(number: int) -> Draft | None:
    """Return a draft by its number."""
    return Draft.objects.select_related("by", "entry").filter(pk=number).first()


def files(draft: Draft) -> list[DraftFile]:
    """Return the files of a draft in the order in which they are read."""
    return list(DraftFile.objects.filter(draft=draft).select_related("file").order_by("order"))
