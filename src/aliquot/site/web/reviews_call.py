"""All reviews of a call, for its chair and panel: the field with raw and normalised scores, who is late, the short list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from aliquot import calls, fault
from aliquot.fault import Refused
from aliquot.site import permissions, queries
from aliquot.site.models import Call, Person, Review
from aliquot.site.operations import calls as call_operations
from aliquot.site.operations import reviewing as operations
from aliquot.site.permissions import Act
from aliquot.site.queries.paging import Page
from aliquot.site.queries.reviewing import Hidden
from aliquot.site.queries.scores import Field, Line
from aliquot.site.web import acting
from aliquot.site.web.acting import Shown
from aliquot.site.web.reviews_boxes import Box, headed, of_act

ROWS = 50
DUE = (
    Box(
        "due",
        gettext_lazy("Until when"),
        gettext_lazy("By the clock of the call's zone: 2027-04-20 24:00."),
        needed=True,
        most=20,
    ),
)
MOVES = ("review", "hear", "deliberate")
HIDDEN = {
    Hidden.OWN: gettext_lazy("This is your own request: its reviews are kept from you."),
    Hidden.CONFLICT: gettext_lazy("You have a conflict with this request: its reviews are kept from you."),
    Hidden.FIRST: gettext_lazy("You review this request: what others found is shown once yours is in."),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One request in the table: its rank, its cells in the order of the columns, or why they are kept from the reader."""

    line: Line
    rank: int
    cells: tuple[object, ...]
    hidden: str
    may_list: bool


@dataclass(frozen=True, slots=True)
class Load:
    """One reviewer's part in a call: how many reviews, how many are in, how strict, and whether any is late."""

    person: Person
    count: int
    done: int
    mean: object
    late: int
    reminded_at: datetime | None


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def call_reviews(request: HttpRequest, key: str) -> HttpResponse:
    """Show all reviews of a call; set the date, remind, put on the short list, bring the call on."""
    call, faults = found_call(request, key), []
    if request.method == "POST":
        permissions.refuse_unless(request.user, Act.RUN_REVIEWS)
        done = acting.once(request, lambda: _act(request, call))
        if isinstance(done, dict):
            return redirect(str(done["to"]))
        faults, call = done, found_call(request, key)
    context = _context(request, call, faults)
    return render(request, "reviews/call.html", context, status=422 if faults else 200)


def found_call(request: HttpRequest, key: str) -> Call:
    """Return a call whose reviews the reader may see; to others it has none."""
    call = queries.calls.one(key)
    if call is None or not permissions.may(request.user, Act.SEE_REVIEWS, call):
        raise Http404
    return call


def _act(request: HttpRequest, call: Call) -> acting.Body:
    told, by, at = request.POST, request.user, timezone.now()
    here = reverse("call-reviews", args=[call.key])
    match told.get("act"):
        case "due":
            operations.set_date(call, told.get("due", ""), by=by, at=at)
            return {"to": f"{here}#progress"}
        case "remind":
            people = queries.reviewing.by_keys(told.getlist("who")).values()
            made = operations.remind(call, list(people), by=by, at=at)
            messages.success(
                request,
                ngettext("One reminder was sent.", "{n} reminders were sent.", len(made)).format(n=len(made)),
            )
            return {"to": f"{here}#progress"}
        case "shortlist":
            rows = queries.reviewing.requests_of(call, told.getlist("chosen"))
            operations.shortlist(call, rows, by=by, at=at)
            return {"to": f"{here}#field"}
        case "move":
            return {"to": moved(call, told.get("move", ""), by=by, at=at)}
        case _:
            raise Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])


def moved(call: Call, act: str, *, by: Person, at: datetime) -> str:
    """Bring a call on by one of the steps that follow its reviews, and return where to go on."""
    if act not in MOVES:
        raise Refused([fault.of("act", "this is no answer", "choose one of those that are offered")])
    call_operations.move(call, act, by=by, at=at)
    return reverse("call-hearings" if act == "hear" else "call-reviews", args=[call.key])


# -- what the page shows ---------------------------------------------------------------------------------------


def _context(request: HttpRequest, call: Call, faults: list[Shown]) -> dict[str, object]:
    now, may_run = timezone.now(), permissions.may(request.user, Act.RUN_REVIEWS)
    field, said = queries.scores.field_of(call), queries.calls.value(call)
    hidden = queries.reviewing.hidden(call, [one.request for one in field.lines], request.user, at=now)
    due, boxes = queries.reviewing.due_at(call), of_act(request.POST, "due", DUE, faults)
    steps = [
        step for step in calls.CYCLE.from_state(call.state) if step.act in MOVES and _fits(step.act, said)
    ]
    return {
        "call": call,
        "said": said,
        "loads": _loads(call, field, due, now, hidden),
        "due": due,
        "due_box": boxes[0],
        "zone": said.zone,
        "now": now,
        "progress": _progress(field),
        "steps": steps if may_run else [],
        "may_run": may_run,
        "faults": headed(faults, boxes),
        "crumbs": crumbs(call),
        **_matrix(field, hidden, request.GET.get("page", ""), may_run and said.two_stage and call.state == "in review"),
    }  # fmt: skip


def _matrix(field: Field, hidden: dict[int, Hidden], number: str, listing: bool) -> dict[str, object]:
    """Return a page of the table: requests by rank, a column for each reviewer who has one of them."""
    page = _page(field, hidden, number)
    columns = [one for one in field.reviewers if any(one.pk in line.reviews for line in page.rows)]
    first = (page.number - 1) * page.size
    rows = [_row(line, first + n, columns, hidden, listing) for n, line in enumerate(page.rows, 1)]
    return {"rows": rows, "columns": columns, "page": page, "listing": listing}


def _fits(act: str, said: calls.Call) -> bool:
    return act == "review" or (act == "hear") == said.two_stage


def crumbs(call: Call, *more: dict[str, object]) -> list[dict[str, object]]:
    """Return the way to a page below the reviews of a call."""
    last = {"href": reverse("call-reviews", args=[call.key])} if more else {}
    return [{"label": _("Reviews"), "href": reverse("reviews")}, {"label": call.title, **last}, *more]


def _page(field: Field, hidden: dict[int, Hidden], text: str) -> Page:
    """Return some lines of the field; those that are kept from the reader come last, so that their rank is not told."""
    shown = [one for one in field.lines if one.request.pk not in hidden]
    lines = [
        *shown,
        *sorted((one for one in field.lines if one.request.pk in hidden), key=lambda one: one.request.pk),
    ]
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    number = min(max(number, 1), max((len(lines) + ROWS - 1) // ROWS, 1))
    return Page(tuple(lines[(number - 1) * ROWS : number * ROWS]), len(lines), number, ROWS)


def _row(line: Line, rank: int, columns: Sequence[Person], hidden: dict[int, Hidden], listing: bool) -> Row:
    why = hidden.get(line.request.pk)
    if why is not None:
        return Row(line, 0, (), str(HIDDEN[why]), False)
    cells = tuple({"review": line.reviews.get(one.pk), "score": line.scores.get(one.pk)} for one in columns)
    done = bool(line.reviews) and len(line.scores) == len(line.reviews)
    return Row(
        line, rank if line.summary else 0, cells, "", listing and done and line.request.state == "in review"
    )


def _loads(
    call: Call, field: Field, due: datetime | None, now: datetime, hidden: dict[int, Hidden]
) -> list[Load]:
    """Return a line for each reviewer, who is late first. What is kept from the reader counts in no mean."""
    reminded: dict[int, datetime] = {}
    for one in queries.reviewing.reminders(call):
        reminded.setdefault(one.review.reviewer_id, one.at)
    found = []
    for person in field.reviewers:
        mine = [line.reviews[person.pk] for line in field.lines if person.pk in line.reviews]
        raw = [line.scores[person.pk].score.total for line in field.lines
               if person.pk in line.scores and line.request.pk not in hidden]  # fmt: skip
        late = sum(_is_late(one, due, now) for one in mine)
        found.append(Load(person, len(mine), sum(one.state == "handed in" for one in mine),
                          sum(raw) / len(raw) if raw else None, late, reminded.get(person.pk)))  # fmt: skip
    return sorted(found, key=lambda one: (-one.late, one.person.name))


def _is_late(one: Review, due: datetime | None, now: datetime) -> bool:
    return one.state != "handed in" and due is not None and due < now


def _progress(field: Field) -> dict[str, int]:
    every = [one for line in field.lines for one in line.reviews.values()]
    return {
        "requests": len(field.lines),
        "without": sum(not line.reviews for line in field.lines),
        "reviews": len(every),
        "done": sum(one.state == "handed in" for one in every),
        "disagree": sum(bool(line.summary and line.summary.disagree) for line in field.lines),
    }
