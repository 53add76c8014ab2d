"""Which text is in a file: plain text, pages and PDFs, and one sentence on what cannot be read."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pytest

from aliquot.fault import Fault
from aliquot.reading import documents
from aliquot.reading.documents import Document
from aliquot.reading.extraction import read
from aliquot.reading.sentences import sentences


def text_of(content: bytes) -> str:
    found = documents.document("x", content)
    assert isinstance(found, Document), found
    return found.text


def fault_of(content: bytes) -> str:
    found = documents.document("x", content)
    assert isinstance(found, Fault), found
    assert "\n" not in str(found)
    return found.said


def pdf(line: str) -> bytes:
    """Return a PDF of one page with one line of text."""
    stream = f"BT /F1 12 Tf 40 700 Td ({line}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = len(out)
    return (
        out
        + b"xref\n0 6\n0000000000 65535 f \n"
        + table
        + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % end
    )


def test_plain_text_is_taken_as_it_is_without_its_byte_order_mark() -> None:
    assert text_of("\ufeffdust\r\nrock\n".encode()) == "dust\r\nrock\n"
    assert text_of("月壤".encode()) == "月壤"
    assert text_of("dust".encode("utf-16")) == "dust"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"Chang'e \xff\xfe", "is no UTF-8 text, from byte 8 on"),
        (b"a\0b", "is no text: it has NUL characters in it"),
        (b"%PDF-1.7\nnothing that follows", "is a PDF that cannot be read"),
        (b"<html><script>all</script></html>", "has no text in it"),
        (b"<html><meta charset=klingon>x", "names an encoding that is not known: klingon"),
        (b"<html><meta charset=zlib>x", "names an encoding that is not known: zlib"),
        (b"a" * 2_000_001, "has more than 2 million characters"),
        (b"a" * 50_000_001, "is larger than 50 MB"),
    ],
    ids=[
        "empty",
        "blank",
        "undecodable",
        "nul",
        "torn-pdf",
        "no-text",
        "unknown",
        "no-encoding",
        "long",
        "large",
    ],
)
def test_what_cannot_be_read_is_one_sentence(content: bytes, said: str) -> None:
    assert fault_of(content) == said


def test_a_page_gives_its_paragraphs_and_not_its_menus_and_scripts() -> None:
    page = b"""<!doctype html><html><head><title>t</title><style>p {}</style></head><body><nav>Home <a href="x>y">News</a></nav>
    <h1>Moon &amp; rock</h1><p>Chang&rsquo;e 5 brought <b>1,731</b>\n grams.<br>It is <!-- not --> dust.</p><script>var p = "<p>x";</script>
    <footer>Imprint</footer></body></html>"""
    assert text_of(page) == "Moon & rock\nChang’e 5 brought 1,731 grams.\nIt is dust."


def test_a_page_is_decoded_as_it_says() -> None:
    assert text_of("<html><meta charset='gb2312'><p>月壤".encode("gb18030")) == "月壤"
    assert text_of("<html><meta charset='iso-8859-1'><p>“Köln”".encode("cp1252")) == "“Köln”"


def test_a_page_tells_its_day() -> None:
    page = b"<html><head><meta property='article:published_time' content='2025-04-25T10:00'></head><p>On Thursday China lent Chang'e-5 samples to Osaka University.</html>"
    found = documents.document("x", page)
    assert isinstance(found, Document)
    assert found.day == date(2025, 4, 25)
    assert [claim.date for _, claim in read(found.text, found.day)[2]] == ["2025-04-24"]


def test_a_page_that_hides_everything_is_read_all_the_same() -> None:
    assert "dust" in text_of(b"<html><nav>" + b"<p>Lunar dust and rock. " * 30)


@pytest.mark.parametrize(
    "page", [b"<div>", b"<!--", b"<a \"'", b"<script>", b"<", b"&amp", b"<p/", b"</p", b"<![CDATA["]
)
def test_a_hostile_page_takes_no_longer_than_its_length(page: bytes) -> None:
    start = time.process_time()
    documents.document("x", b"<html>" + page * (400_000 // len(page)))
    assert time.process_time() - start < 3


@pytest.mark.parametrize(
    "text",
    [
        "Chang'e-5 returned 1,731 g, ",
        "1 2 3 ",
        ", and the ",
        "A",
        "University of ",
        ".",
        "一",
        "the United States and ",
        "gave to ",
    ],
)
def test_a_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    start = time.process_time()
    read(text * (40_000 // len(text)))
    assert time.process_time() - start < 6


def test_a_pdf_gives_its_text() -> None:
    assert "Luna 16 returned 101 g of soil." in text_of(pdf("Luna 16 returned 101 g of soil."))


def test_a_pdf_whose_page_would_take_minutes_is_refused() -> None:
    assert fault_of(pdf("x" * 1_000_001)) == "is a PDF with a page that is drawn, not written"


@pytest.mark.parametrize("cut", range(60, 560, 50))
def test_a_pdf_cut_short_is_read_or_refused(cut: int) -> None:
    assert isinstance(documents.document("x", pdf("dust")[:cut]), Document | Fault)


def test_sentences_end_where_a_reader_ends_them() -> None:
    text = "Dr. Li of the U.S. team came. “Is it dust?” he asked.It is 1.5 g.\nA headline\n“月壤。”石。"
    assert [text[a:b] for a, b in sentences(text)] == [
        "Dr. Li of the U.S. team came.", "“Is it dust?” he asked.", "It is 1.5 g.", "A headline", "“月壤。”", "石。",
    ]  # fmt: skip


def test_lines_that_were_broken_to_a_width_are_put_together() -> None:
    line = "The lander that had been sent to the Moon in the year before came\nback to Earth in the end, with all of the dust that it had found."
    assert len(list(sentences("\n".join([line] * 4)))) == 4


def test_without_the_extra_a_pdf_is_refused_and_a_text_is_read() -> None:
    program = """
import sys
sys.modules["pypdf"] = None
from aliquot.reading import documents
print(documents.document("x", b"%PDF-1.4 ..."))
print(documents.document("x", b"dust").text)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=Path(__file__).parent
    )
    assert done.stdout.splitlines() == [
        "x: is a PDF, which needs the extra “reading”; install aliquot[reading]",
        "dust",
    ]
