"""What a file is by its bytes: pictures, documents, data; and what is refused, whatever its name says."""

from __future__ import annotations

import codecs
import mmap
import tempfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import uploads
from aliquot import files
from aliquot.fault import Fault
from aliquot.files import Kind, Known, Limits
from uploads import JPEG, PDF, SVG, WEB_PAGE, WEBP, a_docx, a_png, a_tiff, a_zip, a_zip_bomb, an_odt


def what(data: bytes, limits: Limits = files.USUAL) -> str:
    """Return the media type, or why the bytes are refused."""
    found = files.identify(data, name="a file", limits=limits)
    return found.said if isinstance(found, Fault) else found.format.content_type


@pytest.mark.parametrize(
    ("data", "content_type", "size_px"),
    [
        (JPEG, "image/jpeg", (16, 8)),
        (JPEG + b"\0" * 40, "image/jpeg", (16, 8)),
        (JPEG + b"\xff\0" + JPEG, "image/jpeg", (16, 8)),
        (a_png(31, 7), "image/png", (31, 7)),
        (WEBP, "image/webp", (16, 8)),
        (a_tiff(9, 5), "image/tiff", (9, 5)),
        (a_tiff(9, 5, order=">"), "image/tiff", (9, 5)),
    ],
)
def test_a_photograph_is_known_by_its_bytes_with_its_size(
    data: bytes, content_type: str, size_px: tuple[int, int]
) -> None:
    found = files.identify(data, name="a file")
    assert isinstance(found, Known)
    assert (found.format.content_type, found.format.kind) == (content_type, Kind.PHOTOGRAPH)
    assert (found.width_px, found.height_px) == size_px


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (PDF, "application/pdf"),
        (a_docx(), files.OFFICE["word/"].content_type),
        (an_odt(), "application/vnd.oasis.opendocument.text"),
        (b"number,mass\nT-1,5\nT-2,7\n", "text/csv"),
        (b"number\tmass\nT-1\t5\n", "text/csv"),
        (codecs.BOM_UTF16_LE + "number\tmass\nT-1\t5\n".encode("utf-16-le"), "text/csv"),
        ("薄片 12030，正交偏光\n".encode(), "text/plain"),
        (b"MZ-12 was cut\n", "text/plain"),
        (b'<?xml version="1.0"?><measurement unit="um"/>', "text/plain"),
        ("薄片".encode("gb18030") * 9, "application/octet-stream"),
        (b"\x01\x02 counts", "application/octet-stream"),
        (b"RIFF\4\0\0\0WAVE", "application/octet-stream"),
        (a_zip({"spectrum.txt": b"1 2 3", "paper.pdf": PDF}, packed=False), "application/zip"),
    ],
)
def test_documents_and_data_are_known_by_their_bytes(data: bytes, content_type: str) -> None:
    assert what(data) == content_type


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "has nothing in it"),
        (WEB_PAGE, "is a web page or an SVG drawing, which can carry scripts"),
        (b"\xef\xbb\xbf \n<!-- hello -->" + WEB_PAGE, "is a web page"),
        (codecs.BOM_UTF16_LE + WEB_PAGE.decode().encode("utf-16-le"), "is a web page"),
        (b"<html\0" + WEB_PAGE, "is a web page"),
        (SVG, "is a web page or an SVG drawing"),
        (b'<?xml version="1.0"?>\n<!DOCTYPE svg>' + SVG, "is a web page or an SVG"),
        (b'<?xml version="1.0"?><x:svg xmlns:x="http://www.w3.org/2000/svg"/>', "is a web page or an SVG"),
        (b'<?xml version="1.0"?><a xmlns:h="http://www.w3.org/1999/xhtml"><h:script/></a>', "is a web page"),
        (b"MZ\x90\0" + b"\0" * 80, "is a program"),
        (b"\x7fELF" + b"\0" * 80, "is a program"),
        (b"#!/bin/sh\nrm -rf /\n", "is a program"),
        (a_zip({"META-INF/MANIFEST.MF": b"x", "A.class": b"x"}), "is a program"),
        (b"GIF89a" + bytes(20), "is a GIF picture"),
        (JPEG[:-2], "begins as a JPEG picture and is not a whole one"),
        (JPEG[:120], "begins as a JPEG picture and is not a whole one"),
        (b"\xff\xd8\xff\xe0" + WEB_PAGE, "begins as a JPEG picture and is not a whole one"),
        (a_png()[:-4], "begins as a PNG picture and is not a whole one"),
        (WEBP[:-2], "begins as a WebP picture and is not a whole one"),
        (a_tiff()[:20], "begins as a TIFF picture and is not a whole one"),
        (JPEG + WEB_PAGE, f"has {len(WEB_PAGE)} bytes after the end of the picture"),
        (JPEG + a_zip({"A.class": b"x"}), "is also a zip archive: it is two things at once"),
        (a_png() + a_zip({"A.class": b"x"}), "is also a zip archive"),
        (a_tiff() + a_zip({"A.class": b"x"}), "is also a zip archive"),
        (a_png() + b"<script>", "has 8 bytes after the end of the picture"),
        (WEBP + b"<script>", "has 8 bytes after the end of the picture"),
        (JPEG[:20] + b"\xff\xfe\0\x07%PDF-" + JPEG[20:], "is also a PDF"),
        (b"some text\n" + PDF, "is also a PDF"),
        (PDF + a_zip({"A.class": b"x"}), "is also a zip archive"),
        (b"\x01\x02" + a_zip({"A.class": b"x"}), "is also a zip archive"),
        (PDF[:9] + b"<html><script>" + PDF[9:], "is also a web page"),
        (PDF.replace(b"%%EOF", b""), "begins as a PDF and is not a whole one"),
        (PDF + b"/* more */", "has 11 bytes after the end of the PDF"),
        (a_zip({}) + bytes(9), None),
        (b"PK\x03\x04" + bytes(40), "begins as a zip archive and is not a whole one"),
        (a_zip({"a": b"b"}) + b"more", "has 4 bytes after the end of the archive"),
        (a_zip({"../../etc/passwd": b"x"}), "has a file in it that would be unpacked elsewhere: ../../etc/passwd"),
        (a_zip({"C:\\windows\\x": b"x"}), "has a file in it that would be unpacked elsewhere"),
        (a_docx(**{"word/vbaProject.bin": b"x"}), "carries macros"),
    ],
)  # fmt: skip
def test_what_could_run_or_is_two_things_or_breaks_off_is_refused(data: bytes, why: str | None) -> None:
    assert what(data).startswith(why or "application/octet-stream")


def test_a_bomb_is_seen_before_anything_is_unpacked() -> None:
    many_pixels = a_png(60_000, 60_000, pixels=b"")
    assert what(many_pixels) == "has 60000 × 60000 pixels, more than the 100 million that are opened here"
    assert "pixels" in what(a_tiff(4, 4).replace(b"\4\0\0\0", b"\xff\xff\xff\x0f", 2))
    assert "unpacks to 1 files of 8 MB together" in what(a_zip({"zeros": bytes(8 * 2**20)}))
    assert "unpacks to 40 files" in what(a_zip_bomb())
    assert "unpacks to 3 files" in what(a_zip({"a": b"1", "b": b"2", "c": b"3"}), Limits(packed_files=2))
    assert what(a_zip({"table.csv": b"1,2\n" * 9})) == "application/zip"


def test_what_is_too_large_is_refused_by_its_size() -> None:
    found = files.identify(bytes(2**20 + 1), name="scan.raw", limits=Limits(size_bytes=2**20))
    assert str(found) == (
        "scan.raw: is larger than 1 MB; attach a smaller version, or keep it where your large files are kept"
    )


def test_a_file_that_is_mapped_into_memory_is_read_alike() -> None:
    for data in (JPEG, a_png(), WEBP, a_tiff(), PDF, a_docx(), b"number,mass\nT-1,5\n", SVG, b"\1\2\3"):
        with tempfile.TemporaryFile() as kept:
            kept.write(data)
            kept.flush()
            with mmap.mmap(kept.fileno(), 0, access=mmap.ACCESS_READ) as mapped:
                assert files.identify(mapped, name="a file") == files.identify(data, name="a file")


@given(st.sampled_from([JPEG, a_png(), WEBP, a_tiff(), PDF, a_zip({"a": b"b"}), uploads.an_odt()]), st.data())
def test_whatever_is_cut_or_changed_gets_an_answer(data: bytes, drawn: st.DataObject) -> None:
    at = drawn.draw(st.integers(0, len(data)))
    changed = data[:at] + drawn.draw(st.binary(max_size=8)) + data[drawn.draw(st.integers(at, len(data))) :]
    assert isinstance(files.identify(changed, name="a file"), Known | Fault)


@given(st.sampled_from([JPEG, a_png(), WEBP]), st.binary(min_size=1, max_size=60))
def test_whatever_follows_a_picture_and_is_no_padding_is_refused(picture: bytes, more: bytes) -> None:
    kept = not more.strip(b"\0\xff\r\n\t ")
    assert (what(picture + more).startswith("image/")) is kept


@pytest.mark.parametrize(
    ("said", "format_", "name"),
    [
        ("grain 7.JPG", files.JPEG, "grain 7.JPG"),
        ("grain.png", files.JPEG, "grain.jpg"),
        ("grain.html", files.PNG, "grain.png"),
        ("grain.7", files.PNG, "grain.7.png"),
        ("../../etc/passwd", files.TEXT, "passwd.txt"),
        ("C:\\photos\\月壤 001.tif", files.TIFF, "月壤 001.tif"),
        ("a\0b\n\u202egpj.exe", files.PDF, "a_b__gpj.pdf"),
        ('<b>"x".csv', files.CSV, "_b__x_.csv"),
        ("notes.json", files.TEXT, "notes.json"),
        ("run.js", files.TEXT, "run.txt"),
        ("spectrum.emsa", files.DATA, "spectrum.emsa"),
        ("photo.jpg", files.DATA, "photo.jpg.bin"),
        ("page.html", files.DATA, "page.html.bin"),
        ("...", files.DATA, "file"),
        ("", files.PNG, "file.png"),
        ("x" * 500 + ".png", files.PNG, "x" * 109 + ".png"),
    ],
)
def test_a_name_is_kept_without_path_and_with_the_ending_of_what_the_file_is(
    said: str, format_: files.Format, name: str
) -> None:
    assert files.fit_name(said, format_) == name


@given(st.text(max_size=300), st.sampled_from([files.JPEG, files.PDF, files.TEXT, files.ZIP, files.DATA]))
def test_every_name_becomes_one_that_can_be_kept_and_stays_so(said: str, format_: files.Format) -> None:
    name = files.fit_name(said, format_)
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*')
    assert name == files.fit_name(name, format_)
    assert 0 < len(name) <= files.NAME_MOST
    assert not name.startswith(".")
