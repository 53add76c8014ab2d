"""Which vial gives which piece? The exact model of that, for a few columns, as rows of a draft.

For each request, level and vial there is a single piece; a grant of several pieces is an amount that its vials share.
Items of one box and one range of masses are alike, and are counted. Masses stand in the draft in milligrams, because
micrograms beside zeros and ones are beyond a solver's tolerance; pieces come back in whole micrograms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aliquot.allocations import OPENING_WEIGHT
from aliquot.allocator.placing import Plan
from aliquot.allocator.store import Columns, Ints, Store
from aliquot.solver import Draft

Floats = NDArray[np.float64]
MG = 1000.0


@dataclass(slots=True)
class _Uses:
    """Entries of rows that are made at the end: what takes from a vial, container, sample."""

    keys: list[Ints] = field(default_factory=list)
    columns: list[Ints] = field(default_factory=list)
    values: list[Floats] = field(default_factory=list)

    def add(self, keys: Ints, columns: Ints, values: Ints | Floats | float) -> None:
        self.keys.append(keys)
        self.columns.append(columns)
        self.values.append(np.broadcast_to(np.asarray(values, np.float64), len(columns)))

    def rows(self, draft: Draft, most: Ints | Floats, factor: float = 1.0) -> None:
        """Make one row for each key: the sum of its entries is at most `most[key]`."""
        if not self.keys:
            return
        keys, place = np.unique(np.concatenate(self.keys), return_inverse=True)
        upper = np.asarray(most[keys] * factor, np.float64)
        draft.add_rows(place.reshape(-1), np.concatenate(self.columns), np.concatenate(self.values) * factor,
                       upper=upper, count=len(keys))  # fmt: skip


@dataclass(slots=True)
class _Split:
    """The columns of one request and alternative: single pieces by level, and shares of a grant of several."""

    js: list[int]
    singles: list[tuple[Ints, Ints]] = field(default_factory=list)  # for each level: vials, draft columns
    several: list[int] = field(
        default_factory=list
    )  # for each level the draft column, -1 where there is none
    vials: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    shared: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    share_mg: Ints = field(default_factory=lambda: np.zeros(0, np.int64))


@dataclass(slots=True)
class _Class:
    """Requests that ask for the same items: same pool, same masses, used up or not; counts by cell of a box."""

    js: list[int]
    used: bool
    cells: list[int]
    counts: Ints


class Vials:
    """Adds the exact model of some columns to a draft.

    `granted[j]` is the draft's column for column j, or None where j is granted for sure. `pools[j]` are its vials.
    """

    def __init__(self, draft: Draft, store: Store, columns: Columns, *, opening: bool) -> None:
        self.draft, self.store, self.columns = draft, store, columns
        self.opening = opening  # whether opening and moving costs
        self.splits: list[_Split] = []
        self.classes: list[_Class] = []
        self.cells: list[Ints] = []  # items of each cell, lightest first
        self.opened: dict[int, int] = {}
        self.lightest: dict[
            int, Ints
        ] = {}  # for each cell, its items in order of mass, as far as they are used up
        self._mass, self._removed, self._release, self._consume = _Uses(), _Uses(), _Uses(), _Uses()

    def add(self, granted: dict[int, int | None], pools: dict[int, Ints]) -> None:
        """Add columns and rows for these columns and vials, and close the rows that they share."""
        groups: dict[tuple[int, int], list[int]] = defaultdict(list)
        classes: dict[tuple[int, ...], list[int]] = defaultdict(list)
        c = self.columns
        for j in sorted(granted):
            if c.bulk[j]:
                groups[int(c.request[j]), int(c.alternative[j])].append(j)
            else:
                key = (c.material[j], c.form[j], c.sample[j], c.min_item_ug[j], c.max_item_ug[j], c.used[j])
                classes[tuple(int(each) for each in key)].append(j)
        for js in groups.values():
            self._split(js, granted, pools[js[0]])
        if classes:
            self._items(list(classes.values()), granted, pools)
        store = self.store
        self._mass.rows(self.draft, store.room_ug, 1 / MG)
        self._release.rows(self.draft, store.release_ug, 1 / MG)
        self._consume.rows(self.draft, store.consume_ug, 1 / MG)
        self._removals()

    def _split(self, js: list[int], granted: dict[int, int | None], pool: Ints) -> None:
        c, store, draft = self.columns, self.store, self.draft
        used = int(c.used[js[0]])
        most = store.most_ug[used][pool]
        pool, most = pool[most > 0], most[most > 0]
        least = store.least_ug[pool]
        split = _Split(js)
        cost = 1.0 if self.opening else 0.0
        smallest = int(least.min()) if len(pool) else 0
        for j in js:
            amount = int(c.amount[j])
            fit = (least <= amount) & (amount <= most)
            single = draft.add_columns(np.full(int(fit.sum()), cost))
            split.singles.append((pool[fit], single))
            self._take(pool[fit], single, np.full(len(single), amount), used=used)
            divides = int(c.max_pieces[j]) > 1 and len(pool) > 1 and amount >= 2 * smallest
            several = int(draft.add_columns([0.0])[0]) if divides else -1
            split.several.append(several)
            whole = single if several < 0 else np.r_[single, several]
            if granted[j] is None:
                draft.add_row(whole, 1.0, lower=1.0, upper=1.0)
            else:
                draft.add_row(
                    np.r_[whole, granted[j]], np.r_[np.ones(len(whole)), -1.0], lower=0.0, upper=0.0
                )
        if max(split.several) >= 0:
            self._several(split, pool, most, used=used, cost=cost)
        self.splits.append(split)

    def _several(self, split: _Split, pool: Ints, most: Ints, *, used: int, cost: float) -> None:
        c, draft, store = self.columns, self.draft, self.store
        levels = [(w, int(c.amount[j])) for j, w in zip(split.js, split.several, strict=True) if w >= 0]
        least = store.least_ug[pool]
        top = np.minimum(most, max(amount for _, amount in levels) - int(least.min()))
        vials = pool[top >= least]
        most_each, smallest = most[top >= least], int(least.min())
        top, least = top[top >= least], least[top >= least]
        shared = draft.add_columns(np.full(len(vials), cost))
        share = draft.add_columns(np.zeros(len(vials)), upper=top / MG, integer=False)
        split.vials, split.shared, split.share_mg = vials, shared, share
        ws = np.array([w for w, _ in levels])
        amounts = np.array([amount for _, amount in levels])
        draft.add_row(np.r_[share, ws], np.r_[np.ones(len(share)), -amounts / MG], lower=0.0, upper=0.0)
        draft.add_row(np.r_[shared, ws], np.r_[np.ones(len(shared)), np.full(len(ws), -2.0)], lower=0.0)
        pieces = float(c.max_pieces[split.js[0]])
        draft.add_row(np.r_[shared, ws], np.r_[np.ones(len(shared)), np.full(len(ws), -pieces)], upper=0.0)
        each = np.arange(len(vials))
        for factor, bound in ((top, "upper"), (least, "lower")):
            rows, both = np.r_[each, each], np.r_[share, shared]
            values = np.r_[np.ones(len(each)), -factor / MG]
            if bound == "upper":
                draft.add_rows(rows, both, values, upper=0.0, count=len(each))
            else:
                draft.add_rows(rows, both, values, lower=0.0, count=len(each))
        # A vial has at most one share of a grant, and of a lower level only a smaller one: tighter than its top alone.
        levelled = np.minimum(most_each[:, None], amounts[None, :] - smallest) / MG
        rows = np.concatenate([each, np.repeat(each, len(ws))])
        whose = np.concatenate([shared, np.tile(ws, len(each))])
        draft.add_rows(
            rows, whose, np.r_[np.ones(len(each)), -np.ones(len(each) * len(ws))], upper=0.0, count=len(each)
        )
        whose = np.concatenate([share, np.tile(ws, len(each))])
        draft.add_rows(
            rows, whose, np.r_[np.ones(len(each)), -levelled.reshape(-1)], upper=0.0, count=len(each)
        )
        self._take(vials, shared, np.zeros(len(vials), np.int64), used=used)
        self._mass.add(vials, share, MG)
        self._release.add(store.sample[vials], share, MG)
        if used:
            self._consume.add(store.sample[vials], share, MG)

    def _take(self, vials: Ints, columns: Ints, amounts: Ints, *, used: int) -> None:
        """Say that each column, where it is 1, moves this amount and loses what a split of its vial loses."""
        store = self.store
        loss, sample = store.loss_ug[vials], store.sample[vials]
        self._mass.add(vials, columns, amounts + loss)
        self._release.add(sample, columns, amounts + loss)
        self._consume.add(sample, columns, amounts * used + loss)
        self._removed.add(store.container[vials], columns, 1.0)

    def _items(
        self, classes: list[list[int]], granted: dict[int, int | None], pools: dict[int, Ints]
    ) -> None:
        c, store, draft = self.columns, self.store, self.draft
        edges = np.unique([[c.min_item_ug[js[0]], c.max_item_ug[js[0]] + 1] for js in classes])
        items = np.unique(np.concatenate([pools[js[0]] for js in classes]))
        lots = store.sample[items] * 8 + store.form[items]
        band = np.searchsorted(edges, store.mass_ug[items], side="right")
        keys = np.stack([lots, store.container[items], band], axis=1)
        names, place = np.unique(keys, axis=0, return_inverse=True)
        order = np.lexsort((items, store.mass_ug[items], place.reshape(-1)))
        ends = np.cumsum(np.bincount(place.reshape(-1), minlength=len(names)))
        self.cells = np.split(items[order], ends[:-1])
        first = np.array([cell[0] for cell in self.cells])
        content: dict[int, list[int]] = defaultdict(list)
        for js in classes:
            j = js[0]
            mass = store.mass_ug[first]
            fit = (store.form[first] == c.form[j]) & (store.material_of[store.sample[first]] == c.material[j])
            fit &= (mass >= c.min_item_ug[j]) & (mass <= c.max_item_ug[j])
            if c.sample[j] >= 0:
                fit &= store.sample[first] == c.sample[j]
            cells = np.flatnonzero(fit).tolist()
            upper = np.array([float(len(self.cells[cell])) for cell in cells])
            counts = draft.add_columns(np.full(len(cells), 1.0 if self.opening else 0.0), upper=upper)
            self.classes.append(_Class(js, bool(c.used[j]), cells, counts))
            for cell, column in zip(cells, counts.tolist(), strict=True):
                content[cell].append(column)
            self._removed.add(store.container[first[cells]], counts, 1.0)
            sure = sum(int(c.amount[j]) for j in js if granted[j] is None)
            asked = [(g, float(c.amount[j])) for j in js if (g := granted[j]) is not None]
            draft.add_row(np.r_[counts, [g for g, _ in asked]].astype(np.int64),
                          np.r_[np.ones(len(counts)), [-amount for _, amount in asked]], lower=sure, upper=sure)  # fmt: skip
        for cell, counted in content.items():
            if len(counted) > 1:
                draft.add_row(counted, 1.0, upper=float(len(self.cells[cell])))

    def _removals(self) -> None:
        """Removals of containers; where opening costs, nothing leaves a pristine one that is not opened."""
        store, draft = self.store, self.draft
        if not self._removed.keys:
            return
        if not self.opening:
            self._removed.rows(draft, store.splits)
            return
        keys, columns = np.concatenate(self._removed.keys), np.concatenate(self._removed.columns)
        closed = store.pristine[keys]
        boxes = np.unique(keys[closed])
        opened = draft.add_columns(np.full(len(boxes), float(OPENING_WEIGHT)))
        self.opened = dict(zip(boxes.tolist(), opened.tolist(), strict=True))
        by_box = np.full(store.containers, -1, np.int64)
        by_box[boxes] = opened
        names, place = np.unique(keys, return_inverse=True)
        sealed = np.flatnonzero(store.pristine[names])
        draft.add_rows(
            np.r_[place.reshape(-1), sealed], np.r_[columns, by_box[names[sealed]]],
            np.r_[np.ones(len(columns)), -store.splits[names[sealed]].astype(float)],
            upper=np.where(store.pristine[names], 0.0, store.splits[names]), count=len(names),
        )  # fmt: skip
        uppers = draft.upper[columns[closed]]
        each = np.arange(int(closed.sum()))
        draft.add_rows(np.r_[each, each], np.r_[columns[closed], by_box[keys[closed]]],
                       np.r_[np.ones(len(each)), -np.minimum(uppers, store.splits[keys[closed]])],
                       upper=0.0, count=len(each))  # fmt: skip

    def used_up_costs(self) -> Floats:
        """Add what using up costs, and return it for every column of the draft: losses, and the lightest items first."""
        counted: dict[int, list[int]] = defaultdict(list)
        for each in self.classes:
            if each.used:
                for cell, column in zip(each.cells, each.counts.tolist(), strict=True):
                    counted[cell].append(column)
        masses = []
        for cell, counts in counted.items():
            items = self.cells[cell]
            order = self.draft.add_columns(np.zeros(len(items)), integer=False)
            self.lightest[cell] = order
            masses.append((order, self.store.mass_ug[items] / MG))
            self.draft.add_row(
                np.r_[counts, order], np.r_[np.ones(len(counts)), -np.ones(len(order))], lower=0.0, upper=0.0
            )
        costs = np.zeros(self.draft.columns)
        for order, mass in masses:
            costs[order] = mass
        for split in self.splits:
            for vials, single in split.singles:
                costs[single] = self.store.loss_ug[vials] / MG
            costs[split.shared] = self.store.loss_ug[split.vials] / MG
        return costs

    def start(self, values: Floats, plan: Plan) -> None:
        """Write into `values` what the pieces of a plan mean for the columns of this model."""
        for split in self.splits:
            for j, (vials, single), several in zip(split.js, split.singles, split.several, strict=True):
                pieces = plan.get(j, [])
                if len(pieces) == 1:
                    values[single[vials == pieces[0][0]]] = 1.0
                elif pieces and several >= 0:
                    values[several] = 1.0
                    for s, ug in pieces:
                        values[split.shared[split.vials == s]] = 1.0
                        values[split.share_mg[split.vials == s]] = ug / MG
        self._start_items(values, plan)
        for s in {s for pieces in plan.values() for s, _ in pieces}:
            box = self.opened.get(int(self.store.container[s]))
            if box is not None:
                values[box] = 1.0

    def _start_items(self, values: Floats, plan: Plan) -> None:
        cell_of = {int(s): i for i, cell in enumerate(self.cells) for s in cell}
        for each in self.classes:
            column = dict(zip(each.cells, each.counts.tolist(), strict=True))
            for s, _ in (piece for j in each.js for piece in plan.get(j, [])):
                values[column[cell_of[s]]] += 1.0
        for cell, lightest in self.lightest.items():
            mine = [k.counts[k.cells.index(cell)] for k in self.classes if k.used and cell in k.cells]
            values[lightest[: round(float(values[mine].sum()))]] = 1.0

    def pieces(self, values: Floats, chosen: Iterable[int]) -> Plan | None:
        """Return the pieces that a solution means for the chosen columns, in whole micrograms; None if they do not exist."""
        wanted = set(chosen)
        found: Plan = {}
        for split in self.splits:
            for j, (vials, single), several in zip(split.js, split.singles, split.several, strict=True):
                if j not in wanted:
                    continue
                taken = vials[values[single] > 0.5]
                amount = int(self.columns.amount[j])
                if len(taken) == 1:
                    found[j] = [(int(taken[0]), amount)]
                elif several >= 0 and values[several] > 0.5:
                    shared = np.flatnonzero(values[split.shared] > 0.5)
                    ug = np.rint(values[split.share_mg[shared]] * MG).astype(np.int64)
                    if len(ug):
                        ug[np.argmax(ug)] += amount - int(ug.sum())
                    found[j] = [
                        (int(s), int(m)) for s, m in zip(split.vials[shared], ug, strict=True) if m > 0
                    ]
                else:
                    return None
        return found if self._deal(values, wanted, found) else None

    def _deal(self, values: Floats, wanted: set[int], found: Plan) -> bool:
        """Deal the counted items out: the lightest of each cell to those who use them up."""
        left = [cell.tolist() for cell in self.cells]
        for each in sorted(self.classes, key=lambda each: not each.used):
            hand: list[int] = []
            for cell, column in zip(each.cells, each.counts.tolist(), strict=True):
                count = round(float(values[column]))
                hand += left[cell][:count] if each.used else left[cell][len(left[cell]) - count :]
                left[cell] = left[cell][count:] if each.used else left[cell][: len(left[cell]) - count]
            for j in each.js:
                if j in wanted:
                    amount = int(self.columns.amount[j])
                    found[j] = [(s, int(self.store.mass_ug[s])) for s in hand[:amount]]
                    hand = hand[amount:]
                    if len(found[j]) < amount:
                        return False
        return True
