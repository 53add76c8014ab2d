"""The field of a call for its panel's programs, recording a decision, and the public result of a call."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Router
from ninja.decorators import decorate_view

from aliquot import fault
from aliquot.decisions import COMMITTEE, Decision, Outcome, Vote
from aliquot.fault import Fault, Refused
from aliquot.site import queries
from aliquot.site.api import writing
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.decisions import DecidedShape, FieldShape, ResultShape
from aliquot.site.models import Call, Person, Request
from aliquot.site.operations import decisions
from aliquot.site.operations.decisions import Sat
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.panel import Field as Whole
from aliquot.site.queries.panel import Row
from aliquot.site.web import call_results

router = Router(tags=["Decisions"])
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{1,24}$", description="The key of a call or a request.")]
SCOPE = "decisions"


@router.get(
    "/calls/{key}/result", response={200: ResultShape, 400: Faults, 404: Faults}, operation_id="call_result",
    summary="Result of a call",
)  # fmt: skip
@decorate_view(kept(queries.outcomes.state))
def result(request: HttpRequest, key: Key) -> Body:
    """What came of a concluded call: requests and mass by outcome, country, type of institution, material and mission."""
    call = queries.outcomes.concluded(key)
    if call is None:
        raise missing(
            "key", "there is no result of a call “{key}”", "wait until the call is concluded", key=key
        )
    return call_results.plain(queries.outcomes.of_call(call))


@router.get(
    "/calls/{key}/field", **writing.documented(FieldShape, "call_field", "Field of a call", status=200)
)
def field(request: HttpRequest, key: Key) -> HttpResponse:
    """Every request that was submitted, with scores, law, stock and decisions, as the panel's page shows it to the person of
    the token. The scope is `read`.
    """
    return writing.shown(request, lambda: _field(_call(key), request.auth.person), act=Act.SEE_REQUESTS)


def _call(key: str) -> Call:
    call = queries.calls.one(key)
    if call is None:
        raise missing("key", "there is no call “{key}”", "see /api/v1/calls", key=key)
    return call


def _field(call: Call, viewer: Person) -> Body:
    found = queries.panel.field(call, viewer=viewer, at=timezone.now())
    return {"call": call.key, "state": call.state, "items": [_row(row, found) for row in found.rows]}


def _row(row: Row, found: Whole) -> Body:
    hidden = row.hidden or ("unscored" if row.unscored else "")
    summary = None if hidden else row.summary
    law = row.screening if not row.hidden else None
    return {
        "request": row.request.key, "title": row.said.title, "state": row.request.state, "hidden": hidden,
        "rank": row.rank if summary else None,
        "normalised": _share(summary.normalised if summary else None), "raw": _share(summary.raw if summary else None),
        "spread": _share(summary.spread if summary else None), "disagree": bool(summary and summary.disagree),
        "reviews": {} if row.hidden else dict(row.reviews), "stand_aside": [person.key for person, _ in row.aside],
        "law": law.overall if law else None, "law_decision": law.outcome if law else None,
        "lines": _lines(row, found), "decisions": [] if row.hidden else _levels(row), "due": row.due,
    }  # fmt: skip


def _share(share: Fraction | None) -> str | None:
    return None if share is None else str(share)


def _levels(row: Row) -> list[Body]:
    return [
        {"level": one.level, "outcome": one.outcome, "granted_ng": one.granted_ng, "at": one.at.isoformat()}
        for one in row.decisions
    ]


def _lines(row: Row, found: Whole) -> list[Body]:
    return [
        {
            "line": i, "sample": line.sample, "kind": line.kind, "least_ng": line.least_ng, "wanted_ng": line.wanted_ng,
            "free_ng": wish.free.free_ng if (wish := found.wishes[line.sample or f"kind:{line.kind}"]).free else None,
            "promised_ng": sum(ng for _, ng in row.promised.get(i, ())),
        }
        for i, line in enumerate(row.said.lines, start=1)
    ]  # fmt: skip


@router.post("/requests/{key}/decisions", **writing.documented(DecidedShape, "decide", "Record a decision"))
def decide(
    request: HttpRequest, key: Key, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """`{"level": "committee", "outcome": "reduce", "granted_ng": [20000000], "conditions": [], "reasons": "…", "needed": "…",
    "promise": true, "sitting": {"present": ["person:3"], "presides": "person:3", "votes": {"person:3": "yes"}}}`. A committee tells
    how it sat; a centre and an agency leave `sitting` out. `needed` says what would have been needed. The scope is `decisions`.
    """

    def act(person: Person, at: datetime) -> Body:
        row = Request.objects.filter(key=key, submitted_at__isnull=False).first()
        if row is None:
            raise missing("key", "there is no request “{key}”", "see the field of its call", key=key)
        decision, promise = _decision(told)
        sat = _sat(told.get("sitting")) if decision.level == COMMITTEE else None
        made = decisions.decide(row, decision, sat=sat, promise=promise, by=person, at=at)
        row.refresh_from_db()
        return {"request": key, "level": made.level, "order": made.order, "state": row.state}

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.DECIDE_REQUESTS)


FIELDS = ("level", "outcome", "granted_ng", "conditions", "reasons", "needed", "promise", "sitting")


def _decision(told: dict[str, object]) -> tuple[Decision, bool]:
    """Return the decision of a body, and whether it is promised at once; raise `Refused` with all that is of a wrong type."""
    faults = [
        fault.of(name[:60], "there is no field of this name", "leave it out")
        for name in told
        if name not in FIELDS
    ]
    texts = {name: told.get(name, "") for name in ("level", "outcome", "reasons", "needed")}
    faults += [_wrong(name) for name, value in texts.items() if not isinstance(value, str)]
    granted, conditions, promise = (
        told.get("granted_ng", []),
        told.get("conditions", []),
        told.get("promise", True),
    )
    if not isinstance(granted, list) or not all(type(one) is int and 0 <= one < 2**63 for one in granted):
        faults.append(_wrong("granted_ng"))
    if not isinstance(conditions, list) or not all(isinstance(one, str) for one in conditions):
        faults.append(_wrong("conditions"))
    if not isinstance(promise, bool):
        faults.append(_wrong("promise"))
    if texts["outcome"] not in list(Outcome):
        faults.append(
            fault.of("outcome", "no decision is chosen", "use one of: {words}", words=", ".join(Outcome))
        )
    fault.refuse_if(faults)
    return Decision(
        str(texts["level"]), Outcome(str(texts["outcome"])), tuple(granted), tuple(conditions), str(texts["reasons"]),
        str(texts["needed"]),
    ), bool(promise)  # fmt: skip


def _wrong(name: str) -> Fault:
    return fault.of(name, "this field is missing, or not of its type", "read /api/v1/docs")


def _sat(told: object) -> Sat | None:
    if told is None:
        return None
    if not isinstance(told, dict):
        raise Refused([_wrong("sitting")])
    present, presides, votes = told.get("present"), told.get("presides"), told.get("votes")
    is_list = isinstance(present, list) and all(isinstance(one, str) for one in present)
    is_table = isinstance(votes, dict) and all(
        vote in list(Vote) for vote in votes.values() if isinstance(vote, str)
    )
    faults = [] if is_list else [_wrong("present")]
    faults += [] if isinstance(presides, str) else [_wrong("presides")]
    if not is_table or not all(isinstance(vote, str) for vote in votes.values()):
        faults.append(_wrong("votes"))
    fault.refuse_if(faults)
    return Sat(frozenset(present), str(presides), {str(who): Vote(vote) for who, vote in votes.items()})
