"""What comes back from a loan: weighed against the book, the difference explained, accepted with a condition and a place.

Sample by sample and in any order; a sample can be weighed again before it is accepted.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot.site import loan_words, permissions, queries, words
from aliquot.site.models import Loan, LoanItem
from aliquot.site.operations import returns
from aliquot.site.operations.returns import CONDITIONS, Weighed
from aliquot.site.permissions import Act
from aliquot.site.web import agreements, loans, loans_ways
from aliquot.site.web.acting import Body
from aliquot.site.web.loans_fields import PlaceField
from aliquot.site.web.loans_ways import LongField, MassField, Way, WayForm


class WeighForm(WayForm):
    """What the balance showed, what the borrower declared, and what explains a difference."""

    declared_ng = MassField(label=gettext_lazy("Declared by the borrower"), required=False)
    balance = forms.ChoiceField(label=gettext_lazy("Balance"))
    readings = LongField(
        label=gettext_lazy("Readings of the balance"),
        rows=2,
        help_text=gettext_lazy("One a line, two or more."),
    )
    explanation = forms.ChoiceField(
        label=gettext_lazy("What explains a difference"),
        required=False,
        choices=lambda: [("", ""), *loan_words.EXPLANATIONS.items()],
    )
    reason = LongField(label=gettext_lazy("Reason"), required=False, rows=2)
    history = LongField(
        label=gettext_lazy("What it was exposed to"), required=False, rows=2, most=8000,
        help_text=gettext_lazy("Air, solvents, heat, coating, beam: as the borrower tells it."),
    )  # fmt: skip

    def make(self) -> None:
        self.fields["balance"].choices = [("", ""), *queries.bench.lists(get_language() or "en")["balance"]]


class AcceptForm(WayForm):
    """The condition in which it is now, and where it goes."""

    condition = forms.ChoiceField(
        label=gettext_lazy("Condition now"),
        choices=[(str(one.value), words.CONDITIONS[one.value]) for one in CONDITIONS],
    )
    place = PlaceField(required=False, help_text=gettext_lazy("Empty: it stays where it lies."))
    note = LongField(label=gettext_lazy("What the experts found"), rows=2, most=8000)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.KEEP_LOANS)
def loan_return(request: HttpRequest, key: str) -> HttpResponse:
    """Show what came back and waits; weigh it, accept it."""
    loan = loans.found(request, key)
    waiting = queries.loan_pages.waiting(loan)
    ran = loans_ways.run(request, _ways(loan, waiting), loan, forbids=False)
    if ran.body is not None:
        return redirect(str(ran.body["to"]))
    account, offered = queries.loans.statement(loan), ran.offered
    context = {
        "loan": loan,
        "rows": [(item, account.get(item.sample.number), [one for one in offered if one.way.act.endswith(f" {item.pk}")])
                 for item in waiting],
        "checks": list(loan.checks.select_related("sample").order_by("at")),
        "faults": ran.faults,
        "places": queries.bench.lists("en")["place"],
        "crumbs": agreements.crumbs(
            request, {"label": loan.number, "href": reverse("loan", args=[loan.key])}, {"label": _("Return")}
        ),
    }  # fmt: skip
    return render(request, "loans/return.html", context, status=ran.status)


def _ways(loan: Loan, waiting: list[LoanItem]) -> list[Way]:
    weighed = set(loan.checks.values_list("sample", flat=True))
    found = []
    for item in waiting:
        found.append(
            Way(f"weigh {item.pk}", _("Weigh it"), _("Record the weighing"), WeighForm, _weighing(item))
        )
        if item.sample_id in weighed:
            found.append(Way(f"accept {item.pk}", _("Accept it"), _("Accept it"), AcceptForm, _accepting(item),
                             _("From then on it can be lent again.")))  # fmt: skip
    return found


def _to(loan: Loan, item: LoanItem) -> Body:
    return {"to": f"{reverse('loan-return', args=[loan.key])}#item-{item.pk}"}


def _weighing(item: LoanItem) -> Any:
    def do(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
        readings = tuple(line.strip() for line in told["readings"].splitlines() if line.strip())
        said = Weighed(item.sample.number, readings, told["balance"], told["declared_ng"], told["explanation"],
                       told["reason"], told["history"])  # fmt: skip
        returns.verify(loan, said, by=request.user, at=timezone.now())
        return _to(loan, item)

    return do


def _accepting(item: LoanItem) -> Any:
    def do(request: HttpRequest, loan: Loan, told: dict[str, Any]) -> Body:
        returns.accept(loan, item.sample.number, condition=told["condition"], place=told["place"], note=told["note"],
                       by=request.user, at=timezone.now())  # fmt: skip
        return _to(loan, item)

    return do
