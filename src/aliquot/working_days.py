"""On which day do so many working days end? Days off are data, one TOML a country, each year with its source.

A year without a source has weekends only, and the answer says so. Knows no clock and no hours: a day is a day.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Final

from aliquot import fault

_SATURDAY: Final = 5
_DAYS_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are off, and which weekends are worked; `years` are those that a source speaks of."""

    country: str
    off: frozenset[date]
    work: frozenset[date]
    years: frozenset[int]

    def is_working(self, day: date) -> bool:
        """Say whether people work on that day, as far as is known."""
        return day in self.work or (day.weekday() < _SATURDAY and day not in self.off)


@dataclass(frozen=True, slots=True)
class Counted:
    """The last of so many working days; `years_unknown` are those of which weekends alone were counted."""

    day: date
    years_unknown: tuple[int, ...]


WEEKENDS: Final = Calendar("", frozenset(), frozenset(), frozenset())


def countries() -> tuple[str, ...]:
    """Return the countries whose days off ship with the library."""
    names = (path.name for path in files("aliquot.holidays").iterdir())
    return tuple(sorted(name.removesuffix(".toml").upper() for name in names if name.endswith(".toml")))


@cache
def load(country: str) -> Calendar:
    """Return the days off of a country; weekends alone where none ship with the library."""
    if country not in countries():
        return WEEKENDS
    return read(files("aliquot.holidays").joinpath(f"{country.lower()}.toml").read_text("utf-8"))


def read(text: str) -> Calendar:
    """Return the calendar that a sound TOML text states; what is not sound is our own mistake."""
    table = tomllib.loads(text)
    off: set[date] = set()
    work: set[date] = set()
    for each in table["year"]:
        year = int(each["year"])
        each["source"] or fault.bug(f"the days off of {year} have no source")
        off |= {day for span in each["off"] for day in _days(year, span)}
        work |= {day for span in each["work"] for day in _days(year, span)}
    if off & work:
        fault.bug(f"{min(off & work)} is both off and worked")
    return Calendar(
        str(table["country"]),
        frozenset(off),
        frozenset(work),
        frozenset(int(y["year"]) for y in table["year"]),
    )


def _days(year: int, span: str) -> list[date]:
    first, _, last = span.partition("/")
    start, end = (date.fromisoformat(f"{year}-{one}") for one in (first, last or first))
    return [start + timedelta(days=i) for i in range((end - start).days + 1)]


def after(day: date, count: int, calendar: Calendar) -> Counted:
    """Return the last of `count` working days, the first of which is the next working day after `day`.

    `count` is from 0 (the day itself) to 1,000.
    """
    if not 0 <= count <= _DAYS_MOST:
        fault.bug(f"{count} working days are not counted")
    found, left = day, count
    touched = {day.year}
    while left:
        found += timedelta(days=1)
        touched.add(found.year)
        left -= calendar.is_working(found)
    return Counted(found, tuple(sorted(touched - calendar.years)))
