"""All completions as a diagram: the same as going through them one by one. Kleene's logic never says more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from aliquot import kleene
from aliquot.completions import Diagram
from aliquot.conditions import AllOf, AnyOf, Condition, Kind, Not, Test, leaves, truth
from aliquot.vocabulary import Words

KEYS = ("a", "b", "c", "d")
leaf = st.sampled_from(KEYS).map(lambda key: Test(Words(key, key), key, Kind.IS, (True,)))
formulas: st.SearchStrategy[Condition] = st.recursive(leaf, lambda inner: st.one_of(
    st.lists(inner, max_size=3).map(lambda parts: AllOf(tuple(parts))),
    st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    inner.map(Not),
), max_leaves=8)  # fmt: skip


def as_function(diagram: Diagram, formula: Condition) -> int:
    if isinstance(formula, Test):
        return diagram.of(formula.key, lambda value: value)
    if isinstance(formula, Not):
        return diagram.combine(lambda r: kleene.negation(r[0]), [as_function(diagram, formula.part)])  # type: ignore[arg-type]
    told: Callable[[Sequence[object]], object] = (
        kleene.conjunction if isinstance(formula, AllOf) else kleene.disjunction
    )  # type: ignore[assignment]
    return diagram.combine(told, [as_function(diagram, part) for part in formula.parts])  # type: ignore[arg-type]


@given(formulas)
def test_a_diagram_says_what_all_completions_say(formula: Condition) -> None:
    diagram = Diagram(dict.fromkeys(KEYS, (True, False)))
    function = as_function(diagram, formula)
    rows = {
        values: truth(formula, dict(zip(KEYS, values, strict=True)))
        for values in product((True, False), repeat=4)
    }
    assert diagram.results(function) == set(rows.values())
    matters = {
        key for i, key in enumerate(KEYS) for v in rows if rows[v] != rows[(*v[:i], not v[i], *v[i + 1 :])]
    }
    assert set(diagram.matters(function)) == matters
    for i, key in enumerate(KEYS):
        for index, value in enumerate((True, False)):
            left = {result for values, result in rows.items() if values[i] is value}
            assert diagram.results_by(function, key)[index] == left


@given(formulas, st.sets(st.sampled_from(KEYS)))
def test_three_valued_logic_never_contradicts_the_completions(formula: Condition, known: set[str]) -> None:
    for values in product((True, False), repeat=len(known)):
        facts = dict(zip(sorted(known), values, strict=True))
        told = truth(formula, facts)
        rest = [key for key in KEYS if key not in known]
        all_of_them = {
            truth(formula, facts | dict(zip(rest, v, strict=True)))
            for v in product((True, False), repeat=len(rest))
        }
        assert told is None or all_of_them == {told}
    assert {test.key for test in leaves(formula)} <= set(KEYS)


def test_one_of_several_functions_is_chosen_by_a_missing_fact() -> None:
    diagram = Diagram({"day": (1, 2, 3), "year": (0, 1), "a": (True, False)})
    a, fixed = diagram.of("a", lambda value: value), diagram.constant("fixed")
    which = diagram.of_two("year", "day", lambda year, day: min(int(str(year)), int(str(day)) - 1))
    chosen = diagram.choose(which, [fixed, a])
    assert diagram.results_by(chosen, "day")[0] == {"fixed"}
    assert diagram.results_by(chosen, "year")[1] == {"fixed", True, False}
    assert diagram.matters(chosen) == ("day", "year", "a")
