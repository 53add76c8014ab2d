"""What is asked of a plan on its page: read from the form or the address, and answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from aliquot.site import plan_words, queries
from aliquot.site.models import Plan
from aliquot.site.operations import plans
from aliquot.site.operations.plans import Wish
from aliquot.site.operations.programs import Body
from aliquot.site.plan_words import Saying
from aliquot.site.queries.plans import Whole
from aliquot.site.queries.promises import Free
from aliquot.site.web import acting

GROUPS: Final = tuple("ABCDEF")  # consortia of one call
Plain = dict[str, Any]
PLACES: Final[dict[str, Promise]] = {
    "plan": gettext_lazy("Plan"), "call": gettext_lazy("Call"), "person": gettext_lazy("You"), "seconds": gettext_lazy("Time for the search"),
    "together": gettext_lazy("Consortium"), "requests": gettext_lazy("Requests"), "offers": gettext_lazy("Offers"), "key": gettext_lazy("Form"),
    "sample": gettext_lazy("Sample"), "more": gettext_lazy("How much more"), "cap": gettext_lazy("Cap"), "scarce": gettext_lazy("How much more of each"),
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


def standings(
    whole: Whole, say: Saying, known: Mapping[str, Free], chosen: Collection[str] = ()
) -> list[Plain]:
    """Return how each granted line stands today, with the words for it, and whether the form had left it out."""
    return [
        {
            "one": one,
            "said": plan_words.STANDINGS[one.state],
            "said_line": say.name(one.number),
            "chosen": str(one.number) in chosen,
        }
        for one in queries.plans.standings(whole, known)
    ]


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
