"""Who on Earth holds what? Countries in steps of a count, and arcs from givers to receivers.

Outlines come from `mapdata/world.json` (Natural Earth 1:110m, Equal Earth projection). Knows no country's name: labels
are given, and only countries that have a count are labelled. Borders are those of Natural Earth, and the map says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from math import hypot
from typing import Final

from aliquot.site.drawings import svg

STEPS: Final = (1, 2, 5, 10)  # the least count of each of the four fills
_BAND: Final = 34.0


@dataclass(frozen=True, slots=True)
class Country:
    """A country by its ISO 3166 alpha-2 code, with what is counted; `label` is read out, such as "France: 3"."""

    code: str
    label: str
    count: int
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Arc:
    """Something that went from one country to another; `weight` is how often."""

    giver: str
    receiver: str
    label: str
    weight: int = 1
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Outline:
    d: str
    x: float
    y: float


def draw(
    countries: Sequence[Country],
    arcs: Sequence[Arc] = (),
    *,
    prefix: str,
    title: str,
    description: str = "",
    borders: str = "Borders: Natural Earth",
) -> str:
    """Return the map. A country without an outline at this scale is a point; an unknown code is left out."""
    width, height, outlines = _sheet()
    shown = [country for country in countries if country.code in outlines and country.count > 0]
    counted = {country.code for country in shown}
    land = "".join(outline.d for code, outline in outlines.items() if code not in counted)
    drawn = [
        svg.element("path", d=land, class_="d-land"),
        *(_country(country, outlines[country.code]) for country in shown),
        *(_arc(arc, outlines) for arc in arcs),
        _legend(height),
        svg.text(borders, x=width - 8, y=height + _BAND - 12, class_="d-text d-small d-quiet", anchor="end"),
    ]
    return svg.picture(
        *drawn,
        prefix=prefix,
        title=title,
        description=description,
        width=width,
        height=height + _BAND,
        class_="d-world",
    )


def step_of(count: int) -> int:
    """Return the fill, 1 to 4, of a count."""
    return max(sum(count >= least for least in STEPS), 1)


@cache
def _sheet() -> tuple[float, float, Mapping[str, _Outline]]:
    sheet = json.loads(files("aliquot.site.mapdata").joinpath("world.json").read_text(encoding="utf-8"))
    outlines = {code: _Outline(one["d"], *one["at"]) for code, one in sheet["countries"].items()}
    return sheet["width"], sheet["height"], outlines


def _country(country: Country, outline: _Outline) -> str:
    fill = f"d-country d-step-{step_of(country.count)}"
    shape = (
        svg.element("path", d=outline.d, class_=fill)
        if outline.d
        else svg.element("circle", cx=outline.x, cy=outline.y, r=5, class_=fill)
    )
    titled = svg.element("title", svg.said(country.label))
    if not country.href:
        return svg.element("g", titled, shape)
    return svg.link(country.href, titled, shape, label=country.label)


def _arc(arc: Arc, outlines: Mapping[str, _Outline]) -> str:
    """Return a curve that rises to the north, and a point where it arrives."""
    if arc.giver == arc.receiver or not {arc.giver, arc.receiver} <= outlines.keys():
        return ""
    start, end = outlines[arc.giver], outlines[arc.receiver]
    rise = hypot(end.x - start.x, end.y - start.y) * 0.28
    curve: list[str | float] = [
        "M",
        start.x,
        start.y,
        "Q",
        (start.x + end.x) / 2,
        max((start.y + end.y) / 2 - rise, 4),
        end.x,
        end.y,
    ]
    titled = svg.element("title", svg.said(arc.label))
    line = svg.element("path", d=svg.path(curve), class_="d-arc", stroke_width=min(1 + arc.weight * 0.5, 5))
    tip = svg.element("circle", cx=end.x, cy=end.y, r=3, class_="d-arc-end")
    if not arc.href:
        return svg.element("g", titled, line, tip)
    return svg.link(arc.href, titled, line, tip, label=arc.label)


def _legend(top: float) -> str:
    ranges = [f"{least}–{after - 1}" if after - 1 > least else f"{least}" for least, after in pairwise(STEPS)]
    x, y = 8.0, top + _BAND - 12
    drawn = ""
    for step, words in enumerate([*ranges, f"{STEPS[-1]}+"], start=1):
        drawn += svg.element("rect", x=x, y=y - 12, width=18, height=14, class_=f"d-country d-step-{step}")
        drawn += svg.text(words, x=x + 24, y=y, class_="d-text d-small d-quiet")
        x += 84
    return drawn
