"""A call before its panel, whose reviewed requests want more than there is: a small world to plan in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.site import sharing
from tests.site.sharing import OVER, a_call, a_line, a_request

from aliquot.decisions import Decision, Outcome, Vote
from aliquot.site.models import Call, Person, Request, ReviewerProfile, Role
from aliquot.site.operations import calls, decisions, plans, requests, scores
from aliquot.site.operations.decisions import Sat

MG = 10**6
THEIRS = ["02jx3x895"]
REASONS = {"merit": "New.", "team": "Known."}


@dataclass
class Planned:
    """The call, its people, and its requests by the name of who leads each."""

    call: Call
    ada: Person
    cy: Person
    eve: Person
    hal: Person
    requests: dict[str, Request] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


def a_planned_call(
    a_person: Callable[..., Person], points: dict[str, tuple[int, dict[str, object]]], **changed: object
) -> Planned:
    """Return a call in review: `points` has for each name the points that Cy gave, and what the line asks for.

    Of P-1 200 mg are offered, of P-2 100 mg.
    """
    sharing.store()
    ada, cy, eve, hal = (a_person(name, role) for name, role in
                         (("Ada", Role.CURATOR), ("Cy", Role.REVIEWER), ("Eve", Role.DIRECTOR), ("Hal", Role.CHAIR)))  # fmt: skip
    for person in (cy, hal):
        ReviewerProfile.objects.create(person=person, institutions=THEIRS, country="GB", zone="Europe/London")
    call = a_call(ada, **changed)
    it = Planned(call, ada, cy, eve, hal)
    for name, (_, line) in points.items():
        person = a_person(name, Role.REQUESTER)
        lines = line.pop("lines", None) or [a_line(**line)]
        it.people[name] = person
        it.requests[name], _ = a_request(call, person, title=f"What {name} asks", lines=lines)
    calls.sit(call, {hal: True, ada: False}, by=hal)
    calls.move(call, "close", by=ada, at=OVER)
    for name, (given, _) in points.items():
        request = requests.move(it.requests[name], "admit", by=ada, at=OVER)
        review = scores.assign(request, cy, by=hal, at=OVER)
        scores.declare(review, conflict="", by=cy, at=OVER)
        scores.move(review, "accept", by=cy, at=OVER)
        it.requests[name] = request
        points[name] = (given, {"review": review})
    calls.move(call, "review", by=hal, at=OVER)
    for given, kept in points.values():
        scores.write(
            kept["review"], "hand in", points={"merit": given, "team": given}, reasons=REASONS, by=cy, at=OVER
        )
    it.call.refresh_from_db()
    return it


def decide(it: Planned, name: str, *granted_ng: int, outcome: Outcome = Outcome.REDUCE) -> None:
    """Let every level decide so on a request."""
    there = frozenset({it.hal.key})
    for level in ("committee", "centre", "agency"):
        sat = Sat(there, it.hal.key, {it.hal.key: Vote.YES}) if level == "committee" else None
        needed = "A better reason." if outcome is Outcome.REFUSE else ""
        told = Decision(level, outcome, granted_ng, (), "As planned.", needed)
        decisions.decide(it.requests[name], told, sat=sat, by=it.hal if sat else it.eve, at=OVER)
        if outcome is Outcome.REFUSE:
            return


def a_plan(it: Planned, **asked: object):
    """Return a plan of the call that was computed."""
    made = plans.begin(it.call, by=it.hal, at=OVER, **asked)
    plans.compute(made, at=OVER, waited=20)
    made.refresh_from_db()
    return made
