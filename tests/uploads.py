"""Files as people and attackers would send them, made byte by byte."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Mapping

WEB_PAGE = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# 16 x 8 pixels of one grey.
JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////"
    "////wAALCAAIABABAREA/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/9oACAEBAAA/AJj/2Q=="
)
WEBP = base64.b64decode("UklGRh4AAABXRUJQVlA4TBEAAAAvD8ABAAdQqGrVqP+BiOh/AAA=")


def a_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def a_png(width_px: int = 16, height_px: int = 8, *, grey: int = 90, pixels: bytes | None = None) -> bytes:
    """Return a grey picture; `pixels` in place of its own packed ones."""
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)
    if pixels is None:
        pixels = zlib.compress((b"\0" + bytes([grey]) * width_px) * height_px)
    parts = (a_chunk(b"IHDR", head), a_chunk(b"IDAT", pixels), a_chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def a_tiff(width_px: int = 16, height_px: int = 8, *, order: str = "<", bits: int = 8) -> bytes:
    """Return a grey picture without packing, of 8 or 16 bits a pixel."""
    pixels = bytes(range(min(256, width_px * height_px * bits // 8))).ljust(
        width_px * height_px * bits // 8, b"\x80"
    )
    tags = {256: width_px, 257: height_px, 258: bits, 259: 1, 262: 1, 273: 8 + 2 + 12 * 9 + 4, 277: 1, 278: height_px,
            279: len(pixels)}  # fmt: skip
    entries = b"".join(struct.pack(f"{order}HHII", tag, 4, 1, value) for tag, value in tags.items())
    mark = b"II" if order == "<" else b"MM"
    return mark + struct.pack(f"{order}HIH", 42, 8, len(tags)) + entries + bytes(4) + pixels


def a_zip(files: Mapping[str, bytes], *, packed: bool = True) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return kept.getvalue()


def a_docx(**more: bytes) -> bytes:
    return a_zip({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"} | more)


def an_odt() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("content.xml", "<office/>")
    return kept.getvalue()


def a_zip_bomb(times: int = 40) -> bytes:
    """Return an archive whose directory names the same bytes many times over."""
    one = a_zip({"zeros": bytes(2**20)})
    at = one.rindex(b"PK\x01\x02")
    directory, end = one[at : one.rindex(b"PK\x05\x06")], bytearray(one[one.rindex(b"PK\x05\x06") :])
    struct.pack_into("<HHI", end, 8, times, times, len(directory) * times)
    return one[:at] + directory * times + bytes(end)
