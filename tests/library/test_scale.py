"""The bar of a scale: a round length that fits the picture."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import scale

SCALES = st.decimals("0.000001", "10000000", places=6)


@pytest.mark.parametrize(
    ("um_per_px", "width_px", "label", "length_px"),
    [
        ("1", 4000, "1 mm", 1000),
        ("0.5", 4000, "500 µm", 1000),
        ("2.345", 1024, "500 µm", Fraction(500_000, 2345)),
        ("0.0012", 1280, "200 nm", Fraction(2000, 12)),
        ("25", 6000, "2 cm", 800),
        ("0.000001", 4, "0.001 nm", 1),
    ],
)
def test_a_bar_is_round_and_exact(um_per_px: str, width_px: int, label: str, length_px: Fraction) -> None:
    bar = scale.bar(um_per_px=Decimal(um_per_px), width_px=width_px)
    assert (bar.label, bar.length_px) == (label, length_px)


@given(SCALES, st.integers(1, 100_000))
def test_a_bar_takes_between_a_tenth_and_a_quarter_of_the_picture(um_per_px: Decimal, width_px: int) -> None:
    bar = scale.bar(um_per_px=um_per_px, width_px=width_px)
    assert Fraction(1, 10) * width_px < bar.length_px <= Fraction(1, 4) * width_px
    assert bar.length_px * Fraction(um_per_px) == Fraction(bar.length_um)


@given(SCALES, st.integers(1, 100_000))
def test_a_bar_is_one_two_or_five_times_a_power_of_ten(um_per_px: Decimal, width_px: int) -> None:
    length = scale.bar(um_per_px=um_per_px, width_px=width_px).length_um.normalize()
    assert length.as_tuple().digits in {(1,), (2,), (5,)}


@given(SCALES, st.integers(1, 10_000), st.integers(2, 9))
def test_the_same_picture_at_a_lower_resolution_has_the_same_bar(
    um_per_px: Decimal, width_px: int, times: int
) -> None:
    fine = scale.bar(um_per_px=um_per_px, width_px=width_px * times)
    coarse = scale.bar(um_per_px=um_per_px * times, width_px=width_px)
    assert (fine.label, fine.length_px) == (coarse.label, coarse.length_px * times)


def test_a_picture_without_a_scale_has_no_bar() -> None:
    with pytest.raises(AssertionError, match="above zero"):
        scale.bar(um_per_px=Decimal(0), width_px=100)
