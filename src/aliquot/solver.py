"""Which values of the columns are best under these rows? The door to HiGHS, and the only importer of it.

A `Draft` is filled with columns and rows and solved to an `Answer`: a solution, a bound that is proven, and whether
the two meet. Always minimises, one thread, fixed seed: the same draft gives the same answer. Knows nothing of
samples, and is handed the seconds that it may take. What comes back is floating point: whoever asks verifies
it in integers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from aliquot.fault import bug

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Progress = Callable[[float, float], None]
Watch = Callable[[Floats, float], bool]  # a better solution, and the bound so far; returns whether to go on
INFINITE: Final = float("inf")
# All our objectives are integers: less than one apart is equal. A little is left to the arithmetic.
WHOLE_GAP: Final = 0.99
# Below this a bound of the solver may differ from the integer that it means; always rounded against us.
SLACK: Final = 0.005


class Status(Enum):
    """How a solve ended."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """`values` is empty where no solution was found; `bound` holds for every solution."""

    status: Status
    values: Floats
    objective: float
    bound: float


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The optimum without integrality: its objective, and what each row is worth. Empty where there is none."""

    values: Floats
    objective: float
    row_duals: Floats


@dataclass(frozen=True, slots=True)
class Effort:
    """How far to go: seconds, nodes, and the gaps at which to stop."""

    seconds: float = INFINITE
    nodes: int = 0
    relative_gap: float = 0.0
    absolute_gap: float = WHOLE_GAP


@dataclass(slots=True)
class Draft:
    """Columns and rows in the making."""

    columns: int = 0
    rows: int = 0
    _costs: list[Floats] = field(default_factory=list)
    _uppers: list[Floats] = field(default_factory=list)
    _lowers: list[Floats] = field(default_factory=list)
    _integers: list[NDArray[np.bool_]] = field(default_factory=list)
    _low: list[Floats] = field(default_factory=list)
    _high: list[Floats] = field(default_factory=list)
    _at: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)

    def add_columns(
        self,
        costs: Sequence[float] | Floats,
        *,
        upper: float | Floats = 1.0,
        lower: float | Floats = 0.0,
        integer: bool = True,
    ) -> Ints:
        """Add one column for each cost and return their numbers."""
        cost = np.asarray(costs, np.float64)
        count = len(cost)
        first = self.columns
        self.columns += count
        self._costs.append(cost)
        self._uppers.append(np.broadcast_to(np.asarray(upper, np.float64), count))
        self._lowers.append(np.broadcast_to(np.asarray(lower, np.float64), count))
        self._integers.append(np.full(count, integer))
        return np.arange(first, self.columns, dtype=np.int64)

    def add_row(
        self,
        columns: Sequence[int] | Ints,
        values: Sequence[float] | Floats | float,
        *,
        lower: float = -INFINITE,
        upper: float = INFINITE,
    ) -> None:
        """Add one row; a column may occur in it once."""
        at = np.asarray(columns, np.int64)
        each = np.broadcast_to(np.asarray(values, np.float64), len(at))
        self._at.append((np.full(len(at), self.rows, np.int64), at, each))
        self._low.append(np.array([lower]))
        self._high.append(np.array([upper]))
        self.rows += 1

    def add_rows(
        self,
        rows: Ints,
        columns: Ints,
        values: Floats | float,
        *,
        lower: float | Floats = -INFINITE,
        upper: float | Floats = INFINITE,
        count: int,
    ) -> None:
        """Add `count` rows at once; `rows` says for each entry which of them it is in, from 0."""
        self._at.append(
            (rows + self.rows, columns, np.broadcast_to(np.asarray(values, np.float64), len(columns)))
        )
        self._low.append(np.broadcast_to(np.asarray(lower, np.float64), count))
        self._high.append(np.broadcast_to(np.asarray(upper, np.float64), count))
        self.rows += count

    @property
    def costs(self) -> Floats:
        """What each column costs."""
        return np.concatenate(self._costs) if self._costs else np.zeros(0)

    @property
    def upper(self) -> Floats:
        """The upper bound of each column."""
        return np.concatenate(self._uppers) if self._uppers else np.zeros(0)

    def recost(self, costs: Floats) -> None:
        """Minimise something else over the same columns and rows."""
        self._costs = [costs]

    def solve(
        self,
        effort: Effort,
        start: Floats | None = None,
        progress: Progress | None = None,
        watch: Watch | None = None,
    ) -> Answer:
        """Minimise; `start` is a solution of every column to begin with, `progress` is told solution and bound.

        `watch` sees every better solution as soon as it is found, and may end the search.
        """
        if self.columns == 0:
            return self._without_columns()
        highs = _quiet()
        for name, value in (
            ("mip_rel_gap", effort.relative_gap),
            ("mip_abs_gap", effort.absolute_gap),
            ("mip_max_nodes", effort.nodes or 2**31 - 1),
        ):
            highs.setOptionValue(name, value)
        if effort.seconds < INFINITE:
            highs.setOptionValue("time_limit", max(effort.seconds, 0.0))
        integer = np.concatenate(self._integers)
        self._pass(highs, integer)
        if start is not None:
            highs.setSolution(self.columns, np.arange(self.columns, dtype=np.int32), start)
        ear = _Ear(progress, watch)
        if integer.any():
            ear.listen(highs)
        highs.run()
        if ear.raised is not None:
            raise ear.raised
        answer = _answer(highs, mixed=bool(integer.any()))
        if len(answer.values) and not self._adds_up(answer):
            # Seen with HiGHS 1.16: after presolve an objective was reported that its own solution does not have.
            highs.clearSolver()
            highs.setOptionValue("presolve", "off")
            highs.run()
            answer = _answer(highs, mixed=bool(integer.any()))
            self._adds_up(answer) or bug("the solver's objective is not that of its solution")
        return answer

    def relax(self, seconds: float = INFINITE) -> Relaxed:
        """Minimise as if no column had to be whole."""
        highs = _quiet()
        if seconds < INFINITE:
            highs.setOptionValue("time_limit", max(seconds, 0.0))
        self._pass(highs, np.zeros(self.columns, bool))
        highs.run()
        if highs.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return Relaxed(np.zeros(0), INFINITE, np.zeros(0))
        found = highs.getSolution()
        objective = highs.getInfo().objective_function_value
        return Relaxed(np.array(found.col_value), objective, np.array(found.row_dual))

    def _adds_up(self, answer: Answer) -> bool:
        """Whether the objective that is told is that of the solution."""
        actual = float(self.costs @ answer.values)
        return abs(actual - answer.objective) <= 1e-6 * max(1.0, abs(actual))

    def _without_columns(self) -> Answer:
        low, high = (np.concatenate(each) if each else np.zeros(0) for each in (self._low, self._high))
        held = bool((low <= 0).all() and (high >= 0).all())
        status = Status.OPTIMAL if held else Status.INFEASIBLE
        return Answer(status, np.zeros(0), 0.0, 0.0 if held else INFINITE)

    def _pass(self, highs: highspy.Highs, integer: NDArray[np.bool_]) -> None:
        rows, columns, values = (
            np.concatenate([each[i] for each in self._at]) if self._at else np.zeros(0, np.int64)
            for i in range(3)
        )
        order = np.argsort(rows, kind="stable")
        starts = np.searchsorted(rows[order], np.arange(self.rows + 1))
        none = np.zeros(0)
        highs.passModel(
            self.columns, self.rows, len(order), 2, 1, 0.0,  # 2: by row; 1: minimise
            np.concatenate(self._costs), np.concatenate(self._lowers), np.concatenate(self._uppers),
            np.concatenate(self._low) if self._low else none, np.concatenate(self._high) if self._high else none,
            starts.astype(np.int32), columns[order].astype(np.int32), np.asarray(values, np.float64)[order],
            integer.astype(np.int32),
        )  # fmt: skip


def _quiet() -> highspy.Highs:
    highs: highspy.Highs = highspy.Highs()  # type: ignore[no-untyped-call]
    for name, value in (("output_flag", False), ("threads", 1), ("parallel", "off"), ("random_seed", 1)):
        highs.setOptionValue(name, value)
    return highs


@dataclass(slots=True)
class _Ear:
    """What hears of a search while it runs. What is raised there ends the search, and is raised again after it."""

    progress: Progress | None
    watch: Watch | None
    stopped: bool = False
    raised: BaseException | None = None

    def listen(self, highs: highspy.Highs) -> None:
        kinds = highspy.cb.HighsCallbackType
        wanted = [kinds.kCallbackMipLogging] if self.progress else []
        wanted += [kinds.kCallbackMipImprovingSolution] if self.watch else []
        if wanted:
            highs.setCallback(self._told, None)
            for kind in (*wanted, kinds.kCallbackMipInterrupt):
                highs.startCallback(kind)

    def _told(
        self,
        kind: highspy.cb.HighsCallbackType,
        _said: str,
        out: highspy.cb.HighsCallbackOutput,
        into: highspy.cb.HighsCallbackInput,
        _data: object,
    ) -> None:
        kinds = highspy.cb.HighsCallbackType
        if kind == kinds.kCallbackMipInterrupt:
            into.user_interrupt = self.stopped
        elif not self.stopped:
            with self:
                if kind == kinds.kCallbackMipLogging and self.progress:
                    self.progress(out.mip_primal_bound, out.mip_dual_bound)
                elif kind == kinds.kCallbackMipImprovingSolution and self.watch:
                    self.stopped = not self.watch(np.array(out.mip_solution), out.mip_dual_bound)

    def __enter__(self) -> None:
        """Nothing to begin."""

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        """Keep what was raised, an interrupt from the keyboard too: the solver itself would swallow it."""
        if error is not None:
            self.raised, self.stopped = error, True
        return True


def _answer(highs: highspy.Highs, *, mixed: bool) -> Answer:
    info, said = highs.getInfo(), highs.getModelStatus()
    kinds = highspy.HighsModelStatus
    if said in (kinds.kInfeasible, kinds.kUnboundedOrInfeasible):
        return Answer(Status.INFEASIBLE, np.zeros(0), INFINITE, INFINITE)
    done = said == kinds.kOptimal
    bound = info.mip_dual_bound if mixed else (info.objective_function_value if done else -INFINITE)
    if info.primal_solution_status != 2:  # 2: feasible
        return Answer(Status.UNKNOWN, np.zeros(0), INFINITE, bound)
    values = np.array(highs.getSolution().col_value)
    return Answer(Status.OPTIMAL if done else Status.FEASIBLE, values, info.objective_function_value, bound)
