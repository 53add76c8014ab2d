"""Who gave, exchanged, handed over, sold, showed, kept, lost and found what? In Chinese and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from aliquot.reading.claims import Claim, Context
from aliquot.reading.grammar.clauses import Clause, case, clauses, counts, mission, parties, when, whole
from aliquot.reading.marks import Mark, Quantity, Sentence
from aliquot.reading.references import CAPITALS

_TAKES: Final = re.compile(r"获赠|受赠|得到|收到|受け取|受贈")
_PASSIVE_JA: Final = re.compile(r"[らさ]れ")
_VISIT: Final = re.compile(r"[^,;、。]{0,8}?(?:访华|来华|来访|到访|访问中国|訪中)")
_AMERICAN: Final = re.compile(r"阿波罗|アポロ|月岩|月の石")


def _mass(clause: Clause, at: int) -> Quantity | None:
    marks = clause.all("mass")
    near = min(marks, key=lambda m: abs(m.start - at), default=None)
    return near.quantity if near else None


def _other(receiver: str, clause: Clause, context: Context) -> str:
    """Return who gives where nobody is said to: whose samples are spoken of."""
    if receiver != "US" and any(m.name.startswith("Apollo") for m in clause.sentence.all("mission")):
        return "US"
    named = {m.name for m in clause.sentence.all("party") if m.sort == "state"} - {receiver}
    if len(named) == 1 and receiver not in ("nations", "US states"):
        return named.pop()
    if context.giver and context.giver != receiver:
        return context.giver
    chinese = context.mission.startswith("CE") and receiver != "CN"
    return "CN" if chinese else "US" if _AMERICAN.search(clause.sentence.text) else ""


def gifts(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield each gift: 中方向俄罗斯赠送1.5克, ロシアのプーチン大統領に1.5グラムを贈った."""
    every = clauses(sentence)
    loaned = [v for v in whole(sentence).verbs("lend") if not re.match("受け取|渡", v[0])]
    for place, clause in enumerate(every):
        verb = clause.says("give")
        follows = (
            every[place + 1].says("give") if sentence.language == "ja" and place + 1 < len(every) else None
        )
        if not verb and follows and clause.all("mass") and parties(clause, "to"):
            verb = follows  # "AにXを、BにYを贈った"
        loans = [v for v in clause.verbs("lend") if not re.match(r"受け取|渡|配|届|首批|第", v[0])]
        if not verb or clause.says("transfer") or loans:
            continue
        guests = [m for m in sentence.all("party") if _VISIT.match(sentence.text, m.end) and m.name != "CN"]
        if len({m.name for m in guests}) > 1 and not parties(clause, "to"):
            yield from _to_guests(sentence, guests, every)
            return
        if re.match("受け取|渡", verb[0]) and loaned:
            continue
        giver, receivers = _giving(clause, verb, context, every)
        day = when(clause, min(verb.start(), clause.end), every, "give")
        behind = [m for m in sentence.all("mass") if m.start >= verb.end()]
        alone = (
            behind[0].quantity
            if behind and not any(one.says("give", "bring") for one in every[place + 1 :])
            else None
        )
        mass = _mass(clause, verb.start()) or alone
        handed = re.match(r"受け取|渡|得到|收到", verb[0])
        for receiver, count in receivers:
            if handed and receiver in {m.name for m in sentence.all("party") if m.sort == "institution"}:
                continue  # a laboratory gets a loan
            source = giver if giver and giver != receiver else _other(receiver, clause, context)
            if source and receiver and source != receiver:
                yield Claim("gift", source, receiver, count or mass, day, start=clause.start, end=clause.end)


def _to_guests(sentence: Sentence, guests: list[Mark], every: list[Clause]) -> Iterator[Claim]:
    """Yield a gift to each of several guests: 一次是2022年普京访华, 一次是2023年马克龙来访, 每次1.5克."""
    mass = next((m.quantity for m in sentence.all("mass")), None)
    for guest in guests:
        clause = next(c for c in every if c.start <= guest.start < c.end)
        yield Claim(
            "gift", "CN", guest.name, mass, when(clause, guest.start, every), start=guest.start, end=guest.end
        )


_Receiver = tuple[str, Quantity | None]
_COLLECTIVE: Final = {"countries": "nations", "states": "US states"}
_EVERYBODY: Final = re.compile("各国|许多国家|多个国家|数十个国家")
_HAS_RECEIVED: Final = re.compile("收到|得到|接过|接受|获得")


def _giving(
    clause: Clause, verb: re.Match[str], context: Context, every: list[Clause]
) -> tuple[str, list[_Receiver]]:
    """Return giver and receivers by their particles, by the voice of the verb and by who visits whom."""
    sentence = clause.sentence
    many = [(_COLLECTIVE[m.name], m.quantity) for m in clause.all("count") if m.name in _COLLECTIVE]
    takers, sources, subjects = _by_case(clause, verb, every)
    if sentence.text.startswith("的", verb.end()) and _HAS_RECEIVED.search(clause.text) and len(subjects) > 1:
        return subjects[-1].state, [(subjects[0].state, None)]  # 马克龙收到了习近平赠送的1.5克
    passive = sentence.language == "ja" and _PASSIVE_JA.match(sentence.text[verb.end() - 1 : verb.end() + 2])
    giver = sources[-1].state if sources else ""
    if (_TAKES.search(verb[0]) or passive) and not takers:
        takers, subjects = subjects[-1:], []
    if not giver and subjects and not passive:
        giver = subjects[-1].state
    guests = [m for m in sentence.all("party") if _VISIT.match(sentence.text, m.end) and m.name != "CN"]
    if guests and takers and takers[0].name == guests[-1].name:
        giver = "CN"
    receivers: list[_Receiver] = [(m.name, None) for m in takers]
    if many:
        receivers = [one for one in receivers if one[0] != "US"]
    elif not receivers:
        return _unsaid(sentence, giver, guests, context)
    return giver, [*many, *dict.fromkeys(receivers)]


def _by_case(
    clause: Clause, verb: re.Match[str], every: list[Clause]
) -> tuple[list[Mark], list[Mark], list[Mark]]:
    """Return who is given to, from whom, and who is the subject, perhaps that of a clause before."""
    sentence = clause.sentence
    inside = [m for m in parties(clause) if m.sort in ("state", "institution", "place")]
    takers = [m for m in inside if case(sentence, m) == "to"]
    sources = [m for m in inside if case(sentence, m) in ("by", "from")]
    subjects = [m for m in inside if m not in takers and m not in sources and case(sentence, m) != "at"]
    if sentence.language == "ja":  # は, が and も tell the subject
        subjects = [m for m in subjects if case(sentence, m) == "subject"]
    elif not takers:  # 赠给俄罗斯
        takers = [m for m in subjects if 0 <= m.start - verb.end() <= 1]
    earlier = every[: every.index(clause)] if clause in every else []
    return (
        takers,
        sources,
        [m for m in subjects if m.end <= verb.start() and m not in takers]
        or [
            m for one in earlier for m in one.all("party")
            if m.sort == "state" and case(sentence, m) not in ("to", "at")
        ],
    )  # fmt: skip


def _unsaid(
    sentence: Sentence, giver: str, guests: list[Mark], context: Context
) -> tuple[str, list[_Receiver]]:
    """Return giver and receiver where no word says to whom: to everybody, to us, to the guest."""
    if giver == "US" and _EVERYBODY.search(sentence.text):
        return giver, [("nations", None)]
    if giver not in ("", "CN") and (sentence.language == "zh" or context.mission.startswith("CE")):
        return giver, [("CN", None)]
    return ("CN", [(guests[-1].name, None)]) if guests else (giver, [])


def exchanges(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield each exchange: 美苏交换样品; what was only rumoured is denied."""
    said = whole(sentence)
    verb = said.says("exchange")
    states = list(dict.fromkeys(m.name for m in sentence.all("party") if m.sort == "state"))
    if not verb:
        return
    if len(states) < 2:
        states = (
            list(context.exchanged or context.pair)
            if re.search(r"两国|双方|両国|再次|又", sentence.text)
            else []
        )
    if len(states) == 2:
        every = clauses(sentence)
        clause = next(c for c in every if c.start <= verb.start() < c.end)
        near = said.all("mass")
        denied = re.search(
            r"否认|从未|未(?:能|曾)?(?:达成|就)|尚未|没有|并未|不属实|ていない|なかった", sentence.text
        )
        yield Claim(
            "exchange",
            states[0],
            states[1],
            near[0].quantity if near else None,
            when(clause, verb.start(), every),
            hedge="denied" if denied else "",
            start=verb.start(),
            end=verb.end(),
        )


def transfers(sentence: Sentence, _context: Context) -> Iterator[Claim]:
    """Yield each handing over: 嫦娥六号样品移交中国科学院."""
    every = clauses(sentence)
    for clause in every:
        verb = clause.says("transfer")
        houses = [m for m in whole(sentence).all("party") if m.sort == "institution"]
        taker = (
            next(
                (
                    m
                    for m in houses
                    if clause.start <= m.start
                    and (case(sentence, m) == "to" or 0 <= m.start - verb.end() <= 2)
                ),
                None,
            )
            if verb
            else None
        )
        if verb and taker:
            givers = [m.state for m in sentence.all("party") if m.sort == "state" and m is not taker]
            giver = givers[0] if givers else "CN" if taker.state == "CN" else ""
            if giver:
                yield Claim(
                    "transfer",
                    giver,
                    taker.name,
                    _mass(clause, verb.start()),
                    when(clause, verb.start(), every, "show"),
                    start=verb.start(),
                    end=verb.end(),
                )


def sales(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield each sale with its price: 1993年以44.25万美元售出."""
    said = whole(sentence)
    if not said.says("sell") or not said.all("money"):
        return
    name = mission(said, said.all("money")[0].start, context) or context.sold
    if context.sold and not sentence.all("mission"):
        name = context.sold
    for price in said.all("money"):
        ahead = [m.name for m in said.all("date") if m.end <= price.start and m.name]
        if name and name != "CE-5":
            yield Claim(
                "sale",
                name,
                quantity=price.quantity,
                date=ahead[-1] if ahead else "",
                start=price.start,
                end=price.end,
            )


_PLACES: Final = {
    "香港": "Hong Kong", "本港": "Hong Kong", "来港": "Hong Kong", "曼谷": "Bangkok",
    "バンコク": "Bangkok", "珠海": "Zhuhai", "ウィーン": "Vienna", "维也纳": "Vienna",
    "巴黎": "Paris", "パリ": "Paris", "东京": "Tokyo", "东莞": "Dongguan",
}  # fmt: skip
_SHOWN: Final = re.compile(r"嫦娥|月壤|样品|样本|月岩|月の[石砂土]|試料|石を|グラム|克")


def displays(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who shows what: 在曼谷亮相, 国立科学博物館は...を展示している."""
    every = clauses(sentence)
    for clause in every:
        verb = clause.says("show")
        if (
            not verb
            or re.match(r"[館厅中会]", sentence.text[verb.end() : verb.end() + 1])
            or not _SHOWN.search(sentence.text)
        ):
            continue
        venues = _venues(clause)
        earlier = every[: every.index(clause)]
        for one in reversed(earlier):
            venues = venues or _venues(one)
        named = list(dict.fromkeys(m.name for m in whole(sentence).all("mission") if m.sort == "mission"))
        samples = [m.name for m in sentence.all("sample")]
        house = next((m for m in sentence.all("party") if m.sort == "institution"), None)
        things = samples or named or [_kept(house, context) if house else context.mission]
        if venues:
            day = when(clause, verb.start(), every, "give", "transfer", "lend", "hold")
            if (
                not named
                and whole(sentence).says("give")
                and any(m.name == "US" for m in sentence.all("party"))
            ):
                things = ["Apollo"]
            if len(venues) > 1 and sentence.language == "ja" and named:
                yield from _each_venue(sentence, day)
                return
            for thing in things if len(venues) == 1 else [""]:
                every_mass = sentence.all("mass")
                mass = _mass(clause, verb.start()) or (
                    every_mass[0].quantity if samples and len(every_mass) == 1 else None
                )
                yield Claim("display", venues[0], thing, mass, day, start=verb.start(), end=verb.end())
            for venue in venues[1:]:
                yield Claim("display", venue, "", None, day, start=verb.start(), end=verb.end())
            return


def _kept(house: Mark, context: Context) -> str:
    """Return what a house keeps where nothing is named: in China what China brought home, else what is spoken of."""
    chinese = house.state == "CN" and context.mission.startswith("Luna")
    return "CE-5" if chinese else context.mission


def _each_venue(sentence: Sentence, day: str) -> Iterator[Claim]:
    """Yield what each of several houses shows, which stands before it: 12号の石を置く科学館."""
    at = 0
    for house in (m for m in sentence.all("party") if m.sort == "institution"):
        for mark in sentence.within(at, house.start, "mission"):
            yield Claim("display", house.name, mark.name, date=day, start=mark.start, end=house.end)
        at = house.end


def _venues(clause: Clause) -> list[str]:
    houses = [m.name for m in clause.all("party") if m.sort == "institution"]
    if houses:
        return list(dict.fromkeys(houses))
    towns = [name for word, name in _PLACES.items() if word in clause.text]
    states = [CAPITALS[m.name] for m in parties(clause, "at") if m.sort == "state" and m.name in CAPITALS]
    return towns[:1] or (states[:1] and [parties(clause, "at")[0].name])


def holdings(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who keeps what: 现藏于法国国家自然历史博物馆."""
    every = clauses(sentence)
    for clause in every if _SHOWN.search(sentence.text) else ():
        verb, houses = _keepers(clause, every)
        if not verb or not houses or clause.says("show", "lend", "transfer"):
            continue
        named = [m.name for m in clause.all("mission") if m.sort == "mission"]
        named = named or [m.name for m in sentence.all("mission")][-1:]
        mass = _mass(clause, verb.start())
        if half := re.search(r"(?:另)?一半|半分", clause.text):
            whole_mass = next((m.quantity for m in sentence.all("mass")), context.mass)
            mass = replace(whole_mass, value=whole_mass.value / 2) if whole_mass and half else mass
        of_gift = context.giver == "CN" or any(one.says("give") for one in every[: every.index(clause)])
        thing = (
            named[-1]
            if named
            else "CE-5"
            if of_gift and not context.mission.startswith("CE")
            else _kept(houses[0], context)
        )
        if houses[0].state == "US" or (any(m.name == "US" for m in sentence.all("party")) and not named):
            thing = named[-1] if named else "Apollo"
        pieces = next(
            (
                m.quantity
                for m in sentence.all("count")
                if m.name == "samples" and m.quantity and m.quantity.value > 1
            ),
            None,
        )
        for house in dict.fromkeys(m.name for m in houses):
            for one in named if len(named) > 1 and clause.all("mission") else [thing]:
                yield Claim("holding", house, one, mass or pieces, start=verb.start(), end=verb.end())


_HOLDERS: Final = {"zh": ("", "at", "subject", "by"), "ja": ("", "at", "subject", "to")}  # cases


def _keepers(clause: Clause, every: list[Clause]) -> tuple[re.Match[str] | None, list[Mark]]:
    """Return the word of keeping and the houses that keep, either perhaps from the clause beside."""
    sentence, place = clause.sentence, every.index(clause)
    verb = clause.says("hold")
    goes_on = (
        sentence.language == "ja" and place + 1 < len(every) and not clause.says("show", "bring", "give")
    )
    if not verb and goes_on:
        verb = every[place + 1].says("hold")  # "Aが11号の石を、Bが12号の石を所蔵する"
    houses = [m for m in clause.all("party") if case(sentence, m) in _HOLDERS[sentence.language]]
    if not any(m.sort == "institution" for m in houses) and place:
        before = every[place - 1]
        told = before.says("give", "lend", "show", "transfer")
        houses = [] if told else [m for m in before.all("party") if case(sentence, m) == "at"]
    return verb, [m for m in houses if m.sort == "institution" and m.name[0] not in "这该本同"]


_MANY: Final = ("samples", "lots", "countries")
_GOODWILL: Final = re.compile(
    r"NASA|美国航天局|航天中心|宇宙センター|监察|監察|实习生|実習|インターン|研究者|科研"
)


def fates(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield what was lost and what was found: 约180份下落不明, マルタの石が盗まれた."""
    every = clauses(sentence)
    for act, predicate in (("lose", "lost"), ("find", "recovered")):
        for clause in every if act == "lose" else reversed(every):
            verb = clause.says(act)
            if not verb:
                continue
            if act == "find" and (
                re.match(r"[^。、,]{0,6}(?:ていない|ず|未)", sentence.text[verb.end() :])
                or re.search(r"(?:未|没有|无法|不)[^,]{0,4}$", clause.text[: verb.start() - clause.start])
            ):
                continue
            owner = _owner(sentence, clause, context)
            number = _number(clause, verb, every)
            if owner:
                yield Claim(
                    predicate,
                    owner,
                    quantity=number,
                    date=when(clause, verb.start(), every, "lose" if act == "find" else "find"),
                    start=verb.start(),
                    end=verb.end(),
                )
                break


def _number(clause: Clause, verb: re.Match[str], every: list[Clause]) -> Quantity | None:
    """Return how many: the mass or count nearest before the verb, in its clause or one before; "that one" is no number."""
    here = [m for m in [*counts(clause), *clause.all("mass")] if m.kind == "mass" or m.name in _MANY]
    if not here and not clause.all("party"):
        here = [m for one in every for m in counts(one) if m.name in _MANY and m.end <= verb.start()]
    told = [m for m in here if m.quantity and (m.quantity.value > 1 or m.kind == "mass")]
    before = [m for m in told if m.end <= verb.start()]
    return (before or told or [Mark("", 0, 0)])[-1].quantity


def _owner(sentence: Sentence, clause: Clause, context: Context) -> str:
    """Return whose it was: the country whose stone it is, the collection that is told of."""
    marks = [m for m in sentence.all("party") if m.sort == "state" and m.name not in ("CN", "US")]
    states = [m.name for m in marks if m.start >= clause.start and m.end <= clause.end] or [
        m.name for m in marks
    ]
    american = _GOODWILL.search(sentence.text) or any(
        m.state == "US" and m.sort == "institution" for m in sentence.all("party")
    )
    counted = any(m.name in _MANY for m in clause.all("count"))
    if states:
        return states[0]
    if re.search(r"同国|该国", clause.text) and context.states:
        return context.states[-1]
    if american and not (counted and re.search(r"哈特|ガットハイン|ガットヘイン", sentence.text)):
        return "NASA collection"
    return context.collection or (
        "NASA collection" if context.before and context.before[0].subject == "NASA collection" else ""
    )


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield all of these claims of a sentence."""
    for family in (exchanges, gifts, transfers, sales, displays, holdings, fates):
        yield from family(sentence, context)
