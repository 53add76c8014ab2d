"""What would a plan be worth if one thing were different? More of a sample, another cap, a cap there is not, and what is scarce.

Each question becomes points: changes of the plan's instance that are planned anew beside the site. Nothing is kept but
the answers, for a while, in the cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from django.core.cache import cache
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aliquot import fault, mass
from aliquot.allocation_changes import BY
from aliquot.allocation_rounds import NG
from aliquot.allocations import BULK_FORMS, Measure
from aliquot.fault import Fault
from aliquot.site import queries
from aliquot.site.drawings import curve
from aliquot.site.models import Plan
from aliquot.site.operations import plans
from aliquot.site.plan_words import Saying
from aliquot.site.queries.plans import Whole
from aliquot.site.web import acting, plan_asked, plan_shown

SECONDS: Final = 6
KEPT_SECONDS: Final = 3600
SCARCE_MOST: Final = 40  # samples that are asked about at once
CHANGES_MOST: Final = 12  # lines that are named in one answer
# How much more of a sample, in quarters of what is asked; how far a cap is moved, in quarters of it.
MORE: Final = (-4, -2, 0, 2, 4, 6, 8)
EACH: Final[dict[str, Promise]] = {
    "nation": gettext_lazy("Lines granted to each country"),
    "institution": gettext_lazy("Lines granted to each institution"),
}
Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Point:
    """One change: as the process reads it, where it stands on the curve, what it is called, whether all is as it is."""

    change: Plain
    x: int
    label: str
    today: bool = False
    asked: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: of what, in which unit the curve runs, and its points; without a `head` there is no curve."""

    about: str
    points: tuple[Point, ...] = ()
    head: str = ""


def answer(plan: Plan, asked: QueryDict) -> Plain:
    """Return the answer to a question of the address: how much merit there is as one thing changes, and who would gain."""
    whole = Whole(plan)
    say = plan_shown.saying(whole, queries.plans.titles(ask.request for ask in whole.asks))
    context: Plain = {
        "samples": _bulk(whole), "caps": [(str(i), say.cap(i)) for i in range(len(whole.round.caps))],
        "every": list(EACH.items()), "asked": asked, "faults": [], "picture": None, "merit": plan.result.merit,
    }  # fmt: skip
    found = _question(whole, say, asked)
    if isinstance(found, Fault):
        return context | {"faults": plan_asked.beside(acting.shown([found]), say)}
    if not found.points:
        return context
    answers = _answers(plan, [one.change for one in found.points])
    pairs = list(zip(found.points, answers, strict=False))
    told = {"about": found.about, "missing": len(found.points) - len(answers), "steps": [_step(whole, say, *each) for each in pairs]}  # fmt: skip
    if not found.head:
        told["steps"].sort(key=lambda one: (-one["gain"], one["label"]))
        return context | told | {"scarce": True}
    drawn = [curve.Point(one.x, each["merit"], one.label, today=one.today, proven=each["status"] == "optimal")
             for one, each in pairs]  # fmt: skip
    title = _("Merit of the best plan: {about}").format(about=found.about)
    return context | told | {
        "picture": plan_shown.curve_of(drawn, title=title, head=found.head), "worth": _worth(plan, pairs),
    }  # fmt: skip


def _bulk(whole: Whole) -> list[str]:
    supply = whole.instance.supply
    return [name for p, name in enumerate(whole.round.samples) if supply.sub_form[p] < BULK_FORMS]


# -- questions -------------------------------------------------------------------------------------------------


def _question(whole: Whole, say: Saying, asked: QueryDict) -> Question | Fault:
    """Return what is asked, or what is wrong with it; a question without points where nothing is asked."""
    if asked.get("sample"):
        return _of_sample(whole, asked["sample"], asked.get("more", ""))
    if asked.get("scarce"):
        return _of_everything(whole, say, asked["scarce"])
    if asked.get("cap") in BY:
        return _of_each(whole, asked["cap"])
    return _of_cap(whole, say, asked["cap"]) if asked.get("cap") else Question("")


def _of_sample(whole: Whole, name: str, more: str) -> Question | Fault:
    if name not in _bulk(whole):
        return fault.of("sample", "this sample is not offered in this call", "choose from the list")
    read = mass.read(more, "more")
    if isinstance(read, Fault):
        return read
    p, quarter = whole.round.samples.index(name), max(read // NG // 4, 1)
    points = [
        Point({"sample": p, "ug": quarter * part}, quarter * part, _more(quarter * part), not part, part == 4)
        for part in MORE
    ]
    return Question(name, tuple(points), _("More or less of it"))


def _more(ug: int) -> str:
    return f"{'−' if ug < 0 else '+'}{mass.show(abs(ug) * NG)}" if ug else _("as it is")


def _of_cap(whole: Whole, say: Saying, text: str) -> Question | Fault:
    known = text.isascii() and text.isdigit() and len(text) < 6 and int(text) < len(whole.round.caps)
    if not known:
        return fault.of("cap", "there is no such cap in this plan", "choose from the list")
    i = int(text)
    cap = whole.instance.limits.caps[i]
    counts = cap.measure is Measure.GRANTS
    limits = ([cap.limit + by for by in (-1, 0, 1, 2)] if counts else [cap.limit * part // 4 for part in (2, 3, 4, 5, 6)])  # fmt: skip
    points = [Point({"cap": i, "limit": one}, one, str(one) if counts else mass.show(one * NG), one == cap.limit)
              for one in sorted({*limits}) if one >= 0]  # fmt: skip
    reach = max(len(cap.members), cap.limit + 3) if counts else cap.limit * 2 + 1
    free = Point({"cap": i, "limit": None}, reach, _("no cap"), asked=True)
    return Question(say.cap(i), (*points, free), _("Limit"))


def _of_each(whole: Whole, by: str) -> Question:
    """Ask what a cap would cost that the policy does not have: at most one line, two, three for each."""
    lines = [one.nation if by == "nation" else one.institution for one in whole.instance.requests]
    most = max(lines.count(one) for one in lines)
    limits = range(1, min(most, 3) + 1)
    points = [
        Point({"each": by, "limit": one}, one, _("at most {n}").format(n=one), asked=one == 1)
        for one in limits
    ]
    free = Point({"each": by, "limit": None}, len(points) + 1, _("as it is"), today=True)
    return Question(str(EACH[by]), (*points, free), _("Limit"))


def _of_everything(whole: Whole, say: Saying, text: str) -> Question | Fault:
    """Ask what so much more of each sample would be worth, and each cap raised by a step: the shadow values."""
    read = mass.read(text, "scarce")
    if isinstance(read, Fault):
        return read
    ug, supply = max(read // NG, 1), whole.instance.supply
    bulk = [p for p in range(len(whole.round.samples)) if supply.sub_form[p] < BULK_FORMS]
    bulk.sort(key=lambda p: (whole.taken[p].left_ug - whole.taken[p].reserve_ug, whole.round.samples[p]))
    points = [Point({"sample": p, "ug": ug}, p, whole.round.samples[p]) for p in bulk[:SCARCE_MOST]]
    for i, cap in enumerate(whole.instance.limits.caps):
        by = 1 if cap.measure is Measure.GRANTS else ug
        points.append(Point({"cap": i, "limit": cap.limit + by}, i, say.cap(i)))
    return Question(_("{mass} more of each").format(mass=mass.show(ug * NG)), tuple(points))


# -- answers ---------------------------------------------------------------------------------------------------


def _answers(plan: Plan, points: Sequence[Mapping[str, object]]) -> list[Plain]:
    """Return the answers, from memory where the same was asked before: they depend on nothing else."""
    asked = json.dumps([plan.input.sha256, plan.pins, plan.result.told["software"], points], sort_keys=True)
    key = f"what-if:{hashlib.sha256(asked.encode()).hexdigest()}"
    known = cache.get(key)
    if known is None:
        known = plans.what_if(plan, points, seconds=SECONDS)
        if len(known) == len(points):
            cache.set(key, known, KEPT_SECONDS)
    return list(known)


def _step(whole: Whole, say: Saying, point: Point, told: Plain) -> Plain:
    gain = told["merit"] - whole.plan.result.merit
    return {
        "label": point.label, "merit": told["merit"], "gain": gain, "against": signed(gain), "today": point.today,
        "proven": told["status"] == "optimal", "rate": _rate(point, gain), "changes": _changes(whole, say, told),
    }  # fmt: skip


def signed(value: int) -> str:
    """Return a change with the sign that typographers use."""
    return f"{value:+,}".replace("-", "−")


def _rate(point: Point, gain: int) -> str:
    """Return how much merit a milligram more brings, to the tenth, or a line more."""
    if not gain or "sample" not in point.change:
        return ""
    return f"{float(Fraction(gain * 1000, point.change['ug'])):.1f}"


def _worth(plan: Plan, pairs: Iterable[tuple[Point, Plain]]) -> str:
    """Return the answer as one sentence."""
    point, told = next((each for each in pairs if each[0].asked), (None, None))
    if point is None or told is None:
        return ""
    gain = told["merit"] - plan.result.merit
    if "sample" in point.change:
        if not gain:
            return _("So much more of it would bring no merit: it is not what is scarce.")
        return _("{mass} more of it would bring {n} of merit: {rate} for each milligram.").format(
            mass=mass.show(point.change["ug"] * NG), n=f"{gain:,}", rate=_rate(point, gain)
        )
    if "cap" in point.change:
        if not gain:
            return _("This cap costs nothing: without it the best plan has no more merit.")
        return _("This cap costs {n} of merit: so much more has the best plan without it.").format(
            n=f"{gain:,}"
        )
    if not gain:
        return _("A cap of one would cost nothing.")
    return _("A cap of one would cost {n} of merit.").format(n=f"{-gain:,}")


def _changes(whole: Whole, say: Saying, told: Plain) -> list[str]:
    """Return whose amounts differ from the plan's."""
    requests = whole.instance.requests
    before = {one.request: (one.alternative, one.level) for one in whole.grants}
    after = {one["request"]: (one["alternative"], one["level"]) for one in told["grants"]}
    found = []
    for r in sorted(before.keys() | after.keys()):
        if before.get(r) == after.get(r):
            continue
        said = _("nothing")
        if r in after:
            option = requests[r].alternatives[after[r][0]]
            said = say.amount(option, option.levels[after[r][1]].amount)
        found.append(_("{line} gets {amount}").format(line=say.line(r), amount=said))
    if len(found) > CHANGES_MOST:
        rest = len(found) - CHANGES_MOST
        found[CHANGES_MOST:] = [
            ngettext("and {n} further line", "and {n} further lines", rest).format(n=rest)
        ]
    return found
