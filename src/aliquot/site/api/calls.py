"""Calls: what is offered, asked, answered and amended, for everybody; and for those who keep calls, every act of theirs."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Router
from ninja.decorators import decorate_view

from aliquot import call_changes, call_drafts, fault, mass
from aliquot.calls import Offer
from aliquot.fault import Fault, Refused
from aliquot.site import queries
from aliquot.site.api import writing
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.calls import CallList, CallWhole, DraftShape, KeptShape
from aliquot.site.models import Call, CallQuestion, Person
from aliquot.site.operations import calls
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.calls import State
from aliquot.site.queries.calls import newest_step as state_of_calls

router = Router(tags=["Calls"])
Key = Annotated[str, Field(pattern=r"^[0-9a-f]{1,24}$", description="The key of a call.")]
SCOPE = "calls"


@router.get("/calls", response={200: CallList, 400: Faults}, operation_id="calls", summary="Calls")
@decorate_view(kept(state_of_calls))
def every(request: HttpRequest) -> Body:
    """Published calls, the one that closes last first."""
    return {"items": [_listed(one) | {"zone": one.zone} for one in queries.calls.listed()]}


@router.get(
    "/calls/{key}",
    response={200: CallWhole, 400: Faults, 404: Faults},
    operation_id="call",
    summary="One call",
)
@decorate_view(kept(state_of_calls))
def one(request: HttpRequest, key: Key) -> Body:
    """A published call: its frozen list, questions with their answers, and what each amendment changed."""
    found = queries.calls.one(key)
    if found is None:
        raise _none(key)
    said, rules = queries.calls.value(found), queries.calls.rules(found)
    shown = (
        "scope",
        "who",
        "countries",
        "grace_minutes",
        "points_most",
        "two_stage",
        "hearing_minutes",
        "zone",
    )
    return _listed(found) | {name: getattr(said, name) for name in shown} | {
        "offers": [asdict(offer) for offer in said.offers],
        "criteria": [asdict(criterion) for criterion in said.criteria],
        "policy": {"key": rules.key, "name": {"en": rules.name_en, "zh": rules.name_zh}, "sha256": said.policy_sha256},
        "questions": [
            {"number": each.order, "question": each.text, "answer": each.answer, "answered_at": each.answered_at}
            for each in queries.calls.answered(found)
        ],
        "notices": list(_notices(found)),
        "text": reverse("call-text", args=[key, found.sha256]),
    }  # fmt: skip


def _listed(row: Call) -> Body:
    names = ("key", "title", "state", "opens", "closes", "sha256")
    return {name: getattr(row, name) for name in names}


def _none(key: str) -> Exception:
    return missing("key", "there is no call “{key}”", "see /api/v1/calls", key=key)


def _notices(found: Call) -> Iterator[Body]:
    """Yield every notice, oldest first, with what it changed against the state before."""
    states = queries.calls.states(found)
    at_of = {state.notice.pk: i for i, state in enumerate(states)}
    for step in queries.calls.notices(found):
        i = at_of.get(step.pk)
        sha256 = states[i].said.sha256 if i is not None else ""
        changes = list(_changes(states[i - 1], states[i])) if i else []
        yield {"act": step.act, "at": step.at, "reason": step.reason, "sha256": sha256, "changes": changes}


def _changes(before: State, after: State) -> Iterator[Body]:
    for one in call_changes.between(before.said, after.said):
        yield {"field": one.field, "sample": "", "before": _text(one.before), "after": _text(one.after)}
    for each in call_changes.offers(before.said, after.said):
        yield {
            "field": "offers",
            "sample": each.sample,
            "before": _offer(each.before),
            "after": _offer(each.after),
        }


def _text(value: str | tuple[str, ...] | datetime) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    return ", ".join(value) if isinstance(value, tuple) else value


def _offer(offer: Offer | None) -> str:
    if offer is None:
        return ""
    words = (mass.show(offer.mass_ng, ""), offer.form, offer.kind, "rare" if offer.rare else "")
    return ", ".join(word for word in words if word)


# -- for those who keep calls ------------------------------------------------------------------------------------


@router.get(
    "/calls/{key}/draft", **writing.documented(DraftShape, "call_draft", "The draft of a call", status=200)
)
def draft(request: HttpRequest, key: Key) -> HttpResponse:
    """A draft, or a call as a form of it would show it, with the version that an edit names. The scope is `read`."""
    return writing.shown(request, lambda: _draft(_found(key)), act=Act.KEEP_CALLS)


def _draft(found: Call) -> Body:
    told = found.told if found.published_at is None else call_drafts.write(queries.calls.value(found))
    return {"key": found.key, "state": found.state, "version": found.version, "draft": told}


def _found(key: str) -> Call:
    found = queries.calls.one(key, with_drafts=True)
    if found is None:
        raise _none(key)
    return found


@router.post("/call-drafts", **writing.documented(KeptShape, "draft_call", "Draft a call"))
def begin(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Begin a draft, of any completeness: `title`, `scope`, `who`, `countries`, `opens`, `closes`, `zone`, `policy`, `offers`,
    `criteria`, and what the policy would say otherwise. Moments are told as a clock in the zone shows them. The scope is `calls`.
    """

    def act(person: Person, at: datetime) -> Body:
        return _kept(calls.draft(told, by=person, at=at))

    return writing.answer(request, key, told, act, scope=SCOPE, act=Act.KEEP_CALLS)


@router.post("/calls/{key}/edits", **writing.documented(KeptShape, "edit_call", "Write a draft anew"))
def edit(request: HttpRequest, key: Key, told: writing.Told, idempotency: writing.Key = None) -> HttpResponse:
    """`{"draft": {…}, "base": 3}`: the whole draft, and the version that it began from. The scope is `calls`."""

    def act(person: Person, at: datetime) -> Body:
        said = _said(told, {"draft": dict, "base": int})
        return _kept(calls.edit(_found(key), said["draft"], base=said["base"], by=person))

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.KEEP_CALLS)


@router.post("/calls/{key}/publication", **writing.documented(KeptShape, "publish_call", "Publish a call"))
def publish(
    request: HttpRequest, key: Key, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """Freeze a draft and show it to everybody; the body is `{}`. The scope is `calls`."""

    def act(person: Person, at: datetime) -> Body:
        _said(told, {})
        return _kept(calls.publish(_found(key), by=person, at=at))

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.PUBLISH_CALLS)


@router.post("/calls/{key}/amendments", **writing.documented(KeptShape, "amend_call", "Amend an open call"))
def amend(
    request: HttpRequest, key: Key, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """`{"draft": {…}, "base": 3, "reason": "…"}`: the whole call as it shall be, and why. The scope is `calls`."""

    def act(person: Person, at: datetime) -> Body:
        said = _said(told, {"draft": dict, "base": int, "reason": str})
        found = _found(key)
        return _kept(
            calls.amend(found, said["draft"], reason=said["reason"], by=person, at=at, base=said["base"])
        )

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.KEEP_CALLS)


@router.post("/calls/{key}/answers", **writing.documented(KeptShape, "answer_question", "Answer a question"))
def answer(
    request: HttpRequest, key: Key, told: writing.Told, idempotency: writing.Key = None
) -> HttpResponse:
    """`{"question": 2, "answer": "…"}`, shown to everybody at once. The scope is `calls`."""

    def act(person: Person, at: datetime) -> Body:
        said = _said(told, {"question": int, "answer": str})
        found = _found(key)
        calls.answer(_question(found, said["question"]), said["answer"], by=person, at=at)
        return _kept(_found(key))

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.KEEP_CALLS)


@router.post("/calls/{key}/moves", **writing.documented(KeptShape, "move_call", "Bring a call on"))
def move(request: HttpRequest, key: Key, told: writing.Told, idempotency: writing.Key = None) -> HttpResponse:
    """`{"act": "close", "reason": ""}`: close, review, hear, deliberate, conclude or cancel, by whoever's step it is. The scope
    is `calls`.
    """

    def act(person: Person, at: datetime) -> Body:
        said = _said({"reason": ""} | told, {"act": str, "reason": str})
        return _kept(calls.move(_found(key), said["act"][:20], reason=said["reason"], by=person, at=at))

    return writing.answer(request, idempotency, told, act, scope=SCOPE, act=Act.SEE_REQUESTS)


def _kept(row: Call) -> Body:
    return {"key": row.key, "state": row.state, "version": row.version, "sha256": row.sha256}


def _question(found: Call, number: int) -> CallQuestion:
    question = found.questions.filter(order=number).first() if 0 < number < 2**31 else None
    if question is None:
        raise missing("question", "the call has no such question", "see the page on which the call is kept")
    return question


def _said(told: Mapping[str, object], fields: Mapping[str, type]) -> dict[str, object]:
    """Return these fields of the body; refuse it where one is missing, of another type, or too many."""
    faults: list[Fault] = [
        fault.of(name[:60], "there is no field of this name", "leave it out")
        for name in told
        if name not in fields
    ]
    faults += [
        fault.of(name, "this field is missing, or not of its type", "read /api/v1/docs")
        for name, kind in fields.items()
        if not isinstance(told.get(name), kind) or isinstance(told.get(name), bool)
    ]
    if faults:
        raise Refused(faults)
    return dict(told)
