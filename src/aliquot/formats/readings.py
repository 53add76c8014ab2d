"""What does a table of readings say of the air in the store, and what is wrong with it? Bytes in; rows and what is wrong out.

Columns: place (its code), at, quantity, value, unit, instrument (may be blank). Knows neither the places nor what was
read before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from aliquot import air, fault
from aliquot.air import Reading
from aliquot.fault import Fault
from aliquot.formats import cells, findings
from aliquot.formats.findings import Wrong
from aliquot.formats.mapping import Column, TableMapping

COLUMNS: Final = ("place", "at", "quantity", "value", "unit", "instrument")
OPTIONAL: Final = frozenset({"instrument"})
CHARS_MAX: Final = 80
_SHAPE: Final = TableMapping("readings", "Readings of the air", tuple(Column(name, name) for name in COLUMNS))


@dataclass(frozen=True, slots=True)
class Row:
    """One line: which place, by the code on its label, what was read, by which instrument."""

    line: int
    place: str
    reading: Reading
    instrument: str = ""


@dataclass(slots=True)
class Table:
    """A table of readings. Every row may be imported if nothing is wrong.

    `named` has the line of every row, the place and the instrument that it names, also where no reading could be read.
    """

    rows: list[Row] = field(default_factory=list)
    named: list[tuple[int, str, str]] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)
    lines: int = 0
    sha256: str = ""


def read(data: bytes, *, now: datetime) -> Table:
    """Return what the table says, and everything that is wrong with it, sorted by line."""
    given = cells.read(data, _SHAPE)
    table = Table(lines=given.rows, sha256=sha256(data).hexdigest())
    table.wrong += (Wrong(each.line, each.column, each.fault) for each in given.findings)
    if all(name in given.frame.columns for name in COLUMNS):
        seen: dict[tuple[str, datetime, str], int] = {}
        for row in given.frame.iter_rows(named=True):
            _take(row, table, seen, now)
    table.wrong.sort(key=lambda each: (each.line, each.column))
    return table


def _take(
    row: dict[str, object], table: Table, seen: dict[tuple[str, datetime, str], int], now: datetime
) -> None:
    line, texts = int(str(row[cells.LINE])), {name: str(row[name]).strip() for name in COLUMNS}
    found = [*_check_cells(texts)]
    table.named.append((line, texts["place"], texts["instrument"]))
    told = {each.where for each in found}
    said = air.read(texts, now=now)
    if not isinstance(said, Reading):
        table.wrong += (
            Wrong(line, each.where, each) for each in (*found, *(s for s in said if s.where not in told))
        )
        return
    first = seen.setdefault((texts["place"], said.at, said.quantity), line)
    if first != line:
        found.append(fault.of("at", "line {first} has a reading of this quantity of this place at this time already",
                              "keep one of them", first=first))  # fmt: skip
    table.wrong += (Wrong(line, each.where, each) for each in found)
    table.rows.append(Row(line, texts["place"], said, texts["instrument"]))


def _check_cells(texts: Mapping[str, str]) -> Iterator[Fault]:
    for name, text in texts.items():
        if not text and name not in OPTIONAL:
            yield fault.of(name, "the cell is blank", "fill it in")
        elif len(text) > CHARS_MAX:
            yield fault.of(name, "“{text}” is longer than {most} characters", "shorten it",
                           text=findings.shown(text), most=CHARS_MAX)  # fmt: skip
