"""Readings of articles that somebody keeps."""

from __future__ import annotations

from django.db.models import QuerySet

from aliquot.site.models import KeptReading, Person

SHOWN_MOST = 5


def of(person: Person) -> QuerySet[KeptReading]:
    """Return somebody's readings, newest first, without their texts and results."""
    return KeptReading.objects.filter(person=person).defer("text", "results")


def one(person: Person, key: str) -> KeptReading | None:
    """Return somebody's own reading; None where it is another's, or not there."""
    return KeptReading.objects.filter(person=person, key=key).first()
