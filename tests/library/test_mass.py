"""Masses: exact to the nanogram, or one clear fault."""

from __future__ import annotations

import decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import mass
from aliquot.fault import Fault
from aliquot.mass import MAX_NG

MASSES_NG = st.integers(0, MAX_NG)


@pytest.mark.parametrize(
    ("text", "mass_ng"),
    [
        ("1.25 g", 1_250_000_000),
        ("1731 g", 1_731_000_000_000),
        ("480mg", 480_000_000),
        ("0.000000001 g", 1),
        ("1.0000000010 g", 1_000_000_001),
        ("3 ng", 3),
        ("2.5 µg", 2_500),
        ("2.5 μg", 2_500),
        ("2.5 ug", 2_500),
        ("375.03599 kg", 375_035_990_000_000),
        ("0 g", 0),
        ("007 g", 7_000_000_000),
        ("  1 g\n", 1_000_000_000),
        ("1\u00a0g", 1_000_000_000),
        ("1\u202fg", 1_000_000_000),
        ("9223372036854775807 ng", MAX_NG),
        ("9223372036.854775807 g", MAX_NG),
    ],
)
def test_a_mass_is_read_to_the_nanogram(text: str, mass_ng: int) -> None:
    assert mass.read(text) == mass_ng


COMMA = "has a comma or a space where it cannot be told whether it parts thousands or decimals"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1,5 g", COMMA),
        ("1,500 g", COMMA),
        ("1 500 g", COMMA),
        ("1,935.3 g", "has marks between its thousands"),
        ("-3 mg", "is below zero"),
        ("−3 mg", "is below zero"),
        ("1e400 g", "is not a mass"),
        ("1e3 g", "is not a mass"),
        ("NaN", "is not a mass"),
        ("nan g", "is not a mass"),
        ("inf g", "is not a mass"),
        ("", "the mass is missing"),
        ("   ", "the mass is missing"),
        ("1.25", "has no unit"),
        ("17", "has no unit"),
        ("g", "is not a mass"),
        (".5 g", "is not a mass"),
        ("5. g", "is not a mass"),
        ("1.2.3 g", "is not a mass"),
        ("1 lb", "is not a mass"),
        ("1 G", "is not a mass"),
        ("1 g 2 mg", "is not a mass"),
        ("+1 g", "is not a mass"),
        ("0x10 g", "is not a mass"),
        ("1_000 g", "is not a mass"),
        ("１.５ g", "is not a mass"),
        ("٣ g", "is not a mass"),
        ("1.5\u200b g", "is not a mass"),
        ("一 g", "is not a mass"),
        ("1\x00 g", "is not a mass"),
        ("=1+1 g", "is not a mass"),
        ("0.5 ng", "is finer than a nanogram"),
        ("0.0000000001 g", "is finer than a nanogram"),
        ("1.0000000000000000000000000000001 g", "is finer than a nanogram"),
        ("9223372036854775808 ng", "is more than the ledger can hold (9,223,372 kg)"),
        ("9" * 40 + " kg", "is more than the ledger can hold (9,223,372 kg)"),
    ],
)
def test_what_is_no_mass_is_one_clear_fault(text: str, said: str) -> None:
    found = mass.read(text, "line 4, mass")
    assert isinstance(found, Fault)
    assert found.where == "line 4, mass"
    assert found.said.endswith(said)
    assert found.advice


@pytest.mark.parametrize("text", ["1" * 10**6, "1" * 10**6 + " g", "1," * 10**6, " " * 10**6, "1" + " " * 10**6 + "g", "g" * 10**6, "\x1b" * 10**6])  # fmt: skip
def test_a_million_characters_are_a_short_fault_at_once(text: str) -> None:
    found = mass.read(text)
    assert isinstance(found, Fault)
    assert len(str(found)) < 400


def test_no_ambient_setting_changes_what_is_read() -> None:
    with decimal.localcontext(prec=3):
        assert mass.read("1.23456789 g") == 1_234_567_890


@given(st.text())
def test_any_text_is_a_mass_or_a_fault(text: str) -> None:
    read = mass.read(text)
    assert isinstance(read, Fault) or 0 <= read <= MAX_NG


@given(MASSES_NG)
def test_what_is_shown_is_read_back(mass_ng: int) -> None:
    assert mass.read(mass.show(mass_ng, separator="")) == mass_ng
    assert mass.read(f"{mass.grams(mass_ng)} g") == mass_ng


@given(MASSES_NG, st.sampled_from(sorted(mass.UNITS)))
def test_a_mass_reads_the_same_in_every_unit(mass_ng: int, unit: str) -> None:
    whole, rest = divmod(mass_ng, mass.UNITS[unit])
    digits = len(str(mass.UNITS[unit])) - 1
    text = f"{whole}.{rest:0{digits}d} {unit}" if digits else f"{whole} {unit}"
    assert mass.read(text) == mass_ng


@pytest.mark.parametrize(
    ("mass_ng", "shown", "grams"),
    [
        (0, "0 g", "0"),
        (-20, "-20 ng", "-0.00000002"),
        (1_731_000_000_000, "1,731 g", "1731"),
        (75_000_000, "75 mg", "0.075"),
        (1_250_000_000, "1.25 g", "1.25"),
        (999_999_999, "999.999999 mg", "0.999999999"),
        (1_500, "1.5 µg", "0.0000015"),
        (-1_000_000_001, "-1.000000001 g", "-1.000000001"),
        (MAX_NG, "9,223,372,036.854775807 g", "9223372036.854775807"),
    ],
)
def test_a_mass_is_shown_exactly(mass_ng: int, shown: str, grams: str) -> None:
    assert mass.show(mass_ng) == shown
    assert mass.grams(mass_ng) == grams


@given(st.integers(-MAX_NG, MAX_NG))
def test_signs_are_shown_alike(mass_ng: int) -> None:
    assert mass.grams(-abs(mass_ng)) == ("-" if mass_ng else "") + mass.grams(abs(mass_ng))
    assert mass.show(-abs(mass_ng)) == ("-" if mass_ng else "") + mass.show(abs(mass_ng))
