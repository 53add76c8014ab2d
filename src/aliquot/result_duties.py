"""Which results are owed for which loan, by when, and who is to be reminded of what? Values alone: who sends them is another matter.

A loan obliges its borrower to report so many months after it began or ended, as the facility's policy says. What came
in until a day is handed in; nothing here knows loans, notices or a clock.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

REMIND_DAYS: Final = (60, 14, 0)
AGAIN_DAYS: Final = 30


class What(StrEnum):
    """What is owed."""

    RESULTS = "results"
    PUBLICATION = "publication"


@dataclass(frozen=True, slots=True)
class Loan:
    """A loan as this module needs it: who owes what is due months after it began, or after it ended where `counts_from_end`."""

    key: str
    borrower: str
    samples: tuple[str, ...]
    began: date
    ended: date | None = None
    counts_from_end: bool = True


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that is owed for a loan; `missing` are its samples of which nothing has come."""

    loan: str
    borrower: str
    what: What
    due: date
    samples: tuple[str, ...]
    missing: tuple[str, ...]

    def is_overdue(self, on: date) -> bool:
        return bool(self.missing) and on > self.due


@dataclass(frozen=True, slots=True)
class Reminder:
    """A notice that is to go out on a day; `key` is the same however often it is asked for."""

    key: str
    to: str
    on: date
    what: What
    loan: str
    due: date
    missing: tuple[str, ...]


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or the month's last."""
    total = day.month - 1 + months
    year, month = day.year + total // 12, total % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def duties(
    loans: Iterable[Loan],
    *,
    results_months: int,
    publication_months: int = 0,
    reported: frozenset[str] = frozenset(),
    published: frozenset[str] = frozenset(),
) -> tuple[Duty, ...]:
    """Return what is owed for each loan, earliest first; `reported` and `published` are the samples of which results have come.

    A loan that counts from its end and runs still owes nothing yet. No months means that nothing is owed.
    """
    found = []
    for loan in loans:
        start = loan.ended if loan.counts_from_end else loan.began
        for what, months, done in (
            (What.RESULTS, results_months, reported),
            (What.PUBLICATION, publication_months, published),
        ):
            if start is None or months <= 0:
                continue
            missing = tuple(one for one in loan.samples if one not in done)
            found.append(
                Duty(loan.key, loan.borrower, what, months_later(start, months), loan.samples, missing)
            )
    return tuple(sorted(found, key=lambda one: (one.due, one.loan, one.what)))


def reminders(found: Sequence[Duty], *, on: date) -> tuple[Reminder, ...]:
    """Return what is to be told by a day: 60 and 14 days before the last day, on it, and every 30 days after; the newest of each duty.

    A site that slept on such a day tells it when it wakes, once: the key names the last day and the stage, not the day of telling.
    """
    sent = []
    for one in found:
        stage = _stage((one.due - on).days)
        if one.missing and stage is not None:
            key = f"report:{one.loan}:{one.what}:{one.due.isoformat()}/{stage:+d}"
            sent.append(Reminder(key, one.borrower, on, one.what, one.loan, one.due, one.missing))
    return tuple(sent)


def _stage(left: int) -> int | None:
    """Return the newest stage that is reached where so many days are left: days to the last day, below zero after it."""
    if left > REMIND_DAYS[0]:
        return None
    if left <= -AGAIN_DAYS:
        return -(-left // AGAIN_DAYS * AGAIN_DAYS)
    return min(days for days in REMIND_DAYS if days >= max(left, 0))


def embargo_ends(
    untils: Iterable[tuple[str, str, date]], *, on: date, days: int = 14
) -> tuple[tuple[str, str, date], ...]:
    """Return (whom, of what, until when) of the embargoes that end within so many days, earliest first."""
    last = on + timedelta(days=days)
    return tuple(sorted((one for one in untils if on <= one[2] <= last), key=lambda one: (one[2], one[1])))
