"""Which statements cannot all be true, and how do they stand side by side?

Finds nothing and decides nothing: see `register.contradictions`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from aliquot import mass
from aliquot.register import Best, Contradiction, Record, Round, Side, State, Statement, Transfer
from aliquot.site.queries.register import shown, words
from aliquot.site.queries.register.shown import Cited, Name

# One side may rest on statements in several states: what several say alike is as sound as the strongest of them, a sum
# only as the weakest of its parts.
_WEAKEST_FIRST: Final = (State.REFUTED, State.UNKNOWN, State.CLAIMED, State.VERIFIED)


@dataclass(frozen=True, slots=True)
class Opinion:
    """One side of a contradiction; `key` is that of the fact whose value it shows, empty for a sum."""

    key: str
    value: str
    sum_of: str
    scopes: tuple[str, ...]
    state: str
    sources: tuple[Cited, ...]
    is_best: bool


@dataclass(frozen=True, slots=True)
class Dispute:
    """Statements that cannot all be true, side by side."""

    key: str
    subject: Name
    question: str
    sides: tuple[Opinion, ...]
    gap: str
    reason: str
    note: str


def show(record: Record, one: Contradiction) -> Dispute:
    """Return a contradiction in words; the gap where both sides are masses."""
    language = words.language()
    reason = one.best.reason.text(language) if one.best else ""
    best = one.best.statement.key if one.best and not _is_undecided(one.best) else ""
    sides = [_opinion(record, side, best=best) for side in one.sides]
    if len({side.scopes for side in sides}) == 1:
        sides = [replace(side, scopes=()) for side in sides]
    return Dispute(
        key=one.key,
        subject=shown.subject(record, one.about) if one.says else Name(""),
        question=one.title.text(language),
        sides=tuple(sides),
        gap=shown.weight(one.gap_ng) if one.gap_ng and _is_close(one) else "",
        reason=reason,
        note=one.note.text(language),
    )


def _is_undecided(best: Best) -> bool:
    """Whether the rule found no difference, so that its choice is none."""
    return best.reason.en.startswith("nothing tells them apart")


def _is_close(one: Contradiction) -> bool:
    """Whether the gap tells something: between kilograms and grams by mistake it does not."""
    masses = [side.mass_ng for side in one.sides if side.mass_ng]
    return len(masses) > 1 and max(masses) < 100 * min(masses)


def _opinion(record: Record, side: Side, *, best: str) -> Opinion:
    found = [one for key in side.facts if (one := _fact(record, key)) is not None]
    states = [state.value for state in _WEAKEST_FIRST if any(one.state is state for one in found)]
    total, sum_of = _side_value(side, found)
    scopes = [
        shown.subject(record, one.key).text
        if sum_of and not isinstance(one, Statement)
        else one.scope.text(words.language())
        for one in found
    ]
    return Opinion(
        key="" if sum_of or not side.facts else side.facts[0],
        value=total,
        sum_of=sum_of,
        scopes=tuple(dict.fromkeys(scopes)),
        state=states[0 if sum_of else -1] if states else "",
        sources=shown.cited(record, side.sources),
        is_best=best in side.facts,
    )


def _fact(record: Record, key: str) -> Statement | Transfer | Round | None:
    """Return the fact; what a transfer or round says of itself goes by its key with the predicate behind it."""
    for known in (key, key.rpartition(".")[0]):
        found = record.statements.get(known) or record.transfers.get(known) or record.rounds.get(known)
        if found:
            return found
    return None


def _side_value(side: Side, facts: list[Statement | Transfer | Round]) -> tuple[str, str]:
    """Return what one side says, and what it is the sum of: in one unit, so that it can be checked by eye."""
    if len(facts) == len(side.facts) > 1 and side.mass_ng == sum(one.mass_ng or 0 for one in facts):
        return mass.show(side.mass_ng), " + ".join(mass.show(one.mass_ng or 0) for one in facts)
    if facts and isinstance(facts[0], Statement):
        return shown.value(facts[0]), ""
    return side.shown.text(words.language()), ""
