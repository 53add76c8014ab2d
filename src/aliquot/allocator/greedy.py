"""What can still be granted beside what is granted already? By rank, best amount first, as committees do.

From nothing this is the plan that a committee makes; after a round it mends a plan that could not be packed whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np

from aliquot.allocations import Measure, caps_of
from aliquot.allocator.packing import stock_after
from aliquot.allocator.placing import Plan, Stock
from aliquot.allocator.store import Columns, Store


class Filling:
    """A plan that grows: every step keeps every rule."""

    def __init__(self, store: Store, columns: Columns, placed: Plan, refused: Iterable[int] = ()) -> None:
        self.store, self.columns = store, columns
        self.plan = _whole_bundles(store, columns, placed)
        self.stock: Stock = stock_after(store, columns, self.plan)
        self._caps = store.instance.limits.caps
        self._caps_of = caps_of(store.instance)
        self._left = [cap.limit for cap in self._caps]
        self._refused = frozenset(refused)
        self._granted = set(columns.request[list(self.plan)].tolist())
        self._bundle_of: dict[int, set[int]] = {}
        for bundle in _joined(store.instance.limits.bundles):
            self._bundle_of |= dict.fromkeys(bundle, bundle)
        self._best: dict[int, list[int]] = defaultdict(list)
        for j in np.lexsort((np.arange(len(columns)), -columns.merit)).tolist():
            self._best[int(columns.request[j])].append(j)
        for j in self.plan:
            self._count(j)

    def prefer_least(self, exact: Mapping[int, tuple[int, int]]) -> None:
        """Try the least amounts first; of a request in `exact` that alternative and level alone."""
        c = self.columns
        for r, js in self._best.items():
            js.sort(key=lambda j: (int(c.amount[j]), j))
            if r in exact:
                js[:] = [j for j in js if (int(c.alternative[j]), int(c.level[j])) == exact[r]]

    def fill(self, requests: Iterable[int]) -> Plan:
        """Grant what fits of these requests, in this order, and return the plan."""
        for r in requests:
            if r in self._granted:
                continue
            members = sorted(self._bundle_of.get(r, {r}))
            got: list[int] = []
            for member in members:
                j = self._grant(member)
                if j is None:
                    for each in got:
                        self._take_back(each)
                    break
                got.append(j)
        return self.plan

    def _grant(self, r: int) -> int | None:
        for j in self._best[r] if r not in self._refused else ():
            if all(self._left[i] >= self._need(i, j) for i in self._caps_of.get(r, [])):
                pieces = self.stock.place(self.columns, j)
                if pieces is not None:
                    self.plan[j] = pieces
                    self._granted.add(r)
                    self._count(j)
                    return j
        return None

    def _take_back(self, j: int) -> None:
        pieces = self.plan.pop(j)
        self.stock.move(pieces, bulk=bool(self.columns.bulk[j]), used=bool(self.columns.used[j]), sign=-1)
        self._granted.discard(int(self.columns.request[j]))
        self._count(j, sign=-1)

    def _need(self, cap: int, j: int) -> int:
        if self._caps[cap].measure is Measure.GRANTS:
            return 1
        return int(self.columns.amount[j]) if self.columns.bulk[j] else 0

    def _count(self, j: int, sign: int = 1) -> None:
        for i in self._caps_of.get(int(self.columns.request[j]), []):
            self._left[i] -= sign * self._need(i, j)


def _joined(bundles: Iterable[tuple[int, ...]]) -> list[set[int]]:
    """Return the bundles, those with a member in common as one."""
    found: list[set[int]] = []
    for bundle in bundles:
        together = set(bundle)
        apart = [each for each in found if each.isdisjoint(together)]
        for each in found:
            together |= each if not each.isdisjoint(bundle) else set()
        found = [*apart, together]
    return found


def _whole_bundles(store: Store, columns: Columns, placed: Plan) -> Plan:
    """Return the plan without the grants of bundles that are not granted whole."""
    granted = {int(columns.request[j]) for j in placed}
    dropped: set[int] = set()
    for bundle in _joined(store.instance.limits.bundles):
        if not bundle <= granted:
            dropped |= bundle
    return {j: pieces for j, pieces in placed.items() if int(columns.request[j]) not in dropped}
