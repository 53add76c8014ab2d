"""Who asked for samples, who got them, in which round; and what the law says? In Chinese and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Final

from aliquot.reading.claims import Claim, Context
from aliquot.reading.grammar.clauses import Clause, case, clauses, counts, parties, when, whole, words
from aliquot.reading.marks import Mark, Sentence

_NEAR: Final = 4  # sentences back that lending was spoken of
_LENDING: Final = re.compile(r"借|申请|発放|发放|貸|配分|配布|公募|応募|申請|份样品|分发|受け取")
_COUNTED: Final = ("institutions", "countries", "applications", "persons", "lots", "samples")


def _is_about(sentence: Sentence, context: Context) -> bool:
    near = context.applying or context.sentence - context.last_loan <= _NEAR
    return bool(_LENDING.search(sentence.text)) or near


def _lender(sentence: Sentence, context: Context) -> str:
    """Return who lends: who is told to in the sentence, else whose samples are spoken of."""
    lending = [c for c in clauses(sentence) if c.says("lend", "call")]
    doing = {m.name for c in lending for m in parties(c, "subject") if m.name in ("CN", "US")}
    if doing == {"CN"} or (doing == {"US"} and not re.search("嫦娥|中国", sentence.text)):
        return doing.pop()
    american = re.search(r"阿波罗|アポロ|NASA|美国航天局", sentence.text) and not re.search(
        r"嫦娥", sentence.text
    )
    return context.lender or ("US" if american and context.keeper != "CN" else "") or context.keeper or "CN"


_HOPED: Final = re.compile("的?(?:申请|请求)|を(?:待|望|期待|目指)")


# "ほかは大阪大学...だ": who borrows besides, in the sentence after one about a loan.
_MORE: Final = re.compile("このほか|ほか(?:は|に)|他に|其余|其他(?:几家|机构)?|另外几家")


def loans(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who borrows what: 香港大学领到822.6毫克, 大阪大学は50ミリグラムを借り受ける."""
    said, lender = whole(sentence), _lender(sentence, context)
    lends = [v for v in said.verbs("lend") if not _HOPED.match(sentence.text, v.end())]
    if not lends and _MORE.match(sentence.text) and context.sentence - context.last_loan <= 1:
        lends = list(_MORE.finditer(sentence.text))[:1]
    if (
        not lends
        or not _is_about(sentence, context)
        or said.says("refuse", "exchange", "lose")
        or any(not re.match(r"受け取|渡|配", v[0]) for v in said.verbs("give"))
    ):
        return
    every = clauses(sentence)
    houses = [
        m for m in said.all("party")
        if m.sort == "institution" and m.name != "Chinese Academy of Sciences" and case(sentence, m) not in ("by", "from")
    ]  # fmt: skip
    if houses:
        yield from _to_houses(said, lender, houses, lends, every)
    else:
        yield from _in_all(said, lender, lends[-1], every)


def _to_houses(
    said: Clause, lender: str, houses: list[Mark], lends: list[re.Match[str]], every: list[Clause]
) -> Iterator[Claim]:
    """Yield a loan to each house, with the mass that stands behind it: 大阪大学に50ミリグラム、東京大学に20ミリグラム."""
    sentence = said.sentence
    for mark, after in zip_longest(houses, houses[1:]):
        clause = next(c for c in every if c.start <= mark.start < c.end)
        verb = min(lends, key=lambda v: abs(v.start() - mark.start))
        reach = after.start if after else len(sentence.text)
        masses = [m.quantity for m in sentence.within(mark.end, reach, "mass")]
        if not masses and len(houses) == 1:
            masses = [m.quantity for m in said.all("mass")]
        yield Claim(
            "loan_granted", lender, mark.name, masses[0] if masses else None, _lent_on(clause, verb, every),
            state=mark.state, start=mark.start, end=mark.end,
        )  # fmt: skip


def _in_all(said: Clause, lender: str, verb: re.Match[str], every: list[Clause]) -> Iterator[Claim]:
    """Yield what was lent in all, or to a state: 已发放85.48克."""
    states = [m for m in parties(said, "to", "subject") if m.sort == "state" and m.name not in ("CN", lender)]
    for mark in said.all("mass"):
        clause = next(c for c in every if c.start <= mark.start < c.end)
        if clause.says("bring") and not clause.says("lend"):
            continue
        yield Claim(
            "loan_granted",
            lender,
            states[0].name if len(states) == 1 else "",
            mark.quantity,
            _lent_on(clause, verb, every),
            start=mark.start,
            end=mark.end,
        )
    counted = next((m for m in counts(said) if m.name in ("samples", "lots") and lender == "US"), None)
    if counted and not said.all("mass"):
        yield Claim(
            "loan_granted",
            lender,
            quantity=counted.quantity,
            date=when(said, counted.start, every),
            start=counted.start,
            end=counted.end,
        )


def _lent_on(clause: Clause, verb: re.Match[str], every: list[Clause]) -> str:
    """Return when: the date of the clause, or of the one that has the verb, or of any that lends."""
    of_verb = next(c for c in every if c.start <= verb.start() < c.end)
    lending = [c for c in every if c.says("lend")]
    days = (when(c, verb.start(), every, "bring", "open", "close") for c in (clause, of_verb, *lending))
    return next((day for day in days if day), "")


_HEARD: Final = re.compile("[^,]{0,4}(?:进入|参加)[^,]{0,4}(?:答辩|终审|复审)")  # neither asked for nor given
_TEAMS: Final = re.compile(r"\d+(?:个|チーム)(?:科研|研究|课题)?(?:团队|小组|组|国际组织)")
_OF_THEM: Final = re.compile(r"(?:申请|応募|申請)?[のに]?(?:中|のうち|うち|里)")


def numbers(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield how many applied and how many were given leave: 85件の申請のうち31件が認められ."""
    if not _is_about(sentence, context) or _lender(sentence, context) == "US" or whole(sentence).says("lose"):
        return
    every, seen = clauses(sentence), set[tuple[str, str]]()
    for clause in every:
        for mark in counts(clause):
            if (
                "批" in sentence.text[mark.start : mark.end]
                or mark.name not in _COUNTED
                or re.search(r"[这该]$|上述$|この$", sentence.text[: mark.start])
                or _TEAMS.match(sentence.text, mark.start)
                or _HEARD.match(sentence.text, mark.end)
                or (mark.name in ("lots", "samples") and mark.quantity and mark.quantity.value == 1)
            ):
                continue
            predicate = _side(clause, mark, every)
            noun = _noun(sentence, mark, predicate)
            if predicate and noun and (predicate, noun) not in seen:
                seen.add((predicate, noun))
                yield Claim(
                    predicate,
                    _lender(sentence, context),
                    noun,
                    mark.quantity,
                    when(clause, mark.start, every, "bring", "open", "close"),
                    start=mark.start,
                    end=mark.end,
                )


def _side(clause: Clause, mark: Mark, every: list[Clause]) -> str:
    """Return whether a count tells of those who asked or of those who got: by the next word of either, else by the last."""
    text = clause.sentence.text
    if _OF_THEM.match(text, mark.end):
        return "applicants"
    asks = [
        (v.start(), "applicants") for v in clause.verbs("ask")
        if not (text.startswith("的", v.end()) and any(g.start() > v.end() for g in clause.verbs("lend")))
    ]  # fmt: skip
    gets = [(v.start(), "granted") for v in clause.verbs("lend")]
    both = sorted([*asks, *gets])
    ahead = [one for one in both if one[0] >= mark.end - 2]
    behind = [one for one in both if one[0] < mark.start]
    if behind and clause.sentence.language == "zh" and not (ahead and ahead[0][1] == "granted"):
        return behind[-1][1]
    if ahead:
        return ahead[0][1]
    if behind:
        return behind[-1][1]
    place = every.index(clause)
    for other in [*every[place + 1 : place + 2], *reversed(every[:place])]:
        if found := other.says("lend"):
            return "granted" if found else ""
        if other.says("ask"):
            return "applicants"
    return ""


def _noun(sentence: Sentence, mark: Mark, predicate: str) -> str:
    if mark.name != "lots" and mark.name != "samples":
        return mark.name
    of_bids = re.search(r"申请|応募|申請|件のうち", sentence.text) and re.match(
        r"[^,。]{0,3}(?:通过|获批|获准|胜出|中选|入选|脱颖|过关|が採択|が認め|获得批准)",
        sentence.text[mark.end :],
    )
    bids = re.search(r"收到申请|申请\d+份", sentence.text) and not re.search(r"[领发]", sentence.text)
    if predicate == "granted":
        return "applications" if of_bids or bids else "lots"
    return (
        "samples"
        if (mark.name == "samples" or "样品" in sentence.text[max(0, mark.start - 6) : mark.start])
        and "申请" not in sentence.text[mark.start - 3 : mark.start]
        else "applications"
    )


_ASKED_FOR: Final = re.compile(r"借|样品|試料|申请|申請|要請|请求|サンプル")


def requests(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who asked to borrow and who was refused: 米国は...申し入れたが、中国は応じなかった."""
    said, every = whole(sentence), clauses(sentence)
    asks, refuses = said.says("ask"), said.says("refuse")
    verb = refuses or asks
    if verb is None or not _ASKED_FOR.search(sentence.text) or sentence.all("count"):
        return
    named = [m for m in parties(said) if m.sort in ("state", "institution")]
    holder = _holder(sentence, named, refuses, _lender(sentence, context))
    others = [m for m in named if m.state != holder or m.sort == "institution"]
    if len({m.name for m in others}) != 1 and any(m.sort == "state" for m in others):
        return
    day = when(next(c for c in every if c.start <= verb.start() < c.end), verb.start(), every)
    asked = asks or re.search(r"请求|申请|要請|申し入れ|求め", sentence.text)
    for one in others:
        if asked and (refuses or case(sentence, one) in ("subject", "")):
            yield Claim("loan_requested", one.name, holder, date=day, start=one.start, end=one.end)
        if refuses:
            yield Claim("loan_refused", holder, one.name, date=day, start=refuses.start(), end=refuses.end())


def _holder(sentence: Sentence, named: list[Mark], refuses: re.Match[str] | None, lender: str) -> str:
    """Return who was asked: who refuses, or to whom the words 向 and に point; else the lender."""
    states = [m for m in named if m.sort == "state"]
    if refuses:
        ahead = [m for m in states if m.end <= refuses.start() and case(sentence, m) in ("subject", "", "by")]
        ahead = [m for m in ahead if case(sentence, m) == "subject"] or ahead
        return ahead[-1].name if ahead and len({m.name for m in states}) > 1 else lender
    asked = [m for m in states if case(sentence, m) == "to"]
    return asked[-1].name if asked else lender


def calls(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield when a call for applications opened and closed: 公募は2023年11月24日に始まり、12月22日に締め切られた."""
    every = clauses(sentence)
    called = False
    lender = _lender(sentence, context)
    for clause in every:
        called = called or bool(clause.says("call"))
        for act, predicate in (("open", "call_opened"), ("close", "call_closed")):
            verb = clause.says(act)
            day = when(clause, verb.start(), every, "open", "close") if verb else ""
            in_talk = act == "close" and context.sentence - context.last_loan <= _NEAR
            if verb and (called or in_talk) and day and not clause.says("show", "launch"):
                yield Claim(predicate, lender, date=day, start=verb.start(), end=verb.end())


def laws(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield when a law was made and what it does: 该条款禁止美国航天局以任何方式同中国合作."""
    said = whole(sentence)
    pointed = re.search(r"[该这此](?:一|项|个)?条款|同条項|この条項", sentence.text) if context.law else None
    named = said.says("law") or pointed
    if not named:
        return
    chinese = re.search(r"管理", named[0])
    law = "Procedures for Requesting Lunar Samples" if chinese else "Wolf Amendment"
    made = said.says("enacted")
    dates = [m.name for m in sentence.all("date") if m.name]
    if made and dates:
        yield Claim(
            "law_enacted", law, "CN" if chinese else "US", date=dates[0], start=made.start(), end=made.end()
        )
    if chinese:
        return
    language = sentence.language
    effect = ""
    if words("unless", language).search(sentence.text):
        effect = "bars unless authorised"
    elif bars := said.says("bars"):
        effect = "bars absolutely" if said.says("absolutely") else "bars"
        named = bars
    elif said.says("restricts"):
        effect = "restricts"
    if effect:
        yield Claim("law_effect", law, effect, start=named.start(), end=named.end())


def permissions(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who may apply despite a bar: NASAは...研究者にも応募を認める."""
    said = whole(sentence)
    verb = said.says("allow")
    agency = (
        re.search(r"NASA|美国航天局|美国宇航局|米航空宇宙局|US", sentence.text)
        or (context.law and re.search("它|同局|该局", sentence.text))
        or any(m.name == "US" and m.sort == "state" for m in sentence.all("party"))
    )
    people = re.search(r"研究者|学者|科学家|研究人员|科研人员|研究员", sentence.text)
    if verb and agency and people and said.says("may_apply") and not said.says("law", "refuse", "hold"):
        yield Claim(
            "permission",
            "US",
            "US",
            date=when(said, verb.start(), [said]),
            start=verb.start(),
            end=verb.end(),
        )


_BODIES: Final = (
    ("Artemis Accords", re.compile(r"阿[尔耳]忒弥斯(?:协[定议])|アルテミス合意")),
    ("ILRS", re.compile(r"国际月球科研站|ILRS|国際月(?:面)?研究ステーション|国際月科学研究ステーション")),
)


def members(sentence: Sentence, _context: Context) -> Iterator[Claim]:
    """Yield how many have joined: 已有55个国家签署."""
    said = whole(sentence)
    many = next((m for m in said.all("count") if m.name == "countries"), None)
    for name, words_of in _BODIES:
        if many and words_of.search(sentence.text) and said.says("join"):
            yield Claim("membership_count", name, quantity=many.quantity, start=many.start, end=many.end)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield all of these claims of a sentence."""
    if any(words_of.search(sentence.text) for _, words_of in _BODIES):
        yield from members(sentence, context)
        return
    yield from permissions(sentence, context)
    yield from laws(sentence, context)
    if whole(sentence).says("law"):
        return
    if any(True for _ in permissions(sentence, context)):
        return
    for family in (calls, requests, loans, numbers):
        yield from family(sentence, context)
