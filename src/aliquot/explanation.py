"""Why is it so? A finding as a tree of sentences in the words of the form, each with yes, no or not known.

The root says what the instrument comes to and on which text; below stand the clauses with their conditions, what lifts
them, and until when that can be had. Values are those of three-valued logic, fact by fact. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from aliquot.conditions import NOT_APPLICABLE, AllOf, AnyOf, Condition, Facts, Kind, Not, Test, Value, truth
from aliquot.eligibility import Case, Finding
from aliquot.kleene import Truth
from aliquot.law_text import Bar, Effect, Lift, Picks
from aliquot.law_words import FactKind, Vocabulary


@dataclass(frozen=True, slots=True)
class Node:
    """One sentence, whether it holds (None: not known), and what it rests on."""

    text: str
    value: Truth
    children: tuple[Node, ...] = field(default=())


def explain(finding: Finding, facts: Facts, vocabulary: Vocabulary) -> Node:
    """Return the tree of a finding."""
    instrument = finding.instrument
    says = f"{instrument.title.en}: {finding.verdict.value.replace('_', ' ')}"
    if finding.version and finding.cite:
        says += f", by {finding.cite} (version {finding.version}; text {finding.text_status.value})"
    children = tuple(node for case in finding.cases for node in _case(case, finding, facts, vocabulary))
    notes = tuple(Node(note, None) for note in finding.notes)
    return Node(says, finding.stands_now, children + notes)


def shown(value: Value | None, kind: FactKind) -> str:
    """Return an answer as it reads in a sentence."""
    if value is None:
        return "not known"
    if value == NOT_APPLICABLE:
        return "does not apply"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if kind is FactKind.DATE and isinstance(value, int):
        return date.fromordinal(value).isoformat()
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _case(case: Case, finding: Finding, facts: Facts, vocabulary: Vocabulary) -> Iterator[Node]:
    bars = tuple(_bar(bar, facts, vocabulary) for bar in case.version.rule.bars)
    if finding.instrument.picks is not Picks.MONEY:
        yield from bars
        return
    question = vocabulary.questions[Picks.MONEY.value]
    answer = shown(facts.get(question.key), question.kind)
    cite = case.version.cite or "no law on file"
    yield Node(f"{question.ask.en} {answer}: {case.version.key}, {cite}", _engaged(case, facts), bars)


def _engaged(case: Case, facts: Facts) -> Truth:
    """Return whether any clause of the version bites."""
    told = [truth(bar.engaged, facts) for bar in case.version.rule.bars]
    return True if True in told else None if None in told else False


def _bar(bar: Bar, facts: Facts, vocabulary: Vocabulary) -> Node:
    clause = bar.clause
    verb = {Effect.FORBIDS: "forbids", Effect.ALLOWS: "allows", Effect.ADVISES: "advises",
            Effect.UNSETTLED: "leaves open"}[clause.effect]  # fmt: skip
    engaged = truth(bar.engaged, facts)
    parts = [_condition(bar.engaged, facts, vocabulary)]
    if engaged is not False:
        parts += [_lift(lift, facts, vocabulary) for lift in bar.lifts]
    return Node(f"{clause.cite} {verb}: {clause.says.en}".strip(), engaged, tuple(parts))


def _lift(lift: Lift, facts: Facts, vocabulary: Vocabulary) -> Node:
    parts = [_condition(each.that, facts, vocabulary) for each in lift.requires]
    still = truth(lift.still, facts)
    if isinstance(lift.still, Test):
        parts.append(_condition(lift.still, facts, vocabulary))
    if not lift.requires:
        parts.append(Node("no answer of the form tells whether it was had; it can still be had", still))
    cites = f"{', '.join(lift.cites)} " if lift.cites else ""
    return Node(
        f"{cites}lifted if {lift.says.en}", truth(lift.holds, facts) if lift.requires else None, tuple(parts)
    )


def _condition(condition: Condition, facts: Facts, vocabulary: Vocabulary) -> Node:
    value = truth(condition, facts)
    if isinstance(condition, Test):
        return Node(_sentence(condition, facts, vocabulary), value)
    if isinstance(condition, Not):
        return Node("it is not so that", value, (_condition(condition.part, facts, vocabulary),))
    says = (
        "at least one of"
        if isinstance(condition, AnyOf)
        else "all of"
        if condition.parts
        else "in every case"
    )
    if isinstance(condition, AllOf) and len(condition.parts) == 1:
        return _condition(condition.parts[0], facts, vocabulary)
    return Node(says, value, tuple(_condition(part, facts, vocabulary) for part in condition.parts))


def _sentence(test: Test, facts: Facts, vocabulary: Vocabulary) -> str:
    question = vocabulary.questions[test.key]
    text = f"{test.says.en} ({question.ask.en} {shown(facts.get(test.key), question.kind)}"
    if test.kind is Kind.AHEAD:
        other = vocabulary.questions[test.than]
        day = facts.get(test.than)
        text += f"; {other.ask.en} {shown(day, other.kind)}"
        if isinstance(day, int) and day > test.days:
            text += f"; {test.days} days before that: {date.fromordinal(day - test.days).isoformat()}"
    return text + ")"
