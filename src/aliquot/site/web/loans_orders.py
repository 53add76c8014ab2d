"""Work orders of a loan: which piece is cut from what in which container, on paper and as the bench's own form.

The form is the bench's; parent and ground are the order's and cannot be told otherwise. What is cut goes into the loan at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import handling
from aliquot.fault import Fault
from aliquot.site import documents, permissions, queries
from aliquot.site.models import AgreementLine, Loan
from aliquot.site.operations import loans as operations
from aliquot.site.operations.loans import CUTTING
from aliquot.site.permissions import Act
from aliquot.site.web import acting, agreements, bench, loans, loans_ways, minutes, told

FIXED = ("parent", "basis")
INT_MOST = 2**31 - 1


def _found(request: HttpRequest, key: str, order: int) -> tuple[Loan, AgreementLine]:
    loan = loans.found(request, key)
    line = queries.agreements.lines(loan.agreement).filter(order=min(order, INT_MOST)).first()
    if line is None:
        raise Http404
    return loan, line


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_LOANS)
def work_order(request: HttpRequest, key: str, order: int) -> HttpResponse:
    """Show a work order with the form of the act by which it is carried out; do it."""
    loan, line = _found(request, key, order)
    asked = request.POST if request.method == "POST" else request.GET
    kind = asked.get("kind", "")
    act = handling.KINDS[kind if kind in CUTTING else CUTTING[0]]
    said = told.told_of(act, asked)
    faults: tuple[Fault, ...] = ()
    if request.method == "POST" and "more" not in request.POST:
        done = acting.attempt(request, lambda: _cut(request, loan, line, act.kind, said))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults = done
    context = _page(request, loan, line) | _form(request, act, said, faults, more="more" in request.POST)
    return render(request, "loans/order.html", context, status=422 if faults else 200)


def _cut(
    request: HttpRequest, loan: Loan, line: AgreementLine, kind: str, said: Mapping[str, object]
) -> dict[str, Any]:
    asked = {name: value for name, value in said.items() if name not in FIXED}
    operations.cut(loan, line, asked, kind=kind, by=request.user, at=timezone.now())
    return {"to": f"{reverse('loan', args=[loan.key])}#account"}


def _page(request: HttpRequest, loan: Loan, line: AgreementLine) -> dict[str, Any]:
    """Return the order as it is read: what is cut from what, where that lies, what was promised."""
    is_open = not line.whole and line.commitment is not None and line.commitment.released_at is None
    return {
        "loan": loan,
        "line": line,
        "is_open": is_open and loan.state in ("prepared", "in transit", "with borrower"),
        "terms": queries.agreements.terms(loan.agreement),
        "lies": queries.loan_pages.places_of(line.sample),
        "items": list(queries.loans.items(loan).filter(line=line)),
        "can_print": not documents.lacking(),
        "crumbs": agreements.crumbs(
            request,
            {"label": loan.number, "href": reverse("loan", args=[loan.key])},
            {"label": _("Work order %(n)s") % {"n": line.order}},
        ),
    }


def _form(
    request: HttpRequest,
    act: handling.Act,
    said: Mapping[str, object],
    faults: tuple[Fault, ...],
    *,
    more: bool,
) -> dict[str, Any]:
    made = told.form(act, said, bench.lists_for(request.user), (), more=told.ROWS_MORE if more else 0)
    for one, shown in zip(faults, loans_ways.shown(faults), strict=True):
        told.put(made, one.where, shown)
    made.boxes = [box for box in made.boxes if box.field.name not in FIXED]
    kinds = [(kind, _(handling.KINDS[kind].label)) for kind in CUTTING]
    return {"form": made, "act": act, "kinds": kinds, "lists": bench.suggestions(made)}


@require_safe
@permissions.require(Act.KEEP_LOANS)
def work_order_paper(request: HttpRequest, key: str, order: int) -> HttpResponse:
    """Print a work order, with room for what the bench writes down."""
    loan, line = _found(request, key, order)
    return minutes.printed(
        request, "documents/work_order.html", _page(request, loan, line), f"{loan.number}-{line.order}"
    )
