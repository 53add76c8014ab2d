"""A call in review: makers of a small round that is acted out, and of a large field that is written at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from tests.site import sharing
from tests.site.sharing import CLOSES, OVER, a_call, a_draft, a_request

from aliquot.site.models import (
    Call,
    Person,
    Receipt,
    Request,
    RequestVersion,
    Review,
    ReviewerProfile,
    Role,
    RoleGrant,
)
from aliquot.site.operations import calls, requests, scores

POINTS, REASONS = {"merit": 8, "team": 6}, {"merit": "New.", "team": "Known."}
THEIRS = ["02jx3x895"]
FORM = {"points-0": "8", "reasons-0": "New.", "points-1": "6", "reasons-1": "Known."}


@dataclass
class Round:
    """A closed call with one request of Bo's that is admitted; Hal presides, Cy and Ivy review, Ivy and Ada are on the panel."""

    call: Call
    request: Request
    ada: Person
    bo: Person
    cy: Person
    hal: Person
    ivy: Person


def a_round(a_person: Callable[..., Person], ada: Person, bo: Person, cy: Person, **changed: object) -> Round:
    sharing.store()
    hal, ivy = a_person("Hal", Role.CHAIR), a_person("Ivy", Role.REVIEWER)
    for person in (cy, hal, ivy):
        ReviewerProfile.objects.create(person=person, institutions=THEIRS, country="GB", zone="Europe/London")
    call = a_call(ada, **changed)
    request, _ = a_request(call, bo)
    calls.sit(call, {hal: True, ivy: True, ada: False}, by=hal)
    calls.move(call, "close", by=ada, at=OVER)
    return Round(call, requests.move(request, "admit", by=ada, at=OVER), ada, bo, cy, hal, ivy)


def hide_applicants(call: Call) -> None:
    """Let the policy of a call hide from reviewers who asks."""
    text = call.policy_text.replace("applicants_named = true", "applicants_named = false")
    Call.objects.filter(pk=call.pk).update(policy_text=text)
    call.refresh_from_db()


def assigned(it: Round, reviewer: Person | None = None) -> Review:
    return scores.assign(it.request, reviewer or it.cy, by=it.hal, at=OVER)


def accepted(it: Round, reviewer: Person | None = None) -> Review:
    review = assigned(it, reviewer)
    scores.declare(review, conflict="", by=review.reviewer, at=OVER)
    return scores.move(review, "accept", by=review.reviewer, at=OVER)


def handed_in(it: Round, reviewer: Person | None = None, points: dict[str, int] = POINTS) -> Review:
    review = accepted(it, reviewer)
    return scores.write(review, "hand in", points=points, reasons=REASONS, by=review.reviewer, at=OVER)


def post(browser: Client, address: str, form: dict[str, object], key: str = "k1") -> object:
    """Send a form of a page as somebody who looks at it."""
    token = str(browser.get("/account/").context["csrf_token"])
    return browser.post(address, {"csrfmiddlewaretoken": token, "acting_key": key, **form})


def a_field(ada: Person, hal: Person, *, requests: int, reviewers: int, each: int) -> Call:
    """Write a call in review with so many requests and reviewers at once; each request has `each` reviews handed in."""
    sharing.store()
    call = a_call(ada)
    now, key = timezone.now(), "{:020d}"
    people = Person.objects.bulk_create(
        Person(email=f"r{n}@example.org", name=f"Reviewer {n:02}", password="!") for n in range(reviewers)
    )
    RoleGrant.objects.bulk_create(RoleGrant(person=one, role=Role.REVIEWER, granted_at=now) for one in people)
    ReviewerProfile.objects.bulk_create(
        ReviewerProfile(person=one, institutions=THEIRS, expertise=["basalt", "ion probe"]) for one in people
    )
    leads = Person.objects.bulk_create(
        Person(email=f"l{n}@example.org", name=f"Lead {n:03}", password="!") for n in range(requests)
    )
    rows = Request.objects.bulk_create(
        Request(key=key.format(n), call=call, state="in review", lead=lead, title=f"Request {n:03}", version=1,
                submitted_at=CLOSES, made_at=CLOSES - timedelta(days=9))
        for n, lead in enumerate(leads)
    )  # fmt: skip
    told = a_draft()
    versions = RequestVersion.objects.bulk_create(
        RequestVersion(request=row, order=1, base=0, told=told, by=row.lead, at=CLOSES) for row in rows
    )
    Receipt.objects.bulk_create(
        Receipt(request=one.request, version=one, sha256="0" * 64, call_sha256=call.sha256, by=one.by, at=CLOSES)
        for one in versions
    )  # fmt: skip
    Review.objects.bulk_create(
        Review(request=row, reviewer=people[(n * each + k) % reviewers], state="handed in", declared_at=CLOSES, handed_in_at=CLOSES,
               points={"merit": (n * 7 + k * 3) % 11, "team": (n + k * 5) % 11}, reasons=REASONS)
        for n, row in enumerate(rows) for k in range(each)
    )  # fmt: skip
    Call.objects.filter(pk=call.pk).update(state="in review")
    call.refresh_from_db()
    return call
