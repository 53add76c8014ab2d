"""What is done about people: invite, give and end roles, make and use sign-in links."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from aliquot import fault
from aliquot.fault import Fault
from aliquot.site import queries
from aliquot.site.models import Person, Role, RoleGrant, SignInLink


@transaction.atomic
def invite(
    *,
    email: str,
    name: str,
    other_name: str = "",
    roles: Iterable[Role] = (),
    by: Person | None,
    at: datetime,
) -> Person:
    """Take somebody in, with roles. They come in by a sign-in link; nobody knows a password of theirs.

    `by` is None where whoever runs the machine does it.
    """
    email = email.strip().lower()
    fault.refuse_if([*_unfit_email(email), *_unfit_name(name)])
    person = Person.objects.create_user(email, name=name.strip(), other_name=other_name.strip(), joined_at=at)
    EmailAddress.objects.create(user=person, email=email, primary=True, verified=False)
    for role in roles:
        give(person, role, by=by, at=at)
    return person


@transaction.atomic
def give(person: Person, role: Role, *, by: Person | None, at: datetime) -> None:
    """Give somebody a role; one that they hold already stays as it was given."""
    if role not in queries.people.roles_of(person):
        RoleGrant.objects.create(person=person, role=role, granted_by=by, granted_at=at)


def end(person: Person, role: Role, *, by: Person | None, at: datetime) -> None:
    """Take a role from somebody; that they held it stays on record."""
    RoleGrant.objects.filter(person=person, role=role, ended_at=None).update(ended_by=by, ended_at=at)


def make_sign_in_link(person: Person, *, at: datetime, days: int) -> str:
    """Return the token of a new one-time link. It is kept nowhere: whoever loses it needs a new one."""
    token = secrets.token_urlsafe(32)
    SignInLink.objects.create(
        person=person,
        token_hash=queries.people.hash_of(token),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    return token


@transaction.atomic
def use_sign_in_link(token: str, *, at: datetime) -> Person | None:
    """Use a link up and return whom it signs in; None if it was used, has expired or never was."""
    person = queries.people.link_owner(token, at=at)
    # The database decides between two who click at once: only one of them changes a row.
    if person is None or queries.people.working_links(token, at=at).update(used_at=at) != 1:
        return None
    # The link went to this address, so whoever holds it reads mail there.
    EmailAddress.objects.filter(user=person, email=person.email).update(verified=True)
    return person


def _unfit_email(email: str) -> list[Fault]:
    try:
        validate_email(email)
    except ValidationError:
        return [
            fault.of("email", "{email} is not an e-mail address", "write it as name@example.org", email=email)
        ]
    if queries.people.by_email(email):
        return [
            fault.of(
                "email",
                "{email} belongs to somebody already",
                "give that person the roles instead",
                email=email,
            )
        ]
    return []


def _unfit_name(name: str) -> list[Fault]:
    if not name.strip() or not name.isprintable():
        return [fault.of("name", "is empty or has a control character", "write it as the person writes it")]
    if len(name) > Person._meta.get_field("name").max_length:
        return [fault.of("name", "is longer than {most} characters", "shorten it", most=200)]
    return []
