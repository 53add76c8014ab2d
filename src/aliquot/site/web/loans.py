"""Loans: the list of them as a page and a table, and the page of each, where it is acted upon.

Staff see all loans, whoever answers for one sees it; to others it is not there.
"""

from __future__ import annotations

import csv
import io

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import mass, policy
from aliquot.site import loan_words, permissions, queries
from aliquot.site.models import Loan
from aliquot.site.permissions import Act
from aliquot.site.queries.loan_pages import Asked, Listed
from aliquot.site.queries.paging import Page
from aliquot.site.web import agreements, loans_acts, loans_shown, loans_ways
from aliquot.site.web import forms as boxes


class AskedForm(forms.Form):
    """Which loans are looked for."""

    state = forms.ChoiceField(label=gettext_lazy("How it stands"), required=False)
    use_class = forms.ChoiceField(label=gettext_lazy("Class of use"), required=False)
    borrower = forms.CharField(label=gettext_lazy("Borrower"), required=False, max_length=200)
    overdue = forms.BooleanField(label=gettext_lazy("Overdue only"), required=False)

    def __init__(self, *given: object, **more: object) -> None:
        super().__init__(*given, **more)
        self.fields["state"].choices = [("", _("every state")), *loan_words.LOAN_STATES.items()]
        self.fields["use_class"].choices = [("", _("every class of use")), *use_classes()]


def use_classes() -> list[tuple[str, str]]:
    """Return the classes of use that are lent under any policy, by their names."""
    in_chinese = (get_language() or "en").startswith("zh")
    found = {
        use.key: use.name_zh if in_chinese else use.name_en
        for key in policy.packs()
        for use in policy.load(key).uses
        if not use.sealed
    }
    return sorted(found.items())


def found(request: HttpRequest, key: str) -> Loan:
    """Return a loan to those who may open it."""
    row = queries.loans.one(key, request.user, sees_all=permissions.may(request.user, Act.SEE_LOANS))
    if row is None:
        raise Http404
    return row


@require_safe
@login_required
def loans_list(request: HttpRequest) -> HttpResponse:
    """Show the loans that one may see, all or some of them."""
    form = AskedForm(request.GET)
    page = _page(request, form)
    sees_all = permissions.may(request.user, Act.SEE_LOANS)
    context = {
        "form": form,
        "page": page,
        "rows": [(one, loan_words.said("loan_states", one.row.state), loans_shown.CHIPS.get(one.row.state, "")) for one in page.rows],
        "waiting": queries.loan_pages.awaiting_agreement() if permissions.may(request.user, Act.KEEP_LOANS) else [],
        "late": queries.parcels.late(timezone.now().date()) if sees_all else [],
        "sees_all": sees_all,
        "query": request.GET.urlencode(),
        "crumbs": [*agreements.crumbs(request)[:-1], {"label": _("Loans")}],
        **boxes.paged(request, page),
    }  # fmt: skip
    return render(request, "loans/list.html", context)


def _page(request: HttpRequest, form: AskedForm, *, whole: bool = False) -> Page:
    told = form.cleaned_data if form.is_valid() else {}
    asked = Asked(**{name: told.get(name) or default for name, default in (
        ("state", ""), ("overdue", False), ("borrower", ""), ("use_class", ""))})  # fmt: skip
    sees_all, today = permissions.may(request.user, Act.SEE_LOANS), timezone.now().date()
    if whole:
        return queries.loan_pages.every(request.user, sees_all=sees_all, asked=asked, today=today)
    number = boxes.page_of(request)
    return queries.loan_pages.listed(request.user, sees_all=sees_all, asked=asked, today=today, page=number)


@require_safe
@login_required
def loans_file(request: HttpRequest) -> HttpResponse:
    """Hand over the same list as CSV, all of it; columns and codes are the same in every language."""
    page = _page(request, AskedForm(request.GET), whole=True)
    kept = io.StringIO()
    table = csv.writer(kept, lineterminator="\r\n")
    table.writerow(
        (
            "number",
            "state",
            "use_class",
            "borrower",
            "institution",
            "country",
            "samples",
            "out_g",
            "begins",
            "due_on",
            "overdue",
        )
    )
    table.writerows(_csv(one) for one in page.rows)
    answer = HttpResponse(kept.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="loans.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def _csv(one: Listed) -> tuple[object, ...]:
    row = one.row
    texts = (row.number, row.state, row.use_class, one.name, one.institution, one.country)
    return (*map(_plain, texts), one.items, mass.grams(one.out_ng), row.begins or "", one.due_on or "",
            " ".join(owed.duty for owed in one.overdue))  # fmt: skip


def _plain(text: str) -> str:
    """Return a text of which no spreadsheet makes a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" and text else text


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def loan(request: HttpRequest, key: str) -> HttpResponse:
    """Show a loan: how it stands, what is answered for, what was done; and act on it."""
    row = found(request, key)
    ran = loans_ways.run(request, loans_acts.of(row, request.user), row)
    if ran.body is not None:
        return redirect(str(ran.body["to"]))
    context = loans_shown.page(row, request) | {
        "offered": ran.offered,
        "faults": ran.faults,
        "crumbs": agreements.crumbs(request, {"label": row.number}),
    }
    return render(request, "loans/loan.html", context, status=ran.status)
