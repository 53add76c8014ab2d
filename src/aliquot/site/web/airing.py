"""The air of a place: its readings drawn, and the page by which a table of readings is taken in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import air as rules
from aliquot import fault
from aliquot.site import permissions, store_words
from aliquot.site.drawings import air as drawing
from aliquot.site.models import Place
from aliquot.site.operations import air
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import air as reads
from aliquot.site.queries.air import Series
from aliquot.site.web import acting
from aliquot.site.web.pictures import Picture

FILE_BYTES_MAX = 20_000_000
TABLE_MOST = 50
FAULTS_MOST = 500
SAMPLE = (
    "place,at,quantity,value,unit,instrument\n"
    "CAB-1,2026-11-24T09:30+08:00,oxygen,0.8,ppm,O2-7\n"
    "CAB-1,2026-11-24T09:30+08:00,pressure,101.6,kPa,"
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """The readings of one quantity: what it is, the newest of them, and the picture."""

    quantity: str | Promise
    newest: str
    picture: Picture


def pictures(chain: Sequence[Place]) -> dict[str, object]:
    """Return where the air around a place was read, the nearest, and a picture of each quantity."""
    place, found = reads.of(chain)
    return {"place": place, "drawn": [_drawn(one, i) for i, one in enumerate(found, 1)]}


def _drawn(series: Series, number: int) -> Drawn:
    word = str(store_words.said("quantity", series.quantity))
    last = series.readings[-1]
    picture = drawing.draw(
        [drawing.Reading(one.at, one.drawn) for one in series.readings],
        unit=series.unit,
        prefix=f"air-{series.quantity}",
        title=word,
        fill=number,
    )
    rows = [
        [f"{one.at:%Y-%m-%d %H:%M}", f"{air.plain(one.value)} {one.unit}", one.instrument or "–"]
        for one in reversed(series.readings[-TABLE_MOST:])
    ]
    caption = _("%(quantity)s, the newest readings") % {"quantity": word}
    table = {"caption": caption, "head": [_("Time (UTC)"), _("Reading"), _("Instrument")], "rows": rows}
    newest = f"{air.plain(last.value)} {last.unit}, {last.at:%Y-%m-%d %H:%M} UTC"
    return Drawn(word, newest, Picture(mark_safe(picture), table))  # noqa: S308 - drawings escape every text


# -- taking in a table -----------------------------------------------------------------------------------------


class TableForm(forms.Form):
    table = forms.FileField(
        label=gettext_lazy("Table of readings"), help_text=gettext_lazy("A CSV file in UTF-8, at most 20 MB.")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_PLACES)
def readings(request: HttpRequest) -> HttpResponse:
    """Take in a table of readings: looked at first, or at once; whole or not at all."""
    form = TableForm(request.POST or None, request.FILES or None)
    told, faults = None, []
    if request.method == "POST" and form.is_valid():
        told, faults = _take(request, form.cleaned_data["table"])
    context = {
        "form": form,
        "told": told,
        "looked": request.POST.get("act") == "look",
        "faults": faults,
        "quantities": _quantities(),
        "sample": SAMPLE,
        "crumbs": [
            {"label": _("Desk"), "href": reverse("desk")},
            {"label": _("Places"), "href": reverse("places")},
            {"label": _("Readings of the air")},
        ],
    }
    wrong = faults or form.errors or (told and told["wrong"])
    return render(request, "places/readings.html", context, status=422 if wrong else 200)


def _take(request: HttpRequest, file: UploadedFile) -> tuple[Body | None, list[acting.Shown]]:
    if file.size > FILE_BYTES_MAX:
        return None, [acting.Shown("table", _("the file has more than 20 MB"), _("part it"))]
    data = file.read()
    file.seek(0)
    looked = air.look(data, at=timezone.now())
    if looked.wrong or request.POST.get("act") == "look":
        return _shown(looked), []
    done = acting.once(request, lambda: _imported(data, request.user.key))
    return (done, []) if isinstance(done, dict) else (None, done)


def _imported(data: bytes, by: str) -> Body:
    """Import; what went wrong since it was looked at is refused, so that the form can be sent again."""
    told = air.import_table(data, by=by, at=timezone.now())
    fault.refuse_if(one.fault for one in told.wrong)
    return _shown(told)


def _shown(told: air.Told) -> Body:
    """Return what an import told as the page and an answer given again can have it."""
    faults = acting.shown(one.fault for one in told.wrong[:FAULTS_MOST])
    return {
        "rows": told.rows,
        "added": 0 if told.wrong else told.added,
        "already_there": told.already_there,
        "wrong_total": len(told.wrong),
        "wrong": [
            {"line": one.line, "column": one.column, "said": fault.said, "advice": fault.advice}
            for one, fault in zip(told.wrong, faults, strict=False)
        ],
        "first": [
            [row.place, f"{row.reading.at:%Y-%m-%d %H:%M}", row.reading.quantity,
             f"{row.reading.value} {row.reading.unit}", row.instrument]
            for row in told.first
        ],
    }  # fmt: skip


def _quantities() -> list[tuple[str, str | Promise, str]]:
    return [
        (one.key, store_words.said("quantity", one.key), ", ".join(one.units))
        for one in rules.QUANTITIES.values()
    ]
