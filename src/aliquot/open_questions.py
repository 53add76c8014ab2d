"""Which verdicts are still possible, and which missing facts could change them?

All completions of the missing facts are weighed at once as a decision diagram: the verdict as a function of what is
missing. A fact occurs in it exactly where its answer can change the verdict. A text that is not on file is missing in
the same way, but no answer of the form can fill it in. Knows no instrument by name.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, TypeVar, cast

from aliquot import kleene
from aliquot.completions import Diagram, Function
from aliquot.conditions import (
    AllOf,
    AnyOf,
    Condition,
    Kind,
    Test,
    Value,
    holds,
    is_ahead,
    leaves,
    truth,
)  # fmt: skip
from aliquot.kleene import Truth
from aliquot.law_facts import FactSheet
from aliquot.law_text import Bar, Clause, Effect, Picks, Version, first_day_of, fiscal_year
from aliquot.law_words import FactKind, Question, Vocabulary
from aliquot.possible_answers import Answer, answers, joined
from aliquot.verdicts import STRENGTH, Verdict, of_bars, outcome, strongest
from aliquot.vocabulary import Words

ACTS_ON: Final = "acts_on"
MONEY: Final = Picks.MONEY.value
_Result = TypeVar("_Result", Truth, Verdict | None)


def _negated(results: Sequence[Hashable]) -> Hashable:
    return kleene.negation(cast("Truth", results[0]))


def _of_effect(effect: Effect) -> Callable[[Sequence[Hashable]], Hashable]:
    def told(results: Sequence[Hashable]) -> Hashable:
        engaged, lifted, still = cast("Sequence[Truth]", results)
        return outcome(effect, engaged, lifted, still)

    return told


_OUTCOMES: Final = {effect: _of_effect(effect) for effect in Effect}


@dataclass(frozen=True, slots=True)
class Missing:
    """A fact, or as `law:...` a text, that can change the verdict; for each answer the verdicts still possible."""

    key: str
    ask: Words
    leads_to: tuple[tuple[str, tuple[Verdict, ...]], ...]


class Weighing:
    """The verdict of some versions of an instrument as a function of the missing facts.

    With `is_year_open` the fiscal year is missing, and the versions are those that it may turn out to be; else all of
    them apply, and the strongest verdict counts.
    """

    def __init__(
        self, versions: Sequence[Version], sheet: FactSheet, vocabulary: Vocabulary, *, is_year_open: bool
    ) -> None:
        self._versions, self._sheet, self._vocabulary = tuple(versions), sheet, vocabulary
        self._is_year_open = is_year_open
        self._facts = sheet.facts
        # Years that have one rule are one answer.
        by_rule = [tuple(run) for _, run in groupby(versions, key=lambda version: version.rule)]
        self._groups = by_rule if is_year_open else [(version,) for version in versions]
        self._answers = self._domains()
        self._diagram = Diagram({key: tuple(a.value for a in found) for key, found in self._answers.items()})
        self._tested: dict[Test, Function] = {}
        self._years: list[Function] = []
        self._verdict = self._function()
        self._years_used = self._years

    @property
    def possible(self) -> frozenset[Verdict]:
        """The verdicts that some completion gives, under the used readings."""
        return cast("frozenset[Verdict]", self._diagram.results(self._verdict))

    def under(self, reading: str, option: str) -> frozenset[Verdict]:
        """Return verdicts that some completion gives under another option of a reading: all, or two that differ."""
        some = self._some(reading, option)
        if len(some) > 1:
            return some
        return cast("frozenset[Verdict]", self._diagram.results(self._function(reading, option)))

    def _some(self, reading: str, option: str) -> frozenset[Verdict]:
        """Return the verdicts of a few completions: quickly found, where the answer is that more than one is possible."""
        found: set[Verdict] = set()
        firsts = {key: each[0].value for key, each in self._answers.items()}
        lasts = {key: each[-1].value for key, each in self._answers.items()}
        for corner in (firsts, lasts, *({**firsts, key: lasts[key]} for key in firsts)):
            index = corner.get(MONEY)
            facts = {**self._facts, **{key: value for key, value in corner.items() if key != MONEY}}
            groups = self._groups
            if isinstance(index, int):
                day = facts.get(ACTS_ON)
                tried = [
                    g for g in groups if not isinstance(day, int) or g[0].money_years[0] <= fiscal_year(day)
                ]
                groups = tried[: index + 1][-1:]
            told = strongest([of_bars(_bars(group[0], reading, option), facts) for group in groups])
            found |= {told} if told is not None else set()
            if len(found) > 1:
                break
        return frozenset(found)

    def missing(self) -> tuple[Missing, ...]:
        """Return what can change the verdict, by key, a missing text with the facts."""
        found = {key: self._missing(key) for key in self._diagram.matters(self._verdict)}
        if Verdict.CANNOT_TELL in self.possible:
            for clause in self._gaps():
                if clause.missing not in found:
                    found[clause.missing] = self._gap(clause)
        return tuple(found[key] for key in sorted(found))

    def _domains(self) -> dict[str, tuple[Answer, ...]]:
        rules = [group[0].rule for group in self._groups]
        bars = [
            bar for rule in rules for bars in (rule.bars, *(b for _, _, b in rule.others)) for bar in bars
        ]
        asked = dict.fromkeys(t for b in bars for c in (b.engaged, b.lifted, b.still) for t in leaves(c))
        keys = {key for test in asked for key in (test.key, test.than) if key}
        cuts: dict[str, list[int]] = {}
        if self._is_year_open and ACTS_ON not in self._facts:
            keys.add(ACTS_ON)
            cuts[ACTS_ON] = [first_day_of(group[0].money_years[0]) for group in self._groups]
        earliest = (
            {} if self._sheet.earliest_asked_on is None else {"asked_on": self._sheet.earliest_asked_on}
        )
        found = answers([key for key in keys if key not in self._facts], asked, self._facts,
                        questions=self._vocabulary.questions, cuts=cuts, earliest=earliest)  # fmt: skip
        if self._is_year_open:
            found[MONEY] = tuple(Answer(index) for index in range(len(self._groups)))
        order = [ACTS_ON, MONEY, *sorted(found, key=self._place)]
        return {key: found[key] for key in dict.fromkeys(order) if key in found}

    def _place(self, key: str) -> tuple[bool, int]:
        """Return where a key branches: days last, the others in the order of the form."""
        questions = self._vocabulary.questions
        return questions[key].kind is FactKind.DATE, list(questions).index(key)

    def _function(self, reading: str = "", option: str = "") -> Function:
        rules = [self._of_bars(_bars(group[0], reading, option)) for group in self._groups]
        if not self._is_year_open:
            return self._combined(strongest, rules)
        self._years = rules

        before_all = self._diagram.constant(Verdict.NOT_COVERED)
        return self._diagram.choose(self._which(), [*rules, before_all])

    def _which(self) -> Function:
        """Return which versions' rule it is: a later year than that of the activity is not tried."""
        if ACTS_ON not in self._answers:
            return self._diagram.of(MONEY, lambda index: index)
        firsts = [group[0].money_years[0] for group in self._groups]

        def latest(day: Hashable, index: Hashable) -> Hashable:
            begun = sum(first <= fiscal_year(cast("int", day)) for first in firsts)
            return (
                min(cast("int", index), begun - 1) if begun else len(firsts)
            )  # the last function: not covered

        return self._diagram.of_two(ACTS_ON, MONEY, latest)

    def _of_bars(self, bars: Iterable[Bar]) -> Function:
        return self._combined(strongest, [self._of_bar(bar) for bar in bars])

    def _of_bar(self, bar: Bar) -> Function:
        parts = [self._condition(each) for each in (bar.engaged, bar.lifted, bar.still)]
        return self._diagram.combine(_OUTCOMES[bar.clause.effect], parts)

    def _condition(self, condition: Condition) -> Function:
        known = truth(condition, self._facts)
        if known is not None:
            return self._diagram.constant(known)
        if isinstance(condition, Test):
            if condition not in self._tested:
                self._tested[condition] = self._test(condition)
            return self._tested[condition]
        if isinstance(condition, AllOf):
            return self._combined(kleene.conjunction, [self._condition(part) for part in condition.parts])
        if isinstance(condition, AnyOf):
            return self._combined(kleene.disjunction, [self._condition(part) for part in condition.parts])
        return self._diagram.combine(_negated, [self._condition(condition.part)])

    def _test(self, test: Test) -> Function:
        value, other = self._facts.get(test.key), self._facts.get(test.than)
        if test.kind is not Kind.AHEAD:
            return self._diagram.of(test.key, lambda each: holds(test, cast("Value", each)))
        if value is None and other is None:
            return self._diagram.of_two(
                test.key, test.than, lambda a, b: is_ahead(test, cast("Value", a), cast("Value", b))
            )
        if value is None:
            return self._diagram.of(
                test.key, lambda a: is_ahead(test, cast("Value", a), cast("Value", other))
            )
        return self._diagram.of(test.than, lambda b: is_ahead(test, value, cast("Value", b)))

    def _combined(
        self, told: Callable[[Sequence[_Result]], _Result], functions: Sequence[Function]
    ) -> Function:
        return self._diagram.combine(cast("Callable[[Sequence[Hashable]], Hashable]", told), functions)

    def _missing(self, key: str) -> Missing:
        question = self._vocabulary.questions[key]
        if key == MONEY:
            return Missing(key, question.ask, tuple(self._by_year()))
        results = self._diagram.results_by(self._verdict, key)
        return Missing(key, question.ask, tuple(_by_answer(self._answers[key], results, question)))

    def _by_year(self) -> Iterator[tuple[str, tuple[Verdict, ...]]]:
        day = self._facts.get(ACTS_ON)
        last = fiscal_year(day) if isinstance(day, int) else None
        if ACTS_ON in self._answers:
            yield f"before FY{self._groups[0][0].money_years[0]}", (Verdict.NOT_COVERED,)
        for group, function in zip(self._groups, self._years_used, strict=True):
            possible = _in_order(cast("frozenset[Verdict]", self._diagram.results(function)))
            for version in group:
                is_end = not version.is_on_file and last not in version.money_years
                yield f"FY{version.money_years[0]}{' or later' if is_end else ''}", possible

    def _gaps(self) -> Iterator[Clause]:
        for group in self._groups:
            for bar in group[0].rule.bars:
                if bar.clause.effect is Effect.UNSETTLED and truth(bar.engaged, self._facts) is not False:
                    yield bar.clause

    def _gap(self, clause: Clause) -> Missing:
        if clause.missing.startswith("law:"):
            possible = {Verdict.NOT_COVERED}
            for bar in (bar for version in self._versions for bar in version.rule.bars):
                if bar.clause.effect is Effect.FORBIDS:
                    possible |= {Verdict.PROHIBITED}
                    possible |= {Verdict.PERMITTED, Verdict.PERMITTED_ON_CONDITION} if bar.lifts else set()
            if not all(version.is_on_file for version in self._versions):
                possible |= {Verdict.PROHIBITED, Verdict.PERMITTED_ON_CONDITION, Verdict.PERMITTED}
            return Missing(clause.missing, clause.ask, (("once it is on file", _in_order(possible)),))
        # A fact that is known, but settles nothing: what would another answer lead to?
        without = {key: value for key, value in self._facts.items() if key != clause.missing}
        other = Weighing(self._versions, replace(self._sheet, facts=without), self._vocabulary,
                         is_year_open=self._is_year_open)  # fmt: skip
        return next((each for each in other.missing() if each.key == clause.missing),
                    Missing(clause.missing, clause.ask, (("another answer", _in_order(other.possible)),)))  # fmt: skip


def _bars(version: Version, reading: str, option: str) -> tuple[Bar, ...]:
    """Return the bars of a version under an option of a reading, where it has that."""
    for disputed, other, bars in version.rule.others:
        if (disputed.name, other.name) == (reading, option):
            return bars
    return version.rule.bars


def _in_order(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    return tuple(sorted(verdicts, key=lambda verdict: -STRENGTH[verdict]))


def _by_answer(
    classes: Sequence[Answer], results: Sequence[frozenset[Hashable]], question: Question
) -> Iterator[tuple[str, tuple[Verdict, ...]]]:
    """Yield label and verdicts, neighbouring ranges that lead to the same as one."""
    runs: list[tuple[list[Answer], frozenset[Verdict]]] = []
    for answer, possible in zip(classes, cast("Sequence[frozenset[Verdict]]", results), strict=True):
        if runs and answer.is_range and runs[-1][1] == possible:
            runs[-1][0].append(answer)
        else:
            runs.append(([answer], possible))
    for index, (run, possible) in enumerate(runs):
        yield joined(run, question, is_first=index == 0), _in_order(possible)
