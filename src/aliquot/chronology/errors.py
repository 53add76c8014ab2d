"""How is an error told: one sigma, inflated, with which constants, at which coverage?

Inside, an error is one standard deviation. Where the probability of fit is below alpha it is also given times
sqrt(MSWD), and what is quoted says in words which of them it is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from aliquot.chronology.distributions import Z95, student_t95
from aliquot.chronology.fields import Settings


@dataclass(frozen=True, slots=True)
class Fit:
    """How well rows agree: None where the model does not say. `n` counts the rows."""

    n: int
    df: int | None
    mswd: float | None
    p_value: float | None

    def inflates(self, alpha: float) -> bool:
        """Whether the scatter is more than the errors explain."""
        return self.p_value is not None and self.p_value < alpha

    @property
    def factor(self) -> float:
        """sqrt(MSWD)."""
        return math.sqrt(self.mswd or 0.0)


@dataclass(frozen=True, slots=True)
class AgeError:
    """One standard deviation of an age: without and, where the rows scatter too much, with sqrt(MSWD)."""

    sd: float
    inflated: float | None


def of_age(sd: float, external: float, fit: Fit, settings: Settings) -> AgeError:
    """Return the error from the rows joined, in squares, with the external one if that is asked for."""
    added = external if settings.external else 0.0
    inflated = math.hypot(sd * fit.factor, added) if fit.inflates(settings.alpha) else None
    return AgeError(math.hypot(sd, added), inflated)


def quoted(
    age_ma: float, error: AgeError, fit: Fit, settings: Settings, *, what: str = ""
) -> Mapping[str, object]:
    """Return age and half width at the coverage that was asked for, and a label that says what is in it."""
    sd = error.sd if error.inflated is None else error.inflated
    half_width, factor = _half_width(sd, error, fit, settings)
    source = (
        "from the scatter of the rows about the line"
        if settings.model == 2
        else "from the errors of the rows"
    )
    if error.inflated is not None:
        source += f", times the square root of MSWD because p is below {settings.alpha:g}"
    elif settings.random_effects or settings.model == 3:
        source += " and their scatter beyond these"
    constants = "with" if settings.external else "without"
    label = f"{what}{factor}, {source}, {constants} the errors of constants{_argon(settings)}"
    return {"age_ma": age_ma, "half_width_ma": half_width, "coverage": settings.coverage, "label": label}


def rounded(age_ma: float, half_width_ma: float) -> str:
    """Return both as a reader wants them: two digits of the half width, and as many of the age."""
    size = math.floor(math.log10(half_width_ma)) if half_width_ma > 0 else -6
    decimals = min(max(0, 1 - size), 12)
    return f"{age_ma:,.{decimals}f} ± {half_width_ma:,.{decimals}f} Ma"


def _half_width(sd: float, error: AgeError, fit: Fit, settings: Settings) -> tuple[float, str]:
    if settings.coverage == "1s":
        return sd, "1 sigma"
    if settings.coverage == "2s":
        return 2 * sd, "2 sigma"
    df = fit.df if error.inflated is not None else fit.n - 2 if settings.model == 2 else None
    if df is None:
        return Z95 * sd, "95 % confidence (1.96 sigma)"
    times = student_t95(df)
    return times * sd, f"95 % confidence (Student's t for {df} degrees of freedom, {times:.2f} sigma)"


def _argon(settings: Settings) -> str:
    return " and J" if settings.clock == "Ar-Ar" else ""
