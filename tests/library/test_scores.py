"""Scores: exact, comparable, with the raw ones beside, and a word where reviewers disagree."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.access_worlds import wheres

from aliquot import scores
from aliquot.calls import Criterion
from aliquot.scores import Score

CRITERIA = (Criterion("merit", "Merit", 60), Criterion("team", "Team", 40))
REASONS = {"merit": "New.", "team": "Known."}
F = Fraction

lots = st.dictionaries(
    st.tuples(st.sampled_from("abcd"), st.sampled_from("uvwxyz")), st.integers(0, 10), min_size=1, max_size=24
).map(lambda found: [Score(who, what, F(points, 10)) for (who, what), points in found.items()])


def mean(values: list[Fraction]) -> Fraction:
    return sum(values, F(0)) / len(values)


def test_a_total_is_the_weighted_share_of_the_scale() -> None:
    assert scores.total({"merit": 10, "team": 10}, criteria=CRITERIA, most=10) == 1
    assert scores.total({"merit": 5, "team": 0}, criteria=CRITERIA, most=10) == F(3, 10)


@pytest.mark.parametrize(
    ("points", "reasons", "where"),
    [
        ({"merit": 5, "team": 0}, REASONS, []),
        ({"merit": 5}, REASONS, ["points.team"]),
        ({"merit": 11, "team": -1}, REASONS, ["points.merit", "points.team"]),
        ({"merit": True, "team": 2.0}, REASONS, ["points.merit", "points.team"]),
        ({"merit": 5, "team": 5}, {"merit": " "}, ["reasons.merit", "reasons.team"]),
        ({"merit": 5, "team": 5, "luck": 5}, REASONS, ["points.luck"]),
        ({}, {}, ["points.merit", "reasons.merit", "points.team", "reasons.team"]),
    ],
)
def test_each_criterion_wants_points_and_a_reason(
    points: dict[str, int], reasons: dict[str, str], where: list[str]
) -> None:
    assert wheres(scores.check(points, reasons, criteria=CRITERIA, most=10)) == where


def test_a_strict_and_a_kind_reviewer_who_rank_alike_come_to_the_same() -> None:
    strict = [Score("a", r, F(p, 10)) for r, p in (("u", 1), ("v", 2), ("w", 3))]
    kind = [Score("b", r, F(p, 10)) for r, p in (("u", 4), ("v", 7), ("w", 10))]
    values = [one.value for one in scores.normalise([*strict, *kind])]
    assert values[:3] == values[3:] == [F(9, 20) - F(1, 5), F(9, 20), F(9, 20) + F(1, 5)]


@settings(max_examples=60)
@given(lots)
def test_normalised_everybody_has_the_same_mean_and_reach_and_keeps_their_order(found: list[Score]) -> None:
    done = scores.normalise(found)
    assert [one.score for one in done] == found
    of: dict[str, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for one in done:
        if one.value is not None:
            of[one.score.reviewer].append((one.score.total, one.value))
    middle = mean([one.total for one in found])
    reaches = set()
    for pairs in of.values():
        values = [value for _, value in pairs]
        assert mean(values) == middle
        if len({raw for raw, _ in pairs}) > 1:
            reaches.add(mean([abs(value - middle) for value in values]))
        assert [v for _, v in sorted(pairs)] == sorted(values)
    assert len(reaches) <= 1
    assert {one.score.reviewer for one in done if one.value is None} == {
        who for who in "abcd" if sum(one.reviewer == who for one in found) == 1
    }


@settings(max_examples=40)
@given(lots, st.integers(0, 100))
def test_a_summary_has_each_request_once_best_first(found: list[Score], percent: int) -> None:
    lines = scores.summarise(found, disagreement_percent=percent)
    assert sorted(line.request for line in lines) == sorted({one.request for one in found})
    assert [line.normalised for line in lines] == sorted((line.normalised for line in lines), reverse=True)
    assert scores.summarise(found[::-1], disagreement_percent=percent) == lines
    for line in lines:
        raw = [one.total for one in found if one.request == line.request]
        assert (line.count, line.raw, line.spread) == (len(raw), mean(raw), max(raw) - min(raw))
        assert line.disagree == (percent > 0 and line.spread > 0 and line.spread * 100 >= percent)


def test_of_nothing_there_is_no_summary() -> None:
    assert scores.normalise([]) == scores.summarise([], disagreement_percent=40) == ()


def test_who_knows_more_of_a_matter_has_more_affinity_with_it() -> None:
    text = "Pb-Pb dating of basalt. 玄武岩定年"
    assert [scores.affinity(words, text) for words in ([], [" "], ["Dating"], ["dating", "Argon"], ["定年", "氩"])] == [
        0, 0, 1000, 500, 500,
    ]  # fmt: skip
    assert scores.known_of(["Argon", " Dating ", "dating", "定年", ""], text) == ("Dating", "定年")
    assert scores.affinity(["dating", "Dating"], text) == 1000
