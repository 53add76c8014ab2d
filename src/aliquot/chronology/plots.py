"""Which picture belongs to a result? Isochron, mean, plateau, concordia, discordia.

Error ellipses and bars hold 95 %. Rows that do not count are hollow. The caption repeats what is quoted, MSWD and n.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from aliquot.chronology import clocks, errors, layouts, points, requests, singles, table
from aliquot.chronology.distributions import Z95, student_t95
from aliquot.chronology.fields import Json, Settings
from aliquot.chronology.figure import Figure, Sheet, ellipse, ratio_name, reach
from aliquot.chronology.refusal import NotDatable
from aliquot.chronology.regression import Points
from aliquot.chronology.results import Result
from aliquot.chronology.table import Table


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sheet with everything on it but its words: what it shows, and what its marks mean."""

    sheet: Sheet
    what: str
    more: str


def figure(given: Json, result: Result, say: Callable[[str], str] = str) -> Figure | None:
    """Return the picture of an answered request, its texts as `say` has them; None where there is nothing to draw."""
    if "error" in result and "slope" not in result:
        return None
    with np.errstate(all="ignore"):
        settings, rows = requests.read(given)
        drawn = _draw(given, settings, rows, result)
    return drawn.sheet.figure(_title(settings, drawn.what), _caption(result, drawn.more), say)


def _draw(given: Json, settings: Settings, rows: Table, result: Result) -> Drawn:
    left_out = table.read_omitted(given, settings)
    if settings.task in {"york", "isochron", "discordia"}:
        return _line(settings, rows, left_out, result)
    if settings.task == "concordia":
        return _concordia(settings, rows, left_out, result)
    if settings.task == "plateau":
        return _plateau(given, settings, rows, result)
    return _bars(settings, rows, left_out, result)


def _title(settings: Settings, what: str) -> str:
    return f"{settings.clock} {what}" if settings.clock else what.capitalize()


def _caption(result: Result, more: str) -> list[str]:
    """Return what is quoted, MSWD and n, and what the marks mean."""
    found, quoted = [], result.get("quoted")
    if isinstance(quoted, Mapping):
        found.append(f"{errors.rounded(quoted['age_ma'], quoted['half_width_ma'])} ({quoted['label']})")
    if "error" in result:
        found.append(f"No age: {result['error']}")
    mswd, p_value, n = (result.get(name) for name in ("mswd", "p_value", "n"))
    fit = f"MSWD {mswd:.3g}, p {p_value:.2g}, " if mswd is not None and p_value is not None else ""
    found.append(f"{fit}n = {n}. {more}")
    return found


def _number(result: Result, name: str) -> float:
    value = result.get(name)
    return float(value) if isinstance(value, int | float) else math.nan


def _pairs(settings: Settings, rows: Table) -> Points:
    """Return the points as they are fitted."""
    if settings.task == "york":
        return points.plain(rows)
    if settings.task == "isochron":
        return points.of_line(rows, settings, settings.form)
    form = layouts.WETHERILL if settings.task == "concordia" else layouts.TERA_WASSERBURG
    return points.of_uranium(rows, clocks.uranium(settings.constants), form)


def _hollow(settings: Settings, left_out: Table) -> tuple[Sequence[int], Points | None]:
    """Return the omitted rows that can be drawn."""
    if not left_out.rows:
        return (), None
    try:
        return left_out.rows, _pairs(settings, left_out)
    except NotDatable:
        return (), None


def _names(settings: Settings) -> tuple[str, str]:
    if settings.task == "york":
        return "x", "y"
    if settings.task == "isochron":
        names: tuple[str, ...] = layouts.LINES[settings.clock or ""][
            0 if settings.form == layouts.NORMAL else 1
        ]
    else:
        names = layouts.uranium()[0 if settings.task == "concordia" else 1].measured
    x, y = (f"{ratio_name(each)} (atomic ratio)" for each in names)
    return x, y


def _ellipses(sheet: Sheet, drawn: Points, role: str, *, scale: bool = True) -> None:
    """Draw the area of 95 % of each point; a small box where there are no errors."""
    for x, y, sx, sy, rho in zip(drawn.x, drawn.y, drawn.sx, drawn.sy, drawn.rho, strict=True):
        if scale:
            sheet.path(ellipse(float(x), float(y), float(sx), float(sy), float(rho)), role, closed=True)
        else:
            wide, high = (sheet.x[1] - sheet.x[0]) / 150, (sheet.y[1] - sheet.y[0]) / 110
            sheet.box((float(x - wide), float(x + wide)), (float(y - high), float(y + high)), role)


def _labels(sheet: Sheet, rows: Sequence[int], drawn: Points) -> None:
    for row, x, y in zip(rows, drawn.x, drawn.y, strict=True):
        sheet.label(str(row), float(x), float(y))


def _span(drawn: Sequence[Points], *, zero: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    times = 2.6
    x = [float(v) for each in drawn for v in (*(each.x - times * each.sx), *(each.x + times * each.sx))]
    y = [float(v) for each in drawn for v in (*(each.y - times * each.sy), *(each.y + times * each.sy))]
    return reach([*x, 0.0] if zero else x), reach(y)


def _line(settings: Settings, rows: Table, left_out: Table, result: Result) -> Drawn:
    """Draw points, line and its band: an isochron, any line, or a discordia with the concordia."""
    drawn, (hollow_rows, hollow) = _pairs(settings, rows), _hollow(settings, left_out)
    with_errors = any(name.startswith("s_") for name in rows.columns)
    if not with_errors:
        nothing = np.zeros(len(drawn))
        drawn = Points(drawn.x, nothing, drawn.y, nothing, nothing)
    everything = [drawn, *([hollow] if hollow else [])]
    x, y = _span(everything, zero=settings.task == "isochron")
    slope, intercept = _number(result, "slope"), _number(result, "intercept")
    y = reach([*y, *(intercept + slope * each for each in x)], air=0.0) if settings.task == "isochron" else y
    sheet = Sheet(x, y, *_names(settings))
    times = _band_factor(settings, result)
    sb, sa, cov = (_number(result, name) for name in ("slope_sd", "intercept_sd", "cov_slope_intercept"))
    along = np.linspace(*x, 81)
    middle = intercept + slope * along
    half = times * np.sqrt(np.maximum(sa**2 + (along * sb) ** 2 + 2 * along * cov, 0))
    above = zip(along.tolist(), (middle + half).tolist(), strict=True)
    below = zip(along.tolist(), (middle - half).tolist(), strict=True)
    sheet.path([*above, *reversed(list(below))], "band", closed=True)
    _ellipses(sheet, drawn, "fill", scale=with_errors)
    if settings.task == "discordia":
        _curve(sheet, settings)
    sheet.path([(float(each), intercept + slope * float(each)) for each in x], "line")
    _ellipses(sheet, drawn, "kept", scale=with_errors)
    _labels(sheet, rows.rows, drawn)
    if hollow:
        _ellipses(sheet, hollow, "hollow", scale=with_errors)
        _labels(sheet, hollow_rows, hollow)
    more = "Ellipses and the band about the line hold 95 %; omitted rows are hollow."
    what = {"york": "line", "isochron": f"isochron ({settings.form})", "discordia": "discordia"}[
        settings.task
    ]
    return Drawn(sheet, what, more)


def _band_factor(settings: Settings, result: Result) -> float:
    """Return by what one standard deviation of the line becomes its 95 % band, as with the quoted age."""
    df, p_value = result.get("df"), result.get("p_value")
    if isinstance(df, int) and isinstance(p_value, float) and p_value < settings.alpha:
        return student_t95(df) * math.sqrt(_number(result, "mswd"))
    return student_t95(int(_number(result, "n")) - 2) if settings.model == 2 else Z95


def _curve(sheet: Sheet, settings: Settings) -> None:
    """Draw the concordia with ages along it."""
    by = clocks.uranium(settings.constants)
    wetherill = settings.task == "concordia"

    def at(t: float) -> tuple[float, float]:
        x, y = math.expm1(by.l235 * t), math.expm1(by.l238 * t)
        return (x, y) if wetherill else (1 / y, x / y / by.ratio)

    # By 238U/206Pb or 206Pb/238U: the ages that the frame can show.
    ends = [math.log1p(max(each, 1e-9)) / by.l238 for each in sheet.y] if wetherill else [
        math.log1p(1 / max(each, 1e-5)) / by.l238 for each in sheet.x]  # fmt: skip
    low, high = max(min(ends), 0.01), min(max(ends), 10_000.0)
    sheet.path([at(float(t)) for t in np.linspace(low, high, 400)], "curve")
    seen = [t for t in np.linspace(low, high, 400) if _inside(sheet, at(float(t)))]
    if len(seen) < 2:
        return
    span = float(seen[-1] - seen[0])
    step = 10.0 ** math.floor(math.log10(span / 2))
    step = next((step * times for times in (1, 2, 5, 10) if span / (step * times) <= 7), step * 10)
    for age in np.arange(math.ceil(seen[0] / step) * step, seen[-1] + step / 2, step):
        x, y = at(float(age))
        wide, high_ = (sheet.x[1] - sheet.x[0]) / 220, (sheet.y[1] - sheet.y[0]) / 150
        sheet.box((x - wide, x + wide), (y - high_, y + high_), "mark")
        sheet.label(f"{age:,.6g} Ma", x, y, size=11.0, side=-1 if wetherill else 1)


def _inside(sheet: Sheet, at: tuple[float, float]) -> bool:
    return sheet.x[0] <= at[0] <= sheet.x[1] and sheet.y[0] <= at[1] <= sheet.y[1]


def _concordia(settings: Settings, rows: Table, left_out: Table, result: Result) -> Drawn:
    drawn, (hollow_rows, hollow) = _pairs(settings, rows), _hollow(settings, left_out)
    sheet = Sheet(*_span([drawn, *([hollow] if hollow else [])], zero=False), *_names(settings))
    _ellipses(sheet, drawn, "fill")
    _curve(sheet, settings)
    _ellipses(sheet, drawn, "kept")
    if hollow:
        _ellipses(sheet, hollow, "hollow")
    by = clocks.uranium(settings.constants)
    age = _number(result, "age_ma")
    x, y = math.expm1(by.l235 * age), math.expm1(by.l238 * age)
    wide, high = (sheet.x[1] - sheet.x[0]) / 90, (sheet.y[1] - sheet.y[0]) / 65
    sheet.path([(x - wide, y), (x, y + high), (x + wide, y), (x, y - high)], "mean", closed=True)
    _labels(sheet, [*rows.rows, *hollow_rows], drawn if hollow is None else _joined(drawn, hollow))
    more = "Ellipses hold 95 %; the diamond is the concordia age; omitted rows are hollow."
    return Drawn(sheet, "concordia", more)


def _joined(first: Points, second: Points) -> Points:
    pairs = ((getattr(first, name), getattr(second, name)) for name in ("x", "sx", "y", "sy", "rho"))
    return Points(*(np.concatenate(each) for each in pairs))


def _bars(settings: Settings, rows: Table, left_out: Table, result: Result) -> Drawn:
    """Draw a bar for each age, and the mean with its band where there is one."""
    kept = result.get("rows_kept")
    counted = set(kept) if isinstance(kept, list) else set()
    bars = dict(_ages(rows, result))
    if settings.task == "mean":
        bars |= {
            row: (float(age), float(sd))
            for row, age, sd in zip(left_out.rows, *left_out.pair("age"), strict=True)
        }
    order = sorted(bars)
    mean, half = _quoted(result)
    ends = [age + sign * Z95 * sd for age, sd in bars.values() for sign in (-1, 1)]
    y = reach([*ends, *([mean - half, mean + half] if math.isfinite(mean) else [])])
    sheet = Sheet((0.0, len(order) + 1.0), y, "Row", "Age (Ma)", x_ticks=False)
    if math.isfinite(mean):
        sheet.box(sheet.x, (mean - half, mean + half), "band")
        sheet.path([(sheet.x[0], mean), (sheet.x[1], mean)], "line")
    for at, row in enumerate(order, 1):
        age, sd = bars[row]
        for role in ("fill", "kept") if row in counted else ("hollow",):
            sheet.box((at - 0.3, at + 0.3), (age - Z95 * sd, age + Z95 * sd), role)
        sheet.path([(at - 0.3, age), (at + 0.3, age)], "axis")
        if len(order) <= 60 or at % 5 == 0:
            sheet.words(str(row), at, y[0], by=(0.0, 16.0), size=10.0 if len(order) <= 40 else 8.0)
    more = "Bars hold 95 %; rejected and omitted rows are hollow."
    what = "weighted mean" if settings.task == "mean" else "ages"
    return Drawn(sheet, what, more)


def _ages(rows: Table, result: Result) -> list[tuple[int, tuple[float, float]]]:
    """Return age and error of each row: as given, or as found; of U-Pb the age on the concordia."""
    found = result.get("ages")
    if not isinstance(found, list):
        ages, sds = rows.pair("age")
        return [(row, (float(age), float(sd))) for row, age, sd in zip(rows.rows, ages, sds, strict=True)]
    names = (
        ("age_ma", "age_sd_ma")
        if any("age_ma" in each for each in found)
        else ("age_concordia_ma", "age_concordia_sd_ma")
    )
    return [(each["row"], (each[names[0]], each[names[1]])) for each in found if names[0] in each]


def _quoted(result: Result) -> tuple[float, float]:
    quoted = result.get("quoted")
    return (
        (quoted["age_ma"], quoted["half_width_ma"]) if isinstance(quoted, Mapping) else (math.nan, math.nan)
    )


def _plateau(given: Json, settings: Settings, rows: Table, result: Result) -> Drawn:
    """Draw a box for each step over the 39Ar that it released."""
    if rows.layout.name == "steps":
        ages, sds, gas = *rows.pair("age"), rows["fraction"]
    else:
        found, _ = singles.dated(given, settings, rows)
        ages, sds, gas = found.ages, found.sds, rows["Ar39"]
    ends = 100 * np.r_[0.0, np.cumsum(gas)] / float(gas.sum())
    first, last = int(_number(result, "first_step")), int(_number(result, "last_step"))
    inside = [at for at, row in enumerate(rows.rows) if first <= row <= last]
    mean, half = _quoted(result)
    y = reach([*(ages - Z95 * sds).tolist(), *(ages + Z95 * sds).tolist()])
    sheet = Sheet((0.0, 100.0), y, "Cumulative ³⁹Ar released (%)", "Age (Ma)")
    reach_of_plateau = (float(ends[inside[0]]), float(ends[inside[-1] + 1]))
    sheet.box(reach_of_plateau, (mean - half, mean + half), "band")
    for at, row in enumerate(rows.rows):
        box = (float(ages[at] - Z95 * sds[at]), float(ages[at] + Z95 * sds[at]))
        for role in ("fill", "kept") if at in inside else ("hollow",):
            sheet.box((float(ends[at]), float(ends[at + 1])), box, role)
        if ends[at + 1] - ends[at] > 1.5:
            sheet.words(str(row), float(ends[at] + ends[at + 1]) / 2, box[1], by=(0.0, -4.0), size=10.0)
    sheet.path([(reach_of_plateau[0], mean), (reach_of_plateau[1], mean)], "line")
    more = "Boxes hold 95 %; the plateau is marked by its line and band, steps outside it are hollow."
    return Drawn(sheet, "age spectrum", more)
