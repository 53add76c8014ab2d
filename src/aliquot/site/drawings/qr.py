"""How is a text drawn as a QR code (ISO/IEC 18004)? As one path of dark modules with the quiet zone around it."""

from __future__ import annotations

from typing import Final

import segno

from aliquot import fault
from aliquot.site.drawings import svg

QUIET: Final = 4  # modules of white on each side, as the standard wants


def matrix(text: str) -> tuple[tuple[bool, ...], ...]:
    """Return the modules row by row, dark ones true, of an address in ASCII: readers guess at any other script.

    Level M, so that it is read with about an eighth of it scratched.
    """
    text.isascii() or fault.bug("a code is made of an address in ASCII")
    made = segno.make(text, error="m", boost_error=False, micro=False)
    return tuple(tuple(bool(module) for module in row) for row in made.matrix)


def draw(text: str, *, title: str) -> str:
    """Return the picture, one module one unit wide."""
    rows = matrix(text)
    size = len(rows) + 2 * QUIET
    parts = [f"M{start + QUIET} {y + QUIET}h{end - start}v1h-{end - start}z"
             for y, row in enumerate(rows) for start, end in _runs(row)]  # fmt: skip
    return svg.element(
        "svg",
        svg.element("title", svg.said(title)),
        svg.element("path", d="".join(parts), fill="#000"),
        xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {size} {size}", role="img", class_="qr",
        shape_rendering="crispEdges",
    )  # fmt: skip


def _runs(row: tuple[bool, ...]) -> list[tuple[int, int]]:
    """Return where dark modules begin and end in a row."""
    found, start = [], None
    for x, dark in enumerate((*row, False)):
        if dark and start is None:
            start = x
        elif not dark and start is not None:
            found.append((start, x))
            start = None
    return found
