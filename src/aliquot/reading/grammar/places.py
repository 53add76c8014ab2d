"""Which party stands where a pattern says? A sentence with each list of its parties as one sign.

"Brown University, Osaka University and Cologne have been granted loans" and "Kenya has been granted a loan" are one pattern.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from aliquot.reading.grammar import topics
from aliquot.reading.marks import Mark, Sentence

SIGN, FILL = "\ue000", "\ue001"  # the first sign of a list of parties, and the rest of it
PARTY: Final = rf"(?P<who>{SIGN}{FILL}*)"
OTHER: Final = rf"(?:{SIGN}{FILL}*)"


def patterns(places: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """Return places as patterns, in which `PARTY` is the one looked for and `OTHER` any other."""
    return tuple(re.compile(place, re.IGNORECASE) for place in places)


def found(
    sentence: Sentence, places: Sequence[re.Pattern[str]]
) -> Iterator[tuple[list[Mark], re.Match[str]]]:
    """Yield the parties that stand in a place, with its match in the text with signs."""
    if not sentence.all("party"):
        return
    groups = {group[0].start: group for group in topics.lists(sentence)}
    text = _signed(sentence.text, tuple((start, group[-1].end) for start, group in groups.items()))
    for place in places:
        for match in place.finditer(text):
            yield topics.merged(sentence, list(groups[match.start("who")])), match


@lru_cache(maxsize=16)
def _signed(text: str, spans: tuple[tuple[int, int], ...]) -> str:
    for start, end in spans:
        text = text[:start] + SIGN + FILL * (end - start - 1) + text[end:]
    return text
