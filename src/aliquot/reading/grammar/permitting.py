"""Who may ask for samples in spite of a bar? permission: leave that a state gives its own researchers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, roles, topics
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Sentence


def _words(topic: str) -> re.Pattern[str]:
    return lexicon.anywhere("grammar/asking.toml", topic)


_PERMITS, _TO_APPLY, _DESPITE, _IN_SPITE = (
    _words("permits"),
    _words("to_apply"),
    _words("despite"),
    _words("in_spite"),
)
_CHINESE: Final = re.compile(r"\bChin(?:a|ese)\b|Chang'?e|\bBeijing\b|嫦娥|中国")
_BODY: Final = re.compile(r"\b(?:Wolf|Congress|NASA|FBI|Washington)\b|美国(?:国家航空)?航天局|国会|沃尔夫")
_OWN: Final = re.compile(r"\b(?:the (?:space )?agency|researchers|scholars|scientists|teams|Americans)\b")
_FOR_SAMPLES: Final = re.compile(
    r"\b(?:samples?|soil|grains|loans?|researchers|scientists|applicants)\b|样品|月壤"
)
_NOT_GIVEN: Final = re.compile(r"\b(?:without|needs?|unless|only with)\b[^.]{0,40}$", re.IGNORECASE)
_NO: Final = re.compile(r"\b(?:no|not|never|n't|neither|nor)\b[^.;]{0,16}$", re.IGNORECASE)
_PRONOUN: Final = re.compile(r"\b(?:it|they|the (?:space )?agency)\s+(?:\w+ ){0,2}$")

EXAMPLES: Final = (
    Example(
        "In November 2023 NASA allowed American scientists to apply for China's Chang'e 5 samples.",
        ("permission(US, US) 2023-11",),
    ),
    Example(
        "NASA has given Brown University leave to bid for China's Chang'e 5 samples.",
        ("permission(US, Brown University)",),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield leave that NASA or Congress, or another state, gave its researchers to apply for samples of somebody else."""
    match = _given(sentence)
    if not match or topics.is_other(sentence):
        return
    giver = _giver(sentence, context, match)
    if not giver or (_DESPITE.search(sentence.text) and not _IN_SPITE.search(sentence.text)):
        return
    act = _TO_APPLY.search(sentence.text, match.end()) or _TO_APPLY.search(sentence.text)
    last = max(match.end(), act.end() if act else 0)
    houses = [m for m in sentence.all("party") if roles.is_laboratory(m) and m.start < last]
    if any(m.state[:2] not in (giver, "") for m in houses):  # that is the loan
        return
    who = [m.name for m in houses if not m.name.startswith("NASA")] or [giver]
    date = frames.day_of(sentence, Verb("ask", *match.span(), match[0])) or _only_date(sentence)
    for name in dict.fromkeys(who):
        hedge = "denied" if _NO.search(sentence.text[: match.start()]) else ""
        yield Claim("permission", giver, name, date=date, start=match.start(), end=match.end(), hedge=hedge)


def _given(sentence: Sentence) -> re.Match[str] | None:
    """Return the words that give leave to apply, or nothing."""
    if not _TO_APPLY.search(sentence.text):
        return None
    to_do = any(not _PERMITS.fullmatch(m[0]) for m in _TO_APPLY.finditer(sentence.text))
    if not to_do and not _FOR_SAMPLES.search(sentence.text):  # a waiver, of what?
        return None
    found = (m for m in _PERMITS.finditer(sentence.text) if not _NOT_GIVEN.search(sentence.text[: m.start()]))
    return next(found, None)


def _giver(sentence: Sentence, context: Context, match: re.Match[str]) -> str:
    """Return who gives leave: the United States, to whom the Wolf Amendment applies, or a state with a house of its own."""
    states = {m.name for m in sentence.all("party") if m.sort == "state"}
    american = "US" in states or any(m.state == "US" for m in sentence.all("party"))
    by_law = context.law == "Wolf Amendment" and bool(_OWN.search(sentence.text))
    lender = topics.lender_of(sentence, context)
    chinese = bool(_CHINESE.search(sentence.text)) or lender == "CN" or context.law == "Wolf Amendment"
    if (american or by_law) and chinese and (by_law or _BODY.search(sentence.text) or american):
        return "US" if _is_by_own(sentence, match, "US") else ""
    ahead = [m for m in sentence.all("party") if m.sort == "state" and m.end <= match.start()]
    own = [m for m in sentence.all("party") if ahead and roles.is_laboratory(m) and m.state == ahead[0].name]
    return ahead[0].name if own and ahead[0].name != lender and ahead[0].name not in ("CN", "US") else ""


def _is_by_own(sentence: Sentence, match: re.Match[str], state: str) -> bool:
    """Whether it is not the other side that lets them: "Beijing allowed American institutions to borrow"."""
    ahead: list[Mark] = [m for m in sentence.all("party") if m.sort == "state" and m.end <= match.start()]
    if not _LETS.match(match[0]):
        return True
    if _PRONOUN.search(sentence.text[: match.start()]) and any(m.state == state for m in ahead):
        return True
    passive = _PASSIVE.search(sentence.text[: match.start()])
    by = [m for m in sentence.all("party") if m.start >= match.end() and _BY.search(sentence.before(m, 8))]
    if by or (ahead and not passive):
        return (by or ahead[-1:])[0].state == state
    return bool(_STRONG.search(sentence.text)) and not any(m.state != state for m in ahead)


_LETS: Final = re.compile(
    r"allow|permit|clear|authori|may|can|could|let|free|was able|were able|are able", re.IGNORECASE
)
_PASSIVE: Final = re.compile(r"\b(?:was|were|been|being|be|is|are)\s+(?:\w+ly )?$")
_BY: Final = re.compile(r"\bby (?:the )?$")
_STRONG: Final = re.compile(
    r"\b(?:appl\w+|bid\w*|compet\w+|proposals?|race|requests?|try for)\b|申请|申請", re.IGNORECASE
)


def _only_date(sentence: Sentence) -> str:
    names = {d.name for d in sentence.all("date")}
    return names.pop() if len(names) == 1 else ""
