"""What came of adopting a plan: which lines were promised from where, which were left out. As it was written then; reads nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from aliquot import mass
from aliquot.site.models import PlanStep
from aliquot.site.plan_words import Saying
from aliquot.site.queries.plans import Line, Whole


@dataclass(frozen=True, slots=True)
class Reported:
    """One granted line of an adopted plan: how much the plan has for it, and what of which sample was promised."""

    said: str
    planned: str
    promised: tuple[tuple[str, str], ...]


def rows(whole: Whole, say: Saying, steps: Sequence[PlanStep]) -> list[Reported]:
    """Return the granted lines in the order of the plan; none where it was not adopted."""
    step = next((one for one in steps if one.act == "adopt"), None)
    if step is None:
        return []
    shares: dict[Line, list[tuple[str, str]]] = defaultdict(list)
    for key, line, sample, ng in step.told["promised"]:
        shares[key, line].append((sample, mass.show(ng)))
    number = {(ask.request, ask.line): r for r, ask in enumerate(whole.asks)}
    return [
        Reported(say.name(number[line]), mass.show(ng), tuple(shares.get(line, ())))
        for line, ng in whole.by_line.items()
    ]
