"""Where does the next page begin? A cursor is the place after which it does, written so that nobody builds on it."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from aliquot import fault
from aliquot.fault import Fault

LENGTH_MAX = 600


def write(place: str) -> str:
    """Return the cursor of a place: URL-safe base64 without padding."""
    return urlsafe_b64encode(place.encode()).decode().rstrip("=")


def read(cursor: str) -> str | Fault:
    """Return the place, or the fault of a text that was never given as a cursor."""
    try:
        place = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode()
    except (binascii.Error, UnicodeError):
        return unknown()
    return place if write(place) == cursor else unknown()


def unknown() -> Fault:
    return fault.of(
        "cursor", "it is none that this list gave", "take “next” of the page before, or leave it out"
    )


def is_count(text: str) -> bool:
    """Say whether it is a whole number that the database can hold."""
    return text.isascii() and text.isdigit() and len(text) <= 18
