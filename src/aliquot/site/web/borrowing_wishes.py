"""What borrowers ask for, step by step: who agrees, who consents, what was answered. For the borrower, who is asked to take over, and staff."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import wishes as library
from aliquot.site import permissions, queries
from aliquot.site.models import LoanWish, Person
from aliquot.site.operations import lending
from aliquot.site.operations import wishes as operations
from aliquot.site.permissions import Act
from aliquot.site.web import loans_ways
from aliquot.site.web.acting import Body
from aliquot.site.web.borrowing import crumbs
from aliquot.site.web.loans_ways import LongField, ReasonForm, Way, WayForm
from aliquot.wishes import TAKER, Kind


@require_safe
@permissions.require(Act.SEE_LOANS)
def wishes(request: HttpRequest) -> HttpResponse:
    """Show staff everything that borrowers asked for: what waits first."""
    every = list(queries.borrowing.wishes()[:200])
    context = {
        "waiting": [one for one in reversed(every) if one.state in library.OPEN],
        "answered": [one for one in every if one.state not in library.OPEN],
        "crumbs": [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("What borrowers ask for")}],
    }
    return render(request, "borrowing/wishes.html", context)


class SaidForm(WayForm):
    """An answer that may have its reason told."""

    reason = LongField(label=gettext_lazy("Remark"), required=False)


def _answers(act: str) -> Any:
    def do(request: HttpRequest, wish: LoanWish, told: dict[str, Any]) -> Body:
        operations.answer(wish, act, reason=told["reason"], by=request.user, at=timezone.now())
        return {"to": reverse("wish", args=[wish.key])}

    return do


WAYS: tuple[Way, ...] = (
    Way("agree", gettext_lazy("Agree to take it over"), gettext_lazy("Agree"), SaidForm, _answers("agree"),
        gettext_lazy("Once a curator consents, you answer for it: term, inventories, return.")),
    Way("decline", gettext_lazy("Do not take it over"), gettext_lazy("Decline"), SaidForm, _answers("decline")),
    Way("grant", gettext_lazy("Grant it"), gettext_lazy("Grant it"), SaidForm, _answers("grant"),
        gettext_lazy("It is done at once.")),
    Way("refuse", gettext_lazy("Refuse it"), gettext_lazy("Refuse it"), ReasonForm, _answers("refuse")),
    Way("withdraw", gettext_lazy("Take it back"), gettext_lazy("Take it back"), SaidForm, _answers("withdraw")),
)  # fmt: skip
# A return needs nobody's leave; that it is expected is all that there is to say.
EXPECT: Final = Way("grant", gettext_lazy("Say that it is expected"), gettext_lazy("It is expected"), SaidForm, _answers("grant"))  # fmt: skip


def _of(wish: LoanWish, person: Person) -> list[Way]:
    """Return what somebody may answer now; of a transfer that nobody agreed to yet, a curator records that first."""
    who = set(lending.who(person, borrower=queries.loans.is_borrower(wish.loan, person)))
    who |= {TAKER} if wish.taker_id == person.pk else set()
    steps = {step.act: step for step in library.CYCLE.from_state(wish.state) if set(step.who) & who}
    if wish.kind == Kind.TRANSFER and wish.state == "asked":
        steps.pop("grant", None)
    if wish.kind != Kind.TRANSFER:
        steps.pop("agree", None)
    shown = {EXPECT.act: EXPECT} if wish.kind == Kind.RETURN else {}
    return [shown.get(way.act, way) for way in WAYS if way.act in steps]


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def wish(request: HttpRequest, key: str) -> HttpResponse:
    """Show what was asked for, which step it has come to, and take an answer."""
    sees_all = permissions.may(request.user, Act.SEE_LOANS)
    row = queries.borrowing.wish(key, request.user, sees_all=sees_all)
    if row is None:
        raise Http404
    ran = loans_ways.run(request, _of(row, request.user), row)
    if ran.body is not None:
        return redirect(str(ran.body["to"]))
    context = _context(request, row, sees_all=sees_all) | {"offered": ran.offered, "faults": ran.faults}
    return render(request, "borrowing/wish.html", context, status=ran.status)


def _context(request: HttpRequest, row: LoanWish, *, sees_all: bool) -> dict[str, object]:
    is_borrower = queries.loans.is_borrower(row.loan, request.user)
    back = {"label": _("What borrowers ask for"), "href": reverse("wishes")} if sees_all else None
    people = queries.histories.people([row.by, *(step.by for step in row.steps.all())])
    return {
        "wish": row,
        "told": row.told,
        "by": people.get(row.by, ""),
        "steps": [(step, people.get(step.by, "")) for step in row.steps.all()],
        "may_open_loan": is_borrower or sees_all,
        "stage": _stage(row),
        "is_other_house": row.kind == Kind.TRANSFER and row.told.get("institution") != queries.loans.duty(row.loan).institution,
        "crumbs": [back, {"label": row.loan.number}] if back else crumbs({"label": row.loan.number}),
    }  # fmt: skip


def _stage(row: LoanWish) -> list[tuple[str, bool]]:
    """Return the steps that a wish goes through, each with whether it is done."""
    agreed = row.state == "agreed" or any(step.act == "agree" for step in row.steps.all())
    answered = row.state not in library.OPEN
    middle = [(_("Whoever takes it over agrees"), agreed)] if row.kind == Kind.TRANSFER else []
    return [(_("Asked by the borrower"), True), *middle, (_("A curator answers"), answered)]
