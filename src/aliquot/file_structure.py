"""Where does a picture or an archive end, and how large does it say it is? Read from its own structure.

Walks the parts that each format is made of; decodes no pixel and unpacks nothing, so that a bomb is seen before it
goes off. None means that the file breaks off or that its parts do not follow each other as its format has them.
JPEG: ITU-T T.81, annex B. PNG: W3C PNG, 5. WebP: RFC 9649, 2. TIFF: revision 6.0, section 2. Zip: PKWARE APPNOTE 6.3, 4.3.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from mmap import mmap
from typing import Final

Data = bytes | mmap

PARTS_MOST: Final = 200_000
_TAIL: Final = 65_535 + 22  # the longest comment of a zip archive, and the record before it
_ENDS_MOST: Final = 8
_FILL: Final = re.compile(rb"\xff+")
_JPEG_MARK: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_JPEG_SIZES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TIFF_VALUE: Final = {3: "H", 4: "I", 16: "Q"}


@dataclass(frozen=True, slots=True)
class Picture:
    """The size that a picture states, and the byte after its last."""

    width_px: int
    height_px: int
    end: int


@dataclass(frozen=True, slots=True)
class Packed:
    """A file in an archive, as the archive's directory has it."""

    name: str
    packed_bytes: int
    unpacked_bytes: int
    at: int


@dataclass(frozen=True, slots=True)
class Archive:
    """The directory of a zip archive; `at` is where the directory begins, `end` the byte after the archive's last."""

    files: tuple[Packed, ...]
    at: int
    end: int


def jpeg(data: Data, begin: int = 0) -> Picture | None:
    """Walk from the start of the image to its end marker."""
    if data[begin : begin + 3] != b"\xff\xd8\xff":
        return None
    at, size = begin + 2, None
    for _ in range(PARTS_MOST):
        fill = _FILL.match(data, at)
        if fill is None or fill.end() >= len(data):
            return None
        at = fill.end() - 1
        mark = data[at + 1]
        if mark == 0xD9:
            return Picture(*size, end=at + 2) if size else None
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        if length < 2 or at + 2 + length > len(data):
            return None
        if mark in _JPEG_SIZES and length >= 8:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            size = (width, height)
        at += 2 + length
        if mark == 0xDA:  # what follows is the picture itself, up to the next marker
            found = _JPEG_MARK.search(data, at)
            if found is None:
                return None
            at = found.start()
    return None


def png(data: Data) -> Picture | None:
    """Walk the chunks from IHDR to IEND."""
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR" or len(data) < 33:
        return None
    width, height = struct.unpack(">II", data[16:24])
    at = 8
    for _ in range(PARTS_MOST):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        at += 12 + length
        if len(kind) != 4 or not kind.isalpha() or at > len(data):
            return None
        if kind == b"IEND":
            return Picture(width, height, at)
    return None


def webp(data: Data) -> Picture | None:
    """Read the size from the first chunk; the container says how long it is."""
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    length = 8 + int.from_bytes(data[4:8], "little")
    if length > len(data):
        return None
    match data[12:16]:
        case b"VP8X":
            width, height = (1 + int.from_bytes(data[i : i + 3], "little") for i in (24, 27))
        case b"VP8L":
            bits = int.from_bytes(data[21:25], "little")
            width, height = 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case b"VP8 ":
            width, height = (n & 0x3FFF for n in struct.unpack("<HH", data[26:30]))
        case _:
            return None
    return Picture(width, height, length + length % 2 if length + length % 2 <= len(data) else length)


def tiff(data: Data) -> Picture | None:
    """Read the size of the first picture; its parts may lie anywhere, so that the end is the file's."""
    order = {b"II": "<", b"MM": ">"}.get(data[:2])
    if order is None or len(data) < 16:
        return None
    big = data[2:4] == struct.pack(f"{order}H", 43)
    if not big and data[2:4] != struct.pack(f"{order}H", 42):
        return None
    (at,) = struct.unpack(f"{order}{'Q' if big else 'I'}", data[8:16] if big else data[4:8])
    counter, entry_bytes = ("Q", 20) if big else ("H", 12)
    head = struct.calcsize(f"{order}{counter}")
    if at + head > len(data):
        return None
    (count,) = struct.unpack(f"{order}{counter}", data[at : at + head])
    table = data[at + head : at + head + min(count, 4096) * entry_bytes]
    found: dict[int, int] = {}
    for begin in range(0, len(table) - entry_bytes + 1, entry_bytes):
        tag, kind = struct.unpack(f"{order}HH", table[begin : begin + 4])
        if tag in (256, 257) and kind in _TIFF_VALUE:
            form = f"{order}{_TIFF_VALUE[kind]}"
            value_at = begin + (12 if big else 8)
            if struct.calcsize(form) <= entry_bytes - (value_at - begin):
                (found[tag],) = struct.unpack(form, table[value_at : value_at + struct.calcsize(form)])
    return Picture(found[256], found[257], len(data)) if len(found) == 2 else None


def archive(data: Data) -> Archive | None:
    """Return the zip archive that the file ends with, wherever it begins; None where there is none with a file in it.

    Sizes of 4 GiB and more (Zip64) are returned as the 4 GiB - 1 that stand in their place.
    """
    begin = max(0, len(data) - _TAIL)
    tail = data[begin:]
    found = len(tail)
    for _ in range(_ENDS_MOST):
        found = tail.rfind(b"PK\x05\x06", 0, found)
        if found < 0:
            return None
        if len(tail) - found >= 22:
            _, _, _, _, count, size, _, comment = struct.unpack("<IHHHHIIH", tail[found : found + 22])
            directory = begin + found - size
            if found + 22 + comment <= len(tail) and directory >= 0:
                files = _directory(data, directory, count, begin + found)
                if files:
                    return Archive(files, directory, begin + found + 22 + comment)
    return None


def _directory(data: Data, at: int, count: int, end: int) -> tuple[Packed, ...] | None:
    files = []
    for _ in range(count):
        if data[at : at + 4] != b"PK\x01\x02" or at + 46 > end:
            return None
        flags = int.from_bytes(data[at + 8 : at + 10], "little")
        packed, unpacked, name, extra, comment = struct.unpack("<IIHHH", data[at + 20 : at + 34])
        begin = int.from_bytes(data[at + 42 : at + 46], "little")
        said = data[at + 46 : at + 46 + name]
        files.append(
            Packed(said.decode("utf-8" if flags & 0x800 else "cp437", "replace"), packed, unpacked, begin)
        )
        at += 46 + name + extra + comment
    return tuple(files) if at <= end else None
