"""How is a figure written as SVG? By hand, without a script, a style sheet, a font or a time stamp."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from aliquot import fault
from aliquot.chronology.figure import HEIGHT, STYLES, WIDTH, Figure, Path, Place, Words


def svg(figure: Figure, prefix: str = "age") -> str:
    """Return the figure as a file of its own; `prefix` makes its ids unique where several stand in one page."""
    body = "\n".join(_path(each) if isinstance(each, Path) else _words(each) for each in figure.shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(WIDTH)} {_n(HEIGHT)}" width="{_n(WIDTH)}" '
        f'height="{_n(HEIGHT)}" role="img" aria-labelledby="{prefix}-title {prefix}-desc" font-family="sans-serif">\n'
        f'<title id="{prefix}-title">{_said(figure.title)}</title>\n'
        f'<desc id="{prefix}-desc">{_said(figure.description)}</desc>\n{body}\n</svg>\n'
    )


def _path(path: Path) -> str:
    style = STYLES[path.role]
    given = {
        "class": path.role,
        "d": "M" + "L".join(_at(each) for each in path.places) + ("Z" if path.closed else ""),
        "fill": style.fill if style.fill and path.closed else "none",
        "fill-opacity": _n(style.opacity) if style.fill and path.closed and style.opacity < 1 else None,
        "stroke": style.stroke,
        "stroke-width": _n(style.width) if style.stroke else None,
        "stroke-dasharray": "5 3" if style.dashed else None,
    }
    return f"<path {_attributes(given.items())}/>"


def _words(words: Words) -> str:
    x, y = words.at
    given = {
        "x": _n(x),
        "y": _n(y),
        "font-size": _n(words.size),
        "fill": "#222222",
        "text-anchor": None if words.anchor == "start" else words.anchor,
        "transform": f"rotate(-90 {_n(x)} {_n(y)})" if words.upright else None,
    }
    return f"<text {_attributes(given.items())}>{_said(words.text)}</text>"


def _attributes(given: Iterable[tuple[str, str | None]]) -> str:
    return " ".join(f"{name}={quoteattr(value)}" for name, value in given if value is not None)


def _said(text: str) -> str:
    """Return a text as XML may hold it: what cannot be seen is written out."""
    return escape(fault.seen(text))


def _at(place: Place) -> str:
    return f"{_n(place[0])} {_n(place[1])}"


def _n(value: float) -> str:
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown in {"-0", ""} else shown
