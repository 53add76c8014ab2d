"""What was a sample cut from, and what was cut from it? A family as a graph, from left to right.

Samples are split, combined and renumbered, so a sample may have several parents: it stands one column right of the
last of them. Of a large family the relatives nearest to the current sample are drawn; boxes count the others.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import Final, Literal

from aliquot import fault, mass
from aliquot.site.drawings import svg

BOX_WIDTH: Final = 272.0
BOX_HEIGHT: Final = 52.0
MOST: Final = 200
_ACROSS: Final = 60.0
_DOWN: Final = 12.0
_MARGIN: Final = 6.0
_TEXT_SIZE: Final = 15.0
_LETTER: Final = 0.605  # the width of a letter of a number, which are all alike, in parts of its size
_PASSES: Final = 4


@dataclass(frozen=True, slots=True)
class Member:
    """A sample; `mass_ng` None where it is not known, `note` in its place, such as "combined"."""

    number: str
    mass_ng: int | None = None
    note: str = ""
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """A parent and what became of it or of a part of it."""

    parent: str
    daughter: str
    kind: Literal["split", "combine", "renumber", "stated"] = "split"


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Way:
    """The places that the line of a tie passes: parent, a gap in each column between, daughter."""

    kind: str
    stops: tuple[str, ...]


def draw(
    members: Sequence[Member],
    ties: Sequence[Tie],
    *,
    current: str,
    prefix: str,
    title: str,
    description: str = "",
    more: str = "+ {n} more",
    most: int = MOST,
    unseen: Mapping[str, int] = MappingProxyType({}),
) -> str:
    """Return the picture at its natural size; `more` names a box of relatives that are not drawn.

    `unseen` counts, for some members, daughters that were not even handed in.
    """
    known = {member.number: member for member in members}
    kept = _nearest(current, ties, most=most) & known.keys()
    others = _others(kept, ties, known)
    for number in sorted(kept & unseen.keys()):
        others[number] = others.get(number, 0) + unseen[number]
    drawn_ties = [tie for tie in ties if tie.parent in kept and tie.daughter in kept]
    more_ties = [Tie(number, _more_key(number)) for number in others]
    ways = [_Way(tie.kind, (tie.parent, tie.daughter)) for tie in [*drawn_ties, *more_ties]]
    keys = [*(number for number in known if number in kept), *map(_more_key, others)]
    boxes, ways = _place(keys, ways)
    width = max(box.x for box in boxes.values()) + BOX_WIDTH + _MARGIN
    height = max(box.y for box in boxes.values()) + BOX_HEIGHT + _MARGIN
    return svg.picture(
        *(_line(way, boxes) for way in ways),
        *(_member(known[number], boxes[number], is_current=number == current) for number in sorted(kept)),
        *(_more(boxes[_more_key(n)], more.format(n=count), known[n].href) for n, count in others.items()),
        prefix=prefix,
        title=title,
        description=description,
        width=width,
        height=height,
        class_="d-family d-natural",
    )


def _more_key(number: str) -> str:
    return f"\nmore {number}"  # a line feed is in no sample's number


def _neighbours(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    """Return the relatives of each, parents before daughters."""
    parents: dict[str, list[str]] = defaultdict(list)
    daughters: dict[str, list[str]] = defaultdict(list)
    for parent, daughter in pairs:
        parents[daughter].append(parent)
        daughters[parent].append(daughter)
    return {key: [*parents.get(key, ()), *daughters.get(key, ())] for key in {**parents, **daughters}}


def _nearest(current: str, ties: Sequence[Tie], *, most: int) -> set[str]:
    """Return the relatives to draw: the nearest first, parents before daughters, in the order of the ties."""
    near = _neighbours((tie.parent, tie.daughter) for tie in ties)
    kept = {current}
    queue = deque([current])
    while queue:
        for number in near.get(queue.popleft(), ()):
            if number not in kept and len(kept) < most:
                kept.add(number)
                queue.append(number)
    return kept


def _others(kept: set[str], ties: Sequence[Tie], known: Mapping[str, Member]) -> dict[str, int]:
    """Return how many relatives are left out behind each one that is drawn; each is counted once."""
    near = _neighbours((tie.parent, tie.daughter) for tie in ties)
    counts: dict[str, int] = {}
    counted = set(kept)
    for start in sorted(kept):
        queue = deque([start])
        while queue:
            for number in near.get(queue.popleft(), ()):
                if number not in counted and number in known:
                    counted.add(number)
                    counts[start] = counts.get(start, 0) + 1
                    queue.append(number)
    return counts


def _place(keys: Sequence[str], ways: Sequence[_Way]) -> tuple[dict[str, _Box], list[_Way]]:
    """Return the boxes, and the ways through the gaps that were left for them.

    Columns follow the longest way from an ancestor, rows are drawn towards their relatives.
    """
    column = _columns(keys, [(way.stops[0], way.stops[-1]) for way in ways])
    ways = [_with_gaps(way, column, number=number) for number, way in enumerate(ways)]
    columns: dict[int, list[str]] = defaultdict(list)
    for key in dict.fromkeys([*keys, *(stop for way in ways for stop in way.stops)]):
        columns[column[key]].append(key)
    near = _neighbours(pair for way in ways for pair in pairwise(way.stops))
    row = {key: float(i) for keys_of in columns.values() for i, key in enumerate(keys_of)}
    for turn in range(_PASSES):
        for index in sorted(columns, reverse=turn % 2 == 1):
            _settle(columns[index], row, near)
    top = min(row.values())
    return {
        key: _Box(
            _MARGIN + column[key] * (BOX_WIDTH + _ACROSS), _MARGIN + (row[key] - top) * (BOX_HEIGHT + _DOWN)
        )
        for key in row
    }, ways


def _with_gaps(way: _Way, column: dict[str, int], *, number: int) -> _Way:
    """Return the way with a stop in each column between its ends, and note the columns of these stops."""
    first, last = way.stops
    gaps = tuple(f"\n{number} {index}" for index in range(column[first] + 1, column[last]))
    column.update(zip(gaps, range(column[first] + 1, column[last]), strict=True))
    return _Way(way.kind, (first, *gaps, last))


def _columns(keys: Sequence[str], pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    waiting = dict.fromkeys(keys, 0)
    daughters: dict[str, list[str]] = defaultdict(list)
    for parent, daughter in pairs:
        waiting[daughter] += 1
        daughters[parent].append(daughter)
    column = dict.fromkeys(keys, 0)
    ready = deque(key for key in keys if not waiting[key])
    done = 0
    while ready:
        key = ready.popleft()
        done += 1
        for daughter in daughters[key]:
            column[daughter] = max(column[daughter], column[key] + 1)
            waiting[daughter] -= 1
            if not waiting[daughter]:
                ready.append(daughter)
    if done < len(keys):
        fault.bug("a sample descends from itself")
    return column


def _settle(keys: list[str], row: dict[str, float], near: Mapping[str, list[str]]) -> None:
    """Move the boxes of a column as near to the mean row of their relatives as their order allows."""
    wanted = {key: _mean([row[other] for other in near.get(key, ())], otherwise=row[key]) for key in keys}
    keys.sort(key=lambda key: wanted[key])
    # Push down, then give back half of the push, so that a column stays centred upon what it wants.
    floor = float("-inf")
    for key in keys:
        row[key] = max(wanted[key], floor)
        floor = row[key] + 1
    shift = _mean([row[key] - wanted[key] for key in keys], otherwise=0.0)
    for key in keys:
        row[key] -= shift


def _mean(values: Sequence[float], *, otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _line(way: _Way, boxes: Mapping[str, _Box]) -> str:
    parts: list[str | float] = ["M", boxes[way.stops[0]].x + BOX_WIDTH, _middle(boxes[way.stops[0]])]
    for before, after in pairwise(way.stops):
        x1, y1, x2, y2 = (
            boxes[before].x + BOX_WIDTH,
            _middle(boxes[before]),
            boxes[after].x,
            _middle(boxes[after]),
        )
        half = (x1 + x2) / 2
        parts += ["L", x1, y1, "C", half, y1, half, y2, x2, y2]
    return svg.element("path", d=svg.path(parts), class_=f"d-tie d-tie-{way.kind}")


def _middle(box: _Box) -> float:
    return box.y + BOX_HEIGHT / 2


def _member(member: Member, box: _Box, *, is_current: bool) -> str:
    size = "—" if member.mass_ng is None else mass.show(member.mass_ng)
    detail = f"{size} · {member.note}" if member.note else size
    room = BOX_WIDTH - 24
    frame = svg.element(
        "rect",
        x=box.x,
        y=box.y,
        width=BOX_WIDTH,
        height=BOX_HEIGHT,
        rx=3,
        class_="d-box d-box-current" if is_current else "d-box",
    )
    return svg.link(
        member.href,
        svg.element("title", svg.said(member.number)) if not member.href else "",
        frame,
        svg.text(
            _number(member.number, room=room),
            x=box.x + 12,
            y=box.y + 22,
            class_="d-text d-number",
        ),
        svg.text(
            svg.shortened(detail, size=_TEXT_SIZE - 1, room=room),
            x=box.x + 12,
            y=box.y + 41,
            class_="d-text d-small d-quiet",
        ),
        label=f"{member.number}, {detail}",
    )


def _number(number: str, *, room: float) -> str:
    """Return the number; of one that is too long the middle is left out, for its end tells it from its kin."""
    most = int(room / (_LETTER * _TEXT_SIZE))
    if len(number) <= most and number.isascii():
        return number
    if not number.isascii():
        return svg.shortened(number, size=_TEXT_SIZE, room=room)
    head = most // 3
    return f"{number[:head]}…{number[len(number) - (most - head - 1) :]}"


def _more(box: _Box, words: str, href: str | None) -> str:
    frame = svg.element(
        "rect", x=box.x, y=box.y, width=BOX_WIDTH, height=BOX_HEIGHT, rx=3, class_="d-box d-box-more"
    )
    return svg.link(
        href, frame, svg.text(words, x=box.x + 12, y=box.y + 31, class_="d-text d-quiet"), label=words
    )
