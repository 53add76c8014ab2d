"""What does a short answer say, together with its question? "How much did it bring? 1,731 grams." as one statement.

The answer takes the place of the question word. Knows no grammar of statements.
"""

from __future__ import annotations

import re
from typing import Final

from aliquot.reading.marks import Sentence

_MOST_WORDS: Final = 24  # a longer answer speaks for itself
_SPEAKER: Final = re.compile(r"^(?:[A-Z][\w .'-]{0,24}:|[QA][.:])\s*")
_ASKS: Final = re.compile(
    r"\b(?:how (?:many|much|old|heavy)|which(?: \w+)?|who|what|when|where|by whom|to whom)\b(?: of (?:it|the moon))?",
    re.IGNORECASE,
)
_YES: Final = re.compile(
    r"^(?:yes|no(?! (?:earlier|later|sooner|more|less|fewer)\b)|indeed|of course|certainly)\b[,:;.]?\s*",
    re.IGNORECASE,
)
_OWN: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|did|do|does|can|will|would|it|they|he|she|we|I)\b"
)


def joined(question: str, answer: Sentence) -> str:
    """Return question and answer as one statement; empty where the answer is whole by itself."""
    said = _SPEAKER.sub("", answer.text).strip()
    asked = _SPEAKER.sub("", question).rstrip("? ")
    if not asked or not said or len(said.split()) > _MOST_WORDS or said.endswith("?"):
        return ""
    match = _ASKS.search(asked)
    if not match or _YES.match(said) or _OWN.search(said):
        return ""
    said = said.rstrip(".! ")
    if match[0].casefold().startswith("how old") and not said.endswith("old"):
        said = f"{said} old"
    return f"{asked[: match.start()]}{said} {asked[match.end() :].strip()}.".strip()
