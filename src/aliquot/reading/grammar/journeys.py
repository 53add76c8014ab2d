"""When did a mission leave, land on the Moon, come back? launched_on, landed_on, returned_on; and what is planned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import datings, missions
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.grammar.frames import Verb
from aliquot.reading.marks import Mark, Sentence

_EARTH: Final = re.compile(
    r"\b(?:Earth|Inner Mongolia|Pacific|Siziwang|grassland|Mongolie|Terre|Erde|Kazakhstan|home)\b|内蒙古|地球|四子王旗",
    re.IGNORECASE,
)
_MOON: Final = re.compile(
    r"\b(?:Moon|lunar|far side|near side|dark side|Procellarum|Aitken|Apollo (?:crater|basin)|Rümker|Tranquility|Lune|Mond)\b|月球|月面|月背|月の",
    re.IGNORECASE,
)
_AHEAD: Final = re.compile(
    r"\b(?:is to (?:follow|fly|go|launch|lift off|land|set off)|plan(?:s|ned|ning)?|scheduled|slated|expected|set|due|will|upcoming|next|future|intends?|aims?|target(?:s|ed|"
    r"ing)?|looks? (?:toward|ahead)|proposed|preparing|push\w*|delay\w*|postpon\w*|slipp\w*|reschedul\w*|approv\w+|"
    r"to be (?:launched|flown|sent)|hopes?|wants?|intend\w*|wishes|foresee\w*|foreseen|foresaw|envisag\w*|pencill?ed|"
    r"earmarked|eye(?:s|d|ing)|is to|are to|was to have|prévue?s?|prévoi\w+|plant|"
    r"geplant\w*|soll|wird)\b|计划|将(?!嫦)|预计|拟|予定|計画|目指",
    re.IGNORECASE,
)
_STILL_TO_COME: Final = re.compile(r"^(?:CE-[78]|Artemis|Chandrayaan-[45]|Luna-(?:2[6-9]|3\d))")
_FLIGHT: Final = re.compile(
    r"\b(?:launch\w*|land\w*|fly|return|missions?|lift ?off|sent?|send|push\w*|delay\w*|postpon\w*|slipp\w*|reschedul\w*|"
    r"lanc\w+|Start|starten)\b|发射|登月|着陆|打ち上げ|返回|采样|升空",
    re.IGNORECASE,
)
_CREWED: Final = re.compile(
    r"\b(?:astronauts?|taikonauts?|crew(?:ed|s)?|manned|humans?|people|person|citizens?|boots|équipage|spationautes?|"
    r"bemannte\w*|Astronauten)\b|载人|航天员|宇航员|有人|飛行士|中国人",
    re.IGNORECASE,
)
_ON_MOON: Final = re.compile(
    r"\b(?:land\w*|moon landing|put\w*|send\w*|plac\w*|set foot|walk|on the moon|up there|lunar surface)\b|登月|登陆月球|送上月球|登上月球|踏上月球|月面着陸|月に",
    re.IGNORECASE,
)

# "brought to Beijing by an envoy" is no flight.
_ELSEWHERE: Final = re.compile(r"\s+(?:\w+ )?to (?!the\b|Earth|Inner|China's|Earth's)[A-Z]\w+")

EXAMPLES: Final = (
    Example(
        "Chang'e 6 lifted off on 3 May 2024 and landed on the Moon on 2 June 2024.",
        ("launched_on(CE-6) 2024-05-03", "landed_on(CE-6) 2024-06-02"),
    ),
    Example("The Chang'e 5 capsule touched down in Inner Mongolia on 17 December 2020.", ("returned_on(CE-5) 2020-12-17",)),
    Example("India intends to launch Chandrayaan-4 in 2028.", ("mission_planned(Chandrayaan-4) 2028",)),
    Example("China wants to land its astronauts on the Moon by 2030.", ("mission_planned(CN crewed landing) 2030",)),
    Example("2020年12月17日,嫦娥五号返回器在内蒙古着陆。", ("returned_on(CE-5) 2020-12-17",), "zh"),
    Example(
        "Chang'e 6 left Hainan on 3 May 2024 and was home by 25 June.",
        ('launched_on(CE-6) 2024-05-03', 'returned_on(CE-6) 2024-06-25'),
    ),
    Example('5 February 1971 - Apollo 14 at Fra Mauro.', ('landed_on(Apollo 14) 1971-02-05',)),
    Example(
        'Soviet robots brought soil home thrice, with Luna 16 in 1970, Luna 20 in 1972 and Luna 24 in 1976.',
        ('returned_on(Luna 16) 1970', 'returned_on(Luna 20) 1972', 'returned_on(Luna 24) 1976'),
    ),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the dates of missions that flew, and those of missions that are planned."""
    planned = set()
    for claim in _planned(sentence, context):
        planned.add(claim.subject)
        yield claim
    seen: dict[tuple[str, str], Claim] = {}
    for verb in frames.verbs(sentence, "launch", "land", "home", "bring"):
        for claim in _flown(sentence, verb, context):
            key = (claim.predicate, claim.subject)
            if claim.subject in planned or (key in seen and claim.is_collected):
                continue
            if key not in seen or seen[key].is_collected:
                seen[key] = claim
    yield from seen.values()
    if not planned:
        yield from _listed(sentence, seen)
    if not seen and not planned:
        yield from _row(sentence)


_DATED_SO: Final = re.compile(r",? ?(?:in |\(|, |on |, in )(?:early |late |mid-)?$")
_WITH: Final = re.compile(r",? (?:with|by|aboard|courtesy of) (?:the )?")
_DID_SO: Final = re.compile(
    r"\b(?:did (?:it|so|the same)|managed (?:it|to)|followed suit|sample[- ]return|succeeded|(?:was|were) the (?:first|second|third))\b",
    re.IGNORECASE,
)


def _listed(sentence: Sentence, seen: dict[tuple[str, str], Claim]) -> Iterator[Claim]:
    """Yield the years behind missions in a list: "with Luna 16 in 1970, Luna 20 in 1972"."""
    acts = {verb.act for verb in frames.verbs(sentence, "bring", "home", "launch", "land")}
    kind = (
        {"launch": "launched_on", "land": "landed_on"}.get(next(iter(acts), ""), "returned_on")
        if len(acts) == 1
        else "returned_on"
    )
    if not acts and not _DID_SO.search(sentence.text):
        return
    told = {subject for _, subject in seen}
    for mission in sentence.all("mission"):
        date = next((d for d in sentence.all("date") if d.start >= mission.end), None)
        ahead = [d for d in sentence.all("date") if d.end <= mission.start]
        if ahead and _WITH.fullmatch(sentence.text[ahead[-1].end : mission.start]):  # "in 1970 with Luna 16"
            date = ahead[-1]
        if (
            date is None
            or mission.sort != "mission"
            or mission.name in told
            or date.name[:4] >= _FIRST_PLANNED
        ):
            continue
        if date.end <= mission.start or _DATED_SO.fullmatch(sentence.text[mission.end : date.start]):
            yield Claim(
                kind, mission.name, date=date.name, mission=mission.name, start=mission.start, end=date.end
            )


_AT_A_PLACE: Final = re.compile(r"\s*(?:at|in|on|near) (?:the )?[A-Z]")


def _row(sentence: Sentence) -> Iterator[Claim]:
    """Yield the landing that a line of a chronology tells without a verb: "5 February 1971 - Apollo 14 at Fra Mauro"."""
    missions, dates = sentence.all("mission"), sentence.all("date")
    if (
        not missions
        or not dates
        or dates[0].start > _OPENS
        or not frames.HEADS.match(sentence.text, dates[0].end)
    ):
        return
    if missions[0].sort == "mission" and _AT_A_PLACE.match(sentence.text, missions[0].end):
        yield Claim(
            "landed_on",
            missions[0].name,
            date=dates[0].name,
            mission=missions[0].name,
            start=0,
            end=missions[0].end,
        )


_OPENS: Final = 3  # characters


def _flown(sentence: Sentence, verb: Verb, context: Context) -> Iterator[Claim]:
    """Yield what a verb of flight tells with its date: "Luna 24 landed on 18 August 1976"."""
    date = frames.date_of(sentence, verb)
    if not date or date.name[:4] >= _FIRST_PLANNED:
        return
    mission = _flier(sentence, verb, date, context)
    if not mission or _is_no_flight(sentence, verb) or not _is_done(sentence, verb):
        return
    if verb.act == "bring" and not _is_dated_bringing(sentence, verb, context):
        return
    predicate = _FLIGHTS.get(verb.act) or ("returned_on" if _comes_home(sentence, verb) else "landed_on")
    collected = verb.act == "bring" and not _BACK.search(verb.text)
    low, high = min(verb.start, date.start), max(verb.end, date.end)
    yield Claim(
        predicate, mission, date=date.name, is_collected=collected, mission=mission, start=low, end=high
    )


_FLIGHTS: Final = {"launch": "launched_on", "home": "returned_on", "bring": "returned_on"}
_BACK: Final = re.compile(r"return|br[oi]|back|home|rapport|ramen|带回|持ち帰|gebracht", re.IGNORECASE)


def _flier(sentence: Sentence, verb: Verb, date: Mark, context: Context) -> str:
    """Return the one mission that flew, in a year in which it may have; empty where none or a whole programme did."""
    mission = _beside_date(sentence, date) or _mission(sentence, verb, context)
    if not sentence.all("mission") and _ANOTHER.search(sentence.text[: max(verb.end, date.start)]):
        return ""  # "the last of which was made by a Soviet probe in 1976"
    mission = _of_its_time(mission, int(date.name[:4]), sentence, context)
    return "" if mission in ("Apollo", "Luna", "CE") or _STILL_TO_COME.match(mission) else mission


def _is_done(sentence: Sentence, verb: Verb) -> bool:
    """Whether the flight is told as done, and by a verb: not "was to have gone up", "three grams of the haul"."""
    ahead = sentence.text[max(0, verb.start - 36) : verb.start]
    goes_on = re.search(r"\b(?:and|or) to $", ahead) and _INTENDED.search(sentence.text[: verb.start])
    return not (goes_on or _INTENDED.search(ahead)) and verb.text.casefold() != "haul"


def _is_dated_bringing(sentence: Sentence, verb: Verb, context: Context) -> bool:
    """Whether a verb of bringing is of lunar material, and what its sentence dates."""
    if _ELSEWHERE.match(sentence.text[verb.end :]) or _is_not_told(sentence, verb):
        return False
    return topics.is_lunar(sentence, context) or bool(sentence.all("mass"))


def _comes_home(sentence: Sentence, verb: Verb) -> bool:
    """Whether what lands does so on Earth: by place, by what it carries, by being the capsule."""
    beside = re.split(r",| and | but ", sentence.text[verb.end : verb.end + 40])[0]
    on_earth = bool(_EARTH.search(beside)) and not _MOON.search(beside[:30])
    capsule = _is_capsule(sentence, verb) and not _MOON.search(beside)
    return on_earth or capsule or _with_its_load(sentence, verb)


def _of_its_time(mission: str, year: int, sentence: Sentence, context: Context) -> str:
    """Return the mission that may have flown in that year: this one, or else the last one named that may; empty where none."""
    if not mission or missions.may_fly_in(mission, year):
        return mission
    if any(m.sort == "mission" for m in sentence.all("mission")):
        return ""
    return next((name for name in context.recent if missions.may_fly_in(name, year)), "")


# "was to have gone up in 2017", "will land"
_INTENDED: Final = re.compile(
    r"\b(?:will|would|should have|plans? to|scheduled (?:to|for)|expected to|aims? to|set to|hopes? to|wants? to|due to|"
    r"(?:is|are|was|were) to(?: have| be)?|"
    r"(?:meant|supposed|planned|intended|hoped) to|fores(?:aw|ees?|een)|envisag\w+|eye[ds]|eyeing|target(?:ed|ing))\b|计划|将(?!嫦|月)|予定",
    re.IGNORECASE,
)
_FROM_MOON: Final = re.compile(
    r"[^.;,]{0,30}\b(?:from|off) (?:the )?(?:moon|lunar|far side|near side)", re.IGNORECASE
)
_ASCENDER: Final = re.compile(r"\b(?:ascender|ascent (?:stage|vehicle|module))\b[^.;,]{0,40}$", re.IGNORECASE)
_CAPSULE: Final = re.compile(
    r"\b(?:capsule|returner|(?:command|re-?entry|descent|return) (?:module|vehicle|craft))\b[^.;,]{0,60}$",
    re.IGNORECASE,
)


def _is_no_flight(sentence: Sentence, verb: Verb) -> bool:
    """Whether what leaves or lands is no craft between Earth and Moon: an ascender, somebody in Cairo."""
    if verb.act == "launch":
        return _is_from_moon(sentence, verb)
    return verb.act == "land" and _is_abroad(sentence, verb)


def _is_from_moon(sentence: Sentence, verb: Verb) -> bool:
    """Whether what takes off leaves the Moon: "The ascender blasted off from the lunar surface"."""
    return bool(_FROM_MOON.match(sentence.text, verb.end) or _ASCENDER.search(sentence.text[: verb.start]))


def _is_capsule(sentence: Sentence, verb: Verb) -> bool:
    """Whether what comes down is the part that comes back to Earth: "The capsule came down on 17 December"."""
    behind = re.match(r" of (?:the )?[^.;,]{0,30}?\b(?:capsule|returner)\b", sentence.text[verb.end :])
    return bool(_CAPSULE.search(sentence.text[: verb.start]) or behind)


def _beside_date(sentence: Sentence, date: Mark) -> str:
    """Return the mission that a date is put beside where others are named: "and Apollo 17, in December 1972, 110 kg"."""
    named = [m for m in sentence.all("mission") if m.sort == "mission"]
    if len({m.name for m in named}) < len(("one", "other")):
        return ""
    return next(
        (
            m.name
            for m in named
            if m.end <= date.start and _DATED_SO.fullmatch(sentence.text[m.end : date.start])
        ),
        "",
    )


def _with_its_load(sentence: Sentence, verb: Verb) -> bool:
    """Whether what comes down does so with what it brought: "came down on a December morning with 1,731 grams"."""
    gaps = [sentence.text[verb.end : m.start] for m in sentence.all("mass") if m.start > verb.end]
    return bool(_WHOSE_LOAD.search(sentence.text[: verb.start])) or any(
        _WITH_LOAD.fullmatch(gap) and not _MOON.search(gap) for gap in gaps
    )


_WHOSE_LOAD: Final = re.compile(r"\bwhose [^,;]{1,20}(?:grams?|g|kg|kilograms?|pounds|ounces) $")
_WITH_LOAD: Final = re.compile(r"[^,;]{0,60}\bwith (?:\w+ ){0,3}?")


def _is_not_told(sentence: Sentence, verb: Verb) -> bool:
    """Whether the sentence tells of lending or giving, and the bringing is not dated by itself."""
    before = sentence.text[max(0, verb.start - 40) : verb.start]
    return bool(
        re.search(
            r"\b(?:will|would|to|plans|hopes|aims|expected|could)\s+(?:\w+\s+)?$", before, re.IGNORECASE
        )
    ) and not sentence.all("mass")


def _mission(sentence: Sentence, verb: Verb, context: Context) -> str:
    numbered = [
        m for m in sentence.all("mission") if m.sort == "mission" and not topics.is_in_passing(sentence, m)
    ]
    to_come = numbered and all(_STILL_TO_COME.match(m.name) for m in numbered)
    if to_come and _IT_DID.search(sentence.text[: verb.start]):
        return (
            context.mission
        )  # "Last year it fetched 1.9 kilograms, and in 2026 Chang'e 7 will look for ice"
    if numbered:
        ahead = [
            m for m in numbered if m.end <= verb.start and not frames.crosses(sentence, m.end, verb.start)
        ]
        behind = [m for m in numbered if m.start >= verb.end and m.start - verb.end < 40]
        if ahead and not (
            behind
            and re.match(
                r"\s*(?:of|by|de|von)\s+(?:the\s+|China's\s+)?\"?$", sentence.text[verb.end : behind[0].start]
            )
        ):
            return ahead[-1].name
        return behind[0].name if behind else topics.mission_of(sentence, verb.start, context, loose=False)
    if sentence.all("mission"):
        return sentence.all("mission")[0].name if not context.mission else ""
    goes_on = (
        verb.act != "bring"
        and context.sentence - context.flown <= _GOES_ON
        and not _somebody(sentence, verb)
        and (sentence.language != "en" or not _THING.search(sentence.text[: verb.start]))
    )
    return topics.mission_of(sentence, verb.start, context) or (context.mission if goes_on else "")


# What stands before the verb and is no craft: "The book went up in price"
_THING: Final = re.compile(
    r"^(?:The|A|An|His|Her|This|That) (?!(?:\w+ ){0,3}?(?:mission|probe|craft|spacecraft|capsule|rocket|lander|crew|"
    r"astronauts?|module|landing|launch|"
    r"touchdown|lift-?off|return\w*|splashdown|re-?entry|ascender|orbiter|flight|pair|robots?|vehicle|samples?|rocks?|soil|haul|cargo)\b)"
    r"(?:\w+ ){1,4}$"
)
_ANOTHER: Final = re.compile(
    r"\b(?:an?|another|one|earlier|other) (?:\w+ )?(?:Soviet|Russian|American|Indian|Japanese|"
    r"Chinese) (?:\w+ )?(?:mission|probe|spacecraft|craft|robot|lander)\b",
    re.IGNORECASE,
)
_IT_DID: Final = re.compile(r"\b(?:it|the (?:probe|mission|craft|spacecraft)) $", re.IGNORECASE)
_GOES_ON: Final = 5  # sentences
_BESIDE: Final = 16  # characters


def _is_abroad(sentence: Sentence, verb: Verb) -> bool:
    """Whether the landing is at a place of a state that no craft comes back to: "Aldrin landed in Cairo"."""
    return any(
        re.fullmatch(r"\s*(?:in|at)\s*", sentence.text[verb.end : m.start]) and m.state not in _HOMES
        for m in sentence.all("party")
    )


_HOMES: Final = ("CN", "SU", "RU", "KZ", "US", "IN", "")


def _somebody(sentence: Sentence, verb: Verb) -> bool:
    """Whether somebody else flies or lands: "Macron landed in Beijing"."""
    text = sentence.text
    lands_at = re.match(r"[^.;,]{0,12}\b(?:in|at) $", text[verb.end : verb.end + 14]) or any(
        re.fullmatch(r"\s*(?:in|at|to)\s*(?:the )?", text[verb.end : m.start]) for m in sentence.all("party")
    )
    gaps = [text[m.end : verb.start] for m in sentence.all("party") if m.end <= verb.start]
    acts = any(len(gap) < _BESIDE and (not gap.startswith("'s") or gap.strip() == "'s") for gap in gaps)
    he = re.search(r"\b(?:who|he|she)\s+(?:later |then |had )?$", text[max(0, verb.start - 16) : verb.start])
    return bool(lands_at or acts or he)


def _planned(sentence: Sentence, context: Context) -> Iterator[Claim]:
    done = set()
    for mark in sentence.all("mission"):
        if mark.sort != "mission" or mark.name in done:
            continue
        near = sentence.text[max(0, mark.start - 70) : mark.end + 90]
        dates = [d for d in sentence.all("date") if not frames.crosses(sentence, mark.end, d.start)]
        if _STILL_TO_COME.match(mark.name):  # "once planned for 2025, is now set for 2027"
            dates = [d for d in dates if d.name[:4] >= _FIRST_PLANNED] or dates
        date = min(dates, key=lambda d: _distance(sentence, mark, d), default=None)
        to_come = bool(_STILL_TO_COME.match(mark.name))
        timed = to_come and date and date.name[:4] >= _FIRST_PLANNED and _is_its_own(sentence, mark, date)
        if not timed and not (_AHEAD.search(near) and _FLIGHT.search(near)):
            continue
        if not to_come and not _is_scheduled(sentence, mark, date):
            continue
        if not date and sentence.text.endswith("?"):
            continue  # "When will Artemis II fly?"
        done.add(mark.name)
        yield Claim(
            "mission_planned", mark.name, date=date.name if date else "", mission=mark.name, hedge="planned"
        )
    yield from _crewed(sentence, context)


_IT_MEANS_TO: Final = re.compile(
    r"(?:It|The (?:country|agency|space agency)) (?:\w+ ){0,2}?(?:aims?|plans?|hopes?|wants?|intends?|will)\b"
)


def _crewed(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield when China means to land people: by the date of the clause that names it."""
    china = next((mark.end for mark in sentence.all("party") if mark.name == "CN"), -1)
    if china < 0 and context.states == ("CN",) and (it := _IT_MEANS_TO.match(sentence.text)):
        china = it.end()
    if china < 0 or not _CREWED.search(sentence.text) or not _ON_MOON.search(sentence.text):
        return
    dates = [d for d in sentence.all("date") if datings.span(d.name)[1].year >= int(_FIRST_PLANNED)]
    own = [d for d in dates if d.start > china and not frames.crosses(sentence, china, d.start)]
    artemis = (
        any(m.name.startswith("Artemis") for m in sentence.all("mission")) and len(dates) == 1 and not own
    )
    if dates and not artemis:
        yield Claim("mission_planned", "CN crewed landing", date=(own or dates)[-1].name, hedge="planned")


_FIRST_PLANNED: Final = "2026"  # no mission of the future was planned for an earlier year


def _is_its_own(sentence: Sentence, mark: Mark, date: Mark) -> bool:
    """Whether a date belongs to a mission, and not to another one that stands between them."""
    low, high = (mark.end, date.start) if date.start > mark.end else (date.end, mark.start)
    return not any(low <= m.start and m.end <= high for m in sentence.all("mission") if m is not mark)


def _distance(sentence: Sentence, mark: Mark, date: Mark) -> int:
    between = [
        m
        for m in sentence.all("mission")
        if min(mark.end, date.end) <= m.start < max(mark.start, date.start) and m is not mark
    ]
    ahead = date.start > mark.end
    return (date.start - mark.end if ahead else mark.start - date.end + 10) + 60 * len(between)


def _is_scheduled(sentence: Sentence, mark: Mark, date: Mark | None) -> bool:
    """Whether a mission that flew since is spoken of as one to come."""
    if not date:
        return False
    text = sentence.text[max(0, mark.start - 60) : max(mark.end, date.end) + 10]
    return bool(
        re.search(
            r"\b(?:scheduled|slated|planned|expected|due|set|will|plans?|is|was) (?:to |for |be |have |a )*(?:launch|land|"
            r"lift|return|fl[yo]|send|gone? up|go )|计划于|将于|予定|"
            r"\b(?:foresaw|foresees|envisag\w+|eye[ds]|eyeing|hopes to|wants to)\b[^.;]{0,30}\b(?:launch|land|fl[yi]|return)",
            text,
            re.IGNORECASE,
        )
    ) and not re.search(r"\b(?:returned|landed|brought|collected|was launched|were)\b", text)
