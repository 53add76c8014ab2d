"""Which text does a reader of this page see? HTML to paragraphs, a line each.

Not a parser of trees: those take the square of the depth to which a hostile page nests its elements. One pass, in time
that grows with the length alone.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

_RAW: Final = frozenset(
    {
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "iframe",
        "object",
        "textarea",
        "title",
        "math",
        "select",
    }
)
_ASIDE: Final = frozenset({"head", "nav", "footer", "aside", "form", "button", "figure"})
_BLOCKS: Final = frozenset({"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "tr", "table", "section", "article", "main", "header", "blockquote", "pre", "br", "hr", "dt", "dd", "body", "time", *_ASIDE})  # fmt: skip
_TAG: Final = re.compile(r"<(?P<end>/?)(?P<name>[A-Za-z][A-Za-z0-9-]{0,30})")
_REST: Final = re.compile(r"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_UNCLOSED_MAX: Final = 200  # tags with a quote that never ends; after so many the first > ends every tag
_CHARSET: Final = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE
)
_DAY: Final = rb"(?:19|20)\d\d-\d\d-\d\d"
_PUBLISHED: Final = re.compile(
    rb"<meta[^>]{0,200}?(?:published_time|datePublished|pubdate|dc\.date)[^>]{0,200}?content=[\"'](?P<a>"
    + _DAY
    + rb")|\"datePublished\"\s*:\s*\"(?P<b>"
    + _DAY
    + rb")",
    re.IGNORECASE,
)
_LEAST_SHOWN: Final = 200
_WINDOWS: Final = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
}  # as browsers read them


def text(name: str, content: bytes) -> str | Fault:
    """Return the text of a page: its paragraphs and headlines, a line each."""
    decoded = _decoded(name, content)
    if isinstance(decoded, Fault):
        return decoded
    shown, hidden = _seen(decoded)
    if len(shown) < _LEAST_SHOWN < len(hidden):
        return hidden  # the page puts its text where others put menus, or never ends a menu
    return shown


def day(content: bytes) -> date | None:
    """Return the day on which the head of a page says that it was published."""
    match = _PUBLISHED.search(content[:200_000])
    try:
        return date.fromisoformat((match["a"] or match["b"]).decode()) if match else None
    except ValueError:
        return None


def _seen(page: str) -> tuple[str, str]:
    """Return the text of a page without and with what stands in menus, forms and footers."""
    shown: list[str] = []
    every: list[str] = []
    aside = 0
    for kind, word in _pieces(page):
        if kind == "text":
            piece = re.sub(r"\s+", " ", html.unescape(word))
        elif word in _CELLS:
            piece = " | " if kind == "start" and not _begins_row(every) else ""
        elif word in _BLOCKS:
            piece = "\n"
            if word in _ASIDE:
                aside = aside + 1 if kind == "start" else max(0, aside - 1)
            elif word == "body":
                aside = 0
        else:
            continue
        every.append(piece)
        if not aside:
            shown.append(piece)
    return _lines(shown), _lines(every)


_CELLS: Final = ("td", "th")


def _begins_row(pieces: list[str]) -> bool:
    """Whether a cell is the first of its row: nothing stands before it on its line."""
    last = next((piece for piece in reversed(pieces[-8:]) if piece.strip(" ") or piece == "\n"), "\n")
    return last.endswith("\n")


def _lines(pieces: list[str]) -> str:
    joined = re.sub(r" +", " ", "".join(pieces))
    return "\n".join(line for line in (line.strip() for line in joined.split("\n")) if line)


def _pieces(page: str) -> Iterator[tuple[str, str]]:
    """Yield what a page is made of: text, and start and end of elements by name."""
    at = unclosed = 0
    while (start := page.find("<", at)) >= 0:
        yield "text", page[at:start]
        if page.startswith("<!--", start):
            end = page.find("-->", start + 4)
            at = end + 3 if end >= 0 else len(page)
            continue
        tag = _TAG.match(page, start)
        if tag is None:
            declared = page[start + 1 : start + 2] in ("!", "?", "/")
            end = page.find(">", start) if declared else start
            at = end + 1 if end >= 0 else len(page)
            if not declared:
                yield "text", "<"
            continue
        rest = _REST.match(page, tag.end()) if unclosed < _UNCLOSED_MAX else None
        if rest is None:
            unclosed += 1
        end = rest.end() - 1 if rest else page.find(">", tag.end())
        at = end + 1 if end >= 0 else len(page)
        name = tag["name"].lower()
        if name in _RAW and not tag["end"] and page[at - 2 : at] != "/>":
            close = re.compile(rf"</{name}\b", re.IGNORECASE).search(page, at)
            at = close.start() if close else len(page)
        else:
            yield ("end" if tag["end"] else "start"), name
    yield "text", page[at:]


def _decoded(name: str, content: bytes) -> str | Fault:
    """Return the page decoded as its byte order mark, its own word, or UTF-8 has it."""
    stated = _CHARSET.search(content[:4096])
    word = stated[1].decode("ascii") if stated else "utf-8"
    if content.startswith(codecs.BOM_UTF8):
        word = "utf-8-sig"
    unknown = fault.of(name, "names an encoding that is not known: {word}", "save it as UTF-8", word=word)
    try:
        encoding = codecs.lookup(word).name
        return content.decode(_WINDOWS.get(encoding, encoding))
    except UnicodeDecodeError as error:
        return fault.of(name, "is no {encoding} text, from byte {at} on", "save it as UTF-8", encoding=word.upper(), at=error.start)  # fmt: skip
    except (LookupError, UnicodeError):
        return unknown
