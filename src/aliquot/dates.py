"""When did it happen, and how exactly is that known? Dates as public sources give them.

A date is written in one short text: `1970-09-24`, `1978-05`, `1973`, `2020-12-16T17:59Z`,
`2024-06-02T06:23+08:00`, `~1972` (about), `<2025-12` (before that month began), `>1970` (after that year),
`1969-11/1970` (somewhere between, or from one to the other), `?` (not known). Knows no clock and no time
zone database: a zone is the offset that the source states.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final

from aliquot import fault
from aliquot.fault import Fault


class Precision(StrEnum):
    """The smallest unit that a date states."""

    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SPAN = "span"
    UNKNOWN = "unknown"


class Bound(StrEnum):
    """How the date bounds the event."""

    ON = "on"
    ABOUT = "about"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class When:
    """A date with its precision: the event lies between `first` and `last`, as far as either is known."""

    text: str
    precision: Precision
    bound: Bound = Bound.ON
    first: date | None = None
    last: date | None = None
    at: datetime | None = None

    @property
    def is_known(self) -> bool:
        return self.precision is not Precision.UNKNOWN

    @property
    def utc(self) -> datetime | None:
        """The minute in UTC, where the source gives a minute."""
        return self.at.astimezone(UTC) if self.at else None

    @property
    def sort_key(self) -> tuple[date, date, str]:
        """Earliest first; what is not known stands last."""
        first = self.first or self.last or date.max
        return first, self.last or date.max, self.text

    def touches(self, year: int) -> bool:
        """Whether it belongs to that year: every year of a span, and the year that a bound names."""
        if not self.is_known:
            return False
        if self.bound in (Bound.BEFORE, Bound.AFTER):
            return self.text[1:5] == f"{year:04d}"
        return (self.first or date.min).year <= year <= (self.last or date.max).year

    def overlaps(self, other: When) -> bool:
        """Whether both can be true of one event; a date that is not known agrees with all."""
        starts = max(self.first or date.min, other.first or date.min)
        ends = min(self.last or date.max, other.last or date.max)
        return starts <= ends

    def show(self, language: str = "en") -> str:
        """Return the date in words of the language; a minute in UTC."""
        return _show_zh(self) if language.startswith("zh") else _show_en(self)

    def show_local(self, language: str = "en") -> str:
        """Return the minute in the zone that the source gives, or nothing when it gives none but UTC."""
        if not self.at or not self.at.utcoffset():
            return ""
        minute = self.at.strftime("%H:%M")
        zone = f"UTC{_offset(self.at)}"
        day = _day(self.at.date(), Precision.DAY, language)
        return f"{day} {minute}（{zone}）" if language.startswith("zh") else f"{day}, {minute} ({zone})"


UNKNOWN: Final = When("?", Precision.UNKNOWN)
_TODO: Final = "write it like 1970-09-24, 1978-05, 1973, 2020-12-16T17:59Z, ~1972, <2025-12, 1969/1970 or ?"
_PLAIN: Final = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_MINUTE: Final = re.compile(r"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2})(Z|[+-]\d{2}:\d{2})")
_BOUNDS: Final = {"~": Bound.ABOUT, "<": Bound.BEFORE, ">": Bound.AFTER}
_MONTHS: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def read(text: str, where: str = "date") -> When | Fault:
    """Return the date that the text states, or the fault that makes it none."""
    if text == "?":
        return UNKNOWN
    if match := _MINUTE.fullmatch(text):
        return _read_minute(text, match, where)
    if "/" in text:
        return _read_span(text, where)
    bound = _BOUNDS.get(text[:1], Bound.ON)
    found = _read_plain(text if bound is Bound.ON else text[1:], where)
    if isinstance(found, Fault):
        return found
    first, last, precision = found
    if bound is Bound.BEFORE:
        return When(text, precision, bound, None, first - timedelta(days=1))
    if bound is Bound.AFTER:
        return When(text, precision, bound, last + timedelta(days=1), None)
    return When(text, precision, bound, first, last)


def _read_plain(text: str, where: str) -> tuple[date, date, Precision] | Fault:
    match = _PLAIN.fullmatch(text)
    if not match:
        return fault.of(where, "“{text}” is not a date", _TODO, text=text[:40])
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return fault.of(where, "the date “{text}” does not exist", _TODO, text=text)
    if day:
        return first, first, Precision.DAY
    if month:
        return first, first.replace(day=calendar.monthrange(first.year, month)[1]), Precision.MONTH
    return first, date(first.year, 12, 31), Precision.YEAR


def _read_minute(text: str, match: re.Match[str], where: str) -> When | Fault:
    clock, zone = match.groups()
    try:
        minute = datetime.fromisoformat(clock + zone.replace("Z", "+00:00"))
    except ValueError:
        return fault.of(where, "the time “{text}” does not exist", _TODO, text=text)
    day = minute.astimezone(UTC).date()
    return When(text, Precision.MINUTE, Bound.ON, day, day, minute)


def _read_span(text: str, where: str) -> When | Fault:
    ends = [_read_plain(part, where) for part in text.split("/")]
    for end in ends:
        if isinstance(end, Fault):
            return end
    known = [end for end in ends if not isinstance(end, Fault)]
    if len(known) != 2 or known[0][0] > known[1][1]:
        return fault.of(where, "“{text}” does not run from an earlier to a later date", _TODO, text=text)
    return When(text, Precision.SPAN, Bound.ON, known[0][0], known[1][1])


def _offset(at: datetime) -> str:
    minutes = int((at.utcoffset() or timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return ("−" if minutes < 0 else "+") + str(hours) + (f":{rest:02d}" if rest else "")


def _day(day: date, precision: Precision, language: str) -> str:
    if language.startswith("zh"):
        month = f"{day.month}月" if precision is not Precision.YEAR else ""
        return f"{day.year}年{month}" + (f"{day.day}日" if precision is Precision.DAY else "")
    if precision is Precision.YEAR:
        return str(day.year)
    named = f"{_MONTHS[day.month - 1]} {day.year}"
    return f"{day.day} {named}" if precision is Precision.DAY else named


def _stated(when: When, language: str) -> str:
    """Return the date itself, without what bounds it."""
    found = _read_plain(when.text.lstrip("~<>"), "date")
    if isinstance(found, Fault):
        fault.bug(f"the date {when.text} was read but cannot be shown")
    return _day(found[0], found[2], language)


def _ends(when: When, language: str) -> list[str]:
    return [_stated(When(part, Precision.DAY), language) for part in when.text.split("/")]


def _show_en(when: When) -> str:
    if when.utc:
        return f"{_day(when.utc.date(), Precision.DAY, 'en')}, {when.utc:%H:%M} UTC"
    if when.precision is Precision.SPAN:
        return " – ".join(_ends(when, "en"))
    if not when.is_known:
        return "not known"
    return ("" if when.bound is Bound.ON else f"{when.bound} ") + _stated(when, "en")


def _show_zh(when: When) -> str:
    if when.utc:
        return f"{_day(when.utc.date(), Precision.DAY, 'zh')} {when.utc:%H:%M}（UTC）"
    if when.precision is Precision.SPAN:
        return "至".join(_ends(when, "zh"))
    if not when.is_known:
        return "未知"
    before, after = {
        Bound.ON: ("", ""), Bound.ABOUT: ("约", ""), Bound.BEFORE: ("", "之前"), Bound.AFTER: ("", "之后"),
    }[when.bound]  # fmt: skip
    return before + _stated(when, "zh") + after
