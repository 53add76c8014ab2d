"""Of whom else is the same told? "So did Osaka University", "France got the same": a loan, a request or a refusal once more.

What is told again is told right before, in the sentence before or in the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Final

from aliquot.reading import lexicon, numerals, quantities
from aliquot.reading.claims import Claim, Example
from aliquot.reading.grammar import places, topics
from aliquot.reading.marks import Mark, Quantity, Sentence

_TOLD_OF_OBJECT: Final = ("loan_granted", "loan_refused")
_ECHOED: Final = (*_TOLD_OF_OBJECT, "loan_requested")
_VERB: Final = r"(?:did|does|do|has|have|had|was|were|is|are|will|would)"
# "So did Osaka University", "as has Italy", "nor was Spain"
_BEFORE: Final = re.compile(rf"\b(?:[Ss]o|[Nn]either|[Nn]or|as) {_VERB} (?:the )?$")
# "France got the same", "Berlin followed suit"
_BEHIND: Final = lexicon.anywhere("grammar/asking.toml", "echo")
_SAME_MASS: Final = re.compile(r"\b(?:the same|as much|an equal|a like)\b")

EXAMPLES: Final = (
    Example(
        "China has lent Brown University lunar samples. So has Osaka University received them.",
        ("loan_granted(CN, Brown University)", "loan_granted(CN, Osaka University)"),
    ),
)


def claims(sentence: Sentence, told: Iterable[Claim]) -> Iterator[Claim]:
    """Yield what was `told` last of a party, once more of another: "Paris asked first. Berlin followed suit"."""
    last = next((claim for claim in reversed(list(told)) if claim.predicate in _ECHOED), None)
    if not last or sentence.language != "en":
        return
    if gapped := _gapped(sentence, last):
        yield gapped
        return
    for group in topics.lists(sentence):
        same = _is_echo(sentence, group)
        for mark in topics.merged(sentence, group) if same else ():
            if mark.name not in (last.subject, last.object):
                yield _again(sentence, last, mark, is_same=bool(_SAME_MASS.search(same)))


# "China lent France 50 milligrams and Germany 200", "and London of nine"
_GAPPED: Final = places.patterns(
    (
        rf"[,;]? and (?:the )?{places.PARTY}(?: was lent| got| received)? (?:of )?(?P<n>{numerals.COUNTING})(?=[.;,]|$)",
    )
)


def _gapped(sentence: Sentence, last: Claim) -> Claim | None:
    """Return what was told of one amount, of another whose unit is understood."""
    if not last.quantity:
        return None
    for parties, match in places.found(sentence, _GAPPED):
        amounts = [m for m in sentence.all("mass", "count") if m.end <= match.start()]
        read = numerals.read(match["n"])
        if amounts and read and len(parties) == 1 and amounts[-1].quantity == last.quantity:
            unit = quantities.GRAMS.get(amounts[-1].name, Decimal(1))
            quantity = Quantity(read[0] * unit, last.quantity.unit, read[1] * unit)
            return replace(
                _again(sentence, last, parties[0], is_same=False), quantity=quantity, date=last.date
            )
    return None


def _is_echo(sentence: Sentence, group: list[Mark]) -> str:
    """Return the words that tell the same again of a list of parties, empty where none do."""
    if found := _BEFORE.search(sentence.text[: group[0].start]):
        return found[0]
    gap = re.compile(r",? ").match(sentence.text, group[-1].end)
    behind = _BEHIND.match(sentence.text, gap.end()) if gap else None
    return behind[0] if behind else ""


def _again(sentence: Sentence, last: Claim, mark: Mark, *, is_same: bool) -> Claim:
    date = next((d.name for d in sentence.all("date") if d.start >= mark.end), "")
    of_object = last.predicate in _TOLD_OF_OBJECT
    subject, receiver = (last.subject, mark.name) if of_object else (mark.name, last.object)
    quantity = last.quantity if is_same else None
    return replace(
        last,
        subject=subject,
        object=receiver,
        quantity=quantity,
        date=date,
        state=mark.state,
        start=mark.start,
        end=mark.end,
    )
