"""Acts on sealed samples that wait for approval: each answer is an act of its own, and nobody answers their own."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault, handling
from aliquot.site import permissions, queries
from aliquot.site.models import Proposal
from aliquot.site.operations import approvals
from aliquot.site.permissions import Act
from aliquot.site.queries.approvals import Standing
from aliquot.site.web import acting, told
from aliquot.site.web.acting import Body
from aliquot.site.web.bench import label_of

STANDINGS: dict[Standing, Promise] = {
    Standing.WAITING: gettext_lazy("waits for approval"),
    Standing.APPROVED: gettext_lazy("approved, not carried out yet"),
    Standing.REFUSED: gettext_lazy("refused"),
    Standing.WITHDRAWN: gettext_lazy("withdrawn"),
    Standing.DONE: gettext_lazy("carried out"),
}


@require_safe
@permissions.require(Act.SEE_WORK)
def proposals(request: HttpRequest) -> HttpResponse:
    """Show what waits, for whom."""
    mine = {one.pk for one in queries.approvals.waiting_for(request.user)}
    rows = [
        {
            "row": one,
            "what": label_of(one.kind),
            "standing": STANDINGS[queries.approvals.standing(one)],
            "is_mine": one.pk in mine,
        }
        for one in queries.approvals.all_open()
    ]
    return render(request, "bench/proposals.html", {"rows": rows, "crumbs": _crumbs()})


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    first = [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Bench"), "href": reverse("bench")}]
    return [*first, {"label": _("Proposals"), "href": reverse("proposals")}, *more]


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """Show one proposal with its answers, and take an answer, its withdrawal, or carry it out."""
    row = queries.approvals.one(number)
    if row is None:
        raise Http404
    faults = []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, row))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults = done
    context = _context(request, row) | {"faults": faults}
    return render(request, "bench/proposal.html", context, status=422 if faults else 200)


def _context(request: HttpRequest, row: Proposal) -> dict[str, object]:
    people = queries.histories.people([str(row.told.get("second", ""))])
    fields, tables = told.read_back(handling.KINDS[row.kind], row.told, {"person": list(people.items())})
    standing = queries.approvals.standing(row)
    waiting = row in queries.approvals.waiting_for(request.user)
    undecided = (Standing.WAITING, Standing.APPROVED, Standing.REFUSED)
    return {
        "row": row,
        "what": label_of(row.kind),
        "standing": STANDINGS[standing],
        "answers": list(row.approvals.all()),
        "told": fields,
        "tables": tables,
        "may_answer": waiting and permissions.may(request.user, Act.APPROVE_SEALED),
        "may_withdraw": row.by_id == request.user.pk and standing in undecided,
        "may_carry_out": standing is Standing.APPROVED and permissions.may(request.user, Act.APPEND_ENTRIES),
        "crumbs": _crumbs({"label": str(row.pk)}),
    }


def _act(request: HttpRequest, row: Proposal) -> Body:
    here: Body = {"to": reverse("proposal", args=[row.pk])}
    by, at, reason = request.user, timezone.now(), request.POST.get("reason", "")[:4000]
    acts: dict[str, Callable[[], object]] = {
        "approve": lambda: approvals.approve(row, by=by, at=at, reason=reason),
        "refuse": lambda: approvals.refuse(row, by=by, at=at, reason=reason),
        "withdraw": lambda: approvals.withdraw(row, by=by, at=at),
    }
    if request.POST.get("act") == "carry-out":
        permissions.refuse_unless(by, Act.APPEND_ENTRIES)
        done = approvals.carry_out(row, by=by, at=at)
        return {"to": reverse("handling", args=[done.handling.pk])}
    act = acts.get(request.POST.get("act", ""))
    if act is None:
        raise fault.Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    act()
    return here
