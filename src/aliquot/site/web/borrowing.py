"""A borrower's own page: what I hold, what I owe and by when, what waits for my signature, what I asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from aliquot import mass, result_duties
from aliquot.loans import Duty
from aliquot.site import loan_words, permissions, queries
from aliquot.site.models import Loan
from aliquot.site.permissions import Act
from aliquot.site.queries.borrowing import Held

PAPERS: dict[str, Promise] = {
    "results": gettext_lazy("Results of {samples}"),
    "publication": gettext_lazy("A publication on {samples}"),
}
DUTIES: dict[str, Promise] = {
    "return": gettext_lazy("Bring back what is left, or ask for a renewal"),
    "recall": gettext_lazy("Recalled: bring everything back"),
    "inventory": gettext_lazy("Inventory: say of each sample what became of it"),
}
NAMED_MOST = 6


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is owed by a day, and where it is done."""

    on: date
    what: str
    loan: str
    href: str
    is_late: bool


@require_safe
@login_required
def borrowing(request: HttpRequest) -> HttpResponse:
    """Show somebody what they have on loan and everything that they owe, the earliest first."""
    today, person = timezone.now().date(), request.user
    held = queries.borrowing.holding(person)
    dues = duties(held, queries.borrowing.papers_due(person), today)
    context = {
        "figures": _figures(held, dues),
        "held": held,
        "dues": dues,
        "to_sign": queries.borrowing.to_sign(person),
        "taking": queries.borrowing.waiting_for(person),
        "wishes": queries.borrowing.visible_wishes(person, sees_all=False)[:20],
        "past": queries.borrowing.past(person),
        "today": today,
        "crumbs": crumbs(),
    }
    return render(request, "borrowing/borrowing.html", context)


def crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    """Return the way to a borrower's page."""
    first = {"label": _("What I have on loan"), "href": reverse("borrowing")}
    return [first, *more] if more else [{"label": _("What I have on loan")}]


def found(request: HttpRequest, key: str) -> Loan:
    """Return a loan to whoever answers for it, and to staff; to others it is not there."""
    row = queries.loans.one(key, request.user, sees_all=permissions.may(request.user, Act.SEE_LOANS))
    if row is None:
        raise Http404
    return row


def duties(held: list[Held], papers: list[result_duties.Duty], today: date) -> list[Due]:
    """Return what is owed of loans, results and publications, the earliest first."""
    numbers = {one.row.key: one.row.number for one in held}
    found = [
        Due(owed.on, str(DUTIES[owed.duty]), one.row.number, _page(one.row, owed.duty), owed.on < today)
        for one in held
        for owed in one.owed
    ]
    for paper in papers:
        shown = loan_words.listed(paper.missing, NAMED_MOST)
        found.append(Due(paper.due, str(PAPERS[paper.what]).format(samples=shown), numbers.get(paper.loan, ""),
                         reverse("results"), paper.is_overdue(today)))  # fmt: skip
    return sorted(found, key=lambda one: (one.on, one.loan, one.what))


def _page(row: Loan, duty: Duty) -> str:
    if duty == Duty.INVENTORY:
        return reverse("borrowed-inventory", args=[row.key])
    return f"{reverse('borrowed', args=[row.key])}#way-{'bring' if duty == Duty.RETURN else 'send'}"


def _figures(held: list[Held], dues: list[Due]) -> list[dict[str, str]]:
    samples = sum(len(one.samples) for one in held)
    late = sum(one.is_late for one in dues)
    return [
        {"value": mass.show(sum(one.mass_ng for one in held)), "label": _("with you now")},
        {"value": str(samples), "label": ngettext("sample", "samples", samples)},
        {"value": dues[0].on.isoformat() if dues else "–", "label": _("the next day to keep")},
        {"value": str(late), "label": _("overdue")},
    ]
