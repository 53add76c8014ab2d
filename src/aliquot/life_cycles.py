"""Which act may follow in which state, who may do it, and what must hold? A life cycle is a table of steps.

`take` reads the table and nothing else: what is not in it is refused, with the reason and with what could be done
instead. Whether a condition holds is the caller's to find out; it hands in the keys of those that do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from aliquot import fault
from aliquot.fault import Fault


@dataclass(frozen=True, slots=True)
class Need:
    """What must hold for a step: as a clause for the table, and as the fault where it does not hold."""

    key: str
    holds: str
    broken: Fault


@dataclass(frozen=True, slots=True)
class Step:
    """In this state this act leads to that state, done by one of these, where all of this holds."""

    source: str
    act: str
    target: str
    who: tuple[str, ...]
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, slots=True)
class LifeCycle:
    """All steps of one kind of thing, from its first state on; each act leads from a state to one state."""

    start: str
    steps: tuple[Step, ...]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table first names it."""
        named = [self.start, *(state for step in self.steps for state in (step.source, step.target))]
        return tuple(dict.fromkeys(named))

    @property
    def acts(self) -> tuple[str, ...]:
        """Every act, in the order of the table."""
        return tuple(dict.fromkeys(step.act for step in self.steps))

    @property
    def last_states(self) -> tuple[str, ...]:
        """The states that nothing leads out of."""
        left = {step.source for step in self.steps}
        return tuple(state for state in self.states if state not in left)

    def from_state(self, state: str) -> tuple[Step, ...]:
        """Return the steps that lead on from a state."""
        return tuple(step for step in self.steps if step.source == state)

    def step(self, state: str, act: str) -> Step | None:
        """Return what this act does in this state, if it can be done there at all."""
        return next((step for step in self.steps if (step.source, step.act) == (state, act)), None)


def take(
    cycle: LifeCycle, *, state: str, act: str, who: Collection[str], holding: Collection[str] = ()
) -> Step | tuple[Fault, ...]:
    """Return the step, or every reason why it cannot be taken; `who` are the parts that the person plays here."""
    step = cycle.step(state, act)
    if step is None:
        return (_not_here(cycle, state, act),)
    found = tuple(_refusals(step, who, holding))
    return found or step


def _refusals(step: Step, who: Collection[str], holding: Collection[str]) -> Iterator[Fault]:
    if not set(step.who) & set(who):
        yield fault.of(
            "person", "“{act}” is not yours to do", "ask: {who}", act=step.act, who=", ".join(step.who)
        )
    yield from (need.broken for need in step.needs if need.key not in holding)


def _not_here(cycle: LifeCycle, state: str, act: str) -> Fault:
    possible = ", ".join(step.act for step in cycle.from_state(state))
    if not possible:
        return fault.of("state", "“{act}” is not possible: it is {state}, which is final", "leave it as it is",
                        act=act, state=state)  # fmt: skip
    return fault.of("state", "“{act}” is not possible while it is {state}", "choose one of: {acts}",
                    act=act, state=state, acts=possible)  # fmt: skip


def table(cycle: LifeCycle) -> str:
    """Return the life cycle as the table of a document: one line a step."""
    lines = ["| while it is | act | then it is | by | where |", "|---|---|---|---|---|"]
    for step in cycle.steps:
        needs = "; ".join(need.holds for need in step.needs) or "–"
        lines.append(f"| {step.source} | `{step.act}` | {step.target} | {', '.join(step.who)} | {needs} |")
    return "\n".join(lines)
