"""Numbers, dates and descriptions as people write them, before any statement is understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot.reading import answers, datelines, datings, extraction, missions, numerals, references
from aliquot.reading.claims import shown
from aliquot.reading.marks import Mark, Sentence
from aliquot.reading.references import Spoken
from aliquot.reading.resolving import Clock


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a hundred and thirty-five", 135), ("three hundred and eighty-two", 382), ("twenty-six thousand", 26000), ("half a dozen", 6), ("two dozen", 24),
        ("one thousand seven hundred and thirty-one", 1731), ("half of the", "0.5"), ("three quarters of a", "0.75"), ("one and a half", "1.5"),
        ("twenty-one point six", "21.6"), ("1,731", 1731), ("十七", 17),
    ],
)  # fmt: skip
def test_a_number_in_words_is_the_number_in_digits(text: str, value: int | str) -> None:
    read = numerals.read(text)
    assert read
    assert read[0] == Decimal(value)


@given(st.integers(min_value=1, max_value=999_999))
def test_every_whole_number_is_read_as_it_is_spelt(number: int) -> None:
    read = numerals.read(spelt(number))
    assert read
    assert read[0] == number


def spelt(number: int) -> str:
    ones = [
        "zero",
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
    ]
    tens = ["zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    if number >= 1000:
        return f"{spelt(number // 1000)} thousand" + (f" {spelt(number % 1000)}" if number % 1000 else "")
    if number >= 100:
        return f"{ones[number // 100]} hundred" + (f" and {spelt(number % 100)}" if number % 100 else "")
    if number < 20:
        return ones[number]
    return tens[number // 10] + (f"-{ones[number % 10]}" if number % 10 else "")


NOW = Clock(date(2025, 4, 28), "2020-12-01")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("sixteen days later", "2020-12-17"), ("a month later", "2021-01"), ("fourteen months earlier", "2019-10"), ("two years ago", "2023"),
        ("June 2 last year", "2024-06-02"), ("last summer", "2024-06/2024-08"), ("on Dec. 22 of that year", "2020-12-22"), ("July 22-28, 2024", "2024-07-22/2024-07-28"),
        ("26 June to 9 July 2021", "2021-06-26/2021-07-09"), ("August to November 2024", "2024-08/2024-11"), ("1969-72", "1969/1972"),
        ("July the twenty-fourth, sixty-nine", "1969-07-24"), ("the first of December 2020", "2020-12-01"), ("a November night in 2020", "2020-11"),
        ("by the end of the decade", "2029/2030"), ("two weeks later", "2020-12-15"), ("later that month", "2020-12"),
    ],
)  # fmt: skip
def test_a_date_is_resolved_from_what_was_told_and_from_the_day_of_the_text(text: str, found: str) -> None:
    assert [mark.name for mark in datings.dates(text, NOW)] == [found]


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [
        ("fr", "du 27 juin au 9 juillet 2021", "2021-06-27/2021-07-09"), ("fr", "le 1er décembre 2020", "2020-12-01"), ("fr", "en juin dernier", "2024-06"),
        ("fr", "le 3 juin dernier", "2024-06-03"), ("fr", "en juin de l'an dernier", "2024-06"), ("fr", "trois ans plus tard", "2023"), ("fr", "il y a vingt ans", "2005"),
        ("fr", "à la fin des années 1970", "1977/1979"), ("fr", "l'été dernier", "2024-06/2024-08"), ("fr", "entre 2028 et 2029", "2028/2029"), ("fr", "deux mois plus tard", "2021-02"),
        ("de", "vom 27. Juni bis zum 9. Juli 2021", "2021-06-27/2021-07-09"), ("de", "am 16. Dezember 2020", "2020-12-16"), ("de", "17.12.2020", "2020-12-17"),
        ("de", "im Juni vergangenen Jahres", "2024-06"), ("de", "sechzehn Tage später", "2020-12-17"), ("de", "vor zwei Jahren", "2023"), ("de", "Ende der 1970er", "1977/1979"),
        ("de", "im Jahr darauf", "2021"), ("de", "seit März", "2025-03"), ("zh", "去年6月", "2024-06"), ("zh", "2023年底", "2023-12"), ("zh", "上世纪70年代", "1970/1979"),
        ("zh", "三年后", "2023"), ("zh", "2021年6月27日至7月9日", "2021-06-27/2021-07-09"), ("ja", "2カ月後", "2021-02"), ("ja", "昨年12月", "2024-12"), ("ja", "翌年", "2021"),
    ],
)  # fmt: skip
def test_a_date_is_read_in_the_forms_of_its_language(language: str, text: str, found: str) -> None:
    clock = replace(NOW, language=language)
    assert [mark.name for mark in datings.dates(text, clock)] == [found]


def test_the_planet_mars_is_a_month_in_french_alone() -> None:
    assert not list(datings.dates("A mission to Mars in time", NOW))


@pytest.mark.parametrize(
    ("language", "text", "found"),
    [("fr", "quatre-vingt-dix-sept", 97), ("fr", "cent trente-cinq", 135), ("fr", "1 731", 1731), ("de", "siebenundzwanzig", 27), ("de", "hundertfünfunddreißig", 135), ("de", "1.731", 1731)],
)  # fmt: skip
def test_a_number_is_read_in_the_words_of_its_language(language: str, text: str, found: int) -> None:
    read = numerals.read(text, language)
    assert read is not None
    assert read[0] == found


def test_the_day_of_a_dateline_is_no_date_of_the_statement() -> None:
    line = "BEIJING, April 25, 2025 (Agency) -- Seven laboratories were cleared."
    assert datelines.date_line(line) == date(2025, 4, 25)
    assert datelines.opening(line) > line.index("2025")
    assert datelines.opening("In April 2025 seven laboratories were cleared.") == 0


def mission(name: str, start: int = 0) -> Mark:
    return Mark("mission", start, start + len(name), name, "mission")


@pytest.mark.parametrize(
    ("text", "spoken", "found"),
    [
        ("Its predecessor came home.", Spoken(mission="CE-6"), ["CE-5"]),
        ("Its successor came home.", Spoken(mission="Luna 16"), ["Luna 20"]),
        ("Its successor came home.", Spoken(mission="CE-6"), []),
        ("The second, last summer, did better.", Spoken(pair=("CE-5", "CE-6")), ["CE-6"]),
        ("Neil Armstrong stood there.", Spoken(), ["Apollo 11"]),
    ],
)
def test_a_mission_is_known_by_its_description(text: str, spoken: Spoken, found: list[str]) -> None:
    assert [mark.name for mark in references.missions(text, [], spoken)] == found


def test_a_house_and_a_capital_are_known_by_their_description() -> None:
    house = Mark("party", 0, 6, "Deutsches Museum", "institution", "DE")
    spoken = Spoken()
    references.remember(spoken, [house])
    assert [mark.name for mark in references.parties("It is in the museum.", [], spoken)] == [
        "Deutsches Museum"
    ]
    text = "It was shown in the Thai capital."
    thai = Mark("party", text.index("Thai"), text.index(" capital"), "TH", "state", "TH")
    (mark,) = references.parties(text, [thai], Spoken())
    assert text[mark.start : mark.end] == "Thai capital"


@pytest.mark.parametrize(
    ("question", "answer", "whole"),
    [
        ("How many people have walked on the Moon?", "Twelve.", "Twelve people have walked on the Moon."),
        (
            "Q: Which robot brought the first soil?",
            "A: Luna 16, in 1970.",
            "Luna 16, in 1970 brought the first soil.",
        ),
        ("How many people have walked on the Moon?", "It is a long story.", ""),
        ("", "Twelve.", ""),
    ],
)
def test_a_short_answer_takes_the_place_of_the_question_word(question: str, answer: str, whole: str) -> None:
    assert answers.joined(question, Sentence(0, len(answer), answer, answer)) == whole


@pytest.mark.parametrize(
    ("text", "found"),
    [("Apollo eleven", ["Apollo 11"]), ("Apollo XVII", ["Apollo 17"]), ("Chang'e Six", ["CE-6"]), ("Luna sixteen", ["Luna 16"]), ("the Apollo six missions", ["Apollo"])],
)  # fmt: skip
def test_a_mission_is_known_by_a_number_in_words(text: str, found: list[str]) -> None:
    assert [mark.name for mark in missions.missions(text)] == found


def test_chinese_in_traditional_characters_is_read_in_its_place() -> None:
    text = "嫦娥五號帶回1731克月壤。"
    ((said, claim),) = extraction.read(text)[2]
    assert shown(claim) == "returned_mass(CE-5) 1731 g"
    assert said.quote == text
