"""What is a sentence about? Its mission, its material, its lists of parties; what "it" stands for."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from aliquot.reading import lexicon, missions
from aliquot.reading.claims import Context
from aliquot.reading.grammar.frames import crosses, verbs
from aliquot.reading.marks import Mark, Sentence

LUNAR: Final = lexicon.anywhere("topics.toml", "lunar")
MATTER: Final = lexicon.anywhere("topics.toml", "matter")
_IT: Final = lexicon.anywhere("topics.toml", "it")


_GRAMS: Final = re.compile(r"\b(?:milli|kilo)?gram(?:me)?s?\b|\bkilos?\b|\d ?(?:kg|g|mg)\b|\bounces?\b")
_MOON: Final = re.compile(r"\b(?:the )?[Mm]oon\b|\blunar\b|\bfar side\b")


@lru_cache(maxsize=64)
def names_lunar(text: str) -> bool:
    """Whether a text names lunar material by itself: in words for it, or as so many grams of the Moon."""
    return bool(LUNAR.search(text) or (_GRAMS.search(text) and _MOON.search(text)))


@lru_cache(maxsize=64)
def _names_matter(text: str) -> bool:
    return bool(MATTER.search(text))


@lru_cache(maxsize=64)
def _names_other(text: str, language: str) -> bool:
    return bool(lexicon.anywhere("topics.toml", "other", language).search(text))


def is_lunar(sentence: Sentence, context: Context) -> bool:
    """Whether a sentence speaks of lunar samples, by itself or as a continuation of what did."""
    if names_lunar(sentence.text):
        return True
    if _names_other(sentence.text, sentence.language):
        return False
    if not _names_matter(sentence.text):
        return False
    return bool(sentence.all("mission")) or context.material or bool(sentence.all("sample"))


def points_back(sentence: Sentence) -> bool:
    """Whether a sentence points back to what was spoken of: "it", "them", "the mission"."""
    return bool(_IT.search(sentence.text))


def is_matter(sentence: Sentence) -> bool:
    """Whether a sentence names what may be lunar material: samples, a haul, a cargo."""
    return _names_matter(sentence.text)


def is_other(sentence: Sentence) -> bool:
    """Whether a sentence speaks of another body's samples alone."""
    return (
        _names_other(sentence.text, sentence.language)
        and not names_lunar(sentence.text)
        and not sentence.all("mission")
    )


def is_in_passing(sentence: Sentence, mark: Mark) -> bool:
    """Whether a mission is named only to compare with it, and another is spoken of."""
    return missions.is_in_passing(sentence.text, mark.start)


def mission_of(sentence: Sentence, at: int, context: Context, *, loose: bool = True) -> str:
    """Return the mission nearest to a place of a sentence, else the one that is spoken of, else nothing."""
    marks = [mark for mark in sentence.all("mission") if not is_in_passing(sentence, mark)]
    same = [
        mark
        for mark in marks
        if not crosses(sentence, min(mark.end, at), at if mark.end <= at else mark.start)
    ]
    for group in (same, list(marks)):
        if group:
            return min(group, key=lambda m: abs(at - m.end) if m.end <= at else abs(m.start - at) * 1.6).name
    if (
        loose
        and re.search(r"\b(?:predecessor|forerunner)\b", sentence.text, re.IGNORECASE)
        and context.mission == "CE-6"
    ):
        return "CE-5"
    if loose and context.mission and (_IT.search(sentence.text) or sentence.language in ("zh", "ja")):
        return context.mission
    return ""


def only_mission(sentence: Sentence, context: Context) -> str:
    """Return the mission of the material of a sentence."""
    names = [mark.name for mark in sentence.all("mission") if mark.sort == "mission"]
    if names:
        return names[0]
    programmes = [mark.name for mark in sentence.all("mission")]
    return programmes[0] if programmes else context.mission


_GAP: Final = re.compile(
    r"^(?:\"|'s|')?\s*\)?\s*[,，、;]?\s*(?:and|nor|as well as|und|et|sowie|和|と|及|以及|&|or|plus|also|en|au|aux|à|in|to|potentially)?\s*(?:also |to |from |in |for )?(?:the|la|le|les|l'|d'|der|die|das)?\s*(?:\"|')?$",
    re.IGNORECASE,
)
_INSIDE: Final = re.compile(
    r"^(?:'s|-based|の|的|\s*)\s*(?:the |la |l')?(?:(?:national |own )?(?:space|research) agency,?)?\s*$",
    re.IGNORECASE,
)
_AT: Final = re.compile(r"^\)?\s*,?\s*(?:\(|in |at |of )\s*(?:the )?$|^\s*\($|^, (?:the )?$", re.IGNORECASE)


def lists(sentence: Sentence) -> list[list[Mark]]:
    """Return the parties of a sentence in lists, such as "France, Germany and the UK"."""
    found: list[list[Mark]] = []
    for mark in sentence.all("party"):
        gap = sentence.text[found[-1][-1].end : mark.start] if found else "-"
        if found and len(gap) < 28 and (_GAP.match(gap) or _INSIDE.match(gap)):
            found[-1].append(mark)
        else:
            found.append([mark])
    return found


def merged(sentence: Sentence, marks: list[Mark]) -> list[Mark]:
    """Return the parties of a list without the states that only tell where an institution or a person is from."""
    kept: list[Mark] = []
    for n, mark in enumerate(marks):
        following = marks[n + 1] if n + 1 < len(marks) else None
        if (
            mark.sort == "state"
            and following
            and following.state == mark.state
            and _INSIDE.match(sentence.text[mark.end : following.start])
        ):
            continue
        previous = kept[-1] if kept else None
        gap = sentence.text[previous.end : mark.start] if previous else ""
        lies_in = _AT.match(gap) and not gap.startswith(", ")  # "the Open University in Britain"
        at_home = previous and previous.sort == "institution" and (previous.state == mark.state or lies_in)
        if mark.sort == "state" and at_home:
            continue
        if any(mark.name == other.name for other in kept):
            continue
        kept.append(mark)
    states = {mark.state for mark in kept if mark.sort == "institution"}
    return [mark for mark in kept if not (mark.sort == "state" and mark.state in states)]


_LENDING: Final = re.compile(
    r"\b(?:loans?|lend\w*|lent|borrow\w*|(?:has|have|had) had|out with|prêt\w+|emprunt\w+|verleih\w+|(?:aus)?leih\w+)\b|出借|借[用出给]|发放|貸し出|貸与",
    re.IGNORECASE,
)
_ASKING: Final = re.compile(
    r"\b(?:request\w*|appl(?:y|ied|ication)\w*|bid|asked|sought|veto\w*|refus\w+|denied|turned down|snub\w*)\b",
    re.IGNORECASE,
)
_LOST: Final = re.compile(r"\b(?:lost|stolen|missing|unaccounted|destroyed)\b", re.IGNORECASE)
_AMERICAN: Final = re.compile(
    r"\b(?:NASA|Johnson Space Cent(?:er|re)|United States) (?:has |had |have |also )?(?:lent|loaned|lends|loans)\b|\b(?:lent|loaned|on loan)(?: out)? (?:by|from) (?:NASA|the United States|the US)\b"
)


def by_name_of_material(sentence: Sentence) -> str:
    """Return whose samples bear a name of their own: those that China lends are its "lunar samples for research"."""
    return "CN" if "月球科研样品" in sentence.text else ""


def lends(sentence: Sentence) -> str:
    """Return who alone is spoken of beside lending: "Lending is another thing, and there Beijing has been busy"."""
    states = {m.name for m in sentence.all("party") if m.sort == "state"} & {"CN", "US"}
    return states.pop() if len(states) == 1 and _LENDING.search(sentence.text) else ""


def lender_of(sentence: Sentence, context: Context) -> str:
    """Return whose samples are lent: those of the mission named, else of the state, else who lent before."""
    names = [mark.name for mark in sentence.all("mission")]
    if any(name.startswith("CE") for name in names):
        return "CN"
    if _AMERICAN.search(sentence.text):
        return "US"
    states = [m.name for m in sentence.all("party") if m.sort == "state"]
    if any(name.startswith("Apollo") for name in names) and "CN" not in states:
        return "US"
    if "CN" in states:
        return "CN"
    of_nasa = context.mission.startswith("Apollo") or (context.collection and context.keeper != "CN")
    if _LENDING.search(sentence.text) and of_nasa and not context.lender:
        return "US"
    by_mission = "CN" if context.mission.startswith("CE") else "US" if "US" in states else ""
    asks = _LENDING.search(sentence.text) or _ASKING.search(sentence.text) or verbs(sentence, "lend")
    keeper = context.keeper if asks and not _LOST.search(sentence.text) else ""
    return context.lender or by_mission or keeper or by_name_of_material(sentence)


_HOMES: Final = {"CE": "CN", "Apollo": "US", "Luna": "SU"}


def origin_of(sentence: Sentence, context: Context, *, loose: bool = False) -> str:
    """Return the state whose missions brought the material that a sentence speaks of; empty where two did or none is named.

    `loose` takes the mission spoken of before also where nothing in the sentence points back to it.
    """
    homes = {_HOMES.get(re.split(r"[- ]", mark.name)[0], "") for mark in sentence.all("mission")} - {""}
    if len(homes) == 1:
        return homes.pop()
    if homes:
        return ""
    for name, pattern in _WHOSE:
        if pattern.search(sentence.text):
            return name
    family = re.split(r"[- ]", context.mission or context.programme)[0]
    return _HOMES.get(family, "") if context.material and (loose or _IT.search(sentence.text)) else ""


_WHOSE: Final = tuple(
    (
        name,
        re.compile(
            rf"\b(?:{words}) (?:own |first |rare |precious )*(?:moon|lunar|samples?|rocks?|soil|dust)\b"
        ),
    )
    for name, words in (("CN", "Chinese"), ("US", "American|NASA's|US|U\\.S\\."), ("SU", "Soviet|Russian"))
)
