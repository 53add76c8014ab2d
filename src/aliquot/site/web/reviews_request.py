"""The reviews of one request, for its chair and panel: points and reasons side by side; who is added, who is released."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import calls, fault
from aliquot.fault import Refused
from aliquot.site import permissions, queries
from aliquot.site.models import Request, Review
from aliquot.site.operations import scores
from aliquot.site.permissions import Act
from aliquot.site.web import acting, reviews_shown
from aliquot.site.web.acting import Shown
from aliquot.site.web.reviews_boxes import Box, headed, of_act
from aliquot.site.web.reviews_call import HIDDEN, crumbs

RELEASE = (
    Box("reason", gettext_lazy("Why the reviewer is released"), kind="area", needed=True, rows=2, most=8000),
)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review_summary(request: HttpRequest, key: str) -> HttpResponse:
    """Show every review of a request; add a reviewer, release one."""
    row, faults = _found(request, key), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.RUN_REVIEWS)
        done = acting.once(request, lambda: _act(request, row))
        if isinstance(done, dict):
            return redirect("review-summary", key=key)
        faults = done
    context = _context(request, row, faults)
    return render(request, "reviews/summary.html", context, status=422 if faults else 200)


def _found(request: HttpRequest, key: str) -> Request:
    row = queries.requests.submitted().select_related("call", "lead").filter(key=key).first()
    if row is None or not permissions.may(request.user, Act.SEE_REVIEWS, row.call):
        raise Http404
    return row


def _act(request: HttpRequest, row: Request) -> acting.Body:
    told, by, at = request.POST, request.user, timezone.now()
    act, _sep, number = told.get("act", "").partition(" ")
    if act == "add":
        people = list(queries.reviewing.by_keys(told.getlist("who")).values())
        if not people:
            raise Refused([fault.of("who", "nobody is chosen", "choose a reviewer")])
        made = scores.assign_all(row.call, [(row, person) for person in people], by=by, at=at)
        return {"reviews": [one.pk for one in made]}
    found = row.reviews.filter(
        pk=int(number) if number.isascii() and number.isdigit() and len(number) < 19 else -1
    ).first()
    if act != "release" or found is None:
        raise Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    scores.move(found, "release", reason=told.get("reason", ""), by=by, at=at)
    return {"released": found.pk}


def _context(request: HttpRequest, row: Request, faults: list[Shown]) -> dict[str, object]:
    now, call = timezone.now(), row.call
    hidden = queries.reviewing.hidden(call, [row], request.user, at=now).get(row.pk)
    base = {
        "row": row,
        "call": call,
        "faults": faults,
        "crumbs": crumbs(call, {"label": row.title}),
        "hidden": HIDDEN[hidden] if hidden else "",
    }
    return base if hidden else base | _found_of(request, row, faults, now)


def _found_of(request: HttpRequest, row: Request, faults: list[Shown], now: datetime) -> dict[str, object]:
    """Return what reviewers found, and what a chair may do about them."""
    call, said = row.call, queries.calls.value(row.call)
    may_run, due = permissions.may(request.user, Act.RUN_REVIEWS), queries.reviewing.due_at(row.call)
    shown = [_shown(request, one, faults) for one in queries.scores.every(row)]
    roles = queries.people.roles_of(request.user)
    return {
        "told": reviews_shown.of(row, whole=True),
        "named": queries.calls.rules(call).applicants_named,
        "line": next((one for one in queries.scores.field_of(call).lines if one.request.pk == row.pk), None),
        "reviews": shown,
        "criteria": [_criterion(one, shown) for one in said.criteria],
        "most": said.points_most,
        "late": bool(due and due < now),
        "open": row.state in queries.requests.REVIEWED and not queries.reviewing.decided(row),
        "candidates": queries.reviewing.candidates(row, at=now)
        if may_run and row.state == "in review"
        else [],
        "chosen": request.POST.getlist("who"),
        "may_run": may_run,
        "talks": bool(queries.discussions.part(row, request.user, roles, at=now)),
        "messages_count": row.discussion.count(),
        "faults": headed(faults, [box for one in shown for box in one["release"]]),
    }


def _shown(request: HttpRequest, one: Review, faults: list[Shown]) -> dict[str, object]:
    return {"review": one, "release": of_act(request.POST, f"release {one.pk}", RELEASE, faults)}


def _criterion(one: calls.Criterion, shown: list[dict[str, object]]) -> dict[str, object]:
    """Return one criterion with what each reviewer who handed in gave for it, and why."""
    rows = [each["review"] for each in shown]
    done = [row for row in rows if isinstance(row, Review) and row.state == "handed in"]
    return {
        "criterion": one,
        "cells": [(row, row.points.get(one.key), row.reasons.get(one.key, "")) for row in done],
    }
