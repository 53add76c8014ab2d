"""Reading reviews: who reviews what, which conflicts there are, what was found, and whose names may be shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from fractions import Fraction

from django.db.models import QuerySet

from aliquot import reviews, scores
from aliquot.reviews import Ground
from aliquot.scores import Score, Summary
from aliquot.site.models import Call, ConflictDeclared, Person, Request, Review, ReviewerProfile
from aliquot.site.queries import calls, requests


def of_request(request: Request) -> QuerySet[Review]:
    """Return the reviews of a request that count."""
    return request.reviews.filter(state__in=requests.LIVE).select_related("reviewer")


def of_reviewer(person: Person) -> QuerySet[Review]:
    """Return what somebody has to review; what was withdrawn or decided is not among it."""
    rows = Review.objects.filter(
        reviewer=person, state__in=requests.LIVE, request__state__in=requests.REVIEWED
    )
    return rows.select_related("request__call").order_by("request__call", "pk")


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
    rows = Review.objects.filter(request__call=call, state="handed in").select_related("request", "reviewer")
    return [Score(row.reviewer.key, row.request.key, _total(row, said)) for row in rows.order_by("pk")]


def _total(row: Review, said: calls.calls.Call) -> Fraction:
    return scores.total(row.points, criteria=said.criteria, most=said.points_most)


def grounds(request: Request, people: Sequence[Person], *, at: datetime) -> dict[int, Ground]:
    """Return who of these people may not review a request, by their row, and the first ground why."""
    rules = calls.rules(request.call)
    profiles = {row.person_id: row for row in ReviewerProfile.objects.filter(person__in=people)}
    authors = {request.lead_id, *request.members.values_list("person_id", flat=True)}
    declared = {
        row.reviewer_id: Ground(row.ground) for row in ConflictDeclared.objects.filter(request=request)
    }
    apart = frozenset(frozenset(pair.split("-")) for pair in rules.countries_apart)
    about = reviews.Rules(at.year, rules.coauthor_years, apart)
    team = _team(request)
    found = {}
    for person in people:
        said = [(0, 0)] if person.pk in declared else []
        one = _reviewer(person, profiles.get(person.pk))
        conflict = reviews.conflicts([team], (one,), about, said)
        if person.pk in authors:
            found[person.pk] = Ground.OWN
        elif conflict:
            found[person.pk] = declared.get(person.pk, conflict[0].ground)
    return found


def problem(
    call: Call, people: Sequence[Person], *, each: int, most: int, at: datetime
) -> tuple[reviews.Problem, tuple[Request, ...]]:
    """Return who could review what: the requests in review, their conflicts with these people, and who knows their matter.

    `each` is how many reviews a request gets, `most` how many a reviewer takes; what is assigned already is fixed.
    `allocator.assigning.assign` proposes, a chair changes what they see fit, and `operations.scores.assign` writes.
    """
    rows = tuple(call.requests.filter(state="in review").order_by("pk"))
    at_of = {person.pk: v for v, person in enumerate(people)}
    known = ReviewerProfile.objects.filter(person__in=people).values_list("person_id", "expertise")
    texts = [_matter(row) for row in rows]
    near = tuple((r, at_of[pk], value) for r, text in enumerate(texts) for pk, words in known
                 if (value := scores.affinity(words, text)))  # fmt: skip
    barred = {(r, at_of[pk]) for r, row in enumerate(rows) for pk in grounds(row, people, at=at)}
    ended = Review.objects.filter(request__in=rows, reviewer__in=people).exclude(state__in=requests.LIVE)
    live = Review.objects.filter(request__in=rows, reviewer__in=people, state__in=requests.LIVE)
    row_of = {row.pk: r for r, row in enumerate(rows)}
    barred |= {(row_of[one.request_id], at_of[one.reviewer_id]) for one in ended}
    fixed = sorted((row_of[one.request_id], at_of[one.reviewer_id]) for one in live)
    count = len(people)
    return reviews.Problem(len(rows), count, each, (0,) * count, (most,) * count, near, frozenset(barred),
                           tuple(fixed)), rows  # fmt: skip


def _matter(request: Request) -> str:
    said = requests.value(request)
    return "\n".join((said.title, said.summary, *(f"{line.method}\n{line.why}" for line in said.lines)))


def _team(request: Request) -> tuple[reviews.Person, ...]:
    said = requests.value(request)
    return tuple(_person(one.orcid, {one.ror} - {""}, one.country, ()) for one in (said.lead, *said.team))


def _reviewer(person: Person, profile: ReviewerProfile | None) -> reviews.Person:
    if profile is None:
        return _person(person.key, (), "", ())
    return _person(profile.orcid or person.key, profile.institutions, profile.country, profile.papers)


def _person(
    key: str, institutions: Iterable[str], country: str, papers: Iterable[Sequence[object]]
) -> reviews.Person:
    """Return somebody as conflicts see them; where no ORCID iD is known the key matches nobody's."""
    known = frozenset((int(str(year)), str(who)) for year, who in papers)
    return reviews.Person(key or "nobody", frozenset(institutions), country, known)
