"""What if a round were a little different, and who gains or loses between two plans?

Each change gives another instance, with a hash of its own: whoever doubts an answer computes it anew. Knows no solver.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from aliquot.allocations import Alternative, Cap, Instance, Level, Measure, Plan

BY = ("nation", "institution")  # what a cap on each of them counts by


def trimmed(instance: Instance, most_ug: Mapping[int, int]) -> Instance:
    """Return the instance in which these requests get at most so many micrograms of bulk forms.

    What lies between two levels is worth what lies between their merits, in proportion, rounded down. Nothing changes
    where even the least is more: such a request is to be refused instead.
    """
    requests = tuple(
        replace(one, alternatives=tuple(_trimmed(each, most_ug[r]) for each in one.alternatives)) if r in most_ug else one
        for r, one in enumerate(instance.requests)
    )  # fmt: skip
    return replace(instance, requests=requests)


def _trimmed(each: Alternative, most_ug: int) -> Alternative:
    if not each.is_bulk or each.levels[-1].amount <= most_ug or most_ug < each.levels[0].amount:
        return each
    kept = [level for level in each.levels if level.amount <= most_ug]
    after = each.levels[len(kept)]
    if kept[-1].amount < most_ug:
        before = kept[-1]
        part = (most_ug - before.amount) * (after.merit - before.merit) // (after.amount - before.amount)
        kept.append(Level(most_ug, before.merit + part))
    return replace(each, levels=tuple(kept))


def with_more(instance: Instance, sample: int, ug: int) -> Instance:
    """Return the instance with so much more of a sample that is split by mass; below zero, less of it."""
    supply = instance.supply
    subs = [s for s, p in enumerate(supply.sub_sample) if p == sample]
    if not subs:
        return instance
    mass, release, consume = (
        list(supply.sub_mass_ug),
        list(supply.sample_release_ug),
        list(supply.sample_consume_ug),
    )
    mass[subs[0]] = max(mass[subs[0]] + ug, supply.sub_reserve_ug[subs[0]])
    release[sample], consume[sample] = max(release[sample] + ug, 0), max(consume[sample] + ug, 0)
    return replace(instance, supply=replace(
        supply, sub_mass_ug=tuple(mass), sample_release_ug=tuple(release), sample_consume_ug=tuple(consume)
    ))  # fmt: skip


def with_cap(instance: Instance, cap: int, limit: int | None) -> Instance:
    """Return the instance with another limit of a cap; None lifts it. Its place in the list is kept."""
    caps = list(instance.limits.caps)
    caps[cap] = replace(caps[cap], limit=10**15 if limit is None else limit)
    return replace(instance, limits=replace(instance.limits, caps=tuple(caps)))


def with_cap_on_each(instance: Instance, by: str, measure: Measure, limit: int) -> Instance:
    """Return the instance with one more cap for each nation, or for each institution: what would such a rule cost?

    The caps that there are hold as well. `by` is one of `BY`.
    """
    of: dict[int, list[int]] = {}
    for r, one in enumerate(instance.requests):
        of.setdefault(one.nation if by == "nation" else one.institution, []).append(r)
    more = tuple(Cap(measure, limit, tuple(members)) for _, members in sorted(of.items()))
    return replace(instance, limits=replace(instance.limits, caps=(*instance.limits.caps, *more)))


@dataclass(frozen=True, slots=True)
class Taken:
    """What a plan takes of one sample: granted and lost in handling, what is left, and what of that is reserve."""

    granted_ug: int
    lost_ug: int
    left_ug: int
    reserve_ug: int


def taken(instance: Instance, plan: Plan) -> tuple[Taken, ...]:
    """Return for each sample what a plan takes of it."""
    supply = instance.supply
    granted: Counter[int] = Counter()
    lost: Counter[int] = Counter()
    for grant in plan:
        bulk = instance.requests[grant.request].alternatives[grant.alternative].is_bulk
        for s, ug in grant.pieces:
            granted[supply.sub_sample[s]] += ug
            lost[supply.sub_sample[s]] += supply.sub_loss_ug[s] if bulk else 0
    mass: Counter[int] = Counter()
    reserve: Counter[int] = Counter()
    for s, p in enumerate(supply.sub_sample):
        mass[p] += supply.sub_mass_ug[s]
        reserve[p] += supply.sub_reserve_ug[s]
    return tuple(Taken(granted[p], lost[p], mass[p] - granted[p] - lost[p], reserve[p])
                 for p in range(len(supply.sample_material)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """What one line gets in the first plan and in the second, in nanograms."""

    line: tuple[str, int]
    before_ng: int
    after_ng: int

    @property
    def gains_ng(self) -> int:
        """How much more it gets in the second; below zero, less."""
        return self.after_ng - self.before_ng


def compared(
    before: Mapping[tuple[str, int], int], after: Mapping[tuple[str, int], int]
) -> tuple[Change, ...]:
    """Return what changes from one plan to another, by line: greatest gain first, then greatest loss, then the rest."""
    found = [Change(line, before.get(line, 0), after.get(line, 0)) for line in sorted({*before, *after})]
    return tuple(
        sorted(found, key=lambda one: (one.gains_ng == 0, one.gains_ng < 0, -abs(one.gains_ng), one.line))
    )
