"""Which dates does a sentence state? As ISO 8601, resolved against the date line of the text.

A date is `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or two of them with a slash.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from aliquot.reading import date_forms, resolving
from aliquot.reading.marks import Mark
from aliquot.reading.resolving import Clock

_AFTER: Final = (
    resolving.of_that_year,
    resolving.month_beside,
    resolving.days_later,
    resolving.weeks_later,
    resolving.told_month,
    resolving.years_later,
    resolving.months_later,
    resolving.months_earlier,
    resolving.years_earlier,
    resolving.that_month,
    resolving.end_of_told,
    *(resolving.from_told(years) for years in (-1, 0, 1)),
)


_ROCKET: Final = ("Long ", "长征", "長征")  # "a Long March 5" is no day


def dates(text: str, clock: Clock) -> Iterator[Mark]:
    """Yield each date that can be resolved; one that cannot still covers its place, so that no part of it is read."""
    known = date_forms.of(clock.language)
    if not known.any.search(text):
        return
    taken: list[tuple[int, int, re.Match[str], resolving.Make]] = []
    met = {name for name, need in known.needs.items() if need.search(text)}
    for need, pattern, make in known.forms:
        if need not in met:
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if not any(start < b and a < end for a, b, *_ in taken):
                taken.append((start, end, match, make))
    told = ""
    for start, end, match, make in sorted(taken, key=lambda one: one[0]):
        bare = (
            make in (resolving.dm, resolving.m, resolving.cjk, resolving.same_month, resolving.day_alone)
            and not match.groupdict().get("y")
            and not match.groupdict().get("same")
        )
        here = (
            Clock(None, told, language=clock.language)
            if (bare and told and make is not resolving.m and "d" in match.groupdict())
            or ((make in _AFTER or match.groupdict().get("same")) and told)
            else Clock(None, told, near=told, language=clock.language)
            if make is resolving.m and told
            else clock
        )
        iso = "" if text[:start].endswith(_ROCKET) else make(match, here)
        if re.match(r"\d{4}", iso) and (not bare or len(iso) == 10):
            told = iso
        yield Mark("date", start, end, iso)


def span(iso: str) -> tuple[date, date]:
    """Return the first and last day that a date of this module covers."""
    first, _, last = iso.partition("/")
    return _bounds(first)[0], _bounds(last or first)[1]


def _bounds(iso: str) -> tuple[date, date]:
    parts = [int(part) for part in iso.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1), date(parts[0], 12, 31)
    if len(parts) == 2:
        return date(parts[0], parts[1], 1), date(parts[0], parts[1], calendar.monthrange(*parts)[1])
    return date(*parts), date(*parts)
