"""Reviews: assigned to those without a conflict, accepted or declined, written, handed in, revised until the panel decides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from aliquot import fault, scores
from aliquot.fault import Refused
from aliquot.life_cycles import Need, Step
from aliquot.reviews import Ground
from aliquot.site import queries
from aliquot.site.models import ConflictDeclared, Person, Request, Review, ReviewStep
from aliquot.site.operations import requests
from aliquot.site.operations.life_cycles import check_reason, parts, take
from aliquot.site.queries.requests import LIVE, REVIEWED


@transaction.atomic
def assign(request: Request, reviewer: Person, *, by: Person, at: datetime) -> Review:
    """Assign a request to a reviewer with whom there is no conflict that can be seen; it can be released again."""
    now = requests.lock(request)
    faults = []
    if "chair" not in parts(by):
        faults.append(fault.of("person", "reviewers are assigned by a chair", "ask the chair"))
    if now.state != "in review":
        faults.append(fault.of("request", "this request is not in review", "admit it first"))
    if not parts(reviewer) & {"reviewer", "chair"} or "curator" in parts(reviewer):
        faults.append(fault.of("reviewer", "{name} is no reviewer", "choose a reviewer", name=reviewer.name))
    if Review.objects.filter(request=now, reviewer=reviewer).exists():
        faults.append(fault.of("reviewer", "{name} was assigned to this request already", "choose another",
                               name=reviewer.name))  # fmt: skip
    fault.refuse_if(faults)
    ground = queries.scores.grounds(now, [reviewer], at=at).get(reviewer.pk)
    if ground is not None:
        raise Refused([fault.of("reviewer", "{name} has a conflict: {ground}", "choose another",
                                name=reviewer.name, ground=ground.value)])  # fmt: skip
    made = Review.objects.create(request=now, reviewer=reviewer)
    ReviewStep.objects.create(review=made, order=1, act="assign", by=by, at=at)
    return made


@transaction.atomic
def declare(review: Review, *, conflict: str, by: Person, at: datetime) -> Review:
    """Declare whether there is a conflict: a text says which, and ends the review; an empty one says that there is none."""
    now = _lock(review)
    if now.reviewer_id != by.pk or now.state not in LIVE:
        raise Refused([fault.of("review", "conflicts are declared by whoever reviews", "ask them")])
    if conflict.strip():
        fault.refuse_if(check_reason(conflict))
        ConflictDeclared.objects.create(request=now.request, reviewer=by, ground=Ground.DECLARED.value,
                                        text=conflict.strip(), at=at)  # fmt: skip
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
    step = take(
        scores.CYCLE, state=now.state, act=act, who=_who(now, by), holding=held, also=check_reason(reason)
    )
    return _stepped(now, step, by=by, at=at, reason=reason)


@transaction.atomic
def write(
    review: Review,
    act: str,
    *,
    points: Mapping[str, int],
    reasons: Mapping[str, str],
    by: Person,
    at: datetime,
) -> Review:
    """Keep a review as far as it is written (`write`), hand it in, or revise it; what was handed in stays on record."""
    now = _lock(review)
    said = queries.calls.value(now.request.call)
    faults = scores.check(
        points, reasons, criteria=said.criteria, most=said.points_most, whole=act != "write"
    )
    if act not in ("write", "hand in", "revise"):
        raise Refused([fault.of("act", "“{act}” wants more than a word", "use its own form", act=act[:40])])
    if now.request.state not in REVIEWED:
        faults = (*faults, fault.of("request", "this request is not in review", "leave the review as it was"))
    held = [*_holding(now, at), scores.WHOLE]  # the faults themselves are told instead
    step = take(scores.CYCLE, state=now.state, act=act, who=_who(now, by), holding=held, also=faults)
    now.points, now.reasons = dict(points), dict(reasons)
    told = None
    if act != "write":
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
    requests.lock(review.request)
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
    return now
