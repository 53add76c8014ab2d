"""Reading families: what stands near a sample, and its daughters page by page, however many descend from it.

Every read is bounded: a lot from which 50,000 samples were made costs no more than one of a hundred.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from aliquot.samples import Descent
from aliquot.site.models import Sample

ABOVE = 3  # generations of ancestors that are drawn
BRANCH = 8  # daughters that are drawn of each parent
NEAR_MOST = 120  # samples in the picture
COUNTED_MOST = 100_000
PAGE = 100


@dataclass(frozen=True, slots=True)
class Relative:
    """A sample near the one asked for; `daughters` counts those made from it directly."""

    pk: int
    number: str
    mass_ng: int | None
    availability: str
    daughters: int


@dataclass(frozen=True, slots=True)
class Near:
    """A neighbourhood: who is in it, the steps between them, and how many daughters of each are not in it."""

    relatives: tuple[Relative, ...]
    steps: tuple[Descent, ...]
    unseen: dict[str, int]


@dataclass(frozen=True, slots=True)
class Daughter:
    """One line of the table of daughters."""

    number: str
    kind: str
    entry: int
    mass_ng: int | None
    form: str
    availability: str
    daughters: int


_DOWN = """
SELECT coalesce(entry_id, -1), kind, parent_id, daughter_id FROM (
    SELECT entry_id, kind, parent_id, daughter_id,
           row_number() OVER (PARTITION BY parent_id ORDER BY daughter_id) AS place
    FROM aliquot_descent WHERE parent_id IN ({marks})
) placed WHERE place <= %s ORDER BY parent_id, place LIMIT %s
"""
_UP = """
SELECT coalesce(entry_id, -1), kind, parent_id, daughter_id FROM aliquot_descent
WHERE daughter_id IN ({marks}) ORDER BY entry_id, parent_id LIMIT %s
"""
_COUNTS = """
SELECT d.parent_id, count(DISTINCT d.daughter_id) FROM aliquot_descent d
JOIN aliquot_sample s ON s.id = d.daughter_id WHERE d.parent_id IN ({marks}) AND s.published GROUP BY d.parent_id
"""

Step = tuple[int, str, int, int]


def near(sample: Sample, *, depth: int) -> Near:
    """Return up to three generations of ancestors and `depth` of descendants, the first of each parent."""
    steps: set[Step] = set()
    seen = _walk({sample.pk}, steps, generations=ABOVE, up=True)
    seen |= _walk({sample.pk}, steps, generations=depth, up=False)
    relatives = _relatives(seen)
    numbers = {one.pk: one.number for one in relatives}
    drawn = [step for step in steps if step[2] in numbers and step[3] in numbers]
    below: dict[int, set[int]] = {}
    for _, _, parent, daughter in drawn:
        below.setdefault(parent, set()).add(daughter)
    return Near(
        relatives=relatives,
        steps=tuple(
            sorted(Descent(entry, numbers[up], numbers[down], kind) for entry, kind, up, down in drawn)
        ),
        unseen={
            one.number: one.daughters - len(below.get(one.pk, ()))
            for one in relatives
            if one.daughters > len(below.get(one.pk, ()))
        },
    )


def _walk(start: set[int], steps: set[Step], *, generations: int, up: bool) -> set[int]:
    """Add the steps of each generation and return all that was reached, the start included."""
    seen, edge = set(start), set(start)
    with connection.cursor() as cursor:
        for _ in range(generations):
            room = NEAR_MOST - len(seen)
            if not edge or room <= 0:
                break
            marks = ", ".join(["%s"] * len(edge))
            limits = [room] if up else [BRANCH, room]
            cursor.execute((_UP if up else _DOWN).format(marks=marks), [*sorted(edge), *limits])
            found = {(entry, kind, above, below) for entry, kind, above, below in cursor.fetchall()}
            steps |= found
            edge = {above if up else below for _, _, above, below in found} - seen
            seen |= edge
    return seen


def _relatives(keys: Iterable[int]) -> tuple[Relative, ...]:
    fields = ("pk", "number", "start_ng", "mass_ng", "availability")
    rows = Sample.objects.filter(pk__in=list(keys), published=True).order_by("number").values_list(*fields)
    found = list(rows)
    counts = counts_of([row[0] for row in found])
    return tuple(
        Relative(pk, number, None if start_ng is None else mass_ng, availability, counts.get(pk, 0))
        for pk, number, start_ng, mass_ng, availability in found
    )


def counts_of(keys: Sequence[int]) -> dict[int, int]:
    """Return how many samples were made directly from each of these."""
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(marks=", ".join(["%s"] * len(keys))), list(keys))
        return dict(cursor.fetchall())


_DAUGHTERS = """
SELECT s.id, s.number, d.kind, coalesce(d.entry_id, -1), s.start_ng, s.mass_ng, s.form, s.availability
FROM aliquot_descent d JOIN aliquot_sample s ON s.id = d.daughter_id
WHERE d.parent_id = %s AND s.published AND s.number > %s ORDER BY s.number, d.entry_id LIMIT %s
"""


def daughters(sample: Sample, *, after: str = "") -> tuple[tuple[Daughter, ...], str]:
    """Return a page of the samples made directly from this one, by number, and where the next page begins."""
    after = after.partition("\0")[0]  # no number has one, and PostgreSQL cannot be asked for it
    with connection.cursor() as cursor:
        cursor.execute(_DAUGHTERS, [sample.pk, after, PAGE + 1])
        rows = cursor.fetchall()
    page = rows[:PAGE]
    counts = counts_of([row[0] for row in page])
    found = tuple(
        Daughter(
            number, kind, entry, None if start_ng is None else mass_ng, form, availability, counts.get(pk, 0)
        )
        for pk, number, kind, entry, start_ng, mass_ng, form, availability in page
    )
    return found, page[-1][1] if len(rows) > PAGE else ""


_DESCENDANTS = """
WITH RECURSIVE below(id) AS (
    SELECT daughter_id FROM aliquot_descent WHERE parent_id = %s
    UNION SELECT d.daughter_id FROM below JOIN aliquot_descent d ON d.parent_id = below.id
)
SELECT count(*) FROM (
    SELECT below.id FROM below JOIN aliquot_sample s ON s.id = below.id WHERE s.published LIMIT %s
) counted
"""


def descendants(sample: Sample) -> int:
    """Return how many samples descend from this one, counted up to one more than `COUNTED_MOST`."""
    with connection.cursor() as cursor:
        cursor.execute(_DESCENDANTS, [sample.pk, COUNTED_MOST + 1])
        return int(cursor.fetchone()[0])
