"""Into which vials do these grants go? A quick way that often finds an answer, and never proves that there is none.

Named lots first, largest pieces first; opened containers before pristine ones, then the tightest fit. What is kept up
to date is what is left: room of vials, removals of containers, budgets of samples.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from aliquot.allocator.store import Columns, Ints, Store

Pieces = list[tuple[int, int]]
Plan = dict[int, Pieces]  # columns that are granted, and their pieces


@dataclass(slots=True)
class Stock:
    """What is left while pieces are placed."""

    store: Store
    room_ug: Ints
    splits: Ints
    closed: np.ndarray
    release_ug: Ints
    consume_ug: Ints
    gone: np.ndarray

    @classmethod
    def full(cls, store: Store) -> Stock:
        """Return what there is before anything is placed."""
        return cls(store, store.room_ug.copy(), store.splits.copy(), store.pristine.copy(),
                   store.release_ug.copy(), store.consume_ug.copy(), np.zeros(len(store.form), bool))  # fmt: skip

    def move(self, pieces: Iterable[tuple[int, int]], *, bulk: bool, used: bool, sign: int = 1) -> None:
        """Take the pieces out, or with a sign of -1 put them back; a container stays opened."""
        store = self.store
        for s, ug in pieces:
            self.splits[store.container[s]] -= sign
            self.closed[store.container[s]] = False
            if bulk:
                p, leaves = store.sample[s], ug + store.loss_ug[s]
                self.room_ug[s] -= sign * leaves
                self.release_ug[p] -= sign * leaves
                self.consume_ug[p] -= sign * (leaves if used else store.loss_ug[s])
            else:
                self.gone[s] = sign > 0

    def most_ug(self, pool: Ints, *, used: bool) -> Ints:
        """The largest split that each vial of the pool can give now, 0 where none."""
        store = self.store
        p, loss = store.sample[pool], store.loss_ug[pool]
        most = np.minimum(self.room_ug[pool], self.release_ug[p])
        if used:
            most = np.minimum(most, self.consume_ug[p])
        most = most - loss
        can = (
            (self.splits[store.container[pool]] > 0)
            & (most >= store.least_ug[pool])
            & (self.consume_ug[p] >= loss)
        )
        return np.where(can, most, 0)

    def place(self, columns: Columns, j: int) -> Pieces | None:
        """Return pieces for the column and take them out; None, and nothing taken, where none were found."""
        pool = self.store.pool(int(columns.material[j]), int(columns.form[j]), int(columns.sample[j]))
        amount, used = int(columns.amount[j]), bool(columns.used[j])
        bulk = bool(columns.bulk[j])
        if bulk:
            pieces = self._split(pool, amount, int(columns.max_pieces[j]), used=used)
        else:
            window = int(columns.min_item_ug[j]), int(columns.max_item_ug[j])
            pieces = self._pick(pool, amount, window, used=used)
        if pieces is not None:
            self.move(pieces, bulk=bulk, used=used)
        return pieces

    def _split(self, pool: Ints, amount: int, max_pieces: int, *, used: bool) -> Pieces | None:
        store = self.store
        most = self.most_ug(pool, used=used)
        fits = np.flatnonzero((most >= amount) & (store.least_ug[pool] <= amount))
        if len(fits):
            closed = self.closed[store.container[pool[fits]]]
            best = fits[np.lexsort((pool[fits], most[fits], closed))[0]]
            return [(int(pool[best]), amount)]
        if max_pieces < 2:
            return None
        return self._several(pool, most, amount, max_pieces, used=used)

    def _several(self, pool: Ints, most: Ints, amount: int, max_pieces: int, *, used: bool) -> Pieces | None:
        """Largest first, while a rest that is too small for a split is kept in mind."""
        store = self.store
        pieces: Pieces = []
        need = amount
        released: dict[int, int] = {}
        for k in np.lexsort((pool, -most))[: 4 * max_pieces].tolist():
            s = int(pool[k])
            p, loss = int(store.sample[s]), int(store.loss_ug[s])
            budget = (
                int(self.release_ug[p]) if not used else min(int(self.release_ug[p]), int(self.consume_ug[p]))
            )
            ug = min(need, int(most[k]), budget - released.get(p, 0) - loss)
            rest = need - ug
            least = int(store.least_ug[s])
            if 0 < rest < least:
                ug = need - least
            if ug < least or any(store.container[s] == store.container[t] for t, _ in pieces):
                continue
            pieces.append((s, ug))
            released[p] = released.get(p, 0) + ug + loss
            need -= ug
            if not need:
                break
            if len(pieces) == max_pieces:
                return None
        losses_fit = all(
            sum(int(store.loss_ug[s]) for s, _ in pieces if store.sample[s] == p) <= self.consume_ug[p]
            for p in released
        )
        return pieces if not need and losses_fit else None

    def _pick(self, pool: Ints, amount: int, window: tuple[int, int], *, used: bool) -> Pieces | None:
        """Opened boxes first; light items where they are used up, heavy ones where they come back."""
        store = self.store
        mass, boxes = store.mass_ug[pool], store.container[pool]
        fit = np.flatnonzero(
            ~self.gone[pool] & (mass >= window[0]) & (mass <= window[1]) & (self.splits[boxes] > 0)
        )
        if len(fit) < amount:
            return None
        weight = mass[fit] if used else -mass[fit]
        left: dict[int, int] = {}
        pieces: Pieces = []
        for k in fit[np.lexsort((pool[fit], weight, boxes[fit], self.closed[boxes[fit]]))].tolist():
            c = int(boxes[k])
            if left.setdefault(c, int(self.splits[c])) > 0:
                left[c] -= 1
                pieces.append((int(pool[k]), int(mass[k])))
                if len(pieces) == amount:
                    return pieces
        return None


def order(columns: Columns, chosen: Ints) -> Ints:
    """Return the columns in the order in which they are placed: named first, then by the size of their pieces."""
    size = columns.amount[chosen] // np.maximum(
        1, np.minimum(columns.pieces[chosen], columns.max_pieces[chosen])
    )
    any_sample = columns.sample[chosen] < 0
    return chosen[np.lexsort((chosen, -size, any_sample))]
