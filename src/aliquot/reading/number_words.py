"""How are whole numbers below a million written in words? In English, French and German: a pattern, and what it means.

A part of a number is a word with its value; `whole` adds and multiplies them, which the three languages share.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """The number words of one language: a pattern of whole numbers, the value of each part, and words that count alone."""

    whole: str
    parts: Mapping[str, int]
    alone: Mapping[str, int]  # besides, such as "a", "both", "une paire de"
    articles: frozenset[str]  # of those: what is an article too, and counts no noun


_ONES_EN: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen",
    "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS_EN: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ONES_FR: Final = (
    "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize",
    "dix-sept", "dix-huit", "dix-neuf",
)  # fmt: skip
_TENS_FR: Final = ("vingt", "trente", "quarante", "cinquante", "soixante")
_ONES_DE: Final = (
    "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn",
    "sechzehn", "siebzehn", "achtzehn", "neunzehn",
)  # fmt: skip
_TENS_DE: Final = ("zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig")


def _any(words: tuple[str, ...]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


def _english() -> Words:
    ones, tens = _any(_ONES_EN), "|".join(_TENS_EN)
    below_100 = rf"(?:(?:{tens})(?:[- ](?:{'|'.join(_ONES_EN[:9])})\b)?|(?:{ones}))"
    below_1000 = rf"(?:(?:(?:a|{ones}) )?hundred(?: and)?(?: {below_100}\b)?|{below_100})"
    # "twenty-six thousand", "a hundred and thirty-five", "two dozen"
    whole = rf"(?:(?:a|{below_1000}) thousand(?:,? (?:and )?{below_1000}\b)?|{below_1000}|(?:(?:a|half a|{ones}) )?dozen)"
    alone = {
        "a": 1,
        "an": 1,
        "both": 2,
        "single": 1,
        "a single": 1,
        "lone": 1,
        "pair of": 2,
        "a pair of": 2,
        "a couple of": 2,
    }
    articles = frozenset({"a", "an", "single", "a single", "lone"})
    return Words(whole, _parts(_ONES_EN, _TENS_EN, hundred=100, thousand=1000, dozen=12, a=1), alone, articles)  # fmt: skip


def _french() -> Words:
    ones = _any(_ONES_FR)
    # "vingt et un", "soixante-dix", "quatre-vingt-onze", "cent trente-cinq"
    below_100 = rf"(?:quatre[- ]vingts?(?:[- ](?:{ones})\b)?|(?:{'|'.join(_TENS_FR)})(?:(?:[- ]et)?[- ](?:une?|{ones})\b)?|(?:{ones}))"
    below_1000 = rf"(?:(?:(?:{'|'.join(_ONES_FR[1:9])}) )?cents?(?: {below_100}\b)?|{below_100})"
    whole = rf"(?:(?:{below_1000} )?mille(?: {below_1000}\b)?|{below_1000}|(?:une |deux )?(?:douzaine|dizaine|vingtaine|centaine)s?(?: de| d')?)"
    parts = _parts(_ONES_FR, _TENS_FR, cent=100, cents=100, mille=1000, une=1, vingts=20, quatrevingt=80, douzaine=12, dizaine=10, vingtaine=20, centaine=100)  # fmt: skip
    return Words(whole, parts, {"une": 1, "un seul": 1, "une seule": 1}, frozenset({"un", "une", "un seul", "une seule"}))  # fmt: skip


def _german() -> Words:
    ones, small = _any(_ONES_DE), "|".join(_ONES_DE[:9])
    # "siebenundzwanzig", "hundertfünfunddreißig", "zweitausend"
    tens = "|".join(_TENS_DE).replace("ß", "(?:ß|ss)")
    below_100 = rf"(?:(?:(?:{small})und)?(?:{tens})|(?:{ones}))"
    below_1000 = rf"(?:(?:{small})?hundert(?:und)?(?:{below_100})?|{below_100})"
    whole = rf"(?:(?:{below_1000})?tausend(?:und)?(?:{below_1000})?|{below_1000}|(?:ein |zwei )?Dutzend)"
    alone = {"eine": 1, "einem": 1, "einen": 1, "einer": 1, "eines": 1, "beide": 2, "beiden": 2}
    articles = frozenset({"ein", "eine", "einem", "einen", "einer", "eines"})
    return Words(
        whole, _parts(_ONES_DE, _TENS_DE, dreissig=30, hundert=100, tausend=1000, dutzend=12), alone, articles
    )


def _parts(ones: tuple[str, ...], tens: tuple[str, ...], **more: int) -> Mapping[str, int]:
    values = {word: n for n, word in enumerate(ones, 1)} | {word: 10 * n for n, word in enumerate(tens, 2)}
    return MappingProxyType({**values, **more})


WORDS: Final[Mapping[str, Words]] = MappingProxyType({"en": _english(), "fr": _french(), "de": _german()})


def _apart(language: str, parts: str) -> str:
    """Return a pattern of parts: whole words, but in German, which writes them together."""
    return parts if language == "de" else rf"\b(?:{parts})\b"


# Longest first, so that "dix-sept" is no "dix" and "siebzehn" no "sieben".
_PART: Final = {
    language: re.compile(_apart(language, "|".join(sorted(words.parts, key=len, reverse=True))))
    for language, words in WORDS.items()
}
_WHOLE: Final = {language: re.compile(words.whole, re.IGNORECASE) for language, words in WORDS.items()}
_FOUR_SCORE: Final = re.compile(r"quatre[- ]vingts?")


def whole(text: str, language: str) -> int | None:
    """Return the whole number that the words of a language write, None where they write none: "a hundred and thirty-five" is 135."""
    words = WORDS.get(language)
    if words is None:
        return None
    if text in words.alone:
        return words.alone[text]
    if not _WHOLE[language].fullmatch(text):
        return None
    if text == "half a dozen":
        return 6
    total = last = 0
    text = _FOUR_SCORE.sub("quatrevingt", text)
    for part in _PART[language].findall(text):
        value = words.parts[part]
        if value == 1000:
            total, last = total + (last or 1) * 1000, 0
        elif value == 100 or part in ("dozen", "dutzend", "douzaine", "dizaine", "vingtaine", "centaine"):
            last = (last or 1) * value
        else:
            last += value
    return total + last
