"""When did it happen, and as exactly as one knows? Events along an axis of time, labels in lanes above it.

A date is text of the precision that its source has: `2021`, `2021-02` or `2021-02-27`. A day is drawn as a point, a
month or a year as a bar as long as it is. Long times without events are shortened, and the axis shows the break.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aliquot.site.drawings import svg
from aliquot.site.drawings.axis import Axis, days_of, make_axis

WIDTH: Final = 1080.0
_MARGIN: Final = 16.0
_TEXT_SIZE: Final = 15.0
_LANE: Final = 25.0
_AXIS_ROOM: Final = 40.0


@dataclass(frozen=True, slots=True)
class Event:
    """What happened on a date; `fill` is one of the eight fills of the design system."""

    label: str
    on: str
    fill: int = 1
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """An event with the box of its label, and the span of its date on the axis."""

    event: Event
    x: float
    x_end: float
    lane: int
    left: float
    width: float


def lay_out(events: Sequence[Event]) -> tuple[Axis, list[Placed]]:
    """Return the axis and the events with their lanes; labels in one lane do not overlap."""
    axis = make_axis([event.on for event in events], left=_MARGIN, right=WIDTH - _MARGIN)
    placed: list[Placed] = []
    for event in sorted(events, key=lambda one: (days_of(one.on), one.label), reverse=True):
        first, after = days_of(event.on)
        x, x_end = axis.at(first), axis.at(after)
        words = svg.shortened(event.label, size=_TEXT_SIZE, room=WIDTH / 2)
        width = svg.width_of(words, _TEXT_SIZE) + 12
        stem = x if x_end - x < 4 else (x + x_end) / 2
        left = min(stem - 5, WIDTH - _MARGIN - width)
        placed.append(Placed(event, x, x_end, _free_lane(placed, left=left, width=width), left, width))
    return axis, placed


def _free_lane(placed: Sequence[Placed], *, left: float, width: float) -> int:
    """Return the lowest lane where the label is free, and above every label that its own stem would cross.

    Later events were placed first, so a label never lies upon the stem of a later one when it is higher.
    """
    lane = 0
    for other in placed:
        crosses = other.left < left + width + 8 and left < other.left + other.width + 8
        if crosses:
            lane = max(lane, other.lane + 1)
    return lane


def draw(events: Sequence[Event], *, prefix: str, title: str, description: str = "") -> str:
    """Return the picture of the events."""
    if not events:
        return ""
    axis, placed = lay_out(events)
    lanes = max(one.lane for one in placed) + 1
    base = _MARGIN + lanes * _LANE + 14
    drawn = [
        *(_stem(one, base) for one in placed),
        axis.draw(base),
        *(_event(one, base) for one in placed),
    ]
    return svg.picture(
        *drawn,
        prefix=prefix,
        title=title,
        description=description,
        width=WIDTH,
        height=base + _AXIS_ROOM,
        class_="d-timeline",
    )


def _middle(one: Placed) -> float:
    return one.x if one.x_end - one.x < 4 else (one.x + one.x_end) / 2


def _baseline(one: Placed, base: float) -> float:
    return base - 20 - one.lane * _LANE


def _stem(one: Placed, base: float) -> str:
    x = _middle(one)
    return svg.element("path", d=svg.path(["M", x, base, "V", _baseline(one, base) + 4]), class_="d-stem")


def _event(one: Placed, base: float) -> str:
    if one.x_end - one.x < 4:
        mark = svg.element("circle", cx=one.x, cy=base, r=5, class_=f"d-fill-{one.event.fill} d-ringed")
    else:
        mark = svg.element(
            "rect",
            x=one.x,
            y=base - 4,
            width=one.x_end - one.x,
            height=8,
            rx=2,
            class_=f"d-fill-{one.event.fill} d-ringed",
        )
    words = svg.shortened(one.event.label, size=_TEXT_SIZE, room=WIDTH / 2)
    label = svg.text(words, x=one.left + 5, y=_baseline(one, base), class_="d-text d-event d-halo")
    when = svg.element("title", svg.said(f"{one.event.on}: {one.event.label}"))
    if not one.event.href:
        return svg.element("g", when, mark, label)
    return svg.link(one.event.href, mark, label, label=f"{one.event.on}: {one.event.label}")


@dataclass(frozen=True, slots=True)
class Stay:
    """A time during which a holder had something; `until` empty while it lasts."""

    holder: str
    since: str
    until: str = ""
    detail: str = ""
    fill: int = 1
    href: str | None = None


def draw_custody(
    stays: Sequence[Stay], *, today: date, prefix: str, title: str, description: str = ""
) -> str:
    """Return a bar for each stay, a row for each holder; a stay that lasts ends in an arrow at `today`."""
    if not stays:
        return ""
    holders = list(dict.fromkeys(stay.holder for stay in stays))
    room = min(300.0, max(svg.width_of(holder, _TEXT_SIZE) for holder in holders) + 24)
    ends = [today.isoformat() if not stay.until else stay.until for stay in stays]
    axis = make_axis(
        [*(stay.since for stay in stays), *ends], left=_MARGIN + room, right=WIDTH - 40, shorten=False
    )
    base = _MARGIN + len(holders) * 40 + 8
    rows = [
        svg.text(svg.shortened(holder, size=_TEXT_SIZE, room=room - 12), x=_MARGIN, y=_MARGIN + i * 40 + 25)
        for i, holder in enumerate(holders)
    ]
    bars = [_bar(stay, axis, y=_MARGIN + holders.index(stay.holder) * 40, today=today) for stay in stays]
    return svg.picture(
        *rows,
        axis.draw(base),
        *bars,
        prefix=prefix,
        title=title,
        description=description,
        width=WIDTH,
        height=base + _AXIS_ROOM,
        class_="d-custody",
    )


def _bar(stay: Stay, axis: Axis, *, y: float, today: date) -> str:
    first = axis.at(days_of(stay.since)[0])
    last = axis.at(days_of(stay.until)[1] if stay.until else (today + timedelta(days=1)).toordinal())
    last = max(last, first + 3)
    tip: list[str | float] = ["L", last + 9, y + 20, "L", last, y + 32] if not stay.until else ["V", y + 32]
    bar = svg.element(
        "path",
        d=svg.path(["M", first, y + 8, "H", last, *tip, "H", first, "Z"]),
        class_=f"d-fill-{stay.fill} d-ringed",
    )
    said = f"{stay.holder}, {stay.since} – {stay.until or '…'}" + (f", {stay.detail}" if stay.detail else "")
    if not stay.href:
        return svg.element("g", svg.element("title", svg.said(said)), bar)
    return svg.link(stay.href, bar, label=said)
