"""What does a line through the rows say? The tasks york, isochron and discordia."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aliquot.chronology import clocks, errors, layouts, overdispersed, points, regression, uranium
from aliquot.chronology.errors import Fit
from aliquot.chronology.fields import Json, Settings
from aliquot.chronology.isochron import ratios as ratios_of
from aliquot.chronology.isochron import scatter
from aliquot.chronology.refusal import NotDatable, Rule
from aliquot.chronology.regression import Line, Points
from aliquot.chronology.results import Result, answered, checked_age, fit_fields, refused, warnings_of
from aliquot.chronology.table import Table, j_of

_MODELS = {
    1: "York et al. (2004) with correlated errors (model 1)",
    2: "principal axis without errors, errors by jackknife (model 2)",
    3: "maximum likelihood with overdispersion (model 3)",
}


@dataclass(frozen=True, slots=True)
class Fitted:
    """A line with how well it fits, and the scatter beyond the errors where model 3 asked for it."""

    line: Line
    fit: Fit
    w: float | None = None
    w_sd: float | None = None


def fit(given: Points, settings: Settings, clock: str | None, form: str) -> Fitted:
    """Return the line of the model that is asked for."""
    if settings.model == 3:
        kind = scatter(clock, form, "age" if settings.by_age else "initial")
        found = overdispersed.fit(given, kind)
        return _finite(Fitted(found.line, Fit(len(given), None, None, None), found.w, found.sd))
    line = regression.york(given) if settings.model == 1 else regression.principal_axis(given)
    return _finite(Fitted(line, Fit(len(given), line.df, line.mswd, line.p_value)))


def _finite(found: Fitted) -> Fitted:
    line = found.line
    if all(
        map(math.isfinite, (line.slope, line.intercept, line.slope_sd, line.intercept_sd, line.covariance))
    ):
        return found
    raise NotDatable(Rule.NO_AGE, "no line with a finite slope and errors fits the rows",
                     "see whether the rows and their errors are right")  # fmt: skip


def _line_fields(found: Fitted) -> Result:
    line = found.line
    return fit_fields(found.fit) | {  # type: ignore[operator,no-any-return]
        "slope": line.slope,
        "intercept": line.intercept,
        "slope_sd": line.slope_sd,
        "intercept_sd": line.intercept_sd,
        "cov_slope_intercept": line.covariance,
    }


def _method(settings: Settings, what: str, *, ages: bool) -> str:
    said = f"{what}: {_MODELS[settings.model]}"
    if settings.model == 3:
        said += f" of the {'age' if settings.by_age else 'initial ratio'}"
    if settings.model == 1:
        said += f"; errors also times sqrt(MSWD) where p is below {settings.alpha:g}"
    if ages:
        said += f"; errors of constants {'added' if settings.external else 'left out'}"
    return said + "; 1-sigma errors, no outlier test."


def york(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task york."""
    found = fit(points.plain(table), settings, None, layouts.NORMAL)
    body = _line_fields(found) | {"method": _method(settings, "Line", ages=False)}
    if settings.model == 3:
        body |= {"overdispersion": found.w, "overdispersion_sd": found.w_sd}
    body["warnings"] = [*warnings_of(found.fit, settings), *_of_model_3(found)]
    return answered(given, settings, table, body)


def _of_model_3(found: Fitted) -> list[str]:
    return (
        ["The rows do not scatter beyond their errors: the line is that of model 1."] if found.w == 0 else []
    )


def isochron(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task isochron; a line without an age still reports its fit."""
    clock = settings.clock or ""
    found = fit(points.of_line(table, settings, settings.form), settings, clock, settings.form)
    body = _line_fields(found) | {
        "method": _method(settings, f"{settings.form.capitalize()} isochron of {clock}", ages=True)
    }
    try:
        aged = _age_fields(given, settings, table, found)
    except NotDatable as why:
        body["warnings"] = [*warnings_of(found.fit, settings), *_of_model_3(found)]
        return refused(answered(given, settings, table, body), why)
    return answered(given, settings, table, body | aged)


def _age_fields(given: Json, settings: Settings, table: Table, found: Fitted) -> Result:
    clock, fitted = settings.clock or "", found.fit
    ratios = ratios_of(found.line, clock, settings.form)
    watch = clocks.clock(clock, settings.constants, j=common_j(given, table) if clock == "Ar-Ar" else None)
    dated = watch.date(np.array([ratios.radiogenic]), np.array([ratios.radiogenic_sd]))
    age = float(dated.age_ma[0])
    if math.isnan(age):
        raise NotDatable(Rule.RATIO_OUT_OF_RANGE, f"the ratio {ratios.radiogenic:.6g} is below that of today or above "
                         "that at 10,000 Ma", "look for rows that do not belong to the line")  # fmt: skip
    checked_age(age)
    error = errors.of_age(float(dated.sd_ma[0]), float(dated.external_ma[0]), fitted, settings)
    inflates = fitted.inflates(settings.alpha)
    body: Result = {
        "initial": ratios.initial,
        "initial_sd": ratios.initial_sd,
        "initial_sd_inflated": ratios.initial_sd * fitted.factor if inflates else None,
        "age_ma": age,
        "age_sd_ma": error.sd,
        "age_sd_inflated_ma": error.inflated,
        "quoted": errors.quoted(age, error, fitted, settings),
    }
    if settings.model == 3:
        unit = float(dated.by_ratio[0]) if settings.by_age else 1.0
        body["overdispersion"] = (found.w or 0.0) * unit
        body["overdispersion_sd"] = None if found.w_sd is None else found.w_sd * unit
    warnings = [*warnings_of(fitted, settings, [age]), *_of_model_3(found)]
    if ratios.initial < 0:
        warnings.append("The initial ratio is below zero, which no rock has.")
    return body | {"warnings": warnings}


def common_j(given: Json, table: Table) -> tuple[float, float]:
    """Return the J of all rows; raise `NotDatable` where a line would have several."""
    if "J" not in table.columns:
        found = j_of(given)
        return found or (math.nan, math.nan)
    values, sds = table.pair("J")
    if np.ptp(values) > 0 or np.ptp(sds) > 0:
        raise NotDatable(Rule.MISSING_FIELD, "the rows have several J, and a line has one age",
                         "give the field J, or rows of one J")  # fmt: skip
    return float(values[0]), float(sds[0])


def discordia(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task discordia: the line in Tera-Wasserburg coordinates and its cuts with the concordia."""
    by = clocks.uranium(settings.constants)
    found = fit(points.of_uranium(table, by, layouts.TERA_WASSERBURG), settings, None, layouts.NORMAL)
    body = _line_fields(found) | {
        "method": _method(settings, "Discordia in 238U/206Pb, 207Pb/206Pb", ages=True)
    }
    cuts = uranium.cuts(found.line, by)
    if not cuts:
        body["warnings"] = warnings_of(found.fit, settings)
        why = NotDatable(Rule.NO_AGE, "the line does not cut the concordia between 0 and 10,000 Ma",
                         "look for rows that do not belong to it")  # fmt: skip
        return refused(answered(given, settings, table, body), why)
    upper, lower = cuts[-1], cuts[0] if len(cuts) > 1 else None
    error = errors.of_age(upper.sd_ma, upper.external_ma, found.fit, settings)
    body |= {
        "upper_age_ma": upper.age_ma,
        "upper_age_sd_ma": error.sd,
        "lower_age_ma": lower.age_ma if lower else None,
        "lower_age_sd_ma": errors.of_age(lower.sd_ma, lower.external_ma, found.fit, settings).sd
        if lower
        else None,
        "quoted": errors.quoted(upper.age_ma, error, found.fit, settings, what="upper age, "),
        "warnings": warnings_of(found.fit, settings, [each.age_ma for each in cuts]),
    }
    return answered(given, settings, table, body)
