"""Which facts did somebody tie together, and which statements answer one question because of it?

A tie is part of a claim: it contradicts another fact, supersedes it, or tells of the same event. Transfers of one event have one
page's worth of answers; statements that are tied and say the same sort of thing are held against each other wherever either stands.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar, cast

from aliquot.facts import Record, Statement

Question = tuple[str, str, str, str]  # subject, predicate, part, object
Joined = TypeVar("Joined", bound=Hashable)


class Tie(StrEnum):
    """How a claim hangs together with another fact."""

    CONTRADICTS = "contradicts"
    SUPERSEDES = "supersedes"
    SAME_EVENT = "same-event"


def asked(said: Statement) -> Question:
    """Return the question that a statement answers by itself."""
    return said.about, said.says, said.part, said.object


def question(record: Record, said: Statement) -> Question:
    """Return the question that a statement answers, one for all that are tied together."""
    if not record.ties:
        return asked(said)
    own = _own(record, asked(said))
    return _questions(record).get(own, own)


def event(record: Record, key: str) -> tuple[str, ...]:
    """Return the transfers and rounds that tell of one event with this one, itself first."""
    root = _events(record).get(key)
    if root is None:
        return (key,)
    return (key, *(other for other, found in _events(record).items() if found == root and other != key))


def pairs(record: Record) -> tuple[tuple[str, Tie, str], ...]:
    """Return every tie between two facts of the record: the one that has it, which, and the other."""
    return tuple(
        (key, Tie(tie), other)
        for key, ties in record.ties.items()
        for tie, others in ties.items()
        for other in others
        if _has(record, key) and _has(record, other)
    )


def of(record: Record, key: str) -> tuple[tuple[Tie, str, bool], ...]:
    """Return the ties of one fact with the other end of each, and whether it is the other that has the tie."""
    return tuple(
        (tie, other if one == key else one, one != key)
        for one, tie, other in pairs(record)
        if key in (one, other)
    )


def tied_question(record: Record, said: Statement) -> Question | None:
    """Return the question that a statement answers with others elsewhere, or None where it is tied to none."""
    return _questions(record).get(_own(record, asked(said))) if record.ties else None


def _has(record: Record, key: str) -> bool:
    return key in record.statements or key in record.transfers or key in record.rounds


def _own(record: Record, asks: Question) -> Question:
    """Return a question with the subject that stands for all of its event."""
    return (_events(record).get(asks[0], asks[0]), *asks[1:])


def _events(record: Record) -> Mapping[str, str]:
    known = record.memo.get("events")
    if known is None:
        tied = [
            (one, other)
            for one, tie, other in pairs(record)
            if tie is not Tie.CONTRADICTS and one not in record.statements and other not in record.statements
        ]
        known = record.memo["events"] = _roots(tied)
    return cast("Mapping[str, str]", known)


def _questions(record: Record) -> Mapping[Question, Question]:
    known = record.memo.get("questions")
    if known is None:
        tied = [
            pair for one, _tie, other in pairs(record) for pair in (_meeting(record, one, other),) if pair
        ]
        known = record.memo["questions"] = _roots(tied)
    return cast("Mapping[Question, Question]", known)


def _meeting(record: Record, one: str, other: str) -> tuple[Question, Question] | None:
    """Return the two questions that a tie makes one, or None where the facts say different sorts of things."""
    said, told = record.statements.get(one), record.statements.get(other)
    if said and told:
        return (_own(record, asked(said)), _own(record, asked(told))) if said.says == told.says else None
    statement, event_key = (said, other) if said else (told, one)
    if statement is None:
        return None
    return _own(record, asked(statement)), _own(record, (event_key, statement.says, "", ""))


def _roots(joined: Iterable[tuple[Joined, Joined]]) -> dict[Joined, Joined]:
    """Return what stands for each thing that is joined with others: the least of them all."""
    groups: dict[Joined, set[Joined]] = {}
    for one, other in joined:
        merged = groups.get(one, {one}) | groups.get(other, {other})
        for member in merged:
            groups[member] = merged
    return {member: min(group, key=str) for member, group in groups.items()}
