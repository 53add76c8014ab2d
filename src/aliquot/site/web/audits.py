"""Audits of the stock, counted on a tablet beside the cabinet: plan and draw, count line by line, close, sign, print."""

from __future__ import annotations

import secrets

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import audits, fault
from aliquot.site import documents, permissions, queries
from aliquot.site.models import Audit, AuditLine
from aliquot.site.operations import audits as operations
from aliquot.site.permissions import Act
from aliquot.site.web import acting, scanned
from aliquot.site.web.acting import Body

OUTCOMES: dict[str, Promise] = {
    "seen": gettext_lazy("seen"),
    "missing": gettext_lazy("missing"),
    "elsewhere": gettext_lazy("found elsewhere"),
}


class PlanForm(forms.Form):
    """What is looked at, how many, by which seed."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    place = forms.CharField(
        label=gettext_lazy("Place"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("The code on its label. Empty: the whole stock."),
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many samples"), min_value=1, max_value=audits.LINES_MOST, initial=20
    )
    seed = forms.CharField(
        label=gettext_lazy("Seed of the draw"),
        max_length=audits.SEED_MOST,
        help_text=gettext_lazy(
            "Whoever knows it can draw the same samples again. Throw dice, or keep this one."
        ),
    )
    weigh = forms.BooleanField(label=gettext_lazy("Each sample is weighed too"), required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def audits_list(request: HttpRequest) -> HttpResponse:
    """Show every audit, and plan another."""
    form, faults = PlanForm(request.POST or None, initial={"seed": secrets.token_hex(8)}), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.COUNT_STOCK)
        if form.is_valid():
            told = form.cleaned_data
            done = acting.once(request, lambda: _plan(request, operations.Plan(**told)))
            if isinstance(done, dict):
                return redirect("audit", key=done["key"])
            faults = done
    context = {
        "form": form,
        "faults": faults,
        "audits": queries.audits.all_of_them(),
        "may_count": permissions.may(request.user, Act.COUNT_STOCK),
        "crumbs": _crumbs(),
    }
    return render(request, "audits/list.html", context, status=422 if faults or form.errors else 200)


def _plan(request: HttpRequest, told: operations.Plan) -> Body:
    return {"key": operations.plan(told, by=request.user, at=timezone.now()).key}


def _crumbs(*more: dict[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("Desk"), "href": reverse("desk")},
        {"label": _("Audits"), "href": reverse("audits")},
        *more,
    ]


def _found(key: str) -> Audit:
    audit = queries.audits.one(key)
    if audit is None:
        raise Http404
    return audit


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_WORK)
def audit(request: HttpRequest, key: str) -> HttpResponse:
    """Show an audit line by line; take a count, close it, sign it."""
    found, faults = _found(key), []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, found))
        if isinstance(done, dict):
            return redirect(f"{reverse('audit', args=[key])}{done['to']}")
        faults = done
    context = _context(request, found, faults) | {"crumbs": _crumbs({"label": found.key})}
    return render(request, "audits/audit.html", context, status=422 if faults else 200)


def _context(request: HttpRequest, found: Audit, faults: list[acting.Shown]) -> dict[str, object]:
    lines = list(queries.audits.lines(found))
    lists = queries.bench.lists(get_language() or "en")
    return {
        "audit": found,
        "lines": [_line(one, request, faults) for one in lines],
        "left": sum(not one.outcome for one in lines),
        "faults": faults,
        "outcomes": OUTCOMES,
        "places": lists["place"],
        "balances": lists["balance"],
        "may_count": permissions.may(request.user, Act.COUNT_STOCK) and not found.closed_at,
        **_signing(request, found, lines),
        "can_print": not documents.lacking(),
        "scanned": request.POST.get("act") == "scan",
        "noted": next((one for one in lines if str(one.order) == request.GET.get("seen")), None),
    }


def _signing(request: HttpRequest, found: Audit, lines: list[AuditLine]) -> dict[str, bool]:
    """Return whether this person may sign now, and whether only somebody else may: whoever counted does not sign."""
    if found.closed_by is None or found.signed_at or not permissions.may(request.user, Act.SIGN_AUDITS):
        return {}
    counted = [audits.Counted(one.sample.number, by=one.seen_by) for one in lines]
    own = any(audits.check_sign(counted, signer=request.user.key, closed_by=found.closed_by.key))
    return {"may_sign": not own, "waits_for_another": own}


def _line(one: AuditLine, request: HttpRequest, faults: list[acting.Shown]) -> dict[str, object]:
    """Return a line with what was typed for it, if it is the one that was refused."""
    refused = bool(faults) and request.POST.get("line") == str(one.order)
    place = (
        one.found_in.place.code
        if one.found_in and hasattr(one.found_in, "place")
        else one.found_in.key
        if one.found_in
        else ""
    )
    told = {"outcome": one.outcome, "found_in": place, "reason": one.reason, "reading": "", "balance": ""}
    if refused:
        told = {name: request.POST.get(name, "") for name in told}
    is_amiss = one.outcome in ("missing", "elsewhere") and not one.reason
    return {
        "row": one,
        "told": told,
        "gap_ng": operations.gap_of(one),
        "refused": refused,
        "is_amiss": is_amiss,
    }


def _act(request: HttpRequest, found: Audit) -> Body:
    by, at, told = request.user, timezone.now(), request.POST
    match told.get("act"):
        case "count":
            permissions.refuse_unless(by, Act.COUNT_STOCK)
            operations.count(
                _line_of(found, told.get("line", "")), {k: str(v) for k, v in told.items()}, by=by, at=at
            )
            return {"to": f"#line-{told.get('line')}"}
        case "scan":
            permissions.refuse_unless(by, Act.COUNT_STOCK)
            return {"to": f"?seen={_scanned(found, told.get('number', ''), request)}#scan"}
        case "close":
            permissions.refuse_unless(by, Act.COUNT_STOCK)
            operations.close(found, by=by, at=at)
        case "sign":
            permissions.refuse_unless(by, Act.SIGN_AUDITS)
            operations.sign(found, remark=told.get("remark", ""), by=by, at=at)
        case _:
            raise fault.Refused(
                [fault.of("act", "this is no answer", "choose one of those that are offered")]
            )
    return {"to": ""}


def _line_of(found: Audit, order: str) -> AuditLine:
    line = (
        found.lines.filter(order=int(order)).first()
        if order.isascii() and order.isdigit() and len(order) < 10
        else None
    )
    if line is None:
        raise fault.Refused([fault.of("line", "the audit has no such line", "load the page again")])
    return line


def _scanned(found: Audit, number: str, request: HttpRequest) -> int:
    """Note that a sample whose label was scanned was seen; return its line."""
    wanted = scanned.name_of(number)
    lines = found.lines.filter(sample__number=wanted).order_by("outcome", "order")
    line = lines.first() if "\0" not in wanted else None
    if line is None:
        raise fault.Refused([fault.of("number", "{number} is not in this audit", "look at the next one",
                                      number=wanted[:80])])  # fmt: skip
    operations.count(line, {"outcome": "seen"}, by=request.user, at=timezone.now())
    return line.order


@require_safe
@permissions.require(Act.SEE_WORK)
def report(request: HttpRequest, key: str) -> HttpResponse:
    """Print an audit: how it was drawn, what was found, who signed."""
    found = _found(key)
    lines = list(queries.audits.lines(found))
    people = queries.histories.people(one.seen_by for one in lines)
    context = {
        "audit": found,
        "lines": [
            {"row": one, "by": people.get(one.seen_by, ""), "gap_ng": operations.gap_of(one)} for one in lines
        ],
        "outcomes": OUTCOMES,
        "seen": sum(one.outcome == "seen" for one in lines),
        "amiss": sum(one.outcome in ("missing", "elsewhere") for one in lines),
        "request": request,
    }
    try:
        body = documents.render("audits/report.html", context)
    except fault.Refused as refused:
        return render(request, "audits/no_print.html", {"faults": acting.shown(refused.faults)}, status=503)
    answer = HttpResponse(body, content_type=documents.CONTENT_TYPE)
    answer["Content-Disposition"] = f'inline; filename="{found.key}.pdf"'
    return answer
