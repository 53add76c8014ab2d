"""Weighings: means, spreads that are never too sure, and a balance that disagrees with the book."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import makers
from aliquot import weighings
from aliquot.weighings import Weighing
from makers import ng

READINGS_NG = st.lists(st.integers(0, 10**15), min_size=2, max_size=12)
SDS_NG = st.lists(st.integers(0, 10**12), max_size=6)


def test_the_mean_of_three_readings() -> None:
    # 1.001, 1.002 and 1.006 g: mean 1.003 g; s² = 7 mg², so the mean's deviation is sqrt(7/3) mg.
    readings_ng = [ng("1.001 g"), ng("1.002 g"), ng("1.006 g")]
    assert weighings.mean_ng(readings_ng) == (ng("1.003 g"), 1_527_526)


@pytest.mark.parametrize(
    ("readings_ng", "mean_ng", "sd_ng"),
    [([5, 5], 5, 0), ([5, 6], 6, 1), ([0, 1, 1], 1, 1), ([0, 0, 1], 0, 1), ([-2, -1], -1, 1)],
)
def test_half_a_nanogram_is_rounded_up_and_a_spread_never_down(
    readings_ng: list[int], mean_ng: int, sd_ng: int
) -> None:
    assert weighings.mean_ng(readings_ng) == (mean_ng, sd_ng)


@given(READINGS_NG)
def test_a_mean_is_the_nearest_nanogram_and_its_spread_the_next_above(readings_ng: list[int]) -> None:
    mean_ng, sd_ng = weighings.mean_ng(readings_ng)
    count = len(readings_ng)
    exact = Fraction(sum(readings_ng), count)
    assert -Fraction(1, 2) < mean_ng - exact <= Fraction(1, 2)
    # GUM 4.2.3: the variance of the mean is the variance of the readings over their number.
    variance = sum((reading - exact) ** 2 for reading in readings_ng) / (count - 1) / count
    assert sd_ng**2 >= variance
    assert sd_ng == 0 or (sd_ng - 1) ** 2 < variance


@given(READINGS_NG, st.randoms())
def test_the_order_of_readings_does_not_matter(readings_ng: list[int], chance: object) -> None:
    shuffled = list(readings_ng)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert weighings.mean_ng(shuffled) == weighings.mean_ng(readings_ng)


def test_one_reading_has_no_spread() -> None:
    with pytest.raises(AssertionError, match="two readings"):
        weighings.mean_ng([ng("1 g")])


@pytest.mark.parametrize(
    ("sds_ng", "combined_ng"), [((3, 4), 5), ((), 0), ((7,), 7), ((1, 1), 2), ((-3, 4), 5)]
)
def test_uncertainties_combine_in_quadrature(sds_ng: tuple[int, ...], combined_ng: int) -> None:
    assert weighings.combined_sd_ng(*sds_ng) == combined_ng


@given(SDS_NG)
def test_a_combined_uncertainty_is_never_too_sure_and_never_a_nanogram_too_wide(sds_ng: list[int]) -> None:
    combined_ng = weighings.combined_sd_ng(*sds_ng)
    squares = sum(sd_ng * sd_ng for sd_ng in sds_ng)
    assert combined_ng**2 >= squares
    assert combined_ng == 0 or (combined_ng - 1) ** 2 < squares
    assert max(sds_ng, default=0) <= combined_ng <= sum(sds_ng)


def a_weighing(reads: str, sd: str = "3 µg") -> Weighing:
    return Weighing(
        "rock-1", f"{reads} ± 6 µg (k=2)", ng(reads), ng(sd), "balance:2", "calibration:2026-1", makers.ADA.key,
        "2026-03-14T09:30:00Z",
    )  # fmt: skip


def test_a_balance_that_agrees_within_twice_the_combined_uncertainty_is_no_fault() -> None:
    assert weighings.check(a_weighing("1.00001 g"), book_ng=ng("1 g"), book_sd_ng=ng("4 µg")) == ()
    assert weighings.check(a_weighing("0.99999 g"), book_ng=ng("1 g"), book_sd_ng=ng("4 µg")) == ()


@pytest.mark.parametrize(("reads", "gap_ng"), [("1.000010001 g", 10_001), ("0.999989999 g", -10_001)])
def test_a_nanogram_more_wants_a_reason(reads: str, gap_ng: int) -> None:
    (found,) = weighings.check(a_weighing(reads), book_ng=ng("1 g"), book_sd_ng=ng("4 µg"))
    assert found.where == "rock-1"
    assert (
        found.said
        == f"the balance differs from the book by {gap_ng} ng, more than the 10000 ng that both allow"
    )


def test_without_any_uncertainty_book_and_balance_must_be_equal() -> None:
    assert weighings.check(a_weighing("1 g", "0 ng"), book_ng=ng("1 g"), book_sd_ng=0) == ()
    assert weighings.check(a_weighing("1 g", "0 ng"), book_ng=ng("1 g") + 1, book_sd_ng=0)
