"""Which answers to a missing question need telling apart?

Of the endless days, numbers and names that could be filled in, a rule tells only a few classes apart: before the last
good day or after it, twelve months or more. Each class is one value that stands for it, with a label that a person can
read. Where two days are missing that a rule compares, the classes of the second are laid out around those of the first,
so that every order of the two occurs. Knows no instrument and no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Final

from aliquot.conditions import Facts, Kind, Test, Value, holds
from aliquot.countries import CODES
from aliquot.law_words import FactKind, Question

_SOME_DAY: Final = date(2000, 1, 1).toordinal()
# A day that others are counted from comes before them.
_FIRST_DAYS: Final = ("acts_on", "asked_on")


@dataclass(frozen=True, slots=True)
class Answer:
    """One class of answers: a value that stands for it, and how it reads.

    A range of days or numbers is from `value` to `last` (None: without end), and reads as `joined` says.
    """

    value: Value
    says: str = ""
    is_range: bool = False
    last: int | None = None


def answers(
    keys: Iterable[str],
    tests: Iterable[Test],
    facts: Facts,
    *,
    questions: Mapping[str, Question],
    cuts: Mapping[str, Iterable[int]],
    earliest: Mapping[str, int],
) -> dict[str, tuple[Answer, ...]]:
    """Return the classes of each missing key that the tests tell apart.

    `cuts` are further days at which something changes, `earliest` the days before which a key cannot be.
    """
    asked = tuple(dict.fromkeys(tests))
    found: dict[str, tuple[Answer, ...]] = {}
    days: dict[str, list[int]] = {}
    missing = sorted(keys, key=lambda key: (_FIRST_DAYS.index(key) if key in _FIRST_DAYS else 9, key))
    for key in missing:
        question = questions[key]
        own = [test for test in asked if key in (test.key, test.than)]
        if question.kind is FactKind.DATE:
            limits = {day for test in own for day in _limits(test, key, facts, days)}
            gap = max(
                (t.days for t in own if t.kind is Kind.AHEAD and _is_later(t, key, missing, days)),
                default=None,
            )
            days[key] = _days(limits, set(cuts.get(key, ())), gap, earliest.get(key))
            found[key] = _ranges(days[key])
        else:
            found[key] = _plain(question, own)
    return found


def _is_later(test: Test, key: str, missing: list[str], days: Mapping[str, list[int]]) -> bool:
    """Return whether the other day of the test is missing and not laid out yet."""
    other = test.than if test.key == key else test.key
    return other in missing and other not in days


def _limits(test: Test, key: str, facts: Facts, days: Mapping[str, list[int]]) -> Iterable[int]:
    """Return the days from which on the test tells something else."""
    if test.kind is not Kind.AHEAD:
        return [day for day in test.wanted if isinstance(day, int)]
    other = test.than if test.key == key else test.key
    known = facts.get(other)
    others = [known] if isinstance(known, int) else days.get(other, [])
    return [day - test.days + 1 if test.key == key else day + test.days for day in others]


def _days(tested: set[int], cuts: set[int], gap: int | None, earliest: int | None) -> list[int]:
    """Return one day for each stretch between the limits, and two, a gap apart, where they fit.

    Two are needed where a day that is compared with these is laid out later: it must find one on either side. What is
    cut by further days alone needs them in the last stretch only.
    """
    limits = sorted(tested | cuts)
    if earliest is not None:
        limits = sorted({earliest, *(limit for limit in limits if limit > earliest)})
    starts = limits or [_SOME_DAY]
    found = set(starts)
    if limits and earliest is None:
        found.add(starts[0] - 1)
    if gap is not None:
        step = gap + 1
        ends = [*starts[1:], None]
        found |= {start + step for start, end in zip(starts, ends, strict=True)
                  if end is None or (start + step < end and start not in cuts)}  # fmt: skip
        if earliest is None and starts[0] not in cuts:
            found.add(starts[0] - 1 - step)
    return sorted(found)


def joined(run: Sequence[Answer], question: Question, *, is_first: bool) -> str:
    """Return how neighbouring classes read as one; `is_first` where no other class lies below them."""
    first, last = run[0].value, run[-1].last
    if not run[0].is_range or not isinstance(first, int):
        return run[0].says
    are_days = question.kind is FactKind.DATE
    say = _day if are_days else str
    if is_first:
        low, none = ("on or before", "any day") if are_days else ("at most", "any number")
        text = f"{low} {say(last)}" if last is not None else none
    elif last is None:
        text = f"{'after' if are_days else 'more than'} {say(first - 1)}"
    else:
        text = say(first) if first == last else f"{say(first)} to {say(last)}"
    return f"{text}, or never" if question.may_never and last is None else text


def _ranges(starts: list[int]) -> tuple[Answer, ...]:
    ends = [*(start - 1 for start in starts[1:]), None]
    return tuple(Answer(start, is_range=True, last=last) for start, last in zip(starts, ends, strict=True))


def _plain(question: Question, own: list[Test]) -> tuple[Answer, ...]:
    if question.kind is FactKind.BOOL:
        return (Answer(True, "true"), Answer(False, "false"))
    if question.kind is FactKind.STRING:
        return tuple(Answer(option, option) for option in question.options)
    named = sorted({str(each) for test in own for each in test.wanted})
    if question.kind is FactKind.INT:
        return _ranges(
            [0, *sorted({limit + 1 for test in own for limit in test.wanted if isinstance(limit, int)})]
        )
    other = next(code for code in sorted(CODES) if code not in named)
    if question.kind is FactKind.PLACE:
        return (*(Answer(code, code) for code in named), Answer(other, "another place"))
    return _lists((*named, other), own)


def _lists(named: tuple[str, ...], own: list[Test]) -> tuple[Answer, ...]:
    """Return one list for each way in which the tests can come out, named by how they do."""
    found: dict[tuple[bool, ...], Answer] = {}
    for count in range(len(named) + 1):
        for chosen in combinations(named, count):
            told = tuple(holds(test, chosen) for test in own)
            says = "; ".join(
                f"{test.says.en}: {'yes' if yes else 'no'}" for test, yes in zip(own, told, strict=True)
            )
            found.setdefault(told, Answer(chosen, says))
    return tuple(found.values())


def _day(ordinal: int) -> str:
    if not 1 <= ordinal <= date.max.toordinal():
        return "the beginning of the calendar" if ordinal < 1 else "the end of the calendar"
    return date.fromordinal(ordinal).isoformat()
