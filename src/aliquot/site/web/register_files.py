"""A page of the register for other programs: CSV, Linked Art, and citations. Exactly the facts that the page tells."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Final, Protocol

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

import aliquot
from aliquot import register_cite, register_linked, register_rows
from aliquot.facts import Party, Source, Statement, Transfer
from aliquot.formats import export
from aliquot.site import instance, words
from aliquot.site.queries.register import around, in_force

Fact = Statement | Transfer | Source | Party
ADDRESSES: Final = {"transfer": "transfer", "fact": "fact", "party": "party", "source": "source"}
FORMATS: Final = {
    "csv": "CSV",
    "jsonld": gettext_lazy("Linked Art (JSON-LD)"),
    "bib": "BibTeX",
    "ris": "RIS",
    "csl": "CSL-JSON",
    "txt": gettext_lazy("Citation as text"),
}


def offered(request: HttpRequest) -> list[dict[str, object]]:
    """Return the addresses of this page in every form."""
    asked = request.GET.copy()
    found = []
    for form, label in FORMATS.items():
        asked["format"] = form
        found.append({"label": label, "href": f"?{asked.urlencode()}"})
    return found


class Told(Protocol):
    """What a page tells, whatever it shows it as: facts, or sources or parties where it is a list of these."""

    @property
    def key(self) -> str: ...
    @property
    def title(self) -> str: ...
    @property
    def facts(self) -> tuple[Fact, ...]: ...


def answer(request: HttpRequest, page: Told) -> HttpResponse | None:
    """Return the page in the form that was asked for, or None where none was; a form that is none is refused."""
    return give(request, page) if request.GET.get("format", "") else None


def give(request: HttpRequest, page: Told) -> HttpResponse:
    """Return the page in the form of `?format=`, or what is wrong with the asking."""
    form = request.GET.get("format", "")
    if request.known.is_wrong:
        return _wrong(_("The day is written as 2023-04-24."))
    if form not in MAKERS:
        return _wrong(_("This page can be had as: %(forms)s.") % {"forms": ", ".join(MAKERS)})
    return MAKERS[form](request, page)


def sentence(request: HttpRequest, page: Told) -> str:
    """Return how the page is cited, for whoever reads it on paper."""
    return register_cite.sentence(_cited(request, page)).strip()


def _wrong(text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")


def _csv(_request: HttpRequest, page: Told) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="aliquot-{page.key}.csv"'
    columns, rows = register_rows.tabled(page.facts, "zh" if get_language().startswith("zh") else "en")
    table = csv.DictWriter(response, columns)
    table.writeheader()
    table.writerows({name: export.harmless(cell) for name, cell in row.items()} for row in rows)
    return response


def _linked(request: HttpRequest, page: Told) -> HttpResponse:
    record = around.record(
        keys=[key for one in page.facts for key in (one.key, *getattr(one, "sources", ()))]
    )

    def address(kind: str, key: str) -> str:
        if kind == "subject":
            kind = "mission" if key in record.missions else "party" if key in record.parties else "fact"
        return request.build_absolute_uri(reverse(ADDRESSES.get(kind, kind), args=[key.replace(" ", "-")]))

    made = register_linked.linked(
        record, page.facts, title=page.title, page=request.build_absolute_uri(request.path), address=address
    )
    return _json(made, "application/ld+json")


def _json(made: object, content_type: str) -> HttpResponse:
    text = json.dumps(made, ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=f"{content_type}; charset=utf-8")


def _cited(request: HttpRequest, page: Told) -> register_cite.Page:
    revision = in_force.view().revision
    query = request.known.query
    return register_cite.Page(
        key=page.key,
        title=page.title,
        publisher=str(words.said("facility", instance.describe(settings.HOME).facility)),
        address=request.build_absolute_uri(request.path) + query,
        version=f"{aliquot.__version__}.{revision[0]}",
        day=timezone.now().date(),
    )


def _as(
    write: Callable[[register_cite.Page], str], content_type: str
) -> Callable[[HttpRequest, Told], HttpResponse]:
    def made(request: HttpRequest, page: Told) -> HttpResponse:
        return HttpResponse(write(_cited(request, page)), content_type=f"{content_type}; charset=utf-8")

    return made


MAKERS: Final[dict[str, Callable[[HttpRequest, Told], HttpResponse]]] = {
    "csv": _csv,
    "jsonld": _linked,
    "bib": _as(register_cite.bibtex, "application/x-bibtex"),
    "ris": _as(register_cite.ris, "application/x-research-info-systems"),
    "csl": _as(register_cite.csl, "application/vnd.citationstyles.csl+json"),
    "txt": _as(register_cite.sentence, "text/plain"),
}
OTHERS: Final = tuple(form for form in MAKERS if form != "csv")
