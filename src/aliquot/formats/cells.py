"""Which cells does a CSV file have, and at which lines? Bytes in; columns of text and findings out.

The rows are parted by Python's own reader, not by Polars': that one neither tells the physical line of a row
nor minds one with too many or too few cells. Checks the file, the header and the shape; what a cell says is
checked in `tables`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Protocol

import polars as pl

from aliquot.formats import findings
from aliquot.formats.findings import Finding
from aliquot.formats.mapping import TableMapping

BATCH: Final = 50_000
# A column of the frame that no table can have: a name with a space before it.
LINE: Final = " line"

_LINE_END: Final = re.compile(rb"\r\n|\r|\n")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Cells:
    """The mapped columns of a table as text, the physical line at which each row begins, and what was wrong."""

    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0


class _Reader(Protocol):
    line_num: int

    def __next__(self) -> list[str]: ...


def read(
    data: bytes,
    mapping: TableMapping,
    progress: Callable[[int], None] = lambda _: None,
    mended: Mapping[tuple[int, str], str] = MappingProxyType({}),
) -> Cells:
    """Return the cells of the mapped columns; `progress` hears how many rows there are so far.

    A row that is ragged, and all columns of a name that is there twice, are left out and told. `mended` has what
    stands in some cells instead of what the file says, by line and column.
    """
    cells = Cells(findings=_check_bytes(data))
    if cells.findings:
        return cells
    stream = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig", newline="")
    reader: _Reader = csv.reader(stream, delimiter=mapping.delimiter, strict=True)
    header = _header(reader, cells)
    if not header:
        return cells
    cells.findings += _check_header(header, mapping)
    kept = [name for name in _mapped(mapping) if header.count(name) == 1]
    places = [header.index(name) for name in kept]
    batches = []
    for lines, rows in _batches(reader, len(header), cells):
        columns = list(zip(*rows, strict=True))
        texts = {
            name: pl.Series(columns[place], dtype=pl.String) for name, place in zip(kept, places, strict=True)
        }
        batches.append(pl.DataFrame({LINE: pl.Series(lines, dtype=pl.Int64), **texts}))
        progress(cells.rows)
    if batches:
        cells.frame = _mend(pl.concat(batches), mended)
    elif not cells.findings:
        cells.findings.append(Finding(1, "", findings.EMPTY_TABLE))
    return cells


def _mend(frame: pl.DataFrame, mended: Mapping[tuple[int, str], str]) -> pl.DataFrame:
    for name in {column for _, column in mended} & set(frame.columns):
        values = {line: text for (line, column), text in mended.items() if column == name}
        new = pl.col(LINE).replace_strict(values, default=None, return_dtype=pl.String)
        frame = frame.with_columns(new.fill_null(pl.col(name)).alias(name))
    return frame


def _mapped(mapping: TableMapping) -> list[str]:
    return [column.name for column in mapping.columns]


def _check_bytes(data: bytes) -> list[Finding]:
    """Return each line that is no text. Then nothing else can be said of the table."""
    if data.startswith(_UTF16):
        return [Finding(1, "", findings.NOT_UTF8)]
    found: list[Finding] = []
    if not _is_utf8(data):
        lines = enumerate(_LINE_END.split(data), 1)
        found += [Finding(number, "", findings.NOT_UTF8) for number, line in lines if not _is_utf8(line)]
    if b"\0" in data:
        lines = enumerate(_LINE_END.split(data), 1)
        found += [Finding(number, "", findings.NUL_CHARACTER) for number, line in lines if b"\0" in line]
    return sorted(found, key=lambda each: each.line)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _header(reader: _Reader, cells: Cells) -> list[str]:
    try:
        return next(reader)
    except StopIteration:
        cells.findings.append(Finding(1, "", findings.EMPTY_TABLE))
    except csv.Error:
        cells.findings.append(Finding(1, "", findings.BAD_QUOTING))
    return []


def _check_header(header: Sequence[str], mapping: TableMapping) -> Iterator[Finding]:
    mapped = _mapped(mapping)
    for name in mapped:
        if name not in header:
            yield Finding(1, name, findings.MISSING_COLUMN, name)
    for name, count in Counter(header).items():
        if name not in mapped and name not in mapping.ignore:
            yield Finding(1, name, findings.UNKNOWN_COLUMN, name)
        elif count > 1 and name in mapped:
            yield Finding(1, name, findings.REPEATED_COLUMN, name)


Batch = tuple[list[int], list[list[str]]]


def _batches(reader: _Reader, width: int, cells: Cells) -> Iterator[Batch]:
    """Yield rows of the header's width with the lines at which they begin; count all, and note the others."""
    lines: list[int] = []
    rows: list[list[str]] = []
    first = reader.line_num + 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error:
            cells.findings.append(Finding(first, "", findings.BAD_QUOTING))
            break
        if len(row) == width:
            lines.append(first)
            rows.append(row)
        elif row:  # an empty line is no row
            cells.rows += 1
            cells.findings.append(Finding(first, "", findings.RAGGED_ROW, str(len(row)), str(width)))
        first = reader.line_num + 1
        if len(rows) == BATCH:
            cells.rows += BATCH
            yield lines, rows
            lines, rows = [], []
    if rows:
        cells.rows += len(rows)
        yield lines, rows
