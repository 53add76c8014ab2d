"""How much did a mission bring back? returned_mass of one mission, total_returned of a programme or of all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Sentence

_ALL: Final = re.compile(
    r"\b(?:humanity|mankind|humankind|humans have|all (?:lunar )?missions|throughout history|worldwide|the world's|l'humanité|die Menschheit)\b|人类(?!首次|历史)|人類(?!史|初)|全世界",
    re.IGNORECASE,
)
_EACH: Final = re.compile(
    r"\brespectively\b|\brespectivement\b|\bbeziehungsweise\b|\bjeweils\b|分别|それぞれ", re.IGNORECASE
)
_SUM: Final = re.compile(
    r"\b(?:combined|together|altogether|in total|in all|a total of|between them|the two missions|both missions|au total|insgesamt|zusammen)\b|合计|共|総計|合わせて",
    re.IGNORECASE,
)
_CREW: Final = re.compile(
    r"\b(?:astronauts|moonwalkers|crews|United States|U\.S\.|US|NASA|Americans?|they|six (?:moon )?landings|six missions)\b|美国|アメリカ|米国",
    re.IGNORECASE,
)
_SOVIET: Final = re.compile(r"\b(?:Soviet|USSR|robotic probes)\b|苏联|ソ連", re.IGNORECASE)
_NOT_SAMPLES: Final = re.compile(
    r"^\s*(?:spacecraft|lander|probe|rover|rocket|orbiter|ascender|capsule|payload|satellite|of (?:fuel|propellant|equipment|cargo|instruments))",
    re.IGNORECASE,
)
_FUTURE: Final = re.compile(
    r"\b(?:will|would|plans?|expected|aims?|hopes?|goal|intended|designed|supposed|target(?:ed)?|up to)\b",
    re.IGNORECASE,
)
_WHOLE: Final = ("Apollo", "Luna", "CE", "all")
_TOTAL: Final = re.compile(
    r"^\W*(?:grand )?(?:totals?|sum|in all|合计|总计)\b(?:[^.;:|]{0,20})[:|,\s-]", re.IGNORECASE
)
_IN_ALL: Final = re.compile(r"总重|总质量|\btotal (?:weight|mass)\b|\bin total\b", re.IGNORECASE)
_SEVERAL: Final = re.compile(
    r"\b(?:the )?(?:two|three|both|six|these|all) (?:\w+ )?(?:missions|probes|spacecraft|flights|landings)\b",
    re.IGNORECASE,
)
_LEAST_G: Final = 10  # no mission brought back so little; a smaller mass is of a piece
_GIVEN: Final = re.compile(
    r"\b(?:gifts?|don|présent|cadeau|Geschenk|piece|vial|each)\b|礼物|赠", re.IGNORECASE
)
_NAMED: Final = re.compile(
    r"^\s*(?:of )?(?:\w+ ){0,3}?(?:lunar|moon|rocks?|soil|samples?|material|regolith|dust|stones?)|^\s*(?:de |d'|an |von )|^の?月|^(?:的)?(?:月|样)",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example("Chang'e 6 came home with 1,935.3 grams of soil from the far side.", ("returned_mass(CE-6) 1935.3 g", "landing_side(CE-6, far side)")),
    Example("Between them the six Apollo crews hauled 382 kg of rock back to Earth.", ("total_returned(Apollo) 382000 g",)),
    Example("Luna 16 and Luna 20 returned 101 g and 55 g respectively.", ("returned_mass(Luna 16) 101 g", "returned_mass(Luna 20) 55 g")),
    Example("In all, humanity has gathered about 386 kg of lunar material.", ("total_returned(all) 386000 g",)),
    Example("嫦娥五号共带回1731克月球样品。", ("returned_mass(CE-5) 1731 g",), "zh"),
    Example("Apollo 17 a rapporté 110,5 kg d'échantillons lunaires.", ("returned_mass(Apollo 17) 110500 g",), "fr"),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the masses that missions are said to have brought back."""
    if topics.is_other(sentence):
        return
    brought = [
        mark
        for mark, verb in frames.masses(sentence, "bring", "home", "weigh", "land")
        if verb.act != "weigh" or _weighs_all(sentence)
    ]
    brought += [mark for mark in sentence.all("mass") if mark not in brought and _loose(sentence, mark)]
    if not brought and (
        context.is_asked or _TOTAL.match(sentence.text)
    ):  # an answer, or the last line of a table
        brought = [mark for mark in sentence.all("mass") if mark.name in ("g", "kg", "lb", "oz")][:1]
        if brought and not sentence.all("mission"):
            whose = (
                _programme(context) if _TOTAL.match(sentence.text) else context.mission or context.programme
            )
            if context.is_asked and context.programme and not context.mission:
                whose = context.programme
            if whose:
                kind = "total_returned" if whose in _WHOLE else "returned_mass"
                yield Claim(kind, whose, quantity=brought[0].quantity, mission=whose, start=brought[0].start)
            return
    brought = [mark for mark in brought if _is_material(sentence, mark, context)]
    if not brought:
        return
    missions = [mark for mark in sentence.all("mission") if mark.sort == "mission"]
    if (
        len(brought) > 1
        and len(missions) == len(brought)
        and (_EACH.search(sentence.text) or missions[-1].end <= brought[0].start)
    ):
        pairs = list(zip(brought, (mark.name for mark in missions), strict=True))
    else:
        pairs = [(mark, _whose(sentence, mark, context)) for mark in brought]
    seen = set()
    for mark, whose in pairs:
        if whose and (whose, mark.quantity) not in seen:
            seen.add((whose, mark.quantity))
            predicate = "total_returned" if whose in _WHOLE else "returned_mass"
            yield Claim(
                predicate,
                whose,
                quantity=mark.quantity,
                mission=whose,
                start=mark.start,
                end=mark.end,
                hedge="",
            )


def _weighs_all(sentence: Sentence) -> bool:
    """Whether what weighs is all that was brought: of a mission that is named, or as "collected samples weighing"."""
    if _GIVEN.search(sentence.text) or sentence.all("sample"):
        return False
    if sentence.all("mission"):
        return True
    lent = frames.verbs(sentence, "lend") or sentence.all("count")
    return bool(frames.verbs(sentence, "bring") or (_IN_ALL.search(sentence.text) and not lent))


def _loose(sentence: Sentence, mark: Mark) -> bool:
    """Whether a mass stands beside a mission without a verb: "Chang'e 5's 1,731 grams", "Luna 16 (101 g)"."""
    verb = frames.governing(sentence, mark)
    if (
        verb
        and verb.act not in ("hold", "show", "weigh", "bring", "home")
        and abs(verb.start - mark.start) < 60
    ):
        return False
    near = any(
        0 <= mark.start - m.end < 24
        and not re.search(r"[.;]", _without_year(sentence.text[m.end : mark.start]))
        for m in sentence.all("mission")
    )
    near = near or any(
        re.fullmatch(
            r"[^.;,]{0,50}\bwith (?:about |some |nearly |over |more than )?",
            sentence.text[m.end : mark.start],
        )
        for m in sentence.all("mission")
        if m.end <= mark.start
    )
    return near or bool(re.match(r"^[^.;,]{0,40}\bfrom (?:the )?$", sentence.text[mark.end : mark.end + 40]))


def _without_year(gap: str) -> str:
    """Return what stands between a mission and a mass without a year in brackets: "Luna 20 (1972; 55 g)"."""
    return re.sub(r"^\s*\((?:in )?\d{4}[;,:] ", "(", gap)


def _is_material(sentence: Sentence, mark: Mark, context: Context) -> bool:
    after = sentence.after(mark)
    if (
        _NOT_SAMPLES.match(after)
        or sentence.all("sample")
        or (mark.quantity and mark.quantity.value < _LEAST_G)
    ):
        return False
    clause = sentence.text[max(0, mark.start - 60) : mark.start]
    if re.search(r"\b(?:each|each weigh\w*|per|donated|gift|loan|lent)\W*$", clause, re.IGNORECASE):
        return False
    if _FUTURE.search(clause) and not re.search(r"expected (?:weight|mass)", clause):
        return False
    if _NAMED.match(after) or topics.is_lunar(sentence, context):
        return True
    return bool(sentence.all("mission") or (context.material and context.mission)) and mark.name in (
        "g",
        "kg",
        "lb",
        "oz",
    )


def _programme(context: Context) -> str:
    """Return the programme of the missions that were spoken of."""
    family = re.split(r"[- ]", context.mission)[0] or context.programme
    return family if family in _WHOLE else ""


_GAP: Final = re.compile(r"'?s?\W{0,3}(?:(?:in )?\d{4}[;,:] ?)?(?:about |some |around |nearly |over )?")


def _beside(sentence: Sentence, mark: Mark) -> str:
    """Return the mission right before a mass, a year in brackets apart: "Luna 20 (1972; 55 g)"."""
    gaps = (
        (m.name, sentence.text[m.end : mark.start]) for m in sentence.all("mission") if m.end <= mark.start
    )
    return next((name for name, gap in gaps if _GAP.fullmatch(gap)), "")


def _before_verb(sentence: Sentence, mark: Mark) -> str:
    """Return the mission that stands before the verb of a mass: "Apollo 15 came home with 77 kg, Apollo 16 with 95"."""
    verb = frames.governing(sentence, mark)
    if not verb or verb.end > mark.start or verb.is_participle:
        return ""
    between = any(sentence.within(verb.end, mark.start, "mission"))
    ahead = [
        m
        for m in sentence.all("mission")
        if m.end <= verb.start and not frames.crosses(sentence, m.end, mark.start)
    ]
    return ahead[-1].name if ahead and not between and verb.start - ahead[-1].end < 40 else ""


def _whose(sentence: Sentence, mark: Mark, context: Context) -> str:
    marks = sentence.all("mission")
    programmes = {m.name for m in marks if m.sort == "programme"}
    missions = [m for m in marks if m.sort == "mission"]
    alone = len(sentence.all("mass")) == 1
    if alone and (_ALL.search(sentence.text) or len(programmes) > 1):
        return "all"
    if alone and len({m.name for m in missions}) > 1 and _SUM.search(sentence.text):
        families = {re.split(r"[- ]", m.name)[0] for m in missions}
        return families.pop() if len(families) == 1 else "all"
    if not marks and alone and _SEVERAL.search(sentence.text) and (whole := _programme(context)):
        return whole
    if marks:
        name = (
            _beside(sentence, mark)
            or _before_verb(sentence, mark)
            or topics.mission_of(sentence, mark.start, context)
        )
        if "CE" in programmes and name == "CE":
            return "CE"
        return name
    if mark.quantity and mark.quantity.value >= 200_000 and _CREW.search(sentence.text):
        return "Apollo"
    if _SOVIET.search(sentence.text) and mark.quantity and mark.quantity.value < 1000:
        return "Luna" if not context.mission.startswith("Luna") else context.mission
    if (
        re.search(r"\bChina\b|中国|\b(?:two|both) missions\b", sentence.text)
        and _SUM.search(sentence.text)
        and mark.quantity
        and mark.quantity.value > 2500
    ):
        return "CE"
    return topics.mission_of(sentence, mark.start, context)
