"""How is a table read? A mapping: which column fills which field, what its values mean, which rules it must keep.

One TOML file is one mapping; `mapping_check` says what is wrong with it. Knows no table: see `tables`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

from aliquot import fault, policy
from aliquot.fault import Refused
from aliquot.formats import findings, mapping_check
from aliquot.formats.fields import NEEDED
from aliquot.formats.findings import Rule, shown

# Test -> (what is wrong, what to do, what accepting does), where the mapping says nothing better.
TESTS: Final = {
    "blank": ("the cell is blank", "fill it in", "it stays blank"),
    "zero": (findings.ZERO_MASS.what, findings.ZERO_MASS.todo, findings.ZERO_MASS.effect),
    "below": ("“{value}” is below LIMIT", "check it", "it is stored as given"),
    "above": ("“{value}” is above LIMIT", "check it", "it is stored as given"),
    "unlike": ("“{value}” is not written as LIMIT", "correct it", "it is stored as given"),
}


@dataclass(frozen=True, slots=True)
class Test:
    """When a column's rule is broken."""

    rule: Rule
    test: str
    limit: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table and the field that it fills."""

    name: str
    field: str
    unit: str = ""
    kind: str = ""
    required: bool = False
    values: tuple[tuple[str, str], ...] = ()
    tests: tuple[Test, ...] = ()

    def test(self, kind: str) -> Rule | None:
        """Return the rule of this kind, if the mapping has one for the column."""
        return next((each.rule for each in self.tests if each.test == kind), None)


@dataclass(frozen=True, slots=True)
class TableMapping:
    """How one kind of table is read."""

    key: str
    title: str
    columns: tuple[Column, ...]
    delimiter: str = ","
    decimal: str = "."
    place: str = ""
    policy: str = ""
    ignore: tuple[str, ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    parent: str = ""
    parent_mass: str = "whole"

    @property
    def rules(self) -> dict[str, Rule]:
        """Every rule that a table may break, by name; a mapping's own words stand before the general ones."""
        own = {each.rule.name: each.rule for column in self.columns for each in column.tests}
        return {**findings.RULES, **own}

    @property
    def has_parents(self) -> bool:
        """Whether its tables say what a sample was made from: in a column, or by the number itself."""
        return bool(self.parent) or any(column.field == "parent" for column in self.columns)

    @property
    def use_classes(self) -> dict[str, bool]:
        """The classes of use that the mapping's policy knows, and whether they are sealed."""
        return {use.key: use.sealed for use in policy.load(self.policy).uses} if self.policy else {}


def shipped() -> tuple[str, ...]:
    """Return the names of the mappings that ship with the library."""
    found = (path.name for path in files("aliquot.formats.maps").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def load(name: str) -> TableMapping:
    """Return the shipped mapping of that name, or the one in the file; raise `Refused` where there is none."""
    if name in shipped():
        return read(files("aliquot.formats.maps").joinpath(f"{name}.toml").read_text("utf-8"), f"{name}.toml")
    path = Path(name)
    where = shown(path.name)
    try:
        text = path.read_text("utf-8") if path.is_file() else None
    except (OSError, UnicodeDecodeError) as error:
        raise Refused([fault.of(where, "the file cannot be read: {error}", "give a TOML file in UTF-8",
                                error=shown(str(error)))]) from error  # fmt: skip
    if text is None:
        raise Refused([fault.of("--map", "“{name}” is neither a mapping nor a file", "give a file, or one of: {maps}",
                                name=shown(name), maps=", ".join(shipped()))])  # fmt: skip
    return read(text, where)


def read(text: str, where: str) -> TableMapping:
    """Return the mapping that the TOML text states; raise `Refused` with every fault of it, each with its key."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused([fault.of(where, "the file is not TOML: {error}", "mend it there",
                                error=shown(str(error)))]) from error  # fmt: skip
    fault.refuse_if(mapping_check.faults(where, table))
    return TableMapping(
        key=table["key"],
        title=table["title"],
        columns=tuple(_column(each) for each in table["column"]),
        delimiter=table.get("delimiter", ","),
        decimal=table.get("decimal", "."),
        place=table.get("place", ""),
        policy=table.get("policy", ""),
        ignore=tuple(table.get("ignore", ())),
        constants=tuple(table.get("constants", {}).items()),
        parent=table.get("parent", ""),
        parent_mass=table.get("parent_mass", "whole"),
    )


def _column(stated: Mapping[str, object]) -> Column:
    named = {key: stated[key] for key in ("name", "field", "unit", "kind") if key in stated}
    values, rules = stated.get("values"), stated.get("rule")
    return Column(
        **{key: str(value) for key, value in named.items()},
        required=stated.get("required") is True or stated["field"] in (*NEEDED, "mass"),
        values=tuple(values.items()) if isinstance(values, dict) else (),
        tests=tuple(_test(each) for each in rules) if isinstance(rules, list) else (),
    )


def _test(stated: Mapping[str, object]) -> Test:
    test, limit = str(stated["test"]), str(stated.get("limit", ""))
    what, todo, effect = TESTS[test]
    rule = Rule(
        str(stated["fault"]),
        _sentence(str(stated.get("what", what.replace("LIMIT", limit)))),
        _sentence(str(stated.get("todo", todo))),
        effect if stated.get("acceptable") is True else "",
    )
    return Test(rule, test, limit)


def _sentence(text: str) -> str:
    """Return the sentence with `{value}` as its only placeholder; other braces stand for themselves."""
    return text.replace("{", "{{").replace("}", "}}").replace("{{value}}", "{value}")
