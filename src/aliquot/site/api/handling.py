"""Acts at the bench: what can be told of each, recording one, reading what was done, proposals and their approvals."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router
from ninja.decorators import decorate_view

import aliquot
from aliquot import fault, handling, samples
from aliquot.fault import Refused
from aliquot.site.api import writing
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import INDEX_MAX, Faults
from aliquot.site.api.shapes.handling import (
    ActShape,
    ActsShape,
    ColumnShape,
    HandlingPage,
    HandlingShape,
    ProposalShape,
    RecordedShape,
)
from aliquot.site.models import Handling, Person, Proposal
from aliquot.site.operations import approvals
from aliquot.site.operations import handling as bench
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import approvals as proposals
from aliquot.site.queries import handling as reads

router = Router(tags=["The bench"])
Kind = Annotated[str, Path(max_length=20, description="One of those that /acts lists.")]
Id = Annotated[int, Path(ge=1, le=INDEX_MAX)]
PAGE = 50


@router.get(
    "/acts", response={200: ActsShape, 400: Faults}, operation_id="acts", summary="What can be recorded"
)
@decorate_view(kept(lambda: aliquot.__version__))
def acts(request: HttpRequest) -> ActsShape:
    """Every act at the bench and what is told of it: the names of the fields are those of `told`."""
    return ActsShape(items=[_act(act) for act in handling.KINDS.values()])


def _act(act: handling.Act) -> ActShape:
    return ActShape(
        kind=act.kind,
        group=act.group,
        label=act.label,
        purpose=act.purpose,
        ledger=[kind.value for kind in act.ledger],
        touches=act.touches,
        fields=[_field(field) for field in act.fields],
    )


def _field(field: handling.Field) -> ColumnShape:
    return ColumnShape(
        name=field.name,
        type=field.type.value,
        label=field.label,
        hint=field.hint,
        required=field.required,
        unit=field.unit,
        choices=[one.word for one in field.choices],
        columns=[_field(column) for column in field.columns],
    )


# -- reading ---------------------------------------------------------------------------------------------------


@router.get("/handlings/{int:number}", **writing.documented(HandlingShape, "handling", "One act", status=200))
def one(request: HttpRequest, number: Id) -> HttpResponse:
    """What was done, by whom, with what, and to which samples. For staff."""

    def found() -> Body:
        row = reads.one(number)
        if row is None:
            raise missing("handling", "there is no act {number}", "see the acts of a sample", number=number)
        return _handling(row)

    return writing.shown(request, found, act=Act.SEE_WORK)


@router.get(
    "/samples/{path:number}/handlings",
    **writing.documented(HandlingPage, "sample_handlings", "What was done to a sample", status=200),
)
def of_sample(
    request: HttpRequest,
    number: Annotated[str, Path(min_length=1, max_length=samples.MAX_LENGTH)],
    before: Annotated[int | None, Query(ge=1, le=INDEX_MAX, description="“next” of the page before.")] = None,
) -> HttpResponse:
    """Every act in which a sample took part, newest first. For staff."""

    def found() -> Body:
        if samples.check_number(number) or not reads.is_sample(number):
            raise missing("number", "there is no sample {sample} in the catalogue", "check the number",
                          sample=number)  # fmt: skip
        rows = reads.of_sample(number, before=before, most=PAGE + 1)
        page = rows[:PAGE]
        return {"items": [_handling(row) for row in page], "next": page[-1].pk if len(rows) > PAGE else None}

    return writing.shown(request, found, act=Act.SEE_WORK)


def _handling(row: Handling) -> Body:
    return {
        "handling": row.pk,
        "kind": row.kind,
        "at": row.at.isoformat(),
        "recorded_at": row.recorded_at.isoformat(),
        "by": row.by,
        "second": row.second or None,
        "entry": row.entry_id,
        "place": row.place.key if row.place else None,
        "reason": row.reason,
        "note": row.note,
        "told": row.told,
        "samples": [{"sample": one.sample.number, "part": one.part, "mass_ng": one.mass_ng} for one in row.samples.all()],
        "exposures": [
            {"sample": one.sample.number, "agent": one.agent, "amount": one.amount, "minutes": one.minutes}
            for one in row.exposures.all()
            if one.origin_id is None
        ],
        "tools": [{"tool": one.tool.key, "batch": one.cleaning.batch if one.cleaning else None} for one in row.tools.all()],
    }  # fmt: skip


# -- recording -------------------------------------------------------------------------------------------------


@router.post("/handlings/{kind}", **writing.documented(RecordedShape, "record", "Record an act at the bench"))
def record(request: HttpRequest, kind: Kind, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Record an act of a kind, such as `weigh`; the fields are those that /acts tells. The scope is the kind."""
    if kind not in handling.KINDS:
        raise missing("kind", "there is no act “{kind}”", "see /api/v1/acts", kind=kind)

    def act(person: Person, at: datetime) -> Body:
        return _recorded(bench.record(kind, told, by=person, at=at))

    return writing.answer(request, key, told, act, scope=kind, act=Act.APPEND_ENTRIES)


def _recorded(done: bench.Recorded) -> Body:
    return {
        "handling": done.handling.pk,
        "entry": done.entry.index if done.entry else None,
        "samples": list(done.numbers),
        "notes": writing.said(done.notes),
    }


# -- acts on sealed samples --------------------------------------------------------------------------------------


@router.get(
    "/proposals/{int:number}", **writing.documented(ProposalShape, "proposal", "One proposal", status=200)
)
def proposal(request: HttpRequest, number: Id) -> HttpResponse:
    """What was proposed, who answered what, and how it stands. For staff."""
    return writing.shown(request, lambda: _proposal(_found(number)), act=Act.SEE_WORK)


@router.post(
    "/proposals/{kind}", **writing.documented(ProposalShape, "propose", "Propose an act on a sealed sample")
)
def propose(request: HttpRequest, kind: Kind, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Propose what is told, so that others can approve it. The scope is `propose`."""
    if kind not in handling.KINDS:
        raise missing("kind", "there is no act “{kind}”", "see /api/v1/acts", kind=kind)

    def act(person: Person, at: datetime) -> Body:
        return _proposal(approvals.propose(kind, told, by=person, at=at))

    return writing.answer(request, key, told, act, scope="propose", act=Act.APPEND_ENTRIES)


@router.post(
    "/proposals/{int:number}/answers",
    **writing.documented(ProposalShape, "answer", "Approve or refuse a proposal"),
)
def answer(request: HttpRequest, number: Id, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Say `{"yes": true}`, or `{"yes": false, "reason": "…"}`: once each, and never to one's own. The scope is `approve`."""

    def act(person: Person, at: datetime) -> Body:
        found = _found(number)
        yes, reason = told.get("yes"), told.get("reason", "")
        if not isinstance(yes, bool) or not isinstance(reason, str) or told.keys() - {"yes", "reason"}:
            todo = 'write {{"yes": true}}, or {{"yes": false, "reason": "…"}}'
            raise Refused([fault.of("yes", "this is not an answer", todo)])
        say = approvals.approve if yes else approvals.refuse
        say(found, by=person, at=at, reason=reason)
        return _proposal(_found(number))

    return writing.answer(request, key, told, act, scope="approve", act=Act.APPROVE_SEALED)


@router.post(
    "/proposals/{int:number}/withdrawal",
    **writing.documented(ProposalShape, "withdraw", "Take a proposal back"),
)
def withdraw(request: HttpRequest, number: Id, key: writing.Key = None) -> HttpResponse:
    """Take one's own proposal back, as long as it was not carried out. The scope is `propose`."""

    def act(person: Person, at: datetime) -> Body:
        approvals.withdraw(_found(number), by=person, at=at)
        return _proposal(_found(number))

    return writing.answer(request, key, None, act, scope="propose", act=Act.APPEND_ENTRIES)


@router.post(
    "/proposals/{int:number}/handling",
    **writing.documented(RecordedShape, "carry_out", "Carry out what was approved"),
)
def carry_out(request: HttpRequest, number: Id, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Record what was approved, once; `told` is what is told now, or `{}` for what was proposed. The scope is the kind."""

    def act(person: Person, at: datetime) -> Body:
        return _recorded(approvals.carry_out(_found(number), by=person, at=at, told=told or None))

    return writing.answer(request, key, told, act, scope=_kind_of(number), act=Act.APPEND_ENTRIES)


def _kind_of(number: int) -> str:
    """Return the kind of a proposal; one that is not there is told as such only to those whose token may see it."""
    found = proposals.one(number)
    return found.kind if found else "propose"


def _found(number: int) -> Proposal:
    found = proposals.one(number)
    if found is None:
        raise missing("proposal", "there is no proposal {number}", "see the list of proposals", number=number)
    return found


def _proposal(row: Proposal) -> Body:
    answers = list(row.approvals.all())
    return {
        "proposal": row.pk,
        "kind": row.kind,
        "sample": row.sample.number,
        "told": row.told,
        "by": row.by.key,
        "at": row.at.isoformat(),
        "needed": row.needed,
        "standing": proposals.standing(row, answers).value,
        "answers": [
            {"by": one.person.key, "at": one.at.isoformat(), "yes": one.yes, "reason": one.reason}
            for one in answers
        ],
        "handling": row.handling_id,
    }
