"""How the demonstration's panel decides on a call and concludes it: by a plan that is proposed, followed and adopted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from aliquot.decisions import COMMITTEE, Decision, Outcome, Vote
from aliquot.site import queries
from aliquot.site.models import Call, Person, Plan, Request
from aliquot.site.operations import calls, decisions, plans
from aliquot.site.operations.decisions import Sat
from aliquot.site.queries.plans import Whole

WITHIN: Final = 120.0  # seconds; a plan of a few lines takes one
REASONS: Final = {
    Outcome.GRANT: "Demonstration: all that is asked for, as the plan has it. 演示：依方案全部准予。",
    Outcome.REDUCE: "Demonstration: less than is asked for, as the plan has it. 演示：依方案酌减。",
    Outcome.REFUSE: "Demonstration: better-ranked requests need the same soil. 演示：排名更前的申请需要同一月壤。",
}
NEEDED: Final = "Demonstration: a test with less. 演示：请先以更少的用量试验。"


def conclude(
    call: Call, days: Mapping[str, datetime], *, chair: Person, voting: Sequence[Person], director: Person
) -> None:
    """Plan a call whose reviews are in, let every level decide as planned, adopt the plan, conclude the call."""
    calls.move(call, "deliberate", by=chair, at=days["deliberate"])
    made = plans.begin(call, by=chair, at=days["planned"])
    plans.compute(made, at=days["planned"], waited=WITHIN)
    plan = Plan.objects.select_related("result", "input", "call").get(pk=made.pk)
    plans.propose(plan, by=chair, at=days["planned"])
    whole = Whole(plan)
    levels = queries.calls.rules(call).decision_levels
    for request in call.requests.order_by("submitted_at", "pk"):
        told = _as_planned(whole, request)
        for level in levels if told.outcome is not Outcome.REFUSE else (COMMITTEE,):
            by, sat = (chair, _sat(request, chair, voting)) if level == COMMITTEE else (director, None)
            at_level = Decision(level, told.outcome, told.granted_ng, (), told.reasons, told.needed)
            decisions.decide(request, at_level, sat=sat, promise=False, by=by, at=days[level])
    plans.adopt(plan, by=chair, at=days["adopted"])
    calls.move(call, "conclude", by=director, at=days["concluded"])


def _as_planned(whole: Whole, request: Request) -> Decision:
    lines = [ask for ask in whole.asks if ask.request == request.key]
    granted_ng = tuple(whole.by_line.get((ask.request, ask.line), 0) for ask in lines)
    wanted_ng = tuple(ask.wanted_ng for ask in lines)
    outcome = (
        Outcome.GRANT if granted_ng == wanted_ng else Outcome.REDUCE if any(granted_ng) else Outcome.REFUSE
    )
    refused = outcome is Outcome.REFUSE
    return Decision(
        COMMITTEE, outcome, () if refused else granted_ng, (), REASONS[outcome], NEEDED if refused else ""
    )


def _sat(request: Request, chair: Person, voting: Sequence[Person]) -> Sat:
    """Everybody who votes was there; who has a conflict stood aside, and the others said yes."""
    aside = queries.scores.grounds(request, voting, at=request.submitted_at)
    votes = {person.key: Vote.YES for person in voting if person.pk not in aside}
    return Sat(frozenset(person.key for person in voting), chair.key, votes)
