"""Which plan is best? The three objectives one after the other, each with the bound that is proven for it.

Most merit; then, what is granted being held, least handling; then least mass used up with that handling held. The same
instance and options give the same plan, unless time runs out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from aliquot import allocation_check, fault
from aliquot.allocations import Grant, Instance, Pins, sorted_plan
from aliquot.allocations import Plan as Grants
from aliquot.allocator import conflict, handling
from aliquot.allocator.clusters import Cluster, clusters
from aliquot.allocator.conflict import Party
from aliquot.allocator.placing import Plan
from aliquot.allocator.rounds import Clock, Found, Search
from aliquot.allocator.store import Columns, Store, columns

# What is left of the time for the first stage, where others follow, and for the first two.
SHARES: Final = {1: (1.0, 1.0), 2: (0.7, 1.0), 3: (0.7, 0.9)}
NO_PINS: Final = Pins()
Told = Callable[[str, int, int | None], None]  # stage, value of the plan, bound


class Status(Enum):
    """How an allocation ended."""

    OPTIMAL = "optimal"  # every stage proven
    GAP = "gap"  # every stage within the gap that was asked
    TIME_LIMIT = "time_limit"  # the best found in the time and effort given
    INFEASIBLE = "infeasible"  # no plan keeps the pins


@dataclass(frozen=True, slots=True)
class Options:
    """How far to go."""

    gap: float = 0.0
    seconds: float = 600.0
    stages: int = 3


@dataclass(frozen=True, slots=True)
class Bounds:
    """What no plan can exceed in merit, or go below in the others; None where a stage was not reached."""

    merit: int
    handling: int | None
    used_up_ug: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """A plan with its three objectives as the check counts them, their bounds, and the seconds of each phase."""

    status: Status
    grants: Grants
    merit: int
    handling: int
    used_up_ug: int
    bounds: Bounds
    conflict: tuple[Party, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)


def allocate(
    instance: Instance,
    options: Options,
    clock: Clock,
    pins: Pins = NO_PINS,
    told: Told | None = None,
) -> Outcome:
    """Return the best plan within the options. `clock` gives seconds since the start."""
    return _Allocation(instance, options, clock, pins, told or (lambda *_: None)).run()


@dataclass(slots=True)
class _Allocation:
    instance: Instance
    options: Options
    clock: Clock
    pins: Pins
    told: Told
    seconds: dict[str, float] = field(default_factory=dict)

    def run(self) -> Outcome:
        store = Store(self.instance)
        cols = columns(store)
        self._lap("build")
        share, later = SHARES[self.options.stages]
        search = Search(store, cols, self.pins, self.options.gap, self.options.seconds * share, self.clock,
                        lambda merit, bound: self.told("merit", merit, bound))  # fmt: skip
        found = self._first(search, cols)
        self._lap("merit")
        if found.plan is None:
            return self._nothing(found)
        plan, handled, used = found.plan, None, None
        parts = [(part, {j: plan[j] for j in part.columns.tolist() if j in plan})
                 for part in clusters(store, cols)]  # fmt: skip
        parts = [(part, mine) for part, mine in parts if mine]
        if self.options.stages > 1:
            parts, handled = self._handling(store, cols, parts, self.options.seconds * later)
            self._lap("handling")
        if self.options.stages > 2 and handled is not None:
            parts, used = self._used_up(store, cols, parts, handled)
            self._lap("used_up")
        whole = {j: pieces for _, mine in parts for j, pieces in mine.items()}
        return self._outcome(cols, whole, Bounds(found.bound, handled, used))

    def _lap(self, phase: str) -> None:
        self.seconds[phase] = self.clock() - sum(self.seconds.values())

    def _first(self, search: Search, cols: Columns) -> Found:
        """The stage of merit; pins that conflict are found before anything is searched."""
        if not self.pins.is_empty:
            pinned = conflict.pinned_plan(self.instance, self.pins)
            if pinned is None:
                return Found(infeasible=True)
            search.begin(pinned_columns(pinned, cols))
        return search.run()

    def _nothing(self, found: Found) -> Outcome:
        status = Status.INFEASIBLE if found.infeasible else Status.TIME_LIMIT
        parties = conflict.smallest(self.instance, self.pins) if found.infeasible else ()
        self._lap("conflict")
        return Outcome(status, (), 0, 0, 0, Bounds(found.bound, None, None), parties, self.seconds)

    def _handling(
        self, store: Store, cols: Columns, parts: list[tuple[Cluster, Plan]], until: float
    ) -> tuple[list[tuple[Cluster, Plan]], int]:
        bound = 0
        done = []
        before = sum(handling.handling_of(store, mine) for _, mine in parts)
        for part, mine in parts:
            stage = handling.least_handling(
                store, cols, part, mine, self.options.gap, lambda: max(until - self.clock(), 0.0))  # fmt: skip
            before += handling.handling_of(store, stage.plan) - handling.handling_of(store, mine)
            bound += stage.bound
            done.append((part, stage.plan))
            self.told("handling", before, None)
        return done, bound

    def _used_up(
        self, store: Store, cols: Columns, parts: list[tuple[Cluster, Plan]], handled: int
    ) -> tuple[list[tuple[Cluster, Plan]], int]:
        held = sum(handling.handling_of(store, mine) for _, mine in parts) == handled
        bound = 0
        done = []
        before = sum(handling.used_up_ug_of(store, cols, mine) for _, mine in parts)
        for part, mine in parts:
            stage = handling.least_used_up(store, cols, mine, held=held, gap=self.options.gap,
                                           left=lambda: max(self.options.seconds - self.clock(), 0.0))  # fmt: skip
            before += (handling.used_up_ug_of(store, cols, stage.plan)
                       - handling.used_up_ug_of(store, cols, mine))  # fmt: skip
            bound += stage.bound
            done.append((part, stage.plan))
            self.told("used_up_ug", before, None)
        return done, bound

    def _outcome(self, cols: Columns, plan: Plan, bounds: Bounds) -> Outcome:
        grants = sorted_plan(
            Grant(int(cols.request[j]), int(cols.alternative[j]), int(cols.level[j]), tuple(pieces))
            for j, pieces in plan.items()
        )
        report = allocation_check.check(self.instance, grants)
        if report.violations:
            fault.bug(f"the plan breaks a rule: {report.violations[0]}")
        gaps = [bounds.merit - report.merit]
        relative = [gaps[0] / max(bounds.merit, 1)]
        for have, bound in ((report.handling, bounds.handling), (report.used_up_ug, bounds.used_up_ug)):
            if bound is not None:
                gaps.append(have - bound)
                relative.append((have - bound) / max(have, 1))
        if min(gaps) < 0:
            fault.bug("the plan is better than its bound")
        status = Status.TIME_LIMIT
        if not any(gaps):
            status = Status.OPTIMAL
        elif max(relative) <= self.options.gap:
            status = Status.GAP
        return Outcome(
            status, grants, report.merit, report.handling, report.used_up_ug, bounds, (), self.seconds
        )


def pinned_columns(packing: conflict.Packing, cols: Columns) -> Plan:
    """Return the plan over the columns of the whole instance."""
    names = zip(cols.request.tolist(), cols.alternative.tolist(), cols.level.tolist(), strict=True)
    return {j: packing[name] for j, name in enumerate(names) if name in packing}
