"""Kinds of notice: complete, translatable, due when their reader is awake, and never naming anybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import notices
from aliquot.notices import KINDS, How

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
ZONES = st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"])
NOON = datetime(2027, 3, 3, 12, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
def test_a_kind_fills_what_it_names(kind: notices.Kind) -> None:
    assert notices.placeholders(kind) <= {
        "call",
        "request",
        "who",
        "until",
        "begins",
        "sample",
        "loan",
        "gift",
        "paper",
        "claim",
    }
    assert kind.told[0].isupper()
    assert kind.text.endswith(".")
    assert kind.usual in notices.choices(kind)
    assert (How.NEVER in notices.choices(kind)) is not kind.obligatory


@given(st.sampled_from(list(KINDS.values())), st.none() | st.sampled_from([*How, "hourly", ""]))
def test_nobody_goes_without_what_is_obligatory(kind: notices.Kind, chosen: str | None) -> None:
    wanted = notices.how(kind, chosen)
    assert wanted in notices.choices(kind)
    if kind.obligatory:
        assert wanted in (How.AT_ONCE, How.DAILY)
    elif chosen in list(How):
        assert wanted == chosen


@given(MOMENTS, ZONES)
def test_a_digest_goes_out_at_seven_where_its_reader_is(made_at: datetime, zone: str) -> None:
    daily = notices.due(How.DAILY, made_at, zone)
    weekly = notices.due(How.WEEKLY, made_at, zone)
    assert daily is not None
    assert weekly is not None
    there = daily.astimezone(ZoneInfo(zone))
    assert (there.hour, there.minute) == (7, 0)
    assert timedelta(0) < daily - made_at <= timedelta(hours=26)  # a day of 25 hours among them
    there = weekly.astimezone(ZoneInfo(zone))
    assert (there.weekday(), there.hour) == (0, 7)
    assert timedelta(0) < weekly - made_at <= timedelta(days=7, hours=2)
    assert notices.due(How.AT_ONCE, made_at, zone) == made_at
    assert notices.due(How.NEVER, made_at, zone) is None


@given(MOMENTS, MOMENTS, st.sampled_from(list(How)), ZONES)
def test_what_was_made_earlier_is_due_no_later(
    one: datetime, other: datetime, wanted: How, zone: str
) -> None:
    first, second = sorted([one, other])
    if wanted is not How.NEVER:
        assert notices.due(wanted, first, zone) <= notices.due(wanted, second, zone)


@pytest.mark.parametrize("name", ["", "Mars/Olympus", "../etc", "Asia", "a\0b", "/etc/passwd"])
def test_a_zone_that_is_none_is_said_so_and_counts_as_utc(name: str) -> None:
    assert not notices.is_zone(name)
    assert notices.due(How.DAILY, NOON, name) == datetime(2027, 3, 4, 7, tzinfo=UTC)


def test_tries_grow_rarer_and_end() -> None:
    waits = [notices.wait(n) for n in range(1, 12)]
    told = [one for one in waits if one is not None]
    assert told == sorted(told)
    assert waits[len(told) :] == [None] * (11 - len(told))
    assert timedelta(days=2) < sum(told, timedelta()) < timedelta(days=5)
    assert notices.wait(0) is None


@pytest.mark.parametrize(
    ("days", "occasion"),
    [(-4, None), (-3, "before"), (-1, "before"), (0, "late 0"), (6, "late 0"), (7, "late 1"), (40, "late 5")],
)
def test_after_a_silence_only_the_newest_reminder_is_due(days: int, occasion: str | None) -> None:
    at = NOON + timedelta(days=days)
    assert notices.reminder(NOON, at, before_days=3, every_days=7) == occasion


def test_a_notice_keeps_keys_and_moments_and_no_names() -> None:
    values = {"call": "call:ab12", "who": "person:17", "until": notices.at(NOON), "sample": "CE5C0400"}
    assert notices.references([values]) == {
        "call": {"ab12"},
        "person": {"17"},
        "at": {"2027-03-03T12:00:00+00:00"},
    }
    assert notices.moment(values["until"]) == NOON
    assert notices.moment(values["call"]) is None


@given(st.text(), st.text())
def test_a_sentence_stays_one_line_whatever_fills_it(title: str, who: str) -> None:
    said = notices.fill(KINDS["request-invited"].subject, {"request": title, "who": who})
    assert said == " ".join(said.split())
    assert "\n" not in said
    assert "\r" not in said


def test_what_is_not_told_stays_blank_and_what_fills_in_is_not_read_again() -> None:
    assert notices.fill("New call: {call}", {}) == "New call: …"
    assert notices.fill("{call} {who}", {"call": "{who}", "who": "Bo"}) == "{who} Bo"
