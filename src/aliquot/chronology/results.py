"""What stands in a result, whatever was asked? Its head, the rows, the constants, the warnings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from aliquot import __version__
from aliquot.chronology.constants import Chosen
from aliquot.chronology.errors import Fit
from aliquot.chronology.fields import Json, Settings
from aliquot.chronology.refusal import NotDatable, Rule
from aliquot.chronology.table import Table

SOLAR_SYSTEM_MA = 4568.0
Result = dict[str, object]


def head(given: Json) -> Result:
    """Return what even a refused request has: what it said of itself, as far as that is text or a whole number."""
    found: Result = {"version": __version__}
    for name in ("id", "task", "clock", "form", "model"):
        said = given.get(name)
        found[name] = said if isinstance(said, str | int) else None
    return found


def answered(given: Json, settings: Settings, table: Table, body: Mapping[str, object]) -> Result:
    """Return the result of a request: head, constants, rows, and what the task found."""
    lined = settings.task in {"york", "isochron", "discordia"}
    rejected = [{"row": each.row, "by": "request", "reason": each.reason} for each in table.omitted]
    found: Result = {
        "id": head(given)["id"],
        "task": settings.task,
        "clock": settings.clock,
        "form": settings.form if settings.task == "isochron" else None,
        "model": settings.model if lined else None,
        "version": __version__,
        "method": "",
        "constants": constants(settings),
        "rows_kept": list(table.rows),
        "rows_rejected": rejected,
        "n": len(table.rows),
    }
    found.update(body)
    found["rows_rejected"] = sorted(rejected + _list(body.get("rows_rejected")), key=lambda each: _row(each))
    found["warnings"] = [*_of_constants(settings), *_list(body.get("warnings"))]
    return found


def _list(value: object) -> list[dict[str, object]]:
    return list(value) if isinstance(value, list) else []


def _row(each: Mapping[str, object]) -> int:
    row = each["row"]
    return row if isinstance(row, int) else 0


def constants(settings: Settings) -> Mapping[str, object]:
    """Return every constant that was used, by name; of a recalculation those before and those after."""
    if settings.task == "recalculate":
        return {"from": _used(settings.before), "to": _used(settings.after)}
    return _used(settings.constants)


def _used(chosen: Chosen) -> Mapping[str, object]:
    return {
        name: {"value": each.value, "sd": each.sd, "unit": each.unit, "set": each.set}
        for name, each in sorted(chosen.used.items())
    }


def _of_constants(settings: Settings) -> Iterable[str]:
    if settings.external:
        for name, each in sorted(settings.constants.used.items()):
            if each.sd is None and not name.startswith("mass_"):
                yield f"The constant {name} has no error in the set {each.set} and counts as exact."


def refused(found: Result, why: NotDatable) -> Result:
    """Return the result with the reason why there is no age."""
    return found | {"error": why.sentence, "error_rule": why.rule.value, "error_rows": list(why.rows)}


def fit_fields(fit: Fit) -> Mapping[str, object]:
    """Return degrees of freedom, MSWD and probability of fit."""
    return {"df": fit.df, "mswd": fit.mswd, "p_value": fit.p_value}


def warnings_of(fit: Fit, settings: Settings, ages_ma: Iterable[float | None] = ()) -> list[str]:
    """Return what a reader must know of the fit and the ages."""
    found = []
    if fit.df == 0:
        found.append("There are no degrees of freedom: nothing shows whether the rows agree.")
    if fit.inflates(settings.alpha):
        found.append(
            f"The rows scatter more than their errors allow: p is {fit.p_value:.2g}, below {settings.alpha:g}."
        )
    if any(each is not None and each > SOLAR_SYSTEM_MA for each in ages_ma):
        found.append("An age is older than the Solar System, 4,568 Ma.")
    return found


def checked_age(age_ma: float, rule_rows: tuple[int, ...] = ()) -> float:
    """Return the age; raise `NotDatable` where it is above 10,000 Ma."""
    if math.isfinite(age_ma) and age_ma <= 10_000:
        return age_ma
    raise NotDatable(
        Rule.RATIO_OUT_OF_RANGE, "the age is above 10,000 Ma", "see whether the columns and their units are right",
        rows=rule_rows,
    )  # fmt: skip


def incomputable() -> NotDatable:
    """Return what is said where floating point gives up."""
    return NotDatable(
        Rule.NO_AGE,
        "the numbers are too far apart to be computed with",
        "see whether the columns and units are right",
    )


def require_finite(found: object) -> None:
    """Raise `NotDatable` where any number of a result is infinite or none."""
    if isinstance(found, float) and not math.isfinite(found):
        raise incomputable()
    inner = found.values() if isinstance(found, Mapping) else found if isinstance(found, list) else ()
    for each in inner:
        require_finite(each)
