"""A call becomes a round: every line is there, nobody is named, and what comes out goes back to its lines to the nanogram."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import allocation_changes, allocation_check, allocation_read, allocation_rounds, policy
from aliquot.allocation_rounds import Candidate, Given, Round, Vial, build, merit, shares
from aliquot.allocations import Exact, Grant, Measure, Pins
from aliquot.allocator import plans
from aliquot.allocator.plans import Options, Outcome, Status
from aliquot.fault import Refused
from aliquot.policy import Policy
from aliquot.requests import Line

MG = 10**6
CNSA = policy.load("cnsa")


def a_vial(sample: str = "P-1", left: int = 100, **changed: object) -> Vial:
    whole = Vial(sample, "basalt", "powder", left * MG, left * MG, 0, pristine=True)
    return replace(whole, **changed)  # type: ignore[arg-type]


def a_line(sample: str = "P-1", least: int = 20, wanted: int = 50, **changed: object) -> Line:
    whole = Line(sample, "", "powder", least * MG, wanted * MG, (), "Pb-Pb", 10, "Because.")
    return replace(whole, **changed)  # type: ignore[arg-type]


def a_candidate(
    key: str, score: Fraction | int, *lines: Line, country: str = "US", ror: str = "brown"
) -> Candidate:
    return Candidate(key, Fraction(score), ror, country, lines or (a_line(),))


def rules(**changed: object) -> Policy:
    return replace(CNSA, **changed)  # type: ignore[arg-type]


def allocate(found: Round, pins: Pins = plans.NO_PINS) -> Outcome:
    return plans.allocate(found.instance, Options(), lambda: 0.0, pins)


def got(found: Round, outcome: Outcome) -> dict[tuple[str, int], tuple[tuple[str, int], ...]]:
    asks = found.asks
    return {(asks[g.request].request, asks[g.request].line): shares(found, g) for g in outcome.grants}


def test_the_better_request_gets_what_is_scarce_and_the_other_what_is_left() -> None:
    found = build(
        [a_candidate("b", Fraction(9, 10)), a_candidate("a", Fraction(1, 10))], [a_vial(left=75)], rules=CNSA
    )
    assert got(found, allocate(found)) == {("b", 0): (("P-1", 50 * MG),), ("a", 0): (("P-1", 20 * MG),)}


def test_merit_is_the_score_in_thousandths_times_its_shares() -> None:
    assert merit(Fraction(4, 5)) == 800
    assert merit(Fraction(4, 5), Fraction(7, 10), Fraction(1, 2)) == 280
    assert (merit(Fraction(3, 2)), merit(Fraction(-1, 2)), merit(Fraction(1, 10**9))) == (1000, 1, 1)
    levels = build([a_candidate("a", 1)], [a_vial()], rules=CNSA).instance.requests[0].alternatives[0].levels
    assert [(one.amount, one.merit) for one in levels] == [(20_000, 700), (35_000, 900), (50_000, 1000)]


def test_a_kind_stands_for_every_form_and_item_of_it_and_a_substitute_is_worth_less() -> None:
    vials = [a_vial("P-1"), a_vial("P-2"), a_vial("C-1", form="core"), a_vial("M-1", 30, form="polished mount"),
             a_vial("G-1", kind="glass")]  # fmt: skip
    line = a_line("", kind="basalt", form="", alternatives=("G-1",))
    found = build([a_candidate("a", 1, line)], vials, rules=CNSA)
    options = found.instance.requests[0].alternatives
    assert [(one.sample, one.form, one.levels[-1].merit) for one in options] == [
        (None, 0, 1000), (None, 1, 1000), (3, 2, 1000), (4, 0, 900)
    ]  # fmt: skip
    assert found.asks[0].firsts == 3


def test_an_item_goes_whole_and_to_its_nanogram_or_not_at_all() -> None:
    mount = a_vial("M-1", form="polished mount", left_ng=30_000_123, offered_ng=30_000_123)
    fits = a_line("M-1", form="polished mount", least_ng=30_000_123, wanted_ng=30_000_123)
    found = build([a_candidate("a", 1, fits)], [mount], rules=CNSA)
    assert got(found, allocate(found)) == {("a", 0): (("M-1", 30_000_123),)}
    for light in (
        replace(fits, wanted_ng=30_000_122, least_ng=1),
        replace(fits, least_ng=30_000_124, wanted_ng=31 * MG),
    ):
        found = build([a_candidate("a", 1, light)], [mount], rules=CNSA)
        assert got(found, allocate(found)) == {}
    offered_in_part = replace(mount, offered_ng=MG)
    assert (
        got(found := build([a_candidate("a", 1, fits)], [offered_in_part], rules=CNSA), allocate(found)) == {}
    )


def test_what_was_not_offered_and_what_must_stay_is_left_behind() -> None:
    vial = a_vial(left=100, offered_ng=60 * MG, reserve_ng=30 * MG)
    supply = build([a_candidate("a", 1)], [vial], rules=CNSA).instance.supply
    assert (supply.sub_mass_ug, supply.sub_reserve_ug, supply.sample_release_ug) == (
        (100_000,),
        (40_000,),
        (60_000,),
    )
    supply = build([a_candidate("a", 1)], [replace(vial, reserve_ng=70 * MG + 1)], rules=CNSA).instance.supply
    assert supply.sub_reserve_ug == (70_001,)


def test_losses_least_splits_and_removals_are_those_of_the_policy() -> None:
    strict = rules(split_loss_ng=100_001, least_split_ng=MG, splits_per_container=1)
    found = build([a_candidate("a", 1), a_candidate("b", 1)], [a_vial()], rules=strict)
    supply = found.instance.supply
    assert (supply.sub_loss_ug, supply.sub_min_split_ug, supply.container_max_splits) == (
        (101,),
        (1000,),
        (1,),
    )
    assert len(got(found, allocate(found))) == 1


def test_caps_count_what_was_granted_before() -> None:
    two = [a_candidate("a", 1), a_candidate("b", Fraction(1, 2), country="FR", ror="sorbonne")]
    found = build(two, [a_vial()], rules=rules(grants_per_country=1, most_per_institution_ng=60 * MG),
                  given=[Given("brown", "US", 20 * MG)])  # fmt: skip
    assert [(one.measure, one.limit, one.members) for one in found.instance.limits.caps] == [
        (Measure.GRANTS, 1, (1,)), (Measure.GRANTS, 0, (0,)), (Measure.BULK_UG, 40_000, (0,)), (Measure.BULK_UG, 60_000, (1,))
    ]  # fmt: skip
    assert found.caps == (
        ("country", "FR"),
        ("country", "US"),
        ("institution", "brown"),
        ("institution", "sorbonne"),
    )
    assert set(got(found, allocate(found))) == {("b", 0)}


def test_a_consortium_is_granted_whole_or_not_at_all() -> None:
    lines = (a_line(), a_line("P-2"))
    apart = build([a_candidate("a", 1, *lines)], [a_vial(), a_vial("P-2", 10)], rules=CNSA)
    assert set(got(apart, allocate(apart))) == {("a", 0)}
    whole = build(
        [a_candidate("a", 1, *lines)], [a_vial(), a_vial("P-2", 10)], rules=rules(lines_together=True)
    )
    assert got(whole, allocate(whole)) == {}
    both = build([a_candidate("a", 1), a_candidate("b", 1, a_line("P-2"))], [a_vial(), a_vial("P-2", 10)], rules=CNSA,
                 together=[{"a", "b"}])  # fmt: skip
    assert both.instance.limits.bundles == ((0, 1),)
    assert got(both, allocate(both)) == {}


def test_the_first_grant_of_a_country_counts_more() -> None:
    three = [
        a_candidate("a", Fraction(8, 10)),
        a_candidate("b", Fraction(79, 100)),
        a_candidate("c", Fraction(78, 100), country="FR"),
    ]
    fair = build(three, [a_vial(left=40)], rules=rules(country_bonus_percent=5, least_worth_percent=100))
    assert set(got(fair, allocate(fair))) == {("a", 0), ("c", 0)}
    plain = build(three, [a_vial(left=40)], rules=rules(least_worth_percent=100))
    assert set(got(plain, allocate(plain))) == {("a", 0), ("b", 0)}


def test_what_is_not_offered_any_more_is_asked_for_in_vain() -> None:
    found = build([a_candidate("a", 1, a_line("gone")), a_candidate("b", 1)], [a_vial()], rules=CNSA)
    assert set(got(found, allocate(found))) == {("b", 0)}


def test_without_requests_or_stock_there_is_no_round() -> None:
    with pytest.raises(Refused) as refused:
        build([], [], rules=CNSA)
    assert [one.where for one in refused.value.faults] == ["requests", "offers"]


def test_the_text_is_the_same_for_the_same_round_in_any_order_and_names_nobody() -> None:
    those = [a_candidate("a", 1), a_candidate("b", 1, country="FR", ror="sorbonne")]
    found = build(those, [a_vial()], rules=CNSA)
    text = allocation_rounds.text(found.instance, {"call": "k"})
    assert allocation_rounds.text(build(those[::-1], [a_vial()], rules=CNSA).instance, {"call": "k"}) == text
    assert allocation_read.instance(text.encode()) == found.instance
    assert not {"brown", "sorbonne", "FR"} & set(json.dumps(json.loads(text)).replace('"', " ").split())


MASSES = st.integers(1, 200 * MG)


@st.composite
def a_round(draw: st.DrawFn) -> tuple[Round, list[Candidate], list[Vial]]:
    """Two vials of odd masses, and up to four requests for odd amounts of one of them or of any."""
    vials = [a_vial(name, left_ng=(left := draw(MASSES)), offered_ng=draw(st.integers(1, left)), reserve_ng=draw(st.integers(0, left // 3)))
             for name in ("P-1", "P-2")]  # fmt: skip
    ordered = []
    for i in range(draw(st.integers(1, 4))):
        least, wanted = sorted((draw(MASSES), draw(MASSES)))
        line = a_line(draw(st.sampled_from(("P-1", "P-2", ""))), least_ng=least, wanted_ng=wanted,
                      destructive_percent=draw(st.integers(0, 100)))  # fmt: skip
        line = replace(line, kind="" if line.sample else "basalt")
        ordered.append(a_candidate(f"r{i}", draw(st.fractions(0, 1)), line))
    strict = rules(
        split_loss_ng=draw(st.sampled_from((0, 999, MG))), pieces_per_grant=draw(st.integers(0, 2))
    )
    return build(ordered, vials, rules=strict), ordered, vials


@settings(max_examples=60, deadline=None)
@given(a_round())
def test_what_comes_back_lies_between_least_and_wanted_and_is_there_to_be_given(
    world: tuple[Round, list[Candidate], list[Vial]],
) -> None:
    found, asked, vials = world
    outcome = allocate(found)
    assert outcome.status is Status.OPTIMAL
    text = allocation_rounds.text(found.instance, {})
    again = allocation_read.instance(text.encode())
    assert allocation_check.check(again, outcome.grants).violations == ()
    taken: dict[str, int] = {}
    wanted = {one.key: one.lines for one in asked}
    for (key, at), pieces in got(found, outcome).items():
        line = wanted[key][at]
        assert line.least_ng <= sum(ng for _, ng in pieces) <= line.wanted_ng
        for sample, ng in pieces:
            assert ng > 0
            taken[sample] = taken.get(sample, 0) + ng
    for vial in vials:
        assert taken.get(vial.sample, 0) <= min(vial.offered_ng, vial.left_ng - vial.reserve_ng)


def test_a_trimmed_request_gets_no_more_than_that_and_merit_in_proportion() -> None:
    found = build([a_candidate("a", 1)], [a_vial()], rules=CNSA).instance
    cut = allocation_changes.trimmed(found, {0: 30_000}).requests[0].alternatives[0]
    assert [(one.amount, one.merit) for one in cut.levels] == [(20_000, 700), (30_000, 833)]
    assert allocation_changes.trimmed(found, {0: 19_999, 7: 1}) == found
    assert allocation_changes.trimmed(found, {0: 60_000}) == found


def test_more_of_a_sample_and_a_cap_that_is_lifted_never_cost_merit() -> None:
    two = [a_candidate("a", 1), a_candidate("b", 1)]
    found = build(two, [a_vial(left=60)], rules=rules(grants_per_country=1))
    merit_of = lambda instance: plans.allocate(instance, Options(stages=1), lambda: 0.0).merit  # noqa: E731
    assert merit_of(found.instance) == 1000
    lifted = allocation_changes.with_cap(found.instance, 0, None)
    assert merit_of(lifted) == 1600
    assert merit_of(allocation_changes.with_more(lifted, 0, 50_000)) == 2000
    assert merit_of(allocation_changes.with_more(lifted, 0, -60_000)) == 0


def test_a_cap_that_the_policy_does_not_have_costs_what_it_keeps_from_the_second_of_a_country() -> None:
    three = [a_candidate("a", 1), a_candidate("b", 1, ror="caltech"), a_candidate("c", 1, country="FR")]
    found = build(three, [a_vial(left=150)], rules=rules())
    merit_of = lambda instance: plans.allocate(instance, Options(stages=1), lambda: 0.0).merit  # noqa: E731
    assert merit_of(found.instance) == 3000
    of_countries = allocation_changes.with_cap_on_each(found.instance, "nation", Measure.GRANTS, 1)
    assert merit_of(of_countries) == 2000
    assert [cap.members for cap in of_countries.limits.caps] == [(0, 1), (2,)]
    of_institutions = allocation_changes.with_cap_on_each(of_countries, "institution", Measure.GRANTS, 2)
    assert merit_of(of_institutions) == 2000
    assert len(of_institutions.limits.caps) == 4


def test_two_plans_are_compared_line_by_line() -> None:
    changes = allocation_changes.compared(
        {("a", 0): 5, ("b", 0): 7, ("c", 0): 1}, {("a", 0): 9, ("d", 1): 2, ("c", 0): 1}
    )
    assert [(one.line, one.gains_ng) for one in changes] == [
        (("a", 0), 4),
        (("d", 1), 2),
        (("b", 0), -7),
        (("c", 0), 0),
    ]


def test_a_plan_leaves_what_it_does_not_take() -> None:
    found = build([a_candidate("a", 1)], [a_vial(reserve_ng=10 * MG)], rules=rules(split_loss_ng=MG))
    taken = allocation_changes.taken(found.instance, (Grant(0, 0, 2, ((0, 50_000),)),))
    assert taken == (allocation_changes.Taken(50_000, 1000, 49_000, 10_000),)


def test_pins_that_exclude_each_other_are_told() -> None:
    found = build([a_candidate("a", 1), a_candidate("b", 1)], [a_vial(left=60)], rules=CNSA)
    outcome = allocate(found, Pins(exact=(Exact(0, 0, 2), Exact(1, 0, 2))))
    assert outcome.status is Status.INFEASIBLE
    assert outcome.conflict
