"""Which consecutive steps of an argon release form a plateau?

The run of two or more steps with the largest share of 39Ar in which no step fails Chauvenet's test (as in
Vermeesch 2018, Geoscience Frontiers 9, 1479); not the three steps and half of the gas of Fleck et al. (1977).
"""

from __future__ import annotations

from dataclasses import dataclass

from aliquot.chronology import means
from aliquot.chronology.regression import Floats


@dataclass(frozen=True, slots=True)
class Plateau:
    """Positions of the first and the last step, and their share of all 39Ar."""

    first: int
    last: int
    share: float


def plateau(ages: Floats, sds: Floats, gas: Floats, *, random_effects: bool) -> Plateau | None:
    """Return the plateau of steps in the order of their release, or None where no two steps agree."""
    n, total = len(ages), float(gas.sum())
    runs = [(first, last) for first in range(n) for last in range(first + 1, n)]
    shares = {run: float(gas[run[0] : run[1] + 1].sum()) / total for run in runs}
    for first, last in sorted(runs, key=lambda run: (-shares[run], run)):
        run = slice(first, last + 1)
        _, chance = means.worst_of(ages[run], sds[run], random_effects=random_effects)
        if chance >= 0.5:
            return Plateau(first, last, shares[first, last])
    return None
