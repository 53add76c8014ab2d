"""What of the record could be known on a day? The dates of the sources decide.

A source counts from the last day on which it can have appeared. One without a date counts from the day on which the register
took it in: nothing tells that it was there before. A fact is known with its earliest source; the later ones are left off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Final, TypeVar

from aliquot.facts import Record, Round, Source, Statement, Transfer
from aliquot.vocabulary import Fate

Fact = TypeVar("Fact", Statement, Transfer, Round)
# The last day of the month in which the shipped record was compiled; what is newer in it has a date of its own.
COMPILED: Final = date(2025, 11, 30)


def known_on(record: Record, fact: Statement | Transfer | Round) -> date | None:
    """Return the first day on which the fact was surely known, or None where no source is there to tell.

    What is derived needs all of its sources.
    """
    days = [_day(record.sources[key], fact) for key in fact.sources if key in record.sources]
    needs_all = not isinstance(fact, Transfer) and bool(fact.derived)
    return max(days, default=None) if needs_all else min(days, default=None)


def _day(source: Source, fact: Statement | Transfer | Round) -> date:
    """Return since when a source counts for a fact; without a date never before what it tells of."""
    if source.date.last:
        return source.date.last
    return max(_taken_in(source), fact.date.last or date.min)


def _taken_in(source: Source) -> date:
    return source.taken_in or COMPILED


def as_known_on(record: Record, day: date) -> Record:
    """Return the record with what could be known on that day, and nothing else; missions and parties stay."""
    statements = _known(record, record.statements.values(), day)
    return replace(
        record,
        statements={one.key: one for one in statements},
        transfers={one.key: one for one in _known(record, record.transfers.values(), day)},
        rounds={one.key: one for one in _known(record, record.rounds.values(), day)},
    )


def _known(record: Record, facts: Iterable[Fact], day: date) -> list[Fact]:
    found = []
    for fact in facts:
        since = known_on(record, fact)
        if since is not None and since <= day:
            sources = tuple(key for key in fact.sources if _is_out(record.sources.get(key), day))
            known = replace(fact, sources=sources or fact.sources)
            found.append(_before(known, day) if isinstance(known, Transfer) else known)
    return found


def _before(one: Transfer, day: date) -> Transfer:
    """Return a transfer without what became of the piece later."""
    if one.fate_date and one.fate_date.first and one.fate_date.first > day:
        return replace(one, fate=Fate.UNKNOWN, fate_date=None)
    return one


def _is_out(source: Source | None, day: date) -> bool:
    return source is not None and (source.date.last or _taken_in(source)) <= day


def undated(record: Record) -> int:
    """Return how many facts rest on sources without a date alone, and count since the register took those in."""
    return sum(
        not any(record.sources[key].date.is_known for key in fact.sources if key in record.sources)
        for fact in record.facts()
    )
