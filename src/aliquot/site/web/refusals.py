"""Refusing several requests at once, below a line in the field: each still gets its own reasons, or nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import fault
from aliquot.decisions import COMMITTEE, Decision, Outcome
from aliquot.fault import Fault, Refused
from aliquot.site import permissions, queries
from aliquot.site.operations import decisions
from aliquot.site.operations.decisions import Sat
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.panel import Field, Row
from aliquot.site.web import acting, decide_page, deciding, panel, panel_rows
from aliquot.site.web.acting import Shown

AT_ONCE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def refusals(request: HttpRequest, key: str) -> HttpResponse:
    """Show what lies below a line and waits for this person's level; refuse what is chosen, each with its reasons."""
    call = panel.found(request, key)
    permissions.refuse_unless(request.user, Act.DECIDE_REQUESTS)
    field = queries.panel.field(call, viewer=request.user, at=timezone.now())
    faults: list[Shown] = []
    if request.method == "POST":
        done = acting.attempt(request, lambda: _refuse(request, field))
        if isinstance(done, dict):
            return redirect("panel", key=key)
        faults = [_worded(one, field) for one in done]
        field = queries.panel.field(call, viewer=request.user, at=timezone.now())
    context = _context(request, field, faults) | {
        "crumbs": panel.crumbs(call, {"label": _("Refuse several")})
    }
    return render(request, "decisions/refusals.html", context, status=422 if faults else 200)


def _levels(request: HttpRequest, field: Field) -> tuple[str, ...]:
    roles = queries.people.roles_of(request.user)
    return tuple(
        level
        for level in field.rules.decision_levels
        if ("chair" if level == COMMITTEE else "director") in roles
    )


def _open(request: HttpRequest, field: Field) -> list[Row]:
    """Return what this person's levels can refuse now, the lowest first."""
    levels = _levels(request, field)
    rows = [
        row for row in field.rows
        if row.due in levels and row.request.state in queries.requests.REVIEWED and not row.hidden and not row.unscored
    ]  # fmt: skip
    return rows[::-1]


def _below(text: str) -> Fraction | None:
    """Return the line as a share of the scale; None where no number of parts of a hundred was typed."""
    whole, _dot, rest = text.strip().partition(".")
    if not (
        whole.isascii()
        and whole.isdigit()
        and len(whole) <= 3
        and len(rest) <= 2
        and (not rest or rest.isdigit())
    ):
        return None
    return Fraction(int(whole + rest.ljust(2, "0")), 10_000)


def _context(request: HttpRequest, field: Field, faults: Sequence[Shown]) -> dict[str, object]:
    line = request.POST.get("below") or request.GET.get("below", "")
    below, rows = _below(line), _open(request, field)
    found = [row for row in rows if row.summary and below is not None and row.summary.normalised < below][
        :AT_ONCE
    ]
    shown = {one.key: one for one in panel_rows.shown(field, named=panel.is_named(request, field))}
    beside: dict[str, list[Shown]] = {}
    for one in faults:
        beside.setdefault(one.box, []).append(one)
    typed = request.POST if faults else {}
    chosen = request.POST.getlist("chosen")
    return {
        "call": field.call, "below": line, "is_wrong": bool(line) and below is None, "faults": faults, "beside": beside,
        "typed": typed, "waiting": len(rows), "is_committee": any(row.due == COMMITTEE for row in found),
        "rows": [
            {
                "row": row, "shown": shown[row.request.key], "key": row.request.key, "chosen": row.request.key in chosen,
                "reasons": typed.get(f"reasons-{row.request.key}", ""), "needed": typed.get(f"needed-{row.request.key}", ""),
                "faults": [one for name in ("reasons", "needed") for one in beside.get(f"{name}-{row.request.key}", [])],
            }
            for row in found
        ],
        "sitting": _members(field, typed), **_quorum(field, typed),
    }  # fmt: skip


def _members(field: Field, typed: object) -> list[dict[str, object]]:
    return decide_page.sitting(field, typed, {})


def _quorum(field: Field, typed: object) -> dict[str, object]:
    return decide_page.quorum(field, typed, {})


def _refuse(request: HttpRequest, field: Field) -> Body:
    """Refuse all that is chosen, or nothing: every fault of each is told."""
    told, rows = request.POST, {row.request.key: row for row in _open(request, field)}
    chosen = [key for key in told.getlist("chosen") if key in rows]
    if not chosen or len(chosen) != len(told.getlist("chosen")):
        raise Refused([fault.of("chosen", "nothing is chosen, or something that cannot be refused now",
                                "choose among those that are shown")])  # fmt: skip
    sat, faults = deciding.sitting(told)
    faults += [one for key in chosen for one in _one(request, rows[key], sat)]
    fault.refuse_if(faults)
    return {"refused": len(chosen)}


def _one(request: HttpRequest, row: Row, sat: Sat) -> list[Fault]:
    """Refuse one request, or return what it lacks: that must not hide what the next one lacks."""
    key, told = row.request.key, request.POST
    decision = Decision(
        str(row.due), Outcome.REFUSE, (), (), told.get(f"reasons-{key}", ""), told.get(f"needed-{key}", "")
    )
    try:
        with transaction.atomic():
            decisions.decide(row.request, decision, sat=_for(sat, row) if row.due == COMMITTEE else None,
                             by=request.user, at=timezone.now())  # fmt: skip
    except Refused as refused:
        return [replace(one, where=f"{one.where}-{key}") for one in refused.faults]
    return []


def _for(sat: Sat, row: Row) -> Sat:
    """Return how the committee sat on this request: who stands aside from it has no vote on it."""
    aside = {person.key for person, _ground in row.aside}
    return replace(sat, votes={key: vote for key, vote in sat.votes.items() if key not in aside})


def _worded(one: Fault, field: Field) -> Shown:
    """Return a fault with the request that it is about named, beside the field of that request."""
    name, _dash, key = one.where.partition("-")
    row = next((row for row in field.rows if row.request.key == key), None)
    said = deciding.in_words(
        [replace(one, where=name)], field, f"-{key}" if row and name in ("reasons", "needed") else ""
    )[0]
    return replace(said, where=f"{row.said.title} · {said.where}") if row else said
