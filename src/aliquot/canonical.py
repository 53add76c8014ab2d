"""One text for one value: base64, decimals and plain text as the C2SP formats write them.

A text that says the same in another spelling is refused, so that no byte of a signed file can be changed
unnoticed. Knows none of those formats; see `checkpoint`, `signing` and `proof`.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from aliquot import fault
from aliquot.fault import Fault

INTEGER_MAX: Final = 2**63 - 1
_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


def base64_text(data: bytes) -> str:
    """Return the standard base64 of RFC 4648, section 4, with its padding."""
    return base64.b64encode(data).decode("ascii")


def read_base64(text: str) -> bytes | None:
    """Return the bytes, or None where `base64_text` would not have written this."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64_text(data) == text else None


def read_decimal(text: str) -> int | None:
    """Return the number from 0 to 2**63 - 1, or None where its text has a sign, a leading zero or the like."""
    if not _DECIMAL.fullmatch(text) or int(text) > INTEGER_MAX:
        return None
    return int(text)


def read_text(given: bytes | str, where: str, *, bytes_max: int) -> str | Fault:
    """Return the text if it is UTF-8 without control characters other than line ends, and not too long."""
    try:
        data = given.encode() if isinstance(given, str) else given
        text = data.decode()
    except UnicodeError:
        return fault.of(where, "it is not UTF-8 text", "check that this is the right file")
    if len(data) > bytes_max:
        return fault.of(
            where,
            "it is longer than {bytes_max} bytes",
            "check that this is the right file",
            bytes_max=bytes_max,
        )
    if control := _CONTROL.search(text):
        return fault.of(
            f"{where} line {text.count(chr(10), 0, control.start()) + 1}",
            "the control character {code} is not allowed",
            "end each line with a line feed alone, and fetch the file again if it came from elsewhere",
            code=f"U+{ord(control[0]):04X}",
        )
    return text


def shown(text: str) -> str:
    """Return the text at a length that fits into a sentence."""
    return text if len(text) <= 60 else text[:59] + "…"
