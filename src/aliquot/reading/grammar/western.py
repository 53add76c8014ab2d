"""How is a French or German sentence divided? Its clauses, what acts each tells, and what stands beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from aliquot.reading import lexicon, numerals, quantities
from aliquot.reading.marks import Mark, Part, Quantity, Sentence

LANGUAGES: Final = ("fr", "de")
TABLE: Final = "grammar/continental.toml"
HOMES: Final = {"CE": "CN", "Apollo": "US", "Luna": "SU"}
SMALL_G: Final = 1000  # what is given, lost or exchanged weighs less
REACH: Final = 160  # characters


@dataclass(frozen=True, slots=True)
class Clause(Part):
    """A clause of a French or German sentence, with the acts that it tells."""

    def says(self, act: str) -> re.Match[str] | None:
        """Return the first word of an act in it."""
        return words(act, self.sentence.language).search(self.sentence.text, self.start, self.end)

    def last(self, act: str) -> re.Match[str] | None:
        """Return the last word of an act in it."""
        found = list(words(act, self.sentence.language).finditer(self.sentence.text, self.start, self.end))
        return found[-1] if found else None

    def day(self, at: int) -> str:
        """Return the date that stands nearest to a place, empty where there is none."""
        dates = [mark for mark in self.all("date") if mark.name]
        return min(dates, key=lambda m: min(abs(m.start - at), abs(m.end - at))).name if dates else ""


@cache
def words(act: str, language: str) -> re.Pattern[str]:
    return lexicon.anywhere(TABLE, act, language)


def clauses(sentence: Sentence) -> list[Clause]:
    """Return the clauses of a sentence, in order; none ends inside a name or date."""
    ends = re.compile("|".join(lexicon.table(TABLE)["end"][sentence.language]))
    found, at = [], 0
    for match in ends.finditer(sentence.text):
        if not any(mark.start < match.end() and match.start() < mark.end for mark in sentence.marks):
            found.append(Clause(sentence, at, match.start()))
            at = match.end()
    return [*found, Clause(sentence, at, len(sentence.text))]


def bare_numbers(clause: Clause) -> list[tuple[int, Quantity]]:
    """Return the numbers of a clause that count something, with their places: "25 of the 135" is 25."""
    text, language = clause.sentence.text, clause.sentence.language
    found = []
    for match in re.finditer(numerals.counting(language), text[: clause.end], re.IGNORECASE):
        at = match.start()
        inside = any(m.start <= at < m.end for m in clause.sentence.marks if m.kind not in ("count", "party"))
        whole = at >= clause.start and _OF_ALL.search(text[:at])
        if (
            at < clause.start
            or inside
            or whole
            or re.match(r"[\s-]*(?:%|Jahre|ans\b|années|mois)", text[match.end() :])
        ):
            continue
        if not (read := numerals.read(match[0], language)):
            continue
        bound = quantities.bound(text[max(0, at - 30) : at], language=language)
        found.append((at, Quantity(read[0], "count", read[1], bound)))
    return found


# What all there are is counted by, of which a part is told: "of the 270", "der insgesamt 370"
_OF_ALL: Final = re.compile(
    r"(?:\b(?:[Ss]ur|[Pp]armi|[Vv]on|[Dd]er|des|unter)(?: (?:les|des|den|insgesamt|quelque|ces|rund|etwa|environ))*) $"
)


def states(clause: Clause) -> list[Mark]:
    return [mark for mark in clause.all("party") if mark.sort == "state"]


def before(clause: Clause, mark: Mark) -> str:
    return clause.sentence.text[max(clause.start, mark.start - 40) : mark.start]
