"""Where is the mass of a mission today? Columns of holders, joined by bands as wide as the mass that went.

A band thinner than `THINNEST` is drawn that wide, dashed, and said to be so. Knows nothing of what the masses mean.
After the diagrams of M. H. Sankey (Minutes of Proceedings of the Institution of Civil Engineers 134, 1898).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from aliquot import fault, mass
from aliquot.site.drawings import svg

WIDTH: Final = 1080.0
TALLEST: Final = 360.0  # the height of the heaviest node
THINNEST: Final = 2.5
_NODE_WIDTH: Final = 10.0
_LABEL_HEIGHT: Final = 44.0
_LINE_HEIGHT: Final = 20.0
_LINES_MOST: Final = 3  # of a label beside its node
_GAP: Final = 14.0
_MARGIN: Final = 12.0
_TEXT_SIZE: Final = 16.0
_LABEL_ROOM: Final = 270.0


@dataclass(frozen=True, slots=True)
class Node:
    """A holder; `fill` is one of the eight fills of the design system."""

    key: str
    label: str
    column: int
    fill: int = 1
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A mass that went from one node to another one further right."""

    source: str
    target: str
    mass_ng: int
    label: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class _Placed:
    node: Node
    mass_ng: int
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class _Band:
    link: Link
    width: float
    to_scale: bool
    fill: int


def draw(
    nodes: Sequence[Node],
    links: Sequence[Link],
    *,
    prefix: str,
    title: str,
    description: str = "",
    not_to_scale: str = "Dashed: too little to be drawn to scale",
) -> str:
    """Return the picture; nodes stand in their column in the order given."""
    scale = scale_of(nodes, links)
    bands = [_band(nodes, link, scale=scale) for link in links]
    placed, height = _place(nodes, bands)
    drawn = [
        *_ribbons(placed, bands),
        *(_node(one, placed, bands) for one in placed.values()),
    ]
    if not all(band.to_scale for band in bands):
        height += 30
        drawn.append(_note(not_to_scale, y=height - _MARGIN))
    return svg.picture(
        *drawn,
        prefix=prefix,
        title=title,
        description=description,
        width=WIDTH,
        height=height,
        class_="d-flow",
    )


def scale_of(nodes: Sequence[Node], links: Sequence[Link]) -> float:
    """Return how many units wide one nanogram is."""
    heaviest_ng = max((_through_ng(node, links) for node in nodes), default=0)
    return TALLEST / heaviest_ng if heaviest_ng else 0.0


def _through_ng(node: Node, links: Sequence[Link]) -> int:
    """Return what came in or what went out, whichever is more."""
    came_ng = sum(link.mass_ng for link in links if link.target == node.key)
    went_ng = sum(link.mass_ng for link in links if link.source == node.key)
    return max(came_ng, went_ng)


def _band(nodes: Sequence[Node], link: Link, *, scale: float) -> _Band:
    column = {node.key: node.column for node in nodes}
    if link.source not in column or link.target not in column:
        fault.bug(f"no node for the link {link.source} -> {link.target}")
    if link.mass_ng <= 0 or column[link.source] >= column[link.target]:
        fault.bug(f"the link {link.source} -> {link.target} does not carry a mass to the right")
    exact = link.mass_ng * scale
    fill = next(node.fill for node in nodes if node.key == link.target)
    return _Band(link, max(exact, THINNEST), exact >= THINNEST, fill)


def _place(nodes: Sequence[Node], bands: Sequence[_Band]) -> tuple[dict[str, _Placed], float]:
    """Return where each node stands, and the height of the picture: columns are centred beside each other."""
    in_columns = sorted(nodes, key=lambda node: node.column)
    columns = [list(group) for _, group in groupby(in_columns, key=lambda node: node.column)]
    heights = {node.key: _height(node, bands) for node in nodes}
    slots = {node.key: _slot(node, heights[node.key], bands) for node in nodes}
    tall = [sum(slots[node.key] + _GAP for node in column) for column in columns]
    left = min(_LABEL_ROOM, max(_label_width(n, bands) for n in columns[0])) + _MARGIN
    right = min(_LABEL_ROOM, max(_label_width(n, bands) for n in columns[-1])) + _MARGIN
    step = (WIDTH - left - right - _NODE_WIDTH) / max(len(columns) - 1, 1)
    placed: dict[str, _Placed] = {}
    for index, column in enumerate(columns):
        y = _MARGIN + (max(tall) - tall[index]) / 2
        for node in column:
            height, slot = heights[node.key], slots[node.key]
            at = _Placed(node, _mass_ng(node, bands), left + index * step, y + (slot - height) / 2, height)
            placed[node.key] = at
            y += slot + _GAP
    return placed, max(tall) + 2 * _MARGIN - _GAP


def _height(node: Node, bands: Sequence[_Band]) -> float:
    came = sum(band.width for band in bands if band.link.target == node.key)
    went = sum(band.width for band in bands if band.link.source == node.key)
    return max(came, went)


def _slot(node: Node, height: float, bands: Sequence[_Band]) -> float:
    """Return the room that a node and its label take: beside it, or where bands go on, above and below it."""
    passes = _comes(node, bands) and _goes(node, bands)
    if passes:
        return height + _LABEL_HEIGHT
    return max(height, _LABEL_HEIGHT + _LINE_HEIGHT * (len(_lines(node)) - 1))


def _lines(node: Node) -> tuple[str, ...]:
    """Return the label of a node in the lines that stand beside it."""
    return svg.wrapped(node.label, size=_TEXT_SIZE, room=_LABEL_ROOM - 2 * _MARGIN, lines=_LINES_MOST)


def _comes(node: Node, bands: Sequence[_Band]) -> bool:
    return any(band.link.target == node.key for band in bands)


def _goes(node: Node, bands: Sequence[_Band]) -> bool:
    return any(band.link.source == node.key for band in bands)


def _mass_ng(node: Node, bands: Sequence[_Band]) -> int:
    return _through_ng(node, [band.link for band in bands])


def _label_width(node: Node, bands: Sequence[_Band]) -> float:
    lines = (node.label, mass.show(_mass_ng(node, bands)))
    return max(svg.width_of(line, _TEXT_SIZE) for line in lines) + 2 * _MARGIN


def _ribbons(placed: dict[str, _Placed], bands: Sequence[_Band]) -> list[str]:
    """Return the bands; those of one node leave and arrive in the order of the nodes at their other end."""
    leave = {key: at.y for key, at in placed.items()}
    arrive = dict(leave)
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for band in sorted(bands, key=lambda one: placed[one.link.target].y):
        starts[id(band)] = leave[band.link.source]
        leave[band.link.source] += band.width
    for band in sorted(bands, key=lambda one: placed[one.link.source].y):
        ends[id(band)] = arrive[band.link.target]
        arrive[band.link.target] += band.width
    return [_ribbon(placed, band, start=starts[id(band)], end=ends[id(band)]) for band in bands]


def _ribbon(placed: dict[str, _Placed], band: _Band, *, start: float, end: float) -> str:
    x1 = placed[band.link.source].x + _NODE_WIDTH
    x2 = placed[band.link.target].x
    middle = (x1 + x2) / 2
    words = (
        band.link.label or f"{placed[band.link.source].node.label} → {placed[band.link.target].node.label}"
    )
    said = f"{words}: {mass.show(band.link.mass_ng)}"
    title = svg.element("title", svg.said(said))
    weight = str(band.link.mass_ng)
    if band.to_scale:
        # Filled between two like edges: wide bands that leave one node do not cover each other.
        top, bottom, back = start, start + band.width, end + band.width
        edges = ["M", x1, top, "C", middle, top, middle, end, x2, end, "V", back]
        edges += ["C", middle, back, middle, bottom, x1, bottom, "Z"]
        shape = svg.element(
            "path", title, d=svg.path(edges), class_=f"d-band d-fill-{band.fill}", data_mass_ng=weight
        )
    else:
        y1, y2 = start + band.width / 2, end + band.width / 2
        shape = svg.element(
            "path",
            title,
            d=svg.path(["M", x1, y1, "C", middle, y1, middle, y2, x2, y2]),
            class_=f"d-ribbon d-line-{band.fill} d-not-to-scale",
            stroke_width=band.width,
            data_mass_ng=weight,
        )
    return svg.link(band.link.href, shape, label=said)


def _node(one: _Placed, placed: dict[str, _Placed], bands: Sequence[_Band]) -> str:
    box = svg.element(
        "rect", x=one.x, y=one.y, width=_NODE_WIDTH, height=one.height, class_=f"d-fill-{one.node.fill}"
    )
    passes = _comes(one.node, bands) and _goes(one.node, bands)
    words = _label_beyond(one, placed, bands) if passes else _label_beside(one, bands)
    return box + svg.link(one.node.href, words, label=f"{one.node.label}: {mass.show(one.mass_ng)}")


def _label_beside(one: _Placed, bands: Sequence[_Band]) -> str:
    """Return the name, on as many lines as it takes, and the mass below it, on the side where no bands are."""
    on_left = _goes(one.node, bands)
    x = one.x - _MARGIN if on_left else one.x + _NODE_WIDTH + _MARGIN
    anchor = "end" if on_left else None
    names = _lines(one.node)
    y = one.y + one.height / 2 - 3 - _LINE_HEIGHT * (len(names) - 1) / 2
    drawn = [svg.text(name, x=x, y=y + _LINE_HEIGHT * n, class_="d-text d-halo", anchor=anchor)
             for n, name in enumerate(names)]  # fmt: skip
    below = svg.text(mass.show(one.mass_ng), x=x, y=y + _LINE_HEIGHT * len(names), class_="d-text d-quiet d-halo", anchor=anchor)  # fmt: skip
    return "".join([*drawn, below])


def _label_beyond(one: _Placed, placed: dict[str, _Placed], bands: Sequence[_Band]) -> str:
    """Return name and mass on one line, right of the node: below it where its bands rise, else above it."""
    targets = [placed[band.link.target] for band in bands if band.link.source == one.node.key]
    middle = sum(at.y + at.height / 2 for at in targets) / len(targets)
    rises = middle < one.y + one.height / 2
    return svg.element(
        "text",
        svg.said(svg.shortened(one.node.label, size=_TEXT_SIZE, room=_LABEL_ROOM)),
        svg.element("tspan", svg.said(mass.show(one.mass_ng)), dx=8, class_="d-quiet"),
        x=one.x + _NODE_WIDTH + _MARGIN,
        y=one.y + one.height + 19 if rises else one.y - 8,
        class_="d-text d-halo",
    )


def _note(words: str, *, y: float) -> str:
    mark = svg.element(
        "path",
        d=svg.path(["M", _MARGIN, y - 5, "H", _MARGIN + 34]),
        class_="d-ribbon d-line-1 d-not-to-scale",
        stroke_width=THINNEST,
    )
    return mark + svg.text(words, x=_MARGIN + 44, y=y, class_="d-text d-small d-quiet")
