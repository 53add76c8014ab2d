"""Do a number or date in a text and one in the record agree? By the precision that the text states.

Half a unit of the last significant digit; with "about" five hundredths or that, whichever is wider; with "more than" up to a
quarter more; with "up to" nothing more. Counts are exact. A day may be that of UTC or of the mission's own country.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, timedelta, timezone
from decimal import Decimal
from typing import Final

from aliquot.dates import When
from aliquot.reading import datings
from aliquot.reading.marks import Bound, Quantity
from aliquot.vocabulary import Precision

_ABOUT: Final = Decimal("0.05")
_MORE: Final = Decimal("1.25")
_BEIJING: Final = timezone(timedelta(hours=8))


def numbers(
    said: Quantity, value: Decimal, *, spread: Decimal = Decimal(0), precision: Precision = Precision.STATED
) -> bool:
    """Whether a number of the record lies within what the text states, or within its own uncertainty."""
    if precision is Precision.AT_LEAST and said.value >= value:
        return said.value <= value * _MORE
    if precision is Precision.AT_MOST and said.value <= value:
        return True
    if said.bound is Bound.OVER:
        return said.value <= value + spread and value <= said.value * _MORE
    if said.bound is Bound.UNDER:
        return value - spread <= said.value
    room = Decimal(0) if said.unit == "count" else max(said.half, spread)
    if said.bound is Bound.ABOUT:
        room = max(room, said.half, said.value * _ABOUT)
    if precision is Precision.ABOUT:
        room = max(room, value * _ABOUT if said.unit == "count" else spread)
    return abs(said.value - value) <= room


def dates(said: str, known: When) -> bool:
    """Whether one of two dates contains the other; one that is open at an end agrees with what lies on its side."""
    first, last = datings.span(said)
    return any(_contains(first, last, low, high) for low, high in _days(known))


def _contains(first: date, last: date, low: date | None, high: date | None) -> bool:
    if low is None or high is None:
        return (low is None or low <= last) and (high is None or first <= high)
    return (low <= first and last <= high) or (first <= low and high <= last)


def _days(known: When) -> list[tuple[date | None, date | None]]:
    if known.at is None:
        return [(known.first, known.last)]
    days = {known.at.date(), known.at.astimezone(UTC).date(), known.at.astimezone(_BEIJING).date()}
    return [(day, day) for day in sorted(days)]


@dataclass(frozen=True, slots=True)
class Apart:
    """How far a date of the record lies from the one claimed: a number of `day`, `month` or `year`, later or earlier."""

    number: int
    unit: str
    is_later: bool


def apart(said: str, known: When) -> Apart | None:
    """Return how far apart two dates are; None where they meet or are open."""
    first, last = datings.span(said)
    low, high = known.first or known.last, known.last or known.first
    if low is None or high is None or (first <= high and low <= last):
        return None
    days, is_later = ((low - last).days, True) if low > last else ((first - high).days, False)
    if len(said) == 4 or days > 720:
        years = abs(low.year - first.year)
        return Apart(years, "year", is_later) if years else Apart(days, "day", is_later)
    if len(said) == 7:
        return Apart(abs((low.year - first.year) * 12 + low.month - first.month), "month", is_later)
    return Apart(days, "day", is_later)


def distance(said: str, known: When) -> str:
    """Return how far apart two dates are, in words; empty where they meet or are open."""
    found = apart(said, known)
    if found is None:
        return ""
    plural = "s" * (found.number != 1)
    return f"{found.number} {found.unit}{plural} {'later' if found.is_later else 'earlier'}"
