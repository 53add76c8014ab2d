"""Is this a mapping? Its keys, each with its meaning, and everything that can be wrong with them.

Every key is checked; one that is not known is a fault, so that a slip of the pen is not silently left out. The
keys are explained in docs/import.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import polars as pl

from aliquot import fault, mass, policy
from aliquot.fault import Fault
from aliquot.formats import findings
from aliquot.formats.fields import FIELDS, NEEDED
from aliquot.formats.findings import shown

KEY: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
MISSION: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")
PLACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
# At most seven digits before the point: no share and no bound of a mass needs more.
LIMIT: Final = re.compile(r"\d{1,7}(?:\.\d{1,9})?")

# Key -> (its type, whether it may be left out, what it says).
KEYS: Final[dict[str, tuple[type, bool, str]]] = {
    "key": (str, False, "the mapping's own name: small letters, digits and hyphens"),
    "title": (str, False, "which table it reads, in words"),
    "column": (list, False, "the columns that are read, each as [[column]]"),
    "delimiter": (str, True, "the character between cells; a comma where left out"),
    "decimal": (str, True, "the character before the decimals: a point (where left out) or a comma"),
    "place": (str, True, "the key of the place that the samples come to; --place overrules it"),
    "policy": (str, True, "the pack of rules that says which classes of use there are and which are sealed"),
    "ignore": (list, True, "names of columns that are there and not read"),
    "constants": (dict, True, "fields that have the same value in each row"),
    "parent": (str, True, "how a number tells its parent: generic (15555,880 was made from 15555)"),
    "parent_mass": (
        str,
        True,
        "whether a parent's mass is the whole (as left out) or the rest, its daughters taken off",
    ),
}
COLUMN_KEYS: Final[dict[str, tuple[type, bool, str]]] = {
    "name": (str, False, "the column's name in the header, exactly"),
    "field": (str, False, "the field that it fills"),
    "unit": (str, True, "for a mass: kg, g, mg, µg or ng"),
    "kind": (str, True, "for a further name: former, temporary, published, unofficial or museum"),
    "required": (bool, True, "whether a blank cell is a fault; always so for number, mission and mass"),
    "values": (dict, True, "what each cell means; a cell that is not named here is a fault"),
    "rule": (list, True, "rules of this column, each as [[column.rule]]"),
}
RULE_KEYS: Final[dict[str, tuple[type, bool, str]]] = {
    "fault": (str, False, "the rule's name: small letters, digits and hyphens"),
    "test": (str, False, "what breaks the rule: blank, zero, below, above or unlike"),
    "limit": (str, True, "for below and above a decimal, for unlike a pattern that the whole cell must have"),
    "acceptable": (bool, True, "whether somebody may import the row all the same"),
    "what": (str, True, "the sentence that says what is wrong; {value} stands for the cell"),
    "todo": (str, True, "the sentence that says what to do"),
}

NAME_KINDS: Final = ("former", "temporary", "published", "unofficial", "museum")


def faults(where: str, table: Mapping[str, Any]) -> list[Fault]:
    """Return every fault of what a mapping's file states; `where` names the file."""
    # What a key holds can only be looked at when it is there and of its type.
    return _check_shape(where, table) or [
        *_check_table(where, table),
        *_check_columns(where, table["column"]),
        *_check_fields(where, table),
        *_check_values(where, table),
    ]


def _check_shape(where: str, table: Mapping[str, object]) -> list[Fault]:
    faults = [*check_keys(where, "", table, KEYS)]
    columns = table.get("column")
    for i, column in enumerate(columns if isinstance(columns, list) else ()):
        at = f"column[{i}]."
        if not isinstance(column, dict):
            faults.append(not_a(where, f"column[{i}]", "table"))
            continue
        faults += check_keys(where, at, column, COLUMN_KEYS)
        rules = column.get("rule")
        for j, rule in enumerate(rules if isinstance(rules, list) else ()):
            if isinstance(rule, dict):
                faults += check_keys(where, f"{at}rule[{j}].", rule, RULE_KEYS)
            else:
                faults.append(not_a(where, f"{at}rule[{j}]", "table"))
        faults += check_texts(where, f"{at}values", column.get("values"))
    faults += check_texts(where, "constants", table.get("constants"))
    ignore = table.get("ignore")
    if isinstance(ignore, list) and not all(isinstance(name, str) for name in ignore):
        faults.append(not_a(where, "ignore", "list of texts"))
    return faults


def check_keys(
    where: str, at: str, table: Mapping[str, object], keys: Mapping[str, tuple[type, bool, str]]
) -> Iterator[Fault]:
    """Yield keys that are missing, of another type, or not known; `at` stands before each."""
    for name, (kind, optional, meaning) in keys.items():
        if name not in table and not optional:
            yield fault.of(where, "the key “{key}” is missing", "give {meaning}",
                           key=at + name, meaning=meaning)  # fmt: skip
        elif name in table and type(table[name]) is not kind:
            yield not_a(where, at + name, _CALLED[kind])
    for name in sorted(table.keys() - keys.keys()):
        yield fault.of(where, "“{key}” is not a key of a mapping", "remove it, or use one of: {keys}",
                       key=shown(at + name), keys=", ".join(keys))  # fmt: skip


_CALLED: Final[dict[type, str]] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    list: "list",
    dict: "table",
}


def not_a(where: str, key: str, called: str) -> Fault:
    """Return the fault of a key whose value is of another type."""
    return fault.of(where, "“{key}” is not a {called}", "write it as one", key=key, called=called)


def check_texts(where: str, key: str, table: object) -> Iterator[Fault]:
    """Yield what in a table of texts is none."""
    for name, value in table.items() if isinstance(table, dict) else ():
        if not isinstance(value, str):
            yield not_a(where, f"{key}.{shown(name)}", "text")


def _check_table(where: str, table: Mapping[str, object]) -> Iterator[Fault]:
    key, place, pack = str(table["key"]), str(table.get("place", "")), str(table.get("policy", ""))
    if not KEY.fullmatch(key) or len(key) > 40:
        yield fault.of(where, "key: “{key}” is not a name", "use small letters, digits and hyphens, at most 40",
                       key=shown(key))  # fmt: skip
    yield from check_delimiter(where, table)
    if table.get("parent", "generic") != "generic":
        yield fault.of(where, "parent: this is no way to read a number", 'write "generic", or leave it out')
    if table.get("parent_mass", "whole") not in ("whole", "rest"):
        yield fault.of(where, "parent_mass: it is neither whole nor rest", 'write "whole" or "rest"')
    if place and not PLACE.fullmatch(place):
        yield bad_place(f"{where}: place", place)
    if pack and pack not in policy.packs():
        yield fault.of(where, "policy: there is no policy “{key}”", "use one of: {packs}",
                       key=shown(pack), packs=", ".join(policy.packs()))  # fmt: skip


def check_delimiter(where: str, table: Mapping[str, object]) -> Iterator[Fault]:
    """Yield what is wrong with the characters between cells and before decimals."""
    delimiter = str(table.get("delimiter", ","))
    if len(delimiter) != 1 or not (delimiter == "\t" or delimiter.isprintable()) or delimiter == '"':
        yield fault.of(where, "delimiter: it is not one character", 'write one, such as "," or ";" or "\\t"')
    if table.get("decimal", ".") not in (".", ","):
        yield fault.of(where, "decimal: it is neither a point nor a comma", 'write "." or ","')


def bad_place(where: str, place: str) -> Fault:
    """Return the fault of a text that cannot be the key of a place."""
    return fault.of(where, "“{place}” is not the key of a place",
                    "use letters, digits, points, hyphens and underscores, at most 100, without “place:”",
                    place=shown(place))  # fmt: skip


def _check_columns(where: str, columns: list[Mapping[str, object]]) -> Iterator[Fault]:
    if not columns:
        yield fault.of(where, "column: there is none", "describe each column under [[column]]")
    for i, column in enumerate(columns):
        at, field = f"column[{i}]", str(column["field"])
        if field not in FIELDS:
            yield fault.of(where, "{at}.field: there is no field “{field}”", "use one of: {fields}", at=at,
                           field=shown(field), fields=", ".join(FIELDS))  # fmt: skip
        if (field == "mass") != ("unit" in column) or column.get("unit", "g") not in mass.UNITS:
            yield fault.of(where, "{at}.unit: a mass, and nothing else, has a unit", "use one of: {units}", at=at,
                           units=", ".join(mass.UNITS))  # fmt: skip
        if (field == "name") != ("kind" in column) or column.get("kind", "former") not in NAME_KINDS:
            yield fault.of(where, "{at}.kind: a further name, and nothing else, has a kind", "use one of: {kinds}",
                           at=at, kinds=", ".join(NAME_KINDS))  # fmt: skip
        if field in ("number", "parent", "mass", "pristine", "name") and "values" in column:
            yield fault.of(
                where, "{at}.values: a {field} is read as it stands", "remove the key", at=at, field=field
            )
        rules = column.get("rule", [])
        for j, rule in enumerate(rules if isinstance(rules, list) else ()):
            yield from _check_rule(where, f"{at}.rule[{j}]", field, rule)


def _check_rule(where: str, at: str, field: str, rule: Mapping[str, object]) -> Iterator[Fault]:
    name, test, limit = str(rule["fault"]), str(rule["test"]), rule.get("limit")
    if not KEY.fullmatch(name) or (name in findings.RULES and (name, test) != ("zero-mass", "zero")):
        yield fault.of(where, "{at}.fault: “{name}” is no free name", "use small letters, digits and hyphens, and "
                       "none of: {taken}", at=at, name=shown(name), taken=", ".join(findings.RULES))  # fmt: skip
    allowed = {"mass": ("blank", "zero", "below", "above"), "pristine": ("blank", "below", "above")}
    if test not in allowed.get(field, ("blank", "unlike")):
        yield fault.of(where, "{at}.test: “{test}” does not fit a {field}", "use one of: {tests}", at=at,
                       test=shown(test), field=field,
                       tests=", ".join(allowed.get(field, ("blank", "unlike"))))  # fmt: skip
    if (test in ("below", "above", "unlike")) != (limit is not None):
        yield fault.of(where, "{at}.limit: below, above and unlike have a limit, no other test",
                       "give it or remove it", at=at)  # fmt: skip
    elif test in ("below", "above") and not LIMIT.fullmatch(str(limit)):
        yield fault.of(where, "{at}.limit: it is not a decimal", 'write it as "100" or "0.5"', at=at)
    elif test == "unlike" and not _is_pattern(str(limit)):
        yield fault.of(where, "{at}.limit: it is not a pattern", "write a regular expression", at=at)
    if rule.get("acceptable") and test == "blank" and field in ("number", "mission"):
        yield fault.of(where, "{at}.acceptable: a sample has a number and a mission", "remove the key", at=at)


def _is_pattern(limit: str) -> bool:
    """Patterns are read by the engine that applies them: it has no look-around and always ends in linear time."""
    try:
        pl.Series([""]).str.contains(limit)
    except pl.exceptions.ComputeError:
        return False
    return True


def _check_fields(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    """Each field is filled once, and those without which there is no sample are filled."""
    columns: list[Mapping[str, str]] = table["column"]
    constants: Mapping[str, str] = table.get("constants", {})
    given = [column["field"] for column in columns if column["field"] != "name"] + list(constants)
    names = [column["name"] for column in columns]
    if "parent" in given and "parent" in table:
        yield fault.of(where, "parent: a column says it already", "remove the key or the column")
    for field in NEEDED:
        if field not in given:
            yield fault.of(where, "no column fills the field {field}", "add one", field=field)
    for field in twice(given):
        yield fault.of(
            where, "the field {field} is filled twice", "fill it by one column or constant", field=field
        )
    for name in twice(names):
        yield fault.of(where, "the column “{name}” is described twice", "describe it once", name=shown(name))
    if ("use_class" in given) != ("policy" in table):
        yield fault.of(where, "policy: it is needed if, and only if, the field use_class is filled",
                       "add the key or remove it")  # fmt: skip


def twice(words: list[str]) -> list[str]:
    """Return the words that are there more than once."""
    return sorted({word for word in words if words.count(word) > 1})


def _check_values(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    """What the mapping itself says of samples can be stored."""
    pack = table.get("policy", "")
    classes = [use.key for use in policy.load(pack).uses] if pack in policy.packs() else []
    for column in table["column"]:
        for value in column.get("values", {}).values():
            if column["field"] in FIELDS:
                at = f"{where}: column “{shown(column['name'])}”"
                yield from _check_value(at, column["field"], value, classes)
    for field, value in table.get("constants", {}).items():
        if field in FIELDS and FIELDS[field].constant:
            yield from _check_value(f"{where}: constants", field, value, classes)
        else:
            yield fault.of(where, "constants.{field}: it is not a field that can be constant", "use any of: {fields}",
                           field=shown(field), fields=", ".join(f for f in FIELDS if FIELDS[f].constant))  # fmt: skip


def _check_value(where: str, field: str, value: str, classes: list[str]) -> Iterator[Fault]:
    """Yield what keeps a value that the mapping states itself from being stored."""
    most = FIELDS[field].chars_max
    words = classes if field == "use_class" else FIELDS[field].words
    if value != value.strip() or not value.isprintable() or len(value) > most:
        yield fault.of(where, "“{value}” does not fit the field {field}",
                       "write at most {most} visible characters", value=shown(value), field=field,
                       most=most)  # fmt: skip
    elif (words and value not in words) or (field == "mission" and not MISSION.fullmatch(value)):
        yield fault.of(where, "“{value}” is not a {field}", "use one of: {words}", value=shown(value), field=field,
                       words=", ".join(words) or "apollo-11, luna-16 and the like")  # fmt: skip
