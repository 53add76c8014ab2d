"""What was the air of a place like? The quantities that are watched, their units, and what a reading states.

Oxygen and water in ppm, pressure and particle counts, watched weekly to daily [N25]; temperature, since some cores are
kept frozen [N15]. A value stays the decimal text that an instrument gave. Knows no place and no clock.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final

from aliquot import fault
from aliquot.fault import Fault


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is measured: the units it may be given in, each with its factor to the first of them."""

    key: str
    units: Mapping[str, Decimal]
    may_be_below_zero: bool = False

    @property
    def unit(self) -> str:
        """The unit in which readings are compared and drawn."""
        return next(iter(self.units))


QUANTITIES: Final[Mapping[str, Quantity]] = {
    one.key: one
    for one in (
        Quantity("oxygen", {"ppm": Decimal(1)}),
        Quantity("water", {"ppm": Decimal(1)}),
        Quantity("pressure", {"Pa": Decimal(1), "hPa": Decimal(100), "mbar": Decimal(100), "kPa": Decimal(1000)}),
        Quantity("particles", {"1/m³": Decimal(1), "1/l": Decimal(1000)}),
        Quantity("temperature", {"°C": Decimal(1)}, may_be_below_zero=True),
    )
}  # fmt: skip
_VALUE: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_AT: Final = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(Z|[+-]\d{2}:\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reading:
    """At a time in UTC a quantity had this value, as it was written, in this unit."""

    at: datetime
    quantity: str
    value: Decimal
    unit: str

    @property
    def compared(self) -> Decimal:
        """The value in the unit in which the quantity's readings are compared."""
        return self.value * QUANTITIES[self.quantity].units[self.unit]


def read(given: Mapping[str, str], *, now: datetime) -> Reading | tuple[Fault, ...]:
    """Return what `at`, `quantity`, `value` and `unit` state, or every fault of them, each by its name."""
    faults: list[Fault] = []
    at = _moment(given.get("at", ""), now, faults)
    quantity = QUANTITIES.get(given.get("quantity", ""))
    if quantity is None:
        faults.append(fault.of("quantity", "“{word}” is not a quantity that is watched", "use one of: {words}",
                               word=given.get("quantity", "")[:40], words=", ".join(QUANTITIES)))  # fmt: skip
    elif given.get("unit", "") not in quantity.units:
        faults.append(fault.of("unit", "“{word}” is not a unit of this quantity", "use one of: {words}",
                               word=given.get("unit", "")[:40], words=", ".join(quantity.units)))  # fmt: skip
    value = given.get("value", "")
    if not _VALUE.fullmatch(value):
        faults.append(fault.of("value", "“{value}” is not a reading",
                               "write digits with a point and at most six decimals: no unit, no marks for thousands",
                               value=value[:40]))  # fmt: skip
    elif value.startswith("-") and quantity and not quantity.may_be_below_zero:
        faults.append(fault.of("value", "“{value}” is below zero", "check it", value=value[:40]))
    if faults or at is None or quantity is None:
        return tuple(faults)
    return Reading(at, quantity.key, Decimal(value), given["unit"])


def _moment(text: str, now: datetime, faults: list[Fault]) -> datetime | None:
    """Return the time in UTC; one without its distance from UTC could be any of several hours."""
    match = _AT.fullmatch(text)
    try:
        at = datetime.fromisoformat("".join((match[1], "T", match[2], match[3]))) if match else None
        at = at.astimezone(UTC) if at else None
    except (ValueError, OverflowError):
        at = None
    if at is None:
        faults.append(fault.of("at", "“{text}” is not a time that can be placed",
                               "write date, time and distance from UTC: 2026-11-24T09:30+08:00", text=text[:40]))  # fmt: skip
    elif at > now:
        faults.append(fault.of("at", "“{text}” is in the future", "check the date and the distance from UTC",
                               text=text[:40]))  # fmt: skip
        return None
    return at
