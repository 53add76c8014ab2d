"""Which straight line fits points with errors in both coordinates? Models 1 and 2.

y = intercept + slope x. Errors are one standard deviation, `rho` the correlation of the errors of a point's x and y.
Model 1 is York et al. (2004, American Journal of Physics 72, 367); model 2 ignores the errors. Model 3 is in
`overdispersed`. Knows no clocks.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from aliquot.chronology import distributions
from aliquot.chronology.refusal import NotDatable, Rule

Floats = NDArray[np.float64]

SETTLED: Final = 1e-12  # relative change of the slope
ROUNDS_MAX: Final = 400
_STEADY: Final = 0.02  # by how much two factors of convergence may differ
_EQUAL: Final = 4e-15  # what conversion of a ratio may add to equal numbers


@dataclass(frozen=True, slots=True)
class Points:
    """Measured points: five arrays of one length."""

    x: Floats
    sx: Floats
    y: Floats
    sy: Floats
    rho: Floats

    def __len__(self) -> int:
        return len(self.x)

    @property
    def covariance(self) -> Floats:
        """The covariance of the errors of x and y, point by point."""
        return self.rho * self.sx * self.sy


@dataclass(frozen=True, slots=True)
class Line:
    """A fitted line; errors from the rows alone. The last three are None in models 2 and 3."""

    slope: float
    intercept: float
    slope_sd: float
    intercept_sd: float
    covariance: float
    df: int | None = None
    mswd: float | None = None
    p_value: float | None = None


def york(points: Points) -> Line:
    """Return the line of model 1: the least squares of both coordinates, with correlated errors.

    Errors are taken at the adjusted points. Two points give a line without degrees of freedom: MSWD 1, p 1.
    """
    require_different_x(points)
    vx, vy, cov = points.sx**2, points.sy**2, points.covariance
    slope = _settle(points, vx, vy, cov)
    _, weights, xm, ym, adjusted = _round(slope, points, vx, vy, cov)
    total = float(weights.sum())
    center = float(weights @ adjusted) / total
    spread = adjusted - center
    slope_var = 1 / float(weights @ (spread * spread))
    center += xm
    intercept = ym - slope * xm
    residuals = (points.y - ym) - slope * (points.x - xm)
    df = len(points) - 2
    chi_square = float(weights @ (residuals * residuals))
    return Line(
        slope, intercept, slope_var**0.5, (1 / total + center**2 * slope_var) ** 0.5, -center * slope_var,
        df, chi_square / df if df else 1.0, distributions.chi_square_p(chi_square, df),
    )  # fmt: skip


def _settle(points: Points, vx: Floats, vy: Floats, cov: Floats) -> float:
    """Return the slope that York's round gives back unchanged.

    The rounds alone can need hundreds where correlations are near 1. Where three of them draw nearer by a steady factor,
    the next starts from where that factor leads (Aitken 1926).
    """
    dx, dy = points.x - points.x.mean(), points.y - points.y.mean()
    slope = float(dx @ dy) / float(dx @ dx)
    flat = 1e-3 * float(np.sqrt((dy @ dy) / (dx @ dx)))  # a slope that is 0 settles to a share of this
    before, factor, least = 0.0, np.inf, np.inf
    for _ in range(ROUNDS_MAX):
        found = _round(slope, points, vx, vy, cov)[0]
        step = found - slope
        if not np.isfinite(step):
            break
        if abs(step) <= SETTLED * max(abs(found), flat):
            # The last digits of the sums may keep it from settling further: stop where it no longer comes nearer.
            if step == 0 or abs(step) >= least / 2:
                return found
            least = abs(step)
        now = step / before if before else np.inf
        steady = abs(now - factor) < _STEADY and -1 < now < 1
        slope = slope + step / (1 - now) if steady else found
        before, factor = (0.0, np.inf) if steady else (step, now)
    return _search(points, vx, vy, cov)


def _round(
    slope: float, points: Points, vx: Floats, vy: Floats, cov: Floats
) -> tuple[float, Floats, float, float, Floats]:
    """Return the next slope, weights, centroid, and the adjusted x as seen from the centroid (York's beta)."""
    weights = 1 / (vy + slope * (slope * vx - 2 * cov))
    total = float(weights.sum())
    xm, ym = float(weights @ points.x) / total, float(weights @ points.y) / total
    u, v = points.x - xm, points.y - ym
    adjusted = weights * (u * vy + slope * (v * vx) - (slope * u + v) * cov)
    pull = weights * adjusted
    return float(pull @ v) / float(pull @ u), weights, xm, ym, adjusted


def _search(points: Points, vx: Floats, vy: Floats, cov: Floats) -> float:
    """Return the slope of the least chi-square by search over all directions, where the rounds do not settle."""
    scale = float(points.y.std()) / float(points.x.std()) or 1.0
    low, high = -np.pi / 2, np.pi / 2
    best = 0.0
    for _ in range(30):
        angles = np.linspace(low, high, 203)[1:-1]
        slopes = scale * np.tan(angles)[:, None]
        weights = 1 / (vy + slopes * (slopes * vx - 2 * cov))
        residuals = points.y - slopes * points.x
        middle = (weights * residuals).sum(1, keepdims=True) / weights.sum(1, keepdims=True)
        misfit = (weights * (residuals - middle) ** 2).sum(1)
        best = float(angles[int(np.argmin(np.where(np.isfinite(misfit), misfit, np.inf)))])
        width = (high - low) / 100
        low, high = best - width, best + width
        if width < 1e-13:
            break
    return scale * float(np.tan(best))


def principal_axis(points: Points) -> Line:
    """Return the line of model 2: the principal axis of the points without their errors.

    Errors by jackknife: (n - 1)^2 / n times the sample covariance of the n lines that leave one point out.
    """
    require_different_x(points)
    slope, intercept = _axis(points.x, points.y)
    n = len(points)
    lines = np.array([_axis(np.delete(points.x, at), np.delete(points.y, at)) for at in range(n)])
    cov = np.cov(lines, rowvar=False) * (n - 1) ** 2 / n
    return Line(slope, intercept, float(cov[0, 0]) ** 0.5, float(cov[1, 1]) ** 0.5, float(cov[0, 1]))


def _axis(x: Floats, y: Floats) -> tuple[float, float]:
    xm, ym = float(x.mean()), float(y.mean())
    dx, dy = x - xm, y - ym
    xx, yy, xy = float(dx @ dx), float(dy @ dy), float(dx @ dy)
    difference = xx - yy
    root = float(np.hypot(difference, 2 * xy))
    if xx <= _EQUAL**2 * len(x) * xm**2 or (xy == 0 and difference <= 0):
        raise NotDatable(
            Rule.ALL_X_EQUAL,
            "the line stands upright, of all rows or of all but one",
            "give rows that differ in x",
        )
    slope = 2 * xy / (difference + root) if difference >= 0 else (root - difference) / (2 * xy)
    return slope, ym - slope * xm


def require_different_x(points: Points) -> None:
    """Raise `NotDatable` where all points have one x: any line through them is upright."""
    low, high = float(points.x.min()), float(points.x.max())
    if high - low <= _EQUAL * max(abs(low), abs(high)):
        raise NotDatable(
            Rule.ALL_X_EQUAL, f"all rows have the same x, {low:.6g}", "give rows that differ in x, or no line"
        )
