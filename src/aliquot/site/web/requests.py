"""Requests: one's own with what happens next, and one of them for its authors and for the staff who admit it.

What one may not see is not there: 404 for another's request, for a draft to everybody but its authors, and for reviewers, who
read what they review elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault
from aliquot.fault import Refused
from aliquot.site import permissions, queries
from aliquot.site.models import Person, Request
from aliquot.site.operations import requests as operations
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.web import acting, call_shown, requests_forms, requests_next, requests_shown

# What is done on this page; what the panel does has pages of its own.
ACTS = ("withdraw", "decline", "appeal", "admit", "turn away")


@require_safe
@login_required
def mine(request: HttpRequest) -> HttpResponse:
    """Show one's own requests, and what happens next to each."""
    at = timezone.now()
    known: dict[int, tuple] = {}
    rows = []
    for row in queries.requests.mine_with_calls(request.user):
        if row.call_id not in known:
            known[row.call_id] = (queries.calls.value(row.call), queries.calls.rules(row.call))
        said, rules = known[row.call_id]
        rows.append({"row": row, "next": requests_next.of(row, said, rules, at=at),
                     "receipts": len(row.receipts.all()), "is_lead": row.lead_id == request.user.pk})  # fmt: skip
    context = {
        "rows": rows,
        "now": at,
        "may_ask": permissions.may(request.user, Act.ASK_FOR_SAMPLES),
        "crumbs": [{"label": _("My requests")}],
    }
    return render(request, "requests/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def request(request: HttpRequest, key: str) -> HttpResponse:
    """Show a request: to its authors how it stands and what they can do, to staff what was submitted."""
    at = timezone.now()
    whole_field = permissions.may(request.user, Act.SEE_REQUESTS)
    found = queries.requests.readable(key, request.user, whole_field=whole_field)
    if found is None:
        raise Http404
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, found, at))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults = [replace(one, where=requests_forms.named(one.where)) for one in done]
        found.refresh_from_db()
    context = _context(found, request.user, at) | {"faults": faults, "typed": request.POST}
    return render(request, "requests/request.html", context, status=422 if faults else 200)


def _act(request: HttpRequest, found: Request, at: datetime) -> Body:
    told, by, act = request.POST, request.user, request.POST.get("act", "")
    if act == "invite":
        _invite(found, told.get("email", ""), by, at)
        return {"to": f"{reverse('request', args=[found.key])}#writers"}
    if act == "take off":
        _take_off(found, told.get("person", ""), by, at)
        return {"to": f"{reverse('request', args=[found.key])}#writers"}
    if act not in ACTS:
        raise Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    operations.move(found, act, reason=told.get("reason", ""), by=by, at=at)
    return {"to": reverse("request", args=[found.key])}


def _invite(found: Request, email: str, by: Person, at: datetime) -> None:
    person = queries.people.by_email(email) if "\0" not in email else None
    if person is None or not person.is_active:
        raise Refused(
            [fault.of("email", "nobody here has this address", "ask the facility to invite them first")]
        )
    operations.invite(found, person, by=by, at=at)


def _take_off(found: Request, key: str, by: Person, at: datetime) -> None:
    row = next((one for one in found.members.select_related("person") if one.person.key == key), None)
    if row is None:
        raise Refused([fault.of("person", "this person does not write this request", "look who does")])
    operations.take_off(found, row.person, by=by, at=at)


def _context(found: Request, person: Person, at: datetime) -> dict[str, object]:
    is_author = queries.requests.is_author(found, person)
    said, rules = queries.calls.value(found.call), queries.calls.rules(found.call)
    may = {step.act: step for step in operations.open_to(found, person, at=at)}
    receipts = list(found.receipts.select_related("version", "by"))
    return {
        "request_row": found,
        "call": found.call,
        "is_author": is_author,
        "is_lead": found.lead_id == person.pk,
        "is_told_by_letter": found.state == "turned away" and found.letters.exists(),
        "next": requests_next.of(found, said, rules, at=at),
        "may": may,
        "acts": [requests_shown.act(step) for act, step in may.items() if act in ACTS],
        "closes": call_shown.when(said.closes, said.zone, ends=True),
        "now": at,
        **requests_shown.text(found, receipts, is_author=is_author),
        **(requests_shown.for_author(found, person, at) if is_author else requests_shown.for_staff(found, person, at)),
        "steps": requests_shown.steps(found, in_full=not is_author),
        "crumbs": _crumbs(found, is_author=is_author),
    }  # fmt: skip


def _crumbs(found: Request, *, is_author: bool) -> list[Mapping[str, str]]:
    title = found.title or _("Untitled")
    if is_author:
        return [{"label": _("My requests"), "href": reverse("requests")}, {"label": title}]
    above = {"label": found.call.title, "href": reverse("call", args=[found.call.key])}
    return [{"label": _("Desk"), "href": reverse("desk")}, above, {"label": title}]
