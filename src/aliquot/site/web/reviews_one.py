"""One review: conflicts first, then the whole request, points with reasons, and what others found once it is in."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import calls, fault
from aliquot.calls import Criterion
from aliquot.fault import Refused
from aliquot.site import permissions, queries
from aliquot.site.models import Person, Request, Review
from aliquot.site.operations import scores
from aliquot.site.permissions import Act
from aliquot.site.web import acting, files, reviews_shown
from aliquot.site.web.acting import Shown
from aliquot.site.web.reviews_boxes import Box, filled, headed, of_act

WRITING = ("write", "hand in", "revise")
CONFLICT = (Box("reason", gettext_lazy("Which conflict there is"), kind="area", needed=True, most=8000),)
RECUSE = (Box("reason", gettext_lazy("Why you step aside"), kind="area", needed=True, most=8000),)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def review(request: HttpRequest, key: str) -> HttpResponse:
    """Show one's own review of a request as far as it is: declare, accept, write, hand in, revise, step aside."""
    found = _found(request, key)
    faults: list[Shown] = []
    if request.method == "POST":
        if request.htmx and request.POST.get("act") == "write":
            return _autosaved(request, found)
        done = acting.once(request, lambda: _act(request, found))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults, found = done, _found(request, key)
    context = _context(request, found, faults)
    return render(request, "reviews/review.html", context, status=422 if faults else 200)


def _found(request: HttpRequest, key: str) -> Review:
    found = queries.reviewing.one(key, request.user)
    if found is None or not permissions.may(request.user, Act.REVIEW_REQUESTS):
        raise Http404
    return found


@require_safe
@login_required
def review_file(request: HttpRequest, key: str, file: str) -> HttpResponse:
    """Hand out a file of a request to those who review it and see who asks, and to those who see its reviews."""
    row = queries.requests.submitted().select_related("call").filter(key=key).first()
    if row is None or not _may_read(request.user, row) or not queries.calls.rules(row.call).applicants_named:
        raise Http404
    found = next((one for one in queries.requests.submitted_files(row) if one.key == file), None)
    if found is None:
        raise Http404
    return files.private_original(request, found.file, name=found.name)


def _may_read(person: Person, row: Request) -> bool:
    own = queries.reviewing.one(row.key, person)
    if own is not None:
        return own.state != "assigned" and permissions.may(person, Act.REVIEW_REQUESTS)
    if not permissions.may(person, Act.SEE_REVIEWS, row.call):
        return False
    return not queries.reviewing.hidden(row.call, [row], person, at=timezone.now())


def _act(request: HttpRequest, found: Review) -> acting.Body:
    told, by, at = request.POST, request.user, timezone.now()
    here = reverse("review", args=[found.request.key])
    match told.get("act"):
        case "accept":
            scores.declare(found, conflict="", by=by, at=at)
            scores.move(found, "accept", by=by, at=at)
            return {"to": here}
        case "conflict":
            scores.declare(found, conflict=_needed(told.get("reason", "")), by=by, at=at)
        case "recuse":
            scores.move(found, "recuse", reason=told.get("reason", ""), by=by, at=at)
        case "write" | "hand in" | "revise" as act:
            _write(request, found, act)
            return {"to": f"{here}#review" if act == "write" else f"{here}#others"}
        case _:
            raise Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    messages.success(request, _("You stepped aside from “{title}”.").format(title=found.request.title))
    return {"to": reverse("reviews")}


def _needed(reason: str) -> str:
    if not reason.strip():
        raise Refused([fault.of("reason", "no reason is told", "say why")])
    return reason


def _write(request: HttpRequest, found: Review, act: str) -> Review:
    points, reasons = _typed(request.POST, queries.calls.value(found.request.call).criteria)
    base = request.POST.get("base", "")
    return scores.write(
        found, act, points=points, reasons=reasons, by=request.user, at=timezone.now(),
        base=int(base) if base.isascii() and base.isdigit() and len(base) < 9 else -1,
        window=request.POST.get("window", ""),
    )  # fmt: skip


def _typed(
    told: Mapping[str, str], criteria: tuple[Criterion, ...]
) -> tuple[dict[str, int | str], dict[str, str]]:
    """Return points and reasons by the keys of the criteria; what is no number stays a text, and is found to be none."""
    points: dict[str, int | str] = {}
    reasons = {}
    for n, one in enumerate(criteria):
        given, reason = (
            told.get(f"points-{n}", "").strip(),
            told.get(f"reasons-{n}", "").replace("\r\n", "\n"),
        )
        if given:
            points[one.key] = int(given) if given.isascii() and given.isdigit() and len(given) < 6 else given
        if reason.strip():
            reasons[one.key] = reason
    return points, reasons


def _autosaved(request: HttpRequest, found: Review) -> HttpResponse:
    """Keep what is typed so far, and say so; where it is wrong that is said, and the last that was right stays."""
    faults: list[Shown] = []
    try:
        found = _write(request, found, "write")
    except Refused as refused:
        faults = acting.shown(refused.faults)
    said = {"faults": faults, "version": found.version, "at": timezone.now()}
    return render(request, "reviews/_saved.html", said)


# -- what the page shows ---------------------------------------------------------------------------------------


def _context(request: HttpRequest, found: Review, faults: list[Shown]) -> dict[str, object]:
    row, call, now = found.request, found.request.call, timezone.now()
    said = queries.calls.value(call)
    ground = queries.scores.grounds(row, [request.user], at=now).get(request.user.pk)
    return {
        "review": found,
        "call": call,
        "ground": ground.value if ground else "",
        "named": queries.calls.rules(call).applicants_named,
        "told": reviews_shown.of(row, whole=found.state != "assigned"),
        "open": row.state in queries.requests.REVIEWED and not queries.reviewing.decided(row),
        "most": said.points_most,
        "window": request.POST.get("window", "")[:40] or secrets.token_hex(8),
        "others": list(_others(found, said)),
        "now": now,
        "zone": queries.reviewing.reviewer_profile(request.user).zone,
        "crumbs": [{"label": _("Reviews"), "href": reverse("reviews")}, {"label": row.title}],
        **_forms(request, found, said, faults),
    }


def _forms(request: HttpRequest, found: Review, said: calls.Call, faults: list[Shown]) -> dict[str, object]:
    """Return the three forms of the page: the one that was refused has what was typed, and its faults."""
    boxes, acted = _boxes(request, found, said, faults), request.POST.get("act", "")
    conflict = of_act(request.POST, "conflict", CONFLICT, faults)
    recuse = of_act(request.POST, "recuse", RECUSE, faults)
    return {
        "criteria": list(zip(said.criteria, boxes[0::2], boxes[1::2], strict=True)),
        "conflict": conflict,
        "recuse": recuse,
        "recusing": acted == "recuse",
        "faults": headed(faults, {"conflict": conflict, "recuse": recuse}.get(acted, boxes)),
    }


def _boxes(request: HttpRequest, found: Review, said: calls.Call, faults: list[Shown]) -> tuple[Box, ...]:
    """Return two boxes for each criterion: points, and the reason."""
    boxes = []
    for n, one in enumerate(said.criteria):
        points = found.points.get(one.key, "")
        boxes += [
            Box(f"points-{n}", _("Points"), kind="number", value=str(points), needed=True,
                heading=_("{name}: points").format(name=one.name), place=f"points.{one.key}"),
            Box(f"reasons-{n}", _("Why"), kind="area", value=found.reasons.get(one.key, ""), rows=5, needed=True,
                heading=_("{name}: reason").format(name=one.name), place=f"reasons.{one.key}"),
        ]  # fmt: skip
    sent = request.POST.get("act") in WRITING
    return filled(boxes, request.POST if sent else {}, faults if sent else ())


def _others(found: Review, said: calls.Call) -> list[dict[str, object]]:
    """Return what the other reviewers found; named where the policy names reviewers, numbered elsewhere."""
    named = queries.calls.rules(found.request.call).reviewers_named
    numbers = queries.discussions.numbers(found.request)
    return [
        {
            "name": one.reviewer.name if named else "",
            "number": numbers[one.reviewer_id],
            "total": queries.scores.total(one, said),
            "lines": [
                (each, one.points.get(each.key), one.reasons.get(each.key, "")) for each in said.criteria
            ],
        }
        for one in queries.scores.beside(found)
    ]
