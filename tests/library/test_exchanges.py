"""Deeds and exchanges: shares are exact, dates as far as they are known, receipts what the key signed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import deeds, receipts, shows, signing
from aliquot.deeds import Deed, Item, Kind, Leg, Way
from aliquot.fault import Fault
from aliquot.receipts import Receipt
from aliquot.shows import Booking
from aliquot.signing import SigningKey

MG, G = 10**6, 10**9
KEY = SigningKey("moon.example/log", bytes(range(32)))
RECEIPT = Receipt(
    "D-0001",
    "gift",
    "passes",
    "China",
    "Russia",
    "2022-02-04",
    "a certificate",
    (("P-1", 1_500 * MG), ("lot 2", None)),
    (17, 18),
)


def a_deed(**changed: object) -> Deed:
    when = deeds.read_when("2022-02-04")
    assert not isinstance(when, Fault)
    whole = Deed(
        Kind.GIFT,
        Way.GIVEN,
        "China",
        "Russia",
        "RU",
        "A visit.",
        "a certificate",
        when,
        (Item("P-1", "", None),),
    )
    return replace(whole, **changed)  # type: ignore[arg-type]


# -- what is owed ----------------------------------------------------------------------------------------------


def test_half_a_percent_of_bennu_is_608_milligrams_and_663_came() -> None:
    """Domain facts, section 3.1 [J4]: 0.5 % of 121.6 g were agreed."""
    share = deeds.read_share("0.5 %")
    assert share == Fraction(1, 200)
    leg = Leg("JAXA", Fraction(1, 200), 121_600 * MG, (663 * MG,))
    assert (leg.due_ng, leg.owed_ng, leg.is_met) == (608 * MG, -55 * MG, True)
    assert leg.share == Fraction(663, 121_600)


def test_a_tenth_of_ryugu_in_parts_is_exact_to_the_last_nanogram() -> None:
    leg = Leg("NASA", Fraction(1, 10), 5_400_000_001, (100 * MG, 440 * MG))
    assert leg.due_ng == Fraction(5_400_000_001, 10)
    assert leg.owed_ng == Fraction(1, 10)
    assert not leg.is_met


def test_what_is_not_known_is_not_reckoned_with() -> None:
    leg = Leg("X", Fraction(1, 10), None, (None, 5))
    assert (leg.due_ng, leg.owed_ng, leg.is_met, leg.is_certain, leg.share) == (
        None,
        None,
        False,
        False,
        None,
    )
    assert not Leg("X", Fraction(1, 10), 50, (None, 5)).is_certain


def test_a_backup_store_holds_ten_grams_of_the_tenth_that_is_meant_for_it() -> None:
    """10 % of 1,731 g are meant for Shaoshan, and a first tranche of 10 g is there (domain facts, section 1.5 [D2])."""
    leg = deeds.deposit_leg(collection_ng=1_731 * G, share_percent=10, deposited_ng=10 * G, store="Shaoshan")
    assert (leg.due_ng, leg.owed_ng) == (Fraction(1_731 * G, 10), Fraction(1_631 * G, 10))


@given(
    st.integers(1, 10**6),
    st.integers(1, 10**6),
    st.integers(1, 10**15),
    st.lists(st.integers(1, 10**14), max_size=9),
)
def test_agreed_less_delivered_is_owed_whatever_the_numbers(
    over: int, under: int, base: int, came: list[int]
) -> None:
    leg = Leg("X", Fraction(over, over + under), base, tuple(came))
    assert leg.owed_ng is not None
    assert (leg.owed_ng + sum(came)) * (over + under) == over * base
    assert leg.is_met is (leg.owed_ng <= 0)


@pytest.mark.parametrize(
    "text",
    ["", "0", "0 %", "101 %", "2/1", "1/0", "-1 %", "a", "1/2/3", "0.5/3", "1e-2", "½", "%", "/", "1/"],
)
def test_what_is_no_share_is_told(text: str) -> None:
    assert isinstance(deeds.read_share(text), Fault)


@pytest.mark.parametrize(
    ("text", "share"),
    [("10%", "1/10"), ("1/200", "1/200"), ("100 %", "1"), ("0.25", "1/4"), ("12.5 %", "1/8")],
)
def test_shares_are_read_exactly(text: str, share: str) -> None:
    assert deeds.read_share(text) == Fraction(share)


# -- deeds -----------------------------------------------------------------------------------------------------


def test_a_deposit_stays_ours_and_a_gift_does_not() -> None:
    assert {kind for kind in Kind if a_deed(kind=kind).passes_title} == set(Kind) - {Kind.DEPOSIT}


def test_the_mass_of_a_deed_is_known_where_all_of_it_is() -> None:
    assert a_deed(items=(Item("A", "", 5), Item("B", "", 6))).mass_ng == 11
    assert a_deed(items=(Item("A", "", 5), Item("B", "", None))).mass_ng is None


@pytest.mark.parametrize("text", ["1973", "1978-05", "2022-02-04", "~1972", "1969-11/1970", "?", ""])
def test_dates_are_kept_as_far_as_they_are_known(text: str) -> None:
    assert not isinstance(deeds.read_when(text), Fault)


@pytest.mark.parametrize(
    ("changed", "faulty"),
    [
        ({}, []), ({"giver": ""}, ["giver"]), ({"instrument": ""}, ["instrument"]), ({"items": ()}, ["items"]),
        ({"items": (Item("", " ", None),)}, ["items[0]"]), ({"items": (Item("A", "", -1),)}, ["items[0].mass"]),
        ({"items": (Item("A", "", 1), Item("A", "", 2))}, ["items[0].sample", "items[1].sample"]),
        ({"note": "\0"}, ["note"]),
    ],
)  # fmt: skip
def test_what_is_no_deed_is_told(changed: dict[str, object], faulty: list[str]) -> None:
    assert [one.where for one in deeds.check(a_deed(**changed))] == faulty


# -- receipts --------------------------------------------------------------------------------------------------


def test_a_receipt_is_read_back_as_it_was_signed() -> None:
    note = receipts.sign(RECEIPT, KEY)
    assert receipts.check(note, KEY.verifier) == RECEIPT


def test_no_other_key_and_no_other_letter_verifies() -> None:
    note = receipts.sign(RECEIPT, KEY)
    other = SigningKey("moon.example/log", bytes(32)).verifier
    assert isinstance(receipts.check(note, other), tuple)
    for place in range(0, note.index("\n\n"), 7):
        changed = note[:place] + ("x" if note[place] != "x" else "y") + note[place + 1 :]
        assert isinstance(receipts.check(changed, KEY.verifier), tuple)


@pytest.mark.parametrize(
    "text",
    ["", "aliquot receipt v2\n", "aliquot receipt v1\n", "aliquot receipt v1\nnumber 1\n",
     receipts.text(RECEIPT).replace("item 1500000000 ng P-1", "item 1.5 ng P-1"),
     receipts.text(RECEIPT).replace("item ", "entry "), receipts.text(RECEIPT) + "number 2\n",
     receipts.text(RECEIPT).replace("entry 17\n", "entry -17\n"), receipts.text(RECEIPT).replace("kind gift\n", "")],
)  # fmt: skip
def test_a_text_that_is_no_receipt_is_refused_even_if_it_is_signed(text: str) -> None:
    if text:
        assert isinstance(
            receipts.check(signing.sign(text.removesuffix("\n") + "\n", KEY), KEY.verifier), tuple
        )
    assert isinstance(receipts.parse(text), tuple)


@given(
    st.text(),
    st.text(),
    st.lists(st.tuples(st.text(min_size=1), st.none() | st.integers(1, 10**18)), min_size=1, max_size=5),
)
def test_whatever_is_written_on_a_receipt_stays_on_its_line(
    giver: str, instrument: str, items: list[tuple[str, int | None]]
) -> None:
    found = receipts.parse(
        receipts.text(replace(RECEIPT, giver=giver, instrument=instrument, items=tuple(items)))
    )
    assert isinstance(found, Receipt)
    assert [ng for _, ng in found.items] == [ng for _, ng in items]


# -- bookings --------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.dates(), st.integers(0, 40)), max_size=12))
def test_no_two_schools_have_a_set_on_the_same_day(asked: list[tuple[object, int]]) -> None:
    from datetime import date, timedelta

    taken: list[Booking] = []
    for first, days in asked:
        assert isinstance(first, date)
        if first > date(9999, 10, 1):
            continue
        told = Booking(first, first + timedelta(days=days))
        if not list(shows.check_booking(told, taken, days_most=14)):
            taken.append(told)
    busy = [one.first + timedelta(days=i) for one in taken for i in range((one.last - one.first).days + 1)]
    assert len(busy) == len(set(busy))
    assert all((one.last - one.first).days < 14 for one in taken)
