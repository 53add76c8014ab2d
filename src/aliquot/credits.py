"""Does a paper give the credit that was agreed: the wording, and the numbers of the samples? Text in, what is lacking out.

Upper and lower case, line ends, spaces, quotation marks and hyphens of any kind are taken as the same; words are not. What papers call
samples is often unofficial (domain facts, section 2.2), so each number is looked for as the catalogue has it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_SAME: Final = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "‐": "-", "‑": "-", "–": "-", "—": "-",
                              "，": ",", "。": ".", "．": "."})  # fmt: skip
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether the wording stands there, and which numbers do and do not."""

    has_wording: bool
    cited: tuple[str, ...]
    not_cited: tuple[str, ...]

    @property
    def is_given(self) -> bool:
        """Whether credit is given: the wording, and at least one number."""
        return self.has_wording and bool(self.cited)


def check(text: str, *, wording: str, numbers: Iterable[str]) -> Checked:
    """Return what of the agreed credit stands in a text; a full stop at the end of the wording may be missing."""
    said, wanted = _plain(text), _plain(wording).rstrip(".")
    cited: list[str] = []
    lacking: list[str] = []
    for number in dict.fromkeys(numbers):
        (cited if _stands(_plain(number), said) else lacking).append(number)
    return Checked(bool(wanted) and wanted in said, tuple(cited), tuple(lacking))


def _plain(text: str) -> str:
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).translate(_SAME)).strip().casefold()


def _stands(number: str, text: str) -> bool:
    """Whether a number stands in a text by itself: P-1 is not cited where P-1,1 is."""
    found = rf"(?<![\w,-]){re.escape(number)}(?!\w)(?![,-]\w)"
    return re.search(found, text) is not None
