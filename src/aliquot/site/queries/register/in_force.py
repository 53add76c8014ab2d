"""Which revision of the register does a request see, as known on which day? The shipped record with every claim that a second
person has looked at.

Nobody reads the whole of it: a page asks for its part, see `around`, a text for what it names, see `named`, and a program for one
stretch of a list after the other, see `stretches`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

from aliquot import register, register_known
from aliquot.register import Record
from aliquot.site.models import RegisterMention
from aliquot.site.queries import claims
from aliquot.ties import Tie
from aliquot.vocabulary import State

Revision = tuple[int, str]
NOTHING: Final[Revision] = (0, "")


@dataclass(frozen=True, slots=True)
class View:
    """What a request sees: a revision of the register, as it could be known on a day where one is asked for."""

    revision: Revision
    day: date | None = None


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
