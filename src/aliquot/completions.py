"""What do all ways of filling in the missing facts say together?

A function of missing facts is kept as a reduced ordered decision diagram: equal parts are stored once, and a fact that
cannot change the result does not occur in it (R. E. Bryant, Graph-based algorithms for Boolean function manipulation,
1986). So thousands of completions are one small graph, and "which facts matter?" is read off it. Knows no law: facts
are keys with the values that need telling apart, results are any hashable values.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Final

Function = int  # a node of the diagram
_LEAF: Final = 1 << 30


class Diagram:
    """Functions of the same missing facts; `domains` has each key with its values, in the order of branching."""

    def __init__(self, domains: Mapping[str, Sequence[Hashable]]) -> None:
        self.keys = tuple(domains)
        self._values = tuple(tuple(domains[key]) for key in self.keys)
        self._level = {key: level for level, key in enumerate(self.keys)}
        self._levels: list[int] = []
        self._children: list[tuple[Function, ...]] = []
        self._results: list[Hashable] = []
        self._known: dict[Hashable, Function] = {}
        self._done: dict[Callable[[Sequence[Hashable]], Hashable], dict[tuple[Function, ...], Function]] = {}
        self._leads_to: dict[Function, frozenset[Hashable]] = {}

    def constant(self, result: Hashable) -> Function:
        """Return the function that gives this result whatever is filled in."""
        return self._node(_LEAF, (), result)

    def of(self, key: str, told: Callable[[Hashable], Hashable]) -> Function:
        """Return the function that depends on one missing fact."""
        level = self._level[key]
        return self._branch(level, tuple(self.constant(told(value)) for value in self._values[level]))

    def of_two(self, key: str, other: str, told: Callable[[Hashable, Hashable], Hashable]) -> Function:
        """Return the function that depends on two missing facts."""
        upper, lower = self._level[key], self._level[other]
        if upper > lower:
            return self.of_two(other, key, lambda first, second: told(second, first))
        rows = [[self.constant(told(a, b)) for b in self._values[lower]] for a in self._values[upper]]
        return self._branch(upper, tuple(self._branch(lower, tuple(row)) for row in rows))

    def combine(
        self, told: Callable[[Sequence[Hashable]], Hashable], functions: Sequence[Function]
    ) -> Function:
        """Return the function that `told` makes of the functions' results.

        `told` is also asked with None for results that are not known yet; where it answers something other than
        None, that must be its answer whatever they turn out to be. What one `told` made of the same functions is kept.
        """
        done = self._done.setdefault(told, {})

        def walk(nodes: tuple[Function, ...]) -> Function:
            found = done.get(nodes)
            if found is not None:
                return found
            results = self._results
            result = told([results[node] for node in nodes])
            found = self.constant(result) if result is not None else self._split(nodes, walk)
            done[nodes] = found
            return found

        return walk(tuple(functions))

    def choose(self, which: Function, functions: Sequence[Function]) -> Function:
        """Return the function that is `functions[i]` where `which` gives i."""
        done: dict[tuple[Function, ...], Function] = {}

        def walk(nodes: tuple[Function, ...]) -> Function:
            index = self._results[nodes[0]]
            if isinstance(index, int):
                return nodes[1 + index]
            if nodes not in done:
                done[nodes] = self._split(nodes, walk)
            return done[nodes]

        return walk((which, *functions))

    def _split(
        self, nodes: tuple[Function, ...], walk: Callable[[tuple[Function, ...]], Function]
    ) -> Function:
        """Return the branch on the first fact that any of the nodes depends on; equal neighbours are walked once."""
        levels = [self._levels[node] for node in nodes]
        level = min(levels)
        count = len(self._values[level])
        columns = [self._children[node] if own == level else (node,) * count
                   for node, own in zip(nodes, levels, strict=True)]  # fmt: skip
        children: list[Function] = []
        before: tuple[Function, ...] | None = None
        for inner in zip(*columns, strict=True):
            children.append(children[-1] if inner == before else walk(inner))
            before = inner
        return self._branch(level, tuple(children))

    def matters(self, function: Function) -> tuple[str, ...]:
        """Return the facts of which the result depends, in the diagram's order."""
        seen: set[Function] = set()
        self._walk(function, seen)
        found = {self._levels[node] for node in seen} - {_LEAF}
        return tuple(self.keys[level] for level in sorted(found))

    def results(self, function: Function) -> frozenset[Hashable]:
        """Return every result that some completion gives."""
        return self._below(function)

    def results_by(self, function: Function, key: str) -> tuple[frozenset[Hashable], ...]:
        """Return, for each value of the fact in the order of its domain, every result that is then still possible."""
        level = self._level[key]
        found: list[set[Hashable]] = [set() for _ in self._values[level]]
        seen: set[Function] = set()
        waiting = [function]
        while waiting:
            node = waiting.pop()
            if node in seen:
                continue
            seen.add(node)
            if self._levels[node] < level:
                waiting.extend(self._children[node])
                continue
            here = self._children[node] if self._levels[node] == level else (node,) * len(found)
            for results, child in zip(found, here, strict=True):
                results |= self._below(child)
        return tuple(map(frozenset, found))

    def _below(self, function: Function) -> frozenset[Hashable]:
        """Return the results that a node leads to; each node is gone through once."""
        known = self._leads_to.get(function)
        if known is None:
            children = set(self._children[function])
            known = (frozenset().union(*map(self._below, children)) if children
                     else frozenset((self._results[function],)))  # fmt: skip
            self._leads_to[function] = known
        return known

    def _walk(self, function: Function, seen: set[Function]) -> None:
        if function not in seen:
            seen.add(function)
            for child in set(self._children[function]):
                self._walk(child, seen)

    def _branch(self, level: int, children: tuple[Function, ...]) -> Function:
        first = children[0]
        if children.count(first) == len(children):
            return first
        return self._node(level, children, None)

    def _node(self, level: int, children: tuple[Function, ...], result: Hashable) -> Function:
        key = (level, children, type(result), result)  # True and 1 are two results
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._levels)
            self._levels.append(level)
            self._children.append(children)
            self._results.append(result)
        return found
