"""Of which day is a text? The date line of a report, the head of a page, the line under a headline."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import Final

from aliquot.reading import datings
from aliquot.reading.resolving import Clock

# A line that is nothing but a date, or that opens a report: `ST. LOUIS, December 2010 --`, `(Xinhua) -- Aug. 2`, `date 2025-02-10`.
_LINE: Final = re.compile(
    r"^\W*(?:(?:published|posted|updated|last updated|publié|date|stand|veröffentlicht|发布时间|更新|by [A-Z][\w. ]{2,30}|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|le|am|den)[\s:,|·-]*(?:le |on |am )?)*(?P<date>.{4,40}?)[\s.|·)]*(?:\d{1,2}[:h]\d\d.*)?$",
    re.IGNORECASE,
)
_OPENING: Final = re.compile(
    r"^[A-Z][A-Z .,'/-]{2,40}(?:\([A-Za-z]+\))?[, ]\s*(?P<date>[A-Za-z]{3,9}\.?[ ,\d]{0,12})\s*(?:\([^)]{2,20}\))?\s*(?:-{1,2}|[–—:])",
    re.MULTILINE,
)


# A day before two dashes, with no place: "Aug. 29, 2018 -- A strange thing happened"; one dash heads a line of a chronology.
_BARE: Final = re.compile(r"(?P<date>[A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}) (?:--|—) (?=[A-Z])")


def date_line(text: str, language: str = "en") -> date | None:
    """Return the day of the text itself, as its first lines give it; of a month its last day, of a year none."""
    head = text[:3000]
    lines = [line.strip() for line in head.split("\n") if line.strip()][:15]
    for line in lines:
        if len(line) > 90:
            line = line[:24] if re.match(r"(?:date\s+)?(?:19|20)\d\d-\d\d-\d\d\b", line) else ""
        match = _LINE.match(line)
        if match and (found := _whole(match["date"], language)):
            return found
        if len(line) <= _SHORT and (found := _beside_names(line, language)):
            return found
    for match in _OPENING.finditer(head):
        if found := _whole(match["date"], language, anywhere=True):
            return found
    stated = re.search(
        r"(?:published|updated|posted|date[dl]?|released|publié le|veröffentlicht am|stand:?)\W{1,5}(?P<date>.{8,24})",
        head,
        re.IGNORECASE,
    )
    return _whole(stated["date"], language, anywhere=True) if stated else None


def opening(sentence: str, language: str = "en") -> int:
    """Return where the dateline ends that opens a sentence, 0 where none does: its day is that of the report."""
    if (bare := _BARE.match(sentence)) and _whole(bare["date"], language, anywhere=True):
        return bare.end()
    match = _OPENING.match(sentence)
    return match.end() if match and _whole(match["date"], language, anywhere=True) else 0


_SHORT: Final = 60
_PARTED: Final = re.compile(r"^\W*$|[|·,:;()–—-]\s*(?:on |le |am )?$")


def _beside_names(line: str, language: str) -> date | None:
    """Return the day of a line that has beside it only names: "Bangkok, 22 July 2024 (Xinhua)"."""
    days = [mark for mark in datings.dates(line, Clock(language=language)) if len(mark.name) == 10]
    if len(days) != 1:
        return None
    if re.search(r"\d年", line) and not re.search("[,，。;；]", line):  # "新华社曼谷2024年7月22日电"
        return date.fromisoformat(days[0].name)
    before, after = line[: days[0].start], line[days[0].end :]
    if (
        not re.search(r"[.?!]\W*$", line)
        and before + after
        and (
            (_PARTED.search(before) and before.strip() and not after.strip(" )."))
            or (not before.strip() and re.match(r"\s*[|·,:–—-]", after))
        )
    ):
        return date.fromisoformat(days[0].name)  # "Museum blog | 12 June 2025"
    rest = f"{before} {after} "
    words = re.findall(r"[A-Za-zÀ-ÿ]+", rest)
    small = [
        word
        for word in words
        if word[0].islower() and word not in ("by", "on", "at", "le", "am", "den", "de", "and")
    ]
    return date.fromisoformat(days[0].name) if not small and not re.search(r"\d", rest) and words else None


def _whole(text: str, language: str, *, anywhere: bool = False) -> date | None:
    for mark in sorted(datings.dates(text, Clock(language=language)), key=lambda mark: mark.start):
        covers = anywhere or (mark.start <= 5 and len(text) - mark.end <= 5)
        if not covers or len(mark.name) not in (7, 10) or not re.search(r"\d", text):
            continue
        year, month, *day = (int(part) for part in mark.name.split("-"))
        return date(year, month, day[0] if day else calendar.monthrange(year, month)[1])
    return None
