"""How much of each is so? Bars beneath one another, each with its part filled, and both numbers as words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from aliquot.site.drawings import svg

WIDTH: Final = 400.0
_ROW: Final = 46.0
_TEXT_SIZE: Final = 15.0
_LINE: Final = 20.0
_LINES_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Share:
    """So much of a whole, both counted from 0 in one unit; `said` tells them; `fill` is one of the eight fills."""

    label: str
    part: int
    whole: int
    said: str
    fill: int = 2


def draw(shares: Sequence[Share], *, prefix: str, title: str, description: str = "") -> str:
    """Return the picture; the longest whole fills the width. Nothing where there is no share."""
    if not shares:
        return ""
    most = max(1, *(share.whole for share in shares))
    rows, y = [], 0.0
    for share in shares:
        row, height = _share(share, y, most)
        rows.append(row)
        y += height
    return svg.picture(
        *rows, prefix=prefix, title=title, description=description, width=WIDTH, height=y, class_="d-bars"
    )


def _share(share: Share, y: float, most: int) -> tuple[str, float]:
    """Return a row that begins at `y`, and its height: a long label takes more lines."""
    room = WIDTH - svg.width_of(share.said, _TEXT_SIZE) - 16
    lines = svg.wrapped(share.label, size=_TEXT_SIZE, room=room, lines=_LINES_MOST)
    whole, part = (float(Decimal(each) / most) * WIDTH for each in (share.whole, share.part))
    more = _LINE * (len(lines) - 1)
    return (
        "".join(
            svg.text(line, x=0, y=y + 17 + _LINE * n, class_="d-text d-small") for n, line in enumerate(lines)
        )
        + svg.text(share.said, x=WIDTH, y=y + 17, class_="d-text d-small d-quiet", anchor="end")
        + svg.element("rect", x=0, y=y + more + 24, width=WIDTH, height=12, class_="d-trough")
        + svg.element("rect", x=0, y=y + more + 24, width=whole, height=12, class_="d-fill-5")
        + svg.element("rect", x=0, y=y + more + 24, width=part, height=12, class_=f"d-fill-{share.fill}")
    ), _ROW + more
