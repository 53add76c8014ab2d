"""How long is the bar that shows a picture's scale? A round length, drawn to the micrometre.

Lengths are exact decimals of micrometres; a bar is 1, 2 or 5 times a power of ten, as rulers are divided.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from aliquot import fault

# The bar takes between a tenth and a quarter of the picture's width.
SHARE_MOST: Final = Fraction(1, 4)
_UNITS: Final = (("nm", Decimal("0.001")), ("µm", Decimal(1)), ("mm", Decimal(1000)), ("cm", Decimal(10_000)),
                 ("m", Decimal(1_000_000)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a round length, `length_px` pixels of the picture long."""

    length_um: Decimal
    length_px: Fraction

    @property
    def label(self) -> str:
        """The length in the largest unit of which it is at least one: `500 µm`, `2 mm`."""
        name, unit = next((pair for pair in reversed(_UNITS) if self.length_um >= pair[1]), _UNITS[0])
        return f"{_plain(self.length_um / unit)} {name}"


def bar(*, um_per_px: Decimal, width_px: int) -> Bar:
    """Return the longest round bar that is at most a quarter of the picture's width."""
    if um_per_px <= 0 or width_px <= 0:
        fault.bug("a scale and a width are above zero")
    most = Fraction(um_per_px) * width_px * SHARE_MOST
    power = _power_below(most)
    step = next(n for n in (5, 2, 1) if n * power <= most)
    length = step * power
    return Bar(Decimal(length.numerator) / Decimal(length.denominator), length / Fraction(um_per_px))


def _power_below(length: Fraction) -> Fraction:
    """Return the greatest power of ten that is not above the length."""
    power = Fraction(10) ** (len(str(length.numerator)) - len(str(length.denominator)))
    return power if power <= length else power / 10


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
