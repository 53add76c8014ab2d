"""Plans of allocation: those of a call for its staff, and for everybody what is published of one."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

import json
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Path, Router
from ninja.decorators import decorate_view

from aliquot.site import queries
from aliquot.site.api import writing
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.plans import PlanList, PlanPublished, PlanWhole
from aliquot.site.models import Call, Person, Plan
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.plans import Whole, newest

router = Router(tags=["Plans"])
Key = Annotated[str, Path(pattern=r"^[0-9a-f]{1,24}$", description="The key of a call.")]
PlanKey = Annotated[str, Path(pattern=r"^[0-9a-f]{1,24}$", description="The key of a plan.")]


@router.get("/calls/{key}/plan", response={200: PlanPublished, 400: Faults, 404: Faults}, operation_id="public_plan",
            summary="The plan of a concluded call")  # fmt: skip
@decorate_view(kept(newest))
def published(request: HttpRequest, key: Key) -> Body:
    """What the policy publishes of the plan: the method with the hash of its input, or input and plan as well; nobody is named."""
    call = queries.calls.one(key)
    plan = queries.plans.published_of(call) if call is not None else None
    if call is None or plan is None:
        raise missing("key", "no plan of “{key}” is published", "see /api/v1/calls", key=key)
    told, is_whole = plan.result.told, queries.calls.rules(call).published_plan == "whole"
    return {
        "call": call.key, "input_sha256": plan.input.sha256, "status": plan.result.status, "merit": plan.result.merit,
        "bound": told["bounds"]["merit"], "handling": plan.result.handling, "used_up_ug": plan.result.used_up_ug,
        "command": queries.plan_files.command(plan), "software": told["software"],
        "instance": json.loads(plan.input.text) if is_whole else None,
        "pins": queries.plan_files.library_pins(plan) if is_whole else None,
        "answer": queries.plan_files.document(Whole(plan)) if is_whole else None,
    }  # fmt: skip


@router.get("/calls/{key}/plans", **writing.documented(PlanList, "plans", "Plans of a call", status=200))
def every(request: HttpRequest, key: Key) -> HttpResponse:
    """The plans of a call, newest first. For staff who ask for nothing in it."""

    def found() -> Body:
        return {"items": [_listed(one) for one in queries.plans.listed(_call(key, request.auth.person))]}

    return writing.shown(request, found, act=Act.SEE_PLANS)


@router.get("/calls/{key}/plans/{plan}", **writing.documented(PlanWhole, "plan", "One plan", status=200))
def one(request: HttpRequest, key: Key, plan: PlanKey) -> HttpResponse:
    """A plan: who gets how much of which sample, why, and what was fixed. For staff who ask for nothing in its call."""

    def found() -> Body:
        row = queries.plans.one(_call(key, request.auth.person), plan)
        if row is None:
            raise missing(
                "plan", "there is no plan “{plan}” of this call", "see the list of its plans", plan=plan
            )
        whole = Whole(row) if hasattr(row, "result") else None
        shares = whole.shares.items() if whole else ()
        return _listed(row) | {
            "shares": [{"request": line[0], "line": line[1] + 1, "sample": sample, "mass_ng": ng} for line, each in shares for sample, ng in each],
            "pins": row.pins, "answer": queries.plan_files.document(whole) if whole else None,
        }  # fmt: skip

    return writing.shown(request, found, act=Act.SEE_PLANS)


def _call(key: str, person: Person) -> Call:
    """Return a call whose plans this person may see; to whoever asks for something in it there are none."""
    call = queries.calls.one(key)
    if call is None or queries.plans.is_author(call, person):
        raise missing("key", "there is no call “{key}”", "see /api/v1/calls", key=key)
    return call


def _listed(row: Plan) -> Body:
    result = row.result if hasattr(row, "result") else None
    acts = {step.act for step in row.steps.all()}
    return {
        "plan": row.key, "number": row.order, "state": queries.plans.state(row, at=timezone.now()),
        "status": result.status if result else None, "input_sha256": row.input.sha256,
        "merit": result.merit if result else None, "handling": result.handling if result else None,
        "used_up_ug": result.used_up_ug if result else None, "granted": result.granted if result else None,
        "made_at": row.at.isoformat(), "by": row.by.key, "proposed": "propose" in acts, "adopted": "adopt" in acts,
    }  # fmt: skip
