"""Of which clauses is a Chinese or Japanese sentence made, and what does each leave out that one before it said?

Both languages name a thing once and drop it afterwards: the mission, the giver and the year of a clause are often those of the
clause before. Both tell who does what to whom by a word beside the name: 向, 给, 由 before it, は, に, から behind it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache
from itertools import pairwise
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Context
from aliquot.reading.grammar import topics
from aliquot.reading.marks import Mark, Part, Quantity, Sentence

LANGUAGES: Final = ("zh", "ja")
_TABLE: Final = "grammar/eastern.toml"
# A Chinese clause ends at a comma; a Japanese one where a verb stands before it: 採取し、, 申し入れたが、, 1.5グラムを、
_ENDS: Final = {
    "zh": re.compile("[,;。:]"),
    "ja": re.compile("(?<=[しりきぎみびちじいえれてでけげめせべねたがを後際])[、,]|[;。]"),
}


@dataclass(frozen=True, slots=True)
class Clause(Part):
    """A clause of a Chinese or Japanese sentence, with the acts that it tells."""

    def verbs(self, *acts: str) -> list[re.Match[str]]:
        """Return the words of these acts in it, in order; their places count in the sentence."""
        text, language = self.sentence.text, self.sentence.language
        found = [
            m for act in acts for m in _found(text, act, language) if self.start <= m.start() and m.end() <= self.end
        ]  # fmt: skip
        return sorted(found, key=lambda match: match.start())

    def says(self, *acts: str) -> re.Match[str] | None:
        """Return the first word of these acts in it."""
        return next(iter(self.verbs(*acts)), None)


@cache
def words(act: str, language: str) -> re.Pattern[str]:
    """Return a pattern of the words that a language has for an act."""
    return re.compile("|".join(lexicon.table(_TABLE)[act][language]))


@lru_cache(maxsize=256)
def _found(text: str, act: str, language: str) -> tuple[re.Match[str], ...]:
    return tuple(words(act, language).finditer(text))


def clauses(sentence: Sentence) -> list[Clause]:
    """Return the clauses of a sentence, in order."""
    found, at = [], 0
    for match in _ENDS[sentence.language].finditer(sentence.text):
        if not any(mark.start < match.end() and match.start() < mark.end for mark in sentence.marks):
            found.append(Clause(sentence, at, match.start()))
            at = match.end()
    found.append(Clause(sentence, at, len(sentence.text)))
    return [clause for clause in found if clause.text.strip()]


_DENIES: Final = re.compile("否认|否定|不属实|不实|子虚|并无此事|谣")


def around(sentence: Sentence, at: int) -> tuple[int, int]:
    """Return from where to where a sentence says how a thing is told: its clause, and a next one that denies it."""
    every = clauses(sentence)
    place = next((n for n, c in enumerate(every) if c.start <= at <= c.end), 0)
    after = every[place + 1 : place + 2]
    return every[place].start, after[0].end if after and _DENIES.search(after[0].text) else every[place].end


def whole(sentence: Sentence) -> Clause:
    """Return a sentence as one clause."""
    return Clause(sentence, 0, len(sentence.text))


_RELATIVE: Final = re.compile(r"的|[しらりっ]?た(?![、。がでりの])")  # it says of which samples
_BESIDE: Final = 8  # characters: 1970年に採取した


def when(clause: Clause, at: int, every: list[Clause], *rivals: str) -> str:
    """Return the date of what stands at a place: the last before it in its clause, the next, or that of the clause before.

    A clause before lends its date unless it has an act of its own among `rivals`.
    """
    brings = [
        m for m in clause.verbs("bring") if m.start() < at and _RELATIVE.match(clause.sentence.text, m.end())
    ]
    dates = [
        mark
        for mark in clause.all("date")
        if mark.name and not any(0 <= m.start() - mark.end <= _BESIDE for m in brings)
    ]
    before = [mark for mark in dates if mark.end <= at]
    if dates:
        return before[-1].name if before else dates[0].name
    place = every.index(clause) if clause in every else 0
    for other in reversed(every[:place]):
        if rivals and other.says(*rivals):
            return ""
        if told := [mark for mark in other.all("date") if mark.name]:
            return told[-1].name
    return ""


def mission(clause: Clause, at: int, context: Context, *, sort: str = "") -> str:
    """Return the mission of what stands at a place: the last named before it in the sentence, the next, or the one spoken of."""
    marks = [mark for mark in clause.sentence.all("mission") if not sort or mark.sort == sort]
    before = [mark for mark in marks if mark.end <= at]
    if before:
        return before[-1].name
    ahead = [mark for mark in marks if mark.start >= at]
    return ahead[0].name if ahead else context.mission


_CASES: Final = {
    "zh": (
        ("to", re.compile(r"(?:[向给予与为]|[赠送交移转发借][给到]|移交|赠予|赠送|交由)了?(?:[^,;、\d]{0,8}的)?$"), None),
        ("by", re.compile(r"[由被获]$"), None),
        ("from", re.compile(r"(?:从|来自|自)$"), None),
        ("at", re.compile(r"(?:在|(?<![至关由])于|到|赴|访问)(?:[^,;\d]{0,6}的|[^,;\d的]{0,3})?$"), None),
    ),
    "ja": (
        ("to", None, re.compile(r"[^、。はがにをへと\d]{0,14}?(?:に(?!おけ|ある|より|よる|よれ|いる|次ぐ|続)|へ|には|宛)")),
        ("from", None, re.compile(r"[^、。はがにをへと\d]{0,10}?(?:から|より)")),
        ("at", None, re.compile(r"[^、。はがにをへと\d]{0,6}?(?:での?|における)")),
        ("subject", None, re.compile(r"[^、。はがにをへと\d]{0,14}?(?:は|が|も)")),
    ),
}  # fmt: skip


def case(sentence: Sentence, mark: Mark) -> str:
    """Return what a party does in its clause by the particle beside it: to, by, from, at, subject, or nothing told."""
    for name, before, after in _CASES[sentence.language]:
        if before and before.search(sentence.text[max(0, mark.start - 12) : mark.start]):
            return name
        if after and after.match(sentence.text, mark.end):
            return name
    return ""


_LEADS: Final = ("", "的", "の", "・", " ")  # 英国剑桥大学, ロシアのプーチン大統領


def parties(clause: Clause, *cases: str) -> list[Mark]:
    """Return the parties of a clause in these cases; one that only says of which state the next is, is none."""
    marks = clause.all("party")
    text = clause.sentence.text
    led = {a for a, b in pairwise(marks) if text[a.end : b.start] in _LEADS and a.state == b.state}
    return [m for m in marks if m not in led and (not cases or case(clause.sentence, m) in cases)]


def is_lunar(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence may speak of lunar samples."""
    return (
        topics.names_lunar(sentence.text)
        or bool(_LUNAR.search(sentence.text))
        or (not topics.is_other(sentence) and (context.material or bool(sentence.all("mission"))))
    )


_LUNAR: Final = re.compile(
    "月球采样|采样返回|サンプルリターン|月の裏側|月の表側|月背|月面|登月|登上月球|月を歩"
)
# "51份", "180份": shares, which Chinese counts without a noun.
_SHARES: Final = re.compile(r"(?<!第)(?P<n>\d+)[份块颗件]")


def counts(clause: Clause) -> list[Mark]:
    """Return the counts of a clause, and of its shares."""
    found = clause.all("count")
    if clause.sentence.language == "zh":
        for match in _SHARES.finditer(clause.sentence.text, clause.start, clause.end):
            if not any(m.start < match.end() and match.start() < m.end for m in found):
                many = Quantity(Decimal(match["n"]), "count", Decimal("0.5"))
                found.append(Mark("count", *match.span(), "lots", quantity=many))
    return sorted(found, key=lambda mark: mark.start)
