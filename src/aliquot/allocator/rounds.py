"""How is the plan of most merit found, and proven? Choose over pools, pack, expand where packing fails, again.

Every plan kept is packed in whole micrograms; every bound is one of the master, which relaxes all plans. They meet
where the plan is proven to be best.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from aliquot.allocations import Pins, by_rank
from aliquot.allocator import packing, pools
from aliquot.allocator.clusters import Cluster, clusters
from aliquot.allocator.greedy import Filling
from aliquot.allocator.master import Detail, Master, Scope, merit_of, pool_of
from aliquot.allocator.placing import Plan
from aliquot.allocator.pools import Row
from aliquot.allocator.store import Columns, Ints, Store
from aliquot.allocator.vials import Floats, Vials
from aliquot.solver import SLACK, WHOLE_GAP, Effort, Status

Clock = Callable[[], float]
Tell = Callable[[int, int], None]  # merit of the plan so far, and the bound
PACKING_NODES = 50
ROUNDS_MOST = 60
LOOSE_GAP = 1e-3  # a choice so near to the bound is packed at once, to find out which parts cannot be
SHARE = 0.95  # of the time that is left may be searched: where it ends a search, the last choice must still be packed
FAILURES = 2  # of choices in one round, before a part that is counted is held more closely
NARROW = 1_500  # pairs of column and vial up to which a part is expanded in full at once


@dataclass(slots=True)
class Found:
    """The best plan so far (columns with their pieces; None: no plan keeps the pins) and what none can exceed."""

    plan: Plan | None = None
    merit: int = -1
    bound: int = 0
    infeasible: bool = False


@dataclass(slots=True)
class _Tried:
    """The choice of a round that was packed last, the scopes where that failed, and how many choices failed so far.

    `closer` is what ended the search: the scopes that the model must hold more closely.
    """

    chosen: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    failed: list[Scope] = field(default_factory=list)
    failures: int = 0
    closer: list[Scope] = field(default_factory=list)


@dataclass(slots=True)
class Search:
    """The search for the plan of most merit."""

    store: Store
    columns: Columns
    pins: Pins
    gap: float
    until: float
    clock: Clock
    tell: Tell
    found: Found = field(default_factory=Found)
    scopes: list[Scope] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    parts: tuple[Cluster, ...] = ()

    def run(self) -> Found:
        """Go round until plan and bound are within the gap, or time is up."""
        self.rows = list(pools.rows(self.store, self.columns))
        self.parts = clusters(self.store, self.columns)
        self.found.bound = int(self.columns.merit.sum()) + sum(
            b.merit for b in self.store.instance.limits.bonuses
        )
        for _ in range(ROUNDS_MOST):
            if self._done() or self.clock() >= self.until or not self._round():
                break
        if self.found.plan is None and not self.found.infeasible:
            self._keep(self._fill({}, by_rank(self.store.instance)))
        return self.found

    def _done(self) -> bool:
        return self.found.infeasible or self.found.bound - self.found.merit <= self.gap * self.found.bound

    def _round(self) -> bool:
        """One choice, packed; false where nothing is left that could be made more exact."""
        master = Master(self.store, self.columns, self.rows, self.scopes, self.pins)
        # Measured: a proof takes longer from a good start, which keeps the solver from its own heuristics.
        start = master.start(self.found.plan) if self.found.plan and not self.scopes else None
        seconds = SHARE * (self.until - self.clock())
        effort = Effort(seconds=seconds, relative_gap=self.gap, absolute_gap=WHOLE_GAP)
        tried = _Tried()
        answer = master.draft.solve(
            effort,
            start,
            lambda plan, bound: self.tell(_whole(-plan), _whole(-bound)),
            lambda values, bound: self._watch(master, tried, values, bound),
        )
        if answer.status is Status.INFEASIBLE:
            self.found.infeasible = self.found.plan is None
            return False
        if math.isfinite(answer.bound):
            self.found.bound = min(self.found.bound, max(math.floor(-answer.bound + SLACK), self.found.merit))
        if not len(answer.values):
            return False
        self._try(master, tried, answer.values)
        self.tell(self.found.merit, self.found.bound)
        new = tried.closer or self._closer(tried.failed)
        self.scopes = [old for old in self.scopes if not any(_within(old, scope) for scope in new)] + new
        return bool(new) or (answer.status is Status.OPTIMAL and not tried.failed and not self._done())

    def _watch(self, master: Master, tried: _Tried, values: Floats, bound: float) -> bool:
        """Pack a choice that is nearly the best, while better ones are sought; false where that is of no use.

        Once one is packed, the rest is left to the end. It is of no use where the model must hold a part more closely; a
        wide part that is counted may fail once, since a better choice may well be packed.
        """
        gap = max(self.gap, LOOSE_GAP)
        settled = len(tried.chosen) and not tried.failed
        if settled or not math.isfinite(bound) or master.draft.costs @ values - bound > gap * abs(bound):
            return True
        self._try(master, tried, values)
        self.tell(self.found.merit, self.found.bound)
        new = self._closer(tried.failed)
        if tried.failures < FAILURES and all(each.detail is Detail.SHARED for each in new):
            return True
        tried.closer = new
        return not new

    def _try(self, master: Master, tried: _Tried, values: Floats) -> None:
        """Pack a choice, unless it is the one that was packed last."""
        chosen = np.flatnonzero(values[master.granted] > 0.5)
        if not np.array_equal(chosen, tried.chosen):
            tried.chosen, tried.failed = chosen, self._pack(chosen, master, values)
            tried.failures += bool(tried.failed)

    def _closer(self, failed: list[Scope]) -> list[Scope]:
        return [scope for each in failed if (scope := self._next(each)) is not None]

    def _pack(self, chosen: Ints, master: Master, values: Floats) -> list[Scope]:
        """Pack a choice, mend it where that fails, and keep the plan if it is the best so far."""
        pieces: Plan = {}
        failed: list[Scope] = []
        for part in self.parts:
            mine = np.intersect1d(part.columns, chosen)
            if len(mine):
                packed = self._expanded(part, mine, master, values) or self._placed(part, mine)
                pieces |= packed.pieces
                failed += packed.failed
        if failed:
            lost = set(self.columns.request[chosen].tolist()) - set(
                self.columns.request[list(pieces)].tolist()
            )
            ranked = by_rank(self.store.instance)
            first = [r for r in ranked if r in lost]
            pieces = self._fill(pieces, [*first, *ranked])
        self._keep(pieces)
        return failed

    def _placed(self, part: Cluster, chosen: Ints) -> packing.Packed:
        effort = Effort(seconds=max(self.until - self.clock(), 1.0), nodes=PACKING_NODES)
        return packing.pack(self.store, self.columns, part, chosen, effort)

    def _expanded(self, part: Cluster, chosen: Ints, master: Master, values: Floats) -> packing.Packed | None:
        """Return the pieces that the master itself has for a cluster that is expanded whole."""
        for scope, vials in zip(self.scopes, master.vials, strict=True):
            if (
                isinstance(vials, Vials)
                and scope.samples is None
                and np.array_equal(scope.columns, part.columns)
            ):
                pieces = packing.whole(self.store, self.columns, vials.pieces(values, chosen.tolist()))
                return packing.Packed(pieces, ()) if pieces is not None else None
        return None

    def _fill(self, plan: Plan, requests: list[int]) -> Plan:
        return Filling(self.store, self.columns, plan, self.pins.refuse).fill(requests)

    def begin(self, plan: Plan) -> None:
        """Begin with a plan that keeps every rule and pin, and with what still fits beside it."""
        self._keep(self._fill(plan, by_rank(self.store.instance)))

    def _keep(self, plan: Plan) -> None:
        merit = merit_of(self.store, self.columns, list(plan))
        if merit > self.found.merit and self._keeps_pins(plan):
            self.found.plan, self.found.merit = plan, merit

    def _keeps_pins(self, plan: Plan) -> bool:
        c = self.columns
        granted = {int(c.request[j]) for j in plan}
        exact = {(int(c.request[j]), int(c.alternative[j]), int(c.level[j])) for j in plan}
        return (
            granted.issuperset(self.pins.grant)
            and granted.isdisjoint(self.pins.refuse)
            and exact.issuperset((e.request, e.alternative, e.level) for e in self.pins.exact)
        )

    def _next(self, scope: Scope) -> Scope | None:
        """Return the next detail of a part that cannot be packed, a narrow one in full at once; None after that."""
        c = self.columns
        width = sum(len(pool_of(self.store, c, j)) for j in scope.columns.tolist())
        wide = width > NARROW and bool(c.bulk[scope.columns].all())
        for detail in Detail if wide else (Detail.FULL,):
            closer = replace(scope, detail=detail)
            if not any(_within(closer, old) for old in self.scopes):
                return closer
        return None


def _within(inner: Scope, outer: Scope) -> bool:
    if outer.detail < inner.detail:
        return False
    return (outer.samples is None and bool(np.isin(inner.columns, outer.columns).all())) or (
        inner.samples == outer.samples and np.array_equal(inner.columns, outer.columns)
    )


def _whole(value: float) -> int:
    return int(np.clip(value, -(10**15), 10**15)) if math.isfinite(value) else 0
