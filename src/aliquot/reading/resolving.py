"""Which day does a form of date mean? Each form that `datings` knows, resolved against the text, with no clock.

A function takes the match of its form and a `Clock`, and returns a date as `datings` defines it; empty where it cannot be told.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Final

from aliquot.reading import numerals

NAMES: Final = {
    "en": (
        r"jan(?:uary|\.)?", r"feb(?:ruary|\.)?", r"mar(?:ch|\.)?", r"apr(?:il|\.)?", "may", r"june?", r"july?", r"aug(?:ust|\.)?",
        r"sept?(?:ember|\.)?", r"oct(?:ober|\.)?", r"nov(?:ember|\.)?", r"dec(?:ember|\.)?",
    ),
    "fr": (
        r"janv(?:ier|\.)", r"févr?(?:ier|\.)", "mars", r"avr(?:il|\.)", "mai", "juin", r"juil(?:let|\.)", "août", r"sept(?:embre|\.)",
        r"oct(?:obre|\.)", r"nov(?:embre|\.)", r"déc(?:embre|\.)",
    ),
    "de": (
        r"j[aä]n(?:uar|ner|\.)", r"feb(?:ruar|\.)", "märz", r"apr(?:il|\.)", "mai", "juni", "juli", r"aug(?:ust|\.)", r"sept?(?:ember|\.)",
        r"okt(?:ober|\.)", r"nov(?:ember|\.)", r"dez(?:ember|\.)",
    ),
}  # fmt: skip
DAYS: Final = {
    "en": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "de": ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag"),
}
NTHS: Final = (
    r"(?:twenty|thirty)-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|twentieth|thirtieth|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
)
_NTH: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """What a relative date is resolved against: the text's own date, and the last date told before the sentence."""

    day: date | None = None
    told: str = ""
    is_future: bool = False
    is_same: bool = False  # the sentence goes on about what the one before told
    near: str = ""  # the last date told, where it was told just before
    language: str = "en"


Make = Callable[[re.Match[str], Clock], str]


def _named(word: str, language: str) -> int:
    """Return the month of a name, 0 where it names none."""
    names = NAMES.get(language, ())
    return next((n for n, forms in enumerate(names, 1) if re.fullmatch(forms, word, re.IGNORECASE)), 0)


def _number(match: re.Match[str], clock: Clock) -> int:
    """Return the number of a match, 1 where it has none: "the day after"."""
    read = numerals.read(match["n"], clock.language) if match["n"] else None
    return int(read[0]) if read else 1


def _month(match: re.Match[str]) -> int:
    return next(n for n in range(1, 13) if match.groupdict().get(f"m{n}"))


def _iso(year: int, month: int = 0, day: int = 0) -> str:
    if month and not 1 <= month <= 12:
        return ""
    if day and not 1 <= day <= calendar.monthrange(year, month)[1]:
        return ""
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def dmy(match: re.Match[str], _clock: Clock) -> str:
    """Return a whole date: 16 December 2020."""
    return _iso(int(match["y"]), _month(match), int(match["d"]))


def my(match: re.Match[str], _clock: Clock) -> str:
    """Return a month of a year: December 2020."""
    return _iso(int(match["y"]), _month(match))


def _near(clock: Clock, month: int, day: int = 0) -> str:
    """Return the nearest past date of a day and month without year; in the future tense the next."""
    if (
        clock.day
        and not clock.is_future
        and clock.near[:4].isdigit()
        and int(clock.near[:4]) < clock.day.year - 1
    ):
        return _iso(int(clock.near[:4]), month, day)  # a story of long ago goes on
    if clock.is_same and day and clock.near[:4].isdigit():  # "Its capsule landed on June 25"
        after = _iso(int(clock.near[:4]), month, day)
        if clock.day and clock.near <= after <= clock.day.isoformat():
            return after
    if clock.day:
        year, at = clock.day.year, (month, day or 1)
        if not clock.is_future and at > (clock.day.month, clock.day.day):
            year -= 1
        if clock.is_future and (month, day or 31) < (clock.day.month, clock.day.day):
            year += 1
        return _iso(year, month, day)
    told = clock.told if day else clock.near
    return _iso(int(told[:4]), month, day) if told[:4].isdigit() else ""


def dm(match: re.Match[str], clock: Clock) -> str:
    """Return the nearest day of a month without a year: 16 December."""
    return _near(clock, _month(match), int(match["d"]))


def m(match: re.Match[str], clock: Clock) -> str:
    """Return the nearest month without a year: in June."""
    return _near(clock, _month(match))


def last_month(match: re.Match[str], clock: Clock) -> str:
    """Return the last month of this name, or day of it, before that of the text: last June."""
    if not clock.day:
        return ""
    month, day = _month(match), int(match.groupdict().get("d") or 0)
    is_ahead = (month, day) >= (clock.day.month, clock.day.day if day else 0)
    return _iso(clock.day.year - is_ahead, month, day)


def year(match: re.Match[str], _clock: Clock) -> str:
    """Return a year."""
    return match["y"]


_OF_DECADE: Final = (
    (("early", "début", "anfang"), (0, 3)),
    (("mid", "milieu", "mitte"), (4, 6)),
    (("late", "fin", "ende"), (7, 9)),
)


def decade(match: re.Match[str], _clock: Clock) -> str:
    """Return the years of a decade, or of a part of it: the late 2020s."""
    first, part = int(match["y"]), (match["part"] or "").casefold()
    low, high = next((years for words, years in _OF_DECADE if part.startswith(words)), (0, 9))
    return f"{first + low}/{first + high}"


def short_span(match: re.Match[str], _clock: Clock) -> str:
    """Return two years of which the second is short: 1969-72."""
    last = match["a"][:2] + match["short"]
    return f"{match['a']}/{last}" if match["a"] < last else ""


def span(match: re.Match[str], _clock: Clock) -> str:
    """Return two years: between 2028 and 2029."""
    return f"{match['a']}/{match['b']}" if match["a"] < match["b"] else ""


def shift(years: int) -> Make:
    """Return what makes the year so many years from that of the text."""

    def make(_match: re.Match[str], clock: Clock) -> str:
        return str(clock.day.year + years) if clock.day else ""

    return make


def _years(match: re.Match[str], clock: Clock) -> int:
    """Return the years of "three years", "a decade", "a couple of years"."""
    many = re.search(r"decade|décennie|Jahrzehnt", match[0], re.IGNORECASE)
    return _number(match, clock) * (10 if many else 1)


def ago(match: re.Match[str], clock: Clock) -> str:
    """Return the year so many years before that of the text."""
    return str(clock.day.year - _years(match, clock)) if clock.day else ""


def ago_today(match: re.Match[str], clock: Clock) -> str:
    """Return the day of the text so many years before."""
    return _iso(clock.day.year - _years(match, clock), clock.day.month, clock.day.day) if clock.day else ""


def years_later(match: re.Match[str], clock: Clock) -> str:
    """Return the year so many years after the last one told."""
    return str(int(clock.told[:4]) + _years(match, clock)) if clock.told[:4].isdigit() else ""


def years_earlier(match: re.Match[str], clock: Clock) -> str:
    """Return the year so many years before the last one told."""
    return str(int(clock.told[:4]) - _years(match, clock)) if clock.told[:4].isdigit() else ""


def months_later(match: re.Match[str], clock: Clock) -> str:
    """Return the month so many months after the last one told."""
    return _month_from(clock, _number(match, clock))


def months_earlier(match: re.Match[str], clock: Clock) -> str:
    """Return the month so many months before the last one told."""
    return _month_from(clock, -_number(match, clock))


def _month_from(clock: Clock, step: int) -> str:
    if len(clock.told) < len("2020-12"):
        return ""
    months = int(clock.told[:4]) * 12 + int(clock.told[5:7]) - 1 + step
    return _iso(months // 12, months % 12 + 1)


def that_month(match: re.Match[str], clock: Clock) -> str:
    """Return a month of the year told last: that December."""
    return _iso(int(clock.told[:4]), _month(match)) if clock.told[:4].isdigit() else ""


def of_that_year(match: re.Match[str], clock: Clock) -> str:
    """Return a day or month of the year told last."""
    if not clock.told[:4].isdigit():
        return ""
    return _iso(int(clock.told[:4]), _month(match), int(match["d"] or match["d2"] or 0))


_SPRING, _SUMMER, _AUTUMN = (3, 5), (6, 8), (9, 11)
_SEASONS: Final = {
    "spring": _SPRING, "summer": _SUMMER, "autumn": _AUTUMN, "fall": _AUTUMN, "printemps": _SPRING, "été": _SUMMER, "automne": _AUTUMN,
    "frühjahr": _SPRING, "frühling": _SPRING, "sommer": _SUMMER, "herbst": _AUTUMN,
}  # fmt: skip
_LAST: Final = ("last", "dernier", "letzten", "vergangenen")


def season(match: re.Match[str], clock: Clock) -> str:
    """Return the months of last summer, or of the summer of a year."""
    months = _SEASONS.get(match["season"].casefold())
    year = int(match["y"]) if match["y"] else 0
    if match["rel"] and clock.day and months:
        past = match["rel"].casefold() in _LAST and clock.day.month <= months[1]
        year = clock.day.year - past + (match["rel"].casefold() == "next")
    return f"{_iso(year, months[0])}/{_iso(year, months[1])}" if year and months else str(year or "")


def spoken(match: re.Match[str], clock: Clock) -> str:
    """Return a date as it is spoken: "July the twenty-fourth, sixty-nine"."""
    word = match["nth"].casefold()
    tens, _, ones = word.partition("-")
    day = (
        {"twenty": 20, "thirty": 30}.get(tens, 0) + _NTH.index(ones) + 1
        if ones
        else 30
        if word == "thirtieth"
        else _NTH.index(word) + 1
    )
    short = numerals.read(match["short"]) if match["short"] else None
    year = int(match["y"]) if match["y"] else 1900 + int(short[0]) if short else 0
    return _iso(year, _month(match), day) if year else _near(clock, _month(match), day)


def end_of_decade(_match: re.Match[str], clock: Clock) -> str:
    """Return the time up to the end of the decade that the text is written in."""
    decade = (clock.day.year if clock.day else 2025) // 10 * 10
    return f"{decade + 9}/{decade + 10}"


def end_of_told(_match: re.Match[str], clock: Clock) -> str:
    """Return the last month of the year told last: at the end of that year."""
    return f"{clock.told[:4]}-12" if clock.told[:4].isdigit() else ""


@cache
def from_told(years: int) -> Make:
    """Return what makes the year so many years from the one told last."""

    def make(_match: re.Match[str], clock: Clock) -> str:
        return str(int(clock.told[:4]) + years) if clock.told[:4].isdigit() else ""

    return make


def day_shift(days: int) -> Make:
    """Return what makes the day so many days from that of the text."""

    def make(_match: re.Match[str], clock: Clock) -> str:
        return (clock.day + timedelta(days)).isoformat() if clock.day else ""

    return make


def weekday(match: re.Match[str], clock: Clock) -> str:
    """Return the last day of this name, up to that of the text: on Thursday."""
    if not clock.day:
        return ""
    back = (clock.day.weekday() - DAYS[clock.language].index(match["w"].casefold())) % 7
    return (clock.day - timedelta(back)).isoformat()


def this_month(_match: re.Match[str], clock: Clock) -> str:
    """Return the month of the text."""
    return clock.day.isoformat()[:7] if clock.day else ""


def month_before(_match: re.Match[str], clock: Clock) -> str:
    """Return the month before that of the text."""
    return (clock.day.replace(day=1) - timedelta(1)).isoformat()[:7] if clock.day else ""


def iso_text(match: re.Match[str], _clock: Clock) -> str:
    """Return a date in numbers: 2020-12-17."""
    return _iso(int(match["y"]), int(match["mm"]), int(match["d"]))


def _han(text: str | None) -> int:
    return 0 if not text else int(text) if text.isdigit() else numerals.chinese(text)


def cjk(match: re.Match[str], clock: Clock) -> str:
    """Return a date in Chinese or Japanese; without a year the nearest."""
    found = match.groupdict()
    year, month, day = _han(found.get("y")), _han(found.get("mm")), _han(found.get("d"))
    if found.get("same"):
        return _iso(int(clock.told[:4]), month, day) if clock.told[:4].isdigit() else ""
    return _iso(year, month, day) if year else _near(clock, month, day)


def same_month(match: re.Match[str], clock: Clock) -> str:
    """Return a day of the month told last: on the 24th."""
    day = int(match["d"] or match.groupdict().get("d2") or 0)
    return _iso(int(clock.told[:4]), int(clock.told[5:7]), day) if len(clock.told) >= 7 else ""


_RELATIVE: Final = (
    (-1, re.compile(r"last|去年|昨年|derni|passé|letzt|vergangen|vorig", re.IGNORECASE)),
    (1, re.compile(r"next|明年|来年|prochain|nächst|kommend", re.IGNORECASE)),
)


def _from_now(words: str) -> int:
    """Return how many years from that of the text: "last year" is -1, "this year" 0."""
    return next((step for step, form in _RELATIVE if form.search(words)), 0)


def relative_year(match: re.Match[str], clock: Clock) -> str:
    """Return the day or month of last year, this year or the next."""
    if not clock.day:
        return ""
    found = match.groupdict()
    month = _han(found["mm"]) if found.get("mm") else _month(match)
    day = _han(found.get("d") or found.get("d2"))
    return _iso(clock.day.year + _from_now(match["rel"]), month, day)


def months(match: re.Match[str], clock: Clock) -> str:
    """Return two months of one year: August to November 2024."""
    first = _named(match["from"], clock.language)
    last = _month(match)
    return f"{_iso(int(match['y']), first)}/{_iso(int(match['y']), last)}" if first < last else ""


def days_han(match: re.Match[str], clock: Clock) -> str:
    """Return two days in Chinese or Japanese: 2021年6月26日至7月9日; without a year the nearest."""
    months, days = (
        (_han(match["m1"]), _han(match["m2"] or match["m1"])),
        (_han(match["d1"]), _han(match["d2"])),
    )
    if match["y"]:
        low, high = (_iso(_han(match["y"]), month, day) for month, day in zip(months, days, strict=True))
    else:
        low, high = (_near(clock, month, day) for month, day in zip(months, days, strict=True))
    return f"{low}/{high}" if low and high and low < high else ""


_YEAR_BEFORE: Final = ("前年", "前一年")
_YEAR_AFTER: Final = ("次年", "翌年", "第二年", "转年")


def month_beside(match: re.Match[str], clock: Clock) -> str:
    """Return a month of the year before or after the one told last: 次年3月, 前年の11月."""
    if not clock.told[:4].isdigit():
        return ""
    step = (match["step"] in _YEAR_AFTER) - (match["step"] in _YEAR_BEFORE)
    return _iso(int(clock.told[:4]) + step, _han(match["mm"]), _han(match.groupdict().get("d")))


_SPACE_AGE: Final = 57  # Sputnik: what is written 57 and later is of the last century


def short_year(match: re.Match[str], _clock: Clock) -> str:
    """Return a date whose year has two digits: 翌23年4月, 72年."""
    short = int(match["short"])
    year = short + (1900 if short >= _SPACE_AGE else 2000)
    return _iso(year, _han(match["mm"]), _han(match.groupdict().get("d")))


def day_alone(match: re.Match[str], clock: Clock) -> str:
    """Return a day of the month told last in the sentence, else of the month of the text: 25日."""
    if len(clock.told) >= len("2020-12"):
        return _iso(int(clock.told[:4]), int(clock.told[5:7]), int(match["d"]))
    return _iso(clock.day.year, clock.day.month, int(match["d"])) if clock.day else ""


def end_of_year(match: re.Match[str], _clock: Clock) -> str:
    """Return the last month of a year."""
    return f"{match['y']}-12"


def end_of_relative(match: re.Match[str], clock: Clock) -> str:
    """Return the last month of last year or of this year."""
    return f"{clock.day.year + _from_now(match['rel'])}-12" if clock.day else ""


def days(match: re.Match[str], clock: Clock) -> str:
    """Return two days: from 27 June to 9 July 2021."""
    year, month = int(match["y"]), _month(match)
    told = match.groupdict().get("first")
    first = (_named(told, clock.language) if told else 0) or month
    low, high = _iso(year, first, int(match["d1"])), _iso(year, month, int(match["d2"]))
    return f"{low}/{high}" if low and high and low < high else ""


def decade_han(match: re.Match[str], _clock: Clock) -> str:
    """Return the years of a decade of the last century in Chinese: 上世纪70年代."""
    tens = match["tens"]
    first = 1900 + (int(tens) if tens.isdigit() else numerals.chinese(tens))
    return f"{first}/{first + 9}"


def days_later(match: re.Match[str], clock: Clock) -> str:
    """Return the day so many days after the last one told."""
    return _day_from(clock, _number(match, clock))


def weeks_later(match: re.Match[str], clock: Clock) -> str:
    """Return the day so many weeks after the last one told."""
    return _day_from(clock, 7 * _number(match, clock))


def _day_from(clock: Clock, step: int) -> str:
    if len(clock.told) != len("2020-12-17"):
        return ""
    return (date.fromisoformat(clock.told) + timedelta(step)).isoformat()


def told_month(_match: re.Match[str], clock: Clock) -> str:
    """Return the month of the date told last: later that month."""
    return clock.told[:7] if len(clock.told) >= len("2020-12") else ""
