"""What was told of an act, as typed values? Text becomes mass, moment and number here; whatever is wrong is said at once.

`told` is plain data as JSON has it: texts as a person types them, numbers, lists, rows as objects, or a table pasted as
one text. Reading never half-succeeds: `read` returns all of it or all that is wrong. Knows no sample and no place, only
how their names are written.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

from aliquot import fault, ledger, mass, samples
from aliquot.book import UNSEEN
from aliquot.fault import Fault
from aliquot.handling.table import KINDS, Field, Type

ROWS_MOST: Final = 1_000
_AS_SHOWN: Final = "write it as the guide to the bench shows"
Value = str | int | Decimal | tuple[str, ...] | tuple["Values", ...]


@dataclass(frozen=True, slots=True)
class Values:
    """What was told, by the name of the field. A field of which nothing was told is not there.

    Masses are nanograms, moments RFC 3339 in UTC (`2026-03-14T09:30:00Z`), numbers decimals, rows `Values` again.
    """

    of: Mapping[str, Value]
    row: int = 0  # which row of its table this is, rows that are empty counted

    def text(self, name: str) -> str:
        """Return a text, choice, moment, number of a sample, or key; empty where nothing was told."""
        found = self.of.get(name, "")
        return found if isinstance(found, str) else fault.bug(f"{name} is no text")

    def mass_ng(self, name: str) -> int | None:
        """Return the nanograms of a mass, if one was told."""
        found = self.of.get(name)
        return found if found is None or type(found) is int else fault.bug(f"{name} is no mass")

    def number(self, name: str) -> Decimal | None:
        """Return a number, if one was told."""
        found = self.of.get(name)
        return found if found is None or isinstance(found, Decimal) else fault.bug(f"{name} is no number")

    def names(self, name: str) -> tuple[str, ...]:
        """Return the samples or tools of a list."""
        found = self.of.get(name, ())
        if not isinstance(found, tuple):
            fault.bug(f"{name} is no list")
        return tuple(each for each in found if isinstance(each, str))

    def rows(self, name: str) -> tuple[Values, ...]:
        """Return the rows of a table."""
        found = self.of.get(name, ())
        if not isinstance(found, tuple):
            fault.bug(f"{name} is no table")
        return tuple(each for each in found if isinstance(each, Values))


@dataclass(frozen=True, slots=True)
class Told(Values):
    """What was told of one act of a kind."""

    kind: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name that was told: in which field, as what, and where a fault of it stands."""

    where: str
    type: Type
    name: str


def read(kind: str, told: object) -> Told | tuple[Fault, ...]:
    """Return what was told of an act, or every fault of it: `where` is such as `cuts[2].mass`."""
    found, faults = gather(kind, told)
    return faults or found


def gather(kind: str, told: object) -> tuple[Told, tuple[Fault, ...]]:
    """Return what of it can be read and every fault of the rest, so that its names can be looked up meanwhile."""
    act = KINDS.get(kind)
    if act is None:
        return Told({}), (fault.of("kind", "there is no act “{kind}”", "use one of: {kinds}",
                                       kind=kind[:40], kinds=", ".join(KINDS)),)  # fmt: skip
    if not isinstance(told, Mapping):
        return Told({}, kind=kind), (
            fault.of("told", "this is not an object with a field for each thing", _AS_SHOWN),
        )
    faults: list[Fault] = []
    values = _fields(act.fields, told, "", faults)
    return Told(values.of, kind=kind), tuple(faults)


def mentions(told: Told) -> Iterator[Mention]:
    """Yield every name of a sample, place, holder, person, tool or instrument that was told."""
    yield from _mentions(KINDS[told.kind].fields, told, "")


NAMES: Final = frozenset(
    {
        Type.SAMPLE,
        Type.SAMPLES,
        Type.NEW,
        Type.PLACE,
        Type.HOLDER,
        Type.PERSON,
        Type.TOOLS,
        Type.INSTRUMENT,
    }
)


def _mentions(fields: tuple[Field, ...], values: Values, prefix: str) -> Iterator[Mention]:
    for field in fields:
        if field.name not in values.of:
            continue
        where = prefix + field.name
        if field.type is Type.LINES:
            for row in values.rows(field.name):
                yield from _mentions(field.columns, row, f"{where}[{row.row}].")
        elif field.type in (Type.SAMPLES, Type.TOOLS):
            for i, name in enumerate(values.names(field.name)):
                yield Mention(f"{where}[{i}]", field.type, name)
        elif field.type in NAMES:
            yield Mention(where, field.type, values.text(field.name))


# -- fields and rows -------------------------------------------------------------------------------------------


def _fields(
    fields: tuple[Field, ...], told: Mapping[object, object], prefix: str, faults: list[Fault], row: int = 0
) -> Values:
    """Read each field of an object; whatever else it has is a fault."""
    values: dict[str, Value] = {}
    for field in fields:
        given = told.get(field.name)
        where = prefix + field.name
        if _is_nothing(given):
            if field.required:
                faults.append(_missing(where, field))
            continue
        value = _value(field, given, where, faults)
        if value is not None:
            values[field.name] = value
    known = {field.name for field in fields}
    faults.extend(
        fault.of(
            prefix + str(name)[:60],
            "there is no such field here",
            "use only: {fields}",
            fields=", ".join(field.name for field in fields),
        )
        for name in told
        if name not in known
    )
    return Values(values, row)


def _is_nothing(given: object) -> bool:
    if isinstance(given, str):
        return not given.strip()
    return given is None or given == [] or given == ()


def _missing(where: str, field: Field) -> Fault:
    if field.type is Type.MASS:
        return fault.of(where, "the mass is missing", "write a number and a unit, with a point for the decimals, such as 1.25 g or 480 mg")  # fmt: skip
    return fault.of(where, "nothing is told here", "fill it in")


def _value(field: Field, given: object, where: str, faults: list[Fault]) -> Value | None:
    """Read one field; where it is at fault, say so and return nothing."""
    if field.type is Type.LINES:
        return _lines(field, given, where, faults)
    if field.type in (Type.SAMPLES, Type.TOOLS):
        return _list(field, given, where, faults)
    if field.type is Type.NUMBER and type(given) in (int, float) and abs(given) < 10**15:  # type: ignore[arg-type]
        given = repr(given)
    if not isinstance(given, str):
        faults.append(fault.of(where, "this is not a text", _AS_SHOWN))
        return None
    return _kept(_READERS[field.type](field, given.replace("\r\n", "\n").strip(), where), faults)


def _kept(read: Value | Fault | tuple[Fault, ...], faults: list[Fault]) -> Value | None:
    if isinstance(read, Fault):
        faults.append(read)
        return None
    if isinstance(read, tuple) and read and isinstance(read[0], Fault):
        faults.extend(each for each in read if isinstance(each, Fault))
        return None
    return read  # type: ignore[return-value]


def _list(field: Field, given: object, where: str, faults: list[Fault]) -> Value | None:
    """Read several names: a list of texts, or a text with one a line; each once."""
    names = given.replace("\r\n", "\n").split("\n") if isinstance(given, str) else given
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        faults.append(fault.of(where, "this is not a list of texts", _AS_SHOWN))
        return None
    found: list[str] = []
    before = len(faults)
    for i, name in enumerate(each.strip() for each in names if each.strip()):
        one = _kept(_name(field, name, f"{where}[{i}]"), faults)
        if one in found:
            faults.append(
                fault.of(f"{where}[{i}]", "“{name}” stands here twice", "name it once", name=name[:100])
            )
        elif isinstance(one, str):
            found.append(one)
    if len(found) > ROWS_MOST:
        faults.append(_too_many(where))
    return None if len(faults) > before else tuple(found)


def _lines(field: Field, given: object, where: str, faults: list[Fault]) -> Value | None:
    """Read the rows of a table: a list of objects, or a text that was pasted from a spreadsheet."""
    rows = pasted(given, field.columns) if isinstance(given, str) else given
    if isinstance(rows, Fault):
        faults.append(fault.of(where, rows.what, rows.todo, **dict(rows.values)))
        return None
    if not isinstance(rows, (list, tuple)) or not all(isinstance(row, Mapping) for row in rows):
        faults.append(fault.of(where, "this is not a list of rows", _AS_SHOWN))
        return None
    if len(rows) > ROWS_MOST:
        faults.append(_too_many(where))
        return None
    before = len(faults)
    # A row in which nothing is told is a row of a form that nobody filled in.
    names = {column.name for column in field.columns}
    told = [
        (i, row)
        for i, row in enumerate(rows)
        if not (names >= row.keys() and all(map(_is_nothing, row.values())))
    ]
    read = tuple(_fields(field.columns, row, f"{where}[{i}].", faults, i) for i, row in told)
    if not told and field.required:
        faults.append(_missing(where, field))
    faults += _twice(field, read, where)
    return None if len(faults) > before else read


def _too_many(where: str) -> Fault:
    return fault.of(where, "there are more than {most} rows", "record it as several acts", most=ROWS_MOST)


def _twice(field: Field, rows: tuple[Values, ...], where: str) -> Iterator[Fault]:
    """A new number is given to one row."""
    if not any(column.type is Type.NEW and column.name == "number" for column in field.columns):
        return
    seen: set[str] = set()
    for row in rows:
        number = row.text("number")
        if number and number in seen:
            yield fault.of(f"{where}[{row.row}].number", "the number {sample} stands here twice",
                           "give each daughter a number of its own", sample=number)  # fmt: skip
        seen.add(number)


def pasted(text: str, columns: tuple[Field, ...]) -> list[dict[str, str]] | Fault:
    """Return the rows of a table that was pasted: parted by tabs, or by commas where it has no tab.

    The first line may name the columns by their names or labels, in any order; without that they stand in the order of
    `columns`. A cell that holds the comma itself stands in double quotes, as a spreadsheet writes it.
    """
    lines = [line for line in text.replace("\r\n", "\n").split("\n") if line.strip()]
    parted = "\t" if any("\t" in line for line in lines) else ","
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter=parted, strict=True)]
    except csv.Error:
        return fault.of("table", "the table cannot be read: a quotation mark is not closed",
                        "paste it from the spreadsheet again")  # fmt: skip
    names = {word.casefold(): field.name for field in columns for word in (field.label, field.name)}
    head = [names.get(cell.casefold(), "") for cell in rows[0]] if rows else []
    if head and all(head):
        rows = rows[1:]
    else:
        head = [field.name for field in columns]
    if any(len(row) > len(head) for row in rows):
        return fault.of("table", "a row has more cells than the table has columns",
                        "name the columns in a first line, and put a cell that holds a comma in quotation marks")  # fmt: skip
    return [dict(zip(head, row, strict=False)) for row in rows]


# -- single values ---------------------------------------------------------------------------------------------

_NOT_SEEN: Final = re.compile(f"[{UNSEEN}\ud800-\udfff]")
_NUMBER: Final = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,9})?")
_MOMENT: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?", re.ASCII
)
_KEY_MOST: Final = 120


def _text(field: Field, given: str, where: str) -> Value | Fault:
    text = unicodedata.normalize("NFC", given)
    if _NOT_SEEN.search(re.sub(r"[\n\t]", "", text)):
        return fault.of(where, "there is a character here that cannot be seen", "type it again")
    if len(text) > field.most:
        return fault.of(where, "the text is longer than {most} characters", "shorten it", most=field.most)
    return text


def _moment(field: Field, given: str, where: str) -> Value | Fault:  # noqa: ARG001
    """A moment to the second, in UTC where no offset is told; it is kept in UTC."""
    todo = "write it as 2026-03-14T09:30Z"
    match = _MOMENT.fullmatch(given)
    if not match:
        return fault.of(where, "“{text}” is not a moment", todo, text=given[:40])
    day, minute, second, zone = match.groups()
    try:
        at = datetime.fromisoformat(f"{day}T{minute}{second or ':00'}{(zone or 'Z').replace('Z', '+00:00')}")
        if not timedelta(-1) < (at.utcoffset() or timedelta()) < timedelta(1):
            return fault.of(where, "“{text}” is not a moment", todo, text=given[:40])
        return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")
    except (ValueError, OverflowError):
        return fault.of(where, "“{text}” is not a moment", todo, text=given[:40])


def _mass(field: Field, given: str, where: str) -> Value | Fault:  # noqa: ARG001
    return mass.read(given, where)


def _number(field: Field, given: str, where: str) -> Value | Fault:
    if not _NUMBER.fullmatch(given):
        return fault.of(where, "“{text}” is not a number", "write it with a point for the decimals{unit}",
                        text=given[:40], unit=f" ({field.unit})" if field.unit else "")  # fmt: skip
    if given.startswith("-"):
        return fault.of(where, "“{text}” is below zero", "write a number of zero or more", text=given[:40])
    return Decimal(given)


def _sample(field: Field, given: str, where: str) -> Value | tuple[Fault, ...]:  # noqa: ARG001
    number = unicodedata.normalize("NFC", given)
    return samples.check_number(number, where) or number


def _name(field: Field, given: str, where: str) -> Value | Fault | tuple[Fault, ...]:
    """The name of a thing that was set up before: a place, a tool, an instrument, a person, a sample."""
    if field.type in (Type.SAMPLE, Type.SAMPLES, Type.NEW):
        return _sample(field, given, where)
    name = unicodedata.normalize("NFC", given)
    if len(name) > _KEY_MOST or _NOT_SEEN.search(name):
        return fault.of(where, "“{name}” is not a name", "write it as it stands on the label", name=name[:40])
    return name


def _holder(field: Field, given: str, where: str) -> Value | Fault | tuple[Fault, ...]:
    if ledger.is_holder(given):
        return _name(field, given, where)
    return fault.of(where, "“{holder}” is not a holder",
                    "use origin:, place:, transit:, loan:, given:, missing: or drift: with a key, or "
                    "spent:attrition, spent:consumption or spent:destruction", holder=given[:60])  # fmt: skip


def _choice(field: Field, given: str, where: str) -> Value | Fault:
    words = {word.casefold(): one.word for one in field.choices for word in (one.label, one.word)}
    found = words.get(given.casefold())
    if found is None:
        return fault.of(where, "“{word}” is not one of the words here", "use one of: {words}",
                        word=given[:40], words=", ".join(one.word for one in field.choices))  # fmt: skip
    return found


_READERS: Final[dict[Type, Callable[[Field, str, str], Value | Fault | tuple[Fault, ...]]]] = {
    Type.TEXT: _text,
    Type.MOMENT: _moment,
    Type.MASS: _mass,
    Type.NUMBER: _number,
    Type.SAMPLE: _name,
    Type.NEW: _name,
    Type.PLACE: _name,
    Type.HOLDER: _holder,
    Type.PERSON: _name,
    Type.INSTRUMENT: _name,
    Type.CHOICE: _choice,
}
