"""Reviewers: nobody against a conflict, the worst-off request first, then the sum, then even loads."""

from __future__ import annotations

import json
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import reviews
from aliquot.allocator import assigning
from aliquot.allocator.assigning import End
from aliquot.fault import Refused
from aliquot.reviews import Conflict, Ground, Pair, Person, Problem, Rules


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    n, m = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    pairs = [(r, v) for r in range(n) for v in range(m)]
    some = st.lists(st.sampled_from(pairs), unique=True, max_size=3)
    known = draw(st.lists(st.sampled_from([0, 3, 5, 9]), min_size=len(pairs), max_size=len(pairs)))
    most = draw(st.integers(1, 4))
    return Problem(
        n, m, draw(st.integers(1, min(2, m))), (draw(st.integers(0, min(most, 2))),) * m, (most,) * m,
        tuple((r, v, a) for (r, v), a in zip(pairs, known, strict=True)),
        frozenset(draw(some)), tuple(sorted(draw(some.map(lambda found: found[:1])))),
    )  # fmt: skip


def worth(problem: Problem, assignment: tuple[Pair, ...]) -> tuple[int, int, int] | None:
    """Worst, total and evenness; None where a rule is broken."""
    report = reviews.check(problem, assignment)
    return None if report.violations else (
        report.worst_request, report.total, -sum(load**2 for load in report.loads))  # fmt: skip


@settings(max_examples=60)
@given(problems())
def test_no_other_assignment_is_better(problem: Problem) -> None:
    found = assigning.assign(problem)
    panels = list(combinations(range(problem.reviewers), problem.per_request))
    best = max(
        (
            value
            for chosen in product(panels, repeat=problem.requests)
            if (value := worth(problem, tuple((r, v) for r, panel in enumerate(chosen) for v in panel)))
        ),
        default=None,
    )
    if best is None:
        assert found.end is End.INFEASIBLE
        assert found.why
    else:
        assert found.end is End.OPTIMAL
        assert worth(problem, found.assignment) == best
        assert assigning.assign(problem) == found


def test_what_makes_it_impossible_is_told_in_words() -> None:
    problem = Problem(2, 2, 2, (0, 0), (1, 2), (), frozenset({(0, 0)}), ((1, 0), (1, 1)))
    assert [one.said for one in reviews.impossible(problem)] == [
        "request 0 has conflicts with 1 of 2 reviewers; 1 are left, 2 are needed",
        "all requests need 4 reviews, and the reviewers take 3 at most",
    ]
    squeezed = Problem(3, 3, 1, (0, 0, 0), (1, 3, 3), (), frozenset({(0, 1), (0, 2), (1, 1), (1, 2)}), ())
    assert (
        "have their most load with requests that need them as much" in assigning.assign(squeezed).why[0].said
    )


def test_conflicts_follow_from_what_is_known() -> None:
    nobody = Person("", frozenset(), "", frozenset())
    team = (Person("pi", frozenset({"jsc"}), "US", frozenset({(2024, "bo")})),)
    reviewers = (
        Person("pi", frozenset(), "US", frozenset()),
        Person("al", frozenset({"jsc", "usra"}), "US", frozenset()),
        Person("bo", frozenset({"eth"}), "CH", frozenset()),
        Person("cy", frozenset({"isas"}), "JP", frozenset({(2019, "pi")})),
        Person("di", frozenset({"igg"}), "CN", frozenset()),
        Person("ed", frozenset({"ox"}), "GB", frozenset()),
        nobody,
    )
    rules = Rules(2026, 4, frozenset({frozenset({"US", "CN"})}))
    assert reviews.conflicts([team], reviewers, rules, [(0, 5)]) == (
        Conflict(0, 0, Ground.OWN), Conflict(0, 1, Ground.INSTITUTION), Conflict(0, 2, Ground.AUTHORS),
        Conflict(0, 4, Ground.COUNTRY), Conflict(0, 5, Ground.DECLARED),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"requests": -1}, ["requests"]),
        ({"min_load": 3, "max_load": 2}, ["min_load[0]", "min_load[1]"]),
        ({"max_load": [1]}, ["max_load"]),
        ({"affinity": [[0, 0], [0, 9, 1], [0, 0, 1001], [0, 0, True]]}, [f"affinity[{i}]" for i in range(4)]),
        ({"affinity": [[0, 0, 1], [0, 0, 2]]}, ["affinity"]),
        ({"conflicts": [[0, 2]], "fixed": [0]}, ["conflicts[0]", "fixed[0]"]),
        ({"requests": 100_000, "reviewers": 100_000}, ["requests"]),
        ({"nonsense": 1}, ["problem"]),
    ],
)
def test_every_fault_of_a_problem_is_named(changed: dict[str, object], where: list[str]) -> None:
    good = {"requests": 2, "reviewers": 2, "per_request": 1, "min_load": 0, "max_load": 2}
    assert reviews.problem(json.dumps(good).encode()).max_load == (2, 2)
    with pytest.raises(Refused) as refused:
        reviews.problem(json.dumps(good | changed).encode())
    assert [each.where for each in refused.value.faults] == where
