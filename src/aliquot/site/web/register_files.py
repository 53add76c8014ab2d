"""A page of the register for other programs: CSV, Linked Art, and citations. Exactly the facts that the page tells."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

import aliquot
from aliquot import register_cite, register_linked, register_rows
from aliquot.formats import export
from aliquot.site import instance, words
from aliquot.site.queries.register import in_force
from aliquot.site.queries.register.chapters import Chapters

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


def answer(request: HttpRequest, page: Chapters) -> HttpResponse | None:
    """Return the page in the form that was asked for, or None where none was; a form that is none is refused."""
    form = request.GET.get("format", "")
    if not form:
        return None
    if request.known.is_wrong:
        return _wrong(_("The day is written as 2023-04-24."))
    if form not in MAKERS:
        return _wrong(_("This page can be had as: %(forms)s.") % {"forms": ", ".join(MAKERS)})
    return MAKERS[form](request, page)


def _wrong(text: str) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")


def _csv(_request: HttpRequest, page: Chapters) -> HttpResponse:
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="aliquot-{page.key}.csv"'
    table = csv.DictWriter(response, register_rows.FACT_COLUMNS)
    table.writeheader()
    language = "zh" if get_language().startswith("zh") else "en"
    for row in register_rows.fact_rows(page.facts, language):
        table.writerow({name: export.harmless(cell) for name, cell in row.items()})
    return response


def _linked(request: HttpRequest, page: Chapters) -> HttpResponse:
    record = in_force.record()

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


def _cited(request: HttpRequest, page: Chapters) -> register_cite.Page:
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
) -> Callable[[HttpRequest, Chapters], HttpResponse]:
    def made(request: HttpRequest, page: Chapters) -> HttpResponse:
        return HttpResponse(write(_cited(request, page)), content_type=f"{content_type}; charset=utf-8")

    return made


MAKERS: Final[dict[str, Callable[[HttpRequest, Chapters], HttpResponse]]] = {
    "csv": _csv,
    "jsonld": _linked,
    "bib": _as(register_cite.bibtex, "application/x-bibtex"),
    "ris": _as(register_cite.ris, "application/x-research-info-systems"),
    "csl": _as(register_cite.csl, "application/vnd.citationstyles.csl+json"),
    "txt": _as(register_cite.sentence, "text/plain"),
}
