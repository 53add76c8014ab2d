"""Which laboratory is told to have got material, in whatever words? loan_granted, where `lending` found no verb that it knows.

What comes to a laboratory is lent: it arrives there, is signed for, is placed at its disposal; or the laboratory is called a
winner, a borrower, a recipient. A museum of the owner's own state keeps what it gets, which is no loan.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, parting, roles, topics
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Quantity, Sentence


def _words(topic: str) -> re.Pattern[str]:
    return lexicon.anywhere("grammar/lending.toml", topic)


_GOT, _NOT_GOT, _SAYS = _words("got"), _words("not_got"), _words("says")
_OF: Final = re.compile(
    r"\b(?:professor|director|curator|dean|president|historian|lecturer|scientist|researcher|geologist|"
    r"geochemist|spokes\w+|[A-Z][a-z]+ [A-Z][\wü-]+,?)"
    r"(?: \w+){0,3}? (?:at|of|from|for) (?:the )?$"
)
_NEVER: Final = re.compile(r"\b(?:no|not|never|nor|neither|none|n't|without|yet to)\b", re.IGNORECASE)
_MOST_G: Final = 10  # no borrower got more

EXAMPLES: Final = (
    Example(
        "A sample of Chang'e 5 soil has arrived at Osaka University on loan from China.",
        ("loan_granted(CN, Osaka University)",),
    ),
    Example(
        "The Open University has taken in 60 milligrams of Chang'e 5 dust on loan from CNSA.",
        ("loan_granted(CN, Open University) 0.06 g",),
    ),
    Example(
        "Chang'e 5 dust will go under the microscope at Osaka University, one of the winners.",
        ("loan_granted(CN, Osaka University)",),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield a loan to each laboratory of a sentence that tells that material got there."""
    near = topics.is_lunar(sentence, context) or (
        context.material and context.sentence - context.last_loan <= _STILL
    )
    if not near or topics.is_other(sentence):
        return
    match = _GOT.search(sentence.text) or _THEIRS.search(sentence.text) or _ROUNDS.search(sentence.text)
    if not match or _NOT_GOT.search(sentence.text):
        return
    lender = topics.lender_of(sentence, context) or topics.origin_of(sentence, context, loose=True)
    houses = [m for m in sentence.all("party") if roles.is_laboratory(m) and not _is_beside(sentence, m)]
    if frames.verbs(sentence, "lend") and len(sentence.all("mass")) > 1:
        yield from _each_to(sentence, lender)
    if lender == "CN" and not houses:
        yield from _total(sentence, context)
        return
    if not lender or not houses or any(m.name == "NASA Johnson Space Center" for m in houses):
        return
    verb = Verb("lend", *match.span(), match[0])
    masses = [m.quantity for m in sentence.all("mass") if m.quantity and m.quantity.value < _MOST_G]
    mass: Quantity | None = masses[0] if len(masses) == 1 and len({m.name for m in houses}) == 1 else None
    denied = bool(_NEVER.search(sentence.text))
    for house in {m.name: m for m in houses}.values():
        if not parting.is_deposit(sentence, house, lender):
            yield Claim(
                "loan_granted", lender, house.name, mass, frames.day_of(sentence, verb), mission=context.mission, state=house.state,
                hedge="denied" if denied else "", start=verb.start, end=verb.end,
            )  # fmt: skip


_THEIRS: Final = re.compile(
    r"\b(?:researchers|scientists|institutions?|institutes|laborator\w+|labs|teams|borrowers|recipients)"
    r"\b(?=[^.;]{0,40}\b(?:have had|have received|received|got|were given|have been given|shared|borrowed)\b)",
    re.IGNORECASE,
)


_ROUNDS: Final = re.compile(
    r"\b(?:rounds?|batch(?:es)?)\b|\b(?:institutions?|laborator\w+|labs|researchers|borrowers)"
    r"\b[^;]{0,60}\b(?:between|among) them\b",
    re.IGNORECASE,
)


def _total(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield how much researchers had in all: "researchers have had 125.42 grams between them since July 2021"."""
    masses = [m.quantity for m in sentence.all("mass") if m.quantity and m.quantity.value < _MOST_OF_ROUNDS_G]
    match = _THEIRS.search(sentence.text)
    match = match or _ROUNDS.search(sentence.text)
    if (
        match
        and len(masses) == 1
        and (_BROUGHT.search(sentence.text) or not frames.verbs(sentence, "bring", "home"))
    ):
        since = re.search(r"\bsince\b", sentence.text)
        day = "" if since else next((d.name for d in sentence.all("date")), "")
        yield Claim(
            "loan_granted", "CN", quantity=masses[0], date=day, mission=context.mission, start=match.start()
        )


_BROUGHT: Final = re.compile(
    r"\b(?:rounds?|batch(?:es)?|call) (?:\w+ )?brought\b"
)  # "The eighth round brought 18 people 8.55 grams"
_TO_WHOM: Final = re.compile(
    r"\s*(?:of \w+ )?to (?:its own|(?:\w+ )?(?:laborator|research|institut|scientist|universit|borrower)\w*)",
    re.IGNORECASE,
)


def _each_to(sentence: Sentence, lender: str) -> Iterator[Claim]:
    """Yield each total of "2.18 grams to laboratories abroad and 85.48 grams to its own"."""
    for mark in sentence.all("mass"):
        if (
            lender
            and mark.quantity
            and mark.quantity.value < _MOST_OF_ROUNDS_G
            and _TO_WHOM.match(sentence.text, mark.end)
        ):
            yield Claim("loan_granted", lender, quantity=mark.quantity, start=mark.start)


_MOST_OF_ROUNDS_G: Final = 1000
_STILL: Final = 3  # sentences


def _is_beside(sentence: Sentence, mark: Mark) -> bool:
    """Whether a house only says where somebody is from who speaks of the loan."""
    speaks = _SAYS.search(sentence.text)
    return bool(speaks and _OF.search(sentence.text[: mark.start]))
