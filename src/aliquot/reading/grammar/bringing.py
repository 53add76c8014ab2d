"""How much did a mission bring back? returned_mass of one mission, total_returned of a programme or of all."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading import numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Quantity, Sentence

_ALL: Final = re.compile(
    r"\b(?:humanity|mankind|humankind|humans have|all (?:lunar |sample[- ]return )?missions|every (?:lunar )?mission|"
    r"throughout history|worldwide|the world's(?= (?:whole |entire |total )?(?:stock|store|supply|total|collection|"
    r"holdings?))|l'humanité|die Menschheit)\b|人类(?!首次|历史)|人類(?!史|初)|全世界",
    re.IGNORECASE,
)
_EACH: Final = re.compile(
    r"\brespectively\b|\brespectivement\b|\bbeziehungsweise\b|\bjeweils\b|分别|それぞれ", re.IGNORECASE
)
_SUM: Final = re.compile(
    r"\b(?:combined|together|altogether|in total|in all|a total of|between them|the two missions|both missions|au total|"
    r"insgesamt|zusammen)\b|合计|共|加起来|累计|総計|合わせて",
    re.IGNORECASE,
)
_CREW: Final = re.compile(
    r"\b(?:astronauts|moonwalkers|crews|United States|U\.S\.|US|NASA|America(?:ns?)?|they|Apollo's|six (?:moon )?landings|"
    r"six missions)\b|美国|アメリカ|米国",
    re.IGNORECASE,
)
_SOVIET: Final = re.compile(
    r"\b(?:Soviets?|Russia(?:ns?)?|USSR|robotic probes|Moscow)\b|苏联|ソ連", re.IGNORECASE
)
_NOT_SAMPLES: Final = re.compile(
    r"^\s*(?:spacecraft|lander|probe|rover|rocket|orbiter|ascender|capsule|payload|satellite|of (?:\w+ ){0,2}?(?:fuel|"
    r"propellant|equipment|cargo|instruments?|payloads?|nitrogen|oxygen|gas|water|ice|hardware|food))",
    re.IGNORECASE,
)
_FUTURE: Final = re.compile(
    r"\b(?:will|would|is to|are to)(?= (?:\w+ ){0,2}?(?:bring|return|collect|carry|gather|haul|deliver|scoop|fetch|"
    r"retrieve|send|yield|be|weigh|amount|total))\b|\b(?:plans?|expected|aims?|hopes?|goal|intended|designed|supposed|"
    r"target(?:ed)?|up to)\b",
    re.IGNORECASE,
)
_WHOLE: Final = ("Apollo", "Luna", "CE", "all")
_TOTAL: Final = re.compile(
    r"^\W*(?:the )?(?:grand )?(?:totals?|sum|in all|合计|总计)\b(?:[^.;:|]{0,20})[:|,\s-]", re.IGNORECASE
)
_IN_ALL: Final = re.compile(r"总重|总质量|\btotal (?:weight|mass)\b|\bin total\b", re.IGNORECASE)
_SEVERAL: Final = re.compile(
    r"\b(?:the )?(?:two|three|both|six|these|all) (?:\w+ )?(?:missions|probes|spacecraft|flights|landings)\b|[两三]次(?:\w{0,4})?任务",
    re.IGNORECASE,
)
_LEAST_G: Final = 10  # no mission brought back so little; a smaller mass is of a piece
_GIVEN: Final = re.compile(
    r"\b(?:gifts?|don|présent|cadeau|Geschenk|piece|vial|each)\b|礼物|赠", re.IGNORECASE
)
_PART: Final = re.compile(
    r"\b(?:batch(?:es)?|rounds?|portions?|shares?|lots?|parcels?|vials?|grains?)\b", re.IGNORECASE
)
_RETURN: Final = re.compile(r"\bsample[- ]return\b", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"^\s*(?:of )?(?:\w+ ){0,3}?(?:lunar|the moon|moon|rocks?|soil|samples?|material|regolith|dust|stones?)|^\s*(?:de |d'|"
    r"an |von )|^の?月|^(?:的)?(?:月|样)",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example(
        "Chang'e 6 came home with 1,935.3 grams of soil from the far side.",
        ("returned_mass(CE-6) 1935.3 g", "landing_side(CE-6, far side)"),
    ),
    Example("Between them the six Apollo crews hauled 382 kg of rock back to Earth.", ("total_returned(Apollo) 382000 g",)),
    Example("Luna 16 and Luna 20 returned 101 g and 55 g respectively.", ("returned_mass(Luna 16) 101 g", "returned_mass(Luna 20) 55 g")),
    Example("In all, humanity has gathered about 386 kg of lunar material.", ("total_returned(all) 386000 g",)),
    Example("嫦娥五号共带回1731克月球样品。", ("returned_mass(CE-5) 1731 g",), "zh"),
    Example("Apollo 17 a rapporté 110,5 kg d'échantillons lunaires.", ("returned_mass(Apollo 17) 110500 g",), "fr"),
    Example('Luna 16 came back with 101 grams of soil, Luna 20 with 55.', ('returned_mass(Luna 16) 101 g', 'returned_mass(Luna 20) 55 g')),
    Example("Chang'e 5 had hoped for two kilograms of soil but ended up with 1,731 grams.", ('returned_mass(CE-5) 1731 g',)),
    Example('The three Luna robots of the Soviets managed a third of a kilo of lunar soil.', ('total_returned(Luna) 333 g',)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the masses that missions are said to have brought back."""
    if topics.is_other(sentence):
        return
    closes = _TOTAL.match(sentence.text) and not sentence.all("mission") and not frames.verbs(sentence)
    brought = (
        [] if closes else [mark for mark in sentence.all("mass") if _is_brought(sentence, mark, context)]
    )
    if not brought and context.sentence - context.hauled == 1 and not sentence.all("mass"):
        first = Mark("mass", 0, 0, context.hauled_in, quantity=Quantity(Decimal(0), "g"))
        for mark, whose in _elliptic(sentence, [first]):  # "... Chang'e 6 added another 1,935."
            kind = "total_returned" if whose in _WHOLE else "returned_mass"
            yield Claim(kind, whose, quantity=mark.quantity, mission=whose, start=mark.start, end=mark.end)
        return
    if not brought and (context.is_asked or closes):  # an answer, or the last line of a table
        yield from _answer(sentence, context)
        return
    missions = [mark for mark in sentence.all("mission") if mark.sort == "mission"]
    if (
        len(brought) > 1
        and len(missions) == len(brought)
        and (
            _EACH.search(sentence.text) or missions[-1].end <= brought[0].start or _in_turn(missions, brought)
        )
    ):
        pairs = list(zip(brought, (mark.name for mark in missions), strict=True))
    else:
        pairs = [(mark, _whose(sentence, mark, context)) for mark in brought]
    pairs = [(mark, whose) for mark, whose in pairs if not _TO_COME.match(whose)]
    pairs = _respective(sentence, brought, context) or [*pairs, *_elliptic(sentence, brought)]
    seen = set()
    for mark, whose in pairs:
        if whose and (whose, mark.quantity) not in seen:
            seen.add((whose, mark.quantity))
            predicate = "total_returned" if whose in _WHOLE else "returned_mass"
            yield Claim(
                predicate, whose, quantity=mark.quantity, mission=whose, start=mark.start, end=mark.end
            )


def _in_turn(missions: list[Mark], masses: list[Mark]) -> bool:
    """Whether each mission has its mass behind it: "Luna 20 followed in 1972 with 30 grams and Luna 24 in 1976 with 170"."""
    marks = [mark for pair in zip(missions, masses, strict=True) for mark in pair]
    return all(one.end <= other.start for one, other in itertools.pairwise(marks))


_TWO_NUMBERS: Final = re.compile(rf"(?P<n>{numerals.DIGITS})(?: and |, )$")


def _respective(sentence: Sentence, brought: list[Mark], context: Context) -> list[tuple[Mark, str]]:
    """Return what the two missions spoken of brought each: "The two missions retrieved 1,731 and 1,935.3 grams respectively"."""
    if len(brought) != 1 or not _EACH.search(sentence.text) or len(context.missions) != len(("one", "other")):
        return []
    last = brought[0]
    match = _TWO_NUMBERS.search(sentence.text[: last.start])
    read = numerals.read(match["n"]) if match else None
    unit = quantities.GRAMS.get(last.name)
    if not match or not read or not unit:
        return []
    first = Mark(
        "mass",
        match.start("n"),
        match.end("n"),
        last.name,
        quantity=Quantity(read[0] * unit, "g", read[1] * unit),
    )
    return [(first, context.missions[0]), (last, context.missions[1])]


def _answer(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the mass that answers a question, or that closes a table."""
    masses = [mark for mark in sentence.all("mass") if mark.name in ("g", "kg", "lb", "oz")][:1]
    if not masses or sentence.all("mission"):
        return
    whose = _programme(context) if _TOTAL.match(sentence.text) and not context.is_asked else context.asked
    if whose:
        kind = "total_returned" if whose in _WHOLE else "returned_mass"
        yield Claim(kind, whose, quantity=masses[0].quantity, mission=whose, start=masses[0].start)


_PASSES: Final = ("give", "lend", "exchange", "sell", "ask", "refuse")
_MOST_G: Final = 500_000  # more was never brought; it is the mass of a craft
_KILO_G: Final = 1000  # no gift, loan or show was as heavy
_BIG_G: Final = 40  # what is lent or shown is seldom heavier


def _is_of_part(sentence: Sentence) -> bool:
    """Whether a sentence tells of what is kept, shown or given of what was brought: "100克...入藏"."""
    return bool(frames.verbs(sentence, "transfer", "hold", "show", "give", "lend"))


_TO_COME: Final = re.compile(r"CE-[78]|Artemis|Chandrayaan|Luna-2[6-9]")
_STUDY: Final = re.compile(
    r"\b(?:researchers|scientists|institutions?|laborator\w+|universit\w+|borrowers?|batch(?:es)?|rounds?|applica\w+|"
    r"recipients?)\b|科研|单位|批",
    re.IGNORECASE,
)
_HOPED: Final = re.compile(
    r"\b(?:hop(?:ed|es|ing) (?:for|to)|aim(?:ed|s|ing)? (?:for|at|to)|target(?:ed)?|goal|expect\w*|planned|capacity|"
    r"designed|supposed to)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)


def _is_brought(sentence: Sentence, mark: Mark, context: Context) -> bool:
    """Whether a mass is what a mission brought: by its verb, or because nothing else can weigh as much."""
    value = mark.quantity.value if mark.quantity else 0
    if not _is_material(sentence, mark, context):
        return False
    verb = frames.governing(sentence, mark)
    act = verb.act if verb else ""
    clause = re.split(r"[;:]|\bbut\b|\bthough\b", sentence.text[: mark.start])[-1]
    if act in ("lose", "expect") or _HOPED.search(clause):
        return False
    ahead = sentence.text[: verb.start] if verb else ""
    if act == "weigh" and (_CRAFT.search(ahead) or _PART.search(ahead)):
        return False  # "The rover of Chang'e 4 weighs 140 kilograms"
    if act in ("bring", "home", "land"):
        return not (verb and verb.is_participle and value < _KILO_G and _is_of_part(sentence))
    return _loose(sentence, mark) or _is_by_act(sentence, mark, context, act)


def _is_by_act(sentence: Sentence, mark: Mark, context: Context, act: str) -> bool:
    """Whether a mass that some other act governs, or none, is too great to be of anything but a mission's haul."""
    value = mark.quantity.value if mark.quantity else 0
    houses = any(m.sort == "institution" for m in sentence.all("party"))
    if act == "weigh":
        return _weighs_all(sentence, mark) and value < _MOST_G
    if act == "transfer":
        return value >= _KILO_G and not houses
    if act in _PASSES:
        return _KILO_G <= value < _MOST_G
    if _STUDY.search(sentence.text) and (value < _KILO_G or frames.verbs(sentence, "lend")):
        return False  # what researchers have is lent
    known = bool(sentence.all("mission") or context.mission or _SOVIET.search(sentence.text))
    if act in ("hold", "show", "find"):
        return known and value >= _BIG_G and not houses
    return known and _BIG_G <= value < _MOST_G


_CRAFT: Final = re.compile(
    r"\b(?:flag|rover|model|replica|lander|spacecraft|probe|instruments?|drill|rocket|vessel|orbiter|satellite|suit|capsule)\b"
    r"(?![^.;]* (?:haul|samples?|soil|rocks?|cargo|material|contents?)\b)[^.;]*$",
    re.IGNORECASE,
)
_WITH_BARE: Final = re.compile(
    rf"[^.;|]{{0,60}}?,? with (?:just |only |a mere )?(?P<n>{numerals.NUMBER})(?=\s*(?:[,.;)]|$|and\b))",
    re.IGNORECASE,
)
_WITHOUT_UNIT: Final = re.compile(
    rf"(?:, the [a-z ]{{4,30}},)?(?:'s|,|:|with|and|was|just|only|a mere|another|some|about|as much as|fully|nearly|"
    rf"returned|brought|added|got|managed|fetched|collected|come to|had|\s|\()*\s(?P<n>{numerals.NUMBER})(?=\s*(?:[,.;)]|$|"
    rf"and\b|more\b|from\b))",
    re.IGNORECASE,
)


def _elliptic(sentence: Sentence, brought: list[Mark]) -> list[tuple[Mark, str]]:
    """Return what the missions after the first brought where the unit is told once: "101 grams, Luna 20 with 55"."""
    found: list[tuple[Mark, str]] = []
    if not brought or not brought[0].quantity:
        return found
    first = brought[0]
    unit = quantities.GRAMS.get(first.name)
    for mission in sentence.all("mission"):
        match = _WITHOUT_UNIT.match(sentence.text, mission.end) or _WITH_BARE.match(
            sentence.text, mission.end
        )
        if unit is None or mission.start < first.end or match is None:
            continue
        taken = any(m.start < match.end("n") and match.start("n") < m.end for m in sentence.marks)
        is_year = re.fullmatch(r"(?:19|20)\d\d", match["n"])
        if (read := numerals.read(match["n"])) and not is_year and not taken and not match["n"].isalpha():
            quantity = Quantity(read[0] * unit, "g", read[1] * unit)
            found.append(
                (Mark("mass", match.start("n"), match.end("n"), first.name, quantity=quantity), mission.name)
            )
    return found


def _weighs_all(sentence: Sentence, mark: Mark) -> bool:
    """Whether what weighs is all that was brought: of a mission that is named, or as "collected samples weighing"."""
    if _GIVEN.search(sentence.text) or _PART.search(sentence.text) or sentence.all("sample"):
        return False
    if not topics.names_lunar(sentence.text) and not topics.is_matter(sentence):
        return False  # "The flag of Chang'e 6 weighs 11 grams"
    if any(not frames.crosses(sentence, m.end, mark.start) for m in sentence.all("mission")):
        return True
    lent = frames.verbs(sentence, "lend") or sentence.all("count")
    brought = any(not frames.crosses(sentence, v.end, mark.start) for v in frames.verbs(sentence, "bring"))
    return bool(brought or (_IN_ALL.search(sentence.text) and not lent))


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
        or _DIFFERENCE.match(after)
        or _is_of_sample(sentence, mark)
        or (mark.quantity and mark.quantity.value < _LEAST_G)
    ):
        return False
    clause = sentence.text[max(0, mark.start - 60) : mark.start]
    if re.search(r"\b(?:each|each weigh\w*|per|donated|gift|loan|lent)\W*$", clause, re.IGNORECASE):
        return False
    clause = clause[max((m.end() for m in re.finditer(r"[;:.]|\bbut\b|\bthough\b", clause)), default=0) :]
    if _FUTURE.search(clause) and not re.search(r"expected (?:weight|mass)", clause):
        return False
    if _NAMED.match(after) or _RETURN.search(sentence.text) or topics.is_lunar(sentence, context):
        return True
    told = context.material and (
        context.mission
        or _CREW.search(sentence.text)
        or _SOVIET.search(sentence.text)
        or _SEVERAL.search(sentence.text)
    )
    return bool(sentence.all("mission") or told) and mark.name in (
        "g",
        "kg",
        "lb",
        "oz",
    )


# "some 200 grams less than planned", "55 grams short of it"
_DIFFERENCE: Final = re.compile(
    r"\s*(?:of \w+ )?(?:less|more|lighter|heavier|fewer|short|shy|below|above|under|over)\b(?:,? (?:than|of|what|the|its)\b)"
    r"|\s*(?:of \w+ )?would\b|\s*(?:each|apiece)\b",
    re.IGNORECASE,
)


def _is_of_sample(sentence: Sentence, mark: Mark) -> bool:
    """Whether a mass stands nearest to a numbered sample, and is its own."""

    def gap(one: Mark, other: Mark) -> int:
        return max(one.start - other.end, other.start - one.end, 0)

    return any(
        min(sentence.all("mass"), key=lambda m: gap(m, sample)) is mark for sample in sentence.all("sample")
    )


def _programme(context: Context) -> str:
    """Return the programme of the missions that were spoken of."""
    family = re.split(r"[- ]", context.mission)[0] or context.programme
    return family if family in _WHOLE else ""


_GAP: Final = re.compile(r"'?s?\W{0,3}(?:(?:in )?\d{4}[;,:] ?)?(?:about |some |around |nearly |over )?")


_OF_MISSION: Final = re.compile(r"\s*(?:\([^)]{1,30}\)\s*)?(?:of|from|by) (?:the |all the |all of |its )?")


def _behind(sentence: Sentence, mark: Mark, missions: list[Mark]) -> str:
    """Return the mission that a mass is said to be of: "next to nothing beside the 842 pounds of the Apollo programme"."""
    if len(sentence.all("mass")) < len(("one", "other")):
        return ""
    return next(
        (
            m.name
            for m in missions
            if m.start >= mark.end and _OF_MISSION.fullmatch(sentence.text[mark.end : m.start])
        ),
        "",
    )


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
    """Return the mission or programme that a mass is of: by name, by who flew it, or the one spoken of."""
    marks = [
        m
        for m in sentence.all("mission")
        if not _TO_COME.match(m.name) and not topics.is_in_passing(sentence, m)
    ]
    if own := _behind(sentence, mark, marks):
        return own
    if whole := _of_whole(sentence, mark, context):
        return whole
    if marks:
        return (
            _beside(sentence, mark)
            or _before_verb(sentence, mark)
            or topics.mission_of(sentence, mark.start, context)
        )
    near = context.mission if context.sentence - context.flown <= _NEAR else ""
    value = mark.quantity.value if mark.quantity else 0
    if near.startswith("CE") and value > _TWO_OF_CHINA_G:  # no mission brought as much alone
        near = "CE" if value < _TEN_OF_CHINA_G else ""
    return _by_who_flew(sentence, mark, context) or topics.mission_of(sentence, mark.start, context) or near


def _of_whole(sentence: Sentence, mark: Mark, context: Context) -> str:
    """Return the programme, or all, that a mass sums up; empty where it is of one mission."""
    marks, value = sentence.all("mission"), mark.quantity.value if mark.quantity else 0
    missions = [m for m in marks if m.sort == "mission"]
    alone = len(sentence.all("mass")) == 1
    families = {re.split(r"[- ]", m.name)[0] for m in missions}
    if (
        len({m.name for m in missions}) > 1
        and len(families) == 1
        and _SUMMED.search(sentence.text[: mark.start])
    ):
        return families.pop()
    soviet = [m.end() for m in _SOVIET.finditer(sentence.text, 0, mark.start)]
    if (
        soviet
        and 0 < value < _KILO_G
        and not missions
        and not any(soviet[-1] <= m.start < mark.start for m in marks)
    ):
        return "Luna"
    if alone and (_ALL.search(sentence.text) or len({m.name for m in marks if m.sort == "programme"}) > 1):
        return "all"
    if alone and len({m.name for m in missions}) > 1 and _SUM.search(sentence.text):
        families = {re.split(r"[- ]", m.name)[0] for m in missions}
        return families.pop() if len(families) == 1 else "all"
    if value >= _APOLLO_G and missions and all(m.name.startswith("Apollo") for m in missions):
        return "Apollo"
    if (
        alone
        and value >= _APOLLO_G
        and not marks
        and _SO_FAR.search(sentence.text)
        and not _CREW.search(sentence.text)
    ):
        return "all"
    sums_up = _THE_TOTAL.search(sentence.text) or (alone and _SEVERAL.search(sentence.text))
    return _programme(context) if sums_up and not marks else ""


def _by_who_flew(sentence: Sentence, mark: Mark, context: Context) -> str:
    """Return whose mass it is where no mission is named: by who brought it, and how much it is."""
    value = mark.quantity.value if mark.quantity else 0
    if value >= _APOLLO_G and _CREW.search(sentence.text):
        return "Apollo"
    if _SOVIET.search(sentence.text) and 0 < value < _KILO_G:
        return "Luna" if not context.mission.startswith("Luna") else context.mission
    chinese = re.search(r"\bChin(?:a|ese)\b|中国|\b(?:two|both) missions\b", sentence.text)
    return "CE" if chinese and _TWO_OF_CHINA_G < value < _TEN_OF_CHINA_G else ""


_SUMMED: Final = re.compile(
    r"(?:合计|总计|共计|加起来|两者共)[约为]?$|\b(?:together|in total|combined|altogether),? (?:about |some |nearly )?$",
    re.IGNORECASE,
)
_THE_TOTAL: Final = re.compile(
    r"\b(?:the|their|grand) (?:combined |grand )?(?:total|sum)\b(?! of)", re.IGNORECASE
)
# "All told, 386 kilograms have been brought to Earth"
_SO_FAR: Final = re.compile(
    r"\b(?:all told|altogether|in all|so far|to date|until now|have (?:ever )?been)\b", re.IGNORECASE
)
_APOLLO_G: Final = 200_000  # no mission of Apollo brought as much alone
_TWO_OF_CHINA_G: Final = 2500  # no mission of China brought as much alone
_TEN_OF_CHINA_G: Final = 10_000
_NEAR: Final = 5  # sentences
