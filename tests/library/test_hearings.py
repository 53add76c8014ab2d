"""Hearings across time zones: everybody awake, nobody twice at once, as many as at all possible."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.library.access_worlds import wheres

from aliquot import hearings
from aliquot.hearings import Hearing, Party, Terms

TERMS = Terms(date(2027, 4, 26), date(2027, 4, 26), 15)
PANEL = (Party("p1", "Asia/Shanghai"), Party("p2", "Asia/Tokyo"))
ZONES = ("Asia/Shanghai", "Europe/Paris", "America/New_York", "Asia/Karachi", "Europe/London")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.sampled_from(ZONES), min_size=1, max_size=8), st.sampled_from([10, 15, 30]))
def test_all_are_awake_and_one_is_heard_at_a_time(zones: list[str], minutes: int) -> None:
    applicants = [Party(f"r{n}", zone) for n, zone in enumerate(zones)]
    terms = replace(TERMS, minutes=minutes, last=date(2027, 4, 28))
    found = hearings.plan(applicants, PANEL, terms)
    assert all(isinstance(one, Hearing) for one in found), found
    by_key = {party.key: party.zone for party in applicants}
    planned = [one for one in found if isinstance(one, Hearing)]
    assert sorted(one.key for one in planned) == sorted(by_key)
    for one, after in itertools.pairwise(planned):
        assert one.ends + timedelta(minutes=5) <= after.begins
    for one in planned:
        assert one.ends - one.begins == timedelta(minutes=minutes)
        for zone in (by_key[one.key], *(party.zone for party in PANEL)):
            there = one.begins.astimezone(ZoneInfo(zone)), one.ends.astimezone(ZoneInfo(zone))
            assert there[0].hour >= 8
            assert (there[1].hour, there[1].minute) <= (21, 0)
            assert there[0].date() == there[1].date()
    assert hearings.plan(applicants[::-1], PANEL, terms) == found


def test_those_who_can_come_only_early_are_not_crowded_out() -> None:
    """Paris and Shanghai share two hours at an hour each: who could come any time makes room."""
    terms = replace(TERMS, minutes=55, sleep_hour=17)
    applicants = [Party("any", "Asia/Shanghai"), Party("far1", "Europe/Paris"), Party("far2", "Europe/Paris")]
    found = hearings.plan(applicants, PANEL[:1], terms)
    assert {one.key for one in found if isinstance(one, Hearing)} == {"any", "far1", "far2"}
    one_more = hearings.plan(
        [*applicants, *(Party(f"far{n}", "Europe/Paris") for n in range(3, 6))], PANEL[:1], terms
    )
    assert all(where.startswith("far") for where in wheres(one_more))
    assert wheres(one_more)


def test_a_panel_that_is_never_awake_together_is_told_so() -> None:
    around = (Party("p1", "Asia/Shanghai"), Party("p2", "America/New_York"))
    assert wheres(
        hearings.plan([Party("r", "Europe/Paris")], around, replace(TERMS, wake_hour=10, sleep_hour=18))
    ) == ["panel"]


@pytest.mark.parametrize(
    ("applicants", "panel", "changed", "where"),
    [
        ([], PANEL, {}, "applicants"),
        ([Party("r", "UTC"), Party("r", "UTC")], PANEL, {}, "applicants"),
        ([Party("r", "UTC")], (), {}, "panel"),
        ([Party("r", "Mars/Olympus")], PANEL, {}, "zone"),
        ([Party("r", "../etc")], PANEL, {}, "zone"),
        ([Party("r", "UTC")], PANEL, {"last": date(2027, 4, 25)}, "last"),
        ([Party("r", "UTC")], PANEL, {"last": date(2028, 4, 25)}, "last"),
        ([Party("r", "UTC")], PANEL, {"minutes": 0}, "minutes"),
        ([Party("r", "UTC")], PANEL, {"pause_minutes": -1}, "minutes"),
        ([Party("r", "UTC")], PANEL, {"wake_hour": 21}, "hours"),
    ],
)
def test_what_cannot_be_planned_is_said(
    applicants: list[Party], panel: tuple[Party, ...], changed: dict[str, object], where: str
) -> None:
    assert wheres(hearings.plan(applicants, panel, replace(TERMS, **changed))) == [where]  # type: ignore[arg-type]


def test_a_slot_that_ends_at_midnight_is_of_that_day() -> None:
    late = datetime(2027, 4, 26, 23, 45, tzinfo=UTC)
    night = replace(TERMS, sleep_hour=24)
    assert hearings.is_awake(ZoneInfo("UTC"), late, late + timedelta(minutes=15), night)
    assert not hearings.is_awake(ZoneInfo("UTC"), late, late + timedelta(minutes=16), night)
    assert not hearings.is_awake(ZoneInfo("UTC"), late, late + timedelta(minutes=15), TERMS)
