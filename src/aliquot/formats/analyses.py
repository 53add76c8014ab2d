"""Which analyses does a table of results state? A long sheet (a value a row) or a wide one (a sample a row), every fault in its cell.

A long sheet has the columns of EarthChem and Astromat exports: sample, analyte, value, unit, method code; rows of one sample,
label and method are one analysis. In a wide sheet every further column is named for what it holds: `Rb_ppm`, `SiO2 (wt%)`,
`87Sr/86Sr`, `Sr87_Sr86`, and its uncertainty for it: `s_Rb_ppm`, `2s_...`, `Rb_ppm_1s`, `... 2SE`. What is the same for all rows (method,
laboratory, level) is told beside the table. Says nothing of catalogue and ledger.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from aliquot import analyses, analytes, fault
from aliquot.fault import Fault
from aliquot.formats import cells
from aliquot.formats.findings import Finding
from aliquot.formats.mapping import Column, TableMapping

ROWS_MOST: Final = 2_000
COLUMNS_MOST: Final = 300
# What a header may be called, whatever its signs and case -> the field of an analysis or value.
_NAMES: Final = {
    "sample": "sample number split specimen samplename sampleid sampleno igsn id",
    "label": "label row aliquot fraction grain spot phase",
    "material": "material type rocktype mineral materialtype cataloguetype",
    "method": "method methodcode technique analyticalmethod",
    "instrument": "instrument",
    "laboratory": "laboratory lab",
    "holder": "holder place",
    "measured_on": "measuredon date analysisdate dateofanalysis",
    "standards": "standards standard referencematerial",
    "analyst": "analyst",
    "consumed": "consumed massconsumed",
    "note": "note notes comment remark",
}
_LONG: Final = {
    "analyte": "analyte parameter variable item component",
    "value": "value result measured",
    "unit": "unit units",
    "uncertainty": "uncertainty error sd sigma stdev",
    "level": "level errorlevel errortype uncertaintytype",
    "kind": "kind errorunit uncertaintyunit",
    "limit": "limit detectionlimit lod",
}
_ERROR: Final = re.compile(
    r"(?:(?P<before>[12]?s|sd|sigma|err|error|[12]?se|[12]?sigma)[ _](?P<of>.+)|(?P<what>.+?)[ _]*(?:±|[ _])(?P<after>[12]?s|sd|[12]?se|[12]?sigma|err|error|95%))",
    re.ASCII | re.IGNORECASE,
)
_UNITED: Final = re.compile(
    r"(?P<of>.+?)[ _]*[\(\[_ ](?P<unit>wt\.?%|%|ppm|ppb|ppt|ug/g|mg/kg|ng/g|Ma|Ga|ka|permil)[\)\]]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its column, that of its uncertainty, and what the header says of both."""

    column: str
    analyte: str
    unit: str
    uncertainty: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is read: which column fills which field, and, of a wide one, where each value stands."""

    fields: Mapping[str, str]
    places: tuple[Place, ...]
    ignored: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        return not self.places


@dataclass(frozen=True, slots=True)
class Wrong:
    """One thing that is wrong, at a line and in a column as the file has them; a doubt can be confirmed."""

    line: int
    column: str
    fault: Fault
    is_doubt: bool = False


@dataclass(slots=True)
class Table:
    """What a table states: the told of each analysis with its lines, the cells of each line, everything that is wrong."""

    shape: Shape
    told: list[tuple[tuple[int, ...], dict[str, object]]] = field(default_factory=list)
    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    rows: int = 0


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def shape_of(header: Sequence[str]) -> Shape | Fault:
    """Return how a table with this header is read, or why it cannot be."""
    if len(header) > COLUMNS_MOST:
        return fault.of(
            "header",
            "there are more than {most} columns",
            "leave out those that are not needed",
            most=COLUMNS_MOST,
        )
    fields: dict[str, str] = {}
    for name in header:
        for to, called in (_NAMES | _LONG).items():
            if _plain(name) in called.split() and to not in fields.values():
                fields.setdefault(name, to)
    found = set(fields.values())
    if {"analyte", "value"} <= found:
        return Shape(fields, (), tuple(name for name in header if name not in fields))
    kept = {name: to for name, to in fields.items() if to in _NAMES}
    places = _places([name for name in header if name not in kept])
    if not places or not {"sample", "label"} & set(kept.values()):
        return fault.of("header", "it cannot be told what this table measures",
                        "name the columns sample, analyte, value and unit; or sample, and one column for each value such as Rb_ppm")  # fmt: skip
    used = {*kept, *(place.column for place in places), *(place.uncertainty for place in places)}
    return Shape(kept, places, tuple(name for name in header if name not in used))


def _places(header: Sequence[str]) -> tuple[Place, ...]:
    """Return where values stand, each with the column of its uncertainty."""
    errors: dict[str, tuple[str, str]] = {}
    values: dict[str, tuple[str, str]] = {}
    for name in header:
        if (found := _ERROR.fullmatch(name.strip())) and (of := found["of"] or found["what"]):
            stated = (found["before"] or found["after"]).casefold()
            level = (
                "2s"
                if stated.startswith("2")
                else "1s"
                if stated.startswith("1")
                else "95%"
                if stated == "95%"
                else ""
            )
            errors[_plain(of)] = (name, level)
        else:
            united = _UNITED.fullmatch(name.strip())
            of, unit = (united["of"], united["unit"]) if united else (name, "")
            analyte = analytes.find(of.strip(" _"))
            if analyte:
                values[name] = (analyte.name, unit)
    placed = []
    for name, (analyte_name, unit) in values.items():
        near = errors.get(_plain(name)) or errors.get(_plain(analyte_name)) or ("", "")
        placed.append(Place(name, analyte_name, unit, *near))
    return tuple(placed)


def read(
    data: bytes, common: Mapping[str, str], mended: Mapping[tuple[int, str], str] = MappingProxyType({})
) -> Table:
    """Read a CSV table; `common` has what is the same for all rows and `mended` what stands in some cells instead."""
    header = _header(data)
    shape = shape_of(header)
    if isinstance(shape, Fault):
        table = Table(Shape({}, (), ()))
        found = cells.read(data, TableMapping("results", "results", ()))
        hard = [one for one in found.findings if not one.column]
        table.wrong = [_wrong(one) for one in hard] or [Wrong(1, "", shape)]
        return table
    read_in = [
        *shape.fields,
        *(name for place in shape.places for name in (place.column, place.uncertainty) if name),
    ]
    mapping = TableMapping(
        "results", "results", tuple(Column(name, "note") for name in dict.fromkeys(read_in)),
        delimiter=_delimiter(data), ignore=shape.ignored,
    )  # fmt: skip
    raw = cells.read(data, mapping, mended=mended)
    table = Table(shape, rows=raw.rows, wrong=[_wrong(one) for one in raw.findings])
    if raw.rows > ROWS_MOST:
        table.wrong.append(
            Wrong(
                1,
                "",
                fault.of("table", "there are more than {most} rows", "import it in parts", most=ROWS_MOST),
            )
        )
        return table
    for row in raw.frame.rows(named=True):
        line = int(row.pop(cells.LINE))
        table.cells[line] = {name: str(text).strip() for name, text in row.items()}
    table.told = list(_long(table, common) if shape.is_long else _wide(table, common))
    return table


def _wrong(found: Finding) -> Wrong:
    return Wrong(found.line, found.column, found.fault)


def _delimiter(data: bytes) -> str:
    first = data[:20_000].split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda sign: first.count(sign.encode()))


def _header(data: bytes) -> list[str]:
    try:
        text = data[:100_000].decode("utf-8-sig", errors="replace")
        return next(csv.reader([text.splitlines()[0]], delimiter=_delimiter(data)))
    except (IndexError, StopIteration, csv.Error):
        return []


def _fields(shape: Shape, row: Mapping[str, str], common: Mapping[str, str]) -> dict[str, object]:
    """Return what a row says of its analysis; what it leaves blank is what is common to all."""
    told: dict[str, object] = {
        name: text for name, text in common.items() if text and name not in ("level", "kind")
    }
    told |= {to: row[name] for name, to in shape.fields.items() if to in _NAMES and row.get(name)}
    return told


def _wide(table: Table, common: Mapping[str, str]) -> Iterator[tuple[tuple[int, ...], dict[str, object]]]:
    for line, row in table.cells.items():
        values = []
        for place in table.shape.places:
            if not row.get(place.column):
                continue
            error = row.get(place.uncertainty, "")
            values.append({
                "analyte": place.analyte, "value": row[place.column], "unit": place.unit or common.get("unit", ""),
                "uncertainty": error, "level": (place.level or common.get("level", "")) if error else "",
                "kind": common.get("kind", "") if error else "",
            })  # fmt: skip
        yield (line,), {**_fields(table.shape, row, common), "values": values}


def _long(table: Table, common: Mapping[str, str]) -> Iterator[tuple[tuple[int, ...], dict[str, object]]]:
    """Yield one analysis of the rows of the same sample, label and method, in the order in which they begin."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    by_field = {to: name for name, to in table.shape.fields.items()}
    for line, row in table.cells.items():
        one = tuple(row.get(by_field.get(name, ""), "") for name in _NAMES if name != "note")
        grouped.setdefault(one, []).append(line)
    for lines in grouped.values():
        values = []
        for line in lines:
            row = table.cells[line]
            said = {name: row.get(by_field.get(name, ""), "") for name in _LONG}
            if said["uncertainty"]:
                said["level"] = _level(said["level"]) or common.get("level", "")
                said["kind"] = (
                    "percent"
                    if said["kind"] in ("%", "percent", "rel", "relative")
                    else common.get("kind", "")
                )
            values.append(said)
        yield tuple(lines), {**_fields(table.shape, table.cells[lines[0]], common), "values": values}


def _level(said: str) -> str:
    plain = said.casefold().replace("sigma", "s").replace("σ", "s").replace(" ", "").replace("sd", "s")
    return {"s": "1s", "2se": "2s", "1se": "se"}.get(plain, plain if plain in analyses.LEVELS else said)


def placed(
    table: Table, lines: Sequence[int], found: Sequence[Fault], *, doubts: bool = False
) -> Iterator[Wrong]:
    """Yield faults and doubts of an analysis at the line and in the column that they speak of."""
    by_field = {to: name for name, to in table.shape.fields.items()}
    for one in found:
        where, _, part = one.where.partition(".")
        line, column = lines[0], by_field.get(where, "")
        if where.startswith("values[") and part:
            at = int(where[7:-1])
            if table.shape.is_long:
                line, column = lines[at], by_field.get(part, by_field.get("value", ""))
            else:
                filled = [place for place in table.shape.places if table.cells[line].get(place.column)]
                place = filled[at]
                column = (
                    place.uncertainty
                    if part in ("uncertainty", "level", "kind") and place.uncertainty
                    else place.column
                )
        yield Wrong(line, column, one, doubts)
