"""How do a version and a finding read as nested sentences, in the reader's language?

One outline of a version serves two pages: shown whole, and held line by line against another version. The outline of a
finding is the same with yes, no or not known at each sentence. Decides nothing: truth is that of `conditions.truth`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from aliquot import register
from aliquot.conditions import (
    NOT_APPLICABLE,
    AllOf,
    AnyOf,
    Condition,
    Facts,
    Kind,
    Not,
    Test,
    Value,
    leaves,
    truth,
)  # fmt: skip
from aliquot.eligibility import Finding
from aliquot.kleene import Truth
from aliquot.law_text import Bar, Clause, Lift, Picks, Version
from aliquot.law_words import FactKind, Question, Vocabulary
from aliquot.site import law_words
from aliquot.site.queries.register.words import country, listed


@dataclass(frozen=True, slots=True)
class Node:
    """One sentence; whether it holds, where that was asked; and what stands below it."""

    text: str
    children: tuple[Node, ...] = ()
    is_told: bool = False
    value: Truth = None


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of two outlines side by side; empty on the side that lacks it."""

    left: str
    right: str
    depth: int

    @property
    def differs(self) -> bool:
        return self.left != self.right


# -- a version -----------------------------------------------------------------------------------------------


def version(of: Version, language: str) -> tuple[Node, ...]:
    """Return what a version says."""
    days = of.rule.notice_days
    notice = [] if days is None else [Node(
        ngettext("Notice: one day ahead", "Notice: {days} days ahead", days).format(days=days))]  # fmt: skip
    return (
        *notice,
        *(_clause(each, language) for each in of.rule.clauses),
        *(_lift(each, language) for each in of.rule.lifts),
        *(
            Node(_("In dispute: {name}").format(name=reading.name), tuple(
                Node(_("used here, the stricter: {says}").format(says=option.says.text(language))
                     if option is reading.options[0] else option.says.text(language))
                for option in reading.options))
            for reading in of.rule.readings
        ),
    )  # fmt: skip


def _clause(clause: Clause, language: str) -> Node:
    below = [_lead(_("where"), clause.when, language)]
    if clause.lifted_by:
        below.append(Node(_("can be lifted by: {names}").format(names=listed(list(clause.lifted_by)))))
    return Node(_clause_said(clause, language), tuple(below))


def _clause_said(clause: Clause, language: str) -> str:
    effect = str(law_words.EFFECTS[clause.effect])
    said = _("{effect}: {says}").format(effect=effect, says=clause.says.text(language))
    return f"{clause.cite} {said}".strip()


def _lift(lift: Lift, language: str) -> Node:
    below = [_lead(_("it requires that"), each.that, language) for each in lift.requires]
    duties = [each.duty for each in lift.requires] + [lift.duty]
    below += [
        Node(_("to be done by {who}: {what}").format(who=duty.who.text(language), what=duty.what.text(language)))
        for duty in duties if duty is not None
    ]  # fmt: skip
    if isinstance(lift.still, Test):
        below.append(_lead(_("it can still be had while"), lift.still, language))
    return Node(_lift_said(lift, language), tuple(below))


def _lift_said(lift: Lift, language: str) -> str:
    said = _("It is lifted if {says} [{name}]").format(says=lift.says.text(language), name=lift.key)
    return f"{listed(list(lift.cites))} {said}".strip()


def _lead(lead: str, condition: Condition, language: str) -> Node:
    """Return a condition after its lead; what has one part stands on the same line."""
    found = _condition(condition, language)
    return Node(_("{lead}: {says}").format(lead=lead, says=found.text), found.children)


def _condition(condition: Condition, language: str, facts: Facts | None = None, words: Vocabulary | None = None) -> Node:  # fmt: skip
    told = facts is not None and words is not None
    value = truth(condition, facts) if facts is not None else None
    if isinstance(condition, Test):
        says = condition.says.text(language)
        if facts is not None and words is not None:
            says = f"{says} ({_answers(condition, facts, words, language)})"
        return Node(says, (), told, value)
    if isinstance(condition, Not):
        inner = _condition(condition.part, language, facts, words)
        if isinstance(condition.part, Test):
            return Node(_("it is not so that {says}").format(says=inner.text), (), told, value)
        return Node(_("it is not so that"), (inner,), told, value)
    if len(condition.parts) == 1:
        return _condition(condition.parts[0], language, facts, words)
    if not condition.parts:
        return Node(_("in every case") if isinstance(condition, AllOf) else _("never"), (), told, value)
    lead = _("at least one of these") if isinstance(condition, AnyOf) else _("all of these")
    return Node(
        lead, tuple(_condition(part, language, facts, words) for part in condition.parts), told, value
    )


# -- two versions --------------------------------------------------------------------------------------------


def compare(left: Version, right: Version, language: str) -> list[Line]:
    """Return two versions side by side, sentence by sentence, in the order of both."""
    first, second = (list(_flat(version(each, language), 0)) for each in (left, right))
    found: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(a=first, b=second, autojunk=False).get_opcodes():
        if tag == "equal":
            found += [Line(text, text, depth) for depth, text in first[a:b]]
        elif tag == "replace" and b - a == d - c:
            found += [Line(old[1], new[1], new[0]) for old, new in zip(first[a:b], second[c:d], strict=True)]
        else:
            found += [Line(text, "", depth) for depth, text in first[a:b]]
            found += [Line("", text, depth) for depth, text in second[c:d]]
    return found


def _flat(nodes: Iterable[Node], depth: int) -> Iterator[tuple[int, str]]:
    for node in nodes:
        yield depth, node.text
        yield from _flat(node.children, depth + 1)


# -- a finding -----------------------------------------------------------------------------------------------


def finding(found: Finding, facts: Facts, words: Vocabulary, language: str) -> tuple[Node, ...]:
    """Return why a finding is as it is: each version that was looked at, its clauses, what lifts them."""
    nodes: list[Node] = []
    for case in found.cases:
        bars = tuple(_bar(bar, facts, words, language) for bar in case.version.rule.bars)
        if found.instrument.picks is Picks.MONEY:
            cite = case.version.cite or _("no law on file")
            nodes.append(
                Node(
                    f"{case.version.key}{pgettext('between parts of a sentence', ', ')}{cite}",
                    bars,
                    True,
                    _any(bars),
                )
            )
        else:
            nodes += bars
    return tuple(nodes)


def _any(bars: Iterable[Node]) -> Truth:
    told = [bar.value for bar in bars]
    return True if True in told else None if None in told else False


def _bar(bar: Bar, facts: Facts, words: Vocabulary, language: str) -> Node:
    engaged = truth(bar.engaged, facts)
    parts = [_condition(bar.engaged, language, facts, words)]
    if engaged is not False:
        parts += [_considered(lift, facts, words, language) for lift in bar.lifts]
    return Node(_clause_said(bar.clause, language), tuple(parts), True, engaged)


def _considered(lift: Lift, facts: Facts, words: Vocabulary, language: str) -> Node:
    parts = [_condition(each.that, language, facts, words) for each in lift.requires]
    if isinstance(lift.still, Test):
        parts.append(_condition(lift.still, language, facts, words))
    if not lift.requires:
        parts.append(Node(_("no answer of the form tells whether it was had"), (), True, None))
    holds = truth(lift.holds, facts) if lift.requires else None
    return Node(_lift_said(lift, language), tuple(parts), True, holds)


def _answers(test: Test, facts: Facts, words: Vocabulary, language: str) -> str:
    """Return what was answered to the questions of a test."""
    keys = [test.key, *([test.than] if test.kind is Kind.AHEAD else [])]
    said = [
        _("{question} {answer}").format(question=words.questions[key].ask.text(language),
                                        answer=shown(facts.get(key), words.questions[key]))
        for key in keys
    ]  # fmt: skip
    day = facts.get(test.than)
    if test.kind is Kind.AHEAD and isinstance(day, int) and day > test.days:
        last = date.fromordinal(day - test.days).isoformat()
        said.append(ngettext("one day before that: {day}", "{days} days before that: {day}", test.days).format(
            days=test.days, day=last))  # fmt: skip
    return "; ".join(said)


def shown(value: Value | None, question: Question) -> str:
    """Return an answer as people read it."""
    if value is None:
        return _("not known")
    if value == NOT_APPLICABLE:
        return _("does not apply")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if question.kind is FactKind.DATE and isinstance(value, int):
        return date.fromordinal(value).isoformat()
    if isinstance(value, tuple):
        says = [
            country(register.load(), str(each)) if question.kind is FactKind.PLACES else str(each)
            for each in value
        ]
        return listed(says) if says else _("none")
    if question.kind is FactKind.PLACE:
        return country(register.load(), str(value))
    return law_words.option(question.key, str(value))


def questions_of(condition: Condition) -> set[str]:
    """Return the keys of the facts that a condition looks at."""
    return {key for test in leaves(condition) for key in (test.key, test.than) if key}
