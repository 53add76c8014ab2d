"""Which number does this text write, and how exactly? Digits and words in five languages; knows no units."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_WORDS: Final[dict[str, int | Decimal]] = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "dozen": 12, "a dozen": 12, "two dozen": 24, "both": 2, "single": 1,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
    "ein": 1, "eine": 1, "einem": 1, "einen": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "siebzehn": 17,
    "zwanzig": 20, "half": Decimal("0.5"), "half a": Decimal("0.5"), "half of a": Decimal("0.5"),
    "one and a half": Decimal("1.5"), "a quarter of a": Decimal("0.25"),
    "a hundred": 100, "one hundred": 100, "hundred": 100,
}  # fmt: skip
_TENS: Final = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_ONES: Final = "one|two|three|four|five|six|seven|eight|nine"
_CHINESE: Final = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}

_known = sorted(_WORDS, key=len, reverse=True)
# Digits with their group marks: 1,731 or 1.731,5 or 1 731; the comma of French and German is told apart in `read`.
DIGITS: Final = r"\d{1,15}(?:[,.' ]\d{3})*(?:[.,]\d+)?"
WORD: Final = rf"(?:(?:{_TENS})[- ](?:{_ONES})|{'|'.join(_known)})"
HAN: Final = r"[零〇一二两三四五六七八九十百千]{1,10}"
_ARTICLES: Final = (
    "a",
    "an",
    "un",
    "une",
    "half",
    "half a",
    "half of a",
    "ein",
    "eine",
    "einem",
    "einen",
    "einer",
    "single",
    "one and a half",
    "a quarter of a",
)
# What may stand before a noun to count it: no article.
COUNTING: Final = rf"(?:{DIGITS}|\b(?:(?:{_TENS})[- ](?:{_ONES})|{'|'.join(word for word in _known if word not in _ARTICLES)})\b)"
NUMBER: Final = rf"(?:{DIGITS}|\b{WORD}\b)"
_COMMA_DECIMAL: Final = ("fr", "de")


def read(text: str, language: str = "en") -> tuple[Decimal, Decimal] | None:
    """Return the number and half a unit of its last significant digit, or None when the text is no number."""
    text = " ".join(text.split()).casefold()
    if re.fullmatch(r"\d.*", text):
        return _digits(text, language)
    if re.fullmatch(HAN, text):
        return Decimal(chinese(text)), Decimal("0.5")
    if match := re.fullmatch(rf"({_TENS})[- ]({_ONES})", text):
        return Decimal(_WORDS[match[1]]) + Decimal(_WORDS[match[2]]), Decimal("0.5")
    value = _WORDS.get(text)
    if value is None:
        return None
    return Decimal(value), _half(str(value))


def _digits(text: str, language: str) -> tuple[Decimal, Decimal] | None:
    text = text.strip(".,' ")
    if language in _COMMA_DECIMAL:
        text = re.sub(r"[. '](?=\d{3}(?!\d))", "", text)
        if re.fullmatch(r"\d+,\d+", text):
            text = text.replace(",", ".")
    text = re.sub(r"[, '](?=\d{3}(?!\d))", "", text)
    if not re.fullmatch(r"\d{1,15}(\.\d{1,12})?", text):
        return None
    whole, _, part = text.partition(".")
    if part:
        return Decimal(text), Decimal(1).scaleb(-len(part)) / 2
    return Decimal(whole), _half(whole)


def _half(digits: str) -> Decimal:
    """Return half a unit of the last significant digit; closing zeros of a whole number do not count."""
    if "." in digits:
        return Decimal(1).scaleb(digits.find(".") - len(digits) + 1) / 2
    return Decimal(1).scaleb(len(digits) - len(digits.rstrip("0")) if digits.strip("0") else 0) / 2


def chinese(text: str) -> int:
    """Return the number that Han numerals write: 十七 is 17, 二〇二〇 is 2020."""
    if not any(c in _PLACES for c in text):
        return int("".join(str(_CHINESE[c]) for c in text))
    total, digit = 0, 0
    for c in text:
        if c in _PLACES:
            total += (digit or 1) * _PLACES[c]
            digit = 0
        else:
            digit = _CHINESE[c]
    return total + digit
