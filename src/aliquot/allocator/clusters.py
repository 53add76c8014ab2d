"""Which parts of the store never meet? Clusters of kinds, and within them units of samples.

Two kinds (material x form) meet where a container holds both, or where both are bulk forms of one material, which share
the budgets of its samples. Once it is decided what is granted, clusters can be packed one by one. Two samples of a
cluster are of one unit where they share a container; requests that name a sample stay within its unit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aliquot.allocations import BULK_FORMS, FORMS
from aliquot.allocator.store import Columns, Ints, Store


@dataclass(frozen=True, slots=True)
class Unit:
    """Samples that share containers, and the columns that name them."""

    samples: Ints
    named: Ints


@dataclass(frozen=True, slots=True)
class Cluster:
    """Columns that compete for the same vials: those that name a unit, and those that any sample satisfies."""

    columns: Ints
    units: tuple[Unit, ...]
    unnamed: Ints


def clusters(store: Store, columns: Columns) -> tuple[Cluster, ...]:
    """Return the clusters in which anything is asked for, by their first kind."""
    kind = store.material_of[store.sample] * len(FORMS) + store.form
    kinds = _Joined(len(store.instance.supply.materials) * len(FORMS))
    for m in range(len(store.instance.supply.materials)):
        kinds.join(*(m * len(FORMS) + form for form in range(BULK_FORMS)))
    samples = _Joined(store.samples)
    for a, b in _neighbours(store.container, kind):
        kinds.join(a, b)
    for a, b in _neighbours(store.container, store.sample):
        samples.join(a, b)
    mine = np.array(
        [
            kinds.root(int(m) * len(FORMS) + int(f))
            for m, f in zip(columns.material, columns.form, strict=True)
        ]
    )
    root = np.array([samples.root(p) for p in range(store.samples)], np.int64)
    found = []
    for key in sorted(set(mine.tolist())):
        js = np.flatnonzero(mine == key)
        named = js[columns.sample[js] >= 0]
        of_unit = root[columns.sample[named]]
        units = tuple(
            Unit(np.flatnonzero(root == each), named[of_unit == each])
            for each in sorted(set(of_unit.tolist()))
        )
        found.append(Cluster(js, units, js[columns.sample[js] < 0]))
    return tuple(found)


def _neighbours(container: Ints, key: Ints) -> list[tuple[int, int]]:
    """Return pairs of keys that occur in one container."""
    pairs = np.unique(np.stack([container, key], axis=1), axis=0)
    same = np.flatnonzero(pairs[1:, 0] == pairs[:-1, 0])
    return [(int(pairs[i, 1]), int(pairs[i + 1, 1])) for i in same]


class _Joined:
    """Sets that are joined two by two; the smallest member stands for each."""

    def __init__(self, count: int) -> None:
        self._up = list(range(count))

    def root(self, i: int) -> int:
        while self._up[i] != i:
            self._up[i] = self._up[self._up[i]]
            i = self._up[i]
        return i

    def join(self, a: int, b: int) -> None:
        a, b = sorted((self.root(a), self.root(b)))
        self._up[b] = a
