"""Two catalogues held against each other: the lists, one list by likely cause, and the decisions on it."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from aliquot import fault, reconciliation
from aliquot.site import permissions, queries
from aliquot.site.models import Reconciliation
from aliquot.site.operations import reconciliations
from aliquot.site.permissions import Act
from aliquot.site.web import acting

FILE_BYTES_MAX = 20_000_000
CAUSES: dict[str, Promise] = {
    "none-here": _("The second catalogue has no mass"),
    "none-there": _("The first catalogue has no mass"),
    "of-a-split": _("The first catalogue's line speaks of a split, not of the whole"),
    "shared": _("The first catalogue gives one mass for several neighbouring samples"),
    "power-of-ten": _("A decimal point or a unit has slipped"),
    "one-digit": _("One digit differs, or two have changed places"),
    "whole-soil": _("The first gives the whole soil, the second a sieve fraction of it"),
    "part": _("One is less than half of the other: a part, or another sample"),
    "near": _("They are within a tenth of each other: another weighing, or wear"),
    "unexplained": _("No rule explains it"),
}
DECISIONS: dict[str, Promise] = {
    "left": _("the first is right"),
    "right": _("the second is right"),
    "both": _("both are right, of different things"),
    "ask": _("somebody must look"),
}


class StartForm(forms.Form):
    """Which tables are compared, and how."""

    comparison = forms.ChoiceField(label=_("How the tables are read"))
    left = forms.FileField(label=_("First catalogue"), help_text=_("A CSV file in UTF-8, at most 20 MB."))
    right = forms.FileField(
        label=_("Second catalogue"), required=False, help_text=_("Empty: this facility's own catalogue.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["comparison"].choices = [
            (key, reconciliation.load(key).title) for key in reconciliation.shipped()
        ]


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def reconciliations_list(request: HttpRequest) -> HttpResponse:
    """Show every list, and start another."""
    form, faults = StartForm(request.POST or None, request.FILES or None), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.IMPORT_TABLES)
        if form.is_valid():
            done = acting.once(request, lambda: _start(request, form))
            if isinstance(done, dict):
                return redirect("reconciliation", key=done["key"])
            faults = done
    context = {
        "form": form,
        "faults": faults,
        "lists": queries.reconciliations.all_of_them(),
        "may_start": permissions.may(request.user, Act.IMPORT_TABLES),
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Reconciliations")}],
    }
    return render(request, "reconciliations/list.html", context, status=422 if faults or form.errors else 200)


def _start(request: HttpRequest, form: StartForm) -> dict[str, object]:
    told = form.cleaned_data
    right = _bytes(told["right"], "right") if told["right"] else None
    made = reconciliations.start(
        reconciliation.load(told["comparison"]),
        _bytes(told["left"], "left"),
        right,
        by=request.user,
        at=timezone.now(),
    )
    return {"key": made.key}


def _bytes(file: UploadedFile, where: str) -> bytes:
    if file.size > FILE_BYTES_MAX:
        raise fault.Refused(
            [fault.of(where, "the file has more than 20 MB", "part it, or leave out columns")]
        )
    return file.read()


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def reconciliation_page(request: HttpRequest, key: str) -> HttpResponse:
    """Show one list by likely cause, and take decisions on it."""
    made, faults = get_object_or_404(Reconciliation.objects.select_related("by"), key=key), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.IMPORT_TABLES)
        done = acting.once(request, lambda: _decide(request, made))
        if isinstance(done, dict):
            return redirect("reconciliation", key=key)
        faults = done
    groups = queries.reconciliations.groups(made)
    context = {
        "made": made,
        "groups": [{"title": CAUSES[group.cause], "group": group} for group in groups],
        "found": sum(len(group.rows) for group in groups),
        "open": sum(group.open for group in groups),
        "faults": faults,
        "decisions": DECISIONS,
        "told": request.POST,
        "chosen": request.POST.getlist("chosen"),
        "may_decide": permissions.may(request.user, Act.IMPORT_TABLES),
        "crumbs": _crumbs(made),
    }
    return render(request, "reconciliations/one.html", context, status=422 if faults else 200)


def _crumbs(made: Reconciliation) -> list[dict[str, object]]:
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Reconciliations"), "href": reverse("reconciliations")},
        {"label": made.key},
    ]


def _decide(request: HttpRequest, made: Reconciliation) -> dict[str, object]:
    chosen = [
        int(one)
        for one in request.POST.getlist("chosen")
        if one.isascii() and one.isdigit() and len(one) < 19
    ]
    told = request.POST
    count = reconciliations.decide(
        made,
        chosen,
        told.get("decision", ""),
        told.get("reason", ""),
        by=request.user,
        at=timezone.now(),
    )
    return {"decided": count}
