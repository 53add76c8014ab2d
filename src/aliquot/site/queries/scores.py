"""Reading reviews: who reviews what, what was found, made comparable, and whose names may be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import Final

from django.db.models import QuerySet

from aliquot import reviews, scores
from aliquot.reviews import Ground
from aliquot.scores import Normalised, Score, Summary
from aliquot.site.models import Call, Person, Request, Review, ReviewerProfile
from aliquot.site.queries import calls, conflicts, requests


def of_request(request: Request) -> QuerySet[Review]:
    """Return the reviews of a request that count."""
    return request.reviews.filter(state__in=requests.LIVE).select_related("reviewer")


def of_reviewer(person: Person) -> QuerySet[Review]:
    """Return what somebody has to review; what was withdrawn or decided is not among it."""
    rows = Review.objects.filter(
        reviewer=person, state__in=requests.LIVE, request__state__in=requests.REVIEWED
    )
    return rows.select_related("request__call").order_by("request__call", "pk")


def every(request: Request) -> QuerySet[Review]:
    """Return every review that a request ever had, those with them that a release or a recusal ended."""
    return request.reviews.select_related("reviewer").prefetch_related("steps__by").order_by("pk")


def beside(review: Review) -> QuerySet[Review]:
    """Return the other reviews of a request, to a reviewer who has handed in, so that nobody writes after another."""
    if review.state != "handed in":
        return Review.objects.none()
    return of_request(review.request).filter(state="handed in").exclude(pk=review.pk)


def shown_to_applicant(request: Request) -> list[tuple[str, dict[str, str]]]:
    """Return the written reasons of each review, once the request is settled; names alone where the policy shows them."""
    if request.settled_at is None:
        return []
    named = calls.rules(request.call).reviewers_named
    rows = of_request(request).filter(state="handed in")
    return [(row.reviewer.name if named else "", dict(row.reasons)) for row in rows]


def summaries(call: Call) -> tuple[Summary, ...]:
    """Return the whole field of a call: each request with raw and normalised means, by its key, best first."""
    return scores.summarise(all_scores(call), disagreement_percent=calls.rules(call).disagreement_percent)


def all_scores(call: Call) -> list[Score]:
    """Return every total that was handed in, by the keys of reviewer and request."""
    said = calls.value(call)
    return [_score(row, said) for row in _handed_in(call)]


def _handed_in(call: Call) -> QuerySet[Review]:
    rows = Review.objects.filter(request__call=call, state="handed in").select_related("request", "reviewer")
    return rows.defer("reasons").order_by("pk")


def _score(row: Review, said: calls.calls.Call) -> Score:
    return Score(row.reviewer.key, row.request.key, total(row, said))


def total(row: Review, said: calls.calls.Call) -> Fraction:
    """Return the total of a review that was handed in, a share of the scale."""
    return scores.total(row.points, criteria=said.criteria, most=said.points_most)


# The states of a request that was admitted and not withdrawn.
ADMITTED: Final = (*requests.REVIEWED, *requests.ENDED, "under appeal")


@dataclass(frozen=True, slots=True)
class Line:
    """One request of the field: its reviews by the row of the reviewer, the scores among them, and what they come to."""

    request: Request
    reviews: dict[int, Review] = field(default_factory=dict)
    scores: dict[int, Normalised] = field(default_factory=dict)
    summary: Summary | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """Every request of a call that was admitted, best first, then those without a score; and who reviews them."""

    lines: tuple[Line, ...]
    reviewers: tuple[Person, ...]


def field_of(call: Call) -> Field:
    """Return the whole field of a call with raw and normalised scores, in two queries."""
    said = calls.value(call)
    by_row = {row.pk: Line(row) for row in call.requests.filter(state__in=ADMITTED).order_by("pk")}
    live = list(Review.objects.filter(request__call=call, state__in=requests.LIVE).defer("reasons").order_by("pk")
                .select_related("reviewer", "request"))  # fmt: skip
    done = [one for one in live if one.state == "handed in"]
    found = [_score(one, said) for one in done]
    for one in live:
        if one.request_id in by_row:
            by_row[one.request_id].reviews[one.reviewer_id] = one
    normalised = scores.normalise(found)
    for one, value in zip(done, normalised, strict=True):
        if one.request_id in by_row:
            by_row[one.request_id].scores[one.reviewer_id] = value
    percent = calls.rules(call).disagreement_percent
    sums = {one.request: one for one in scores.summarise_normalised(normalised, disagreement_percent=percent)}
    return Field(_ranked(by_row, sums), tuple({one.reviewer_id: one.reviewer for one in live}.values()))


def _ranked(by_row: dict[int, Line], sums: dict[str, Summary]) -> tuple[Line, ...]:
    place = {key: at for at, key in enumerate(sums)}
    lines = [Line(one.request, one.reviews, one.scores, sums.get(one.request.key)) for one in by_row.values()]
    return tuple(sorted(lines, key=lambda one: (place.get(one.request.key, len(place)), one.request.pk)))


def grounds(request: Request, people: Sequence[Person], *, at: datetime) -> dict[int, Ground]:
    """Return who of these people may not review a request, by their row, and the first ground why."""
    found = conflicts.of_field([request], people, rules=calls.rules(request.call), at=at)
    return {person: ground for (_, person), ground in found.items()}


@dataclass(frozen=True, slots=True)
class Proposing:
    """What a proposal of reviewers is made from: the problem, its requests in order with what they say, every ground by places.

    `knows` has the words of expertise that a request is about, for each pair that has any.
    """

    problem: reviews.Problem
    requests: tuple[Request, ...]
    grounds: dict[reviews.Pair, Ground]
    told: Mapping[int, Mapping[str, object]]
    knows: Mapping[reviews.Pair, tuple[str, ...]]


def proposing(call: Call, people: Sequence[Person], *, each: int, most: int, at: datetime) -> Proposing:
    """Return who could review what: the requests in review, their conflicts with these people, and who knows their matter.

    `each` is how many reviews a request gets, `most` how many a reviewer takes; what is assigned already is fixed, also where
    it is more than that. Seven queries.
    """
    rows = tuple(call.requests.filter(state="in review").order_by("pk"))
    r_of, v_of = {row.pk: r for r, row in enumerate(rows)}, {person.pk: v for v, person in enumerate(people)}
    told = conflicts.submitted(rows)
    found = conflicts.of_field(rows, people, rules=calls.rules(call), at=at, told=told)
    barred = {(r_of[row], v_of[person]): ground for (row, person), ground in found.items()}
    known = Review.objects.filter(request__in=rows, reviewer__in=people).values_list(
        "request_id", "reviewer_id", "state"
    )
    pairs = [((r_of[row], v_of[person]), state) for row, person, state in known]
    live = sorted(pair for pair, state in pairs if state in requests.LIVE)
    ended = {pair for pair, state in pairs if state not in requests.LIVE}
    words = dict(ReviewerProfile.objects.filter(person__in=people).values_list("person_id", "expertise"))
    texts = [matter(told.get(row.pk, {})) for row in rows]
    knows = {(r, v_of[pk]): known for r, text in enumerate(texts) for pk, expertise in words.items()
             if (known := scores.known_of(expertise, text))}  # fmt: skip
    near = tuple((r, v_of[pk], value) for r, text in enumerate(texts) for pk, expertise in sorted(words.items())
                 if (value := scores.affinity(expertise, text)))  # fmt: skip
    count, loads = len(people), [0] * len(people)
    for _, v in live:
        loads[v] += 1
    problem = reviews.Problem(len(rows), count, each, (0,) * count, tuple(max(most, load) for load in loads), near,
                              frozenset((set(barred) | ended) - set(live)), tuple(live))  # fmt: skip
    return Proposing(problem, rows, barred, told, knows)


def problem(
    call: Call, people: Sequence[Person], *, each: int, most: int, at: datetime
) -> tuple[reviews.Problem, tuple[Request, ...]]:
    """Return the problem of `proposing` and the requests that it numbers.

    `allocator.assigning` proposes, a chair changes what they see fit, and `operations.scores.assign` writes.
    """
    made = proposing(call, people, each=each, most=most, at=at)
    return made.problem, made.requests


def matter(told: Mapping[str, object]) -> str:
    """Return what a request is about, of the text that was submitted: what the expertise of reviewers is looked for in."""
    lines = told.get("lines")
    said = [told.get("title"), told.get("summary")]
    said += [
        one.get(name) for one in (lines if isinstance(lines, list) else ()) for name in ("method", "why")
    ]
    return "\n".join(str(one) for one in said if one)
