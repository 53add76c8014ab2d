"""Which text is in these bytes? Plain text, HTML or PDF, told apart by content; or the reason why there is none.

Places in the text count Unicode characters. Plain text is taken as it is, without its byte order mark. Knows no file: it is
handed bytes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

BYTES_MAX: Final = 50_000_000
CHARS_MAX: Final = 2_000_000  # a book of six hundred pages
_HTML: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body|article|main|div|p|title|meta|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text with the name that it was given; `is_plain` when the text is the file itself."""

    name: str
    text: str
    is_plain: bool = True
    day: date | None = None  # when it was published, where its head says so


def document(name: str, content: bytes) -> Document | Fault:
    """Return the text of a file, or the fault that keeps it from being read."""
    if not content.strip():
        return fault.of(name, "is empty", "give a text, an HTML page or a PDF")
    if len(content) > BYTES_MAX:
        return fault.of(name, "is larger than {most} MB", "give the text alone", most=BYTES_MAX // 1_000_000)
    if content[:1024].lstrip().startswith(b"%PDF-"):
        from aliquot.reading import pdf

        return _document(name, pdf.text(name, content), is_plain=False)
    if _HTML.match(content[:4096]):
        from aliquot.reading import markup

        found = markup.text(name, content)
        day = None if isinstance(found, Fault) else markup.day(content)
        return _document(name, found, is_plain=False, day=day)
    return _document(name, _decoded(name, content), is_plain=True)


def again(name: str, content: bytes, *, is_plain: bool, day: date | None) -> Document | Fault:
    """Return a text that was taken out of a file before, in UTF-8; a mark of HTML or PDF at its start is text."""
    return _document(name, _decoded(name, content), is_plain=is_plain, day=day)


def _document(name: str, text: str | Fault, *, is_plain: bool, day: date | None = None) -> Document | Fault:
    if isinstance(text, Fault):
        return text
    if not text.strip():
        return fault.of(
            name, "has no text in it", "give a file with letters in it; pictures of pages are not read"
        )
    if len(text) > CHARS_MAX:
        return fault.of(
            name,
            "has more than {most} million characters",
            "give one article at a time",
            most=CHARS_MAX // 1_000_000,
        )
    if not is_plain:
        text = "".join("\ufffd" if "\ud800" <= c <= "\udfff" or c == "\0" else c for c in text)
    return Document(name, text, is_plain, day)


def _decoded(name: str, content: bytes) -> str | Fault:
    encoding = next((encoding for mark, encoding in _MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        return fault.of(
            name,
            "is no {encoding} text, from byte {at} on",
            "save it as UTF-8",
            encoding=encoding.upper(),
            at=error.start,
        )
    if "\0" in text:
        return fault.of(name, "is no text: it has NUL characters in it", "give a text, an HTML page or a PDF")
    return text
