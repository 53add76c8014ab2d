"""Who gave what to whom? gift: title passes, to a state, an institution, or to many at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, goodwill, parting, roles, topics
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Quantity, Sentence

_WHO: Final = re.compile(
    r"\b(?:scientists?|researchers?|institutions?|institutes?|universit\w+|laborator\w+|teams?|groups?|professor)\b",
    re.IGNORECASE,
)
_VAGUE: Final = re.compile(
    r"\b(?:unclear|whether|could|might|may|idea of|hesitation|practice of|tradition of|custom)\b",
    re.IGNORECASE,
)
_NO_GOODS: Final = lexicon.anywhere("grammar/passing.toml", "given_away")

_MOST_G: Final = 1000  # no gift was heavier
_HANDS: Final = re.compile(
    r"gift|present|away|home|paid|thank|repaid|answer|replied|respond|counter|returned the|reciproc|don\b|"
    r"cadeau|gave|remis|hand|offer|überreich|übergab",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example(
        "In February 2022 Xi Jinping gave 1.5 grams of lunar soil to Vladimir Putin.",
        ("gift(CN, RU) 1.5 g 2022-02",),
    ),
    Example("France was presented with 1.5 g of lunar soil by China in 2023.", ("gift(CN, FR) 1.5 g 2023",)),
    Example(
        "Richard Nixon gave Apollo 11 moon rocks to 135 nations in 1970.",
        ("gift(US, nations) 135 count 1970",),
    ),
    Example("2022年2月,中国向俄罗斯赠送了1.5克月壤。", ("gift(CN, RU) 1.5 g 2022-02",), "zh"),
    Example(
        "A gram and a half of Chang'e 5 soil changed hands when Putin visited Beijing in February 2022.",
        ("gift(CN, RU) 1.5 g 2022-02",),
    ),
    Example(
        "Nixon's goodwill rocks went out to 135 nations and all fifty states in 1973.",
        ("gift(US, nations) 135 count 1973", "gift(US, US states) 50 count 1973"),
    ),
    Example(
        "Russia and France were each presented with 1.5 grams of Chang'e 5 soil, in 2022 and 2023 respectively.",
        ("gift(CN, RU) 1.5 g 2022", "gift(CN, FR) 1.5 g 2023"),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield gifts of lunar material; what is handed to an institution of the giver's own state is a transfer."""
    lunar = topics.is_lunar(sentence, context) or _goes_on(sentence, context)
    lunar = lunar or (context.material and _gives_grams(sentence))
    lunar = lunar or _is_one_like_it(sentence, context) or _is_of_nixon(sentence)
    goes_on = context.material and (topics.points_back(sentence) or _small(sentence))
    if not lunar and goes_on and frames.verbs(sentence, "transfer"):
        yield from parting.transfers(sentence, context)
        return
    if topics.is_other(sentence) or not (lunar or context.sentence - context.last_gift <= 2):
        return
    if lunar and any(True for _ in parting.exchanges(sentence, context)):
        return
    if lunar and (many := list(goodwill.to_many(sentence, context))):
        yield from many
        return
    found = (
        list(_gifts(sentence, context, lunar=lunar))
        or list(_besides(sentence, context))
        or (list(_by_the_way(sentence, context)) if lunar else [])
    )
    yield from found
    if lunar and not found:
        handed = [
            claim
            for verb in frames.verbs(sentence, "transfer")
            for claim in _between_states(sentence, verb, context)
        ]
        yield from handed[:1] or parting.transfers(sentence, context)


# "Washington gave one like it to each of the fifty states", "All the other states got one like it"
_ONE_LIKE_IT: Final = lexicon.anywhere("grammar/passing.toml", "like_it")


def _is_one_like_it(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence gives more of what was spoken of, in words that name no stone."""
    told = _ONE_LIKE_IT.search(sentence.text) or (
        _SAME.search(sentence.text) and context.sentence - context.last_gift <= 1
    )
    return context.material and bool(told and frames.verbs(sentence, "give"))


_NIXON: Final = re.compile(r"\bNixon\b")


def _is_of_nixon(sentence: Sentence) -> bool:
    """Whether a sentence tells of Nixon's stones, which are known without their name."""
    return bool(_NIXON.search(sentence.text)) and topics.is_matter(sentence) and any(goodwill.many(sentence))


def _gifts(sentence: Sentence, context: Context, *, lunar: bool) -> Iterator[Claim]:
    """Yield the gifts that the verbs and nouns of giving tell, each pair once."""
    done: set[tuple[str, str, str]] = set()
    for verb in frames.verbs(sentence, "give"):
        if done and roles.is_noun(sentence, verb):
            continue  # "gave ... as a gift"
        if _WENT.match(verb.text) and not _is_of_gifts(sentence, context):
            continue
        if _NO_GOODS.match(sentence.text[verb.start :]) or not (lunar or _HANDS.search(verb.text)):
            continue
        for claim in _gift(sentence, verb, context):
            if not any(one[:2] == (claim.subject, claim.object) for one in done if verb.start != int(one[2])):
                done.add((claim.subject, claim.object, str(verb.start)))
                yield claim
                yield from _likewise(sentence, claim)


_WENT: Final = re.compile(r"(?:went|goes|gone|going|go)$", re.IGNORECASE)
_PRESENT: Final = re.compile(r"\b(?:gifts?|presents?|donat\w+|keepsakes?|souvenirs?)\b", re.IGNORECASE)


def _is_of_gifts(sentence: Sentence, context: Context) -> bool:
    """Whether "went to" tells of a gift: gifts are spoken of."""
    return bool(_PRESENT.search(sentence.text)) or context.sentence - context.last_gift <= 1


def _besides(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield what is told of a gift without a verb of giving: "each weighs 1.14 g", "the French share is 1.6 grams"."""
    if context.sentence - context.last_gift > _GOES_ON or not context.giver:
        return
    masses = [m for m in sentence.all("mass") if m.quantity and m.quantity.value < _SMALL_G]
    if len(masses) != 1:
        return
    if _EACH_ONE.match(sentence.text) and context.receiver in ("nations", "US states"):
        yield Claim("gift", context.giver, "nations", masses[0].quantity, start=masses[0].start)
    for mark in sentence.all("party"):
        if mark.sort == "state" and _SHARE.match(sentence.text, mark.end):
            giver = context.gave.get(mark.name) or next(iter(context.gave.values()), context.giver)
            if giver == mark.name:
                continue
            yield Claim("gift", giver, mark.name, masses[0].quantity, start=mark.start)


_GOES_ON: Final = 4  # sentences
_EACH_ONE: Final = re.compile(
    r"(?:Each|Every one|All of them|They|The (?:pieces|chips|fragments|stones) each)\b", re.IGNORECASE
)
_SHARE: Final = re.compile(r"(?:'s)? (?:share|portion|gift|sample|vial)\b", re.IGNORECASE)
# "Moscow was given 1.5 grams in February 2023, and Paris as much two months later"
_AS_MUCH: Final = re.compile(
    r"\s*(?:,|was given|got|received)?\s*(?:as much|the same(?: amount| quantity| again)?|an equal (?:amount|"
    r"weight|share)|just as much|likewise|too|as well|another (?:\S+ )?(?:grams?|g|milligrams?|mg))\b",
    re.IGNORECASE,
)


def _likewise(sentence: Sentence, claim: Claim) -> Iterator[Claim]:
    """Yield the same gift to another: "and Paris as much two months later"."""
    for mark in sentence.all("party"):
        same = roles.AS_MUCH_FOR.search(sentence.before(mark, 50))
        if same and mark.start > claim.start and mark.sort == "state" and mark.name != claim.subject:
            dates = [d for d in sentence.all("date") if claim.start < d.start < mark.start]
            date = dates[-1].name if dates and dates[-1].name != claim.date else ""
            yield Claim("gift", claim.subject, mark.name, claim.quantity, date, start=mark.start)
            continue
        ahead = (
            mark.start > claim.start
            and mark.sort == "state"
            and mark.name not in (claim.subject, claim.object)
        )
        if ahead and (match := _AS_MUCH.match(sentence.text, mark.end)):
            date = next((d.name for d in sentence.all("date") if 0 <= d.start - match.end() < _BESIDE), "")
            yield Claim(
                "gift",
                claim.subject,
                mark.name,
                claim.quantity,
                date,
                mission=claim.mission,
                start=mark.start,
            )


_BESIDE: Final = 12  # characters


def _between_states(sentence: Sentence, verb: Verb, context: Context) -> Iterator[Claim]:
    """Yield what one state handed over to another, which is a gift."""
    giver, receivers = roles.roles(sentence, verb, context)
    states = [m for m in receivers if m.sort == "state" and m.name != giver]
    mass = frames.mass_of(sentence, "transfer", "give")
    day = frames.day_of(sentence, verb)
    small = mass.value < _SMALL_G if mass else bool(day)
    if giver and states and len(receivers) == 1 and small:
        yield Claim(
            "gift",
            giver,
            states[0].name,
            mass,
            day,
            mission=topics.only_mission(sentence, context),
            start=verb.start,
        )


_SMALL_G: Final = 10  # what one state gives another weighs less


_AMOUNTS: Final = re.compile(r"amount|comes? to|runs? to", re.IGNORECASE)


def _small(sentence: Sentence) -> Quantity | None:
    """Return the only mass of a sentence where it is as small as what is given."""
    masses = [m.quantity for m in sentence.all("mass") if m.quantity and m.quantity.value < _SMALL_G]
    apart = [v for v in frames.verbs(sentence, "hold", "lose", "show", "lend") if not _AMOUNTS.match(v.text)]
    return masses[0] if len(masses) == 1 and not apart else None


def _gives_grams(sentence: Sentence) -> bool:
    """Whether a sentence tells of a few grams that are neither kept nor lent."""
    small = any(m.quantity and m.quantity.value < _SMALL_G for m in sentence.all("mass"))
    others = ("lend", "lose") if frames.verbs(sentence, "give") else ("hold", "lose", "show", "lend")
    return small and not topics.is_other(sentence) and not frames.verbs(sentence, *others)


_GUEST: Final = re.compile(
    r"\b(?:visit\w*|met|meets|guest|host\w*|summit|Olympics|president|leader|counterpart|wanted to please|diplom\w+)\b",
    re.IGNORECASE,
)


def _mass_to(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield "1.5 grams to Russia in February 2022 and 1.5 grams to France in April 2023", where no verb stands."""
    if frames.verbs(sentence, "lend", "ask", "exchange", "lose"):
        return
    origin = topics.origin_of(sentence, context, loose=True)
    for mass in sentence.all("mass"):
        for mark in sentence.all("party"):
            beside = (
                mark.sort == "state" and _TO.fullmatch(sentence.text[mass.end : mark.start])
                if mark.start > mass.end
                else None
            )
            if (
                not beside
                or not mass.quantity
                or mass.quantity.value >= _SMALL_G
                or not origin
                or origin == mark.name
            ):
                continue
            date = next((d.name for d in sentence.all("date") if 0 <= d.start - mark.end < _BESIDE), "")
            yield Claim("gift", origin, mark.name, mass.quantity, date, start=mass.start)


def _mass_from(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield "One gram, in 1978, from President Carter": to the one state spoken of just before."""
    mass = _small(sentence)
    givers = [
        m
        for m in sentence.all("party")
        if m.sort == "state" and re.search(r"\bfrom (?:the |\w+ )?$", sentence.before(m, 24))
    ]
    if not mass or len(givers) != 1 or frames.verbs(sentence) or len(context.states) != 1:
        return
    receiver = context.states[0]
    if receiver != givers[0].name:
        dates = sentence.all("date")
        yield Claim("gift", givers[0].name, receiver, mass, dates[0].name if dates else "", start=0)


_TO: Final = re.compile(r"(?: of (?:it|lunar soil|soil|moon (?:rock|dust)))? (?:(?:each )?to|for) (?:the )?")


def _by_the_way(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield a few grams between two states that no verb tells of: "to please Macron in 2023, Xi reached for the Moon: 1.5 grams of it"."""
    if shared := [*_mass_to(sentence, context), *_mass_from(sentence, context)]:
        yield from shared
        return
    mass, dates = _small(sentence), sentence.all("date")
    states = list(
        dict.fromkeys(
            m.name
            for m in sentence.all("party")
            if m.sort == "state" and not roles.is_of_material(sentence, m)
        )
    )
    acts = frames.verbs(
        sentence, "give", "lend", "ask", "refuse", "exchange", "sell", "lose", "find", "transfer"
    )
    houses = any(m.sort == "institution" for m in sentence.all("party"))
    if (
        not mass
        or not dates
        or len(states) != len(("giver", "receiver"))
        or acts
        or houses
        or not _GUEST.search(sentence.text)
    ):
        return
    origin = topics.origin_of(sentence, context, loose=True)
    giver = origin if origin in states else "CN" if "CN" in states else ""
    if giver:
        yield Claim("gift", giver, next(s for s in states if s != giver), mass, dates[0].name, start=0)


def _by_origin(
    sentence: Sentence, context: Context, giver: str, receivers: list[Mark]
) -> tuple[str, list[Mark]]:
    """Return giver and receivers where the sentence leaves one of them to the material: who has it gives it to the other."""
    origin = topics.origin_of(sentence, context, loose=True)
    states = [m for m in sentence.all("party") if m.sort == "state" and not roles.is_of_material(sentence, m)]
    if not giver and origin and len({m.name for m in receivers}) > 1:
        receivers = [m for m in receivers if m.name != origin]  # the host is named as the guest is
    giver = giver or (origin if not any(m.name == origin for m in receivers) else "")
    if giver and not receivers:
        same = {"SU", "RU"} if giver in ("SU", "RU") else {giver}
        others = [m for m in states if m.name not in same]
        names = {m.name for m in others}
        is_told = bool(sentence.all("mass")) and origin in ("", *same)
        receivers = others[:1] if len(names) == 1 and is_told else []
    return giver, receivers


def _goes_on(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence gives a small mass of what was spoken of: "China gave Russia 1.5 grams of it"."""
    mass = frames.mass_of(sentence, "give", "transfer")
    return context.material and mass is not None and mass.value < _MOST_G


def _gift(sentence: Sentence, verb: Verb, context: Context) -> Iterator[Claim]:
    if _is_no_gift(sentence, verb):
        return
    giver, receivers = roles.roles(sentence, verb, context)
    if not (giver and receivers) and _BACK.match(sentence.text, verb.start, verb.start + 60):
        yield from _without_receiver(
            sentence, verb, context, frames.mass_of(sentence, "give", "weigh", "transfer") or _small(sentence)
        )
        return
    if not (giver and receivers):
        giver, receivers = _by_origin(sentence, context, giver, receivers)
    taken = bool(roles.TAKES.match(verb.text))
    if not _KEEPS.match(verb.text) and receivers and all(roles.is_laboratory(mark) for mark in receivers):
        return  # who studies receives on loan
    mass = frames.mass_of(sentence, "give", "weigh") or _small(sentence)
    mass = mass or (context.mass if _SAME.search(sentence.text) else None)
    many = [] if taken else list(goodwill.many(sentence))
    if not receivers and not many:
        yield from _without_receiver(sentence, verb, context, mass)
        return
    giver = giver or _own_state(sentence, receivers, context)
    if not giver or (_VAGUE.search(sentence.text[max(0, verb.start - 60) : verb.end]) and not mass):
        return
    for name, count in many if giver == "US" else ():
        day = frames.day_of(sentence, verb)
        yield Claim("gift", giver, name, count or mass, day, start=verb.start)
    mission = topics.only_mission(sentence, context)
    for receiver, day in _dated(sentence, verb, receivers):
        giver = _of_its_time(sentence, giver, day, receiver.name, context)
        if receiver.name == giver or (many and (receiver.name.startswith("US") or receiver.sort == "state")):
            continue
        house = receiver.sort == "institution"
        own = house and receiver.state in (giver, "")
        name = receiver.state if house and not own and _is_state_gift(sentence, verb) else receiver.name
        yield Claim("transfer" if own else "gift", giver, name, mass, day, mission=mission, start=verb.start)


_LAST_SOVIET_YEAR: Final = 1991


def _of_its_time(sentence: Sentence, giver: str, day: str, receiver: str, context: Context) -> str:
    """Return who gave on a day: after the Soviet Union Russia gives of its material, and what others were given is of China's."""
    is_named = giver == "RU" and any(m.name == giver for m in sentence.all("party"))
    if giver not in ("SU", "RU") or is_named or not day[:4].isdigit() or int(day[:4]) <= _LAST_SOVIET_YEAR:
        return giver
    if receiver == "CN":
        return "RU"
    is_chinese = "CN" in (context.keeper, context.giver, *context.gave.values())
    return "CN" if is_chinese else giver


# These words say that title passes; what else comes to a laboratory is lent.
_KEEPS: Final = re.compile(
    r"gift|present|donat|bestow|offer|don\b|cadeau|schenk|geschenk|赠|捐|礼|寄贈|贈", re.IGNORECASE
)


def _is_no_gift(sentence: Sentence, verb: Verb) -> bool:
    """Whether a verb of giving tells of a loan, of what was offered before, or of what should have been."""
    before, after = sentence.text[: verb.start], sentence.text[verb.end :]
    if roles.TAKES.match(verb.text) and (_borrows(sentence, verb) or re.search(r"\bnever $", before)):
        return True
    offered = verb.text.casefold().startswith("offert") and re.match(r" (?:est|sont|a été)\b", after)
    asked = sentence.text.rstrip().endswith("?") and _WILL.match(sentence.text)
    return bool(offered or asked or _NOT_SO.search(before))


# "Will Beijing give Britain a gram?"
_WILL: Final = re.compile(r"(?:Will|Would|Could|Can|Should|May|Might|Must) ")


def _own_state(sentence: Sentence, receivers: list[Mark], context: Context) -> str:
    """Return the state of the museums that received what their own state brought; empty where others received."""
    chinese = context.mission.startswith("CE") or _CHINESE.search(sentence.text)
    houses = {m.state for m in receivers} == {"CN"} and all(m.sort == "institution" for m in receivers)
    return "CN" if chinese and houses else ""


def _without_receiver(
    sentence: Sentence, verb: Verb, context: Context, mass: Quantity | None
) -> Iterator[Claim]:
    """Yield a gift between those spoken of before: "gave 1.5 g in return", "the gift weighs 1 g"."""
    if mass is None and _SAME.search(sentence.text):
        mass = context.mass
    back = _BACK.match(sentence.text, verb.start)
    if (mass is None and not (back and frames.day_of(sentence, verb))) or (mass and mass.value >= _MOST_G):
        return
    if _BACK.match(sentence.text, verb.start):
        giver, receiver = _last_pair(sentence, verb, context)
        who = [m.name for m in sentence.all("party") if m.sort == "state" and m.end <= verb.start]
        if who and context.giver and who[-1] != context.giver:  # "Moscow repaid the favour with"
            giver, receiver = context.giver, who[-1]
        if giver and receiver:  # what was received is returned in kind
            mission, day = topics.only_mission(sentence, context), frames.day_of(sentence, verb)
            yield Claim("gift", receiver, giver, mass, day, mission=mission, start=verb.start)
    elif roles.is_noun(sentence, verb) and context.giver and context.receiver and not sentence.all("party"):
        yield Claim("gift", context.giver, context.receiver, mass, mission=context.mission, start=verb.start)


_NOT_SO: Final = re.compile(
    r"\b(?:should|would|could|might|ought to) (?:never |not |also )?(?:have )?(?:ever )?$", re.IGNORECASE
)
_CHINESE: Final = re.compile(r"Chang|Lunar Sample 0|嫦娥|月球样品")
_SAME: Final = re.compile(
    r"\b(?:(?:equal|same|identical|like) (?:weight|amount|mass|quantity|sum)|as much|"
    r"the same(?: amount)?(?= in\b| from\b|[.,;]))\b",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r".{0,60}\bin (?:return|exchange)\b(?! for)|(?<=return )(?:present|gift|offering)|reciproc\w+|"
    r"gave (?:\w+ ){1,3}?back|(?:paid|pays|paying) (?:\w+ ){1,2}back|回赠|(?:repaid|answered|replied|responded|"
    r"countered)\b|returned the",
    re.IGNORECASE,
)


def _last_pair(sentence: Sentence, verb: Verb, context: Context) -> tuple[str, str]:
    """Return giver and receiver of the gift told before: in this sentence, else in one before."""
    for earlier in frames.verbs(sentence, "give"):
        if earlier.end < verb.start:
            giver, receivers = roles.roles(sentence, earlier, context)
            if giver and receivers:
                return giver, receivers[0].name
    return context.giver, context.receiver


def _borrows(sentence: Sentence, verb: Verb) -> bool:
    """Whether "received" tells of a loan: it says so, or researchers received."""
    return bool(
        re.search(r"\bloan\b|\bborrow", sentence.text, re.IGNORECASE)
        or _WHO.search(sentence.text[: verb.start])
    )


def _is_state_gift(sentence: Sentence, verb: Verb) -> bool:
    """Whether what an institution keeps was given to its state: on a visit, to a president."""
    told = sentence.text[verb.start : verb.end + 80]
    return bool(re.search(r"communauté|president|visit", told, re.IGNORECASE))


def _dated(sentence: Sentence, verb: Verb, receivers: list[Mark]) -> Iterator[tuple[Mark, str]]:
    """Yield each receiver with its date: its own where each has one, else the verb's."""
    dates = [m for m in sentence.all("date") if m.start > verb.end]
    if len(receivers) > 1 and len(dates) == len(receivers) and dates[0].start > receivers[-1].end:
        yield from ((receiver, date.name) for receiver, date in zip(receivers, dates, strict=True))
        return
    if len(receivers) > 1 and len(dates) >= len(receivers):
        for receiver in receivers:
            own = next((d for d in dates if d.start > receiver.end), None)
            yield receiver, own.name if own else ""
        return
    if len(receivers) == 1 and (both := _ONE_AND_ANOTHER.search(sentence.text, verb.end)):
        told = [d for d in dates if both.start() <= d.start]
        yield from ((receivers[0], date.name) for date in told[: len(("one", "another"))])
        return
    date = frames.date_of(sentence, verb)
    if not date and len(every := sentence.all("date")) == 1 and _APPOSED.search(sentence.text[: verb.start]):
        date = every[0]  # "brought 1.5 grams to Paris in April 2023, a present from Xi"
    for receiver in receivers:
        yield receiver, date.name if date else ""


_APPOSED: Final = re.compile(r", an? (?:\w+ )?$")
# "one in 1970 and another in 1973", "two gifts, in 1970 and 1973"
_ONE_AND_ANOTHER: Final = re.compile(
    r"\bone in (?:\w+ )?\d{4},? and (?:another|one|a second)(?: one)? in (?:\w+ )?\d{4}\b|"
    r"\bin \d{4} and (?:again )?(?:in )?\d{4}\b"
)
