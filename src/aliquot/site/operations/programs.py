"""Programs that act for people: tokens, and acts that happen once however often they are asked for."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from aliquot import fault
from aliquot.handling import KINDS
from aliquot.site import queries
from aliquot.site.models import Answered, Person, Token

Body = dict[str, object]
KEY_MOST = 80
USED_KEY = "this idempotency key was used for another act"
# What a token may be kept to: an act at the bench by its kind, or a part of the work.
SCOPES = (
    *KINDS,
    "read",
    "propose",
    "approve",
    "places",
    "files",
    "audits",
    "incidents",
    "remarks",
    "results",
    "calls",
    "requests",
    "decisions",
    "claims",
    "loans",
)


def make_token(person: Person, *, name: str, scope: str = "", at: datetime, days: int) -> str:
    """Return a new token in words that nobody can guess. It is kept nowhere: whoever loses it makes another."""
    faults = []
    if not name.strip() or not name.isprintable() or len(name) > 100:
        faults.append(
            fault.of("name", "a token wants a name of at most 100 characters", "say which program it is for")
        )
    if not 1 <= days <= 366:
        faults.append(fault.of("days", "a token lives from 1 to 366 days", "give a number of days"))
    unknown = sorted(set(scope.split()) - set(SCOPES))
    if unknown:
        faults.append(fault.of("scope", "there is no scope “{word}”", "use words of: {words}; none for all",
                               word=unknown[0][:40], words=", ".join(SCOPES)))  # fmt: skip
    fault.refuse_if(faults)
    said = f"aliquot_{secrets.token_urlsafe(32)}"
    Token.objects.create(
        person=person,
        name=name.strip(),
        scope=" ".join(scope.split()),
        token_hash=queries.people.hash_of(said),
        made_at=at,
        expires_at=at + timedelta(days=days),
    )
    return said


def end_token(token: Token, *, at: datetime) -> None:
    """Let a token open nothing any more; one that was ended stays as it was."""
    Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at)


def used(token: Token, *, at: datetime) -> None:
    """Note when a token last acted, so that its person sees which are still in use."""
    Token.objects.filter(pk=token.pk).update(used_at=at)


def once(person: Person, key: str, asked: object, act: Callable[[], Body], *, at: datetime) -> Body:
    """Do the act once for this person and key; asked again, give the answer that was given. In one transaction.

    `asked` is what makes two requests the same (JSON); another request under a used key is refused, and an act that
    is refused leaves its key free.
    """
    if not key or len(key) > KEY_MOST or not key.isprintable():
        raise fault.Refused([fault.of("key", "an idempotency key has 1 to {most} printable characters",
                                      "make a new one for each act, such as a UUID", most=KEY_MOST)])  # fmt: skip
    sha256 = hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        known = _claim(person, key, sha256, at)
        if known is None:
            body = act()
            Answered.objects.filter(person=person, key=key).update(body=body, status=1)
            return body
    if known.asked_sha256 != sha256:
        raise fault.Refused([fault.of("key", USED_KEY, "make a new key for each act")])  # fmt: skip
    return dict(known.body)


def _claim(person: Person, key: str, sha256: str, at: datetime) -> Answered | None:
    """Take the key for this act, or return what it was taken for: who comes second waits for the first."""
    known = Answered.objects.filter(person=person, key=key).first()
    if known:
        return known
    try:
        with transaction.atomic():
            Answered.objects.create(person=person, key=key, asked_sha256=sha256, status=0, body={}, at=at)
    except IntegrityError:
        return Answered.objects.get(person=person, key=key)
    return None
