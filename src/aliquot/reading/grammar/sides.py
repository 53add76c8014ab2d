"""Which side of the Moon? landing_side of a mission: near side or far side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Sentence

_PART: Final = r"(?:side|hemisphere|face)(?: of the moon)?"
_FAR: Final = lexicon.either((
    rf"{_PART} (?:that )?(?:we |(?:that )?(?:is )?)?never (?:see|seen|faces?|turns?|visible)(?: (?:toward|to|the|from))*(?: earth| us)?",
    rf"{_PART} (?:that )?(?:always |forever |ever )?(?:facing|faces|turned|turns|pointing|looks) away",
    r"(?:hidden|unseen|invisible|averted) (?:side|hemisphere|face)",
    r"(?:far|dark|hidden|back)[ -]?side",
    r"round the back(?: of the moon)?",
    "face cachée", "Rückseite", r"erdabgewandte\w*", "月球背面", "月背", "月の裏側", "月裏側", "裏側",
))  # fmt: skip
_NEAR: Final = lexicon.either((
    r"(?:visible|near) (?:hemisphere|side|face)", r"familiar (?:side|face)", r"near-?side", r"earth-facing (?:side|hemisphere)",
    rf"{_PART} (?:that )?(?:we (?:can |do )?see|faces us|facing us|looks (?:at|down on) (?:us|earth))",
    rf"{_PART} (?:that )?(?:facing|faces|turned toward) (?:the )?earth",
    "face visible", "Vorderseite", r"erdzugewandte\w*", "月球正面", "月の表側", "表側",
))  # fmt: skip
_SIDE: Final = re.compile(rf"(?P<far>{_FAR})|(?P<near>{_NEAR})", re.IGNORECASE)
# What no side is told without.
_MAY: Final = re.compile(r"side|hemisphere|\bface|back|cachée|Rück|erd|Vorder|[面背裏側]", re.IGNORECASE)
_ACTS: Final = ("bring", "home", "land")
_STATIVE: Final = re.compile(
    r"(?:kg|grams?|kilos?|kilograms?) of (?:the )?(?:\w+ )?$|\bfrom (?:the )?(?:moon's |lunar )?(?:\w+ )?$|samples? (?:of|"
    r"from)|taken|gained|土壤|样品|試料|月壤|échantillons",
    re.IGNORECASE,
)
# Where somebody was, went or worked: "Apollo 17's crew worked on the near side".
_WAS_THERE: Final = lexicon.either((
    "sampl(?:ed|ing)", "went", "headed", "aimed", "explor(?:ed|es|ing)", "targeted", "visited", "chose", "sent",
    "bound", "dispatched", "destined",
    "stayed", "worked", "stands?", "stood", "sits?", "roam(?:s|ed|ing)", "driv(?:es|ing)", "drove", "ventur(?:ed|es)",
    "settled?", "picks?", "dug",
    "digs", "preferred", "tackled", "goal", "came", "picked", "took", "gave", "destination", "target",
    "reach(?:ed|es)", "rests?", "lies", "operat(?:es|ed|ing)",
))  # fmt: skip
_NEARBY: Final = re.compile(
    rf"\b{_WAS_THERE}\b|\bside (?:samples?|rocks?|soil|basalts?|material|mission|probe|lander|landing)\b|采样",
    re.IGNORECASE,
)
_RELAY: Final = re.compile(
    r"\b(?:communicat\w+|relay|signal|antenna|telescope|observ\w+|invisible|never (?:seen|faces))\b",
    re.IGNORECASE,
)
_CRAFT: Final = re.compile(
    r"\b(?:it|mission|probe|spacecraft|lander|craft|its|returner|capsule)\b|它|该|探测器|探査機|sonde|Sonde",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example("Chang'e 4 set down on the Moon's far side.", ("landing_side(CE-4, far side)",)),
    Example(
        "Unlike Chang'e 5, which sampled the near side, Chang'e 6 collected rocks on the far side.",
        ("landing_side(CE-5, near side)", "landing_side(CE-6, far side)"),
    ),
    Example("嫦娥六号从月球背面采集了样品。", ("landing_side(CE-6, far side)",), "zh"),
    Example(
        "On show is soil from the near side, recovered by Chang'e 5, and from the far side, recovered by Chang'e 6.",
        ('landing_side(CE-5, near side)', 'landing_side(CE-6, far side)'),
    ),
    Example("The rover of Chang'e 4 is roaming the averted face of the Moon.", ("landing_side(CE-4, far side)",)),
)  # fmt: skip


def side(text: str) -> str:
    """Return the side of the Moon that a few words name: near side, far side, or nothing; "far" alone will do."""
    match = _SIDE.search(text) or re.search(r"(?P<far>\bfar\b)|(?P<near>\bnear\b)", text, re.IGNORECASE)
    return ("far side" if match["far"] else "near side") if match else ""


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the side of each mission that is said to have landed or sampled there."""
    if not _MAY.search(sentence.text):
        return
    seen = set()
    for match in _SIDE.finditer(sentence.text):
        covering = [
            m.name for m in sentence.all("mission") if m.start < match.end() and match.start() < m.end
        ]
        if covering and not (context.mission == covering[0] and _CRAFT.search(sentence.text)):
            continue  # "those from the far side" stands for the mission
        if not _is_told(sentence, match.start(), match.end()):
            continue
        side = "far side" if match["far"] else "near side"
        mission = _whose(sentence, match, context)
        numbered = any(mark.sort == "mission" for mark in sentence.all("mission"))
        if not numbered and not _CRAFT.search(sentence.text):
            continue
        if not re.search(r"\d", mission) or mission.startswith(("CE-7", "CE-8")) or (mission, side) in seen:
            continue
        seen.add((mission, side))
        yield Claim(
            "landing_side", mission, side, mission=mission, start=max(0, match.start() - 60), end=match.end()
        )


def _whose(sentence: Sentence, match: re.Match[str], context: Context) -> str:
    """Return the mission of a side: by whom it was sampled, its place in a pair, or the last that stands before it."""
    at = match.start()
    ahead = [m for m in sentence.all("mission") if m.end <= at and not frames.crosses(sentence, m.end, at)]
    pair = _by(sentence, match.end()) or _paired(sentence, at)
    return pair or (ahead[-1].name if ahead else topics.mission_of(sentence, at, context))


def _by(sentence: Sentence, end: int) -> str:
    """Return the mission of "the far side, recovered by Chang'e 6"."""
    behind = next((m for m in sentence.all("mission") if m.start >= end), None)
    led = behind and re.fullmatch(
        r"(?: of the moon)?(?:,? (?:\w+ ){0,3}?by| (?:\w+ ){0,4}?(?:of|to)) (?:the )?",
        sentence.text[end : behind.start],
        re.IGNORECASE,
    )
    return behind.name if behind and led else ""


def _paired(sentence: Sentence, at: int) -> str:
    """Return the mission of a side where two sides stand before two missions: "near-side and far-side samples of A and B"."""
    sides = [match.start() for match in _SIDE.finditer(sentence.text)]
    missions = list(dict.fromkeys(m.name for m in sentence.all("mission") if m.sort == "mission"))
    first = next((m.start for m in sentence.all("mission") if m.sort == "mission"), 0)
    if len(sides) == 2 == len(missions) and sides[-1] < first:
        return missions[sides.index(at)]
    return ""


def _is_told(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a landing, a sampling or a stay there is told, and not what was seen or heard of it."""
    before = sentence.text[max(0, start - 90) : start]
    if _RELAY.search(before[-60:]) and not frames.verbs(sentence, "bring", "land"):
        return False
    if re.search(r"\b(?:between|unlike samples)\b[^.;]{0,50}$", before, re.IGNORECASE):
        return False
    told = [verb for verb in frames.verbs(sentence, *_ACTS) if abs(verb.start - start) < _REACH]
    near = sentence.text[max(0, start - 90) : end + 30]
    return bool(told) or bool(_STATIVE.search(before)) or bool(_NEARBY.search(near))


_REACH: Final = 160  # characters
