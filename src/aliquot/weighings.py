"""What does the balance say, and does it agree with the book? Weighings with their uncertainty.

A weighing is an assertion, not a change: where book and balance differ by more than their combined
uncertainty, the difference wants a reason and an `adjust` entry. Uncertainties are one standard deviation;
the laboratory's own text stays beside them. Combination in quadrature: JCGM 100:2008 (GUM), 5.1.2; the
coverage factor 2 is its 6.3.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isqrt
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

COVERAGE: Final = 2


@dataclass(frozen=True, slots=True)
class Weighing:
    """One result of a balance for one sample; `sd_ng` is one standard deviation, `reading` the text as shown."""

    sample: str
    reading: str
    mass_ng: int
    sd_ng: int
    balance: str
    calibration: str
    person: str
    at: str
    count: int = 1


def mean_ng(readings_ng: Sequence[int]) -> tuple[int, int]:
    """Return the mean of repeated readings and the standard deviation of that mean, in whole nanograms.

    At least two readings; rounding is half up for the mean and upward for the deviation (never too sure).
    """
    count = len(readings_ng)
    if count < 2:
        fault.bug("a spread needs two readings")
    total_ng = sum(readings_ng)
    squares = count * sum(ng * ng for ng in readings_ng) - total_ng * total_ng
    variance_of_mean = -(-squares // (count * count * (count - 1)))
    sd_ng = isqrt(variance_of_mean)
    return (2 * total_ng + count) // (2 * count), sd_ng + (sd_ng * sd_ng < variance_of_mean)


def combined_sd_ng(*sds_ng: int) -> int:
    """Return the standard deviation of a sum or difference of independent masses, rounded upward."""
    squares = sum(sd * sd for sd in sds_ng)
    root = isqrt(squares)
    return root + (root * root < squares)


def check(weighing: Weighing, *, book_ng: int, book_sd_ng: int) -> tuple[Fault, ...]:
    """Return the fault of a balance that disagrees with the book beyond twice their combined uncertainty."""
    gap_ng = weighing.mass_ng - book_ng
    tolerance_ng = COVERAGE * combined_sd_ng(weighing.sd_ng, book_sd_ng)
    if abs(gap_ng) <= tolerance_ng:
        return ()
    return (
        fault.of(
            weighing.sample,
            "the balance differs from the book by {gap} ng, more than the {tolerance} ng that both allow",
            "weigh again, or give the reason and adjust the book",
            gap=gap_ng,
            tolerance=tolerance_ng,
        ),
    )
