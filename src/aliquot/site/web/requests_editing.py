"""A request is begun and written: a form that saves itself, tells what is missing, and is submitted once.

The moment that counts is taken first thing in the view: when the server got it, before anything was waited for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot.fault import Fault, Refused
from aliquot.requests import LEAD
from aliquot.site import law_words, permissions, queries
from aliquot.site.models import Person, Request, RequestVersion
from aliquot.site.operations import baskets
from aliquot.site.operations import requests as operations
from aliquot.site.operations.life_cycles import parts
from aliquot.site.operations.requests import Saved
from aliquot.site.permissions import Act
from aliquot.site.web import acting, call_shown, requests_checks, requests_files, requests_forms
from aliquot.site.web.acting import Body
from aliquot.site.web.requests_forms import PART_OF


@dataclass(frozen=True, slots=True)
class Writing:
    """Somebody writes a request: their text so far, the version that it was begun from, and when the server got it."""

    request: Request
    told: Mapping[str, object]
    base: int
    by: Person
    at: datetime
    faults: tuple[Fault, ...] = ()
    is_kept: bool = False  # what was refused is kept as the draft

    @property
    def is_draft(self) -> bool:
        return self.request.state == "draft"


# -- beginning ---------------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.ASK_FOR_SAMPLES)
def begin(request: HttpRequest, key: str) -> HttpResponse:
    """Show what beginning a request means, with what lies in the basket for this call; begin one."""
    at, call = timezone.now(), queries.calls.one(key)
    if call is None:
        raise Http404
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: {"key": baskets.begin_with(call, by=request.user, at=at).key})
        if isinstance(done, dict):
            return redirect("request-edit", key=done["key"])
        faults = [replace(one, where=requests_forms.named(one.where)) for one in done]
    said = queries.calls.value(call)
    context = {
        "call": call,
        "items": queries.baskets.of_call(request.user, call),
        "begun": queries.requests.mine(request.user).filter(call=call),
        "closes": call_shown.when(said.closes, said.zone, ends=True),
        "grace_minutes": said.grace_minutes,
        "can_begin": call.state == "open" and at <= said.closes,
        "faults": faults,
        "crumbs": [{"label": call.title, "href": reverse("call", args=[key])}, {"label": _("Begin a request")}],
    }  # fmt: skip
    return render(request, "requests/begin.html", context, status=422 if faults else 200)


# -- writing -----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Show the form of a draft, or of what can still be amended; save, check, submit, amend."""
    at = timezone.now()
    found = queries.requests.readable(key, request.user, whole_field=False)
    if found is None:
        raise Http404
    if request.method == "POST":
        return _post(request, _typed(request, found, at))
    newest = queries.requests.newest(found)
    told, base = (newest.told, newest.order) if newest else ({}, 0)
    writing = Writing(found, told, base, request.user, at)
    if not (writing.is_draft or _may(writing, "amend")):
        return redirect("request", key=key)
    return _page(request, writing)


def _typed(request: HttpRequest, found: Request, at: datetime) -> Writing:
    base = request.POST.get("base", "")
    order = int(base) if base.isascii() and base.isdigit() and len(base) < 9 else 0
    version = found.versions.filter(order=order, aside=False).first()
    told = requests_forms.told_of(request.POST, version.told if version else {})
    return Writing(found, told, order, request.user, at)


def _post(request: HttpRequest, writing: Writing) -> HttpResponse:
    acts = {"check": _check, "submit": _submit, "amend": _amend}
    return acts.get(request.POST.get("act", ""), _save)(request, writing)


def _may(writing: Writing, act: str) -> bool:
    return act in {step.act for step in operations.open_to(writing.request, writing.by, at=writing.at)}


def _check(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Say what a text lacks without keeping it: an amendment is kept when it is submitted."""
    return JsonResponse({"checks": _side(request, writing)})


def _save(request: HttpRequest, writing: Writing) -> HttpResponse:
    if not writing.is_draft and _may(writing, "amend"):
        return _page(request, writing)  # a row more or less; nothing is kept until the amendment is submitted
    try:
        saved = _saved(writing)
    except Refused as refused:
        return _refused(request, replace(writing, faults=refused.faults))
    if request.headers.get("Accept") == "application/json":
        return JsonResponse(_said(request, writing, saved))
    if saved.clashes:
        return redirect("request-clash", key=writing.request.key, order=saved.version.order)
    more, place = request.POST.get("more", ""), request.POST.get("place", "")
    there = more or request.POST.get("drop", "").partition(".")[0] or place
    anchor = f"#s-{there}" if there in {part.key for part in requests_forms.PARTS} or there == "law" else ""
    query = f"?more={more}" if more in requests_forms.ROWS else ""
    return redirect(f"{reverse('request-edit', args=[writing.request.key])}{query}{anchor}")


def _saved(writing: Writing) -> Saved:
    return operations.save(writing.request, writing.told, base=writing.base, by=writing.by, at=writing.at)


def _refused(request: HttpRequest, writing: Writing) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        said = " ".join(f"{one.said} {one.advice}" for one in acting.shown(writing.faults))
        return JsonResponse({"said": said}, status=422)
    return _page(request, writing)


def _said(request: HttpRequest, writing: Writing, saved: Saved) -> dict[str, object]:
    """Return what the script is told of a save: the new version, what stands beside it, the sections that others changed."""
    if saved.clashes:
        return {"clash": reverse("request-clash", args=[writing.request.key, saved.version.order])}
    now = replace(writing, told=saved.version.told, base=saved.version.order)
    theirs = {PART_OF[key].key for key in saved.version.told.keys() | writing.told.keys()
              if key in PART_OF and saved.version.told.get(key) != writing.told.get(key)}  # fmt: skip
    shown = [one for one in _sections(now) if one.part.key in theirs]
    return {
        "version": now.base,
        "checks": _side(request, now, saved.version),
        "sections": {
            f"s-{one.part.key}": render_to_string("requests/_section.html", {"section": one}, request)
            for one in shown
        },
    }


# -- submitting --------------------------------------------------------------------------------------------------


def _submit(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Submit what is typed, once. Refused, it is kept as the draft, and there is the grace from now to mend it."""
    operations.attempt(writing.request, by=writing.by, at=writing.at)

    def hand_in() -> Body:
        saved = _saved(writing)
        if saved.clashes:
            return {"to": reverse("request-clash", args=[writing.request.key, saved.version.order])}
        version = saved.version.order
        operations.submit(writing.request, version=version, by=writing.by, at=writing.at)
        return {"to": reverse("request-receipt", args=[writing.request.key, version])}

    return _handed_in(request, writing, acting.attempt(request, hand_in), keep=True)


def _amend(request: HttpRequest, writing: Writing) -> HttpResponse:
    """Replace what was submitted by what is typed."""
    operations.attempt(writing.request, by=writing.by, at=writing.at)

    def hand_in() -> Body:
        made = operations.amend(
            writing.request, writing.told, base=writing.base, by=writing.by, at=writing.at
        )
        return {"to": reverse("request-receipt", args=[writing.request.key, made.version.order])}

    return _handed_in(request, writing, acting.attempt(request, hand_in), keep=False)


def _handed_in(
    request: HttpRequest, writing: Writing, done: Body | tuple[Fault, ...], *, keep: bool
) -> HttpResponse:
    if isinstance(done, dict):
        return redirect(str(done["to"]))
    writing.request.refresh_from_db()
    held = queries.requests.receipt(writing.request)
    if held and writing.request.state == "submitted" and held.version.told == writing.told:
        # The same text came in through another window: it is submitted, and here is its receipt.
        return redirect("request-receipt", key=writing.request.key, version=held.version.order)
    return _page(request, replace(_kept(writing) if keep else writing, faults=done))


def _kept(writing: Writing) -> Writing:
    """Keep what could not be submitted as the draft; what cannot even be kept stays on the page."""
    try:
        saved = _saved(writing)
    except Refused:
        return writing
    return writing if saved.clashes else replace(writing, base=saved.version.order, is_kept=True)


# -- the page ----------------------------------------------------------------------------------------------------


def _sections(writing: Writing, *, more: str = "") -> list[requests_forms.Section]:
    lists = requests_checks.lists(writing.request.call)
    if writing.faults:
        return requests_forms.sections(writing.told, lists, writing.faults, more=more)
    faults = requests_checks.faults(writing.request, writing.told, at=writing.at)
    return requests_forms.sections(writing.told, lists, faults, more=more, typed_only=True)


def _page(request: HttpRequest, writing: Writing) -> HttpResponse:
    found, made = writing.request, _sections(writing, more=(request.POST or request.GET).get("more", ""))
    context = {
        "request_row": found,
        "call": found.call,
        "sections": made,
        "faults": requests_forms.put(made, writing.faults),
        "is_kept": writing.is_kept,
        "is_lead": LEAD in parts(writing.by, found),
        "countries": law_words.countries(),
        "samples": requests_checks.lists(found.call)["samples"],
        "files": requests_files.card(found, writing.by, at=writing.at),
        "team": found.members.select_related("person"),
        "leavers": found.leavers.select_related("person", "by"),
        **_beside(writing, made),
        "crumbs": [
            {"label": _("My requests"), "href": reverse("requests")},
            {"label": found.title or _("Untitled"), "href": reverse("request", args=[found.key])},
            {"label": _("Write") if writing.is_draft else _("Amend")},
        ],
    }
    return render(request, "requests/edit.html", context, status=422 if writing.faults else 200)


def _beside(
    writing: Writing, made: Iterable[requests_forms.Section], saved: RequestVersion | None = None
) -> dict[str, object]:
    found = writing.request
    said = queries.calls.value(found.call)
    return {
        "request_row": found,
        "base": writing.base,
        "saved": saved or found.versions.filter(order=writing.base).select_related("by").first(),
        "mode": "draft" if writing.is_draft else "amend",
        "checks": requests_checks.checks(found, writing.told, list(made), at=writing.at),
        "deadline": requests_checks.deadline(found, said, at=writing.at),
        "can_submit": _may(writing, "submit" if writing.is_draft else "amend"),
        "now": writing.at,
    }


def _side(request: HttpRequest, writing: Writing, saved: RequestVersion | None = None) -> str:
    return render_to_string("requests/_checks.html", _beside(writing, _sections(writing), saved), request)
