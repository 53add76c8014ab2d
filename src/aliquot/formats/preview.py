"""What stands in the rows of a table that are at fault? For showing each fault in its cell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from aliquot.formats import cells
from aliquot.formats.mapping import TableMapping
from aliquot.formats.tables import Mended


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in its file, mended where it was: its cells by the mapped columns."""

    file: str
    line: int
    cells: dict[str, str]


def rows(
    given: Sequence[tuple[str, bytes]],
    mapping: TableMapping,
    mended: Mended,
    wanted: Collection[tuple[str, int]],
) -> list[Row]:
    """Return these rows, by file name (empty where there is one table alone) and line, in the order of the tables."""
    found = []
    for name, data in given:
        lines = {line for file, line in wanted if file in (name, "")}
        if not lines:
            continue
        own = {(line, column): text for (file, line, column), text in mended.items() if file == name}
        frame = cells.read(data, mapping, mended=own).frame
        if frame.is_empty():
            continue
        columns = [column.name for column in mapping.columns if column.name in frame.columns]
        kept = frame.filter(pl.col(cells.LINE).is_in(sorted(lines)))
        found += [
            Row(name, row[cells.LINE], {column: row[column] for column in columns})
            for row in kept.rows(named=True)
        ]
    return found
