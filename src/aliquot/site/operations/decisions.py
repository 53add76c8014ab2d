"""Decisions: recorded level by level; the last one settles the request and is what the applicant is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aliquot import decisions, fault, requests
from aliquot.calls import check_text
from aliquot.decisions import COMMITTEE, GRANTING, Decision, Member, Outcome, Sitting, Vote
from aliquot.fault import Fault
from aliquot.life_cycles import Need
from aliquot.site import queries
from aliquot.site.models import (
    ConflictDeclared,
    Letter,
    Person,
    Request,
    RequestDecision,
    ReviewerProfile,
)
from aliquot.site.operations import letters, promises
from aliquot.site.operations import requests as requests_operations
from aliquot.site.operations.life_cycles import lock, parts, take
from aliquot.site.operations.requests import stepped
from aliquot.site.queries.requests import REVIEWED

CALL_DECIDABLE = ("in review", "in hearings", "being decided", "concluded")


@dataclass(frozen=True, slots=True)
class Sat:
    """How a committee sat: who was there, who presided and what each voted, by their keys."""

    present: frozenset[str]
    presides: str
    votes: Mapping[str, Vote]


@transaction.atomic
def decide(
    request: Request,
    told: Decision,
    *,
    sat: Sat | None = None,
    promise: bool = True,
    by: Person,
    at: datetime,
) -> RequestDecision:
    """Record what a level decided; raise `Refused` with everything against it. A committee tells how it sat.

    The last level's decision settles the request, issues the letter, and promises what is granted of samples that are
    named, all in one transaction; with `promise` false that waits for a plan or for the curator.
    """
    now = lock(request)
    rules = queries.calls.rules(now.call)
    faults = list(_check_ready(now, told.outcome))
    fault.refuse_if(faults)
    earlier = queries.decisions.of_request(now)
    said = queries.requests.value(now)
    faults += decisions.check(told, lines=said.lines, earlier=earlier, rules=rules)
    faults += _check_who(now, told, sat, by, said.institutions, at)
    fault.refuse_if(faults)
    made = RequestDecision.objects.create(
        request=now, round=now.round, order=len(earlier) + 1, level=told.level, outcome=told.outcome.value,
        granted_ng=list(told.granted_ng), conditions=list(told.conditions), reasons=told.reasons.strip(),
        needed=told.needed.strip(), sitting=_kept(sat, _members(now, at)) if sat else {}, by=by, at=at,
    )  # fmt: skip
    if (outcome := decisions.settled((*earlier, told), rules)) is not None:
        _settle(now, outcome, promise=promise, by=by, at=at)
    return made


def _kept(sat: Sat, members: Iterable[Member]) -> dict[str, object]:
    """Return how a committee sat, with who stood aside then: what is known of conflicts may change later."""
    votes = {key: vote.value for key, vote in sorted(sat.votes.items())}
    aside = sorted(member.key for member in members if member.recused)
    return {"present": sorted(sat.present), "presides": sat.presides, "votes": votes, "aside": aside}


def _check_ready(now: Request, outcome: Outcome) -> Iterable[Fault]:
    """A request is decided on after its reviews; in a call with hearings, nothing is granted to who was not heard."""
    if now.state not in REVIEWED:
        yield fault.of("request", "this request is not before the panel", "admit it, or take it up again")
    if now.call.state not in CALL_DECIDABLE:
        yield fault.of(
            "call", "the call is not in review yet", "assign reviewers, then let the reviews begin"
        )
    if any(one.state != "handed in" for one in queries.scores.of_request(now)):
        yield fault.of("request", "there are reviews that are not in", "wait for them")
    if now.state == "in review" and queries.calls.value(now.call).two_stage and outcome in GRANTING:
        yield fault.of("request", "it is not on the short list", "put it there and hear it first")
    if now.state == "on the short list":
        hearing = queries.decisions.hearing(now)
        if hearing is None or hearing.heard is None:
            yield fault.of("request", "it was not heard yet", "hear it, or note why not")


def _check_who(
    now: Request, told: Decision, sat: Sat | None, by: Person, institutions: frozenset[str], at: datetime
) -> Iterable[Fault]:
    who = parts(by)
    if queries.requests.is_author(now, by):
        yield fault.of("person", "this is your own request", "let somebody else decide")
    if told.level == COMMITTEE:
        if "chair" not in who:
            yield fault.of("person", "what a committee decides is recorded by its chair", "ask the chair")
        if sat is None:
            yield fault.of(
                "present", "it is not told who was there", "name who was there, presided and voted"
            )
            return
        sitting = Sitting(_members(now, at), sat.present, sat.presides, sat.votes)
        yield from decisions.check_sitting(sitting, institutions=institutions,
                                           rules=queries.calls.rules(now.call))  # fmt: skip
        return
    if "director" not in who:
        yield fault.of("person", "a centre and an agency decide by a director", "ask the director")
    own = ReviewerProfile.objects.filter(person=by).first()
    yield from decisions.check_person(own.institutions if own else (), institutions)


def _members(now: Request, at: datetime) -> tuple[Member, ...]:
    """Return the committee; whoever has a conflict with this request, declared or found, has stepped aside from it."""
    rows = list(queries.calls.panel(now.call))
    aside = queries.scores.grounds(now, [row.person for row in rows], at=at)
    profiles = ReviewerProfile.objects.in_bulk([row.person_id for row in rows], field_name="person_id")
    known = {pk: frozenset(profile.institutions) for pk, profile in profiles.items()}
    return tuple(Member(row.person.key, known.get(row.person_id, frozenset()), row.votes, row.person_id in aside)
                 for row in rows)  # fmt: skip


def _settle(now: Request, outcome: Outcome, *, promise: bool, by: Person, at: datetime) -> None:
    act = "grant" if outcome in GRANTING else outcome.value
    held: list[Need] = [
        requests.SETTLED,
        *([] if queries.calls.value(now.call).two_stage else [requests.ONE_STAGE]),
    ]
    step = take(requests.CYCLE, state=now.state, act=act, who=parts(by), holding=held)
    now.settled_at = at
    stepped(now, step, by=by, at=at)
    promises.settle(now, promise=promise, by=by, at=at)
    letters.issue(now, Letter.Kind.DECISION, at=at)


@transaction.atomic
def uphold(request: Request, *, reason: str, by: Person, at: datetime) -> Request:
    """Let a decision stand that was appealed against, and tell the applicant so."""
    done = requests_operations.move(request, "uphold", reason=reason, by=by, at=at)
    letters.issue(done, Letter.Kind.APPEAL, at=at)
    return done


@transaction.atomic
def step_aside(request: Request, *, reason: str, by: Person, at: datetime) -> ConflictDeclared:
    """Step aside from a request as a member of its panel: no vote on it, and no presiding over it."""
    now = lock(request)
    faults = []
    if not now.call.panel.filter(person=by).exists():
        faults.append(fault.of("person", "you are not on this panel", "there is nothing to step aside from"))
    faults += check_text("reason", reason)
    if ConflictDeclared.objects.filter(request=now, reviewer=by).exists():
        faults.append(fault.of("person", "you stepped aside already", "it is on record"))
    fault.refuse_if(faults)
    return ConflictDeclared.objects.create(
        request=now, reviewer=by, ground="declared", text=reason.strip(), at=at
    )
