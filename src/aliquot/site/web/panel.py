"""The panel's page: the whole field of a call on one screen, sorted and filtered; what follows when all is decided."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from aliquot import fault, mass
from aliquot.decisions import GRANTING
from aliquot.formats import export
from aliquot.site import decision_words, law_words, permissions, queries
from aliquot.site.models import Call
from aliquot.site.operations import calls, promises
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries.panel import Field
from aliquot.site.web import acting, panel_rows
from aliquot.site.web.panel_rows import Shown

SORTS = {
    "": gettext_lazy("Rank"),
    "raw": gettext_lazy("Raw mean"),
    "spread": gettext_lazy("Spread of the scores"),
    "title": gettext_lazy("Title"),
    "mass": gettext_lazy("Mass asked for"),
    "time": gettext_lazy("Time of submission"),
}
ONLY = {
    "": gettext_lazy("Everything"),
    "due": gettext_lazy("Waits for a decision"),
    "settled": gettext_lazy("Decided at the last level"),
    "disagree": gettext_lazy("Reviewers disagree"),
    "contested": gettext_lazy("Asks for what others ask for too"),
    "aside": gettext_lazy("Somebody stands aside"),
    "appeal": gettext_lazy("Under appeal"),
    "deferred": gettext_lazy("Deferred"),
}


class FilterForm(forms.Form):
    """Which requests are shown, and in which order."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=100)
    only = forms.ChoiceField(label=gettext_lazy("Which"), required=False, choices=list(ONLY.items()))
    law = forms.ChoiceField(label=gettext_lazy("Law"), required=False)
    sample = forms.ChoiceField(label=gettext_lazy("Sample"), required=False)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False, choices=list(SORTS.items()))

    def __init__(self, asked: object, field: Field) -> None:
        super().__init__(asked)
        every = [("", gettext_lazy("All"))]
        self.fields["law"].choices = [
            *every,
            ("none", gettext_lazy("not screened")),
            *law_words.VERDICTS.items(),
        ]
        numbers = sorted(key for key in field.wishes if not key.startswith("kind:"))
        self.fields["sample"].choices = [*every, *((one, one) for one in numbers)]


@require_safe
@login_required
def panels(request: HttpRequest) -> HttpResponse:
    """Show the calls whose field this person may see, with what waits for a decision; nobody else's panels are told of."""
    whole = permissions.may(request.user, Act.SEE_REQUESTS)
    rows = [
        {"call": row, "state": decision_words.state(row.state)}
        for row in queries.panel.listed(request.user, whole_field=whole)
    ]
    crumbs_here = [{"label": _("Desk"), "href": reverse("desk")}, {"label": _("Panels")}]
    return render(request, "panel/panels.html", {"rows": rows, "crumbs": crumbs_here})


def found(request: HttpRequest, key: str) -> Call:
    """Return the call whose field this person may see; to others it is not there."""
    whole = permissions.may(request.user, Act.SEE_REQUESTS)
    call = queries.panel.open_to(request.user, whole_field=whole).filter(key=key).first()
    if call is None:
        raise Http404
    return call


def is_named(request: HttpRequest, field: Field) -> bool:
    """Whether this person learns who asks: staff do, and who sits on the panel where the policy says so."""
    return field.rules.applicants_named or permissions.may(request.user, Act.SEE_REQUESTS)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def panel(request: HttpRequest, key: str) -> HttpResponse:
    """Show the field of a call; conclude it, or promise what was granted."""
    call, faults = found(request, key), []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, call))
        if isinstance(done, dict):
            _tell(request, done)
            return redirect("panel", key=key)
        faults = done
    field = queries.panel.field(call, viewer=request.user, at=timezone.now())
    rows = panel_rows.shown(field, named=is_named(request, field))
    form = FilterForm(request.GET, field)
    chosen = _sorted(_matching(rows, form), form)
    context = {
        "call": call, "state": decision_words.state(call.state), "form": form, "rows": chosen,
        "total": len(rows), "samples": panel_rows.samples(field), "figures": _figures(field), "faults": faults,
        "query": request.GET.urlencode(), "crumbs": crumbs(call), "members": _members(field), **_next(request, call, field),
    }  # fmt: skip
    return render(request, "panel/panel.html", context, status=422 if faults else 200)


def crumbs(call: Call, *more: dict[str, str]) -> list[dict[str, str]]:
    """Return the way to a page of a call's panel."""
    here = {"label": _("Panel")} | ({"href": reverse("panel", args=[call.key])} if more else {})
    return [{"label": call.title, "href": reverse("call", args=[call.key])}, here, *more]


def _act(request: HttpRequest, call: Call) -> Body:
    by, at = request.user, timezone.now()
    match request.POST.get("act"):
        case "conclude":
            calls.move(call, "conclude", by=by, at=at)
            return {"concluded": True}
        case "promise":
            made = promises.make_all(call, by=by, at=at)
            lacking = [
                f"{row.title}: {one.said}; {one.advice}"
                for row, faults in made.lacking
                for one in acting.shown(faults)
            ]
            return {"served": len(made.served), "lacking": lacking}
        case _:
            raise fault.Refused(
                [fault.of("act", "this is no answer", "choose one of those that are offered")]
            )


def _tell(request: HttpRequest, done: Body) -> None:
    if done.get("concluded"):
        messages.success(request, _("The call is concluded, and its result is public."))
        return
    served = int(str(done["served"]))
    told = ngettext(
        "The samples of {n} request are promised.", "The samples of {n} requests are promised.", served
    )
    messages.success(request, told.format(n=served))
    for line in done["lacking"] if isinstance(done["lacking"], list) else ():
        messages.warning(request, str(line))


def _matching(rows: Iterable[Shown], form: FilterForm) -> list[Shown]:
    if not form.is_valid():
        return list(rows)
    told = form.cleaned_data
    words, only, law, sample = told["q"].casefold().split(), told["only"], told["law"], told["sample"]
    return [
        one for one in rows
        if all(word in f"{one.title} {one.who} {one.where} {one.key}".casefold() for word in words)
        and (not only or _is(one, only))
        and (not law or (one.law or "none") == law)
        and (not sample or any(line.sample == sample for line in one.row.said.lines))
    ]  # fmt: skip


def _is(one: Shown, only: str) -> bool:
    state = one.row.request.state
    match only:
        case "due":
            return one.row.due is not None and state in queries.requests.REVIEWED
        case "settled":
            return one.row.outcome is not None
        case "disagree":
            return one.disagree
        case "contested":
            return any(line.contested for line in one.asked)
        case "aside":
            return bool(one.aside)
        case "appeal":
            return state == "under appeal"
        case _:
            return state == "deferred"


def _sorted(rows: list[Shown], form: FilterForm) -> list[Shown]:
    """Return the rows in the order asked for; what is hidden from the one who looks has no place among the scores."""
    match form.cleaned_data.get("sort", "") if form.is_valid() else "":
        case "raw":
            return sorted(
                rows, key=lambda one: -one.row.summary.raw if one.row.summary and one.raw != "–" else 1
            )
        case "spread":
            return sorted(
                rows, key=lambda one: -one.row.summary.spread if one.row.summary and one.spread != "–" else 1
            )
        case "title":
            return sorted(rows, key=lambda one: one.title.casefold())
        case "mass":
            return sorted(rows, key=lambda one: -one.row.wanted_ng)
        case "time":
            return sorted(rows, key=lambda one: one.row.request.submitted_at)
    return sorted(rows, key=lambda one: one.rank == "–")


def _figures(field: Field) -> list[dict[str, object]]:
    rows = field.rows
    granted = [row for row in rows if row.outcome in GRANTING]
    given_ng = sum(sum(row.decisions[-1].granted_ng) for row in granted)
    done = sum(row.reviews.get("handed in", 0) for row in rows)
    return [
        {"label": _("Requests"), "value": len(rows)},
        {
            "label": _("Reviews that are in"),
            "value": f"{done}/{sum(sum(row.reviews.values()) for row in rows)}",
        },
        {
            "label": _("Reviewers disagree"),
            "value": sum(bool(row.summary and row.summary.disagree) for row in rows),
        },
        {
            "label": _("Wait for a decision"),
            "value": sum(row.request.state in queries.requests.REVIEWED for row in rows),
        },
        {"label": _("Granted"), "value": len(granted)},
        {"label": _("Mass granted"), "value": mass.show(given_ng)},
    ]


def _members(field: Field) -> list[dict[str, object]]:
    return [{"name": one.person.name, "votes": one.votes} for one in field.panel]


def _next(request: HttpRequest, call: Call, field: Field) -> dict[str, object]:
    """Return what can be done with the whole call now, and by whom."""
    roles = queries.people.roles_of(request.user)
    open_ones = [row for row in field.rows if row.request.state in calls.UNDECIDED]
    waiting = [
        row for row in field.rows
        if row.request.state in promises.PROMISABLE and row.decisions and row.decisions[-1].outcome in GRANTING
        and any(line.sample and given and not row.promised.get(i)
                for i, (line, given) in enumerate(zip(row.said.lines, row.decisions[-1].granted_ng, strict=True), start=1))
    ]  # fmt: skip
    return {
        "may_conclude": "director" in roles and call.state == "being decided" and not open_ones,
        "is_concluded": call.state == "concluded",
        "may_see_plans": permissions.may(request.user, Act.SEE_PLANS)
        or any(one.person == request.user for one in field.panel),
        "waiting": len(waiting),
        "may_promise": bool(waiting) and bool(roles & set(promises.MAKERS)),
        "may_batch": bool(roles & {"chair", "director"}),
        "may_note_types": "curator" in roles,
    }


@require_safe
@login_required
def panel_file(request: HttpRequest, key: str) -> HttpResponse:
    """Hand over the field as a table, filtered and sorted like the page."""
    call = found(request, key)
    field = queries.panel.field(call, viewer=request.user, at=timezone.now())
    form = FilterForm(request.GET, field)
    rows = _sorted(_matching(panel_rows.shown(field, named=is_named(request, field)), form), form)
    answer = HttpResponse(written(panel_rows.table(rows)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="panel-{call.key}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


def written(lines: Iterable[Iterable[str]]) -> str:
    """Return lines as CSV; a cell that a spreadsheet would compute is made a text."""
    out = io.StringIO()
    csv.writer(out).writerows([[_harmless(cell) for cell in line] for line in lines])
    return out.getvalue()


def _harmless(cell: str) -> str:
    """Return a cell that no spreadsheet computes; a number below zero stays one."""
    return cell if cell[:1] == "-" and cell[1:].replace(".", "", 1).isdigit() else export.harmless(cell)
