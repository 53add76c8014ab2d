"""Two samples side by side: what is published of each, and where they differ."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot import mass
from aliquot.site import names, queries, words
from aliquot.site.queries.register.words import listed
from aliquot.site.queries.samples import Sheet

NUMBER_MOST = 200


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Show two samples side by side; a number that nobody has is said beside its field."""
    asked = [request.GET.get(name, "").strip()[:NUMBER_MOST] for name in ("a", "b")]
    sheets = [queries.samples.sheet(number) if number else None for number in asked]
    rows = _rows(*sheets) if all(sheets) else []
    context = {
        "fields": [
            {"name": name, "number": number, "is_unknown": bool(number) and sheet is None}
            for name, number, sheet in zip("ab", asked, sheets, strict=True)
        ],
        "numbers": asked,
        "rows": rows,
        "same": sum(not row["differs"] for row in rows),
        "crumbs": [
            {"label": _("Catalogue"), "href": reverse("catalogue")},
            {"label": _("Compare two samples")},
        ],
    }
    return render(request, "samples/compare.html", context)


def _rows(one: Sheet, other: Sheet) -> list[dict[str, object]]:
    """Return what is told of both, a row each, and whether it differs."""
    language = get_language() or "en"
    first, second = dict(told(one, language)), dict(told(other, language))
    return [
        {"term": term, "a": said, "b": second[term], "differs": said != second[term]}
        for term, said in first.items()
    ]


def told(sheet: Sheet, language: str) -> Iterator[tuple[str, str]]:
    """Yield what is published of a sample, each thing under its name; nothing where it is not known."""
    row = sheet.row
    parents = {step.parent for step in sheet.descents if step.daughter == row.number}
    yield _("Mission"), names.mission(row.mission, language) if row.mission else ""
    yield _("Material"), " ".join(filter(None, (_said("material", row.material), sheet.subtype)))
    yield _("Form"), _said("form", row.form)
    yield _("Condition"), _said("condition", row.condition)
    yield _("Class of use"), _said("use_class", row.use_class)
    yield _("Availability"), _said("availability", row.availability)
    yield _("Mass today"), "" if row.mass_ng is None else mass.show(row.mass_ng)
    yield _("Mass at the start"), "" if sheet.start_ng is None else mass.show(sheet.start_ng)
    yield _("With whom"), listed([str(names.whom(one.whom, language)) for one in sheet.held])
    yield _("Made from"), listed(sorted(parents))
    yield _("Samples made from it"), str(sheet.daughters)
    yield _("Other names"), listed([one.name for one in sheet.names])


def _said(about: str, code: str) -> str:
    return str(words.said(about, code)) if code else ""
