"""How is a piece of SVG written safely? Every text is escaped; no style and no script can be expressed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from aliquot import fault

_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SAFE_HREF: Final = re.compile(r"(?:[/?#]|https://)")
# What a line may end after: an ideograph with the punctuation that follows it, or a word with its space.
_BREAKS: Final = re.compile(r"[\u3400-\u9fff][，。：；、！？）》」』”’]*|[^\s\u3400-\u9fff]+\s*|\s+")
_NARROW: Final = frozenset("iIjl.,:;'’|!()[]·- ftr")
_WIDE: Final = frozenset("mwMW@%—…")
_SIZES: Final = {"narrow": 0.32, "wide": 0.9, "capital": 0.7, "plain": 0.56, "ideograph": 1.0}


def element(tag: str, /, *children: str, **attributes: str | float | None) -> str:
    """Return an element; `class_` and `text_anchor` stand for class and text-anchor, None leaves one out.

    Children are markup: give texts through `said`.
    """
    pairs = "".join(
        f" {_name(key)}={quoteattr(_clean(_value(value)))}"
        for key, value in attributes.items()
        if value is not None
    )
    inside = "".join(children)
    return f"<{tag}{pairs}>{inside}</{tag}>" if inside else f"<{tag}{pairs}/>"


def said(text: str) -> str:
    """Return the text as markup."""
    return escape(_clean(text))


def text(words: str, *, x: float, y: float, class_: str = "d-text", anchor: str | None = None) -> str:
    return element("text", said(words), x=x, y=y, class_=class_, text_anchor=anchor)


def link(href: str | None, *children: str, label: str | None = None, class_: str = "d-link") -> str:
    """Return the children inside a link, or as they are where there is nowhere to go."""
    if not href:
        return "".join(children)
    if not _SAFE_HREF.match(href):
        fault.bug(f"a picture links to {href!r}")
    return element("a", *children, href=href, class_=class_, aria_label=label)


def picture(
    *children: str, prefix: str, title: str, description: str, width: float, height: float, class_: str
) -> str:
    """Return the whole picture; `prefix` makes its ids unique within the page."""
    body = "".join(children)
    names = f"{prefix}-title {prefix}-desc" if description else f"{prefix}-title"
    return element(
        "svg",
        element("title", said(title), id=f"{prefix}-title"),
        element("desc", said(description), id=f"{prefix}-desc") if description else "",
        body,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {number(width)} {number(height)}",
        width=width,
        height=height,
        class_=f"drawing {class_}",
        role="group" if "<a " in body else "img",
        aria_labelledby=names,
    )


def number(value: float) -> str:
    """Return the number with two decimals at most: finer than any screen, short, the same everywhere."""
    shown = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def path(parts: Iterable[str | float]) -> str:
    """Return path data such as `M 1 2 L 3 4`."""
    return " ".join(part if isinstance(part, str) else number(part) for part in parts)


def width_of(words: str, size: float) -> float:
    """Return about how wide a text is in a sans-serif face, rather too wide than too narrow."""
    return size * sum(_SIZES[_kind(letter)] for letter in words)


def shortened(words: str, *, size: float, room: float) -> str:
    """Return the text, cut with an ellipsis where it would not fit."""
    if width_of(words, size) <= room:
        return words
    kept = words
    while kept and width_of(kept + "…", size) > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrapped(words: str, *, size: float, room: float, lines: int) -> tuple[str, ...]:
    """Return the text in at most so many lines, broken at spaces and between ideographs; the last is cut where it would not fit."""
    pieces = _BREAKS.findall(words)
    found: list[str] = []
    while pieces and len(found) < lines - 1:
        taken = 1
        while taken < len(pieces) and width_of("".join(pieces[: taken + 1]).rstrip(), size) <= room:
            taken += 1
        found.append(shortened("".join(pieces[:taken]).strip(), size=size, room=room))
        pieces = pieces[taken:]
    rest = "".join(pieces).strip()
    return (*found, shortened(rest, size=size, room=room)) if rest or not found else tuple(found)


def _kind(letter: str) -> str:
    if unicodedata.east_asian_width(letter) in "WF":
        return "ideograph"
    if letter in _NARROW:
        return "narrow"
    if letter in _WIDE:
        return "wide"
    return "capital" if letter.isupper() else "plain"


def _name(key: str) -> str:
    return key.rstrip("_").replace("_", "-")


def _value(value: str | float) -> str:
    return value if isinstance(value, str) else number(value)


def _clean(words: str) -> str:
    """Return the text without the characters that XML forbids."""
    return _NOT_XML.sub("\ufffd", words)
