"""What is a file, by its bytes, and may it be kept? Its name and what its sender says of it are not believed.

A file is a photograph, a document, or data of an instrument. What a browser would run, what is two things at once, and
what unpacks to more than it should is refused with a sentence. Knows no disk and no decoder: it is handed the bytes.
Signs of a web page: WHATWG, MIME Sniffing, 7.1.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aliquot import fault, file_structure
from aliquot.fault import Fault
from aliquot.file_structure import Archive, Data, Picture

NAME_MOST: Final = 120


class Kind(StrEnum):
    """What a file is to a curator."""

    PHOTOGRAPH = "photograph"
    DOCUMENT = "document"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may be, and may say that it becomes."""

    size_bytes: int = 50 * 2**20
    pixels: int = 100_000_000
    packed_files: int = 10_000
    unpacked_bytes: int = 2**30
    # Text packs to a tenth, an empty table to a thirtieth.
    unpacked_times: int = 200


USUAL: Final = Limits()


@dataclass(frozen=True, slots=True)
class Format:
    """A format by its media type and the endings of its names, the usual one first."""

    content_type: str
    endings: tuple[str, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Known:
    """What a file is. The size in pixels is what a photograph states of itself."""

    format: Format
    width_px: int | None = None
    height_px: int | None = None


JPEG: Final = Format("image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), Kind.PHOTOGRAPH)
PNG: Final = Format("image/png", ("png",), Kind.PHOTOGRAPH)
WEBP: Final = Format("image/webp", ("webp",), Kind.PHOTOGRAPH)
TIFF: Final = Format("image/tiff", ("tif", "tiff"), Kind.PHOTOGRAPH)
PDF: Final = Format("application/pdf", ("pdf",), Kind.DOCUMENT)
TEXT: Final = Format("text/plain", ("txt", "log", "md", "json", "xml", "asc", "dat"), Kind.DOCUMENT)
CSV: Final = Format("text/csv", ("csv", "tsv", "txt"), Kind.DOCUMENT)
ZIP: Final = Format("application/zip", ("zip",), Kind.DATA)
DATA: Final = Format("application/octet-stream", (), Kind.DATA)

_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
OFFICE: Final = {
    "word/": Format(f"{_OOXML}.wordprocessingml.document", ("docx",), Kind.DOCUMENT),
    "xl/": Format(f"{_OOXML}.spreadsheetml.sheet", ("xlsx",), Kind.DOCUMENT),
    "ppt/": Format(f"{_OOXML}.presentationml.presentation", ("pptx",), Kind.DOCUMENT),
}
OPEN_OFFICE: Final = {
    f"{_ODF}.{name}": Format(f"{_ODF}.{name}", (ending,), Kind.DOCUMENT)
    for name, ending in (("text", "odt"), ("spreadsheet", "ods"), ("presentation", "odp"))
}
_PICTURES: Final = (
    (b"\xff\xd8\xff", "JPEG", JPEG, file_structure.jpeg),
    (b"\x89PNG\r\n\x1a\n", "PNG", PNG, file_structure.png),
    (b"RIFF", "WebP", WEBP, file_structure.webp),
    (b"II*\0", "TIFF", TIFF, file_structure.tiff),
    (b"MM\0*", "TIFF", TIFF, file_structure.tiff),
    (b"II+\0", "TIFF", TIFF, file_structure.tiff),
    (b"MM\0+", "TIFF", TIFF, file_structure.tiff),
)
_PROGRAMS: Final = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"#!")
_WEB_PAGE: Final = re.compile(
    r"\s*(?:<\?xml.{0,2000}?)?<(?:!doctype\s+(?:html|svg)|!--|html|head|body|script|iframe|svg|style|title|table|h1|div|font"
    r"|meta|link|img|object|embed|a|b|br|p)(?=[\s>/!-])",
    re.IGNORECASE | re.DOTALL,
)
_WEB_NAMES: Final = re.compile(
    r"<(?:[\w.-]+:)?(?:html|svg)(?=[\s>/])|w3\.org/(?:1999/xhtml|2000/svg)", re.IGNORECASE
)
_WEB_IN_PDF: Final = re.compile(rb"<(?:html|svg|script|!doctype)(?=[\s>/])", re.IGNORECASE)
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_PADDING: Final = re.compile(rb"[\x00\xff\r\n\t ]*")
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENDING: Final = re.compile(r"\.([0-9A-Za-z]{1,10})$")
# Endings by which some system or browser runs or shows what is in a file, whatever it is.
_ACTIVE: Final = frozenset(
    re.findall(
        r"\w+",
        "app apk bat chm class cmd com cpl desktop dll exe hta htm html jar js jse lnk mht mhtml mjs msi php ps1 py "
        "reg scr sh shtml svg svgz swf url vb vbe vbs wsf xht xhtml xsl xslt",
    )
)


# -- what it is ----------------------------------------------------------------------------------------------


def identify(data: Data, *, name: str, limits: Limits = USUAL) -> Known | Fault:
    """Return what the bytes are, or why they are not kept; the fault is at the file's `name`."""
    if len(data) == 0:
        return fault.of(
            name, "has nothing in it", "see that the file was written to its end, and choose it again"
        )
    if len(data) > limits.size_bytes:
        return too_large(name, limits)
    found = _refuse_active(data, name)
    if found:
        return found
    for sign, called, format_, walk in _PICTURES:
        if data[: len(sign)] == sign and (called != "WebP" or data[8:12] == b"WEBP"):
            return _picture(data, walk(data), format_, called, name, limits)
    if data[:4] == b"PK\x03\x04":
        return _archive(data, name, limits)
    if file_structure.archive(data):
        return _also_an_archive(name)
    if data[:5] == b"%PDF-":
        return _pdf(data, name)
    return Known(_text(data) or DATA)


def too_large(name: str, limits: Limits) -> Fault:
    """Return the fault of a file that is larger than may be kept."""
    return fault.of(name, "is larger than {most} MB", "attach a smaller version, or keep it where your large files are kept",
                    most=limits.size_bytes // 2**20)  # fmt: skip


def _refuse_active(data: Data, name: str) -> Fault | None:
    """Return why a browser or a computer might run the file; None where none would."""
    head = data[:4096]
    if head.startswith(_PROGRAMS) or (head[:2] == b"MZ" and b"\0" in head[:64]):
        return fault.of(name, "is a program", "attach what it made, not the program")
    if head[:4] == b"GIF8":
        return fault.of(name, "is a GIF picture, which holds 256 colours and no scale", "save it as PNG")
    for encoding in ("latin-1", "utf-16-le", "utf-16-be"):
        said = head.decode(encoding, "replace").lstrip("\ufeff\u00ef\u00bb\u00bf \t\r\n\f")
        if _WEB_PAGE.match(said) or (said[:1] == "<" and _WEB_NAMES.search(said)):
            return fault.of(name, "is a web page or an SVG drawing, which can carry scripts",
                            "save a drawing as PNG, a page as PDF")  # fmt: skip
    if b"%PDF-" in head[1:1024] and head[:4] != b"PK\x03\x04":
        return fault.of(name, "is also a PDF: it is two things at once", "save it again as one thing")
    return None


def _picture(
    data: Data, walked: Picture | None, format_: Format, called: str, name: str, limits: Limits
) -> Known | Fault:
    if walked is None or not walked.width_px or not walked.height_px:
        return fault.of(name, "begins as a {called} picture and is not a whole one",
                        "copy it again from where it was made, or save it again", called=called)  # fmt: skip
    if walked.width_px * walked.height_px > limits.pixels:
        return fault.of(name, "has {width} × {height} pixels, more than the {most} million that are opened here",
                        "attach it at a lower resolution, or cut it into parts", width=walked.width_px,
                        height=walked.height_px, most=limits.pixels // 1_000_000)  # fmt: skip
    if file_structure.archive(data):
        return _also_an_archive(name)
    if not _ends_at(data, walked.end):
        return fault.of(name, "has {count} bytes after the end of the picture", "save it again as a plain picture",
                        count=len(data) - walked.end)  # fmt: skip
    return Known(format_, walked.width_px, walked.height_px)


def _ends_at(data: Data, end: int) -> bool:
    """Return whether nothing but padding follows, or whole JPEGs: cameras put their previews there (CIPA DC-007)."""
    for _ in range(8):
        padding = _PADDING.match(data, end)
        end = padding.end() if padding else end
        if end == len(data):
            return True
        # The padding may have taken the first byte of the marker.
        following = file_structure.jpeg(data, end - 1 if data[end : end + 1] == b"\xd8" else end)
        if following is None:
            return False
        end = following.end
    return False


def _pdf(data: Data, name: str) -> Known | Fault:
    if _WEB_IN_PDF.search(data[:1024]):
        return fault.of(name, "is also a web page: it is two things at once", "export it again")
    tail = data[-1024:]
    last = tail.rfind(b"%%EOF")
    if last < 0:
        return fault.of(name, "begins as a PDF and is not a whole one", "export it again")
    if tail[last + 5 :].strip(b"\r\n\t \0"):
        return fault.of(name, "has {count} bytes after the end of the PDF", "export it again",
                        count=len(tail) - last - 5)  # fmt: skip
    return Known(PDF)


def _also_an_archive(name: str) -> Fault:
    return fault.of(name, "is also a zip archive: it is two things at once", "save it again as one thing")


# -- archives and what is written in them --------------------------------------------------------------------


def _archive(data: Data, name: str, limits: Limits) -> Known | Fault:
    found = file_structure.archive(data)
    if found is None or not found.files:
        return fault.of(name, "begins as a zip archive and is not a whole one", "pack it again")
    if found.end != len(data):
        return fault.of(name, "has {count} bytes after the end of the archive", "pack it again",
                        count=len(data) - found.end)  # fmt: skip
    return (
        _unpacks_to_too_much(found, name, limits) or _unfit_inside(found, name) or Known(_packed(data, found))
    )


def _unpacks_to_too_much(found: Archive, name: str, limits: Limits) -> Fault | None:
    """Return the fault of an archive that is a bomb; files that overlap unpack the same bytes many times."""
    unpacked = sum(one.unpacked_bytes for one in found.files)
    packed = sum(one.packed_bytes for one in found.files)
    places = {one.at for one in found.files}
    if (
        len(found.files) > limits.packed_files
        or unpacked > limits.unpacked_bytes
        or (unpacked > 2**20 and unpacked > limits.unpacked_times * max(packed, 1))
        or packed > found.at
        or len(places) < len(found.files)
    ):
        return fault.of(name, "unpacks to {count} files of {size} MB together, which is not to be trusted",
                        "attach the files one by one", count=len(found.files), size=unpacked // 2**20)  # fmt: skip
    return None


def _unfit_inside(found: Archive, name: str) -> Fault | None:
    for one in found.files:
        parts = one.name.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or parts[0].endswith(":") or "\0" in one.name:
            return fault.of(name, "has a file in it that would be unpacked elsewhere: {path}",
                            "pack it again from within one folder", path=one.name[:80])  # fmt: skip
        if parts[-1].lower() == "vbaproject.bin" or parts[0] in ("Basic", "Scripts"):
            return fault.of(name, "carries macros", "save it without macros, or as PDF")
        if one.name in ("META-INF/MANIFEST.MF", "classes.dex"):
            return fault.of(name, "is a program", "attach what it made, not the program")
    return None


def _packed(data: Data, found: Archive) -> Format:
    """Return what the archive is: an office file, or an archive."""
    names = [one.name for one in found.files]
    if "[Content_Types].xml" in names:
        return next((f for folder, f in OFFICE.items() if any(n.startswith(folder) for n in names)), ZIP)
    first = min(found.files, key=lambda one: one.at)
    if first.name == "mimetype" and first.packed_bytes == first.unpacked_bytes < 100:
        begin = 30 + len("mimetype") + int.from_bytes(data[28:30], "little")
        said = data[begin : begin + first.packed_bytes].decode("ascii", "replace")
        return OPEN_OFFICE.get(said, ZIP)
    return ZIP


# -- text ----------------------------------------------------------------------------------------------------


def _text(data: Data) -> Format | None:
    """Return text or CSV where every byte is text in UTF-8, or in UTF-16 with its mark; None where it is not."""
    encoding = next((name for mark, name in _BOMS if data[: len(mark)] == mark), "utf-8")
    if encoding != "utf-16" and _CONTROL.search(data):
        return None
    decoder = codecs.getincrementaldecoder(encoding)()
    head = ""
    try:
        for begin in range(0, len(data), 2**20):
            said = decoder.decode(data[begin : begin + 2**20], final=begin + 2**20 >= len(data))
            head = head or said[:8192]
    except UnicodeDecodeError:
        return None
    return CSV if _is_table(head) else TEXT


def _is_table(head: str) -> bool:
    """Return whether the first lines have as many separators each, and at least one."""
    lines = [line for line in head.splitlines()[:20] if line.strip()]
    if len(head) >= 8192:
        lines = lines[:-1]
    counts = ({line.count(mark) for line in lines} for mark in ("\t", ",", ";"))
    return len(lines) > 1 and any(len(each) == 1 and min(each) > 0 for each in counts)


# -- names ---------------------------------------------------------------------------------------------------


def plain_name(said: str) -> str:
    """Return the last part of a name as its sender wrote it, with nothing unseen in it: for faults, and to begin with."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", said))[-1]
    seen = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last).strip(" .")
    return seen or "file"


def fit_name(said: str, format_: Format) -> str:
    """Return the name under which a file is kept and handed out: no path, nothing unseen, the ending of what it is."""
    seen = plain_name(said)
    stem, ending = _parts(seen)
    if format_.endings and ending.lower() not in format_.endings:
        others = {e for f in _ALL for e in f.endings} | _ACTIVE
        stem, ending = (stem if ending.lower() in others else seen), format_.endings[0]
    elif not format_.endings and ending.lower() in _ACTIVE | _NAMED:
        stem, ending = seen, "bin"
    stem = stem.strip(" .")[: NAME_MOST - 11] or "file"
    return f"{stem}.{ending}" if ending else stem


def _parts(name: str) -> tuple[str, str]:
    found = _ENDING.search(name)
    return (name[: found.start()], found[1]) if found else (name, "")


_ALL: Final = (JPEG, PNG, WEBP, TIFF, PDF, TEXT, CSV, ZIP, *OFFICE.values(), *OPEN_OFFICE.values())
# Data whose name says that it is one of these is not what it says.
_NAMED: Final = frozenset(e for f in _ALL if f not in (TEXT, CSV) for e in f.endings)
