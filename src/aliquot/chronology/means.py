"""What is the mean of ages with errors, and which ages stand too far off to belong to it?

Fixed effects weigh by 1/s^2. Random effects (DerSimonian and Laird's model by maximum likelihood, in ln t, after
Vermeesch 2018, Geoscience Frontiers 9, 1479) allow for a true spread. The outlier test is Chauvenet's (1863),
modified: repeated, with the error of the mean and overdispersion allowed for. Units are those of the ages.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aliquot.chronology import distributions, roots
from aliquot.chronology.regression import Floats


@dataclass(frozen=True, slots=True)
class Mean:
    """A weighted mean; `dispersion` is None with fixed effects, its `dispersion_sd` also where it is 0.

    `shares` is by how much the mean moves with each age: d mean / d age.
    """

    age: float
    sd: float
    df: int
    mswd: float
    p_value: float
    dispersion: float | None
    dispersion_sd: float | None
    dispersion_share: float | None
    shares: Floats


@dataclass(frozen=True, slots=True)
class _Center:
    """A mean in the coordinate in which it is taken: z, u are ages and errors there."""

    z: Floats
    u: Floats
    mean: float
    sd: float
    spread: float | None
    weights: Floats
    mswd: float

    def deviates(self) -> Floats:
        """Return how many standard deviations each age is off, for Chauvenet's test."""
        if self.spread is None:
            variance = self.sd**2 + max(1.0, self.mswd) * self.u**2
        else:
            variance = self.spread**2 + self.u**2
        return np.asarray(np.abs(self.z - self.mean) / np.sqrt(variance))


def weighted(ages: Floats, sds: Floats, *, random_effects: bool = False) -> Mean:
    """Return the weighted mean of two or more ages (of one: without degrees of freedom)."""
    logarithmic = random_effects and bool((ages > 0).all())
    center = _center(ages, sds, random_effects=random_effects)
    df = len(ages) - 1
    p_value = distributions.chi_square_p(center.mswd * df, df)
    shares = center.weights / center.weights.sum()
    age = math.exp(center.mean) if logarithmic else center.mean
    unit = age if logarithmic else 1.0
    if center.spread is None:
        return Mean(age, center.sd, df, center.mswd, p_value, None, None, None, shares)
    share = center.spread * unit / abs(age) if age else None
    sd = None
    if center.spread > 0:
        sd = unit / (center.spread * math.sqrt(2 * float((center.weights**2).sum())))
    shares = shares * (age / ages) if logarithmic else shares
    return Mean(age, center.sd * unit, df, center.mswd, p_value, center.spread * unit, sd, share, shares)


def outliers(ages: Floats, sds: Floats, *, random_effects: bool = False) -> list[tuple[int, float]]:
    """Return positions that fail Chauvenet's test, in the order in which they go, each with its n P."""
    kept = list(range(len(ages)))
    gone: list[tuple[int, float]] = []
    while len(kept) > 2:
        worst, chance = worst_of(ages[kept], sds[kept], random_effects=random_effects)
        if chance >= 0.5:
            break
        gone.append((kept.pop(worst), chance))
    return gone


def worst_of(ages: Floats, sds: Floats, *, random_effects: bool = False) -> tuple[int, float]:
    """Return which age is furthest off, and how many such are expected among so many: n P."""
    deviates = _center(ages, sds, random_effects=random_effects).deviates()
    worst = int(np.argmax(deviates))
    return worst, len(ages) * distributions.two_sided_p(float(deviates[worst]))


def fixed_many(ages: Floats, sds: Floats) -> tuple[Floats, Floats, Floats]:
    """Return mean, error and MSWD of many sets at once: arrays of sets by ages, fixed effects."""
    weights = 1 / sds**2
    total = weights.sum(-1)
    mean = (weights * ages).sum(-1) / total
    chi_square = (weights * (ages - mean[..., None]) ** 2).sum(-1)
    return mean, 1 / np.sqrt(total), chi_square / max(1, ages.shape[-1] - 1)


def _center(ages: Floats, sds: Floats, *, random_effects: bool) -> _Center:
    if random_effects and bool((ages > 0).all()):
        z, u = np.log(ages), sds / ages
    else:
        z, u = ages, sds
    weights = 1 / u**2
    mean = float(weights @ z) / float(weights.sum())
    mswd = float(weights @ (z - mean) ** 2) / (len(z) - 1) if len(z) > 1 else 1.0
    spread = None
    if random_effects:
        variance = _dispersion(z, u)
        spread = math.sqrt(variance)
        weights = 1 / (u**2 + variance)
        mean = float(weights @ z) / float(weights.sum())
    return _Center(z, u, mean, float(weights.sum()) ** -0.5, spread, weights, mswd)


def _dispersion(z: Floats, u: Floats) -> float:
    """Return the likeliest d^2 > 0 with sum w^2 (z - mean)^2 = sum w, w = 1/(u^2 + d^2); 0 where there is none."""
    u2 = u * u

    def parts(variance: float | Floats) -> tuple[Floats, Floats]:
        weights = 1 / (u2 + variance)
        mean = (weights * z).sum(-1, keepdims=True) / weights.sum(-1, keepdims=True)
        return weights, (z - mean) ** 2

    def excess(variance: float) -> float:
        weights, off = parts(variance)
        return float((weights * weights * off).sum() / weights.sum()) - 1

    def likelihood(variance: float) -> float:
        weights, off = parts(variance)
        return float((np.log(weights) - weights * off).sum())

    widest = float(np.ptp(z)) ** 2
    if widest < 1e-200:
        return 0.0
    narrow = min(widest, float(u2.min())) * 1e-12
    grid = np.r_[0.0, np.geomspace(narrow, 2 * widest, 120)]
    weights, off = parts(grid[:, None])
    signs = (weights * weights * off).sum(-1) > weights.sum(-1)
    falls = np.flatnonzero(signs[:-1] & ~signs[1:])
    found = [roots.bracketed(excess, float(grid[at]), float(grid[at + 1])) for at in falls]
    return max(found, key=likelihood, default=0.0)
