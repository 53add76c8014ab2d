"""Reading the store: the tree and its branches, one place and what is in it now or was on a past day. Never writes.

However large the store, a page is a fixed number of statements, and lists come in pages. What a branch holds is summed
from the balances below it; a day ends at midnight UTC.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from aliquot import places
from aliquot.places import Kind
from aliquot.site.models import Balance, Holder, Place, PlaceMove, Posting
from aliquot.site.queries.paging import Page

PAGE = 50
TREE_MOST = 300
CHILDREN_MOST = 30


@dataclass(frozen=True, slots=True)
class Node:
    """A place in a list: itself, what its whole branch holds, and how many places stand directly in it."""

    pk: int
    code: str
    kind: str
    name_en: str
    name_zh: str
    closed: bool
    samples: int = 0
    mass_ng: int = 0
    inside: int = 0
    children: tuple[Node, ...] = ()
    # So many stand in it that are not among `children`.
    more: int = 0


@dataclass(frozen=True, slots=True)
class Lying:
    """So much of a sample lies in a place."""

    number: str
    mission: str
    material: str
    form: str
    use_class: str
    sealed: bool
    condition: str
    mass_ng: int


# -- finding one -----------------------------------------------------------------------------------------------


def by_code(code: str) -> Place | None:
    """Return the place with this code on its label."""
    if "\0" in code:  # no code has one, and PostgreSQL cannot even be asked for it
        return None
    return Place.objects.filter(code=code).select_related("holder", "parent").first()


def is_taken(code: str, *, but: int | None = None) -> bool:
    """Say whether a code is on a label, in capitals or not: two that sound alike are taken for each other."""
    return Place.objects.filter(code__iexact=code).exclude(pk=but).exists()


_CHAIN = """
WITH RECURSIVE up(id, parent_id, depth) AS (
    SELECT id, parent_id, 0 FROM aliquot_place WHERE id = %s
    UNION ALL SELECT p.id, p.parent_id, up.depth + 1 FROM aliquot_place p JOIN up ON p.id = up.parent_id
    WHERE up.depth < 1000
) SELECT id FROM up ORDER BY depth
"""


def chain(pk: int) -> tuple[Place, ...]:
    """Return the place and all that it stands in, the nearest first."""
    with connection.cursor() as cursor:
        cursor.execute(_CHAIN, [pk])
        pks = [row[0] for row in cursor.fetchall()]
    found = Place.objects.select_related("holder").in_bulk(pks)
    return tuple(found[each] for each in pks)


def values(of: Sequence[Place]) -> tuple[places.Place, ...]:
    """Return rows of a chain as the library takes them."""
    keys = {one.pk: one.holder.key for one in of}
    return tuple(
        places.Place(
            key=one.holder.key,
            kind=Kind(one.kind),
            code=one.code,
            parent=keys.get(one.parent_id, "") if one.parent_id else "",
            atmosphere=one.atmosphere,
            materials=tuple(one.allowed_materials.split()),
            closed=one.closed_at is not None,
        )
        for one in of
    )


# -- branches --------------------------------------------------------------------------------------------------

_BRANCH = """
WITH RECURSIVE branch(top, id) AS (
    SELECT id, id FROM aliquot_place WHERE id IN ({marks})
    UNION ALL SELECT branch.top, p.id FROM aliquot_place p JOIN branch ON p.parent_id = branch.id
)
"""
_ROWS = "SELECT id FROM branch"
_TOTALS = """
SELECT branch.top, COUNT(DISTINCT b.sample_id), SUM(b.mass_ng) FROM branch
JOIN aliquot_place p ON p.id = branch.id JOIN aliquot_balance b ON b.holder_id = p.holder_id AND b.mass_ng > 0
GROUP BY branch.top
"""


def totals(pks: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return how many samples and how many nanograms lie in these places and all that stands in them."""
    if not pks:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH.format(marks=_marks(pks)) + _TOTALS, list(pks))
        return {top: (count, int(mass_ng)) for top, count, mass_ng in cursor.fetchall()}


def branch(pk: int) -> tuple[int, ...]:
    """Return the rows of a place and of all that stands in it, however deep."""
    with connection.cursor() as cursor:
        cursor.execute(_BRANCH.format(marks="%s") + _ROWS, [pk])
        return tuple(row[0] for row in cursor.fetchall())


_BREATHING = """
WITH RECURSIVE open(id) AS (
    SELECT id FROM aliquot_place WHERE id = %s
    UNION ALL SELECT p.id FROM aliquot_place p JOIN open ON p.parent_id = open.id WHERE p.atmosphere = ''
) SELECT COUNT(DISTINCT s.id) FROM open JOIN aliquot_place p ON p.id = open.id
JOIN aliquot_balance b ON b.holder_id = p.holder_id AND b.mass_ng > 0
JOIN aliquot_sample s ON s.id = b.sample_id WHERE s.condition = 'pristine'
"""


def breathing(pk: int) -> int:
    """Return how many pristine samples in a place have the atmosphere that it has, and not that of something in it."""
    with connection.cursor() as cursor:
        cursor.execute(_BREATHING, [pk])
        return int(cursor.fetchone()[0])


def _marks(pks: Sequence[int]) -> str:
    return ", ".join(["%s"] * len(pks))


def nodes(rows: Sequence[Place]) -> tuple[Node, ...]:
    """Return places as lists show them, each with what its branch holds, in two statements."""
    pks = [row.pk for row in rows]
    held = totals(pks)
    inside = dict(
        Place.objects.filter(parent__in=pks).order_by().values_list("parent").annotate(Count("pk"))
    ) if pks else {}  # fmt: skip
    return tuple(
        Node(row.pk, row.code, row.kind, row.name_en, row.name_zh, row.closed_at is not None,
             *held.get(row.pk, (0, 0)), inside=inside.get(row.pk, 0))
        for row in rows
    )  # fmt: skip


def tree(most: int = TREE_MOST) -> tuple[Node, ...]:
    """Return the sites with what stands in them, level by level: so many places in all, so many of them in one."""
    levels: list[list[Place]] = []
    rows = Place.objects.filter(parent=None)
    while rows is not None and (room := most - sum(map(len, levels))) > 0:
        each = Window(RowNumber(), partition_by="parent", order_by="code")
        level = list(
            rows.alias(place_in_row=each)
            .filter(place_in_row__lte=CHILDREN_MOST)
            .order_by("parent", "code")[:room]
        )
        levels.append(level)
        rows = Place.objects.filter(parent__in=[row.pk for row in level]) if level else None
    known = {node.pk: node for node in nodes([row for level in levels for row in level])}
    return _grown(levels, known)


def _grown(levels: Sequence[Sequence[Place]], known: Mapping[int, Node]) -> tuple[Node, ...]:
    """Return the first level with its children, theirs and so on."""
    grown: dict[int | None, list[Node]] = {}
    for level in reversed(levels):
        upper: dict[int | None, list[Node]] = {}
        for row in level:
            children = tuple(grown.get(row.pk, ()))
            node = known[row.pk]
            made = Node(**{**_fields(node), "children": children, "more": node.inside - len(children)})
            upper.setdefault(row.parent_id, []).append(made)
        grown = upper
    return tuple(grown.get(None, ()))


def _fields(node: Node) -> dict[str, object]:
    return {name: getattr(node, name) for name in node.__slots__}


def search(text: str, page: int) -> Page:
    """Return the places whose code or name has the text."""
    found = Place.objects.filter(
        Q(code__icontains=text)
        | Q(name_en__icontains=text)
        | Q(name_zh__icontains=text)
        | Q(holder__key=text)
    ).order_by("code")
    return _page(found, page, nodes)


def inside(place: Place, page: int) -> Page:
    """Return what stands directly in a place, in the order of the codes."""
    return _page(
        Place.objects.filter(parent=place).order_by(F("closed_at").asc(nulls_first=True), "code"), page, nodes
    )


def _page(found: QuerySet, number: int, made: Callable[[list[object]], Iterable[object]]) -> Page:
    """Return a page of a query; one past the end is empty."""
    total = found.count()
    first = (number - 1) * PAGE
    return Page(tuple(made(list(found[first : first + PAGE]))), total, number, PAGE)


def no_place_yet() -> tuple[Holder, ...]:
    """Return what the ledger calls a place and nobody has set up as one yet; the first few."""
    return tuple(Holder.objects.filter(root="place", place=None).order_by("key")[:PAGE])


# -- samples in a place ----------------------------------------------------------------------------------------

_LYING = ("number", "mission", "material", "form", "use_class", "sealed", "condition")


def lying(place: Place, page: int) -> Page:
    """Return the samples that lie directly in a place now."""
    found = Balance.objects.filter(holder=place.holder_id, mass_ng__gt=0).order_by("sample__number")
    fields = (*(f"sample__{name}" for name in _LYING), "mass_ng")
    return _page(found.values_list(*fields), page, lambda rows: [Lying(*row) for row in rows])


def held_ng(place: Place) -> tuple[int, int]:
    """Return how many samples, and how many nanograms, lie directly in a place now."""
    found = Balance.objects.filter(holder=place.holder_id, mass_ng__gt=0).aggregate(
        n=Count("pk"), ng=Sum("mass_ng")
    )
    return found["n"], int(found["ng"] or 0)


def after(on: date) -> datetime:
    """Return the moment at which a day is over."""
    return datetime.combine(on + timedelta(days=1), time(), tzinfo=UTC)


def lay(place: Place, on: date, page: int) -> Page:
    """Return the samples that lay directly in a place when a day was over: the replay of its postings."""
    ever = Balance.objects.filter(holder=place.holder_id).values("sample")
    # By way of the samples that it has a balance of, because postings are found by sample, not by holder.
    held = (
        Posting.objects.filter(sample__in=ever, holder=place.holder_id, entry__at__lt=f"{after(on):%Y-%m-%d}")
        .order_by().values("sample").annotate(ng=Sum("mass_ng")).filter(ng__gt=0)
    )  # fmt: skip
    fields = tuple(f"sample__{name}" for name in _LYING)
    found = held.order_by("sample__number").values_list(*fields, "ng")
    return _page(found, page, lambda rows: [Lying(*row[:-1], int(row[-1])) for row in rows])


def stood(place: Place, on: date, page: int) -> Page:
    """Return what stood directly in a place when a day was over, by its code of today."""
    until = PlaceMove.objects.filter(at__lt=after(on))
    later = until.filter(place=OuterRef("place")).filter(
        Q(at__gt=OuterRef("at")) | Q(at=OuterRef("at"), pk__gt=OuterRef("pk"))
    )
    standing = until.filter(~Exists(later), parent=place).values("place")
    return _page(Place.objects.filter(pk__in=standing).order_by("code"), page, list)


def path_on(place: Place, on: date) -> tuple[Place, ...]:
    """Return the place and all that it stood in when a day was over, the nearest first; nothing if it was not made yet."""
    found: list[Place] = []
    here: Place | None = place
    while here is not None and len(found) < 1000:
        moved = (
            PlaceMove.objects.filter(place=here, at__lt=after(on))
            .select_related("parent")
            .order_by("-at", "-pk")
            .first()
        )
        if moved is None:
            break
        found.append(here)
        here = moved.parent
    return tuple(found)


# -- its history -----------------------------------------------------------------------------------------------


def history(place: Place, page: int) -> Page:
    """Return what happened to a place, newest first."""
    found = PlaceMove.objects.filter(place=place).select_related("parent").order_by("-at", "-pk")
    return _page(found, page, list)
