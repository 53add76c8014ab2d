"""One text for one value: base64, decimals and plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import canonical
from aliquot.fault import Fault


@given(st.binary())
def test_base64_is_read_back(data: bytes) -> None:
    assert canonical.read_base64(canonical.base64_text(data)) == data


@given(st.integers(0, canonical.INTEGER_MAX))
def test_a_decimal_is_read_back(number: int) -> None:
    assert canonical.read_decimal(str(number)) == number


@given(st.text())
def test_nothing_is_read_that_would_be_written_otherwise(text: str) -> None:
    data, number = canonical.read_base64(text), canonical.read_decimal(text)
    assert data is None or canonical.base64_text(data) == text
    assert number is None or str(number) == text


@pytest.mark.parametrize("text", ["YQ", "YR==", "YQ==\n", "Y Q==", "YQ=", "====", "-_==", "月"])
def test_base64_in_another_spelling_is_refused(text: str) -> None:
    assert canonical.read_base64(text) is None


def test_text_is_measured_in_bytes() -> None:
    assert canonical.read_text("月", "file", bytes_max=3) == "月"
    assert isinstance(canonical.read_text("月", "file", bytes_max=2), Fault)
    assert isinstance(canonical.read_text("a\x7f\u0085\u2028\n".encode(), "file", bytes_max=99), str)


def test_a_long_text_is_cut_to_fit_a_sentence() -> None:
    assert canonical.shown("a" * 60) == "a" * 60
    assert canonical.shown("a" * 61) == "a" * 59 + "…"
