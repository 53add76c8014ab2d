"""For how long is something lent, how often may that be prolonged, and when is it due? By class of use and policy.

A research loan of the Chang'e samples runs a year and is renewed once for half a year; one in the public interest two months
and one (domain facts, section 1.1). An exception is a waiver with authority, reason and last day; nothing else prolongs.
"""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from aliquot import fault, texts
from aliquot.fault import Fault
from aliquot.policy import Policy, UseClass

# What may be set aside for one loan, and what a waiver of it says.
RULES: Final = {
    "loan-months": "the loan may run until the day of the waiver",
    "renewals": "the loan may be renewed once more",
    "inventory": "no inventory is due until the day of the waiver",
    "signature": "the agreement may be signed until the day of the waiver",
}
AUTHORITY_MOST, REASON_MOST = 200, 8_000
MONTHS_MOST: Final = 1200
_IN_EVERY_MONTH: Final = 28


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exception to a rule for one loan: on whose authority, why, and until when it holds."""

    rule: str
    authority: str
    reason: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Terms:
    """What policy says of a loan of this class of use, kept with the loan as it was when it was agreed."""

    use_class: str
    months: int
    renewals: int
    renewal_months: int
    inventory_months: int


def of_use(use: UseClass, rules: Policy) -> Terms:
    """Return the terms of a class of use; of a sealed one there are none, and nothing is lent."""
    return Terms(use.key, use.loan_months, use.renewals, use.renewal_months, rules.inventory_months)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later; where that month is shorter, its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if day.day <= _IN_EVERY_MONTH:
        return date(year, month + 1, day.day)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def due(begins: date, terms: Terms, renewed_months: Collection[int] = ()) -> date:
    """Return the day on which a loan ends that began then and was renewed by so many months, one after another.

    Counted from the first day each time, so that a loan of 31 January does not creep forward through February.
    """
    return months_after(begins, terms.months + sum(renewed_months))


def last_day(due_on: date, waivers: Collection[Waiver]) -> date:
    """Return the day until which a loan is not overdue: its due day, or a later one that a waiver allows."""
    if not waivers:
        return due_on
    return max([due_on, *(one.expires_on for one in waivers if one.rule == "loan-months")])


def check_agreed(
    terms: Terms, *, begins: date, ends: date, waivers: Collection[Waiver] = (), where: str = "ends"
) -> Iterator[Fault]:
    """Yield what keeps a loan from being agreed from one day to another."""
    if ends <= begins:
        yield fault.of(where, "the loan ends before it begins", "choose a later day")
    elif terms.months and ends > last_day(due(begins, terms), waivers):
        yield fault.of(where, "this is more than the {months} months that policy allows, until {last}",
                       "choose an earlier day, or have an exception recorded",
                       months=terms.months, last=str(due(begins, terms)))  # fmt: skip


def check_renewal(
    terms: Terms, *, months: int, done: int, waivers: Collection[Waiver], on: date, where: str = "months"
) -> Iterator[Fault]:
    """Yield what keeps a loan that was renewed `done` times from being renewed by so many months on that day."""
    extra = sum(one.rule == "renewals" and one.expires_on >= on for one in waivers)
    most = terms.renewal_months or MONTHS_MOST
    if not 1 <= months <= MONTHS_MOST:
        yield fault.of(where, "this is no number of months", "write a whole number from 1 on")
    elif months > most:
        yield fault.of(where, "{months} months are asked for, and policy allows {most}", "ask for fewer",
                       months=months, most=most)  # fmt: skip
    if done >= terms.renewals + extra:
        yield fault.of(where, "it was renewed {done} times, and policy allows {most}",
                       "have it returned, or have an exception recorded", done=done, most=terms.renewals)  # fmt: skip


def check_waiver(told: Waiver, *, on: date) -> Iterator[Fault]:
    """Yield what keeps an exception from being recorded."""
    if told.rule not in RULES:
        yield fault.of(
            "rule", "this is no rule that can be set aside", "choose one of those that are offered"
        )
    yield from texts.check("authority", told.authority, most=AUTHORITY_MOST, needed=True)
    yield from texts.check("reason", told.reason, most=REASON_MOST, needed=True)
    if told.expires_on < on:
        yield fault.of("expires_on", "this day has passed", "choose a day from today on")
