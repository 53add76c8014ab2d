"""What does a clause come to, and several together? Verdicts in their order, and the three-valued rule that finds them.

Not known stays not known (None) unless the rest decides. Knows no instrument by name; see `eligibility`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Final

from aliquot.conditions import Facts, truth
from aliquot.kleene import Truth
from aliquot.law_text import Bar, Effect


class Verdict(StrEnum):
    """What an instrument says of a request."""

    NOT_COVERED = "not_covered"
    ADVICE = "advice"
    PERMITTED = "permitted"
    PERMITTED_ON_CONDITION = "permitted_on_condition"
    CANNOT_TELL = "cannot_tell"
    PROHIBITED = "prohibited"


STRENGTH: Final = {verdict: strength for strength, verdict in enumerate(Verdict)}
STANDS_NOW: Final[dict[Verdict, Truth]] = {
    Verdict.NOT_COVERED: True, Verdict.PERMITTED: True, Verdict.PERMITTED_ON_CONDITION: False,
    Verdict.PROHIBITED: False, Verdict.CANNOT_TELL: None, Verdict.ADVICE: None,
}  # fmt: skip


def strongest(verdicts: Sequence[Verdict | None]) -> Verdict | None:
    """Return the strongest verdict; None where one that is not known could be stronger."""
    if Verdict.PROHIBITED in verdicts:
        return Verdict.PROHIBITED
    known = [verdict for verdict in verdicts if verdict is not None]
    if len(known) < len(verdicts):
        return None
    return max(known, key=STRENGTH.__getitem__, default=Verdict.NOT_COVERED)


def outcome(effect: Effect, engaged: Truth, lifted: Truth, still: Truth) -> Verdict | None:
    """Return what a clause comes to; None where what is not known decides."""
    if engaged is not True:
        return None if engaged is None else Verdict.NOT_COVERED
    if effect is not Effect.FORBIDS:
        return {Effect.ALLOWS: Verdict.PERMITTED, Effect.ADVISES: Verdict.ADVICE}.get(
            effect, Verdict.CANNOT_TELL
        )
    if lifted is not False:
        return None if lifted is None else Verdict.PERMITTED
    if still is None:
        return None
    return Verdict.PERMITTED_ON_CONDITION if still else Verdict.PROHIBITED


def of_bars(bars: Iterable[Bar], facts: Facts) -> Verdict | None:
    """Return what the clauses come to together, as far as the facts tell in three-valued logic."""
    found: list[Verdict | None] = []
    for bar in bars:
        engaged = truth(bar.engaged, facts)
        if engaged is True and bar.clause.effect is Effect.FORBIDS:
            found.append(outcome(bar.clause.effect, True, truth(bar.lifted, facts), truth(bar.still, facts)))
        else:
            found.append(outcome(bar.clause.effect, engaged, None, None))
    return strongest(found)
