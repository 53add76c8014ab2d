"""One request before the panel: everything about it, the form of the level whose turn it is, appeals and deferrals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import decisions, fault, mass
from aliquot.decisions import COMMITTEE, Decision, Outcome, Vote
from aliquot.fault import Fault, Refused
from aliquot.requests import Line
from aliquot.site import permissions, queries
from aliquot.site.models import Request
from aliquot.site.operations import decisions as operations
from aliquot.site.operations import requests
from aliquot.site.operations.decisions import Sat
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.panel import Field, Row
from aliquot.site.web import acting, decide_page, panel, panel_rows
from aliquot.site.web.acting import Shown

MOVES = ("resume", "reopen", "uphold")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def decide(request: HttpRequest, key: str) -> HttpResponse:
    """Show a request as the panel sees it; record what the level decides whose turn it is, and what follows on it."""
    field, row = found(request, key)
    faults: list[Shown] = []
    if request.method == "POST":
        done = acting.attempt(request, lambda: _act(request, field, row))
        if isinstance(done, dict):
            return redirect(f"{reverse('decide', args=[key])}#decisions")
        faults = in_words(done, field)
        field, row = found(request, key)
    context = decide_page.context(request, field, row, faults) | {
        "crumbs": panel.crumbs(field.call, {"label": row.said.title}),
        "shown": next(
            one for one in panel_rows.shown(field, named=panel.is_named(request, field)) if one.key == key
        ),
    }
    return render(request, "decisions/decide.html", context, status=422 if faults else 200)


def found(request: HttpRequest, key: str) -> tuple[Field, Row]:
    """Return a request with the field that it stands in, to those who may see that."""
    row = Request.objects.filter(key=key, submitted_at__isnull=False).select_related("call").first()
    if row is None:
        raise Http404
    field = queries.panel.field(panel.found(request, row.call.key), viewer=request.user, at=timezone.now())
    one = next((one for one in field.rows if one.request.pk == row.pk), None)
    if one is None:
        raise Http404
    return field, one


def _act(request: HttpRequest, field: Field, row: Row) -> Body:
    told, by, at = request.POST, request.user, timezone.now()
    act = told.get("act", "")
    if act == "aside":
        return {"aside": operations.step_aside(row.request, reason=told.get("reason", ""), by=by, at=at).pk}
    if act in MOVES and row.hidden != "own":
        reason = told.get("reason", "")
        if act == "uphold":
            operations.uphold(row.request, reason=reason, by=by, at=at)
        else:
            requests.move(row.request, act, reason=reason, by=by, at=at)
        return {"act": act}
    if act != "decide":
        raise Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    permissions.refuse_unless(by, Act.DECIDE_REQUESTS)
    level = told.get("level", "")
    decision, faults = read(told, row.said.lines, level=level)
    sat, more = sitting(told) if level == COMMITTEE else (None, [])
    if faults or more:
        raise Refused([*faults, *more, *_rest(decision, field, row)])
    made = operations.decide(
        row.request, decision, sat=sat, promise=told.get("promise") == "yes", by=by, at=at
    )
    return {"decision": made.pk}


def _rest(decision: Decision, field: Field, row: Row) -> list[Fault]:
    """Return what else is wrong with a decision of which an amount or a choice could not be read."""
    earlier = [queries.decisions.value(one) for one in row.decisions]
    every = decisions.check(decision, lines=row.said.lines, earlier=earlier, rules=field.rules)
    return [one for one in every if not one.where.startswith("granted")]


def read(
    told: QueryDict, lines: Iterable[Line], *, level: str, suffix: str = ""
) -> tuple[Decision, list[Fault]]:
    """Return the decision that a form states, and what of it cannot be read. Amounts count where something is granted."""
    faults: list[Fault] = []
    chosen = told.get(f"outcome{suffix}", "")
    if chosen not in list(Outcome):
        faults.append(fault.of("outcome", "no decision is chosen", "choose one of those that are offered"))
    outcome = Outcome(chosen) if chosen in list(Outcome) else Outcome.GRANT
    granted = [_mass(told.get(f"granted-{i}{suffix}", ""), f"granted[{i}]") for i, _line in enumerate(lines)]
    is_granting = outcome in decisions.GRANTING
    faults += [one for one in granted if isinstance(one, Fault)] if is_granting else []
    amounts = tuple(0 if isinstance(one, Fault) else one for one in granted)
    conditions = [line.strip() for line in told.get(f"conditions{suffix}", "").splitlines()]
    return Decision(
        level=level,
        outcome=outcome,
        granted_ng=amounts if is_granting else (),
        conditions=tuple(line for line in conditions if line),
        reasons=told.get(f"reasons{suffix}", "").strip(),
        needed=told.get(f"needed{suffix}", "").strip(),
    ), faults


def _mass(text: str, where: str) -> int | Fault:
    return mass.read(text, where) if text.strip() else 0


def sitting(told: QueryDict) -> tuple[Sat, list[Fault]]:
    """Return how a committee sat as its form tells it, and what of it cannot be read."""
    given = {
        name.removeprefix("vote:"): value
        for name, value in told.items()
        if name.startswith("vote:") and value
    }
    faults = [
        fault.of("votes", "this is no vote", "choose one of those that are offered")
        for value in given.values() if value not in list(Vote)
    ]  # fmt: skip
    votes = {key: Vote(value) for key, value in given.items() if value in list(Vote)}
    return Sat(frozenset(told.getlist("present")), told.get("presides", ""), votes), faults


def in_words(faults: Iterable[Fault], field: Field, suffix: str = "") -> list[Shown]:
    """Return faults in the reader's words, each with the field that it stands beside; members by their names."""
    people = {one.person.key: one.person.name for one in field.panel}
    return [_worded(one, people, suffix) for one in faults]


def _worded(one: Fault, people: Mapping[str, str], suffix: str) -> Shown:
    values = {name: people.get(str(value), value) for name, value in one.values}
    said = acting.shown([replace(one, values=tuple(values.items()))])[0]
    name, _bracket, rest = one.where.partition("[")
    index = rest.rstrip("]")
    if name == "granted" and index.isdigit():
        return replace(said, where=_("Line {n}").format(n=int(index) + 1), box=f"granted-{index}{suffix}")
    label, box = decide_page.LABELS.get(name, (one.where, ""))
    return replace(said, where=str(label), box=f"{box}{suffix}" if box else "")
