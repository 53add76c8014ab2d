"""Which samples does an audit look at, and may it be closed and signed? The draw can be repeated by anybody.

A draw is no chance: each line of the stock is hashed together with the seed, and those with the smallest hashes are
looked at, in that order. Whoever knows the seed and the ledger draws the same samples; whoever knows only the ledger
cannot tell beforehand which. Domain facts, sections 6.3 and 9 (item 31).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aliquot import fault, mass, texts
from aliquot.fault import Fault

SEED_MOST: Final = 80
LINES_MOST: Final = 500
TEXT_MOST: Final = 2_000


class Outcome(StrEnum):
    """What was found where the book has a sample."""

    SEEN = "seen"
    MISSING = "missing"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True, order=True)
class Stock:
    """So much of a sample should lie in a place."""

    sample: str
    holder: str
    mass_ng: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """A line of an audit as it stands; `gap_ng` is what the balance differs from the book by, beyond what it allows."""

    sample: str
    outcome: Outcome | None = None
    by: str = ""
    gap_ng: int = 0
    reason: str = ""
    weighed: bool = False


def draw(seed: str, among: Iterable[Stock], count: int) -> tuple[Stock, ...]:
    """Return the lines that this seed draws, at most `count`, in the order in which they are looked at."""
    found = sorted(among, key=lambda one: (_hash(seed, one), one))
    return tuple(found[: max(count, 0)])


def _hash(seed: str, one: Stock) -> bytes:
    return hashlib.sha256(f"{seed}\n{one.sample}\n{one.holder}".encode()).digest()


def check_plan(*, title: str, seed: str, count: int, among: int) -> Iterator[Fault]:
    """Yield what keeps an audit from being planned."""
    if not title.strip() or not title.isprintable() or len(title) > 200:
        yield fault.of(
            "title", "an audit wants a title of at most 200 characters", "say what is counted and why"
        )
    if not seed or not seed.isprintable() or len(seed) > SEED_MOST:
        yield fault.of("seed", "the seed is missing, or longer than {most} characters",
                       "take any words or digits that nobody could foresee", most=SEED_MOST)  # fmt: skip
    if not among:
        yield fault.of("place", "nothing of the stock lies there", "choose a place that holds samples")
    elif not 1 <= count <= LINES_MOST:
        yield fault.of("count", "{count} samples cannot be looked at in one audit", "choose from 1 to {most}",
                       count=count, most=LINES_MOST)  # fmt: skip


def check_counted(line: Counted, *, found_in: str, held_by: str) -> Iterator[Fault]:
    """Yield what is wrong with what was told of one line."""
    if line.outcome is None:
        yield fault.of("outcome", "it is not told what was found", "say seen, missing or elsewhere")
    if line.outcome is Outcome.ELSEWHERE and not found_in:
        yield fault.of("found_in", "it is not told where the sample was found", "name the place")
    if line.outcome is Outcome.ELSEWHERE and found_in == held_by:
        yield fault.of("found_in", "this is where the book has it", "then it was seen, not elsewhere")
    if line.outcome is not Outcome.ELSEWHERE and found_in:
        yield fault.of("found_in", "a place is told of a sample that was not found elsewhere", "leave it out")
    yield from texts.check("reason", line.reason, most=TEXT_MOST)
    if line.outcome is Outcome.MISSING and line.weighed:
        yield fault.of("reading", "what is missing cannot be weighed", "leave the reading out")


def check_close(lines: Sequence[Counted], *, weigh: bool) -> Iterator[Fault]:
    """Yield what keeps an audit from being closed: every line was looked at, every difference has its reason."""
    if not lines:
        yield fault.of("lines", "the audit has no lines", "plan another")
    for line in lines:
        if line.outcome is None:
            yield fault.of(line.sample, "nobody has looked at it yet", "count it first")
        elif line.outcome is not Outcome.SEEN and not line.reason.strip():
            yield fault.of(line.sample, "it is {outcome}, and no reason is told", "say what is known of it",
                           outcome=line.outcome.value)  # fmt: skip
        elif line.gap_ng and not line.reason.strip():
            yield fault.of(line.sample, "the balance differs from the book by {gap}, and no reason is told",
                           "weigh again, or say why", gap=mass.show(line.gap_ng))  # fmt: skip
        elif weigh and line.outcome is Outcome.SEEN and not line.weighed and not line.reason.strip():
            yield fault.of(line.sample, "it was to be weighed, and was not", "weigh it, or say why not")


def check_sign(lines: Iterable[Counted], *, signer: str, closed_by: str) -> Iterator[Fault]:
    """Yield what keeps somebody from signing: whoever counted or closed does not vouch for it as well."""
    if signer == closed_by:
        yield fault.of("person", "you closed this audit yourself", "let a second person sign it")
    elif any(line.by == signer for line in lines):
        yield fault.of("person", "you counted lines of this audit", "let somebody sign who did not")
