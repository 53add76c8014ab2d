"""What of the record could be known on a day? The dates of the sources decide.

A source counts from the last day on which it can have appeared. One without a date is placed by the date of what it says:
no sooner than that can it have been known. A fact is known with its earliest source; the later ones are left off.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import TypeVar

from aliquot.facts import Record, Round, Source, Statement, Transfer

Fact = TypeVar("Fact", Statement, Transfer, Round)


def known_on(record: Record, fact: Statement | Transfer | Round) -> date | None:
    """Return the first day on which the fact was surely known, or None where no date tells.

    What is derived needs all of its sources. What became of a goodwill gift was told no sooner than it happened.
    """
    stated = fact.date.last
    if isinstance(fact, Transfer) and fact.series == "goodwill":
        stated = fact.fate_date.last if fact.fate_date else None
    days = [day for key in fact.sources if (day := _day(record.sources.get(key), stated))]
    needs_all = not isinstance(fact, Transfer) and bool(fact.derived)
    return max(days, default=None) if needs_all else min(days, default=None)


def _day(source: Source | None, stated: date | None) -> date | None:
    if source is not None and source.date.is_known:
        return source.date.last
    return stated


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
            found.append(replace(fact, sources=sources or fact.sources))
    return found


def _is_out(source: Source | None, day: date) -> bool:
    return source is not None and (not source.date.is_known or (source.date.last or date.max) <= day)


def undated(record: Record) -> int:
    """Return how many facts rest on sources without a date alone, so that only their own date places them."""
    return sum(
        not any(record.sources[key].date.is_known for key in fact.sources if key in record.sources)
        for fact in record.facts()
    )
