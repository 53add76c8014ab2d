"""What was given to many at once? The goodwill rocks: gift to `nations` and to `US states`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon, numerals
from aliquot.reading.claims import Claim, Context
from aliquot.reading.marks import Quantity, Sentence

_MANY: Final = (
    ("US states", "states", lexicon.anywhere("grammar/goodwill.toml", "states")),
    ("nations", "countries", lexicon.anywhere("grammar/goodwill.toml", "nations")),
)
_SMALL_G: Final = 10  # what one state is given weighs less


def many(sentence: Sentence) -> Iterator[tuple[str, Quantity | None]]:
    """Yield those who are many with how many they are, or else how many pieces they were given."""
    for name, noun, pattern in _MANY:
        match = pattern.search(sentence.text)
        if not match:
            continue
        own = _NUMBER.match(match[0])
        read = numerals.read(own["n"]) if own else None
        counts = (
            m
            for m in sentence.all("count")
            if m.name == noun and m.start < match.end() and match.start() < m.end
        )
        count = next((m.quantity for m in counts), None) or _bare(sentence, match)
        count = count or (Quantity(read[0], "count", read[1]) if read else None)
        pieces = [m for m in sentence.all("count") if m.name == "samples" and m.start < match.start()]
        count = count or (pieces[-1].quantity if pieces else None)
        if count or name == "US states" or sentence.language != "en":
            yield name, count


_NUMBER: Final = re.compile(rf"(?P<n>{numerals.COUNTING})(?= )", re.IGNORECASE)
_BEFORE_TO: Final = re.compile(
    rf"\b(?P<n>{numerals.NUMBER})(?: (?:pieces|more|others|of them|rocks|samples))?(?: (?:were|was|"
    rf"had been))?(?: (?:given|sent|presented|handed|went|going))?(?: out)? (?:to|for)(?: the| all| its)?\s*$",
    re.IGNORECASE,
)


def _bare(sentence: Sentence, many: re.Match[str]) -> Quantity | None:
    """Return the number of "270 to foreign nations and 100 to US states"."""
    at = many.start() + len("to ") * many[0].startswith("to ")
    match = _BEFORE_TO.search(sentence.text[max(0, at - 40) : at])
    read = numerals.read(match["n"]) if match else None
    return Quantity(read[0], "count", read[1]) if read else None


# "went to 135 nations in 1972, some of which have since lost them"
_AFTERWARDS: Final = re.compile(
    r",? (?:and |but )?(?:some|many|most|dozens|a (?:good|fair|large) number) (?:of (?:which|whom|them|these) )?"
    r"(?:have|has|had|were|are|went)\b|; |, (?:and|but) (?:then|later|since)\b"
)
_OUT: Final = lexicon.anywhere("grammar/goodwill.toml", "handed_out")
_AMERICAN: Final = lexicon.anywhere("grammar/goodwill.toml", "american")
_UNDONE: Final = lexicon.anywhere("grammar/goodwill.toml", "otherwise")
# "of the 270 displays that Nixon gave to the nations of the world, 180 are unaccounted for"
_OF_ALL: Final = re.compile(
    rf"\b[Oo]f (?:the |some |about )*(?P<n>{numerals.COUNTING}) (?:[^,.;]{{0,100}} )?(?:gave|given|handed out|"
    rf"distributed|presented|sent|donated|gifted|shipped)(?: out)?"
    r" (?:by [^,.;]{3,30} )?to (?:the |other |foreign |world |friendly )*(?:nations|countries|governments|heads of state)\b"
)


def to_many(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the goodwill gifts to nations and US states, however the handing out is said."""
    out = _OUT.search(sentence.text)
    is_american = "US" in (context.keeper, context.giver) or context.collection == "goodwill rocks"
    if not out or not (is_american or _AMERICAN.search(sentence.text)):
        return
    if (of := _OF_ALL.search(sentence.text)) and (read := numerals.read(of["n"])):
        yield Claim(
            "gift", "US", "nations", Quantity(read[0], "count", read[1]), start=of.start(), end=of.end()
        )
        return
    rest = _AFTERWARDS.search(sentence.text, out.end())
    if sentence.language != "en" or _UNDONE.search(sentence.text[: rest.start() if rest else None]):
        return
    every = list(many(sentence))
    counted = any(count for _, count in every)
    told_to = [(name, count) for name, count in every if count or counted or sentence.all("date")]
    masses = [m.quantity for m in sentence.all("mass") if m.quantity and m.quantity.value < _SMALL_G]
    dates = sentence.all("date")
    for name, count in told_to:
        yield Claim(
            "gift",
            "US",
            name,
            count or (masses[0] if masses else None),
            dates[0].name if len(dates) == 1 else _nearest(sentence, out.start()),
            start=out.start(),
        )
    if not told_to and masses and (each := _EACH_NATION.search(sentence.text)):
        yield Claim("gift", "US", "nations", masses[0], dates[0].name if dates else "", start=each.start())


_EACH_NATION: Final = re.compile(
    r"\b(?:each|every) (?:\w+ ){0,2}?(?:nation|country|recipient)\b|\bnations?'s?\b", re.IGNORECASE
)


def _nearest(sentence: Sentence, at: int) -> str:
    return min(sentence.all("date"), key=lambda d: abs(d.start - at)).name if sentence.all("date") else ""
