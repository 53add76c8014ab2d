"""Can these grants be packed, and where not, why? Cluster by cluster: quickly first, exactly where that fails.

A cluster that cannot be packed names the scope that the master must see in full: a unit whose own named grants do not
fit, else the whole cluster.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from aliquot.allocator.clusters import Cluster, Unit
from aliquot.allocator.master import Scope, pool_of
from aliquot.allocator.placing import Plan, Stock, order
from aliquot.allocator.store import Columns, Ints, Store
from aliquot.allocator.vials import Vials
from aliquot.solver import Answer, Draft, Effort, Status

SHIFT = 4  # micrograms that a piece may be off when a solver says it
WIDE = 40_000  # pairs of grant and vial beyond which only the more promising vials are tried


@dataclass(frozen=True, slots=True)
class Packed:
    """Pieces for the columns that found a place, and the scopes whose columns did not all find one."""

    pieces: Plan
    failed: tuple[Scope, ...]


def pack(store: Store, columns: Columns, cluster: Cluster, chosen: Ints, effort: Effort) -> Packed:
    """Place the chosen columns of a cluster; `failed` is empty where all have found a place."""
    pieces = _quickly(Stock.full(store), columns, chosen)
    if len(pieces) == len(chosen):
        return Packed(pieces, ())
    named: Plan = {}
    failed = []
    for unit in cluster.units:
        mine = np.intersect1d(unit.named, chosen)
        if not len(mine):
            continue
        found, scope = _unit(store, columns, unit, mine, effort)
        named |= found
        failed += [scope] if scope else []
    if failed:
        return Packed(_rest(store, columns, named, chosen), tuple(failed))
    pieces = _rest(store, columns, named, chosen)
    if len(pieces) == len(chosen):
        return Packed(pieces, ())
    exact = together(store, columns, chosen, effort)
    if exact is not None:
        return Packed(exact, ())
    return Packed(pieces, (Scope(cluster.columns, None),))


def _quickly(stock: Stock, columns: Columns, chosen: Ints) -> Plan:
    placed = ((int(j), stock.place(columns, int(j))) for j in order(columns, chosen))
    return {j: pieces for j, pieces in placed if pieces is not None}


def _rest(store: Store, columns: Columns, placed: Plan, chosen: Ints) -> Plan:
    """Return what is placed already and whatever else of the chosen finds a place beside it."""
    stock = stock_after(store, columns, placed)
    rest = np.array([j for j in chosen.tolist() if j not in placed], np.int64)
    return placed | _quickly(stock, columns, rest)


def stock_after(store: Store, columns: Columns, placed: Plan) -> Stock:
    """Return what is left when these pieces are out."""
    stock = Stock.full(store)
    for j, pieces in placed.items():
        stock.move(pieces, bulk=bool(columns.bulk[j]), used=bool(columns.used[j]))
    return stock


def _unit(
    store: Store, columns: Columns, unit: Unit, chosen: Ints, effort: Effort
) -> tuple[Plan, Scope | None]:
    pieces = _quickly(Stock.full(store), columns, chosen)
    if len(pieces) == len(chosen):
        return pieces, None
    exact = together(store, columns, chosen, effort)
    if exact is not None:
        return exact, None
    return pieces, Scope(unit.named, tuple(unit.samples.tolist()))


def together(store: Store, columns: Columns, chosen: Ints, effort: Effort) -> Plan | None:
    """Return pieces for all of the chosen from the exact model, None where it finds none."""
    width = sum(len(pool_of(store, columns, j)) for j in chosen.tolist())
    if width > WIDE:
        few = max(20, WIDE // max(len(chosen), 1))
        return _exactly(store, columns, chosen, effort, few)
    return _exactly(store, columns, chosen, effort, 0)


def _exactly(store: Store, columns: Columns, chosen: Ints, effort: Effort, few: int) -> Plan | None:
    draft = Draft()
    vials = Vials(draft, store, columns, opening=False)
    js = chosen.tolist()
    vials.add(dict.fromkeys(js), {j: _pool(store, columns, j, few) for j in js})
    answer: Answer = draft.solve(effort)
    if answer.status in (Status.INFEASIBLE, Status.UNKNOWN):
        return None
    return whole(store, columns, vials.pieces(answer.values, js))


def _pool(store: Store, columns: Columns, j: int, few: int) -> Ints:
    pool = pool_of(store, columns, j)
    if not few or len(pool) <= few or not columns.bulk[j]:
        return pool
    most = store.most_ug[int(columns.used[j])][pool]
    return np.sort(pool[np.lexsort((pool, -most))[:few]])


def whole(store: Store, columns: Columns, pieces: Plan | None) -> Plan | None:
    """Return the pieces as they are, or a few micrograms shifted, if they keep every limit in whole micrograms."""
    if pieces is None or is_packed(store, columns, pieces):
        return pieces
    shifted = _shifted(store, columns, pieces)
    return shifted if shifted is not None and is_packed(store, columns, shifted) else None


def _shifted(store: Store, columns: Columns, pieces: Plan) -> Plan | None:
    """Shift micrograms between the pieces of a grant, within what their vials and samples have left."""
    stock = stock_after(store, columns, pieces)
    shared = [
        (j, s, ug) for j in sorted(pieces) if len(pieces[j]) > 1 and columns.bulk[j] for s, ug in pieces[j]
    ]
    draft = Draft()
    least = np.array([max(-SHIFT, int(store.least_ug[s]) - ug) for _, s, ug in shared], np.float64)
    moved = draft.add_columns(np.zeros(len(shared)), lower=least, upper=np.maximum(float(SHIFT), least))
    rows: dict[tuple[str, int], list[int]] = {}
    for (j, s, _), column in zip(shared, moved.tolist(), strict=True):
        p = int(store.sample[s])
        keys = [("grant", j), ("vial", s), ("leaves", p), *([("used", p)] if columns.used[j] else [])]
        for key in keys:
            rows.setdefault(key, []).append(column)
    left = {"vial": stock.room_ug, "leaves": stock.release_ug, "used": stock.consume_ug}
    for (what, at), mine in rows.items():
        if what == "grant":
            lacks = float(columns.amount[at]) - sum(ug for _, ug in pieces[at])
            draft.add_row(mine, 1.0, lower=lacks, upper=lacks)
        else:
            draft.add_row(mine, 1.0, upper=float(left[what][at]))
    values = draft.solve(Effort(nodes=100)).values
    if not len(values):
        return None
    found = dict(pieces)
    for j in {j for j, _, _ in shared}:
        found[j] = [(s, ug + round(float(values[k]))) for k, (i, s, ug) in enumerate(shared) if i == j]
    return found


def is_packed(store: Store, columns: Columns, pieces: Plan) -> bool:
    """Whether the pieces keep every limit of vials, containers and samples, in whole micrograms."""
    stock = stock_after(store, columns, pieces)
    for j, each in pieces.items():
        if columns.bulk[j]:
            if sum(ug for _, ug in each) != columns.amount[j] or any(
                ug < store.least_ug[s] for s, ug in each
            ):
                return False
        elif len(each) != columns.amount[j]:
            return False
    left = (stock.room_ug[store.bulk], stock.splits, stock.release_ug, stock.consume_ug)
    return all((each >= 0).all() for each in left)
