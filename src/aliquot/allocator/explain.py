"""Why did this request get what it got, and what stood in the way of more?

For each request: what it gets and from where; or, for each better choice that it asked for, the rule that leaves no room
and the better-ranked requests that use it; and how much of its first choice would still have fitted. Reasons are values:
`reasons` says them in English, and a site in the language of whoever reads.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum

import numpy as np

from aliquot.allocations import Alternative, Grant, Instance, Measure, Plan, by_rank, caps_of
from aliquot.allocator.placing import Stock
from aliquot.allocator.reasons import Reason, Why
from aliquot.allocator.store import Ints, Store


class Outcome(Enum):
    """What became of a request."""

    GRANTED = "granted"  # the first alternative, as much as was wanted
    REDUCED = "reduced"  # the first alternative, less than was wanted
    ALTERNATIVE = "alternative"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Fits:
    """How much would still have fitted: micrograms of a bulk form, else items."""

    alternative: int
    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """`because` are reasons, what it gets first; `blocked_by` are requests of better rank, best first."""

    request: int
    outcome: Outcome
    because: tuple[Reason, ...]
    blocked_by: tuple[int, ...]
    would_fit: Fits | None


@dataclass(frozen=True, slots=True)
class _Block:
    """What leaves no room for a choice, and the grants that use it."""

    why: Why
    users: frozenset[int]
    counts: tuple[tuple[str, int], ...] = ()


def explain(instance: Instance, plan: Plan, refused: frozenset[int] = frozenset()) -> tuple[Explanation, ...]:
    """Return one explanation for each request, in their order; `refused` are those refused beforehand."""
    telling = _Telling(instance, plan, refused)
    return tuple(telling.tell(r) for r in range(len(instance.requests)))


class _Telling:
    def __init__(self, instance: Instance, plan: Plan, refused: frozenset[int]) -> None:
        self.instance, self.refused = instance, refused
        self.store = Store(instance)
        self.stock = Stock.full(self.store)
        self.grants = {grant.request: grant for grant in plan}
        self.rank = {r: place for place, r in enumerate(by_rank(instance))}
        self.caps = caps_of(instance)
        self.users: dict[int, set[int]] = defaultdict(set)  # subsample -> who gets a piece of it
        self.drawers: dict[tuple[int, int], set[int]] = defaultdict(set)  # sample and form -> who draws on it
        for grant in plan:
            self._move(grant)
            for s, _ in grant.pieces:
                self.users[s].add(grant.request)
                self.drawers[int(self.store.sample[s]), int(self.store.form[s])].add(grant.request)

    def _wanted(self, grant: Grant) -> Alternative:
        return self.instance.requests[grant.request].alternatives[grant.alternative]

    def _move(self, grant: Grant, sign: int = 1) -> None:
        used = self.instance.requests[grant.request].consumptive
        self.stock.move(grant.pieces, bulk=self._wanted(grant).is_bulk, used=used, sign=sign)

    def tell(self, r: int) -> Explanation:
        """Explain one request, as if its own grant were put back."""
        grant = self.grants.get(r)
        outcome = self._outcome(r, grant)
        because = [self._from_where(grant)] if grant else []
        if outcome is Outcome.GRANTED:
            return Explanation(r, outcome, tuple(because), (), None)
        if r in self.refused:
            return Explanation(r, outcome, (Reason(Why.BEFOREHAND),), (), None)
        if grant:
            self._move(grant, sign=-1)
        users: set[int] = set()
        for said, block in self._better(r, grant):
            because.append(said)
            users |= block
        fits = self._fits(r)
        if grant:
            self._move(grant)
        blocked = sorted((q for q in users - {r} if self.rank[q] < self.rank[r]), key=self.rank.__getitem__)
        return Explanation(r, outcome, tuple(dict.fromkeys(because)), tuple(blocked), fits)

    def _outcome(self, r: int, grant: Grant | None) -> Outcome:
        if grant is None:
            return Outcome.REFUSED
        if grant.alternative > 0:
            return Outcome.ALTERNATIVE
        top = len(self.instance.requests[r].alternatives[0].levels) - 1
        return Outcome.GRANTED if grant.level == top else Outcome.REDUCED

    def _from_where(self, grant: Grant) -> Reason:
        amount = self._wanted(grant).levels[grant.level].amount
        return Reason(Why.GETS, grant.alternative, amount, pieces=grant.pieces)

    def _better(self, r: int, grant: Grant | None) -> list[tuple[Reason, frozenset[int]]]:
        """Return for each choice worth more than what it got a reason and whose grants are in the way."""
        options = self.instance.requests[r].alternatives
        now = options[grant.alternative].levels[grant.level].merit if grant else -1
        found = []
        for a, option in enumerate(options):
            for level in option.levels[:: -1 if grant else 1]:
                if level.merit <= now:
                    continue
                block = self._block(r, option, level.amount)
                found.append((Reason(block.why, a, level.amount, block.counts), block.users))
                break  # the least amount of a refused request says it all; else the most that was wanted
        return found

    def _block(self, r: int, option: Alternative, amount: int) -> _Block:
        return (
            self._cap(r, option, amount)
            or self._stored(r, option, amount)
            or self._bundle(r)
            or _Block(Why.ELSEWHERE, frozenset())
        )

    def _cap(self, r: int, option: Alternative, amount: int) -> _Block | None:
        for i in self.caps.get(r, []):
            cap = self.instance.limits.caps[i]
            members = [q for q in cap.members if q in self.grants and q != r]
            if cap.measure is Measure.GRANTS:
                have, need = len(members), 1
            else:
                mine = [self.grants[q] for q in members if self._wanted(self.grants[q]).is_bulk]
                have = sum(ug for each in mine for _, ug in each.pieces)
                need = amount if option.is_bulk else 0
            if have + need > cap.limit:
                return _Block(Why.CAP, frozenset(members), (("cap", i), ("have", have)))
        return None

    def _bundle(self, r: int) -> _Block | None:
        for i, bundle in enumerate(self.instance.limits.bundles):
            if r in bundle and r not in self.grants:
                return _Block(Why.BUNDLE, frozenset(), (("bundle", i),))
        return None

    def _stored(self, r: int, option: Alternative, amount: int) -> _Block | None:
        pool = self.store.pool(option.material, option.form, -1 if option.sample is None else option.sample)
        used = self.instance.requests[r].consumptive
        if not option.is_bulk:
            return self._items(option, pool, amount)
        if self.most(option, pool, used=used) >= amount:
            return None
        if self._most(option, self.store.most_ug[int(used)][pool]) < amount:
            return _Block(Why.NEVER, frozenset())
        samples = np.unique(self.store.sample[pool])
        release, consume = (
            int(self.stock.release_ug[samples].max()),
            int(self.stock.consume_ug[samples].max()),
        )
        drawn = frozenset(q for p in samples.tolist() for form in range(2) for q in self.drawers[p, form])
        if release < amount:
            return _Block(Why.RELEASE, drawn, (("left", max(release, 0)),))
        if used and consume < amount:
            return _Block(Why.CONSUME, drawn, (("left", max(consume, 0)),))
        return _Block(Why.SPLITS, frozenset(q for s in pool.tolist() for q in self.users.get(s, ())))

    def _items(self, option: Alternative, pool: Ints, amount: int) -> _Block | None:
        mass, boxes = self.store.mass_ug[pool], self.store.container[pool]
        asked = (mass >= option.min_item_ug) & (mass <= option.max_item_ug)
        have = _removable(boxes[asked & ~self.stock.gone[pool]], self.stock.splits)
        if have >= amount:
            return None
        ever = _removable(boxes[asked], self.store.splits)
        users = frozenset(q for s in pool.tolist() for q in self.users.get(s, ()))
        return _Block(Why.ITEMS, users, (("have", have), ("ever", ever)))

    def most(self, option: Alternative, pool: Ints, *, used: bool) -> int:
        """The largest amount that still fits of a bulk form."""
        return self._most(option, self.stock.most_ug(pool, used=used))

    @staticmethod
    def _most(option: Alternative, most: Ints) -> int:
        can = np.sort(most[most > 0])[::-1][: option.max_pieces]
        return int(can.sum())

    def _fits(self, r: int) -> Fits | None:
        """How much would still fit, of the first alternative of which anything does."""
        request = self.instance.requests[r]
        for a, option in enumerate(request.alternatives):
            pool = self.store.pool(
                option.material, option.form, -1 if option.sample is None else option.sample
            )
            wanted = option.levels[-1].amount
            if option.is_bulk:
                amount = min(wanted, self._budgeted(option, pool, used=request.consumptive))
            else:
                mass = self.store.mass_ug[pool]
                free = (mass >= option.min_item_ug) & (mass <= option.max_item_ug) & ~self.stock.gone[pool]
                amount = min(wanted, _removable(self.store.container[pool[free]], self.stock.splits))
            amount = min(amount, self._capped(r, option))
            least = int(self.store.least_ug[pool].min()) if option.is_bulk and len(pool) else 1
            if amount >= least:
                return Fits(a, amount, "ug" if option.is_bulk else "items")
        return None

    def _budgeted(self, option: Alternative, pool: Ints, *, used: bool) -> int:
        """Return what the largest splits give together within the budgets of their samples."""
        store = self.store
        most = self.stock.most_ug(pool, used=used)
        total = 0
        spent: dict[int, int] = defaultdict(int)
        for k in np.lexsort((pool, -most))[: option.max_pieces].tolist():
            s, p = int(pool[k]), int(store.sample[pool[k]])
            budget = int(self.stock.release_ug[p]) if not used else min(
                int(self.stock.release_ug[p]), int(self.stock.consume_ug[p]))  # fmt: skip
            ug = min(int(most[k]), budget - spent[p] - int(store.loss_ug[s]))
            if ug >= store.least_ug[s]:
                total += ug
                spent[p] += ug + int(store.loss_ug[s])
        return total

    def _capped(self, r: int, option: Alternative) -> int:
        """The most that the caps leave for this request."""
        most = 10**15
        for i in self.caps.get(r, []):
            cap = self.instance.limits.caps[i]
            mine = [self.grants[q] for q in cap.members if q in self.grants and q != r]
            if cap.measure is Measure.GRANTS and len(mine) >= cap.limit:
                return 0
            if cap.measure is Measure.BULK_UG and option.is_bulk:
                have = sum(ug for each in mine if self._wanted(each).is_bulk for _, ug in each.pieces)
                most = min(most, cap.limit - have)
        return max(most, 0)


def _removable(boxes: Ints, splits: Ints) -> int:
    names, counts = np.unique(boxes, return_counts=True)
    return int(np.minimum(counts, np.maximum(splits[names], 0)).sum())
