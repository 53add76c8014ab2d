"""Keeping a call: what it waits for, questions to answer, the committee, and every step of its life cycle."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aliquot import calls, fault
from aliquot.fault import Refused
from aliquot.life_cycles import Step
from aliquot.site import cycle_words, permissions, queries
from aliquot.site.models import Call, CallQuestion, Person
from aliquot.site.operations import calls as operations
from aliquot.site.operations.life_cycles import parts
from aliquot.site.permissions import Act
from aliquot.site.web import acting, call_forms, call_shown
from aliquot.site.web.acting import Body, Shown

# Steps that have a form of their own.
OWN: Final = ("edit", "publish", "amend", "answer")
MOVES: Final[dict[str, Promise]] = {
    "close": gettext_lazy("Close the call"),
    "review": gettext_lazy("Begin the reviews"),
    "hear": gettext_lazy("Begin the hearings"),
    "deliberate": gettext_lazy("Let the panel decide"),
    "conclude": gettext_lazy("Conclude the call"),
    "cancel": gettext_lazy("Cancel the call"),
}
SEATS: Final[dict[str, Promise]] = {
    "": gettext_lazy("not on the committee"),
    "votes": gettext_lazy("sits and votes"),
    "sits": gettext_lazy("sits without a vote"),
}


@dataclass(frozen=True, slots=True)
class Move:
    """A step that leads on from here: who may take it, and what it waits for."""

    act: str
    label: str | Promise
    who: tuple[str, ...]
    is_mine: bool
    wants_reason: bool
    waits_for: tuple[Shown, ...]


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who can be on the committee, and whether they are."""

    person: Person
    roles: tuple[str, ...]
    seat: str
    may_vote: bool


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.SEE_REQUESTS)
def keeping(request: HttpRequest, key: str) -> HttpResponse:
    """Show what a call waits for, and take one step."""
    found, faults = _found(request, key), []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, found))
        if isinstance(done, dict):
            return redirect(f"{reverse('call-keeping', args=[key])}{done['to']}")
        faults = call_shown.placed(done)
    context = _context(request, found) | {
        "faults": faults,
        "typed": request.POST if faults else {},
        "crumbs": [
            {"label": _("Calls"), "href": reverse("calls")},
            {"label": found.title or found.key},
        ],
    }
    return render(request, "calls/keeping.html", context, status=422 if faults else 200)


def _found(request: HttpRequest, key: str) -> Call:
    """Return a call; a draft only to those who draft or publish."""
    drafts = permissions.may(request.user, Act.KEEP_CALLS) or permissions.may(request.user, Act.PUBLISH_CALLS)
    found = queries.calls.one(key, with_drafts=drafts)
    if found is None:
        raise Http404
    return found


def _context(request: HttpRequest, found: Call) -> dict[str, object]:
    at, mine = timezone.now(), parts(request.user)
    may_run = permissions.may(request.user, Act.RUN_REVIEWS)
    return {
        "call": found,
        "draft_faults": _draft_faults(found, at),
        "moves": _moves(found, mine, [need.key for need in operations.holding(found, at)]),
        "steps": found.steps.select_related("by").order_by("-order"),
        "waiting": queries.calls.waiting(found) if found.published_at else (),
        "counts": queries.calls.counts(found),
        "seats": _seats(found) if may_run else (),
        "seat_words": SEATS,
        "panel": queries.calls.panel(found),
        "may_keep": permissions.may(request.user, Act.KEEP_CALLS),
        "may_publish": permissions.may(request.user, Act.PUBLISH_CALLS),
        "may_sit": may_run and found.state not in ("being decided", "concluded", "cancelled"),
    }


def _draft_faults(found: Call, at: datetime) -> list[Shown]:
    """Return what keeps a draft from being published, each under the name of its field."""
    if found.state != "draft":
        return []
    return call_forms.form(found.told, {}, operations.faults_of(found, at=at)).faults


def _moves(found: Call, mine: frozenset[str], held: list[str]) -> list[Move]:
    return [_move(step, mine, held) for step in calls.CYCLE.from_state(found.state) if step.act not in OWN]


def _move(step: Step, mine: frozenset[str], held: list[str]) -> Move:
    missing = [need.broken for need in step.needs if need.key not in held and need is not calls.REASON]
    return Move(
        act=step.act,
        label=MOVES[step.act],
        who=tuple(str(cycle_words.said("part", who)) for who in step.who),
        is_mine=bool(mine & set(step.who)),
        wants_reason=calls.REASON in step.needs,
        waits_for=tuple(acting.shown(missing)),
    )


def _seats(found: Call) -> list[Seat]:
    seated = {one.person_id: "votes" if one.votes else "sits" for one in queries.calls.panel(found)}
    return [
        Seat(person, tuple(str(role.label) for role in sorted(roles)), seated.get(person.pk, ""),
             "curator" not in roles)
        for person, roles in queries.calls.seatable()
    ]  # fmt: skip


# -- acts ------------------------------------------------------------------------------------------------------


def _act(request: HttpRequest, found: Call) -> Body:
    by, at, told = request.user, timezone.now(), request.POST
    match told.get("act", ""):
        case "publish":
            operations.publish(found, by=by, at=at)
        case "answer":
            text = told.get("answer", "").replace("\r\n", "\n")
            operations.answer(_question(found, told.get("question", "")), text, by=by, at=at)
            return {"to": "#waiting"}
        case "sit":
            operations.sit(found, _seated(request), by=by)
            return {"to": "#committee"}
        case act:
            operations.move(found, act[:20], reason=told.get("reason", ""), by=by, at=at)
    return {"to": ""}


def _question(found: Call, order: str) -> CallQuestion:
    is_number = order.isascii() and order.isdigit() and len(order) < 10
    question = found.questions.filter(order=int(order)).first() if is_number else None
    if question is None:
        raise Refused([fault.of("question", "there is no such question", "load the page again")])
    return question


def _seated(request: HttpRequest) -> dict[Person, bool]:
    """Return who was given a seat; whoever cannot have one any more is not among the choices."""
    chosen = {
        person: request.POST.get(f"seat.{person.pk}", "") for person, _roles in queries.calls.seatable()
    }
    return {person: seat == "votes" for person, seat in chosen.items() if seat in ("votes", "sits")}
