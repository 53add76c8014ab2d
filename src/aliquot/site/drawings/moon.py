"""Where on the Moon do the samples come from? One side as a disc, its landing sites named in the margin.

The projection is orthographic and exact: the Moon as seen from very far above the middle of one side. Knows no
mission; names, places and links are given. The picture below is the mosaic of the Lunar Reconnaissance Orbiter
Camera (`mapdata/make_moon.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin, sqrt
from typing import Final, Literal

from aliquot.site.drawings import svg

Side = Literal["near", "far"]

WIDTH: Final = 760.0
HEIGHT: Final = 440.0
RADIUS: Final = 205.0
TEXT_SIZE: Final = 22.0
_SMALL_SIZE: Final = 18.0
_LINE_HEIGHT: Final = 24.0
_EDGE: Final = 6.0
_GRID_DEG: Final = range(-60, 61, 30)
_CENTRE_DEG: Final = {"near": 0.0, "far": 180.0}


@dataclass(frozen=True, slots=True)
class Site:
    """A landing site in selenographic degrees, east positive; `detail` is a second line, such as the mass."""

    key: str
    label: str
    lat_deg: float
    lon_deg_east: float
    detail: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Label:
    """A site's label: where its point is, and the box in which its words stand."""

    site: Site
    x: float
    y: float
    left: float
    top: float
    width: float
    height: float
    on_left: bool


def project(lat_deg: float, lon_deg_east: float, *, side: Side) -> tuple[float, float] | None:
    """Return x to the east and y to the north in Moon radii, or None where the other side hides the place."""
    lat, lon = radians(lat_deg), radians(lon_deg_east - _CENTRE_DEG[side])
    if cos(lat) * cos(lon) < 0:
        return None
    return cos(lat) * sin(lon), sin(lat)


def labels(sites: Sequence[Site], *, side: Side) -> list[Label]:
    """Return the labels of the sites on this side; no two boxes overlap and no two leaders cross in a margin."""
    seen = [(site, at) for site in sites if (at := project(site.lat_deg, site.lon_deg_east, side=side))]
    points = [(site, WIDTH / 2 + east * RADIUS, HEIGHT / 2 - north * RADIUS) for site, (east, north) in seen]
    return [
        label
        for on_left in (True, False)
        for label in _margin([one for one in points if (one[1] < WIDTH / 2) is on_left], on_left=on_left)
    ]


def draw(
    sites: Sequence[Site],
    *,
    side: Side,
    picture_href: str,
    prefix: str,
    title: str,
    description: str = "",
) -> str:
    """Return the disc of one side over the picture at `picture_href`."""
    placed = labels(sites, side=side)
    return svg.picture(
        svg.element(
            "image",
            href=picture_href,
            x=WIDTH / 2 - RADIUS,
            y=HEIGHT / 2 - RADIUS,
            width=2 * RADIUS,
            height=2 * RADIUS,
        ),
        _graticule(),
        *(_leader(label) for label in placed),
        *(_named(label) for label in placed),
        prefix=prefix,
        title=title,
        description=description,
        width=WIDTH,
        height=HEIGHT,
        class_="d-moon",
    )


def _margin(points: list[tuple[Site, float, float]], *, on_left: bool) -> list[Label]:
    """Return the labels of one margin, top to bottom.

    Swapping two labels whenever that shortens their leaders ends with leaders that do not cross.
    """
    order = sorted(points, key=lambda one: (one[2], one[0].key))
    better = True
    while better:
        better = False
        for i in range(len(order) - 1):
            swapped = [*order[:i], order[i + 1], order[i], *order[i + 2 :]]
            if _length(_stack(swapped, on_left=on_left)) < _length(_stack(order, on_left=on_left)) - 1e-6:
                order, better = swapped, True
    return _stack(order, on_left=on_left)


def _stack(order: Sequence[tuple[Site, float, float]], *, on_left: bool) -> list[Label]:
    """Return labels below each other in this order, each as near to the height of its site as the others let it."""
    heights = [_box_height(site) for site, _, _ in order]
    tops: list[float] = []
    floor = 0.0
    for (_, _, y), height in zip(order, heights, strict=True):
        tops.append(max(y - height / 2, floor))
        floor = tops[-1] + height
    ceiling = HEIGHT
    for i in reversed(range(len(tops))):
        tops[i] = min(tops[i], ceiling - heights[i])
        ceiling = tops[i]
    widths = [_box_width(site) for site, _, _ in order]
    edge = _EDGE + max(widths, default=0.0)  # where all the leaders of this margin end
    return [
        Label(site, x, y, edge - width if on_left else WIDTH - edge, top, width, height, on_left)
        for (site, x, y), top, width, height in zip(order, tops, widths, heights, strict=True)
    ]


def _box_width(site: Site) -> float:
    return max(svg.width_of(site.label, TEXT_SIZE), svg.width_of(site.detail, _SMALL_SIZE))


def _box_height(site: Site) -> float:
    return _LINE_HEIGHT * (2 if site.detail else 1) + 8


def _length(placed: Sequence[Label]) -> float:
    return sum(hypot(end[0] - label.x, end[1] - label.y) for label in placed for end in [_end(label)])


def _end(label: Label) -> tuple[float, float]:
    """Return where the leader meets the label: beside its first line."""
    x = label.left + label.width + _EDGE if label.on_left else label.left - _EDGE
    return x, label.top + 4 + _LINE_HEIGHT / 2


def _leader(label: Label) -> str:
    """Return the line from the site to its label: light upon the disc, in ink beyond the limb."""
    end_x, end_y = _end(label)
    limb_x, limb_y = _limb(label, end_x, end_y)
    inside = svg.path(["M", label.x, label.y, "L", limb_x, limb_y])
    return (
        svg.element("path", d=inside, class_="d-leader-casing")
        + svg.element("path", d=inside, class_="d-leader-on-moon")
        + svg.element("path", d=svg.path(["M", limb_x, limb_y, "L", end_x, end_y]), class_="d-leader")
    )


def _limb(label: Label, end_x: float, end_y: float) -> tuple[float, float]:
    """Return where the leader leaves the disc."""
    x, y = label.x - WIDTH / 2, label.y - HEIGHT / 2
    across, down = end_x - label.x, end_y - label.y
    a, b, c = across**2 + down**2, 2 * (x * across + y * down), x**2 + y**2 - RADIUS**2
    part = min(1.0, (-b + sqrt(max(b**2 - 4 * a * c, 0))) / (2 * a)) if a else 0.0
    return label.x + part * across, label.y + part * down


def _named(label: Label) -> str:
    anchor = "end" if label.on_left else "start"
    x = label.left + label.width if label.on_left else label.left
    first = label.top + 4 + _LINE_HEIGHT * 0.75
    lines = svg.text(label.site.label, x=x, y=first, class_="d-text d-site-name", anchor=anchor)
    if label.site.detail:
        lines += svg.text(
            label.site.detail, x=x, y=first + _LINE_HEIGHT, class_="d-text d-site-detail", anchor=anchor
        )
    point = svg.element("circle", cx=label.x, cy=label.y, r=6, class_="d-site")
    return svg.link(label.site.href, point, lines, label=f"{label.site.label} {label.site.detail}".strip())


def _graticule() -> str:
    """Return meridians and parallels every thirty degrees; in this projection both are ellipses or lines."""
    cx, cy = WIDTH / 2, HEIGHT / 2
    parts: list[str | float] = []
    for lat_deg in _GRID_DEG:
        half, y = RADIUS * cos(radians(lat_deg)), cy - RADIUS * sin(radians(lat_deg))
        parts += ["M", cx - half, y, "H", cx + half]
    for lon_deg in _GRID_DEG:
        bulge = RADIUS * sin(radians(abs(lon_deg)))
        sweep = "1" if lon_deg > 0 else "0"
        arc = ["A", bulge, RADIUS, "0", "0", sweep] if lon_deg else ["L"]
        parts += ["M", cx, cy - RADIUS, *arc, cx, cy + RADIUS]
    return svg.element("path", d=svg.path(parts), class_="d-graticule")
