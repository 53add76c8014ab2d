"""How does each language write dates? The forms as patterns, and which function of `resolving` says what each means.

A form is told with what a text must have in it for the form to be looked for at all: most sentences have none of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final, NamedTuple

from aliquot.reading import numerals, resolving

YEAR: Final = r"(?:1[89]|20)\d\d"
_D: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?"
_HAN_NUMBER: Final = r"\d{1,2}|[一二三四五六七八九十]{1,3}"
_HAN_YEAR: Final = rf"(?P<y>{YEAR}|[一二三四五六七八九〇零]{{4}})年"
_HAN_DAY: Final = rf"(?P<d>{_HAN_NUMBER})[日号]"


class Form(NamedTuple):
    """One way to write a date: what it needs (`month`, `year`, `span`, `shift`, or nothing), its pattern, what it means."""

    need: str
    pattern: str
    make: resolving.Make


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms of a language in their order, each with its needs; and what no date at all is without."""

    forms: tuple[tuple[str, re.Pattern[str], resolving.Make], ...]
    needs: dict[str, re.Pattern[str]]
    any: re.Pattern[str]


def _month(language: str) -> str:
    names = resolving.NAMES[language]
    return "(?:" + "|".join(f"(?P<m{n}>{forms})" for n, forms in enumerate(names, 1)) + ")(?![a-zéûä])"


def _any_month(language: str) -> str:
    return f"(?:{'|'.join(resolving.NAMES[language])})(?![a-zéûä])"


# Digits alone, in any language; the year stands last, behind what holds one.
_ISO: Final = (
    Form("year", rf"(?P<y>{YEAR})-(?P<mm>\d\d)-(?P<d>\d\d)(?!\d)", resolving.iso_text),  # 2020-12-17
    Form("year", rf"(?P<y>{YEAR})[/.](?P<mm>\d{{1,2}})[/.](?P<d>\d{{1,2}})(?!\d)", resolving.iso_text),  # 2020/12/17
)  # fmt: skip
_YEARS: Final = (
    Form("year", rf"\b(?:from\s+|von\s+|de\s+)?(?P<a>{YEAR})\s*(?:-|to|or|through|until|bis|oder|ou|à|~|/)\s*(?P<b>{YEAR})\b", resolving.span),  # 2028-2029
    Form("year", rf"\b(?P<a>{YEAR})[-/](?P<short>1[3-9]|[2-9]\d)\b(?!-)", resolving.short_span),  # 1969-72
)  # fmt: skip
_YEAR: Final = (
    Form("year", rf"(?<![\d$.,])\b(?P<y>{YEAR})\b(?![,.]?\d|\s*(?:g|kg|grams?|grammes|Gramm|kilograms|km|metres|meters|Ma)\b|\s?%)", resolving.year),
)  # fmt: skip


def _english() -> tuple[Form, ...]:
    month, any_month = _month("en"), _any_month("en")
    n = rf"(?:(?P<n>{numerals.WORD}|\d{{1,3}}) )"
    to = r"\s*(?:to|and|until|till|through|-)\s*"
    sp = r"(?:\s+(?:the\s+)?(?:month of\s+)?|(?<=mid)-)"
    days = "|".join(resolving.DAYS["en"])
    later = r"(?:later|afterwards|after that|on(?! (?:the|an?|its|board|earth)\b))\b"
    return (
        Form("year", rf"\b(?:between|from)\s+(?P<a>{YEAR})\s+(?:and|to)\s+(?:{month}\s+)?(?P<b>{YEAR})\b", resolving.span),  # between 1970 and June 2010
        Form("month", rf"\b(?:(?:from|between)\s+)?(?:the\s+)?(?P<d1>\d{{1,2}})(?:\s+(?P<first>{any_month}))?{to}(?:the\s+)?(?P<d2>\d{{1,2}})\s+{month},?\s+(?P<y>{YEAR})\b", resolving.days),  # from 27 June to 9 July 2021
        Form("month", rf"\b(?:from\s+)?(?P<from>{any_month}){to}{month},?\s+(?P<y>{YEAR})\b", resolving.months),  # August to November 2024
        Form("month", rf"\b(?:{_D}\s+)?{month}(?:\s+(?P<d2>\d{{1,2}}))?,?\s+(?:of\s+)?(?P<rel>last|this|next) year\b", resolving.relative_year),  # June 2 last year
        Form("month", rf"\b(?P<rel>last|this|next) {month}(?:\s+(?P<d>\d{{1,2}}))\b", resolving.relative_year),
        Form("month", rf"\b(?:(?:from|between)\s+)?(?P<first>{any_month})\s+(?P<d1>\d{{1,2}}){to}{month}\s+(?P<d2>\d{{1,2}}),?\s+(?P<y>{YEAR})\b", resolving.days),  # June 27 to July 9, 2021
        Form("month", rf"\b{month}\s+(?P<d1>\d{{1,2}})\s*(?:to|and|until|through|-)\s*(?P<d2>\d{{1,2}}),?\s+(?P<y>{YEAR})\b", resolving.days),  # July 22-28, 2024
        *_ISO,
        Form("month", rf"\b{month} (?:night|morning|day|evening|afternoon) (?:in|of) (?P<y>{YEAR})\b", resolving.my),  # a November night in 2020
        Form("month", rf"\b{_D}\s+(?:of\s+)?{month},?\s+(?P<y>{YEAR})\b", resolving.dmy),  # 16 December 2020
        Form("month", rf"\b{month}\s+{_D},?\s+(?P<y>{YEAR})\b", resolving.dmy),  # December 16, 2020
        Form("month", rf"\b(?P<nth>{resolving.NTHS})\s+of\s+{month}(?:,?\s+(?:of\s+)?(?P<y>{YEAR}))?(?P<short>)?\b", resolving.spoken),  # the first of December 2020
        Form("nth", r"\b(?:on\s+)?the\s+(?P<d>\d{1,2})(?:st|nd|rd|th)\b(?=\s*(?:[,.;)]|$|and\b|with\b|at\b|in\b|its\b|it\b|along\b|carrying\b|of (?:that|the same|the) month\b))", resolving.same_month),  # on the 24th
        Form("month", rf"\b{month}\s+the\s+(?P<nth>{resolving.NTHS})(?:,?\s+(?:(?P<y>{YEAR})|(?:nineteen[- ])?(?P<short>(?:sixty|seventy)(?:-\w+)?)))?\b", resolving.spoken),  # July the twenty-fourth, sixty-nine
        Form("month", rf"\b(?:{_D}\s+)?{month}(?:\s+(?P<d2>\d{{1,2}}))?,?\s+(?:of\s+)?(?:that|the same) year\b", resolving.of_that_year),  # Dec. 22 of that year
        Form("season", rf"\b(?P<rel>last|this|next)?\s*(?P<season>spring|summer|autumn|fall|winter)(?:\s+(?:of\s+)?(?P<y>{YEAR}))?\b", resolving.season),  # last summer
        Form("month", rf"\b{month},?\s+(?:of\s+)?(?P<y>{YEAR})\b", resolving.my),  # December 2020
        Form("month", rf"(?:\blast\s+|\bpast\s+){month}", resolving.last_month),  # last June
        Form("month", rf"\b{_D}\s+{month}\b", resolving.dm),  # 16 December
        Form("month", rf"\b{month}\s+{_D}\b(?!\s*(?:kg|g\b|grams|%|,\d))", resolving.dm),  # December 16
        *_YEARS,
        Form("span", r"\b(?:end|close|turn) of the decade\b|\bbefore the decade is (?:out|over)\b|\bthis decade\b|\bwithin the decade\b", resolving.end_of_decade),
        Form("year", r"\b(?P<part>early|mid|late)?[- ]?(?:the\s+)?(?P<y>(?:19|20)\d0)'?s\b", resolving.decade),  # the late 2020s
        *_YEAR,
        Form("shift", rf"\b{n}days {later}|\b(?:the (?:next|following) day|a day later|the day after)\b", resolving.days_later),  # four days later
        Form("shift", rf"\b{n}weeks? {later}|\b(?:the (?:next|following) week)\b", resolving.weeks_later),  # two weeks later
        Form("shift", rf"\b(?:some )?{n}(?:years?|decades?) {later}", resolving.years_later),  # three years later
        Form("shift", rf"\b{n}(?:years?|decades?) (?:earlier|before|previously)\b(?! the\b)", resolving.years_earlier),  # two years earlier
        Form("shift", rf"\b{n}years? ago today\b", resolving.ago_today),  # fifty years ago today
        Form("shift", rf"\b{n}(?:years?|decades?) ago\b", resolving.ago),  # two years ago
        Form("shift", rf"\b{n}months? {later}|\bthe (?:following|next) month\b", resolving.months_later),
        Form("shift", rf"\b{n}months? (?:earlier|before)\b(?! the\b)", resolving.months_earlier),
        Form("span", r"\b(?:(?:later|earlier) )?(?:that|the same) month\b", resolving.told_month),
        Form("month", rf"\b(?:a|one|that) (?:\w+ )?{month} (?:night|morning|day|evening|afternoon)\b", resolving.that_month),
        Form("month", rf"\b(?:that|(?:of )?the same) {month}", resolving.that_month),  # that December
        Form("span", r"\bthe year after(?! \w+ing)\b|\bthe (?:following|next) year\b", resolving.from_told(1)),
        Form("span", r"\bthe (?:year before|previous year)\b", resolving.from_told(-1)),
        Form("span", r"\bat the end of (?:that|the same) year\b", resolving.end_of_told),
        Form("span", r"\b(?:that|the same) year\b", resolving.from_told(0)),
        Form("span", r"\blast year\b", resolving.shift(-1)),
        Form("span", r"\bthis year\b", resolving.shift(0)),
        Form("span", r"\b(?:next|the coming) year\b", resolving.shift(1)),
        Form("span", r"\bthis month\b", resolving.this_month),
        Form("span", r"\blast month\b", resolving.month_before),
        Form("span", rf"\b(?:on |last )?(?P<w>{days})\b(?!,? (?:the |in )?(?:\d{{1,2}}(?:st|nd|rd|th)? (?:of )?)?{any_month})", resolving.weekday),  # on Thursday
        Form("span", r"\byesterday\b", resolving.day_shift(-1)),
        Form("span", r"\btoday\b", resolving.day_shift(0)),
        Form("month", rf"\b(?:in|early in|late in|since|of|by|until|from|during|before|around|mid-?|late|early){sp}{month}(?!\s*\d)", resolving.m),  # in June
    )  # fmt: skip


def _french() -> tuple[Form, ...]:
    month, any_month = _month("fr"), _any_month("fr")
    n = rf"(?P<n>{numerals.word('fr')}|\d{{1,3}}) "
    last = r"(?:l['’]an dernier|l['’]année dernière|l['’]an passé|l['’]année passée)"
    days = "|".join(resolving.DAYS["fr"])
    return (
        Form("year", rf"\b(?:entre|de)\s+(?P<a>{YEAR})\s+(?:et|à)\s+(?:{month}\s+)?(?P<b>{YEAR})\b", resolving.span),  # entre 2028 et 2029
        Form("month", rf"\b(?:du|entre le)\s+(?P<d1>\d{{1,2}})(?:er)?(?:\s+(?P<first>{any_month}))?\s+(?:au|et le)\s+(?P<d2>\d{{1,2}})\s+{month}\s+(?P<y>{YEAR})\b", resolving.days),  # du 27 juin au 9 juillet 2021
        Form("month", rf"\b(?:de |d['’])?(?P<from>{any_month})\s+(?:à|et)\s+{month}\s+(?P<y>{YEAR})\b", resolving.months),  # d'août à novembre 2024
        Form("month", rf"\b(?:{_D}\s+)?{month}\s+(?:de )?(?P<rel>{last}|cette année|l['’]an prochain|l['’]année prochaine)", resolving.relative_year),  # en juin de l'an dernier
        *_ISO,
        Form("month", rf"\b{_D}\s+{month},?\s+(?P<y>{YEAR})\b", resolving.dmy),  # le 16 décembre 2020
        Form("month", rf"\b(?:{_D}\s+)?{month}(?P<d2>)\s+(?:de )?(?:la même année|cette année-là)\b", resolving.of_that_year),  # en décembre de la même année
        Form("", rf"\b(?P<season>printemps|été|automne)\s+(?P<rel>dernier)?(?P<y>{YEAR})?(?<! )", resolving.season),  # l'été dernier
        Form("month", rf"\b{month},?\s+(?P<y>{YEAR})\b", resolving.my),  # décembre 2020
        Form("month", rf"\b(?:{_D}\s+)?{month}\s+(?:dernier|passé)\b", resolving.last_month),  # en juin dernier
        Form("month", rf"\b{_D}\s+{month}\b", resolving.dm),  # le 16 décembre
        Form("", r"\ble (?P<d>\d{1,2}) (?:du même mois|de ce mois)\b|\ble (?P<d2>\d{1,2})(?=[,.;)])", resolving.same_month),  # le 25 du même mois
        *_YEARS,
        Form("", r"\b(?:fin|d['’]ici la fin|avant la fin) de la décennie\b", resolving.end_of_decade),
        Form("year", r"\b(?:(?P<part>début|milieu|fin) des )?années\s+(?P<y>(?:19|20)\d0)\b", resolving.decade),  # à la fin des années 1970
        *_YEAR,
        Form("span", rf"\b{n}jours? (?:plus tard|après)\b|\ble lendemain\b", resolving.days_later),  # quatre jours plus tard
        Form("span", rf"\b{n}semaines? plus tard\b|\bla semaine suivante\b", resolving.weeks_later),
        Form("span", rf"\b{n}mois plus tard\b|\ble mois suivant\b", resolving.months_later),
        Form("span", rf"\b{n}mois (?:plus tôt|auparavant)\b", resolving.months_earlier),
        Form("span", rf"\b{n}(?:ans?|années?|décennies?) (?:plus tard|après)\b", resolving.years_later),
        Form("span", rf"\b{n}(?:ans?|années?|décennies?) (?:plus tôt|auparavant)\b", resolving.years_earlier),
        Form("span", rf"\bil y a {n}(?:ans?|années?|décennies?)\b", resolving.ago),  # il y a deux ans
        Form("span", r"\bl['’]année suivante\b", resolving.from_told(1)),
        Form("span", r"\bl['’]année précédente\b", resolving.from_told(-1)),
        Form("span", r"\bla même année\b|\bcette année-là\b", resolving.from_told(0)),
        Form("span", rf"\b{last}", resolving.shift(-1)),
        Form("span", r"\bcette année\b", resolving.shift(0)),
        Form("span", r"\bl['’]an prochain\b|\bl['’]année prochaine\b", resolving.shift(1)),
        Form("span", r"\bce mois-ci\b", resolving.this_month),
        Form("span", r"\ble mois dernier\b", resolving.month_before),
        Form("span", r"\ble même mois\b|\bce mois-là\b", resolving.told_month),
        Form("", rf"\b(?P<w>{days})\b", resolving.weekday),  # jeudi
        Form("", r"\bhier\b", resolving.day_shift(-1)),
        Form("", r"(?<!jusqu.à )\baujourd['’]hui\b", resolving.day_shift(0)),
        Form("month", rf"\b(?:en|depuis|début|fin|mi-|dès|avant|jusqu['’]en|pour|vers|au mois de|au mois d['’])\s*{month}(?!\s*\d)", resolving.m),  # en juin
    )  # fmt: skip


def _german() -> tuple[Form, ...]:
    month, any_month = _month("de"), _any_month("de")
    n = rf"(?P<n>{numerals.word('de')}|\d{{1,3}}) "
    rel = r"(?P<rel>letzten|vergangenen|vorigen|dieses|nächsten|kommenden) Jahres"
    days = "|".join(resolving.DAYS["de"])
    return (
        Form("year", rf"\b(?:zwischen|von)\s+(?P<a>{YEAR})\s+(?:und|bis)\s+(?:{month}\s+)?(?P<b>{YEAR})\b", resolving.span),  # zwischen 2028 und 2029
        Form("month", rf"\b(?:vom\s+|zwischen dem\s+)?(?P<d1>\d{{1,2}})\.(?:\s*(?P<first>{any_month}))?\s*(?:bis(?: zum)?|und(?: dem)?|-)\s*(?P<d2>\d{{1,2}})\.\s*{month}\s+(?P<y>{YEAR})\b", resolving.days),  # vom 27. Juni bis zum 9. Juli 2021
        Form("month", rf"\b(?:von\s+)?(?P<from>{any_month})\s+(?:bis|und)\s+{month}\s+(?P<y>{YEAR})\b", resolving.months),  # August bis November 2024
        Form("month", rf"\b(?:{_D}\s+)?{month}\s+(?:des )?{rel}\b", resolving.relative_year),  # im Juni vergangenen Jahres
        *_ISO,
        Form("year", rf"\b(?P<d>\d{{1,2}})\.(?P<mm>\d{{1,2}})\.(?P<y>{YEAR})\b", resolving.iso_text),  # 17.12.2020
        Form("month", rf"\b{_D}\s*{month},?\s+(?P<y>{YEAR})\b", resolving.dmy),  # am 16. Dezember 2020
        Form("month", rf"\b(?:{_D}\s+)?{month}(?P<d2>)\s+(?:desselben|des gleichen|jenes) Jahres\b", resolving.of_that_year),  # im Dezember desselben Jahres
        Form("", rf"\b(?:(?P<rel>letzten|vergangenen) )?(?P<season>Frühjahr|Frühling|Sommer|Herbst)(?:s?\s+(?P<y>{YEAR}))?\b", resolving.season),  # im vergangenen Sommer
        Form("month", rf"\b{month},?\s+(?P<y>{YEAR})\b", resolving.my),  # Dezember 2020
        Form("month", rf"\b(?:letzten|vergangenen)\s+{month}", resolving.last_month),  # im vergangenen Juni
        Form("month", rf"\b{_D}\s*{month}\b", resolving.dm),  # am 16. Dezember
        Form("", r"\bam (?P<d>\d{1,2})\.(?= desselben Monats|[,;)])", resolving.same_month),
        *_YEARS,
        Form("span", r"\bEnde (?:des|dieses) Jahrzehnts\b", resolving.end_of_decade),
        Form("year", r"\b(?:(?P<part>Anfang|Mitte|Ende) der )?(?P<y>(?:19|20)\d0)er\b", resolving.decade),  # Ende der 1970er Jahre
        *_YEAR,
        Form("span", rf"\b{n}Tage (?:später|danach|darauf)\b|\bam (?:Tag darauf|nächsten Tag|folgenden Tag)\b", resolving.days_later),  # vier Tage später
        Form("span", rf"\b{n}Wochen? (?:später|danach)\b", resolving.weeks_later),
        Form("span", rf"\b{n}Monate? (?:später|danach)\b|\bim (?:Folgemonat|Monat darauf)\b", resolving.months_later),
        Form("span", rf"\b{n}Monate? (?:zuvor|vorher|früher)\b", resolving.months_earlier),
        Form("span", rf"\b{n}(?:Jahre?|Jahrzehnte?) (?:später|danach|darauf)\b", resolving.years_later),
        Form("span", rf"\b{n}(?:Jahre?|Jahrzehnte?) (?:zuvor|vorher|früher)\b", resolving.years_earlier),
        Form("span", rf"\bvor {n}(?:Jahren|Jahr|Jahrzehnten)\b", resolving.ago),  # vor zwei Jahren
        Form("span", r"\bim (?:Jahr darauf|folgenden Jahr|Folgejahr|nächsten Jahr darauf)\b", resolving.from_told(1)),
        Form("span", r"\bim (?:Jahr davor|Jahr zuvor)\b", resolving.from_told(-1)),
        Form("span", r"\b(?:im (?:selben|gleichen) Jahr|in jenem Jahr)\b", resolving.from_told(0)),
        Form("span", r"\b(?:im )?(?:vergangenen|letzten|vorigen) Jahr(?:es)?\b|\bim Vorjahr\b", resolving.shift(-1)),
        Form("span", r"\b(?:in )?diese[ms] Jahr(?:es)?\b|\bheuer\b", resolving.shift(0)),
        Form("span", r"\b(?:im )?(?:nächsten|kommenden) Jahr(?:es)?\b|\bnächstes Jahr\b", resolving.shift(1)),
        Form("span", r"\b(?:in )?diese[mns] Monat\b", resolving.this_month),
        Form("span", r"\b(?:im )?(?:letzten|vergangenen|vorigen) Monat\b", resolving.month_before),
        Form("span", r"\bim (?:selben|gleichen) Monat\b", resolving.told_month),
        Form("", rf"\b(?:am )?(?P<w>{days})\b", resolving.weekday),  # am Donnerstag
        Form("", r"\bgestern\b", resolving.day_shift(-1)),
        Form("", r"(?<!bis )\bheute\b", resolving.day_shift(0)),
        Form("month", rf"\b(?:im|für|seit|seit dem|Anfang|Mitte|Ende|bis|bis Ende|ab|vor)\s+{month}(?!\s*\d)", resolving.m),  # im Juni
    )  # fmt: skip


def _han() -> tuple[Form, ...]:
    return (
        *_ISO,
        Form("han", rf"{_HAN_YEAR}(?P<m1>{_HAN_NUMBER})月(?P<d1>{_HAN_NUMBER})日?(?:至|到|-|—|から|~)(?:(?P<m2>{_HAN_NUMBER})月)?(?P<d2>{_HAN_NUMBER})日", resolving.days_han),  # 2021年6月26日至7月9日
        Form("han", rf"(?:今年)?(?P<y>)(?P<m1>{_HAN_NUMBER})月(?P<d1>{_HAN_NUMBER})日?(?:至|到|-|—|から|~)(?:(?P<m2>{_HAN_NUMBER})月)?(?P<d2>{_HAN_NUMBER})日", resolving.days_han),  # 7月22日至28日
        Form("han", rf"(?P<rel>去年|昨年|今年|本年|明年|来年)(?P<mm>{_HAN_NUMBER})月(?:{_HAN_DAY})?", resolving.relative_year),
        Form("han", rf"(?P<step>次年|翌年|第二年|转年|前年|前一年|同じ年|その年)の?(?P<mm>{_HAN_NUMBER})月(?:{_HAN_DAY})?", resolving.month_beside),  # 次年3月
        Form("han", rf"翌?(?<!\d)(?P<short>\d\d)年(?P<mm>{_HAN_NUMBER})月(?:{_HAN_DAY})?", resolving.short_year),  # 翌23年4月
        Form("han", rf"{_HAN_YEAR}(?P<mm>{_HAN_NUMBER})月{_HAN_DAY}", resolving.cjk),  # 2020年12月17日
        Form("han", rf"{_HAN_YEAR}(?P<mm>{_HAN_NUMBER})月", resolving.cjk),
        Form("han", rf"(?P<same>同年|当年|同じ年の?|この年の?|该年)(?P<mm>{_HAN_NUMBER})月(?:(?P<d>\d{{1,2}})[日号]|末)?", resolving.cjk),
        Form("han", r"(?P<samemonth>同月?|本月|当月)(?P<d>\d{1,2})[日号]", resolving.same_month),
        Form("han", rf"(?<![\d一二三四五六七八九十])(?P<mm>{_HAN_NUMBER})月{_HAN_DAY}", resolving.cjk),  # 12月17日
        Form("han", rf"(?P<y>{YEAR})(?P<part>)年代", resolving.decade),
        Form("han", r"(?:上世纪|20世纪|二十世纪)(?P<tens>[0-9]0|[二三四五六七八九]十)年代", resolving.decade_han),  # 上世纪70年代
        Form("han", rf"(?P<y>{YEAR})年(?P<end>底|末|年底)", resolving.end_of_year),
        *_YEARS,
        Form("han", rf"(?P<a>{YEAR})年?(?:至|到|-|—|或|~|から)(?P<b>{YEAR})年", resolving.span),
        Form("han", rf"(?P<y>{YEAR})年", resolving.year),
        Form("han", r"(?P<rel>去年|今年|昨年)(?:底|末)", resolving.end_of_relative),
        *_YEAR,
        Form("han", rf"(?P<n>\d{{1,3}}|{numerals.HAN})年前の?的?(?:今天|今日|きょう)", resolving.ago_today),  # 52年前的今天
        Form("han", rf"(?P<n>\d{{1,3}}|{numerals.HAN})[天日](?:之|以)?[后後]|次日|翌日|第二天", resolving.days_later),  # 53天后
        Form("han", rf"(?P<n>\d{{1,2}}|{numerals.HAN})(?:个|カ|か|ヶ)月(?:之|以)?[后後]|(?<![首一二三每这两])次月(?![球背面壤岩])|翌月", resolving.months_later),  # 两个月后
        Form("han", rf"(?P<n>\d{{1,2}}|{numerals.HAN})年(?:之|以)?[后後]", resolving.years_later),  # 三年后
        Form("han", rf"(?P<n>\d{{1,2}}|{numerals.HAN})年(?:之|以)?前", resolving.ago),  # 三年前
        Form("han", r"翌年|次年|第二年|转年", resolving.from_told(1)),
        Form("han", r"此前一年|前一年|上一年|前年(?=の)", resolving.from_told(-1)),
        Form("han", r"同年|同じ年|当年(?=[\d,，底末]|[一二三四五六七八九十]+月)", resolving.from_told(0)),
        Form("han", r"去年|昨年", resolving.shift(-1)),
        Form("han", r"今年|本年", resolving.shift(0)),
        Form("han", r"明年|来年", resolving.shift(1)),
        Form("han", r"本月|今月", resolving.this_month),
        Form("han", r"上个?月(?![球面背壤岩])|先月", resolving.month_before),
        Form("han", r"同月", resolving.told_month),
        Form("han", r"昨天|昨日", resolving.day_shift(-1)),
        Form("han", r"今天|今日|即日", resolving.day_shift(0)),
        Form("han", r"(?<!\d)(?P<mm>\d{1,2})月(?!\d|球|背|面)", resolving.cjk),
        Form("han", r"(?<!\d)(?P<short>[0126-9]\d)年(?P<mm>)(?=の|に|、)", resolving.short_year),  # 72年のルナ20号
        Form("han", r"(?<![\d月])(?P<d>[12]?\d|3[01])日(?![間本元报圆常])", resolving.day_alone),  # 25日
    )  # fmt: skip


_OF: Final = {"en": _english, "fr": _french, "de": _german, "zh": _han, "ja": _han}
_SPANS: Final = {
    "en": r"year|decade|month|week|day",
    "fr": r"\ban|jour|mois|semaine|décennie|lendemain",
    "de": r"Jahr|Monat|Woche|Tag|heuer",
}
# What tells, in English, that so many years or days are counted from a date.
_SHIFTS: Final = r"\b(?:later|after\w*|ago|earlier|before\w*|previously|next|following|(?:years?|decades?|months?|weeks?|days) on)\b"
# What no date of a language is without.
_ANY: Final = {
    "en": r"\d|year|month|week|day|decade|summer|spring|autumn|winter|the |that|same|last|past|\b(?:in|of|by|since|until)\b",
    "fr": r"\d|\ban|mois|jour|semaine|lendemain|dernier|printemps|été|automne|hier|\b(?:en|fin|début|mi|dès|depuis)\b|di\b",
    "de": r"\d|Jahr|Monat|Woche|[Tt]ag|Sommer|Herbst|Frühling|heute|gestern|letzt|vergangen|woch|abend|\b(?:im|seit|Anfang|Mitte|Ende|bis|ab|vor)\b",
}


@cache
def of(language: str) -> Forms:
    """Return the forms of a language, compiled; of one that is none of the five, the English."""
    name = language if language in _OF else "en"
    names = resolving.NAMES.get(name, ())
    needs = {
        "month": re.compile(rf"\b(?:{'|'.join(names) or '(?!)'})(?![a-zéûä])", re.IGNORECASE),
        "year": re.compile(YEAR),
        "shift": re.compile(_SHIFTS, re.IGNORECASE),
        "span": re.compile(_SPANS.get(name, "(?!)"), re.IGNORECASE),
        "nth": re.compile(r"\d(?:st|nd|rd|th)\b"),
        "season": re.compile("spring|summer|autumn|fall|winter", re.IGNORECASE),
        "han": re.compile("[年月日天号]"),
        "": re.compile(""),
    }
    forms = tuple((form.need, re.compile(form.pattern, re.IGNORECASE), form.make) for form in _OF[name]())
    return Forms(forms, needs, re.compile(_ANY.get(name, r"[\d年月日天]"), re.IGNORECASE))
