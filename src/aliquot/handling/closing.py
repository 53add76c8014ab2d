"""Does a division add up? Parent less daughters, fines, loss and what is left is nothing, within what the balance can tell.

A difference beyond twice the combined standard deviation asks for a reason, and then stands as drift in the book, where
it cannot hide. Domain facts, section 6.2. Combination: `weighings.combined_sd_ng`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aliquot import fault, mass
from aliquot.fault import Fault
from aliquot.weighings import COVERAGE, combined_sd_ng


@dataclass(frozen=True, slots=True)
class Closing:
    """The masses of a division in nanograms; `left_ng` is None where what is left was not weighed."""

    book_ng: int
    taken_ng: int  # daughters, fines and loss together
    left_ng: int | None
    sds_ng: tuple[int, ...]

    @property
    def gap_ng(self) -> int:
        """What is missing (above zero) or too much (below), as far as it was weighed."""
        return 0 if self.left_ng is None else self.book_ng - self.taken_ng - self.left_ng

    @property
    def tolerance_ng(self) -> int:
        """What the balances allow for: twice the combined standard deviation."""
        return COVERAGE * combined_sd_ng(*self.sds_ng)

    @property
    def rest_ng(self) -> int:
        """What stays with the parent by the book, where it is not weighed; below zero where too much is taken."""
        return self.book_ng - self.taken_ng

    @property
    def closes(self) -> bool:
        """Whether what was weighed adds up within what the balances allow."""
        return abs(self.gap_ng) <= self.tolerance_ng

    @property
    def drift_ng(self) -> int:
        """What the book of the parent must gain (or lose) before the division, so that it ends where it was seen to.

        Within the tolerance the book stays as it is, unless it would keep a mass that is not there, or lack one.
        """
        if self.left_ng is None:
            return 0
        beyond = abs(self.gap_ng) > self.tolerance_ng
        return -self.gap_ng if beyond or self.left_ng == 0 or self.taken_ng > self.book_ng else 0


def check(closing: Closing, *, reason: str, where: str) -> Iterator[Fault]:
    """Yield what keeps the division from being recorded."""
    if closing.left_ng is None:
        if closing.taken_ng > closing.book_ng:
            yield fault.of(
                where,
                "{taken} are taken but {held} are left",
                "take no more than that, or weigh what is left now and tell it (0 g where nothing is)",
                taken=mass.show(closing.taken_ng),
                held=mass.show(closing.book_ng),
            )
    elif abs(closing.gap_ng) > closing.tolerance_ng and not reason:
        yield fault.of(
            "reason",
            "parent, daughters, fines, loss and rest differ by {gap}, more than the {tolerance} that the balances allow",
            "weigh again, or give the reason; the difference then stands as drift",
            gap=mass.show(closing.gap_ng),
            tolerance=mass.show(closing.tolerance_ng),
        )
