"""How do two plans stand beside each other? Their figures, and what the panel fixed in only one of them. Reads nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from aliquot import mass
from aliquot.allocation_rounds import NG
from aliquot.site import plan_words
from aliquot.site.queries.plans import Whole
from aliquot.site.web import plan_rules, plan_shown


@dataclass(frozen=True, slots=True)
class Row:
    """One figure of both plans, with its change; `better` says which way it went, where that is to be said."""

    label: str
    before: str
    after: str
    change: str = ""
    better: str = ""
    is_counted: bool = True


def rows(before: Whole, after: Whole) -> list[Row]:
    """Return the figures of both: merit and lines are better where more, handling and what is used up where less."""
    one, two = before.plan.result, after.plan.result
    status = [str(plan_words.STATUSES[each.status]) for each in (one, two)]
    return [
        _counted(_("Merit"), one.merit, two.merit),
        _counted(_("Lines granted"), one.granted, two.granted),
        _counted(_("Handling"), one.handling, two.handling, less=True),
        _weighed(_("Granted"), sum(before.by_line.values()), sum(after.by_line.values())),
        _weighed(_("Used up"), one.used_up_ug * NG, two.used_up_ug * NG, less=True),
        Row(pgettext("of a plan", "State"), status[0], status[1], is_counted=False),
    ]


def _counted(label: str, before: int, after: int, *, less: bool = False) -> Row:
    change = f"{after - before:+,}".replace("-", "−") if after != before else ""
    return Row(label, f"{before:,}", f"{after:,}", change, _better(after - before, less=less))


def _weighed(label: str, before_ng: int, after_ng: int, *, less: bool = False) -> Row:
    by = after_ng - before_ng
    change = f"{'−' if by < 0 else '+'}{mass.show(abs(by))}" if by else ""
    return Row(label, mass.show(before_ng), mass.show(after_ng), change, _better(by, less=less))


def _better(by: int, *, less: bool) -> str:
    return "" if not by else "gains" if (by > 0) is not less else "loses"


def fixed(before: Whole, after: Whole, titles: Mapping[str, str]) -> list[tuple[str, bool, bool]]:
    """Return what was fixed in either plan, and in which."""
    said = [plan_rules.fixed(one, plan_shown.saying(one, titles)) for one in (before, after)]
    every = dict.fromkeys([*said[0], *said[1]])
    return [(each, each in said[0], each in said[1]) for each in every]
