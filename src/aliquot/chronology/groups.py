"""Which one age have several rows together? The tasks mean, plateau and concordia."""

from __future__ import annotations

import math

import numpy as np

from aliquot.chronology import argon, clocks, distributions, errors, layouts, means, points, singles, uranium
from aliquot.chronology.errors import Fit
from aliquot.chronology.fields import Json, Settings
from aliquot.chronology.means import Mean
from aliquot.chronology.refusal import NotDatable, Rule
from aliquot.chronology.regression import Floats
from aliquot.chronology.results import Result, answered, checked_age, fit_fields, warnings_of
from aliquot.chronology.table import Table, j_of


def mean(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task mean."""
    ages, sds = table.pair("age")
    gone = means.outliers(ages, sds, random_effects=settings.random_effects) if settings.chauvenet else []
    kept = np.setdiff1d(np.arange(len(ages)), [at for at, _ in gone])
    found = means.weighted(ages[kept], sds[kept], random_effects=settings.random_effects)
    rejected = [
        {"row": table.rows[at], "by": "outlier test",
         "reason": f"Chauvenet's test: {chance:.3g} so far off are expected, fewer than 0.5."}
        for at, chance in gone
    ]  # fmt: skip
    body = _mean_fields(found, len(kept), settings, _external(given, settings, found.age, table))
    body |= {
        "warnings": [
            *warnings_of(_fit(found, len(kept)), settings, [found.age]),
            *_of_external(given, settings, table),
        ],
        "method": _method(settings, "Weighted mean", chauvenet=settings.chauvenet),
        "rows_kept": [table.rows[at] for at in kept],
        "rows_rejected": rejected,
        "n": len(kept),
    }
    return answered(given, settings, table, body)


def _method(settings: Settings, what: str, *, chauvenet: bool) -> str:
    effects = (
        "random effects, maximum likelihood" if settings.random_effects else "fixed effects, weights 1/s²"
    )
    test = "modified Chauvenet test" if chauvenet else "no outlier test"
    inflated = (
        ""
        if settings.random_effects
        else f"; errors also times sqrt(MSWD) where p is below {settings.alpha:g}"
    )
    external = "added at the end" if settings.external else "left out"
    return f"{what}: {effects}; {test}{inflated}; errors of constants {external}; 1-sigma errors."


def _external(given: Json, settings: Settings, age: float, table: Table) -> float:
    """Return the error that the constants of the clock, and J where it is given, add to a mean of ages."""
    if not settings.external or settings.clock in {None, "U-Pb", "K-Ar"}:
        return 0.0
    j = None
    if settings.clock == "Ar-Ar":
        if "J" in table.columns:
            values, sds = table.pair("J")
            j = (1.0, float((sds / values).max()))
        else:
            j = j_of(given)
    watch = clocks.clock(settings.clock or "", settings.constants, j=j)
    return float(watch.external(np.array([age]))[0])


def _fit(found: Mean, n: int) -> Fit:
    return Fit(n, found.df, found.mswd, found.p_value)


def _of_external(given: Json, settings: Settings, table: Table) -> list[str]:
    """Return what is missing for the external errors that were asked for."""
    if not settings.external:
        return []
    if settings.clock in {None, "U-Pb", "K-Ar"}:
        return ["No clock is named whose constants a mean of ages could take errors from: none are added."]
    if settings.clock == "Ar-Ar" and "J" not in table.columns and j_of(given) is None:
        return ["J is not given: its error is not added."]
    return []


def _mean_fields(found: Mean, n: int, settings: Settings, external: float) -> Result:
    checked_age(found.age)
    fit = _fit(found, n)
    judged = Fit(n, found.df, found.mswd, None) if settings.random_effects else fit
    error = errors.of_age(found.sd, external, judged, settings)
    body: Result = {
        **fit_fields(fit),
        "age_ma": found.age,
        "age_sd_ma": error.sd,
        "age_sd_inflated_ma": error.inflated,
        "quoted": errors.quoted(found.age, error, judged, settings),
    }
    if found.dispersion is not None:
        share = found.dispersion_share
        body |= {
            "overdispersion": found.dispersion,
            "overdispersion_sd": found.dispersion_sd,
            "overdispersion_percent": None if share is None else 100 * share,
        }
    return body


def plateau(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task plateau."""
    ages, sds, by_initial = _steps(given, settings, table)
    gas = table["fraction" if table.layout.name == "steps" else "Ar39"]
    run = (
        argon.plateau(ages, sds, gas, random_effects=settings.random_effects)
        if float(gas.sum()) > 0
        else None
    )
    if run is None:
        raise NotDatable(
            Rule.NO_PLATEAU, "no two consecutive steps agree", "give the ages of the steps instead"
        )
    inside = slice(run.first, run.last + 1)
    found = means.weighted(ages[inside], sds[inside], random_effects=settings.random_effects)
    external = math.hypot(
        _external(given, settings, found.age, table), float(np.sum(found.shares * by_initial[inside]))
    )
    first, last = table.rows[run.first], table.rows[run.last]
    n = run.last - run.first + 1
    body = _mean_fields(found, n, settings, external)
    body |= {
        "warnings": [
            *warnings_of(_fit(found, n), settings, [found.age]),
            *_of_external(given, settings, table),
            *singles.of_initial(settings, table),
        ],
        "method": _method(settings, "Plateau, the run of steps with most 39Ar that passes", chauvenet=True),
        "rows_kept": list(table.rows[inside]),
        "rows_rejected": [
            {"row": row, "by": "plateau", "reason": f"It lies outside the plateau of rows {first} to {last}."}
            for row in (*table.rows[: run.first], *table.rows[run.last + 1 :])
        ],
        "n": n,
        "fraction": run.share,
        "first_step": first,
        "last_step": last,
    }
    return answered(given, settings, table, body)


def _steps(given: Json, settings: Settings, table: Table) -> tuple[Floats, Floats, Floats]:
    """Return the ages of the steps, their errors without J and constants, and what an initial ratio's error does."""
    if table.layout.name == "steps":
        ages, sds = table.pair("age")
        return ages, sds, np.zeros_like(ages)
    found, faults = singles.dated(given, settings, table)
    if broken := [each for each in faults if each]:
        raise broken[0]
    return found.ages, found.sds, found.by_initial


def concordia(given: Json, settings: Settings, table: Table) -> Result:
    """Answer the task concordia."""
    by = clocks.uranium(settings.constants)
    pairs = points.of_uranium(table, by, layouts.WETHERILL)
    at, equivalence = uranium.mean_composition(pairs)
    df = 2 * len(pairs) - 2
    near = uranium.nearest(at, by, external=settings.external)
    if near.age_ma is None:
        if near.too_old:
            checked_age(math.inf)
        raise NotDatable(Rule.NO_AGE, "the mean of the rows is not near the concordia of any age from 0 to 10,000 Ma",
                         "see whether the columns are right")  # fmt: skip
    whole = equivalence + near.distance2
    fit = Fit(len(pairs), df + 1, whole / (df + 1), distributions.chi_square_p(whole, df + 1))
    # The external errors are in the covariance already, and so in the error of the age.
    inflated = near.sd_ma * fit.factor if fit.inflates(settings.alpha) else None
    error = errors.AgeError(near.sd_ma, inflated)
    body: Result = {
        "method": "Concordia age (Ludwig 1998): weighted mean composition, then the nearest age on the concordia; errors of "
        f"decay constants {'added to the covariance' if settings.external else 'left out'}; errors also times sqrt(MSWD) "
        f"where p is below {settings.alpha:g}; 1-sigma errors, no outlier test.",
        **fit_fields(fit),
        "mswd_equivalence": equivalence / df if df else 1.0,
        "df_equivalence": df,
        "p_equivalence": distributions.chi_square_p(equivalence, df),
        "mswd_concordance": near.distance2,
        "df_concordance": 1,
        "p_concordance": distributions.chi_square_p(near.distance2, 1),
        "mean_Pb207U235": at.x,
        "mean_Pb206U238": at.y,
        "age_ma": near.age_ma,
        "age_sd_ma": near.sd_ma,
        "age_sd_inflated_ma": inflated,
        "quoted": errors.quoted(near.age_ma, error, fit, settings),
        "warnings": warnings_of(fit, settings, [near.age_ma]),
    }
    return answered(given, settings, table, body)
