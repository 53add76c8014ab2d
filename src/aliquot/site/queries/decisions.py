"""Reading decisions: what each level decided, and the statistics of a call."""

from __future__ import annotations

from collections.abc import Iterable

from aliquot import decisions
from aliquot.decisions import Decision, Outcome, Results, Settled
from aliquot.policy import Policy
from aliquot.site.models import Call, Hearing, Request, RequestDecision
from aliquot.site.queries import calls, requests


def of_request(request: Request) -> tuple[Decision, ...]:
    """Return the decisions of this round, in the order of the levels."""
    return tuple(value(row) for row in request.decisions.filter(round=request.round))


def value(row: RequestDecision) -> Decision:
    """Return a decision as the library has it."""
    return Decision(
        row.level, Outcome(row.outcome), tuple(row.granted_ng), tuple(row.conditions), row.reasons,
        row.needed,
    )  # fmt: skip


def granted_ng(request: Request) -> tuple[int, ...]:
    """Return what was granted of each line, once a request is settled so; nothing where nothing is granted."""
    last = request.decisions.filter(round=request.round).last() if request.settled_at else None
    return tuple(last.granted_ng) if last is not None and last.outcome in decisions.GRANTING else ()


def shown_to_applicant(request: Request) -> tuple[Decision, ...]:
    """Return the decisions of each round whose last level has spoken, and nothing before."""
    rows = (
        request.decisions.all() if request.settled_at else request.decisions.filter(round__lt=request.round)
    )
    return tuple(value(row) for row in rows)


def hearing(request: Request) -> Hearing | None:
    """Return the hearing of this round."""
    return request.hearings.filter(round=request.round).first()


def results(call: Call) -> Results:
    """Return the statistics of a call, over the requests that were decided, in four queries."""
    rows = call.requests.filter(settled_at__isnull=False).prefetch_related("decisions", "receipts__version")
    rules = calls.rules(call)
    return decisions.results([one for row in rows for one in _settled(row, call, rules)])


def _settled(row: Request, call: Call, rules: Policy) -> Iterable[Settled]:
    last = [one for one in row.decisions.all() if one.round == row.round]
    held = requests.last_receipt(row)
    if last and held is not None:
        asked = requests.understood(held, call=call, rules=rules)
        asked_ng = sum(line.wanted_ng for line in asked.lines)
        yield Settled(asked.lead.country, Outcome(last[-1].outcome), asked_ng, sum(last[-1].granted_ng))
