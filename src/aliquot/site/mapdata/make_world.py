"""How is the outline of the world made? Countries of Natural Earth, projected, rounded, keyed by ISO 3166 alpha-2.

Source: Natural Earth, Admin 0 - Countries, 1:110m, in the public domain. Projection: Equal Earth (B. Šavrič,
T. Patterson and B. Jenny, "The Equal Earth map projection", International Journal of Geographical Information Science
33, 2019, 454-465), because a map that compares countries should show their areas truly. Run once, by hand:

    python -m aliquot.site.mapdata.make_world COUNTRIES.geojson world.json

Leaves out Antarctica. States too small for this scale are points; their places are rounded to a tenth of a degree.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from typing import Any, Final

WIDTH: Final = 1000.0
_TOP_DEG: Final = 83.7
_BOTTOM_DEG: Final = -56.5
_WITHOUT_CODE: Final = {"FRA": "FR", "NOR": "NO"}
_A: Final = (1.340264, -0.081106, 0.000893, 0.003796)

# Too small for an outline at 1:110m: latitude and longitude east.
SMALL: Final = {
    "AD": (42.5, 1.6), "AG": (17.1, -61.8), "BB": (13.2, -59.6), "BH": (26.1, 50.5), "CV": (15.1, -23.6),
    "DM": (15.4, -61.4), "GD": (12.1, -61.7), "HK": (22.3, 114.2), "KI": (1.4, 173.0), "KM": (-11.9, 43.9),
    "KN": (17.3, -62.7), "LC": (13.9, -61.0), "LI": (47.2, 9.6), "MC": (43.7, 7.4), "MO": (22.2, 113.5),
    "MT": (35.9, 14.4), "MU": (-20.3, 57.6), "MV": (4.2, 73.5), "NR": (-0.5, 166.9), "SC": (-4.6, 55.5),
    "SG": (1.4, 103.8), "SM": (43.9, 12.5), "ST": (0.3, 6.6), "TO": (-21.2, -175.2), "TV": (-8.5, 179.2),
    "VA": (41.9, 12.5), "VC": (13.3, -61.2), "WS": (-13.8, -172.1),
}  # fmt: skip


def equal_earth(lat_deg: float, lon_deg: float) -> tuple[float, float]:
    """Return the projected place for a sphere of radius 1, x to the east, y to the north (equations 10 and 11)."""
    a1, a2, a3, a4 = _A
    theta = asin(sqrt(3) / 2 * sin(radians(lat_deg)))
    squared = theta**2
    sixth = squared**3
    slope = a1 + 3 * a2 * squared + sixth * (7 * a3 + 9 * a4 * squared)
    x = 2 * sqrt(3) * radians(lon_deg) * cos(theta) / (3 * slope)
    return x, theta * (a1 + a2 * squared + sixth * (a3 + a4 * squared))


_SCALE: Final = WIDTH / 2 / equal_earth(0, 180)[0]
_TOP: Final = equal_earth(_TOP_DEG, 0)[1]
HEIGHT: Final = round((_TOP - equal_earth(_BOTTOM_DEG, 0)[1]) * _SCALE, 1)


def place(lat_deg: float, lon_deg: float) -> tuple[float, float]:
    """Return the place on the sheet, to a tenth of its unit."""
    x, y = equal_earth(lat_deg, lon_deg)
    return round(WIDTH / 2 + x * _SCALE, 1), round((_TOP - y) * _SCALE, 1)


def world(features: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return the sheet's size and, for each country, its path (`d`) and the place of its label (`at`)."""
    countries: dict[str, dict[str, Any]] = {}
    for feature in features:
        facts = feature["properties"]
        if facts["ADM0_A3"] == "ATA":
            continue
        rings = [[place(lat, lon) for lon, lat, *_ in ring] for ring in _rings(feature["geometry"])]
        middle, _ = max((_middle(ring) for ring in rings), key=lambda one: one[1])
        countries[_code(facts)] = {"d": "".join(_path(ring) for ring in rings), "at": middle}
    points = {code: {"d": "", "at": place(*where)} for code, where in SMALL.items()}
    return {"width": WIDTH, "height": HEIGHT, "countries": dict(sorted({**points, **countries}.items()))}


def _rings(geometry: dict[str, Any]) -> Iterator[list[list[float]]]:
    polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    for polygon in polygons:
        yield from polygon


def _code(facts: dict[str, Any]) -> str:
    """Return the code of ISO 3166, or Natural Earth's own for the two areas that have none.

    The file gives France and Norway "-99" where it means their sovereign state.
    """
    given: str = facts["ISO_A2"]
    return given if given != "-99" else _WITHOUT_CODE.get(facts["ADM0_A3"], facts["ADM0_A3"])


def _middle(ring: list[tuple[float, float]]) -> tuple[tuple[float, float], float]:
    """Return the centroid of a closed ring and its area, by the shoelace formula."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise(ring):
        cross = x1 * y2 - x2 * y1
        area += cross / 2
        x += (x1 + x2) * cross / 6
        y += (y1 + y2) * cross / 6
    return ((round(x / area, 1), round(y / area, 1)), abs(area)) if area else (ring[0], 0.0)


def _path(places: list[tuple[float, float]]) -> str:
    """Return a closed path, or none where rounding leaves no area; steps are relative, because they are shorter."""
    steps, here = [], places[0]
    for there in places[1:-1]:
        step = (round(there[0] - here[0], 1), round(there[1] - here[1], 1))
        if step != (0, 0):
            steps.append(f"{_short(step[0])} {_short(step[1])}")
            here = there
    if len(steps) < 2:
        return ""
    return f"M{_short(places[0][0])} {_short(places[0][1])}l{' '.join(steps)}z"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0.", "-.").removeprefix("0") or "0"


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    features = json.loads(source.read_text(encoding="utf-8"))["features"]
    target.write_text(json.dumps(world(features), separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
