"""How many of all are of each kind? One bar, parted; the words and numbers stand beside it, so it is not read out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from aliquot.site.drawings import svg

WIDTH: Final = 1000.0
_HEIGHT: Final = 12.0
_GAP: Final = 4.0


def draw(parts: Sequence[tuple[str, int]]) -> str:
    """Return the bar of kinds and how many there are of each, in the order given; a kind is the end of a class.

    Nothing where there is nothing to count. Its width is what the page gives it.
    """
    shown = [(kind, times) for kind, times in parts if times > 0]
    if not shown:
        return ""
    scale = (WIDTH - _GAP * (len(shown) - 1)) / sum(times for _, times in shown)
    starts = accumulate((times * scale + _GAP for _, times in shown), initial=0.0)
    return svg.element(
        "svg",
        *(
            svg.element("rect", x=x, y=0, width=times * scale, height=_HEIGHT, class_=f"tally__{kind}")
            for x, (kind, times) in zip(starts, shown, strict=False)
        ),
        viewBox=f"0 0 {svg.number(WIDTH)} {svg.number(_HEIGHT)}",
        preserveAspectRatio="none",
        class_="tally",
        aria_hidden="true",
    )
