"""Which questions does the law ask, and in which words does a clause speak of the answers?

A question is a fact of the form: its key, type, wording in both languages, who can answer. A word is a sentence that a
clause may use, such as "the money is restricted"; it stands for one test of one fact. What is between braces in a word
a clause fills in. Knows no YAML (see `law_read`) and no instrument.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from aliquot.conditions import Kind, Test
from aliquot.vocabulary import Words

NOTICE_DAYS: Final = "notice_days"  # the version's own days, where a word says "in time"


class FactKind(StrEnum):
    """The type of an answer; a place is an ISO 3166-1 alpha-2 code."""

    BOOL = "bool"
    INT = "int"
    DATE = "date"
    STRING = "string"
    PLACE = "place"
    PLACES = "places"
    TEXTS = "texts"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Question:
    """One fact of the form."""

    key: str
    kind: FactKind
    ask: Words
    answered_by: Words
    options: tuple[str, ...] = ()
    is_sensitive: bool = False
    may_never: bool = False  # a day that may never come


@dataclass(frozen=True, slots=True)
class Word:
    """A sentence that a clause may use of a fact, as the test it stands for.

    `wanted` is what the vocabulary fixes; where it is empty the clause fills in the braces.
    """

    says: Words
    key: str
    kind: Kind
    wanted: tuple[bool | str, ...] = ()
    than: str = ""
    days: str = ""  # "notice_days" or a name in braces
    is_more: bool = False  # "more than N days" is N + 1 days or more

    def test(self, filled: Mapping[str, str], notice_days: int | None) -> Test | None:
        """Return the test with its blanks filled in; None where what fills them does not fit."""
        says = Words(_fill(self.says.en, filled), _fill(self.says.zh, filled))
        if self.kind is Kind.AHEAD:
            days = notice_days if self.days == NOTICE_DAYS else _number(filled.get(self.days))
            if days is None:
                return None
            return Test(says, self.key, self.kind, than=self.than, days=days + self.is_more)
        if self.wanted:
            return Test(says, self.key, self.kind, self.wanted)
        text = next(iter(filled.values()), "")
        if self.kind in (Kind.BEFORE, Kind.SINCE):
            day = _day(text)
            return Test(says, self.key, self.kind, (day,)) if day is not None else None
        if self.kind is Kind.AT_MOST:
            number = _number(text)
            return Test(says, self.key, self.kind, (number,)) if number is not None else None
        return Test(says, self.key, self.kind, tuple(part.strip() for part in text.split(",")))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All questions by key, in the order of the form, and all words."""

    questions: Mapping[str, Question]
    words: tuple[Word, ...]
    not_verified: tuple[Words, ...]
    sha256: str
    _found: dict[str, tuple[Word, dict[str, str]] | None] = field(default_factory=dict, compare=False)

    def word(self, sentence: str) -> tuple[Word, dict[str, str]] | None:
        """Return the word that the sentence is, and what fills its blanks; None where it is none."""
        if sentence not in self._found:
            self._found[sentence] = self._find(sentence)
        return self._found[sentence]

    def _find(self, sentence: str) -> tuple[Word, dict[str, str]] | None:
        for word in self.words:
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(word.says.en))
            if found := re.fullmatch(pattern, sentence):
                return word, found.groupdict()
        return None


def _fill(text: str, filled: Mapping[str, str]) -> str:
    for name, value in filled.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def _number(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch("[0-9]{1,5}", text) else None


def _day(text: str) -> int | None:
    try:
        return date.fromisoformat(text).toordinal() if len(text) == 10 else None
    except ValueError:
        return None
