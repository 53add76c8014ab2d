"""Which text is on the pages of this PDF? The only importer of pypdf."""

from __future__ import annotations

import io
import logging
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

PAGES_MAX: Final = 500
_CHARS_MAX: Final = 2_100_000
_PAGE_BYTES_MAX: Final = (
    1_000_000  # of what draws one page, unpacked: more is no page of text, and takes minutes
)


def text(name: str, content: bytes) -> str | Fault:
    """Return the text of the pages, parted by blank lines, or why there is none."""
    try:
        import pypdf
        from pypdf.errors import PyPdfError
    except ImportError:
        return fault.of(name, "is a PDF, which needs the extra “reading”", "install aliquot[reading]")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it says of a torn file is said here
    torn = fault.of(name, "is a PDF that cannot be read", "print it anew, or give its text")
    try:
        reader = pypdf.PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return fault.of(name, "is a PDF behind a password", "give it without the password")
        if len(reader.pages) > PAGES_MAX:
            return fault.of(
                name, "is a PDF of more than {most} pages", "give one article at a time", most=PAGES_MAX
            )
        pages, size = [], 0
        for page in reader.pages:
            drawn = page.get_contents()
            if drawn is not None and len(drawn.get_data()) > _PAGE_BYTES_MAX:
                return fault.of(
                    name, "is a PDF with a page that is drawn, not written", "give its text alone"
                )
            pages.append(page.extract_text() or "")
            size += len(pages[-1])
            if size > _CHARS_MAX:
                break
    except (
        PyPdfError,
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        RecursionError,
        OSError,
        NotImplementedError,
        OverflowError,
        AssertionError,
    ):
        return torn  # a torn or hostile file fails anywhere in the library that reads it
    return "\n\n".join(pages)
