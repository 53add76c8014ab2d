"""When did it happen, and as exactly as one knows? Events along an axis of time, labels in lanes above it.

A date is text of the precision that its source has: `2021`, `2021-02` or `2021-02-27`. A day is drawn as a point, a
month or a year as a bar as long as it is. Long times without events are shortened, and the axis shows the break.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from aliquot.site.drawings import svg
from aliquot.site.drawings.axis import Axis, days_of, make_axis

WIDTH: Final = 1080.0
CUSTODY_WIDTH: Final = 800.0
_MARGIN: Final = 16.0
_TEXT_SIZE: Final = 15.0
_LANE: Final = 25.0
_ROW: Final = 58.0  # of one holder: the name, and the bar below it
_AXIS_ROOM: Final = 40.0
_POINT: Final = 4.0  # a shorter bar could not be seen, and is drawn as a point


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
    on_left: bool


def lay_out(events: Sequence[Event]) -> tuple[Axis, list[Placed]]:
    """Return the axis and the events with their lanes; labels in one lane do not overlap.

    Labels stand right of their stems, and where there is no room to the right, left of them: the events after the
    longest quiet time turn together, so that a stem meets as few labels as can be.
    """
    axis = make_axis([event.on for event in events], left=_MARGIN, right=WIDTH - _MARGIN)
    row = sorted(events, key=lambda one: (days_of(one.on), one.label))
    spans = [(axis.at(first), axis.at(after)) for first, after in (days_of(event.on) for event in row)]
    stems = [_stem_of(first, last) for first, last in spans]
    widths = [svg.width_of(_words(event), _TEXT_SIZE) + 10 for event in row]
    turn = _turn(stems, widths)
    placed: list[Placed] = []
    # From the turn outwards: what is nearer to it stands lower, so that later stems rise beside it.
    for i in [*range(turn, len(row)), *reversed(range(turn))]:
        left = max(stems[i] - widths[i], _MARGIN) if i >= turn else min(stems[i], WIDTH - _MARGIN - widths[i])
        lane = _free_lane(placed, left=left, width=widths[i])
        placed.append(Placed(row[i], spans[i][0], spans[i][1], lane, left, widths[i], on_left=i >= turn))
    return axis, placed


def _turn(stems: Sequence[float], widths: Sequence[float]) -> int:
    """Return the index of the first event whose label stands left of its stem."""
    if all(x + width <= WIDTH - _MARGIN for x, width in zip(stems, widths, strict=True)):
        return len(stems)
    gaps = [after - before for before, after in pairwise(stems)]
    return gaps.index(max(gaps)) + 1 if gaps else 0


def _free_lane(placed: Sequence[Placed], *, left: float, width: float) -> int:
    """Return the lowest lane above every label that lies below this one."""
    under = [
        one.lane + 1 for one in placed if one.left < left + width + 8 and left < one.left + one.width + 8
    ]
    return max(under, default=0)


def _words(event: Event) -> str:
    return svg.shortened(event.label, size=_TEXT_SIZE, room=WIDTH / 3)


def _stem_of(first: float, last: float) -> float:
    return first if last - first < _POINT else (first + last) / 2


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


def _baseline(one: Placed, base: float) -> float:
    return base - 20 - one.lane * _LANE


def _stem(one: Placed, base: float) -> str:
    x = _stem_of(one.x, one.x_end)
    return svg.element("path", d=svg.path(["M", x, base, "V", _baseline(one, base) + 4]), class_="d-stem")


def _event(one: Placed, base: float) -> str:
    if one.x_end - one.x < _POINT:
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
    x = one.left + (one.width - 5 if one.on_left else 5)
    anchor = "end" if one.on_left else None
    words = _words(one.event)
    label = svg.text(words, x=x, y=_baseline(one, base), class_="d-text d-event d-halo", anchor=anchor)
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
    """Return a bar for each stay, below its holder's name; a stay that lasts ends in an arrow at `today`."""
    if not stays:
        return ""
    holders = list(dict.fromkeys(stay.holder for stay in stays))
    ends = [today.isoformat() if not stay.until else stay.until for stay in stays]
    axis = make_axis(
        [*(stay.since for stay in stays), *ends], left=_MARGIN, right=CUSTODY_WIDTH - 40, shorten=False
    )
    base = len(holders) * _ROW + 12
    room = CUSTODY_WIDTH - 2 * _MARGIN
    rows = [
        svg.text(svg.shortened(holder, size=_TEXT_SIZE, room=room), x=_MARGIN, y=i * _ROW + 20)
        for i, holder in enumerate(holders)
    ]
    bars = [_bar(stay, axis, y=holders.index(stay.holder) * _ROW + 18, today=today) for stay in stays]
    return svg.picture(
        *rows,
        axis.draw(base),
        *bars,
        prefix=prefix,
        title=title,
        description=description,
        width=CUSTODY_WIDTH,
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
