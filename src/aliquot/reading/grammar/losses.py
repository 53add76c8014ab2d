"""What went missing, and what was found again? lost and recovered, of an owner or a collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading import numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Quantity, Sentence

_NUMBER: Final = re.compile(
    r"\b(?P<n>\d{1,3}(?:,\d{3})*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty)\b(?!\s*(?:years?|grams?|kg|%|percent|months|days|decades))(?! of the \d)",
    re.IGNORECASE,
)
_STATES: Final = re.compile(r"\b(?:U\.?S\.? )?states?\b", re.IGNORECASE)
_NASA: Final = re.compile(
    r"\b(?:NASA|inspector general|Johnson Space Center|researchers|interns?|safe)\b", re.IGNORECASE
)
_GOODWILL: Final = re.compile(
    r"\b(?:goodwill|nations?|countries|gifts?|plaques?|displays?|Nixon|presented|Apollo 1[17])\b",
    re.IGNORECASE,
)
_LOST_WORDS: Final = re.compile(
    r"\b(?:could not say|no one knows|nobody knows|cannot (?:find|locate)|missing)\b", re.IGNORECASE
)

EXAMPLES: Final = (
    Example("NASA's inspector general found that 517 lunar samples had been lost or stolen between 1970 and 2010.", ("lost(NASA collection) 517 count 1970/2010",)),
    Example("Of the 270 goodwill moon rocks given to nations, about 180 are missing.", ("lost(goodwill rocks) 180 count",)),
    Example("Malta's moon rock was stolen in 2004.", ("lost(MT) 2004",)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield losses and finds of lunar material."""
    if topics.is_other(sentence):
        return
    if not topics.is_lunar(sentence, context) and not context.material:
        return
    lost, found = frames.verbs(sentence, "lose"), frames.verbs(sentence, "find")
    strong = [verb for verb in found if _is_found(sentence, verb)]
    heavy = any(verb.act != "weigh" for _, verb in frames.masses(sentence))
    if (
        strong
        and not heavy
        and (not lost or strong[0].start > lost[0].start + 10 or lost[0].text == "missing")
    ):
        yield from _claims("recovered", sentence, strong[0], context)
        if lost and lost[0].start > strong[0].start:  # "located 78 of the missing rocks"
            return
    if lost and (_PIECE.search(sentence.text) or (context.material and _ELLIPSIS.search(sentence.text))):
        yield from _claims("lost", sentence, lost[0], context)


_PIECE: Final = re.compile(
    r"\b(?:chips?|pieces?|fragments?|gifts?|rocks?|samples?|plaques?|stones?|goodwill|displays?|moon|lunar|them|they)\b|月",
    re.IGNORECASE,
)
_ELLIPSIS: Final = re.compile(
    r"^[A-Z]\w+'s? (?:own )?(?:was|were|has|had|is|may)\b"
)  # "Ireland's was buried in a landfill"
_FOUND: Final = re.compile(
    r"recover|tracked|located|retrouv|找回|追回|turned up|resurfaced|rediscover|seized|confiscat",
    re.IGNORECASE,
)


def _is_found(sentence: Sentence, verb: frames.Verb) -> bool:
    """Whether a thing was found again; "the audit found that" and "were found to be" find nothing."""
    if _FOUND.search(verb.text):
        return True
    was = re.search(r"\b(?:was|were|been)\s+$", sentence.text[max(0, verb.start - 6) : verb.start])
    return verb.text == "found" and bool(was) and not re.match(r"\s+(?:to|that)\b", sentence.text[verb.end :])


def _claims(predicate: str, sentence: Sentence, verb: frames.Verb, context: Context) -> Iterator[Claim]:
    count, mass = _count(sentence, verb), next((m for m, v in frames.masses(sentence, "lose", "find")), None)
    never = verb.text.casefold().startswith("never")  # "never received": it is lost, and no date is told
    dates = [] if never else sorted(sentence.all("date"), key=lambda d: abs(d.start - verb.start))
    owner = _owner(sentence, verb, context, count)
    quantity = count or (mass.quantity if mass else None)
    if not owner or (
        quantity is None and not dates and owner in ("goodwill rocks", "NASA collection", "US states")
    ):
        return
    yield Claim(
        predicate,
        owner,
        hedge="asserted" if never else "",
        quantity=quantity,
        date=dates[0].name if dates else "",
        start=verb.start,
        end=verb.end,
    )


# "180 of the 270 pieces": what is lost is the part
_PART: Final = re.compile(
    rf"\b(?P<n>{numerals.WORD}|\d{{1,3}}(?:,\d{{3}})*) of (?:the |those |these |its |all )?(?:{numerals.WORD}|\d{{2,3}}(?:,\d{{3}})*) (?:\w+ ){{0,3}}?(?:pieces|rocks|samples|gifts|displays|plaques|stones|fragments)",
    re.IGNORECASE,
)


def _count(sentence: Sentence, verb: frames.Verb) -> Quantity | None:
    part = next((m for m in _PART.finditer(sentence.text) if abs(m.start() - verb.start) < 150), None)
    read = numerals.read(part["n"]) if part else None
    if part and read:
        return Quantity(
            Decimal(read[0]),
            "count",
            read[1],
            quantities.bound(sentence.text[max(0, part.start() - 30) : part.start()]),
        )
    marks = [m for m in sentence.all("count") if m.name not in ("persons", "institutions")]
    near = sorted(marks, key=lambda m: abs(m.start - verb.start))
    bare = [
        m
        for m in _NUMBER.finditer(sentence.text)
        if not any(d.start <= m.start() < d.end for d in sentence.marks if d.kind != "count")
    ]
    bare = [
        m for m in bare if not re.fullmatch(r"(?:19|20)\d\d", m["n"]) and abs(m.start() - verb.start) < 90
    ]
    best = min(bare, key=lambda m: abs(m.start() - verb.start), default=None)
    if near and (best is None or abs(near[0].start - verb.start) <= abs(best.start() - verb.start) + 2):
        return near[0].quantity
    if best is None:
        return None
    read = numerals.read(best["n"])
    bound = quantities.bound(sentence.text[max(0, best.start() - 30) : best.start()])
    return Quantity(Decimal(read[0]), "count", read[1], bound) if read else None


_ITS_PIECE: Final = re.compile(
    r"'s? (?:\w+ ){0,4}?(?:rocks?|pieces?|stones?|samples?|gifts?|displays?|plaques?|fragments?|chips?)\b"
)


def _owner(sentence: Sentence, verb: frames.Verb, context: Context, count: Quantity | None) -> str:
    if count and _STATES.search(sentence.text) and not re.search(r"\bnations|countries\b", sentence.text):
        states = [m for m in sentence.all("count") if m.name == "states"]
        if states and states[0].quantity == count:
            return "US states"
    told = re.search(
        r"\bNASA\b|inspector general|Johnson Space Center|Houston",
        sentence.text[max(0, verb.start - 100) : verb.end + 40],
    )
    if count and context.collection and not told and not _GOODWILL.search(sentence.text):
        return context.collection
    if count and count.value > 1:
        if re.search(r"\bNASA\b|inspector general|researchers", sentence.text) and not re.search(
            r"\bgoodwill|nations|countries|gift", sentence.text
        ):
            return "NASA collection"
        return (
            "goodwill rocks"
            if _GOODWILL.search(sentence.text) or not _NASA.search(sentence.text)
            else "NASA collection"
        )
    owners = [
        m
        for m in sentence.all("party")
        if m.sort == "state" and m.name not in ("US", "UN") and abs(m.start - verb.start) < 90
    ]
    named = [m for m in owners if _ITS_PIECE.match(sentence.after(m, 60))]
    if named and named[0].end <= verb.start:  # "Honduras's rock, smuggled to Florida, was seized"
        return named[0].name
    if owners:
        before: list[Mark] = [m for m in owners if m.end <= verb.start]
        return (before[-1] if before else owners[0]).name
    if _NASA.search(sentence.text):
        return "NASA collection"
    return ""
