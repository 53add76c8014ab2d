"""Which number does this text write, and how exactly? Digits and words in five languages; knows no units."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_WORDS: Final[dict[str, int | Decimal]] = {
    "a": 1, "an": 1, "both": 2, "single": 1, "a single": 1, "lone": 1, "pair of": 2, "a pair of": 2, "a couple of": 2,
    "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
    "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16, "vingt": 20,
    "ein": 1, "eine": 1, "einem": 1, "einen": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "dreizehn": 13, "siebzehn": 17,
    "zwanzig": 20, "one and a half": Decimal("1.5"), "two and a half": Decimal("2.5"), "three and a half": Decimal("3.5"),
}  # fmt: skip
_ONES_TO_19: Final = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS_OF: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_ENGLISH: Final = {word: n for n, word in enumerate(_ONES_TO_19, 1)} | {
    word: 10 * n for n, word in enumerate(_TENS_OF, 2)
}
_PARTS: Final = {"half": Decimal("0.5"), "third": Decimal("0.333"), "quarter": Decimal("0.25"), "fifth": Decimal("0.2"), "tenth": Decimal("0.1")}  # fmt: skip
_ONES: Final = "|".join(sorted(_ONES_TO_19, key=len, reverse=True))
_BELOW_100: Final = rf"(?:(?:{'|'.join(_TENS_OF)})(?:[- ](?:{'|'.join(_ONES_TO_19[:9])})\b)?|(?:{_ONES}))"
_BELOW_1000: Final = rf"(?:(?:(?:a|{_ONES}) )?hundred(?: and)?(?: {_BELOW_100}\b)?|{_BELOW_100})"
# "twenty-six thousand", "a hundred and thirty-five", "two dozen"
_WHOLE: Final = rf"(?:(?:a|{_BELOW_1000}) thousand(?:,? (?:and )?{_BELOW_1000}\b)?|{_BELOW_1000}|(?:(?:a|half a|{_ONES}) )?dozen)"
# "half a", "half of the", "a third of a", "three quarters of a", "two tenths of a"
_FRACTION: Final = r"(?:(?:one[- ]|a )?half(?: of)?(?: an?| the| that| this)?|(?:an?|one|two|three|four)[- ](?:third|quarter|fifth|tenth)s?(?: of)?(?: an?| the)?)"
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
_ARTICLES: Final = (
    "a",
    "an",
    "un",
    "une",
    "ein",
    "eine",
    "einem",
    "einen",
    "einer",
    "single",
    "a single",
    "lone",
)
# Digits with their group marks: 1,731 or 1.731,5 or 1 731; the comma of French and German is told apart in `read`.
DIGITS: Final = r"\d{1,15}(?:[,.' ]\d{3})*(?:[.,]\d+)?"
_DIGIT: Final = "(?:zero|oh|" + "|".join(_ONES_TO_19[:9]) + ")"
_POINT: Final = rf"{_BELOW_1000} point {_DIGIT}(?: {_DIGIT}\b)*"
WORD: Final = rf"(?:{_FRACTION}|{_POINT}|(?:one|two|three) and a half|{_WHOLE}|{'|'.join(_known)})"
HAN: Final = r"[零〇一二两三四五六七八九十百千]{1,10}"
# What may stand before a noun to count it: no article.
COUNTING: Final = rf"(?:{DIGITS}|\b(?:{_WHOLE}|{'|'.join(word for word in _known if word not in _ARTICLES and ' and ' not in word)})\b)"
NUMBER: Final = rf"(?:{DIGITS}|\b{WORD}\b)"
_COMMA_DECIMAL: Final = ("fr", "de")


def read(text: str, language: str = "en") -> tuple[Decimal, Decimal] | None:
    """Return the number and half a unit of its last significant digit, or None when the text is no number."""
    text = " ".join(text.split()).casefold()
    if re.fullmatch(r"\d.*", text):
        return _digits(text, language)
    if re.fullmatch(HAN, text):
        return Decimal(chinese(text)), Decimal("0.5")
    value = _WORDS.get(text)
    if value is None:
        value = _fraction(text) or _pointed(text) or _whole(text)
    if value is None:
        return None
    rough = value == _PARTS["third"]  # of thirds no digit is the last
    return Decimal(value), Decimal(value) / 20 if rough else _half(str(value))


def _fraction(text: str) -> Decimal | None:
    """Return what a part of one is: "half of the", "three quarters of a"."""
    if not re.fullmatch(_FRACTION, text):
        return None
    words = re.split(r"[- ]", text)
    part = next((_PARTS[word.rstrip("s")] for word in words if word.rstrip("s") in _PARTS), None)
    many = _ENGLISH.get(words[0], 1)
    return part * many if part else None


def _pointed(text: str) -> Decimal | None:
    """Return "twenty-one point six" as it is written in digits."""
    if not re.fullmatch(_POINT, text):
        return None
    whole, _, digits = text.partition(" point ")
    return Decimal(f"{_whole(whole)}." + "".join(str(_ENGLISH.get(word, 0)) for word in digits.split()))


def _whole(text: str) -> int | None:
    """Return the whole number that English words write: "a hundred and thirty-five" is 135."""
    total, last = 0, 0
    if not re.fullmatch(_WHOLE, text):
        return None
    if text == "half a dozen":
        return 6
    for word in re.split(r"[-, ]+", text):
        if word == "hundred":
            last = (last or 1) * 100
        elif word == "thousand":
            total, last = total + (last or 1) * 1000, 0
        elif word == "dozen":
            last = (last or 1) * 12
        elif word == "a":
            last = 1
        elif word != "and":
            last += _ENGLISH[word]
    return total + last


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
