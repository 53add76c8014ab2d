"""Does this condition hold of these facts? Tests of single facts, joined by all, any and not.

A condition is a value made from words of the vocabulary; nothing here is parsed or run. A fact that is absent is not
known; every test of a fact that is known not to apply ("n/a") fails, so that its negation holds. Days are ordinals
(1 = 1 January of year 1), so that counting back from any day is safe. See `kleene`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aliquot import kleene
from aliquot.kleene import Truth
from aliquot.vocabulary import Words

# A day is an int (ordinal), a list a tuple; "n/a" stands for itself.
Value = bool | int | str | tuple[str, ...] | tuple[int, ...]
Facts = Mapping[str, Value]
NOT_APPLICABLE: Final = "n/a"


class Kind(StrEnum):
    """What a test asks of a fact."""

    IS = "is"  # it is one of the wanted
    AT_MOST = "at_most"  # a number, the wanted or less
    BEFORE = "before"  # a day, earlier than the wanted
    SINCE = "since"  # a day, the wanted or later
    INCLUDES = "includes"  # a list with one of the wanted in it
    INCLUDES_OTHER = "includes_other_than"  # a list with something else in it
    AHEAD = "ahead_of"  # a day, so many days ahead of another fact's day or more


@dataclass(frozen=True, slots=True)
class Test:
    """One question put to one fact; of kind AHEAD to two: `key` is at least `days` before `than`."""

    __test__ = False  # for pytest, which takes every Test for one of its own

    says: Words
    key: str
    kind: Kind
    wanted: tuple[bool | int | str, ...] = ()
    than: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Condition


Condition = Test | AllOf | AnyOf | Not
ALWAYS: Final = AllOf(())
NEVER: Final = AnyOf(())


def truth(condition: Condition, facts: Facts) -> Truth:
    """Return whether the condition holds, as far as the facts tell."""
    if isinstance(condition, Test):
        return _tested(condition, facts)
    if isinstance(condition, AllOf):
        return kleene.conjunction([truth(part, facts) for part in condition.parts])
    if isinstance(condition, AnyOf):
        return kleene.disjunction([truth(part, facts) for part in condition.parts])
    return kleene.negation(truth(condition.part, facts))


def leaves(condition: Condition) -> Iterator[Test]:
    """Yield every test in the condition, in order."""
    if isinstance(condition, Test):
        yield condition
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        for part in condition.parts:
            yield from leaves(part)


def _tested(test: Test, facts: Facts) -> Truth:
    value = facts.get(test.key)
    if test.kind is Kind.AHEAD:
        other = facts.get(test.than)
        if value == NOT_APPLICABLE or other == NOT_APPLICABLE:
            return False
        if value is None or other is None:
            return None
        return is_ahead(test, value, other)
    return None if value is None else holds(test, value)


def is_ahead(test: Test, value: Value, other: Value) -> bool:
    """Return whether a test of kind AHEAD holds of two known facts."""
    return isinstance(value, int) and isinstance(other, int) and value <= other - test.days


def holds(test: Test, value: Value) -> bool:
    """Return whether a test of any other kind holds of a known fact."""
    kind, wanted = test.kind, test.wanted
    if value == NOT_APPLICABLE:
        return False
    if kind is Kind.IS:
        return value in wanted
    if isinstance(value, tuple):
        if kind is Kind.INCLUDES:
            return any(each in wanted for each in value)
        return kind is Kind.INCLUDES_OTHER and any(each not in wanted for each in value)
    limit = wanted[0]
    if not isinstance(value, int) or not isinstance(limit, int):
        return False
    if kind is Kind.AT_MOST:
        return value <= limit
    return value < limit if kind is Kind.BEFORE else value >= limit
