"""What holds of every line, mean and age, whatever the numbers."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot.chronology import distributions, means, regression, roots
from aliquot.chronology.regression import Points

from .chronology_requests import ERRORS, RUBIDIUM, answer, answered, isochron, mean, ratios, york

FEW = settings(max_examples=30)
CLOCKS = ("Rb-Sr", "Sm-Nd", "Lu-Hf", "Re-Os", "K-Ca", "Th-Pb", "U238-Pb206", "U235-Pb207", "Pb-Pb", "Ar-Ar")
DECAY = {
    "Rb-Sr": 1.3972e-5, "Sm-Nd": 6.524e-6, "Lu-Hf": 1.867e-5, "Re-Os": 1.666e-5, "K-Ca": 5.5305e-4,
    "Th-Pb": 4.95e-5, "U238-Pb206": 1.55125e-4, "U235-Pb207": 9.8485e-4, "Ar-Ar": 5.5305e-4,
}  # fmt: skip


@st.composite
def lines(draw: st.DrawFn) -> list[list[float]]:
    """Return rows near a rising line, with errors and correlations."""
    n = draw(st.integers(3, 12))
    slope, intercept = draw(st.floats(0.05, 3)), draw(st.floats(0.1, 2))
    rows = []
    for at in range(n):
        sx, sy = draw(st.floats(0.001, 0.05)), draw(st.floats(0.001, 0.05))
        x = 0.1 + at + draw(st.floats(-2, 2)) * sx
        rows.append(
            [
                x,
                sx,
                intercept + slope * (0.1 + at) + draw(st.floats(-2, 2)) * sy,
                sy,
                draw(st.floats(-0.95, 0.95)),
            ]
        )
    return rows


def _line(found: dict[str, Any]) -> list[float]:
    return [found[name] for name in ("slope", "intercept", "slope_sd", "intercept_sd", "mswd")]


def _scaled(rows: list[list[float]], times: float) -> list[list[float]]:
    return [[x, sx * times, y, sy * times, rho] for x, sx, y, sy, rho in rows]


@FEW
@given(lines(), st.floats(0.1, 10))
def test_scaled_errors_leave_the_line_and_scale_what_comes_of_them(
    rows: list[list[float]], times: float
) -> None:
    one, other = answered(york(rows)), answered(york(_scaled(rows, times)))
    assert other["slope"] == pytest.approx(one["slope"], rel=1e-9)
    assert other["slope_sd"] == pytest.approx(times * one["slope_sd"], rel=1e-9)
    assert other["mswd"] == pytest.approx(one["mswd"] / times**2, rel=1e-8, abs=1e-14)


@FEW
@given(lines(), st.randoms())
def test_the_order_of_the_rows_does_not_matter(rows: list[list[float]], chance: Any) -> None:
    shuffled = rows[:]
    chance.shuffle(shuffled)
    for model in (1, 2):
        one, other = (answered(york(each, model=model)) for each in (rows, shuffled))
        assert other["slope"] == pytest.approx(one["slope"], rel=1e-9)
        assert other["intercept_sd"] == pytest.approx(one["intercept_sd"], rel=1e-7)


@FEW
@given(lines())
def test_swapping_x_and_y_gives_the_same_line_read_the_other_way(rows: list[list[float]]) -> None:
    swapped = [[y, sy, x, sx, rho] for x, sx, y, sy, rho in rows]
    one, other = answered(york(rows)), answered(york(swapped))
    assert other["slope"] == pytest.approx(1 / one["slope"], rel=1e-8)
    assert other["intercept"] == pytest.approx(-one["intercept"] / one["slope"], rel=1e-7)
    assert other["mswd"] == pytest.approx(one["mswd"], rel=1e-8, abs=1e-12)


@FEW
@given(lines(), st.data())
def test_omitted_rows_leave_no_trace(rows: list[list[float]], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(rows)))
    with_stranger: list[Any] = [*rows[:at], [None, "?", 1e9, -1, 7], *rows[at:]]
    found = answered(york(with_stranger, omit=[{"row": at + 1, "reason": "contaminated"}]))
    assert _line(found) == _line(answered(york(rows)))
    assert found["rows_rejected"] == [{"row": at + 1, "by": "request", "reason": "contaminated"}]


@FEW
@given(lines())
def test_one_and_two_sigma_and_percent_of_one_table_agree(rows: list[list[float]]) -> None:
    one = _line(answered(york(rows)))
    two = york(_scaled(rows, 2), errors={"level": "2s", "kind": "absolute"})
    assert _line(answered(two)) == pytest.approx(one, rel=1e-12)
    percent = [[x, 100 * sx / x, y, sy * 1.959964, rho] for x, sx, y, sy, rho in rows]
    mixed = {"level": "95%", "kind": "absolute", "columns": {"s_x": {"level": "1s", "kind": "percent"}}}
    assert _line(answered(york(percent, errors=mixed))) == pytest.approx(one, rel=1e-9)


@FEW
@given(lines())
def test_the_line_has_the_least_chi_square_of_all_near_it(rows: list[list[float]]) -> None:
    points = Points(*(np.array(column) for column in zip(*rows, strict=True)))
    line = regression.york(points)

    def chi_square(slope: float) -> float:
        weights = 1 / (points.sy**2 + slope**2 * points.sx**2 - 2 * slope * points.covariance)
        residuals = points.y - slope * points.x
        middle = float(weights @ residuals) / float(weights.sum())
        return float(weights @ (residuals - middle) ** 2)

    least = chi_square(line.slope)
    assert all(chi_square(line.slope + step * line.slope_sd) >= least for step in (-1, -0.01, 0.01, 1))


@FEW
@given(st.sampled_from(CLOCKS), st.floats(1, 4568))
def test_a_ratio_gives_back_the_age_that_made_it(clock: str, age: float) -> None:
    if clock == "Pb-Pb":
        ratio = math.expm1(9.8485e-4 * age) / math.expm1(1.55125e-4 * age) / 137.818
    else:
        ratio = math.expm1(DECAY[clock] * age) * {"K-Ca": 0.895, "Ar-Ar": 100.0}.get(clock, 1.0)
    found = answered(ratios(clock, [[ratio, 0.001 * ratio]], J=[0.01, 0.0001]))
    assert found["ages"][0]["age_ma"] == pytest.approx(age, rel=1e-9, abs=1e-6)


@FEW
@given(st.sampled_from(("Rb-Sr", "Sm-Nd", "K-Ca", "Ar-Ar", "Pb-Pb", "U235-Pb207")), st.floats(1, 4568))
def test_recalculation_to_the_same_constants_changes_nothing(clock: str, age: float) -> None:
    same = {"set": "isoplotr-6.8.5-default"}
    found = answered({
        "task": "recalculate", "clock": clock, "from": same, "to": same, "monitor_age_ma": 28.2,
        "columns": ["age", "s_age"], "rows": [[age, 1.0]], "errors": ERRORS,
    })  # fmt: skip
    assert found["ages"][0]["age_ma"] == pytest.approx(age, rel=1e-9)
    assert found["ages"][0]["age_sd_ma"] == pytest.approx(1.0, rel=1e-6)


@FEW
@given(st.lists(st.tuples(st.floats(100, 4500), st.floats(1, 50)), min_size=2, max_size=12))
def test_a_mean_lies_among_its_ages_and_random_effects_widen_its_error(
    ages: list[tuple[float, float]],
) -> None:
    rows = [list(each) for each in ages]
    fixed, random = answered(mean(rows=rows)), answered(mean(rows=rows, random_effects=True))
    for found in (fixed, random):
        assert min(ages)[0] - 1e-6 <= found["age_ma"] <= max(ages)[0] + 1e-6
    if random["overdispersion"] > 0:
        z = np.log([age for age, _ in ages])
        weights = 1 / (
            np.array([s / age for age, s in ages]) ** 2 + (random["overdispersion"] / random["age_ma"]) ** 2
        )
        off = z - math.log(random["age_ma"])
        assert float((weights**2 * off**2).sum()) == pytest.approx(float(weights.sum()), rel=1e-6)


def test_many_means_at_once_are_the_single_ones() -> None:
    ages = np.arange(12.0).reshape(3, 4) + 3000
    sds = np.full((3, 4), 2.0) + np.arange(4)
    together = means.fixed_many(ages, sds)
    for at in range(3):
        one = means.weighted(ages[at], sds[at])
        assert [float(each[at]) for each in together] == pytest.approx([one.age, one.sd, one.mswd], rel=1e-12)


@pytest.mark.parametrize("rho", [0.999, 0.0, -0.999])
def test_strong_correlations_are_no_hindrance(rho: float) -> None:
    found = answered(isochron(columns=["Rb87Sr86", "s_Rb87Sr86", "Sr87Sr86", "s_Sr87Sr86", "rho"], rows=[[*row, rho] for row in RUBIDIUM]))  # fmt: skip
    assert found["age_ma"] == pytest.approx(4500, abs=300)


def test_the_same_request_gives_the_same_result_again() -> None:
    assert answer(isochron(model=3)) == answer(isochron(model=3))


@pytest.mark.parametrize(
    ("chi_square", "df", "p_value"),
    # Abramowitz and Stegun 1964, table 26.8: the percentage points of chi-square.
    [
        (3.84146, 1, 0.05),
        (5.99147, 2, 0.05),
        (18.3070, 10, 0.05),
        (37.6525, 25, 0.05),
        (124.342, 100, 0.05),
        (0.0, 3, 1.0),
    ],
)
def test_chi_square_has_its_tabled_points(chi_square: float, df: int, p_value: float) -> None:
    assert distributions.chi_square_p(chi_square, df) == pytest.approx(p_value, rel=2e-5)


@pytest.mark.parametrize(
    ("df", "t"), [(1, 12.706), (2, 4.303), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980), (9000, 1.960)]
)
def test_students_t_has_its_tabled_points(df: int, t: float) -> None:
    assert distributions.student_t95(df) == pytest.approx(t, abs=6e-4)


@FEW
@given(st.floats(-50, 50), st.floats(0.01, 5))
def test_a_bracketed_root_is_found(root: float, steep: float) -> None:
    def height(x: float) -> float:
        return math.tanh(steep * (x - root)) + 0.1 * (x - root) ** 3

    assert roots.bracketed(height, -60.0, 60.0) == pytest.approx(root, abs=1e-9)
