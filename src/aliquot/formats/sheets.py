"""What does a sheet of a workbook say, as CSV? Bytes of XLSX or ODS in; the same rows as text out, each at its own line.

Numbers are written with the fewest digits that give the same number back, whole ones without a point: what a person sees in
the sheet, whatever its cell format hides. Formulas are what they last came to. Keeps the lines of the sheet: row 7 is line 7.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import python_calamine as calamine

from aliquot import fault
from aliquot.fault import Fault
from aliquot.formats.findings import shown

UNPACKED_MOST: Final = 200_000_000
CELLS_MOST: Final = 2_000_000
_ZIP: Final = b"PK\x03\x04"


def is_workbook(data: bytes) -> bool:
    """Whether these are the bytes of an archive, as every workbook is one."""
    return data.startswith(_ZIP)


def names(data: bytes) -> tuple[str, ...]:
    """Return the names of a workbook's sheets; none where it cannot be read."""
    found = _open(data)
    return () if isinstance(found, Fault) else tuple(found.sheet_names)


def as_csv(data: bytes, sheet: str = "") -> bytes | Fault:
    """Return a sheet as CSV in UTF-8, the first with anything in it where none is named; or why it cannot be read."""
    book = _open(data)
    if isinstance(book, Fault):
        return book
    if sheet and sheet not in book.sheet_names:
        return fault.of("table", "the workbook has no sheet “{sheet}”", "name one of its sheets: {sheets}",
                        sheet=shown(sheet), sheets=shown(", ".join(book.sheet_names), 200))  # fmt: skip
    for name in [sheet] if sheet else book.sheet_names:
        try:
            found = book.get_sheet_by_name(name)
            if found.total_height * found.total_width > CELLS_MOST:
                return fault.of(
                    "table", "a sheet has more than {most} cells", "import it in parts", most=CELLS_MOST
                )
            rows = found.to_python(skip_empty_area=False)
        except (calamine.CalamineError, ValueError):
            return _damaged()
        if any(cell != "" for row in rows for cell in row):
            return _written(rows)
    return fault.of("table", "the workbook is empty", "give a sheet with a header and rows")


def _open(data: bytes) -> calamine.CalamineWorkbook | Fault:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except zipfile.BadZipFile:
        return _damaged()
    if size > UNPACKED_MOST:
        return fault.of("table", "the workbook unpacks to more than {most} MB", "import it in parts", most=UNPACKED_MOST // 1_000_000)  # fmt: skip
    try:
        return calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (calamine.CalamineError, ValueError):
        return _damaged()


def _damaged() -> Fault:
    return fault.of("table", "this is no workbook that can be read", "save it as XLSX or CSV and send that")


def _written(rows: Sequence[Sequence[object]]) -> bytes:
    """Return the rows as CSV, as wide as the widest, without the empty columns at the right; an empty row is an empty line."""
    texts = [[_text(cell) for cell in row] for row in rows]
    width = max((at for row in texts for at, cell in enumerate(row, 1) if cell), default=0)
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    for row in texts:
        writer.writerow((row + [""] * width)[:width] if any(row) else [])
    return written.getvalue().encode()


def _text(cell: object) -> str:
    """Return a cell as a person would write it; a line break within is a space, so that rows stay lines."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return " ".join(str(cell).split()) if isinstance(cell, str) else str(cell)
