"""How else does material pass for good? exchange, transfer and sale."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, roles, topics
from aliquot.reading.marks import Mark, Sentence

_MOST_G: Final = 1000  # nothing heavier was exchanged

EXAMPLES: Final = (
    Example(
        "In June 1971 the Soviet Union exchanged 3 grams of Luna 16 soil with the United States for Apollo rocks.",
        ("exchange(SU, US) 3 g 1971-06",),
    ),
    Example(
        "Three Luna 16 grains were sold for $855,000 in November 2018.", ("sale(Luna 16) 855000 USD 2018-11",)
    ),
    Example("In 1971, three grams of Luna 16 for a bit of Apollo 11 rock.", ("exchange(SU, US) 3 g 1971",)),
    Example(
        "The formal handover of the Chang'e 6 samples to the Chinese Academy of Sciences took place on 28 June 2024.",
        ("transfer(CN, Chinese Academy of Sciences) 2024-06-28",),
    ),
    Example(
        "Three grains of Luna 16 went under the hammer on 29 November 2018 for $855,000.",
        ("sale(Luna 16) 855000 USD 2018-11-29",),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield exchanges and sales of lunar material; handovers are asked for by `giving`, where no gift was found."""
    if topics.is_other(sentence):
        return
    lunar = topics.is_lunar(sentence, context) or (context.material and bool(_SWAP.search(sentence.text)))
    lunar = lunar or (topics.is_matter(sentence) and {"SU", "US"} <= {m.name for m in sentence.all("party")})
    small = context.material and any(m.quantity and m.quantity.value < _MOST_G for m in sentence.all("mass"))
    if lunar or small:
        yield from exchanges(sentence, context)
    yield from _again(sentence, context)
    yield from _for(sentence)
    yield from _sales(sentence, context, lunar=lunar)


_NONE: Final = re.compile(
    r"\b(?:no|never|not|nothing|n't|neither|without|denied|denies|fell through|unconfirmed|has yet to|have yet to)\b",
    re.IGNORECASE,
)
_FINITE: Final = re.compile(
    r"\b(?:exchanged|swapped|traded|bartered|in (?:return|exchange) for|ausgetauscht|échangé\w*|(?:to|will|"
    r"would|could|did|again) (?:exchange|swap|trade|barter)|(?:swap|trade|barter)s?(?= (?:lunar|moon|soil|"
    r"samples|rocks|dust|grams)))\b|交换|互换|交換",
    re.IGNORECASE,
)
_HAPPENED: Final = re.compile(
    r"\b(?:there (?:was|were|had been)|took place|happened|was (?:agreed|arranged|made|carried out)|went ahead|"
    r"followed|occurred|handed|gave|given|received|got|went to|delivered)\b",
    re.IGNORECASE,
)
_NOT_SAMPLES: Final = re.compile(
    r"\b(?:data|views|information|letters|words|visits?|ideas|students|scientists) $|^\s*(?:of )?(?:data|views|"
    r"information|letters|words|ideas|technology)\b",
    re.IGNORECASE,
)


def exchanges(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield exchanges: two states, and a finite verb, or a noun with a mass or date; "the exchange of samples" alone is none."""
    verbs = [
        v
        for v in frames.verbs(sentence, "exchange")
        if not _NOT_SAMPLES.search(sentence.text[v.end : v.end + 24])
    ]
    for verb in verbs:
        states = _sides(sentence, context)
        if len(states) != 2:
            continue
        masses = [m for m in sentence.all("mass") if m.quantity and m.quantity.value < _MOST_G]
        low, high = frames.clause(sentence, max(0, verb.start - 130), verb.end + 110, verb.start)
        denied = bool(_NONE.search(sentence.text[low:high])) or _FELL_THROUGH.search(sentence.text)
        finite = _FINITE.search(sentence.text[max(0, verb.start - _MODAL) : verb.end + 9])
        date = frames.date_of(sentence, verb)
        happened = date and (
            _HAPPENED.search(sentence.text) or _DATED_NOUN.match(sentence.text, verb.end, date.start + 1)
        )
        if not masses and not finite and not denied and not happened:
            continue
        date = date or (sentence.all("date")[0] if len(sentence.all("date")) == 1 else None)
        yield Claim(
            "exchange",
            states[0],
            states[1],
            masses[0].quantity if masses else None,
            date.name if date else "",
            hedge="denied" if denied else "",
            start=verb.start,
        )
        return
    yield from _both_ways(sentence)


_MODAL: Final = 16  # characters
# "the exchange of lunar soil in 1971": it took place then
_DATED_NOUN: Final = re.compile(
    r"(?: of (?:lunar |moon )?(?:samples|soil|rocks|material|dust))?,? (?:in|of) "
)
_FELL_THROUGH: Final = re.compile(
    r"\b(?:came to nothing|fell through|never (?:materiali[sz]ed|happened|took place)|got nowhere)\b",
    re.IGNORECASE,
)
_COUNTRIES: Final = {"CE": "CN", "Apollo": "US", "Luna": "SU"}
_END_OF_SU: Final = "1992"
_PAIR: Final = re.compile(
    r"\b(?:the|both) (?:two )?(?:superpowers|countries|nations|powers|sides|rivals|blocs|governments|capitals|"
    r"agencies|space powers)\b",
    re.IGNORECASE,
)


def _sides(sentence: Sentence, context: Context) -> list[str]:
    """Return the two states of an exchange: those named, or the one named and the one whose material it was."""
    named = [m.state for m in sentence.all("party") if m.sort == "state" or "Academy" in m.name]
    soviet = "SU" in named or any(m.name[:4] < _END_OF_SU for m in sentence.all("date"))
    states = list(dict.fromkeys("SU" if state == "RU" and soviet else state for state in named))
    if len(states) == 1:
        homes = (_COUNTRIES.get(re.split(r"[- ]", m.name)[0], "") for m in sentence.all("mission"))
        same = {"SU", "RU"} if states[0] in ("SU", "RU") else {states[0]}
        states += [home for home in dict.fromkeys(homes) if home and home not in same][:1]
    if len(states) < len(("one", "other")) and _PAIR.search(sentence.text):
        return (
            list(context.pair)
            if not states or states[0] in context.pair
            else [states[0], *(s for s in ("US", "CN") if s != states[0])][:2]
        )
    return states


_BOTH_WAYS: Final = re.compile(
    r"\bin (?:return|exchange)(?=[.,;]|$)|\b(?:they gave us|went the other way|opposite (?:journey|way|"
    r"direction)|other direction)\b",
    re.IGNORECASE,
)


def _both_ways(sentence: Sentence) -> Iterator[Claim]:
    """Yield "Washington received Luna 24 material and gave Moscow Apollo samples in exchange": each gave of its own missions."""
    told = _BOTH_WAYS.search(sentence.text)
    homes = (
        [_COUNTRIES.get(re.split(r"[- ]", m.name)[0], "") for m in sentence.all("mission")] if told else []
    )
    homes = list(dict.fromkeys(home for home in homes if home))
    if told and len(homes) == len(("one", "other")):
        masses = [m.quantity for m in sentence.all("mass") if m.quantity and m.quantity.value < _MOST_G]
        dates = sentence.all("date")
        yield Claim(
            "exchange",
            homes[0],
            homes[1],
            masses[0] if masses else None,
            dates[0].name if dates else "",
            start=told.start(),
        )


def _for(sentence: Sentence) -> Iterator[Claim]:
    """Yield "three grams of Luna 16 for a bit of Apollo 11": the material of one against that of another."""
    masses = [m.quantity for m in sentence.all("mass") if m.quantity and m.quantity.value < _MOST_G]
    missions = sentence.all("mission")
    if not masses or frames.verbs(sentence, "exchange", "give", "lend", "sell", "ask"):
        return
    for first, second in pairwise(missions):
        homes = [_COUNTRIES.get(re.split(r"[- ]", m.name)[0], "") for m in (first, second)]
        between = sentence.text[first.end : second.start]
        if all(homes) and homes[0] != homes[1] and re.search(r"\b(?:for|against)\b", between):
            dates = sentence.all("date")
            yield Claim(
                "exchange", homes[0], homes[1], masses[0], dates[0].name if dates else "", start=first.start
            )
            return


_SWAP: Final = re.compile(r"\b(?:swap\w*|barter\w*|traded?)\b", re.IGNORECASE)
_AGAIN: Final = re.compile(
    r"^(?:A|The) (?:second|third|further|next|later|follow-up|last)(?: one| swap| exchange| deal| trade)?\b|^Another\b"
)


def _again(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield what goes on after an exchange: "A second, five years later, dealt in Luna 24 material"."""
    dates = sentence.all("date")
    if (
        context.sentence - context.last_exchange <= _GOES_ON
        and context.exchanged
        and dates
        and _AGAIN.match(sentence.text)
    ):
        first, second = context.exchanged
        yield Claim("exchange", first, second, date=dates[0].name, start=dates[0].start)


_TAKES: Final = re.compile(
    r"receiv\w*|took in|took over|took charge of|given (?:custody|charge) of|t(?:ook|aken|aking) (?:delivery|possession) of",
    re.IGNORECASE,
)
_KEEPS: Final = re.compile(
    r"\b(?:safekeeping|safe[- ]keeping|back-?up|backup|storage|vault|permanent(?:ly)?|custody|repository|collection)\b",
    re.IGNORECASE,
)


def is_deposit(sentence: Sentence, taker: Mark, owner: str) -> bool:
    """Whether a house of the owner's own state takes material in to keep it: a museum, or whoever stores it."""
    museum = bool(re.search(r"Mus[eé]|Academy", taker.name))
    return taker.state == owner and (museum or bool(_KEEPS.search(sentence.text)))


def transfers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield handovers to an institution."""
    verbs = [
        *frames.verbs(sentence, "transfer"),
        *(v for v in frames.verbs(sentence, "give") if _TAKES.match(v.text) or _WENT.fullmatch(v.text)),
    ]
    for verb in verbs:
        to = _taker(sentence, verb, context)
        if not to:
            continue
        giver = _hander(sentence, verb, to, context)
        abroad = to.state not in (giver, "") and (
            _WENT.fullmatch(verb.text) or verb.text.startswith("deliver")
        )
        if not giver or abroad:  # what goes to a foreign laboratory is lent
            continue
        masses = (
            m
            for m in sentence.all("mass")
            if (v := frames.governing(sentence, m)) and v.act in ("transfer", "bring", "give", "weigh")
        )
        mass = next(masses, None)
        date = frames.date_of(sentence, verb)
        yield Claim(
            "transfer",
            giver,
            to.name,
            mass.quantity if mass else None,
            date.name if date else "",
            mission=topics.only_mission(sentence, context),
            start=verb.start,
        )
        return


# "handed over by the governor to the state museum"
_BY_ITS_HEAD: Final = re.compile(r" by (?:the|its) (?:governor|state|government|ministry|president)\b")


def _hander(sentence: Sentence, verb: frames.Verb, to: Mark, context: Context) -> str:
    """Return who hands over: behind "by", else before the verb, else the state of the house where its own samples go."""
    states = [m for m in sentence.all("party") if m.sort == "state"]
    named = [m.name for m in states if roles.BY.search(sentence.before(m, 30))]
    ahead = [m.name for m in states if m.end <= verb.start]
    if named or ahead:
        return named[0] if named else ahead[-1]
    chinese = context.mission.startswith("CE") or context.sample.startswith("Lunar Sample")
    chinese = chinese or bool(re.search(r"Chang|嫦娥|月壤", sentence.text))
    own = _BY_ITS_HEAD.match(sentence.text, verb.end) or (chinese and to.state == "CN")
    return to.state if own else ""


def _taker(sentence: Sentence, verb: frames.Verb, context: Context) -> Mark | None:
    """Return who takes the material in: behind "to", or before a verb of taking."""
    places = [m for m in sentence.all("party") if m.sort in ("institution", "place") and m.state != "person"]
    if _TAKES.match(verb.text):
        owner = topics.origin_of(sentence, context)
        ahead = [
            m
            for m in places
            if m.sort == "institution" and m.end <= verb.start and verb.start - m.end < _NEAR
        ]
        return next((m for m in ahead if owner and is_deposit(sentence, m, owner)), None)
    to = [m for m in places if _is_taker(sentence, verb, m)]
    if not to and re.search(r"入藏|accession", verb.text):
        to = [m for m in places if m.sort == "institution"][:1]
    return to[0] if to else None


_WENT: Final = re.compile(r"went|gone|goes", re.IGNORECASE)
_NEAR: Final = 30  # characters


# "deposited with Hunan University", "lodged with the museum"
_LEAVES_WITH: Final = re.compile(r"deposit|entrust|lodged|placed", re.IGNORECASE)


def _is_taker(sentence: Sentence, verb: frames.Verb, mark: Mark) -> bool:
    before = sentence.before(mark, 30)
    leaves = _LEAVES_WITH.match(verb.text) and mark.sort == "institution"
    if mark.start < verb.end or (not leaves and re.search(r"\b(?:at|in) $", before)):
        return False
    if mark.sort == "place":
        return bool(re.search(r"\bto $", before))
    right_behind = mark.start - verb.end < len(" the  ")
    if right_behind and re.match(
        "enter|entrusted", verb.text
    ):  # "entered the collection of", "entrusted it with"
        return True
    return bool(
        roles.TO.search(before)
        or (_LEAVES_WITH.match(verb.text) and re.search(r"\b(?:with|in|at) (?:the )?$", before))
        or re.search(r"\bin(?:to)? the (?:collections?|care|custody|charge) of (?:the )?$", before)
        or "accession" in verb.text
    )


_SOLD: Final = lexicon.anywhere("grammar/passing.toml", "sold")
_NOT_SOLD: Final = lexicon.anywhere("grammar/passing.toml", "not_sold")
_GRAINS: Final = lexicon.anywhere("grammar/passing.toml", "grains")


def _sales(sentence: Sentence, context: Context, *, lunar: bool) -> Iterator[Claim]:
    """Yield each sum that lunar material was sold for; what it was thought to be worth is none."""
    sums = sentence.all("money")
    goes_on = context.sentence - context.last_sale <= _GOES_ON and context.material
    if not sums or (not _SOLD.search(sentence.text) and not goes_on):
        return
    near = lunar or (context.material and _GRAINS.search(sentence.text)) or goes_on
    if not near and context.sentence - context.last_gift > _GOES_ON:
        return
    # of no other mission than Luna 16 was anything sold
    material = next((m.name for m in sentence.all("mission")), "") or context.sold or "Luna 16"
    for mark in sums:
        if material and not _NOT_SOLD.search(_clause(sentence, mark)):
            date = _date_of_sale(sentence, mark)
            yield Claim(
                "sale", material, quantity=mark.quantity, date=date, mission=material, start=mark.start
            )


_GOES_ON: Final = 3  # sentences


def _clause(sentence: Sentence, mark: Mark) -> str:
    low, high = frames.clause(sentence, max(0, mark.start - 90), mark.end + 30, mark.start)
    return sentence.text[low:high] if len(sentence.all("money")) > 1 else sentence.text


_RIGHT_BEFORE: Final = re.compile(r",? (?:for|at|brought|fetched) (?:just |only |about )?")


def _date_of_sale(sentence: Sentence, mark: Mark) -> str:
    """Return the date nearest to a sum; one behind it rather than one before, and one of its own clause."""

    def distance(date: Mark) -> int:
        gap = date.start - mark.end if date.start > mark.start else 40 + mark.start - date.end
        between = any(
            min(date.end, mark.end) <= m.start < max(date.start, mark.start)
            for m in sentence.all("money")
            if m is not mark
        )
        if _RIGHT_BEFORE.fullmatch(sentence.text[date.end : mark.start]):
            return 0  # "sold in 1993 for $442,500"
        crossed = frames.crosses(sentence, min(date.end, mark.end), max(date.start, mark.start))
        return gap + 200 * crossed + 200 * between

    dates = [d for d in sentence.all("date") if not _flight(sentence, d)]
    sums = sentence.all("money")
    if len(dates) == 1 < len(sums) and min(sums, key=lambda m: abs(m.start - dates[0].start)) is not mark:
        return ""
    date = min(dates, key=distance, default=None)
    return date.name if date else ""


def _flight(sentence: Sentence, date: Mark) -> bool:
    """Whether a date is that of a flight: "collected in September 1970"."""
    return any(
        0 <= date.start - v.end < 30 for v in frames.verbs(sentence, "bring", "land", "home", "launch")
    )
