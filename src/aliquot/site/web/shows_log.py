"""The log of a show, made for a phone in a gallery: put out and counted in the morning, counted and packed in the evening."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import shows as library
from aliquot.shows import Day
from aliquot.site import queries
from aliquot.site.models import Show, ShowDay
from aliquot.site.operations import shows as operations
from aliquot.site.web import acting, loans_ways, shows, shows_acts
from aliquot.site.web.forms import UtcField
from aliquot.site.web.loans_ways import LongField

_COUNT_MOST = 1000
_NUMBER = forms.NumberInput(attrs={"inputmode": "numeric"})


class OpenForm(forms.Form):
    """The morning: who put the pieces out, and how many they counted."""

    opened = UtcField(label=gettext_lazy("Put out at, in UTC"))
    who = forms.CharField(label=gettext_lazy("Who put them out"), max_length=library.NAME_MOST)
    counted = forms.IntegerField(
        label=gettext_lazy("Pieces counted"), min_value=0, max_value=_COUNT_MOST, widget=_NUMBER
    )
    note = LongField(label=gettext_lazy("Note"), required=False, rows=2, most=library.TEXT_MOST)


class CloseForm(forms.Form):
    """The evening: how many pieces were counted, how many people came."""

    packed = UtcField(label=gettext_lazy("Packed at, in UTC"))
    counted = forms.IntegerField(
        label=gettext_lazy("Pieces counted"), min_value=0, max_value=_COUNT_MOST, widget=_NUMBER
    )
    visitors = forms.IntegerField(
        label=gettext_lazy("Visitors"),
        required=False,
        min_value=0,
        max_value=library.VISITORS_MOST,
        widget=_NUMBER,
    )
    note = LongField(label=gettext_lazy("Note"), required=False, rows=2, most=library.TEXT_MOST)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def log(request: HttpRequest, key: str) -> HttpResponse:
    """Show the day that is open, or the form that opens one, and the days before."""
    show, is_whole = shows.found(request, key)
    if not is_whole:
        raise Http404
    may_log = show.state == "on show" and shows_acts.may_log(show, request.user)
    if request.method == "POST" and not may_log:
        raise PermissionDenied
    day = show.days.filter(packed=None).order_by("on").first()
    form = _form(request, day)
    faults: list[acting.Shown] = []
    if request.method == "POST" and form.is_valid():
        done = acting.attempt(request, lambda: _write(request, show, day, form.cleaned_data))
        if isinstance(done, dict):
            return redirect("show-log", key=key)
        faults = loans_ways.beside(form, done)
    context = _context(show, day, form, faults) | {"may_log": may_log, "crumbs": _crumbs(request, show)}
    return render(request, "shows/log.html", context, status=422 if faults or form.errors else 200)


def _context(show: Show, day: ShowDay | None, form: forms.Form, faults: list[acting.Shown]) -> dict[str, Any]:
    return {
        "row": shows.row(show),
        "day": day,
        "form": form,
        "faults": faults,
        "pieces": queries.shows.pieces(show),
        "days": list(show.days.exclude(packed=None).order_by("-on")[:60]),
        "visitors": queries.shows.visitors(show),
    }


def _crumbs(request: HttpRequest, show: Show) -> list[dict[str, object]]:
    here = {"label": show.number, "href": reverse("show", args=[show.key])}
    return shows.crumbs(request, here, {"label": _("Log")})


def _form(request: HttpRequest, day: ShowDay | None) -> forms.Form:
    """Return the form of the evening where a day is open, or that of the morning."""
    now = timezone.now().replace(second=0, microsecond=0)
    form, moment = (OpenForm, "opened") if day is None else (CloseForm, "packed")
    return form(request.POST or None, initial={moment: now})


def _write(request: HttpRequest, show: Show, day: ShowDay | None, told: dict[str, Any]) -> dict[str, object]:
    at = timezone.now()
    if day is None:
        opened = told["opened"]
        said = Day(opened.date(), opened, None, told["who"], None, told["counted"], told["note"])
        made = operations.open_day(show, said, by=request.user, at=at)
    else:
        made = operations.close_day(
            day, packed=told["packed"], counted=told["counted"], visitors=told["visitors"], note=told["note"],
            by=request.user, at=at,
        )  # fmt: skip
    return {"on": made.on.isoformat()}
