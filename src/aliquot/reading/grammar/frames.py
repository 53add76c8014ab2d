"""Which act does a mass or a date in a sentence belong to? The verbs (words in `verbs.toml`), and the parts of a sentence.

A number belongs to the act whose verb governs it: in "China gave France 1.5 g of samples brought back by Chang'e 5" to
the giving, not to the bringing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.marks import Mark, Quantity, Sentence

_BOUNDARY: Final = re.compile(
    r"[;。]|:(?= [A-Z])|,?\s\b(?:while|whereas|but|although|though|followed by|yet|before(?! (?:the (?:end|decade)|\d|[A-Z]|dawn|noon|then))|compared (?:with|to)|unlike|tandis que|mais|während|aber)\b|"
    r",(?=[^,，]{0,24}(?:嫦娥|阿波罗|月球\d))|，|,\s+and\s+(?=(?:the|a|an|it|its|they|he|she|in|on|China|NASA|Chang|Apollo|Luna|another|later)\b)|,\s+and\s+(?=[A-Z]\w+ (?:is|was|are|were|has|have|had|hopes|wants|plans|will|would|did|\w{2,}ed)\b)"
)


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb or noun of one act, with its place."""

    act: str
    start: int
    end: int
    text: str
    is_participle: bool = (
        False  # "samples brought back by": it says what the samples are, and is not what is told
    )


_MATTER: Final = re.compile(
    r"(?:samples?|rocks?|soils?|materials?|dust|regolith|basalts?|lavas?|stones?|fragments?|specimens?|grams?|kilograms?|pieces?|those|grains|échantillons|"
    r"Proben|Gestein)\)?,?\s*(?:from the (?:Moon|lunar surface|\w+ side of the Moon)\s*)?(?:(?:that|which)\s+(?:\S+\s+){0,5})?(?:(?:was|were|had been|have been|has been)\s+)?(?:first |originally |previously )?$",
    re.IGNORECASE,
)


def _is_participle(text: str, match: re.Match[str], before: str) -> bool:
    after = text[match.end() : match.end() + 1]
    if lexicon.HAN.search(match[0]):
        return after == "的" or (match[0].endswith("た") and after not in ("", "。", "、", ",", "」"))
    if match[0].casefold().startswith("arriv"):
        return False
    return bool(_MATTER.search(before)) and not re.search(r"\b(?:was|were|been)\s+(?:\w+\s+)?$", before)


@lru_cache(maxsize=64)
def _verbs(text: str, language: str) -> tuple[Verb, ...]:
    found = []
    for match in lexicon.acts(language).finditer(text):
        act = match.lastgroup or ""
        before = text[max(0, match.start() - 60) : match.start()]
        participle = act in ("bring", "home") and _is_participle(text, match, before)
        found.append(Verb(act, match.start(), match.end(), match[0], participle))
    return tuple(found)


def verbs(sentence: Sentence, *acts: str) -> tuple[Verb, ...]:
    """Return the verbs of these acts, in order; of all acts when none is named."""
    found = _verbs(sentence.text, sentence.language)
    return tuple(verb for verb in found if verb.act in acts) if acts else found


@lru_cache(maxsize=64)
def _boundaries(text: str, language: str) -> tuple[int, ...]:
    found = [match.start() for match in _BOUNDARY.finditer(text)]
    if language == "zh":
        found += [match.start() for match in re.finditer(",", text)]
    return tuple(sorted(found))


def crosses(sentence: Sentence, a: int, b: int) -> bool:
    """Whether a boundary between clauses lies between two places."""
    found = _boundaries(sentence.text, sentence.language)
    return bisect_left(found, min(a, b)) < bisect_left(found, max(a, b))


def clause(sentence: Sentence, low: int, high: int, at: int) -> tuple[int, int]:
    """Return the part from `low` to `high` of a sentence, cut to the clause that a place lies in."""
    for match in _BOUNDARY.finditer(sentence.text, low, high):
        if match.end() <= at:
            low = match.end()
        elif match.start() > at:
            return low, match.start()
    return low, high


_PASSIVE: Final = re.compile(
    r"^[^.;]{0,60}?\b(?:was|were|has been|have been|had been|will be|is|are|a été|ont été|wurden?|worden)\s",
    re.IGNORECASE,
)


def governing(sentence: Sentence, mark: Mark) -> Verb | None:
    """Return the verb that a mass, sum or count belongs to."""
    every = verbs(sentence)
    before = [
        verb for verb in every if verb.end <= mark.start and not crosses(sentence, verb.end, mark.start)
    ]
    after = [verb for verb in every if verb.start >= mark.end and not crosses(sentence, mark.end, verb.start)]
    relative = after and after[0].is_participle and any(sentence.within(mark.end, after[0].start, "mission"))
    if relative:  # "the 1,731 grams that Chang'e 5 hauled home"
        return after[0]
    main = [verb for verb in after if not verb.is_participle]
    passive = _PASSIVE.match(sentence.text[mark.end :]) if main else None
    if (
        main
        and passive
        and passive.end() + mark.end <= main[0].start + 14
        and "," not in sentence.text[mark.end : main[0].start]
    ):
        return main[0]
    if before and mark.start - before[-1].end < 110:
        return before[-1]
    if after and after[0].start - mark.end < 90:
        return after[0]
    return (
        before[-1]
        if before
        else (after[0] if after else min(every, key=lambda v: abs(v.start - mark.start), default=None))
    )


def masses(sentence: Sentence, *acts: str) -> tuple[tuple[Mark, Verb], ...]:
    """Return the masses that belong to these acts, or to any where none is named, each with its verb."""
    found = ((mark, governing(sentence, mark)) for mark in sentence.all("mass"))
    return tuple((mark, verb) for mark, verb in found if verb and (not acts or verb.act in acts))


def date_of(sentence: Sentence, verb: Verb, *, reach: int = 130) -> Mark | None:
    """Return the date that belongs to a verb: the nearest, unless another verb stands between."""
    every = [other for other in verbs(sentence) if other.act in _DATED]
    best: tuple[float, Mark] | None = None
    for mark in sentence.all("date"):
        ahead = mark.start >= verb.end
        low, high = (verb.end, mark.start) if ahead else (mark.end, verb.start)
        distance: float = high - low
        between = [
            o for o in every if o is not verb and low <= o.start and o.end <= high and o.act != verb.act
        ]
        opens = mark.start < 14 and not ahead
        if (
            verb.is_participle
            and not (lexicon.HAN.search(verb.text) and distance < 12)
            and (not ahead or distance > 60 or (between and distance > 25))
        ):
            continue
        if any(not o.is_participle for o in between):
            distance += 15 if opens else 60
        heads = opens and HEADS.match(sentence.text, mark.end)  # "1970: Luna 16 brings ..."
        if crosses(sentence, low, high) and not heads:
            distance += 180 if ";" in sentence.text[low:high] else 80
        if (
            not ahead
            and _SUBORDINATE.match(sentence.text)
            and "," in sentence.text[low:high]
            and "," not in sentence.text[: mark.start]
        ):
            distance += reach
        nearer = [
            other
            for other in every
            if other is not verb
            and _follows(sentence, other, mark)
            and not _has_nearer(sentence, other, mark)
        ]
        if verb.act != "lend" and _SAYING.search(sentence.text[max(0, mark.start - 34) : mark.start]):
            continue
        if nearer and (
            not ahead
            or (nearer[-1].start > verb.start and nearer[-1].act in _FLIGHT and verb.act not in _FLIGHT)
        ):
            continue
        if distance <= reach and (best is None or distance < best[0]):
            best = (distance, mark)
    return best[1] if best else None


def _has_nearer(sentence: Sentence, verb: Verb, date: Mark) -> bool:
    """Whether a verb stands right behind another date: "on 3 May with a launch and on 25 June with a landing"."""
    return any(
        mark is not date
        and 0 <= verb.start - mark.end < date.start - verb.end
        and not crosses(sentence, mark.end, verb.start)
        for mark in sentence.all("date")
    )


HEADS: Final = re.compile(r"\W{0,3}[:|–—-]")
# "After the landing in July 1969, Nixon gave ...": the date is not that of the giving.
_SUBORDINATE: Final = re.compile(r"(?:After|Since|Following|Before|Nach|Seit|Après|Depuis)\b(?! \d)")
_FLIGHT: Final = ("home", "bring", "land", "launch")
# "said on Monday": the day of the saying. Of a loan it is the day of the approval, which is announced.
_SAYING: Final = re.compile(
    r"\b(?:said|says|announced|reported|told \w+|added|wrote|confirmed|stated|disclosed|revealed|noted|explained)\b(?: in a \w+)?(?: on)?(?: \w+day,? \(?)?\s*$",
    re.IGNORECASE,
)
_BEHIND: Final = 60  # characters
_DATED: Final = (
    "home",
    "bring",
    "land",
    "launch",
    "give",
    "lend",
    "exchange",
    "transfer",
    "sell",
    "show",
    "ask",
    "refuse",
    "lose",
    "find",
)


def _follows(sentence: Sentence, verb: Verb, date: Mark) -> bool:
    """Whether a date stands right behind another verb, and so belongs to it."""
    return 0 <= date.start - verb.end < _BEHIND and not crosses(sentence, verb.end, date.start)


def day_of(sentence: Sentence, verb: Verb) -> str:
    """Return the date that belongs to a verb, empty where there is none."""
    mark = date_of(sentence, verb)
    return mark.name if mark else ""


def mass_of(sentence: Sentence, *acts: str) -> Quantity | None:
    """Return the first mass that belongs to one of these acts."""
    return next((mark.quantity for mark, _ in masses(sentence, *acts)), None)
