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
    Example("嫦娥六号于2024年6月25日携1935.3克月背样品回家。",
            ("landing_side(CE-6, far side)", "returned_mass(CE-6) 1935.3 g", "returned_on(CE-6) 2024-06-25")),
)  # fmt: skip


# What proved to be no rock of the Moon.
_OTHER_CRAFT: Final = re.compile(
    "神舟|天问|天問|天宫|天宮|祝融|隼鸟|はやぶさ|鹊桥|悟空号|SLIM|星舰|スターシップ|卫星|衛星|空间站|宇宙ステーション|"
    "电影|影片|小说|纪录片|映画|ドラマ|小説|ゲーム"
)
_IS_NONE: Final = re.compile("木化石|木の化石|化石木|赝品|假货|偽物|にせもの|小惑星|小行星")


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the claims of a sentence in one of the two languages, none of another."""
    if sentence.language not in LANGUAGES or not is_lunar(sentence, context):
        return
    if _IS_NONE.search(sentence.text) or (_OTHER_CRAFT.search(sentence.text) and not sentence.all("mission")):
        return
    given = False
    for family in (eastern_flights, eastern_passing, eastern_rounds):
        for claim in family.claims(sentence, context):
            given = given or claim.predicate in ("gift", "exchange")
            if not (given and claim.predicate in _LENT):  # what is given is not lent
                yield claim


_LENT: Final = ("granted", "applicants", "loan_granted")
