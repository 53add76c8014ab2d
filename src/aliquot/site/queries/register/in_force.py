"""Which record does a page show? The shipped one with every claim that a second person has looked at, as known on a day.

Kept in the process from one revision of the register to the next: a request asks once, by one small query, and a new step
costs the reading of that step alone. `seen` sets what a request sees; whatever is asked within it asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Final

from aliquot import register, register_claims, register_known
from aliquot.register import Record
from aliquot.register_claims import Claim, Read
from aliquot.site.queries import claims

Revision = tuple[int, str]


@dataclass(slots=True)
class _Kept:
    """What this process knows of the register, up to a step."""

    at: Revision = (0, "")
    claims: dict[str, Claim] = field(default_factory=dict)
    record: Record | None = None
    read: dict[str, Read] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """What a request sees: a revision of the register, as it could be known on a day where one is asked for."""

    revision: Revision
    day: date | None
    whole: Record
    record: Record


_kept = _Kept()
_lock = Lock()
_view: ContextVar[View | None] = ContextVar("what this request sees of the register", default=None)


def record() -> Record:
    """Return the record that this request sees; outside a request, the one in force."""
    view = _view.get()
    return view.record if view else latest()[1]


def view() -> View:
    """Return what this request sees."""
    found = _view.get()
    if found:
        return found
    revision, whole = latest()
    return View(revision, None, whole, whole)


@contextmanager
def seen(day: date | None = None) -> Iterator[View]:
    """Let everything within see one revision of the register, as it could be known on that day."""
    revision, whole = latest()
    shown = View(revision, day, whole, _on(revision, day, whole) if day else whole)
    token = _view.set(shown)
    try:
        yield shown
    finally:
        _view.reset(token)


_known: dict[tuple[Revision, date], Record] = {}
_KNOWN_MOST: Final = 16


def _on(revision: Revision, day: date, whole: Record) -> Record:
    """Return the record as known on a day; the last few are kept."""
    found = _known.get((revision, day))
    if found is None:
        if len(_known) >= _KNOWN_MOST:
            _known.clear()
        found = _known[revision, day] = register_known.as_known_on(whole, day)
    return found


def latest() -> tuple[Revision, Record]:
    """Return the record in force with its revision, asked of the database; for acts."""
    global _kept
    now = claims.last_step()
    kept = _kept
    if kept.record is None or kept.at != now:
        with _lock:
            kept = _kept
            if kept.record is None or kept.at != now:
                _kept = kept = _read(kept)
    return kept.at, kept.record or register.load()


def _read(kept: _Kept) -> _Kept:
    """Return what is known after the steps that are new; from the first on, where the last known one is not there."""
    every = dict(kept.claims)
    rows = claims.steps_from(kept.at[0])
    first = next(rows, None)
    if kept.at[0] and (first is None or (first[0], first[1]) != kept.at):
        return _read(_Kept())
    at = kept.at
    for pk, digest, text in [first, *rows] if first and not kept.at[0] else rows:
        step = register_claims.read_step(text)
        every[step.claim] = register_claims.after(every.get(step.claim), step)
        at = (pk, digest)
    joined = register_claims.joined(register.load(), every.values(), kept.read)
    return _Kept(at, every, joined, kept.read)
