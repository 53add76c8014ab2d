"""Which analyses does a table of results state? A long sheet (a value a row) or a wide one (a sample a row), every fault in its cell.

CSV, or a sheet of a workbook, read by a mapping or by its header: a long sheet has sample, analyte, value, unit, method code; rows of
one sample, label and method are one analysis. In a wide one every further column is named for what it holds: `Rb_ppm`, `SiO2 (wt%)`,
`87Sr/86Sr`, `Sr87_Sr86`, and for it what belongs to it: `s_Rb_ppm`, `Rb_ppm_1s`, `... 2SE`, `... 1S-REL`, `... method`, `... lab`, as Astromat
exports it. What is the same for all rows (method, laboratory, level) is told beside the table. Says nothing of catalogue and ledger.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from aliquot import analyses, analytes, fault
from aliquot.fault import Fault
from aliquot.formats import cells, sheets
from aliquot.formats.analysis_mapping import AnalysisMapping, Place
from aliquot.formats.findings import Finding, Wrong, shown
from aliquot.formats.mapping import Column, TableMapping

ROWS_MOST: Final = 2_000
COLUMNS_MOST: Final = 300
# What a header may be called, whatever its signs and case -> the field of an analysis or value.
_NAMES: Final = {
    "sample": "sample number split specimen samplename sampleid sampleno samplenumber igsn id",
    "label": "label row aliquot fraction grain spot phase",
    "material": "material type rocktype mineral materialtype cataloguetype analyzedmaterial analyzedmaterialname taxonname",
    "method": "method methodcode technique analyticalmethod",
    "instrument": "instrument",
    "laboratory": "laboratory lab",
    "holder": "holder place",
    "measured_on": "measuredon date analysisdate dateofanalysis",
    "standards": "standards standard referencematerial",
    "analyst": "analyst",
    "consumed": "consumed massconsumed",
    "note": "note notes comment remark analysiscomment",
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
_STATED: Final = r"[12]?s|sd|sigma|err|error|[12]?se|[12]?sigma|[12]?sd|95%"
_ERROR: Final = re.compile(
    rf"(?:(?P<before>{_STATED})[ _](?P<of>.+)"
    rf"|(?P<what>.+?)[ _]*(?:±|[ _])(?P<after>(?:{_STATED})(?:-(?:rel|abs))?|rel))",
    re.ASCII | re.IGNORECASE,
)
_BESIDE: Final = re.compile(r"(?P<of>.+?)[ _](?P<what>method|lab|laboratory)", re.ASCII | re.IGNORECASE)
_UNITED: Final = re.compile(
    r"(?P<of>.+?)[ _]*[\(\[_ ](?P<unit>wt\.?%|%m/m|%|ppm|ppb|ppt|[uµμ]g/g|mg/kg|[uµμ]g/kg|[np]g/g|Ma|Ga|ka|permil|‰)[\)\]]?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is read: which column fills which field, and, of a wide one, where each value stands."""

    fields: Mapping[str, str]
    places: tuple[Place, ...]
    ignored: tuple[str, ...]

    @property
    def is_long(self) -> bool:
        return not self.places

    @property
    def read_in(self) -> tuple[str, ...]:
        """The columns that are read, in order, each once."""
        return tuple(
            dict.fromkeys((*self.fields, *(name for place in self.places for name in place.columns)))
        )


@dataclass(slots=True)
class Table:
    """What a table states: the told of each analysis, with the line and place of each of its values; everything that is wrong."""

    shape: Shape
    told: list[Stated] = field(default_factory=list)
    cells: dict[int, dict[str, str]] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    rows: int = 0


@dataclass(frozen=True, slots=True)
class Stated:
    """One analysis: the line at which it begins, what is told of it, and where each value stands (line, place)."""

    line: int
    told: dict[str, object]
    at: tuple[tuple[int, Place | None], ...]


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def shape_of(header: Sequence[str], mapping: AnalysisMapping | None = None) -> Shape | Fault:
    """Return how a table with this header is read, or why it cannot be."""
    if len(header) > COLUMNS_MOST:
        return fault.of("header", "there are more than {most} columns", "leave out those that are not needed", most=COLUMNS_MOST)  # fmt: skip
    return _mapped(header, mapping) if mapping else _guessed(header)


def _mapped(header: Sequence[str], mapping: AnalysisMapping) -> Shape:
    """Return the shape that a mapping has; what it does not know is ignored, a value by its name, or a fault of the file."""
    own = Shape(mapping.fields, mapping.places, mapping.ignore)
    left = [name for name in header if name not in (*own.read_in, *mapping.ignore)]
    if mapping.others == "ignored":
        return replace(own, ignored=(*mapping.ignore, *left))
    if mapping.others == "values":
        more = _places(left)
        used = {name for place in more for name in place.columns}
        return Shape(
            own.fields, (*own.places, *more), (*mapping.ignore, *(name for name in left if name not in used))
        )
    return own


def _guessed(header: Sequence[str]) -> Shape | Fault:
    fields: dict[str, str] = {}
    for name in header:
        for to, called in (_NAMES | _LONG).items():
            if _plain(name) in called.split() and to not in fields.values():
                fields.setdefault(name, to)
    if {"analyte", "value"} <= set(fields.values()):
        return Shape(fields, (), tuple(name for name in header if name not in fields))
    kept = {name: to for name, to in fields.items() if to in _NAMES}
    places = _places([name for name in header if name not in kept])
    if not places or not {"sample", "label"} & set(kept.values()):
        return fault.of("header", "it cannot be told what this table measures",
                        "name the columns sample, analyte, value and unit; or sample, and one column for each value such as Rb_ppm")  # fmt: skip
    found = Shape(kept, places, ())
    return replace(found, ignored=tuple(name for name in header if name not in found.read_in))


def _places(header: Sequence[str]) -> tuple[Place, ...]:
    """Return where values stand, each with the columns of its uncertainty, method and laboratory."""
    errors: dict[str, tuple[str, str, str]] = {}
    beside: dict[tuple[str, str], str] = {}
    values: dict[str, tuple[str, str]] = {}
    for name in header:
        said = name.strip()
        if (found := _ERROR.fullmatch(said)) and (of := found["of"] or found["what"]):
            errors.setdefault(_plain(of), (name, *_level_of(found["before"] or found["after"])))
        elif found := _BESIDE.fullmatch(said):
            beside.setdefault((found["what"][0].casefold(), _plain(found["of"])), name)
        else:
            united = _UNITED.fullmatch(said)
            of, unit = (united["of"], united["unit"]) if united else (said, "")
            if analyte := analytes.find(of.strip(" _")):
                values[name] = (analyte.name, unit)
    return tuple(
        Place(
            name, analyte, unit, *(errors.get(_plain(name)) or errors.get(_plain(analyte)) or ("", "", "")),
            method=beside.get(("m", _plain(name)), ""), laboratory=beside.get(("l", _plain(name)), ""),
        )
        for name, (analyte, unit) in values.items()
    )  # fmt: skip


def _level_of(stated: str) -> tuple[str, str]:
    """Return level and kind of an uncertainty, as far as its header says them: `2S`, `95%`, `1S-REL`."""
    said = stated.casefold()
    kind = "percent" if said.endswith("rel") else "absolute" if said.endswith("abs") else ""
    level = "2s" if said.startswith("2") else "1s" if said.startswith("1") else "95%" if said == "95%" else ""
    return level, kind


def read(
    data: bytes,
    common: Mapping[str, str],
    mended: Mapping[tuple[int, str], str] = MappingProxyType({}),
    mapping: AnalysisMapping | None = None,
) -> Table:
    """Read a table; `common` has what is the same for all rows and `mended` what stands in some cells instead."""
    text = sheets.as_csv(data, mapping.sheet if mapping else "") if sheets.is_workbook(data) else data
    if isinstance(text, Fault):
        return Table(Shape({}, (), ()), wrong=[Wrong(1, "", text)])
    above = mapping.header - 1 if mapping else 0
    text = _from_line(text, above)
    delimiter = (mapping.delimiter if mapping else "") or _delimiter(text)
    shape = shape_of(_header(text, delimiter), mapping)
    if isinstance(shape, Fault):
        found = cells.read(text, TableMapping("results", "results", ()))
        hard = [_wrong(one, above) for one in found.findings if not one.column]
        return Table(Shape({}, (), ()), wrong=hard or [Wrong(above + 1, "", shape)])
    how = TableMapping(
        "results", "results", tuple(Column(name, "note") for name in shape.read_in), delimiter=delimiter, ignore=shape.ignored,
    )  # fmt: skip
    raw = cells.read(
        text, how, mended={(line - above, column): said for (line, column), said in mended.items()}
    )
    table = Table(shape, rows=raw.rows, wrong=[_wrong(one, above) for one in raw.findings])
    if raw.rows > ROWS_MOST:
        table.wrong.append(Wrong(1, "", fault.of("table", "there are more than {most} rows", "import it in parts", most=ROWS_MOST)))  # fmt: skip
        return table
    for row in raw.frame.rows(named=True):
        line = int(row.pop(cells.LINE)) + above
        table.cells[line] = {name: str(said).strip() for name, said in row.items()}
    rows = _translated(table, mapping) if mapping else table.cells
    told = {**(mapping.constants if mapping else {}), **{name: said for name, said in common.items() if said}}
    table.told = list(_long(shape, rows, told) if shape.is_long else _wide(shape, rows, told))
    return table


def _from_line(data: bytes, above: int) -> bytes:
    """Return what stands from a line on; all of it where there are not so many."""
    return b"".join(data.splitlines(keepends=True)[above:]) if above else data


def _wrong(found: Finding, above: int) -> Wrong:
    return Wrong(found.line + above, found.column, found.fault)


def _delimiter(data: bytes) -> str:
    first = data[:20_000].split(b"\n", 1)[0]
    return max((",", ";", "\t"), key=lambda sign: first.count(sign.encode()))


def _header(data: bytes, delimiter: str) -> list[str]:
    try:
        text = data[:100_000].decode("utf-8-sig", errors="replace")
        return next(csv.reader([text.splitlines()[0]], delimiter=delimiter))
    except (IndexError, StopIteration, csv.Error):
        return []


def _translated(table: Table, mapping: AnalysisMapping) -> dict[int, dict[str, str]]:
    """Return the cells as the mapping means them: words for words, decimals with a point."""
    numbers = {name for place in table.shape.places for name in (place.column, place.uncertainty)}
    numbers |= {name for name, to in table.shape.fields.items() if to in ("value", "uncertainty", "limit")}
    meant: dict[int, dict[str, str]] = {}
    for line, row in table.cells.items():
        meant[line] = dict(row)
        for name, words in mapping.values.items():
            if row.get(name) and row[name] not in words:
                table.wrong.append(Wrong(line, name, fault.of(name, "“{value}” is not among the values of the mapping",
                                                              "use one of: {words}", value=shown(row[name]),
                                                              words=shown(", ".join(words), 200))))  # fmt: skip
            elif row.get(name):
                meant[line][name] = words[row[name]]
        for name in numbers & row.keys() if mapping.decimal == "," else ():
            meant[line][name] = row[name].replace(",", ".") if "." not in row[name] else row[name]
    return meant


def _fields(shape: Shape, row: Mapping[str, str], common: Mapping[str, str]) -> dict[str, object]:
    """Return what a row says of its analysis; what it leaves blank is what is common to all."""
    told: dict[str, object] = {
        name: said for name, said in common.items() if name not in ("level", "kind", "unit")
    }
    return told | {to: row[name] for name, to in shape.fields.items() if to in _NAMES and row.get(name)}


def _wide(shape: Shape, rows: Mapping[int, Mapping[str, str]], common: Mapping[str, str]) -> Iterator[Stated]:
    """Yield one analysis of the values of a row that were measured by one method in one laboratory."""
    for line, row in rows.items():
        filled = [place for place in shape.places if row.get(place.column)]
        parted: dict[tuple[str, str], list[Place]] = {}
        for place in filled:
            parted.setdefault((row.get(place.method, ""), row.get(place.laboratory, "")), []).append(place)
        for (method, laboratory), places in (parted or {("", ""): []}).items():
            own = {name: said for name, said in (("method", method), ("laboratory", laboratory)) if said}
            values = [_value(place, row, common) for place in places]
            told = _fields(shape, row, common) | own | {"values": values}
            yield Stated(line, told, tuple((line, place) for place in places))


def _value(place: Place, row: Mapping[str, str], common: Mapping[str, str]) -> dict[str, str]:
    error = row.get(place.uncertainty, "")
    return {
        "analyte": place.analyte, "value": row[place.column], "unit": place.unit or common.get("unit", ""), "uncertainty": error,
        "level": (place.level or common.get("level", "")) if error else "",
        "kind": (place.kind or common.get("kind", "")) if error else "",
    }  # fmt: skip


def _long(shape: Shape, rows: Mapping[int, Mapping[str, str]], common: Mapping[str, str]) -> Iterator[Stated]:
    """Yield one analysis of the rows of the same sample, label and method, in the order in which they begin."""
    grouped: dict[tuple[str, ...], list[int]] = {}
    by_field = {to: name for name, to in shape.fields.items()}
    for line, row in rows.items():
        one = tuple(row.get(by_field.get(name, ""), "") for name in _NAMES if name != "note")
        grouped.setdefault(one, []).append(line)
    for lines in grouped.values():
        values = []
        for line in lines:
            said = {name: rows[line].get(by_field.get(name, ""), "") for name in _LONG}
            if said["uncertainty"]:
                said["level"] = _level(said["level"]) or common.get("level", "")
                is_share = said["kind"].casefold() in ("%", "percent", "rel", "relative")
                said["kind"] = "percent" if is_share else common.get("kind", "")
            values.append(said)
        told = {**_fields(shape, rows[lines[0]], common), "values": values}
        yield Stated(lines[0], told, tuple((line, None) for line in lines))


def _level(said: str) -> str:
    plain = said.casefold().replace("sigma", "s").replace("σ", "s").replace(" ", "").replace("sd", "s")
    return {"s": "1s", "2se": "2s", "1se": "se"}.get(plain, plain if plain in analyses.LEVELS else said)


def placed(table: Table, one: Stated, found: Sequence[Fault], *, doubts: bool = False) -> Iterator[Wrong]:
    """Yield faults and doubts of an analysis at the line and in the column that they speak of."""
    by_field = {to: name for name, to in table.shape.fields.items()}
    for each in found:
        where, _, part = each.where.partition(".")
        line, column = one.line, by_field.get(where, "")
        if where.startswith("values[") and part:
            line, place = one.at[int(where[7:-1])]
            if place is None:
                column = by_field.get(part, by_field.get("value", ""))
            else:
                of_error = part in ("uncertainty", "level", "kind") and place.uncertainty
                column = place.uncertainty if of_error else place.column
        elif where in ("method", "laboratory") and not column and one.at and one.at[0][1]:
            place = one.at[0][1]
            column = place.method if where == "method" else place.laboratory
        yield Wrong(line, column, each, doubts)
