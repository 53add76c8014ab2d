"""The catalogue's list as a file: every sample that matches, in the order shown, in the columns of `aliquot export`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from aliquot.formats import export
from aliquot.formats.export import Row
from aliquot.site import queries, search
from aliquot.site.models import Sample
from aliquot.site.search import Wanted

ROWS_MAX = 100_000
_BATCH = 500
FORMATS = {
    "csv": (export.csv_parts, "text/csv; charset=utf-8"),
    "json": (export.json_parts, "application/json"),
}


def catalogue(wanted: Wanted, form: str) -> HttpResponse | StreamingHttpResponse:
    """Hand over every sample that matches; more than a file should hold is refused with a way out."""
    found = search.every(wanted, most=ROWS_MAX)
    if found.total > ROWS_MAX:
        advice = _(
            "More than %(most)s samples match. Narrow the search, or read them page by page from the API."
        )
        said = advice % {"most": f"{ROWS_MAX:,}"}
        return HttpResponse(said, status=413, content_type="text/plain; charset=utf-8")
    parts, content_type = FORMATS[form]
    response = StreamingHttpResponse(parts(_rows(found.pks)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="catalogue.{form}"'
    return response


def refused(errors: Mapping[str, Iterable[str]]) -> HttpResponse:
    """Answer a question that is at fault: the field, and what is wrong with it."""
    lines = [f"{name}: {said}\n" for name, every in errors.items() for said in every]
    return HttpResponse("".join(lines), status=400, content_type="text/plain; charset=utf-8")


def _rows(pks: Sequence[int]) -> Iterator[Row]:
    """Yield the rows in the order of their keys; the export itself knows only the order of numbers."""
    for first in range(0, len(pks), _BATCH):
        batch = pks[first : first + _BATCH]
        rows = {row.number: row for row in queries.exports.rows(Sample.objects.filter(pk__in=batch))}
        yield from (rows[number] for number in queries.samples.numbers(batch) if number in rows)
