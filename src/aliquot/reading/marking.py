"""What is in this sentence? All the names, numbers and dates of it, in order; a longer mark covers a shorter one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from aliquot.reading import datelines, datings, han, missions, parties, quantities, references
from aliquot.reading.marks import Mark, Sentence
from aliquot.reading.references import Spoken
from aliquot.reading.resolving import Clock
from aliquot.reading.sentences import plain

_FUTURE: Final = re.compile(
    r"\b(?:will|plans? to|scheduled|slated|expected to|set to|due to|(?:is|are) due|upcoming|to launch|(?:opens|closes|ends|begins|starts) (?:on|in))\b|将(?=于|在|择机|发射|登|实施|开|继续|返回|赴|会|有|迎来|首次|从|执行|前往|再|与|对|力争)|计划于|予定|prévue?|programmée?|geplant|angesetzt|vorgesehen|wird\b",
    re.IGNORECASE,
)
# "Its capsule landed on June 25"
_SAME: Final = re.compile(
    r"(?:Its|It|The (?:probe|craft|spacecraft|capsule|lander|returner|mission|return capsule))\b"
)
# "a week ago, on April 18": counted from the day of the text
_NOW: Final = re.compile(
    r"\b(?:ago|yesterday|today|[Aa]s of|(?:this|last) (?:week|month)|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
)
# "BEIJING, April 25, 2025 (Xinhua) --": where and when a text was written is no part of what it states.
_HEAD: Final = re.compile(r"[A-ZÀ-Ý]{3}[^-–—|:;]{2,60}?(?:\([^)]{2,40}\))? ?(?:--|—|–|-) ")


def sentence(text: str, start: int, end: int, language: str, clock: Clock, spoken: Spoken) -> Sentence:
    """Return the sentence from `start` to `end` of a text with its marks; `spoken` is what was named before it."""
    said = plain(text[start:end])
    if language == "zh":
        said = han.simplified(said)
    if _FUTURE.search(said):
        clock = replace(clock, is_future=True)
    if _SAME.match(said):
        clock = replace(clock, is_same=True)
    # Of two marks that meet, the one found first stands.
    found: list[Mark] = [*missions.samples(said), *missions.missions(said)]
    named = [mark for mark in found if mark.kind == "mission" and mark.sort == "mission"]
    if any(not missions.is_in_passing(said, mark.start) for mark in named):
        clock = replace(clock, near="")  # another story begins
    if _NOW.search(said):
        clock = replace(clock, near="")
    found += references.missions(said, found, spoken)
    if language in ("fr", "de") and any(mark.kind == "mission" and mark.sort == "mission" for mark in found):
        clock = replace(
            clock, near=""
        )  # told by its place: "la sonde avait aluni dans le bassin Pôle Sud-Aitken"
    found += references.parties(said, list(parties.parties(said, language)), spoken)
    found += quantities.marks(said, language, aged=spoken.aged)
    opened = datelines.opening(said, language)
    found += (
        mark if mark.start >= opened else replace(mark, kind="dateline")
        for mark in datings.dates(said, clock)
    )
    kept: list[Mark] = []
    for mark in found:
        if not any(
            mark.start < other.end and other.start < mark.end and not _both(mark, other) for other in kept
        ):
            kept.append(mark)
    head = _HEAD.match(said)
    told = head.end() if head else 0
    marks = tuple(
        replace(mark, kind="dateline") if mark.kind == "date" and mark.start < told else mark
        for mark in sorted(kept, key=lambda mark: mark.start)
        if mark.kind != "date" or (mark.name and not _repeats(said, mark, kept))
    )
    return Sentence(start, end, said, text[start:end], language, marks)


def _repeats(said: str, mark: Mark, kept: list[Mark]) -> bool:
    """Whether a mark only says again of which year a day is, as in "on October 21 that year"."""
    return any(
        other.kind == "date"
        and other.name != mark.name
        and other.name.startswith(mark.name[:4])
        and _OF.fullmatch(said[other.end : mark.start])
        for other in kept
        if mark.name and other.end <= mark.start
    )


_OF: Final = re.compile(r",? (?:of |in )?(?:the )?")


def _both(mark: Mark, other: Mark) -> bool:
    """Whether a count and a party inside it may both stand, as in "two US institutions"."""
    return {mark.kind, other.kind} == {"count", "party"}
