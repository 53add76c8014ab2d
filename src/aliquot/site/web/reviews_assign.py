"""Assigning the reviewers of a call: proposed by optimisation, looked at, changed by hand, and written all at once.

A proposal is asked for by an address and writes nothing. What is written is what stands in the form: the proposal less what
was taken out, with what was added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import fault, reviews
from aliquot.fault import Fault
from aliquot.reviewers import spellings
from aliquot.reviews import Pair
from aliquot.site import matching, permissions, queries
from aliquot.site.models import Call, Person, Request
from aliquot.site.operations import scores
from aliquot.site.permissions import Act
from aliquot.site.queries.reviewing import Hidden
from aliquot.site.queries.scores import Proposing
from aliquot.site.web import acting
from aliquot.site.web.reviews_call import crumbs, found_call

EACH, MOST, NUMBERS = 3, 8, range(1, 101)
ADDING_MOST = 400  # rows with a box of their own; beyond, a reviewer is added on the page of the request
ENDS = {
    matching.End.TOO_LONG: gettext_lazy(
        "No proposal was found in the time that a page may take. Ask fewer reviewers, or assign by hand."
    ),
    matching.End.NO_SOLVER: gettext_lazy("No solver is installed here. Assign by hand."),
}
_KEY = re.compile(r"person:\d{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a proposal is asked for: how many reviews each request gets, how many a reviewer takes, and who is asked."""

    each: int
    most: int
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A reviewer in the row of a request: fixed where assigned already; what of its matter they know, and how much in percent."""

    person: Person
    value: str
    percent: int
    words: tuple[str, ...]
    fixed: bool
    dropped: bool = False


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.RUN_REVIEWS)
def assignment(request: HttpRequest, key: str) -> HttpResponse:
    """Show who reviews what, a proposal where one is asked for, and write it."""
    call, faults = found_call(request, key), []
    if request.method == "POST":
        done = acting.once(request, lambda: _assign(request, call))
        if isinstance(done, dict):
            messages.success(
                request,
                ngettext("One review is assigned.", "{n} reviews are assigned.", done["n"]).format(
                    n=done["n"]
                ),
            )
            return redirect("assignment", key=key)
        faults = done
    context = _context(request, call, faults)
    return render(request, "reviews/assignment.html", context, status=422 if faults else 200)


def _assign(request: HttpRequest, call: Call) -> acting.Body:
    told = request.POST
    wanted = [pair for pair in _pairs(told.get("proposal", "")) if " ".join(pair) not in told.getlist("drop")]
    wanted += [
        (name.removeprefix("add-"), text)
        for name, text in told.items()
        if name.startswith("add-") and text.strip()
    ]
    rows = {row.key: row for row in queries.reviewing.requests_of(call, {row for row, _who in wanted})}
    people = queries.reviewing.by_keys({key for _row, text in wanted if (key := _person_key(text))})
    faults = list(_check(wanted, rows, people))
    fault.refuse_if(faults)
    made = scores.assign_all(
        call,
        [(rows[row], people[_person_key(who)]) for row, who in wanted],
        by=request.user,
        at=timezone.now(),
    )
    return {"n": len(made)}


def _check(
    wanted: list[tuple[str, str]], rows: Mapping[str, Request], people: Mapping[str, Person]
) -> Iterable[Fault]:
    if not wanted:
        yield fault.of("proposal", "nobody is chosen", "ask for a proposal, or add reviewers by hand")
    for row, who in wanted:
        if row not in rows:
            yield fault.of("request", "a request is not of this call, or a pair is named twice",
                           "name each pair of this call once")  # fmt: skip
        elif _person_key(who) not in people:
            yield fault.of("reviewer", "{name} is no reviewer", "choose a reviewer", name=who[:80])


def _person_key(text: str) -> str:
    found = _KEY.findall(text)
    return found[-1] if found else ""


def _pairs(text: str) -> list[tuple[str, str]]:
    """Return the pairs of the hidden field: a request and a person by their keys, a pair a line."""
    parts = [line.split(" ") for line in text.splitlines()]
    return [(part[0], part[1]) for part in parts if len(part) == 2]


# -- what the page shows ---------------------------------------------------------------------------------------


def _context(request: HttpRequest, call: Call, faults: list[acting.Shown]) -> dict[str, object]:
    now, everybody = timezone.now(), list(queries.reviewing.possible_reviewers())
    asked = _asked(request, call, everybody)
    whole = queries.scores.proposing(call, asked.people, each=asked.each, most=asked.most, at=now)
    hidden = queries.reviewing.hidden(call, whole.requests, request.user, at=now, told=whole.told)
    given = _without(whole, {pk for pk, why in hidden.items() if why is not Hidden.FIRST})
    found, proven, why = _proposal(request, given, asked.people)
    loads = queries.reviewing.loads(call, everybody)
    return {
        "call": call,
        "people": [(one, loads[one.pk], one in asked.people) for one in everybody],
        "asked": asked,
        "rows": _rows(request, given, asked.people, found or given.problem.fixed),
        "barred": len(whole.requests) - len(given.requests),
        "adding": len(given.requests) <= ADDING_MOST,
        "proposed": found is not None,
        "why": why,
        "proven": proven,
        "report": _report(given, found, asked.people) if found else None,
        "proposal": _new(given, asked.people, found or ()),
        "may_begin": call.state == "closed",
        "faults": faults,
        "crumbs": crumbs(call, {"label": _("Reviewers")}),
    }


def _asked(request: HttpRequest, call: Call, everybody: list[Person]) -> Asked:
    told = request.POST if request.method == "POST" else request.GET
    usual = queries.calls.rules(call).reviews_per_request or EACH
    chosen = set(told.getlist("who"))
    people = tuple(one for one in everybody if not chosen or one.key in chosen)
    return Asked(_number(told.get("each", ""), usual), _number(told.get("most", ""), MOST), people)


def _number(text: str, otherwise: int) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else otherwise
    return number if number in NUMBERS else otherwise


def _without(given: Proposing, barred: set[int]) -> Proposing:
    """Return the same without the requests with which the chair has a conflict: another chair sees to those."""
    kept = [r for r, row in enumerate(given.requests) if row.pk not in barred]
    if len(kept) == len(given.requests):
        return given
    at, old = {r: n for n, r in enumerate(kept)}, given.problem
    problem = replace(
        old, requests=len(kept), affinity=tuple((at[r], v, value) for r, v, value in old.affinity if r in at),
        conflicts=frozenset((at[r], v) for r, v in old.conflicts if r in at),
        fixed=tuple((at[r], v) for r, v in old.fixed if r in at),
    )  # fmt: skip
    grounds = {(at[r], v): ground for (r, v), ground in given.grounds.items() if r in at}
    knows = {(at[r], v): words for (r, v), words in given.knows.items() if r in at}
    return Proposing(problem, tuple(given.requests[r] for r in kept), grounds, given.told, knows)


def _proposal(
    request: HttpRequest, given: Proposing, people: Sequence[Person]
) -> tuple[tuple[Pair, ...] | None, bool, list[str]]:
    """Return the proposal that is asked for, and whether it is proven best; or that of the refused form; or why there is none."""
    if request.method == "POST":
        rows, known = (
            {row.key: r for r, row in enumerate(given.requests)},
            {one.key: v for v, one in enumerate(people)},
        )
        sent = _pairs(request.POST.get("proposal", ""))
        pairs = {(rows[row], known[who]) for row, who in sent if row in rows and who in known}
        return tuple(sorted(pairs | set(given.problem.fixed))), False, []
    if "propose" not in request.GET:
        return None, False, []
    found = matching.propose(given.problem)
    if found.end is matching.End.FOUND:
        return found.assignment, found.proven, []
    why = [str(ENDS[found.end])] if found.end in ENDS else [_said(one, given, people) for one in found.why]
    return None, False, why


def _said(one: Fault, given: Proposing, people: Sequence[Person]) -> str:
    """Return why there is no assignment, with the titles and names in the place of numbers."""
    values = dict(one.values)
    if "r" in values:
        values["r"] = f"“{given.requests[int(values['r'])].title}”"
    if "v" in values:
        values["v"] = people[int(values["v"])].name
    what, todo = _(one.what).format_map(values), _(one.todo).format_map(values)
    return pgettext("what is wrong; what to do", "{what}; {todo}.").format(what=what, todo=todo)


def _rows(
    request: HttpRequest, given: Proposing, people: Sequence[Person], pairs: Sequence[Pair]
) -> list[dict[str, object]]:
    """Return a line for each request: who reviews it, or would; and who cannot, with the ground."""
    known, fixed = {(r, v): value for r, v, value in given.problem.affinity}, set(given.problem.fixed)
    dropped = set(request.POST.getlist("drop"))
    found: list[dict[str, object]] = [{"request": row, "chosen": [], "barred": []} for row in given.requests]
    for r, v in pairs:
        value = f"{given.requests[r].key} {people[v].key}"
        found[r]["chosen"].append(
            Chosen(
                people[v],
                value,
                known.get((r, v), 0) // 10,
                tuple(map(_in_words, given.knows.get((r, v), ()))),
                (r, v) in fixed,
                value in dropped,
            )
        )
    for (r, v), ground in sorted(given.grounds.items(), key=lambda each: each[0]):
        found[r]["barred"].append((people[v], ground.value))
    for row in found:
        row["typed"] = request.POST.get(f"add-{row['request'].key}", "")
    return found


def _in_words(word: str) -> str:
    """Return a word of expertise in the reader's language, where it is known in that."""
    in_chinese = (get_language() or "en").startswith("zh")
    return next((one for one in spellings(word) if one.isascii() is not in_chinese), word)


def _report(given: Proposing, pairs: tuple[Pair, ...], people: Sequence[Person]) -> dict[str, object]:
    """Return what a proposal is worth: the request that is worst off, the mean match, and the loads."""
    found = reviews.check(given.problem, pairs)
    sums = dict.fromkeys(range(given.problem.requests), 0)
    known = {(r, v): value for r, v, value in given.problem.affinity}
    for pair in pairs:
        sums[pair[0]] += known.get(pair, 0)
    worst = min(sums, key=lambda r: (sums[r], r))
    each = max(given.problem.per_request, 1)
    return {
        "worst": given.requests[worst],
        "worst_percent": found.worst_request // (10 * each),
        "percent": found.total // (10 * each * max(given.problem.requests, 1)),
        "least": min(found.loads, default=0),
        "most": max(found.loads, default=0),
        "loads": [(people[v], load) for v, load in enumerate(found.loads)],
    }


def _new(given: Proposing, people: Sequence[Person], pairs: Sequence[Pair]) -> str:
    """Return the pairs of a proposal that are not assigned yet, as the hidden field has them."""
    fixed = set(given.problem.fixed)
    return "\n".join(f"{given.requests[r].key} {people[v].key}" for r, v in pairs if (r, v) not in fixed)
