"""What does a Chinese or Japanese sentence claim? Each clause by the acts in it and the particles beside its names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import eastern_flights, eastern_passing, eastern_rounds
from aliquot.reading.grammar.clauses import LANGUAGES, is_lunar
from aliquot.reading.marks import Sentence

EXAMPLES = (
    Example("嫦娥六号于2024年6月25日携1935.3克月背样品回家。", ("landing_side(CE-6, far side)", "returned_mass(CE-6) 1935.3 g", "returned_on(CE-6) 2024-06-25")),
)  # fmt: skip


# What proved to be no rock of the Moon.
_IS_NONE: Final = re.compile("木化石|木の化石|化石木|赝品|假货|偽物|にせもの|小惑星|小行星")


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the claims of a sentence in one of the two languages, none of another."""
    if sentence.language not in LANGUAGES or not is_lunar(sentence, context):
        return
    if _IS_NONE.search(sentence.text):
        return
    given = False
    for family in (eastern_flights, eastern_passing, eastern_rounds):
        for claim in family.claims(sentence, context):
            given = given or claim.predicate in ("gift", "exchange")
            if not (given and claim.predicate in _LENT):  # what is given is not lent
                yield claim


_LENT: Final = ("granted", "applicants", "loan_granted")
