"""Reading what the air of a place was like: the newest readings of each quantity, and where they were taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from aliquot import air
from aliquot.site.models import Environment, Place

DRAWN_MOST = 300


@dataclass(frozen=True, slots=True)
class Read:
    """One reading: the value as it was written, and in the unit in which its quantity is drawn."""

    at: datetime
    value: Decimal
    unit: str
    instrument: str
    drawn: Decimal


@dataclass(frozen=True, slots=True)
class Series:
    """The newest readings of one quantity, oldest first, in the unit in which they are drawn."""

    quantity: str
    unit: str
    readings: tuple[Read, ...]


def of(chain: Sequence[Place]) -> tuple[Place | None, tuple[Series, ...]]:
    """Return the nearest of these places in which the air was read, and what was read there; two statements."""
    found = set(
        Environment.objects.filter(place__in=[one.pk for one in chain]).order_by().values_list("place", flat=True).distinct()
    )  # fmt: skip
    place = next((one for one in chain if one.pk in found), None)
    return place, series(place) if place else ()


def series(place: Place) -> tuple[Series, ...]:
    """Return the newest readings in a place, by quantity."""
    newest = Window(RowNumber(), partition_by="quantity", order_by=F("at").desc())
    rows = (
        Environment.objects.filter(place=place).annotate(back=newest).filter(back__lte=DRAWN_MOST)
        .order_by("quantity", "at").values_list("quantity", "at", "value", "unit", "instrument__key")
    )  # fmt: skip
    order = list(air.QUANTITIES)
    grouped = [
        Series(quantity, air.QUANTITIES[quantity].unit, tuple(_read(*row) for row in each))
        for quantity, each in groupby(rows, key=lambda row: row[0])
    ]
    return tuple(sorted(grouped, key=lambda one: order.index(one.quantity)))


def _read(quantity: str, at: datetime, value: Decimal, unit: str, instrument: str | None) -> Read:
    return Read(at, value, unit, instrument or "", value * air.QUANTITIES[quantity].units[unit])
