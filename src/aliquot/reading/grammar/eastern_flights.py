"""When did a mission go, land and come home, with how much, from which side, as the first of whom? In Chinese and Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading.claims import Claim, Context
from aliquot.reading.grammar.clauses import Clause, clauses, mission, when, whole, words
from aliquot.reading.marks import Mark, Quantity, Sentence
from aliquot.reading.references import RETURNED

_FLIGHT: Final = ("launch", "land", "home", "bring")
_HELD: Final = ("give", "lend", "exchange", "transfer", "sell", "show", "hold", "lose", "ask", "find")
_PLANNED: Final = re.compile(r"(?:CE-[78]|Chandrayaan-[45]|Artemis .*)$")
_TOGETHER: Final = re.compile(
    r"合计|总共|共计|一共|計(?=[約\d])|累计|[三六]次|两次任务|加在一起|加起来|手里共|一共|3機|三機|合わせ|6回|3回|2回|合計|全部で|計画|计划"
)


def journeys(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield when missions went, landed and came home: 5月3日升空, 6月2日に月の裏側へ着陸."""
    every = clauses(sentence)
    for clause in every:
        if _NOBODY.search(clause.text):
            continue
        homes = [match.span() for match in clause.verbs("home")]
        for act, predicate in (("launch", "launched_on"), ("land", "landed_on"), ("home", "returned_on")):
            for match in clause.verbs(act)[:1] if not clause.says("crewed") else ():
                if act == "land" and any(a < match.end() and match.start() < b for a, b in homes):
                    continue  # in the grass of Inner Mongolia
                name = mission(clause, match.start(), context, sort="mission")
                day = when(clause, match.start(), every, *_FLIGHT)
                if day and _flies(name, predicate):
                    yield Claim(predicate, name, date=day, start=match.start(), end=match.end())


_NOBODY: Final = re.compile("没有人|再没|再无|再也|未再|無人だった|以来")


def respectively(sentence: Sentence) -> Iterator[Claim]:
    """Yield the dates and masses of two or three missions that are told in one order: 月球20号和24号分别于1972年和1976年返回."""
    flown = [m for m in sentence.all("mission") if m.name in RETURNED]
    if len(flown) < len("ab") or not re.search("分别|それぞれ", sentence.text):
        return
    for kind, predicate in (("date", "returned_on"), ("mass", "returned_mass")):
        marks = [m for m in sentence.all(kind) if m.start > flown[-1].end and (m.name or m.quantity)]
        if len(marks) == len(flown) and whole(sentence).says("bring", "home"):
            for one, mark in zip(flown, marks, strict=True):
                date = mark.name if kind == "date" else ""
                yield Claim(
                    predicate, one.name, quantity=mark.quantity, date=date, start=mark.start, end=mark.end
                )


def _flies(name: str, predicate: str) -> bool:
    """Whether a mission, and no programme, has done so."""
    return (
        not _PLANNED.match(name)
        and any(c.isdigit() for c in name)
        and (predicate != "returned_on" or name in RETURNED)
    )


def hauls(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield what missions and programmes brought, and the day where it is told with it: 2020年12月17日将1731克月壤带回."""
    every = clauses(sentence)
    brings = [match for match in whole(sentence).verbs("bring") if not _is_attribute(sentence, match)]
    held = whole(sentence).says(*_HELD)
    passed = whole(sentence).says("give", "lend", "exchange", "transfer", "sell", "lose", "ask")
    for clause in every:
        own = [m for m in clause.verbs("bring", "home") if not _is_attribute(sentence, m)]
        together = _TOGETHER.search(clause.text)
        taken = [
            m
            for m in own
            if any(0 <= p.start - m.end() <= 1 and p.name not in _OF_STATE for p in clause.all("party"))
        ]
        if (
            taken
            or clause.says(*_HELD)
            or (held and not own and not (together and not passed))
            or (sentence.all("sample") and not own)
        ):
            continue
        place = every.index(clause)
        beside = [one for one in every[max(0, place - 1) : place + 2] if one.says("bring")]
        lone = beside[0].says("bring") if beside and len(sentence.all("mass")) == 1 else None
        brings = brings or ([lone] if lone and not held else [])
        if _OTHER_BODIES.search(clause.text) or not (own or brings or _WEIGHS.search(clause.text)):
            continue
        yield from _masses(clause, context)


# What tells a weight without a verb of bringing: "量は21.6キロ", "嫦娥5号は1731グラムである".
_WEIGHS: Final = re.compile(
    r"重|量|合計|合计|达到|に達|上る|总共|共|だけで|(?:グラム|キロ)(?:である|だ|だった|で)?$|(?:グラム|キロ)[、。]"
)
_OTHER_BODIES: Final = re.compile("月球车|探测器重|火箭|着陆器|上升器|卫星|探査車|ロケット|着陸機|衛星|機体")


# What else the date of a clause may be of.
_TOLD_ELSE: Final = (
    "give", "lend", "transfer", "show", "hold", "call", "open", "close", "lose", "sell", "exchange", "crewed",
)  # fmt: skip


def fetched_on(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the day of bringing, where none of coming home is told: 12月17日将1731克月壤带回."""
    every = clauses(sentence)
    for clause in every:
        verbs = [m for m in clause.verbs("bring") if not _is_aside(clause, m)]
        if not verbs or (clause.says(*_TOLD_ELSE) and not _is_close(clause, verbs[0])):
            continue
        flown = [m for m in clause.all("mission") if m.name in RETURNED]
        known = any(one.says("home") for one in every if one.all("date") or one is clause)
        if len(flown) > 1:
            yield from _each(clause, flown)
            continue
        at = verbs[0].start()
        day, name = when(clause, at, every, *_FLIGHT), mission(clause, at, context)
        if day and not known and not clause.says("home") and name in RETURNED:
            yield Claim("returned_on", name, date=day, start=verbs[0].start(), end=verbs[0].end())


def _is_close(clause: Clause, match: re.Match[str]) -> bool:
    """Whether the date stands right at the verb that says of which samples: 1972年12月に採取した石."""
    dated = [d for d in clause.all("date") if d.end <= match.start()]
    return bool(
        dated
        and clause.sentence.text[dated[-1].end : match.start()] in ("に", "从月球", "从月面", "在月球", "于")
    )


def _is_aside(clause: Clause, match: re.Match[str]) -> bool:
    """Whether the verb only says of which samples and the date is of something else: 9月29日、嫦娥5号が採取した試料について."""
    text = clause.sentence.text
    dated = [d for d in clause.all("date") if d.end <= match.start()]
    relative = re.match(r"[しらりっ]?た(?![、。がでりの])", text[match.end() :])
    return bool(relative and dated and text[dated[-1].end : dated[-1].end + 1] in ("、", ","))


def _each(clause: Clause, flown: list[Mark]) -> Iterator[Claim]:
    """Yield the date of each of several missions, which stands right before it: 72年のルナ20号が55グラム."""
    at = clause.start
    for mark in flown:
        dates = [d for d in clause.all("date") if d.name and at <= d.start and d.end <= mark.start]
        if dates:
            yield Claim("returned_on", mark.name, date=dates[-1].name, start=mark.start, end=mark.end)
        at = mark.end


def _is_attribute(sentence: Sentence, match: re.Match[str]) -> bool:
    """Whether a verb only says of what another thing is told: 带回的样品; not where the mass follows, 带回的1731克."""
    mass = any(0 <= m.start - match.end() <= len("的约") for m in sentence.all("mass"))
    return sentence.text.startswith("的", match.end()) and not mass


def _masses(clause: Clause, context: Context) -> Iterator[Claim]:
    marks = clause.all("mass")
    named = [m for m in clause.sentence.all("mission") if m.end <= clause.end]
    for mark in marks:
        if mark.quantity is None or re.match(r"の?(?:備份|备份)", clause.sentence.after(mark, 4)):
            continue
        ahead = [m for m in named if m.end <= mark.start]
        between = clause.sentence.text[(ahead[-1].end if ahead else clause.start) : mark.start]
        near = clause.sentence.text[max(clause.start, mark.start - 14) : mark.start]
        if re.search(r"折合|相当于|约合|即约?$", near):
            continue
        if re.search(r"人类|人類|世界で|美苏中", clause.sentence.text) and _TOGETHER.search(near):
            yield Claim("total_returned", "all", quantity=mark.quantity, start=mark.start, end=mark.end)
            continue
        if (
            _TOGETHER.search(near)
            or (not named and _TOGETHER.search(clause.sentence.text))
            or (ahead and ahead[-1].sort == "programme")
        ):
            name = ahead[-1].name if ahead else _programme(clause.sentence, context)
            yield Claim(
                "total_returned",
                re.split(r"[- ]", name)[0],
                quantity=mark.quantity,
                start=mark.start,
                end=mark.end,
            )
            continue
        name = ahead[-1].name if ahead and len(between) < _FAR else mission(clause, mark.start, context)
        if name in RETURNED:
            yield Claim("returned_mass", name, quantity=mark.quantity, start=mark.start, end=mark.end)
        elif name in ("Apollo", "Luna", "CE"):
            yield Claim("total_returned", name, quantity=mark.quantity, start=mark.start, end=mark.end)


_FAR: Final = 60
_OF_STATE: Final = {"US": "Apollo", "SU": "Luna", "CN": "CE"}


def _programme(sentence: Sentence, context: Context) -> str:
    """Return whose flights are summed up: those of the state that is named, else those spoken of."""
    states = [m.name for m in sentence.all("party") if m.name in _OF_STATE]
    return _OF_STATE[states[0]] if states else context.programme or context.mission


def weights(sentence: Sentence, _context: Context) -> Iterator[Claim]:
    """Yield the mass of a numbered sample: 月球样品001号重150克."""
    for clause in clauses(sentence):
        sample = [m for m in sentence.all("sample") if m.start < clause.end]
        for mass in clause.all("mass") if sample and re.search(r"重|克$|グラム", clause.text) else ():
            yield Claim(
                "sample_mass", sample[-1].name, quantity=mass.quantity, start=mass.start, end=mass.end
            )


def sides(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield from which side a mission fetched, where it flies in the clause: 从月背携回."""
    for clause in clauses(sentence):
        at = clause.says("land", "bring", "home")
        name = mission(clause, at.start(), context) if at else ""
        side = "far side" if clause.says("far") else "near side" if clause.says("near") else ""
        if re.search(r"月背(?:科研)?样[品本]", clause.text):
            side = (
                side
                if any(m.name == name for m in sentence.all("mission")) or len(clauses(sentence)) > 1
                else ""
            )
        if at and side and name[-1:].isdigit() and not clause.says("give", "lend", "show", "transfer"):
            yield Claim("landing_side", name, side, start=at.start(), end=at.end())
            return


_N: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "五": 5}
_NOVEL: Final = re.compile(r"矿物|鉱物|论文|論文|公募|申请|応募")


def ranks(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who was the n-th: 中国成为第三个取得月球样品的国家, 世界で初めて月の裏側に軟着陸."""
    all_of_it = whole(sentence)
    for match in all_of_it.verbs("first"):
        n = match.groupdict().get("n") or ""
        place = _N.get(n) or int(n or 1)
        of_moon = place > 1 and re.search(
            "月壤|月球样|月岩|月の試料|月の石", sentence.text[max(0, match.start() - 14) : match.end() + 24]
        )
        feat = _feat(sentence) or ("sample return" if of_moon else "")
        states = [
            m.name
            for m in sentence.all("party")
            if m.sort == "state" and m.name in ("CN", "IN", "SU", "US", "JP")
        ]
        abroad = feat == "display abroad"
        flown = [m.name for m in sentence.all("mission") if m.sort == "mission"]
        if not feat or _NOVEL.search(sentence.text[match.end() : match.end() + 16]):
            continue
        if abroad or place > 1:
            by = "CN" if context.mission.startswith("CE") or "CN" in states else (states or [""])[0]
        else:
            by = (flown or [context.mission])[-1]
            if by not in _FIRSTS.get(feat, ()):
                continue
        if by:
            yield Claim(
                "rank",
                by,
                feat,
                Quantity(Decimal(place), "count", Decimal("0.5")),
                start=match.start(),
                end=match.end(),
            )
            return


_FIRSTS: Final = {
    "robotic sample return": ("Luna 16",), "sample return": ("Apollo 11",),
    "far-side sample return": ("CE-6",), "far-side landing": ("CE-4", "CE-6"),
}  # fmt: skip


def _feat(sentence: Sentence) -> str:
    """Return what was done for the first time."""
    said = whole(sentence)
    if said.says("abroad") and said.says("show"):
        return "display abroad"
    fetched = said.says("bring") or re.search(
        r"采样|返回|取样|样品|样本|回収|試料|サンプルリターン", sentence.text
    )
    if fetched and re.search("机器人|无人|無人|ロボット", sentence.text) and not said.says("far"):
        return "robotic sample return"
    if said.says("far"):
        return "far-side sample return" if fetched else "far-side landing" if said.says("land") else ""
    return (
        "sample return"
        if fetched and (said.says("bring") or "返回" in sentence.text or "リターン" in sentence.text)
        else ""
    )


def plans(sentence: Sentence, _context: Context) -> Iterator[Claim]:
    """Yield what is planned: 嫦娥七号定于2026年发射, 2030年までに飛行士を月に送る."""
    every = clauses(sentence)
    for clause in every:
        crewed, planned = clause.says("crewed"), words("plan", sentence.language).search(sentence.text)
        for mark in clause.all("mission"):
            dates = [d for d in clause.all("date") if d.name]
            day = next((d.name for d in dates if d.start >= mark.end), dates[0].name if dates else "")
            if _PLANNED.match(mark.name) and planned and day:
                yield Claim(
                    "mission_planned", mark.name, date=day, hedge="planned", start=mark.start, end=mark.end
                )
        american = any(m.name in ("US", "Apollo") or m.name.startswith("Apollo") for m in sentence.marks)
        if crewed and planned and not clause.all("mission") and not american:
            yield Claim(
                "mission_planned",
                "CN crewed landing",
                date=when(clause, crewed.start(), every),
                hedge="planned",
                start=crewed.start(),
                end=crewed.end(),
            )


def walkers(sentence: Sentence, _context: Context) -> Iterator[Claim]:
    """Yield how many people walked on the Moon: 十二名航天员踏足月面."""
    for clause in clauses(sentence):
        people = next((m for m in clause.all("count") if m.name == "persons"), None)
        if people and clause.says("walked"):
            yield Claim(
                "persons_on_moon", "Apollo", quantity=people.quantity, start=people.start, end=people.end
            )


def ages(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield how old the material is, and how much younger than other: 年轻约10亿年."""
    marks = sentence.all("age")
    younger = whole(sentence).says("young")
    named = [m.name for m in sentence.all("mission")]
    if (
        not marks
        and younger
        and re.search(r"比|より", sentence.text)
        and any(n.startswith("Apollo") for n in named)
    ):
        here = next((n for n in named if n in ("CE-5", "CE-6")), context.mission)
        if here in ("CE-5", "CE-6"):
            yield Claim("age_difference", here, "Apollo", start=younger.start(), end=younger.end())
    for mark in sorted(marks, key=lambda mark: not _tells_difference(sentence, mark)):
        clause = next(c for c in clauses(sentence) if c.start <= mark.start < c.end)
        if _tells_difference(sentence, mark):
            yield _difference(clause, mark, context)
        elif (found := _dated(clause, mark, context)) and whole(sentence).says("aged"):
            yield Claim("age", found, quantity=mark.quantity, start=mark.start, end=mark.end)


def _tells_difference(sentence: Sentence, mark: Mark) -> bool:
    """Whether a span of time is a difference: 年轻约10亿年, 約10億年若い; not 約20億年前と若い."""
    text = sentence.text
    gaps = [
        text[v.end() : mark.start] if v.end() <= mark.start else text[mark.end : v.start()]
        for v in whole(sentence).verbs("young")
    ]
    return any(re.fullmatch("了?[约約近大整]*|ほど|ぐらい|くらい|も|左右|分", gap) for gap in gaps)


# By how much the one is later than the other is no age: 晚8亿年.
_MOVED: Final = re.compile("(?:晚|早|推迟|提前|持续|长达|延后|推后|延长)了?[约近]*$")
_MOVED_BEHIND: Final = re.compile("(?:も|ほど)?(?:遅|早|長|続|後まで)")


def _dated(clause: Clause, mark: Mark, context: Context) -> str:
    text = clause.sentence.text
    if _MOVED.search(text[: mark.start]) or _MOVED_BEHIND.match(text, mark.end):
        return ""
    ahead = [m.name for m in clause.sentence.all("mission") if m.end <= mark.start]
    bare = re.findall(r"(?<!\d)([56])号", clause.sentence.text[max(0, mark.start - 12) : mark.start])
    if bare:
        return f"CE-{bare[-1]}"
    name = ahead[-1] if ahead else context.mission
    return name if name in RETURNED else ""


def _difference(clause: Clause, mark: Mark, context: Context) -> Claim:
    named = [m.name for m in clause.sentence.all("mission")]
    older = next((name for name in named if name.startswith(("Apollo", "Luna"))), "Apollo")
    younger = next((name for name in named if name.startswith("CE")), context.mission)
    return Claim("age_difference", younger, older, mark.quantity, start=mark.start, end=mark.end)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield all of these claims of a sentence."""
    paired = list(respectively(sentence))
    told = {claim.predicate for claim in paired}
    yield from paired
    for family in (hauls, weights, journeys, fetched_on, sides, ranks, plans, walkers, ages):
        yield from (c for c in family(sentence, context) if c.subject and c.predicate not in told)
