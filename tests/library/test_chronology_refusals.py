"""What cannot be dated: the rule, the rows, a sentence; never an age, never an exception."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot.chronology.refusal import Rule

from .chronology_requests import (
    ERRORS,
    RUBIDIUM,
    RUBIDIUM_COLUMNS,
    answer,
    answered,
    isochron,
    mean,
    ratios,
    york,
)

ARGON = {
    "task": "isochron", "clock": "Ar-Ar", "errors": ERRORS, "J": [0.01, 1e-5],
    "columns": ["Ar39Ar36", "s_Ar39Ar36", "Ar40Ar36", "s_Ar40Ar36"],
    "rows": [[1.0, 0.01, 350.0, 1.0], [5.0, 0.01, 590.0, 1.0]],
}  # fmt: skip
AGES = {"columns": ["age", "s_age"], "rows": [[3000.0, 1.0]], "errors": ERRORS}
MOVE = AGES | {"task": "recalculate", "from": {"set": "husain-1974"}, "to": {"set": "steiger-jaeger-1977"}}
LEAD = {"task": "isochron", "clock": "Pb-Pb", "form": "normal", "errors": ERRORS,
        "columns": ["Pb206Pb204", "s_Pb206Pb204", "Pb207Pb204", "s_Pb207Pb204"]}  # fmt: skip
DISCORDIA = {"task": "discordia", "clock": "U-Pb", "errors": ERRORS,
             "columns": ["U238Pb206", "s_U238Pb206", "Pb207Pb206", "s_Pb207Pb206"]}  # fmt: skip
THREE = {"task": "isochron", "clock": "Pb-Pb", "errors": ERRORS, "columns": [
    "Pb206Pb204", "s_Pb206Pb204", "Pb207Pb204", "s_Pb207Pb204", "Pb206Pb207", "s_Pb206Pb207"]}  # fmt: skip


def _with(row: int, column: int, value: object) -> list[list[Any]]:
    rows: list[list[Any]] = [list(each) for each in RUBIDIUM]
    rows[row - 1][column] = value
    return rows


BAD: dict[str, tuple[dict[str, Any], str, list[int]]] = {
    "a field nobody knows": (isochron(modle=2), "unknown-field", []),
    "a field nobody knows inside errors": (isochron(errors={**ERRORS, "sigma": 2}), "unknown-field", []),
    "a model nobody knows": (isochron(model=4), "unknown-field", []),
    "truth for a model": (isochron(model=True), "unknown-field", []),
    "a task nobody knows": (isochron(task="isochrone"), "unknown-task", []),
    "no task": ({"clock": "Rb-Sr"}, "missing-field", []),
    "an unknown clock before unknown constants": (isochron(clock="Rb-Hf", constants={"set": "x"}), "unknown-clock", []),
    "no clock": ({"task": "isochron", "rows": []}, "missing-field", []),
    "an unknown set before a missing clock": ({"task": "isochron", "constants": {"set": "x"}}, "unknown-constant", []),
    "a clock that the task does not go by": (isochron(clock="U-Pb"), "unknown-clock", []),
    "a set nobody knows": (isochron(constants={"set": "steiger-1977"}), "unknown-constant", []),
    "a constant in no set of the list": (isochron(constants={"set": ["husain-1974"]}), "unknown-constant", []),
    "an override of nothing": (isochron(constants={"override": {"lambda_Rb": [1e-5, 0]}}), "unknown-constant", []),
    "an override without a value": (isochron(constants={"override": {"lambda_Rb87": "old"}}), "unknown-constant", []),
    "constants that are a name": (isochron(constants="husain-1974"), "unknown-constant", []),
    "a set without branches for K-Ar": (MOVE | {"clock": "K-Ar", "to": {}}, "unknown-constant", []),
    "no rows": (isochron(rows=None), "missing-field", []),
    "lists without columns": (isochron(columns=None), "missing-field", []),
    "no errors": (isochron(errors=None), "missing-field", []),
    "no level": (isochron(errors={"kind": "absolute"}), "missing-field", []),
    "no J": (ARGON | {"J": None}, "missing-field", []),
    "J without its error": (ARGON | {"J": 0.01}, "missing-field", []),
    "no monitor": (MOVE | {"clock": "Ar-Ar"}, "missing-field", []),
    "no constants to go to": ({**MOVE, "clock": "K-Ar", "to": None, "from": {"set": "husain-1974"}}, "unknown-constant", []),
    "nothing to go to": ({**MOVE, "clock": "Rb-Sr", "to": None, "from": None}, "missing-field", []),
    "no initial ratio": (isochron(task="age"), "missing-field", []),
    "an initial ratio without a name": (ARGON | {"task": "age", "initial": 298.56}, "missing-field", []),
    "half of common lead": (
        {**LEAD, "task": "age", "rows": [[20, 1, 15, 1]], "initial": {"Pb206Pb204": 9.3}}, "missing-field", []),
    "a short row": (isochron(rows=[*RUBIDIUM, [0.1, 0.1]]), "row-length", [18]),
    "a row that is a number": (isochron(rows=[*RUBIDIUM, 7]), "row-length", [18]),
    "no column of errors": (isochron(columns=["Rb87Sr86", "Sr87Sr86"], rows=[[1, 2], [2, 3]]), "missing-column", []),
    "no 39Ar for a plateau": (ARGON | {"task": "plateau"}, "missing-column", []),
    "J without its column of errors": (
        ARGON | {"columns": [*ARGON["columns"], "J"], "rows": [[1, 1, 1, 1, 0.01]] * 2}, "missing-column", []),  # type: ignore[misc]
    "a column nobody knows": (
        isochron(columns=[*RUBIDIUM_COLUMNS, "Sr"], rows=[[*row, 1] for row in RUBIDIUM]), "unknown-column", []),
    "a correlation where there is one ratio": (
        ratios("Rb-Sr", [[0.05, 0.01, 0.5]], columns=["ratio", "s_ratio", "rho"]), "unknown-column", []),
    "an exception for no column": (
        isochron(errors={**ERRORS, "columns": {"s_Sr": {"kind": "percent"}}}), "unknown-column", []),
    "a unit nobody knows": (mean(units={"age": "Myr"}), "bad-unit", []),
    "a unit for a ratio": (isochron(units={"Rb87Sr86": "ppm"}), "bad-unit", []),
    "an omitted row that is not there": (isochron(omit=[{"row": 18, "reason": "x"}]), "bad-omit", []),
    "an omitted row without a reason": (isochron(omit=[{"row": 2, "reason": " "}]), "bad-omit", [2]),
    "one row": (isochron(rows=RUBIDIUM[:1]), "too-few-rows", []),
    "two rows for model 3": (isochron(rows=RUBIDIUM[:2], model=3), "too-few-rows", []),
    "no row for a mean": (mean(rows=[]), "too-few-rows", []),
    "an empty cell": (isochron(rows=_with(4, 2, None)), "not-a-number", [4]),
    "a text": (isochron(rows=_with(4, 0, "0.03")), "not-a-number", [4]),
    "a truth": (isochron(rows=_with(4, 0, True)), "not-a-number", [4]),
    "a text for an error": (isochron(rows=_with(4, 1, "0.1")), "not-a-number", [4]),
    "an empty error": (isochron(rows=_with(4, 1, None)), "bad-error", [4]),
    "an error of zero": (isochron(rows=_with(4, 3, 0)), "bad-error", [4]),
    "an error below zero": (isochron(rows=_with(4, 3, -1)), "bad-error", [4]),
    "the first bad row, though a later one breaks an earlier rule": (
        isochron(rows=[*_with(3, 3, 0)[:5], *_with(9, 2, None)[5:]]), "bad-error", [3]),
    "a correlation of 1": (york([[0, 1, 0, 1, 1.0], [1, 1, 1, 1, 0]]), "bad-correlation", [1]),
    "three ratios that contradict each other": (
        THREE | {"rows": [[20, 0.1, 15, 0.1, 20 / 15, 0.1], [30, 0.1, 22, 0.1, 30 / 22, 0.1]]}, "bad-correlation", [1]),
    "one x": (york([[1, 0.1, 2, 0.1, 0], [1, 0.2, 3, 0.1, 0]]), "all-x-equal", []),
    "a falling isochron": (isochron(rows=[[0.1, 0.01, 0.71, 0.01], [0.2, 0.01, 0.7, 0.01]]), "no-age", []),
    "a discordia above the concordia": (
        DISCORDIA | {"rows": [[1.0, 0.01, 101.0, 0.01], [2.0, 0.01, 102.0, 0.01]]}, "no-age", []),
    "lead younger than today": (
        LEAD | {"rows": [[10, 0.1, 10, 0.01], [20, 0.1, 10.4, 0.01]]}, "ratio-out-of-range", []),
    "lead older than all": (LEAD | {"rows": [[10, 0.1, 10, 0.1], [20, 0.1, 600, 0.1]]}, "ratio-out-of-range", []),
    "a mean older than all": (mean(rows=[[12000, 1], [12001, 1]]), "ratio-out-of-range", []),
    "steps that released no gas": (
        {"task": "plateau", "columns": ["fraction", "age", "s_age"], "errors": ERRORS, "rows": [[0, 3300, 9], [0, 3301, 9]]},
        "no-plateau", []),
    "rows without any age": (ratios("Rb-Sr", [[-0.1, 0.1], [-0.2, 0.1]]), "no-age", [1, 2]),
}  # fmt: skip


def test_every_rule_has_bad_input_that_breaks_it() -> None:
    assert {rule for _, rule, _ in BAD.values()} == {rule.value for rule in Rule}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named(name: str) -> None:
    request, rule, rows = BAD[name]
    found = answer(request)
    assert (found.get("error_rule"), found.get("error_rows")) == (rule, rows), found.get("error")
    assert found["error"].startswith(rule)
    assert found["error"].endswith(".")
    assert found.get("age_ma") is None


@pytest.mark.parametrize(
    "name", ["a falling isochron", "lead younger than today", "a discordia above the concordia"]
)
def test_a_line_without_an_age_still_reports_its_fit(name: str) -> None:
    found = answer(BAD[name][0])
    assert found["slope_sd"] > 0
    assert found["n"] == 2
    assert "quoted" not in found


def test_a_bad_ratio_concerns_its_row_alone() -> None:
    found = answered(ratios("Rb-Sr", [[0.05, 0.001], [-0.01, 0.001], [0.9, 0.001]]))
    assert [each["row"] for each in found["ages"]] == [1, 2, 3]
    assert "no-age (row 2)" in found["ages"][1]["error"]
    assert "ratio-out-of-range (row 3)" in found["ages"][2]["error"]
    assert "age_ma" not in found["ages"][1]
    old = answered(
        MOVE | {"clock": "Rb-Sr", "from": {}, "to": {"set": "early-lunar-Rb"}, "rows": [[4000, 1], [-5, 1]]}
    )
    assert [("error" in each) for each in old["ages"]] == [False, True]


@pytest.mark.parametrize("model", [1, 2])
def test_model_2_takes_rows_without_errors_and_model_1_does_not(model: int) -> None:
    bare = {
        "columns": ["Rb87Sr86", "Sr87Sr86"],
        "rows": [[row[0], row[2]] for row in RUBIDIUM],
        "errors": None,
    }
    found = answer(isochron(model=model, **bare))
    assert found.get("error_rule") == (None if model == 2 else "missing-column")
    if model == 2:
        assert found["age_ma"] == answered(isochron(model=2))["age_ma"]


ODD = st.sampled_from(
    [
        None,
        0,
        -1,
        1,
        3,
        0.5,
        1e308,
        -1e308,
        1e-320,
        10**400,
        "x",
        True,
        [],
        {},
        [1, 2],
        {"set": 1},
        "1s",
        "inverse",
    ]
)
FIELDS = [
    "form", "model", "overdispersed", "outlier_test", "random_effects", "initial", "constants", "external_errors", "alpha",
    "coverage", "J", "omit", "errors", "units", "task", "clock", "columns", "rows", "layout", "from", "to", "id",
    "monitor_age_ma",
]  # fmt: skip
SOUND = [isochron(), isochron(model=3), york(), mean(random_effects=True), ARGON, MOVE | {"clock": "K-Ar"}]


@settings(max_examples=150)
@given(st.sampled_from(SOUND), st.dictionaries(st.sampled_from(FIELDS), ODD, max_size=2), st.integers(0, 99), st.integers(0, 9), ODD)  # fmt: skip
def test_whatever_is_asked_there_is_an_answer(
    sound: dict[str, Any], changes: dict[str, Any], row: int, column: int, cell: Any
) -> None:
    rows = [list(each) for each in sound["rows"]]
    if row < len(rows) and column < len(rows[row]):
        rows[row][column] = cell
    found = answer(sound | {"rows": rows} | changes)
    json.dumps(found, allow_nan=False)
    assert ("error" in found) is ("error_rule" in found)
