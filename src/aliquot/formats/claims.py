"""Which claims does a table propose? CSV or a workbook in; claims with their lines, and what is wrong in which cell, out.

A table has the fields of the record's files as its columns (docs/record.md), lists parted by spaces, and `kind` of claim where
it is no statement. A table of another shape comes with a mapping: what is the same for every row, and texts in which
`{column}` stands for a cell and `{column|key}` for a cell as a key (`Apollo 15` as `apollo-15`).
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Final

from aliquot import fault
from aliquot.fault import Fault
from aliquot.formats import cells, sheets
from aliquot.formats.findings import Wrong
from aliquot.formats.mapping import Column, TableMapping

ROWS_MOST: Final = 500
LISTS: Final = frozenset(
    {"sources", "missions", "addresses", "persons", "contradicts", "supersedes", "same-event"}
)
_CELL: Final = re.compile(r"\{([^{}|]+)(\|key)?\}")


@dataclass(frozen=True, slots=True)
class Row:
    """One claim of a table: its physical line, the kind, the fields, the cells as they came."""

    line: int
    kind: str
    fact: Mapping[str, object]
    links: Mapping[str, list[str]]
    cells: Mapping[str, str]


@dataclass(slots=True)
class Table:
    """A table of claims, as far as it could be read."""

    columns: tuple[str, ...] = ()
    rows: list[Row] = field(default_factory=list)
    wrong: list[Wrong] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ClaimMapping:
    """What turns the rows of a known table into claims."""

    title: str
    kind: str
    fixed: Mapping[str, object]
    cells: Mapping[str, str]


def shipped() -> tuple[str, ...]:
    """Return the names of the mappings that come with the program."""
    folder = resources.files("aliquot.formats") / "claim_maps"
    return tuple(
        sorted(one.name.removesuffix(".toml") for one in folder.iterdir() if one.name.endswith(".toml"))
    )


def load(name: str) -> ClaimMapping:
    """Return a shipped mapping."""
    text = (resources.files("aliquot.formats") / "claim_maps" / f"{name}.toml").read_text("utf-8")
    said = tomllib.loads(text)
    return ClaimMapping(said["title"], said["kind"], said["fixed"], said["cells"])


def as_csv(data: bytes) -> bytes | Fault:
    """Return a file as CSV: the first sheet of a workbook with anything in it, everything else as it is."""
    return sheets.as_csv(data) if sheets.is_workbook(data) else data


def read(data: bytes, mapping: ClaimMapping | None = None) -> Table:
    """Return the claims of a table in CSV, and what is wrong with it as a table; the register has not seen them."""
    header = _header(data)
    shape = TableMapping(
        "claims", "claims", tuple(Column(name, "note") for name in dict.fromkeys(header) if name)
    )
    raw = cells.read(data, shape)
    table = Table(tuple(header), wrong=[Wrong(one.line, one.column, one.fault) for one in raw.findings])
    if raw.rows > ROWS_MOST:
        said = fault.of("table", "there are more than {most} rows", "import it in parts", most=ROWS_MOST)
        table.wrong.append(Wrong(1, "", said))
        return table
    for row in raw.frame.rows(named=True):
        line = int(row.pop(cells.LINE))
        told = {name: str(text or "").strip() for name, text in row.items()}
        table.rows.append(_mapped(line, told, mapping) if mapping else _plain(line, told))
    return table


def _header(data: bytes) -> list[str]:
    try:
        lines = data[:100_000].decode("utf-8-sig", errors="replace").splitlines()
        return next(csv.reader([lines[0]]))
    except (IndexError, StopIteration, csv.Error):
        return []


def _plain(line: int, told: Mapping[str, str]) -> Row:
    said = {name: text for name, text in told.items() if text}
    kind = said.pop("claim", "statement")
    links: dict[str, list[str]] = {
        tie: said.pop(tie).split() for tie in ("contradicts", "supersedes", "same-event") if tie in said
    }
    return Row(line, kind, dict(_values(said)), links, told)


def _values(said: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    for name, text in said.items():
        if name in LISTS:
            yield name, text.split()
        elif name == "count" and text.isascii() and text.isdigit() and len(text) < 16:
            yield name, int(text)
        else:
            yield name, text


def _mapped(line: int, told: Mapping[str, str], mapping: ClaimMapping) -> Row:
    def cell(match: re.Match[str]) -> str:
        text = told.get(match[1], "")
        if not match[2]:
            return text
        parted = re.sub(r"(?<=[a-z])(?=[0-9])", "-", text.lower())
        return re.sub(r"[^a-z0-9]+", "-", parted).strip("-")

    filled = {name: _CELL.sub(cell, text) for name, text in mapping.cells.items()}
    return Row(line, mapping.kind, {**mapping.fixed, **dict(_values(filled))}, {}, told)


def placed(row: Row, faults: tuple[Fault, ...], mapping: ClaimMapping | None = None) -> list[Wrong]:
    """Return faults of a row's claim in their cells: the column of that name, or the first that a mapped field is made of."""
    found = []
    for one in faults:
        column = one.where
        if mapping and column in mapping.cells:
            match = _CELL.search(mapping.cells[column])
            column = match[1] if match else column
        found.append(Wrong(row.line, column if column in row.cells else "", one))
    return found
