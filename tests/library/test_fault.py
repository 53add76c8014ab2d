"""Faults: one line each, whatever was quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import fault


def test_a_fault_says_where_what_and_what_to_do() -> None:
    found = fault.of(
        "cuts[2]", "takes {taken} but {there} remain", "cut less than {there}", taken="480 mg", there="475 mg"
    )
    assert str(found) == "cuts[2]: takes 480 mg but 475 mg remain; cut less than 475 mg"
    assert (found.said, found.advice) == ("takes 480 mg but 475 mg remain", "cut less than 475 mg")


def test_a_fault_keeps_its_sentences_apart_from_the_values_for_translation() -> None:
    found = fault.of("line 4", "“{text}” is not a mass", "write a unit", text="{where} %s {0}")
    assert found.what == "“{text}” is not a mass"
    assert found.said == "“{where} %s {0}” is not a mass"


def test_equal_faults_are_equal_whatever_the_order_of_their_values() -> None:
    assert fault.of("x", "{a}{b}", "", a=1, b=2) == fault.of("x", "{a}{b}", "", b=2, a=1)


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("two\nlines", "two\\nlines"),
        ("\u202egnirts", "\\u202egnirts"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("\udcff", "\\udcff"),
        ("月壤 é µ", "月壤 é µ"),
    ],
)
def test_what_cannot_be_seen_is_written_out(hostile: str, shown: str) -> None:
    assert fault.of(hostile, "“{text}” is wrong", "mend it", text=hostile).said == f"“{shown}” is wrong"
    assert fault.of(hostile, "it is wrong", "mend it").where == shown


@given(st.text())
def test_a_fault_is_one_printable_line_that_can_be_encoded(text: str) -> None:
    line = str(fault.of(text, "“{text}” is wrong", "mend {text}", text=text))
    assert line.isprintable()
    assert line.encode().decode() == line


def test_a_refusal_carries_all_its_faults() -> None:
    first, second = fault.of("a", "is wrong", "mend it"), fault.of("b", "is wrong", "mend it")
    with pytest.raises(fault.Refused) as refused:
        fault.refuse_if(iter([first, second]))
    assert refused.value.faults == (first, second)
    assert str(refused.value) == "a: is wrong; mend it\nb: is wrong; mend it"


def test_nothing_is_refused_without_a_fault() -> None:
    fault.refuse_if([])


def test_a_mistake_of_our_own_stops_the_program() -> None:
    with pytest.raises(AssertionError, match="entry 7 sums to 5 ng"):
        fault.bug("entry 7 sums to 5 ng")
