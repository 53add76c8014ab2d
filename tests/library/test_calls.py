"""A call: what is wrong with it, when it is open, and what may still be changed once people rely on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.library.access_worlds import CLOSES, CNSA, GRACE, MG, MUSEUM, OPENS, a_call, wheres

from aliquot import calls
from aliquot.calls import Criterion, Offer, Stock
from aliquot.fault import Fault

BEFORE = OPENS - timedelta(days=9)
STORE = {"P-1": Stock(500 * MG, False, "powder"), "P-2": Stock(100 * MG, False, "powder"),
         "M-1": Stock(30 * MG, False, "polished mount"), "S-1": Stock(9 * MG, True, "powder")}  # fmt: skip


def test_a_sound_call_has_no_fault_and_comes_back_from_json_with_its_hash() -> None:
    call = a_call()
    assert calls.check(call, at=BEFORE, stock=STORE, rules=CNSA) == ()
    assert calls.from_json(calls.as_json(call)) == call
    assert calls.from_json(calls.as_json(call)).sha256 == call.sha256
    assert replace(call, offers=call.offers[1:]).sha256 != call.sha256


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"title": " "}, "title"),
        ({"scope": ""}, "scope"),
        ({"who": "a\x00"}, "who"),
        ({"countries": ("FR", "UK")}, "countries"),
        ({"closes": OPENS}, "closes"),
        ({"opens": BEFORE - timedelta(9), "closes": BEFORE}, "closes"),
        ({"grace_minutes": -1}, "grace_minutes"),
        ({"grace_minutes": 1441}, "grace_minutes"),
        ({"offers": ()}, "offers"),
        ({"offers": (Offer("P-1", MG, "powder"), Offer("P-1", MG, "powder"))}, "offers[1]"),
        ({"offers": (Offer("X", MG, "powder"),)}, "offers[0]"),
        ({"offers": (Offer("S-1", MG, "powder"),)}, "offers[0]"),
        ({"offers": (Offer("P-1", 501 * MG, "powder"),)}, "offers[0]"),
        ({"offers": (Offer("P-1", 0, "powder"),)}, "offers[0]"),
        ({"offers": (Offer("P-1", MG, "rock"),)}, "offers[0]"),
        ({"offers": (Offer("M-1", 29 * MG, "polished mount"),)}, "offers[0]"),
        ({"criteria": ()}, "criteria"),
        ({"criteria": (Criterion("a", "A", 50), Criterion("a", "A", 50))}, "criteria"),
        ({"criteria": (Criterion("a", "A", 99),)}, "criteria"),
        ({"criteria": (Criterion("a", "", 100),)}, "criteria[0]"),
        ({"points_most": 0}, "points_most"),
        ({"hearing_minutes": 0}, "hearing_minutes"),
        ({"two_stage": False}, "hearing_minutes"),
    ],
)
def test_what_keeps_a_call_from_being_published_is_said(changed: dict[str, object], where: str) -> None:
    assert wheres(calls.check(a_call(**changed), at=BEFORE, stock=STORE, rules=CNSA)) == [where]


def test_a_museum_offers_nothing_that_it_never_lends() -> None:
    light = a_call(offers=(Offer("P-2", 100 * MG, "powder"),))
    assert wheres(calls.check(light, at=BEFORE, stock=STORE, rules=MUSEUM)) == ["offers[0]"]


def test_all_faults_are_told_at_once() -> None:
    wrong = a_call(title="", scope="", offers=(), criteria=(), points_most=0)
    assert len(calls.check(wrong, at=BEFORE, stock=STORE, rules=CNSA)) == 5


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2023-12-22 24:00", "Asia/Shanghai", datetime(2023, 12, 22, 16, tzinfo=UTC)),
        ("2027-03-31T17:00", "America/New_York", datetime(2027, 3, 31, 21, tzinfo=UTC)),
        (" 2027-01-01 00:00 ", "UTC", datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_deadline_is_what_the_clock_there_shows(text: str, zone: str, utc: datetime) -> None:
    assert calls.moment(text, zone, "closes") == utc


@pytest.mark.parametrize(
    ("text", "zone", "where"),
    [
        ("2027-03-14 02:30", "America/New_York", "closes"),  # put forward
        ("2027-11-07 01:30", "America/New_York", "closes"),  # put back
        ("2027-02-29 00:00", "UTC", "closes"),
        ("soon", "UTC", "closes"),
        ("9999-12-31 24:00", "UTC", "closes"),
        ("2027-01-01 00:00", "Mars/Olympus", "zone"),
        ("2027-01-01 00:00", "../passwd", "zone"),
        ("2027-01-01 00:00", "", "zone"),
        ("2027-01-01 00:00", "a\0", "zone"),
    ],
)
def test_a_moment_that_is_none_or_two_is_refused(text: str, zone: str, where: str) -> None:
    found = calls.moment(text, zone, "closes")
    assert isinstance(found, Fault)
    assert found.where == where


@given(st.integers(-7200, 7200))
def test_what_was_begun_in_time_is_never_lost(seconds: int) -> None:
    call, tried = a_call(), CLOSES + timedelta(seconds=seconds)
    last = calls.last_moment(call, tried=tried)
    assert calls.last_moment(call) == CLOSES + GRACE
    if tried <= CLOSES + GRACE:
        assert last >= tried + GRACE or last == CLOSES + GRACE
        assert last >= tried
    else:
        assert last == CLOSES + GRACE
    assert last <= CLOSES + 2 * GRACE
    assert not calls.is_over(call, last)
    assert calls.is_over(call, CLOSES + 2 * GRACE + timedelta(microseconds=1))


LATER = CLOSES + timedelta(days=30)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({}, ["call"]),
        ({"closes": LATER}, []),
        ({"scope": "Basalt, and glass"}, []),
        ({"closes": CLOSES - timedelta(1)}, ["closes"]),
        ({"zone": "UTC"}, ["call"]),
        ({"grace_minutes": 20}, ["call"]),
        ({"points_most": 5}, ["call"]),
        ({"criteria": (Criterion("merit", "Merit", 100),)}, ["call"]),
        ({"policy_sha256": "1" * 64}, ["call"]),
        ({"countries": ("FR",)}, ["countries"]),
        ({"offers": a_call().offers[1:]}, ["offers"]),
        ({"offers": a_call().offers[1:], "closes": LATER}, []),
    ],
)
def test_an_open_call_changes_only_where_nobody_is_wronged(
    changed: dict[str, object], where: list[str]
) -> None:
    rules = replace(CNSA, amendment_notice_days=7)
    late = CLOSES - timedelta(days=6)
    assert wheres(calls.check_amendment(a_call(), a_call(**changed), at=late, rules=rules)) == where


def test_a_call_only_opens_to_more_countries() -> None:
    some, at = a_call(countries=("FR", "JP")), OPENS
    for after, fine in ((("FR", "JP", "PK"), True), ((), True), (("FR",), False)):
        found = calls.check_amendment(some, replace(some, countries=after), at=at, rules=CNSA)
        assert (found == ()) is fine
