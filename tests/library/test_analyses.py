"""What was measured: read from text, with its likely mistakes named; one and two sigma say the same."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import analyses, analytes

TODAY = date(2026, 11, 26)
TOLD = {
    "sample": "T-1", "method": "TIMS", "laboratory": "Test laboratory", "holder": "place:vault", "measured_on": "2026-03-14",
    "values": [{"analyte": "Rb", "value": "1.03", "unit": "ppm", "uncertainty": "0.05", "level": "2s"}],
}  # fmt: skip


def faults(**changed: object) -> dict[str, str]:
    read = analyses.read(TOLD | changed, on=TODAY)
    return {one.where: one.said for one in read.faults}


def a_value(**told: str) -> tuple[analyses.Measured | None, list[str], list[str]]:
    found, wrong, unsure = analyses.read_value(told)
    return found, [str(one) for one in wrong], [str(one) for one in unsure]


def test_an_analysis_is_read_whole() -> None:
    read = analyses.read(TOLD | {"consumed": "1.5 mg"}, on=TODAY)
    assert (read.faults, read.doubts) == ((), ())
    assert read.analysis.consumed_ng == 1_500_000
    assert read.analysis.measured_on == date(2026, 3, 14)


def test_everything_that_is_wrong_is_said_at_once() -> None:
    found = faults(method="MAGIC", measured_on="2027-01-01", consumed="much", holder="", values=[])
    assert found.keys() == {"method", "measured_on", "consumed", "holder", "values"}


def test_what_comes_from_the_literature_needs_a_citation_and_no_holder() -> None:
    assert faults(origin="literature", holder="", laboratory="", measured_on="").keys() == {"publication"}
    assert faults(origin="hearsay") != {}


@pytest.mark.parametrize("hostile", ["a\0b", "x" * 3000, 7, ["T-1"]])
def test_a_hostile_text_is_a_fault(hostile: object) -> None:
    assert "sample" in faults(sample=hostile)


@pytest.mark.parametrize(
    "values",
    ["a text", [7], [{}], [{"analyte": "Rb", "value": "1\0", "unit": "ppm"}], [TOLD["values"][0]] * 2],
)  # type: ignore[index]
def test_values_that_are_none_are_faults(values: object) -> None:
    assert faults(values=values)


def test_silica_of_767_percent_has_lost_its_point() -> None:
    (_, (said,), _) = a_value(analyte="SiO2", value="767", unit="wt%")
    assert said.endswith(
        "more than the whole sample; a decimal point was lost, it seems: 76.7 wt% would be usual"
    )


def test_chromium_of_25_million_ppm_was_converted_twice() -> None:
    (_, (said,), _) = a_value(analyte="Cr", value="25500000", unit="ppm")
    assert "25500000 ppm of Cr is more than the whole sample" in said
    assert "twice" in said


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"analyte": "Rb", "value": "-1", "unit": "ppm"}, "value: "),
        ({"analyte": "Rb", "value": "1,5", "unit": "ppm"}, "value: "),
        ({"analyte": "Rb", "value": "nan", "unit": "ppm"}, "value: "),
        ({"analyte": "Rb", "value": "1", "unit": "Ma"}, "unit: "),
        ({"analyte": "Xx", "value": "1", "unit": ""}, "analyte: "),
        ({"analyte": "Rb", "value": "1", "unit": "ppm", "uncertainty": "0.1"}, "level: "),
        ({"analyte": "Rb", "value": "1", "unit": "ppm", "uncertainty": "0", "level": "1s"}, "uncertainty: "),
        (
            {"analyte": "Rb", "value": "1", "unit": "ppm", "uncertainty": "1", "level": "1s", "kind": "odd"},
            "kind: ",
        ),
        ({"analyte": "Rb", "value": "<1", "unit": "ppm", "uncertainty": "1", "level": "1s"}, "uncertainty: "),
        ({"analyte": "Rb", "value": "1", "unit": "ppm", "limit": "2"}, "value: "),
        ({"analyte": "age", "value": "4500", "unit": "Ga"}, "value: "),
        ({"analyte": "rho", "value": "1", "unit": ""}, "value: "),
        ({"analyte": "fraction", "value": "3", "unit": ""}, "value: "),
    ],
)
def test_what_cannot_be_is_refused(told: dict[str, str], where: str) -> None:
    _, wrong, _ = a_value(**told)
    assert [one.startswith(where) for one in wrong] == [True]


@pytest.mark.parametrize(
    "told",
    [
        {"analyte": "age", "value": "4.6", "unit": "Ga"},
        {"analyte": "Rb", "value": "9000", "unit": "ppm"},
        {"analyte": "Rb", "value": "1", "unit": "ppm", "uncertainty": "2", "level": "1s"},
    ],
)
def test_what_is_seldom_is_asked_about(told: dict[str, str]) -> None:
    found, wrong, unsure = a_value(**told)
    assert (found is not None, wrong, len(unsure)) == (True, [], 1)


def test_below_a_limit_there_is_no_value() -> None:
    found, _, _ = a_value(analyte="Rb", value="<0.5", unit="ug/g")
    assert found
    assert (found.value, found.limit, found.unit, found.text) == (None, Decimal("0.5"), "ppm", "<0.5")


@pytest.mark.parametrize("written", ["87Sr/86Sr", "Sr87Sr86", "SR87_SR86", "sr87sr86", "87Sr86Sr"])
def test_a_ratio_has_one_name_however_it_is_written(written: str) -> None:
    assert analytes.find(written) == analytes.Analyte("Sr87Sr86", "ratio")


@pytest.mark.parametrize(("share", "asked"), [("8.4", False), ("4.4", True)])
def test_oxides_that_do_not_sum_to_a_whole_are_asked_about(share: str, asked: bool) -> None:
    oxides = {"SiO2": "45", "TiO2": "3", "Al2O3": "10", "FeO": "20", "MgO": share, "CaO": "12"}
    told = [{"analyte": name, "value": value, "unit": "wt%"} for name, value in oxides.items()]
    assert bool(analyses.read(TOLD | {"values": told}, on=TODAY).doubts) is asked


@given(st.decimals("0.0001", "100", places=4), st.decimals("0.0001", "10", places=4))
def test_one_and_two_sigma_of_the_same_data_agree(value: Decimal, sd: Decimal) -> None:
    one, _, _ = a_value(analyte="Rb", value=str(value), unit="ppm", uncertainty=str(sd), level="1s")
    two, _, _ = a_value(analyte="Rb", value=str(value), unit="ppm", uncertainty=str(2 * sd), level="2s")
    assert one
    assert two
    assert one.sd == two.sd
    assert float(one.sd or 0) == float(two.sd or 0)


def test_custody_is_the_most_that_was_held_on_that_day() -> None:
    postings = [("2026-03-13T10:00:00Z", 500), ("2026-03-14T09:00:00Z", -500), ("2026-03-15T09:00:00Z", 200)]
    days = [date(2026, 3, day) for day in (12, 13, 14, 15, 16)]
    assert [analyses.held_ng(postings, day) for day in days] == [0, 500, 500, 200, 200]


def test_a_laboratory_that_did_not_hold_the_split_is_told_so() -> None:
    analysis = analyses.read(TOLD | {"consumed": "2 mg"}, on=TODAY).analysis
    assert [one.where for one in analyses.check_custody(analysis, 0)] == ["holder"]
    assert [one.where for one in analyses.check_custody(analysis, 1)] == ["consumed"]
    assert list(analyses.check_custody(analysis, 2_000_000)) == []


def test_every_method_of_the_vocabulary_has_a_name_in_both_languages() -> None:
    assert len(analyses.methods()) > 30
    assert all(words.en and words.zh for words in analyses.methods().values())
