"""What can each subsample and each pool give? The supply as arrays, and demand as one column a level.

A lot is all of one sample in one form, a kind all of one material in one form. For a request it does not matter which
vial of a pool its pieces come from, so a request at one level of one alternative is one column here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from aliquot.allocations import BULK_FORMS, FORMS, Instance

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


class Store:
    """The supply of an instance; `most_ug[u]` is the largest split of each subsample, -1 where there can be none.

    u is 1 where the material is used up by the request, else 0: two budgets of the sample bear on the former.
    """

    def __init__(self, instance: Instance) -> None:
        supply = instance.supply
        self.instance = instance
        self.sample = _ints(supply.sub_sample)
        self.container = _ints(supply.sub_container)
        self.form = _ints(supply.sub_form)
        self.mass_ug = _ints(supply.sub_mass_ug)
        self.loss_ug = _ints(supply.sub_loss_ug)
        self.least_ug = np.maximum(_ints(supply.sub_min_split_ug), 1)
        self.room_ug = np.maximum(self.mass_ug - _ints(supply.sub_reserve_ug), 0)
        self.release_ug = _ints(supply.sample_release_ug)
        self.consume_ug = _ints(supply.sample_consume_ug)
        self.material_of = _ints(supply.sample_material)
        self.pristine = np.asarray(supply.container_pristine, bool)
        self.splits = _ints(supply.container_max_splits)
        self.samples, self.containers = len(self.material_of), len(self.splits)
        self.bulk = self.form < BULK_FORMS
        self.endless: frozenset[tuple[int, int]] = frozenset()  # lots whose items never run out
        self.renew()

    def renew(self) -> None:
        """Say again what can be split, after rooms or budgets were changed."""
        self.removable = self.splits[self.container] > 0
        release, consume = self.release_ug[self.sample], self.consume_ug[self.sample]
        kept = np.where(consume >= self.loss_ug, np.minimum(self.room_ug, release) - self.loss_ug, -1)
        used = np.minimum(np.minimum(self.room_ug, release), consume) - self.loss_ug
        can = self.bulk & self.removable
        kept, used = (np.where(can & (each >= self.least_ug), each, -1) for each in (kept, used))
        self.most_ug: tuple[Ints, Ints] = (kept, used)

    def is_endless(self, material: int, form: int, sample: int) -> bool:
        """Whether a pool has a lot whose items never run out."""
        return any(f == form and (p == sample or (sample < 0 and self.material_of[p] == material))
                   for p, f in self.endless)  # fmt: skip

    @cached_property
    def lots(self) -> dict[tuple[int, int], Ints]:
        """The subsamples of each (sample, form)."""
        return _groups(self.sample * len(FORMS) + self.form)

    @cached_property
    def kinds(self) -> dict[tuple[int, int], Ints]:
        """The subsamples of each (material, form)."""
        return _groups(self.material_of[self.sample] * len(FORMS) + self.form)

    @cached_property
    def samples_of(self) -> dict[int, Ints]:
        """The samples of each material."""
        return {int(m): np.flatnonzero(self.material_of == m) for m in np.unique(self.material_of)}

    def pool(self, material: int, form: int, sample: int) -> Ints:
        """The subsamples that an alternative may draw on; `sample` is -1 where any will do."""
        none = np.zeros(0, np.int64)
        return self.lots.get((sample, form), none) if sample >= 0 else self.kinds.get((material, form), none)


def _ints(values: tuple[int, ...]) -> Ints:
    return np.asarray(values, np.int64)


def _groups(keys: Ints) -> dict[tuple[int, int], Ints]:
    order = np.argsort(keys, kind="stable")
    names, starts = np.unique(keys[order], return_index=True)
    parts = np.split(order, starts[1:]) if len(names) else []
    return {divmod(int(name), len(FORMS)): part for name, part in zip(names, parts, strict=True)}


@dataclass(frozen=True, slots=True)
class Columns:
    """One entry for each request, alternative and level that the store could satisfy if nobody else asked.

    `pieces` is the least number of pieces or items, `loss_ug` the least loss, `sample` is -1 for any.
    """

    request: Ints
    alternative: Ints
    level: Ints
    amount: Ints
    merit: Ints
    material: Ints
    form: Ints
    sample: Ints
    used: Ints
    max_pieces: Ints
    min_item_ug: Ints
    max_item_ug: Ints
    pieces: Ints
    loss_ug: Ints

    def __len__(self) -> int:
        return len(self.request)

    @property
    def bulk(self) -> Flags:
        """Which columns are split by mass."""
        return self.form < BULK_FORMS


def columns(store: Store) -> Columns:
    """Return the columns of the instance, by request, alternative and level."""
    rows = [
        (r, a, place, level.amount, level.merit, each.material, each.form, -1 if each.sample is None else each.sample,
         int(request.consumptive), each.max_pieces, each.min_item_ug, each.max_item_ug)
        for r, request in enumerate(store.instance.requests)
        for a, each in enumerate(request.alternatives)
        for place, level in enumerate(each.levels)
    ]  # fmt: skip
    table = np.array(rows, np.int64).reshape(len(rows), 12)
    pieces = np.zeros(len(rows), np.int64)
    loss_ug = np.zeros(len(rows), np.int64)
    pools = table[:, [5, 6, 7, 8, 9, 10, 11]]
    keys, place = np.unique(pools, axis=0, return_inverse=True)
    order = np.argsort(place.reshape(-1), kind="stable")
    starts = np.searchsorted(place.reshape(-1)[order], np.arange(1, len(keys)))
    parts = np.split(order, starts) if len(keys) else []
    for key, mine in zip(keys.tolist(), parts, strict=True):
        material, form, sample, used, max_pieces, low, high = key
        pool = store.pool(material, form, sample)
        amounts = table[mine, 3]
        if form < BULK_FORMS:
            pieces[mine], loss_ug[mine] = _bulk(store, pool, amounts, used, max_pieces)
        elif store.endless and store.is_endless(material, form, sample):
            pieces[mine] = amounts
        else:
            pieces[mine] = _items(store, pool, amounts, low, high)
    kept = table[pieces > 0]
    of = [np.ascontiguousarray(kept[:, i]) for i in range(12)]
    return Columns(*of, pieces[pieces > 0], loss_ug[pieces > 0])  # type: ignore[call-arg]  # twelve and two


def _bulk(store: Store, pool: Ints, amounts: Ints, used: int, max_pieces: int) -> tuple[Ints, Ints]:
    """Return the least pieces and the least loss for each amount; 0 pieces where it cannot be had."""
    most = store.most_ug[used][pool]
    pool, most = pool[most > 0], most[most > 0]
    pieces = np.zeros(len(amounts), np.int64)
    if not len(pool):
        return pieces, pieces.copy()
    least = store.least_ug[pool]
    fewest = int(least.min())
    high = np.concatenate([[0], np.cumsum(np.sort(most)[::-1][:max_pieces])])
    for i, amount in enumerate(amounts.tolist()):
        if ((least <= amount) & (amount <= most)).any():
            pieces[i] = 1
            continue
        enough = max(2, int(np.searchsorted(high, amount)))
        if enough < len(high) and enough * fewest <= amount:
            pieces[i] = enough
    return pieces, pieces * int(store.loss_ug[pool].min())


def _items(store: Store, pool: Ints, amounts: Ints, low: int, high: int) -> Ints:
    fit = pool[(store.mass_ug[pool] >= low) & (store.mass_ug[pool] <= high)]
    boxes, counts = np.unique(store.container[fit], return_counts=True)
    most = int(np.minimum(counts, store.splits[boxes]).sum())
    return np.where(amounts <= most, amounts, 0)
