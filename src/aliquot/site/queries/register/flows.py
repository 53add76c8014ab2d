"""Where is the mass of a mission today? The picture, and the table behind it with a source in each line."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.safestring import SafeString

from aliquot import mass, register
from aliquot.register import Flow, Link, Node, Precision, Record
from aliquot.site.queries.register import pictures, shown, words
from aliquot.site.queries.register.shown import Cited, Name


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of the table: what went where; `mass` is empty where it is not published."""

    label: str
    is_part: bool
    mass: str
    is_about: bool
    is_computed: bool
    note: str
    facts: tuple[Name, ...]
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class FlowShown:
    """A flow with its table."""

    mission: Name
    whole: str
    sources: tuple[Cited, ...]
    drawing: SafeString
    branches: tuple[Branch, ...]


def of(record: Record, mission: str) -> FlowShown | None:
    """Return the flow of a mission, or None where fewer than two branches are known."""
    found = register.flow(record, mission)
    if found is None or len(found.links) < 2:
        return None
    nodes = {node.key: node for node in found.nodes}
    whole = register.returned(record, mission)
    return FlowShown(
        mission=shown.mission_name(record.missions[mission]),
        whole=whole.statement.shown(words.language()) if whole else "",
        sources=shown.cited(record, _of_whole(record, mission)),
        drawing=pictures.flow(record, found),
        branches=(*_branches(record, found, nodes), *_open(record, found)),
    )


def _branches(record: Record, found: Flow, nodes: dict[str, Node]) -> list[Branch]:
    """Return the branches, each with its parts behind it."""
    ordered: list[Link] = []
    for link in found.links:
        if link.source == found.mission:
            ordered += [link, *(part for part in found.links if part.source == link.target)]
    return [_branch(record, found, link, nodes[link.target]) for link in ordered]


def _branch(record: Record, found: Flow, link: Link, node: Node) -> Branch:
    return Branch(
        label=node.name.text(words.language()),
        is_part=link.source != found.mission,
        mass=mass.show(link.mass_ng),
        is_about=link.precision is Precision.ABOUT,
        is_computed=link.is_derived,
        note=node.note.text(words.language()),
        facts=_facts(record, link.facts),
        sources=shown.cited(record, _below(record, found, link) if link.is_derived else link.sources),
    )


def _below(record: Record, found: Flow, rest: Link) -> list[str]:
    """Return the sources that a computed rest follows from: those of the whole and of what was taken from it."""
    whole = [link.sources for link in found.links if link.target == rest.source]
    taken = [link.sources for link in found.links if link.source == rest.source and link is not rest]
    return [key for keys in (whole or [_of_whole(record, found.mission)]) + taken for key in keys]


def _of_whole(record: Record, mission: str) -> tuple[str, ...]:
    whole = register.returned(record, mission)
    return whole.statement.sources if whole else ()


def _open(record: Record, found: Flow) -> list[Branch]:
    language = words.language()
    return [
        Branch(
            label=step.name.text(language),
            is_part=False,
            mass="",
            is_about=False,
            is_computed=False,
            note=step.note.text(language),
            facts=_facts(record, step.facts),
            sources=shown.cited(record, _sources(record, step.facts)),
        )
        for step in found.open
    ]


def _facts(record: Record, keys: tuple[str, ...]) -> tuple[Name, ...]:
    """Return the transfers and rounds among the facts; what else a branch rests on has no page."""
    return tuple(
        shown.subject(record, key) for key in keys if key in record.transfers or key in record.rounds
    )


def _sources(record: Record, keys: tuple[str, ...]) -> list[str]:
    facts = (
        record.statements.get(key) or record.transfers.get(key) or record.rounds.get(key) for key in keys
    )
    return [source for fact in facts if fact for source in fact.sources]
