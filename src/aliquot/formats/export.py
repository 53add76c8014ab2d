"""How is the catalogue written as a table? CSV and JSON, with the same columns in each (Parquet: see there).

Masses are exact: a decimal in grams and the integer of nanograms beside it. What is not known is blank in CSV
and null elsewhere. Knows no database: the rows are given, and nothing that is not public is a column.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aliquot import mass

BATCH: Final = 5_000

# Column -> what it says. docs/import.md shows this table.
COLUMNS: Final = {
    "number": "the sample's number, as given",
    "mission": "the key of the mission that brought it",
    "material": "what it is made of",
    "subtype": "the closer name of the material",
    "form": "what it is, to hand",
    "condition": "how near it is to the state in which it came",
    "use_class": "its class of use",
    "sealed": "whether it is neither lent, given nor used up",
    "aggregate": "whether it stands for several pieces whose numbers were not published",
    "availability": "whether it can be asked for",
    "held": "how it is held: place, transit, loan, given, missing or spent",
    "holder": "the public name of the main holder",
    "country": "the holder's country, as in ISO 3166-1",
    "start_g": "the mass that it came with, in grams, exact",
    "start_ng": "the same in nanograms, an integer",
    "mass_g": "the mass that still exists, wherever it is, in grams, exact",
    "mass_ng": "the same in nanograms, an integer",
    "pristine_percent": "the share that is still pristine, as its source states it",
    "names": "further names, parted by “; ”",
    "note": "a remark in English",
    "note_zh": "a remark in Chinese",
    "sources": "keys of the public record that the row rests on, parted by spaces",
}
# A spreadsheet takes a cell that begins so for a formula, in its full-width form too; a tab or a line end may be
# dropped before it looks. An apostrophe before it makes it text.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Row:
    """One sample as the public may read it; what is not known is None or blank."""

    number: str
    mission: str = ""
    material: str = ""
    subtype: str = ""
    form: str = ""
    condition: str = ""
    use_class: str = ""
    sealed: bool = False
    aggregate: bool = False
    availability: str = ""
    held: str = ""
    holder: str = ""
    country: str = ""
    start_ng: int | None = None
    mass_ng: int | None = None
    pristine_percent: str = ""
    names: tuple[str, ...] = ()
    note: str = ""
    note_zh: str = ""
    sources: str = ""


Cell = str | int | bool | None


def cells(row: Row) -> dict[str, Cell]:
    """Return the row's cells in the order of the columns; a blank text is None."""
    found: dict[str, Cell] = {}
    for name in COLUMNS:
        if name.endswith("_g"):
            mass_ng = row.start_ng if name == "start_g" else row.mass_ng
            found[name] = None if mass_ng is None else mass.grams(mass_ng)
        elif name == "names":
            found[name] = "; ".join(row.names) or None
        else:
            value: Cell = getattr(row, name)
            found[name] = None if value == "" else value
    return found


def harmless(text: str) -> str:
    """Return the text as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_parts(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the pieces of a CSV file: UTF-8, a header, lines ended by CR LF (RFC 4180)."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for batch in batched(rows):
        writer.writerows([_csv_cell(name, cell) for name, cell in cells(row).items()] for row in batch)
        yield out.getvalue()
        out.seek(0)
        out.truncate()
    yield out.getvalue()


def _csv_cell(name: str, cell: Cell) -> Cell:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    # Only numbers that we wrote ourselves are left as they are.
    return harmless(cell) if isinstance(cell, str) and not name.endswith(("_g", "_percent")) else cell


def json_parts(rows: Iterable[Row]) -> Iterator[str]:
    """Yield the pieces of a JSON document: a list with one object a line. Masses in grams are texts."""
    before = "[\n"
    for batch in batched(rows):
        yield before + ",\n".join(json.dumps(cells(row), ensure_ascii=False) for row in batch)
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows some thousands at a time."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        yield batch
