"""What is asked of a plan on its page: read from the form or the address, and answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from aliquot import fault, mass
from aliquot.allocation_rounds import NG
from aliquot.allocations import Measure
from aliquot.fault import Fault
from aliquot.site import plan_words, queries
from aliquot.site.drawings import curve
from aliquot.site.models import Plan
from aliquot.site.operations import plans
from aliquot.site.operations.plans import Wish
from aliquot.site.operations.programs import Body
from aliquot.site.plan_words import Saying
from aliquot.site.queries.plans import Whole
from aliquot.site.web import acting, plan_shown

GROUPS: Final = tuple("ABCDEF")  # consortia of one call
WHAT_IF_SECONDS: Final = 6
KEPT_SECONDS: Final = 3600
# How much more of a sample, in quarters of what is asked; how far a cap is moved, in quarters of it.
MORE: Final = (-4, -2, 0, 2, 4, 6, 8)
Plain = dict[str, Any]
PLACES: Final[dict[str, Promise]] = {
    "plan": later("Plan"), "call": later("Call"), "person": later("You"), "seconds": later("Time for the search"),
    "together": later("Consortium"), "requests": later("Requests"), "offers": later("Offers"), "key": later("Form"),
    "sample": later("Sample"), "more": later("How much more"), "cap": later("Cap"),
}  # fmt: skip


def seconds(told: QueryDict) -> int:
    """Return the time that is given to a plan; one that cannot be chosen is told by the operation."""
    text = told.get("seconds", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else plans.SECONDS[1]


def again(request: HttpRequest, plan: Plan) -> Body:
    """Fix what the form says, and ask anew."""
    wishes = []
    for name, value in request.POST.items():
        number = name.removeprefix("pin-")
        if (
            not name.startswith("pin-")
            or not value
            or not (number.isascii() and number.isdigit() and len(number) < 7)
        ):
            continue
        what, *place = value.split(":")
        at = [
            int(one) if one.isascii() and one.isdigit() and len(one) < 7 else -1
            for one in (*place, "0", "0")[:2]
        ]
        wishes.append(Wish(int(number), what, at[0], at[1], request.POST.get(f"most-{number}", "")))
    made = plans.again(plan, wishes, seconds=seconds(request.POST), by=request.user, at=timezone.now())
    return {"compute": made.key}


def compute(request: HttpRequest, plan: Plan) -> Body:  # noqa: ARG001 - the signature of every act
    """Compute a plan whose process was cut off."""
    return {"compute": plan.key}


def propose(request: HttpRequest, plan: Plan) -> Body:
    """Let the panel go by a plan."""
    return {"step": plans.propose(plan, by=request.user, at=timezone.now()).pk}


def adopt(request: HttpRequest, plan: Plan) -> Body:
    """Promise what a plan has, but for the lines that are left out."""
    without = {
        int(one)
        for one in request.POST.getlist("without")
        if one.isascii() and one.isdigit() and len(one) < 7
    }
    return {"step": plans.adopt(plan, without=without, by=request.user, at=timezone.now()).pk}


ACTS: Final[dict[str, Callable[[HttpRequest, Plan], Body]]] = {
    "again": again, "compute": compute, "propose": propose, "adopt": adopt,
}  # fmt: skip


def standings(whole: Whole, chosen: Collection[str] = ()) -> list[Plain]:
    """Return how each granted line stands today, with the words for it, and whether the form had left it out."""
    return [
        {
            "one": one,
            "said": plan_words.STANDINGS[one.state],
            "line": one.line[1] + 1,
            "chosen": str(one.number) in chosen,
        }
        for one in queries.plans.standings(whole)
    ]


def what_if(plan: Plan, asked: QueryDict) -> Plain:
    """Return the answer to a question of the address: how much merit there is as one thing changes, and who would gain."""
    whole = Whole(plan)
    say = plan_shown.saying(whole, queries.plans.titles(ask.request for ask in whole.asks))
    bulk = [name for p, name in enumerate(whole.round.samples) if whole.instance.supply.sub_form[p] < 2]
    context: Plain = {
        "samples": bulk, "caps": [(str(i), say.cap(i)) for i in range(len(whole.round.caps))], "asked": asked, "faults": [],
        "picture": None, "merit": plan.result.merit,
    }  # fmt: skip
    faults, points = _points(whole, asked)
    if faults or not points:
        return context | {"faults": beside(acting.shown(faults), say)}
    answers = _answers(plan, points)
    said = [_said(whole, one["point"]) for one in answers]
    drawn = [curve.Point(x, one["merit"], label, today=today, proven=one["status"] == "optimal")
             for one, (x, label, today) in zip(answers, said, strict=True)]  # fmt: skip
    about = say.cap(points[0]["cap"]) if "cap" in points[0] else whole.round.samples[points[0]["sample"]]
    picture = plan_shown.curve_of(drawn, title=_("Merit of the best plan: {about}").format(about=about),
                                  head=_("Limit") if "cap" in points[0] else _("More or less of it"))  # fmt: skip
    return context | {
        "picture": picture, "missing": len(points) - len(answers), "about": about,
        "steps": [{"label": label, "merit": one["merit"], "against": f"{one['merit'] - plan.result.merit:+,}".replace("-", "−"), "proven": one["status"] == "optimal",
                   "changes": _changes(whole, say, one), "today": today} for one, (_x, label, today) in zip(answers, said, strict=True)],
    }  # fmt: skip


def _points(whole: Whole, asked: QueryDict) -> tuple[list[Fault], list[Plain]]:
    """Return the changes that a question stands for, or what is wrong with it; nothing where nothing is asked."""
    if asked.get("sample"):
        if asked["sample"] not in whole.round.samples:
            return [fault.of("sample", "this sample is not offered in this call", "choose from the list")], []
        read = mass.read(asked.get("more", ""), "more")
        if isinstance(read, Fault):
            return [read], []
        p, quarter = whole.round.samples.index(asked["sample"]), max(read // NG // 4, 1)
        return [], [{"sample": p, "ug": quarter * part} for part in MORE]
    if asked.get("cap"):
        text = asked["cap"]
        if not (text.isascii() and text.isdigit() and len(text) < 6 and int(text) < len(whole.round.caps)):
            return [fault.of("cap", "there is no such cap in this plan", "choose from the list")], []
        cap = whole.instance.limits.caps[int(text)]
        limits = [cap.limit + by for by in (-1, 0, 1, 2)] if cap.measure is Measure.GRANTS else [
            cap.limit * part // 4 for part in (2, 3, 4, 5, 6)]  # fmt: skip
        return [], [{"cap": int(text), "limit": limit} for limit in limits if limit >= 0] + [
            {"cap": int(text), "limit": None}
        ]
    return [], []


def _answers(plan: Plan, points: Sequence[Mapping[str, object]]) -> list[Plain]:
    """Return the answers, from memory where the same was asked before: they depend on nothing else."""
    asked = json.dumps([plan.input.sha256, plan.pins, plan.result.told["software"], points], sort_keys=True)
    key = f"what-if:{hashlib.sha256(asked.encode()).hexdigest()}"
    known = cache.get(key)
    if known is None:
        known = plans.what_if(plan, points, seconds=WHAT_IF_SECONDS)
        if len(known) == len(points):
            cache.set(key, known, KEPT_SECONDS)
    return known


def _said(whole: Whole, point: Plain) -> tuple[int, str, bool]:
    """Return where a point stands, what it is called, and whether it is as things are."""
    if "sample" in point:
        ug = point["ug"]
        return ug, (_("as it is") if not ug else f"{'−' if ug < 0 else '+'}{mass.show(abs(ug) * NG)}"), not ug
    cap, limit = whole.instance.limits.caps[point["cap"]], point["limit"]
    if limit is None:
        reach = max(len(cap.members), cap.limit + 3) if cap.measure is Measure.GRANTS else cap.limit * 2 + 1
        return reach, _("no cap"), False
    return limit, str(limit) if cap.measure is Measure.GRANTS else mass.show(limit * NG), limit == cap.limit


def _changes(whole: Whole, say: Saying, answer: Plain) -> list[str]:
    """Return whose amounts differ from the plan's."""
    before = {
        one.request: whole.instance.requests[one.request]
        .alternatives[one.alternative]
        .levels[one.level]
        .amount
        for one in whole.grants
    }
    found = []
    options = [one.alternatives for one in whole.instance.requests]
    after = {one["request"]: options[one["request"]][one["alternative"]] for one in answer["grants"]}
    amounts = {
        one["request"]: options[one["request"]][one["alternative"]].levels[one["level"]].amount
        for one in answer["grants"]
    }
    for r in sorted(before.keys() | after.keys()):
        if before.get(r) != amounts.get(r):
            said = say.amount(after[r], amounts[r]) if r in after else _("nothing")
            found.append(_("{line} gets {amount}").format(line=say.line(r), amount=said))
    return found


def beside(faults: Iterable[acting.Shown], say: Saying) -> list[acting.Shown]:
    """Return faults with the words for where they are, and the field that each leads to."""
    found = []
    for one in faults:
        what, _sign, number = one.where.rpartition("-")
        if what in ("pin", "without") and number.isdigit() and int(number) < len(say.round.asks):
            found.append(replace(one, where=say.line(int(number)), box=one.where))
        else:
            found += named([one])
    return found


def named(faults: Iterable[acting.Shown]) -> list[acting.Shown]:
    """Return faults with the words for where they are."""
    return [replace(one, where=str(PLACES.get(one.where, one.where))) for one in faults]
