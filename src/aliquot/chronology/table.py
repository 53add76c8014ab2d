"""What do the rows of a request say? Their columns found, their units and errors made one, each cell checked.

What comes out has concentrations in ppm, ages in Ma and errors as one standard deviation, absolute. An omitted row
is not read at all. The first rule that is broken is raised (`refusal`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from aliquot.chronology import fields, layouts
from aliquot.chronology.distributions import Z95
from aliquot.chronology.fields import Json, Settings
from aliquot.chronology.layouts import Layout
from aliquot.chronology.refusal import NotDatable, Rule
from aliquot.chronology.regression import Floats

LARGEST: Final = (
    1e60  # what lies beyond, or an error below its inverse, is no measurement: powers of it overflow
)
_SIGMAS: Final = {"1s": 1.0, "2s": 2.0, "95%": Z95}
_CONCENTRATIONS: Final = {"ppm": 1.0, "ppb": 1e-3, "wt%": 1e4}
_TIMES: Final = {"Ma": 1.0, "Ga": 1e3, "ka": 1e-3}


@dataclass(frozen=True, slots=True)
class Omitted:
    """A row that the request leaves out, and why."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that are read: their numbers, and each column as an array."""

    layout: Layout
    rows: tuple[int, ...]
    columns: Mapping[str, Floats]
    omitted: tuple[Omitted, ...]

    def __getitem__(self, name: str) -> Floats:
        return self.columns[name]

    def pair(self, name: str) -> tuple[Floats, Floats]:
        """Return a column and its errors."""
        return self.columns[name], self.columns[f"s_{name}"]


@dataclass(frozen=True, slots=True)
class Sketch:
    """The rows as they were given, and what can be said of them before any is read."""

    rows: Sequence[object]
    names: tuple[str, ...] | None
    columns: tuple[str, ...]
    layout: Layout
    errors: Json
    units: Json | None


def sketch(given: Json, settings: Settings) -> Sketch:
    """Return the layout of the rows, found from their columns or named."""
    rows, named = _list_of(given.get("rows")), _list_of(given.get("columns"))
    names = None if named is None else tuple(map(str, named))
    rows = rows or ()
    columns = names if names is not None else _keys(rows, _numbers_of(given.get("omit")))
    among = layouts.of(settings.task, settings.clock)
    wanted = given.get("layout")
    if wanted is not None:
        among = tuple(each for each in among if each.name == wanted)
        if not among:
            raise NotDatable(
                Rule.UNKNOWN_FIELD, f"the layout {wanted} is none of this task and clock", "leave layout out"
            )
    errors, units = given.get("errors"), given.get("units") or {}
    return Sketch(
        rows, names, columns, layouts.likeliest(columns, among),
        errors if isinstance(errors, Mapping) else {}, units if isinstance(units, Mapping) else None,
    )  # fmt: skip


def _list_of(value: object) -> Sequence[object] | None:
    """Return what is a list, None where it is none."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else None


def _keys(rows: Sequence[object], omitted: frozenset[int]) -> tuple[str, ...]:
    """Return the names that stand in rows written as objects, in their order; those of omitted rows do not count."""
    kept = [row for at, row in enumerate(rows, 1) if at not in omitted] or rows
    return tuple(dict.fromkeys(str(key) for row in kept if isinstance(row, Mapping) for key in row))


def _numbers_of(omit: object) -> frozenset[int]:
    rows = (each.get("row") for each in _list_of(omit) or () if isinstance(each, Mapping))
    return frozenset(row for row in rows if isinstance(row, int) and not isinstance(row, bool))


def check_fields(given: Json, settings: Settings, drawn: Sketch) -> None:
    """Raise `NotDatable` where a field is missing that the task, the clock or the columns need."""
    if _list_of(given.get("rows")) is None:
        raise _missing("rows", "rows are a list of lists, or a list of objects")
    if drawn.names is None and any(_list_of(row) is not None for row in drawn.rows):
        raise _missing("columns", "rows written as lists need the names of their columns")
    if drawn.names is None and given.get("columns") is not None:
        raise _missing("columns", "columns are a list of names")
    _check_errors(given, drawn)
    _check_argon(given, settings, drawn)
    if settings.task == "recalculate":
        for name in ("from", "to"):
            if given.get(name) is None:
                raise _missing(name, "recalculation goes from one object of constants to another")
    _check_initial(given, settings, drawn)


def _check_errors(given: Json, drawn: Sketch) -> None:
    exceptions = drawn.errors.get("columns")
    if any(each is not None and not isinstance(each, Mapping) for each in (given.get("errors"), exceptions)):
        raise _missing("errors", "errors are an object with level and kind, and exceptions under columns")
    for name in drawn.columns:
        for part, words in (("level", fields.LEVELS), ("kind", fields.KINDS)):
            if name.startswith("s_") and _error_is(drawn.errors, name, part) not in words:
                raise _missing(
                    f"errors.{part}", f"errors need a {part}, one of {', '.join(words)}, for {name}"
                )


def _check_argon(given: Json, settings: Settings, drawn: Sketch) -> None:
    if settings.clock != "Ar-Ar":
        return
    if settings.task == "recalculate":
        if monitor(given) is None:
            raise _missing("monitor_age_ma", "it is a number above 0, or such numbers under from and to")
    elif settings.task in {"isochron", "age", "plateau"} and drawn.layout.name != "steps":
        there = "J" in drawn.columns or j_of(given) is not None
        if not there:
            raise _missing("J", "J is [value above 0, one standard deviation], or the columns J and s_J")


def _check_initial(given: Json, settings: Settings, drawn: Sketch) -> None:
    """Raise `NotDatable` where measured ratios are to be dated and their initial ratio is not as it must be."""
    clock, value = settings.clock or "", given.get("initial")
    if settings.task not in {"age", "plateau"} or clock == "U-Pb" or drawn.layout.name in {"ratio", "steps"}:
        return
    names = ("Pb206Pb204", "Pb207Pb204") if clock == "Pb-Pb" else (layouts.LINES[clock][0][1],)
    if settings.initial_from or (value is None and clock in {"Pb-Pb", "Ar-Ar"}):
        return
    for name in names:
        if name not in settings.initial:
            raise _missing(
                "initial", f"an age of measured ratios needs the initial {name}, a number or [value, error]"
            )
    if isinstance(value, Mapping) and len(value) > len(names):
        raise _missing("initial", f"of this clock it has {' and '.join(names)} alone")


def j_of(given: Json) -> fields.Pair | None:
    """Return the field J with its error, or None where it is not [value above 0, error]."""
    value = given.get("J")
    found = None if fields.is_number(value) else fields.pair(value)
    return found if found and found[0] > 0 else None


def monitor(given: Json) -> tuple[float, float] | None:
    """Return the monitor's age before and after, in Ma."""
    value = given.get("monitor_age_ma")
    ages = (value.get("from"), value.get("to")) if isinstance(value, Mapping) else (value, value)
    if not all(fields.is_number(each) and fields.number(each) > 0 for each in ages):
        return None
    return fields.number(ages[0]), fields.number(ages[1])


def _missing(name: str, todo: str) -> NotDatable:
    return NotDatable(Rule.MISSING_FIELD, f"the field {name} is missing or cannot be read", todo)


def _error_is(errors: Json, column: str, part: str) -> object:
    """Return level or kind of a column of errors: its own exception first."""
    exceptions = errors.get("columns")
    own = exceptions.get(column) if isinstance(exceptions, Mapping) else None
    found = own.get(part) if isinstance(own, Mapping) else None
    return found if found is not None else errors.get(part)


def read(given: Json, settings: Settings, drawn: Sketch) -> Table:
    """Return the rows that are kept; raise `NotDatable` for the first thing that is wrong with rows or columns."""
    omitted_now = _numbers_of(given.get("omit"))
    _check_shape(drawn, omitted_now)
    ignored = settings.model == 2 and not any(name.startswith("s_") for name in drawn.columns)
    _check_columns(drawn, ignored=ignored and settings.task in {"york", "isochron", "discordia"})
    factors = _factors(drawn)
    omitted = _omitted(given.get("omit"), len(drawn.rows))
    gone = {each.row for each in omitted}
    kept = [at for at in range(1, len(drawn.rows) + 1) if at not in gone]
    _check_count(len(kept), settings)
    scales = _scales(drawn, factors)
    cells = [_read_row(at, drawn.rows[at - 1], drawn, scales) for at in kept]
    return _table(drawn, kept, cells, omitted, ignored=ignored)


def read_omitted(given: Json, settings: Settings) -> Table:
    """Return the omitted rows as far as they can be read: to be drawn, never to be counted."""
    drawn = sketch(given, settings)
    scales = _scales(drawn, _factors(drawn))
    kept, cells = [], []
    for each in _omitted(given.get("omit"), len(drawn.rows)):
        with contextlib.suppress(NotDatable, ValueError):  # an omitted row may be anything
            cells.append(_read_row(each.row, drawn.rows[each.row - 1], drawn, scales))
            kept.append(each.row)
    return _table(drawn, kept, cells, (), ignored=not any(name.startswith("s_") for name in drawn.columns))


def _table(
    drawn: Sketch, kept: Sequence[int], cells: Sequence[Mapping[str, float]], omitted: tuple[Omitted, ...],
    *, ignored: bool,
) -> Table:  # fmt: skip
    read_ = drawn.layout.wanted if not ignored else (*drawn.layout.plain, *drawn.layout.measured)
    names = [
        *read_,
        *(name for name in ("Ar39", "J", "s_J", "rho") if name in drawn.columns and name not in read_),
    ]
    columns = {name: np.array([each.get(name, 0.0) for each in cells], dtype=float) for name in names}
    return Table(drawn.layout, tuple(kept), columns, omitted)


def _check_shape(drawn: Sketch, omitted: frozenset[int]) -> None:
    wrong = []
    for at, row in enumerate(drawn.rows, 1):
        if at in omitted:
            continue
        if drawn.names is None:
            wrong += [] if isinstance(row, Mapping) else [at]
        elif not isinstance(row, Sequence) or isinstance(row, str) or len(row) != len(drawn.names):
            wrong.append(at)
    if wrong:
        shape = f"a list of {len(drawn.names)} values" if drawn.names is not None else "an object"
        raise NotDatable(Rule.ROW_LENGTH, f"each row must be {shape}", "give a value for each column, null for none",
                         rows=tuple(wrong))  # fmt: skip


def _check_columns(drawn: Sketch, *, ignored: bool) -> None:
    layout, columns = drawn.layout, drawn.columns
    if not columns and not drawn.rows:
        return
    wanted = (*layout.plain, *layout.measured) if ignored else layout.wanted
    if "J" in columns or "s_J" in columns:
        wanted = (*wanted, *(name for name in ("J", "s_J") if name in layout.optional))
    if absent := [name for name in wanted if name not in columns]:
        raise NotDatable(Rule.MISSING_COLUMN, f"the layout {layout.name} needs {', '.join(absent)}",
                         "add the columns, or choose another layout")  # fmt: skip
    extra = [name for name in columns if not layout.knows(name)]
    extra += [name for name in set(columns) if columns.count(name) > 1]
    exceptions = drawn.errors.get("columns")
    extra += (
        [str(name) for name in exceptions if name not in columns] if isinstance(exceptions, Mapping) else []
    )
    if extra:
        raise NotDatable(Rule.UNKNOWN_COLUMN, f"the layout {layout.name} has no place for {', '.join(sorted(extra))[:200]}",
                         "leave it out, and name no column twice")  # fmt: skip


def _factors(drawn: Sketch) -> Mapping[str, float]:
    """Return by what each column is multiplied to be in ppm or Ma."""
    found: dict[str, float] = {}
    if drawn.units is None:
        raise NotDatable(
            Rule.BAD_UNIT, "units is not an object", "name columns and their units, or leave it out"
        )
    for name, unit in drawn.units.items():
        if drawn.layout.name == layouts.CONCENTRATIONS and name in drawn.layout.measured[:2]:
            known = _CONCENTRATIONS
        else:
            known = _TIMES if name == "age" and name in drawn.layout.measured else {}
        if not isinstance(unit, str) or unit not in known:
            todo = (
                f"give one of {', '.join(known)}" if known else "give units for concentrations and ages alone"
            )
            raise NotDatable(Rule.BAD_UNIT, f"the column {name[:40]} has no such unit", todo)
        found[name] = found[f"s_{name}"] = known[unit]
    return found


def _omitted(value: object, count: int) -> tuple[Omitted, ...]:
    if value is None:
        return ()
    found: dict[int, Omitted] = {}
    for each in value if isinstance(value, Sequence) and not isinstance(value, str) else (None,):
        row = each.get("row") if isinstance(each, Mapping) else None
        reason = each.get("reason") if isinstance(each, Mapping) else None
        if not isinstance(row, int) or isinstance(row, bool) or not 1 <= row <= count or row in found:
            raise NotDatable(
                Rule.BAD_OMIT,
                "omit names a row that is not there, or names it twice",
                f"name rows from 1 to {count}",
            )
        if not isinstance(reason, str) or not reason.strip():
            raise NotDatable(
                Rule.BAD_OMIT, "a row is omitted without a reason", "say why under reason", rows=(row,)
            )
        found[row] = Omitted(row, reason)
    return tuple(found[row] for row in sorted(found))


def _check_count(count: int, settings: Settings) -> None:
    task = settings.task
    needed = 1
    if task in {"york", "isochron", "discordia"}:
        needed = 2 if settings.model == 1 else 3
    elif task in {"mean", "plateau"} or (task == "age" and settings.initial_from):
        needed = 2
    if count < needed:
        raise NotDatable(
            Rule.TOO_FEW_ROWS,
            f"{count} {'row is' if count == 1 else 'rows are'} left, and {needed} are needed at least",
            "give more rows, or omit fewer",
        )


def _scales(drawn: Sketch, factors: Mapping[str, float]) -> Mapping[str, tuple[float, bool]]:
    """Return by what each column is multiplied to be in its unit and one sigma, and whether it is relative."""
    found = {}
    for name in drawn.columns:
        scale, relative = factors.get(name, 1.0), False
        if name.startswith("s_"):
            relative = _error_is(drawn.errors, name, "kind") == "percent"
            scale = (0.01 if relative else scale) / _SIGMAS[str(_error_is(drawn.errors, name, "level"))]
        if name != "label":
            found[name] = (scale, relative)
    return found


def _read_row(
    at: int, row: object, drawn: Sketch, scales: Mapping[str, tuple[float, bool]]
) -> dict[str, float]:
    """Return the numbers of a row, in ppm, Ma and one standard deviation."""
    given: Mapping[str, object] = row if isinstance(row, Mapping) else {}
    if drawn.names is not None:
        given = dict(zip(drawn.names, _list_of(row) or (), strict=True))
    found: dict[str, float] = {}
    for name, (scale, _) in scales.items():
        value = given.get(name)
        if value is None and (name.startswith("s_") or name == "rho"):
            continue
        if not fields.is_number(value):
            raise NotDatable(
                Rule.NOT_A_NUMBER, f"{name} is missing or not a number", "give it as a number, or omit the row",
                rows=(at,),
            )  # fmt: skip
        found[name] = fields.number(value) * scale
        if abs(found[name]) > LARGEST:
            raise NotDatable(
                Rule.NOT_A_NUMBER, f"{name} is too large to be computed with", "see whether its unit is right",
                rows=(at,),
            )  # fmt: skip
    for name, (_, relative) in scales.items():
        if name.startswith("s_"):
            found[name] = found.get(name, 0.0) * (
                abs(found[name[2:]]) if relative and name[2:] in found else 1.0
            )
            if not found[name] > 1 / LARGEST:
                raise NotDatable(
                    Rule.BAD_ERROR, f"{name} is missing, zero or below zero", "give the error, or omit the row",
                    rows=(at,),
                )  # fmt: skip
    if not -1 < found.get("rho", 0.0) < 1:
        raise NotDatable(
            Rule.BAD_CORRELATION, "rho is not between -1 and 1", "give it with all its digits, or omit the row",
            rows=(at,),
        )  # fmt: skip
    _check_derived(at, found, drawn.layout)
    return found


def _check_derived(at: int, found: Mapping[str, float], layout: Layout) -> None:
    """Raise `NotDatable` where a row cannot be turned into what is fitted, or contradicts itself."""
    divisors: tuple[str, ...] = ()
    if layout.name in {layouts.THREE, layouts.CONCENTRATIONS}:
        divisors = layout.measured[:2] if layout.name == layouts.CONCENTRATIONS else layout.measured
    if "J" in layout.optional and "J" in found:
        divisors = (*divisors, "J")
    for name in divisors:
        positive = found[name] > 0 or (layout.name == layouts.THREE and found[name] < 0 and name != "J")
        if not positive:
            raise NotDatable(
                Rule.NOT_A_NUMBER, f"{name} is {found[name]:.6g}, by which nothing can be divided",
                "give the amount that was measured, or omit the row", rows=(at,),
            )  # fmt: skip
    if any(found[name] < 0 for name in layout.plain):
        raise NotDatable(
            Rule.NOT_A_NUMBER, f"{layout.plain[0]} is below zero", "give the share that was released, or omit the row",
            rows=(at,),
        )  # fmt: skip
    if layout.name == layouts.THREE:
        rx, ry, rz = (found[f"s_{name}"] / found[name] for name in layout.measured)
        if not abs(rx**2 + ry**2 - rz**2) < abs(2 * rx * ry):
            raise NotDatable(
                Rule.BAD_CORRELATION, "the errors of the three ratios contradict each other",
                "give them with more digits, or two ratios and rho", rows=(at,),
            )  # fmt: skip
