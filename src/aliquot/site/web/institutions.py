"""Of which type is each institution that asks in a call? A curator reads it in the ROR registry and notes it here."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot.site import permissions, queries
from aliquot.site.models import InstitutionType
from aliquot.site.operations import institutions as operations
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.web import acting, call_results, panel


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def institutions(request: HttpRequest, key: str) -> HttpResponse:
    """Show the institutions of a call with their types, and note them."""
    call = panel.found(request, key)
    permissions.refuse_unless(request.user, Act.KEEP_CALLS)
    known, faults = queries.panel.institutions(call), []
    if request.method == "POST":
        done = acting.once(request, lambda: _note(request, known))
        if isinstance(done, dict):
            return redirect("panel", key=key)
        faults = done
    context = {
        "call": call, "faults": faults, "types": call_results.TYPES.items(), "rows": _rows(request, known),
        "crumbs": panel.crumbs(call, {"label": _("Types of institutions")}),
    }  # fmt: skip
    return render(request, "panel/institutions.html", context, status=422 if faults else 200)


def _rows(request: HttpRequest, known: dict[str, str]) -> list[dict[str, str]]:
    held = dict(InstitutionType.objects.filter(ror__in=known).values_list("ror", "type"))
    return [
        {"ror": ror, "name": name, "type": request.POST.get(f"type-{ror}", held.get(ror, ""))}
        for ror, name in sorted(known.items(), key=lambda one: one[1].casefold())
    ]


def _note(request: HttpRequest, known: dict[str, str]) -> Body:
    told = {
        name.removeprefix("type-"): value
        for name, value in request.POST.items()
        if name.startswith("type-") and value
    }
    return {"changed": operations.note_types(told, known=known, by=request.user, at=timezone.now())}
