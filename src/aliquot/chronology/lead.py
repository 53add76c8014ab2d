"""Which age has a ratio 207Pb*/206Pb*?

R = (exp(l235 t) - 1) / (exp(l238 t) - 1) / (238U/235U). Newton's method on ln R, which rises and is convex, so that it
converges from anywhere. Ages in Ma, from 0 to 10,000; decay constants in 1/Ma.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from aliquot.chronology.regression import Floats

OLDEST_MA: Final = 10_000.0
_SMALL: Final = 0.02


@dataclass(frozen=True, slots=True)
class Uranium:
    """The decay constants in 1/Ma, 238U/235U, and their standard deviations."""

    l238: float
    l235: float
    ratio: float
    l238_sd: float = 0.0
    l235_sd: float = 0.0
    ratio_sd: float = 0.0


def ratio(age_ma: Floats, by: Uranium) -> Floats:
    """Return 207Pb*/206Pb* after so long; after no time, the limit."""
    return np.exp(_log_ratio(np.asarray(age_ma, dtype=float), by))


def age(ratios: Floats, by: Uranium) -> Floats:
    """Return the ages in Ma; not a number where a ratio is below that of today or above that at 10,000 Ma."""
    ratios = np.asarray(ratios, dtype=float)
    low, high = ratio(np.array([0.0, OLDEST_MA]), by)
    inside = (ratios >= low) & (ratios <= high)
    wanted = np.log(np.where(inside, ratios, high))
    ages = np.full(ratios.shape, OLDEST_MA)
    for _ in range(60):
        step = (_log_ratio(ages, by) - wanted) / slope(ages, by)
        ages = np.clip(ages - step, 0.0, OLDEST_MA)
        if float(np.abs(step).max(initial=0.0)) < 1e-9:
            break
    return np.where(inside, ages, np.nan)


def slope(age_ma: Floats, by: Uranium) -> Floats:
    """Return d ln R / d t in 1/Ma."""
    return np.asarray(by.l235 * _growth(by.l235 * age_ma) - by.l238 * _growth(by.l238 * age_ma))


def sd(ratios: Floats, sds: Floats, ages: Floats, by: Uranium) -> Floats:
    """Return the errors of the ages from those of the ratios, first order."""
    return np.asarray(sds / (ratios * slope(ages, by)))


def external_sd(ages: Floats, by: Uranium) -> Floats:
    """Return the errors of the ages from those of the two decay constants and of 238U/235U, first order."""
    lever5 = (1 + by.l235 * ages * _growth(by.l235 * ages)) / by.l235
    lever8 = (1 + by.l238 * ages * _growth(by.l238 * ages)) / by.l238
    variance = (lever5 * by.l235_sd) ** 2 + (lever8 * by.l238_sd) ** 2 + (by.ratio_sd / by.ratio) ** 2
    return np.asarray(np.sqrt(variance) / slope(ages, by))


def _log_ratio(age_ma: Floats, by: Uranium) -> Floats:
    return np.asarray(
        _log_mean(by.l235 * age_ma) - _log_mean(by.l238 * age_ma) + np.log(by.l235 / by.l238 / by.ratio)
    )


def _log_mean(z: Floats) -> Floats:
    """Return ln((exp(z) - 1) / z), 0 at z = 0."""
    safe = np.where(z == 0, 1.0, z)
    return np.where(z == 0, 0.0, np.log(np.expm1(safe) / safe))


def _growth(z: Floats) -> Floats:
    """Return the derivative of ln((exp(z) - 1) / z): 1 + 1/(exp(z) - 1) - 1/z, by its series near 0."""
    safe = np.where(np.abs(z) < _SMALL, 1.0, z)
    series = 0.5 + z / 12 - z**3 / 720 + z**5 / 30240
    return np.where(np.abs(z) < _SMALL, series, 1 + 1 / np.expm1(safe) - 1 / safe)
