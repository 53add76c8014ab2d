"""What went missing, and what was found again? lost and recovered, of an owner or a collection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading import lexicon, numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Quantity, Sentence

_NUMBER: Final = re.compile(
    r"\b(?P<n>\d{1,3}(?:,\d{3})*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|"
    r"twenty)\b(?!\s*(?:years?|grams?|kg|%|percent|months|days|decades|thirds?|quarters?|men|women|people|"
    r"students|interns|thieves|employees|agents|robbers|researchers|scientists))(?! of (?:the )?\d|-odd)",
    re.IGNORECASE,
)
_STATES: Final = re.compile(r"\b(?:U\.?S\.? )?states?\b", re.IGNORECASE)
_NASA: Final = re.compile(
    r"约翰逊|美国航天局|\b(?:NASA|inspector general|Johnson Space Center|researchers|interns?|safe)\b",
    re.IGNORECASE,
)
_GOODWILL: Final = re.compile(
    r"\b(?:goodwill|nations?|countries|governments|gifts?|presents|keepsakes?|plaques?|displays?|Nixon|"
    r"presented|abroad|Apollo 1[17])\b",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example(
        "NASA's inspector general found that 517 lunar samples had been lost or stolen between 1970 and 2010.",
        ("lost(NASA collection) 517 count 1970/2010",),
    ),
    Example(
        "Of the 270 goodwill moon rocks given to nations, about 180 are missing.",
        ("gift(US, nations) 270 count", "lost(goodwill rocks) 180 count"),
    ),
    Example("Malta's moon rock was stolen in 2004.", ("lost(MT) 2004",)),
    Example(
        "Honduras lost its lunar rock too, until agents seized it in 1998.",
        ("lost(HN)", "recovered(HN) 1998"),
    ),
    Example(
        "Thieves in Houston made off with 218 lunar samples in 2002.",
        ("lost(NASA collection) 218 count 2002",),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield losses and finds of lunar material."""
    if topics.is_other(sentence):
        return
    if not topics.is_lunar(sentence, context) and not context.material and not _OF_NASA.search(sentence.text):
        return
    lost, found = _losses(sentence), _finds(sentence)
    heavy = any(verb.act not in ("weigh", "lose", "find") for _, verb in frames.masses(sentence))
    if found and not heavy:
        first = list(_claims("recovered", sentence, found[0], lost, context))
        yield from first
        yield from _others("recovered", sentence, found, {claim.subject for claim in first})
        if lost and lost[0].start > found[0].start:  # "located 78 of the missing rocks"
            return
    goes_on = context.material and bool(_ELLIPSIS.search(sentence.text) or sentence.all("mass"))
    told = context.collection or _PIECE.search(sentence.text) or _POINTS_BACK.match(sentence.text)
    if lost and (told or goes_on):
        claims_of_first = list(_claims("lost", sentence, lost[0], found, context))
        yield from claims_of_first
        yield from _others("lost", sentence, lost, {claim.subject for claim in claims_of_first})


# "..., Ireland's was buried on a landfill in 1977"
_ITS_OWN: Final = re.compile(
    r"'s? (?:own )?(?:(?:\w+ )?(?:rocks?|pieces?|stones?|gifts?|displays?|plaques?|samples?) )?"
    r"(?:was|were|has|had|is|went|vanished|disappeared|ended|burned)\b"
)


def _others(predicate: str, sentence: Sentence, lost: list[frames.Verb], done: set[str]) -> Iterator[Claim]:
    """Yield the losses, or finds, of further states in one sentence: "Malta's was stolen in 2004, Ireland's was buried in 1977"."""
    for mark in sentence.all("party"):
        if mark.sort != "state" or mark.name in (*done, "US") or not _ITS_OWN.match(sentence.text, mark.end):
            continue
        ends = min((m.start for m in sentence.all("party") if m.start > mark.end), default=len(sentence.text))
        for verb in lost:
            if mark.end <= verb.start < ends:
                dates = [d for d in sentence.all("date") if verb.end <= d.start < ends]
                yield Claim(
                    predicate, mark.name, date=dates[0].name if dates else "", start=mark.start, end=verb.end
                )
                break


def _losses(sentence: Sentence) -> list[frames.Verb]:
    """Return what tells of a loss; a thief alone has taken nothing."""
    told = (verb for verb in frames.verbs(sentence, "lose") if not _THIEF.fullmatch(verb.text))
    told = (verb for verb in told if not _NEVER_LOST.search(sentence.text[: verb.start]))
    return [verb for verb in told if not _is_adjective(sentence, verb)]


# "nobody ever mislaid it", "rocks given up for lost"
_NEVER_LOST: Final = re.compile(
    r"\b(?:nobody (?:has )?ever|no one (?:has )?ever|given up for|once given up as) $", re.IGNORECASE
)


_NAMES_THEM: Final = re.compile(
    r"\s+(?:\w+ ){0,2}?(?:rocks?|pieces?|stones?|samples?|gifts?|displays?|plaques?|fragments?|chips?|ones?)\b"
)


def _is_adjective(sentence: Sentence, verb: frames.Verb) -> bool:
    """Whether a word of loss only says which are meant: "78 of the missing rocks have been found"."""
    led = re.search(
        r"\b(?:the|these|those|its|(?<!number )(?<!count )(?<!total )of) $", sentence.text[: verb.start]
    )
    return bool(led and _NAMES_THEM.match(sentence.text, verb.end))


def _finds(sentence: Sentence) -> list[frames.Verb]:
    """Return what tells of a find, in order, "grabbed it" among them."""
    told = [verb for verb in frames.verbs(sentence, "find") if _is_found(sentence, verb)]
    seized = [frames.Verb("find", *m.span(), m[0]) for m in _SEIZED.finditer(sentence.text)]
    return sorted([*told, *seized], key=lambda verb: verb.start)


_OF_NASA: Final = re.compile(r"\bNASA\b.*\b(?:samples|rocks|astromaterials|moondust)\b", re.IGNORECASE)
_THIEF: Final = re.compile(r"thieves|burglars|robbers", re.IGNORECASE)
_SEIZED: Final = re.compile(
    r"\bcame back(?= within| after| to (?:the|its)|[.,;])|\b(?:grabbed|snatched|took|retrieved|"
    r"collared)(?= (?:it|them)\b(?! (?:home|back to)))",
    re.IGNORECASE,
)
_PIECE: Final = lexicon.anywhere("grammar/passing.toml", "goodwill_piece")
_ELLIPSIS: Final = re.compile(
    r"(?:^|[,;:] |\b(?:and|while|but) )[A-Z]\w+'s? (?:own )?(?:was|were|has|had|is|may|went|vanished|"
    r"disappeared|ended|turned)\b"
)  # "Ireland's was buried in a landfill"
_FOUND: Final = re.compile(
    r"recover|came back|reappear|discover|netted|out of storage|track|located|retrouv|找回|追回|turned up|surfaced|"
    r"emerged|rediscover|seized|confiscat|back$|account|traced|to earth$|unearth|dug|impound|nabbed|to light|"
    r"handed|retriev|grabbed",
    re.IGNORECASE,
)


# "No sourced gift to France was found"
_NONE_FOUND: Final = re.compile(
    r"\b[Nn]o (?:\w+ ){1,3}(?:to|of|from|for)\b[^.;]*\b(?:was|were|been) $|\band never $"
)


def _is_found(sentence: Sentence, verb: frames.Verb) -> bool:
    """Whether a thing was found again; "the audit found that" and "were found to be" find nothing."""
    if _NONE_FOUND.search(sentence.text[: verb.start]):
        return False
    if _FOUND.search(verb.text):
        return True
    was = re.search(r"\b(?:was|were|been)\s+$", sentence.text[max(0, verb.start - 6) : verb.start])
    again = _FOUND_ITS.match(sentence.text[verb.end :]) and not frames.verbs(sentence, "lose")
    if verb.text.casefold() == "found" and again:
        return True
    return verb.text == "found" and bool(was) and not re.match(r"\s+(?:to|that)\b", sentence.text[verb.end :])


# "Hawaii found its rock in a cabinet", "77 rocks found since"
_FOUND_ITS: Final = re.compile(
    r"\s+(?:at last|one of (?:its|theirs)|its own|theirs|again|since|"
    r"\d+ (?:of the |goodwill |moon |missing )*(?:rocks|pieces|stones|displays|plaques|gifts)|"
    r"(?:its|their|the) (?:\w+ ){0,3}?(?:rock|stone|piece|plaque|display|chip|fragment)s?)\b"
)


def _claims(
    predicate: str,
    sentence: Sentence,
    verb: frames.Verb,
    others: list[frames.Verb],
    context: Context,
) -> Iterator[Claim]:
    """Yield a loss or a find; `others` are the verbs of the other, which have dates of their own."""
    count, mass = (
        _count(sentence, verb),
        next(
            (
                m
                for m, v in frames.masses(sentence, "lose", "find", "hold", "weigh")
                if not _SAFE.match(sentence.after(m))
            ),
            None,
        ),
    )
    never = verb.text.casefold().startswith("never")  # "never received": it is lost, and no date is told
    dates = [] if never else _dates(sentence, verb, others)
    owner = _owner(sentence, verb, context, count)
    again = predicate == "recovered" and any(claim.subject == owner for claim in context.before)
    quantity = count or (mass.quantity if mass else None)
    if not owner or (
        not again
        and quantity is None
        and not dates
        and owner in ("goodwill rocks", "NASA collection", "US states")
    ):
        return
    owners = [owner] if quantity else _with(sentence, owner)
    for each in owners:
        yield Claim(
            predicate,
            each,
            hedge="asserted" if never else "",
            quantity=quantity,
            date=dates[0].name if dates else "",
            start=verb.start,
            end=verb.end,
        )


# "a 600-pound safe" holds what is lost, and is not it
_SAFE: Final = re.compile(r"[\s-]+(?:safe|vault|door|box)\b")


def _with(sentence: Sentence, owner: str) -> list[str]:
    """Return an owner with those that are named in one list with it: "Hawaii and Missouri found theirs"."""
    group = next((g for g in topics.lists(sentence) if any(m.name == owner for m in g)), [])
    return [m.name for m in group if m.sort == "state"] or [owner]


def _dates(sentence: Sentence, verb: frames.Verb, others: list[frames.Verb]) -> list[Mark]:
    """Return the dates of a verb, nearest first: not those that stand nearer to a verb of the other sort."""

    def away(date: Mark, of: frames.Verb) -> int:
        return (
            date.start - of.end if date.start >= of.end else of.start - date.end + 20
        ) + _PAST_A_CLAUSE * (
            _TURN.search(sentence.text, min(date.end, of.end), max(date.start, of.start)) is not None
        )

    own = [
        date
        for date in sentence.all("date")
        if all(away(date, verb) <= away(date, other) for other in others)
    ]
    return sorted(own, key=lambda date: away(date, verb))


_PAST_A_CLAUSE: Final = 100  # characters
_TURN: Final = re.compile(
    r"[;:]|, (?:and|but|all|only|until|before|then)\b|\b(?:until|before|only to|and then)\b"
)


# "180 of the 270 pieces": what is lost is the part
_PART: Final = re.compile(
    rf"\b(?P<n>{numerals.WORD}|\d{{1,3}}(?:,\d{{3}})*) (?:out )?of (?:the |those |these |its |"
    rf"all )?(?:{numerals.WORD}|\d{{2,3}}(?:,\d{{3}})*) (?:\w+ ){{0,3}}?(?:pieces|rocks|samples|gifts|presents|"
    rf"keepsakes|displays|plaques|stones|fragments|chips|slivers|(?=(?:that|which|given|sent|handed)\b))|"
    rf"\b(?P<k>{numerals.COUNTING}) out of (?:the )?{numerals.COUNTING}\b",
    re.IGNORECASE,
)


def _count(sentence: Sentence, verb: frames.Verb) -> Quantity | None:
    part = next((m for m in _PART.finditer(sentence.text) if abs(m.start() - verb.start) < 150), None)
    read = numerals.read(part["n"] or part["k"]) if part else None
    if part and read:
        return Quantity(
            Decimal(read[0]),
            "count",
            read[1],
            quantities.bound(sentence.text[max(0, part.start() - 30) : part.start()]),
        )
    marks = [
        m
        for m in sentence.all("count")
        if m.name not in ("persons", "institutions")
        and not _TO_WHOM.search(sentence.text[: m.start])
        and ";" not in sentence.text[min(m.end, verb.end) : max(m.start, verb.start)]
    ]
    near = sorted(marks, key=lambda m: abs(m.start - verb.start))
    bare = [
        m
        for m in _NUMBER.finditer(sentence.text)
        if not any(d.start <= m.start() < d.end for d in sentence.marks if d.kind != "count")
    ]
    bare = [
        m
        for m in bare
        if not re.fullmatch(r"(?:19|20)\d\d", m["n"])
        and not _AGED.search(sentence.text[: m.start()])
        and not _TO_WHOM.search(sentence.text[: m.start()])
        and ";" not in sentence.text[min(m.end(), verb.end) : max(m.start(), verb.start)]
        and abs(m.start() - verb.start) < 90
    ]
    best = min(bare, key=lambda m: abs(m.start() - verb.start), default=None)
    if near and (best is None or abs(near[0].start - verb.start) <= abs(best.start() - verb.start) + 2):
        return near[0].quantity
    if best is None:
        return None
    read = numerals.read(best["n"])
    bound = quantities.bound(sentence.text[max(0, best.start() - 30) : best.start()])
    return Quantity(Decimal(read[0]), "count", read[1], bound) if read else None


_TO_WHOM: Final = re.compile(
    r"(?<!themselves )\bto (?:the |all |some |about )*$"
)  # "gave them to 135 nations, and they vanished"
_AGED: Final = re.compile(r"\b(?:(?:boy|girl|man|woman|lad|child|age) of|aged?) $", re.IGNORECASE)
# "agents in Florida", and not "officials in Hawaii"
_IN_TOWN: Final = re.compile(r"(?<!fficials)(?<!rchivists)(?<!urators)(?<!taff)(?<!orkers) in $")
# "Malta's minister has vanished"
_ITS_OTHER: Final = re.compile(r"'s? (?!own\b)[a-z]+ (?:has|have|had|is|are|was|were)\b")
_ITS_PIECE: Final = re.compile(
    r"'s? (?:\w+ ){0,4}?(?:rocks?|pieces?|stones?|samples?|gifts?|displays?|plaques?|fragments?|chips?)\b"
)


def _owner(sentence: Sentence, verb: frames.Verb, context: Context, count: Quantity | None) -> str:
    """Return whose rock it is: of a number, the collection; of one, a state or the house that borrowed it."""
    if count and _STATES.search(sentence.text) and not re.search(r"\bnations|countries\b", sentence.text):
        states = [m for m in sentence.all("count") if m.name == "states"]
        if states and states[0].quantity == count:
            return "US states"
    if count and _OF_STATES.search(sentence.text):
        return "US states"
    told = _KEPT_BY_NASA.search(sentence.text[max(0, verb.start - 100) : verb.end + 40])
    if count and context.collection and not told and not _GOODWILL.search(sentence.text):
        return context.collection
    if count and (own := _ITS_COUNT.search(sentence.text)):
        return next((m.name for m in sentence.all("party") if m.end == own.start() and m.sort == "state"), "")
    if count and count.value > 1:
        return _collection(sentence, is_nasa=told is not None)
    return (
        _state(sentence, verb)
        or ("NASA collection" if _NASA.search(sentence.text) else "")
        or _spoken_of(sentence, context)
    )


_POINTS_BACK: Final = re.compile(
    r"(?:It|They|All(?: of (?:it|them))?|Stolen|Lost|Missing|Found|Gone|The (?:rock|stone|piece|plaque|display|"
    r"gift|fragment|chip))\b"
)


def _spoken_of(sentence: Sentence, context: Context) -> str:
    """Return whose rock "It was recovered in Miami" tells of: that of the one state named in the sentence before."""
    lost = [claim.subject for claim in context.before if claim.predicate == "lost"]
    if len(lost) == 1 and _POINTS_BACK.match(sentence.text):
        return lost[0]
    named = {m.name for m in sentence.all("party") if m.sort == "state"} - {"US"}
    points = _POINTS_BACK.match(sentence.text) and context.sentence - context.named <= 1
    others = [name for name in context.states if name not in ("US", "CN")]
    return others[0] if points and not named and len(others) == 1 else ""


# "Libya's two goodwill rocks"
_ITS_COUNT: Final = re.compile(
    r"(?<=[a-z])'s? (?:two|both) (?:\w+ ){0,3}?(?:rocks|pieces|stones|displays|plaques|gifts|samples)\b"
)
_OF_STATES: Final = re.compile(
    r"\b(?:of|to) (?:the )?(?:50 |fifty |U\.?S\.? |American )*states(?:'|\b)(?= (?:rocks|displays|gifts|pieces|"
    r"plaques)|[^.;]{0,20}\b(?:are|were|have|had|is)\b)",
    re.IGNORECASE,
)


def _collection(sentence: Sentence, *, is_nasa: bool) -> str:
    if is_nasa and not re.search(r"\bgoodwill|nations|countries|gift", sentence.text):
        return "NASA collection"
    kept = _NASA.search(sentence.text) or re.search(r"\bsamples\b|\baudit", sentence.text)
    return "NASA collection" if kept and not _GOODWILL.search(sentence.text) else "goodwill rocks"


# "Spain: According to a grandson of Franco, the rock was lost by the family"
_HEAD: Final = re.compile(r"\W*$")


def _state(sentence: Sentence, verb: frames.Verb) -> str:
    """Return the state whose rock it is: the head of a line in a list, the owner in "Malta's rock", else the nearest."""
    head = next(
        (m for m in sentence.all("party") if m.sort == "state" and _HEAD.match(sentence.text[: m.start])),
        None,
    )
    if head and sentence.text[head.end : head.end + 2] == ": ":
        return head.name
    owners = [
        m
        for m in sentence.all("party")
        if m.sort == "state"
        and m.name not in ("US", "UN")
        and abs(m.start - verb.start) < 90
        and (_ITS_PIECE.match(sentence.after(m, 60)) or not _ITS_OTHER.match(sentence.after(m, 60)))
        and not (m.name.startswith("US-") and _IN_TOWN.search(sentence.text[: m.start]))
    ]
    near = [m for m in owners if ";" not in sentence.text[min(m.end, verb.end) : max(m.start, verb.start)]]
    owners = near or owners
    named = [m for m in owners if _ITS_PIECE.match(sentence.after(m, 60))]
    if named and named[0].end <= verb.start:  # "Honduras's rock, smuggled to Florida, was seized"
        return named[0].name
    before = [m for m in owners if m.end <= verb.start]
    if owners:
        return (before[-1] if before else owners[0]).name
    return _house(sentence, verb)


_KEPT_BY_NASA: Final = re.compile(r"\bNASA\b|inspector general|researchers|Johnson Space Center|Houston")
_BORROWED: Final = re.compile(r"\b(?:lent|loan\w*|borrow\w*)\b", re.IGNORECASE)


def _house(sentence: Sentence, verb: frames.Verb) -> str:
    """Return the borrower that cannot find what it was lent."""
    ahead = [m for m in sentence.all("party") if m.sort == "institution" and m.end <= verb.start]
    return ahead[-1].name if ahead and _BORROWED.search(sentence.text[: verb.start]) else ""
