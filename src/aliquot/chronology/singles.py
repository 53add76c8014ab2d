"""How old is each row by itself? The tasks age and recalculate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aliquot.chronology import clocks, layouts, lead, points, regression, uranium
from aliquot.chronology.clocks import Clock
from aliquot.chronology.fields import Json, Settings
from aliquot.chronology.lead import OLDEST_MA
from aliquot.chronology.refusal import NotDatable, Rule
from aliquot.chronology.regression import Floats, Points
from aliquot.chronology.results import SOLAR_SYSTEM_MA, Result, answered, refused
from aliquot.chronology.table import Table, j_of, monitor
from aliquot.chronology.uranium import Composition


@dataclass(frozen=True, slots=True)
class Radiogenic:
    """The radiogenic ratio of each row, and by how much it moves with an error of the initial ratio."""

    ratios: Floats
    sds: Floats
    by_initial: Floats


@dataclass(frozen=True, slots=True)
class RowAges:
    """Age and error of each row; `external` from constants and J, `by_initial` from the initial ratio (signed)."""

    ages: Floats
    sds: Floats
    external: Floats
    by_initial: Floats


def dated(given: Json, settings: Settings, table: Table) -> tuple[RowAges, list[NotDatable | None]]:
    """Return the age of each row, and for each row without one the reason."""
    found = radiogenic(settings, table)
    watch = _clock(given, settings, table)
    dates = watch.date(found.ratios, found.sds)
    faults = [
        _fault(row, ratio, age, sd)
        for row, ratio, age, sd in zip(table.rows, found.ratios, dates.age_ma, dates.sd_ma, strict=True)
    ]
    ages = RowAges(dates.age_ma, dates.sd_ma, dates.external_ma, dates.by_ratio * found.by_initial)
    return ages, faults


def _clock(given: Json, settings: Settings, table: Table) -> Clock:
    if settings.clock != "Ar-Ar":
        return clocks.clock(settings.clock or "", settings.constants)
    j: tuple[float | Floats, float | Floats] = (
        table.pair("J") if "J" in table.columns else j_of(given) or (1.0, 0.0)
    )
    return clocks.clock("Ar-Ar", settings.constants, j=j)


def _fault(row: int, ratio: float, age: float, sd: float = 0.0) -> NotDatable | None:
    if not math.isfinite(ratio) or (math.isfinite(age) and not math.isfinite(sd)):
        return NotDatable(Rule.NO_AGE, "its radiogenic ratio cannot be computed, as where the parent's ratio is 0",
                          "omit the row", rows=(row,))  # fmt: skip
    if ratio < 0:
        return NotDatable(Rule.NO_AGE, f"its radiogenic ratio is {ratio:.6g}, below 0",
                          "see whether the initial ratio is right, or omit the row", rows=(row,))  # fmt: skip
    if not age <= OLDEST_MA:
        return NotDatable(
            Rule.RATIO_OUT_OF_RANGE, f"its ratio {ratio:.6g} has no age between 0 and 10,000 Ma",
            "see whether the columns are right, or omit the row", rows=(row,),
        )  # fmt: skip
    return None


def radiogenic(settings: Settings, table: Table) -> Radiogenic:
    """Return R of each row: as given, or what is left of the measured ratios without the initial."""
    if table.layout.name == "ratio":
        ratios, sds = table.pair("ratio")
        return Radiogenic(ratios, sds, np.zeros_like(ratios))
    if settings.initial_from == "isochron-slope":
        return _through_slope(points.of_line(table, settings, layouts.INVERSE), settings.clock or "")
    if settings.clock == "Pb-Pb":
        return _lead(points.of_line(table, settings, layouts.INVERSE), settings)
    rows = points.of_line(table, settings, layouts.NORMAL)
    initial, sd = _initial(settings, table)
    ratios = (rows.y - initial) / rows.x
    variance = rows.sy**2 + ratios**2 * rows.sx**2 - 2 * ratios * rows.covariance
    return Radiogenic(ratios, np.sqrt(np.maximum(variance, 0)) / np.abs(rows.x), -sd / rows.x)


def _initial(settings: Settings, table: Table) -> tuple[float, float]:
    """Return the initial ratio and the error that is given with it."""
    if settings.initial_from == "isochron":
        line = regression.york(points.of_line(table, settings, layouts.INVERSE))
        if line.intercept == 0:
            raise NotDatable(
                Rule.NO_AGE, "the isochron gives no initial ratio", "give the initial ratio itself"
            )
        return 1 / line.intercept, 0.0
    name = layouts.LINES[settings.clock or ""][0][1]
    if name in settings.initial:
        return settings.initial[name]
    return settings.constants.get(name).value, 0.0  # not given: its error is not among the external ones


def of_initial(settings: Settings, table: Table) -> list[str]:
    """Return what is to be known of an initial ratio that nobody gave, where external errors were asked for."""
    measured = settings.clock == "Ar-Ar" and table.layout.name not in {"ratio", "steps", "ages"}
    if not settings.external or not measured or settings.initial or settings.initial_from:
        return []
    return ["The initial ratio is that of the air and counts as exact: give it with its error to add that."]


def _through_slope(rows: Points, clock: str) -> Radiogenic:
    """Return what a line of the isochron's slope through each point says (A = Y - b X); b counts as exact."""
    slope = regression.york(rows).slope
    cut = rows.y - slope * rows.x
    sd = np.sqrt(rows.sy**2 + slope**2 * rows.sx**2 - 2 * slope * rows.covariance)
    if clock == "Pb-Pb":
        return Radiogenic(cut, sd, np.zeros_like(cut))
    return Radiogenic(-slope / cut, abs(slope) / cut**2 * sd, np.zeros_like(cut))


def _lead(rows: Points, settings: Settings) -> Radiogenic:
    """Return (Y - d X)/(1 - c X) with Y = 207Pb/206Pb, X = 204Pb/206Pb and common lead c, d; without these, Y."""
    (c, sc), (d, sd) = (settings.initial.get(name, (0.0, 0.0)) for name in ("Pb206Pb204", "Pb207Pb204"))
    left = 1 - c * rows.x
    ratios = (rows.y - d * rows.x) / left
    by_x = (c * ratios - d) / left
    variance = (rows.sy / left) ** 2 + (by_x * rows.sx) ** 2 + 2 * by_x / left * rows.covariance
    by_initial = np.hypot(ratios * rows.x / left * sc, rows.x / left * sd)
    return Radiogenic(ratios, np.sqrt(np.maximum(variance, 0)), by_initial)


def age(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task age."""
    if settings.clock == "U-Pb":
        return _uranium(given, settings, table)
    found, faults = dated(given, settings, table)
    sds = found.sds
    if settings.external:
        sds = np.sqrt(sds**2 + found.external**2 + found.by_initial**2)
    rows: list[Result] = [
        _row_error(row, why) if why else {"row": row, "age_ma": float(each), "age_sd_ma": float(sd)}
        for row, each, sd, why in zip(table.rows, found.ages, sds, faults, strict=True)
    ]
    said = f"Age of each row by {settings.clock}{_of_initial(settings, table)}; 1-sigma errors, first order; errors of "
    said += f"constants and of what is given with the initial ratio {'added' if settings.external else 'left out'}."
    return _rows(given, settings, table, rows, faults, said)


def _of_initial(settings: Settings, table: Table) -> str:
    if table.layout.name == "ratio" or (
        settings.clock == "Pb-Pb" and not (settings.initial or settings.initial_from)
    ):
        return ", nothing subtracted from the ratio"
    if settings.initial_from:
        return f", initial ratio from the inverse model 1 line ({settings.initial_from})"
    given = ", ".join(f"{name} {value:.10g}" for name, (value, _) in settings.initial.items())
    return f", initial ratio {given or 'of the air, from the constants'}"


def _row_error(row: int, why: NotDatable) -> Result:
    return {"row": row, "error": why.sentence, "error_rule": why.rule.value}


def _rows(
    given: Json,
    settings: Settings,
    table: Table,
    rows: list[Result],
    faults: list[NotDatable | None],
    method: str,
) -> Result:
    """Return the result with an entry for each row; refused where no row has an age."""
    ages = [each for row in rows for name, each in row.items() if name.endswith("_ma") and "_sd" not in name]
    warnings = of_initial(settings, table)
    if any(isinstance(each, float) and each > SOLAR_SYSTEM_MA for each in ages):
        warnings.append("An age is older than the Solar System, 4,568 Ma.")
    body: Result = {"method": method, "ages": rows, "warnings": warnings}
    found = answered(given, settings, table, body)
    broken = [each for each in faults if each]
    if len(broken) < len(rows):
        return found
    first = broken[0]
    same = tuple(row for each in broken if each.rule is first.rule for row in each.rows)
    return refused(found, NotDatable(first.rule, f"no row has an age; {first.what}", first.todo, rows=same))


def _uranium(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task age for U-Pb: each row by both clocks, by the ratio of its lead, and on the concordia."""
    by = clocks.uranium(settings.constants)
    pairs = points.of_uranium(table, by, layouts.WETHERILL)
    r207 = pairs.x / pairs.y / by.ratio
    variance = (pairs.sx / pairs.x) ** 2 + (pairs.sy / pairs.y) ** 2
    variance -= 2 * pairs.covariance / (pairs.x * pairs.y)
    series = (
        ("207_235", clocks.clock("U235-Pb207", settings.constants), pairs.x, pairs.sx),
        ("206_238", clocks.clock("U238-Pb206", settings.constants), pairs.y, pairs.sy),
        (
            "207_206",
            clocks.clock("Pb207-Pb206", settings.constants),
            r207,
            r207 * np.sqrt(np.maximum(variance, 0)),
        ),
    )
    dates = [(name, ratios, watch.date(ratios, sds)) for name, watch, ratios, sds in series]
    rows: list[Result] = []
    faults: list[NotDatable | None] = []
    for at, row in enumerate(table.rows):
        broken = [
            _fault(row, float(ratios[at]), float(each.age_ma[at]), float(each.sd_ma[at]))
            for _, ratios, each in dates
        ]
        near = uranium.nearest(_composition(pairs, at), by, external=settings.external)
        why = next((each for each in broken if each), None)
        if why is None and near.age_ma is None:
            why = NotDatable(Rule.NO_AGE, "no age on the concordia is near it", "omit the row", rows=(row,))
        faults.append(why)
        if why:
            rows.append(_row_error(row, why))
            continue
        entry: Result = {"row": row}
        for name, _, each in dates:
            external = float(each.external_ma[at]) if settings.external else 0.0
            entry[f"age_{name}_ma"] = float(each.age_ma[at])
            entry[f"age_{name}_sd_ma"] = math.hypot(float(each.sd_ma[at]), external)
        rows.append(entry | {"age_concordia_ma": near.age_ma, "age_concordia_sd_ma": near.sd_ma})
    said = "Ages of each row by 207Pb/235U, 206Pb/238U, 207Pb/206Pb and on the concordia (Ludwig 1998), no common lead "
    said += f"subtracted; 1-sigma errors, first order; errors of constants {'added' if settings.external else 'left out'}."
    return _rows(given, settings, table, rows, faults, said)


def _composition(pairs: Points, at: int) -> Composition:
    x, y, sx, sy = (float(each[at]) for each in (pairs.x, pairs.y, pairs.sx, pairs.sy))
    return Composition(x, y, sx**2, sy**2, float(pairs.rho[at]) * sx * sy)


def recalculate(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task recalculate: back to what was measured, and from there to an age on other constants."""
    ages, sds = table.pair("age")
    new, per_age = _moved(given, settings, ages)
    measured = np.where(ages >= 0, 0.0, -1.0)
    faults = [
        _fault(row, float(sign), float(each))
        for row, sign, each in zip(table.rows, measured, new, strict=True)
    ]
    faults = [_of_age(each, age) if each else None for each, age in zip(faults, ages, strict=True)]
    rows: list[Result] = [
        _row_error(row, why) if why else {"row": row, "age_ma": float(each), "age_sd_ma": float(sd)}
        for row, each, sd, why in zip(table.rows, new, np.abs(per_age) * sds, faults, strict=True)
    ]
    said = f"Ages by {settings.clock} taken back to what was measured and from there to the other constants; 1-sigma errors, times dt2/dt1."
    return _rows(given, settings, table, rows, faults, said)


def _of_age(why: NotDatable, age: float) -> NotDatable:
    what = f"the age {age:.6g} Ma is below 0" if why.rule is Rule.NO_AGE else (
        f"the age {age:.6g} Ma becomes one that is not between 0 and 10,000 Ma")  # fmt: skip
    return NotDatable(why.rule, what, "see whether the unit and the constants are right", rows=why.rows)


def _moved(given: Json, settings: Settings, ages: Floats) -> tuple[Floats, Floats]:
    """Return the ages on the other constants, and d t2 / d t1."""
    name, before, after = settings.clock or "", settings.before, settings.after
    if name in clocks.LEAD:
        first, second = clocks.uranium(before), clocks.uranium(after)
        old = np.where((ages >= 0) & (ages <= OLDEST_MA), ages, np.nan)
        new = clocks.clock(name, after).date(clocks.clock(name, before).ratio(old), np.ones_like(ages)).age_ma
        return new, lead.slope(ages, first) / lead.slope(new, second)
    l1, l2 = (
        each.get("lambda_K40" if name == "K-Ar" else clocks.LAMBDA[name]).value for each in (before, after)
    )
    scale = 1.0
    if name == "K-Ar":
        (e1, k1), (e2, k2) = (
            (each.get("lambda_K40_ec").value, each.get("K40_percent").value) for each in (before, after)
        )
        scale = l2 / e2 * (k1 / k2) * (e1 / l1)
    elif name == "K-Ca":
        scale = before.get("fraction_K40_Ca").value / after.get("fraction_K40_Ca").value
    elif name == "Ar-Ar":
        m1, m2 = monitor(given) or (math.nan, math.nan)
        scale = math.expm1(l2 * m2) / math.expm1(l1 * m1)
    grown = scale * np.expm1(l1 * ages)
    if scale == 1.0:
        return ages * (l1 / l2), np.full_like(ages, l1 / l2)
    return np.log1p(grown) / l2, scale * l1 * np.exp(l1 * ages) / (1 + grown) / l2
