"""Who reviews which request? The worst-off request as well as can be, then the sum, then even loads.

A linear program over the better arcs of each request and reviewer gives a bound, and its prices show which arcs that were
left out could matter; they go in until none could. Whole numbers are then sought over those arcs alone whose price
allows them to be in a best assignment, so what is found is proven over all pairs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from aliquot import fault, reviews
from aliquot.allocator.store import Flags, Ints
from aliquot.fault import Fault, bug
from aliquot.reviews import Pair, Problem
from aliquot.solver import Draft, Effort, Relaxed, Status

Floats = NDArray[np.float64]
Left = Callable[[], float]
FEW = 20_000  # pairs up to which all arcs are taken at once
BEST = 14  # arcs of each request and each reviewer to begin with, besides what they need
PRICE_SLACK = 1e-6
EVEN_ARCS_MOST = 60_000


class End(Enum):
    """How an assignment ended."""

    OPTIMAL = "optimal"
    TIME_LIMIT = "time_limit"
    INFEASIBLE = "infeasible"


@dataclass(frozen=True, slots=True)
class Assigned:
    """The assignment, or what keeps there from being one; `r` and `v` of a fault are a request and a reviewer."""

    end: End
    assignment: tuple[Pair, ...]
    why: tuple[Fault, ...] = ()


def assign(problem: Problem, left: Left = lambda: float("inf")) -> Assigned:
    """Return the best assignment, the same for the same problem unless time runs out."""
    why = reviews.impossible(problem)
    if why:
        return Assigned(End.INFEASIBLE, (), why)
    if not problem.requests or not problem.per_request:
        return Assigned(End.OPTIMAL, ())
    return _Assigning(problem, left).run()


@dataclass(slots=True)
class _Assigning:
    problem: Problem
    left: Left
    affinity: Ints = field(init=False)
    allowed: Flags = field(init=False)
    fixed: Flags = field(init=False)

    def __post_init__(self) -> None:
        shape = self.problem.requests, self.problem.reviewers
        self.affinity, self.allowed = np.zeros(shape, np.int64), np.ones(shape, bool)
        self.fixed = np.zeros(shape, bool)
        if self.problem.affinity:
            r, v, a = np.array(self.problem.affinity, np.int64).T
            self.affinity[r, v] = a
        for pairs, mask, value in (
            (self.problem.conflicts, self.allowed, False),
            (self.problem.fixed, self.fixed, True),
        ):
            if pairs:
                mask[tuple(np.array(sorted(pairs), np.int64).T)] = value

    def run(self) -> Assigned:
        arcs = self._arcs()
        worst = self._ceiling()
        relaxed, arcs = self._priced(arcs, worst)
        if not len(relaxed.values):
            worst, arcs = self._worst(arcs, worst)
            if worst < 0 and self.left() <= 0:  # nothing was found in time, and nothing is proven
                return Assigned(End.TIME_LIMIT, ())
            if worst < 0:
                return Assigned(End.INFEASIBLE, (), self._why())
            relaxed, arcs = self._priced(arcs, worst)
        while True:
            chosen, proven = self._whole(arcs, worst, relaxed)
            if chosen is not None:
                break
            if not proven or self.left() <= 0:
                return Assigned(End.TIME_LIMIT, ())
            worst -= 1  # no whole assignment serves the worst so well, though a fractional one does
            relaxed, arcs = self._priced(arcs, worst)
        even, all_proven = self._even(chosen, worst, relaxed)
        pairs = tuple((int(r), int(v)) for r, v in sorted(zip(*np.nonzero(even), strict=True)))
        if reviews.check(self.problem, pairs).violations:
            bug("the assignment breaks a rule")
        return Assigned(End.OPTIMAL if proven and all_proven else End.TIME_LIMIT, pairs)

    def _ceiling(self) -> int:
        """What the request that is worst off could have if nobody else needed reviewers."""
        k = self.problem.per_request
        worth = np.where(self.allowed, self.affinity, -1)
        worth = np.where(self.fixed, reviews.AFFINITY_MOST + 1 + self.affinity, worth)
        best = np.argpartition(-worth, k - 1, axis=1)[:, :k]
        return int(np.take_along_axis(self.affinity, best, axis=1).sum(axis=1).min())

    def _arcs(self) -> Flags:
        """The arcs to begin with."""
        if self.affinity.size <= FEW:
            return self.allowed.copy()
        arcs = self.fixed.copy()
        order = np.where(self.allowed, self.affinity, -1)
        many = min(self.problem.per_request + BEST, self.problem.reviewers)
        best = np.argpartition(-order, many - 1, axis=1)[:, :many]
        np.put_along_axis(arcs, best, values=True, axis=1)
        many = min(max(self.problem.max_load, default=0) + BEST, self.problem.requests)
        best = np.argpartition(-order, many - 1, axis=0)[:many]
        np.put_along_axis(arcs, best, values=True, axis=0)
        return arcs & self.allowed

    def _draft(self, arcs: Flags, worst: int | None, *, integer: bool) -> tuple[Draft, Ints, Ints, Ints]:
        """Rows: requests, reviewers, then what each request has at least; without `worst` that is a column to raise."""
        p = self.problem
        r, v = np.nonzero(arcs)
        draft = Draft()
        worth = self.affinity[r, v].astype(np.float64)
        columns = draft.add_columns(-worth if worst is not None else np.zeros(len(r)),
                                    lower=self.fixed[r, v].astype(np.float64), integer=integer)  # fmt: skip
        draft.add_rows(r, columns, 1.0, lower=p.per_request, upper=p.per_request, count=p.requests)
        draft.add_rows(v, columns, 1.0, lower=np.array(p.min_load, np.float64),
                       upper=np.array(p.max_load, np.float64), count=p.reviewers)  # fmt: skip
        if worst is not None:
            draft.add_rows(r, columns, worth, lower=float(worst), count=p.requests)
        else:
            least = draft.add_columns([-1.0], upper=float(self._ceiling()), integer=False)
            every = np.arange(p.requests)
            draft.add_rows(np.r_[r, every], np.r_[columns, np.full(p.requests, least[0])],
                           np.r_[worth, -np.ones(p.requests)], lower=0.0, count=p.requests)  # fmt: skip
        return draft, r, v, columns

    def _priced(self, arcs: Flags, worst: int | None) -> tuple[Relaxed, Flags]:
        """Solve the linear program, and again with arcs whose price is good, until no arc left out could help."""
        while True:
            draft, *_ = self._draft(arcs, worst, integer=False)
            relaxed = draft.relax(self.left())
            if not len(relaxed.values):
                if arcs.sum() == self.allowed.sum() or self.left() <= 0:
                    return relaxed, arcs
                arcs = self._more(arcs)
                continue
            missing = self.allowed & ~arcs & (self._prices(relaxed, worst) < -PRICE_SLACK)
            if not missing.any():
                return relaxed, arcs
            arcs = arcs | missing

    def _more(self, arcs: Flags) -> Flags:
        """Twice as many arcs where too few of them admit no solution; in the end all."""
        many = min(2 * int(arcs.sum(axis=1).max()) + 1, self.problem.reviewers)
        order = np.where(self.allowed, self.affinity, -1)
        more = arcs.copy()
        np.put_along_axis(more, np.argpartition(-order, many - 1, axis=1)[:, :many], values=True, axis=1)
        return more & self.allowed

    def _prices(self, relaxed: Relaxed, worst: int | None) -> Floats:
        """The reduced cost of every pair: what the objective gains at most by taking it, below zero, or loses."""
        n, m = self.affinity.shape
        duals = relaxed.row_duals
        cost = -self.affinity if worst is not None else 0
        fair = duals[n + m :][:, None] * self.affinity
        prices: Floats = cost - duals[:n, None] - duals[None, n : n + m] - fair
        return prices

    def _worst(self, arcs: Flags, ceiling: int) -> tuple[int, Flags]:
        """Return the most that the worst-off request can have, rounded down from the linear program; -1 where nothing."""
        relaxed, arcs = self._priced(arcs, None)
        if not len(relaxed.values):
            return -1, arcs
        return min(ceiling, int(np.floor(-relaxed.objective + 1e-6))), arcs

    def _whole(self, arcs: Flags, worst: int, relaxed: Relaxed) -> tuple[Flags | None, bool]:
        """Return the best whole assignment with the worst at least so well off, and whether that is proven."""
        if not len(relaxed.values):
            return None, True
        bound = int(np.floor(-relaxed.objective + 1e-6))
        prices = self._prices(relaxed, worst)
        integral = self._integral(arcs, relaxed)
        if integral is not None:
            return integral, True
        slack = 3.0
        while True:
            near = self.fixed | (self.allowed & (prices <= slack + PRICE_SLACK))
            draft, r, v, columns = self._draft(near, worst, integer=True)
            answer = draft.solve(Effort(self.left()))
            if answer.status is Status.OPTIMAL:
                total = round(-answer.objective)
                if bound - total <= slack:  # an arc outside costs more than what is missing
                    chosen = np.zeros_like(self.allowed)
                    taken = answer.values[columns] > 0.5
                    chosen[r[taken], v[taken]] = True
                    return chosen, True
                slack = float(bound - total)
            elif answer.status is Status.INFEASIBLE:
                if near.sum() == self.allowed.sum():
                    return None, True
                slack = slack * 8 if slack < 1e6 else float("inf")
            else:
                return None, False

    def _integral(self, arcs: Flags, relaxed: Relaxed) -> Flags | None:
        """The solution of the linear program where it is whole by itself: then it is the best."""
        r, v = np.nonzero(arcs)
        values = relaxed.values[: len(r)]
        if np.abs(values - np.rint(values)).max() > PRICE_SLACK:
            return None
        chosen = np.zeros_like(self.allowed)
        chosen[r[values > 0.5], v[values > 0.5]] = True
        return chosen

    def _even(self, chosen: Flags, worst: int, relaxed: Relaxed) -> tuple[Flags, bool]:
        """Make loads even, with worst and total held: the n-th request of a reviewer costs 2 n - 1."""
        total = int(self.affinity[chosen].sum())
        spread = chosen.sum(axis=0)
        if spread.max() - spread.min() <= 1:
            return chosen, True
        missing = float(np.floor(-relaxed.objective + 1e-6)) - total
        near = chosen | (self.allowed & (self._prices(relaxed, worst) <= missing + 1.0))
        if near.sum() > EVEN_ARCS_MOST:
            return chosen, False
        draft, r, v, columns = self._draft(near, worst, integer=True)
        draft.recost(np.zeros(draft.columns))
        draft.add_row(columns, self.affinity[r, v].astype(np.float64), lower=float(total))
        steps = np.concatenate([np.arange(1, most + 1) for most in self.problem.max_load])
        whose = np.repeat(np.arange(self.problem.reviewers), self.problem.max_load)
        units = draft.add_columns(2.0 * steps - 1.0, integer=False)
        draft.add_rows(np.r_[v, whose], np.r_[columns, units], np.r_[np.ones(len(v)), -np.ones(len(whose))],
                       lower=0.0, upper=0.0, count=self.problem.reviewers)  # fmt: skip
        start = np.zeros(draft.columns)
        start[columns] = chosen[r, v]
        start[units] = steps <= spread[whose]
        answer = draft.solve(Effort(self.left(), nodes=200), start)
        if not len(answer.values):
            return chosen, False
        even = np.zeros_like(chosen)
        taken = answer.values[columns] > 0.5
        even[r[taken], v[taken]] = True
        better = (
            int(self.affinity[even].sum()) >= total and (even.sum(axis=0) ** 2).sum() <= (spread**2).sum()
        )
        return (even if better else chosen), answer.status is Status.OPTIMAL

    def _why(self) -> tuple[Fault, ...]:
        """Say which requests lack reviewers where as many as possible are served."""
        p = self.problem
        draft = Draft()
        r, v = np.nonzero(self.allowed)
        columns = draft.add_columns(np.zeros(len(r)), lower=self.fixed[r, v].astype(np.float64))
        lacking = draft.add_columns(np.ones(p.requests), upper=float(p.per_request), integer=False)
        idle = draft.add_columns(
            np.full(p.reviewers, 1.0), upper=np.array(p.min_load, np.float64), integer=False
        )
        draft.add_rows(np.r_[r, np.arange(p.requests)], np.r_[columns, lacking], 1.0,
                       lower=p.per_request, upper=p.per_request, count=p.requests)  # fmt: skip
        draft.add_rows(v, columns, 1.0, upper=np.array(p.max_load, np.float64), count=p.reviewers)
        draft.add_rows(np.r_[v, np.arange(p.reviewers)], np.r_[columns, idle], 1.0,
                       lower=np.array(p.min_load, np.float64), count=p.reviewers)  # fmt: skip
        values = draft.relax().values
        if not len(values):
            return (fault.of("fixed", "the fixed reviewers cannot stand together", "release some"),)
        found = [
            fault.of(f"requests[{i}]", "request {r} lacks {lacking} of {needed} reviewers: the {free} without a conflict have "
                     "their most load with requests that need them as much", reviews.ASK_MORE, r=i,
                     lacking=round(float(values[j])), needed=p.per_request, free=int(self.allowed[i].sum()))
            for i, j in enumerate(lacking.tolist()) if values[j] > 0.5
        ]  # fmt: skip
        found += [fault.of("min_load", "reviewer {v} cannot have {least} requests: too many conflicts",
                           "ask for less of them", v=u, least=p.min_load[u])
                  for u, j in enumerate(idle.tolist()) if values[j] > 0.5]  # fmt: skip
        return tuple(found) or (
            fault.of("problem", "loads and conflicts leave no assignment", reviews.ASK_MORE),
        )
