"""Which revision of the register does a request see, as known on which day? The shipped record with every claim that a second
person has looked at.

A page asks for its part of it: see `around`. The whole of it is kept in the process from one revision to the next, for those
who need all of it (articles are held against it, programs read it whole): a new step costs the reading of that step alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from threading import Lock
from typing import Final

from aliquot import register, register_claims, register_known
from aliquot.register import Record
from aliquot.register_claims import Claim, Read
from aliquot.site.models import RegisterMention
from aliquot.site.queries import claims
from aliquot.ties import Tie
from aliquot.vocabulary import State

Revision = tuple[int, str]
NOTHING: Final[Revision] = (0, "")


@dataclass(slots=True)
class _Kept:
    """What this process knows of the register, up to a step."""

    at: Revision = NOTHING
    claims: dict[str, Claim] = field(default_factory=dict)
    record: Record | None = None
    read: dict[str, Read] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """What a request sees: a revision of the register, as it could be known on a day where one is asked for."""

    revision: Revision
    day: date | None = None


_kept = _Kept()
_lock = Lock()
_view: ContextVar[View | None] = ContextVar("what this request sees of the register", default=None)


def view() -> View:
    """Return what this request sees; outside of a request, the newest revision."""
    return _view.get() or View(claims.last_step())


def has_claims() -> bool:
    """Whether anybody proposed anything."""
    return view().revision != NOTHING


@contextmanager
def seen(day: date | None = None) -> Iterator[View]:
    """Let everything within see one revision of the register, as it could be known on that day."""
    shown = View(claims.last_step(), day)
    token = _view.set(shown)
    try:
        yield shown
    finally:
        _view.reset(token)


@lru_cache(maxsize=16)
def shipped_on(day: date | None) -> Record:
    """Return the shipped record as it could be known on a day."""
    return register_known.as_known_on(register.load(), day) if day else register.load()


_superseded: dict[Revision, frozenset[str]] = {}


def superseded_of_shipped() -> frozenset[str]:
    """Return the facts of the shipped record in whose place a verified claim stands; asked once a revision."""
    revision = view().revision
    found = _superseded.get(revision)
    if found is None:
        named = RegisterMention.objects.filter(role=Tie.SUPERSEDES, claim__state=State.VERIFIED)
        found = frozenset(named.exclude(key__startswith="claim-").values_list("key", flat=True).distinct())
        _superseded.clear()
        _superseded[revision] = found
    return found


def forget() -> None:
    """Ask anew what is superseded: the revision that is being written had not all of it."""
    _superseded.clear()


# -- the whole of it ---------------------------------------------------------------------------------------


def record() -> Record:
    """Return the whole record that this request sees."""
    return _on(*latest())


def _on(revision: Revision, whole: Record) -> Record:
    """Return the record as known on the day asked for; the last few are kept."""
    found = _view.get()
    if found is None or found.day is None:
        return whole
    if (revision, found.day) not in _known:
        if len(_known) >= _KNOWN_MOST:
            _known.clear()
        _known[revision, found.day] = register_known.as_known_on(whole, found.day)
    return _known[revision, found.day]


_known: dict[tuple[Revision, date], Record] = {}
_KNOWN_MOST: Final = 4


def latest() -> tuple[Revision, Record]:
    """Return the whole record in force with its revision."""
    global _kept
    now, kept = claims.last_step(), _kept
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
