"""How old, then? One request in, one result out: the whole of `aliquot age` without its files.

A request and a result are JSON objects as docs/chronology.md describes them. Bad data is an answer, with `error`, and never
an exception. The same request and version give the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from aliquot.chronology import fields, groups, lines, results, singles, table
from aliquot.chronology.fields import Json, Settings
from aliquot.chronology.refusal import NotDatable
from aliquot.chronology.results import Result
from aliquot.chronology.table import Table

_TASKS: Mapping[str, Callable[[Json, Settings, Table], Result]] = {
    "york": lines.york,
    "isochron": lines.isochron,
    "mean": groups.mean,
    "age": singles.age,
    "plateau": groups.plateau,
    "concordia": groups.concordia,
    "discordia": lines.discordia,
    "recalculate": singles.recalculate,
}


def answer(given: Json) -> Result:
    """Return the result of a request, with `error` where it cannot be dated."""
    with np.errstate(all="ignore"):  # what is not finite is found and named where it matters
        try:
            settings, rows = read(given)
            found = _TASKS[settings.task](given, settings, rows)
            results.require_finite(found)
        except NotDatable as why:
            return results.refused(results.head(given), why)
        except ArithmeticError:  # numbers of the rows that are so far apart that none is left of some
            return results.refused(results.head(given), results.incomputable())
    return found


def read(given: Json) -> tuple[Settings, Table]:
    """Return what is asked and the rows to answer it with; raise `NotDatable` for the first broken rule."""
    settings = fields.read(given)
    drawn = table.sketch(given, settings)
    fields.needed_constants(settings, drawn.layout.name)
    table.check_fields(given, settings, drawn)
    return settings, table.read(given, settings, drawn)
