"""How much of the whole is each? Bars beneath one another, each with its name, its mass and its share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliquot import mass
from aliquot.site.drawings import svg

WIDTH: Final = 400.0
_ROW: Final = 46.0
_TEXT_SIZE: Final = 15.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One part; `mark_ng` is drawn across it, such as a target; `fill` is one of the eight fills."""

    label: str
    mass_ng: int
    fill: int = 2
    mark_ng: int | None = None


def draw(bars: Sequence[Bar], *, prefix: str, title: str, description: str = "") -> str:
    """Return the picture; the longest bar or mark fills the width. Nothing where there is no bar."""
    if not bars:
        return ""
    most = max(1, *(max(bar.mass_ng, bar.mark_ng or 0) for bar in bars))
    return svg.picture(
        *(_bar(bar, _ROW * row, most) for row, bar in enumerate(bars)),
        prefix=prefix, title=title, description=description, width=WIDTH, height=_ROW * len(bars), class_="d-bars",
    )  # fmt: skip


def _bar(bar: Bar, y: float, most: int) -> str:
    said = mass.show(bar.mass_ng)
    room = WIDTH - svg.width_of(said, _TEXT_SIZE) - 16
    length = max(float(Decimal(bar.mass_ng) / most) * WIDTH, 1.5 if bar.mass_ng else 0.0)
    mark = ""
    if bar.mark_ng is not None:
        x = float(Decimal(bar.mark_ng) / most) * (WIDTH - 2) + 1
        mark = svg.element("path", d=svg.path(["M", x, y + 20, "v", 22]), class_="d-mark")
    return (
        svg.text(svg.shortened(bar.label, size=_TEXT_SIZE, room=room), x=0, y=y + 17, class_="d-text d-small")
        + svg.text(said, x=WIDTH, y=y + 17, class_="d-text d-small d-quiet", anchor="end")
        + svg.element("rect", x=0, y=y + 24, width=WIDTH, height=12, class_="d-trough")
        + svg.element("rect", x=0, y=y + 24, width=length, height=12, class_=f"d-fill-{bar.fill}")
        + mark
    )
