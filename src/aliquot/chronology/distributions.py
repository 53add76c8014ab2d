"""How probable is so large a deviation? Chi-square, Student's t and the Gaussian, for whole degrees of freedom.

For whole degrees of freedom all three are finite sums of positive terms (Abramowitz and Stegun 1964, 26.4.4,
26.4.5, 26.7.3, 26.7.4), exact to the last digits.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Final

Z95: Final = 1.959964  # 95 % of a Gaussian lie within so many standard deviations


def chi_square_p(chi_square: float, df: int) -> float:
    """Return the probability that chi-square with `df` degrees of freedom is larger; 1 where df is 0."""
    if df <= 0 or chi_square <= 0:
        return 1.0
    half = chi_square / 2
    if not math.isfinite(half):
        return 0.0
    start = 0.0 if df % 2 == 0 else 0.5
    log_half = math.log(half)
    terms = [
        math.exp(power * log_half - half - math.lgamma(power + 1))
        for power in (start + step for step in range(df // 2))
    ]
    tail = math.erfc(math.sqrt(half)) if df % 2 else 0.0
    return min(1.0, math.fsum([tail, *terms]))


def two_sided_p(deviates: float) -> float:
    """Return the probability that a Gaussian lies further off than so many standard deviations, either side."""
    return math.erfc(deviates / math.sqrt(2))


@cache
def student_t95(df: int) -> float:
    """Return t(0.975, df): within so many standard deviations lie 95 % of Student's t."""
    low, high = 0.0, math.pi / 2  # in the angle theta with t = sqrt(df) tan(theta) the quantile is bounded
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _student_within(middle, df) < 0.95 else (low, middle)
    return math.sqrt(df) * math.tan((low + high) / 2)


def _student_within(theta: float, df: int) -> float:
    """Return the probability that |t| is below sqrt(df) tan(theta)."""
    cos2, sin = math.cos(theta) ** 2, math.sin(theta)
    first = 2 if df % 2 else 1
    term, total = 1.0, 0.0
    for step in range(df // 2):
        total += term
        term *= cos2 * (first + 2 * step) / (first + 2 * step + 1)
    if df % 2 == 0:
        return sin * total
    return 2 / math.pi * (theta + sin * math.cos(theta) * total)
