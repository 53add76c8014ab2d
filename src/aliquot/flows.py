"""Where is the mass of a mission today, as far as public sources tell? Nodes and links that sum exactly.

The branches are declared in `record/flow.toml`; each takes its mass from facts of the record, and the rest of
what is above it is computed. Draws nothing. Masses are nanograms, and what leaves a node is what came in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from aliquot.evidence import best, summands
from aliquot.facts import FlowStep, Record
from aliquot.vocabulary import NO_WORDS, Precision, Words


@dataclass(frozen=True, slots=True)
class Node:
    """A place, holder or purpose that mass went to; the mission itself is the first."""

    key: str
    name: Words
    kind: str
    mass_ng: int
    is_rest: bool = False
    note: Words = NO_WORDS


@dataclass(frozen=True, slots=True)
class Link:
    """Mass that went from one node to another, with the facts and sources that say so."""

    source: str
    target: str
    mass_ng: int
    facts: tuple[str, ...]
    sources: tuple[str, ...]
    precision: Precision = Precision.STATED
    is_derived: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The flow of one mission; `open` are branches whose mass within this mission is not published."""

    mission: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    open: tuple[FlowStep, ...] = ()


def flow(record: Record, mission: str) -> Flow | None:
    """Return the flow of a mission, or None when no branches are declared, no mass is known, or the branches are more than that.

    Of the shipped record `check` names the last; a claim may say that a mission brought less than is told of its parts.
    """
    steps, returned = record.flows.get(mission), best(record.about(mission, "returned_mass"))
    if not steps or not returned or returned.statement.mass_ng is None:
        return None
    masses_ng = {mission: returned.statement.mass_ng}
    links: list[Link] = []
    for step in _parents_first(steps, mission):
        link = _link(
            record, step, masses_ng=masses_ng, siblings=[s for s in steps if s.parent == step.parent]
        )
        if link is None:
            continue
        masses_ng[step.key] = link.mass_ng
        links.append(link)
    whole = record.missions[mission].name
    nodes = [Node(mission, whole, "mission", masses_ng[mission])]
    nodes += [
        Node(s.key, s.name, s.kind, masses_ng[s.key], s.is_rest, s.note) for s in steps if s.key in masses_ng
    ]
    if not _is_balanced(nodes, links):
        return None
    return Flow(mission, tuple(nodes), tuple(links), tuple(step for step in steps if step.is_open))


def _parents_first(steps: Iterable[FlowStep], root: str) -> list[FlowStep]:
    waiting, placed, ordered = list(steps), {root}, []
    while ready := [step for step in waiting if step.parent in placed]:
        ordered += ready
        placed |= {step.key for step in ready}
        waiting = [step for step in waiting if step not in ready]
    return ordered


def _link(
    record: Record, step: FlowStep, *, masses_ng: dict[str, int], siblings: list[FlowStep]
) -> Link | None:
    if step.is_open or step.parent not in masses_ng:
        return None
    facts = summands(record, step.facts)
    if step.is_rest:
        named_ng = sum(_sum_ng(record, one) for one in siblings if not one.is_rest and not one.is_open)
        mass_ng = masses_ng[step.parent] - named_ng
    else:
        mass_ng = _sum_ng(record, step)
    if mass_ng <= 0:
        return None
    rough = any(fact.amount.precision is not Precision.STATED for fact in facts)
    return Link(
        source=step.parent,
        target=step.key,
        mass_ng=mass_ng,
        facts=step.facts,
        sources=tuple(dict.fromkeys(source for fact in facts for source in fact.sources)),
        precision=Precision.ABOUT if rough else Precision.STATED,
        is_derived=step.is_rest,
    )


def _sum_ng(record: Record, step: FlowStep) -> int:
    return sum(fact.mass_ng or 0 for fact in summands(record, step.facts))


def _is_balanced(nodes: list[Node], links: list[Link]) -> bool:
    """Whether every node with branches gives out exactly what it received."""
    given = {
        node.key: sum(link.mass_ng for link in links if link.source == node.key) or node.mass_ng
        for node in nodes
    }
    return all(given[node.key] == node.mass_ng for node in nodes)
