"""Ages from analyses: the request that is kept, what the line means, and the same bytes when it is computed again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import analyses, fault, published_ages, result_citations, result_duties, results
from aliquot.result_duties import Loan
from aliquot.results import Part, Wish

APOLLO = (
    Path(__file__).parents[3]
    / "shared"
    / "data"
    / "apollo12-rbsr-compston1971"
    / "apollo12_rbsr_compston1971.csv"
)
WISH = Wish("isochron", "Rb-Sr", "whole-rock", {})
ON = date(2026, 11, 26)


def a_part(key: str, *, level: str = "1s", times: int = 1, **told: tuple[str, str]) -> Part:
    values = {}
    for analyte, (value, sd) in told.items():
        measured, wrong, _ = analyses.read_value(
            {"analyte": analyte, "value": value, "unit": "Ma" if analyte == "age" else "", "level": level,
             "uncertainty": str(float(sd) * times)}
        )  # fmt: skip
        assert not wrong
        values[analyte] = measured or fault.bug("not read")
    return Part(key, key, values)


def three() -> list[Part]:
    rows = (("a", "0.0312", "0.7013"), ("b", "0.0536", "0.7024"), ("c", "0.1705", "0.7101"))
    return [a_part(key, Rb87Sr86=(x, "0.0008"), Sr87Sr86=(y, "0.0001")) for key, x, y in rows]


def apollo(level: str = "1s", times: int = 1) -> list[Part]:
    if not APOLLO.exists():
        pytest.skip("the shared data are not here")
    with APOLLO.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [
        a_part(row["row"], level=level, times=times, Rb87Sr86=(row["Rb87_Sr86"], row["s_Rb87_Sr86"]),
               Sr87Sr86=(row["Sr87_Sr86"], row["s_Sr87_Sr86"]))
        for row in rows
    ]  # fmt: skip


def age_of(parts: Sequence[Part], wish: Wish = WISH) -> dict[str, object]:
    found = json.loads(results.derive(results.request(wish, parts)).answer)
    assert isinstance(found, dict)
    return found


def test_the_seventeen_of_apollo_12_give_4499_million_years_and_a_warning() -> None:
    answer = age_of(apollo())
    assert answer["age_ma"] == pytest.approx(4499, abs=1)
    (warning,) = results.warnings("whole-rock", answer, samples=17)
    assert warning.said == "This 4.50 Ga whole-rock line is no eruption age"


def test_without_the_soils_the_line_is_far_less_certain() -> None:
    reason = "a soil: its rubidium comes from KREEP"
    wish = replace(WISH, omitted={"15": reason, "16": reason, "17": reason})
    answer = age_of(apollo(), wish)
    assert answer["n"] == 14
    assert answer["age_ma"] == pytest.approx(4040, abs=1)
    assert [one["reason"] for one in answer["rows_rejected"]] == [reason] * 3  # type: ignore[attr-defined]


def test_two_sigma_tables_of_the_same_data_give_the_same_bytes() -> None:
    assert results.derive(results.request(WISH, apollo())) == results.derive(
        results.request(WISH, apollo("2s", 2))
    )


def test_it_comes_out_the_same_again_byte_by_byte() -> None:
    kept = results.derive(results.request(WISH, three()))
    assert results.again(kept.request, kept.answer).is_same
    altered = kept.answer.replace('"n": 3', '"n": 4')
    assert results.again(kept.request, altered).differs == ("n",)


def test_an_answer_of_another_version_is_held_against_its_numbers_alone() -> None:
    kept = results.derive(results.request(WISH, three()))
    old = json.dumps(json.loads(kept.answer) | {"version": "0.0.1"})
    found = results.again(kept.request, old)
    assert (found.is_same, found.version_then) == (True, "0.0.1")


def test_other_constants_give_a_second_answer_beside_the_first() -> None:
    asked = results.request(WISH, three())
    then, now = (
        age_of(three()),
        json.loads(results.derive(results.with_constants(asked, ["steiger-jaeger-1977"])).answer),
    )
    assert now["age_ma"] / float(str(then["age_ma"])) == pytest.approx(1.3972 / 1.42)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"task": "divination"}, "task"),
        ({"clock": "cuckoo"}, "clock"),
        ({"meaning": ""}, "meaning"),
        ({"model": 9}, "model"),
        ({"omitted": {"a": " "}}, "reason"),
        ({"omitted": {"z": "gone"}}, "omit"),
        ({"omitted": {"a": "x", "b": "x", "c": "x"}}, "omit"),
        ({"omitted": {"a": "x\0"}}, "reason"),
        ({"note": "\0"}, "note"),
        ({"clock": "Sm-Nd"}, "analyses"),
    ],
)  # fmt: skip
def test_a_wish_that_is_none_is_refused(changed: dict[str, object], where: str) -> None:
    with pytest.raises(fault.Refused) as refused:
        results.request(replace(WISH, **changed), three())  # type: ignore[arg-type]
    assert where in {one.where for one in refused.value.faults}


def test_nothing_is_derived_from_nothing() -> None:
    with pytest.raises(fault.Refused):
        results.request(WISH, [])


def test_a_mean_of_published_ages_needs_no_clock() -> None:
    answer = age_of(
        [a_part("a", age=("3200", "10")), a_part("b", age=("3210", "10"))],
        replace(WISH, task="mean", clock=""),
    )
    assert answer["age_ma"] == pytest.approx(3205)


REQUESTS = Path(__file__).parents[3] / "shared" / "data" / "isoplotr-reference" / "requests.jsonl"
KINDS = {
    "upb-kamo-concordia-age": "concordia", "upb-kamo-discordia-model1": "discordia", "spectrum-skye": "plateau",
    "spectrum-ludwig": "plateau", "arar-skye-f1-inverse-model1": "isochron", "pbpb-cai-f2-inverse-model1": "isochron",
    "wm-ludwig-default": "mean", "reos-selby-f1-model1": "isochron",
}  # fmt: skip


@pytest.mark.parametrize(("name", "task"), list(KINDS.items()))
def test_every_kind_of_age_comes_out_of_recorded_values_as_out_of_the_numbers(name: str, task: str) -> None:
    if not REQUESTS.exists():
        pytest.skip("the shared data are not here")
    lines = map(json.loads, REQUESTS.read_text("utf-8").splitlines())
    given = next(one["request"] for one in lines if one["id"] == name)
    parts = []
    for at, row in enumerate(given["rows"], 1):
        said = dict(zip(given["columns"], row, strict=True))
        if given.get("J"):
            said |= {"J": given["J"][0], "s_J": given["J"][1]}
        values = {}
        for analyte in (one for one in said if not one.startswith("s_")):
            error = said.get(f"s_{analyte}")
            told = {
                "analyte": analyte,
                "value": repr(said[analyte]),
                "unit": "Ma" if analyte == "age" else "",
            }
            told |= {"uncertainty": repr(error), "level": "1s"} if error is not None else {}
            measured, wrong, _ = analyses.read_value(told)
            assert not wrong
            values[analyte] = measured or fault.bug("not read")
        parts.append(Part(str(at), str(at), values))
    wish = replace(
        WISH, task=task, clock=given.get("clock") or "Ar-Ar", outlier_test=given.get("outlier_test", "none")
    )
    expected = json.loads(results.derive({k: v for k, v in given.items() if k not in ("id", "note")}).answer)
    found = age_of(parts, wish)
    same = ("age_ma", "age_sd_ma", "mswd", "upper_age_ma", "fraction", "n")
    assert "error" not in found
    told = {one: expected[one] for one in same if expected.get(one) is not None}
    assert {one: found[one] for one in told} == pytest.approx(told, rel=1e-9)


# -- published ages ------------------------------------------------------------------------------------------


def test_every_published_age_is_in_the_record_with_its_citation() -> None:
    found = published_ages.load()
    assert len(found) == 143 + 7
    assert all(one.reference for one in found)
    assert {one.mission for one in found} == set(published_ages.SITES)


def test_the_headline_is_computed_and_holds_under_any_constants() -> None:
    for choice in published_ages.CHOICES:
        found = published_ages.headline(choice)
        assert found
        assert found.difference_ma == pytest.approx(1170, abs=12)
        assert found.against_youngest_ma[0] == pytest.approx(770, abs=1)


def test_rubidium_ages_move_with_the_constant_and_argon_ages_do_not() -> None:
    ages = {one.method: one for one in published_ages.load() if one.sample == "10003"}
    assert published_ages.on_constants(ages["Rb-Sr"], "steiger-jaeger-1977")[0] == pytest.approx(
        3840 * 1.39 / 1.42
    )
    assert published_ages.on_constants(ages["Ar-Ar"], "steiger-jaeger-1977")[0] == pytest.approx(3920)


def test_crater_density_and_age_are_two_ways_of_one_function() -> None:
    yue = published_ages.craters()[-1]
    assert yue.per_km2(2030) == pytest.approx(1.555e-3, rel=1e-3)
    assert yue.age_ma(yue.per_km2(2030)) == pytest.approx(2030)
    assert published_ages.epoch_of(2030).name.en == "Eratosthenian"


# -- citations, duties, crates -------------------------------------------------------------------------------


def a_publication(**told: str) -> tuple[result_citations.Publication, set[str]]:
    found, wrong = result_citations.read({"citation": "Li et al. 2021"} | told, on=ON)
    return found, {one.where for one in wrong}


def test_an_embargo_keeps_what_is_accepted_until_its_day() -> None:
    found, wrong = a_publication(accepted_on="2026-10-01", embargo_until="2026-12-24")
    assert not wrong
    assert [found.is_public(date(2026, 12, day)) for day in (23, 24)] == [False, True]
    assert not a_publication()[0].is_public(ON)
    assert (
        a_publication(doi="https://doi.org/10.1038/s41586-021-04100-2")[0].doi == "10.1038/s41586-021-04100-2"
    )


@pytest.mark.parametrize(
    ("told", "where"),
    [
        ({"citation": ""}, "citation"),
        ({"citation": "\0"}, "citation"),
        ({"doi": "11.1/x"}, "doi"),
        ({"year": "20 21"}, "year"),
        ({"accepted_on": "soon"}, "accepted_on"),
        ({"accepted_on": "2027-01-01"}, "accepted_on"),
        ({"embargo_until": "2099-01-01"}, "embargo_until"),
    ],
)
def test_a_publication_that_is_told_wrongly_is_refused(told: dict[str, str], where: str) -> None:
    assert where in a_publication(**told)[1]


def test_a_citation_is_a_sentence_and_datacites_fields() -> None:
    one = result_citations.Cited("Age of T-1", ("Ada",), "A facility", ON, "https://example.org/results/k/", "0.1",
                                 (a_publication(doi="10.1038/x")[0],), "T-1")  # fmt: skip
    assert (
        result_citations.as_text(one)
        == "Ada (2026): Age of T-1. A facility. Dataset. https://example.org/results/k/"
    )
    fields = result_citations.as_datacite(one)
    assert {"creators", "titles", "publisher", "publicationYear", "types", "identifiers"} <= fields.keys()


def test_results_are_due_so_many_months_after_a_loan_and_reminders_are_sent_once() -> None:
    loan = Loan("L-1", "bo", ("T-1", "T-2"), date(2025, 8, 31), date(2026, 8, 31))
    running = Loan("L-2", "bo", ("T-3",), date(2025, 8, 31))
    (duty,) = result_duties.duties([loan, running], results_months=6, reported=frozenset({"T-1"}))
    assert (duty.due, duty.missing) == (date(2027, 2, 28), ("T-2",))
    assert not duty.is_overdue(duty.due)
    told = told_on(duty, range(70, -95, -1))
    assert [left for left, _key in told] == [60, 14, 0, -30, -60, -90]
    assert result_duties.duties([loan], results_months=0) == ()


def told_on(duty: result_duties.Duty, looks: Iterable[int]) -> list[tuple[int, str]]:
    """Return what is new each time that somebody looks, so many days before the last day: the days left, and the key."""
    known: dict[str, int] = {}
    for left in looks:
        for one in result_duties.reminders([duty], on=duty.due - timedelta(days=left)):
            known.setdefault(one.key, left)
    return [(left, key) for key, left in known.items()]


@given(st.lists(st.integers(-200, 80), min_size=1, max_size=30, unique=True))
def test_whoever_slept_on_the_day_of_a_reminder_tells_it_on_waking_and_once(looks: list[int]) -> None:
    loan = Loan("L-1", "bo", ("T-1",), date(2025, 8, 31), date(2026, 8, 31))
    (duty,) = result_duties.duties([loan], results_months=6)
    looks.sort(reverse=True)
    told = told_on(duty, looks)
    stages = (60, 14, 0, *range(-30, -230, -30))
    reached = {min(stage for stage in stages if stage >= left) for left in looks if left <= 60}
    assert len(told) == len(reached)
    assert [left for left, _ in told] == [
        max(left for left in looks if left <= stage) for stage in sorted(reached, reverse=True)
    ]


def test_a_mean_of_ages_that_disagree_says_so() -> None:
    for choice in published_ages.CHOICES:
        found = published_ages.means(choice)
        assert not found["apollo-12"].is_scattered
        assert found["apollo-11"].is_scattered
    # Under these constants no age of Apollo 15 counts as an outlier any more, and the mean lies where no age is.
    assert published_ages.means("steiger-jaeger-1977")["apollo-15"].is_scattered


def test_a_number_tells_its_site_as_far_as_the_record_does() -> None:
    assert [published_ages.site_of(number) for number in ("12009", "12033", "12033,5", "75015", "10003")] == [
        "apollo-12", "apollo-12", "apollo-12", "apollo-17", "apollo-11",
    ]  # fmt: skip
    assert published_ages.site_of("L16-B1") == "luna-16"
    assert [published_ages.site_of(number) for number in ("", "99999", "T-1", "1203", "120333")] == [""] * 5
    for site in ("apollo-12", "luna-24"):
        exact, begun = published_ages.numbers_of(site)
        assert all(
            published_ages.site_of(number) == site for number in (*exact, *(f"{two}000" for two in begun))
        )
