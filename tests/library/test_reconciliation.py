"""Two catalogues side by side: what agrees, what does not, and the likely cause."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import reconciliation
from aliquot.fault import Refused
from aliquot.reconciliation import Statement

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
BY = reconciliation.load("lunar-compendium")
LEFT_HEAD = "sample,heading_mass,heading_mass_unit,heading_name,heading_names_several_samples\n"


def _left(*rows: str) -> tuple[Statement, ...]:
    return reconciliation.read((LEFT_HEAD + "\n".join(rows)).encode(), BY.left)


def _right(*rows: str) -> tuple[Statement, ...]:
    return reconciliation.read(("ID,Type,Weight (g)\n" + "\n".join(rows)).encode(), BY.right)


def _causes(left: tuple[Statement, ...], right: tuple[Statement, ...]) -> dict[str, str]:
    found = reconciliation.compare(left, right, BY)
    return {each.left.number: each.cause for each in found.disagreements}


def test_the_compendium_and_the_apollo_catalogue_disagree_on_102_masses() -> None:
    index, rocks = (
        SHARED / "lunar-sample-compendium/lsc-sample-index.csv",
        SHARED / "apollo-samples/rocksamples.csv",
    )
    if not index.is_file():
        pytest.skip("the shared data are not here")
    left = reconciliation.read(index.read_bytes(), BY.left)
    found = reconciliation.compare(left, reconciliation.read(rocks.read_bytes(), BY.right), BY)
    assert (found.compared, found.agreeing, len(found.disagreements)) == (626, 524, 102)
    causes = {each.left.number: each.cause for each in found.disagreements}
    assert causes["15021"] == "whole-soil"
    assert causes["71035"] == causes["71036"] == causes["71037"] == "shared"
    assert causes["78236"] == "none-here"
    assert causes["74245"] == "one-digit"


def test_each_cause_has_its_rule() -> None:
    left = _left("10001,5,grams,a,no", "20001,0.94,grams,\",33\",no", "30001,232,grams,a,no", "30002,232,grams,a,no",
                 "40001,12,grams,a,no", "50001,63.34,grams,a,no", "60001,607.5,grams,a,no", "70001,10,grams,a,no",
                 "80001,105,grams,a,no", "90001,15,grams,a,no")  # fmt: skip
    right = _right("10001,Rock,0", "20001,Soil,43.9", "30001,Soil,71.6", "30002,Soil,88.1", "40001,Rock,0.012",
                   "50001,Rock,64.34", "60001,Soil,503", "70001,Rock,51", "80001,Rock,99.5", "90001,Rock,21")  # fmt: skip
    assert _causes(left, right) == {
        "10001": "none-here", "20001": "of-a-split", "30001": "shared", "30002": "shared", "40001": "power-of-ten",
        "50001": "one-digit", "60001": "whole-soil", "70001": "part", "80001": "near", "90001": "unexplained",
    }  # fmt: skip


def test_a_page_that_names_several_samples_is_left_out_with_the_reason() -> None:
    found = reconciliation.compare(_left("10001,5,grams,a,yes"), _right("10001,Rock,9"), BY)
    assert found.compared == 0
    assert [each.left_out for each in found.left_out] == ["the page names several samples"]


def test_every_fault_of_a_table_is_told_with_its_line() -> None:
    with pytest.raises(Refused) as refused:
        _left("10001,5,stones,a,no", ",5,grams,a,no", "10003,five,grams,a,no", "10004,5")
    assert [one.where for one in refused.value.faults] == [
        f"Lunar Sample Compendium, line {line}" for line in (2, 3, 4, 5)
    ]


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"ID,ID\n1,2\n", b'"a\n'])
def test_a_table_that_is_none_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        reconciliation.read(data, BY.right)


@pytest.mark.parametrize(
    "text",
    ["", "key", "key='a'", "key='a'\ntitle='b'\nleft=1\nright=2", "a = 1\n",
     "key='a'\ntitle='b'\ntolerance_percent='-1'\ntolerance_mass='much'\n[left]\nname='l'\nnumber='n'\nmass='m'\n"
     "[right]\nname='r'\nnumber='n'\nmass='m'\nunit='stone'\n"],
)  # fmt: skip
def test_a_comparison_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        reconciliation.read_comparison(text, "comparison.toml")


masses = st.integers(0, 10**13)


@given(st.dictionaries(st.integers(0, 50).map(str), st.tuples(masses, masses), max_size=20))
def test_what_is_the_same_agrees_and_what_agrees_is_never_listed(stated: dict[str, tuple[int, int]]) -> None:
    left = [Statement(number, one, f"{one} ng", 2) for number, (one, _) in stated.items()]
    right = [Statement(number, other, f"{other} ng", 2) for number, (_, other) in stated.items()]
    assert not reconciliation.compare(left, left, BY).disagreements
    for each in reconciliation.compare(left, right, BY).disagreements:
        assert each.left.mass_ng is not None
        assert each.right.mass_ng is not None
        assert abs(each.left.mass_ng - each.right.mass_ng) > BY.tolerance_ng
        assert each.cause in reconciliation.CAUSES
