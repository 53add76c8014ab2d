"""Which points do the rows of a table make, in the form that is asked for?"""

from __future__ import annotations

import numpy as np

from aliquot.chronology import layouts, uranium
from aliquot.chronology.fields import Settings
from aliquot.chronology.lead import Uranium
from aliquot.chronology.refusal import NotDatable, Rule
from aliquot.chronology.regression import Floats, Points
from aliquot.chronology.table import LARGEST, Table

_NEAR_ONE = 1 - 2.0**-52  # what rounding may not reach: a correlation of 1


def of_line(table: Table, settings: Settings, form: str) -> Points:
    """Return the points of a clock's line, normal or inverse."""
    clock = settings.clock or ""
    points, found = _as_given(table, settings)
    if found == form:
        return _sound(table, points)
    _divisible(table, points.x if clock == "Pb-Pb" else points.y)
    return _sound(table, layouts.other_form(points, lead=clock == "Pb-Pb"))


def _as_given(table: Table, settings: Settings) -> tuple[Points, str]:
    layout, clock = table.layout, settings.clock or ""
    if layout.name == layouts.CONCENTRATIONS:
        parent, daughter, y = (table.pair(name) for name in layout.measured)
        return layouts.of_concentrations(clock, parent, daughter, y, settings.constants), layouts.NORMAL
    if layout.name == layouts.THREE:
        x, y, z = (table.pair(name) for name in layout.measured)
        points = layouts.of_three((x[0], y[0], z[0]), (x[1], y[1], z[1]))
        return points, layouts.INVERSE if clock == "Ar-Ar" else layouts.NORMAL
    return plain(table), layout.name


def plain(table: Table) -> Points:
    """Return the points of the two columns as they stand, without correlation where none is given."""
    x, y = table.layout.measured
    ones = np.ones(len(table.rows))  # model 2 takes rows without errors
    rho = table.columns.get("rho", np.zeros(len(table.rows)))
    return Points(
        table[x], table.columns.get(f"s_{x}", ones), table[y], table.columns.get(f"s_{y}", ones), rho
    )


def of_uranium(table: Table, by: Uranium, form: str) -> Points:
    """Return the points of U-Pb as `wetherill` or `tera-wasserburg`."""
    points = plain(table)
    if table.layout.name == form:
        return _sound(table, points)
    if form == layouts.WETHERILL:
        _divisible(table, points.x)
        return _sound(table, uranium.of_tera_wasserburg(points, by))
    _divisible(table, points.y)
    return _sound(table, uranium.to_tera_wasserburg(points, by))


def _divisible(table: Table, divisor: Floats) -> None:
    if (divisor == 0).any():
        row = table.rows[int(np.argmax(divisor == 0))]
        raise NotDatable(
            Rule.NOT_A_NUMBER,
            "a ratio of 0 has no inverse",
            "fit the other form, or omit the row",
            rows=(row,),
        )


def _sound(table: Table, points: Points) -> Points:
    """Return the points; raise `NotDatable` where conversion led out of what can be computed."""
    values, sds = np.abs([points.x, points.y]), np.array([points.sx, points.sy])
    for rule, fine in (
        (Rule.NOT_A_NUMBER, (values < LARGEST).all(0)),
        (Rule.BAD_ERROR, ((sds < LARGEST) & (sds > 1 / LARGEST)).all(0)),
    ):
        if not fine.all():
            row = table.rows[int(np.argmin(fine))]
            raise NotDatable(rule, "its numbers are too large or too small to be computed with",
                             "see whether the units are right", rows=(row,))  # fmt: skip
    return Points(points.x, points.sx, points.y, points.sy, np.clip(points.rho, -_NEAR_ONE, _NEAR_ONE))
