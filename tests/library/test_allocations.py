"""Allocation: a plan keeps every rule, is the best there is, and says honestly how good it is."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import allocation_check, allocation_read, solver
from aliquot.allocations import Exact, Grant, Instance, Pins, by_rank
from aliquot.allocator import conflict, explain, plans, reasons
from aliquot.allocator.greedy import Filling
from aliquot.allocator.master import Detail, Master, Scope, merit_of
from aliquot.allocator.plans import Options, Outcome, Status
from aliquot.allocator.store import Store, columns
from aliquot.fault import Refused
from aliquot.solver import Effort

from .allocation_worlds import a_world, every_plan

ROUND = Path(__file__).parents[2] / "docs" / "examples" / "round.json"
TOOLS = Path(__file__).parents[3] / "shared" / "tools" / "allocation_instances.py"
SEEDS = st.integers(0, 100_000)


def allocate(instance: Instance, pins: Pins = plans.NO_PINS, **options: Any) -> Outcome:
    return plans.allocate(instance, Options(**options), lambda: 0.0, pins)


def a_round(**changed: object) -> bytes:
    return json.dumps(json.loads(ROUND.read_bytes()) | changed).encode()


def the_round() -> Instance:
    return allocation_read.instance(ROUND.read_bytes())


def faults(content: bytes) -> list[str]:
    with pytest.raises(Refused) as refused:
        allocation_read.instance(content)
    return [each.where for each in refused.value.faults]


# --- The best plan -------------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(SEEDS)
def test_no_other_plan_has_more_merit_nor_handles_or_uses_up_less_with_the_same_grants(seed: int) -> None:
    world = a_world(seed)
    outcome = allocate(world)
    assert outcome.status is Status.OPTIMAL
    granted = [(each.request, each.alternative, each.level) for each in outcome.grants]
    best, least = 0, (10**9, 10**9)
    for plan in every_plan(world):
        report = allocation_check.check(world, plan)
        best = max(best, report.merit)
        if [(each.request, each.alternative, each.level) for each in plan] == granted:
            least = min(least, (report.handling, report.used_up_ug))
    assert (outcome.merit, outcome.handling, outcome.used_up_ug) == (best, *least)


@settings(max_examples=40)
@given(SEEDS)
def test_a_plan_keeps_every_rule_and_is_never_worse_than_by_rank(seed: int) -> None:
    world = a_world(seed)
    outcome = allocate(world)
    report = allocation_check.check(world, outcome.grants)
    assert report.violations == ()
    assert (report.merit, report.handling, report.used_up_ug) == (
        outcome.merit,
        outcome.handling,
        outcome.used_up_ug,
    )
    store = Store(world)
    cols = columns(store)
    by_hand = Filling(store, cols, {}).fill(by_rank(world))
    assert outcome.merit >= merit_of(store, cols, list(by_hand))


@settings(max_examples=30)
@given(SEEDS)
def test_more_supply_never_lowers_the_merit(seed: int) -> None:
    world = a_world(seed)
    supply = world.supply
    more = replace(
        supply,
        sample_release_ug=tuple(ug + 3 for ug in supply.sample_release_ug),
        sample_consume_ug=tuple(ug + 2 for ug in supply.sample_consume_ug),
        container_max_splits=tuple(n + 1 for n in supply.container_max_splits),
    )
    assert allocate(replace(world, supply=more), stages=1).merit >= allocate(world, stages=1).merit


@settings(max_examples=20)
@given(SEEDS)
def test_the_same_round_gives_the_same_plan_and_in_another_order_the_same_merit(seed: int) -> None:
    world = a_world(seed)
    outcome = allocate(world)
    assert replace(allocate(world), seconds={}) == replace(outcome, seconds={})
    last = len(world.requests) - 1
    limits = world.limits
    turned = replace(
        world,
        requests=world.requests[::-1],
        limits=replace(
            limits,
            bundles=tuple(tuple(last - r for r in each) for each in limits.bundles),
            caps=tuple(replace(each, members=tuple(last - r for r in each.members)) for each in limits.caps),
            bonuses=tuple(replace(each, members=tuple(last - r for r in each.members)) for each in limits.bonuses),
        ),
    )  # fmt: skip
    assert allocate(turned, stages=1).merit == outcome.merit


def test_where_there_is_no_time_the_plan_by_rank_comes_with_an_honest_bound() -> None:
    world = the_round()
    outcome = plans.allocate(world, Options(seconds=0.5), lambda: 1.0)
    assert outcome.status is Status.TIME_LIMIT
    assert allocation_check.check(world, outcome.grants).violations == ()
    assert 0 < outcome.merit <= allocate(world).merit <= outcome.bounds.merit
    assert outcome.handling >= (outcome.bounds.handling or 0)


def test_stages_that_were_not_asked_for_have_no_bound() -> None:
    outcome = allocate(the_round(), stages=1)
    assert (outcome.bounds.handling, outcome.bounds.used_up_ug) == (None, None)


def test_nobody_asks_and_nobody_gets() -> None:
    empty = allocation_read.instance(a_round(
        req_institution=[], req_nation=[], req_score=[], req_consumptive=[], req_alternatives=[], caps=[], bonuses=[]
    ))  # fmt: skip
    outcome = allocate(empty)
    assert (outcome.status, outcome.grants, outcome.merit) == (Status.OPTIMAL, (), 0)


@settings(max_examples=40)
@given(SEEDS)
def test_what_counts_the_pieces_of_each_vial_forbids_no_plan(seed: int) -> None:
    world = a_world(seed)
    store = Store(world)
    cols = columns(store)
    bulk = np.flatnonzero(cols.bulk)
    found = list(every_plan(world))
    for plan in found[:: max(1, len(found) // 4)] if len(bulk) else ():
        granted = {one.request for one in plan}
        pins = Pins(
            refuse=tuple(r for r in range(len(world.requests)) if r not in granted),
            exact=tuple(Exact(one.request, one.alternative, one.level) for one in plan),
        )
        for detail in (Detail.COUNTED, Detail.SHARED):
            model = Master(store, cols, (), [Scope(bulk, None, detail)], pins).draft
            assert model.solve(Effort()).status is solver.Status.OPTIMAL, (detail, plan)


# --- Decisions that are fixed --------------------------------------------------------------------------------


@settings(max_examples=40)
@given(SEEDS, st.data())
def test_fixed_decisions_are_kept_or_shown_to_conflict(seed: int, data: st.DataObject) -> None:
    world = a_world(seed)
    some = st.lists(st.integers(0, len(world.requests) - 1), unique=True, max_size=2).map(sorted).map(tuple)
    pins = Pins(data.draw(some), data.draw(some))
    outcome = allocate(world, pins)
    best = max(
        (
            allocation_check.check(world, plan).merit
            for plan in every_plan(world)
            if (granted := {each.request for each in plan}).issuperset(pins.grant)
            and granted.isdisjoint(pins.refuse)
        ),
        default=None,
    )
    if best is None:
        assert outcome.status is Status.INFEASIBLE
        assert any(party.is_pin for party in outcome.conflict)
    else:
        assert (outcome.status, outcome.merit, outcome.conflict) == (Status.OPTIMAL, best, ())


def test_a_conflict_names_the_fewest_decisions_and_rules() -> None:
    world = the_round()
    everybody = allocate(world, Pins(grant=(0, 1, 2, 3)))
    assert [conflict.words(world, each) for each in everybody.conflict][
        -1
    ] == "cap 0: at most 3 grants over 4 requests"
    both = allocate(world, Pins(grant=(3,), refuse=(3,), exact=(Exact(0, 0, 1),)))
    assert [conflict.words(world, each) for each in both.conflict] == [
        "request 3 is to be granted",
        "request 3 is to be refused",
    ]
    budget = allocate(world, Pins(exact=(Exact(0, 0, 1), Exact(1, 0, 1), Exact(2, 0, 0))))
    assert [conflict.words(world, each) for each in budget.conflict] == [
        "request 0 is to get alternative 0 at level 1 (100000)",
        "request 2 is to get alternative 0 at level 0 (100000)",
        "sample 0: at most 150000 ug may be used up",
    ]


# --- Explanations --------------------------------------------------------------------------------------------


def test_each_request_is_told_what_stood_in_its_way() -> None:
    world = the_round()
    told = explain.explain(world, allocate(world).grants)
    assert [each.outcome.value for each in told] == ["granted", "granted", "alternative", "refused"]
    assert told[2].blocked_by == (0, 1)
    said = [[reasons.words(world, each.request, one) for one in each.because] for each in told]
    assert (
        said[2][-1]
        == "alternative 0, 100000 ug of powder: at most 49000 ug may still leave the store of sample 0"
    )
    assert told[2].would_fit == explain.Fits(0, 48_500, "ug")
    assert said[3] == [
        "alternative 0, 2 x particle: cap 0 allows 3 grants over its 4 requests, 3 are granted to others"
    ]


@settings(max_examples=40)
@given(SEEDS)
def test_every_request_has_an_explanation_that_fits_its_outcome(seed: int) -> None:
    world = a_world(seed)
    plan = allocate(world, stages=1).grants
    rank = {r: place for place, r in enumerate(by_rank(world))}
    told = explain.explain(world, plan)
    assert [each.request for each in told] == list(range(len(world.requests)))
    granted = {each.request for each in plan}
    for each in told:
        assert (each.outcome is explain.Outcome.REFUSED) == (each.request not in granted)
        assert each.because
        assert all(reasons.words(world, each.request, one) for one in each.because)
        assert all(q in granted and rank[q] < rank[each.request] for q in each.blocked_by)


# --- The check, which trusts nobody --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grants", "said"),
    [
        ([Grant(0, 0, 0, ((0, 50_000),)), Grant(0, 0, 0, ((1, 50_000),))], "request 0 is granted twice"),
        ([Grant(0, 0, 0, ((0, 49_999),))], "request 0 gets 49999, not the 50000 of its level"),
        ([Grant(0, 0, 0, ((0, 25_000), (0, 25_000)))], "request 0 gets two pieces of one subsample"),
        ([Grant(0, 0, 0, ((0, 47_000), (1, 3_000)))],
         "request 0 gets a split of 3000 ug of subsample 1, below its least split"),
        ([Grant(0, 0, 0, ((2, 50_000),))], "request 0 gets subsample 2, which is of sample 1, not 0"),
        ([Grant(0, 0, 0, ((3, 50_000),))], "request 0 gets subsample 3, which is of another material"),
        ([Grant(1, 0, 0, ((0, 50_000), (1, 50_000)))], "request 1 gets 2 pieces, not 1 to 1"),
        ([Grant(0, 0, 1, ((0, 100_000),)), Grant(2, 0, 0, ((0, 100_000),))],
         "subsample 0 gives 201000 ug with losses, which goes into its reserve"),
        ([Grant(0, 0, 1, ((0, 100_000),)), Grant(2, 0, 0, ((1, 100_000),))],
         "sample 0: 201000 ug are used up, of 150000 that may"),
        ([Grant(3, 0, 0, ((3, 4_000), (4, 5_000)))], "request 3 gets 5000 ug of item 4, which weighs 5200 ug and goes whole"),
        ([Grant(3, 0, 0, ((3, 4_000), (3, 4_000)))], "item 3 is given 2 times"),
    ],
)  # fmt: skip
def test_a_plan_that_breaks_a_rule_is_told_so(grants: list[Grant], said: str) -> None:
    assert said in allocation_check.check(the_round(), tuple(grants)).violations


# --- Reading -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"sub_mass_ug": [1, 2]}, ["sub_mass_ug"]),
        ({"sub_form": [0, 0, 0, 2, 2, 9]}, ["sub_form[5]"]),
        ({"sub_sample": [0, 0, 1, 2, 2, "2"]}, ["sub_sample[5]"]),
        ({"container_pristine": [0, True, False, False]}, ["container_pristine[0]"]),
        ({"sample_release_ug": [-1, 2.5, 10**13]}, [f"sample_release_ug[{i}]" for i in range(3)]),
        ({"forms": ["chip", "powder", "particle", "thin_section"]}, ["forms"]),
        ({"bundles": [[0, 7], [1, 1]]}, ["bundles[0][1]", "bundles[1]"]),
        ({"caps": [{"measure": "grams", "limit": -1, "members": [0]}, 5]}, ["caps[0].measure", "caps[0].limit", "caps[1]"]),
        ({"bonuses": [{"merit": 1}]}, ["bonuses[0]"]),
        ({"extra": 1}, ["instance"]),
        ({"req_alternatives": [[], 1, [{}], [{"material": 0}]]},
         ["req_alternatives[0]", "req_alternatives[1]", *["req_alternatives[2][0]"] * 7, *["req_alternatives[3][0]"] * 6]),
    ],
)  # fmt: skip
def test_every_fault_of_an_instance_is_named(changed: dict[str, object], where: list[str]) -> None:
    assert faults(a_round(**changed)) == where


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b"\xff", b"[" * 100_000, b'{"format": "other/1"}', b"1e999"]
)
def test_what_is_no_instance_is_refused(content: bytes) -> None:
    assert faults(content) == ["instance"]


@pytest.mark.parametrize(
    "levels", [[], [[5, 1], [5, 2]], [[0, 1]], [[1, -1]], [[1]], [[1, 2, 3]], [["1", 2]], 7, [[True, 1]]]
)
def test_levels_are_amounts_that_rise_each_with_a_merit(levels: object) -> None:
    alternatives = json.loads(ROUND.read_bytes())["req_alternatives"]
    alternatives[0][0]["levels"] = levels
    found = faults(a_round(req_alternatives=alternatives))
    assert found
    assert all(each.startswith("req_alternatives[0][0].levels") for each in found)


@pytest.mark.parametrize(
    "text", ["[]", '{"grant": [9]}', '{"grant": [0, 0]}', '{"give": [0]}', '{"exact": [{"request": 0}]}',
             '{"exact": [{"request": 0, "alternative": 0, "level": 5}]}']
)  # fmt: skip
def test_pins_that_name_nothing_are_refused(text: str) -> None:
    with pytest.raises(Refused):
        allocation_read.pins(text.encode(), the_round())


@pytest.mark.parametrize(
    "text",
    ["7", "{}", '[{"request": 0}]', '[{"request": 0, "alternative": 0, "level": 0, "pieces": [[99, 1]]}]'],
)
def test_a_plan_that_names_nothing_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        allocation_read.plan(text.encode(), the_round())


# --- A round of real size, generated elsewhere ---------------------------------------------------------------


@pytest.mark.skipif(not TOOLS.is_file(), reason="the generator of rounds is not beside this checkout")
def test_a_year_of_requests_is_allocated_and_the_independent_check_agrees(tmp_path: Path) -> None:
    sys.path.insert(0, str(TOOLS.parent))
    try:
        import allocation_instances as tools
    finally:
        sys.path.remove(str(TOOLS.parent))
    made = tools.generate(60, 300, seed=11)
    content = json.dumps(vars(made)).encode()
    outcome = allocate(allocation_read.instance(content))
    grants = [
        {
            "request": g.request,
            "alternative": g.alternative,
            "level": g.level,
            "pieces": [list(p) for p in g.pieces],
        }
        for g in outcome.grants
    ]
    found = tools.check(made, grants)
    assert found["violations"] == []
    assert (found["merit"], found["handling"], found["used_up_ug"]) == (
        outcome.merit,
        outcome.handling,
        outcome.used_up_ug,
    )
    assert outcome.merit == outcome.bounds.merit
    assert outcome.merit >= tools.check(made, tools.greedy(made))["merit"]


def test_who_watches_a_search_sees_its_best_solution_and_can_end_it() -> None:
    def a_knapsack() -> solver.Draft:
        draft = solver.Draft()
        columns = draft.add_columns([-float(7 + i * 13 % 29) for i in range(40)])
        draft.add_row(columns, [float(5 + i * 17 % 31) for i in range(40)], upper=173.0)
        return draft

    seen: list[float] = []

    def watch(values: solver.Floats, bound: float) -> bool:
        seen.append(float(a_knapsack().costs @ values))
        assert bound <= seen[-1] + solver.SLACK
        return True

    whole = a_knapsack().solve(Effort(), watch=watch)
    assert min(seen) == pytest.approx(whole.objective)
    ended = a_knapsack().solve(Effort(), watch=lambda _values, _bound: False)
    assert len(ended.values) == 40
    assert ended.bound <= whole.objective <= ended.objective

    def fails(_values: solver.Floats, _bound: float) -> bool:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        a_knapsack().solve(Effort(), watch=fails)
