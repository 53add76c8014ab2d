"""How old is it, and how much younger than another? age and age_difference, in millions of years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Sentence

_YOUNGER: Final = lexicon.either((
    "younger", "fresher", "more recent", r"later(?= than\b)", r"postdat\w+", r"after(?= (?:the )?(?:\w+ ){0,2}?(?:Apollo|Luna|Chang))",
    r"plus jeunes?", r"jünger\w*",
))  # fmt: skip
_OLDER: Final = lexicon.either((
    "older", "more ancient", r"earlier(?= than\b)", r"predat\w+", r"beats?(?= [^.;]{0,40}\bin age\b)", r"years on(?= (?:the|those|that|"
        r"Chang|any))",
    r"plus (?:vieux|ancien)\w*", r"ält\w*",
))  # fmt: skip
_COMPARED: Final = re.compile(
    rf"(?P<younger>\b{_YOUNGER}\b|年轻|若い|若く)|(?P<older>\b{_OLDER}\b|古い|古老)", re.IGNORECASE
)
# "a gap of 800 million years separates A from B"
_GAP: Final = re.compile(
    r"\b(?:age )?(?:gap|difference)\b|\bseparat\w+|\bapart\b|\bbetween\b(?=[^.;]*\b(?:lies?|lay|are|is)\b)|\b(?:lies?|lay|"
    r"are|is)\b[^.;]{0,40}\bbetween\b",
    re.IGNORECASE,
)
_AGE: Final = re.compile(
    r"\b(?:old|aged?|ages|dat(?:e|ed|es|ing)|formed|erupted|crystalli[sz]ed|solidified|cooled|flowed|spewed|years ago|"
    r"(?:go(?:es)?|went|dates?) back|"
    r"âgée?s?|alt|Alter|il y a|vor)\b|年前|年龄|亿年|亿岁|年代|形成于|歳|年齢",
    re.IGNORECASE,
)
_THE_MOON: Final = re.compile(
    r"\b(?:the moon (?:itself )?(?:is|formed|was)|solar system|Earth is|universe|crater|basin (?:is|formed)|the (?:impact|collision))\b",
    re.IGNORECASE,
)
_STUFF: Final = re.compile(
    r"\bsamples?|basalts?|rocks?|soil|lava|volcan|grain|mineral|mission|fragment|材|样|岩|試料|火山|échantillon|roche|Proben|Gestein",
    re.IGNORECASE,
)
_THAN: Final = re.compile(
    r"\bthan\b|\b[Cc]ompared (?:with|to)\b|\byears (?:after|on)(?= (?:the |those of )?(?:\w+ ){0,2}?(?:Apollo|Luna|Chang))|"
    r"\bque\b|\bals\b|(?<![相对])比(?!较)|より"
)
_DIRECT: Final = re.compile(r"\b(?:predat\w+|postdat\w+|beats?)\b", re.IGNORECASE)
# The compared are a list: "than those of Apollo and Luna".
_AND: Final = re.compile(
    r"(?:'s?)?(?: \w+){0,2}?,? (?:and|or|nor|und|et) (?:the |those |of |from |by |any )*|[和与、及]|(?:'s)? and |, ",
    re.IGNORECASE,
)
_AT_AGE: Final = re.compile(r"\b(?:at|of)(?! least)(?! most)\s+(?:\w+ )?$", re.IGNORECASE)
_BY: Final = re.compile(r"\bby (?:\w+ ){0,3}?$", re.IGNORECASE)
# "for two billion years", "over two billion years of history": how long, and not how old.
_LASTS: Final = re.compile(
    r"\b(?:for|over|during|within|in|every|another|took|last\w*) (?:\w+ ){0,2}?$", re.IGNORECASE
)
_POINTS_BACK: Final = re.compile(r"\b(?:they|these|those|it)\b", re.IGNORECASE)
_SOURCES: Final = re.compile(r"^(?:CE|Apollo|Luna)\b")
_PROGRAMMES: Final = ("Apollo", "Luna", "CE")
_GOES_ON: Final = 6  # sentences
_BESIDE: Final = 14  # characters

EXAMPLES: Final = (
    Example("Chang'e 5's basalts are about 2.03 billion years old.", ("age(CE-5) 2030 Ma",)),
    Example(
        "The Chang'e 5 rocks turned out to be a billion years younger than those of Apollo.",
        ("age_difference(CE-5, Apollo) 1000 Ma",),
    ),
    Example("Chang'e 6 samples show volcanism 2.8 billion years ago.", ("age(CE-6) 2800 Ma",)),
    Example("At 2.03 billion years, the Chang'e 5 lavas are young.", ('age(CE-5) 2030 Ma',)),
    Example("The Chang'e 5 rocks formed a full billion years later than Apollo's.", ('age_difference(CE-5, Apollo) 1000 Ma',)),
    Example("Some 800 million years separate the Chang'e 5 basalts from those of Chang'e 6.", ("age_difference(CE-5, CE-6) 800 Ma",)),
    Example("The Luna 24 basalt predates that of Chang'e 5 by 1.3 billion years.", ("age_difference(CE-5, Luna 24) 1300 Ma",)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield ages of lunar material, and by how much one is younger than another."""
    if topics.is_other(sentence) or not (sentence.all("age", "mission")):
        return
    compared = _COMPARED.search(sentence.text)
    gap = None if compared and sentence.language != "en" else _GAP.search(sentence.text)
    amount = (_amount(sentence, compared) if compared else None) or (_across(sentence, gap) if gap else None)
    yield from _differences(sentence, context, compared, gap, amount)
    if not (topics.is_lunar(sentence, context) or sentence.all("mission", "sample") or context.material):
        return
    told: set[str] = set()
    for mark in sentence.all("age"):
        if mark is amount or not _is_age(sentence, mark):
            continue
        subject = _subject(sentence, mark, context)
        named = any(m.name == subject for m in sentence.all("mission", "sample"))
        named = (
            named
            or subject == context.sample
            or (context.material and bool(_POINTS_BACK.search(sentence.text)))
        )
        if subject and subject not in told and (named or _STUFF.search(sentence.text)):
            told.add(subject)
            yield Claim("age", subject, quantity=mark.quantity, start=mark.start, end=mark.end)


def _is_age(sentence: Sentence, mark: Mark) -> bool:
    """Whether a span of time is an age: "2.03 billion years old", "with their two billion years the grains are young"."""
    before = sentence.before(mark)
    at_age = _AT_AGE.search(before)
    around = sentence.text[max(0, mark.start - 70) : mark.end + 40]
    compares = _COMPARED.match(sentence.text, mark.end) or re.match(
        r" (?:\w+ )?older\b", sentence.after(mark)
    )
    if _THE_MOON.search(around) or (compares and not at_age) or re.search(r"\bfor\s+$", before):
        return False
    bare = "year" not in sentence.text[mark.start : mark.end] and sentence.language == "en"
    if _AGE.search(around) or at_age or bare:  # "it turned out to be 2.03 billion"
        return True
    of_mission = any(m.name.startswith("CE-") for m in sentence.all("mission"))
    lasts = _LASTS.search(before) or re.match(r" of\b", sentence.after(mark))
    return bool(of_mission and topics.is_matter(sentence) and not lasts and sentence.language == "en")


def _subject(sentence: Sentence, mark: Mark, context: Context) -> str:
    """Return whose age a span of time is: a sample's, the nearest mission's that is not compared with, or of what is spoken of."""
    if sample := next((m.name for m in sentence.all("sample")), ""):
        return sample
    goes_on = context.sentence - context.sampled == 1 and not sentence.all("mission")
    if goes_on and _POINTS_BACK.search(sentence.text):
        return context.sample  # "Rock 15415 weighs 269 grams. It is 4.46 billion years old."
    than = _THAN.search(sentence.text)
    told = [m for m in sentence.all("mission") if not than or m.start < than.start() or ";" in sentence.text]
    if than:
        told = [
            m for m in told if not frames.crosses(sentence, min(m.end, mark.end), max(m.start, mark.start))
        ]
        subject = _nearest(told, mark) if told else context.mission
    else:
        subject = topics.mission_of(sentence, mark.start, context)
    if not subject and not told and context.sentence - context.flown <= _GOES_ON:
        subject = context.mission
    if subject in _PROGRAMMES:  # "The Apollo rocks are three billion years old"
        alone = len({m.name for m in told}) == 1 or ";" in sentence.text
        return subject if alone and _is_old(sentence, mark) else ""
    return subject


def _is_old(sentence: Sentence, mark: Mark) -> bool:
    return bool(re.match(r"[- ](?:years?[- ])?old\b", sentence.after(mark)))


def _nearest(marks: list[Mark], mark: Mark) -> str:
    return min(marks, key=lambda m: abs(m.start - mark.start)).name


def _amount(sentence: Sentence, compared: re.Match[str]) -> Mark | None:
    """Return by how much: the span of time before "younger", behind it as in 年轻约10亿年, or behind "by"."""
    gaps = {
        mark: compared.start() - mark.end if mark.end <= compared.start() else mark.start - compared.end() + 3
        for mark in sentence.all("age")
    }
    for mark in gaps:
        if mark.start > compared.end() and _BY.search(sentence.text[compared.end() : mark.start]):
            return mark
    gaps = {
        mark: gap for mark, gap in gaps.items() if not _AT_AGE.search(sentence.text[: mark.start])
    }  # "older, at 3.4 billion years"
    near = min(gaps, key=lambda mark: gaps[mark], default=None)
    return near if near and gaps[near] < _BESIDE else None


def _across(sentence: Sentence, gap: re.Match[str]) -> Mark | None:
    """Return the span of time that lies between two: "a gap of 800 million years"."""
    ages = sentence.all("age")
    two = len({m.name for m in sentence.all("mission")}) > 1 or gap[0].casefold().startswith("age")
    return (
        min(ages, key=lambda m: abs(m.start - gap.start()), default=None) if two and len(ages) == 1 else None
    )


def _differences(
    sentence: Sentence,
    context: Context,
    compared: re.Match[str] | None,
    gap: re.Match[str] | None,
    amount: Mark | None,
) -> Iterator[Claim]:
    """Yield which is younger than which: "The Chang'e 5 rocks are a billion years younger than Apollo's"."""
    if not compared and not (gap and amount):
        return
    if amount and re.search(r"\bthan\s+(?:\w+ )?$", sentence.text[: amount.start]):
        return  # "nothing is younger than three billion years" compares with a number
    by_gap = gap is not None and amount is not None and not (compared and _THAN.search(sentence.text))
    told = compared or gap
    low, high = told.span() if told else (0, 0)
    for younger, older in (
        _between(sentence, context) if by_gap else _pairs(sentence, context, compared, amount)
    ):
        yield Claim(
            "age_difference",
            younger,
            older,
            amount.quantity if amount else None,
            start=max(0, low - 60),
            end=high,
        )


def _between(sentence: Sentence, context: Context) -> Iterator[tuple[str, str]]:
    """Yield the two that time lies between, the younger first: those of Chang'e 5, then of Chang'e 6, are the youngest known."""
    names = list(dict.fromkeys(m.name for m in sentence.all("mission") if _SOURCES.match(m.name)))
    if len(names) == 1 and context.mission and context.mission != names[0]:
        names.append(context.mission)
    if len(names) == len(("one", "other")):
        one, other = sorted(
            names, key=lambda name: _YOUNGEST.index(name) if name in _YOUNGEST else len(_YOUNGEST)
        )
        yield one, other


_YOUNGEST: Final = ("CE-5", "CE-6", "CE")


def _pairs(
    sentence: Sentence, context: Context, compared: re.Match[str] | None, amount: Mark | None
) -> Iterator[tuple[str, str]]:
    """Yield the younger and the older of a comparison; of one without an amount at most two."""
    if compared is None:
        return
    is_older = bool(compared["older"])
    others = _others(sentence, compared)
    one = _one(sentence, context, compared, others)
    if not amount and not others:
        return
    names = list(dict.fromkeys(m.name for m in sentence.all("mission")))
    ahead = [m.name for m in sentence.all("mission") if m.end <= compared.start()]
    alone = amount and is_older and ahead and not _THAN.search(sentence.text) and not others
    if alone and context.mission.startswith("CE") and ahead[0] != context.mission:
        yield context.mission, ahead[0]
        return  # "the Apollo rocks are older by a billion years"
    others = others or [name for name in names if name != one] or _understood(sentence, context, one, amount)
    others = [name for name in others if name != one]
    if sentence.language == "fr" and not amount:
        return
    if is_older and not amount and len(others) == 1:  # "The Apollo and Luna samples are all older than ..."
        yield from ((others[0], n) for n in dict.fromkeys(ahead) if n not in others)
        return
    for name in dict.fromkeys(others[: 1 if amount else 2]):
        if one and (not one.startswith(("Apollo", "Luna")) or re.search(r"\d", one) or is_older):
            yield (name, one) if is_older else (one, name)


def _understood(sentence: Sentence, context: Context, one: str, amount: Mark | None) -> list[str]:
    """Return what is compared with where nothing is named: the mission or programme told before, else Apollo."""
    if not amount:
        return []
    if not _THAN.search(sentence.text) and one.startswith("CE"):
        before = context.mission if context.sentence - context.flown == 1 else ""
        return [before if before and before != one else "Apollo"]
    return [context.programme] if context.programme else []


def _others(sentence: Sentence, compared: re.Match[str]) -> list[str]:
    """Return what is compared with: the list behind "than", or behind a verb such as "predates"."""
    than = compared if _DIRECT.match(compared[0]) else _THAN.search(sentence.text)
    marks = sentence.all("mission")
    if not than:
        return []
    behind = [m for m in marks if m.start > than.start()]
    listed = behind[:1]
    for mark in behind[1:]:
        if not _AND.fullmatch(sentence.text[listed[-1].end : mark.start]):
            break
        listed.append(mark)
    return [m.name for m in listed]


def _one(sentence: Sentence, context: Context, compared: re.Match[str], others: list[str]) -> str:
    """Return what is said to be younger, or older: the last mission before the word that is not compared with."""
    marks = sentence.all("mission")
    ahead = [m.name for m in marks if m.end <= compared.start()]
    one = next((n for n in reversed(ahead) if n not in others and re.search(r"\d", n)), "")
    one = one or next((m.name for m in marks if m.name.startswith("CE-") and m.name not in others), "")
    if not one and compared["older"] and others:
        one = next(
            (n for n in reversed(ahead) if n not in others), ""
        )  # "the Apollo rocks are older than ..."
    return one or (context.mission if context.mission.startswith("CE") else "")
