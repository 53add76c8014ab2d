"""May something be put on show or lent to a school, and what is logged of each day? Venue, security, visits, visitors.

A keeper wants a security plan, usually a visit of the site, and the number of visitors; a set for schools is counted each time
it is opened and packed, and a discrepancy is told at once (domain facts, section 2.3). A longer term is an exception (see
`loan_terms`), as the 115 days against two and one months of which section 4 tells.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from aliquot import fault, texts
from aliquot.fault import Fault
from aliquot.life_cycles import LifeCycle, Need, Step

REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
PLANNED_SAFE: Final = Need("security", "there is a security plan",
                           fault.of("security_plan", "there is no security plan", "attach it"))  # fmt: skip
VISITED: Final = Need("visited", "the site was visited and found fit, or the visit was waived",
                      fault.of("visit", "nobody has visited the site and found it fit", "visit it, or say why that is waived"))  # fmt: skip
THERE: Final = Need("there", "the samples have arrived there",
                    fault.of("loan", "the samples have not arrived there", "wait until they are confirmed"))  # fmt: skip
PACKED: Final = Need("packed", "every day of its log is closed",
                     fault.of("days", "a day of the log is still open", "count the samples and close it"))  # fmt: skip

CYCLE: Final = LifeCycle("planned", (
    Step("planned", "edit", "planned", ("curator",)),
    Step("planned", "approve", "approved", ("director",), (PLANNED_SAFE, VISITED)),
    Step("planned", "cancel", "cancelled", ("curator", "director"), (REASON,)),
    Step("approved", "open", "on show", ("curator", "borrower"), (THERE,)),
    Step("approved", "cancel", "cancelled", ("curator", "director"), (REASON,)),
    Step("on show", "log", "on show", ("curator", "borrower")),
    Step("on show", "end", "ended", ("curator", "borrower"), (PACKED,)),
))  # fmt: skip
NAME_MOST, TEXT_MOST, VISITORS_MOST = 300, 8_000, 10_000_000


@dataclass(frozen=True, slots=True)
class Show:
    """What is told of a show before it is approved."""

    title_en: str
    title_zh: str
    venue: str
    city: str
    country: str
    first: date
    last: date
    security_plan: str
    insurance: str
    visitors_expected: int | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the log: put out, taken in, by whom, how many came, how many pieces were counted."""

    on: date
    opened: datetime
    packed: datetime | None
    who: str
    visitors: int | None
    counted: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Booking:
    """A school or museum has a set from one day to another, both with it."""

    first: date
    last: date


def check(told: Show) -> Iterator[Fault]:
    """Yield what keeps a show from being planned."""
    if not told.title_en.strip() and not told.title_zh.strip():
        yield fault.of("title_en", "the show has no title", "give it one, in one language at least")
    for name in ("title_en", "title_zh", "city"):
        yield from texts.check(name, getattr(told, name), most=NAME_MOST)
    yield from texts.check("venue", told.venue, most=NAME_MOST, needed=True)
    for name in ("security_plan", "insurance"):
        yield from texts.check(name, getattr(told, name), most=TEXT_MOST)
    if told.last < told.first:
        yield fault.of("last", "the show ends before it begins", "choose a later day")
    yield from _check_number("visitors_expected", told.visitors_expected)


def _check_number(where: str, number: int | None) -> Iterator[Fault]:
    if number is not None and not 0 <= number <= VISITORS_MOST:
        yield fault.of(where, "this is no number of visitors", "write a whole number, or leave it out")


def check_day(told: Day, *, pieces: int, first: date, at: datetime) -> Iterator[Fault]:
    """Yield what keeps a day from being logged; a count that differs is taken with a note, and is a finding."""
    yield from texts.check("who", told.who, most=NAME_MOST, needed=True)
    yield from texts.check("note", told.note, most=TEXT_MOST)
    yield from _check_number("visitors", told.visitors)
    if told.on < first or told.opened.date() != told.on:
        yield fault.of("on", "this is not a day of the show", "write the day on which it was opened")
    if told.packed is not None and not told.opened <= told.packed <= at:
        yield fault.of(
            "packed", "it was packed before it was opened, or in the future", "write both times in UTC"
        )
    if told.counted != pieces and not told.note.strip():
        yield fault.of("counted", "{counted} pieces were counted, and {pieces} are on show", "count again, or say what is wrong",
                       counted=told.counted, pieces=pieces)  # fmt: skip


def check_booking(told: Booking, taken: Collection[Booking], *, days_most: int) -> Iterator[Fault]:
    """Yield what keeps a set from being booked: it is with one school at a time."""
    if told.last < told.first:
        yield fault.of("last", "it ends before it begins", "choose a later day")
    elif days_most and (told.last - told.first).days + 1 > days_most:
        yield fault.of("last", "this is longer than {most} days", "choose an earlier day", most=days_most)
    clash = next((one for one in taken if one.first <= told.last and told.first <= one.last), None)
    if clash:
        yield fault.of("first", "the set is taken from {first} to {last}", "choose other days",
                       first=str(clash.first), last=str(clash.last))  # fmt: skip
