"""What went wrong with samples, who was told by when, and how did it end? The words and rules of an incident's file.

Kinds that were seen: theft, loss in the mail, contamination, misidentification, found again (domain facts, section 6.3).
An incident changes no mass: a loss, a find or a correction is an act at the bench, which the file names.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from aliquot import fault, texts
from aliquot.fault import Fault

TEXT_MOST: Final = 8_000
SAMPLES_MOST: Final = 500


class Kind(StrEnum):
    """What happened."""

    LOST = "lost"
    STOLEN = "stolen"
    CONTAMINATED = "contaminated"
    BROKEN = "broken"
    MISIDENTIFIED = "misidentified"
    FOUND = "found"


class Step(StrEnum):
    """What was done about it: somebody was told, something was found out, something was done."""

    TOLD = "told"
    FOUND = "found"
    DONE = "done"


def due(noticed: datetime, hours: int) -> datetime | None:
    """Return by when the policy wants an incident reported; None where it has no rule."""
    return noticed + timedelta(hours=hours) if hours else None


def check_report(
    *, kind: str, what: str, happened: str, noticed: datetime | None, at: datetime
) -> Iterator[Fault]:
    """Yield what keeps an incident from being reported."""
    if kind not in set(Kind):
        yield fault.of("kind", "this is no kind of incident", "choose one of those that are offered")
    yield from texts.check("what", what, most=TEXT_MOST, needed=True)
    if noticed is None:
        yield fault.of(
            "noticed", "it is not told when it was noticed", "write it as 2026-03-14 09:30, in UTC"
        )
    elif noticed > at:
        yield fault.of("noticed", "this is in the future", "write when it was noticed, in UTC")
    if len(happened) > 120 or not (happened.isprintable()):
        yield fault.of("happened", "this is longer than {most} characters, or has one that cannot be seen",
                       "say in a few words when it happened, as far as known", most=120)  # fmt: skip


def check_step(*, kind: str, who: str, text: str) -> Iterator[Fault]:
    """Yield what keeps a step from being noted; whoever was told is named."""
    if kind not in set(Step):
        yield fault.of("step", "this is no kind of step", "choose one of those that are offered")
    if kind == Step.TOLD and not who.strip():
        yield fault.of("who", "it is not told who was told", "name the person or the office")
    if len(who) > 200 or not who.isprintable():
        yield fault.of("who", "this is longer than {most} characters, or has one that cannot be seen",
                       "name the person or the office alone", most=200)  # fmt: skip
    yield from texts.check("text", text, most=TEXT_MOST, needed=True)


def check_close(*, outcome: str, told: int) -> Iterator[Fault]:
    """Yield what keeps an incident from being closed: somebody was told of it, and its outcome is written down."""
    yield from texts.check("outcome", outcome, most=TEXT_MOST, needed=True)
    if not told:
        yield fault.of("outcome", "nobody was told of this incident", "note who was told, then close it")
