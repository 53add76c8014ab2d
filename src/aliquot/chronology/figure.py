"""What is a plot made of? Lines, areas and texts on a sheet, and the axes that carry numbers onto it.

A figure is a value; `vector` writes it as SVG, `raster` as PNG. Roles, not colours, are named here, and nothing is
told by colour alone: what does not count is hollow and dashed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

WIDTH: Final = 720.0
HEIGHT: Final = 560.0
LEFT, RIGHT, TOP, BOTTOM = 92.0, 700.0, 44.0, 420.0
_SUPER: Final = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_RATIO: Final = re.compile(r"([A-Z][a-z]?)(\d+)([A-Z][a-z]?)(\d+)")

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Style:
    """How a role looks: stroke, its width, fill and its opacity, dashes."""

    stroke: str | None
    width: float = 1.0
    fill: str | None = None
    opacity: float = 1.0
    dashed: bool = False


STYLES: Final = {
    "paper": Style(None, fill="#ffffff"),
    "axis": Style("#333333"),
    "grid": Style("#dddddd", 0.6),
    "line": Style("#0b3d91", 1.8),
    "band": Style(None, fill="#0b3d91", opacity=0.12),
    "fill": Style(None, fill="#d97706", opacity=0.3),
    "kept": Style("#8a3d00", 1.1),
    "hollow": Style("#666666", 1.0, dashed=True),
    "curve": Style("#222222", 1.4),
    "mark": Style("#222222", 1.0, fill="#222222"),
    "mean": Style("#0b3d91", 1.8, fill="#ffffff"),
}


@dataclass(frozen=True, slots=True)
class Path:
    """A line through places on the sheet, or the area that it closes."""

    places: tuple[Place, ...]
    role: str
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A text on one line; `anchor` is start, middle or end, `upright` runs from below to above."""

    text: str
    at: Place
    size: float = 12.0
    anchor: str = "start"
    upright: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A whole plot with what is said in its place to whoever does not see it."""

    title: str
    description: str
    shapes: tuple[Path | Words, ...]


_AROUND: Final = ((1, 1), (-1, 1), (1, -1), (-1, -1), (0, 1), (0, -1), (1, 0), (-1, 0))


@dataclass(slots=True)
class Sheet:
    """A plot being drawn: two axes and what stands between them."""

    x: tuple[float, float]
    y: tuple[float, float]
    x_title: str
    y_title: str
    x_ticks: bool = True
    shapes: list[Path | Words] = field(default_factory=list)

    def place(self, x: float, y: float) -> Place:
        """Return where a pair of values stands on the sheet."""
        (x0, x1), (y0, y1) = self.x, self.y
        return LEFT + (x - x0) / (x1 - x0) * (RIGHT - LEFT), BOTTOM - (y - y0) / (y1 - y0) * (BOTTOM - TOP)

    def path(self, values: Iterable[Place], role: str, *, closed: bool = False) -> None:
        """Draw through pairs of values; what leaves the frame is cut off at it."""
        places = [self.place(*each) for each in values]
        if closed:
            found = _clip_area(places)
            if len(found) > 2:
                self.shapes.append(Path(tuple(found), role, closed=True))
            return
        for piece in _clip_line(places):
            self.shapes.append(Path(tuple(piece), role))

    def box(self, x: Place, y: Place, role: str) -> None:
        """Draw a box between two x and two y."""
        self.path([(x[0], y[0]), (x[1], y[0]), (x[1], y[1]), (x[0], y[1])], role, closed=True)

    def words(
        self,
        text: str,
        x: float,
        y: float,
        *,
        size: float = 11.0,
        by: Place = (0.0, 0.0),
        anchor: str = "middle",
    ) -> None:
        """Write beside a pair of values, so many units of the sheet away."""
        at = self.place(x, y)
        if LEFT - 1 <= at[0] <= RIGHT + 1 and TOP - 1 <= at[1] <= BOTTOM + 1:
            self.shapes.append(Words(text, (at[0] + by[0], at[1] + by[1]), size, anchor))

    def label(self, text: str, x: float, y: float, *, size: float = 10.0, side: int = 1) -> None:
        """Write beside a point, where no earlier label stands; to its right rather, or its left (side -1)."""
        width = size * 0.6 * len(text)
        here = self.place(x, y)
        taken = [each for each in self.shapes if isinstance(each, Words)]
        for away in (8.0, 17.0, 27.0, 38.0, 50.0):
            for right, up in _AROUND:
                right *= side
                at = (here[0] + right * away, here[1] - up * away + size / 3)
                start = at[0] - width * (1 - right) / 2
                inside = start > LEFT and start + width < RIGHT and TOP + size < at[1] < BOTTOM
                if inside and not any(_overlaps(each, start, at[1], width) for each in taken):
                    anchor = {1: "start", 0: "middle", -1: "end"}[right]
                    self.shapes.append(Words(text, at, size, anchor))
                    return

    def figure(self, title: str, caption: Sequence[str], say: Callable[[str], str] = str) -> Figure:
        """Return the plot with its axes, title and caption, each text as `say` has it."""
        title, caption = say(title), [say(each) for each in caption]
        lines = [line for each in caption for line in _wrapped(each, 112)]
        below = [Words(line, (LEFT, BOTTOM + 60 + 16 * at), 11.0) for at, line in enumerate(lines)]
        frame = Path(((LEFT, TOP), (LEFT, BOTTOM), (RIGHT, BOTTOM), (RIGHT, TOP)), "axis", closed=True)
        shapes: list[Path | Words] = [
            Path(((0, 0), (WIDTH, 0), (WIDTH, HEIGHT), (0, HEIGHT)), "paper", closed=True)
        ]
        shapes += [*self._ticks(), *self.shapes, frame]
        shapes += [
            Words(title, (LEFT, TOP - 16), 15.0),
            Words(say(self.x_title), ((LEFT + RIGHT) / 2, BOTTOM + 38), 13.0, "middle"),
            Words(say(self.y_title), (20.0, (TOP + BOTTOM) / 2), 13.0, "middle", upright=True),
            *below,
        ]
        return Figure(title, " ".join(caption), tuple(shapes))

    def _ticks(self) -> list[Path | Words]:
        found: list[Path | Words] = []
        for value, text in ticks(*self.x) if self.x_ticks else ():
            at, _ = self.place(value, self.y[0])
            found += [Path(((at, TOP), (at, BOTTOM)), "grid"), Words(text, (at, BOTTOM + 17), 11.0, "middle")]
        for value, text in ticks(*self.y):
            _, at = self.place(self.x[0], value)
            found += [Path(((LEFT, at), (RIGHT, at)), "grid"), Words(text, (LEFT - 6, at + 4), 11.0, "end")]
        return found


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Return four to nine round values between two others, with their texts."""
    span = high - low
    if not span > 0 or not math.isfinite(span):
        return []
    power = 10.0 ** math.floor(math.log10(span / 4))
    step = next(power * times for times in (1, 2, 2.5, 5, 10) if span / (power * times) <= 8)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if f"{step:.1e}".startswith("2.5") else 0))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    if decimals > 7 or max(abs(low), abs(high)) >= 1e7:
        return [(at * step, f"{at * step:.4g}") for at in range(first, last + 1)]
    return [(at * step, f"{at * step + 0.0:,.{decimals}f}") for at in range(first, last + 1)]


def reach(values: Iterable[float], *, air: float = 0.06) -> tuple[float, float]:
    """Return an interval that holds all the values, with a little air."""
    finite = [each for each in values if math.isfinite(each)]
    low, high = min(finite, default=0.0), max(finite, default=1.0)
    span = high - low or abs(high) * 0.1 or 1.0
    return low - air * span, high + air * span


def ratio_name(column: str) -> str:
    """Return `Rb87Sr86` as ⁸⁷Rb/⁸⁶Sr."""
    found = _RATIO.fullmatch(column)
    if not found:
        return column
    first, above, second, below = found.groups()
    return f"{above.translate(_SUPER)}{first}/{below.translate(_SUPER)}{second}"


def ellipse(x: float, y: float, sx: float, sy: float, rho: float) -> list[Place]:
    """Return the ellipse that holds 95 % of what a point with these errors may be."""
    times = math.sqrt(-2 * math.log(0.05))
    turned = math.sqrt(max(0.0, 1 - rho * rho))
    angles = [2 * math.pi * step / 60 for step in range(60)]
    return [
        (
            x + times * sx * math.cos(angle),
            y + times * sy * (rho * math.cos(angle) + turned * math.sin(angle)),
        )
        for angle in angles
    ]


def _overlaps(words: Words, start: float, y: float, width: float) -> bool:
    """Whether a text covers a place that a new one of this width would need."""
    its = words.size * 0.6 * len(words.text)
    left = words.at[0] - its * {"start": 0.0, "middle": 0.5, "end": 1.0}[words.anchor]
    return left < start + width and start < left + its and abs(words.at[1] - y) < words.size


# A word with the blank before it, or one sign of a script that has no blanks, with the stop that may not begin a line.
_WORDS: Final = re.compile(r"\s*(?:[^\s\u2e80-\uffef]+|[\u2e80-\uffef])[，。；：、）]*")


def _wrapped(text: str, letters: int) -> list[str]:
    """Return the text in lines of so many letters; a letter of an East Asian script is as wide as two."""
    lines = [""]
    for word in _WORDS.findall(text):
        if lines[-1] and _width(lines[-1] + word) > letters:
            lines.append("")
        lines[-1] += word if lines[-1] else word.lstrip()
    return lines


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


# --- What leaves the frame ----------------------------------------------------------------------------------

_EDGES: Final[tuple[tuple[int, float, float], ...]] = (
    (0, LEFT, 1),
    (0, RIGHT, -1),
    (1, TOP, 1),
    (1, BOTTOM, -1),
)


def _clip_area(places: list[Place]) -> list[Place]:
    """Return an area cut off at the frame, edge by edge (Sutherland and Hodgman 1974)."""
    for axis, edge, sign in _EDGES:
        found: list[Place] = []
        for before, after in zip(places[-1:] + places[:-1], places, strict=True):
            inside = sign * (after[axis] - edge) >= 0
            if inside is not (sign * (before[axis] - edge) >= 0):
                found.append(_crossing(before, after, axis, edge))
            if inside:
                found.append(after)
        places = found
    return places


def _crossing(before: Place, after: Place, axis: int, edge: float) -> Place:
    share = (edge - before[axis]) / (after[axis] - before[axis])
    other = before[1 - axis] + share * (after[1 - axis] - before[1 - axis])
    return (edge, other) if axis == 0 else (other, edge)


def _clip_line(places: list[Place]) -> list[list[Place]]:
    """Return the pieces of a line that lie inside the frame (Liang and Barsky 1984)."""
    pieces: list[list[Place]] = []
    for before, after in pairwise(places):
        low, high = 0.0, 1.0
        for axis, edge, sign in _EDGES:
            start, step = sign * (before[axis] - edge), sign * (after[axis] - before[axis])
            if step == 0:
                low = low if start >= 0 else 2.0
            elif step > 0:
                low = max(low, -start / step)
            else:
                high = min(high, -start / step)
        if low > high:
            continue
        first, last = (
            (before[0] + share * (after[0] - before[0]), before[1] + share * (after[1] - before[1]))
            for share in (low, high)
        )
        if pieces and pieces[-1][-1] == first:
            pieces[-1].append(last)
        else:
            pieces.append([first, last])
    return pieces
