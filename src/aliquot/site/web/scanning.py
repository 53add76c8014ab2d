"""Scanning: a number, code or address, typed or read from a label, leads to its page, or to what is called like it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aliquot.site import middleware, permissions, queries, search
from aliquot.site.permissions import Act
from aliquot.site.queries.naming import Called
from aliquot.site.web import scanned

KINDS: dict[str, str | Promise] = {
    "sample": gettext_lazy("Sample"),
    "place": gettext_lazy("Place"),
    "tool": gettext_lazy("Tool"),
    "instrument": gettext_lazy("Instrument"),
}


@require_safe
@permissions.require(Act.SEE_DESK)
def scan(request: HttpRequest) -> HttpResponse:
    """Lead to what was scanned; this page alone may use the camera."""
    kind, name = scanned.read(request.GET.get("q", "").replace("\0", ""))
    acts = permissions.acts_of(request.user)
    places = Act.SEE_EXACT_PLACES in acts
    found = queries.naming.exactly(name, places=places, work=Act.SEE_WORK in acts, kind=kind) if name else ()
    if len(found) == 1:
        return redirect(_href(found[0]))
    near = _near(name, places=places) if name and not found else []
    context = {
        "text": name,
        "found": [{"kind": KINDS[one.kind], "href": _href(one), "one": one} for one in found or near],
        "is_near": not found,
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Scan")}],
    }
    answer = render(request, "scan/scan.html", context, status=404 if name and not found else 200)
    answer["Permissions-Policy"] = middleware.PERMISSIONS_WITH_CAMERA
    return answer


def _href(one: Called) -> str:
    return reverse(one.kind, args=[one.name])


def _near(name: str, *, places: bool) -> list[Called]:
    """Return what is called like it."""
    samples = [Called("sample", number) for number in queries.samples.numbers(search.near(name))]
    rows = queries.places.search(name[:60], 1).rows if places else ()
    return [*samples, *(Called("place", row.code, row.name_en or row.name_zh) for row in rows[:10])]
