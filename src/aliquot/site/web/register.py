"""The public record: what came from the Moon, who has it, who says so, and where the sources disagree."""

from __future__ import annotations

import csv
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, Final, TypeVar, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import register
from aliquot.formats import export
from aliquot.site import queries
from aliquot.site.queries.register.transfers import EVERYTHING, Choice, Transfers
from aliquot.site.web.register_seen import seen

Page = TypeVar("Page")
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


def drawn(template: str, page: Callable[..., object], *asked: Hashable) -> SafeString:
    """Return the part of a page that follows from the record, the language and what was asked alone; made once.

    What a visitor brings along (who it is, a nonce, a token) has no place in such a part.
    """
    return _drawn(_seen(), template, page, *asked)


def kept(page: Callable[..., Page], *asked: Hashable) -> Page:
    """Return what a page shows, made once for a language and a revision; values alone, which nobody changes."""
    return cast("Page", _made(_seen(), page, *asked))


def _seen() -> Hashable:
    view = queries.register.in_force.view()
    return get_language(), view.revision, view.day


@lru_cache(maxsize=256)
def _made(_view: Hashable, page: Callable[..., object], *asked: Hashable) -> object:
    return page(*asked)


@lru_cache(maxsize=128)
def _drawn(_view: Hashable, template: str, page: Callable[..., object], *asked: Hashable) -> SafeString:
    return render_to_string(template, {"page": kept(page, *asked)})


@require_safe
@seen
def home(request: HttpRequest) -> HttpResponse:
    content = drawn("register/_home.html", queries.register.home.page)
    return render(request, "register/home.html", {"content": content, "known": request.known})


@require_safe
@seen
def transfers(request: HttpRequest) -> HttpResponse:
    """Show the list, or give exactly what is shown to other programs; a wrong filter shows everything and says so."""
    form = Filter(request.GET)
    choice = Choice(**form.cleaned_data) if form.is_valid() else EVERYTHING
    wanted = request.GET.get("format", "")
    if wanted in FILES:
        return FILES[wanted](choice, form)
    faults = [(form.fields[name].label, said[0]) for name, said in form.errors.items()]
    if wanted:
        faults.append((_("Format"), _("The list can be had as csv or as json.")))
    results = drawn("register/_results.html", _listed, choice)
    context = {
        "results": results,
        "form": form,
        "faults": faults,
        "clear_href": reverse("transfers"),
        "known": request.known,
    }
    part = request.htmx and not request.htmx.history_restore_request
    response = render(request, "register/_transfers.html" if part else "register/transfers.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


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
    page = _found(kept(queries.register.transfers.page, key))
    return render(request, "register/transfer.html", {"page": page, "known": request.known})


@require_safe
@seen
def mission(request: HttpRequest, key: str) -> HttpResponse:
    return render(
        request,
        "register/mission.html",
        {"page": _found(kept(queries.register.missions.page, key)), "known": request.known},
    )


@require_safe
@seen
def sources(request: HttpRequest) -> HttpResponse:
    return render(request, "register/sources.html", {"grades": queries.register.sources.listed()})


@require_safe
@seen
def source(request: HttpRequest, key: str) -> HttpResponse:
    return render(request, "register/source.html", {"page": _found(kept(queries.register.sources.page, key))})


@require_safe
@seen
def contradictions(request: HttpRequest) -> HttpResponse:
    content = drawn("register/_contradictions.html", queries.register.contradictions.listed)
    return render(request, "register/contradictions.html", {"content": content})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "about.html")


def _found(page: object | None) -> object:
    """Return the page, or answer that nothing stands at this address."""
    if page is None:
        raise Http404
    return page
