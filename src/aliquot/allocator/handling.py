"""Given what is granted, which vials need the least handling, and then use up the least?

Cluster by cluster, and in a cluster of bulk forms unit by unit, since requests that name a sample stay there. Bounds are
of the same decomposition: what named grants need in their unit, and what each other grant needs at least.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from aliquot.allocations import OPENING_WEIGHT
from aliquot.allocator.clusters import Cluster
from aliquot.allocator.master import pool_of
from aliquot.allocator.packing import stock_after, whole
from aliquot.allocator.placing import Plan, order
from aliquot.allocator.store import Columns, Ints, Store
from aliquot.allocator.vials import MG, Vials
from aliquot.solver import SLACK, Draft, Effort, Status

Left = Callable[[], float]  # seconds that are left
PAIRS_MOST = 30_000  # of grant and vial in one exact model
NODES_LEAST, NODES_MOST, WORK = (
    10,
    1000,
    200_000,
)  # the wider a model, the fewer nodes: the same on every machine
NODES_USED, WORK_USED = 200, 60_000
PAIRS_NEAR = 5_000  # ... and in a model of the more promising ones
PAIRS_USED_MOST = 600  # losses are little: a wide cluster is not searched for a split less


@dataclass(frozen=True, slots=True)
class Stage:
    """The plan of a cluster at the end of a stage, and a bound on its objective that is proven."""

    plan: Plan
    bound: int


def handling_of(store: Store, plan: Plan) -> int:
    """Return ten for each pristine container opened, and one for each piece."""
    subsamples = [s for pieces in plan.values() for s, _ in pieces]
    boxes = {int(store.container[s]) for s in subsamples}
    return OPENING_WEIGHT * sum(bool(store.pristine[c]) for c in boxes) + len(subsamples)


def used_up_ug_of(store: Store, columns: Columns, plan: Plan) -> int:
    """Return what is used up: grants of those who use up, and all losses."""
    total = 0
    for j, pieces in plan.items():
        bulk, used = bool(columns.bulk[j]), bool(columns.used[j])
        total += sum((ug if used else 0) + (int(store.loss_ug[s]) if bulk else 0) for s, ug in pieces)
    return total


def least_handling(
    store: Store, columns: Columns, cluster: Cluster, plan: Plan, gap: float, left: Left
) -> Stage:
    """Return a plan of the cluster with less handling, as far as one is found, and what no plan can go below."""
    chosen = np.array(sorted(plan), np.int64)
    floor = int(columns.pieces[chosen].sum())
    if not columns.bulk[chosen].any():
        return _exact(store, columns, plan, Effort(left(), 0, gap), floor)
    tidy = _again(store, columns, {}, chosen)
    best = min((plan, tidy), key=lambda each: handling_of(store, each) if each else math.inf)
    if handling_of(store, best) == floor:
        return Stage(best, floor)
    bound, named = _units(store, columns, cluster, best, gap, left)
    other = _again(store, columns, named, chosen)
    best = min((best, other), key=lambda each: handling_of(store, each) if each else math.inf)
    bound = max(bound, floor)
    if handling_of(store, best) - bound <= gap * bound or len(named) == len(chosen):
        return Stage(best, bound)
    if _pairs(store, columns, chosen) <= PAIRS_MOST:
        return _exact(store, columns, best, Effort(left(), 0, gap), bound)
    return Stage(_near(store, columns, best, gap, left), bound)


def _units(
    store: Store, columns: Columns, cluster: Cluster, plan: Plan, gap: float, left: Left
) -> tuple[int, Plan]:
    """Return the least handling of named grants unit by unit, with what others need at least; and their pieces."""
    chosen = np.array(sorted(plan), np.int64)
    bound = int(columns.pieces[chosen].sum())
    named: Plan = {}
    for unit in cluster.units:
        mine = np.intersect1d(unit.named, chosen)
        if not len(mine):
            continue
        floor = int(columns.pieces[mine].sum())
        now = {int(j): plan[int(j)] for j in mine}
        tidy = _again(store, columns, {}, mine)
        now = min((now, tidy), key=lambda each: handling_of(store, each) if each else math.inf)
        stage = Stage(now, floor)
        if handling_of(store, now) > floor:
            stage = _exact(store, columns, now, Effort(left(), 0, gap), floor)
        named |= stage.plan
        bound += stage.bound - floor
    return bound, named


def _again(store: Store, columns: Columns, placed: Plan, chosen: Ints) -> Plan:
    """Place what is not placed yet; nothing at all where something finds no place."""
    stock = stock_after(store, columns, placed)
    found = dict(placed)
    for j in order(columns, np.array([j for j in chosen.tolist() if j not in placed], np.int64)).tolist():
        pieces = stock.place(columns, j)
        if pieces is None:
            return {}
        found[j] = pieces
    return found


def _pairs(store: Store, columns: Columns, chosen: Iterable[int]) -> int:
    return sum(len(pool_of(store, columns, int(j))) for j in chosen)


def _near(store: Store, columns: Columns, plan: Plan, gap: float, left: Left) -> Plan:
    """Improve a wide cluster over the vials it uses now and the roomiest opened ones; the bound is not of this model."""
    chosen = sorted(plan)
    few = max(6, PAIRS_NEAR // len(chosen))
    taken = np.unique([s for pieces in plan.values() for s, _ in pieces])
    pools = {}
    for j in chosen:
        pool = pool_of(store, columns, j)
        if len(pool) > few:
            most = store.most_ug[int(columns.used[j])][pool]
            roomiest = pool[np.lexsort((pool, -most, store.pristine[store.container[pool]]))[:few]]
            pool = np.union1d(roomiest, np.intersect1d(pool, taken))
        pools[j] = pool
    return _exact(store, columns, plan, Effort(left(), 0, gap), 0, pools).plan


def _exact(
    store: Store,
    columns: Columns,
    plan: Plan,
    effort: Effort,
    floor: int,
    pools: dict[int, Ints] | None = None,
) -> Stage:
    now = handling_of(store, plan)
    if now <= floor or effort.seconds <= 0:
        return Stage(plan, floor)
    draft, vials = _model(store, columns, plan, pools)
    start = np.zeros(draft.columns)
    vials.start(start, plan)
    nodes = min(max(NODES_LEAST, WORK // draft.columns), NODES_MOST)
    answer = draft.solve(replace(effort, nodes=nodes), start)
    bound = floor
    if answer.status is not Status.INFEASIBLE and math.isfinite(answer.bound):
        bound = max(floor, math.ceil(answer.bound - SLACK))
    better = _taken(store, columns, vials, answer.values, plan)
    if better is not None and handling_of(store, better) < now:
        return Stage(better, bound)
    return Stage(plan, min(bound, now))


def _model(store: Store, columns: Columns, plan: Plan, pools: dict[int, Ints] | None) -> tuple[Draft, Vials]:
    draft = Draft()
    vials = Vials(draft, store, columns, opening=True)
    vials.add(dict.fromkeys(sorted(plan)), pools or {j: pool_of(store, columns, j) for j in plan})
    return draft, vials


def _taken(store: Store, columns: Columns, vials: Vials, values: np.ndarray, plan: Plan) -> Plan | None:
    """Return the pieces of a solution if in whole micrograms they keep every limit."""
    if not len(values):
        return None
    return whole(store, columns, vials.pieces(values, plan))


def least_used_up(store: Store, columns: Columns, plan: Plan, *, held: bool, gap: float, left: Left) -> Stage:
    """Return a plan with no more handling that uses up less, and what none can go below.

    `held`: the handling of the plan is the least there is. Otherwise another plan of the same handling in all might
    handle more here and less elsewhere, and the bound is over any handling.
    """
    js = np.array(sorted(plan), np.int64)
    bulk = columns.bulk[js]
    floor = int((columns.loss_ug[js] + np.where((columns.used[js] == 1) & bulk, columns.amount[js], 0)).sum())
    now = used_up_ug_of(store, columns, plan)
    uses_items = bool(((columns.used[js] == 1) & ~bulk).any())
    if now == floor or left() <= 0 or (not uses_items and _pairs(store, columns, js) > PAIRS_USED_MOST):
        return Stage(plan, floor)
    draft, vials = _model(store, columns, plan, None)
    handling = draft.costs
    costs = vials.used_up_costs()
    draft.recost(costs)
    fixed_ug = int(np.where((columns.used[js] == 1) & bulk, columns.amount[js], 0).sum())
    bound = floor
    nodes = min(max(1, WORK_USED // draft.columns), NODES_USED)
    effort = Effort(left(), nodes, gap, 0.0005)
    if not held:
        answer = draft.solve(effort)
        if answer.status is not Status.INFEASIBLE and math.isfinite(answer.bound):
            bound = max(bound, fixed_ug + math.ceil(answer.bound * MG - SLACK))
    moves = np.flatnonzero(handling)
    draft.add_row(moves, handling[moves], upper=float(handling_of(store, plan)))
    start = np.zeros(draft.columns)
    vials.start(start, plan)
    answer = draft.solve(effort, start)
    if held and answer.status is not Status.INFEASIBLE and math.isfinite(answer.bound):
        bound = max(bound, fixed_ug + math.ceil(answer.bound * MG - SLACK))
    better = _taken(store, columns, vials, answer.values, plan)
    if better is not None and handling_of(store, better) <= handling_of(store, plan):
        lighter = used_up_ug_of(store, columns, better)
        if lighter < now:
            plan, now = better, lighter
    return Stage(plan, min(bound, now))
