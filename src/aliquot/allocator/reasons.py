"""What can be said of what a request got, and how is it said in English?

A reason is a value: which of the few things there are to say, of which choice, with which numbers. Whoever shows it in
another language, or by the names of samples and requests, has their own words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from aliquot.allocations import FORMS, Alternative, Instance, Measure


class Why(Enum):
    """What is said: what a request gets, or what leaves no room for a choice that is worth more."""

    GETS = "gets"
    BEFOREHAND = "beforehand"  # it was refused before anything was searched
    CAP = "cap"
    BUNDLE = "bundle"
    NEVER = "never"  # the store could not give it if nobody else asked
    RELEASE = "release"
    CONSUME = "consume"
    SPLITS = "splits"
    ITEMS = "items"
    ELSEWHERE = "elsewhere"  # it would fit, and something worth more would have to go


@dataclass(frozen=True, slots=True)
class Reason:
    """`alternative` and `amount` name the choice, `counts` the numbers of the rule, `pieces` (subsample, micrograms)."""

    why: Why
    alternative: int | None = None
    amount: int = 0
    counts: tuple[tuple[str, int], ...] = ()
    pieces: tuple[tuple[int, int], ...] = ()


def words(instance: Instance, request: int, reason: Reason) -> str:
    """Return the reason as an English sentence, by the places of the instance."""
    if reason.alternative is None:
        return "it was refused beforehand"
    wanted = instance.requests[request].alternatives[reason.alternative]
    amount = _amount(wanted, reason.amount)
    if reason.why is Why.GETS:
        return f"gets {amount}: " + ", ".join(_piece(instance, s, ug) for s, ug in reason.pieces)
    rule = _of_store(wanted, reason) or _of_limits(instance, request, reason)
    return f"alternative {reason.alternative}, {amount}: {rule}"


def _amount(option: Alternative, amount: int) -> str:
    form = FORMS[option.form].replace("_", " ")
    return f"{amount} ug of {form}" if option.is_bulk else f"{amount} x {form}"


def _piece(instance: Instance, s: int, ug: int) -> str:
    supply = instance.supply
    box = supply.sub_container[s]
    state = "pristine" if supply.container_pristine[box] else "opened"
    return f"{ug} ug of subsample {s} (sample {supply.sub_sample[s]}, {state} container {box})"


def _of_store(wanted: Alternative, reason: Reason) -> str:
    place = "of any sample of the material" if wanted.sample is None else f"of sample {wanted.sample}"
    counts = dict(reason.counts)
    said = {
        Why.NEVER: f"the subsamples {place} could not give that in {wanted.max_pieces} pieces even if nobody "
        "else were granted anything",
        Why.RELEASE: f"at most {counts.get('left')} ug may still leave the store {place}",
        Why.CONSUME: f"at most {counts.get('left')} ug may still be used up {place}",
        Why.SPLITS: f"no {wanted.max_pieces} splits {place} still give that, above reserves and within removals",
        Why.ITEMS: f"{counts.get('have')} such items {place} can still be removed, of {counts.get('ever')}",
    }
    return said.get(reason.why, "")


def _of_limits(instance: Instance, request: int, reason: Reason) -> str:
    counts = dict(reason.counts)
    if reason.why is Why.CAP:
        cap = instance.limits.caps[counts["cap"]]
        unit = "grants" if cap.measure is Measure.GRANTS else "ug of bulk forms"
        return (f"cap {counts['cap']} allows {cap.limit} {unit} over its {len(cap.members)} requests, "
                f"{counts['have']} are granted to others")  # fmt: skip
    if reason.why is Why.BUNDLE:
        bundle = instance.limits.bundles[counts["bundle"]]
        others = ", ".join(str(q) for q in bundle if q != request)
        return f"bundle {counts['bundle']} grants it together with {others} or not at all"
    return (
        "it would fit, but only by giving up more merit elsewhere, or the plan is not proven to be the best"
    )
