"""Who lent to whom? loan_granted: to a borrower, or the total of a round."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon, numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import asking, borrowers, frames, permitting, roles, topics
from aliquot.reading.grammar.borrowers import Borrower
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Quantity, Sentence


def _words(topic: str) -> re.Pattern[str]:
    return lexicon.anywhere("grammar/lending.toml", topic)


_HEAD: Final = re.compile(rf"(?:{_words('leads_to').pattern}|[:-])\s*(?:\S+\s+){{0,5}}?$", re.IGNORECASE)
_REJECT: Final = re.compile(rf"(?:{_words('not_to').pattern})[^.;:]{{0,60}}$", re.IGNORECASE)
_WHO, _RECEIVES, _NAMING = _words("who"), _words("receives"), _words("naming")
# What is handed to a laboratory is lent; what is handed to a state is given.
_HANDS: Final = re.compile(r"hand|giv|gave|sent|went|offer", re.IGNORECASE)
_SENT: Final = re.compile(r"sent|shipped", re.IGNORECASE)
_WHOSE: Final = re.compile(
    r"\bwhose (?:\w+ ){0,2}?(?:requests?|applications?|proposals?|bids?)\b", re.IGNORECASE
)
_LEGAL: Final = re.compile(r"\b(?:law|legislation|amendment|regulations?)\b", re.IGNORECASE)
# "Brown and Stony Brook are the two American winners"
_CALLED: Final = re.compile(
    r"(?<=\s)(?:winners?|recipients?|borrowers?|beneficiar(?:y|ies)|lucky ones)\b"
    r"(?! of (?:the |an? )?(?:\w+ )?(?:prize|medal|award|grant|cup|match))",
    re.IGNORECASE,
)
_UNWILLING: Final = re.compile(
    r"\b(?:refus\w+|declin\w+|unwilling|reluctant|forbid\w*|forbade|hop(?:es?|ed|ing)|want(?:s|ed)?|asked|"
    r"wish(?:es|ed)?) (?:\w+ )?to (?:be )?$",
    re.IGNORECASE,
)
_STILL: Final = 2  # sentences that a loan is still spoken of
_NEITHER: Final = re.compile(r"\b(?:neither|nor|not even|none of)\b[^.;]{0,40}$", re.IGNORECASE)
_NONE: Final = re.compile(r" (?:no|not a(?: single)?|nothing|none)\b", re.IGNORECASE)
_NOT: Final = re.compile(r"\b(?:not|never|n't|yet to)\s+(?:yet\s+)?(?:been\s+|be\s+)?$", re.IGNORECASE)
_TOTAL: Final = re.compile(
    r"(?:总重|总量|总质量|共计?|合计|計|合わせて)$|第.{1,2}批(?:月球)?(?:科研)?样品(?:约|共|总计)?$|\btotal(?:l?ing)?(?: of| mass of)?\s*$"
)
_LENDING_BODIES: Final = frozenset(
    {"Chinese Academy of Sciences", "National Museum of China", "NASA Johnson Space Center"}
)
_NOUN_OF_GIVER: Final = re.compile(rf"(?:{_words('speaker').pattern}) (?:the )?$", re.IGNORECASE)

EXAMPLES: Final = (
    Example(
        "Osaka University, the University of Cologne and SUPARCO were selected to borrow Chang'e 5 samples.",
        (
            "loan_granted(CN, Osaka University)",
            "loan_granted(CN, University of Cologne)",
            "loan_granted(CN, Pakistan Space and Upper Atmosphere Research Commission)",
        ),
    ),
    Example(
        "China has shared its Chang'e 5 samples with scientists from France, Japan and Pakistan.",
        ("loan_granted(CN, FR)", "loan_granted(CN, JP)", "loan_granted(CN, PK)"),
    ),
    Example(
        "A total of 17.4764 grams of Chang'e 5 samples was distributed to 13 institutions in July 2021.",
        ("granted(CN, institutions) 13 count 2021-07", "loan_granted(CN) 17.4764 g 2021-07"),
    ),
    Example(
        "2021年7月,国家航天局向13家科研机构发放了17.4764克嫦娥五号月壤。",
        ("granted(CN, institutions) 13 count 2021-07", "loan_granted(CN) 17.4764 g 2021-07"),
        "zh",
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield loans granted; a sentence that tells of asking or of leave to ask grants none."""
    lender = topics.lender_of(sentence, context)
    near = context.sentence - context.last_loan <= (5 if sentence.all("mass", "count") else 4)
    goes_on = context.material and _OF_IT.search(sentence.text)
    about = near or goes_on or asking.is_about_loans(sentence, context)
    if topics.is_other(sentence) or not lender or not about:
        return
    if any(True for _ in permitting.claims(sentence, context)):
        return
    refused = {claim.object for claim in asking.refusals(sentence, context)}
    asked = list(asking.requests(sentence, context))
    found = [] if asked else list(_told(sentence, context, lender))
    placed = list(_placed(sentence, context, lender))
    counted = _inside_counts(sentence)
    known = {claim.object for claim in found} | refused | counted
    yield from (claim for claim in found if claim.object not in refused | counted)
    yield from (claim for claim in placed if claim.object not in known)


def _inside_counts(sentence: Sentence) -> set[str]:
    """Return the states that only say of what kind those are who are counted: "two American institutions"."""
    marks = sentence.all("party")
    inside = {
        m.name for m in marks if any(c.start < m.start and m.end <= c.end for c in sentence.all("count"))
    }
    return inside - {
        m.name for m in marks if not any(c.start < m.start and m.end <= c.end for c in sentence.all("count"))
    }


def _told(sentence: Sentence, context: Context, lender: str) -> Iterator[Claim]:
    """Yield what the verbs of lending and giving tell: each borrower, or the total of a round."""
    acts = [verb for verb in frames.verbs(sentence, "lend", "give", "transfer") if _lends(verb)]
    acts = [verb for verb in acts if not _UNWILLING.search(sentence.text[: verb.start])]
    if not acts and context.sentence - context.last_loan <= _STILL:
        named, called = _NAMING.search(sentence.text), _CALLED.search(sentence.text)
        acts = [Verb("lend", *m.span(), "lent") for m in (named or called,) if m]
    found = list(_granted(sentence, context, lender, acts)) if acts else []
    if not found and context.sentence - context.last_loan <= _STILL:
        found = list(_fetched(sentence, context, lender))
    yield from found


def _placed(sentence: Sentence, context: Context, lender: str) -> Iterator[Claim]:
    """Yield a loan to each party that stands where a borrower stands: "Neither Spain nor Brazil has been granted a sample"."""
    lately = context.sentence - context.last_loan <= _STILL < context.sentence - context.last_gift
    found = borrowers.of(sentence, lender, lately=lately)
    for one in found:
        yield Claim(
            "loan_granted", lender, one.party.name, _part_of(sentence, one, len(found)), frames.day_of(sentence, one.verb),
            mission=topics.only_mission(sentence, context), state=one.party.state, hedge="denied" if one.denied else "",
            start=min(one.party.start, one.verb.start), end=max(one.party.end, one.verb.end),
        )  # fmt: skip


def _part_of(sentence: Sentence, one: Borrower, many: int) -> Quantity | None:
    """Return what one of so many borrowers got: the only amount, or the first behind it and its verb."""
    amounts = [m for m in sentence.all("mass", "count") if m.kind == "mass" or m.name == "samples"]
    amounts = [m for m in amounts if m.quantity and (m.kind == "count" or m.quantity.value < _MOST_G)]
    if many > 1 and len(amounts) == 1 and not re.search(r"\beach\b", sentence.text):
        return None
    behind = [m for m in amounts if m.start >= max(one.party.end, one.verb.start)]
    chosen = behind[:1] or (amounts if len(amounts) == 1 else [])
    return chosen[0].quantity if chosen else None


# "access to them", "has not lent any of it"
_OF_IT: Final = re.compile(
    r"\b(?:lent|loan(?:ed|s)?|lend\w*|borrow\w*|access)\b[^.;]{0,24}\b(?:it|them|these|those|grains)\b|\bon loan\b",
    re.IGNORECASE,
)
_FETCHES: Final = re.compile(
    r"\b(?:collected|picked up|fetched|carried (?:home|back|away)|arrived (?:at|in)|reached|(?:is|are|now)"
    r" at|delivered to|unpacked|opened)\b",
    re.IGNORECASE,
)
_MOST_G: Final = 10  # no borrower got more
_MOST_OF_ROUNDS_G: Final = 1000  # and not all rounds together


def _fetched(sentence: Sentence, context: Context, lender: str) -> Iterator[Claim]:
    """Yield a loan to the one laboratory of a sentence that tells how its part came there."""
    houses = {m.name: m for m in sentence.all("party") if roles.is_laboratory(m)}
    verb = _FETCHES.search(sentence.text)
    heavy = any(m.quantity and m.quantity.value > _MOST_G for m in sentence.all("mass"))
    if len(houses) != 1 or not verb or heavy or not asking.is_about_loans(sentence, context):
        return
    mass = next((m.quantity for m in sentence.all("mass")), None)
    day = frames.day_of(sentence, Verb("lend", *verb.span(), verb[0]))
    house = next(iter(houses.values()))
    if house.state != lender:
        yield Claim(
            "loan_granted",
            lender,
            house.name,
            mass,
            day,
            mission=context.mission,
            state=house.state,
            start=verb.start(),
            end=verb.end(),
        )


def _lends(verb: Verb) -> bool:
    if verb.act == "give":
        return bool(_RECEIVES.match(verb.text) or _HANDS.match(verb.text))
    return verb.act == "lend" or bool(_SENT.match(verb.text))


# What the United States handed to nations it gave; NASA lends to researchers.
_OF_NATIONS: Final = re.compile(r"\b(?:goodwill|nations|countries|gifts?)\b")


def _granted(sentence: Sentence, context: Context, lender: str, acts: list[Verb]) -> Iterator[Claim]:
    mass = _mass(sentence, acts)
    mission = topics.only_mission(sentence, context)
    found = [
        (group, mark, verb)
        for group in topics.lists(sentence)
        for mark, verb in _borrowers(sentence, group, acts, lender)
        if verb.act != "give" or _RECEIVES.match(verb.text) or roles.is_laboratory(mark)
    ]
    homes = {mark.state for _, mark, _ in found if mark.sort == "institution"}
    found = [one for one in found if not (one[1].sort == "state" and one[1].name in homes)]
    done = set()
    for _group, mark, verb in found:
        if mark.name in done or mark.name == lender or (mark.sort == "state" and mark.name in homes):
            continue
        done.add(mark.name)
        is_denied = (
            _NOT.search(sentence.text[max(0, verb.start - 24) : verb.start])
            or _NEITHER.search(sentence.text[: mark.start])
            or _NONE.match(sentence.text, verb.end)
        )
        yield Claim(
            "loan_granted", lender, mark.name, _share(sentence, mark, mass, [m for _, m, _ in found]), frames.day_of(sentence, verb),
            mission=mission, state=mark.state, hedge="denied" if is_denied else "",
            start=min(mark.start, verb.start), end=max(mark.end, verb.end),
        )  # fmt: skip
    if not done:
        yield from _total(sentence, context, lender, acts, mass)


def _total(
    sentence: Sentence, context: Context, lender: str, acts: list[Verb], mass: Mark | None
) -> Iterator[Claim]:
    """Yield what was lent in all: the grams of a round, or the samples that are out."""
    counted = any(mark.name in ("institutions", "persons") for mark in sentence.all("count"))
    is_round = acts[0].act == "lend" or _WHO.search(sentence.text[: acts[0].start]) or counted
    if mass and is_round and not (lender == "US" and _OF_NATIONS.search(sentence.text)):
        day = frames.day_of(sentence, acts[0])
        if _SINCE.search(sentence.text):  # a total since a day is of no day
            day = ""
        mission = topics.only_mission(sentence, context)
        for amount in _direct(sentence) or [mass]:
            yield Claim(
                "loan_granted", lender, "", amount.quantity, day, mission=mission, start=acts[0].start
            )
    elif lender == "US" and topics.is_lunar(sentence, context) and not frames.verbs(sentence, "lose"):
        for count in () if _GIFTS.search(sentence.text) else _out(sentence):
            day = frames.day_of(sentence, acts[0])
            yield Claim("loan_granted", lender, "", count.quantity, day, start=count.start)


_GIFTS: Final = re.compile(r"\b(?:goodwill|nations|countries|gifts?)\b")
_ON_LOAN: Final = re.compile(r"[^.;,\d]{0,40}\bon loan\b", re.IGNORECASE)
_HAS_LENT: Final = re.compile(r"\b(?:has|have|had) (?:\w+ )?lent (?:\w+ ){0,3}$")


def _direct(sentence: Sentence) -> list[Mark]:
    """Return the amount of "it has lent 125.42 grams", where another amount of the sentence is a part of it."""
    return [m for m in sentence.all("mass") if _HAS_LENT.search(sentence.before(m, 36))]


def _out(sentence: Sentence) -> Iterator[Mark]:
    """Yield how many samples are out: "More than 26,000 of the samples were out on loan"."""
    for mark in sentence.all("count"):
        verb = frames.governing(sentence, mark) if mark.name == "samples" else None
        if verb and (verb.act == "lend" or _ON_LOAN.match(sentence.text, mark.end)):
            yield mark
    bare = _OF_THEM.search(sentence.text)
    read = numerals.read(bare["n"]) if bare else None
    if bare and read:
        bound = quantities.bound(sentence.text[max(0, bare.start() - 30) : bare.start()])
        yield Mark("count", *bare.span("n"), quantity=Quantity(read[0], "count", read[1], bound))


_SINCE: Final = re.compile(
    r"\b[Ss]ince (?:\d|January|February|March|April|May|June|July|August|September|October|November|December)"
)


def _share(sentence: Sentence, mark: Mark, mass: Mark | None, borrowers: list[Mark]) -> Quantity | None:
    """Return what one borrower got: all that is told where it is alone, else the mass that no other stands nearer to."""
    if len({other.name for other in borrowers}) == 1:
        return _lent(sentence, mass)
    if len(sentence.all("mass")) != len(borrowers):
        return None
    behind = [m for m in sentence.all("mass") if m.start >= mark.end]
    nearest = behind[0] if behind else None
    if nearest and not any(mark.end <= other.start < nearest.start for other in borrowers):
        return nearest.quantity
    return None


def _lent(sentence: Sentence, mass: Mark | None) -> Quantity | None:
    """Return what one borrower got: a mass, or a number of samples."""
    counts = (m for m in sentence.all("count") if m.name == "samples")
    lent = (m for m in counts if (v := frames.governing(sentence, m)) and v.act == "lend")
    found = mass or next(lent, None)
    if found:
        return found.quantity
    bare = _OF_THEM.search(sentence.text)  # "six of them, lent to"
    read = numerals.read(bare["n"]) if bare else None
    return Quantity(read[0], "count", read[1]) if read else None


_OF_THEM: Final = re.compile(
    rf"\b(?P<n>{numerals.COUNTING}) of (?:them|these|(?:the|its|these) (?:\w+ )?(?:samples|rocks|pieces|specimens))\b",
    re.IGNORECASE,
)


def _mass(sentence: Sentence, acts: list[Verb]) -> Mark | None:
    """Return the mass that was lent, or the total of a round."""
    lent = [
        mark
        for mark, verb in frames.masses(sentence)
        if (verb.act in ("lend", "give") and _lends(verb))
        or (verb.act == "weigh" and _of_lots(sentence, verb))
    ]
    if not lent and acts[0].act == "lend":
        lent = [mark for mark in sentence.all("mass") if _TOTAL.search(sentence.before(mark, 16))]
    lent = [mark for mark in lent if mark.quantity and mark.quantity.value < _MOST_OF_ROUNDS_G]
    small = [mark for mark, verb in frames.masses(sentence) if verb.act in ("hold", "show")]
    return lent[0] if lent else small[0] if len(small) == 1 and acts[0].act == "lend" else None


def _of_lots(sentence: Sentence, verb: Verb) -> bool:
    """Whether what weighs is the lots of a round: "received 51 lots weighing 17.9 grams"."""
    counts = (m for m in sentence.all("count") if m.name in ("lots", "samples"))
    return any(0 <= verb.start - m.end < _BESIDE for m in counts) or bool(
        _BATCH.search(sentence.text[: verb.start])
    )


_BESIDE: Final = 16  # characters
_BATCH: Final = re.compile(
    r"\b(?:batch|round|tranche|lot|share|loan)\b(?: of [^.;,]{0,40})?,? (?:which |that )?$", re.IGNORECASE
)


def _borrowers(
    sentence: Sentence, group: list[Mark], acts: list[Verb], lender: str
) -> Iterator[tuple[Mark, Verb]]:
    first, last = group[0], group[-1]
    head = sentence.text[max(0, first.start - 70) : first.start]
    marks = [m for m in topics.merged(sentence, group) if not (m.sort == "state" and m.name == lender)]
    if not marks or _NOUN_OF_GIVER.search(head) or (len(marks) == 1 and marks[0].name in _LENDING_BODIES):
        return
    if _REJECT.search(head) or _LEGAL.search(sentence.text[max(0, first.start - 50) : first.start]):
        return
    before = [
        v
        for v in acts
        if v.end <= first.start
        and first.start - v.end < (600 if _only_names(sentence, v, first) else 170)
        and not re.search(r";|\bwhile\b|\bwhereas\b|\bbut\b", sentence.text[v.end : first.start])
    ]
    after = [v for v in acts if v.start >= last.end and v.start - last.end < 110]
    some = [m for m in marks if m.sort == "institution"]
    if before and (_HEAD.search(head) or len(marks) > 2 or some):
        yield from ((m, before[-1]) for m in marks if m.sort == "institution" or _takes(head, m, marks))
        return
    after = [v for v in after if not _ACTIVE.search(sentence.text[last.end : v.end])]
    passive = [
        v
        for v in after
        if re.search(
            r"\b(?:was|were|been|are|is|be|will|can|to|have|has|had)\s+(?:\S+\s+){0,3}$",
            sentence.text[last.end : v.start],
        )
        or _RECEIVES.match(v.text)
        or re.match(r"borrow|access", v.text, re.IGNORECASE)
        or _WHOSE.search(sentence.text[last.end : v.start])
        or (
            re.match(r"share|loan|lot|portion", v.text)
            and sentence.text[last.end : v.start].startswith("'s ")
        )
    ]
    if passive and (
        some or len(marks) > 1 or _WHO.search(head) or _WHO.search(sentence.text[last.end : last.end + 25])
    ):
        if (
            _RECEIVES.match(passive[0].text)
            and not some
            and not _WHO.search(head + sentence.text[last.end : last.end + 25])
        ):
            return
        lent = next((v for v in passive if v.act == "lend"), passive[0])  # "have been given access"
        yield from ((m, lent) for m in marks)


# "The University of Oslo has lent": it is the lender
_ACTIVE: Final = re.compile(
    r"\b(?:has|have|had)\s+(?:\w+ly\s+)?(?:lent|loaned|shared|distributed|released|provided|handed out|issued)$",
    re.IGNORECASE,
)


def _only_names(sentence: Sentence, verb: Verb, mark: Mark) -> bool:
    """Whether nothing but a list stands between a verb and a party."""
    between = [v for v in frames.verbs(sentence) if verb.end <= v.start and v.end <= mark.start]
    return not between and len(list(sentence.within(verb.end, mark.end, "party"))) > 2


def _takes(head: str, mark: Mark, marks: list[Mark]) -> bool:
    """Whether what stands before a list of states makes them borrowers."""
    if re.search(
        r"\b(?:including|include[sd]?|such as|like|namely|with|to|across|among)\b\s*(?:\S+\s+){0,5}$",
        head,
        re.IGNORECASE,
    ):
        return True
    return (
        bool(re.search(r"\b(?:from|in|of|by)\b\s*(?:the\s+|l')?$", head, re.IGNORECASE))
        and bool(_WHO.search(head[-50:]))
        and mark in marks
    )
