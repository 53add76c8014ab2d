"""What is in this sentence? All the names, numbers and dates of it, in order; a longer mark covers a shorter one."""

from __future__ import annotations

import re
from typing import Final

from aliquot.reading import datings, missions, parties, quantities
from aliquot.reading.datings import Clock
from aliquot.reading.marks import Mark, Sentence
from aliquot.reading.sentences import plain

_FUTURE: Final = re.compile(
    r"\b(?:will|plans? to|scheduled|slated|expected to|set to|due to|upcoming|to launch)\b|将(?!嫦)|计划于|予定|prévue?|geplant|wird\b",
    re.IGNORECASE,
)
_NUMBERS: Final = (quantities.masses, quantities.prices, quantities.ages, quantities.counts)


def sentence(text: str, start: int, end: int, language: str, clock: Clock) -> Sentence:
    """Return the sentence from `start` to `end` of a text with its marks."""
    said = plain(text[start:end])
    if _FUTURE.search(said):
        clock = Clock(clock.day, clock.told, is_future=True)
    # Of two marks that meet, the one found first stands.
    found: list[Mark] = [*missions.samples(said), *missions.missions(said)]
    found += parties.parties(said, language)
    if re.search(r"[\d$€]|[一二三四五六七八九十两]|\b(?:[a-z]+)\b", said):
        for read in _NUMBERS:
            found += read(said, language)
    found += datings.dates(said, clock)
    kept: list[Mark] = []
    for mark in found:
        if not any(
            mark.start < other.end and other.start < mark.end and not _both(mark, other) for other in kept
        ):
            kept.append(mark)
    marks = tuple(
        mark for mark in sorted(kept, key=lambda mark: mark.start) if mark.kind != "date" or mark.name
    )
    return Sentence(start, end, said, text[start:end], language, marks)


def _both(mark: Mark, other: Mark) -> bool:
    """Whether a count and a party inside it may both stand, as in "two US institutions"."""
    return {mark.kind, other.kind} == {"count", "party"}
