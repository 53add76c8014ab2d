"""What does the answer of an allocation look like as JSON? The contract's document, and reasons as values beside it.

Sentences are English here; `values` are for whoever has other words.
"""

from __future__ import annotations

from collections.abc import Iterable

from aliquot.allocations import Instance, Plan
from aliquot.allocator import conflict, reasons
from aliquot.allocator.explain import Explanation
from aliquot.allocator.plans import Outcome

Plain = dict[str, object]


def document(instance: Instance, outcome: Outcome) -> Plain:
    """Return what was found: status, objectives, bounds, grants and, where nothing can be found, the conflict."""
    return {
        "status": outcome.status.value,
        "merit": outcome.merit, "handling": outcome.handling, "used_up_ug": outcome.used_up_ug,
        "bounds": {"merit": outcome.bounds.merit, "handling": outcome.bounds.handling,
                   "used_up_ug": outcome.bounds.used_up_ug},
        "grants": grants(outcome.grants),
        "conflict": [{"pin" if party.is_pin else "rule": party.kind.value, "at": list(party.at),
                      "words": conflict.words(instance, party)} for party in outcome.conflict],
    }  # fmt: skip


def grants(plan: Plan) -> list[Plain]:
    """Return the grants of a plan as the format has them."""
    return [{"request": one.request, "alternative": one.alternative, "level": one.level,
             "pieces": [list(piece) for piece in one.pieces]} for one in plan]  # fmt: skip


def explanations(instance: Instance, told: Iterable[Explanation], *, values: bool = False) -> list[Plain]:
    """Return an explanation for each request; with `values` each reason as a value, not as a sentence."""
    return [_explanation(instance, one, values=values) for one in told]


def _explanation(instance: Instance, each: Explanation, *, values: bool) -> Plain:
    fits = each.would_fit
    said = [_value(one) if values else reasons.words(instance, each.request, one) for one in each.because]
    return {
        "request": each.request, "outcome": each.outcome.value, "because": said, "blocked_by": list(each.blocked_by),
        "would_fit": {"alternative": fits.alternative, "amount": fits.amount, "unit": fits.unit} if fits else None,
    }  # fmt: skip


def _value(one: reasons.Reason) -> Plain:
    return {"why": one.why.value, "alternative": one.alternative, "amount": one.amount, "counts": dict(one.counts),
            "pieces": [list(piece) for piece in one.pieces]}  # fmt: skip
