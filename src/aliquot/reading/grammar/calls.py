"""When did a call for applications open and close? call_opened and call_closed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Sentence


def _words(topic: str) -> re.Pattern[str]:
    return lexicon.anywhere("grammar/calls.toml", topic)


OPENS, CALL = _words("opens"), _words("call")
_CLOSES, _ANOTHER = _words("closes"), _words("another")
_OF_A_CALL: Final = re.compile(
    r"\bcalls? for (?:applications?|proposals?)\b"
    r"|\b(?:\w+ )?(?:call|round|batch)\b(?= (?:\w+ ){0,2}?(?:opened|closed|followed|of (?:lending|loans|applications)))",
    re.IGNORECASE,
)
_OTHER: Final = re.compile(
    r"\b(?:Artemis Accords|signator\w+|ILRS|projects? with|collaborat\w+ with over|ambassadors?|goodwill|Nixon|displays)\b",
    re.IGNORECASE,
)
_OPENING: Final = 4
# "29 September 2025 - Second call for samples"
_HEADED: Final = re.compile(r"\W{1,4}(?:[\w']+ ){0,4}?calls? (?:for|to)\b", re.IGNORECASE)

EXAMPLES: Final = (
    Example(
        "CNSA opened its first international call for Chang'e 5 samples in November 2023.",
        ("call_opened(CN) 2023-11",),
    ),
    Example(
        "China's call for applications for Chang'e 5 samples ran from March 1 to March 31, 2024.",
        ("call_opened(CN) 2024-03-01", "call_closed(CN) 2024-03-31"),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield when a call opened and when it closed: "The call opened in November 2023 and closed on 22 December"."""
    whose = lender(sentence, context) if is_spoken_of(sentence, context) else ""
    dates = list(sentence.all("date"))
    if not whose or not dates:
        return
    for predicate, start, end, date in _dated(sentence, _events(sentence, context, dates[0]), dates):
        first, _, last = date.name.partition("/")
        if predicate == "call_opened" and last and _FROM_TO.search(sentence.text[date.start : date.end]):
            yield Claim("call_opened", whose, date=first, start=start, end=end)
            yield Claim("call_closed", whose, date=last, start=start, end=end)
        else:
            yield Claim(predicate, whose, date=date.name, start=start, end=end)


def is_spoken_of(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence may tell of a call for lunar samples or of its outcome."""
    if topics.is_other(sentence) or _OTHER.search(sentence.text):
        return False
    lunar = topics.is_lunar(sentence, context)
    lunar = lunar or (bool(sentence.all("mission")) and bool(CALL.search(sentence.text)))
    near = lunar or context.applying or context.sentence - context.last_loan <= 2
    loans = context.material and bool(_LOANS.search(sentence.text))
    return (
        near
        or loans
        or (context.material and (bool(frames.verbs(sentence, "lend")) or _is_of_a_call(sentence)))
    )


_LOANS: Final = re.compile(r"\b(?:loans?|borrow\w*|lent)\b", re.IGNORECASE)


def _is_of_a_call(sentence: Sentence) -> bool:
    """Whether a sentence tells of a call by itself: "CNSA opened the call to scientists abroad"."""
    opened = CALL.search(sentence.text) and OPENS.search(sentence.text)
    return bool(opened or _OF_A_CALL.search(sentence.text))


def lender(sentence: Sentence, context: Context) -> str:
    """Return whose samples a call is for."""
    names = [m.name for m in sentence.all("mission")]
    states = [m.name for m in sentence.all("party") if m.sort == "state"]
    if "CN" in states or any(n.startswith("CE") for n in names):
        return "CN"
    if any(n.startswith("Apollo") for n in names):
        return "US"
    if context.lender or context.mission.startswith("CE"):
        return context.lender or "CN"
    return "US" if "US" in states else context.keeper or topics.by_name_of_material(sentence)


# "from March 1 to March 31, 2024"; "the summer of 1967" is one time
_FROM_TO: Final = re.compile(r"\b(?:to|until|till|and|through)\b|[-–—]")

_Event = tuple[str, int, int]


# What ends many things: a call only where the sentence speaks of one. "The loan expired in 2008"
_OF_ANYTHING: Final = re.compile(
    r"until|till|to|end|came|come|lapse|expire|was over|ran out|last|final", re.IGNORECASE
)


_PLAINLY: Final = re.compile(
    r"clos|shut|deadline|cut", re.IGNORECASE
)  # "When the call closed, it had received 24"


def _events(sentence: Sentence, context: Context, first: Mark) -> list[_Event]:
    """Return what a sentence tells of a call: each opening and each closing, with its place."""
    text = sentence.text
    found = [("call_opened", *match.span()) for match in OPENS.finditer(text)]
    if not found and first.start < _OPENING and (headed := _HEADED.match(text, first.end)):
        found = [("call_opened", *headed.span())]
    if CALL.search(text) or context.applying:
        found += [
            ("call_closed", *match.span())
            for match in _CLOSES.finditer(text)
            if not _ANOTHER.search(text) or _PLAINLY.match(match[0])
            if CALL.search(text) or not _OF_ANYTHING.match(match[0])
        ]
    return found


_FAR: Final = 90  # characters between an event and its date
_CROSSED: Final = 60  # as far as so many characters is another clause


def _dated(
    sentence: Sentence, events: list[_Event], dates: list[Mark]
) -> Iterator[tuple[str, int, int, Mark]]:
    """Yield each event with its date: of all pairs the nearest first, each date once."""
    pairs = sorted(
        ((_gap(sentence, event, date), n, event, date) for event in events for n, date in enumerate(dates)),
        key=lambda pair: pair[:2],
    )
    done: set[object] = set()
    for gap, n, event, date in pairs:
        key = event if event[0] == "call_closed" else event[0]
        if gap < _FAR and n not in done and key not in done:
            done |= {n, key}
            yield (*event, date)


def _gap(sentence: Sentence, event: _Event, date: Mark) -> float:
    """Return how far a date is from an event: behind it, or before it."""
    _, start, end = event
    if start <= date.start and date.end <= end:
        return 0
    ahead = date.end <= start
    gap = start - date.end if ahead else date.start - end
    crossed = frames.crosses(sentence, min(date.end, end), max(date.start, start))
    return max(gap, 0) + (12 if ahead else 0) + _CROSSED * crossed
