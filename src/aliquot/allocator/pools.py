"""Which amounts fit into a pool together, whichever vial they come from? Rows that every plan keeps.

They relax the vials, so a bound over them is a bound over all plans: mass with losses, removals, budgets of samples,
and how many pieces of at least t a pool can give, for each t that matters.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from aliquot.allocations import BULK_FORMS
from aliquot.allocator.store import Columns, Ints, Store

THRESHOLDS_MOST = 60  # of one pool; more are thinned out evenly


@dataclass(frozen=True, slots=True)
class Row:
    """The columns, what each of them takes, and how much there is."""

    columns: Ints
    takes: Ints
    most: int


def rows(store: Store, columns: Columns) -> Iterator[Row]:
    """Yield the rows that can bind: where all that is asked for together fits, none is needed."""
    for row in _all(store, columns):
        if _can_bind(row, columns):
            yield row


def _can_bind(row: Row, columns: Columns) -> bool:
    if not len(row.columns):
        return False
    order = np.argsort(columns.request[row.columns], kind="stable")
    requests, takes = columns.request[row.columns][order], row.takes[order]
    starts = np.flatnonzero(np.r_[True, requests[1:] != requests[:-1]])
    return int(np.maximum.reduceat(takes, starts).sum()) > row.most


def _all(store: Store, columns: Columns) -> Iterator[Row]:
    bulk = columns.bulk
    capacities: dict[tuple[int, int], _Lot] = {}
    for (p, form), vials in store.lots.items():
        if form < BULK_FORMS:
            capacities[p, form] = _Lot(store, p, vials)
    for j in _by(columns.sample, bulk & (columns.sample >= 0)):
        p = int(columns.sample[j[0]])
        yield from _budgets(store, columns, j, np.array([p]), capacities)
        for form in range(BULK_FORMS):
            mine = j[columns.form[j] == form]
            if len(mine):
                yield from _form(columns, mine, [capacities[p, form]])
    for j in _by(columns.material, bulk):
        samples = store.samples_of[int(columns.material[j[0]])]
        yield from _budgets(store, columns, j, samples, capacities)
        for form in range(BULK_FORMS):
            mine = j[columns.form[j] == form]
            if len(mine):
                yield from _form(
                    columns, mine, [capacities[p, form] for p in samples.tolist() if (p, form) in capacities]
                )
    yield from _items(store, columns)


def _by(key: Ints, mask: np.ndarray) -> Iterator[Ints]:
    """Yield the columns of the mask in groups of one key."""
    chosen = np.flatnonzero(mask)
    order = chosen[np.argsort(key[chosen], kind="stable")]
    if len(order):
        yield from np.split(order, np.flatnonzero(np.diff(key[order])) + 1)


class _Lot:
    """What one lot of a bulk form can give at most."""

    def __init__(self, store: Store, p: int, vials: Ints) -> None:
        vials = vials[store.most_ug[0][vials] > 0]
        self.release_ug, self.consume_ug = int(store.release_ug[p]), int(store.consume_ug[p])
        self.room, self.loss = store.room_ug[vials], store.loss_ug[vials]
        self.least = store.least_ug[vials]
        boxes, self.box = np.unique(store.container[vials], return_inverse=True)
        self.splits = store.splits[boxes]
        self.total_ug = int(self.room.sum())
        self.least_loss = int(self.loss.min()) if len(vials) else 0
        self.most_ug = int((self.room - self.loss).max()) if len(vials) else 0
        self.one_each = len(vials) == len(boxes)

    def pieces(self, at_least: int, *, used: bool) -> int:
        """How many pieces of at least so many micrograms it can give."""
        if not len(self.room):
            return 0
        each = self.room // (np.maximum(self.least, at_least) + self.loss)
        boxes = each if self.one_each else np.bincount(self.box, weights=each, minlength=len(self.splits))
        splits = self.splits[self.box] if self.one_each else self.splits
        found = min(int(np.minimum(boxes, splits).sum()), self.release_ug // (at_least + self.least_loss))
        if used:
            return min(found, self.consume_ug // (at_least + self.least_loss))
        return min(found, self.consume_ug // self.least_loss) if self.least_loss else found


def _budgets(
    store: Store, columns: Columns, j: Ints, samples: Ints, lots: dict[tuple[int, int], _Lot]
) -> Iterator[Row]:
    """What may leave and be used up of these samples, all bulk forms together."""
    release = consume = 0
    for p in samples.tolist():
        room = sum(lots[p, form].total_ug for form in range(BULK_FORMS) if (p, form) in lots)
        release += min(int(store.release_ug[p]), room)
        consume += min(int(store.release_ug[p]), int(store.consume_ug[p]), room)
    used = np.where(columns.used[j] == 1, columns.amount[j], 0)
    yield Row(j, columns.amount[j] + columns.loss_ug[j], release)
    yield Row(j, used + columns.loss_ug[j], consume)


def _form(columns: Columns, j: Ints, lots: list[_Lot]) -> Iterator[Row]:
    """What these lots of one form can give: mass, pieces, and large pieces."""
    used = columns.used[j] == 1
    yield Row(
        j, columns.amount[j] + columns.loss_ug[j], sum(min(lot.total_ug, lot.release_ug) for lot in lots)
    )
    yield Row(j, columns.pieces[j], sum(lot.pieces(1, used=False) for lot in lots))
    eaten = np.where(used, columns.amount[j], 0) + columns.loss_ug[j]
    yield Row(j, eaten, sum(min(lot.total_ug, lot.release_ug, lot.consume_ug) for lot in lots))
    most = max((lot.most_ug for lot in lots), default=0)
    for t in _thresholds(columns, j):
        count = _large(columns, j, t, most)
        yield Row(j[count > 0], count[count > 0], sum(lot.pieces(t, used=False) for lot in lots))
        mine = used & (count > 0)
        if mine.any():
            yield Row(j[mine], count[mine], sum(lot.pieces(t, used=True) for lot in lots))


def _thresholds(columns: Columns, j: Ints) -> list[int]:
    amount, pieces = columns.amount[j], columns.max_pieces[j]
    found = np.unique(np.concatenate([-(-amount // np.minimum(pieces, k)) for k in (1, 2, 3)]))
    if len(found) > THRESHOLDS_MOST:
        found = found[np.linspace(0, len(found) - 1, THRESHOLDS_MOST).astype(np.int64)]
    return [int(t) for t in found]


def _large(columns: Columns, j: Ints, t: int, most: int) -> Ints:
    """At least how many pieces of t or more each column needs, where a piece can be `most`.

    With n of them the others are below t: n x most + (max_pieces - n) x (t - 1) must reach the amount.
    """
    short = columns.amount[j] - columns.max_pieces[j] * (t - 1)
    gain = max(most - t + 1, 1)
    large: Ints = np.maximum(0, -(-short // gain))
    return large


def _items(store: Store, columns: Columns) -> Iterator[Row]:
    """How many items of a range of masses the boxes can give, of each lot and of all lots of a kind."""
    items = ~columns.bulk
    for j in _by(columns.material * 8 + columns.form, items):
        material, form = int(columns.material[j[0]]), int(columns.form[j[0]])
        windows = np.unique(np.stack([columns.min_item_ug[j], columns.max_item_ug[j]], axis=1), axis=0)
        for low, high in windows[:THRESHOLDS_MOST].tolist():
            inside = j[(columns.min_item_ug[j] >= low) & (columns.max_item_ug[j] <= high)]
            yield Row(
                inside, columns.amount[inside], _removals(store, store.kinds[material, form], low, high)
            )
            for mine in _by_of(columns.sample, inside[columns.sample[inside] >= 0]):
                lot = store.lots[int(columns.sample[mine[0]]), form]
                yield Row(mine, columns.amount[mine], _removals(store, lot, low, high))


def _by_of(key: Ints, chosen: Ints) -> Iterator[Ints]:
    mask = np.zeros(len(key), bool)
    mask[chosen] = True
    return _by(key, mask)


def _removals(store: Store, pool: Ints, low: int, high: int) -> int:
    fit = pool[(store.mass_ug[pool] >= low) & (store.mass_ug[pool] <= high)]
    boxes, counts = np.unique(store.container[fit], return_counts=True)
    return int(np.minimum(counts, store.splits[boxes]).sum())
