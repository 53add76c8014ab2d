"""Does this plan keep every rule, and what is it worth? Written from the definition, in integers.

Shares nothing with whatever found the plan: no pool, no solver, no order of places. A violation is a sentence.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from aliquot.allocations import OPENING_WEIGHT, Alternative, Grant, Instance, Measure


@dataclass(frozen=True, slots=True)
class Report:
    """What is wrong with a plan, and its three objectives."""

    violations: tuple[str, ...]
    merit: int
    handling: int
    used_up_ug: int
    opened: int
    splits: int


@dataclass(slots=True)
class _Taken:
    """What a plan takes, summed as it is read."""

    mass_ug: Counter[int] = field(default_factory=Counter)  # of each bulk subsample, losses included
    items: Counter[int] = field(default_factory=Counter)
    removals: Counter[int] = field(default_factory=Counter)
    released_ug: Counter[int] = field(default_factory=Counter)
    consumed_ug: Counter[int] = field(default_factory=Counter)
    bulk_ug: Counter[int] = field(default_factory=Counter)  # of each request
    granted: Counter[int] = field(default_factory=Counter)
    merit: int = 0
    used_up_ug: int = 0


def check(instance: Instance, plan: tuple[Grant, ...]) -> Report:
    """Return every rule that the plan breaks, and what it is worth by the definition."""
    taken = _Taken()
    found = [said for grant in plan for said in _grant(instance, grant, taken)]
    found += _stores(instance, taken)
    found += _limits(instance, taken)
    merit = taken.merit + sum(
        bonus.merit for bonus in instance.limits.bonuses if any(r in taken.granted for r in bonus.members)
    )
    opened = sum(1 for c in taken.removals if instance.supply.container_pristine[c])
    splits = taken.removals.total()
    return Report(tuple(found), merit, OPENING_WEIGHT * opened + splits, taken.used_up_ug, opened, splits)


def _grant(instance: Instance, grant: Grant, taken: _Taken) -> Iterator[str]:
    request = instance.requests[grant.request]
    wanted = request.alternatives[grant.alternative]
    level = wanted.levels[grant.level]
    name = f"request {grant.request}"
    taken.granted[grant.request] += 1
    taken.merit += level.merit
    if taken.granted[grant.request] > 1:
        yield f"{name} is granted twice"
    subsamples = [s for s, _ in grant.pieces]
    if len(set(subsamples)) < len(subsamples):
        yield f"{name} gets two pieces of one subsample"
    got = sum(ug for _, ug in grant.pieces) if wanted.is_bulk else len(grant.pieces)
    if got != level.amount:
        yield f"{name} gets {got}, not the {level.amount} of its level"
    if wanted.is_bulk and not 1 <= len(grant.pieces) <= wanted.max_pieces:
        yield f"{name} gets {len(grant.pieces)} pieces, not 1 to {wanted.max_pieces}"
    for s, ug in grant.pieces:
        yield from (f"{name} {said}" for said in _piece(instance, wanted, s, ug))
        _take(instance, grant.request, wanted, s, ug, taken)


def _piece(instance: Instance, wanted: Alternative, s: int, ug: int) -> Iterator[str]:
    supply = instance.supply
    sample = supply.sub_sample[s]
    if supply.sub_form[s] != wanted.form:
        yield f"gets subsample {s}, which is of another form"
    if supply.sample_material[sample] != wanted.material:
        yield f"gets subsample {s}, which is of another material"
    if wanted.sample not in (None, sample):
        yield f"gets subsample {s}, which is of sample {sample}, not {wanted.sample}"
    if wanted.is_bulk:
        if ug < max(1, supply.sub_min_split_ug[s]):
            yield f"gets a split of {ug} ug of subsample {s}, below its least split"
    elif ug != supply.sub_mass_ug[s]:
        yield f"gets {ug} ug of item {s}, which weighs {supply.sub_mass_ug[s]} ug and goes whole"
    elif not wanted.min_item_ug <= ug <= wanted.max_item_ug:
        yield f"gets item {s} of {ug} ug, which is not a mass that it asked for"


def _take(instance: Instance, r: int, wanted: Alternative, s: int, ug: int, taken: _Taken) -> None:
    supply = instance.supply
    used_ug = ug if instance.requests[r].consumptive else 0
    taken.removals[supply.sub_container[s]] += 1
    if wanted.is_bulk:
        sample, loss_ug = supply.sub_sample[s], supply.sub_loss_ug[s]
        taken.mass_ug[s] += ug + loss_ug
        taken.released_ug[sample] += ug + loss_ug
        taken.consumed_ug[sample] += used_ug + loss_ug
        taken.bulk_ug[r] += ug
        used_ug += loss_ug
    else:
        taken.items[s] += 1
    taken.used_up_ug += used_ug


def _stores(instance: Instance, taken: _Taken) -> Iterator[str]:
    supply = instance.supply
    for s, ug in sorted(taken.mass_ug.items()):
        if ug > supply.sub_mass_ug[s] - supply.sub_reserve_ug[s]:
            yield f"subsample {s} gives {ug} ug with losses, which goes into its reserve"
    for s, times in sorted(taken.items.items()):
        if times > 1:
            yield f"item {s} is given {times} times"
    for c, removals in sorted(taken.removals.items()):
        if removals > supply.container_max_splits[c]:
            yield f"container {c} has {removals} removals of {supply.container_max_splits[c]}"
    for words, have, most in (
        ("leave", taken.released_ug, supply.sample_release_ug),
        ("are used up", taken.consumed_ug, supply.sample_consume_ug),
    ):
        for p, ug in sorted(have.items()):
            if ug > most[p]:
                yield f"sample {p}: {ug} ug {words}, of {most[p]} that may"


def _limits(instance: Instance, taken: _Taken) -> Iterator[str]:
    for i, members in enumerate(instance.limits.bundles):
        granted = sum(r in taken.granted for r in members)
        if 0 < granted < len(members):
            yield f"bundle {i} is granted in part: {granted} of {len(members)} requests"
    counts = {
        Measure.GRANTS: defaultdict(int, dict.fromkeys(taken.granted, 1)),
        Measure.BULK_UG: taken.bulk_ug,
    }
    for i, cap in enumerate(instance.limits.caps):
        have = sum(counts[cap.measure][r] for r in cap.members)
        if have > cap.limit:
            yield f"cap {i} has {have} of {cap.limit} ({cap.measure.value})"
