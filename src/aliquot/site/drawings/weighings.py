"""What did the balance say, when, and how sure was it? Readings as points with bars of two standard deviations,
and the book's mass as a line beside them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from aliquot import mass
from aliquot.site.drawings import svg
from aliquot.site.drawings.axis import make_axis

WIDTH: Final = 800.0
HEIGHT: Final = 300.0
_LEFT: Final = 120.0
_RIGHT: Final = 24.0
_TOP: Final = 18.0
_BASE: Final = HEIGHT - 44.0
_TICKS: Final = 4
COVERAGE: Final = 2


@dataclass(frozen=True, slots=True)
class Reading:
    """One weighing: the day (`2026-03-14`), what it said, one standard deviation, and what the book had then."""

    on: str
    mass_ng: int
    sd_ng: int
    book_ng: int
    detail: str = ""


def draw(readings: Sequence[Reading], *, prefix: str, title: str, description: str = "") -> str:
    """Return the picture, oldest reading first; nothing where there is none."""
    if not readings:
        return ""
    axis = make_axis([one.on for one in readings], left=_LEFT, right=WIDTH - _RIGHT, shorten=False)
    low = min(min(one.mass_ng - COVERAGE * one.sd_ng, one.book_ng) for one in readings)
    high = max(max(one.mass_ng + COVERAGE * one.sd_ng, one.book_ng) for one in readings)
    air = max((high - low) // 10, high // 10_000, 1)
    low, high = low - air, high + air

    def y(mass_ng: int) -> float:
        return _BASE - float(Decimal(mass_ng - low) / Decimal(high - low)) * (_BASE - _TOP)

    def x(on: str) -> float:
        return axis.at(date.fromisoformat(on).toordinal())

    return svg.picture(
        *(_grid(ng, y(ng)) for ng in ticks(low, high)),
        _book(readings, x, y),
        *(_reading(one, x(one.on), y) for one in readings),
        axis.draw(_BASE),
        prefix=prefix, title=title, description=description, width=WIDTH, height=HEIGHT, class_="d-weighings",
    )  # fmt: skip


def ticks(low_ng: int, high_ng: int) -> list[int]:
    """Return round masses between two, at most about five of them."""
    step = 1
    while (high_ng - low_ng) // step > _TICKS:
        step = step * 2 if str(step)[0] != "2" else step // 2 * 5
    first = -(-low_ng // step) * step
    return [ng for ng in range(first, high_ng + 1, step) if ng >= 0]


def _grid(mass_ng: int, y: float) -> str:
    line = svg.element("path", d=svg.path(["M", _LEFT, y, "H", WIDTH - _RIGHT]), class_="d-grid")
    return line + svg.text(
        mass.show(mass_ng), x=_LEFT - 10, y=y + 5, class_="d-text d-small d-quiet", anchor="end"
    )


def _book(readings: Sequence[Reading], x: Callable[[str], float], y: Callable[[int], float]) -> str:
    parts: list[str | float] = []
    for one in readings:
        at = x(one.on)
        parts += ["M", at, y(one.book_ng)] if not parts else ["H", at, "V", y(one.book_ng)]
    return svg.element("path", d=svg.path([*parts, "h", 12]), class_="d-book")


def _reading(one: Reading, x: float, y: Callable[[int], float]) -> str:
    top, foot = y(one.mass_ng + COVERAGE * one.sd_ng), y(one.mass_ng - COVERAGE * one.sd_ng)
    bar: list[str | float] = ["M", x, top, "V", foot, "M", x - 5, top, "h", 10, "M", x - 5, foot, "h", 10]
    said = f"{one.on}: {mass.show(one.mass_ng)} ± {mass.show(one.sd_ng)}"
    return svg.element(
        "g",
        svg.element("title", svg.said(f"{said} {one.detail}".strip())),
        svg.element("path", d=svg.path(bar), class_="d-bar"),
        svg.element("circle", cx=x, cy=y(one.mass_ng), r=5.0, class_="d-fill-2 d-ringed"),
    )
