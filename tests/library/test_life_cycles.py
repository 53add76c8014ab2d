"""Calls, requests and reviews go by their tables: every other step is refused with its reason."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import calls, life_cycles, requests, scores
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Step

CYCLES = {"call": calls.CYCLE, "request": requests.CYCLE, "review": scores.CYCLE}
EVERY = [(name, cycle, state, act) for name, cycle in CYCLES.items()
         for state, act in itertools.product(cycle.states, cycle.acts)]  # fmt: skip
LAST = {
    "call": ("cancelled", "concluded"),
    "request": ("withdrawn", "lapsed", "turned away", "upheld"),
    "review": ("recused", "released"),
}


def parts(cycle: LifeCycle) -> set[str]:
    return {who for step in cycle.steps for who in step.who}


def holding(cycle: LifeCycle) -> set[str]:
    return {need.key for step in cycle.steps for need in step.needs}


@pytest.mark.parametrize(
    ("name", "cycle", "state", "act"), EVERY, ids=lambda each: each if isinstance(each, str) else ""
)
def test_a_step_is_taken_where_the_table_has_it_and_nowhere_else(
    name: str, cycle: LifeCycle, state: str, act: str
) -> None:
    step = cycle.step(state, act)
    found = life_cycles.take(cycle, state=state, act=act, who=parts(cycle), holding=holding(cycle))
    if step is None:
        assert isinstance(found, tuple)
        assert [one.where for one in found] == ["state"]
        assert act in found[0].said
        assert "final" in found[0].said or all(
            each.act in found[0].advice for each in cycle.from_state(state)
        )
        return
    assert found == step
    for others in ((), parts(cycle) - set(step.who)):
        refused = life_cycles.take(cycle, state=state, act=act, who=others, holding=holding(cycle))
        assert isinstance(refused, tuple)
        assert [one.where for one in refused] == ["person"]
    for need in step.needs:
        kept = holding(cycle) - {need.key}
        assert life_cycles.take(cycle, state=state, act=act, who=step.who, holding=kept) == (need.broken,)
    every = life_cycles.take(cycle, state=state, act=act, who=(), holding=())
    assert len(every) == 1 + len(step.needs) if isinstance(every, tuple) else False


@pytest.mark.parametrize(("name", "cycle"), CYCLES.items())
def test_each_table_is_sound(name: str, cycle: LifeCycle) -> None:
    pairs = [(step.source, step.act) for step in cycle.steps]
    assert len(set(pairs)) == len(pairs), "an act leads from a state to one state"
    assert set(cycle.last_states) == set(LAST[name])
    reached, before = {cycle.start}, set()
    while reached != before:
        before = set(reached)
        reached |= {step.target for step in cycle.steps if step.source in reached}
    assert reached == set(cycle.states), "every state can be reached"
    needs = [need for step in cycle.steps for need in step.needs]
    assert all(need.holds and isinstance(need.broken, Fault) for need in needs)
    assert len({(need.key, need.holds) for need in needs}) == len({need.key for need in needs})


@settings(max_examples=40)
@given(st.sampled_from(list(CYCLES.values())), st.data())
def test_whatever_is_tried_a_last_state_stays(cycle: LifeCycle, data: st.DataObject) -> None:
    state = cycle.start
    for act in data.draw(st.lists(st.sampled_from(cycle.acts), max_size=40)):
        found = life_cycles.take(cycle, state=state, act=act, who=parts(cycle), holding=holding(cycle))
        if state in cycle.last_states:
            assert not isinstance(found, Step)
        if isinstance(found, Step):
            state = found.target
        assert state in cycle.states


def test_the_table_of_a_document_has_a_line_for_each_step() -> None:
    for cycle in CYCLES.values():
        assert len(life_cycles.table(cycle).splitlines()) == 2 + len(cycle.steps)


@pytest.mark.parametrize(
    ("name", "cycle"), [("calls", calls.CYCLE), ("requests", requests.CYCLE), ("scores", scores.CYCLE)]
)
def test_the_guide_has_each_table_as_the_library_has_it(name: str, cycle: LifeCycle) -> None:
    text = (Path(__file__).parents[2] / "docs" / "access.md").read_text("utf-8")
    found = (
        text.partition(f"made from `{name}.CYCLE`; a test keeps it so. -->")[2]
        .partition("<!-- end -->")[0]
        .strip()
    )
    assert found == life_cycles.table(cycle), (
        f"docs/access.md: the table should be\n{life_cycles.table(cycle)}"
    )
