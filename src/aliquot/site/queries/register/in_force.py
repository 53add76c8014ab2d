"""Which record is in force? The shipped one with every claim that a second person has looked at.

Kept in the process from one revision of the register to the next: asking costs one small query, and a new step costs the
reading of that step alone. A page that asks twice asks the database twice, so it asks once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock

from aliquot import register, register_claims
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


_kept = _Kept()
_lock = Lock()


def record() -> Record:
    """Return the record in force."""
    return at_revision()[1]


def at_revision() -> tuple[Revision, Record]:
    """Return the record in force with the revision that it is of."""
    global _kept
    now = claims.last_step()
    kept = _kept
    if kept.record is not None and kept.at == now:
        return now, kept.record
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
    return _Kept(at, every, register_claims.joined(register.load(), every.values(), kept.read), kept.read)
