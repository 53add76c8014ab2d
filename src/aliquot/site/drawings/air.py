"""How was the air over time? Readings of one quantity as a line, over days, weeks or months.

Where readings are far apart the line is broken: nobody knows what lay between.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from aliquot.site.drawings import svg

WIDTH: Final = 800.0
HEIGHT: Final = 220.0
_LEFT: Final = 96.0
_RIGHT: Final = 24.0
_TOP: Final = 18.0
_BASE: Final = HEIGHT - 40.0
_TICKS: Final = 4
_DAY: Final = 86_400
# Steps between marks of time in seconds, and how a mark is written.
_STEPS: Final = (
    *((hours * 3600, "%H:%M") for hours in (1, 3, 6, 12)),
    *((days * _DAY, "%m-%d") for days in (1, 2, 7, 14)),
    *((days * _DAY, "%Y-%m-%d") for days in (30, 91, 182, 365, 730, 1826, 3652)),
)
_GAP: Final = 6  # a stretch so many times longer than the usual one is a gap


@dataclass(frozen=True, slots=True)
class Reading:
    """At a time this was read."""

    at: datetime
    value: Decimal


def draw(
    readings: Sequence[Reading], *, unit: str, prefix: str, title: str, description: str = "", fill: int = 2
) -> str:
    """Return the picture of readings in time order, all in one unit; nothing where there is none."""
    if not readings:
        return ""
    first, last = readings[0].at, readings[-1].at
    if first == last:
        first, last = first - timedelta(hours=12), last + timedelta(hours=12)
    low, high = _bounds([one.value for one in readings])
    whole = (last - first).total_seconds()

    def x(at: datetime) -> float:
        return _LEFT + (at - first).total_seconds() / whole * (WIDTH - _LEFT - _RIGHT)

    def y(value: Decimal) -> float:
        return _BASE - float((value - low) / (high - low)) * (_BASE - _TOP)

    return svg.picture(
        *(_grid(value, y(value), unit) for value in ticks(low, high)),
        svg.element("path", d=svg.path(["M", _LEFT, _BASE, "H", WIDTH - _RIGHT]), class_="d-axis"),
        *_times(first, last, x),
        svg.element("path", d=svg.path(_line(readings, x, y)), class_=f"d-series d-line-{fill}"),
        *(_point(one, x(one.at), y(one.value), unit, fill) for one in readings),
        prefix=prefix, title=title, description=description, width=WIDTH, height=HEIGHT, class_="d-air",
    )  # fmt: skip


def _bounds(values: Sequence[Decimal]) -> tuple[Decimal, Decimal]:
    """Return between which values is drawn: zero is among them unless the readings are far from it."""
    low, high = min(values), max(values)
    if 0 <= low <= (high - low) * 3:
        low = Decimal(0)
    air = (high - low) / 10 or abs(high) / 10 or Decimal(1)
    return (low if low == 0 else low - air), high + air


def ticks(low: Decimal, high: Decimal) -> list[Decimal]:
    """Return round values between two, about four of them."""
    rough = (high - low) / _TICKS
    power = Decimal(10) ** rough.adjusted()
    step = next(power * by for by in (1, 2, 5, 10) if power * by >= rough)
    first = -(-low // step) * step
    if first < low:
        first += step
    found = [first + step * i for i in range(_TICKS + 2)]
    return [value for value in found if low <= value <= high]


def _grid(value: Decimal, y: float, unit: str) -> str:
    line = svg.element("path", d=svg.path(["M", _LEFT, y, "H", WIDTH - _RIGHT]), class_="d-grid")
    words = f"{_plain(value)} {unit}"
    return line + svg.text(words, x=_LEFT - 10, y=y + 5, class_="d-text d-small d-quiet", anchor="end")


def _plain(value: Decimal) -> str:
    said = f"{value:f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def _times(first: datetime, last: datetime, x: Callable[[datetime], float]) -> list[str]:
    whole = (last - first).total_seconds()
    step, form = next((one for one in _STEPS if whole / one[0] <= 7), _STEPS[-1])
    begin = -(-int(first.timestamp()) // step) * step
    marks = [datetime.fromtimestamp(at, UTC) for at in range(begin, int(last.timestamp()) + 1, step)] or [
        first
    ]
    return [_time(at, x(at), at.strftime(form)) for at in marks]


def _time(at: datetime, x: float, said: str) -> str:
    mark = svg.element("path", d=svg.path(["M", x, _BASE, "V", _BASE + 7]), class_="d-axis")
    anchor = "end" if x > WIDTH - 70 else "middle"
    words = svg.text(said, x=x, y=_BASE + 24, class_="d-text d-small d-quiet", anchor=anchor)
    return svg.element("g", svg.element("title", svg.said(f"{at:%Y-%m-%d %H:%M} UTC")), mark, words)


def _line(
    readings: Sequence[Reading], x: Callable[[datetime], float], y: Callable[[Decimal], float]
) -> list[str | float]:
    apart = [(after.at - before.at).total_seconds() for before, after in pairwise(readings)]
    usual = sorted(apart)[len(apart) // 2] if apart else 0
    parts: list[str | float] = ["M", x(readings[0].at), y(readings[0].value)]
    for one, gap in zip(readings[1:], apart, strict=True):
        parts += ["M" if usual and gap > _GAP * usual else "L", x(one.at), y(one.value)]
    return parts


def _point(one: Reading, x: float, y: float, unit: str, fill: int) -> str:
    said = f"{one.at:%Y-%m-%d %H:%M} UTC: {_plain(one.value)} {unit}"
    return svg.element(
        "circle", svg.element("title", svg.said(said)), cx=x, cy=y, r=2.5, class_=f"d-fill-{fill}"
    )
