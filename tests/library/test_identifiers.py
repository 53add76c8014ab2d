"""ORCID and ROR: real ones pass, a slip of the finger does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import identifiers
from aliquot.fault import Fault

BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


@pytest.mark.parametrize("text", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_an_orcid_is_known_by_its_last_character_however_it_is_written(text: str) -> None:
    for written in (text, f" https://orcid.org/{text}/ ", text.replace("-", ""), text.lower()):
        assert identifiers.orcid(written) == text


@pytest.mark.parametrize("text", ["02jx3x895", "00f54p054", "05gq02987", "01k4yrm29", "03yrm5c26"])
def test_a_ror_is_known_by_its_last_two_digits_however_it_is_written(text: str) -> None:
    for written in (text, f"https://ror.org/{text}", f"ror.org/{text}/", text.upper()):
        assert identifiers.ror(written) == text


@pytest.mark.parametrize(
    "text",
    ["", "0000-0002-1825-0098", "0000-0002-1825-00", "X000-0002-1825-0097", "０000-0002-1825-0097", "\x00"],
)
def test_what_is_no_orcid_is_said(text: str) -> None:
    assert isinstance(identifiers.orcid(text), Fault)


@pytest.mark.parametrize(
    "text", ["", "11k4yrm29", "01k34yrm29", "01kOyrm29", "01k4yrm30", "https://x.org/01k4yrm29"]
)
def test_what_is_no_ror_is_said(text: str) -> None:
    assert isinstance(identifiers.ror(text), Fault)


@given(st.text("0123456789", min_size=15, max_size=15), st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_of_an_orcid_is_always_found(digits: str, at: int, more: int) -> None:
    whole = digits + identifiers.orcid_check(digits)
    assert isinstance(identifiers.orcid(whole), str)
    wrong = whole[:at] + str((int(whole[at]) + more) % 10) + whole[at + 1 :]
    assert isinstance(identifiers.orcid(wrong), Fault)


@given(st.text(BASE_32, min_size=6, max_size=6), st.integers(0, 5), st.integers(1, 31))
def test_one_wrong_character_of_a_ror_is_always_found(six: str, at: int, more: int) -> None:
    whole = f"0{six}{identifiers.ror_check(f'0{six}')}"
    assert identifiers.ror(whole) == whole
    wrong = six[:at] + BASE_32[(BASE_32.index(six[at]) + more) % 32] + six[at + 1 :]
    assert isinstance(identifiers.ror(f"0{wrong}{whole[7:]}"), Fault)
