"""Which party of a sentence is told to borrow? By its place beside the verb: lent to it, it was granted, it got.

A sentence is read with each list of parties as one sign, so that a pattern says only where the borrower stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.grammar import places
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Sentence


def _words(topic: str) -> str:
    return f"(?:{lexicon.anywhere('grammar/lending.toml', topic).pattern})"


_P, _OTHER, _SIGN = places.PARTY, places.OTHER, places.SIGN
_HOUSE_OF: Final = r"(?:(?:the|a|an|its|their) )?(?:[\w'-]+ ){0,3}?(?:(?:at|of|in|from) )?(?:the )?"
_AUX: Final = r"(?:(?:has|have|had|will have) been|(?:was|were|is|are)(?: to be| being)?|(?:will|would|can|may) be|to be|be)"
_ADVERB: Final = r"(?: (?:\w+ly|also|now|not|never|too|again|each|both|all|since|at last|then|even))?"
_LENT, _LENDS, _GETS = _words("lent"), _words("lends"), _words("gets")
_LOAN, _OF_LOAN, _BORROWER = _words("loan"), _words("of_loan"), _words("borrower")
_PLACES: Final = (
    # "Brown University has been granted a loan", "Italy applied for 80 milligrams and was given 20 on loan"
    rf"{_P}(?:,? too,?|, [^.;,]{{3,60}},)?(?: [^.;,]{{2,60}}? and)?(?: side)? {_AUX}{_ADVERB} (?P<verb>{_LENT})",
    # "CNSA has lent Osaka University a pinch"
    rf"(?P<verb>{_LENDS}) {_HOUSE_OF}{_P}(?! {_LENDS})",
    # "It let the University of Cologne have 200 milligrams"
    rf"\b(?P<verb>let) (?:the )?{_P} have\b",
    # "it has not lent any of it to India", "signed a loan agreement with the University of Bern"
    rf"(?P<verb>{_LENDS}|loan agreement|borrowed|loans?|on loan)\b[^.;{_SIGN}]{{0,70}}? (?:to|with|for|by) {_HOUSE_OF}{_P}",
    # "Germany received 50 milligrams on loan", "got the loan of four chips"
    rf"{_P}(?:'s)?(?: (?!and )[^.;,]{{2,40}}?)? (?P<verb>{_GETS})\b[^.;{_SIGN}]{{0,50}}?\b{_LOAN}",
    # "The borrowers include Thailand and Italy", "France's borrower is ..."
    rf"(?P<verb>{_BORROWER})\b[^.;{_SIGN}]{{0,60}}?(?: (?:is|are|was|were|includ\w+|count(?:s|ed)?)|[:,])"
    rf"[^.;{_SIGN}]{{0,40}}?{_P}",
    # "Germany and Japan are among those served"
    rf"{_P}[^.;]{{0,40}}? (?:is|are|was|were|became)\b[^.;{_SIGN}]{{0,40}}? (?P<verb>{_BORROWER})",
    # "the Vernadsky Institute, which CNSA supplied with 150 mg", "Osaka University, to which they were lent"
    rf"{_P}(?:'s [^.;,]{{2,40}})?, (?:to )?(?:which|whom|who) (?:the )?(?:{_OTHER}|it|they|the "
    rf"agency)?[^.;,{_SIGN}]{{0,20}}? (?P<verb>{_LENDS}|{_LENT})",
    # "For Kenya it set aside 40 milligrams", "the Pakistani loan amounts to 30 milligrams"
    rf"\bfor (?:the )?{_P},? (?:[\w-]+ ){{1,3}}?(?P<verb>set aside|earmarked|reserved|approved)",
    rf"{_P} (?P<verb>loan|share) (?:amounts?|comes?|came|runs?|is|was|weighs)\b",
    # "As for the British, theirs is a loan", "its loan to Bern"
    rf"{_P}[^.;]{{0,20}}?(?:, theirs is|'s) (?:an? )?(?P<verb>loan)\b(?! request| application)",
)
# winners and recipients of something else
_OTHER_PRIZE: Final = re.compile(
    r" of (?:the |a |an )?(?:\w+ )?(?:prize|medal|award|race|election|grant|cup|contract|match)",
    re.IGNORECASE,
)
_PATTERNS: Final = places.patterns(_PLACES)
_HAS_LOAN, _HAS_OF_LOAN = re.compile(_LOAN, re.IGNORECASE), re.compile(_OF_LOAN, re.IGNORECASE)
_UNSURE: Final = re.compile(rf"{_words('unsure')}", re.IGNORECASE)
_BEFORE: Final = 28  # characters in which a verb is taken back
_NOT: Final = re.compile(r"\b(?:not|never|n't|nor|neither|nobody|none)\b", re.IGNORECASE)
_OUTSIDE: Final = re.compile(
    r"\b(?:between|unlike|visit\w* (?:to|of)|relations with|law in|according to|from)\s+(?:the )?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Borrower:
    """A party that borrows, the word that says so, and whether it is denied."""

    party: Mark
    verb: Verb
    denied: bool


def of(sentence: Sentence, lender: str, *, lately: bool) -> list[Borrower]:
    """Return who borrows from a lender in an English sentence, each once; `lately` where loans are spoken of."""
    if sentence.language != "en" or not sentence.all("party") or not _HAS_LOAN.search(sentence.text):
        return []
    found: dict[str, Borrower] = {}
    for one in _found(sentence):
        party = one.party
        if not _may_borrow(sentence, party, lately=lately):
            continue
        if party.name != lender and not (party.sort == "state" and party.state == lender):
            found.setdefault(party.name, one)
    return list(found.values())


def _found(sentence: Sentence) -> Iterator[Borrower]:
    for parties, match in places.found(sentence, _PATTERNS):
        text, (start, end) = match.string, match.span("verb")
        told = re.split(r" and ", text[max(0, start - _BEFORE) : start])[-1] + text[start : match.end()]
        if (
            _UNSURE.search(told)
            or _OUTSIDE.search(text[: match.start("who")])
            or _OTHER_PRIZE.match(text, end)
        ):
            continue
        between = text[min(start, match.start("who")) : max(start, match.start("who"))]
        denied = _NOT.search(between) or _NOT.search(text[max(0, match.start() - 12) : match.start("who")])
        for mark in parties:
            yield Borrower(mark, Verb("lend", start, end, match["verb"]), bool(denied))


_GIFT: Final = re.compile(r"\b(?:gift|present|donat|exchang|swap|gave|friendship|goodwill)\w*", re.IGNORECASE)


def _may_borrow(sentence: Sentence, mark: Mark, *, lately: bool) -> bool:
    """Whether what comes to a party is lent: a state and a museum are given presents too."""
    laboratory = mark.sort == "institution" and not _KEEPS.search(mark.name)
    state = mark.sort == "state" and lately and not _GIFT.search(sentence.text)
    return laboratory or state or bool(_HAS_OF_LOAN.search(sentence.text))


_KEEPS: Final = re.compile(r"Mus[eé]|Academy|Planetarium|Office|Department|Ministry|Embassy")
