"""What does a request ask? Its fields read and checked, all but the rows.

The first rule that is broken is raised (`refusal`). A value that a field does not know counts as an unknown field.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aliquot.chronology import clocks, constants, layouts
from aliquot.chronology.constants import Chosen, Constant
from aliquot.chronology.refusal import NotDatable, Rule

TASKS: Final = ("york", "isochron", "mean", "age", "plateau", "concordia", "discordia", "recalculate")
CLOCKS: Final = (*layouts.LINES, "U-Pb")
SINGLE: Final = ("U238-Pb206", "U235-Pb207", "Pb207-Pb206", "Th232-Pb208")
NAMED: Final = (*CLOCKS, *SINGLE, "K-Ar")
# Which clocks a task takes; the first of those in _IMPLIED is meant where none is named.
CLOCKS_OF: Final = {
    "york": NAMED,
    "mean": NAMED,
    "isochron": tuple(layouts.LINES),
    "age": (*CLOCKS, *SINGLE),
    "plateau": ("Ar-Ar",),
    "concordia": ("U-Pb",),
    "discordia": ("U-Pb",),
    "recalculate": (*layouts.LINES, *SINGLE, "K-Ar"),
}
_IMPLIED: Final = {"plateau", "concordia", "discordia"}
FIELDS: Final = frozenset({
    "id", "note", "task", "clock", "form", "columns", "rows", "layout", "units", "errors", "J", "omit", "model",
    "overdispersed", "outlier_test", "random_effects", "initial", "constants", "external_errors", "alpha", "coverage",
    "from", "to", "monitor_age_ma",
})  # fmt: skip
LEVELS: Final = ("1s", "2s", "95%")
KINDS: Final = ("absolute", "percent")
LAYOUTS: Final = (
    layouts.NORMAL, layouts.INVERSE, layouts.THREE, layouts.CONCENTRATIONS, layouts.WETHERILL,
    layouts.TERA_WASSERBURG, "xy", "ages", "steps", "ratio",
)  # fmt: skip
_CHOICES: Final[Mapping[str, tuple[object, ...]]] = {
    "form": (layouts.NORMAL, layouts.INVERSE),
    "layout": LAYOUTS,
    "model": (1, 2, 3),
    "overdispersed": ("initial", "age"),
    "outlier_test": ("none", "chauvenet"),
    "random_effects": (False, True),
    "external_errors": (False, True),
    "coverage": LEVELS,
}
Pair = tuple[float, float]
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Settings:
    """The fields of a request that do not speak of rows, with their defaults filled in."""

    task: str
    clock: str | None
    form: str
    model: int
    by_age: bool
    chauvenet: bool
    random_effects: bool
    external: bool
    alpha: float
    coverage: str
    constants: Chosen
    before: Chosen
    after: Chosen
    initial: Mapping[str, Pair]
    initial_from: str | None


def read(given: Json) -> Settings:
    """Return the settings; raise `NotDatable` for an unknown field, task, clock or constant."""
    _check_names(given)
    _check_choices(given)
    task, clock = _task(given.get("task")), _named_clock(given.get("clock"))
    chosen = {name: _chosen(given.get(name), name) for name in ("constants", "from", "to")}
    if task is None:
        raise _missing("task", TASKS)
    clock = _clock(task, clock)
    alpha = given.get("alpha", 0.05)
    form = given.get("form") or (layouts.INVERSE if clock in {"Ar-Ar", "Pb-Pb"} else layouts.NORMAL)
    initial, initial_from = _initial(given.get("initial"), clock)
    return Settings(
        task=task,
        clock=clock,
        form=layouts.NORMAL if task == "york" else str(form),
        model=_model(given.get("model", 1), task),
        by_age=given.get("overdispersed") == "age",
        chauvenet=task == "mean" and given.get("outlier_test") == "chauvenet",
        random_effects=task in {"mean", "plateau"} and given.get("random_effects") is True,
        external=given.get("external_errors") is True,
        alpha=number(alpha) if is_number(alpha) else 0.05,
        coverage=str(given.get("coverage", "95%")),
        constants=chosen["constants"],
        before=chosen["from"],
        after=chosen["to"],
        initial=initial,
        initial_from=initial_from,
    )


def is_number(value: object) -> bool:
    """Whether this is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def number(value: object) -> float:
    """Return what `is_number` found to be one."""
    return float(value) if isinstance(value, int | float) else math.nan


def pair(value: object) -> Pair | None:
    """Return value and error of `value` or `[value, error]`, an error of 0 where none is given."""
    if is_number(value):
        return number(value), 0.0
    if not isinstance(value, Sequence) or isinstance(value, str) or len(value) != 2:
        return None
    fine = all(map(is_number, value)) and number(value[1]) >= 0
    return (number(value[0]), number(value[1])) if fine else None


def _shown(value: object) -> str:
    return f"“{value[:40]}”" if isinstance(value, str) else "of that kind"


def _unknown(name: str, within: str, known: Sequence[str]) -> NotDatable:
    return NotDatable(
        Rule.UNKNOWN_FIELD,
        f"{within} has no field {_shown(name)}",
        f"use those of {', '.join(sorted(known))}",
    )


_CONSTANTS_OBJECT: Final = frozenset({"set", "override"})
_INSIDE: Final[Mapping[str, frozenset[str]]] = {
    "errors": frozenset({"level", "kind", "columns"}),
    "constants": _CONSTANTS_OBJECT,
    "from": _CONSTANTS_OBJECT,
    "to": _CONSTANTS_OBJECT,
    "initial": frozenset({"from", *(columns[0][1] for columns in layouts.LINES.values()), "Pb206Pb204"}),
    "monitor_age_ma": frozenset({"from", "to"}),
}


def _check_names(given: Json) -> None:
    objects: list[tuple[str, object, frozenset[str]]] = [("a request", given, FIELDS)]
    objects += [(name, given.get(name), known) for name, known in _INSIDE.items()]
    objects += [
        ("an exception under errors", each, frozenset({"level", "kind"})) for each in _exceptions(given)
    ]
    for within, inside, known in objects:
        for name in inside if isinstance(inside, Mapping) else ():
            if name not in known:
                raise _unknown(name, within, sorted(known))


def _exceptions(given: Json) -> Sequence[object]:
    """Return what `errors` says of single columns."""
    errors = given.get("errors")
    columns = errors.get("columns") if isinstance(errors, Mapping) else None
    return tuple(columns.values()) if isinstance(columns, Mapping) else ()


def _check_choices(given: Json) -> None:
    for name, choices in _CHOICES.items():
        value = given.get(name)
        if value is None:
            continue
        if not any(isinstance(value, bool) is isinstance(each, bool) and value == each for each in choices):
            raise _no_choice(name, value, choices)
    alpha = given.get("alpha")
    if alpha is not None and not (is_number(alpha) and 0 <= number(alpha) <= 1):
        raise NotDatable(Rule.UNKNOWN_FIELD, "alpha is not a probability", "give a number from 0 to 1")
    for each in (given.get("errors"), *_exceptions(given)):
        for name, words in (("level", LEVELS), ("kind", KINDS)):
            value = each.get(name) if isinstance(each, Mapping) else None
            if value is not None and value not in words:
                raise _no_choice(name, value, words)


def _no_choice(name: str, value: object, choices: Sequence[object]) -> NotDatable:
    shown = ", ".join(str(each).lower() if isinstance(each, bool) else str(each) for each in choices)
    said = f"{name} is {value!r}" if isinstance(value, int | float) else f"{name} is {_shown(value)}"
    return NotDatable(Rule.UNKNOWN_FIELD, f"{said}, which it cannot be", f"give one of {shown}")


def _missing(name: str, among: Sequence[str]) -> NotDatable:
    return NotDatable(Rule.MISSING_FIELD, f"no {name} is given", f"name one of {', '.join(among)}")


def _task(value: object) -> str | None:
    if value is None or (isinstance(value, str) and value in TASKS):
        return value
    raise NotDatable(
        Rule.UNKNOWN_TASK, f"there is no task {_shown(value)}", f"name one of {', '.join(TASKS)}"
    )


def _named_clock(value: object) -> str | None:
    if value is None or (isinstance(value, str) and value in NAMED):
        return value
    raise NotDatable(
        Rule.UNKNOWN_CLOCK, f"there is no clock {_shown(value)}", f"name one of {', '.join(NAMED)}"
    )


def _clock(task: str, value: str | None) -> str | None:
    """Return the clock that the task goes by: the one named, or the only one that it can mean."""
    among = CLOCKS_OF[task]
    if value is None and task not in {"york", "mean"}:
        if task not in _IMPLIED:
            raise _missing("clock", among)
        return among[0]
    if value is not None and value not in among:
        raise NotDatable(
            Rule.UNKNOWN_CLOCK,
            f"the task {task} does not go by the clock {value}",
            f"name one of {', '.join(among)}",
        )
    return value


def _model(value: object, task: str) -> int:
    """Return the model of a line; what is no line has none, and 1 stands for it."""
    if value is None or task not in {"york", "isochron", "discordia"}:
        return 1
    model = int(number(value))
    if task == "discordia" and model == 3:
        raise _no_choice("the model of a discordia", 3, (1, 2))
    return model


def _chosen(value: object, where: str) -> Chosen:
    """Return the sets and overrides that a `constants` object names."""
    inside = {} if value is None else value
    override = inside.get("override") if isinstance(inside, Mapping) else None
    if not isinstance(inside, Mapping) or not isinstance(override, Mapping | None):
        raise NotDatable(
            Rule.UNKNOWN_CONSTANT, f"{where} cannot be read", "write it as an object with set and override"
        )
    named = inside.get("set")
    sets = (named,) if isinstance(named, str) else named
    if sets is None:
        sets = (constants.DEFAULT_SET,)
    if not isinstance(sets, Sequence) or not sets:
        raise NotDatable(Rule.UNKNOWN_CONSTANT, f"{where} names no set", f"name one of {_sets()}")
    for each in sets:
        if not isinstance(each, str) or each not in constants.shipped():
            raise NotDatable(
                Rule.UNKNOWN_CONSTANT,
                f"there is no set of constants {_shown(each)}",
                f"name one of {_sets()}",
            )
    pairs = override or {}
    return Chosen(tuple(sets), {name: _overridden(name, each) for name, each in pairs.items()})


def _overridden(name: str, value: object) -> Constant:
    if name not in constants.names():
        raise NotDatable(
            Rule.UNKNOWN_CONSTANT,
            f"there is no constant {_shown(name)}",
            "use the names of docs/chronology.md",
        )
    found = pair(value)
    if found is None or found[0] <= 0:
        raise NotDatable(
            Rule.UNKNOWN_CONSTANT,
            f"override gives {name} no value above 0 with an error",
            "write it as [value, one standard deviation]",
        )
    known = next(each[name] for each in constants.shipped().values() if name in each)
    return Constant(*found, known.unit, constants.OVERRIDE)


def _sets() -> str:
    return ", ".join(constants.shipped())


def _initial(value: object, clock: str | None) -> tuple[Mapping[str, Pair], str | None]:
    """Return the initial ratios by name, and from which line they are taken instead."""
    if not isinstance(value, Mapping):
        return {}, None
    source = value.get("from")
    allowed = {"Ar-Ar": ("isochron", "isochron-slope"), "Pb-Pb": ("isochron-slope",)}.get(clock or "", ())
    if source is not None and source not in allowed:
        todo = f"give one of {', '.join(allowed)}" if allowed else "give the ratio itself"
        raise NotDatable(Rule.UNKNOWN_FIELD, f"initial cannot be from {_shown(source)} with this clock", todo)
    found = {name: pair(each) for name, each in value.items() if name != "from"}
    return {name: each for name, each in found.items() if each is not None}, source


def needed_constants(settings: Settings, layout: str) -> None:
    """Look up every constant that the task needs of rows in this layout; raise `NotDatable` where one is missing."""
    if settings.task == "recalculate":
        for chosen in (settings.before, settings.after):
            for name in _of_recalculation(settings.clock or ""):
                chosen.get(name)
        return
    if settings.task in {"york", "mean"} or (layout == "steps" and not settings.external):
        return
    for name in clocks.needed(settings.clock or ""):
        settings.constants.get(name)
    if layout == layouts.CONCENTRATIONS:
        for name in layouts.masses_and_ratios(settings.clock or ""):
            settings.constants.get(name)
    measured = settings.task in {"age", "plateau"} and layout not in {"ratio", "steps"}
    if measured and settings.clock == "Ar-Ar" and not (settings.initial or settings.initial_from):
        settings.constants.get("Ar40Ar36")  # what counts where no initial ratio is given


def _of_recalculation(clock: str) -> tuple[str, ...]:
    return ("lambda_K40", "lambda_K40_ec", "K40_percent") if clock == "K-Ar" else clocks.needed(clock)
