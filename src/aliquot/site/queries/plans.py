"""Reading plans: those of a call, what one grants to whom from where, how it stands against what was decided since.

Whoever has a request in a call sees no plan of it before it is concluded: a plan ranks the others.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Final

from django.db.models import Q, QuerySet

from aliquot import allocation_changes, allocation_read, allocation_rounds
from aliquot.allocation_rounds import Ask, Round
from aliquot.allocations import Instance
from aliquot.allocations import Plan as Grants
from aliquot.decisions import GRANTING
from aliquot.site.models import Call, Person, Plan, PlanInput, PlanStep, Request, RequestStep, Review
from aliquot.site.queries import calls, promises, requests
from aliquot.site.queries.promises import Free

Line = tuple[str, int]  # a request by its key, and which of its lines, from 0
BEYOND: Final = timedelta(seconds=60)  # how long a process may take beside its search
SETTLED_SO: Final = ("granted", "under appeal")


def is_author(call: Call, person: Person) -> bool:
    """Whether somebody leads or writes, or wrote, a request in this call that was submitted."""
    return (
        call.requests.filter(submitted_at__isnull=False)
        .filter(Q(lead=person) | Q(members__person=person) | Q(leavers__person=person))
        .exists()
    )


def is_on_panel(call: Call, person: Person) -> bool:
    """Whether somebody sits on the committee of a call."""
    return call.panel.filter(person=person).exists()


def of_call(call: Call) -> QuerySet[Plan]:
    """Return the plans of a call, newest first, each with its result and what was done with it, in two queries."""
    return call.plans.select_related("result", "by", "input", "base").prefetch_related("steps__by")


def listed(call: Call) -> QuerySet[Plan]:
    """Return the plans of a call for a list: without the texts of their inputs and answers, which are long."""
    return of_call(call).defer("input__text", "input__told", "result__told")


def one(call: Call, key: str) -> Plan | None:
    """Return a plan of a call by its key."""
    return of_call(call).filter(key=key).first()


def state(plan: Plan, *, at: datetime) -> str:
    """Return whether a plan is computed, computing, or interrupted: started, and not heard of again."""
    if hasattr(plan, "result"):
        return "computed"
    run = plan.runs.last()
    return "computing" if run and at < run.at + timedelta(seconds=plan.seconds) + BEYOND else "interrupted"


def proposed(call: Call) -> Plan | None:
    """Return the plan that the panel goes by: the one that was proposed last."""
    step = PlanStep.objects.filter(plan__call=call, act="propose").order_by("-pk").first()
    return of_call(call).filter(pk=step.plan_id).first() if step else None


def published(call: Call) -> Plan | None:
    """Return the plan that may be read once a call is concluded: adopted last, or else proposed last."""
    step = PlanStep.objects.filter(plan__call=call, act="adopt").order_by("-pk").first()
    return of_call(call).filter(pk=step.plan_id).first() if step else proposed(call)


def published_of(call: Call) -> Plan | None:
    """Return the plan of a concluded call that anybody may read, where its policy publishes any of it."""
    plan = published(call) if call.state == "concluded" and calls.rules(call).published_plan else None
    return plan if plan is not None and hasattr(plan, "result") else None


def is_published(key: str) -> bool:
    """Whether anybody may read the plan of a call, by the call's key."""
    call = calls.one(key)
    return call is not None and published_of(call) is not None


@dataclass(frozen=True)
class Whole:
    """A plan that was computed, with its instance read: everything that pages show of it."""

    plan: Plan

    @cached_property
    def round(self) -> Round:
        """The instance with what its numbers stand for."""
        return round_of(self.plan.input)

    @property
    def instance(self) -> Instance:
        """The instance."""
        return self.round.instance

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Which line of whose request each request of the instance is."""
        return self.round.asks

    @cached_property
    def told(self) -> Mapping[str, object]:
        """The answer as the process gave it."""
        return self.plan.result.told

    @cached_property
    def grants(self) -> Grants:
        """What is granted."""
        return allocation_read.plan(json.dumps(self.told["grants"]).encode(), self.instance)

    @cached_property
    def shares(self) -> dict[Line, tuple[tuple[str, int], ...]]:
        """Which samples each granted line takes, and how many nanograms of each."""
        return {
            (self.asks[one.request].request, self.asks[one.request].line): allocation_rounds.shares(
                self.round, one
            )
            for one in self.grants
        }

    @cached_property
    def by_line(self) -> dict[Line, int]:
        """The nanograms that each granted line gets."""
        return {line: sum(ng for _, ng in each) for line, each in self.shares.items()}

    @cached_property
    def taken(self) -> tuple[allocation_changes.Taken, ...]:
        """What is taken of each sample, and left."""
        return allocation_changes.taken(self.instance, self.grants)


def round_of(kept: PlanInput) -> Round:
    """Return the round that was frozen."""
    told = kept.told
    return Round(
        instance=allocation_read.instance(kept.text.encode()),
        asks=tuple(Ask(*each) for each in told["asks"]),
        samples=tuple(told["samples"]),
        left_ng=tuple(told["left_ng"]),
        caps=tuple((what, name) for what, name in told["caps"]),
    )


def titles(keys: Iterable[str]) -> dict[str, str]:
    """Return what requests are called, by their keys."""
    return {
        key: title or key
        for key, title in Request.objects.filter(key__in=set(keys)).values_list("key", "title")
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """How a granted line stands today: `ready`, `promised`, `undecided`, `otherwise` decided, or `short` of what is free.

    `found_ng` is what was decided, or what is free, where that is the matter; `sample` of which.
    """

    number: int
    line: Line
    title: str
    planned_ng: int
    state: str
    sample: str = ""
    found_ng: int = 0


def standings(whole: Whole, known: Mapping[str, Free]) -> tuple[Standing, ...]:
    """Return how each granted line stands against what was decided and promised since, in the order of the plan.

    `known` is what there is `today`. What stays behind for good is not free, as it was not for the plan.
    """
    call = whole.plan.call
    asked = call.requests.filter(key__in={key for key, _ in whole.shares}).prefetch_related("decisions")
    rows = {row.key: row for row in asked}
    granted = {key: _granted_ng(row) if row.state in SETTLED_SO else () for key, row in rows.items()}
    bases = {line: promises.basis(rows[line[0]], line[1] + 1) for line in whole.shares if line[0] in rows}
    standing = promises.by_basis(list(bases.values()))
    free = {sample: max(one.left_ng - one.kept_from_plans_ng, 0) for sample, one in known.items()}
    number = {(ask.request, ask.line): r for r, ask in enumerate(whole.asks)}
    found = []
    for line, shares in whole.shares.items():
        row, planned_ng = rows.get(line[0]), whole.by_line[line]
        title = (row.title or row.key) if row else line[0]
        base = Standing(number[line], line, title, planned_ng, "ready")
        decided = granted.get(line[0], ())
        if row is None or row.state not in SETTLED_SO:
            waits = row is not None and row.state in ("in review", "on the short list", "deferred")
            found.append(_with(base, "undecided" if waits else "otherwise"))
        elif line[1] >= len(decided) or decided[line[1]] != planned_ng:
            found.append(_with(base, "otherwise", found_ng=decided[line[1]] if line[1] < len(decided) else 0))
        elif sorted(standing.get(bases[line], ())) == sorted(shares):
            found.append(_with(base, "promised"))
        else:
            for sample, ng in standing.get(bases[line], ()):
                free[sample] = free.get(sample, 0) + ng  # it would take the place of that promise
            found.append(_short(base, shares, free))
    return tuple(found)


def _granted_ng(row: Request) -> tuple[int, ...]:
    """Return what was granted of each line of a request whose decisions were fetched with it."""
    last = [one for one in row.decisions.all() if one.round == row.round][-1:]
    return tuple(last[0].granted_ng) if last and last[0].outcome in GRANTING else ()


def today(whole: Whole) -> dict[str, Free]:
    """Return what there is of each offered sample today, to be held against what there was then."""
    call = whole.plan.call
    return promises.free(whole.round.samples, said=calls.value(call), rules=calls.rules(call))


def moved_since(plan: Plan) -> tuple[bool, bool]:
    """Return whether a review was handed in since a plan's input was frozen, and whether a request was moved on; two queries."""
    at, requested = plan.input.at, {"request__call": plan.call_id}
    return (
        Review.objects.filter(**requested, handed_in_at__gt=at).exists(),
        RequestStep.objects.filter(**requested, at__gt=at).exists(),
    )


def unfixed(plan: Plan) -> Plan | None:
    """Return the plan of the same stock and requests in which nothing is fixed, where it is computed; not the plan itself."""
    first = plan.input.told["origin"] or plan.input.sha256
    free = [one for one in of_call(plan.call).filter(input__sha256=first) if not any(one.pins.values())]
    return next((one for one in free if one.pk != plan.pk and hasattr(one, "result")), None)


def _short(base: Standing, shares: Iterable[tuple[str, int]], free: dict[str, int]) -> Standing:
    """Take the shares off what is free; the first that is not there is told."""
    lacking = [(sample, free.get(sample, 0)) for sample, ng in shares if free.get(sample, 0) < ng]
    if lacking:
        return _with(base, "short", sample=lacking[0][0], found_ng=lacking[0][1])
    for sample, ng in shares:
        free[sample] -= ng
    return base


def _with(base: Standing, state: str, *, sample: str = "", found_ng: int = 0) -> Standing:
    return Standing(base.number, base.line, base.title, base.planned_ng, state, sample, found_ng)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the plan that the panel goes by has for one request: nanograms of each line, and the shares of samples in it."""

    plan: Plan
    granted_ng: tuple[int, ...]
    shares: tuple[tuple[int, str, int], ...]  # line counted from 1, sample, nanograms


def proposal(request: Request) -> Proposed | None:
    """Return what is proposed for a request, so that the form of a decision begins with it; None where nothing is."""
    plan = proposed(request.call)
    if plan is None or not hasattr(plan, "result"):
        return None
    whole = Whole(plan)
    lines = [ask.line for ask in whole.asks if ask.request == request.key]
    if not lines:
        return None
    shares = [
        (line + 1, sample, ng) for line in lines for sample, ng in whole.shares.get((request.key, line), ())
    ]
    return Proposed(plan, tuple(whole.by_line.get((request.key, line), 0) for line in lines), tuple(shares))


def candidates(call: Call) -> list[tuple[str, str]]:
    """Return the requests before the panel, by their keys, with their titles: for the form that binds some together."""
    rows = call.requests.filter(state__in=requests.REVIEWED).order_by("title", "key")
    return [(key, title or key) for key, title in rows.values_list("key", "title")]


def newest() -> str:
    """Return what changes whenever a call or what is done with a plan does: for answers that are kept."""
    return f"{calls.newest_step()}:{PlanStep.objects.order_by('pk').values_list('pk', flat=True).last() or 0}"
