"""Which age has a radiogenic ratio, by which clock?

t = ln(1 + g R) / lambda: g is 1, J for Ar-Ar, one over the share of decays that give calcium for K-Ca. Pb-Pb has an
equation of its own (`lead`). Ages in Ma, decay constants in 1/Ma, errors one standard deviation, first order.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from aliquot.chronology import lead
from aliquot.chronology.constants import Chosen
from aliquot.chronology.regression import Floats

LAMBDA: Final = {
    "Rb-Sr": "lambda_Rb87",
    "Sm-Nd": "lambda_Sm147",
    "Lu-Hf": "lambda_Lu176",
    "Re-Os": "lambda_Re187",
    "K-Ca": "lambda_K40",
    "Th-Pb": "lambda_Th232",
    "Ar-Ar": "lambda_K40",
    "U238-Pb206": "lambda_U238",
    "U235-Pb207": "lambda_U235",
    "Th232-Pb208": "lambda_Th232",
}
LEAD: Final = frozenset({"Pb-Pb", "Pb207-Pb206"})
URANIUM: Final = ("lambda_U238", "lambda_U235", "U238U235")


def needed(clock: str) -> tuple[str, ...]:
    """Return the names of the constants with which this clock turns a ratio into an age."""
    if clock in LEAD or clock == "U-Pb":
        return URANIUM
    return (LAMBDA[clock], "fraction_K40_Ca") if clock == "K-Ca" else (LAMBDA[clock],)


@dataclass(frozen=True, slots=True)
class Dated:
    """Ages with the errors that come from the ratios, and apart from them those of constants and J.

    `by_ratio` is d t / d R, for errors that reach the ratio on another way. Not a number where a ratio has no age.
    """

    age_ma: Floats
    sd_ma: Floats
    external_ma: Floats
    by_ratio: Floats


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock with its constants; `factor` is the g of the equation and `factor_sd` its relative error."""

    name: str
    decay: float = 0.0
    decay_sd: float = 0.0
    factor: float | Floats = 1.0
    factor_sd: float | Floats = 0.0
    uranium: lead.Uranium | None = None

    def date(self, ratios: Floats, sds: Floats) -> Dated:
        """Return the ages of radiogenic ratios."""
        if self.uranium:
            ages = lead.age(ratios, self.uranium)
            by_ratio = lead.sd(ratios, np.ones_like(ratios), ages, self.uranium)
            return Dated(ages, by_ratio * sds, lead.external_sd(ages, self.uranium), by_ratio)
        grown = np.where(ratios >= 0, self.factor * ratios, np.nan)
        ages = np.log1p(grown) / self.decay
        by_ratio = self.factor / (1 + grown) / self.decay
        return Dated(ages, by_ratio * sds, self.external(ages), by_ratio)

    def ratio(self, ages: Floats) -> Floats:
        """Return the radiogenic ratios of ages."""
        if self.uranium:
            return lead.ratio(ages, self.uranium)
        return np.asarray(np.expm1(self.decay * ages) / self.factor)

    def external(self, ages: Floats) -> Floats:
        """Return the errors of ages that come from constants and J."""
        if self.uranium:
            return lead.external_sd(ages, self.uranium)
        by_factor = -np.expm1(-self.decay * ages) / self.decay * self.factor_sd
        return np.hypot(ages * (self.decay_sd / self.decay), by_factor)


def uranium(constants: Chosen) -> lead.Uranium:
    """Return what the clocks of uranium need."""
    l238, l235, ratio = (constants.get(name) for name in URANIUM)
    return lead.Uranium(l238.value, l235.value, ratio.value, l238.error, l235.error, ratio.error)


def clock(name: str, constants: Chosen, *, j: tuple[float | Floats, float | Floats] | None = None) -> Clock:
    """Return the clock on these constants; for Ar-Ar with J and its error, where an age is to come of a ratio."""
    if name in LEAD:
        return Clock(name, uranium=uranium(constants))
    decay = constants.get(LAMBDA[name])
    if name == "K-Ca":
        share = constants.get("fraction_K40_Ca")
        return Clock(name, decay.value, decay.error, 1 / share.value, share.error / share.value)
    if name == "Ar-Ar" and j is not None:
        return Clock(name, decay.value, decay.error, j[0], j[1] / j[0])
    return Clock(name, decay.value, decay.error)
