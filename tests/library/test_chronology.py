"""Ages against published and independent results: lines, means, plateaus, concordia, every clock."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from .chronology_requests import ERRORS, RUBIDIUM, SHARED, answer, answered, isochron, mean, ratios, york

REQUESTS = SHARED / "isoplotr-reference" / "requests.jsonl"


def _at(result: object, path: str) -> Any:
    for key in path.split("."):
        if isinstance(result, list):
            result = result[int(key)] if int(key) < len(result) else None
        else:
            result = result.get(key) if isinstance(result, dict) else None
    return result


def _agrees(found: Any, expected: Any) -> bool:
    if expected is True:
        return isinstance(found, str) and bool(found)
    value, tolerance, kind = expected
    if value is None or tolerance == 0 or not isinstance(found, int | float):
        return bool(found == value)
    return bool(abs(found - value) <= tolerance * (abs(value) if kind == "rel" else 1))


def test_every_reference_request_is_answered_within_its_tolerances() -> None:
    if not REQUESTS.is_file():
        pytest.skip("the shared data are not here")
    lines = [json.loads(line) for line in REQUESTS.read_text("utf-8").splitlines()]
    wrong = []
    for line in lines:
        found = answer(line["request"])
        assert ("error" in found) is ("error" in line["expect"]), line["id"]
        wrong += [
            f"{line['id']} {path}: {_at(found, path)} instead of {expected}"
            for path, expected in line["expect"].items()
            if not _agrees(_at(found, path), expected)
        ]
    assert len(lines) > 70
    assert not wrong, "\n".join(wrong)


def test_pearsons_data_with_yorks_weights_give_the_published_line() -> None:
    found = answered(york())
    assert found["slope"] == pytest.approx(-0.480533407446, rel=1e-10)
    assert found["intercept"] == pytest.approx(5.479910224033, rel=1e-10)
    assert found["mswd"] == pytest.approx(1.4832941491, rel=1e-9)
    assert found["df"] == 8


def test_two_rows_give_a_line_without_degrees_of_freedom() -> None:
    found = answered(isochron(rows=[RUBIDIUM[7], RUBIDIUM[14]]))
    assert (found["df"], found["mswd"], found["p_value"]) == (0, 1.0, 1.0)
    assert found["slope"] == pytest.approx((0.7101 - 0.6997) / (0.1705 - 0.0074), rel=1e-11)
    assert "There are no degrees of freedom" in found["warnings"][0]


def test_the_inverse_line_has_the_age_of_the_normal_one() -> None:
    normal, inverse = answered(isochron()), answered(isochron(form="inverse"))
    assert inverse["age_ma"] == pytest.approx(normal["age_ma"], abs=0.05 * normal["age_sd_ma"])
    assert inverse["initial"] == pytest.approx(normal["initial"], rel=1e-6)
    assert inverse["slope"] < 0 < normal["slope"]


@pytest.mark.parametrize("set_", ["early-lunar-Rb", "nebel-2011", "steiger-jaeger-1977"])
def test_an_age_moves_with_its_decay_constant_and_the_set_is_named(set_: str) -> None:
    usual, other = answered(isochron()), answered(isochron(constants={"set": set_}))
    constant = other["constants"]["lambda_Rb87"]
    assert constant["set"] == set_
    assert other["age_ma"] * constant["value"] == pytest.approx(usual["age_ma"] * 1.3972e-5, rel=1e-12)


def test_an_override_counts_before_any_set() -> None:
    found = answered(isochron(constants={"override": {"lambda_Rb87": [1.42e-5, 0]}}))
    assert found["constants"]["lambda_Rb87"] == {"value": 1.42e-5, "sd": 0, "unit": "1/Ma", "set": "override"}


def test_the_first_set_that_has_a_constant_counts() -> None:
    clock = {
        "task": "age",
        "clock": "Ar-Ar",
        "columns": ["ratio", "s_ratio"],
        "rows": [[5, 0.1]],
        "errors": ERRORS,
    }
    found = answered(clock | {"J": [0.01, 1e-5], "constants": {"set": ["early-lunar-Rb", "husain-1974"]}})
    assert found["constants"]["lambda_K40"]["value"] == pytest.approx(0.000472 + 5.85e-5)
    assert found["constants"]["lambda_K40"]["set"] == "husain-1974"


def test_concentrations_give_nearly_the_line_of_the_ratios() -> None:
    source = SHARED / "isoplotr-examples" / "RbSr3.csv"
    if not source.is_file():
        pytest.skip("the shared data are not here")
    rows = [
        [float(cell) for cell in line.split(",")[:6]]
        for line in source.read_text().split()[1:]
        if line[0] != ","
    ]
    columns = ["Rb", "s_Rb", "Sr", "s_Sr", "Sr87Sr86", "s_Sr87Sr86"]
    found = answered(
        {"task": "isochron", "clock": "Rb-Sr", "columns": columns, "rows": rows, "errors": ERRORS}
    )
    assert found["age_ma"] == pytest.approx(4498.7, abs=3)
    in_ppb = [[1000 * row[0], 1000 * row[1], row[2] / 1e4, row[3] / 1e4, *row[4:]] for row in rows]
    units = {"Rb": "ppb", "Sr": "wt%"}
    again = answered({
        "task": "isochron", "clock": "Rb-Sr", "columns": columns, "rows": in_ppb, "errors": ERRORS, "units": units,
    })  # fmt: skip
    assert again["age_ma"] == pytest.approx(found["age_ma"], rel=1e-9)
    assert again["age_sd_ma"] == pytest.approx(found["age_sd_ma"], rel=1e-9)


def test_a_concentration_ratio_has_the_atoms_of_its_isotopes() -> None:
    row = {"Rb": 1.0, "s_Rb": 0.01, "Sr": 100.0, "s_Sr": 1.0, "Sr87Sr86": 0.7, "s_Sr87Sr86": 0.0001}
    found = answered({
        "task": "age", "clock": "Rb-Sr", "rows": [row], "errors": ERRORS, "initial": {"Sr87Sr86": 0.699},
    })  # fmt: skip
    total = 0.056549 + 1 + 0.7 + 8.37861
    x = 1 / 100 * 87.62 / 85.46776 / (1 + 2.59265) * total
    assert found["ages"][0]["age_ma"] == pytest.approx(math.log1p(0.001 / x) / 1.3972e-5, rel=1e-10)
    relative = math.hypot(0.01, 0.01, 0.0001 / total)
    correlated = 2 * 0.001 / x**2 * (x / total) * 0.0001**2
    variance = (0.0001 / x) ** 2 + (0.001 / x * relative) ** 2 - correlated / x
    by_ratio = 1 / (1 + 0.001 / x) / 1.3972e-5
    assert found["ages"][0]["age_sd_ma"] == pytest.approx(by_ratio * variance**0.5, rel=1e-6)


def test_three_ratios_say_their_correlation() -> None:
    source = SHARED / "isoplotr-examples" / "PbPb3.csv"
    if not source.is_file():
        pytest.skip("the shared data are not here")
    rows = [
        [float(cell) for cell in line.split(",")[:6]]
        for line in source.read_text().split()[1:]
        if line[0] != ","
    ]
    columns = ["Pb206Pb204", "s_Pb206Pb204", "Pb207Pb204", "s_Pb207Pb204", "Pb206Pb207", "s_Pb206Pb207"]
    found = answered(
        {"task": "isochron", "clock": "Pb-Pb", "columns": columns, "rows": rows, "errors": ERRORS}
    )
    assert found["form"] == "inverse"
    assert found["age_ma"] == pytest.approx(4565.8, abs=1.5)


def test_model_3_of_rows_that_do_not_scatter_is_model_1() -> None:
    first, third = answered(isochron()), answered(isochron(model=3))
    assert (third["overdispersion"], third["overdispersion_sd"]) == (0, None)
    assert (third["age_ma"], third["age_sd_ma"]) == (first["age_ma"], first["age_sd_ma"])
    assert third["mswd"] is None


@pytest.mark.parametrize("form", ["normal", "inverse"])
@pytest.mark.parametrize("what", ["initial", "age"])
def test_model_3_finds_the_scatter_that_was_put_in(form: str, what: str) -> None:
    rows = []
    for at in range(24):
        x, sign = 0.02 + 0.01 * at, 1 if at % 4 in (0, 3) else -1
        y = 0.7 + 0.05 * x + sign * (0.001 if what == "initial" else 0.01 * x)
        rows.append([x, 0.00001, y, 0.00001])
    found = answered(isochron(rows=rows, model=3, overdispersed=what, form=form))
    scatter = 0.001 if what == "initial" else 0.01 / 1.05 / 1.3972e-5
    assert found["overdispersion"] == pytest.approx(scatter, rel=0.1)
    assert found["overdispersion_sd"] == pytest.approx(found["overdispersion"] / math.sqrt(48), rel=0.1)


def test_an_overdispersed_line_is_quoted_with_students_t_and_without() -> None:
    rows = [[x, 0.0001, y, 0.00001] for x, _, y, _ in RUBIDIUM]
    found = answered(isochron(rows=rows))
    assert found["p_value"] < 0.05
    assert found["age_sd_inflated_ma"] == pytest.approx(found["age_sd_ma"] * found["mswd"] ** 0.5)
    assert found["quoted"]["half_width_ma"] == pytest.approx(2.131449545559 * found["age_sd_inflated_ma"])
    assert "MSWD" in found["quoted"]["label"]
    calm = answered(isochron(rows=rows, alpha=0))
    assert calm["age_sd_inflated_ma"] is None
    assert calm["quoted"]["half_width_ma"] == pytest.approx(1.959964 * calm["age_sd_ma"])


@pytest.mark.parametrize(("coverage", "times"), [("1s", 1), ("2s", 2), ("95%", 1.959964)])
def test_coverage_says_how_wide_what_is_quoted_is(coverage: str, times: float) -> None:
    found = answered(isochron(coverage=coverage))
    assert found["quoted"]["half_width_ma"] == times * found["age_sd_ma"]
    assert found["quoted"]["coverage"] == coverage


def test_a_mean_without_outliers_says_which_and_why() -> None:
    found = answered(mean(outlier_test="chauvenet"))
    assert [each["row"] for each in found["rows_rejected"]] == [1, 6]
    assert {each["by"] for each in found["rows_rejected"]} == {"outlier test"}
    assert found["rows_kept"] == [2, 3, 4, 5, 7, 8, 9, 10]
    assert found["n"] == 8


def test_random_effects_of_ages_that_agree_are_fixed_effects() -> None:
    rows = [[2030.0, 5.0], [2031.0, 6.0], [2029.5, 5.5]]
    fixed, random = answered(mean(rows=rows)), answered(mean(rows=rows, random_effects=True))
    assert random["overdispersion"] == 0
    assert random["overdispersion_sd"] is None
    assert random["age_ma"] == pytest.approx(fixed["age_ma"], rel=1e-5)


def test_random_effects_of_negative_ages_are_taken_in_time_itself() -> None:
    found = answered(mean(rows=[[-3.0, 1.0], [5.0, 1.0], [1.0, 1.0]], random_effects=True))
    assert found["age_ma"] == pytest.approx(1.0)
    # n (z - mean)^2 / n = s^2 + d^2 where all errors are equal.
    assert found["overdispersion"] == pytest.approx(math.sqrt(32 / 3 - 1))


def test_a_plateau_is_the_run_with_most_gas() -> None:
    steps = [3900.0, 3300.0, 3305.0, 3298.0, 3302.0, 3299.0, 3304.0, 3297.0, 3100.0]
    rows = [[0.1 if at else 0.2, age, 10.0] for at, age in enumerate(steps)]
    request = {"task": "plateau", "columns": ["fraction", "age", "s_age"], "rows": rows, "errors": ERRORS}
    found = answered(request)
    assert (found["first_step"], found["last_step"], found["rows_kept"]) == (2, 8, [2, 3, 4, 5, 6, 7, 8])
    assert found["fraction"] == pytest.approx(0.7)
    assert [each["by"] for each in found["rows_rejected"]] == ["plateau", "plateau"]
    without = answered(request | {"omit": [{"row": 4, "reason": "the gas line leaked"}]})
    assert (without["first_step"], without["last_step"]) == (2, 8)
    assert without["fraction"] == pytest.approx(0.6 / 0.9)  # an omitted row is not read at all
    none = answer(request | {"rows": [[0, *row[1:]] for row in rows]})
    assert none["error_rule"] == "no-plateau"


def test_argon_of_known_age_gives_it_back_by_every_way_of_subtracting_the_initial() -> None:
    j, radiogenic, initial = 0.01, 60.0, 320.0
    t = math.log1p(j * radiogenic) / 0.00055305
    rows = [
        [x, 0.001 * x, initial + radiogenic * x, 0.001 * (initial + radiogenic * x), x]
        for x in (1.0, 5.0, 20.0)
    ]
    request = {
        "task": "age", "clock": "Ar-Ar", "rows": rows, "errors": ERRORS, "J": [j, 1e-5],
        "columns": ["Ar39Ar36", "s_Ar39Ar36", "Ar40Ar36", "s_Ar40Ar36", "Ar39"],
    }  # fmt: skip
    for given in ({"Ar40Ar36": initial}, {"from": "isochron"}, {"from": "isochron-slope"}):
        found = answered(request | {"initial": given})
        assert [each["age_ma"] for each in found["ages"]] == pytest.approx([t] * 3, rel=1e-9)
    line = answered(request | {"task": "isochron"})
    assert (line["form"], line["age_ma"], line["initial"]) == (
        "inverse",
        pytest.approx(t),
        pytest.approx(initial),
    )
    plateau = answered(request | {"task": "plateau", "initial": {"Ar40Ar36": initial}})
    assert plateau["age_ma"] == pytest.approx(t)
    with_errors = answered(
        request | {"task": "plateau", "initial": {"Ar40Ar36": [initial, 5.0]}, "external_errors": True}
    )
    assert with_errors["age_sd_ma"] > plateau["age_sd_ma"]


def test_the_air_counts_as_exact_and_a_given_initial_ratio_does_not() -> None:
    columns = ["Ar39Ar36", "s_Ar39Ar36", "Ar40Ar36", "s_Ar40Ar36"]
    request = {
        "task": "age", "clock": "Ar-Ar", "columns": columns, "rows": [[5.0, 0.01, 590.0, 1.0]], "errors": ERRORS,
        "J": [0.01, 1e-5], "external_errors": True,
    }  # fmt: skip
    air = answered(request)
    assert air["constants"]["Ar40Ar36"]["value"] == 298.56
    assert "that of the air" in air["warnings"][-1]
    same = answered(request | {"initial": {"Ar40Ar36": 298.56}})
    more = answered(request | {"initial": {"Ar40Ar36": [298.56, 0.31]}})
    assert same["ages"] == air["ages"]
    assert more["ages"][0]["age_sd_ma"] > air["ages"][0]["age_sd_ma"]


def test_an_error_of_the_initial_ratio_counts_only_as_an_external_one() -> None:
    request = isochron(task="age", initial={"Sr87Sr86": [0.69938, 0.0005]})
    inner, outer = answered(request), answered(request | {"external_errors": True})
    row = inner["ages"][14]
    added = math.sqrt(outer["ages"][14]["age_sd_ma"] ** 2 - row["age_sd_ma"] ** 2)
    by_initial = 0.0005 / 0.1705 / (1 + (0.7101 - 0.69938) / 0.1705) / 1.3972e-5
    by_constant = row["age_ma"] * 0.0045 / 1.3972
    assert added == pytest.approx(math.hypot(by_initial, by_constant), rel=1e-9)


def test_lead_without_its_common_part_has_the_age_of_the_radiogenic_rest() -> None:
    r, c, d = 0.6, 9.307, 10.294
    rows = [[204 / 1000, 0.0001, r + (d - c * r) * 204 / 1000, 0.0001]]
    request = {
        "task": "age", "clock": "Pb-Pb", "columns": ["Pb204Pb206", "s_Pb204Pb206", "Pb207Pb206", "s_Pb207Pb206"],
        "rows": rows, "errors": ERRORS,
    }  # fmt: skip
    plain = answered(ratios("Pb-Pb", [[r, 0.0001]]))["ages"][0]["age_ma"]
    found = answered(request | {"initial": {"Pb206Pb204": c, "Pb207Pb204": d}})
    assert found["ages"][0]["age_ma"] == pytest.approx(plain, abs=1e-6)


def _on_concordia(t: float) -> tuple[float, float]:
    return math.expm1(0.00098485 * t), math.expm1(0.000155125 * t)


def test_uranium_of_one_age_is_concordant_in_both_layouts() -> None:
    x, y = _on_concordia(4000.0)
    request = {"task": "concordia", "errors": {"level": "2s", "kind": "percent"}}
    rows = [[x, 0.2, y, 0.1, 0.5]] * 3
    found = answered(
        request | {"columns": ["Pb207U235", "s_Pb207U235", "Pb206U238", "s_Pb206U238", "rho"], "rows": rows}
    )
    assert found["age_ma"] == pytest.approx(4000.0, rel=1e-9)
    assert (found["df"], found["df_equivalence"], found["df_concordance"]) == (5, 4, 1)
    assert found["mswd"] == pytest.approx(0, abs=1e-9)
    other = [[1 / y, 0.1, x / y / 137.818, 0.05, 0.0]]
    columns = ["U238Pb206", "s_U238Pb206", "Pb207Pb206", "s_Pb207Pb206", "rho"]
    again = answered(request | {"task": "age", "clock": "U-Pb", "columns": columns, "rows": other})
    ages = [again["ages"][0][f"age_{name}_ma"] for name in ("207_235", "206_238", "207_206", "concordia")]
    assert ages == pytest.approx([4000.0] * 4, abs=1e-5)


def test_a_discordia_cuts_the_concordia_twice() -> None:
    old, young = _on_concordia(4300.0), _on_concordia(500.0)
    rows = []
    for share in (0.2, 0.5, 0.8):
        x, y = (share * old[at] + (1 - share) * young[at] for at in (0, 1))
        rows.append([x, 0.001 * x, y, 0.001 * y, 0.3])
    columns = ["Pb207U235", "s_Pb207U235", "Pb206U238", "s_Pb206U238", "rho"]
    request = {"task": "discordia", "clock": "U-Pb", "columns": columns, "rows": rows, "errors": ERRORS}
    for model in (1, 2):
        found = answered(request | {"model": model})
        assert (found["upper_age_ma"], found["lower_age_ma"]) == (pytest.approx(4300.0), pytest.approx(500.0))
    outer = answered(request | {"external_errors": True})
    assert outer["upper_age_sd_ma"] > answered(request)["upper_age_sd_ma"]


def test_potassium_argon_ages_move_with_branches_and_abundance() -> None:
    request = {
        "task": "recalculate", "clock": "K-Ar", "columns": ["age", "s_age"], "rows": [[3000.0, 50.0]], "errors": ERRORS,
        "from": {"set": "husain-1974"}, "to": {"set": "steiger-jaeger-1977"},
    }  # fmt: skip
    l1, l2 = 0.000472 + 5.85e-5, 0.0005543
    ratio = l2 / 5.81e-5 * (0.0119 / 0.01167) * (5.85e-5 / l1)
    found = answered(request)
    assert found["ages"][0]["age_ma"] == pytest.approx(
        math.log1p(ratio * math.expm1(l1 * 3000.0)) / l2, rel=1e-12
    )
    assert set(found["constants"]) == {"from", "to"}
    assert found["constants"]["from"]["lambda_K40"]["set"] == "husain-1974"


def test_external_errors_of_a_mean_are_those_of_the_clock_once() -> None:
    inner, outer = answered(mean(clock="Rb-Sr")), answered(mean(clock="Rb-Sr", external_errors=True))
    by_constant = inner["age_ma"] * 0.0045 / 1.3972
    assert outer["age_sd_ma"] == pytest.approx(math.hypot(inner["age_sd_ma"], by_constant), rel=1e-12)
    inflated = math.hypot(inner["age_sd_inflated_ma"], by_constant)
    assert outer["age_sd_inflated_ma"] == pytest.approx(inflated, rel=1e-12)
    assert "none are added" in answered(mean(external_errors=True))["warnings"][-1]


def test_a_plateau_of_ages_asks_for_no_constants() -> None:
    rows = [[0.5, 3300.0, 10.0], [0.5, 3305.0, 10.0]]
    request = {"task": "plateau", "columns": ["fraction", "age", "s_age"], "rows": rows, "errors": ERRORS}
    assert answered(request | {"constants": {"set": "early-lunar-Rb"}})["constants"] == {}


def test_rows_of_one_j_make_a_line_and_rows_of_several_do_not() -> None:
    rows = [
        [1.0, 0.01, 350.0, 1.0, 0.01, 1e-5],
        [5.0, 0.01, 590.0, 1.0, 0.01, 1e-5],
        [9.0, 0.01, 830.0, 1.0, 0.01, 1e-5],
    ]
    columns = ["Ar39Ar36", "s_Ar39Ar36", "Ar40Ar36", "s_Ar40Ar36", "J", "s_J"]
    request = {"task": "isochron", "clock": "Ar-Ar", "columns": columns, "rows": rows, "errors": ERRORS}
    assert answered(request)["age_ma"] == pytest.approx(math.log1p(0.01 * 60) / 0.00055305, rel=1e-6)
    several = answer(request | {"rows": [*rows[:2], [*rows[2][:4], 0.011, 1e-5]]})
    assert several["error_rule"] == "missing-field"
    assert several["slope"]
