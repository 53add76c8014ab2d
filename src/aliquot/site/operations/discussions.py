"""Discussions: what reviewers, panel, chair and curators tell each other about a request; only ever added to."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from aliquot import fault, texts
from aliquot.site import queries
from aliquot.site.models import DiscussionMessage, DiscussionText, Person, Request
from aliquot.site.operations.life_cycles import lock

TEXT_MOST = 8_000


@transaction.atomic
def say(request: Request, text: str, *, by: Person, at: datetime) -> DiscussionMessage:
    """Say something about a request, until the panel has decided on it; a curator's message informs and is no vote."""
    now = lock(request)
    faults = list(texts.check("text", text, most=TEXT_MOST, needed=True))
    part = queries.discussions.part(now, by, queries.people.roles_of(by), at=at)
    if not part:
        faults.append(fault.of("person", "you take no part in this discussion", "hand in your review first, or ask the chair"))  # fmt: skip
    if not queries.discussions.is_open(now):
        faults.append(fault.of("request", "this discussion is closed: the panel has decided, or the request is not in review",
                               "leave it as it is"))  # fmt: skip
    fault.refuse_if(faults)
    said, salt = text.strip(), secrets.token_hex(16)
    sha256 = hashlib.sha256(f"{salt}\n{said}".encode()).hexdigest()
    made = DiscussionMessage.objects.create(
        request=now, round=now.round, order=now.discussion.count() + 1, part=part, sha256=sha256, by=by, at=at
    )
    DiscussionText.objects.create(message=made, salt=salt, text=said)
    return made


@transaction.atomic
def forget(person: Person) -> int:
    """Forget what somebody said in discussions; that they said something, and when, stays. Return how many that were."""
    return DiscussionText.objects.filter(message__by=person).update(text="", salt="")
