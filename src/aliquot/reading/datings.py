"""Which dates does a sentence state? As ISO 8601, resolved against the date line of the text, with no clock.

A date is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or two of them with a slash.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aliquot.reading import numerals
from aliquot.reading.marks import Mark

_NAMES: Final = (
    "jan(?:uary|\\.)?|janvier|januar", "feb(?:ruary|\\.)?|février|februar", "mar(?:ch|\\.)?|mars|märz", "apr(?:il|\\.)?|avril",
    "may|mai", "june?|juin|juni", "july?|juillet|juli", "aug(?:ust|\\.)?|août", "sept?(?:ember|embre|\\.)?", "oct(?:ober|obre|\\.)?|okt(?:ober)?",
    "nov(?:ember|embre|\\.)?", "dec(?:ember|\\.)?|décembre|dez(?:ember)?",
)  # fmt: skip
_MONTH: Final = "(?:" + "|".join(f"(?P<m{n}>{names})" for n, names in enumerate(_NAMES, 1)) + ")(?![a-zé])"
_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_YEAR: Final = r"(?:1[89]|20)\d\d"
_D: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_HAN_DAY: Final = r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]"
_LAST: Final = r"\b(?:last|this past|dernier|letzten|vergangenen|le mois de)\b"


@dataclass(frozen=True, slots=True)
class Clock:
    """What a relative date is resolved against: the text's own date, and the last date told before the sentence."""

    day: date | None = None
    told: str = ""
    is_future: bool = False


_Make = Callable[[re.Match[str], Clock], str]


def _month(match: re.Match[str]) -> int:
    return next(n for n in range(1, 13) if match.groupdict().get(f"m{n}"))


def _iso(year: int, month: int = 0, day: int = 0) -> str:
    if month and not 1 <= month <= 12:
        return ""
    if day and not 1 <= day <= calendar.monthrange(year, month)[1]:
        return ""
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def _dmy(match: re.Match[str], _clock: Clock) -> str:
    return _iso(int(match["y"]), _month(match), int(match["d"]))


def _my(match: re.Match[str], _clock: Clock) -> str:
    return _iso(int(match["y"]), _month(match))


def _near(clock: Clock, month: int, day: int = 0) -> str:
    """Return the nearest past date of a day and month without year; in the future tense the next."""
    if clock.day:
        year, at = clock.day.year, (month, day or 1)
        if not clock.is_future and at > (clock.day.month, clock.day.day):
            year -= 1
        if clock.is_future and (month, day or 31) < (clock.day.month, clock.day.day):
            year += 1
        return _iso(year, month, day)
    return _iso(int(clock.told[:4]), month, day) if clock.told[:4].isdigit() and day else ""


def _dm(match: re.Match[str], clock: Clock) -> str:
    return _near(clock, _month(match), int(match["d"]))


def _m(match: re.Match[str], clock: Clock) -> str:
    if clock.day is None and clock.told[:4].isdigit() and re.match(r"(?:in|im|en) ", match[0], re.IGNORECASE):
        return ""
    return _near(clock, _month(match))


def _last_month(match: re.Match[str], clock: Clock) -> str:
    if not clock.day:
        return ""
    month = _month(match)
    return _iso(clock.day.year - (month >= clock.day.month), month)


def _year(match: re.Match[str], _clock: Clock) -> str:
    return match["y"]


def _decade(match: re.Match[str], _clock: Clock) -> str:
    first, part = int(match["y"]), (match["part"] or "").casefold()
    low, high = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get(part[:5].strip("- "), (0, 9))
    return f"{first + low}/{first + high}"


def _span(match: re.Match[str], _clock: Clock) -> str:
    return f"{match['a']}/{match['b']}" if match["a"] < match["b"] else ""


def _shift(years: int) -> _Make:
    def make(_match: re.Match[str], clock: Clock) -> str:
        return str(clock.day.year + years) if clock.day else ""

    return make


def _from_told(years: int) -> _Make:
    def make(_match: re.Match[str], clock: Clock) -> str:
        return str(int(clock.told[:4]) + years) if clock.told[:4].isdigit() else ""

    return make


def _day_shift(days: int) -> _Make:
    def make(_match: re.Match[str], clock: Clock) -> str:
        return (clock.day + timedelta(days)).isoformat() if clock.day else ""

    return make


def _weekday(match: re.Match[str], clock: Clock) -> str:
    if not clock.day:
        return ""
    back = (clock.day.weekday() - _DAYS.index(match["w"].casefold())) % 7
    return (clock.day - timedelta(back)).isoformat()


def _this_month(_match: re.Match[str], clock: Clock) -> str:
    return clock.day.isoformat()[:7] if clock.day else ""


def _month_before(_match: re.Match[str], clock: Clock) -> str:
    return (clock.day.replace(day=1) - timedelta(1)).isoformat()[:7] if clock.day else ""


def _iso_text(match: re.Match[str], _clock: Clock) -> str:
    return _iso(int(match["y"]), int(match["mm"]), int(match["d"]))


def _han(text: str | None) -> int:
    return 0 if not text else int(text) if text.isdigit() else numerals.chinese(text)


def _cjk(match: re.Match[str], clock: Clock) -> str:
    found = match.groupdict()
    year, month, day = _han(found.get("y")), _han(found.get("mm")), _han(found.get("d"))
    if found.get("same"):
        return _iso(int(clock.told[:4]), month, day) if clock.told[:4].isdigit() else ""
    return _iso(year, month, day) if year else _near(clock, month, day)


def _same_month(match: re.Match[str], clock: Clock) -> str:
    return _iso(int(clock.told[:4]), int(clock.told[5:7]), int(match["d"])) if len(clock.told) >= 7 else ""


_ANY_MONTH: Final = "(?:" + "|".join(_NAMES) + ")(?![a-zé])"
_BOTH_DAYS: Final = rf"\b(?:from|between)\s+(?P<d1>\d{{1,2}})(?:\s+(?P<first>{_ANY_MONTH}))?\s+(?:to|and|until|till|-)\s+(?P<d2>\d{{1,2}})\s+{_MONTH},?\s+(?P<y>{_YEAR})\b"


def _days(match: re.Match[str], _clock: Clock) -> str:
    year, month = int(match["y"]), _month(match)
    told = match["first"]
    first = next(
        (n for n, names in enumerate(_NAMES, 1) if told and re.fullmatch(names, told, re.IGNORECASE)), month
    )
    low, high = _iso(year, first, int(match["d1"])), _iso(year, month, int(match["d2"]))
    return f"{low}/{high}" if low and high and low < high else ""


def _days_later(match: re.Match[str], clock: Clock) -> str:
    """Return the day so many days after the last one told."""
    if len(clock.told) != 10:
        return ""
    read = numerals.read(match["n"]) if match["n"] else None
    return (date.fromisoformat(clock.told) + timedelta(int(read[0]) if read else 1)).isoformat()


# Longer forms stand before those that they contain. An English example stands beside each.
_PATTERNS: Final[tuple[tuple[str, _Make], ...]] = (
    (rf"\b(?:between|from)\s+(?P<a>{_YEAR})\s+(?:and|to)\s+(?:{_MONTH}\s+)?(?P<b>{_YEAR})\b", _span),  # between 1970 and June 2010
    (_BOTH_DAYS, _days),  # from 27 June to 9 July 2021
    (rf"(?P<y>{_YEAR})-(?P<mm>\d\d)-(?P<d>\d\d)(?!\d)", _iso_text),  # 2020-12-17
    (rf"(?P<y>{_YEAR})[/.](?P<mm>\d{{1,2}})[/.](?P<d>\d{{1,2}})(?!\d)", _iso_text),  # 2020/12/17
    (rf"(?P<y>{_YEAR}|[一二〇零九]{{4}})年(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月{_HAN_DAY}", _cjk),  # 2020年12月17日
    (rf"(?P<y>{_YEAR}|[一二〇零九]{{4}})年(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月", _cjk),
    (r"(?P<same>同年|当年|同じ年の?)(?P<mm>\d{1,2})月(?:(?P<d>\d{1,2})日|末)?", _cjk),
    (r"(?P<samemonth>同月)(?P<d>\d{1,2})日", _same_month),
    (rf"(?P<mm>\d{{1,2}})月{_HAN_DAY}", _cjk),  # 12月17日
    (rf"(?P<y>{_YEAR})(?P<part>)年代", _decade),
    (rf"(?P<y>{_YEAR})年", _year),
    (rf"\b{_D}\s+(?:of\s+)?{_MONTH},?\s+(?P<y>{_YEAR})\b", _dmy),  # 16 December 2020
    (rf"\b{_MONTH}\s+{_D},?\s+(?P<y>{_YEAR})\b", _dmy),  # December 16, 2020
    (rf"\b{_MONTH},?\s+(?:of\s+)?(?P<y>{_YEAR})\b", _my),  # December 2020
    (rf"(?:\blast\s+|\bpast\s+|letzten\s+|vergangenen\s+){_MONTH}", _last_month),  # last June
    (rf"{_MONTH}\s+dernier", _last_month),
    (rf"\b{_D}\s+{_MONTH}\b", _dm),  # 16 December
    (rf"\b{_MONTH}\s+{_D}\b(?!\s*(?:kg|g\b|grams|%|,\d))", _dm),  # December 16
    (rf"\bbetween\s+(?P<a>{_YEAR})\s+and\s+(?P<b>{_YEAR})\b", _span),  # between 2028 and 2029
    (rf"\b(?:from\s+)?(?P<a>{_YEAR})\s*(?:-|to|or|bis|à|~|/)\s*(?P<b>{_YEAR})\b", _span),  # 2028-2029
    (r"\b(?P<part>early|mid|late)?[- ]?(?:the\s+)?(?P<y>(?:19|20)\d0)'?s\b", _decade),  # the late 2020s
    (r"\b(?P<part>)années\s+(?P<y>(?:19|20)\d0)\b", _decade),
    (r"\b(?P<part>)(?P<y>(?:19|20)\d0)er\b", _decade),
    (rf"(?<![\d$.,])\b(?P<y>{_YEAR})\b(?![,.]?\d|\s*(?:g|kg|grams|kilograms|km|metres|meters|Ma)\b|%)", _year),  # 2020
    (rf"\b(?P<n>{numerals.WORD}|\d{{1,2}}) days (?:later|afterwards|after that)\b|\b(?:the (?:next|following) day|a day later|the day after)\b", _days_later),  # four days later
    (r"\b(?:a|one) year later\b|\bthe (?:following|next) year\b|\bl'année suivante\b|\bein Jahr später\b|翌年|次年|第二年|一年后", _from_told(1)),
    (r"\btwo years later\b|\bdeux ans plus tard\b|\bzwei Jahre später\b|两年后|2年後", _from_told(2)),
    (r"\bthree years later\b|\btrois ans plus tard\b|\bdrei Jahre später\b|三年后|3年後", _from_told(3)),
    (r"\b(?:the year before|a year earlier|one year earlier)\b", _from_told(-1)),
    (r"\b(?:that|the same) year\b|\bla même année\b|\bim selben Jahr\b|同年|当年", _from_told(0)),
    (r"\blast year\b|\bl'an dernier\b|\bl'année dernière\b|\b(?:im )?(?:vergangenen|letzten|vorigen) Jahr(?:es)?\b|去年|昨年", _shift(-1)),
    (r"\bthis year\b|\bcette année\b|\b(?:in )?diese[ms] Jahr(?:es)?\b|今年|本年", _shift(0)),
    (r"\bnext year\b|\bl'an prochain\b|\bl'année prochaine\b|\bnächste[sn] Jahr(?:es)?\b|明年|来年", _shift(1)),
    (r"\bthis month\b|\bearlier this month\b|\bce mois-ci\b|本月|今月", _this_month),
    (r"\blast month\b|\ble mois dernier\b|\bletzten Monat\b|上个?月|先月", _month_before),
    (rf"\b(?:on |last )?(?P<w>{'|'.join(_DAYS)})\b", _weekday),  # on Thursday
    (r"\byesterday\b|\bhier\b(?= )|昨天|昨日", _day_shift(-1)),
    (r"\btoday\b|\baujourd'hui\b|\bheute\b|今天|今日|即日", _day_shift(0)),
    (rf"\b(?:in|early in|late in|since|of|en|im|by|until)\s+(?!may\b){_MONTH}(?!\s*\d)", _m),  # in June
    (r"(?<!\d)(?P<mm>\d{1,2})月(?!\d)", _cjk),
)  # fmt: skip
_COMPILED: Final = [(re.compile(pattern, re.IGNORECASE), make) for pattern, make in _PATTERNS]
_HAS: Final = re.compile(
    r"\d|year|month|day|last|past|année|mois|Jahr|Monat|heute|[年月日天]|\b(?:in|of|by|since|until|en|im)\b|dernier",
    re.IGNORECASE,
)


def dates(text: str, clock: Clock) -> Iterator[Mark]:
    """Yield each date that can be resolved; one that cannot still covers its place, so that no part of it is read."""
    if not _HAS.search(text):
        return
    taken: list[tuple[int, int, re.Match[str], _Make]] = []
    for pattern, make in _COMPILED:
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(start < b and a < end for a, b, *_ in taken):
                taken.append((start, end, match, make))
    told = ""
    for start, end, match, make in sorted(taken, key=lambda one: one[0]):
        bare = (
            make in (_dm, _cjk, _same_month)
            and not match.groupdict().get("y")
            and not match.groupdict().get("same")
        )
        here = (
            Clock(None, told)
            if (bare and told and "d" in match.groupdict()) or (make is _days_later and told)
            else clock
        )
        iso = make(match, here)
        if re.match(r"\d{4}", iso) and (not bare or len(iso) == 10):
            told = iso
        yield Mark("date", start, end, iso)


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


def date_line(text: str) -> date | None:
    """Return the day of the text itself, as its first lines give it; of a month its last day, of a year none."""
    head = text[:3000]
    lines = [line.strip() for line in head.split("\n") if line.strip()][:15]
    for line in lines:
        if len(line) > 90:
            line = line[:24] if re.match(r"(?:date\s+)?(?:19|20)\d\d-\d\d-\d\d\b", line) else ""
        match = _LINE.match(line)
        if match and (found := _whole(match["date"])):
            return found
        if len(line) <= _SHORT and (found := _beside_names(line)):
            return found
    for match in _OPENING.finditer(head):
        if found := _whole(match["date"], anywhere=True):
            return found
    stated = re.search(
        r"(?:published|updated|posted|date[dl]?|released|publié le|veröffentlicht am|stand:?)\W{1,5}(?P<date>.{8,24})",
        head,
        re.IGNORECASE,
    )
    return _whole(stated["date"], anywhere=True) if stated else None


_SHORT: Final = 60


def _beside_names(line: str) -> date | None:
    """Return the day of a line that has beside it only names: "Bangkok, 22 July 2024 (Xinhua)"."""
    days = [mark for mark in dates(line, Clock()) if len(mark.name) == 10]
    if len(days) != 1:
        return None
    rest = f"{line[: days[0].start]} {line[days[0].end :]} "
    words = re.findall(r"[A-Za-zÀ-ÿ]+", rest)
    small = [
        word
        for word in words
        if word[0].islower() and word not in ("by", "on", "at", "le", "am", "den", "de", "and")
    ]
    return date.fromisoformat(days[0].name) if not small and not re.search(r"\d", rest) and words else None


def _whole(text: str, *, anywhere: bool = False) -> date | None:
    for mark in sorted(dates(text, Clock()), key=lambda mark: mark.start):
        covers = anywhere or (mark.start <= 5 and len(text) - mark.end <= 5)
        if not covers or len(mark.name) not in (7, 10) or not re.search(r"\d", text):
            continue
        year, month, *day = (int(part) for part in mark.name.split("-"))
        return date(year, month, day[0] if day else calendar.monthrange(year, month)[1])
    return None


def span(iso: str) -> tuple[date, date]:
    """Return the first and last day that a date of this module covers."""
    first, _, last = iso.partition("/")
    return _bounds(first)[0], _bounds(last or first)[1]


def _bounds(iso: str) -> tuple[date, date]:
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], calendar.monthrange(*parts)[1])
    return date(*parts), date(*parts)
