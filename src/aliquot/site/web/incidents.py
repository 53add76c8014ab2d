"""Incidents: what went wrong, who was told by when, what was found out, how it ended."""

from __future__ import annotations

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import fault
from aliquot.site import permissions, queries
from aliquot.site.models import Incident
from aliquot.site.operations import incidents as operations
from aliquot.site.permissions import Act
from aliquot.site.web import acting, attachments
from aliquot.site.web.acting import Body

KINDS: dict[str, Promise] = {
    "lost": gettext_lazy("lost"),
    "stolen": gettext_lazy("stolen"),
    "contaminated": gettext_lazy("contaminated"),
    "broken": gettext_lazy("broken"),
    "misidentified": gettext_lazy("misidentified"),
    "found": gettext_lazy("found"),
}
STEPS: dict[str, Promise] = {
    "told": gettext_lazy("somebody was told"),
    "found": gettext_lazy("something was found out"),
    "done": gettext_lazy("something was done"),
}


class ReportForm(forms.Form):
    """What is told when an incident is reported."""

    kind = forms.ChoiceField(label=gettext_lazy("What happened"), choices=[("", ""), *KINDS.items()])
    noticed = forms.CharField(
        label=gettext_lazy("Noticed (UTC)"), help_text=gettext_lazy("Such as 2026-03-14 09:30.")
    )
    happened = forms.CharField(
        label=gettext_lazy("When it happened, as far as known"), required=False, max_length=120
    )
    what = forms.CharField(
        label=gettext_lazy("What is known of it"), widget=forms.Textarea(attrs={"rows": 5})
    )
    samples = forms.CharField(
        label=gettext_lazy("Samples"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("One number a line."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The code on its label."),
    )
    entries = forms.CharField(
        label=gettext_lazy("Entries of the ledger"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Their numbers, parted by spaces."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_INCIDENTS)
def incidents_list(request: HttpRequest) -> HttpResponse:
    """Show incidents, the open ones first, and report another."""
    initial = {"samples": request.GET.get("sample", "")[:200], "noticed": f"{timezone.now():%Y-%m-%d %H:%M}"}
    form, faults = ReportForm(request.POST or None, initial=initial), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.REPORT_INCIDENTS)
        if form.is_valid():
            done = acting.once(request, lambda: _report(request, form.cleaned_data))
            if isinstance(done, dict):
                return redirect("incident", key=done["key"])
            faults = done
    context = {
        "form": form,
        "faults": faults,
        "incidents": _listed(),
        "may_report": permissions.may(request.user, Act.REPORT_INCIDENTS),
        "crumbs": _crumbs(),
    }
    return render(request, "incidents/list.html", context, status=422 if faults or form.errors else 200)


def _listed() -> list[dict[str, object]]:
    """Return the incidents; one of which nobody was told within the policy's hours is late."""
    now = timezone.now()
    return [
        {
            "row": one,
            "kind": KINDS.get(one.kind, one.kind),
            "late": bool(one.due_at and not one.told and one.due_at < now),
        }
        for one in queries.incidents.all_of_them()
    ]


def _report(request: HttpRequest, told: dict[str, str]) -> Body:
    said = operations.Report(
        kind=told["kind"],
        what=told["what"],
        noticed=told["noticed"],
        happened=told["happened"],
        place=told["place"],
        samples=told["samples"].splitlines(),
        entries=told["entries"].split(),
    )
    return {"key": operations.report(said, by=request.user, at=timezone.now()).key}


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Incidents"), "href": reverse("incidents")},
        *more,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_INCIDENTS)
def incident(request: HttpRequest, key: str) -> HttpResponse:
    """Show one incident; note a step, close it."""
    found, faults = queries.incidents.one(key), []
    if found is None:
        raise Http404
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.REPORT_INCIDENTS)
        done = acting.once(request, lambda: _act(request, found))
        if isinstance(done, dict):
            return redirect("incident", key=key)
        faults = done
    context = {
        "incident": found,
        "kind": KINDS.get(found.kind, found.kind),
        "steps": [(STEPS.get(one.kind, one.kind), one) for one in found.steps.all()],
        "step_kinds": STEPS,
        "told": request.POST,
        "faults": faults,
        "may_act": permissions.may(request.user, Act.REPORT_INCIDENTS) and found.closed_at is None,
        "attachments": attachments.card(request, found),
        "sees_places": permissions.may(request.user, Act.SEE_EXACT_PLACES),
        "crumbs": _crumbs({"label": found.key}),
    }
    return render(request, "incidents/incident.html", context, status=422 if faults else 200)


def _act(request: HttpRequest, found: Incident) -> Body:
    told, by, at = request.POST, request.user, timezone.now()
    if told.get("act") == "note":
        operations.note(
            found, kind=told.get("step", ""), who=told.get("who", ""), text=told.get("text", ""), by=by, at=at
        )
    elif told.get("act") == "close":
        operations.close(found, outcome=told.get("outcome", ""), by=by, at=at)
    else:
        raise fault.Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    return {"key": found.key}
