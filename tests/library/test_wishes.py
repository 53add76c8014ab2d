"""What a borrower may ask for, and whether a paper gives the credit that was agreed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import credits as wording
from aliquot import life_cycles, loans, wishes
from aliquot.fault import Fault
from aliquot.life_cycles import Step
from aliquot.wishes import Kind, Wish

TODAY = date(2027, 3, 1)
NOW = ("Bo", "Brown University")


def where(told: Wish) -> list[str]:
    return [one.where for one in wishes.check(told, held=frozenset({"P-1,1"}), now=NOW, today=TODAY)]


def a_transfer(**changed: str) -> Wish:
    told = {
        "name": "Di",
        "institution": "Open University",
        "country": "GB",
        "email": "di@example.org",
    } | changed
    return Wish(Kind.TRANSFER, "I retire.", **told)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("told", "faults"),
    [
        (Wish(Kind.RENEWAL, "Beam time.", months=6), []),
        (Wish(Kind.RENEWAL, "", months=0), ["reason", "months"]),
        (a_transfer(), []),
        (a_transfer(name="Bo", institution="Brown University"), ["name"]),
        (a_transfer(name="", institution=" ", country="UK", email=""), ["name", "institution", "email", "country"]),
        (Wish(Kind.RETURN, "", samples=("P-1,1",), on=TODAY, carrier="By hand"), []),
        (Wish(Kind.RETURN, "", samples=("P-2",), on=date(2027, 2, 28), carrier=""), ["samples", "on", "carrier"]),
        (Wish(Kind.RETURN, "", carrier="By hand"), ["samples", "on"]),
        (Wish("a gift", "Please."), ["kind"]),
        (Wish(Kind.RENEWAL, "a\x00b", months=1), ["reason"]),
    ],
)  # fmt: skip
def test_every_fault_of_a_wish_is_told_at_once(told: Wish, faults: list[str]) -> None:
    assert where(told) == faults


def test_nobody_grants_a_transfer_before_whoever_takes_it_over_agreed() -> None:
    asked = life_cycles.take(wishes.CYCLE, state="asked", act="grant", who=("curator",))
    assert isinstance(asked, tuple)
    assert asked[0] == wishes.AGREED.broken
    assert isinstance(life_cycles.take(wishes.CYCLE, state="agreed", act="grant", who=("curator",)), Step)
    found = life_cycles.take(wishes.CYCLE, state="agreed", act="grant", who=("borrower", "taker"))
    assert isinstance(found, tuple)
    assert all(isinstance(one, Fault) for one in found)


@given(
    st.sampled_from(Kind), st.frozensets(st.sampled_from("abc"), min_size=1), st.sampled_from(loans.CYCLE.states),
    st.frozensets(st.sampled_from("abc")), st.frozensets(st.sampled_from("abc")),
)  # fmt: skip
def test_no_wish_outlives_its_loan(
    kind: Kind, samples: frozenset[str], state: str, out: frozenset[str], came: frozenset[str]
) -> None:
    act = wishes.ending(kind, samples, state=state, out=out, came=came)
    assert act in (None, "fulfil", "close")
    assert act is not None or state not in ("closed", "cancelled")
    assert act != "fulfil" or (kind == Kind.RETURN and samples & came)
    if kind == Kind.RETURN and samples & out and state in loans.OUT:
        assert act is None, "part of what was announced is still to come"
    for waiting in wishes.OPEN:
        assert act is None or wishes.CYCLE.step(waiting, act)


def test_nobody_ends_a_wish_by_hand() -> None:
    everybody = ("borrower", "taker", "curator", "director")
    for act in ("fulfil", "close"):
        assert isinstance(
            life_cycles.take(
                wishes.CYCLE, state="asked", act=act, who=everybody, holding=["agreed", "reason"]
            ),
            tuple,
        )


# -- credit ------------------------------------------------------------------------------------------------------

WORDING = "Samples were provided by the “China National Space Administration”."


@pytest.mark.parametrize(
    ("text", "has_wording", "cited"),
    [
        (f"{WORDING} We used P-1 and P-1,1.", True, ("P-1", "P-1,1")),
        ('SAMPLES were provided\n by the "China National Space Administration", P-1,1', True, ("P-1,1",)),
        ("Samples were provided by CNSA: P-1,12, XP-1 and P-1-a.", False, ()),
        ("See P‑1.", False, ("P-1",)),
        ("", False, ()),
    ],
)
def test_credit_wants_the_wording_and_each_number_by_itself(
    text: str, has_wording: bool, cited: tuple[str, ...]
) -> None:
    found = wording.check(text, wording=WORDING, numbers=("P-1", "P-1,1"))
    assert (found.has_wording, found.cited) == (has_wording, cited)
    assert set(found.cited) | set(found.not_cited) == {"P-1", "P-1,1"}


@given(st.text(max_size=60), st.text(max_size=60), st.text(min_size=1, max_size=20))
def test_what_is_pasted_never_stops_the_check(before: str, after: str, number: str) -> None:
    found = wording.check(f"{before} {WORDING} {after}", wording=WORDING, numbers=(number,))
    assert found.has_wording
    assert len(found.cited) + len(found.not_cited) == 1


def test_where_no_wording_was_agreed_none_is_there() -> None:
    assert not wording.check("anything", wording=" . ", numbers=()).has_wording
