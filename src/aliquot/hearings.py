"""When is each applicant heard, so that nobody sits there at night? Slots of some minutes, across time zones.

Slots stand on a grid in UTC; one is possible where everybody on the panel is awake, and for an applicant where that one
is awake too. A largest matching then gives as many applicants as at all possible a slot each. The zones' rules are those
of the machine's time zone database; no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from aliquot import fault
from aliquot.fault import Fault

PARTIES_MOST: Final = 200
DAYS_MOST: Final = 31
MINUTES_MOST: Final = 240


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who takes part, by an opaque key, and the time zone in which they live then."""

    key: str
    zone: str


@dataclass(frozen=True, slots=True)
class Terms:
    """From which day to which, how long, how far apart, and between which hours of the day people are awake."""

    first: date
    last: date
    minutes: int
    pause_minutes: int = 5
    wake_hour: int = 8
    sleep_hour: int = 21


@dataclass(frozen=True, slots=True)
class Hearing:
    """An applicant is heard from then until then, in UTC."""

    key: str
    begins: datetime
    ends: datetime


def plan(
    applicants: Sequence[Party], panel: Sequence[Party], terms: Terms
) -> tuple[Hearing, ...] | tuple[Fault, ...]:
    """Return a hearing for each applicant in the order of time, or everything that keeps them from being planned."""
    faults = tuple(_check(applicants, panel, terms))
    if faults:
        return faults
    zones = {party.zone: ZoneInfo(party.zone) for party in (*applicants, *panel)}
    slots = _slots({zones[party.zone] for party in panel}, terms)
    if not slots:
        return (fault.of("panel", "there is no slot in which the whole panel is awake",
                         "let some join by letter, or widen the hours"),)  # fmt: skip
    possible = {
        a.key: [i for i, slot in enumerate(slots) if is_awake(zones[a.zone], *slot, terms)]
        for a in applicants
    }
    found = _match(possible)
    lost = [a for a in applicants if a.key not in found]
    if lost:
        return tuple(fault.of(a.key, "there is no slot left in which the panel and {zone} are awake",
                              "add days, or widen the hours", zone=a.zone) for a in lost)  # fmt: skip
    return tuple(sorted((Hearing(key, *slots[i]) for key, i in found.items()), key=lambda one: one.begins))


def is_awake(zone: ZoneInfo, begins: datetime, ends: datetime, terms: Terms) -> bool:
    """Whether the whole slot lies within the waking hours of one day there."""
    there, until = begins.astimezone(zone), ends.astimezone(zone)
    midnight = (until - timedelta(microseconds=1)).date()
    end = until.hour * 60 + until.minute if until.date() == midnight else 24 * 60
    return (
        there.date() == midnight and there.hour * 60 + there.minute >= terms.wake_hour * 60
        and end <= terms.sleep_hour * 60
    )  # fmt: skip


def _check(applicants: Sequence[Party], panel: Sequence[Party], terms: Terms) -> Iterable[Fault]:
    if not 1 <= len(applicants) <= PARTIES_MOST or len({a.key for a in applicants}) != len(applicants):
        yield fault.of("applicants", "there is nobody to hear, too many, or somebody twice", "name from 1 to {most}, each once",
                       most=PARTIES_MOST)  # fmt: skip
    if not panel:
        yield fault.of("panel", "nobody is on the panel", "name its members")
    if not 0 <= (terms.last - terms.first).days < DAYS_MOST:
        yield fault.of("last", "the hearings last from 1 to {most} days", "choose the days", most=DAYS_MOST)
    if not 1 <= terms.minutes <= MINUTES_MOST or not 0 <= terms.pause_minutes <= MINUTES_MOST:
        yield fault.of(
            "minutes", "a hearing lasts from 1 to {most} minutes", "give its length", most=MINUTES_MOST
        )
    if not 0 <= terms.wake_hour < terms.sleep_hour <= 24:
        yield fault.of("hours", "the waking hours end before they begin", "give them as 8 and 21")
    for zone in sorted({party.zone for party in (*applicants, *panel)}):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            yield fault.of(
                "zone", "there is no time zone “{zone}”", "write it as Asia/Shanghai", zone=zone[:60]
            )


def _slots(zones: Iterable[ZoneInfo], terms: Terms) -> list[tuple[datetime, datetime]]:
    """Return the slots of the grid in which all of these zones are awake."""
    begins = datetime(terms.first.year, terms.first.month, terms.first.day, tzinfo=UTC)
    end = begins + timedelta(days=(terms.last - terms.first).days + 1)
    long, step = timedelta(minutes=terms.minutes), timedelta(minutes=terms.minutes + terms.pause_minutes)
    panel, found = list(zones), []
    while begins + long <= end:
        if all(is_awake(zone, begins, begins + long, terms) for zone in panel):
            found.append((begins, begins + long))
        begins += step
    return found


def _match(possible: Mapping[str, Sequence[int]]) -> dict[str, int]:
    """Return a largest matching of applicants with slots, those with the fewest first, each as early as it can be."""
    holds: dict[int, str] = {}

    def place(key: str, tried: set[int]) -> bool:
        for slot in possible[key]:
            if slot in tried:
                continue
            tried.add(slot)
            if slot not in holds or place(holds[slot], tried):
                holds[slot] = key
                return True
        return False

    for key in sorted(possible, key=lambda each: (len(possible[each]), each)):
        place(key, set())
    return {key: slot for slot, key in holds.items()}
