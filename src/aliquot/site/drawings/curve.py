"""What is a plan worth as one thing about it changes? Points joined by a line, from left to right, one of them today's.

A point whose worth is not proven is drawn hollow. Knows nothing of what the numbers mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aliquot.site.drawings import svg

WIDTH: Final = 800.0
HEIGHT: Final = 320.0
_LEFT: Final = 90.0
_RIGHT: Final = 40.0
_TOP: Final = 30.0
_BASE: Final = HEIGHT - 60.0
_TICKS: Final = 4
_TEXT_SIZE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Point:
    """One change and what it is worth; `label` is shown below it and read out."""

    x: int
    y: int
    label: str
    today: bool = False
    proven: bool = True


def draw(points: Sequence[Point], *, prefix: str, title: str, description: str = "") -> str:
    """Return the picture; nothing where there are fewer than two points."""
    if len(points) < 2:
        return ""
    ordered = sorted(points, key=lambda one: one.x)
    low, high = min(one.y for one in ordered), max(one.y for one in ordered)
    air = max((high - low) // 8, high // 100, 1)
    low, high = max(low - air, 0), high + air
    first, span = ordered[0].x, max(ordered[-1].x - ordered[0].x, 1)

    def at(one: Point) -> tuple[float, float]:
        x = _LEFT + (one.x - first) / span * (WIDTH - _LEFT - _RIGHT)
        return x, _y(one.y, low, high)

    line: list[str | float] = []
    for one in ordered:
        line += ["L" if line else "M", *at(one)]
    return svg.picture(
        *(_grid(value, _y(value, low, high)) for value in ticks(low, high)),
        svg.element("path", d=svg.path(line), class_="d-series d-line-2"),
        *(_point(one, *at(one)) for one in ordered),
        *_labels([(one, at(one)[0]) for one in ordered]),
        prefix=prefix, title=title, description=description, width=WIDTH, height=HEIGHT, class_="d-curve",
    )  # fmt: skip


def ticks(low: int, high: int) -> list[int]:
    """Return round numbers between two, at most about five of them."""
    step = 1
    while (high - low) // step > _TICKS:
        step = step * 2 if str(step)[0] != "2" else step // 2 * 5
    return list(range(-(-low // step) * step, high + 1, step))


def _y(value: int, low: int, high: int) -> float:
    return _BASE - (value - low) / (high - low) * (_BASE - _TOP)


def _grid(value: int, y: float) -> str:
    line = svg.element("path", d=svg.path(["M", _LEFT, y, "H", WIDTH - _RIGHT]), class_="d-grid")
    return line + svg.text(f"{value:,}", x=_LEFT - 10, y=y + 5, class_="d-text d-small d-quiet", anchor="end")


def _point(one: Point, x: float, y: float) -> str:
    said = svg.element("title", svg.said(f"{one.label}: {one.y:,}"))
    fill = "d-fill-4" if one.today else "d-fill-2" if one.proven else "d-box"
    return svg.element("circle", said, cx=x, cy=y, r=7.0 if one.today else 5.0, class_=f"{fill} d-ringed")


def _labels(points: Sequence[tuple[Point, float]]) -> list[str]:
    """Return the words below the axis; one that would run into the one before it is left out."""
    drawn, free_from = [], 0.0
    for one, x in points:
        half = svg.width_of(one.label, _TEXT_SIZE) / 2
        if x - half >= free_from:
            drawn.append(svg.text(one.label, x=x, y=_BASE + 28, class_="d-text d-small", anchor="middle"))
            free_from = x + half + 10
    return drawn
