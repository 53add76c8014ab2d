"""Who was first, second or third? rank of a state or mission in doing a thing for the n-th time ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.marks import Mark, Quantity, Sentence

_ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "premier": 1, "première": 1, "deuxième": 2, "troisième": 3,
    "quatrième": 4, "erste": 1, "ersten": 1, "erstes": 1, "zweite": 2, "dritte": 3, "dritten": 3, "第一": 1, "首": 1, "第二": 2, "第三": 3, "第四": 4, "第五": 5, "世界初": 1, "初": 1, "3番目": 3, "2番目": 2,
}  # fmt: skip
_NTH: Final = re.compile(
    r"\b(?P<n>first|second|third|fourth|fifth|1st|2nd|3rd|4th)(?:-ever)?[ -](?:\w+[ -]){0,3}?(?:showing|exhibition|display|city|place|venue|country|nation|state|spacecraft|probe|mission|craft|power|one|to|samples|(?:samples?|material|materials|rocks?|soil) that any (?:machine|robot|probe|country|spacecraft)|(?:samples?|material|materials|rocks?|soil) (?:ever |to be )?(?:\w+ed|brought|taken)|in the world|in history|human-made)\b|"
    r"\b(?P<t2>first time) (?=[^.;]{0,60}(?:display|exhibit|show|gift|gave|given))|\b(?P<s>first) such (?=(?:exhibit|display|show)\w*)|\b(?P<t>first time) (?:ever|in (?:\w+ |the )?history|that (?:any|a) (?:country|nation|mission|spacecraft))|\b(?:world|historic|global) (?P<w>first)\b|"
    r"\b(?P<m>makes|made|making|become|becomes|became|becoming) (?:\w+ ){1,3}?the (?P<m2>first|second|third|fourth)\b|\b(?P<o>only the )(?P<o2>second|third|fourth)\b|"
    r"\b(?P<f>premier|première|deuxième|troisième|quatrième) (?:pays|nation|État|mission|sonde)|\b(?:das |als )(?P<d>erste|zweite|dritte)s? (?:Land|Nation|Sonde)|"
    r"(?P<z>第[一二三四五])个?[^,。]{0,16}(?:国家|实现|从|将)|(?P<z3>首次)在?(?:境外|海外|国外)[^,。]{0,8}(?:展|亮相)|(?P<z2>世界首次|人类首次|全球首次|世界初|3番目)|"
    r"\bpioneer(?P<p>ed) the (?:practice|idea|custom|tradition)",
    re.IGNORECASE,
)
_KINDS: Final = (
    ("display abroad", r"(?:display|exhibit|show)\w*\b[^.;]{0,60}\b(?:abroad|overseas|outside (?:of )?(?:mainland )?China|outside the country)|\b(?:abroad|overseas|foreign|outside (?:of )?(?:mainland )?China)\b[^.;]{0,40}\b(?:display|exhibit|show|host)\w*|海外展出|(?:境外|海外|国外)[^,。]{0,8}(?:展|亮相)|境外展|国外展"),
    ("gift", r"\b(?:gift(?:ing|ed|s)?|giv(?:e|ing) away|donat\w+|cadeau|offr\w+|verschenk\w*)\b|赠送"),
    ("far-side sample return", r"(?:(?:collect|retriev|return|br(?:ing|ought)|sampl|gather|recover|prél|rapport|sammel|zurück|rocks|soil|带回|采|取样|サンプル|持ち帰)[\s\S]*?(?:far side|dark side|facing away|far-side|face cachée|Rückseite|背面|月背|裏側))|(?:far side|far-side|dark side|背面|月背|裏側|face cachée|Rückseite)[\s\S]{0,60}?(?:sampl|rocks|soil|return|样|采|échantillon|Proben|持ち帰)"),
    ("far-side landing", r"(?:land|touch|set)[\s\S]*?(?:far side|dark side)|(?:far side|背面|裏側)[\s\S]{0,30}(?:land|着陆|软着陆|着陸)|face cachée|Rückseite"),
    ("robotic sample return", r"(?:自动|无人)[^,。]{0,8}(?:送回|带回|取回|返回)|(?:送回|带回|取回)[^,。]{0,12}(?:无人|自动)|\b(?:machine|robot\w*|automat\w+|uncrewed|unmanned|without (?:a )?crew)\b[\s\S]*\b(?:return|br(?:ing|ought)|retriev|collect|fetch)|\b(?:return|br(?:ing|ought)|retriev|collect)\w*\b[\s\S]*\b(?:robot\w*|automatically|uncrewed|unmanned)\b"),
    ("sample return", r"\b(?:return|br(?:ing|ought|inging)|retriev|collect|fetch|acquire|rapport|ramen|prélev|zurück\w*|sammel)\w*\b[\s\S]*?\b(?:moon|lunar|samples?|rocks?|Lune|lunaires?|Mond\w*)|采样返回|带回|取回|取得|采集|获取|持ち帰|sample[- ]return|\b(?:country|nation|power|club)\b[^.;]{0,50}\b(?:with|to (?:hold|have|own|possess|obtain|get|secure|acquire))\b[^.;]{0,30}\b(?:moon|lunar|samples?|rocks?)\b"),
)  # fmt: skip
_KIND_PATTERNS: Final = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in _KINDS]
_SINCE: Final = re.compile(
    r"\b(?:since|in (?:more than |over |nearly |almost )?(?:\d+|four|five|forty|fifty) (?:years|decades)|first (?:batch|round|samples? to be lent|paper|study|such (?!exhib|displ|show)|results?|Chinese|half)|for the first time since)\b|以来",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example("China thus became the third country to bring lunar samples home, after the United States and the Soviet Union.", ("rank(CN, sample return) 3 count",)),
    Example("Chang'e 4 was the first spacecraft to land on the far side of the Moon.", ("landing_side(CE-4, far side)", "rank(CE-4, far-side landing) 1 count")),
    Example("Luna 16 was the first robotic probe to return a sample from the Moon.", ("rank(Luna 16, robotic sample return) 1 count",)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the rank of a state or mission; "the first in 44 years" is none."""
    yield from _never_before(sentence, context)
    if _WANTED.search(sentence.text):
        return
    match = _NTH.search(sentence.text)
    if not match:
        yield from _first_of_its_kind(sentence, context)
    if not match or _SINCE.search(sentence.text[max(0, match.start() - 30) : match.end() + 80]):
        return
    found = match.groupdict()
    word = next(
        (found[g] for g in ("n", "m2", "o2", "f", "d", "z", "z2", "z3", "w", "s") if found.get(g)), "first"
    ).casefold()
    number = _ORDINALS.get(word) or (3 if word.startswith("3") else 1)
    tail = sentence.text[match.start() :]
    if _SO.search(tail):  # "..., making China the third country to do so": what was done stands before
        tail = sentence.text[: match.start()] + tail
    kind = next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(tail)), "")
    if not kind and number > 1 and context.material and _SO.search(tail):
        kind = "sample return"
    if not kind or (kind == "gift" and not re.search(r"moon|lunar|月", sentence.text, re.IGNORECASE)):
        return
    is_state = _STATE.search(sentence.text, match.start(), match.end()) is not None
    subject = (
        "CN"
        if kind == "display abroad"
        else _subject(sentence, match.start(), match.end(), context, is_state=is_state)
    )
    if subject and not (kind == "sample return" and number == 1 and subject.startswith(("CN", "CE"))):
        date = next((d.name for d in sentence.all("date") if kind == "gift"), "")
        yield Claim("rank", subject, kind, Quantity(Decimal(number), "count"), date, start=match.start())


_SO: Final = re.compile(
    r"\bto (?:succeed|follow|join them|do so|do that|do it|manage (?:it|that)|achieve (?:it|this|that|the feat)|pull (?:it|that) off)\b|\bsuch\b",
    re.IGNORECASE,
)
_WANTED: Final = re.compile(
    r"\b(?:wants?|hop(?:es?|ed|ing)|aim(?:s|ed|ing)?|plan(?:s|ned|ning)?|seek(?:s|ing)?|intend(?:s|ed)?|would like|dreams? of|set|due|about|race|bid) (?:to|of) (?:be|become|becoming|being)\b|\b(?:would|could|may|might) (?:then |thus |also )?(?:be|become)\b",
    re.IGNORECASE,
)
_STATE: Final = re.compile(r"\b(?:country|nation|state|power)\b", re.IGNORECASE)
# "No other mission had brought material from the far side before Chang'e 6"
_NEVER: Final = re.compile(
    r"\b(?:no|never(?P<ever> before)? had an?y?) (?:other |earlier |previous )?(?:\w+ )?(?:mission|country|nation|one|probe|spacecraft|craft|power|space agency|machine|robot|crew)\b(?P<what>[^.;]{5,120}?)(?:\b(?P<by>before|until|prior to) (?:the )?|$|[.;])",
    re.IGNORECASE,
)


def _never_before(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who did first what nobody had done before."""
    match = _NEVER.search(sentence.text)
    if not match:
        return
    kind = next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(match[0])), "")
    if match["ever"] and kind and context.mission:
        yield Claim("rank", context.mission, kind, Quantity(Decimal(1), "count"), start=match.start())
        return
    who = next((m for m in sentence.all("mission", "party") if match["by"] and m.start == match.end()), None)
    states = [m for m in sentence.all("party") if m.sort == "state" and m.end <= match.start()]
    if not match["by"] and states:  # "... has given China a distinction, no other state having ..."
        who = states[-1]
    if kind and who:
        yield Claim("rank", who.name, kind, Quantity(Decimal(1), "count"), start=match.start())


_FIRST: Final = re.compile(
    r"\bfirst(?:[- ]ever)?\b(?! (?:of|time|batch|paper|round|call|study|day|week|samples? to be))[^.;]{0,40}?\b(?:samples?|materials?|rocks?|soils?|crumbs?|grains?|specimens?|pieces?|landing|touchdown)\b|第一次|首次|头一回|首个|第一个|首度",
    re.IGNORECASE,
)
_FAR: Final = re.compile(
    r"far[- ]side|dark side|never (?:see|face)\w*|hidden (?:side|hemisphere)|(?:side|hemisphere)[^.;]{0,20} (?:facing|turned|faces) away|月背|月球背面",
    re.IGNORECASE,
)
_LANDS: Final = re.compile(r"\b(?:landing|touchdown|landed)\b|着陆|登陆", re.IGNORECASE)
_BRINGS: Final = re.compile(
    r"\b(?:br[io]\w+|return\w*|deliver\w*|fetch\w*|collect\w*|retriev\w*|recover\w*|haul\w*|carr\w+|came back|samples?|crumbs|grains)\b|采|取|带回|返回",
    re.IGNORECASE,
)


def _first_of_its_kind(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield "the first samples from the far side were delivered by Chang'e 6": whose mission it was, or China."""
    match = _FIRST.search(sentence.text)
    if not match or not _FAR.search(sentence.text) or _SINCE.search(sentence.text):
        return
    lands = _LANDS.search(match[0]) is not None or (
        not _BRINGS.search(sentence.text) and _LANDS.search(sentence.text)
    )
    if not lands and not _BRINGS.search(sentence.text):
        return
    missions = [m.name for m in sentence.all("mission") if m.sort == "mission"]
    who = missions[0] if missions else context.mission if context.mission.startswith("CE") else ""
    if who:
        kind = "far-side landing" if lands else "far-side sample return"
        yield Claim("rank", who, kind, Quantity(Decimal(1), "count"), start=match.start())


_BESIDE: Final = re.compile(
    r"\b(?:join(?:ed|s|ing)?|after|following|behind|alongside|besides|unlike|like|than)\s+(?:only )?(?:the )?$|[继除与]$",
    re.IGNORECASE,
)
_OPENS: Final = 6  # characters
_PROGRAMME: Final = re.compile(
    r"\s+(?:\w+ ){0,2}?(?:programme|program|agency|project|effort|campaign)\b", re.IGNORECASE
)
_IS_A: Final = re.compile(r"\s*(?:,|was|is|,? an?|the|robotic|uncrewed|automatic|\s)*", re.IGNORECASE)


def _named(sentence: Sentence, start: int, *, is_state: bool) -> list[Mark]:
    """Return who is named ahead, without those that somebody joins or follows; states alone where one is asked for."""
    marks = [
        m
        for m in sentence.all("mission", "party")
        if m.end <= start and (m.kind == "mission" or m.sort == "state")
    ]
    first = next((n for n, m in enumerate(marks) if _BESIDE.search(sentence.before(m, 20))), len(marks))
    marks = marks[:first] or marks
    states = [m for m in marks if m.kind == "party"]
    return states if is_state and states else marks


def _subject(sentence: Sentence, start: int, end: int, context: Context, *, is_state: bool) -> str:
    if any(m.sort == "state" for m in sentence.within(start, end, "party")):
        return ""  # "the second Chinese mission": its place among its own
    marks = _named(sentence, start, is_state=is_state)
    if marks:
        last = marks[-1]
        if (
            marks[0].start < _OPENS
            and marks[0].sort == "mission"
            and _PROGRAMME.match(sentence.text[last.end :])
        ):
            return marks[
                0
            ].name  # "Chang'e 6 was the sixth probe of the Chinese programme and the first to ..."
        named = marks[-2] if len(marks) > 1 and last.kind == "party" else None
        if (
            named
            and named.kind == "mission"
            and named.sort == "mission"
            and _IS_A.fullmatch(sentence.text[named.end : last.start])
        ):
            return named.name  # "Luna 16 was a Soviet probe that became the first ..."
        if (
            re.match(r"['\w]*\s*(?:\w+\s+){0,3}?(?:lunar|space|first)?", sentence.text[last.end : start])
            and last.kind == "mission"
            and last.sort == "programme"
        ):
            return marks[0].name if marks[0].kind == "party" else ""
        return last.name
    if re.search(r"\b(?:it|the (?:mission|probe|spacecraft))\b", sentence.text[:start], re.IGNORECASE):
        return context.mission
    ahead = [m for m in sentence.all("mission", "party") if m.start >= end and m.start - end < 30]
    return ahead[0].name if ahead and ahead[0].kind == "mission" else ""
