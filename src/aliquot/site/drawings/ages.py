"""How old are the rocks of each site? One row a site on an axis of time, each published age with its uncertainty, the mean across."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from aliquot.site.drawings import svg

WIDTH: Final = 920.0
_RIGHT: Final = 24.0
_ROW: Final = 58.0
_TOP: Final = 36.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One age with its uncertainty; hollow where it takes no part in the mean; `was_ma` is where it stood before it was moved."""

    age_ma: float
    half_ma: float | None
    hollow: bool = False
    was_ma: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A site: its name, its ages, their mean if they have one, and one of the eight fills."""

    label: str
    dots: tuple[Dot, ...]
    mean_ma: float | None
    said: str
    fill: int = 2
    href: str = ""
    is_doubtful: bool = False  # of the mean, which is then dashed


def draw(
    rows: Sequence[Row],
    *,
    prefix: str,
    title: str,
    description: str = "",
    unit: str = "Ga",
    from_ga: float = 1.5,
    to_ga: float = 4.5,
    room: float = 132.0,
) -> str:
    """Return the picture, oldest at the right, with so much room for names; nothing where there is no row."""
    if not rows:
        return ""
    height = _TOP + _ROW * len(rows) + 34

    def x(age_ma: float) -> float:
        share = (age_ma / 1000 - from_ga) / (to_ga - from_ga)
        return room + min(max(share, 0.0), 1.0) * (WIDTH - room - _RIGHT)

    marks = [from_ga + step / 2 for step in range(int((to_ga - from_ga) * 2) + 1)]
    grid = "".join(_tick(x(one * 1000), f"{one:g} {unit}", height) for one in marks)
    body = "".join(_row(row, _TOP + _ROW * at, x, room) for at, row in enumerate(rows))
    return svg.picture(
        grid,
        body,
        prefix=prefix,
        title=title,
        description=description,
        width=WIDTH,
        height=height,
        class_="d-ages",
    )


def _tick(x: float, words: str, height: float) -> str:
    line = svg.element("path", d=svg.path(["M", x, _TOP - 14, "V", height - 26]), class_="d-grid")
    return line + svg.text(words, x=x, y=height - 6, class_="d-text d-small d-quiet", anchor="middle")


def _row(row: Row, top: float, at: Callable[[float], float], room: float) -> str:
    name = svg.text(svg.shortened(row.label, size=16, room=room - 12), x=0, y=top + 22, class_="d-text")
    drawn = [svg.link(row.href, name) if row.href else name]
    lanes = 4
    for order, dot in enumerate(sorted(row.dots, key=lambda one: one.age_ma)):
        y = top + 8 + (order % lanes) * 8
        if dot.half_ma is not None:
            span = ["M", at(dot.age_ma - dot.half_ma), y, "H", at(dot.age_ma + dot.half_ma)]
            drawn.append(svg.element("path", d=svg.path(span), class_=f"d-whisker d-line-{row.fill}"))
        if dot.was_ma is not None:
            drawn.append(
                svg.element(
                    "path", d=svg.path(["M", at(dot.was_ma), y, "H", at(dot.age_ma)]), class_="d-moved"
                )
            )
            drawn.append(svg.element("circle", cx=at(dot.was_ma), cy=y, r=2, class_="d-was"))
        look = f"d-age-hollow d-line-{row.fill}" if dot.hollow else f"d-fill-{row.fill}"
        drawn.append(svg.element("circle", cx=at(dot.age_ma), cy=y, r=3.5, class_=look))
    if row.mean_ma is not None:
        drawn.append(
            svg.element(
                "path",
                d=svg.path(["M", at(row.mean_ma), top, "v", 42]),
                class_="d-mean d-doubtful" if row.is_doubtful else "d-mean",
            )
        )
        end = at(row.mean_ma)
        anchor = "end" if end > WIDTH - svg.width_of(row.said, 15) - 12 else "start"
        drawn.append(
            svg.text(
                row.said,
                x=end + (-6 if anchor == "end" else 6),
                y=top + 50,
                class_="d-text d-small d-halo",
                anchor=anchor,
            )
        )
    return "".join(drawn)
