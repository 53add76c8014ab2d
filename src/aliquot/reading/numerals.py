"""Which number does this text write, and how exactly? Digits and words in five languages; knows no units."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import Final

from aliquot.reading.number_words import WORDS, whole

_PARTS: Final = {"half": Decimal("0.5"), "third": Decimal("0.333"), "quarter": Decimal("0.25"), "fifth": Decimal("0.2"), "tenth": Decimal("0.1")}  # fmt: skip
_AND_A_HALF: Final = {
    "un gramme et demi": Decimal("1.5"), "anderthalb": Decimal("1.5"), "eineinhalb": Decimal("1.5"), "zweieinhalb": Decimal("2.5"), "dreieinhalb": Decimal("3.5"),
    "ein halbes": Decimal("0.5"), "eine halbe": Decimal("0.5"), "un demi": Decimal("0.5"), "une demie": Decimal("0.5"), "半": Decimal("0.5"),
}  # fmt: skip
# "half a", "half of the", "a third of a", "three quarters of a", "two tenths of a"
_FRACTION: Final = r"(?:(?:one[- ]|a )?half(?: of)?(?: an?| the| that| this)?|(?:an?|one|two|three|four)[- ](?:third|quarter|fifth|tenth)s?(?: of)?(?: an?| the)?)"
_SMALL: Final = "one|two|three|four|five|six|seven|eight|nine"
_DIGIT: Final = f"(?:zero|oh|{_SMALL})"
_POINT: Final = rf"(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:{_SMALL}))?|{_SMALL}|ten|eleven|twelve|\w+teen|{_SMALL} hundred(?: and)? \w+(?:[- ]\w+)?) point {_DIGIT}(?: {_DIGIT}\b)*"
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

# Digits with their group marks: 1,731 or 1.731,5 or 1 731; the comma of French and German is told apart in `read`.
# In "1970 101 Gramm" the year is no part of the number.
DIGITS: Final = r"(?:(?<!\d)(?!(?:1[89]|20)\d\d )\d{1,15}(?:[,.'\u202f\xa0 ]\d{3})*|\d{1,15})(?:[.,]\d+)?"
HAN: Final = (
    r"[零〇一二两三四五六七八九十百千]{1,10}(?:点[零〇一二三四五六七八九]{1,4})?"  # 一千九百三十五点三
)
MYRIADS: Final = r"\d{1,4}(?:\.\d+)?万\d{0,4}"  # 2万6000


@cache
def word(language: str) -> str:
    """Return a pattern of the numbers that the words of a language write, fractions and articles among them."""
    words = WORDS.get(language) or WORDS["en"]
    special = [rf"{words.whole} and a half", _FRACTION, _POINT] if words is WORDS["en"] else []
    halves = [text for text in _AND_A_HALF if " and " not in text]
    forms = [*special, *halves, words.whole, *sorted(words.alone, key=len, reverse=True)]
    return f"(?:{'|'.join(forms)})"


@cache
def counting(language: str) -> str:
    """Return a pattern of what may stand before a noun to count it: digits and words, but no article."""
    words = WORDS.get(language) or WORDS["en"]
    alone = [text for text in words.alone if text not in words.articles]
    no_article = rf"(?!(?:{'|'.join(words.articles)})\b)" if language != "en" else ""
    return rf"(?:{DIGITS}|\b{no_article}(?:{'|'.join([words.whole, *alone])})\b)"


@cache
def number(language: str) -> str:
    """Return a pattern of any number of a language, in digits or words."""
    return rf"(?:{DIGITS}|\b{word(language)}\b)"


WORD: Final = word("en")
COUNTING: Final = counting("en")
NUMBER: Final = number("en")
_COMMA_DECIMAL: Final = ("fr", "de")


def read(text: str, language: str = "en") -> tuple[Decimal, Decimal] | None:
    """Return the number and half a unit of its last significant digit, or None when the text is no number."""
    text = " ".join(text.split()).casefold()
    if re.fullmatch(MYRIADS, text):
        return _myriads(text)
    if re.fullmatch(r"\d.*", text):
        return _digits(text, language)
    if re.fullmatch(HAN, text):
        return _han(text)
    value = (
        _AND_A_HALF.get(text)
        or _and_a_half(text)
        or _fraction(text)
        or _pointed(text)
        or whole(text, language)
    )
    if value is None and language != "en":
        value = whole(text, "en")
    if value is None:
        return None
    rough = value == _PARTS["third"]  # of thirds no digit is the last
    return Decimal(value), Decimal(value) / 20 if rough else _half(str(value))


def _and_a_half(text: str) -> Decimal | None:
    """Return "seventeen and a half"."""
    ones = whole(text.removesuffix(" and a half"), "en") if text.endswith(" and a half") else None
    return Decimal(ones) + _PARTS["half"] if ones else None


def _fraction(text: str) -> Decimal | None:
    """Return what a part of one is: "half of the", "three quarters of a"."""
    if not re.fullmatch(_FRACTION, text):
        return None
    words = re.split(r"[- ]", text)
    part = next((_PARTS[word.rstrip("s")] for word in words if word.rstrip("s") in _PARTS), None)
    many = WORDS["en"].parts.get(words[0], 1)
    return part * many if part else None


def _pointed(text: str) -> Decimal | None:
    """Return "twenty-one point six" as it is written in digits."""
    if not re.fullmatch(_POINT, text):
        return None
    ones, _, digits = text.partition(" point ")
    said = "".join(str(WORDS["en"].parts.get(digit, 0)) for digit in digits.split())
    return Decimal(f"{whole(ones, 'en') or 0}.{said}")


def _digits(text: str, language: str) -> tuple[Decimal, Decimal] | None:
    text = text.strip(".,' ")
    if language in _COMMA_DECIMAL:
        text = re.sub(r"[. '](?=\d{3}(?!\d))", "", text)
        if re.fullmatch(r"\d+,\d+", text):
            text = text.replace(",", ".")
    text = re.sub(r"[, '](?=\d{3}(?!\d))", "", text)
    if not re.fullmatch(r"\d{1,15}(\.\d{1,12})?", text):
        return None
    ones, _, part = text.partition(".")
    if part:
        return Decimal(text), Decimal(1).scaleb(-len(part)) / 2
    return Decimal(ones), _half(ones)


def _myriads(text: str) -> tuple[Decimal, Decimal]:
    """Return a number that counts tens of thousands: 2万6000 is 26,000, 44.25万 is 442,500."""
    many, _, rest = text.partition("万")
    value = Decimal(many) * 10_000 + int(rest or 0)
    return value, _half(f"{value:f}".partition(".")[0])


def _han(text: str) -> tuple[Decimal, Decimal]:
    """Return a number in Han numerals, with what stands behind the point: 一千九百三十五点三."""
    ones, _, part = text.partition("点")
    if not part:
        return Decimal(chinese(ones)), Decimal("0.5")
    value = Decimal(f"{chinese(ones)}.{chinese_digits(part)}")
    return value, _half(str(value))


def chinese_digits(text: str) -> str:
    """Return Han digits as digits, one by one: 二〇 is 20."""
    return "".join(str(_CHINESE[c]) for c in text)


def _half(digits: str) -> Decimal:
    """Return half a unit of the last significant digit; closing zeros of a whole number do not count."""
    if "." in digits:
        return Decimal(1).scaleb(digits.find(".") - len(digits) + 1) / 2
    return Decimal(1).scaleb(len(digits) - len(digits.rstrip("0")) if digits.strip("0") else 0) / 2


def chinese(text: str) -> int:
    """Return the number that Han numerals write: 十七 is 17, 二〇二〇 is 2020."""
    if not any(c in _PLACES for c in text):
        return int(chinese_digits(text))
    total, digit = 0, 0
    for c in text:
        if c in _PLACES:
            total += (digit or 1) * _PLACES[c]
            digit = 0
        else:
            digit = _CHINESE[c]
    return total + digit
