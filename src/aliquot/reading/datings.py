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


@dataclass(frozen=True, slots=True)
class Clock:
    """What a relative date is resolved against: the text's own date, and the last date told before the sentence."""

    day: date | None = None
    told: str = ""
    is_future: bool = False
    near: str = ""  # the last date told, where it was told just before


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
    if (
        clock.day
        and not clock.is_future
        and clock.near[:4].isdigit()
        and int(clock.near[:4]) < clock.day.year - 1
    ):
        return _iso(int(clock.near[:4]), month, day)  # a story of long ago goes on
    if clock.day:
        year, at = clock.day.year, (month, day or 1)
        if not clock.is_future and at > (clock.day.month, clock.day.day):
            year -= 1
        if clock.is_future and (month, day or 31) < (clock.day.month, clock.day.day):
            year += 1
        return _iso(year, month, day)
    told = clock.told if day else clock.near
    return _iso(int(told[:4]), month, day) if told[:4].isdigit() else ""


def _dm(match: re.Match[str], clock: Clock) -> str:
    return _near(clock, _month(match), int(match["d"]))


def _m(match: re.Match[str], clock: Clock) -> str:
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


def _short_span(match: re.Match[str], _clock: Clock) -> str:
    last = match["a"][:2] + match["short"]
    return f"{match['a']}/{last}" if match["a"] < last else ""


def _span(match: re.Match[str], _clock: Clock) -> str:
    return f"{match['a']}/{match['b']}" if match["a"] < match["b"] else ""


def _shift(years: int) -> _Make:
    def make(_match: re.Match[str], clock: Clock) -> str:
        return str(clock.day.year + years) if clock.day else ""

    return make


def _years(match: re.Match[str]) -> int:
    """Return the years of "three years", "a decade", "a couple of years"."""
    read = numerals.read(match["n"]) if match["n"] else None
    return int(read[0] if read else 1) * (10 if "decade" in match[0].casefold() else 1)


def _ago(match: re.Match[str], clock: Clock) -> str:
    return str(clock.day.year - _years(match)) if clock.day else ""


def _ago_today(match: re.Match[str], clock: Clock) -> str:
    return _iso(clock.day.year - _years(match), clock.day.month, clock.day.day) if clock.day else ""


def _years_later(match: re.Match[str], clock: Clock) -> str:
    return str(int(clock.told[:4]) + _years(match)) if clock.told[:4].isdigit() else ""


def _years_earlier(match: re.Match[str], clock: Clock) -> str:
    return str(int(clock.told[:4]) - _years(match)) if clock.told[:4].isdigit() else ""


def _months_later(match: re.Match[str], clock: Clock) -> str:
    """Return the month so many months after the last one told."""
    read = numerals.read(match["n"]) if match["n"] else None
    return _month_from(clock, int(read[0] if read else 1))


def _months_earlier(match: re.Match[str], clock: Clock) -> str:
    read = numerals.read(match["n"])
    return _month_from(clock, -int(read[0] if read else 1))


def _month_from(clock: Clock, step: int) -> str:
    if len(clock.told) < len("2020-12"):
        return ""
    months = int(clock.told[:4]) * 12 + int(clock.told[5:7]) - 1 + step
    return _iso(months // 12, months % 12 + 1)


def _that_month(match: re.Match[str], clock: Clock) -> str:
    return _iso(int(clock.told[:4]), _month(match)) if clock.told[:4].isdigit() else ""


def _of_that_year(match: re.Match[str], clock: Clock) -> str:
    if not clock.told[:4].isdigit():
        return ""
    return _iso(int(clock.told[:4]), _month(match), int(match["d"] or match["d2"] or 0))


_SEASONS: Final = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11)}


def _season(match: re.Match[str], clock: Clock) -> str:
    """Return the months of last summer, or of the summer of a year."""
    months = _SEASONS.get(match["season"].casefold())
    year = int(match["y"]) if match["y"] else 0
    if match["rel"] and clock.day and months:
        past = match["rel"].casefold() == "last" and clock.day.month <= months[1]
        year = clock.day.year - past + (match["rel"].casefold() == "next")
    return f"{_iso(year, months[0])}/{_iso(year, months[1])}" if year and months else str(year or "")


_NTHS: Final = (
    r"(?:twenty|thirty)-(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)|twentieth|thirtieth|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|"
    r"eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth|nineteenth"
)
_NTH: Final = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth", "fourteenth",
    "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth",
)  # fmt: skip


def _spoken(match: re.Match[str], clock: Clock) -> str:
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


def _end_of_decade(_match: re.Match[str], clock: Clock) -> str:
    """Return the time up to the end of the decade that the text is written in."""
    decade = (clock.day.year if clock.day else 2025) // 10 * 10
    return f"{decade + 9}/{decade + 10}"


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
_BOTH_DAYS: Final = rf"\b(?:(?:from|between)\s+)?(?:the\s+)?(?P<d1>\d{{1,2}})(?:\s+(?P<first>{_ANY_MONTH}))?\s*(?:to|and|until|till|through|-)\s*(?:the\s+)?(?P<d2>\d{{1,2}})\s+{_MONTH},?\s+(?P<y>{_YEAR})\b"
_BOTH_DAYS_US: Final = rf"\b(?:(?:from|between)\s+)?(?:(?P<first>{_ANY_MONTH})\s+(?P<d1>\d{{1,2}})\s*(?:to|and|until|till|through|-)\s*{_MONTH}\s+(?P<d2>\d{{1,2}})),?\s+(?P<y>{_YEAR})\b"
_DAYS_OF_MONTH_US: Final = (
    rf"\b{_MONTH}\s+(?P<d1>\d{{1,2}})\s*(?:to|and|until|through|-)\s*(?P<d2>\d{{1,2}}),?\s+(?P<y>{_YEAR})\b"
)


_RELATIVE: Final = {"last": -1, "去年": -1, "昨年": -1, "next": 1, "明年": 1, "来年": 1}


def _relative_year(match: re.Match[str], clock: Clock) -> str:
    """Return the day or month of last year, this year or the next."""
    if not clock.day:
        return ""
    found = match.groupdict()
    month = _han(found["mm"]) if found.get("mm") else _month(match)
    day = _han(found.get("d") or found.get("d2"))
    return _iso(clock.day.year + _RELATIVE.get(match["rel"].casefold(), 0), month, day)


def _months(match: re.Match[str], _clock: Clock) -> str:
    first = next(n for n, names in enumerate(_NAMES, 1) if re.fullmatch(names, match["from"], re.IGNORECASE))
    last = _month(match)
    return f"{_iso(int(match['y']), first)}/{_iso(int(match['y']), last)}" if first < last else ""


def _days_han(match: re.Match[str], _clock: Clock) -> str:
    year, month = int(match["y"]), int(match["m1"])
    low = _iso(year, month, int(match["d1"]))
    high = _iso(year, int(match["m2"] or month), int(match["d2"]))
    return f"{low}/{high}" if low and high and low < high else ""


def _end_of_year(match: re.Match[str], _clock: Clock) -> str:
    return f"{match['y']}-12"


def _end_of_relative(match: re.Match[str], clock: Clock) -> str:
    return f"{clock.day.year + _RELATIVE.get(match['rel'], 0)}-12" if clock.day else ""


def _days(match: re.Match[str], _clock: Clock) -> str:
    year, month = int(match["y"]), _month(match)
    told = match.groupdict().get("first")
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


_SP: Final = r"(?:\s+(?:the\s+)?(?:month of\s+)?|(?<=mid)-)"
# Longer forms stand before those that they contain. An English example stands beside each.
_PATTERNS: Final[tuple[tuple[str, _Make], ...]] = (
    (rf"\b(?:between|from)\s+(?P<a>{_YEAR})\s+(?:and|to)\s+(?:{_MONTH}\s+)?(?P<b>{_YEAR})\b", _span),  # between 1970 and June 2010
    (_BOTH_DAYS, _days),  # from 27 June to 9 July 2021
    (rf"\b(?:from\s+)?(?P<from>{_ANY_MONTH})\s*(?:to|until|till|through|and|-)\s*{_MONTH},?\s+(?P<y>{_YEAR})\b", _months),  # August to November 2024
    (rf"\b(?:{_D}\s+)?{_MONTH}(?:\s+(?P<d2>\d{{1,2}}))?,?\s+(?:of\s+)?(?P<rel>last|this|next) year\b", _relative_year),  # June 2 last year
    (rf"\b(?P<rel>last|this|next) {_MONTH}(?:\s+(?P<d>\d{{1,2}}))\b", _relative_year),
    (rf"(?P<rel>去年|昨年|今年|本年|明年|来年)(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:{_HAN_DAY})?", _relative_year),
    (_BOTH_DAYS_US, _days),  # June 27 to July 9, 2021
    (_DAYS_OF_MONTH_US, _days),  # July 22-28, 2024
    (rf"(?P<y>{_YEAR})-(?P<mm>\d\d)-(?P<d>\d\d)(?!\d)", _iso_text),  # 2020-12-17
    (rf"(?P<y>{_YEAR})[/.](?P<mm>\d{{1,2}})[/.](?P<d>\d{{1,2}})(?!\d)", _iso_text),  # 2020/12/17
    (rf"(?P<y>{_YEAR})年(?P<m1>\d{{1,2}})月(?P<d1>\d{{1,2}})日?(?:至|到|-|—)(?:(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})日", _days_han),  # 2021年6月26日至7月9日
    (rf"(?P<y>{_YEAR}|[一二〇零九]{{4}})年(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月{_HAN_DAY}", _cjk),  # 2020年12月17日
    (rf"(?P<y>{_YEAR}|[一二〇零九]{{4}})年(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月", _cjk),
    (r"(?P<same>同年|当年|同じ年の?)(?P<mm>\d{1,2})月(?:(?P<d>\d{1,2})日|末)?", _cjk),
    (r"(?P<samemonth>同月)(?P<d>\d{1,2})日", _same_month),
    (rf"(?P<mm>\d{{1,2}})月{_HAN_DAY}", _cjk),  # 12月17日
    (rf"(?P<y>{_YEAR})(?P<part>)年代", _decade),
    (rf"(?P<y>{_YEAR})年(?P<end>底|末|年底)", _end_of_year),
    (rf"(?P<y>{_YEAR})年", _year),
    (r"(?P<rel>去年|今年|昨年)(?:底|末)", _end_of_relative),
    (rf"\b{_MONTH} (?:night|morning|day|evening|afternoon) (?:in|of) (?P<y>{_YEAR})\b", _my),  # a November night in 2020
    (rf"\b{_D}\s+(?:of\s+)?{_MONTH},?\s+(?P<y>{_YEAR})\b", _dmy),  # 16 December 2020
    (rf"\b{_MONTH}\s+{_D},?\s+(?P<y>{_YEAR})\b", _dmy),  # December 16, 2020
    (rf"\b(?P<nth>{_NTHS})\s+of\s+{_MONTH}(?:,?\s+(?:of\s+)?(?P<y>{_YEAR}))?(?P<short>)?\b", _spoken),  # the first of December 2020
    (r"\b(?:on\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:[,.;)]|$|and\b|with\b|at\b|in\b|along\b|carrying\b|of that month\b))", _same_month),  # on the 24th
    (rf"\b{_MONTH}\s+the\s+(?P<nth>{_NTHS})(?:,?\s+(?:(?P<y>{_YEAR})|(?:nineteen[- ])?(?P<short>(?:sixty|seventy)(?:-\w+)?)))?\b", _spoken),  # July the twenty-fourth, sixty-nine
    (rf"\b(?:{_D}\s+)?{_MONTH}(?:\s+(?P<d2>\d{{1,2}}))?,?\s+(?:of\s+)?(?:that|the same) year\b", _of_that_year),  # Dec. 22 of that year
    (rf"\b(?P<rel>last|this|next)?\s*(?P<season>spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?(?P<y>{_YEAR}))?\b", _season),  # last summer
    (rf"\b{_MONTH},?\s+(?:of\s+)?(?P<y>{_YEAR})\b", _my),  # December 2020
    (rf"(?:\blast\s+|\bpast\s+|letzten\s+|vergangenen\s+){_MONTH}", _last_month),  # last June
    (rf"{_MONTH}\s+dernier", _last_month),
    (rf"\b{_D}\s+{_MONTH}\b", _dm),  # 16 December
    (rf"\b{_MONTH}\s+{_D}\b(?!\s*(?:kg|g\b|grams|%|,\d))", _dm),  # December 16
    (rf"\bbetween\s+(?P<a>{_YEAR})\s+and\s+(?P<b>{_YEAR})\b", _span),  # between 2028 and 2029
    (rf"\b(?:from\s+)?(?P<a>{_YEAR})\s*(?:-|to|or|through|until|bis|à|~|/)\s*(?P<b>{_YEAR})\b", _span),  # 2028-2029
    (rf"\b(?P<a>{_YEAR})[-/](?P<short>1[3-9]|[2-9]\d)\b(?!-)", _short_span),  # 1969-72
    (r"\b(?:end|close|turn) of the decade\b|\bbefore the decade is (?:out|over)\b|\bthis decade\b|\bwithin the decade\b", _end_of_decade),
    (r"\b(?P<part>early|mid|late)?[- ]?(?:the\s+)?(?P<y>(?:19|20)\d0)'?s\b", _decade),  # the late 2020s
    (r"\b(?P<part>)années\s+(?P<y>(?:19|20)\d0)\b", _decade),
    (r"\b(?P<part>)(?P<y>(?:19|20)\d0)er\b", _decade),
    (rf"(?<![\d$.,])\b(?P<y>{_YEAR})\b(?![,.]?\d|\s*(?:g|kg|grams|kilograms|km|metres|meters|Ma)\b|%)", _year),  # 2020
    (rf"(?P<n>\d{{1,3}}|{numerals.HAN})天(?:之|以)?后", _days_later),  # 53天后
    (rf"\b(?P<n>{numerals.WORD}|\d{{1,2}}) days (?:later|afterwards|after that)\b|\b(?:the (?:next|following) day|a day later|the day after)\b", _days_later),  # four days later
    (rf"\b(?:some )?(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )(?:years?|decades?) (?:later|afterwards|after that|on)\b", _years_later),  # three years later
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )(?:years?|decades?) (?:earlier|before|previously)\b(?! the\b)", _years_earlier),  # two years earlier
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )years? ago today\b", _ago_today),  # fifty years ago today
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )(?:years?|decades?) ago\b", _ago),  # two years ago
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,2}}) )months? (?:later|afterwards|after that|on)\b|\bthe (?:following|next) month\b", _months_later),
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,2}}) )months? (?:earlier|before)\b(?! the\b)", _months_earlier),
    (rf"\b(?:a|one|that) (?:\w+ )?{_MONTH} (?:night|morning|day|evening|afternoon)\b", _that_month),
    (rf"\b(?:that|(?:of )?the same) {_MONTH}", _that_month),  # that December
    (r"\bthe year after(?! \w+ing)\b|\bthe (?:following|next) year\b|\bl'année suivante\b|\bein Jahr später\b|翌年|次年|第二年|一年后", _from_told(1)),
    (r"\bdeux ans plus tard\b|\bzwei Jahre später\b|两年后|2年後", _from_told(2)),
    (r"\btrois ans plus tard\b|\bdrei Jahre später\b|三年后|3年後", _from_told(3)),
    (r"\bthe (?:year before|previous year)\b|此前一年|前一年|上一年", _from_told(-1)),
    (r"\b(?:that|the same) year\b|\bla même année\b|\bim selben Jahr\b|同年|当年(?=[\d,，底末]|[一二三四五六七八九十]+月)", _from_told(0)),
    (r"\blast year\b|\bl'an dernier\b|\bl'année dernière\b|\b(?:im )?(?:vergangenen|letzten|vorigen) Jahr(?:es)?\b|去年|昨年", _shift(-1)),
    (r"\bthis year\b|\bcette année\b|\b(?:in )?diese[ms] Jahr(?:es)?\b|今年|本年", _shift(0)),
    (r"\bnext year\b|\bl'an prochain\b|\bl'année prochaine\b|\bnächste[sn] Jahr(?:es)?\b|明年|来年", _shift(1)),
    (r"\bthis month\b|\bearlier this month\b|\bce mois-ci\b|本月|今月", _this_month),
    (r"\blast month\b|\ble mois dernier\b|\bletzten Monat\b|上个?月(?![球面背壤岩])|先月", _month_before),
    (rf"\b(?:on |last )?(?P<w>{'|'.join(_DAYS)})\b", _weekday),  # on Thursday
    (r"\byesterday\b|\bhier\b(?= )|昨天|昨日", _day_shift(-1)),
    (r"\btoday\b|\baujourd'hui\b|\bheute\b|今天|今日|即日", _day_shift(0)),
    (rf"\b(?:in|early in|late in|since|of|en|im|by|until|from|during|before|around|mid-?|late|early){_SP}{_MONTH}(?!\s*\d)", _m),  # in June
    (r"(?<!\d)(?P<mm>\d{1,2})月(?!\d)", _cjk),
)  # fmt: skip
# What a text must have in it for a pattern to be looked for at all: most sentences have none of them.
_NEEDS: Final = (
    (
        "(?P<m1>",
        re.compile(
            r"(?:jan|feb|fév|mar|mär|apr|avr|ma[iy]|ju[nil]|jui|aug|août|sep|o[ck]t|nov|d[eé][cz])",
            re.IGNORECASE,
        ),
    ),
    ("numerals", re.compile(r"year|decade|month|day", re.IGNORECASE)),
    ("年", re.compile(r"[年月]")),
    (_YEAR, re.compile(_YEAR)),
)


def _needs(pattern: str, make: _Make) -> tuple[int, ...]:
    """Return which of the needs a pattern has."""
    words = numerals.WORD in pattern and make is not _spoken
    told = (
        _NEEDS[0][0] in pattern,
        words,
        pattern.startswith(("(?P<y>(?:1[89]|20)\\d\\d|[", "(?P<same", "(?P<mm")),
        _YEAR in pattern and make is not _season and "(?:(?P<y>" not in pattern,
    )
    return tuple(n for n, needed in enumerate(told) if needed)


_COMPILED: Final = [
    (re.compile(pattern, re.IGNORECASE), make, _needs(pattern, make)) for pattern, make in _PATTERNS
]
_HAS: Final = re.compile(
    r"\d|year|month|day|decade|summer|spring|autumn|winter|the |that|same|last|past|année|mois|Jahr|Monat|heute|[年月日天]|\b(?:in|of|by|since|until|en|im)\b|dernier",
    re.IGNORECASE,
)


_AFTER: Final = (
    _of_that_year,
    _days_later,
    _years_later,
    _months_later,
    _months_earlier,
    _years_earlier,
    _that_month,
)


def dates(text: str, clock: Clock) -> Iterator[Mark]:
    """Yield each date that can be resolved; one that cannot still covers its place, so that no part of it is read."""
    if not _HAS.search(text):
        return
    taken: list[tuple[int, int, re.Match[str], _Make]] = []
    met = [bool(need.search(text)) for _, need in _NEEDS]
    for pattern, make, needs in _COMPILED:
        if not all(met[need] for need in needs):
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(start < b and a < end for a, b, *_ in taken):
                taken.append((start, end, match, make))
    told = ""
    for start, end, match, make in sorted(taken, key=lambda one: one[0]):
        bare = (
            make in (_dm, _m, _cjk, _same_month)
            and not match.groupdict().get("y")
            and not match.groupdict().get("same")
        )
        here = (
            Clock(None, told)
            if (bare and told and make is not _m and "d" in match.groupdict()) or (make in _AFTER and told)
            else Clock(None, told, near=told)
            if make is _m and told
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


def opening(sentence: str) -> int:
    """Return where the dateline ends that opens a sentence, 0 where none does: its day is that of the report."""
    match = _OPENING.match(sentence)
    return match.end() if match and _whole(match["date"], anywhere=True) else 0


_SHORT: Final = 60
_PARTED: Final = re.compile(r"^\W*$|[|·,:;()–—-]\s*(?:on |le |am )?$")


def _beside_names(line: str) -> date | None:
    """Return the day of a line that has beside it only names: "Bangkok, 22 July 2024 (Xinhua)"."""
    days = [mark for mark in dates(line, Clock()) if len(mark.name) == 10]
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
