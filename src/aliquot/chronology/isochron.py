"""What do slope and intercept of an isochron say: which radiogenic ratio, which initial ratio?

Normal: slope, intercept. Inverse Pb-Pb: intercept, slope. Other inverse lines: -slope/intercept, 1/intercept. Errors
are first order, with the covariance of slope and intercept.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from aliquot.chronology import overdispersed
from aliquot.chronology.layouts import NORMAL
from aliquot.chronology.refusal import NotDatable, Rule
from aliquot.chronology.regression import Line


@dataclass(frozen=True, slots=True)
class Ratios:
    """The radiogenic ratio, whose age is asked, and the ratio before any decay; one standard deviation each."""

    radiogenic: float
    radiogenic_sd: float
    initial: float
    initial_sd: float


def ratios(line: Line, clock: str, form: str) -> Ratios:
    """Return what the line says; raise `NotDatable` where its radiogenic ratio is not above 0."""
    a, b = line.intercept, line.slope
    if form == NORMAL:
        found = Ratios(b, line.slope_sd, a, line.intercept_sd)
    elif clock == "Pb-Pb":
        found = Ratios(a, line.intercept_sd, b, line.slope_sd)
    else:
        if a == 0:
            raise NotDatable(Rule.NO_AGE, "the line runs through the origin, where an inverse isochron has no age",
                             "look for rows that do not belong to it")  # fmt: skip
        variance = (line.slope_sd / a) ** 2 + (b * line.intercept_sd / a**2) ** 2
        variance -= 2 * b * line.covariance / a**3
        found = Ratios(-b / a, math.sqrt(max(variance, 0.0)), 1 / a, line.intercept_sd / a**2)
    if not found.radiogenic > 0:
        raise NotDatable(
            Rule.NO_AGE,
            f"the line's radiogenic ratio is {found.radiogenic:.6g}, and only a ratio above 0 has an age",
            "look for rows that do not belong to it, or take the rows as a mixing line",
        )
    return found


def scatter(clock: str | None, form: str, overdispersed_: str) -> overdispersed.Kind:
    """Return how y moves with what scatters beyond the errors: the `initial` ratio or the `age`."""
    by_age = overdispersed_ == "age"
    if form == NORMAL:
        return overdispersed.along_x if by_age else overdispersed.constant
    if clock == "Pb-Pb":
        return overdispersed.constant if by_age else overdispersed.along_x
    return overdispersed.inverse_radiogenic if by_age else overdispersed.inverse_initial
