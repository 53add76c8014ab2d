"""What is publicly known of returned lunar material, says who, and where do the sources disagree?

Facts are claims: each has its sources, a grade, a date and a scope, and contradicting claims stand side by side.
The best-supported one is chosen by rule, never by hand: see `best`. Knows no database, no web and no clock; the
shipped record lies in `record/*.toml`, how to add to it in docs/record.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Protocol, TypeVar

from aliquot import fault, register_read, register_table
from aliquot.evidence import Best, Contradiction, Side, about, agree, best, contradictions, implied, support
from aliquot.facts import (
    NO_AMOUNT,
    Amount,
    Clash,
    FlowStep,
    Mission,
    Party,
    Record,
    Round,
    Source,
    Statement,
    Transfer,
    amount_text,
)
from aliquot.fault import Fault
from aliquot.flows import Flow, Link, Node, flow
from aliquot.register_check import check
from aliquot.register_rows import COLUMNS, plain, rows
from aliquot.register_table import Table
from aliquot.vocabulary import (
    FATES,
    KINDS,
    SAYS,
    STATES,
    Fate,
    Grade,
    Kind,
    PartyKind,
    Precision,
    State,
    Words,
)

__all__ = [
    "COLUMNS", "FATES", "KINDS", "NO_AMOUNT", "SAYS", "STATES", "Amount", "Best", "Clash", "Contradiction", "Fate",
    "Flow", "FlowStep", "Grade", "Kind", "Link", "Mission", "Node", "Party", "PartyKind", "Precision", "Record",
    "Round", "Side", "Source", "State", "Statement", "Transfer", "Words", "about", "agree", "amount_text", "best", "check",
    "contradictions", "flow", "implied", "load", "lookup", "plain", "read", "returned", "rows", "said", "support",
    "transfers",
]  # fmt: skip

Found = TypeVar("Found")


class _HasKey(Protocol):
    @property
    def key(self) -> str: ...


Keyed = TypeVar("Keyed", bound=_HasKey)


@cache
def load() -> Record:
    """Return the shipped record; `check` tells what is wrong with it."""
    folder = resources.files("aliquot") / "record"
    return read({f.name: f.read_text("utf-8") for f in folder.iterdir() if f.name.endswith(".toml")})


def read(files: Mapping[str, str]) -> Record:
    """Return the record that these TOML texts make, each under the name of its file."""
    faults: list[Fault] = []
    documents = register_table.documents(files, faults)

    def every(name: str, make: Callable[[Table], Found]) -> list[Found]:
        made = [_done(table, make(table)) for table in register_table.tables(documents, name, faults)]
        return [one for one in made if one is not None]

    parties = _keyed(every("party", register_read.party), faults)
    missions = _keyed(every("mission", lambda table: register_read.mission(table, parties)), faults)
    transfers = _keyed(every("transfer", lambda table: register_read.transfer(table, parties)), faults)
    rounds = _keyed(every("round", register_read.lending_round), faults)
    nested = [
        said for facts in (missions, transfers, rounds) for one in facts.values() for said in one.statements
    ]
    return Record(
        sources=_keyed(every("source", register_read.source), faults),
        parties=parties,
        missions=missions,
        transfers=dict(sorted(transfers.items(), key=lambda item: (item[1].date.sort_key, item[0]))),
        rounds=rounds,
        statements=_keyed([*nested, *every("statement", register_read.statement)], faults),
        flows=dict(every("flow", register_read.flow)),
        clashes=tuple(every("contradiction", register_read.clash)),
        faults=tuple(faults),
    )


def _done(table: Table, found: Found) -> Found | None:
    """Return what was read from a table unless anything in it is at fault."""
    table.end()
    return found if table.is_sound else None


def _keyed(found: Iterable[Keyed], faults: list[Fault]) -> dict[str, Keyed]:
    keyed: dict[str, Keyed] = {}
    for one in found:
        if one.key in keyed:
            faults.append(
                fault.of(
                    one.key,
                    "two facts have the key “{key}”",
                    "give one of them a key of its own",
                    key=one.key,
                )
            )
        keyed.setdefault(one.key, one)
    return keyed


def lookup(record: Record, key: str) -> Source | Party | Mission | Transfer | Round | Statement | None:
    """Return what has that key, or None."""
    for kind in (
        record.sources, record.missions, record.transfers, record.rounds, record.parties, record.statements,
    ):  # fmt: skip
        if key in kind:
            return kind[key]
    return None


def transfers(
    record: Record,
    *,
    country: str = "",
    mission: str = "",
    kind: str = "",
    year: int | None = None,
    state: str = "",
) -> tuple[Transfer, ...]:
    """Return the transfers that meet every filter given, by date; a date with a span meets each of its years."""
    return tuple(
        one
        for one in record.transfers.values()
        if (not country or country in one.countries)
        and (not mission or mission in one.missions)
        and (not kind or one.kind == kind)
        and (not state or one.state == state)
        and (year is None or one.date.touches(year))
    )


def said(record: Record, subject: str, says: str) -> Best | None:
    """Return the best-supported statement of a subject with one predicate, or None when nothing is said."""
    return best(record.about(subject, says))


def returned(record: Record, mission: str) -> Best | None:
    """Return the best-supported mass that a mission brought back."""
    return said(record, mission, "returned_mass")
