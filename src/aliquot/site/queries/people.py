"""What is known about people: roles, accounts, links that still work."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from aliquot.site.models import Person, Role, RoleGrant, SignInLink


def roles_of(person: Person) -> frozenset[Role]:
    """Return the roles that somebody holds now."""
    return frozenset(Role(role) for role in grants_of(person).values_list("role", flat=True))


def grants_of(person: Person) -> QuerySet[RoleGrant]:
    """Return the roles that somebody holds now, with who gave them and when."""
    return (
        RoleGrant.objects.filter(person=person, ended_at=None).select_related("granted_by").order_by("role")
    )


def working_links(token: str, *, at: datetime) -> QuerySet[SignInLink]:
    """Return the link of this token if it can still be used: at most one row.

    Asks this one table alone. With a second table Django updates by a subselect, and PostgreSQL does not look at
    that again after it has waited for somebody else's update: both would win.
    """
    return SignInLink.objects.filter(token_hash=hash_of(token), used_at=None, expires_at__gt=at)


def link_owner(token: str, *, at: datetime) -> Person | None:
    """Return who would be signed in by this token, if it can still be used."""
    link = working_links(token, at=at).filter(person__is_active=True).select_related("person").first()
    return link.person if link else None


def hash_of(token: str) -> str:
    """Return what is kept of a token. It is random and long, so that a plain hash cannot be undone."""
    return hashlib.sha256(token.encode()).hexdigest()


def by_email(email: str) -> Person | None:
    return Person.objects.filter(email=email.strip().lower()).first()


def by_key(key: str) -> Person | None:
    """Return whom the ledger calls by this key, such as `person:17`."""
    number = key.removeprefix("person:")
    if not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    return Person.objects.filter(pk=int(number)).first()
