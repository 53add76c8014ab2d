"""How old is it, and how much younger than another? age and age_difference, in millions of years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Sentence

_YOUNGER: Final = re.compile(
    r"\byounger\b|\bafter(?= (?:the )?(?:\w+ ){0,2}?(?:Apollo|Luna|Chang))|\bage (?:gap|difference)\b|\blater(?= than\b)|\bpostdat\w+|\bplus jeunes?\b|\bjünger\w*|年轻|若い|若く",
    re.IGNORECASE,
)
_OLDER: Final = re.compile(
    r"\bolder\b|\bearlier(?= than\b)|\bpredat\w+|\bplus (?:vieux|ancien)\w*|\bälter\w*|古い|古老",
    re.IGNORECASE,
)
_AGE: Final = re.compile(
    r"\b(?:old|aged?|ages|dat(?:e|ed|es|ing)|formed|erupted|crystalli[sz]ed|solidified|years ago|âgée?s?|alt|Alter|il y a|vor)\b|年前|年龄|亿年|亿岁|年代|形成于|歳|年齢",
    re.IGNORECASE,
)
_THE_MOON: Final = re.compile(
    r"\b(?:the moon (?:itself )?(?:is|formed|was)|solar system|Earth is|universe|crater|basin (?:is|formed)|the (?:impact|collision))\b",
    re.IGNORECASE,
)

_AT_AGE: Final = r"(?i:\b(?:at|of)(?! least)(?! most)\s+(?:\w+ )?$)"
_GOES_ON: Final = 6  # sentences
_BESIDE: Final = 14  # characters

EXAMPLES: Final = (
    Example("Chang'e 5's basalts are about 2.03 billion years old.", ("age(CE-5) 2030 Ma",)),
    Example("The Chang'e 5 rocks turned out to be a billion years younger than those of Apollo.", ("age_difference(CE-5, Apollo) 1000 Ma",)),
    Example("Chang'e 6 samples show volcanism 2.8 billion years ago.", ("age(CE-6) 2800 Ma",)),
    Example("At 2.03 billion years, the Chang'e 5 lavas are young.", ('age(CE-5) 2030 Ma',)),
    Example("The Chang'e 5 rocks formed a full billion years later than Apollo's.", ('age_difference(CE-5, Apollo) 1000 Ma',)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield ages of lunar material, and by how much one is younger than another."""
    if topics.is_other(sentence):
        return
    yield from _differences(sentence, context)
    if not (topics.is_lunar(sentence, context) or sentence.all("mission", "sample") or context.material):
        return
    younger = _YOUNGER.search(sentence.text) or _OLDER.search(sentence.text)
    taken = _amount(sentence, younger) if younger else None
    told_of: set[str] = set()
    for mark in sentence.all("age"):
        around = sentence.text[max(0, mark.start - 70) : mark.end + 40]
        if (
            not (_AGE.search(around) or re.search(_AT_AGE, sentence.before(mark)))
            or mark is taken
            or (
                _OLDER.search(sentence.text[mark.end : mark.end + 12])
                and not re.search(_AT_AGE, sentence.before(mark))
            )
            or _THE_MOON.search(around)
            or re.search(r"\bfor\s+$", sentence.before(mark))
        ):
            continue
        sample = next((m.name for m in sentence.all("sample")), "")
        than = re.search(
            r"\b(?:than|que|als)\b|\byears after (?:the )?(?:\w+ ){0,2}?(?=Apollo|Luna|Chang)|(?<![相对])比(?!较)",
            sentence.text,
        )
        told = [m for m in sentence.all("mission") if not than or m.start < than.start()]
        if than:
            told = [
                m
                for m in told
                if not frames.crosses(sentence, min(m.end, mark.end), max(m.start, mark.start))
            ]
        subject = sample or (
            _nearest(told, mark)
            if told and than
            else topics.mission_of(sentence, mark.start, context)
            if not than
            else context.mission
        )
        if not subject and not told and context.sentence - context.flown <= _GOES_ON:
            subject = context.mission
        named = any(m.name == subject for m in sentence.all("mission", "sample"))
        named = named or (context.material and bool(re.search(r"\b(?:they|these|those|it)\b", sentence.text)))
        if (
            subject
            and subject not in ("Apollo", "Luna", "CE", *told_of)
            and (
                named
                or re.search(
                    r"\bsamples?|basalts?|rocks?|soil|lava|volcan|grain|mineral|mission|fragment|材|样|岩|試料|火山|échantillon|roche|Proben|Gestein",
                    sentence.text,
                    re.IGNORECASE,
                )
            )
        ):
            told_of.add(subject)
            yield Claim("age", subject, quantity=mark.quantity, start=mark.start, end=mark.end)


def _nearest(marks: list[Mark], mark: Mark) -> str:
    return min(marks, key=lambda m: abs(m.start - mark.start)).name


def _amount(sentence: Sentence, younger: re.Match[str]) -> Mark | None:
    """Return the span of time next to "younger": before it, or behind it as in 年轻约10亿年."""
    gaps = {
        mark: younger.start() - mark.end if mark.end <= younger.start() else mark.start - younger.end() + 3
        for mark in sentence.all("age")
    }
    gaps = {
        mark: gap for mark, gap in gaps.items() if not re.search(_AT_AGE, sentence.text[: mark.start])
    }  # "older, at 3.4 billion years"
    near = min(gaps, key=lambda mark: gaps[mark], default=None)
    if near and younger[0].casefold().startswith("age "):  # "the age gap between them is a billion years"
        return near
    return near if near and gaps[near] < _BESIDE else None


def _differences(sentence: Sentence, context: Context) -> Iterator[Claim]:
    match = _YOUNGER.search(sentence.text) or _OLDER.search(sentence.text)
    if not match:
        return
    is_older = not _YOUNGER.search(sentence.text)
    amount = _amount(sentence, match)
    marks = sentence.all("mission")
    than = re.search(
        r"\bthan\b|\byears after (?:the )?(?:\w+ ){0,2}?(?=Apollo|Luna|Chang)|\bque\b|\bals\b|(?<![相对])比(?!较)|より",
        sentence.text,
    )
    compared = [
        m.name
        for m in marks
        if than and (m.start > than.start() if sentence.language != "ja" else m.end <= than.start())
    ]
    others = list(dict.fromkeys(m.name for m in marks))
    ahead = [m.name for m in marks if m.end <= match.start()]
    one = next((n for n in reversed(ahead) if n not in compared and re.search(r"\d", n)), "") or next(
        (n for n in others if n.startswith("CE-") and n not in compared), ""
    )
    one = one or (context.mission if context.mission.startswith("CE") else "")
    if amount and re.search(r"\bthan\s+(?:\w+ )?$", sentence.text[: amount.start]):
        return  # "nothing is younger than three billion years" compares with a number
    if not amount and not compared:
        return
    if (
        amount
        and is_older
        and not than
        and ahead
        and context.mission.startswith("CE")
        and ahead[0] != context.mission
    ):
        yield Claim("age_difference", context.mission, ahead[0], amount.quantity, start=0, end=match.end())
        return  # "the Apollo rocks are older by a billion years"
    other = (
        compared
        or [n for n in others if n != one]
        or (["Apollo"] if amount and one.startswith("CE") and not than else [])
    )
    other = [n for n in other if n != one] or (
        [context.programme] if context.programme and context.programme != one and amount else []
    )
    if sentence.language == "fr" and not amount:
        return
    for name in dict.fromkeys(other[: 1 if amount else 2]):
        if (one and name and not one.startswith(("Apollo", "Luna"))) or (
            one and re.search(r"\d", one) and one != name
        ):
            first, second = (name, one) if is_older else (one, name)
            yield Claim(
                "age_difference",
                first,
                second,
                amount.quantity if amount else None,
                start=match.start() - 60 if match.start() > 60 else 0,
                end=match.end(),
            )
