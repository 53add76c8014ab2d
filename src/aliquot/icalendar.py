"""How do days that must be kept look in a calendar? Tasks in, an iCalendar file out (RFC 5545).

A task with a day is an event of that whole day, for every calendar shows events; one without is a to-do. Knows no
clock: the stamp is handed in, and the same tasks give the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

CONTENT_TYPE: Final = "text/calendar; charset=utf-8"
_PRODUCT: Final = "-//Aliquot//Conditions//EN"
_LINE_OCTETS: Final = 75
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Task:
    """Something to be done, by a day where there is one."""

    summary: str
    detail: str
    by_date: date | None = None


def calendar(tasks: Iterable[Task], *, stamp: date, of: str) -> bytes:
    """Return the file; `stamp` is the day on which its matter was found, `of` what makes its identifiers unique."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN"]
    for task in tasks:
        lines += _component(task, stamp, of)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line)).encode()


def _component(task: Task, stamp: date, of: str) -> Iterator[str]:
    kind = "VEVENT" if task.by_date else "VTODO"
    # One task of one finding keeps its identifier, so that a file taken in twice is one entry.
    words = "\n".join((of, task.summary, task.detail, str(task.by_date)))
    yield f"BEGIN:{kind}"
    yield f"UID:{hashlib.sha256(words.encode()).hexdigest()[:32]}@aliquot"
    yield f"DTSTAMP:{_day(stamp)}T000000Z"
    if task.by_date:
        yield f"DTSTART;VALUE=DATE:{_day(task.by_date)}"
        if task.by_date < date.max:  # DTEND is the first day after (RFC 5545, 3.6.1)
            yield f"DTEND;VALUE=DATE:{_day(task.by_date + timedelta(days=1))}"
        yield "TRANSP:TRANSPARENT"
    yield f"SUMMARY:{_escaped(task.summary)}"
    yield f"DESCRIPTION:{_escaped(task.detail)}"
    yield f"END:{kind}"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    """Return a text as a value (RFC 5545, 3.3.11)."""
    text = _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in pieces of at most 75 octets that cut no character (RFC 5545, 3.1)."""
    piece, size = "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > _LINE_OCTETS:
            yield piece
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    yield piece
