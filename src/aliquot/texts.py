"""Can a text that somebody typed be kept as it was typed? Its length, and no character that cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator

from aliquot import fault
from aliquot.fault import Fault


def check(where: str, text: str, *, most: int, needed: bool = False) -> Iterator[Fault]:
    """Yield what is wrong with it; line ends and tabs may stand in it, and it may be empty unless it is `needed`."""
    if needed and not text.strip():
        yield fault.of(where, "nothing is told here", "fill it in")
    if len(text) > most:
        yield fault.of(where, "the text is longer than {most} characters", "shorten it", most=most)
    if any(not c.isprintable() and c not in "\r\n\t" for c in text):
        yield fault.of(where, "there is a character here that cannot be seen", "type it again")
