"""How does a sentence say it: as a fact, as somebody's word, as denied, as planned, as an opinion?"""

from __future__ import annotations

import re
from typing import Final

from aliquot.reading.marks import Sentence

ASSERTED, REPORTED, DENIED, PLANNED, OPINION = "asserted", "reported", "denied", "planned", "opinion"
_DENIED: Final = re.compile(
    r"\b(?:was never|were never|never (?:reached|returned|gave|given|received|agreed|delivered|lent|took place|happened)|did not|didn't|has not|have not|"
    r"had not|hasn't|haven't|was not|were not|wasn't|has yet to|have yet to|no (?:formal )?(?:deal|agreement|exchange|swap|samples?)\b|none of|denied that|"
    r"n'a pas|n'ont pas|jamais|nicht|keine?n?|niemals)\b|没有(?!说明)|未能|从未|未曾|なかった|ていない|否认",
    re.IGNORECASE,
)
_REPORTED: Final = re.compile(
    r"\b(?:according to|reportedly|is said to|are said to|was said to|it is said|(?:is|are|was|were) (?:estimated|believed|thought|understood|rumou?red|reported)|"
    r"estimated (?:to be|at)|experts note|scientists (?:say|believe|think)|researchers (?:say|believe)|experts say|media reports|sources (?:say|said)|"
    r"reports (?:say|said|suggest)|reported that|alleged(?:ly)?|claims? that|claimed|said (?:that|it|the|in)|told reporters|selon|d'après|aurait|auraient|"
    r"laut|soll(?:en)?|angeblich|nach Angaben)\b|据(?:报道|介绍|说|悉|称)|によると|とされる|という。",
    re.IGNORECASE,
)
_PLANNED: Final = re.compile(
    r"\b(?:will|shall|plans?(?: to)?|planned|planning|intends? to|scheduled|slated|expected to|set to|aims? to|aiming to|going to|would|hopes? to|"
    r"ambition|upcoming|due to (?:launch|land|return)|proposed|targets?|prévoit|prévue?|doit|devrait|va|sera|seront|soll|wird|werden|plant|geplant|will)\b|"
    r"将(?!嫦|\d|月|样|一|其)|计划|打算|拟|预计|予定|計画して|目指",
    re.IGNORECASE,
)
_OPINION: Final = re.compile(
    r"\b(?:argued?s?|should|could|might|may have|perhaps|in my (?:view|opinion)|critics|arguably|seems? to|appears? to be a|believes? that)\b|应该|或许|べきだ",
    re.IGNORECASE,
)


def hedge(sentence: Sentence, *, start: int = 0, end: int | None = None, past: bool = False) -> str:
    """Return how the part of the sentence from `start` to `end` is said; what is certainly `past` is not planned."""
    part = sentence.text[start:end]
    if _DENIED.search(part):
        return DENIED
    if not past and _PLANNED.search(part):
        return PLANNED
    if _REPORTED.search(sentence.text):
        return REPORTED
    if re.search(
        r"\b(?:argue|argues|argued|critics|in my view|should|might|could)\b", part, re.IGNORECASE
    ) and _OPINION.search(part):
        return OPINION
    return ASSERTED
