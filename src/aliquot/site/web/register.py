"""The public record: what came from the Moon, who has it, who says so, and where the sources disagree."""

from __future__ import annotations

import csv
from typing import Any, Final

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aliquot import register
from aliquot.formats import export
from aliquot.site import queries
from aliquot.site.queries.register.transfers import EVERYTHING, Choice, Transfers
from aliquot.site.web import register_files
from aliquot.site.web.register_seen import seen
from aliquot.site.web.register_telling import around, drawn, kept, made, told

LABELS: Final = {
    "country": gettext_lazy("Country"),
    "mission": gettext_lazy("Mission"),
    "kind": gettext_lazy("Kind"),
    "year": gettext_lazy("Year"),
    "state": gettext_lazy("State"),
}
_SHORT: Final = 60  # so much of a value that is no choice is repeated


class Filter(forms.Form):
    """Which transfers to show; each filter offers what the record has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in kept(queries.register.transfers.options).items():
            self.fields[name] = OneOf(label=LABELS[name], choices=[("", _("all")), *options])


class OneOf(forms.ChoiceField):
    """A choice that names what it did not find, shortened."""

    def __init__(self, *, label: str, choices: list[tuple[str, str]]) -> None:
        super().__init__(label=label, choices=choices, required=False)

    def validate(self, value: str) -> None:
        if value and not self.valid_value(value):
            said = value if len(value) <= _SHORT else value[: _SHORT - 1] + "…"
            raise forms.ValidationError(
                _("“%(value)s” is not in the record; choose one of the list.") % {"value": said}
            )


@require_safe
@seen
def home(request: HttpRequest) -> HttpResponse:
    return told(request, "register/home.html", queries.register.home.page, part="register/_home.html")


@require_safe
@seen
def transfers(request: HttpRequest) -> HttpResponse:
    """Show the list, or give exactly what is shown to other programs; a wrong filter shows everything and says so."""
    form = Filter(request.GET)
    choice = Choice(**form.cleaned_data) if form.is_valid() else EVERYTHING
    wanted = request.GET.get("format", "")
    if wanted in FILES:
        return FILES[wanted](choice, form)
    if wanted in register_files.OTHERS and not form.errors:
        return register_files.give(request, made(request, _listed, choice))
    context = {
        **around(request, kept(_listed, choice)),
        "results": drawn("register/_results.html", _listed, choice),
        "form": form,
        "faults": _faults(form, wanted),
        "clear_href": reverse("transfers"),
    }
    part = request.htmx and not request.htmx.history_restore_request
    response = render(request, "register/_transfers.html" if part else "register/transfers.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _faults(form: Filter, wanted: str) -> list[tuple[object, str]]:
    faults: list[tuple[object, str]] = [
        (form.fields[name].label, said[0]) for name, said in form.errors.items()
    ]
    if wanted:
        listed = ", ".join([*FILES, *register_files.OTHERS])
        faults.append((_("Format"), _("The list can be had as: %(forms)s.") % {"forms": listed}))
    return faults


def _listed(choice: Choice) -> Transfers:
    return queries.register.transfers.listed(choice, LABELS)


def _csv(choice: Choice, form: Filter) -> HttpResponse:
    if form.errors:
        return _refused(form, content_type="text/plain; charset=utf-8")
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="aliquot-transfers.csv"'
    table = csv.DictWriter(response, register.COLUMNS)
    table.writeheader()
    table.writerows(
        {name: export.harmless(cell) for name, cell in row.items()}
        for row in queries.register.transfers.flat(choice)
    )
    return response


def _json(choice: Choice, form: Filter) -> HttpResponse:
    if form.errors:
        return JsonResponse({"faults": form.errors}, status=400, json_dumps_params={"ensure_ascii": False})
    rows = queries.register.transfers.flat(choice)
    return JsonResponse({"count": len(rows), "transfers": rows}, json_dumps_params={"ensure_ascii": False})


def _refused(form: Filter, *, content_type: str) -> HttpResponse:
    """Answer a program that asked for what is not in the record: it would not see a message beside the list."""
    lines = [f"{name}: {said}" for name, every in form.errors.items() for said in every]
    return HttpResponse("\n".join([*lines, ""]), status=400, content_type=content_type)


FILES: Final = {"csv": _csv, "json": _json}


@require_safe
@seen
def transfer(request: HttpRequest, key: str) -> HttpResponse:
    return told(request, "register/transfer.html", queries.register.transfers.page, key)


@require_safe
@seen
def mission(request: HttpRequest, key: str) -> HttpResponse:
    return told(request, "register/mission.html", queries.register.missions.page, key)


@require_safe
@seen
def sources(request: HttpRequest) -> HttpResponse:
    return told(request, "register/sources.html", queries.register.sources.listed, _number(request))


def _number(request: HttpRequest) -> int:
    """Return the number of the page that is asked for; the first where it is none."""
    asked = request.GET.get("page", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


@require_safe
@seen
def source(request: HttpRequest, key: str) -> HttpResponse:
    return told(request, "register/source.html", queries.register.sources.page, key)


@require_safe
@seen
def contradictions(request: HttpRequest) -> HttpResponse:
    chapter = request.GET.get("chapter", "")
    if chapter and chapter not in queries.register.contradictions.headings():
        raise Http404
    return told(
        request,
        "register/contradictions.html",
        queries.register.contradictions.listed,
        chapter,
        _number(request) if chapter else 1,
        part="register/_contradictions.html",
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")
