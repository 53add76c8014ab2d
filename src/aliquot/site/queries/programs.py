"""Which programs act for whom: tokens that open something, and those of one person. Never writes."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from aliquot.site import queries
from aliquot.site.models import Person, Token


def token(said: str, *, at: datetime) -> Token | None:
    """Return the token of these words with its person, if it still opens anything.

    One look-up by a hash: an unknown token, one that has ended and one of somebody who left cannot be told apart, neither
    by the answer nor by how long it takes.
    """
    rows = Token.objects.filter(token_hash=queries.people.hash_of(said), ended_at=None, expires_at__gt=at)
    return rows.filter(person__is_active=True).select_related("person").first()


def tokens_of(person: Person) -> QuerySet[Token]:
    """Return the tokens of a person, newest first, ended ones too."""
    return Token.objects.filter(person=person).order_by("-made_at", "-pk")
