"""What is found in a sentence before anything is understood: names, numbers and dates, each with its place.

Values only. Places count characters from the start of the sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum


class Bound(StrEnum):
    """What stands before a number: nothing, about, more than, less than."""

    STATED = "stated"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in `g`, `Ma`, `USD` or `count`; `half` is half a unit of its last significant digit. Exact decimals."""

    value: Decimal
    unit: str
    half: Decimal = Decimal(0)
    bound: Bound = Bound.STATED


@dataclass(frozen=True, slots=True)
class Mark:
    """Something of one kind from `start` to `end` of a sentence.

    `kind` is mission, party, mass, age, money, count, date or sample. `name` is the normal form: of a date ISO 8601 or
    two of it with a slash, of a count what is counted.
    """

    kind: str
    start: int
    end: int
    name: str = ""
    sort: str = ""  # of a party: state, person, agency, institution, place; of a date: how it bounds
    state: str = ""  # of a party: the state that it belongs to
    quantity: Quantity | None = None


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or headline: `text` has plain quotes and hyphens, but is as long as what stands in the document."""

    start: int
    end: int
    text: str
    quote: str
    language: str = "en"
    marks: tuple[Mark, ...] = ()
    _kinds: dict[str, tuple[Mark, ...]] = field(default_factory=dict, compare=False, repr=False)

    def all(self, *kinds: str) -> tuple[Mark, ...]:
        """Return the marks of these kinds, in order."""
        key = " ".join(kinds)
        if key not in self._kinds:
            self._kinds[key] = tuple(mark for mark in self.marks if mark.kind in kinds)
        return self._kinds[key]

    def within(self, start: int, end: int, *kinds: str) -> Iterator[Mark]:
        """Yield the marks of these kinds that lie in a part of the sentence."""
        return (mark for mark in self.all(*kinds) if start <= mark.start and mark.end <= end)

    def before(self, mark: Mark, length: int = 24) -> str:
        """Return what stands right before a mark."""
        return self.text[max(0, mark.start - length) : mark.start]

    def after(self, mark: Mark, length: int = 40) -> str:
        """Return what stands right behind a mark."""
        return self.text[mark.end : mark.end + length]


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a sentence, from `start` to `end`."""

    sentence: Sentence
    start: int
    end: int

    @property
    def text(self) -> str:
        """Return its words."""
        return self.sentence.text[self.start : self.end]

    def all(self, *kinds: str) -> list[Mark]:
        """Return the marks of these kinds in it."""
        return list(self.sentence.within(self.start, self.end, *kinds))
