"""Drafting a call, and amending one that is open: the form with a picker of stock, and a second writer told.

Buttons that only add to the form (more rows, a search, what was found) send it like the others and write nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import call_drafts, mass, policy
from aliquot.fault import Fault, Refused
from aliquot.site import permissions, queries, search
from aliquot.site.models import Call
from aliquot.site.operations import calls as operations
from aliquot.site.permissions import Act
from aliquot.site.search import Wanted
from aliquot.site.web import acting, call_forms, call_shown
from aliquot.site.web.acting import Body
from aliquot.site.web.call_forms import AMENDED, ROWS_MORE, Told

ZONES = ("UTC", "Asia/Shanghai", "Asia/Tokyo", "Europe/Moscow", "Europe/Paris", "Europe/London",
         "America/New_York", "America/Chicago", "America/Los_Angeles", "Australia/Sydney")  # fmt: skip
NEW: Told = {"zone": "Asia/Shanghai", "policy": "cnsa"}
# What may have something free: in a class that is lent, in none yet, or promised in part.
IN_HOUSE = ("requestable", "stored", "reserved")
HELPS = ("more", "find", "add")  # buttons that write nothing


@dataclass(frozen=True, slots=True)
class Writing:
    """What is being written: a new call, a draft, or an amendment of an open call."""

    call: Call | None
    base: Mapping[str, object]
    version: int
    only: tuple[str, ...] = ()

    @property
    def amends(self) -> bool:
        return bool(self.only)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_CALLS)
def new(request: HttpRequest) -> HttpResponse:
    """Draft a call."""
    return _written(request, Writing(None, NEW, 0))


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_CALLS)
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """Go on with a draft, or amend an open call; what is over is not written any more."""
    found = queries.calls.one(key, with_drafts=True)
    if found is None:
        raise Http404
    if found.state == "open":
        told = call_drafts.write(queries.calls.value(found))
        return _written(request, Writing(found, told, found.version, AMENDED))
    if found.state != "draft":
        return redirect("call-keeping", key=key)
    return _written(request, Writing(found, found.told, found.version))


def _written(request: HttpRequest, writing: Writing) -> HttpResponse:
    if request.method != "POST":
        return _page(request, writing, writing.base)
    told, faults = _told(request, writing)
    if request.POST.get("do") in HELPS or faults:
        return _page(request, writing, told, faults)
    done = acting.attempt(request, lambda: _write(request, writing, told))
    if isinstance(done, dict):
        return redirect("call-keeping", key=done["key"])
    return _page(request, writing, told, done)


def _told(request: HttpRequest, writing: Writing) -> tuple[Told, tuple[Fault, ...]]:
    """Return what was typed; a table that cannot be read is a fault, and the rest is kept."""
    try:
        return call_forms.told_of(request.POST, writing.base, only=writing.only), ()
    except Refused as refused:
        posted = request.POST.copy()
        posted["offers.pasted"] = ""
        return call_forms.told_of(posted, writing.base, only=writing.only), refused.faults


def _write(request: HttpRequest, writing: Writing, told: Told) -> Body:
    """Save, and publish where that was asked for: both or neither."""
    by, at, base = request.user, timezone.now(), _base(request)
    if writing.call is None:
        made = operations.draft(told, by=by, at=at)
    elif writing.amends:
        reason = request.POST.get("reason", "").replace("\r\n", "\n")
        made = operations.amend(writing.call, told, reason=reason, by=by, at=at, base=base)
    else:
        made = operations.edit(writing.call, told, base=base, by=by)
    if request.POST.get("do") == "publish" and not writing.amends:
        made = operations.publish(made, by=by, at=at)
    return {"key": made.key}


def _base(request: HttpRequest) -> int:
    """Return the version that the form began from; 0 fits none."""
    text = request.POST.get("base", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _page(
    request: HttpRequest, writing: Writing, told: Mapping[str, object], faults: tuple[Fault, ...] = ()
) -> HttpResponse:
    posted = request.POST
    clashes = any(one.what.startswith("somebody else") for one in faults)
    form = call_forms.form(
        told, _choices(), faults, only=writing.only, more=ROWS_MORE if posted.get("do") == "more" else 0
    )
    context = {
        "form": form,
        "faults": call_shown.placed(form.faults),
        "writing": writing,
        # After a clash the form goes on from the newest version: both are shown, and the next save is a decision.
        "base": writing.version if clashes or not posted else _base(request),
        "differing": call_forms.differing(told, writing.base) if clashes else (),
        "reason": posted.get("reason", ""),
        "find": posted.get("find", ""),
        "found": _found(posted.get("find", "")) if posted.get("do") == "find" else None,
        "pasted": posted.get("offers.pasted", "") if faults and posted.get("offers.pasted") else "",
        "zones": ZONES,
        "may_publish": permissions.may(request.user, Act.PUBLISH_CALLS),
        "crumbs": _crumbs(writing),
    }
    return render(request, "calls/edit.html", context, status=422 if faults else 200)


def _choices() -> dict[str, list[tuple[str, str]]]:
    packs = [policy.load(key) for key in policy.packs()]
    zh = (get_language() or "en").startswith("zh")
    return {"policy": [(one.key, one.name_zh if zh else one.name_en) for one in packs]}


def _found(text: str) -> list[tuple[str, str, str]]:
    """Return what of the stock matches a search: number, form, and how much is free; what is sealed is left out."""
    asked = Wanted(text=text.replace("\0", " "), chosen=tuple(("availability", word) for word in IN_HOUSE))
    numbers = queries.samples.numbers(search.find(asked).pks)
    stock = queries.calls.stock(numbers)
    free = [(number, stock[number]) for number in numbers if number in stock]
    return [(number, one.form, mass.show(one.available_ng)) for number, one in free if one.available_ng > 0]


def _crumbs(writing: Writing) -> list[dict[str, object]]:
    crumbs: list[dict[str, object]] = [{"label": _("Calls"), "href": reverse("calls")}]
    if writing.call is None:
        return [*crumbs, {"label": _("Draft a call")}]
    here = {
        "label": writing.call.title or writing.call.key,
        "href": reverse("call-keeping", args=[writing.call.key]),
    }
    return [*crumbs, here, {"label": _("Amend") if writing.amends else _("Edit the draft")}]
