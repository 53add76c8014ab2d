"""One loan as its borrower sees it: terms, samples with what was used up of what may be, reports, wishes, the line of credit."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import credits as wording
from aliquot.site import permissions, queries
from aliquot.site.models import Loan
from aliquot.site.permissions import Act
from aliquot.site.web import borrowing_ways, loans_ways
from aliquot.site.web.borrowing import crumbs, found

TEXT_MOST = 20_000


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def borrowed(request: HttpRequest, key: str) -> HttpResponse:
    """Show a loan to whoever answers for it; take what they report and ask for."""
    row = found(request, key)
    groups = borrowing_ways.of(row, request.user)
    ran = loans_ways.run(request, [way for _title, ways in groups for way in ways], row)
    if ran.body is not None:
        if ran.body.get("said"):
            messages.success(request, str(ran.body["said"]))
        return redirect(str(ran.body["to"]))
    by_act = {one.way.act: one for one in ran.offered}
    context = _context(request, row) | {
        "groups": [(title, [by_act[way.act] for way in ways]) for title, ways in groups],
        "faults": ran.faults,
    }
    return render(request, "borrowing/loan.html", context, status=ran.status)


def _context(request: HttpRequest, row: Loan) -> dict[str, object]:
    value, today = queries.loans.value(row), timezone.now().date()
    renewals_left, renewal_months = borrowing_ways.months_left(row)
    return {
        "loan": row,
        "value": value,
        "terms": queries.agreements.terms(row.agreement),
        "duty": queries.loans.duty(row),
        "rows": queries.borrowing.rows(row),
        "draft": queries.borrowing.draft(row),
        "inventories": queries.borrowing.inventories(row)[:3],
        "wishes": queries.borrowing.wishes().filter(loan=row),
        "parcels": queries.parcels.all_of_them().filter(loan=row).exclude(state="unpacked"),
        "incidents": queries.incidents.of_loan(row),
        "papers": queries.result_duties.of_loan(row),
        "renewals_left": renewals_left,
        "renewal_months": renewal_months,
        "today": today,
        "sees_all": permissions.may(request.user, Act.SEE_LOANS),
        "crumbs": crumbs({"label": row.number}),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def credit(request: HttpRequest, key: str) -> HttpResponse:
    """Hold an acknowledgement against the wording that was agreed, and the numbers that it has to cite; nothing is kept."""
    row = found(request, key)
    terms = queries.agreements.terms(row.agreement)
    numbers = [one.item.sample.number for one in queries.borrowing.rows(row)]
    text = request.POST.get("text", "")[:TEXT_MOST].replace("\0", "")
    context = {
        "loan": row,
        "wanted": terms.credit,
        "numbers": numbers,
        "text": text,
        "checked": wording.check(text, wording=terms.credit, numbers=numbers)
        if request.method == "POST"
        else None,
        "crumbs": crumbs(
            {"label": row.number, "href": reverse("borrowed", args=[key])}, {"label": _("Credit in a paper")}
        ),
    }
    return render(request, "borrowing/credit.html", context)
