"""Commitments: no milligram is promised twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aliquot import commitments
from aliquot.commitments import Commitment
from aliquot.fault import Fault
from makers import ng

MASSES_NG = st.integers(0, 10**12)


def asked(
    wanted: str, *, balance: str = "1 g", committed: str = "0 g", reserve: str = "0 g", sealed: bool = False
) -> list[str]:
    found = commitments.check(
        Commitment("soil-1", ng(wanted), "allocation:2026-1/17"),
        balance_ng=ng(balance), committed_ng=ng(committed), reserve_ng=ng(reserve), sealed=sealed,
    )  # fmt: skip
    return [f"{each.where}: {each.said}" for each in found]


def test_what_is_free_may_be_promised_to_the_last_nanogram() -> None:
    assert asked("500 mg", committed="300 mg", reserve="200 mg") == []


def test_one_nanogram_more_is_refused_with_what_is_free() -> None:
    assert asked("0.500000001 g", committed="300 mg", reserve="200 mg") == [
        "soil-1: 500.000001 mg are wanted but 500 mg are free"
    ]


def test_where_more_is_promised_than_there_is_nothing_is_free() -> None:
    assert asked("1 ng", committed="2 g") == ["soil-1: 1 ng are wanted but 0 g are free"]
    assert commitments.available_ng(balance_ng=1, committed_ng=3, reserve_ng=1) == -3


def test_a_sealed_sample_is_promised_to_nobody() -> None:
    assert asked("1 ng", sealed=True) == ["soil-1: soil-1 is sealed and cannot be promised"]


def test_a_promise_of_nothing_is_none() -> None:
    assert asked("0 g") == ["soil-1: a promise needs a mass above zero"]


@given(balance_ng=MASSES_NG, reserve_ng=MASSES_NG, wishes_ng=st.lists(MASSES_NG, max_size=20))
def test_all_promises_together_never_exceed_what_is_there(
    balance_ng: int, reserve_ng: int, wishes_ng: list[int]
) -> None:
    committed_ng = 0
    for wish_ng in wishes_ng:
        found: tuple[Fault, ...] = commitments.check(
            Commitment("soil-1", wish_ng, "call:1"),
            balance_ng=balance_ng, committed_ng=committed_ng, reserve_ng=reserve_ng, sealed=False,
        )  # fmt: skip
        if not found:
            committed_ng += wish_ng
    assert committed_ng == 0 or committed_ng + reserve_ng <= balance_ng
