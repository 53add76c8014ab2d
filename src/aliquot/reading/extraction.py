"""Which claims does a text make? Sentence after sentence, each read in the light of those before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Final

from aliquot.reading import datings, marking, modality
from aliquot.reading.claims import Claim, Context
from aliquot.reading.datings import Clock
from aliquot.reading.grammar import (
    aging,
    asking,
    bringing,
    calls,
    frames,
    giving,
    journeys,
    keeping,
    laws,
    lending,
    losses,
    parting,
    ranks,
    sides,
    topics,
)
from aliquot.reading.language import language
from aliquot.reading.marks import Sentence
from aliquot.reading.sentences import sentences

FAMILIES: Final = (
    bringing,
    journeys,
    sides,
    ranks,
    parting,
    giving,
    asking,
    lending,
    calls,
    keeping,
    losses,
    aging,
    laws,
)


def read(text: str, day: date | None = None) -> tuple[str, int, list[tuple[Sentence, Claim]]]:
    """Return the language of a text, how many sentences it has, and its claims in order with their sentences.

    `day` is that of the text where something beside it tells, such as the head of a page.
    """
    spoken = language(text)
    today = day or datings.date_line(text)
    context = Context()
    found: list[tuple[Sentence, Claim]] = []
    number = 0
    for number, (start, end) in enumerate(sentences(text), 1):
        context.sentence = number
        said = marking.sentence(text, start, end, spoken, Clock(today, context.told))
        here = [_hedged(said, claim) for claim in of(said, context)]
        found += [(said, claim) for claim in here]
        _remember(context, said, here)
    return spoken, number, found


def of(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the claims of one sentence, each once."""
    seen = set()
    for family in FAMILIES:
        for claim in family.claims(sentence, context):
            key = (claim.predicate, claim.subject, claim.object, claim.quantity, claim.date)
            if key not in seen:
                seen.add(key)
                yield claim


def _hedged(sentence: Sentence, claim: Claim) -> Claim:
    if claim.hedge:
        return claim
    first, last = max(0, claim.start - 60), min(len(sentence.text), (claim.end or claim.start) + 30)
    while first > 0 and sentence.text[first - 1].isalpha() and sentence.text[first].isascii():
        first -= 1  # half a word is another: "Plan|etarium"
    while last < len(sentence.text) and sentence.text[last].isalpha() and sentence.text[last].isascii():
        last += 1
    low, high = frames.clause(sentence, first, last, claim.start)
    past = claim.predicate in (
        "returned_mass",
        "total_returned",
        "returned_on",
        "landed_on",
        "launched_on",
        "landing_side",
        "age",
        "age_difference",
        "law_enacted",
        "law_effect",
        "rank",
        "call_opened",
        "membership_count",
        "persons_on_moon",
        "sample_mass",
    )
    return replace(claim, hedge=modality.hedge(sentence, start=low, end=high, past=past))


_APPLYING: Final = re.compile(
    r"\bapplicat\w+|\bapplicants?\b|\bcall for\b|\bproposals\b|申请|申請", re.IGNORECASE
)


_ASKS: Final = re.compile(
    r"\bhow (?:much|many|heavy)\b.*\b(?:br[io]ng|brought|return\w*|collect\w*|retriev\w*|weigh\w*)\b.*\?|(?:带回|采集).*多少",
    re.IGNORECASE,
)


def _remember(context: Context, sentence: Sentence, claims: list[Claim]) -> None:
    """Keep what the next sentence may refer to."""
    missions = [m.name for m in sentence.all("mission") if m.sort == "mission"]
    context.mission = next(
        (name for name in missions if not name.startswith(("Artemis", "Chandrayaan"))), context.mission
    )
    programmes = [m.name for m in sentence.all("mission") if m.sort == "programme"]
    context.programme = programmes[-1] if programmes else context.programme
    if topics.names_lunar(sentence.text):
        states = {m.name for m in sentence.all("party") if m.sort == "state"} & {"CN", "US"}
        context.keeper = "CN" if "CN" in states else next(iter(states), context.keeper)
    context.is_asked = bool(_ASKS.search(sentence.text))
    samples = sentence.all("sample")
    context.sample = samples[-1].name if samples else context.sample
    if topics.names_lunar(sentence.text):
        context.material = True
    elif topics.is_other(sentence):
        context.material = False
    context.law = laws.which(sentence, context) or context.law
    if _APPLYING.search(sentence.text):
        context.applying = context.material
    elif context.sentence - context.last_loan > 3:
        context.applying = False
    for claim in claims:
        _remember_claim(context, claim)
    _remember_date(context, sentence)


def _remember_claim(context: Context, claim: Claim) -> None:
    if claim.predicate in ("returned_mass", "total_returned"):
        context.material = True
    if claim.predicate in ("gift", "exchange", "transfer"):
        context.giver, context.receiver, context.last_gift = claim.subject, claim.object, context.sentence
        if claim.object in ("nations", "US states"):
            context.collection = "goodwill rocks"
    elif claim.predicate == "lost" and claim.subject in ("goodwill rocks", "US states", "NASA collection"):
        context.collection = claim.subject
    elif claim.predicate in ("holding", "display"):
        context.last_gift = context.sentence
    elif claim.predicate in (
        "loan_granted",
        "granted",
        "applicants",
        "call_opened",
        "loan_requested",
        "permission",
    ):
        if claim.predicate != "permission":
            context.lender = claim.object if claim.predicate == "loan_requested" else claim.subject
        context.last_loan, context.applying = context.sentence, True


def _remember_date(context: Context, sentence: Sentence) -> None:
    """Keep the last date told; one of the last century only where no later one was told."""
    dates = [mark.name for mark in sentence.all("date")]
    recent = [name for name in dates if not name.startswith("19") or not context.told] or dates
    if recent:
        context.told = recent[-1].partition("/")[0]
