"""Which words of a text can be looked for? The same cutting for what is indexed and what is asked.

A script that parts its words by spaces is cut there; one that does not (Chinese, Japanese, Thai and the like) is
cut into single characters and pairs. Numbers are cut into parts and into runs of three characters, so that any
three digits of a number find it. Knows no index.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

GRAM: Final = 3

# Scripts written without spaces between words: Thai and Lao, Tibetan, Myanmar, Khmer, kana and bopomofo,
# CJK ideographs with their extensions and compatibility forms.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u312f\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_RUN: Final = re.compile(rf"[{_UNSPACED}]+|[^\W_{_UNSPACED}]+")
_IS_UNSPACED: Final = re.compile(rf"[{_UNSPACED}]")
_DIGITS: Final = re.compile(r"\d+")
_PART: Final = re.compile(r"\d+|[^\W\d_]+")


def folded(text: str) -> str:
    """Return the text as it is compared: compatibility forms and case make no difference."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", whole(text)).casefold())


def whole(text: str) -> str:
    """Return the text as UTF-8 can write it: half a surrogate pair, which an address can carry, is no character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, as they are indexed."""
    for run in _RUN.findall(folded(text)):
        if _IS_UNSPACED.match(run):
            yield from run
            yield from map("".join, pairwise(run))
        else:
            yield run


def asked(text: str) -> tuple[str, ...]:
    """Return the words that a text must have to hold what is asked: of an unspaced run its pairs alone."""
    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        if _IS_UNSPACED.match(run) and len(run) > 1:
            found += map("".join, pairwise(run))
        else:
            found.append(run)
    return tuple(dict.fromkeys(found))


def parts(number: str) -> Iterator[str]:
    """Yield the runs of digits and of letters of a number; digits without their leading zeros too."""
    for part in _PART.findall(folded(number)):
        yield part
        if part.startswith("0") and part.strip("0"):
            yield part.lstrip("0")


def grams(text: str) -> list[str]:
    """Return the runs of three characters of a text without its spaces, in order."""
    solid = "".join(folded(text).split())
    return [solid[i : i + GRAM] for i in range(len(solid) - GRAM + 1)]


def edges(text: str) -> Iterator[str]:
    """Yield the first one and the first two characters, marked as such: prefixes too short for a run of three."""
    solid = "".join(folded(text).split())
    yield from (f"^{solid[:length]}" for length in range(1, GRAM) if len(solid) >= length)


def spelled(names: Iterable[str]) -> str:
    """Return what is indexed of numbers and names as they are spelled: each after its edges, parted by a bar."""
    return " | ".join(map(_spelled, names))


# Numbers differ, but materials, missions and notes come again and again in one catalogue.
@lru_cache(maxsize=4096)
def _spelled(name: str) -> str:
    return " ".join([*edges(name), *grams(name)])


@lru_cache(maxsize=4096)
def indexed(text: str) -> tuple[str, ...]:
    """Return the words of a text, each once."""
    return tuple(dict.fromkeys(words(text)))


def order(number: str) -> str:
    """Return what sorts numbers as people do: 15555,2 before 15555,10."""
    return _DIGITS.sub(lambda match: match[0].lstrip("0").zfill(12), folded(number))
