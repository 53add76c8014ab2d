"""Which ages have 207Pb/235U and 206Pb/238U, alone, together, and along a discordia?

The concordia is (exp(l235 t) - 1, exp(l238 t) - 1). The concordia age follows Ludwig (1998, Geochimica et Cosmochimica
Acta 62, 665): the weighted mean composition, then the age that is nearest to it in terms of its covariance. The
discordia is a line in x = 238U/206Pb, y = 207Pb/206Pb (Tera and Wasserburg 1972) cut with the concordia.
Ages in Ma, decay constants in 1/Ma.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from aliquot.chronology import roots
from aliquot.chronology.lead import OLDEST_MA, Uranium
from aliquot.chronology.regression import Floats, Line, Points


def of_tera_wasserburg(points: Points, by: Uranium) -> Points:
    """Return x = 207Pb/235U, y = 206Pb/238U for x = 238U/206Pb, y = 207Pb/206Pb; 238U/235U counts as exact."""
    x = by.ratio * points.y / points.x
    y = 1 / points.x
    jacobian = (-x / points.x, by.ratio / points.x, -y / points.x, np.zeros_like(y))
    return moved(points, x, y, jacobian)


def to_tera_wasserburg(points: Points, by: Uranium) -> Points:
    """Return x = 238U/206Pb, y = 207Pb/206Pb for x = 207Pb/235U, y = 206Pb/238U; 238U/235U counts as exact."""
    x = 1 / points.y
    y = points.x / points.y / by.ratio
    jacobian = (np.zeros_like(x), -x / points.y, 1 / points.y / by.ratio, -y / points.y)
    return moved(points, x, y, jacobian)


def moved(points: Points, x: Floats, y: Floats, jacobian: tuple[Floats, Floats, Floats, Floats]) -> Points:
    """Return points in new coordinates with first-order errors: jacobian is dx/dx, dx/dy, dy/dx, dy/dy."""
    xx, xy, yx, yy = jacobian
    vx, vy, cov = points.sx**2, points.sy**2, points.covariance
    sx = np.sqrt(xx**2 * vx + xy**2 * vy + 2 * xx * xy * cov)
    sy = np.sqrt(yx**2 * vx + yy**2 * vy + 2 * yx * yy * cov)
    both = xx * yx * vx + xy * yy * vy + (xx * yy + xy * yx) * cov
    return Points(x, sx, y, sy, both / (sx * sy))


@dataclass(frozen=True, slots=True)
class Nearest:
    """The age on the concordia nearest to a composition; None where that is not between 0 and 10,000 Ma."""

    age_ma: float | None
    sd_ma: float
    distance2: float
    too_old: bool = False


@dataclass(frozen=True, slots=True)
class Composition:
    """One pair of 207Pb/235U and 206Pb/238U with variances and covariance."""

    x: float
    y: float
    vx: float
    vy: float
    cov: float


def nearest(at: Composition, by: Uranium, *, external: bool) -> Nearest:
    """Return the age whose squared distance from the composition, in terms of its covariance, is least.

    With `external`, (t exp(l t) s_l)^2 is added to the two variances at each age t, before minimising.
    """
    s5, s8 = (by.l235_sd, by.l238_sd) if external else (0.0, 0.0)

    def parts(t: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats, Floats, Floats]:
        e5, e8 = np.exp(by.l235 * t), np.exp(by.l238 * t)
        dx, dy = at.x - np.expm1(by.l235 * t), at.y - np.expm1(by.l238 * t)
        vx, vy = at.vx + (t * e5 * s5) ** 2, at.vy + (t * e8 * s8) ** 2
        return e5, e8, dx, dy, vx, vy, vx * vy - at.cov**2

    def distance2(t: Floats) -> Floats:
        _, _, dx, dy, vx, vy, det = parts(t)
        return np.asarray((dx * dx * vy + dy * dy * vx - 2 * dx * dy * at.cov) / det)

    def slope(t: float) -> float:
        e5, e8, dx, dy, vx, vy, det = parts(np.float64(t))  # type: ignore[arg-type]
        px, py = (dx * vy - dy * at.cov) / det, (dy * vx - dx * at.cov) / det
        vx1, vy1 = 2 * t * (e5 * s5) ** 2 * (1 + by.l235 * t), 2 * t * (e8 * s8) ** 2 * (1 + by.l238 * t)
        return float(-2 * (px * by.l235 * e5 + py * by.l238 * e8) - px * px * vx1 - py * py * vy1)

    guesses = [math.log1p(r) / decay for r, decay in ((at.x, by.l235), (at.y, by.l238)) if r > -1]
    grid = np.unique(np.r_[np.linspace(0, OLDEST_MA, 801), np.clip(guesses, 0, OLDEST_MA)])
    best = int(np.argmin(distance2(grid)))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)])
    if not slope(low) < 0 < slope(high):
        return Nearest(None, math.nan, math.nan, too_old=best == len(grid) - 1)
    t = roots.bracketed(slope, low, high)
    e5, e8, _, _, vx, vy, det = parts(np.float64(t))  # type: ignore[arg-type]
    jx, jy = by.l235 * e5, by.l238 * e8
    information = float((jx * jx * vy + jy * jy * vx - 2 * jx * jy * at.cov) / det)
    return Nearest(t, information**-0.5, float(distance2(np.float64(t))))  # type: ignore[arg-type]


def mean_composition(points: Points) -> tuple[Composition, float]:
    """Return the weighted mean of the compositions and its chi-square, with 2n - 2 degrees of freedom."""
    vx, vy, cov = points.sx**2, points.sy**2, points.covariance
    det = vx * vy - cov**2
    a, b, c = vy / det, vx / det, -cov / det  # the inverse covariances
    sa, sb, sc = float(a.sum()), float(b.sum()), float(c.sum())
    whole = sa * sb - sc * sc
    px, py = float(a @ points.x + c @ points.y), float(c @ points.x + b @ points.y)
    x, y = (sb * px - sc * py) / whole, (sa * py - sc * px) / whole
    dx, dy = points.x - x, points.y - y
    chi_square = float((a * dx * dx + b * dy * dy + 2 * c * dx * dy).sum())
    return Composition(x, y, sb / whole, sa / whole, -sc / whole), chi_square


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a discordia cuts the concordia: the age, its error from the line and that from the constants."""

    age_ma: float
    sd_ma: float
    external_ma: float


def cuts(line: Line, by: Uranium) -> list[Cut]:
    """Return the cuts between 0 and 10,000 Ma, the younger first: none, one or two.

    A cut is a zero of (exp(l235 t) - 1)/U - a (exp(l238 t) - 1) - b, which turns at most once.
    """
    a, b, l5, l8, ratio = line.intercept, line.slope, by.l235, by.l238, by.ratio

    def height(t: float) -> float:
        return math.expm1(l5 * t) / ratio - a * math.expm1(l8 * t) - b

    ends = [0.0, OLDEST_MA]
    if a > 0:
        turn = math.log(a * l8 * ratio / l5) / (l5 - l8)
        if 0 < turn < OLDEST_MA:
            ends.insert(1, turn)
    found = [
        roots.bracketed(height, low, high)
        for low, high in pairwise(ends)
        if height(low) * height(high) < 0 or height(high) == 0
    ]
    return [_cut(t, line, by) for t in found if t > 0]


def _cut(t: float, line: Line, by: Uranium) -> Cut:
    e5, e8, x8 = math.exp(by.l235 * t), math.exp(by.l238 * t), math.expm1(by.l238 * t)
    steep = by.l235 * e5 / by.ratio - line.intercept * by.l238 * e8
    variance = x8**2 * line.intercept_sd**2 + line.slope_sd**2 + 2 * x8 * line.covariance
    external = math.sqrt(
        (t * e5 / by.ratio * by.l235_sd) ** 2
        + (line.intercept * t * e8 * by.l238_sd) ** 2
        + (math.expm1(by.l235 * t) / by.ratio**2 * by.ratio_sd) ** 2
    )
    return Cut(t, math.sqrt(max(variance, 0.0)) / abs(steep), external / abs(steep))
