"""Which line fits points that scatter beyond their errors? Model 3, by maximum likelihood.

A further variance (w dy/dq)^2 is added to that of y, where q is what scatters: the initial ratio or the age. The
likelihood is -sum [ln det E + (y - a - b x)^2 / V] / 2 with V = E_yy + b^2 E_xx - 2 b E_xy (Vermeesch 2024,
Geochronology 6, 397, of which this is the profile over the true points). Newton's method on the analytic first and
second derivatives in a, b and ln w, from the best of a range of w.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from aliquot.chronology import regression
from aliquot.chronology.regression import Floats, Line, Points

_GRID: Final = np.exp(np.linspace(np.log(1e-3), np.log(1e3), 25))
_ROUNDS: Final = 60


@dataclass(frozen=True, slots=True)
class Scatter:
    """How y moves with what scatters: dy/dq = c0 + a c1 + b c2 + a^2 c3 + a b c4, each an array over the points."""

    terms: tuple[float | Floats, float | Floats, float | Floats, float | Floats, float | Floats]

    def value(self, a: float | Floats, b: float | Floats) -> Floats:
        c0, c1, c2, c3, c4 = self.terms
        return np.asarray(c0 + a * c1 + b * c2 + a * a * c3 + a * b * c4)

    def slopes(self, a: float, b: float) -> tuple[float | Floats, float | Floats]:
        """Return the derivatives by a and by b."""
        _, c1, c2, c3, c4 = self.terms
        return c1 + 2 * a * c3 + b * c4, c2 + a * c4

    def curves(self) -> tuple[float | Floats, float | Floats]:
        """Return the second derivatives by a twice, and by a and b."""
        return 2 * self.terms[3], self.terms[4]


Kind = Callable[[Floats], Scatter]


def constant(_x: Floats) -> Scatter:
    """dy/dq = 1: the initial ratio of a normal line, the radiogenic ratio of an inverse Pb-Pb line."""
    return Scatter((1.0, 0.0, 0.0, 0.0, 0.0))


def along_x(x: Floats) -> Scatter:
    """dy/dq = x: the radiogenic ratio of a normal line, the initial ratio of an inverse Pb-Pb line."""
    return Scatter((x, 0.0, 0.0, 0.0, 0.0))


def inverse_initial(x: Floats) -> Scatter:
    """dy/dq = a (a + b x): the initial ratio 1/a of an inverse line."""
    return Scatter((0.0, 0.0, 0.0, 1.0, x))


def inverse_radiogenic(x: Floats) -> Scatter:
    """dy/dq = a x: the radiogenic ratio -b/a of an inverse line."""
    return Scatter((0.0, x, 0.0, 0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Overdispersed:
    """The line and the scatter w beyond the errors, in the unit of what scatters; `sd` is None where w is 0."""

    line: Line
    w: float
    sd: float | None


def fit(points: Points, kind: Kind) -> Overdispersed:
    """Return the likeliest line and scatter; where no scatter is likeliest, the line of model 1."""
    first = regression.york(points)
    scatter = kind(points.x)
    bare = _bare(first)
    likelihood = _Likelihood(points, scatter)
    least = likelihood.value(first.intercept, first.slope, 0.0)
    best: tuple[float, Floats, Floats] | None = None
    for start in _starts(points, scatter, first, likelihood):
        found = _climb(likelihood, start, first)
        if found and found[0] > max(least, best[0] if best else -np.inf):
            best = found
    if best is None:
        return Overdispersed(bare, 0.0, None)
    _, (a, b, log_w), hessian = best
    cov = np.linalg.inv(hessian)
    w = float(np.exp(log_w))
    line = Line(float(b), float(a), float(cov[1, 1]) ** 0.5, float(cov[0, 0]) ** 0.5, float(cov[0, 1]))
    return Overdispersed(line, w, w * float(cov[2, 2]) ** 0.5)


def _bare(line: Line) -> Line:
    return Line(line.slope, line.intercept, line.slope_sd, line.intercept_sd, line.covariance)


class _Likelihood:
    """The logarithm of the likelihood at (a, b, w) and its derivatives by a, b and ln w."""

    def __init__(self, points: Points, scatter: Scatter) -> None:
        self.x, self.y, self.scatter = points.x, points.y, scatter
        self.vx, self.vy, self.cov = points.sx**2, points.sy**2, points.covariance
        self.det = self.vx * self.vy * (1 - points.rho**2)

    def value(self, a: float | Floats, b: float | Floats, w: float | Floats) -> float | Floats:
        """Return the likelihood; columns of a, b, w give as many values."""
        added = (w * self.scatter.value(a, b)) ** 2
        variance = self.vy + added + b * (b * self.vx - 2 * self.cov)
        terms = np.log(self.det + self.vx * added) + (self.y - a - b * self.x) ** 2 / variance
        return np.asarray(-terms.sum(-1) / 2) if terms.ndim > 1 else -float(terms.sum()) / 2

    def derivatives(self, a: float, b: float, log_w: float) -> tuple[float, Floats, Floats]:
        """Return value, gradient and the Hessian of the negative likelihood."""
        w2 = np.exp(2 * log_w)
        g = self.scatter.value(a, b)
        ga, gb = self.scatter.slopes(a, b)
        gaa, gab = self.scatter.curves()
        n = len(self.x)
        d1 = np.empty((3, n))
        d1[0], d1[1], d1[2] = 2 * w2 * g * ga, 2 * w2 * g * gb, 2 * w2 * g * g
        d2 = np.empty((3, 3, n))
        d2[0, 0] = 2 * w2 * (ga * ga + g * gaa)
        d2[0, 1] = d2[1, 0] = 2 * w2 * (ga * gb + g * gab)
        d2[1, 1] = 2 * w2 * (gb * gb)
        d2[2] = d2[:, 2] = 2 * d1
        det = self.det + self.vx * (w2 * g * g)
        det1, det2 = self.vx * d1 / det, self.vx * d2 / det
        variance = self.vy + w2 * g * g + b * (b * self.vx - 2 * self.cov)
        d1[1] += 2 * (b * self.vx - self.cov)
        d2[1, 1] += 2 * self.vx
        residual = self.y - a - b * self.x
        r1 = np.zeros((3, n))
        r1[0], r1[1] = -1.0, -self.x
        z, v1, z1 = residual / variance, d1 / variance, r1 / variance
        gradient = (det1 + z * (2 * r1 - z * d1)).sum(-1) / 2
        outer = det1[:, None] * det1[None]
        cross = r1[:, None] * v1[None]
        hessian = (
            det2 - outer + 2 * r1[:, None] * z1[None] - 2 * z * (cross + cross.transpose(1, 0, 2))
            - z * z * d2 + 2 * z * residual * v1[:, None] * v1[None]
        ).sum(-1) / 2  # fmt: skip
        value = -float((np.log(det) + residual * z).sum()) / 2
        return value, -gradient, hessian


def _starts(points: Points, scatter: Scatter, first: Line, likelihood: _Likelihood) -> list[Floats]:
    """Return where the likelihood over a range of w, with the line refitted for each, has its local maxima."""
    a, b = np.full((len(_GRID), 1), first.intercept), np.full((len(_GRID), 1), first.slope)
    moved = np.abs(scatter.value(first.intercept, first.slope))
    residuals = points.y - first.intercept - first.slope * points.x
    moved = np.where(moved > 0, moved, np.inf)
    middle = float(np.median(np.abs(residuals) / moved)) + float(np.median(points.sy / moved))
    w = (_GRID * (middle if np.isfinite(middle) and middle > 0 else 1.0))[:, None]
    for _ in range(12):
        variance = likelihood.vy + (w * scatter.value(a, b)) ** 2
        weights = 1 / (variance + b * (b * likelihood.vx - 2 * likelihood.cov))
        total = weights.sum(1, keepdims=True)
        xm, ym = (
            (weights * points.x).sum(1, keepdims=True) / total,
            (weights * points.y).sum(1, keepdims=True) / total,
        )
        u, v = points.x - xm, points.y - ym
        pull = weights**2 * (u * variance + b * v * likelihood.vx - (b * u + v) * likelihood.cov)
        b = (pull * v).sum(1, keepdims=True) / (pull * u).sum(1, keepdims=True)
        a = ym - b * xm
    values = np.asarray(likelihood.value(a, b, w))
    values = np.where(np.isfinite(values), values, -np.inf)
    left, right = np.r_[-np.inf, values[:-1]], np.r_[values[1:], -np.inf]
    none = float(likelihood.value(first.intercept, first.slope, 0.0))
    peaks = np.flatnonzero((values >= left) & (values > right) & (values > none))
    found = sorted(peaks, key=lambda at: -float(values[at]))[:4]
    return [np.array([a[at, 0], b[at, 0], np.log(w[at, 0])]) for at in found]


def _climb(likelihood: _Likelihood, start: Floats, first: Line) -> tuple[float, Floats, Floats] | None:
    """Return value, place and Hessian of the maximum that is reached from here, or None where w goes to 0."""
    scale = np.array([first.intercept_sd, first.slope_sd, 1.0])
    at, damping = start, 1e-3
    value, gradient, hessian = likelihood.derivatives(*at)
    smallest = float(start[2]) - 12
    for _ in range(_ROUNDS):
        if not np.isfinite(value) or not np.isfinite(hessian).all():
            return None
        scaled = hessian * np.outer(scale, scale)
        eigen, vectors = np.linalg.eigh(scaled)
        eigen = np.maximum(np.abs(eigen), 1e-12 * np.abs(eigen).max()) + damping * np.abs(eigen)
        step = scale * (vectors @ ((vectors.T @ (gradient * scale)) / eigen))
        step *= min(1.0, 2 / (abs(float(step[2])) + 1e-300))
        there = at + step
        ahead = likelihood.derivatives(*there)
        if ahead[0] >= value - 1e-13 * abs(value):
            small = float(np.abs(step / scale).max()) < 1e-9
            at, (value, gradient, hessian) = there, ahead
            damping = damping / 10 if damping > 1e-14 else 0.0
            if small:
                break
        else:
            damping = max(10 * damping, 1e-6)
            if damping > 1e12:
                break
        if at[2] < smallest:
            return None
    if (
        not np.isfinite(hessian).all()
        or float(np.linalg.eigvalsh(hessian * np.outer(scale, scale)).min()) <= 0
    ):
        return None
    return value, at, hessian
