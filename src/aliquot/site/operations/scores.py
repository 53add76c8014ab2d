"""Reviews: assigned to those without a conflict, accepted or declined, written, handed in, revised until the panel decides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from aliquot import fault, scores
from aliquot.fault import Fault, Refused
from aliquot.life_cycles import Need, Step
from aliquot.reviews import Ground
from aliquot.site import queries
from aliquot.site.models import Call, ConflictDeclared, Person, Request, Review, ReviewStep
from aliquot.site.operations import notices
from aliquot.site.operations.life_cycles import check_reason, lock, parts, take
from aliquot.site.queries.requests import LIVE, REVIEWED

NOT_YOURS = "let another chair see to its reviewers"


def assign(request: Request, reviewer: Person, *, by: Person, at: datetime) -> Review:
    """Assign a request to a reviewer with whom there is no conflict that can be seen; it can be released again."""
    (made,) = assign_all(request.call, [(request, reviewer)], by=by, at=at)
    return made


@transaction.atomic
def assign_all(
    call: Call, pairs: Sequence[tuple[Request, Person]], *, by: Person, at: datetime
) -> list[Review]:
    """Assign many at once: all of them, or none where anything stands against one; every fault is told."""
    now = Call.objects.select_for_update().get(pk=call.pk)
    rows = list(now.requests.select_for_update().filter(pk__in={row.pk for row, _ in pairs}).order_by("pk"))
    people = {person.pk: person for _, person in pairs}
    faults = [] if "chair" in parts(by) else [
        fault.of("person", "reviewers are assigned by a chair", "ask the chair")
    ]  # fmt: skip
    if len(rows) != len({row.pk for row, _ in pairs}) or len(set(pairs)) != len(pairs):
        faults.append(fault.of("request", "a request is not of this call, or a pair is named twice",
                               "name each pair of this call once"))  # fmt: skip
    faults += _check_requests(rows)
    faults += _check_reviewers(people.values())
    faults += _check_pairs(now, rows, pairs, by, at)
    fault.refuse_if(faults)
    row_of = {row.pk: row for row in rows}
    for row in rows:
        row.call = now
    made = Review.objects.bulk_create(Review(request=row_of[row.pk], reviewer=one) for row, one in pairs)
    ReviewStep.objects.bulk_create(
        ReviewStep(review=one, order=1, act="assign", by=by, at=at) for one in made
    )
    for one in made:
        notices.review_stepped(one, "assign", by=by, at=at)
    return made


def _check_requests(rows: Iterable[Request]) -> Iterator[Fault]:
    for row in rows:
        if row.state != "in review":
            yield fault.of("request", "“{title}” is not in review", "admit it first", title=row.title)


def _check_reviewers(people: Collection[Person]) -> Iterator[Fault]:
    may = set(
        queries.reviewing.possible_reviewers()
        .filter(pk__in=[one.pk for one in people])
        .values_list("pk", flat=True)
    )
    for person in people:
        if person.pk not in may:
            yield fault.of("reviewer", "{name} is no reviewer", "choose a reviewer", name=person.name)


def _check_pairs(
    call: Call, rows: Sequence[Request], pairs: Sequence[tuple[Request, Person]], by: Person, at: datetime
) -> Iterator[Fault]:
    """Yield each conflict, that of whoever assigns among them, and each pair that was tried already."""
    people = list({person.pk: person for _, person in pairs}.values())
    rules = queries.calls.rules(call)
    barred = queries.conflicts.of_field(rows, [*people, by], rules=rules, at=at)
    known = set(
        Review.objects.filter(request__in=rows, reviewer__in=people).values_list("request_id", "reviewer_id")
    )
    for row in rows:
        if (row.pk, by.pk) in barred:
            yield fault.of("request", "you have a conflict with “{title}”", NOT_YOURS, title=row.title)
    for row, person in pairs:
        if (row.pk, person.pk) in known:
            yield fault.of("reviewer", "{name} was assigned to “{title}” already", "choose another",
                           name=person.name, title=row.title)  # fmt: skip
        ground = barred.get((row.pk, person.pk))
        if ground is not None:
            yield fault.of("reviewer", "{name} has a conflict with “{title}”: {ground}", "choose another",
                           name=person.name, title=row.title, ground=ground.value)  # fmt: skip


@transaction.atomic
def declare(review: Review, *, conflict: str, by: Person, at: datetime) -> Review:
    """Declare whether there is a conflict: a text says which, and ends the review; an empty one says that there is none."""
    now = _lock(review)
    if now.reviewer_id != by.pk or now.state not in LIVE:
        raise Refused([fault.of("review", "conflicts are declared by whoever reviews", "ask them")])
    if conflict.strip():
        fault.refuse_if(check_reason(conflict))
        kept = {"ground": Ground.DECLARED.value, "text": conflict.strip(), "at": at}
        ConflictDeclared.objects.get_or_create(request=now.request, reviewer=by, defaults=kept)
        return _move(now, "recuse", conflict, by, at)
    now.declared_at = at
    now.save(update_fields=["declared_at"])
    return now


@transaction.atomic
def move(review: Review, act: str, *, reason: str = "", by: Person, at: datetime) -> Review:
    """Bring a review on by an act that changes no score: accept, recuse, release."""
    if act not in ("accept", "recuse", "release"):
        raise Refused([fault.of("act", "“{act}” wants more than a word", "use its own form", act=act[:40])])
    return _move(_lock(review), act, reason, by, at)


def _move(now: Review, act: str, reason: str, by: Person, at: datetime) -> Review:
    held = [*_holding(now, at), *([scores.REASON] if reason.strip() else [])]
    faults = check_reason(reason)
    if act == "release" and queries.scores.grounds(now.request, [by], at=at):
        faults.append(fault.of("review", "you have a conflict with “{title}”", NOT_YOURS, title=now.request.title))  # fmt: skip
    step = take(scores.CYCLE, state=now.state, act=act, who=_who(now, by), holding=held, also=faults)
    return _stepped(now, step, by=by, at=at, reason=reason)


@transaction.atomic
def write(
    review: Review,
    act: str,
    *,
    points: Mapping[str, int],
    reasons: Mapping[str, str],
    base: int | None = None,
    window: str = "",
    by: Person,
    at: datetime,
) -> Review:
    """Keep a review as far as it is written (`write`), hand it in, or revise it; what was handed in stays on record.

    `base` is the version that was begun from: where another window of a browser saved meanwhile, nothing is overwritten.
    """
    now = _lock(review)
    said = queries.calls.value(now.request.call)
    faults = scores.check(
        points, reasons, criteria=said.criteria, most=said.points_most, whole=act != "write"
    )
    if act not in ("write", "hand in", "revise"):
        raise Refused([fault.of("act", "“{act}” wants more than a word", "use its own form", act=act[:40])])
    if now.request.state not in REVIEWED:
        faults = (*faults, fault.of("request", "this request is not in review", "leave the review as it was"))
    if base not in (None, now.version) and (not window or window != now.window):
        faults = (*faults, fault.of("review", "this review was saved elsewhere meanwhile",
                                    "open it again, and bring in what you wrote here"))  # fmt: skip
    held = [*_holding(now, at), scores.WHOLE]  # the faults themselves are told instead
    step = take(scores.CYCLE, state=now.state, act=act, who=_who(now, by), holding=held, also=faults)
    now.points, now.reasons = dict(points), dict(reasons)
    now.version, now.window = now.version + 1, window[:40] if window.isprintable() else ""
    if act == "write":  # a draft is nobody's act: it is kept, and leaves no step
        now.save(update_fields=["points", "reasons", "version", "window"])
        return now
    now.handed_in_at, told = at, {"points": now.points, "reasons": now.reasons}
    return _stepped(now, step, by=by, at=at, told=told)


def _holding(now: Review, at: datetime) -> list[Need]:
    """Return what holds: declared and without conflict; not decided by the panel in this round."""
    held = []
    if now.declared_at is not None and not queries.scores.grounds(now.request, [now.reviewer], at=at):
        held.append(scores.DECLARED)
    if not now.request.decisions.filter(round=now.request.round).exists():
        held.append(scores.UNDECIDED)
    return held


def _who(now: Review, by: Person) -> set[str]:
    """Return the parts that somebody plays: a reviewer is whoever was assigned, and nobody else."""
    return (parts(by) - {"reviewer"}) | ({"reviewer"} if now.reviewer_id == by.pk else set())


def _lock(review: Review) -> Review:
    lock(review.request)
    return (
        Review.objects.select_for_update(of=("self",))
        .select_related("request__call", "reviewer")
        .get(pk=review.pk)
    )


def _stepped(
    now: Review,
    step: Step,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    told: Mapping[str, object] | None = None,
) -> Review:
    now.state = step.target
    now.save()
    ReviewStep.objects.create(review=now, order=now.steps.count() + 1, act=step.act, reason=reason.strip(), told=told,
                              by=by, at=at)  # fmt: skip
    notices.review_stepped(now, step.act, by=by, at=at)
    return now
