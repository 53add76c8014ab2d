"""What was made from what, in a table of parents and daughters? Which samples are received, and which are split off.

Where a parent's mass is the whole, its daughters are split from it and must not weigh more; where it is the rest, the
parent came with what it weighs and all its daughters. A daughter whose mass is not recorded, or whose parent has none,
is received by itself, and what it was made from is stated without an entry. Knows no database.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from aliquot import mass
from aliquot.formats import findings
from aliquot.formats.findings import Finding
from aliquot.formats.mapping import TableMapping

# An entry may have 65,535 bytes; so many daughters fit with any number.
SPLIT_MOST = 300
Where = tuple[str, int]
Frame = pl.DataFrame


@dataclass(frozen=True, slots=True)
class Outside:
    """A parent that only the catalogue has: the place where it lies, if it is one, and what lies there."""

    place: str
    mass_ng: int


@dataclass(slots=True)
class Arranged:
    """Who is received, who is split from whom (parents before daughters), and whose making is only stated."""

    whole: pl.DataFrame  # every row, with the mass that it came with
    received: pl.DataFrame
    splits: list[tuple[str, list[str]]] = field(default_factory=list)
    stated: list[tuple[str, str]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    rows: dict[str, dict[str, object]] = field(default_factory=dict)


def named(samples: pl.DataFrame) -> set[str]:
    """Return the parents that have no row of their own."""
    if samples.is_empty():
        return set()
    return set(samples["parent"].unique().to_list()) - {""} - set(samples["number"].to_list())


def arrange(samples: pl.DataFrame, mapping: TableMapping, known: Mapping[str, Outside | None]) -> Arranged:
    """Return how the samples of a table come in. `known` has the parents that the catalogue has; None: no mass there."""
    if samples.is_empty() or not (samples["parent"] != "").any():
        return Arranged(samples, samples)
    kin = _Kin(samples, mapping, known)
    split = {number for _, daughters in kin.splits for number in daughters}
    masses = pl.Series("mass_ng", [kin.start_ng[number] for number in samples["number"]], dtype=pl.Int64)
    whole = samples.with_columns(masses)
    rows = {row["number"]: row for row in whole.filter(pl.col("number").is_in(list(split))).rows(named=True)}
    received = whole.filter(~pl.col("number").is_in(list(split)))
    return Arranged(whole, received, kin.splits, kin.stated, kin.findings, rows)


class _Kin:
    """The relatives of one table, put in order."""

    def __init__(
        self, samples: pl.DataFrame, mapping: TableMapping, known: Mapping[str, Outside | None]
    ) -> None:
        self.known, self.is_rest = known, mapping.parent_mass == "rest"
        self.column = next((one.name for one in mapping.columns if one.field == "parent"), "") or next(
            one.name for one in mapping.columns if one.field == "number"
        )
        self.where: dict[str, Where] = {}
        self.own_ng: dict[str, int | None] = {}
        self.parent: dict[str, str] = {}
        self.daughters: dict[str, list[str]] = defaultdict(list)
        for file, line, number, parent, ng in samples.select(
            "file", "line", "number", "parent", "mass_ng"
        ).rows():
            self.where[number], self.own_ng[number] = (file, line), ng
            if parent:
                self.parent[number] = parent
                self.daughters[parent].append(number)
        self.findings: list[Finding] = []
        order = self._ordered()
        self.start_ng = self._masses(order)
        self.splits: list[tuple[str, list[str]]] = []
        self.stated: list[tuple[str, str]] = []
        for parent in [*self._outside(), *order]:
            self._divide(parent)

    def _tell(self, number: str, rule: findings.Rule, value: str, other: str = "") -> None:
        file, line = self.where[number]
        self.findings.append(Finding(line, self.column, rule, value, other, file))

    def _outside(self) -> Iterator[str]:
        """Yield the parents that only the catalogue has; of those that nobody has, tell."""
        for parent in sorted(self.daughters.keys() - self.where.keys()):
            if parent in self.known:
                yield parent
            else:
                for number in self.daughters[parent]:
                    self._tell(number, findings.UNKNOWN_PARENT, parent)

    def _ordered(self) -> list[str]:
        """Return the numbers of the table, each parent before its daughters; tell of those that stand in a ring."""
        waiting = [number for number in self.where if self.parent.get(number) not in self.where]
        order: list[str] = []
        while waiting:
            number = waiting.pop()
            order.append(number)
            waiting += self.daughters.get(number, [])
        for number in self.where.keys() - set(order):
            self._tell(number, findings.PARENT_RING, number)
        return order

    def _masses(self, order: Sequence[str]) -> dict[str, int | None]:
        """Return what each sample came with: its own mass, and where that is the rest, its daughters' besides."""
        start = dict(self.own_ng)
        if self.is_rest:
            for number in reversed(order):
                own, more = start[number], sum(start[one] or 0 for one in self.daughters.get(number, []))
                start[number] = own if own is None else own + more
        return start

    def _divide(self, parent: str) -> None:
        """Split off the daughters of a parent that have a mass, if it has one; of the others only state it."""
        daughters = self.daughters.get(parent, [])
        if not daughters:
            return
        has_ng = self._has_ng(parent)
        weighed = [one for one in daughters if self.start_ng[one]] if has_ng is not None else []
        self.stated += [(parent, one) for one in daughters if one not in set(weighed)]
        if not weighed or has_ng is None:
            return
        outside = self.known.get(parent)
        if parent not in self.where and (outside is None or not outside.place):
            for number in weighed:
                self._tell(number, findings.PARENT_SCATTERED, parent)
            return
        over_ng = sum(self.start_ng[one] or 0 for one in weighed) - has_ng
        if over_ng > 0:
            at = parent if parent in self.where else weighed[0]
            self._tell(at, findings.DAUGHTERS_TOO_HEAVY, parent, mass.show(over_ng))
            return
        for first in range(0, len(weighed), SPLIT_MOST):
            self.splits.append((parent, weighed[first : first + SPLIT_MOST]))

    def _has_ng(self, parent: str) -> int | None:
        if parent in self.where:
            return self.start_ng[parent]
        outside = self.known.get(parent)
        return outside.mass_ng if outside else None


def without(arranged: Arranged, numbers: Collection[str]) -> Arranged:
    """Return the arrangement without samples that are there already."""
    if not numbers:
        return arranged
    there = set(numbers)
    kept = arranged.received.filter(~pl.col("number").is_in(list(there)))
    splits = [(parent, [one for one in made if one not in there]) for parent, made in arranged.splits]
    return Arranged(
        arranged.whole,
        kept,
        [(parent, made) for parent, made in splits if made],
        [(parent, one) for parent, one in arranged.stated if one not in there],
        arranged.findings,
        arranged.rows,
    )
