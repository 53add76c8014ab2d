"""Which masses, ages, prices and counts does a sentence state? With unit, precision and what hedges them.

The words of five languages stand in `quantities.toml`; a text is read with those of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Final

from aliquot.reading import lexicon, numerals
from aliquot.reading.marks import Bound, Mark, Quantity

GRAMS: Final = {
    "mg": Decimal("0.001"), "g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.592"), "oz": Decimal("28.3495"),
    "t": Decimal(1_000_000), "µg": Decimal("0.000001"), "carat": Decimal("0.2"),
}  # fmt: skip
_TABLE: Final = lexicon.table("quantities.toml")
_UNITS: Final[dict[str, list[str]]] = _TABLE["unit"]
_UNIT: Final = "|".join(f"(?P<u{n}>{'|'.join(words)})" for n, words in enumerate(_UNITS.values()))
_NOUNS: Final = tuple(_TABLE["count"])
_HAN: Final = ("zh", "ja")
_MASS: Final = rf"(?P<n>%(number)s)[\s-]*(?:{_UNIT})(?![A-Za-z])"
_AGE: Final = (
    r"(?P<n>%(number)s)[\s-]*(?:(?:good|full|whole|cool|mere|round)\s+)?"
    r"(?P<u>billion|Millionen|million|Milliarden?|milliards?|millions?|Mrd\.?|Mio\.?|Ga|Gyr|Ma|Myr|亿|億|bn)(?:(?P<rest>\d{1,4})万)?"  # 20億3000万年
    r"[\s-]*(?P<y>years?|year-old|(?=younger|older)|yr|d'années|d['’]ans|ans|Jahren?|(?=Jahre)|年|岁|歳)?"
)
_MONEY: Final = (
    rf"(?:US\s?)?\$\s?(?P<a>{numerals.DIGITS})(?:\s*(?P<am>million|billion|m\b))?"
    r"|(?P<b>%(counting)s)\s*(?P<bm>million|Millionen|millions de|万)?\s*(?:US\s?dollars?|US-Dollar|dollars?|Dollar|USD|美元|ドル)"
)
# Words that may not stand between a number and what it counts.
_STOP: Final = r"(?:of|to|in|from|and|or|with|for|on|at|years?|grams?|kilograms?|percent|by|who|whose|that|which|the|were|was|are|is|have|has|than|as)"
_GAP: Final = {
    "en": rf"(?:(?!{_STOP}\b|{numerals.WORD}\b)(?:[a-z]+(?:-[a-z]+)*|U\.?S\.?|American|Chinese|Apollo(?: \d\d)?|Luna(?: \d\d)?|Earth|Moon)[\s-]+){{0,3}}?",
    "fr": r"(?:(?:autres|premiers?|premières|petite?s|minuscules?|grande?s|autre|différente?s) ){0,2}",
    "de": r"(?:(?:weiteren?|ersten?|kleinen?|winzigen?|verschiedenen?|anderen?|ausländischen?|chinesischen?|internationalen?|amerikanischen?|US-amerikanischen?) ){0,2}",
}
_COUNT: Final = r"(?P<n>%(counting)s)(?P<wan>)[\s-]*%(gap)s(?:%(counted)s)(?![A-Za-zÀ-ÿ])"
_COUNT_HAN: Final = (
    r"(?P<n>%(counting)s|[一二两三四五六七八九十百]{1,4})(?P<wan>万(?:多|余)?)?"
    r"(?:\s*(?:余|多)?(?:家|个|份|名|件|批|枚|つ|人|か|カ|ヶ|位|块|所)?の?(?:境外|国外|国内|海外|外国|外方|中外|美国|阿波罗|アポロ)?)?\s*(?:%(counted)s)(?![A-Za-z])"
)


@dataclass(frozen=True, slots=True)
class _Patterns:
    """How one language writes masses, ages, prices and counts, and what hedges a number before it."""

    mass: re.Pattern[str]
    age: re.Pattern[str]
    money: re.Pattern[str]
    count: re.Pattern[str]
    hedges: tuple[tuple[Bound, re.Pattern[str]], ...]


@cache
def _of(language: str) -> _Patterns:
    is_han = language in _HAN
    number = (
        (f"{numerals.MYRIADS}|" if is_han else "")
        + numerals.number(language)
        + (f"|{numerals.HAN}|半" if is_han else "")
    )
    counting = (f"{numerals.MYRIADS}|" if is_han else "") + numerals.counting(language)
    counted = "|".join(
        f"(?P<{noun}>{lexicon.either(lexicon.spoken(_TABLE['count'][noun], language))})" for noun in _NOUNS
    )
    words = {
        "number": number, "counting": f"(?:{counting})", "counted": counted, "gap": _GAP.get(language, ""),
    }  # fmt: skip
    forms = (_MASS, _AGE, _MONEY, _COUNT_HAN if is_han else _COUNT)
    mass, age, money, count = (re.compile(form % words, re.IGNORECASE) for form in forms)
    hedges = tuple((bound, _hedge(bound, language)) for bound in (Bound.ABOUT, Bound.OVER, Bound.UNDER))
    return _Patterns(mass, age, money, count, hedges)


def _hedge(bound: Bound, language: str) -> re.Pattern[str]:
    words = lexicon.either(lexicon.spoken(_TABLE["hedge"][bound.value], language))
    return re.compile(rf"(?<![a-z]){words}(?:\s+(?:a|the|of|total of|combined|only))*\s*$", re.IGNORECASE)


# What no mass, age or price is without, and a count without a number: most sentences need no closer look.
_HAS_UNIT: Final = re.compile(
    "|".join(
        rf"(?<![A-Za-z]){word}(?![A-Za-z])" if word.isascii() else word
        for words in _UNITS.values()
        for word in words
    ),
    re.IGNORECASE,
)
_HAS_AGE: Final = re.compile(r"illi|Mrd|Mio|\b(?:G|M)(?:a|yr)\b|\d\s?[GM](?:a|yr)\b|bn|[亿億]", re.IGNORECASE)
_HAS_PRICE: Final = re.compile(r"\$|dollar|USD|美元|ドル", re.IGNORECASE)


@cache
def _number(language: str) -> re.Pattern[str]:
    han = f"|{numerals.HAN}" if language in _HAN else ""
    return re.compile(rf"{numerals.counting(language)}{han}", re.IGNORECASE)


def _counted(text: str, language: str) -> Iterator[re.Match[str]]:
    """Yield each count: from each number on, as nothing else may begin one."""
    count, at = _of(language).count, 0
    for number in _number(language).finditer(text):
        match = count.match(text, number.start()) if number.start() >= at else None
        if match:
            at = match.end()
            yield match


_NO_MASS: Final = re.compile(
    r"^\s*(?:/|per\b|spacecraft|rocket|payload|satellite|of (?:thrust|fuel|propellant|payload))",
    re.IGNORECASE,
)
_MA: Final = {"b": Decimal(1000), "g": Decimal(1000), "亿": Decimal(100), "億": Decimal(100)}


def bound(before: str, after: str = "", language: str = "en") -> Bound:
    """Return how the words around a number hedge it."""
    found = next((bound for bound, words in _of(language).hedges if words.search(before)), Bound.STATED)
    if found is Bound.STATED and re.match(r"\s*(?:or so|以上|余|多)", after):
        return Bound.OVER if after.strip()[:1] in "以余多" else Bound.ABOUT
    return found


def masses(text: str, language: str) -> Iterator[Mark]:
    """Yield each mass; of one that is given in two units, such as 1,731 grams (61 ounces), only the metric one."""
    if not _HAS_UNIT.search(text):
        return
    last: Mark | None = None
    for match in _of(language).mass.finditer(text):
        mark = _mass(match, text, language)
        if mark is None:
            continue
        if last and _SAME_MASS.fullmatch(text[last.end : mark.start]):
            if last.name in ("lb", "oz") and mark.name not in ("lb", "oz"):
                last = mark
            continue
        if last:
            yield last
        last = mark
    if last:
        yield last


_SAME_MASS: Final = re.compile(
    r"\s*(?:[(,/=]|or|about|around|,? or|\(?about|\(or|\(nearly|\(roughly|\(around)*\s*", re.IGNORECASE
)
_A_FEW: Final = re.compile(r"\b(?:few|several|quelques|einige)\s+$")


def _mass(match: re.Match[str], text: str, language: str) -> Mark | None:
    """Return the mass of a match; None of what is none: 5G, a spacecraft's, "a few hundred grams"."""
    read = numerals.read(match["n"], language)
    unit = next(u for n, u in enumerate(_UNITS) if match[f"u{n}"])
    written, at = match[f"u{list(_UNITS).index(unit)}"], match.start()
    if read is None or _NO_MASS.match(text[match.end() :]) or written in ("G", "T", "Mg", "MG"):
        return None
    if match["n"] in ("a", "an", "some") and unit == "t":
        return None
    if _A_FEW.search(text[max(0, at - 10) : at]) and not match["n"][0].isdigit():
        return None
    value, half = read
    if value == 1 and re.match(r" (?:and a half|et demie?)\b", text[match.end() :]):
        value, half = Decimal("1.5"), Decimal("0.05")  # "a gram and a half"
    how = bound(text[max(0, at - 30) : at], text[match.end() :][:6], language)
    quantity = Quantity(value * GRAMS[unit], "g", half * GRAMS[unit], how)
    return Mark("mass", at, match.end(), unit, quantity=quantity)


def ages(text: str, language: str, *, told: bool = False) -> Iterator[Mark]:
    """Yield each span of time in millions of years; beside one, or where one was `told` before, also "2.8 billion" alone."""
    for match in _of(language).age.finditer(text):
        read = numerals.read(match["n"], language)
        bare = match["u"] in ("Ga", "Gyr", "Ma", "Myr") and not text[match.end() : match.end() + 1].isalpha()
        alone = told and match["u"].casefold() == "billion" and _ALONE.match(text, match.end())
        if read is None or (match["y"] is None and not bare and not alone):
            continue
        told = True
        unit = match["u"].casefold()
        factor = _MA.get(unit[0], Decimal(1000) if unit.startswith("milliard") else Decimal(1))
        at = match.start()
        if mean := _MEAN.search(text[max(0, at - 24) : at]):  # "2,030 ± 4 million years"
            told_mean = numerals.read(mean["n"], language)
            read, at = (told_mean, at - len(mean[0])) if told_mean else (read, at)
        if match["rest"]:
            factor, read = Decimal(1), (read[0] * factor + Decimal(match["rest"]) / 100, Decimal("0.5"))
        quantity = Quantity(
            read[0] * factor, "Ma", read[1] * factor, bound(text[max(0, at - 30) : at], language=language)
        )
        yield Mark("age", at, match.end(), quantity=quantity)


_MEAN: Final = re.compile(rf"(?P<n>{numerals.DIGITS})\s*(?:±|\+/?-|plus or minus)\s*$")
_ALONE: Final = re.compile(r"\s*(?:[.,;)]|$|and\b)")


def prices(text: str, language: str) -> Iterator[Mark]:
    """Yield each sum of US dollars."""
    for match in _of(language).money.finditer(text):
        read = numerals.read(match["a"] or match["b"], language)
        if read is None:
            continue
        many = (match["am"] or match["bm"] or "").casefold()
        factor = {"": 1, "万": 10_000, "billion": 10**9}.get(many, 10**6)
        at = match.start()
        yield Mark(
            "money",
            at,
            match.end(),
            quantity=Quantity(
                read[0] * factor,
                "USD",
                read[1] * factor,
                bound(text[max(0, at - 30) : at], language=language),
            ),
        )


def counts(text: str, language: str) -> Iterator[Mark]:
    """Yield each count of institutions, countries, states, applications, persons, lots or samples."""
    for match in _counted(text, language):
        read = numerals.read(match["n"], language)
        at = match.start()
        if read is None or text[max(0, at - 1) : at] in ("-", "$", "#", ".", "第"):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", match["n"]) or text[match.end("n") :].startswith(("%", "th")):
            continue
        noun = next(noun for noun in _NOUNS if match[noun])
        factor = 10_000 if match["wan"] else 1
        quantity = Quantity(
            read[0] * factor,
            "count",
            read[1] * factor,
            bound(text[max(0, at - 30) : at], text[match.end("n") :][:2], language),
        )
        yield Mark("count", at, match.end(), noun, quantity=quantity)


def marks(text: str, language: str, *, aged: bool = False) -> Iterator[Mark]:
    """Yield the masses of a text, then its prices, its ages and its counts; `aged` where an age was told just before."""
    if _HAS_UNIT.search(text):
        yield from masses(text, language)
    if _HAS_PRICE.search(text):
        yield from prices(text, language)
    if _HAS_AGE.search(text):
        yield from ages(text, language, told=aged)
    yield from counts(text, language)
