"""How many pieces of each amount does each vial give? Less than which vial gives whose piece, more than what a pool holds.

Two pieces of one amount are alike, whoever gets them, so they are counted, vial by vial; what is split over several vials
is one mass and one number of pieces for each vial, whoever shares it. That forgets only how shares are dealt out, so
it relaxes the model of `vials`, at a tenth of its size, and its bound holds for all plans.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from aliquot.allocator.placing import Plan
from aliquot.allocator.store import Columns, Ints, Store
from aliquot.allocator.vials import MG, Floats
from aliquot.solver import Draft

STEP_UG = 100  # what a vial can give in whole pieces is searched in steps of so much
REACHED_UG = 20_000_000  # ... unless it holds more than this
LotKey = tuple[int, int]  # sample and form


class _Kind(NamedTuple):
    """Columns that are alike but for who asks."""

    form: int
    sample: int  # -1: any
    amount: int
    used: int
    max_pieces: int


class _Several(NamedTuple):
    """A draft column that counts the grants of a kind that are split over several vials."""

    column: int
    kind: _Kind


class _Sharing(NamedTuple):
    """Whose shares are counted together: those of one kind that no vial can give alone (its amount), or all others (0)."""

    form: int
    sample: int
    amount: int


@dataclass(slots=True)
class _Sums:
    """Rows in the making: for each key, what each draft column takes."""

    takes: dict[int, dict[int, float]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(float))
    )

    def add(self, key: int, column: int, value: float) -> None:
        self.takes[key][column] += value

    def rows(self, draft: Draft, most: Ints, unit: float) -> None:
        for key, takes in self.takes.items():
            draft.add_row(list(takes), np.array(list(takes.values())) / unit, upper=float(most[key]) / unit)


class Amounts:
    """Adds the counted model of bulk columns over the vials of some samples to a draft.

    `granted[j]` is the draft's column for column j. `apart`: of what any sample satisfies, the shares of each amount are
    counted by themselves, which is closer and larger.
    """

    def __init__(
        self, draft: Draft, store: Store, columns: Columns, granted: Ints, js: Ints, samples: Ints, *, apart: bool
    ) -> None:  # fmt: skip
        self._apart = apart
        self._js = frozenset(js.tolist())
        self.draft, self.store, self.columns = draft, store, columns
        self._release, self._consume, self._removed = _Sums(), _Sums(), _Sums()
        forms = sorted(set(columns.form[js].tolist()))
        self._lots = {(p, form): vials for p in samples.tolist() for form in forms
                      if len(vials := self._vials(p, form))}  # fmt: skip
        self._singles: dict[tuple[LotKey, int], list[int]] = defaultdict(list)
        self._several: dict[_Sharing, list[_Several]] = defaultdict(list)
        self._parts: dict[tuple[_Sharing, int], list[int]] = defaultdict(list)  # and used: mass, by lot
        self._numbers: dict[_Sharing, list[int]] = defaultdict(list)  # shares by vial
        self.starts: list[tuple[str, tuple[int, ...], int]] = []  # what a draft column counts, for `start`
        kinds: dict[_Kind, list[int]] = defaultdict(list)
        for j in js.tolist():
            kinds[_Kind(int(columns.form[j]), int(columns.sample[j]), int(columns.amount[j]),
                        int(columns.used[j]), int(columns.max_pieces[j]))].append(int(granted[j]))  # fmt: skip
        for kind, mine in kinds.items():
            self._kind(kind, mine)
        for lot in self._lots:
            self._lot(lot)
        self._add_up()
        self._release.rows(draft, store.release_ug, MG)
        self._consume.rows(draft, store.consume_ug, MG)
        self._removed.rows(draft, store.splits, 1.0)

    def _vials(self, p: int, form: int) -> Ints:
        vials = self.store.lots.get((p, form), np.zeros(0, np.int64))
        return vials[self.store.most_ug[0][vials] > 0]

    def _column(self, what: str, key: tuple[int, ...], upper: float, *, integer: bool = True) -> int:
        column = int(self.draft.add_columns([0.0], upper=upper, integer=integer)[0])
        self.starts.append((what, key, column))
        return column

    def _kind(self, kind: _Kind, granted: list[int]) -> None:
        """Part the grants of a kind into those of one piece, by lot, and those of several."""
        store, named = self.store, kind.sample >= 0
        lots = [lot for lot in self._lots if lot[1] == kind.form and (not named or lot[0] == kind.sample)]
        vials = np.concatenate([np.zeros(0, np.int64), *(self._lots[lot] for lot in lots)])
        vials = vials[store.most_ug[kind.used][vials] > 0]
        smallest = int(store.least_ug[vials].min()) if len(vials) else 0
        divides = kind.max_pieces > 1 and len(vials) > 1 and kind.amount >= 2 * smallest
        if named and kind.used:
            for column in granted:
                self._consume.add(kind.sample, column, kind.amount)
        if named and not divides:
            self._singles[(kind.sample, kind.form), kind.amount] += granted
            return
        parts = []
        for lot in lots:
            fits = (store.most_ug[kind.used][self._lots[lot]] >= kind.amount) & (
                store.least_ug[self._lots[lot]] <= kind.amount
            )
            if fits.any():
                one = self._column("single", (*lot, *kind), float(len(granted)))
                self._singles[lot, kind.amount].append(one)
                parts.append(one)
                if not named and kind.used:
                    self._consume.add(lot[0], one, kind.amount)
        if divides:
            several = self._column("several", kind, float(len(granted)))
            self._several[self._sharing(kind, alone=bool(parts))].append(_Several(several, kind))
            parts.append(several)
        self.draft.add_row(
            [*granted, *parts], np.r_[np.ones(len(granted)), -np.ones(len(parts))], lower=0.0, upper=0.0
        )

    def _sharing(self, kind: _Kind, *, alone: bool) -> _Sharing:
        """Return with whom a kind shares; `alone` says whether a vial can give it in one piece."""
        together = alone and not (self._apart and kind.sample < 0)
        return _Sharing(kind.form, kind.sample, 0 if together else kind.amount)

    def _lot(self, lot: LotKey) -> None:
        store, vials = self.store, self._lots[lot]
        sharing = [each for each in self._several if each.form == lot[1] and each.sample in (lot[0], -1)]
        amounts = sorted(amount for of, amount in self._singles if of == lot)
        room = store.room_ug[vials] if sharing else self._reach(vials, amounts)
        held: list[dict[int, float]] = [{} for _ in vials]  # for each vial, what takes from its room
        by_size: list[list[tuple[int, int]]] = [[] for _ in vials]
        for amount in amounts:
            counted = []
            for i, s in enumerate(vials.tolist()):
                takes = amount + int(store.loss_ug[s])
                most = min(int(store.splits[store.container[s]]), int(room[i]) // takes)
                if store.least_ug[s] <= amount <= store.most_ug[0][s] and most:
                    n = self._column("count", (s, amount), float(most))
                    counted.append(n)
                    held[i][n] = takes / MG
                    by_size[i].append((amount, n))
                    self._leaves(s, n, takes)
            wanted = self._singles[lot, amount]
            self.draft.add_row(
                [*counted, *wanted], np.r_[np.ones(len(counted)), -np.ones(len(wanted))], lower=0.0, upper=0.0
            )
        for each in sharing:
            self._shared(lot, each, held, by_size)
        for i, s in enumerate(vials.tolist()):
            if held[i]:
                self.draft.add_row(list(held[i]), list(held[i].values()), upper=float(room[i]) / MG)
                self._large(by_size[i], int(room[i]), s)

    def _leaves(self, s: int, column: int, ug: float) -> None:
        """Say that each of what a column counts is a piece from this vial that takes so much with its loss."""
        p = int(self.store.sample[s])
        self._removed.add(int(self.store.container[s]), column, 1.0)
        self._release.add(p, column, ug)
        self._consume.add(p, column, float(self.store.loss_ug[s]))

    def _reach(self, vials: Ints, amounts: list[int]) -> Ints:
        """Return what each vial can give at most in whole pieces of these amounts, losses included."""
        store = self.store
        room: Ints = store.room_ug[vials].copy()
        for i, s in enumerate(vials.tolist()):
            takes = [a + int(store.loss_ug[s]) for a in amounts if store.least_ug[s] <= a]
            if room[i] > REACHED_UG or any(each % STEP_UG for each in takes):
                continue
            within = (1 << (int(room[i]) // STEP_UG + 1)) - 1
            reached = 1  # bit k: k steps can be given
            for _ in range(int(store.splits[store.container[s]])):
                before = reached
                for each in takes:
                    reached |= before << (each // STEP_UG)
                reached &= within
                if reached == before:
                    break
            room[i] = (reached.bit_length() - 1) * STEP_UG
        return room

    def _large(self, by_size: list[tuple[int, int]], room: int, s: int) -> None:
        """Of pieces of at least t a vial gives no more than fit: tighter than its room alone."""
        by_size.sort()
        loss, splits = int(self.store.loss_ug[s]), int(self.store.splits[self.store.container[s]])
        told = splits
        for at, (amount, _) in enumerate(by_size):
            most = room // (amount + loss)
            if most < told and len(by_size) - at > 1:
                self.draft.add_row([n for _, n in by_size[at:]], 1.0, upper=float(most))
            told = min(told, most)

    def _shared(
        self, lot: LotKey, who: _Sharing, held: list[dict[int, float]],
        by_size: list[list[tuple[int, int]]],
    ) -> None:  # fmt: skip
        """Shares of a lot that are counted together: their mass and number for each vial."""
        store, draft, vials, sharing = self.store, self.draft, self._lots[lot], self._several[who]
        whose = [each.column for each in sharing]
        pool = [
            self._lots[each] for each in self._lots if each == lot or (who.sample < 0 and each[1] == lot[1])
        ]
        smallest = int(store.least_ug[np.concatenate(pool)].min())
        masses, numbers = [], []
        for i, s in enumerate(vials.tolist()):
            largest, least = int(store.most_ug[0][s]), int(store.least_ug[s])
            mass = self._column("share", (s, *who), largest / MG, integer=False)
            number = self._column("shares", (s, *who), float(store.splits[store.container[s]]))
            masses.append(mass)
            numbers.append(number)
            # A share is not more than an amount less another share. That each vial has no more shares than there are grants
            # is left out: measured, those wide rows leave the bound of the linear program where it is.
            most = max(min(largest, each.kind.amount - smallest) for each in sharing) / MG
            draft.add_row([mass, number], [1.0, -least / MG], lower=0.0)
            draft.add_row([mass, number], [1.0, -most], upper=0.0)
            held[i] |= {mass: 1.0, number: int(store.loss_ug[s]) / MG}
            by_size[i].append((least, number))
            self._leaves(s, number, float(store.loss_ug[s]))
            self._release.add(lot[0], mass, MG)
        self._numbers[who] += numbers
        if who.sample < 0:
            self._part(lot, who, masses)
        else:
            amounts = [-each.kind.amount / MG for each in sharing]
            draft.add_row([*masses, *whose], [*[1.0] * len(masses), *amounts], lower=0.0, upper=0.0)

    def _part(self, lot: LotKey, who: _Sharing, masses: list[int]) -> None:
        """The mass that a lot gives to grants that any sample satisfies, what is used up apart."""
        room = float(self.store.room_ug[self._lots[lot]].sum()) / MG
        parts = []
        for used in sorted({each.kind.used for each in self._several[who]}):
            parts.append(self._column("part", (*lot, *who, used), room, integer=False))
            self._parts[who, used].append(parts[-1])
            if used:
                self._consume.add(lot[0], parts[-1], MG)
        values = [*[1.0] * len(masses), *[-1.0] * len(parts)]
        self.draft.add_row([*masses, *parts], values, lower=0.0, upper=0.0)

    def _in_pieces(self, numbers: list[int], several: list[_Several]) -> None:
        """A grant that is split has two pieces at least, and no more than it may have."""
        columns = [*numbers, *(each.column for each in several)]
        self.draft.add_row(columns, [*[1.0] * len(numbers), *[-2.0] * len(several)], lower=0.0)
        most = [-float(each.kind.max_pieces) for each in several]
        self.draft.add_row(columns, [*[1.0] * len(numbers), *most], upper=0.0)

    def _add_up(self) -> None:
        """Shares are as many as the grants need, and those of any sample add up over the lots."""
        for who, numbers in self._numbers.items():
            self._in_pieces(numbers, self._several[who])
        for (who, used), parts in self._parts.items():
            several = [each for each in self._several[who] if each.kind.used == used]
            self.draft.add_row([*parts, *(each.column for each in several)],
                               [*[1.0] * len(parts), *(-each.kind.amount / MG for each in several)],
                               lower=0.0, upper=0.0)  # fmt: skip

    def start(self, values: Floats, plan: Plan) -> None:
        """Write into `values` what the pieces of a plan mean for the columns of this model."""
        store, c = self.store, self.columns
        found: dict[tuple[str, tuple[int, ...]], float] = defaultdict(float)
        groups = {each.kind: who for who, several in self._several.items() for each in several}
        for j in self._js.intersection(plan):
            pieces = plan[j]
            kind = _Kind(
                int(c.form[j]), int(c.sample[j]), int(c.amount[j]), int(c.used[j]), int(c.max_pieces[j])
            )
            if len(pieces) == 1:
                s, amount = pieces[0]
                found["single", (int(store.sample[s]), kind.form, *kind)] += 1
                found["count", (s, amount)] += 1
                continue
            found["several", kind] += 1
            who = groups[kind]
            for s, ug in pieces:
                found["share", (s, *who)] += ug / MG
                found["shares", (s, *who)] += 1
                if who.sample < 0:
                    found["part", (int(store.sample[s]), kind.form, *who, kind.used)] += ug / MG
        for what, key, column in self.starts:
            values[column] = found.get((what, key), 0.0)
