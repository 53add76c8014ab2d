"""Small worlds to allocate in, and what is best in them by trying everything."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations, product

from aliquot import allocation_check
from aliquot.allocations import (
    FORMS,
    Alternative,
    Bonus,
    Cap,
    Grant,
    Instance,
    Level,
    Limits,
    Measure,
    Plan,
    Request,
    Supply,
)


def a_world(seed: int) -> Instance:
    """A world of a few micrograms: up to four requests, six subsamples, shared containers, odd losses and windows."""
    chance = random.Random(seed)
    samples, containers = chance.randint(1, 3), chance.randint(2, 4)
    subsamples = chance.randint(2, 6)
    material = [chance.randint(0, 1) for _ in range(samples)]
    of_sample = [chance.randrange(samples) for _ in range(subsamples)]
    supply = Supply(
        materials=("basalt", "glass"), forms=FORMS,
        sample_material=tuple(material),
        sample_release_ug=tuple(chance.randint(4, 20) for _ in range(samples)),
        sample_consume_ug=tuple(chance.randint(1, 14) for _ in range(samples)),
        container_pristine=tuple(chance.random() < 0.5 for _ in range(containers)),
        container_max_splits=tuple(chance.randint(0, 3) for _ in range(containers)),
        sub_sample=tuple(of_sample),
        sub_container=tuple(chance.randrange(containers) for _ in range(subsamples)),
        sub_form=tuple(chance.choice((0, 0, 1, 2, 2)) for _ in range(subsamples)),
        sub_mass_ug=tuple(chance.randint(2, 9) for _ in range(subsamples)),
        sub_reserve_ug=tuple(chance.choice((0, 0, 1)) for _ in range(subsamples)),
        sub_min_split_ug=tuple(chance.randint(0, 2) for _ in range(subsamples)),
        sub_loss_ug=tuple(chance.randint(0, 1) for _ in range(subsamples)),
    )  # fmt: skip
    requests = tuple(_a_request(chance, supply) for _ in range(chance.randint(1, 4)))
    everyone = range(len(requests))
    pairs = list(combinations(everyone, 2))
    limits = Limits(
        bundles=tuple(pair for pair in pairs if chance.random() < 0.1),
        caps=(Cap(Measure.GRANTS, chance.randint(1, 4), tuple(everyone)), Cap(Measure.BULK_UG, chance.randint(3, 20), tuple(everyone))),
        bonuses=(Bonus(chance.randint(0, 5), tuple(r for r in everyone if chance.random() < 0.6)),),
    )  # fmt: skip
    return Instance(supply, requests, limits)


def _a_request(chance: random.Random, supply: Supply) -> Request:
    alternatives = []
    for _ in range(chance.randint(1, 2)):
        sample = chance.randrange(len(supply.sample_material))
        form = chance.choice((0, 0, 1, 2))
        amounts = sorted(chance.sample(range(1, 8 if form < 2 else 4), chance.randint(1, 2)))
        merits = sorted(chance.randint(1, 12) for _ in amounts)
        low, high = sorted((chance.randint(1, 9), chance.randint(1, 9)))
        alternatives.append(Alternative(
            supply.sample_material[sample], form, sample if chance.random() < 0.5 else None,
            tuple(Level(*each) for each in zip(amounts, merits, strict=True)),
            chance.randint(1, 2), low if form > 1 else 0, high if form > 1 else 0,
        ))  # fmt: skip
    return Request(0, 0, chance.randint(1, 99), chance.random() < 0.5, tuple(alternatives))


def every_plan(instance: Instance) -> Iterator[Plan]:
    """Yield every plan that keeps every rule."""
    choices = [list(_ways(instance, r)) for r in range(len(instance.requests))]

    def beyond(plan: Plan, r: int) -> Iterator[Plan]:
        if r == len(choices):
            if not allocation_check.check(instance, plan).violations:
                yield plan
            return
        yield from beyond(plan, r + 1)
        for grant in choices[r]:
            if not allocation_check.check(without_bundles, (*plan, grant)).violations:
                yield from beyond((*plan, grant), r + 1)

    without_bundles = replace(instance, limits=replace(instance.limits, bundles=()))
    yield from beyond((), 0)


def _ways(instance: Instance, r: int) -> Iterator[Grant]:
    supply = instance.supply
    for a, option in enumerate(instance.requests[r].alternatives):
        pool = [s for s, p in enumerate(supply.sub_sample)
                if supply.sub_form[s] == option.form and supply.sample_material[p] == option.material
                and option.sample in (None, p)]  # fmt: skip
        for level, wanted in enumerate(option.levels):
            if option.is_bulk:
                for count in range(1, option.max_pieces + 1):
                    for vials in combinations(pool, count):
                        for first in product(range(1, wanted.amount), repeat=count - 1):
                            last = wanted.amount - sum(first)
                            if last > 0:
                                yield Grant(r, a, level, tuple(zip(vials, (*first, last), strict=True)))
            else:
                for items in combinations(pool, wanted.amount):
                    yield Grant(r, a, level, tuple((s, supply.sub_mass_ug[s]) for s in items))
