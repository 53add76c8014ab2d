"""Which law, since when, to what effect? law_enacted, law_effect; and how many joined: membership_count, persons_on_moon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from aliquot.reading import lexicon, numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames
from aliquot.reading.marks import Mark, Quantity, Sentence


def _words(topic: str) -> re.Pattern[str]:
    return lexicon.anywhere("grammar/laws.toml", topic)


WOLF: Final = "Wolf Amendment"
PROCEDURES: Final = "Procedures for Requesting Lunar Samples"
_NAMES: Final = ((WOLF, _words("wolf")), (PROCEDURES, _words("procedures")))
_LAW, _THE_LAW, _ENACTS, _MADE = _words("law"), _words("the_law"), _words("enacts"), _words("made")
_BARS, _RESTRICTS, _UNLESS, _NEEDS = _words("bars"), _words("restricts"), _words("unless"), _words("needs")
_ABSOLUTELY, _PARTIES, _AMERICAN = _words("absolutely"), _words("parties"), _words("american")
_COOPERATION, _JOINS, _HOPES, _WALKED = (
    _words("cooperation"),
    _words("joins"),
    _words("hopes"),
    _words("walked"),
)
_AGENCY: Final = re.compile(r"\bNASA\b|\b(?:its|America's|American|US|U\.S\.|the) space agency\b")
_CHINA: Final = re.compile(r"\bChin(?:a|ese)\b|\bBeijing\b")
_BODIES: Final = (("Artemis Accords", _words("artemis")), ("ILRS", _words("station")))

EXAMPLES: Final = (
    Example(
        "The Wolf Amendment, passed by Congress in 2011, bars NASA from bilateral cooperation with China unless Congress is told.",
        ("law_enacted(Wolf Amendment, US) 2011", "law_effect(Wolf Amendment, bars unless authorised)"),
    ),
    Example(
        "A 2011 American law prohibits NASA from working with China in any way.",
        ("law_enacted(Wolf Amendment, US) 2011", "law_effect(Wolf Amendment, bars absolutely)"),
    ),
    Example("The Artemis Accords now have 56 signatories.", ("membership_count(Artemis Accords) 56 count",)),
    Example("Only twelve people have ever walked on the Moon.", ("persons_on_moon(Apollo) 12 count",)),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield laws with date and effect, members of the two frameworks, and those who walked on the Moon."""
    law = which(sentence, context)
    if law:
        yield from _enacted(sentence, law)
        yield from _effects(sentence, law)
    yield from _members(sentence)
    yield from _walkers(sentence)


def which(sentence: Sentence, context: Context) -> str:
    """Return the law that a sentence speaks of: by name, as an American law against work with China, or as "the law"."""
    return _which(sentence.text, context.law)


@lru_cache(maxsize=64)
def _which(text: str, spoken_of: str) -> str:
    for name, words in _NAMES:
        if words.search(text):
            return name
    if not (_COOPERATION.search(text) and _PARTIES.search(text)):
        return spoken_of if spoken_of and _THE_LAW.search(text) else ""
    if _LAW.search(text) and _AMERICAN.search(text):
        return WOLF
    barred = _BARS.search(text) or _UNLESS.search(text)
    if barred and _AGENCY.search(text) and _CHINA.search(text):
        return WOLF
    return spoken_of if spoken_of and _THE_LAW.search(text) else ""


_NEAR: Final = 90  # characters between a law and its date
_YEARS_OF_WOLF: Final = ("2010", "2013")


def _enacted(sentence: Sentence, law: str) -> Iterator[Claim]:
    """Yield the date of each law: "The Wolf Amendment dates from 2011; the Procedures ..., from 2020"."""
    text = sentence.text
    named = {name: found.start() for name, words in _NAMES if (found := words.search(text))}
    if not named:
        mention = _LAW.search(text) or _BARS.search(text)
        named = {law: mention.start() if mention else 0}
    for name, at in named.items():
        dates = [d for d in sentence.all("date") if abs(d.start - at) < _NEAR]
        if len(named) > 1:
            dates = [d for d in dates if not frames.crosses(sentence, at, d.start)]
        date = min(dates, key=lambda d: abs(d.start - at), default=None)
        if date and _is_of_law(text, date, name):
            owner = "CN" if name == PROCEDURES else "US"
            yield Claim("law_enacted", name, owner, date=date.name, start=date.start, end=date.end)


def _is_of_law(text: str, date: Mark, law: str) -> bool:
    """Whether a date is that of a law, by the words around it."""
    around = text[max(0, date.start - _NEAR) : date.end + _NEAR]
    first, last = _YEARS_OF_WOLF
    if law == WOLF and not first <= date.name[:4] <= last and not _MADE.search(around):
        return False
    return bool(_LAW.search(around) or _ENACTS.search(around))


def _effects(sentence: Sentence, law: str) -> Iterator[Claim]:
    """Yield what the law does: it restricts, bars, bars unless authorised, or bars absolutely."""
    effect = _effect(sentence.text)
    if law == WOLF and effect and _PARTIES.search(sentence.text):
        mention = dict(_NAMES)[WOLF].search(sentence.text) or _LAW.search(sentence.text)
        yield Claim("law_effect", WOLF, effect, start=mention.start() if mention else 0, hedge="")


def _effect(text: str) -> str:
    bars, restricts, unless = _BARS.search(text), _RESTRICTS.search(text), _UNLESS.search(text)
    if _NEEDS.search(text) or ((bars or restricts or re.search(r"\b(?:may|must|can)\b", text)) and unless):
        return "bars unless authorised"
    if bars:
        return "bars absolutely" if _ABSOLUTELY.search(text) else "bars"
    return "restricts" if restricts else ""


# A number of members: before a noun of theirs, behind a word for their number, or bare beside a verb of joining.
_N: Final = rf"(?P<n>{numerals.COUNTING})(?!\d|[ -](?:thirds?|quarters?|halves)\b| per ?cent|%)"
_STRONG: Final = (
    r"(?:signator(?:y|ies)|signees|signatures|member(?:s|ship)?|part(?:y|ies)(?= to)|partners|"
    r"participants|adherents|signataires|Unterzeichner\w*|Mitglied\w*)"
)
_NUMBERS: Final = (
    re.compile(rf"{_N}(?: [\w-]+){{0,2}}? {_STRONG}\b", re.IGNORECASE),  # "17 full members"
    re.compile(
        rf"\b(?:number|roll|list|tally|membership|count|total|roster|ranks|signator\w+|members)\b[^.;:\d]{{0,48}}?"
        rf"(?:\b(?:to|at|of|is|was|reached|hit|counts?|has|passed)|[,:])(?: \w+)? {_N}(?! of\b)(?= by now|"
        rf"[.,;)]| in\b| by\b| as\b| this\b| last\b| after\b|$| names?\b| now\b| today\b)",
        re.IGNORECASE,
    ),  # "the tally of signatories reached 43 in June"
    re.compile(rf"{_N}(?:st|nd|rd|th) (?:country|nation|state|signatory|member)\b", re.IGNORECASE),
    re.compile(rf"\b(?:made|makes|making|brought|brings|took|takes) "
        rf"(?:it|them|the (?:number|total|tally|list|figure)(?: \w+){{0,2}}?)(?: to| up to)? {_N}\b", re.IGNORECASE),
    re.compile(rf"\b(?:against|versus|to) {_N}(?=[.;,]| for\b| of\b| in\b|$)", re.IGNORECASE),  # "13 members against 54"
    re.compile(rf"\b(?:has|have|had|counts?|counted|numbers?) "
        rf"(?:only |just |some |now )?{_N}(?=[.;,]|$)", re.IGNORECASE),  # "so far it has 17"
    re.compile(rf"\b(?:Accords|ILRS|Station),? (?:now |some )?{_N}(?=[.;,]|$)", re.IGNORECASE),  # "the ILRS 17"
    re.compile(rf"^\W*{_N}[^.;\d]{{0,30}}? have (?:signed|joined)\b", re.IGNORECASE),  # "How many have signed? Fifty-two"
)  # fmt: skip
_PEOPLES: Final = ("countries", "states", "institutions")
_OF_SOME: Final = re.compile(
    r"\b(?:among (?:them|which)|of (?:them|which|whom)|including|compared with|plus)\s+(?:\w+ ){0,2}$",
    re.IGNORECASE,
)
_FAR: Final = 160


def _members(sentence: Sentence) -> Iterator[Claim]:
    """Yield how many belong to each of the two: "56 are parties to the Accords, seventeen take part in the ILRS"."""
    text = sentence.text
    bodies = sorted((found.start(), name) for name, words in _BODIES if (found := words.search(text)))
    if not bodies or not _JOINS.search(text):
        return
    numbers = sorted(_numbers(sentence), key=lambda mark: mark.start)
    if len(bodies) == len(numbers) > 1:
        pairs = list(zip((name for _, name in bodies), numbers, strict=True))
    elif len(bodies) == 1:
        at, name = bodies[0]
        sure = [m for m in numbers if m.sort == "members"]
        near = min(
            numbers,
            key=lambda m: abs(m.start - at) + 100 * frames.crosses(sentence, m.start, at),
            default=None,
        )
        pairs = [(name, m) for m in sure] or ([(name, near)] if near else [])
        pairs = [(name, m) for name, m in pairs if abs(m.start - at) < _FAR]
    else:
        pairs = [(_nearest_body(bodies, m), m) for m in numbers]
    for name, mark in pairs:
        yield Claim(
            "membership_count",
            name,
            quantity=mark.quantity,
            date=_as_of(sentence, mark),
            start=mark.start,
            end=mark.end,
        )


def _nearest_body(bodies: list[tuple[int, str]], mark: Mark) -> str:
    return min(bodies, key=lambda body: abs(body[0] - mark.start))[1]


def _numbers(sentence: Sentence) -> Iterator[Mark]:
    """Yield the numbers that may be of members; `sort` tells those that are of nothing else."""
    text, taken = sentence.text, list(sentence.all("date", "mass", "money", "mission", "age"))
    for pattern in _NUMBERS:
        for match in pattern.finditer(text):
            read = numerals.read(match["n"])
            start, end = match.span("n")
            if not read or read[0] < 2 or any(m.start < end and start < m.end for m in taken):
                continue
            if _is_aside(text, start):
                continue
            bound = quantities.bound(text[max(0, start - 30) : start])
            mark = Mark(
                "count", start, end, sort="members", quantity=Quantity(read[0], "count", read[1], bound)
            )
            taken.append(mark)
            yield mark
    for mark in sentence.all("count"):
        if (
            mark.name in _PEOPLES
            and not any(m.start < mark.end and mark.start < m.end for m in taken)
            and not _is_aside(text, mark.start)
        ):
            yield mark


def _is_aside(text: str, start: int) -> bool:
    """Whether a number is of some of them, or of those hoped for."""
    clause = re.split(r"[;:]", text[max(0, start - 50) : start])[-1]
    return bool(_OF_SOME.search(clause) or _HOPES.search(clause))


_AT_THAT_TIME: Final = re.compile(
    r"\b(?:in|as of|by|by the end of|at the end of|since|until|on)\s+(?:the )?$", re.IGNORECASE
)
_BEGINS: Final = re.compile(
    r"\b(?:found|launch|establish|propos|announc|conceiv|initiat|creat|start|agreed|drawn)\w*\b[^.;]{0,40}$",
    re.IGNORECASE,
)


def _as_of(sentence: Sentence, mark: Mark) -> str:
    """Return the time for which a number is told, empty where a date is of something else."""
    dates = [
        d
        for d in sentence.all("date")
        if not frames.crosses(sentence, min(d.end, mark.end), max(d.start, mark.start))
    ]
    date = min(dates, key=lambda d: abs(d.start - mark.end), default=None)
    if (
        not date
        or _BEGINS.search(sentence.before(date, 50))
        or not _AT_THAT_TIME.search(sentence.before(date, 16))
    ):
        return ""
    return date.name


_OUT: Final = re.compile(r"\b(?:will|plans?|hopes?|aims?|walk(?:ed|s)? (?:out|away|off))\b")
_MOST_WALKERS: Final = 40
# "the number of people who ... is twelve"
_NUMBER_OF: Final = re.compile(
    rf"\bnumber of (?:people|humans|men|astronauts|persons)\b[^.;]*? (?:is|was|remains|stands at|still) "
    rf"(?P<n>{numerals.COUNTING})",
    re.IGNORECASE,
)
# "the twelve who", "12 of its number", "just twelve members", "Twelve: that is how many"
_BARE_WALKERS: Final = re.compile(
    rf"\b(?P<n>{numerals.COUNTING})(?= (?:who|(?:Apollo |American |US |NASA )*(?:astronauts|men|people)|"
    rf"walked|stood|trod|did|have|of its number|of their number|pairs of (?:boots|feet)|members)\b|: (?:that|those))",
    re.IGNORECASE,
)


def _walkers(sentence: Sentence) -> Iterator[Claim]:
    """Yield how many have walked on the Moon: "Of the 24 who flew there, 12 walked on it" tells of twelve."""
    walked = _WALKED.search(sentence.text)
    if not walked or _OUT.search(sentence.text):
        return
    told = [(m.start, m.end, m.quantity) for m in sentence.all("count") if m.name == "persons" and m.quantity]
    for match in [*_NUMBER_OF.finditer(sentence.text), *_BARE_WALKERS.finditer(sentence.text)]:
        read = numerals.read(match["n"])
        if read and not any(
            m.start <= match.start("n") < m.end for m in sentence.all("mission", "date", "mass")
        ):
            told.append((*match.span("n"), Quantity(read[0], "count")))
    told = [one for one in told if 2 < one[2].value < _MOST_WALKERS]
    if told:
        start, end, count = min(told, key=lambda one: abs(one[0] - walked.start()))
        yield Claim("persons_on_moon", "Apollo", quantity=count, start=start, end=end)
