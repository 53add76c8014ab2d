"""Which requests are granted, at which level? The model of all of them over pools, exact where pools do not suffice.

One column for each request, alternative and level; caps, bundles and bonuses as they are; the rows of `pools` for the
vials. Where a choice could not be packed, the vials of that part stand in the model themselves (`expand`). Its bound
holds for every plan, however little of it is expanded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import numpy as np

from aliquot.allocations import Measure, Pins
from aliquot.allocator.amounts import Amounts
from aliquot.allocator.placing import Plan
from aliquot.allocator.pools import Row
from aliquot.allocator.store import Columns, Ints, Store
from aliquot.allocator.vials import Floats, Vials
from aliquot.solver import Draft

GRAM = 1000.0  # rows of micrograms are written in milligrams
SMALL = 5_000  # ... unless they count pieces


class Detail(IntEnum):
    """How closely the vials of a part stand in the model; what is closer is larger, and holds less."""

    COUNTED = 1  # pieces of each amount are counted for each vial, whoever gets them
    SHARED = 2  # ... but what is split and may be of any sample, by amount
    FULL = 3  # each piece of each request


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the model that is expanded: these columns, over the vials of these samples (all of them: None)."""

    columns: Ints
    samples: tuple[int, ...] | None
    detail: Detail = Detail.FULL


class Master:
    """The draft of one round."""

    def __init__(
        self, store: Store, columns: Columns, rows: Sequence[Row], scopes: Sequence[Scope], pins: Pins
    ) -> None:
        self.store, self.columns = store, columns
        self.draft = Draft()
        self.granted = self.draft.add_columns(-columns.merit.astype(np.float64))
        self.of_request = _by_request(store, columns)
        self._limits()
        self._pins(pins)
        for row in rows:
            unit = GRAM if row.most > SMALL else 1.0
            self.draft.add_row(row.columns, row.takes / unit, upper=row.most / unit)
        self.vials: list[Vials | Amounts] = [self._expand(scope) for scope in scopes]

    def _limits(self) -> None:
        draft, c, limits = self.draft, self.columns, self.store.instance.limits
        draft.add_rows(c.request, self.granted, 1.0, upper=1.0, count=len(self.store.instance.requests))
        for bundle in limits.bundles:
            for r in bundle[1:]:
                first, other = self.of_request[bundle[0]], self.of_request[r]
                draft.add_row(
                    np.r_[first, other], np.r_[np.ones(len(first)), -np.ones(len(other))], lower=0, upper=0
                )
        for cap in limits.caps:
            js = self._of(cap.members)
            if cap.measure is Measure.GRANTS:
                draft.add_row(js, 1.0, upper=cap.limit)
            else:
                js = js[c.bulk[js]]
                draft.add_row(js, c.amount[js] / GRAM, upper=cap.limit / GRAM)
        self.bonus = draft.add_columns([-float(bonus.merit) for bonus in limits.bonuses])
        for bonus, z in zip(limits.bonuses, self.bonus.tolist(), strict=True):
            js = self._of(bonus.members)
            draft.add_row(np.r_[z, js], np.r_[1.0, -np.ones(len(js))], upper=0.0)

    def _pins(self, pins: Pins) -> None:
        c = self.columns
        for r in pins.grant:
            self.draft.add_row(self.of_request[r], 1.0, lower=1.0)
        for r in pins.refuse:
            self.draft.add_row(self.of_request[r], 1.0, upper=0.0)
        for each in pins.exact:
            js = self.of_request[each.request]
            self.draft.add_row(
                js[(c.alternative[js] == each.alternative) & (c.level[js] == each.level)], 1.0, lower=1.0
            )

    def _of(self, members: Sequence[int]) -> Ints:
        return np.concatenate([np.zeros(0, np.int64), *(self.of_request[r] for r in members)])

    def _expand(self, scope: Scope) -> Vials | Amounts:
        if scope.detail is not Detail.FULL:
            return self._count(scope)
        vials = Vials(self.draft, self.store, self.columns, opening=False)
        js = scope.columns.tolist()
        vials.add(
            {j: int(self.granted[j]) for j in js}, {j: pool_of(self.store, self.columns, j) for j in js}
        )
        return vials

    def _count(self, scope: Scope) -> Amounts:
        samples = np.array(scope.samples or (), np.int64)
        if scope.samples is None:
            materials = np.unique(self.columns.material[scope.columns]).tolist()
            samples = np.sort(np.concatenate([self.store.samples_of[m] for m in materials]))
        apart = scope.detail is Detail.SHARED
        return Amounts(
            self.draft, self.store, self.columns, self.granted, scope.columns, samples, apart=apart
        )

    def start(self, plan: Plan) -> Floats:
        """Return what the plan means for every column of the draft."""
        values = np.zeros(self.draft.columns)
        values[self.granted[list(plan)]] = 1.0
        granted = {int(self.columns.request[j]) for j in plan}
        for bonus, z in zip(self.store.instance.limits.bonuses, self.bonus.tolist(), strict=True):
            values[z] = float(not granted.isdisjoint(bonus.members))
        for each in self.vials:
            each.start(values, plan)
        return values


def pool_of(store: Store, columns: Columns, j: int) -> Ints:
    """Return the subsamples that a column may draw on."""
    return store.pool(int(columns.material[j]), int(columns.form[j]), int(columns.sample[j]))


def merit_of(store: Store, columns: Columns, js: Sequence[int] | Ints) -> int:
    """Return the merit of granting these columns, bonuses included."""
    chosen = np.asarray(js, np.int64)
    granted = set(columns.request[chosen].tolist())
    return int(columns.merit[chosen].sum()) + sum(
        bonus.merit for bonus in store.instance.limits.bonuses if not granted.isdisjoint(bonus.members)
    )


def _by_request(store: Store, columns: Columns) -> list[Ints]:
    edges = np.searchsorted(columns.request, np.arange(len(store.instance.requests) + 1)).tolist()
    return [np.arange(a, b, dtype=np.int64) for a, b in pairwise(edges)]
