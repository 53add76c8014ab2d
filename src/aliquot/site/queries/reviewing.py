"""Reading how the reviews of a call run: until when they are wanted, who is late, and who may see what of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.db.models import Count, Exists, Max, OuterRef, QuerySet, Subquery

from aliquot import reviewers
from aliquot.reviews import Ground
from aliquot.scores import affinity
from aliquot.site.models import (
    Call,
    Person,
    Request,
    RequestDecision,
    Review,
    ReviewDate,
    ReviewerProfile,
    ReviewReminder,
    Role,
    RoleGrant,
)
from aliquot.site.queries import calls, conflicts, requests, scores

WRITING = ("assigned", "accepted")


class Hidden(Enum):
    """Why the reviews of a request are not shown to somebody who sees the others of the call."""

    OWN = "it is your own request"
    CONFLICT = "there is a conflict"
    FIRST = "your own review comes first"


@dataclass(frozen=True, slots=True)
class Late:
    """Somebody whose reviews of a call are late, when they were wanted, and when somebody reminded them last."""

    call: Call
    reviewer: Person
    due_at: datetime
    reviews: tuple[Review, ...]
    reminded_at: datetime | None


def reviewer_profile(person: Person) -> reviewers.Profile:
    """Return what a person told of themselves as a reviewer; nothing yet is a profile without anything in it."""
    row = ReviewerProfile.objects.filter(person=person).first()
    if row is None:
        return reviewers.Profile("", (), "", "UTC", (), ())
    papers = tuple((int(year), str(who)) for year, who in row.papers)
    return reviewers.Profile(
        row.orcid, tuple(row.institutions), row.country, row.zone, tuple(row.expertise), papers
    )


def possible_reviewers() -> QuerySet[Person]:
    """Return who may be assigned: reviewers and chairs who do not curate, by name."""
    held = RoleGrant.objects.filter(person=OuterRef("pk"), ended_at=None)
    may = Exists(held.filter(role__in=(Role.REVIEWER, Role.CHAIR)))
    return Person.objects.filter(may, ~Exists(held.filter(role=Role.CURATOR)), is_active=True).order_by(
        "name", "pk"
    )


def due_at(call: Call) -> datetime | None:
    """Return until when the reviews of a call are wanted; None where no date was set."""
    row = call.review_dates.last()
    return row.due_at if row else None


def _newest_date(call: str) -> Subquery:
    dates = ReviewDate.objects.filter(call=OuterRef(call)).order_by("-pk")
    return Subquery(dates.values("due_at")[:1])


def of_reviewer(person: Person) -> QuerySet[Review]:
    """Return all that somebody reviews or has reviewed, with `due_at`; what was released or given back is not among it."""
    rows = Review.objects.filter(reviewer=person, state__in=requests.LIVE).select_related("request__call")
    return rows.annotate(due_at=_newest_date("request__call")).order_by("-request__call", "pk")


def one(key: str, person: Person) -> Review | None:
    """Return somebody's own review of a request by the request's key, with `due_at`; to others it is not there."""
    return of_reviewer(person).select_related("request__lead").filter(request__key=key).first()


def unfinished(at: datetime) -> QuerySet[Review]:
    """Return the reviews that were wanted by now and are not in, with `due_at`."""
    rows = Review.objects.filter(state__in=WRITING, request__state__in=requests.REVIEWED)
    return rows.annotate(due_at=_newest_date("request__call")).filter(due_at__lt=at)


def late(at: datetime, *, within: timedelta = timedelta(0), call: Call | None = None) -> list[Late]:
    """Return who is late, or will be `within` that time: one for each reviewer and call, in one query."""
    rows = unfinished(at + within).select_related("request__call", "reviewer")
    rows = rows.annotate(reminded_at=Max("reminders__at")).order_by("due_at", "reviewer", "pk")
    found: dict[tuple[int, int], list[Review]] = {}
    for row in rows if call is None else rows.filter(request__call=call):
        found.setdefault((row.request.call_id, row.reviewer_id), []).append(row)
    return [_late(lot) for lot in found.values()]


def _late(lot: Sequence[Review]) -> Late:
    reminded = [row.reminded_at for row in lot if row.reminded_at]
    return Late(
        lot[0].request.call, lot[0].reviewer, lot[0].due_at, tuple(lot), max(reminded) if reminded else None
    )


def reminders(call: Call) -> QuerySet[ReviewReminder]:
    """Return who was reminded of what in a call, newest first."""
    rows = ReviewReminder.objects.filter(review__request__call=call)
    return rows.select_related("review__request", "review__reviewer", "by").order_by("-pk")


def calls_in_review(person: Person, *, whole_field: bool) -> QuerySet[Call]:
    """Return the calls whose reviews run or ran: all, or those on whose panel somebody sits."""
    rows = calls.published().exclude(state__in=("open", "cancelled"))
    return rows if whole_field else rows.filter(panel__person=person).distinct()


def discussed() -> QuerySet[Request]:
    """Return the requests in review whose discussion is open, with how many messages it has; the liveliest first."""
    decided = RequestDecision.objects.filter(request=OuterRef("pk"), round=OuterRef("round"))
    rows = Request.objects.filter(~Exists(decided), state__in=requests.REVIEWED).select_related("call")
    return rows.annotate(messages=Count("discussion")).order_by("-messages", "pk")


def sits(call: Call, person: Person) -> bool:
    """Whether somebody is on the panel of a call, with a vote or without."""
    return call.panel.filter(person=person).exists()


def hidden(
    call: Call,
    rows: Sequence[Request],
    person: Person,
    *,
    at: datetime,
    told: Mapping[int, Mapping[str, object]] | None = None,
) -> dict[int, Hidden]:
    """Return by its row which requests keep their reviews from somebody: own ones, conflicts, what they still review."""
    found = conflicts.of_field(rows, [person], rules=calls.rules(call), at=at, told=told)
    barred = {
        row: Hidden.OWN if ground is Ground.OWN else Hidden.CONFLICT for (row, _), ground in found.items()
    }
    writing = Review.objects.filter(request__in=rows, reviewer=person, state__in=WRITING)
    return dict.fromkeys(writing.values_list("request_id", flat=True), Hidden.FIRST) | barred


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who could review a request, or could not: on which ground, how well they know its matter, and their load."""

    person: Person
    ground: Ground | None
    affinity: int
    load: int


def candidates(request: Request, *, at: datetime) -> list[Candidate]:
    """Return everybody who might review a request and was not assigned to it yet; who knows most of it first."""
    tried = request.reviews.values("reviewer")
    people = list(possible_reviewers().exclude(pk__in=tried))
    told = conflicts.submitted([request])
    found = conflicts.of_field([request], people, rules=calls.rules(request.call), at=at, told=told)
    words = dict(ReviewerProfile.objects.filter(person__in=people).values_list("person_id", "expertise"))
    text, many = scores.matter(told.get(request.pk, {})), loads(request.call, people)
    made = [
        Candidate(one, found.get((request.pk, one.pk)), affinity(words.get(one.pk, []), text), many[one.pk])
        for one in people
    ]
    return sorted(made, key=lambda one: (one.ground is not None, -one.affinity, one.load, one.person.name))


def loads(call: Call, people: Collection[Person]) -> Mapping[int, int]:
    """Return how many reviews of a call each of these people has, by their row."""
    rows = Review.objects.filter(request__call=call, reviewer__in=people, state__in=requests.LIVE)
    found = dict.fromkeys((person.pk for person in people), 0)
    for pk in rows.values_list("reviewer_id", flat=True):
        found[pk] += 1
    return found


def by_keys(keys: Iterable[str]) -> dict[str, Person]:
    """Return people by their keys, such as `person:17`; what is no key of anybody is left out."""
    numbers = [key.removeprefix("person:") for key in keys]
    pks = [int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 19]
    return {person.key: person for person in Person.objects.filter(pk__in=pks)}


def decided(request: Request) -> bool:
    """Whether the panel has decided on a request in this round."""
    return request.decisions.filter(round=request.round).exists()


def requests_of(call: Call, keys: Collection[str]) -> QuerySet[Request]:
    """Return these requests of a call, of those that were admitted, in the order of the call."""
    sound = [key for key in keys if key.isalnum()]  # PostgreSQL cannot even be asked for one with a NUL
    return call.requests.filter(state__in=requests.REVIEWED, key__in=sound).order_by("pk")
