"""Which dates does a sentence state? As ISO 8601, resolved against the date line of the text.

A date is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or two of them with a slash.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from aliquot.reading import numerals, resolving
from aliquot.reading.marks import Mark
from aliquot.reading.resolving import Clock

_MONTH: Final = (
    "(?:" + "|".join(f"(?P<m{n}>{names})" for n, names in enumerate(resolving.NAMES, 1)) + ")(?![a-zé])"
)
_YEAR: Final = r"(?:1[89]|20)\d\d"
_D: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_HAN_DAY: Final = r"(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})[日号]"


_ANY_MONTH: Final = "(?:" + "|".join(resolving.NAMES) + ")(?![a-zé])"
_BOTH_DAYS: Final = rf"\b(?:(?:from|between)\s+)?(?:the\s+)?(?P<d1>\d{{1,2}})(?:\s+(?P<first>{_ANY_MONTH}))?\s*(?:to|and|until|till|through|-)\s*(?:the\s+)?(?P<d2>\d{{1,2}})\s+{_MONTH},?\s+(?P<y>{_YEAR})\b"
_BOTH_DAYS_US: Final = rf"\b(?:(?:from|between)\s+)?(?:(?P<first>{_ANY_MONTH})\s+(?P<d1>\d{{1,2}})\s*(?:to|and|until|till|through|-)\s*{_MONTH}\s+(?P<d2>\d{{1,2}})),?\s+(?P<y>{_YEAR})\b"
_DAYS_OF_MONTH_US: Final = (
    rf"\b{_MONTH}\s+(?P<d1>\d{{1,2}})\s*(?:to|and|until|through|-)\s*(?P<d2>\d{{1,2}}),?\s+(?P<y>{_YEAR})\b"
)


_SP: Final = r"(?:\s+(?:the\s+)?(?:month of\s+)?|(?<=mid)-)"
# Longer forms stand before those that they contain. An English example stands beside each.
_PATTERNS: Final[tuple[tuple[str, resolving.Make], ...]] = (
    (rf"\b(?:between|from)\s+(?P<a>{_YEAR})\s+(?:and|to)\s+(?:{_MONTH}\s+)?(?P<b>{_YEAR})\b", resolving.span),  # between 1970 and June 2010
    (_BOTH_DAYS, resolving.days),  # from 27 June to 9 July 2021
    (rf"\b(?:from\s+)?(?P<from>{_ANY_MONTH})\s*(?:to|until|till|through|and|-)\s*{_MONTH},?\s+(?P<y>{_YEAR})\b", resolving.months),  # August to November 2024
    (rf"\b(?:{_D}\s+)?{_MONTH}(?:\s+(?P<d2>\d{{1,2}}))?,?\s+(?:of\s+)?(?P<rel>last|this|next) year\b", resolving.relative_year),  # June 2 last year
    (rf"\b(?P<rel>last|this|next) {_MONTH}(?:\s+(?P<d>\d{{1,2}}))\b", resolving.relative_year),
    (rf"(?P<rel>去年|昨年|今年|本年|明年|来年)(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:{_HAN_DAY})?", resolving.relative_year),
    (_BOTH_DAYS_US, resolving.days),  # June 27 to July 9, 2021
    (_DAYS_OF_MONTH_US, resolving.days),  # July 22-28, 2024
    (rf"(?P<y>{_YEAR})-(?P<mm>\d\d)-(?P<d>\d\d)(?!\d)", resolving.iso_text),  # 2020-12-17
    (rf"(?P<y>{_YEAR})[/.](?P<mm>\d{{1,2}})[/.](?P<d>\d{{1,2}})(?!\d)", resolving.iso_text),  # 2020/12/17
    (rf"(?P<y>{_YEAR})年(?P<m1>\d{{1,2}})月(?P<d1>\d{{1,2}})日?(?:至|到|-|—)(?:(?P<m2>\d{{1,2}})月)?(?P<d2>\d{{1,2}})日", resolving.days_han),  # 2021年6月26日至7月9日
    (rf"(?P<y>{_YEAR}|[一二〇零九]{{4}})年(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月{_HAN_DAY}", resolving.cjk),  # 2020年12月17日
    (rf"(?P<y>{_YEAR}|[一二〇零九]{{4}})年(?P<mm>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月", resolving.cjk),
    (r"(?P<same>同年|当年|同じ年の?)(?P<mm>\d{1,2})月(?:(?P<d>\d{1,2})日|末)?", resolving.cjk),
    (r"(?P<samemonth>同月)(?P<d>\d{1,2})日", resolving.same_month),
    (rf"(?P<mm>\d{{1,2}})月{_HAN_DAY}", resolving.cjk),  # 12月17日
    (rf"(?P<y>{_YEAR})(?P<part>)年代", resolving.decade),
    (rf"(?P<y>{_YEAR})年(?P<end>底|末|年底)", resolving.end_of_year),
    (rf"(?P<y>{_YEAR})年", resolving.year),
    (r"(?P<rel>去年|今年|昨年)(?:底|末)", resolving.end_of_relative),
    (rf"\b{_MONTH} (?:night|morning|day|evening|afternoon) (?:in|of) (?P<y>{_YEAR})\b", resolving.my),  # a November night in 2020
    (rf"\b{_D}\s+(?:of\s+)?{_MONTH},?\s+(?P<y>{_YEAR})\b", resolving.dmy),  # 16 December 2020
    (rf"\b{_MONTH}\s+{_D},?\s+(?P<y>{_YEAR})\b", resolving.dmy),  # December 16, 2020
    (rf"\b(?P<nth>{resolving.NTHS})\s+of\s+{_MONTH}(?:,?\s+(?:of\s+)?(?P<y>{_YEAR}))?(?P<short>)?\b", resolving.spoken),  # the first of December 2020
    (r"\b(?:on\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:[,.;)]|$|and\b|with\b|at\b|in\b|along\b|carrying\b|of that month\b))", resolving.same_month),  # on the 24th
    (rf"\b{_MONTH}\s+the\s+(?P<nth>{resolving.NTHS})(?:,?\s+(?:(?P<y>{_YEAR})|(?:nineteen[- ])?(?P<short>(?:sixty|seventy)(?:-\w+)?)))?\b", resolving.spoken),  # July the twenty-fourth, sixty-nine
    (rf"\b(?:{_D}\s+)?{_MONTH}(?:\s+(?P<d2>\d{{1,2}}))?,?\s+(?:of\s+)?(?:that|the same) year\b", resolving.of_that_year),  # Dec. 22 of that year
    (rf"\b(?P<rel>last|this|next)?\s*(?P<season>spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?(?P<y>{_YEAR}))?\b", resolving.season),  # last summer
    (rf"\b{_MONTH},?\s+(?:of\s+)?(?P<y>{_YEAR})\b", resolving.my),  # December 2020
    (rf"(?:\blast\s+|\bpast\s+|letzten\s+|vergangenen\s+){_MONTH}", resolving.last_month),  # last June
    (rf"{_MONTH}\s+dernier", resolving.last_month),
    (rf"\b{_D}\s+{_MONTH}\b", resolving.dm),  # 16 December
    (rf"\b{_MONTH}\s+{_D}\b(?!\s*(?:kg|g\b|grams|%|,\d))", resolving.dm),  # December 16
    (rf"\bbetween\s+(?P<a>{_YEAR})\s+and\s+(?P<b>{_YEAR})\b", resolving.span),  # between 2028 and 2029
    (rf"\b(?:from\s+)?(?P<a>{_YEAR})\s*(?:-|to|or|through|until|bis|à|~|/)\s*(?P<b>{_YEAR})\b", resolving.span),  # 2028-2029
    (rf"\b(?P<a>{_YEAR})[-/](?P<short>1[3-9]|[2-9]\d)\b(?!-)", resolving.short_span),  # 1969-72
    (r"\b(?:end|close|turn) of the decade\b|\bbefore the decade is (?:out|over)\b|\bthis decade\b|\bwithin the decade\b", resolving.end_of_decade),
    (r"\b(?P<part>early|mid|late)?[- ]?(?:the\s+)?(?P<y>(?:19|20)\d0)'?s\b", resolving.decade),  # the late 2020s
    (r"\b(?P<part>)années\s+(?P<y>(?:19|20)\d0)\b", resolving.decade),
    (r"\b(?P<part>)(?P<y>(?:19|20)\d0)er\b", resolving.decade),
    (rf"(?<![\d$.,])\b(?P<y>{_YEAR})\b(?![,.]?\d|\s*(?:g|kg|grams|kilograms|km|metres|meters|Ma)\b|%)", resolving.year),  # 2020
    (rf"(?P<n>\d{{1,3}}|{numerals.HAN})天(?:之|以)?后", resolving.days_later),  # 53天后
    (rf"\b(?P<n>{numerals.WORD}|\d{{1,2}}) days (?:later|afterwards|after that)\b|\b(?:the (?:next|following) day|a day later|the day after)\b", resolving.days_later),  # four days later
    (rf"\b(?:some )?(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )(?:years?|decades?) (?:later|afterwards|after that|on)\b", resolving.years_later),  # three years later
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )(?:years?|decades?) (?:earlier|before|previously)\b(?! the\b)", resolving.years_earlier),  # two years earlier
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )years? ago today\b", resolving.ago_today),  # fifty years ago today
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )(?:years?|decades?) ago\b", resolving.ago),  # two years ago
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,2}}) )months? (?:later|afterwards|after that|on)\b|\bthe (?:following|next) month\b", resolving.months_later),
    (rf"\b(?:(?P<n>{numerals.WORD}|\d{{1,2}}) )months? (?:earlier|before)\b(?! the\b)", resolving.months_earlier),
    (rf"\b(?:a|one|that) (?:\w+ )?{_MONTH} (?:night|morning|day|evening|afternoon)\b", resolving.that_month),
    (rf"\b(?:that|(?:of )?the same) {_MONTH}", resolving.that_month),  # that December
    (r"\bthe year after(?! \w+ing)\b|\bthe (?:following|next) year\b|\bl'année suivante\b|\bein Jahr später\b|翌年|次年|第二年|一年后", resolving.from_told(1)),
    (r"\bdeux ans plus tard\b|\bzwei Jahre später\b|两年后|2年後", resolving.from_told(2)),
    (r"\btrois ans plus tard\b|\bdrei Jahre später\b|三年后|3年後", resolving.from_told(3)),
    (r"\bthe (?:year before|previous year)\b|此前一年|前一年|上一年", resolving.from_told(-1)),
    (r"\b(?:that|the same) year\b|\bla même année\b|\bim selben Jahr\b|同年|当年(?=[\d,，底末]|[一二三四五六七八九十]+月)", resolving.from_told(0)),
    (r"\blast year\b|\bl'an dernier\b|\bl'année dernière\b|\b(?:im )?(?:vergangenen|letzten|vorigen) Jahr(?:es)?\b|去年|昨年", resolving.shift(-1)),
    (r"\bthis year\b|\bcette année\b|\b(?:in )?diese[ms] Jahr(?:es)?\b|今年|本年", resolving.shift(0)),
    (r"\bnext year\b|\bl'an prochain\b|\bl'année prochaine\b|\bnächste[sn] Jahr(?:es)?\b|明年|来年", resolving.shift(1)),
    (r"\bthis month\b|\bearlier this month\b|\bce mois-ci\b|本月|今月", resolving.this_month),
    (r"\blast month\b|\ble mois dernier\b|\bletzten Monat\b|上个?月(?![球面背壤岩])|先月", resolving.month_before),
    (rf"\b(?:on |last )?(?P<w>{'|'.join(resolving.DAYS)})\b", resolving.weekday),  # on Thursday
    (r"\byesterday\b|\bhier\b(?= )|昨天|昨日", resolving.day_shift(-1)),
    (r"\btoday\b|\baujourd'hui\b|\bheute\b|今天|今日|即日", resolving.day_shift(0)),
    (rf"\b(?:in|early in|late in|since|of|en|im|by|until|from|during|before|around|mid-?|late|early){_SP}{_MONTH}(?!\s*\d)", resolving.m),  # in June
    (r"(?<!\d)(?P<mm>\d{1,2})月(?!\d)", resolving.cjk),
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


def _needs(pattern: str, make: resolving.Make) -> tuple[int, ...]:
    """Return which of the needs a pattern has."""
    words = numerals.WORD in pattern and make is not resolving.spoken
    told = (
        _NEEDS[0][0] in pattern,
        words,
        pattern.startswith(("(?P<y>(?:1[89]|20)\\d\\d|[", "(?P<same", "(?P<mm")),
        _YEAR in pattern and make is not resolving.season and "(?:(?P<y>" not in pattern,
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
    resolving.of_that_year,
    resolving.days_later,
    resolving.years_later,
    resolving.months_later,
    resolving.months_earlier,
    resolving.years_earlier,
    resolving.that_month,
)


def dates(text: str, clock: Clock) -> Iterator[Mark]:
    """Yield each date that can be resolved; one that cannot still covers its place, so that no part of it is read."""
    if not _HAS.search(text):
        return
    taken: list[tuple[int, int, re.Match[str], resolving.Make]] = []
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
            make in (resolving.dm, resolving.m, resolving.cjk, resolving.same_month)
            and not match.groupdict().get("y")
            and not match.groupdict().get("same")
        )
        here = (
            Clock(None, told)
            if (bare and told and make is not resolving.m and "d" in match.groupdict())
            or (make in _AFTER and told)
            else Clock(None, told, near=told)
            if make is resolving.m and told
            else clock
        )
        iso = make(match, here)
        if re.match(r"\d{4}", iso) and (not bare or len(iso) == 10):
            told = iso
        yield Mark("date", start, end, iso)


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
