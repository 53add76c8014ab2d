"""Where do two catalogues of the same samples disagree on a mass, and what is the likely cause?

Two tables and a comparison (a TOML file that names their columns) in; statements that agree, that do not, and that
cannot be compared out. A cause is a guess by rule, never a decision: who decides writes down why. Masses are
integers of nanograms; no float is on the way.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from typing import Any, Final

from aliquot import fault, mass
from aliquot.fault import Fault, Refused

# The likely causes, in the order in which they are tried.
CAUSES: Final[dict[str, str]] = {
    "none-here": "The second catalogue has no mass",
    "none-there": "The first catalogue has no mass",
    "of-a-split": "The first catalogue's line speaks of a split, not of the whole",
    "shared": "The first catalogue gives one mass for several neighbouring samples",
    "power-of-ten": "A decimal point or a unit has slipped",
    "one-digit": "One digit differs, or two have changed places",
    "whole-soil": "The first gives the whole soil, the second a sieve fraction of it",
    "part": "One of them is less than half of the other: a part, or another sample",
    "near": "They are within a tenth of each other: another weighing, or wear",
    "unexplained": "No rule explains it",
}
DECISIONS: Final = ("left", "right", "both", "ask")


@dataclass(frozen=True, slots=True)
class Side:
    """How one of the two tables is read: which column has the number, the mass and its unit."""

    name: str
    number: str
    mass: str
    unit: str = ""
    unit_column: str = ""
    units: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    label: str = ""
    leave_out: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two sides, and how far apart two statements may be: whichever of share and mass allows more."""

    key: str
    title: str
    left: Side
    right: Side
    tolerance_permille: int
    tolerance_ng: int


@dataclass(frozen=True, slots=True)
class Statement:
    """What one line says of one sample; `left_out` says why it cannot be compared, if it cannot."""

    number: str
    mass_ng: int | None
    text: str
    line: int
    kind: str = ""
    label: str = ""
    left_out: str = ""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Two statements that cannot both be right within the tolerance, with the likely cause."""

    left: Statement
    right: Statement
    cause: str


@dataclass(frozen=True, slots=True)
class Compared:
    """What came of it. `left_out` are lines of the left that could not be compared."""

    compared: int
    disagreements: tuple[Disagreement, ...]
    only_left: tuple[str, ...]
    only_right: tuple[str, ...]
    left_out: tuple[Statement, ...]

    @property
    def agreeing(self) -> int:
        """How many lines of the left agree with the right."""
        return self.compared - len(self.disagreements)


# -- the comparison's own file -------------------------------------------------------------------------------

_KEYS: Final = ("key", "title", "tolerance_percent", "tolerance_mass", "left", "right")
_SIDE_KEYS: Final = ("name", "number", "mass", "unit", "unit_column", "units", "kind", "label", "leave_out")


def shipped() -> tuple[str, ...]:
    """Return the names of the comparisons that ship with the library."""
    found = (path.name for path in files("aliquot.formats.comparisons").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


def load(key: str) -> Comparison:
    """Return the shipped comparison of that name; raise `Refused` where there is none."""
    if key not in shipped():
        raise Refused([fault.of("comparison", "there is no comparison “{key}”", "use one of: {names}",
                                key=key[:60], names=", ".join(shipped()))])  # fmt: skip
    return read_comparison(
        files("aliquot.formats.comparisons").joinpath(f"{key}.toml").read_text("utf-8"), key
    )


def read_comparison(text: str, where: str) -> Comparison:
    """Return the comparison that the TOML states; raise `Refused` with every fault of it."""
    try:
        table = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise Refused([fault.of(where, "the file is not TOML: {error}", "mend it there",
                                error=str(error)[:200])]) from error  # fmt: skip
    fault.refuse_if([*_check_keys(where, table, _KEYS, ("key", "title", "left", "right")),
                     *_check_sides(where, table), *_check_tolerance(where, table)])  # fmt: skip
    tolerance = mass.read(str(table.get("tolerance_mass", "0 g")))
    return Comparison(
        key=str(table["key"]),
        title=str(table["title"]),
        left=_side(table["left"]),
        right=_side(table["right"]),
        tolerance_permille=int(Decimal(str(table.get("tolerance_percent", "0"))) * 10),
        tolerance_ng=tolerance if isinstance(tolerance, int) else fault.bug("a tolerance was not checked"),
    )


def _side(table: Mapping[str, Any]) -> Side:
    texts = {name: str(table.get(name, "")) for name in _SIDE_KEYS if name not in ("units", "leave_out")}
    out = tuple(
        (str(each["column"]), str(each["value"]), str(each["why"])) for each in table.get("leave_out", ())
    )
    units = tuple((str(word), str(unit)) for word, unit in table.get("units", {}).items())
    return Side(**texts, units=units, leave_out=out)


def _check_keys(
    where: str, table: Mapping[str, Any], known: Sequence[str], needed: Sequence[str]
) -> Iterator[Fault]:
    for name in needed:
        if not table.get(name):
            yield fault.of(where, "“{name}” is missing", "give it", name=name)
    for name in sorted(table.keys() - set(known)):
        yield fault.of(where, "“{name}” is not a key of a comparison", "use one of: {keys}",
                       name=name[:60], keys=", ".join(known))  # fmt: skip


def _check_sides(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("left", "right"):
        side, place = table.get(name), f"{where}: {name}"
        if not isinstance(side, dict):
            yield fault.of(place, "this side is not a table of keys", "write it under [{name}]", name=name)
            continue
        yield from _check_keys(place, side, _SIDE_KEYS, ("name", "number", "mass"))
        units = side.get("units", {})
        stated = [side["unit"]] if "unit" in side else list(units.values()) if isinstance(units, dict) else []
        if not stated or any(unit not in mass.UNITS for unit in stated):
            yield fault.of(place, "the unit of the mass is not said", "give unit, or unit_column with units: {units}",
                           units=", ".join(mass.UNITS))  # fmt: skip
        for each in side.get("leave_out", ()):
            if not isinstance(each, dict) or each.keys() != {"column", "value", "why"}:
                yield fault.of(
                    place, "a rule for leaving lines out is not whole", "give column, value and why"
                )


def _check_tolerance(where: str, table: Mapping[str, Any]) -> Iterator[Fault]:
    percent = str(table.get("tolerance_percent", "0"))
    if not re.fullmatch(r"[0-9]{1,2}(\.[0-9])?", percent):
        yield fault.of(where, "“tolerance_percent” is not a share from 0 to 99.9",
                       "write at most one decimal, such as 0.5")  # fmt: skip
    said = mass.read(str(table.get("tolerance_mass", "0 g")), f"{where}: tolerance_mass")
    if isinstance(said, Fault):
        yield said


# -- the tables ----------------------------------------------------------------------------------------------


def read(data: bytes, side: Side) -> tuple[Statement, ...]:
    """Return what each line of a CSV table in UTF-8 says; raise `Refused` with every fault of its cells."""
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused([fault.of(side.name, "the table cannot be read: {error}", "save it as CSV in UTF-8",
                                error=str(error)[:120])]) from error  # fmt: skip
    header = rows[0] if rows else []
    wanted = [side.number, side.mass, *filter(None, (side.unit_column, side.kind, side.label)),
              *(column for column, _, _ in side.leave_out)]  # fmt: skip
    fault.refuse_if(
        fault.of(
            side.name,
            "the column “{column}” is missing or there twice",
            "name it once in the header",
            column=name,
        )
        for name in dict.fromkeys(wanted)
        if header.count(name) != 1
    )
    faults: list[Fault] = []
    found: list[Statement] = []
    for line, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            faults.append(fault.of(f"{side.name}, line {line}", "the row has {count} cells, the header {due}",
                                   "give each column one cell", count=len(row), due=len(header)))  # fmt: skip
            continue
        said = _statement(dict(zip(header, (cell.strip() for cell in row), strict=True)), line, side)
        if isinstance(said, Fault):
            faults.append(said)
        else:
            found.append(said)
    fault.refuse_if(faults)
    return tuple(found)


def _statement(row: Mapping[str, str], line: int, side: Side) -> Statement | Fault:
    where = f"{side.name}, line {line}"
    number, text = row[side.number], row[side.mass]
    if not number:
        return fault.of(where, "the number is blank", "fill it in")
    kind, label = row.get(side.kind, ""), row.get(side.label, "")
    out = next((why for column, value, why in side.leave_out if row[column] == value), "")
    if not text:
        return Statement(number, None, "", line, kind, label, out or "no mass is stated")
    word = row.get(side.unit_column, "")
    unit = side.unit or dict(side.units).get(word, "")
    if not unit:
        return fault.of(where, "the unit “{word}” is not known", "name it under units", word=word[:40])
    said = mass.read(f"{text.replace(',', '')} {unit}", where)
    if isinstance(said, Fault):
        return said
    return Statement(number, said, f"{text} {unit}", line, kind, label, out)


# -- side by side --------------------------------------------------------------------------------------------


def compare(left: Iterable[Statement], right: Iterable[Statement], by: Comparison) -> Compared:
    """Hold each statement of the left against the right's of the same number. The right states a number once."""
    there = {each.number: each for each in right}
    told = tuple(left)
    usable = [each for each in told if not each.left_out and each.number in there]
    given = Counter(_near(each) for each in usable)
    apart = [(each, there[each.number]) for each in usable if not _agree(each, there[each.number], by)]
    named = {each.number for each in told}
    return Compared(
        compared=len(usable),
        disagreements=tuple(Disagreement(one, other, _cause(one, other, given)) for one, other in apart),
        only_left=tuple(sorted(named - there.keys())),
        only_right=tuple(sorted(there.keys() - named)),
        left_out=tuple(each for each in told if each.left_out),
    )


def _agree(one: Statement, other: Statement, by: Comparison) -> bool:
    if one.mass_ng is None or other.mass_ng is None:
        return one.mass_ng == other.mass_ng
    allowed_ng = max(by.tolerance_ng, other.mass_ng * by.tolerance_permille // 1000)
    return abs(one.mass_ng - other.mass_ng) <= allowed_ng


def _near(one: Statement) -> tuple[str, int | None]:
    """What neighbours share whose page gives one mass for all: the beginning of the number, and the mass."""
    return one.number[:3], one.mass_ng


def _cause(one: Statement, other: Statement, given: Mapping[tuple[str, int | None], int]) -> str:
    """Return the first cause of `CAUSES` whose rule holds."""
    if not other.mass_ng:
        return "none-here"
    if not one.mass_ng:
        return "none-there"
    less_ng, more_ng = sorted((one.mass_ng, other.mass_ng))
    if re.match(r",\s*[0-9]", one.label):
        return "of-a-split"
    if given[_near(one)] > 1:
        return "shared"
    if any(abs(more_ng - less_ng * 10**power) * 100 <= more_ng for power in (1, 2, 3, 6)):
        return "power-of-ten"
    if _nearly_same_digits(one.text, other.text):
        return "one-digit"
    if other.kind == "Soil" and one.mass_ng > other.mass_ng:
        return "whole-soil"
    if less_ng * 2 < more_ng:
        return "part"
    return "near" if (more_ng - less_ng) * 10 <= more_ng else "unexplained"


def _nearly_same_digits(one: str, other: str) -> bool:
    """Whether two decimals of equal length differ in one digit, or in two that changed places."""
    first, second = _digits(one), _digits(other)
    if not first or len(first) != len(second):
        return False
    differ = [(a, b) for a, b in zip(first, second, strict=True) if a != b]
    swapped = len(differ) == 2 and differ[0] == differ[1][::-1]
    return len(first) > 2 and (len(differ) == 1 or swapped)


def _digits(text: str) -> str:
    """Return the significant text of a mass, its point kept: `64.34 g` is `64.34`."""
    number = text.partition(" ")[0]
    try:
        return format(Decimal(number), "f")
    except InvalidOperation:
        return ""
