"""Where on an axis does a day stand? Time runs evenly, but for long stretches without events, which are shortened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from aliquot.site.drawings import svg

_YEAR_DAYS: Final = 365.2425
_EMPTY: Final = 0.2  # A stretch without events longer than this part of the whole is shortened ...
_BREAK: Final = 44.0  # ... to this width.
_AIR_DAYS: Final = 150  # at least this long before and after, so that a single day stays a point
_TICK_ROOM: Final = 52.0
_STEPS_YEARS: Final = (1, 2, 5, 10, 20, 50, 100)


def days_of(on: str) -> tuple[int, int]:
    """Return the first day of a date of any precision, and the day after its last, as ordinals."""
    parts = [int(part) for part in on.split("-")]
    if len(parts) == 1:
        return date(parts[0], 1, 1).toordinal(), date(parts[0] + 1, 1, 1).toordinal()
    if len(parts) == 2:
        year, month = parts
        following = date(year + month // 12, month % 12 + 1, 1)
        return date(year, month, 1).toordinal(), following.toordinal()
    first = date(*parts).toordinal()
    return first, first + 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time drawn evenly."""

    first: int
    last: int
    left: float
    right: float

    def at(self, day: float) -> float:
        return self.left + (day - self.first) / (self.last - self.first) * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Axis:
    pieces: tuple[Piece, ...]

    def at(self, day: float) -> float:
        """Return the place of a day; one within a break stands at the break's end."""
        piece = next((one for one in self.pieces if day <= one.last), self.pieces[-1])
        return min(max(piece.at(day), piece.left), piece.right)

    def draw(self, y: float) -> str:
        """Return the axis with its years; a break is two strokes across the line."""
        lines = [
            svg.element("path", d=svg.path(["M", one.left, y, "H", one.right]), class_="d-axis")
            for one in self.pieces
        ]
        breaks = [
            _break(one.right, after.left, y) for one, after in zip(self.pieces, self.pieces[1:], strict=False)
        ]
        return "".join([*lines, *breaks, *(tick for one in self.pieces for tick in _ticks(one, y))])


def make_axis(dates: Sequence[str], *, left: float, right: float, shorten: bool = True) -> Axis:
    """Return an axis that holds all the dates, with a little air at both ends."""
    spans = sorted(days_of(on) for on in dates)
    groups: list[list[int]] = [[*spans[0]]]
    whole = max(span[1] for span in spans) - spans[0][0]
    for first, after in spans[1:]:
        if shorten and first - groups[-1][1] > max(whole * _EMPTY, 2 * _YEAR_DAYS):
            groups.append([first, after])
        else:
            groups[-1][1] = max(groups[-1][1], after)
    air = max(sum(last - first for first, last in groups) * 0.03, _AIR_DAYS)
    stretches = [(int(first - air), int(last + air)) for first, last in groups]
    room = right - left - _BREAK * (len(stretches) - 1)
    return Axis(tuple(_pieces(stretches, left=left, room=room)))


def _pieces(stretches: Sequence[tuple[int, int]], *, left: float, room: float) -> list[Piece]:
    days = sum(last - first for first, last in stretches)
    pieces = []
    for first, last in stretches:
        width = (last - first) / days * room
        pieces.append(Piece(first, last, left, left + width))
        left += width + _BREAK
    return pieces


def _break(left: float, right: float, y: float) -> str:
    middle = (left + right) / 2
    strokes: list[str | float] = [
        "M",
        middle - 7,
        y + 7,
        "L",
        middle - 1,
        y - 7,
        "M",
        middle + 1,
        y + 7,
        "L",
        middle + 7,
        y - 7,
    ]
    return svg.element(
        "path", d=svg.path(["M", left, y, "H", right]), class_="d-axis d-axis-broken"
    ) + svg.element("path", d=svg.path(strokes), class_="d-axis")


def _ticks(piece: Piece, y: float) -> list[str]:
    """Return marks at the beginnings of years, as many as find room."""
    first_year, last_year = date.fromordinal(piece.first).year + 1, date.fromordinal(piece.last).year
    year_width = (piece.right - piece.left) / (piece.last - piece.first) * _YEAR_DAYS
    step = next((years for years in _STEPS_YEARS if years * year_width >= _TICK_ROOM), _STEPS_YEARS[-1])
    years = [year for year in range(first_year, last_year + 1) if year % step == 0]
    if years:
        return [_tick(piece.at(date(year, 1, 1).toordinal()), year, y) for year in years]
    middle = (piece.left + piece.right) / 2
    said = str(date.fromordinal((piece.first + piece.last) // 2).year)
    return [svg.text(said, x=middle, y=y + 25, class_="d-text d-small d-quiet", anchor="middle")]


def _tick(x: float, year: int, y: float) -> str:
    mark = svg.element("path", d=svg.path(["M", x, y, "V", y + 8]), class_="d-axis")
    return mark + svg.text(str(year), x=x, y=y + 25, class_="d-text d-small d-quiet", anchor="middle")
