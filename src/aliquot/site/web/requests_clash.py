"""Two wrote the same field at once: both texts side by side, and whoever came second chooses. Nothing is lost either way."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import request_drafts
from aliquot.site import queries
from aliquot.site.models import Request, RequestVersion
from aliquot.site.operations import requests as operations
from aliquot.site.web import acting, requests_forms, requests_reading
from aliquot.site.web.acting import Body
from aliquot.site.web.requests_forms import PART_OF


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two changed at once, as each has it."""

    key: str
    label: str
    mine: str
    theirs: str


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def clash(request: HttpRequest, key: str, order: int) -> HttpResponse:
    """Show both texts of each field that clashed, and take what is chosen."""
    found = queries.requests.readable(key, request.user, whole_field=False)
    aside = found.versions.filter(order=order, aside=True).select_related("by").first() if found else None
    newest = queries.requests.newest(found) if found else None
    if found is None or aside is None or newest is None:
        raise Http404
    faults: list[acting.Shown] = []
    if request.method == "POST":
        done = acting.once(request, lambda: _settle(request, found, aside))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults = [replace(one, where=requests_forms.named(one.where)) for one in done]
    context = _context(found, aside, newest) | {"faults": faults}
    return render(request, "requests/clash.html", context, status=422 if faults else 200)


def _context(found: Request, aside: RequestVersion, newest: RequestVersion) -> dict[str, object]:
    return {
        "request_row": found,
        "aside": aside,
        "newest": RequestVersion.objects.select_related("by").get(pk=newest.pk),
        "clashes": _clashes(found, aside, newest),
        "crumbs": [
            {"label": _("My requests"), "href": reverse("requests")},
            {"label": found.title or _("Untitled"), "href": reverse("request-edit", args=[found.key])},
            {"label": _("Two texts")},
        ],
    }


def _clashes(found: Request, aside: RequestVersion, newest: RequestVersion) -> list[Clash]:
    base = found.versions.get(order=aside.base)
    keys = request_drafts.merge(base.told, aside.told, newest.told)[1]
    return [Clash(key, _label(key), requests_reading.field_text(aside.told, key),
                  requests_reading.field_text(newest.told, key)) for key in keys]  # fmt: skip


def _label(key: str) -> str:
    part = PART_OF.get(key)
    if part is None:
        return _("What the law asks")
    return str(next((one.label for one in part.fields if one.name == key and not part.is_group), part.title))


def _settle(request: HttpRequest, found: Request, aside: RequestVersion) -> Body:
    seen = request.POST.get("seen", "")
    mine = [name.partition(".")[2] for name in request.POST
            if name.startswith("choose.") and request.POST[name] == "mine"]  # fmt: skip
    saved = operations.settle(
        found, aside, seen=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0, mine=mine,
        by=request.user, at=timezone.now(),
    )  # fmt: skip
    if saved.clashes:
        return {"to": reverse("request-clash", args=[found.key, saved.version.order])}
    return {"to": reverse("request-edit", args=[found.key])}
