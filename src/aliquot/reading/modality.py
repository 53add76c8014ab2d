"""How does a sentence say it: as a fact, as somebody's word, as denied, as planned, as an opinion?"""

from __future__ import annotations

from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.marks import Sentence

ASSERTED, REPORTED, DENIED, PLANNED, OPINION = "asserted", "reported", "denied", "planned", "opinion"
_REFUTED: Final = "refuted"  # "A rumour that ... was dismissed as baseless"
_TABLE: Final = "modality.toml"


def hedge(sentence: Sentence, *, start: int = 0, end: int | None = None, past: bool = False) -> str:
    """Return how the part of the sentence from `start` to `end` is said; what is certainly `past` is not planned."""
    part = sentence.text[start:end]
    if _says(DENIED, sentence, part) or _says(_REFUTED, sentence, sentence.text):
        return DENIED
    if not past and _says(PLANNED, sentence, part):
        return PLANNED
    if _says(REPORTED, sentence, sentence.text):
        return REPORTED
    return OPINION if _says(OPINION, sentence, part) else ASSERTED


def _says(how: str, sentence: Sentence, part: str) -> bool:
    return bool(lexicon.anywhere(_TABLE, how, sentence.language).search(part))
