"""What stands on the page of a request before the panel: its text, its reviews, the forms that fit the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from aliquot import decisions, mass
from aliquot.decisions import COMMITTEE, GRANTING
from aliquot.reviews import Ground
from aliquot.site import cycle_words, decision_words, permissions, queries
from aliquot.site.decision_words import said
from aliquot.site.models import Person, RequestDecision
from aliquot.site.permissions import Act
from aliquot.site.queries.panel import Field, Row
from aliquot.site.queries.scores import total
from aliquot.site.web import panel_rows
from aliquot.site.web.acting import Shown

# Where a fault stands -> what the field is called, and its id.
LABELS = {
    "outcome": (gettext_lazy("Decision"), "outcome"),
    "granted": (gettext_lazy("Amounts"), "granted-0"),
    "conditions": (gettext_lazy("Conditions"), "conditions"),
    "reasons": (gettext_lazy("Reasons"), "reasons"),
    "needed": (gettext_lazy("What would have been needed"), "needed"),
    "present": (gettext_lazy("Who is there"), "sitting"),
    "presides": (gettext_lazy("Who presides"), "sitting"),
    "votes": (gettext_lazy("Votes"), "sitting"),
    "reason": (gettext_lazy("Reason"), "reason"),
    "person": (gettext_lazy("You"), ""),
    "level": (gettext_lazy("Level"), ""),
    "call": (gettext_lazy("Call"), ""),
    "request": (gettext_lazy("Request"), ""),
    "state": (gettext_lazy("Request"), ""),
    "key": (gettext_lazy("Form"), ""),
    "act": (gettext_lazy("Form"), ""),
}


def context(request: HttpRequest, field: Field, row: Row, faults: Sequence[Shown]) -> dict[str, object]:
    """Return all that the page shows to this person, and what they typed where it was refused."""
    beside: dict[str, list[Shown]] = {}
    for one in faults:
        beside.setdefault(one.box, []).append(one)
    typed = request.POST if faults else {}
    hidden = row.hidden == "own" or (row.hidden and not _records(request, row))
    return {
        "call": field.call,
        "row": row,
        "faults": faults,
        "beside": beside,
        "typed": typed,
        "level_said": decision_words.level(row.due) if row.due else "",
        "reviews": [] if row.hidden or row.unscored else _reviews(row, field),
        "lines": [] if hidden else _lines(row, field, typed, beside),
        "levels": [_level(one) for one in _every(row)] if not row.hidden else [],
        "history": _history(row) if not row.hidden else [],
        "sitting": sitting(field, typed, dict(row.aside)),
        **quorum(field, typed, dict(row.aside)),
        **_may(request, field, row),
        **_beside(request, row),
    }


def _records(request: HttpRequest, row: Row) -> bool:
    """Whether a chair who stands aside records what the others decide: somebody else presides then."""
    return row.due == COMMITTEE and "chair" in queries.people.roles_of(request.user)


def _may(request: HttpRequest, field: Field, row: Row) -> dict[str, object]:
    """Return which forms this person gets now; the operations decide whether they may be sent."""
    roles, state = queries.people.roles_of(request.user), row.request.state
    sits = any(one.person == request.user for one in field.panel)
    before = (
        state in queries.requests.REVIEWED
        and row.due is not None
        and permissions.may(request.user, Act.DECIDE_REQUESTS)
    )
    is_last = row.due == field.rules.decision_levels[-1]
    open_now = state in queries.requests.REVIEWED and not row.hidden
    return {
        "may_decide": before and row.hidden != "own" and (
            "chair" in roles if row.due == COMMITTEE else "director" in roles and not row.hidden
        ),
        "is_committee": row.due == COMMITTEE,
        "is_last": is_last,
        "may_promise": is_last and any(line.sample for line in row.said.lines),
        "promise": typed_promise(request),
        "outcomes": decision_words.ACTS.items(),
        "may_step_aside": sits and open_now,
        "may_resume": state == "deferred" and "chair" in roles and not row.hidden,
        "may_judge_appeal": state == "under appeal" and "director" in roles and not row.hidden,
    }  # fmt: skip


def _beside(request: HttpRequest, row: Row) -> dict[str, object]:
    """Return what else there is to read of a request: the appeal, its screening, its letter."""
    under_appeal = row.request.state == "under appeal"
    seen = permissions.may(request.user, Act.SEE_REQUESTS) and not row.hidden
    return {
        "appeal": row.request.steps.filter(act="appeal").last() if under_appeal else None,
        "may_see_screenings": permissions.may(request.user, Act.SEE_SCREENINGS),
        "letters": seen and row.request.letters.exists(),
    }


def typed_promise(request: HttpRequest) -> bool:
    """Whether the box is ticked that promises at once: it is, until somebody takes the tick away."""
    return request.method != "POST" or request.POST.get("promise") == "yes"


def _lines(
    row: Row, field: Field, typed: Mapping[str, object], beside: Mapping[str, list[Shown]]
) -> list[dict[str, object]]:
    """Return each line with its stock and with the amount that stands in the form at first.

    That is what the level before has granted, or else the plan that the panel goes by, or else all that is wanted.
    """
    asked = panel_rows.lines(row, field)
    planned = queries.plans.proposal(row.request) if row.due and not row.decisions else None
    before = row.decisions[-1].granted_ng if row.decisions and row.decisions[-1].outcome in GRANTING else (
        planned.granted_ng if planned and any(planned.granted_ng) else None)  # fmt: skip
    found = []
    for i, (line, shown) in enumerate(zip(row.said.lines, asked, strict=True)):
        first = mass.show(before[i] if before else line.wanted_ng) if not before or before[i] else ""
        found.append({
            "n": i + 1, "line": line, "shown": shown, "id": f"granted-{i}", "faults": beside.get(f"granted-{i}", []),
            "form": cycle_words.form(line.form) if line.form else "", "value": typed.get(f"granted-{i}", first),
            "least": mass.show(line.least_ng), "wanted": mass.show(line.wanted_ng),
            "wish": field.wishes.get(line.sample or f"kind:{line.kind}"), "promised": row.promised.get(i + 1, ()),
            "others": ", ".join(line.alternatives),
        })  # fmt: skip
    return found


def sitting(
    field: Field, typed: Mapping[str, object], aside: Mapping[Person, Ground]
) -> list[dict[str, object]]:
    """Return the committee, with who stands aside and what was ticked; at first nobody is there until somebody says so."""
    present = typed.getlist("present") if hasattr(typed, "getlist") else ()
    return [
        {
            "key": one.person.key, "name": one.person.name, "votes": one.votes and one.person not in aside,
            "informs": not one.votes, "present": one.person.key in present,
            "aside": decision_words.ground(aside[one.person].value) if one.person in aside else "",
            "presides": typed.get("presides") == one.person.key, "vote": typed.get(f"vote:{one.person.key}", ""),
        }
        for one in field.panel
    ]  # fmt: skip


def quorum(field: Field, typed: Mapping[str, object], aside: Mapping[Person, Ground]) -> dict[str, object]:
    """Return how many who may vote are there, how many are needed, and the words of votes."""
    voting = [one for one in sitting(field, typed, aside) if one["votes"]]
    there, needed = sum(bool(one["present"]) for one in voting), decisions.quorum_of(len(voting), field.rules)
    return {
        "voting": len(voting), "there": there, "needed": needed, "is_quorum": there >= needed and bool(voting),
        "vote_words": decision_words.VOTES.items(),
    }  # fmt: skip


def _reviews(row: Row, field: Field) -> list[dict[str, object]]:
    done = queries.scores.of_request(row.request).filter(state="handed in")
    return [
        {
            "reviewer": one.reviewer.name,
            "total": panel_rows.percent(total(one, field.said)),
            "criteria": [
                {"name": each.name, "points": one.points.get(each.key), "reason": one.reasons.get(each.key, "")}
                for each in field.said.criteria
            ],
        }
        for one in done
    ]  # fmt: skip


def _every(row: Row) -> list[RequestDecision]:
    return list(row.request.decisions.all())


def _level(one: RequestDecision) -> dict[str, object]:
    given_ng = sum(one.granted_ng) if one.outcome in GRANTING else 0
    return {
        "row": one, "level": decision_words.level(one.level), "outcome": said(decision_words.OUTCOMES, one.outcome),
        "given": mass.show(given_ng) if given_ng else "",
    }  # fmt: skip


def _history(row: Row) -> list[dict[str, object]]:
    steps = row.request.steps.filter(act__in=decision_words.REQUEST_ACTS).select_related("by")
    return [{"step": one, "said": said(decision_words.REQUEST_ACTS, one.act)} for one in steps]
