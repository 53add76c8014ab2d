"""How do days that must be kept look in a calendar? Tasks and appointments in, an iCalendar file out (RFC 5545).

A task with a day is an event of that whole day, for every calendar shows events; one without is a to-do. An appointment has
its minutes. Knows no clock: stamps are handed in, and the same matter gives the same bytes.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
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


@dataclass(frozen=True, slots=True)
class Appointment:
    """Something at a moment, or from one to another. The same `key` is the same appointment; `sequence` counts its changes."""

    key: str
    summary: str
    detail: str
    begins: datetime
    ends: datetime
    stamp: datetime  # when this was said last
    sequence: int = 0
    address: str = ""  # of the page that tells of it


def appointments(every: Iterable[Appointment], *, of: str) -> bytes:
    """Return the file; `of` is what makes the keys unique in the world. Moments know their zone."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN"]
    for one in every:
        lines += _event(one, of)
    return _file(lines)


def _event(one: Appointment, of: str) -> Iterator[str]:
    words = "\n".join((of, one.key))
    yield "BEGIN:VEVENT"
    yield f"UID:{hashlib.sha256(words.encode()).hexdigest()[:32]}@aliquot"
    yield f"SEQUENCE:{one.sequence}"
    yield f"DTSTAMP:{_moment(one.stamp)}"
    yield f"DTSTART:{_moment(one.begins)}"
    if one.ends > one.begins:  # an event without an end is over as soon as it begins (RFC 5545, 3.6.1)
        yield f"DTEND:{_moment(one.ends)}"
    yield f"SUMMARY:{_escaped(one.summary)}"
    yield f"DESCRIPTION:{_escaped(one.detail)}"
    if one.address:
        yield f"URL:{_CONTROLS.sub('', one.address)}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _file(lines: Iterable[str]) -> bytes:
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line)).encode()


def calendar(tasks: Iterable[Task], *, stamp: date, of: str) -> bytes:
    """Return the file; `stamp` is the day on which its matter was found, `of` what makes its identifiers unique."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "CALSCALE:GREGORIAN"]
    for task in tasks:
        lines += _component(task, stamp, of)
    return _file(lines)


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
