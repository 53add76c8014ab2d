"""Calendar links: an address that only who has it knows, made anew or taken back at any time."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from aliquot.site import queries
from aliquot.site.models import CalendarLink, Person


@transaction.atomic
def make_link(person: Person, *, at: datetime) -> str:
    """Return a new token in words that nobody can guess; the one before it opens nothing any more."""
    end_link(person, at=at)
    token = secrets.token_urlsafe(24)
    CalendarLink.objects.create(person=person, token_hash=queries.people.hash_of(token), made_at=at)
    return token


def end_link(person: Person, *, at: datetime) -> None:
    """Take somebody's link back."""
    CalendarLink.objects.filter(person=person, ended_at=None).update(ended_at=at)
