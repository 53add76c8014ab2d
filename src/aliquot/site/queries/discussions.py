"""Reading discussions: who takes part in that of a request and as what, what was said, and under which names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from aliquot.site.models import DiscussionMessage, Person, Request, Role
from aliquot.site.queries import calls, requests, reviewing, scores

MOST = 500  # messages of one request that a page shows


@dataclass(frozen=True, slots=True)
class Said:
    """One message as somebody sees it. Without a name it is told by the number of the reviewer, from 1; 0 where neither is."""

    order: int
    part: str
    name: str
    number: int
    text: str
    at: datetime
    own: bool


def part(request: Request, person: Person, roles: Collection[Role], *, at: datetime) -> str:
    """Return as what somebody takes part in the discussion of a request: reviewer, chair, panel, curator; empty: not at all.

    Whoever asks or has a conflict does not, and a reviewer only after handing in: nobody writes after another.
    """
    if scores.grounds(request, [person], at=at):
        return ""
    own = request.reviews.filter(reviewer=person, state__in=requests.LIVE).first()
    if own is not None and own.state != "handed in":
        return ""
    if Role.CURATOR in roles:
        return "curator"
    if own is not None:
        return "chair" if Role.CHAIR in roles else "reviewer"
    if Role.CHAIR in roles:
        return "chair"
    return "panel" if reviewing.sits(request.call, person) else ""


def is_open(request: Request) -> bool:
    """Whether something can still be said: until the panel has decided."""
    return request.state in requests.REVIEWED and not reviewing.decided(request)


def of_request(request: Request, person: Person, *, as_part: str) -> list[Said]:
    """Return what was said, oldest first; reviewers by name to the chair, and to all where the policy names them."""
    named = as_part == "chair" or calls.rules(request.call).reviewers_named
    known = numbers(request)
    rows = (
        DiscussionMessage.objects.filter(request=request)
        .select_related("said", "by")
        .order_by("-order")[:MOST]
    )
    return [_said(row, person, known, named=named) for row in reversed(rows)]  # fmt: skip


def numbers(request: Request) -> dict[int, int]:
    """Return what the reviewers of a request are called where they are not named: from 1, those who left with them."""
    return {
        pk: n for n, pk in enumerate(request.reviews.order_by("pk").values_list("reviewer_id", flat=True), 1)
    }


def _said(row: DiscussionMessage, person: Person, numbers: dict[int, int], *, named: bool) -> Said:
    own = row.by_id == person.pk
    shown = named or own or row.part != "reviewer"
    return Said(row.order, row.part, row.by.name if shown else "", 0 if shown else numbers.get(row.by_id, 0),
                row.said.text, row.at, own)  # fmt: skip
