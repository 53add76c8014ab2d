"""How is a table of results read? A mapping: which column is which field or value, in which unit, with which uncertainty.

TOML like the mappings of the catalogue (`mapping`), for tables whose headers do not say it themselves. Knows no table: see `analyses`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

from aliquot import analyses, analytes, fault
from aliquot.fault import Fault, Refused
from aliquot.formats import mapping_check
from aliquot.formats.findings import shown

# What a column may fill besides a value: of the analysis, and, in a table with a value a row, of the value.
FIELDS: Final = (
    "sample", "label", "material", "method", "instrument", "laboratory", "holder", "measured_on", "standards", "analyst",
    "consumed", "note",
)  # fmt: skip
OF_A_VALUE: Final = analyses.VALUE
OTHERS: Final = ("values", "ignored", "fault")
COMMON: Final = (*FIELDS[2:], "level", "kind", "unit")

# Key -> (its type, whether it may be left out, what it says).
KEYS: Final[dict[str, tuple[type, bool, str]]] = {
    "key": (str, False, "the mapping's own name: small letters, digits and hyphens"),
    "title": (str, False, "which table it reads, in words"),
    "column": (list, False, "the columns that are read, each as [[column]]"),
    "delimiter": (str, True, "the character between cells; found in the header where left out"),
    "decimal": (str, True, "the character before the decimals: a point (where left out) or a comma"),
    "sheet": (str, True, "the sheet of a workbook; the first with anything in it where left out"),
    "header": (int, True, "the line of the header; the first where left out"),
    "others": (str, True, "what other columns are: values by their names, ignored, or a fault (as left out)"),
    "ignore": (list, True, "names of columns that are there and not read"),
    "constants": (dict, True, "fields that have the same value in each row, such as method or level"),
}
COLUMN_KEYS: Final[dict[str, tuple[type, bool, str]]] = {
    "name": (str, False, "the column's name in the header, exactly"),
    "field": (str, True, "the field that it fills"),
    "analyte": (str, True, "what it holds a value of, such as Rb or 87Sr/86Sr"),
    "unit": (str, True, "the unit of the value; none for a ratio"),
    "uncertainty_of": (str, True, "the column whose uncertainty this is"),
    "method_of": (str, True, "the column of whose values this is the method"),
    "laboratory_of": (str, True, "the column of whose values this is the laboratory"),
    "level": (str, True, "of an uncertainty: 1s, 2s, 95% or se"),
    "kind": (str, True, "of an uncertainty: absolute or percent"),
    "values": (dict, True, "what each cell means; a cell that is not named here is a fault"),
}
_DOES: Final = ("field", "analyte", "uncertainty_of", "method_of", "laboratory_of")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands: its column and unit, and the columns of its uncertainty, method and laboratory."""

    column: str
    analyte: str
    unit: str
    uncertainty: str = ""
    level: str = ""
    kind: str = ""
    method: str = ""
    laboratory: str = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(name for name in (self.column, self.uncertainty, self.method, self.laboratory) if name)


@dataclass(frozen=True, slots=True)
class AnalysisMapping:
    """How one kind of table is read: `fields` and `places` by column, `values` by column and cell."""

    key: str
    title: str
    fields: Mapping[str, str]
    places: tuple[Place, ...]
    values: Mapping[str, Mapping[str, str]]
    constants: Mapping[str, str]
    ignore: tuple[str, ...]
    others: str = "fault"
    delimiter: str = ""
    decimal: str = "."
    sheet: str = ""
    header: int = 1


def shipped() -> tuple[str, ...]:
    """Return the names of the mappings that ship with the library."""
    found = (path.name for path in files("aliquot.formats.analysis_maps").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def text_of(name: str) -> str:
    """Return the TOML of a shipped mapping; raise `Refused` where there is none of that name."""
    if name not in shipped():
        raise Refused([fault.of("mapping", "there is no mapping “{name}”", "use one of: {maps}",
                                name=shown(name), maps=", ".join(shipped()))])  # fmt: skip
    return files("aliquot.formats.analysis_maps").joinpath(f"{name}.toml").read_text("utf-8")


def read(text: str, where: str = "mapping") -> AnalysisMapping:
    """Return the mapping that the TOML text states; raise `Refused` with every fault of it, each with its key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused([fault.of(where, "the file is not TOML: {error}", "mend it there",
                                error=shown(str(error)))]) from error  # fmt: skip
    fault.refuse_if(faults(where, table))
    columns: list[dict[str, Any]] = table["column"]
    return AnalysisMapping(
        key=table["key"], title=table["title"], fields={one["name"]: one["field"] for one in columns if "field" in one},
        places=tuple(_place(one, columns) for one in columns if "analyte" in one),
        values={one["name"]: one["values"] for one in columns if "values" in one}, constants=table.get("constants", {}),
        ignore=tuple(table.get("ignore", ())), others=table.get("others", "fault"), delimiter=table.get("delimiter", ""),
        decimal=table.get("decimal", "."), sheet=table.get("sheet", ""), header=table.get("header", 1),
    )  # fmt: skip


def _place(one: Mapping[str, str], columns: list[dict[str, Any]]) -> Place:
    def beside(key: str) -> dict[str, str]:
        return next((each for each in columns if each.get(key) == one["name"]), {})

    error = beside("uncertainty_of")
    found = analytes.find(one["analyte"])
    return Place(
        one["name"], found.name if found else one["analyte"], one.get("unit", ""), error.get("name", ""), error.get("level", ""),
        error.get("kind", ""), beside("method_of").get("name", ""), beside("laboratory_of").get("name", ""),
    )  # fmt: skip


def faults(where: str, table: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of what a mapping's file states."""
    shape = list(_check_shape(where, table))
    return shape or [*_check_table(where, table), *_check_columns(where, table)]


def _check_shape(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    yield from mapping_check.check_keys(where, "", table, KEYS)
    yield from mapping_check.check_texts(where, "constants", table.get("constants"))
    columns = table.get("column")
    for at, column in enumerate(columns if isinstance(columns, list) else ()):
        if not isinstance(column, dict):
            yield mapping_check.not_a(where, f"column[{at}]", "table")
            continue
        yield from mapping_check.check_keys(where, f"column[{at}].", column, COLUMN_KEYS)
        yield from mapping_check.check_texts(where, f"column[{at}].values", column.get("values"))


def _check_table(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    yield from mapping_check.check_delimiter(where, table)
    if not mapping_check.KEY.fullmatch(table["key"]) or len(table["key"]) > 40:
        yield fault.of(where, "key: “{key}” is not a name", "use small letters, digits and hyphens, at most 40",
                       key=shown(table["key"]))  # fmt: skip
    if not 1 <= table.get("header", 1) <= 100:
        yield fault.of(where, "header: it is no line from 1 to 100", "give the line of the header")
    if table.get("others", "fault") not in OTHERS:
        yield fault.of(where, "others: “{said}” is none of its words", "use one of: {words}",
                       said=shown(table["others"]), words=", ".join(OTHERS))  # fmt: skip
    if not all(isinstance(one, str) for one in table.get("ignore", ())):
        yield mapping_check.not_a(where, "ignore", "list of texts")
    for field in table.get("constants", {}):
        if field not in COMMON:
            yield fault.of(where, "constants.{field}: it is not a field that can be constant", "use any of: {fields}",
                           field=shown(field), fields=", ".join(COMMON))  # fmt: skip


def _check_columns(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    columns: list[dict[str, str]] = table["column"]
    names = [one["name"] for one in columns]
    filled = [one["field"] for one in columns if "field" in one]
    valued = [one["name"] for one in columns if "analyte" in one]
    for at, one in enumerate(columns):
        yield from _check_column(where, f"column[{at}]", one, valued)
    for name in mapping_check.twice(names):
        yield fault.of(where, "the column “{name}” is described twice", "describe it once", name=shown(name))
    for field in mapping_check.twice(filled):
        yield fault.of(
            where, "the field {field} is filled twice", "fill it by one column or constant", field=field
        )
    is_long = "analyte" in filled and "value" in filled
    if not {"sample", "label"} & set(filled):
        yield fault.of(where, "no column says what was measured", "give one the field sample or label")
    if is_long == bool(valued) and not (not is_long and table.get("others") == "values"):
        yield fault.of(where, "it is not clear where the values stand",
                       "give columns the fields analyte and value, or give each column of values its analyte")  # fmt: skip


def _check_column(where: str, at: str, one: Mapping[str, str], valued: list[str]) -> Iterator[Fault]:
    does = [key for key in _DOES if key in one]
    if len(does) != 1:
        yield fault.of(where, "{at}: it has none or several of {keys}", "give it one of them", at=at, keys=", ".join(_DOES))  # fmt: skip
        return
    said = one[does[0]]
    if does[0] == "field" and said not in (*FIELDS, *OF_A_VALUE):
        yield fault.of(where, "{at}.field: there is no field “{field}”", "use one of: {fields}", at=at, field=shown(said),
                       fields=", ".join((*FIELDS, *OF_A_VALUE)))  # fmt: skip
    if does[0].endswith("_of") and said not in valued:
        yield fault.of(where, "{at}.{key}: there is no column of values “{name}”", "name one that has an analyte", at=at,
                       key=does[0], name=shown(said))  # fmt: skip
    if does[0] == "analyte":
        yield from _check_value(where, at, one)
    for key, words in (("level", tuple(analyses.LEVELS)), ("kind", analyses.KINDS)):
        if key in one and (does[0] != "uncertainty_of" or one[key] not in words):
            yield fault.of(where, "{at}.{key}: an uncertainty, and nothing else, has it", "use one of: {words}", at=at, key=key,
                           words=", ".join(words))  # fmt: skip


def _check_value(where: str, at: str, one: Mapping[str, str]) -> Iterator[Fault]:
    found = analytes.find(one["analyte"])
    if found is None:
        yield fault.of(where, "{at}.analyte: “{said}” is nothing that is measured", "write it as Rb, SiO2, 87Sr/86Sr, d18O or age",
                       at=at, said=shown(one["analyte"]))  # fmt: skip
    elif analytes.unit(one.get("unit", ""), found) is None:
        yield fault.of(where, "{at}.unit: “{unit}” is not a unit of {analyte}", "use one of: {units}", at=at,
                       unit=shown(one.get("unit", "")), analyte=found.name,
                       units=", ".join(each or "–" for each in analytes.units_of(found)))  # fmt: skip
