"""Minutes of a panel, written from its acts: who was there, who stood aside, votes, reasons, in order and with times."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from aliquot import fault, mass
from aliquot.decisions import GRANTING
from aliquot.site import decision_words, documents, permissions, queries
from aliquot.site.decision_words import said
from aliquot.site.models import Call, CallStep, ConflictDeclared, Hearing, Person, RequestDecision
from aliquot.site.permissions import Act
from aliquot.site.queries.minutes import Act as Done
from aliquot.site.web import acting, panel


@dataclass(frozen=True, slots=True)
class Minute:
    """One entry: a sentence, the request that it is about, and what is told beside it."""

    at: datetime
    what: str
    request: str
    details: tuple[tuple[str, str], ...]


@require_safe
@login_required
def minutes(request: HttpRequest, key: str) -> HttpResponse:
    """Show the minutes of a call's panel."""
    call = panel.found(request, key)
    context = _context(request, call) | {"crumbs": panel.crumbs(call, {"label": _("Minutes")})}
    return render(request, "decisions/minutes.html", context)


@require_safe
@login_required
def minutes_file(request: HttpRequest, key: str) -> HttpResponse:
    """Print the minutes."""
    call = panel.found(request, key)
    return printed(request, "decisions/minutes_paper.html", _context(request, call), f"minutes-{call.key}")


def printed(request: HttpRequest, template: str, context: dict[str, object], name: str) -> HttpResponse:
    """Answer with a document on paper, kept by nobody in between; or say what the machine lacks for printing."""
    try:
        body = documents.render(template, context)
    except fault.Refused as refused:
        return render(request, "audits/no_print.html", {"faults": acting.shown(refused.faults)}, status=503)
    answer = HttpResponse(body, content_type=documents.CONTENT_TYPE)
    answer["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _context(request: HttpRequest, call: Call) -> dict[str, object]:
    done = queries.minutes.of_call(call, viewer=request.user, at=timezone.now())
    panel_rows = list(queries.calls.panel(call))
    sat = [one.deed.sitting for one in done if isinstance(one.deed, RequestDecision) and one.deed.sitting]
    keys = {
        key for one in sat for key in (*one["present"], *one["votes"], *one.get("aside", ()), one["presides"])
    }
    names = {one.person.key: one.person.name for one in panel_rows} | queries.histories.people(keys)
    titles = permissions.may(request.user, Act.SEE_REQUESTS) or queries.calls.rules(call).applicants_named
    leads = {row.pk: row.lead for row in call.requests.select_related("lead")} if titles else {}
    return {
        "call": call,
        "zone": queries.calls.value(call).zone,
        "members": [(one.person.name, one.votes) for one in panel_rows],
        "minutes": [_minute(one, names, leads, ZoneInfo(queries.calls.value(call).zone)) for one in done],
        "request": request,
    }


def _minute(done: Done, names: dict[str, str], leads: dict[int, Person], zone: ZoneInfo) -> Minute:
    at, row = done.at.astimezone(zone), done.request
    about = "" if row is None else row.title if row.pk not in leads else f"{row.title} ({leads[row.pk].name})"
    if done.hidden:
        return Minute(at, _("An act on a request from which you stand aside."), "", ())
    match done.deed:
        case CallStep() as step:
            return Minute(
                at, said(decision_words.CALL_ACTS, step.act), "", tuple(_reason(step.reason, step.by.name))
            )
        case RequestDecision() as decision:
            return Minute(at, _sentence(decision), about, tuple(_decision(decision, names)))
        case ConflictDeclared() as declared:
            return Minute(at, _("{name} steps aside.").format(name=declared.reviewer.name), about, ())
        case Hearing() as hearing:
            what = _("Heard.") if hearing.heard else _("Not heard.")
            return Minute(at, what, about, ((_("Note"), hearing.note),) if hearing.note else ())
        case step:
            what = _("The request is {act}.").format(act=said(decision_words.REQUEST_ACTS, step.act))
            return Minute(at, what, about, tuple(_reason(step.reason, step.by.name)))


def _sentence(decision: RequestDecision) -> str:
    return _("The {level} decides: {outcome}.").format(
        level=decision_words.level(decision.level), outcome=said(decision_words.OUTCOMES, decision.outcome)
    )


def _reason(reason: str, by: str) -> Iterator[tuple[str, str]]:
    if reason:
        yield _("Reason"), reason
    yield _("Recorded by"), by


def _decision(one: RequestDecision, names: dict[str, str]) -> Iterator[tuple[str, str]]:
    if one.outcome in GRANTING:
        amounts = (
            _("line {n}: {mass}").format(n=n, mass=mass.show(ng))
            for n, ng in enumerate(one.granted_ng, start=1)
            if ng
        )
        yield _("Granted"), _listed(amounts)
    for text in one.conditions:
        yield _("Condition"), text
    yield _("Reasons"), one.reasons
    if one.needed:
        yield _("What would have been needed"), one.needed
    sat = one.sitting
    if sat:
        yield _("Presides"), names[sat["presides"]]
        yield _("There"), _listed(names[key] for key in sat["present"])
        if sat.get("aside"):
            yield _("Stand aside"), _listed(names[key] for key in sat["aside"])
        votes = (f"{names[key]} {said(decision_words.VOTES, vote)}" for key, vote in sat["votes"].items())
        yield _("Votes"), _listed(votes)
    yield _("Recorded by"), one.by.name


def _listed(texts: Iterable[str]) -> str:
    return pgettext("in a list", ", ").join(texts)
