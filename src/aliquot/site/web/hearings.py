"""Hearings: planned by the chair across time zones, noted as they went; each applicant sees their own, and has it as a calendar.

A plan is asked for by an address and writes nothing; kept, it is the same schedule, for the same answers give the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault, hearings, icalendar, reviewers
from aliquot.fault import Fault, Refused
from aliquot.hearings import Terms
from aliquot.site import permissions, queries
from aliquot.site.models import Call, Hearing
from aliquot.site.operations import hearings as operations
from aliquot.site.permissions import Act
from aliquot.site.queries.hearings import Parties
from aliquot.site.web import acting
from aliquot.site.web.reviews_boxes import Box, filled, headed, of_act
from aliquot.site.web.reviews_call import crumbs, found_call, moved

NUMBERS = ("minutes", "pause_minutes", "wake_hour", "sleep_hour")
BOXES = (
    Box("first", gettext_lazy("First day"), kind="date", needed=True),
    Box("last", gettext_lazy("Last day"), kind="date", needed=True),
    Box("minutes", gettext_lazy("Minutes of a hearing"), kind="number", needed=True, most=hearings.MINUTES_MOST),
    Box("pause_minutes", gettext_lazy("Minutes between two"), kind="number", needed=True, value="5", most=hearings.MINUTES_MOST),
    Box("wake_hour", gettext_lazy("Awake from (hour)"), kind="number", needed=True, value="8", place="hours"),
    Box("sleep_hour", gettext_lazy("Awake until (hour)"), kind="number", needed=True, value="21"),
)  # fmt: skip
NOTE = (Box("note", gettext_lazy("Remark, or why somebody was not heard"), most=8000),)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def call_hearings(request: HttpRequest, key: str) -> HttpResponse:
    """Show when who is heard; plan it, keep the plan, note how it went."""
    call, faults = found_call(request, key), ()
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.RUN_REVIEWS)
        done = acting.attempt(request, lambda: _act(request, call))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults, call = done, found_call(request, key)
    context = _context(request, call, faults)
    return render(request, "hearings/call.html", context, status=422 if faults else 200)


def _act(request: HttpRequest, call: Call) -> acting.Body:
    told, by, at = request.POST, request.user, timezone.now()
    here = reverse("call-hearings", args=[call.key])
    act, _sep, number = told.get("act", "").partition(" ")
    if act == "keep":
        terms, zones = _read(told, queries.hearings.parties(call))
        operations.plan(call, terms, zones=zones, by=by, at=at)
        return {"to": f"{here}#schedule"}
    if act == "move":
        return {"to": moved(call, told.get("move", ""), by=by, at=at)}
    found = (
        queries.hearings.of_call(call)
        .filter(pk=int(number) if number.isdigit() and len(number) < 19 else -1)
        .first()
    )
    if act not in ("heard", "missed") or found is None:
        raise Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    operations.note(found, heard=act == "heard", note=told.get("note", ""), by=by)
    return {"to": f"{here}#hearing-{found.pk}"}


def _read(told: Mapping[str, str], parties: Parties) -> tuple[Terms, dict[str, str]]:
    """Return terms and zones as they were typed; raise `Refused` with every one that cannot be read."""
    faults: list[Fault] = []
    days = {name: _day(told.get(name, ""), name, faults) for name in ("first", "last")}
    numbers = {name: _number(told.get(name, ""), name, faults) for name in NUMBERS}
    zones = {key: told[f"zone-{key}"].strip() for key in parties.zones if f"zone-{key}" in told}
    for key, zone in {**parties.zones, **zones}.items():
        if not reviewers.is_zone(zone):
            faults.append(fault.of(key, "there is no time zone “{zone}”", "write it as Asia/Shanghai", zone=zone[:60]))  # fmt: skip
    fault.refuse_if(faults)
    return Terms(**days, **numbers), zones


def _day(text: str, where: str, faults: list[Fault]) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        faults.append(fault.of(where, "this is no day", "write it as 2027-04-26"))
        return date.min


def _number(text: str, where: str, faults: list[Fault]) -> int:
    given = text.strip()
    if given.isascii() and given.isdigit() and len(given) < 5:
        return int(given)
    faults.append(
        fault.of(
            "hours" if where.endswith("hour") else where, "this is not a whole number", "write digits alone"
        )
    )
    return 0


# -- what the page shows ---------------------------------------------------------------------------------------


def _context(request: HttpRequest, call: Call, faults: tuple[Fault, ...]) -> dict[str, object]:
    may_run = permissions.may(request.user, Act.RUN_REVIEWS)
    parties, kept = queries.hearings.parties(call), queries.hearings.newest_plan(call)
    zones = {**parties.zones, **(dict(kept.zones) if kept else {})}
    planning = may_run and call.state in ("in review", "in hearings") and bool(parties.requests)
    reader = queries.reviewing.reviewer_profile(request.user).zone
    rows = [_row(request, one, zones, faults) for one in queries.hearings.of_call(call)]
    return {
        "call": call,
        "rows": rows,
        "zone": reader,
        "members": [(one.person, zones.get(one.person.key, "UTC"), one.votes) for one in parties.members],
        "panel_zones": sorted({zones.get(one.person.key, "UTC") for one in parties.members} - {reader}),
        "waiting": parties.requests,
        "may_run": may_run,
        "may_hear": may_run and call.state == "in review" and queries.calls.value(call).two_stage,
        "may_deliberate": may_run and call.state == "in hearings",
        "crumbs": crumbs(call, {"label": _("Hearings")}),
        **(_planning(request, call, parties, faults) if planning else {"faults": acting.shown(faults)}),
    }  # fmt: skip


def _planning(
    request: HttpRequest, call: Call, parties: Parties, faults: tuple[Fault, ...]
) -> dict[str, object]:
    """Return the form of a plan, with the schedule that comes of it, or everything against it."""
    keeping = request.POST.get("act") == "keep"
    sent = request.POST if keeping else request.GET if "first" in request.GET else {}
    proposal, against = _proposed(sent, parties) if sent and not keeping else ((), faults)
    boxes = filled((*_terms(call), *_zones(parties)), sent, acting.shown(against))
    count = len(BOXES)
    zones = {**parties.zones, **{box.name.removeprefix("zone-"): box.value for box in boxes[count:]}}
    titles = {row.key: row.title for row in parties.requests}
    return {
        "planning": True,
        "boxes": boxes[:count],
        "applicant_boxes": boxes[count : count + len(parties.requests)],
        "member_boxes": boxes[count + len(parties.requests) :],
        "proposal": [{"title": titles[one.key], "begins": one.begins, "zone": zones[one.key]} for one in proposal],
        "all_zones": reviewers.zones(),
        "faults": headed(acting.shown(against), boxes),
    }  # fmt: skip


def _proposed(
    sent: Mapping[str, str], parties: Parties
) -> tuple[tuple[hearings.Hearing, ...], tuple[Fault, ...]]:
    try:
        terms, zones = _read(sent, parties)
    except Refused as refused:
        return (), refused.faults
    found = queries.hearings.proposal(parties, terms, zones)
    planned = tuple(one for one in found if isinstance(one, hearings.Hearing))
    return planned, tuple(one for one in found if isinstance(one, Fault))


def _terms(call: Call) -> Iterable[Box]:
    """Return the boxes of days and hours, with what was planned last; else the call's length of a hearing."""
    kept = queries.hearings.newest_plan(call)
    known = dict(kept.terms) if kept else {"minutes": queries.calls.value(call).hearing_minutes}
    return (replace(box, value=str(known.get(box.name, box.value))) for box in BOXES)


def _zones(parties: Parties) -> Iterable[Box]:
    """Return a box for the zone of each party: applicants first."""
    named = [(row.key, row.title) for row in parties.requests]
    named += [(one.person.key, one.person.name) for one in parties.members]
    return (
        Box(f"zone-{key}", title, value=parties.zones.get(key, ""), needed=True, words="zones", place=key)
        for key, title in named
    )


def _row(
    request: HttpRequest, one: Hearing, zones: Mapping[str, str], faults: tuple[Fault, ...]
) -> dict[str, object]:
    act = next(
        (each for each in (f"heard {one.pk}", f"missed {one.pk}") if request.POST.get("act") == each), ""
    )
    (box,) = of_act(request.POST, act or f"heard {one.pk}", NOTE, acting.shown(faults) if act else ())
    return {"hearing": one, "zone": zones.get(one.request.key) or "UTC", "box": box}


# -- an applicant's own, and calendars -------------------------------------------------------------------------


@require_safe
@login_required
def hearing(request: HttpRequest, key: str) -> HttpResponse:
    """Show an applicant when their request is heard, where they are then."""
    found = queries.hearings.own(key, request.user)
    if found is None:
        raise Http404
    context = {
        "hearing": found,
        "zone": queries.hearings.zone_of(found),
        "minutes": (found.ends - found.begins) // timedelta(minutes=1),
        "call_zone": queries.calls.value(found.request.call).zone,
        "crumbs": [{"label": found.request.call.title}, {"label": _("Hearing")}],
    }
    return render(request, "hearings/own.html", context)


@require_safe
@login_required
def hearing_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Answer an applicant's hearing as a calendar."""
    found = queries.hearings.own(key, request.user)
    if found is None:
        raise Http404
    return _calendar(request, [found], "hearing", key)


@require_safe
@login_required
def call_hearings_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """Answer all hearings of a call as a calendar, for its panel."""
    call = found_call(request, key)
    return _calendar(request, list(queries.hearings.of_call(call)), "call-hearings", key)


def _calendar(request: HttpRequest, rows: list[Hearing], page: str, key: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse(page, args=[key]))
    plans: dict[int, datetime] = {}
    for one in rows:
        if one.request.call_id not in plans:
            kept = queries.hearings.newest_plan(one.request.call)
            plans[one.request.call_id] = kept.at if kept else one.begins
    every = [
        icalendar.Appointment(
            key=f"hearing {one.request.key} {one.round}", summary=_("Hearing: {title}").format(title=one.request.title),
            detail=one.request.call.title, begins=one.begins, ends=one.ends, stamp=plans[one.request.call_id],
            sequence=int(plans[one.request.call_id].timestamp()), address=address,
        )
        for one in rows
    ]  # fmt: skip
    answer = HttpResponse(
        icalendar.appointments(every, of=request.get_host()), content_type=icalendar.CONTENT_TYPE
    )
    answer["Content-Disposition"] = 'attachment; filename="hearings.ics"'
    return answer
