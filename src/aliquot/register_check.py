"""Is the record fit to publish? Every fact has source, grade, date and scope, and every name it uses exists.

What a single table must have is asked in reading; here it is what the facts owe each other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aliquot import fault
from aliquot.evidence import best, summands
from aliquot.facts import Clash, FlowStep, Record, Round, Source, Statement, Transfer
from aliquot.fault import Fault
from aliquot.vocabulary import Grade, State

_VERIFIED = "call it claimed, or add a source of grade A or a second outlet of grade B"


def check(record: Record) -> tuple[Fault, ...]:
    """Return every fault of the record; none means that it may be published."""
    faults = list(record.faults)
    for fact in record.facts():
        faults += check_fact(record, fact)
    for clash in record.clashes:
        faults += _clash(record, clash)
    for mission, steps in record.flows.items():
        faults += _flow(record, mission, steps)
    return tuple(faults)


def check_fact(record: Record, fact: Statement | Transfer | Round) -> tuple[Fault, ...]:
    """Return what is wrong with one fact beside the others: its sources, its grade, its state, what it names."""
    return (*_sources(record, fact), *_names(record, fact))


def _sources(record: Record, fact: Statement | Transfer | Round) -> Iterator[Fault]:
    for key in fact.sources:
        if key not in record.sources:
            yield fault.of(
                f"{fact.key}: sources", "no source has the key “{key}”", "add it to sources.toml", key=key
            )
    known = [record.sources[key] for key in fact.sources if key in record.sources]
    if not known:
        return
    top = min(source.grade for source in known)
    if fact.grade < top:
        yield fault.of(f"{fact.key}: grade", "grade {grade} is better than its best source ({best})",
                       "use the grade of the best source, or add that source", grade=fact.grade, best=top)  # fmt: skip
    if not isinstance(fact, Transfer) and fact.derived and fact.grade is not Grade.C:
        yield fault.of(f"{fact.key}: grade", "what is derived has grade C", 'write grade = "C"')
    if fact.state is State.VERIFIED and not _is_verified(known):
        yield fault.of(
            f"{fact.key}: state", "verified needs a primary source or two independent ones", _VERIFIED
        )


def _is_verified(sources: Iterable[Source]) -> bool:
    """Whether a primary source says so, or the press in at least two outlets."""
    every = list(sources)
    if any(source.grade is Grade.A for source in every):
        return True
    return sum(max(1, len(source.addresses)) for source in every if source.grade is Grade.B) > 1


def _names(record: Record, fact: Statement | Transfer | Round) -> Iterator[Fault]:
    missions = () if isinstance(fact, Statement) else fact.missions
    for key in missions:
        if key not in record.missions:
            yield fault.of(f"{fact.key}: missions", "no mission has the key “{key}”", "add it to missions.toml",
                           key=key)  # fmt: skip
    for key in fact.persons if isinstance(fact, Transfer) else ():
        if key not in record.parties:
            yield fault.of(f"{fact.key}: persons", "no party has the key “{key}”", "add it to parties.toml",
                           key=key)  # fmt: skip
    if isinstance(fact, Transfer) and fact.part_of and fact.part_of not in record.transfers:
        yield fault.of(f"{fact.key}: part_of", "no transfer has the key “{key}”", "name the series of gifts",
                       key=fact.part_of)  # fmt: skip


def _missing(record: Record, where: str, keys: Iterable[str]) -> Iterator[Fault]:
    for key in keys:
        if not summands(record, [key]):
            yield fault.of(
                where, "no statement, transfer or round has the key “{key}”", "correct the key", key=key
            )


def _clash(record: Record, clash: Clash) -> Iterator[Fault]:
    lost = list(_missing(record, f"contradictions.toml {clash.key}", clash.left + clash.right))
    yield from lost
    if lost or clash.gap.mass_ng is None:
        return
    left_ng, right_ng = (
        sum(fact.mass_ng or 0 for fact in summands(record, keys)) for keys in (clash.left, clash.right)
    )
    if abs(left_ng - right_ng) != clash.gap.mass_ng:
        yield fault.of(f"contradictions.toml {clash.key}: gap", "the sides differ by {gap} ng, not by {stated}",
                       "recompute the gap", gap=abs(left_ng - right_ng), stated=clash.gap.text)  # fmt: skip


def _flow(record: Record, mission: str, steps: tuple[FlowStep, ...]) -> Iterator[Fault]:
    where = f"flow.toml {mission}"
    if mission not in record.missions:
        yield fault.of(where, "no mission has the key “{key}”", "correct the key", key=mission)
        return
    whole = best(record.about(mission, "returned_mass"))
    held_ng = {mission: (whole.statement.mass_ng or 0) if whole else 0}
    for step in steps:
        yield from _missing(record, f"{where} {step.key}", step.facts)
        held_ng[step.key] = sum(fact.mass_ng or 0 for fact in summands(record, step.facts))
    for parent in dict.fromkeys(step.parent for step in steps):
        children = [step for step in steps if step.parent == parent]
        named_ng = sum(held_ng[step.key] for step in children if not step.is_rest and not step.is_open)
        rests = sum(step.is_rest for step in children)
        if parent not in held_ng:
            yield fault.of(where, "no step has the key “{key}”", "correct the parent", key=parent)
        elif named_ng > held_ng[parent] or rests > 1 or (not rests and named_ng != held_ng[parent]):
            yield fault.of(
                f"{where} {parent}",
                "its branches do not add up to it",
                "give it one branch with rest = true, and no more than it holds",
            )
