"""The report of a year: opening, received, given, used up, lent, returned, closing, by mission and class of use. Page, PDF, CSV.

Everybody may read it: it is sums of the public ledger, with nobody's name in it.
"""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from typing import Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aliquot.site import documents, instance, names, queries, words
from aliquot.site.queries.yearly import Account, Report
from aliquot.site.web import minutes

# The columns of both tables, as they are read from left to right.
KEEPING: Final[tuple[tuple[str, Promise], ...]] = (
    ("opening_ng", gettext_lazy("Opening")),
    ("received_ng", gettext_lazy("Received")),
    ("given_ng", gettext_lazy("Given away")),
    ("consumed_ng", gettext_lazy("Used up by analysis")),
    ("attrition_ng", gettext_lazy("Lost in handling")),
    ("destroyed_ng", gettext_lazy("Destroyed")),
    ("drift_ng", gettext_lazy("Found by reweighing")),
    ("reshaped_ng", gettext_lazy("From other classes")),
    ("closing_ng", gettext_lazy("Closing")),
)
STANDING: Final[tuple[tuple[str, Promise], ...]] = (
    ("in_store_ng", gettext_lazy("In the stores")),
    ("on_loan_ng", gettext_lazy("On loan")),
    ("under_way_ng", gettext_lazy("On its way")),
    ("missing_ng", gettext_lazy("Missing")),
    ("closing_ng", gettext_lazy("Closing")),
)
LOANS: Final[tuple[tuple[str, Promise], ...]] = (
    ("loans_opening_ng", gettext_lazy("On loan before")),
    ("lent_ng", gettext_lazy("Lent")),
    ("came_back_ng", gettext_lazy("Sent or brought back")),
    ("loans_used_ng", gettext_lazy("Used up by borrowers")),
    ("loans_lost_ng", gettext_lazy("Lost by borrowers")),
    ("loans_other_ng", gettext_lazy("Other changes")),
    ("on_loan_ng", gettext_lazy("On loan after")),
)
TABLES: Final[tuple[tuple[Promise, tuple[tuple[str, Promise], ...]], ...]] = (
    (gettext_lazy("What is in our keeping"), KEEPING),
    (gettext_lazy("Where it is at the end"), STANDING),
    (gettext_lazy("What is with borrowers"), LOANS),
)


def found(year: int) -> Report:
    """Return the report of a year of which the ledger has entries; of others there is none."""
    if year not in queries.yearly.years():
        raise Http404
    return queries.yearly.report(year)


@require_safe
def newest(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view is asked so
    """Lead to the report of the last year that has entries."""
    years = queries.yearly.years()
    if not years:
        raise Http404
    return redirect("yearly-report", year=years[-1])


@require_safe
def yearly_report(request: HttpRequest, year: int) -> HttpResponse:
    """Show the report of a year."""
    context = _context(found(year)) | {
        "years": queries.yearly.years(),
        "can_print": not documents.lacking(),
        "crumbs": [
            {"label": _("Facility"), "href": reverse("facility")},
            {"label": _("Year {year}").format(year=year)},
        ],
    }
    return render(request, "yearly/report.html", context)


@require_safe
def yearly_paper(request: HttpRequest, year: int) -> HttpResponse:
    """Print the report of a year."""
    return minutes.printed(request, "yearly/paper.html", _context(found(year)), f"year-{year}")


@require_safe
def yearly_file(request: HttpRequest, year: int) -> HttpResponse:  # noqa: ARG001 - a view is asked so
    """Hand over the report as CSV: every account in nanograms, and a last line with the sums."""
    report, out = found(year), io.StringIO()
    columns = [each.name for each in fields(Account)]
    written = csv.writer(out, lineterminator="\n")
    written.writerow(["year", *columns, "closing_ng", "gap_ng"])
    for one in (*report.accounts, report.total):
        label = ["total", ""] if one is report.total else [one.mission, one.use_class]
        written.writerow(
            [year, *label, *(getattr(one, name) for name in columns[2:]), one.closing_ng, one.gap_ng]
        )
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="year-{year}.csv"'
    return answer


def _context(report: Report) -> dict[str, object]:
    language, signed = get_language() or "en", queries.ledger.checkpoint()
    named = [(_said(one, language), one) for one in report.accounts]
    return {
        "report": report,
        "facility": words.said("facility", instance.describe(settings.HOME).facility),
        "signed": signed,
        "root": bytes(signed.root).hex() if signed is not None else "",
        "tables": [_table(title, columns, named, report.total) for title, columns in TABLES],
    }


def _table(
    title: Promise, columns: tuple[tuple[str, Promise], ...], named: list[tuple[tuple[str, str], Account]], total: Account
) -> dict[str, object]:  # fmt: skip
    """Return a table as it is read: a column of nothing but zeros, in the middle of it, is left out."""
    rows = [(label, one) for label, one in named if any(getattr(one, name) for name, _ in columns)]
    kept = [each for i, each in enumerate(columns) if i in (0, len(columns) - 1) or any(getattr(one, each[0]) for _, one in named)]  # fmt: skip
    return {
        "title": title,
        "columns": [said for _, said in kept],
        "rows": [(label, _cells(one, kept)) for label, one in rows],
        "total": _cells(total, kept),
    }


def _cells(one: Account, columns: list[tuple[str, Promise]]) -> list[tuple[Promise, int]]:
    return [(said, getattr(one, name)) for name, said in columns]


def _said(one: Account, language: str) -> tuple[str, str]:
    use = str(words.said("use_class", one.use_class)) if one.use_class else _("no class of use")
    return (names.mission(one.mission, language) if one.mission else _("No mission told"), use)
