"""What does a catalogue table say, and what is wrong with it? Bytes and a mapping in; samples and findings out.

Checked column by column: each rule is one column of true and false, and sentences are made only for rows that
break one. Masses become integers of nanograms from their decimal text; no float is on the way. Knows neither
the catalogue nor the ledger, so it cannot say whether a number is taken.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Final

import polars as pl

from aliquot import mass, samples
from aliquot.formats import cells, findings
from aliquot.formats.fields import FIELDS, NEEDED, TEXTS
from aliquot.formats.findings import Finding, Rule
from aliquot.formats.mapping import Column, TableMapping

# Controls (C0, DEL, C1), and what turns or hides text: zero-width, direction and line marks.
_UNSEEN: Final = r"\x{7f}-\x{9f}\x{200b}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2060}-\x{2069}\x{feff}"
_CONTROL: Final = rf"[\x00-\x1f{_UNSEEN}]"
_CONTROL_IN_NOTES: Final = rf"[\x00-\x08\x0b\x0c\x0e-\x1f{_UNSEEN}]"
_PLAIN_NUMBER: Final = r"^[!-~]{1,100}$"
_MISSION: Final = r"^[a-z0-9][a-z0-9-]*$"
_SHARE_END: Final = 1_000_000  # the catalogue keeps four digits before the point and two after it


@dataclass(slots=True)
class Table:
    """A table that was read, or several as one. Every row of `samples` may be imported if no finding stands against it.

    Columns of `samples`: file (its name, where several were read), line, number, parent, the texts of `fields.TEXTS`, mass_ng (null: none recorded), share
    (hundredths of a percent still pristine, or null) and one for each further name, `name:KIND:PLACE`.
    """

    samples: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: list[Finding] = field(default_factory=list)
    rows: int = 0
    sha256: tuple[str, ...] = ()


Mended = Mapping[tuple[str, int, str], str]


def read_all(
    given: Sequence[tuple[str, bytes]],
    mapping: TableMapping,
    progress: Callable[[int], None] = lambda _: None,
    mended: Mended = MappingProxyType({}),
) -> Table:
    """Return what several tables of one kind say, as one; `given` has the name and the bytes of each.

    `mended` has what stands in some cells instead of what the file says, by file, line and column.
    """
    read_each = []
    for name, data in given:
        own = {(line, column): text for (file, line, column), text in mended.items() if file == name}
        read_each.append((name, read(data, mapping, progress, own)))
    if len(read_each) == 1:
        return read_each[0][1]
    whole = Table(rows=sum(table.rows for _, table in read_each))
    whole.sha256 = tuple(one for _, table in read_each for one in table.sha256)
    for name, table in read_each:
        whole.findings += [replace(one, file=name) for one in table.findings]
    frames = [
        table.samples.with_columns(file=pl.lit(name))
        for name, table in read_each
        if not table.samples.is_empty()
    ]
    if frames:
        whole.samples = pl.concat(frames)
        whole.findings += _repeated(whole.samples, mapping)
    order = {name: place for place, (name, _) in enumerate(read_each)}
    whole.findings.sort(key=lambda one: (order[one.file], one.line))
    return whole


def _repeated(samples: pl.DataFrame, mapping: TableMapping) -> Iterator[Finding]:
    """Yield the numbers that an earlier file has too."""
    column = next(column.name for column in mapping.columns if column.field == "number")
    first = samples.filter(pl.col("number").is_first_distinct()).select("number", "file", "line")
    again = samples.join(first, on="number", suffix="_first").filter(
        (pl.col("file") != pl.col("file_first")) & (pl.col("number") != "")
    )
    for row in again.select("file", "line", "number", "file_first", "line_first").rows():
        file, line, number, where, earlier = row
        yield Finding(line, column, findings.REPEATED_NUMBER, number, f"{earlier} of {where}", file)


def read(
    data: bytes,
    mapping: TableMapping,
    progress: Callable[[int], None] = lambda _: None,
    mended: Mapping[tuple[int, str], str] = MappingProxyType({}),
) -> Table:
    """Return what the table says and everything that is wrong with it, sorted by line."""
    given = cells.read(data, mapping, progress, mended)
    table = Table(findings=given.findings, rows=given.rows, sha256=(sha256(data).hexdigest(),))
    frame = given.frame
    if frame.height:
        told = _Told(frame[cells.LINE], table.findings)
        found = {"line": frame[cells.LINE]}
        for place, column in enumerate(mapping.columns):
            if column.name in frame.columns:
                name = f"name:{column.kind}:{place}" if column.field == "name" else column.field
                found[_STORED.get(name, name)] = _read_column(frame[column.name], column, mapping, told)
        table.samples = _samples(found, mapping)
    order = {column.name: place for place, column in enumerate(mapping.columns)}
    table.findings.sort(key=lambda each: (each.line, order.get(each.column, -1)))
    return table


_STORED: Final = {"mass": "mass_ng", "pristine": "share"}


def _samples(found: dict[str, pl.Series], mapping: TableMapping) -> pl.DataFrame:
    """Return all columns that a sample has; none where one is missing without which there is no sample."""
    constants = dict(mapping.constants)
    if any(_STORED.get(name, name) not in found and name not in constants for name in NEEDED):
        return pl.DataFrame()
    frame = pl.DataFrame(found)
    missing = [pl.lit(constants.get(name, "")).alias(name) for name in TEXTS if name not in found]
    numbers = [name for name in ("share", "mass_ng") if name not in found]
    missing += [pl.lit(None, dtype=pl.Int64).alias(name) for name in numbers]
    if mapping.parent:
        missing.append(pl.col("number").str.extract(_GENERIC, 1).fill_null("").alias("parent"))
    elif "parent" not in found:
        missing.append(pl.lit("").alias("parent"))
    return frame.with_columns(*missing, pl.lit("").alias("file"))


# How an Apollo number tells what it was split from: domain facts, section 2.2.
_GENERIC: Final = r"^([0-9]{5}),[0-9]{1,5}$"


@dataclass(frozen=True, slots=True)
class _Told:
    """Where findings are collected; `lines` are those of the rows."""

    lines: pl.Series
    findings: list[Finding]

    def tell(self, column: Column, rule: Rule, broken: pl.Series, values: pl.Series, other: str = "") -> None:
        """Note each row in which the rule is broken, with its value."""
        if broken.any():
            rows = zip(self.lines.filter(broken), values.filter(broken), strict=True)
            self.findings.extend(Finding(line, column.name, rule, value, other) for line, value in rows)


def _read_column(raw: pl.Series, column: Column, mapping: TableMapping, told: _Told) -> pl.Series:
    """Return the column's values, blank or null where there is none; tell what is wrong with it."""
    allowed = FIELDS[column.field]
    text = raw.str.strip_chars()
    told.tell(column, findings.STRAY_SPACE, raw != text, raw)
    hidden = text.str.contains(_CONTROL_IN_NOTES if column.field.startswith("note") else _CONTROL)
    told.tell(column, findings.CONTROL_CHARACTER, hidden, text)
    long = text.str.len_chars() > allowed.chars_max
    told.tell(column, findings.TOO_LONG, long, text, f"{allowed.chars_max:,}")
    blank = text == ""
    blank_rule = column.test("blank") or (findings.BLANK_CELL if column.required else None)
    if blank_rule:
        told.tell(column, blank_rule, blank, text)
    filled = ~(hidden | long | blank)
    for each in column.tests:
        if each.test == "unlike":
            told.tell(column, each.rule, filled & ~text.str.contains(rf"^(?:{each.limit})$"), text)
    reader = _READERS.get(column.field, _read_words)
    return reader(text, filled, column, mapping, told)


# -- what a cell says, by field ------------------------------------------------------------------------------


def _read_number(
    text: pl.Series, filled: pl.Series, column: Column, _: TableMapping, told: _Told
) -> pl.Series:
    """Numbers stand as given. Those of plain characters are numbers; the few others are looked at one by one."""
    odd = filled & ~text.str.contains(_PLAIN_NUMBER)
    for line, number in zip(told.lines.filter(odd), text.filter(odd), strict=True):
        for wrong in samples.check_number(number)[:1]:
            told.findings.append(Finding(line, column.name, findings.BAD_NUMBER, number, wrong.said))
    again = filled & text.is_duplicated() & ~text.is_first_distinct()
    if again.any():
        wanted = text.filter(again).unique().implode()
        chosen = text.is_in(wanted) & text.is_first_distinct()
        first = dict(zip(text.filter(chosen), told.lines.filter(chosen), strict=True))
        for line, number in zip(told.lines.filter(again), text.filter(again), strict=True):
            told.findings.append(
                Finding(line, column.name, findings.REPEATED_NUMBER, number, str(first[number]))
            )
    return text


def _read_words(
    text: pl.Series, filled: pl.Series, column: Column, mapping: TableMapping, told: _Told
) -> pl.Series:
    if column.values:
        known = [value for value, _ in column.values]
        told.tell(column, findings.UNKNOWN_VALUE, filled & ~text.is_in(known), text, ", ".join(known))
        return text.replace_strict(dict(column.values), default="", return_dtype=pl.String)
    words = list(mapping.use_classes) if column.field == "use_class" else list(FIELDS[column.field].words)
    if words:
        told.tell(column, findings.UNKNOWN_VALUE, filled & ~text.is_in(words), text, ", ".join(words))
    if column.field == "mission":
        told.tell(column, findings.BAD_MISSION, filled & ~text.str.contains(_MISSION), text)
    return text


def _read_mass(
    text: pl.Series, filled: pl.Series, column: Column, mapping: TableMapping, told: _Told
) -> pl.Series:
    """Return nanograms; null where no mass is recorded, which is also what an accepted zero says."""
    places = len(str(mass.UNITS[column.unit])) - 1
    shaped, fine, mass_ng = _decimals(text, places=places, decimal=mapping.decimal)
    told.tell(column, findings.BAD_MASS, filled & ~shaped, text, mapping.decimal)
    told.tell(column, findings.MASS_TOO_FINE, filled & shaped & fine, text)
    told.tell(column, findings.MASS_TOO_LARGE, filled & shaped & ~fine & mass_ng.is_null(), text)
    zero = (mass_ng == 0).fill_null(value=False)
    told.tell(column, column.test("zero") or findings.ZERO_MASS, filled & zero, text)
    _tell_bounds(mass_ng, text, filled & ~zero, column, told, places=places)
    return pl.select(pl.when(mass_ng > 0).then(mass_ng).alias("mass_ng")).to_series()


def _read_share(
    text: pl.Series, filled: pl.Series, column: Column, mapping: TableMapping, told: _Told
) -> pl.Series:
    shaped, fine, share = _decimals(text, places=2, decimal=mapping.decimal)
    unfit = ~shaped | fine | share.is_null() | (share >= _SHARE_END).fill_null(value=False)
    told.tell(column, findings.BAD_SHARE, filled & unfit, text, mapping.decimal)
    _tell_bounds(share, text, filled & ~unfit, column, told, places=2)
    return share


def _read_parent(
    text: pl.Series, filled: pl.Series, column: Column, _: TableMapping, told: _Told
) -> pl.Series:
    odd = filled & ~text.str.contains(_PLAIN_NUMBER)
    for line, number in zip(told.lines.filter(odd), text.filter(odd), strict=True):
        for wrong in samples.check_number(number)[:1]:
            told.findings.append(Finding(line, column.name, findings.BAD_NUMBER, number, wrong.said))
    return text


_READERS: Final = {
    "number": _read_number,
    "parent": _read_parent,
    "mass": _read_mass,
    "pristine": _read_share,
}


def _decimals(text: pl.Series, *, places: int, decimal: str) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return whether each text is a decimal, whether it has more places, and the integer of its digits.

    `1.25` with nine places is 1250000000: the digits are put together as text, and only then become a number.
    Null where it does not fit 64 bits.
    """
    pattern = rf"^([0-9]{{1,40}})(?:\{decimal}([0-9]{{1,40}}))?$"
    whole = text.str.extract(pattern, 1)
    rest = text.str.extract(pattern, 2).fill_null("").str.strip_chars_end("0")
    fine = rest.str.len_bytes() > places
    digits = whole + rest.str.pad_end(places, "0")
    return whole.is_not_null(), fine, digits.cast(pl.Int64, strict=False)


def _tell_bounds(
    numbers: pl.Series, text: pl.Series, filled: pl.Series, column: Column, told: _Told, *, places: int
) -> None:
    """Tell what is below or above the bounds that the mapping sets, compared as integers."""
    for each in column.tests:
        if each.test in ("below", "above"):
            limit = int(Decimal(each.limit).scaleb(places))
            broken = numbers < limit if each.test == "below" else numbers > limit
            told.tell(column, each.rule, filled & broken.fill_null(value=False), text)
