"""Who was first, second or third? rank of a state or mission in doing a thing for the n-th time ever."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading import lexicon
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.marks import Mark, Quantity, Sentence

_ORDINALS: Final = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "premier": 1, "première": 1,
    "deuxième": 2, "troisième": 3, "quatrième": 4, "erste": 1, "ersten": 1, "erstes": 1, "zweite": 2, "dritte": 3, "dritten": 3,
    "第一": 1, "首": 1, "第二": 2, "第三": 3, "第四": 4, "第五": 5, "世界初": 1, "初": 1, "3番目": 3, "2番目": 2,
}  # fmt: skip
_N: Final = r"(?:first|second|third|fourth|fifth|1st|2nd|3rd|4th)"
_DOERS: Final = (
    "country", "nation", "member", "state", "power", "government", "one", "space agency",
    "spacecraft", "probe", "mission", "craft", "machine", "robot", "lander", "flight", "crew",
    "showing", "exhibition", "display", "city", "place", "venue",
)  # fmt: skip
_THINGS: Final = r"(?:samples?|materials?|rocks?|soils?|grains?|crumbs?|specimens?|basalts?)"
_MAKERS: Final = r"(?:makes|made|making|become|becomes|became|becoming)"
_TAKING: Final = lexicon.either((
    r"return\w*", r"br[io]\w*ng\w*", "brought", r"retriev\w+", r"collect\w*", r"fetch\w*", r"acquir\w+", r"obtain\w*",
    r"gather\w*", r"sampl(?:ing|ed)",
    r"deliver\w*", r"carr\w+", r"haul\w*", r"recover\w*", r"get(?:ting)?", "got", r"pick\w* up", r"scoop\w*",
    r"prél\w+", r"rapport\w+", r"ramen\w+",
    r"sammel\w+", r"zurück\w*", r"h[eo]ld\w*",
))  # fmt: skip
# How an ordinal tells of a first, second or third ever; the group n... holds the ordinal.
_NTHS: Final = (
    rf"(?<!\b[Aa] )\b(?P<n>{_N})(?:-ever)?[ -](?:[\w']+[ -]){{0,3}}?{lexicon.either(_DOERS)}\b",  # "the third country"
    rf"\b(?P<n1>{_N})(?:,[^.;]{{3,60}},)? to\b",  # "the third, after the US and the USSR, to bring"
    rf"\b(?P<n2>{_N}) (?:\w+ ){{0,2}}?(?:in (?:the |human )?(?:world|history)|of its kind|ever\b)",  # "the first in history"
    rf"\b(?P<n3>{_N}) (?:in the (?:club|league|group|line)|on the list|after|behind)\b",  # "third in the club"
    rf"\b(?:came|comes|ranks?|was|were|finished) (?:the )?(?P<n4>{_N})(?=\W*$|[,;])",  # "America came first"
    rf"\b(?P<n5>{_N}) (?:\w+ )?{_THINGS} (?:that any (?:machine|robot|probe|country|spacecraft)|(?:ever |to be )?(?:\w+ed|"
    rf"brought|taken))\b",
    r"\b(?P<n8>first) (?:robotic |lunar |far[- ]side |uncrewed )*(?:sample[- ]return|landing)\b",
    r"\b(?P<n6>first)[ -](?:human-made|such (?=(?:exhibit|display|show)))",
    r"\b(?P<t2>first time) (?=[^.;]{0,60}(?:display|exhibit|show|gift|gave|given))",
    r"\b(?P<t>first time) (?:ever|in (?:\w+ |the )?history|that (?:any|a) (?:country|nation|mission|spacecraft))",
    r"\b(?:world|historic|global) (?P<w>first)\b",
    rf"\b(?:that|who) (?P<n7>first)(?= {_TAKING}\b)",  # "It was Luna 16 that first brought soil home"
    rf"\b{_MAKERS} (?:[\w']+ ){{1,3}}?the (?P<m>{_N})\b",  # "made China the third"
    rf"\bonly the (?P<o>{_N})\b",
    r"\b(?P<f>premier|première|deuxième|troisième|quatrième) (?:pays|nation|État|mission|sonde)",
    r"\b(?:das |als )(?P<d>erste|zweite|dritte)s? (?:Land|Nation|Sonde)",
    r"(?P<z>第[一二三四五])个?[^,。]{0,16}(?:国家|实现|从|将)",
    r"(?P<z3>首次)在?(?:境外|海外|国外)[^,。]{0,8}(?:展|亮相)",
    r"(?P<z2>世界首次|人类首次|全球首次|世界初|3番目)",
    r"\bpioneer(?P<p>ed) the (?:practice|idea|custom|tradition)",
)  # fmt: skip
_NTH: Final = re.compile("|".join(_NTHS), re.IGNORECASE)
_MAY: Final = re.compile(
    rf"\b{_N}\b|premi|deuxi|troisi|quatri|erste|zweite|dritte|[第首初]|番目|pioneered", re.IGNORECASE
)

_FAR_SIDE: Final = (
    r"(?:far[ -]side|dark side|(?:hidden|averted|unseen) (?:side|face|hemisphere)|facing away|never (?:see|faces)|"
    r"face cachée|Rückseite|背面|月背|裏側)"
)
_ROBOT: Final = r"\b(?:machine|robot\w*|automat\w+|uncrewed|unmanned|without (?:a )?crew)\b"
_ABROAD: Final = r"\b(?:abroad|overseas|foreign|outside (?:of )?(?:mainland )?China|outside the country|beyond its borders)\b"
_SHOWING: Final = r"(?:display|exhibit|show|host)\w*\b"
_MOON: Final = r"\b(?:moon|lunar|material|samples?|rocks?|Lune|lunaires?|Mond\w*)\b"
_OWNERS: Final = r"\b(?:with|to (?:hold|have|own|possess|secure))\b"
# What was done, by its words; the first that is met.
_KINDS: Final = (
    ("display abroad", (rf"{_SHOWING}[^.;]{{0,60}}{_ABROAD}", rf"{_ABROAD}[^.;]{{0,40}}{_SHOWING}", "海外展出|(?:境外|海外|国外)[^,。]{0,8}(?:展|亮相)")),
    ("gift", (r"\b(?:gift(?:ing|ed|s)?|giv(?:e|ing) (?:[^.;,]{3,30} )?away|presents? of|donat\w+|cadeau|offr\w+|verschenk\w*)\b|赠送",)),
    ("far-side sample return", (
        rf"(?:\b{_TAKING}\b|\brocks|\bsoil|带回|采|取样|サンプル|持ち帰)[\s\S]*?{_FAR_SIDE}",
        rf"{_FAR_SIDE}[\s\S]{{0,60}}?(?:sampl|rocks|soil|basalt|material|return|样|采|échantillon|Proben|持ち帰)",
    )),
    ("far-side landing", (
        rf"(?:land|touch|set|settle|reach)[\s\S]*?{_FAR_SIDE}", rf"{_FAR_SIDE}[\s\S]{{0,30}}(?:land|着陆|软着陆)", "face cachée|Rückseite",
    )),
    ("robotic sample return", (
        rf"{_ROBOT}[^;]*\b{_TAKING}\b", rf"\b{_TAKING}\b[^,;]*{_ROBOT}",
        "(?:自动|无人)[^,。]{0,8}(?:送回|带回|取回|返回)|(?:送回|带回|取回)[^,。]{0,12}(?:无人|自动)", rf"{_ROBOT}[^.;]{{0,10}}sample[- ]return",
    )),
    ("sample return", (
        rf"\b{_TAKING}\b[\s\S]*?{_MOON}", r"\bsample[- ]return", "采样返回|带回|取回|取得|采集|获取|持ち帰",
        rf"\b(?:country|nation|power|club)\b[^.;]{{0,50}}{_OWNERS}[^.;]{{0,30}}\b(?:moon|lunar|samples?|rocks?)\b",
    )),
)  # fmt: skip
_KIND_PATTERNS: Final = [(kind, re.compile("|".join(words), re.IGNORECASE)) for kind, words in _KINDS]
# "the first in 44 years", "the first batch": no first ever.
_SINCE: Final = re.compile(
    r"\b(?:since|in (?:more than |over |nearly |almost |some )?(?:\d+|four|five|forty|fifty) (?:years|decades)|"
    r"first (?:batch|round|samples? to be lent|paper|study|such (?!exhib|displ|show)|results?|Chinese|half)|for the first time since)\b|以来",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example(
        "China thus became the third country to bring lunar samples home, after the United States and the Soviet Union.",
        ("rank(CN, sample return) 3 count",),
    ),
    Example(
        "Chang'e 4 was the first spacecraft to land on the far side of the Moon.",
        ("landing_side(CE-4, far side)", "rank(CE-4, far-side landing) 1 count"),
    ),
    Example("Luna 16 was the first robotic probe to return a sample from the Moon.", ("rank(Luna 16, robotic sample return) 1 count",)),
    Example(
        "That flight made China the third, after America and the Soviet Union, to fetch lunar rocks.",
        ("rank(CN, sample return) 3 count",),
    ),
    Example(
        "First the Americans, then the Soviets, and third the Chinese: nobody else has brought moon rock home.",
        ("rank(US, sample return) 1 count", "rank(CN, sample return) 3 count"),
    ),
    Example(
        "The honour of being first to sample the far side went to Chang'e 6.",
        ("landing_side(CE-6, far side)", "rank(CE-6, far-side sample return) 1 count"),
    ),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield the rank of a state or mission; "the first in 44 years" is none."""
    yield from _only_before(sentence)
    if _NO.search(sentence.text):
        yield from _never_before(sentence, context)
    if not _MAY.search(sentence.text) or _WANTED.search(sentence.text):
        return
    listed = list(_in_order(sentence))
    if listed:
        yield from listed
        return
    found = list(_ranked(sentence, context))
    alone = not _NTH.search(sentence.text) or any(m.sort == "mission" for m in sentence.all("mission"))
    if not found and alone:
        found = list(_first_of_its_kind(sentence, context))
    yield from found


def _kind(text: str) -> str:
    return next((kind for kind, pattern in _KIND_PATTERNS if pattern.search(text)), "")


def _ranked(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who did a thing as the n-th: "the third country to bring samples home"."""
    matches = list(_NTH.finditer(sentence.text))
    for number, match in enumerate(matches, 1):
        end = matches[number].start() if number < len(matches) else len(sentence.text)
        if _SINCE.search(sentence.text[max(0, match.start() - 30) : match.end() + 80]):
            continue
        nth = _number(match)
        kind = _feat(sentence, match, end, nth, context)
        if not kind or (kind == "gift" and not re.search(r"moon|lunar|月", sentence.text, re.IGNORECASE)):
            continue
        subject = "CN" if kind == "display abroad" else _subject(sentence, match, context)
        chinese = subject.startswith(("CN", "CE"))
        if subject and not (kind == "sample return" and nth == 1 and chinese):
            date = _date(sentence, kind, context)
            yield Claim("rank", subject, kind, Quantity(Decimal(nth), "count"), date, start=match.start())


def _date(sentence: Sentence, kind: str, context: Context) -> str:
    """Return the day of a gift or a showing; "It is the first time ..." is said of the day told just before."""
    told = next((d.name for d in sentence.all("date")), "") if kind == "gift" else ""
    shown = kind == "display abroad" and context.material
    goes_on = shown and context.sentence - context.dated == 1 and _THIS.match(sentence.text)
    return told or (context.told[:7] if goes_on else "")


_THIS: Final = re.compile(r"(?:It|This|That) (?:is|was|marks?|marked)\b")


def _number(match: re.Match[str]) -> int:
    word = next((text for text in match.groupdict().values() if text), "first").casefold()
    return _ORDINALS.get(word) or (3 if word.startswith("3") else 1)


def _feat(sentence: Sentence, match: re.Match[str], end: int, number: int, context: Context) -> str:
    """Return what was done for the n-th time: told behind the ordinal, or before it where words point back."""
    text = sentence.text
    tail = text[match.start() : end]  # up to the next ordinal
    if _SO.search(tail):  # "..., making China the third country to do so"
        tail = text[: match.start()] + tail
    kind = _kind(tail)
    if kind.endswith("sample return") and _OTHER_FEAT.match(text, match.start()):
        return "far-side landing" if "far-side" in kind and "land" in tail else ""
    if not kind and context.material and _SO.search(tail):
        is_robot = _ROBOTS.search(match[0])
        return "robotic sample return" if is_robot else "sample return" if number > 1 else ""
    if not kind and _POINTS_BACK.match(text, match.end()):  # "In handing out stones, America came first."
        kind = _kind(text[: match.start()])
        goes_on = context.sentence - context.ranked == 1 and _WAS.search(text[: match.end()])
        return kind or (context.feat if goes_on else "")  # "... The Chinese were the third."
    return kind


_WAS: Final = re.compile(rf"\b(?:was|were|is|are|came) (?:only )?(?:the )?{_N}$")
_ROBOTS: Final = re.compile(_ROBOT, re.IGNORECASE)


# "the first to land people on the Moon, they gathered ..."
_OTHER_FEAT: Final = re.compile(
    rf"(?:the )?{_N}[^.;,]{{0,30}}? to (?:\w+ly )?(?:land|walk|fly|orbit|put|send|set foot|visit|photograph|receive|study|"
    rf"borrow|apply|see|touch)\b"
    rf"(?![^.;]{{0,60}}\b(?:and|to) {_TAKING}\b)",
    re.IGNORECASE,
)
# "The first to deliver them", "came first.", "the first of its kind", "the first ever taken there"
_POINTS_BACK: Final = re.compile(r"[^.;]{0,40}\b(?:them|it|that|there|so)\b|\W*$|[,;]|[^.;]{0,12}$")
_SO: Final = re.compile(
    r"\bto (?:succeed|follow|join them|do so|do that|do it|have done (?:so|it|that)|manage (?:it|that)|achieve (?:it|this|"
    r"that|the feat)|pull (?:it|that) off)\b|\bsuch\b",
    re.IGNORECASE,
)
_WISHES: Final = (
    r"(?:wants?|hop(?:es?|ed|ing)|aim(?:s|ed|ing)?|plan(?:s|ned|ning)?|seek(?:s|ing)?|intend(?:s|ed)?|"
    r"would like|dreams? of|set|due|about|race|bid)"
)
_WANTED: Final = re.compile(
    rf"\b{_WISHES} (?:to|of) (?:be|become|becoming|being)\b|\b(?:would|could|may|might) (?:then |thus |also )?(?:be|become)\b",
    re.IGNORECASE,
)
_STATE: Final = re.compile(r"\b(?:country|nation|state|power)\b", re.IGNORECASE)
_PLACE: Final = re.compile(rf"\b(?P<n>{_N})(?: came| come| were| was)?,? (?:the )?$", re.IGNORECASE)


_PLACED: Final = re.compile(
    rf",? (?:was |were |came |is )?(?:only )?the (?P<n>{_N})(?=[,.;]| to\b)", re.IGNORECASE
)


def _in_order(sentence: Sentence) -> Iterator[Claim]:
    """Yield states that are told in their order: "First the Americans, second the Soviets and third the Chinese"."""
    found = []
    for mark in sentence.all("party"):
        match = _PLACE.search(sentence.before(mark, 24))
        match = match or _PLACED.match(sentence.text, mark.end)  # "and China the third"
        if match and mark.sort == "state":
            found.append((mark, _ORDINALS[match["n"].casefold()]))
    if len(found) < len(("one", "other")):
        return
    kind = _kind(sentence.text)
    for mark, number in found if kind else ():
        yield Claim(
            "rank", mark.name, kind, Quantity(Decimal(number), "count"), start=mark.start, end=mark.end
        )


_NO: Final = re.compile(r"\b[Nn](?:o|ever) ")
# "No other mission had brought material from the far side before Chang'e 6"
_NEVER: Final = re.compile(
    r"\b(?:no(?! one else)|never(?P<ever> before)? had an?y?) (?:other |earlier |previous )?(?:\w+ )?"
    r"(?:mission|country|nation|one|probe|spacecraft|craft|power|space agency|machine|robot|crew)\b"
    r"(?P<what>[^.;]{5,120}?)(?:\b(?P<by>before|until|prior to) (?:the )?|$|[.;])",
    re.IGNORECASE,
)


# "Only two nations had obtained samples before China did", "Before Chang'e 6, nobody had brought anything back"
_ONLY: Final = re.compile(
    r"\bonly (?P<n>one|two|three|the (?:US|United States|Americans?) and) [^.;]{3,90}?\bbefore (?:the )?(?=[A-Z])",
    re.IGNORECASE,
)
_BEFORE: Final = re.compile(
    r"\b(?:before|until|prior to) (?P<who>[^,.;]{3,30}),? (?:nobody|no one|nothing|no (?:\w+ )?(?:mission|country|nation|"
    r"probe|craft|state)|none)\b"
    r"[^.;]{5,90}",
    re.IGNORECASE,
)
_ONE_MORE: Final = {"one": 2, "two": 3, "three": 4}


def _only_before(sentence: Sentence) -> Iterator[Claim]:
    """Yield the rank of the one before whom so many, or nobody, had done it."""
    marks = sentence.all("mission", "party")
    only = _ONLY.search(sentence.text)
    if only and (kind := _kind(only[0])):
        who = next((m for m in marks if m.start == only.end()), None)
        nth = _ONE_MORE.get(only["n"].casefold(), 3)
        if who:
            yield Claim("rank", who.name, kind, Quantity(Decimal(nth), "count"), start=only.start())
    nobody = _BEFORE.search(sentence.text)
    if nobody and not _SINCE.search(nobody[0]) and (kind := _kind(nobody[0])):
        who = next((m for m in marks if nobody.start("who") <= m.start < nobody.end("who")), None)
        if who:
            yield Claim("rank", who.name, kind, Quantity(Decimal(1), "count"), start=nobody.start())


def _never_before(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who did first what nobody had done before."""
    match = _NEVER.search(sentence.text)
    if not match:
        return
    kind = _kind(match[0])
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
    rf"\bfirst(?:[- ]ever)?\b(?! (?:of|time|batch|paper|round|call|study|day|week|"
    rf"samples? to be))[^.;]{{0,40}}?\b(?:{_THINGS}|pieces?|landing|touchdown|sampling)\b|"
    r"\bfirst(?= (?:ever|in (?:human )?history))|\bnever before\b|第一次|首次|头一回|首个|第一个|首度",
    re.IGNORECASE,
)
_FAR: Final = re.compile(
    r"far[- ]side|dark side|never (?:see|face)\w*|hidden (?:side|hemisphere)|averted (?:side|face)|"
    r"(?:side|hemisphere)[^.;]{0,20} (?:facing|turned|faces) away|月背|月球背面",
    re.IGNORECASE,
)
_LANDS: Final = re.compile(r"\b(?:landing|touchdown|landed)\b|着陆|登陆", re.IGNORECASE)
_BRINGS: Final = re.compile(rf"\b(?:{_TAKING}|came (?:back|home)|{_THINGS})\b|采|取|带回|返回", re.IGNORECASE)


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
    r"\b(?:join(?:ed|s|ing)?|follow(?:s|ed)?|after|following|behind|alongside|besides|unlike|like|than)\s+(?:only )?(?:the )?$|[继除与]$",
    re.IGNORECASE,
)
_OPENS: Final = 6  # characters
_PROGRAMME: Final = re.compile(
    r"\s+(?:\w+ ){0,2}?(?:programme|program|agency|project|effort|campaign)\b", re.IGNORECASE
)
_IS_A: Final = re.compile(r"\s*(?:,|was|is|,? an?|the|robotic|uncrewed|automatic|\s)*", re.IGNORECASE)
_OF_PROGRAMME: Final = re.compile(r"['\w]*\s*(?:\w+\s+){0,3}?(?:lunar|space|first)?")
_IT: Final = re.compile(r"\b(?:it|the (?:mission|probe|spacecraft))\b", re.IGNORECASE)
_GOES_TO: Final = re.compile(r"\b(?:belongs?|belonged|went|goes|fell|falls) to (?:the )?$")
_BY_SAYER: Final = re.compile(r"\b[Ww]e (?:are|were|became|have become)\b")


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


def _subject(sentence: Sentence, match: re.Match[str], context: Context) -> str:
    """Return who is told to be the n-th; empty where it is a place among its own: "the second Chinese mission"."""
    start, end = match.span()
    inside = [m for m in sentence.within(start, end, "party") if m.sort == "state"]
    if inside:
        return inside[0].name if match["m"] else ""  # "made China the third"
    if _AMONG_ITS_OWN.search(sentence.text[:start]):
        return ""  # "India's first sample return"
    marks = sentence.all("mission", "party")
    if to := next(
        (m for m in marks if m.start >= end and _GOES_TO.search(sentence.text[end : m.start])), None
    ):
        return to.name
    if _BY_SAYER.search(sentence.text[:start]):
        return next(
            (m.state or m.name for m in sentence.all("party") if m.start >= end and m.sort != "place"), ""
        )
    is_state = _STATE.search(sentence.text, start, end) is not None
    if named := _named(sentence, start, is_state=is_state):
        return _of_named(sentence, named, start)
    if _IT.search(sentence.text[:start]):
        return context.mission if not is_state else _only(context.states)
    return _named_behind(sentence, match, is_state=is_state)


def _named_behind(sentence: Sentence, match: re.Match[str], *, is_state: bool) -> str:
    """Return the n-th that is named behind the ordinal: "The third country to do so was China"."""
    start, end = match.span()
    if is_state and start < _OPENS:  # "The third country to do so was China"
        behind = [m for m in sentence.all("party") if m.start >= end and m.sort == "state"]
        behind = [m for m in behind if re.search(r"\b(?:is|was)\b", sentence.text[end : m.start])]
        if behind:
            return behind[0].name
    if is_state and _IN_BECOMING.match(sentence.text):
        behind = [
            m for m in sentence.all("party") if m.sort == "state" and _COMMA.search(sentence.before(m, 8))
        ]
        return behind[-1].name if behind else ""
    if match["n3"]:  # "Third in the club, after America, China ..."
        behind = [m for m in sentence.all("party") if m.start >= end and m.sort == "state"]
        return behind[-1].name if behind and "," in sentence.text[end : behind[-1].start] else ""
    near = [m for m in sentence.all("mission", "party") if m.start >= end and m.start - end < _CLOSE]
    return near[0].name if near and near[0].kind == "mission" else ""


_AMONG_ITS_OWN: Final = re.compile(
    r"(?<!world's)(?<!humanity's)(?<!mankind's)(?<!history's)(?<=(?:'s|ts|ir|ur)) (?:own |very )?$"
)
# "In becoming the second nation to return samples, the Soviets had used a robot"
_IN_BECOMING: Final = re.compile(r"(?:In|By) (?:thus )?becoming\b|As the ")
_COMMA: Final = re.compile(r", (?:the )?$")
_CLOSE: Final = 30  # characters


def _only(states: tuple[str, ...]) -> str:
    return states[0] if len(states) == 1 else ""


def _of_named(sentence: Sentence, marks: list[Mark], start: int) -> str:
    """Return which of those named ahead of an ordinal it is said of: mostly the last."""
    last = marks[-1]
    opens = marks[0].start < _OPENS and marks[0].sort == "mission"
    if opens and _PROGRAMME.match(sentence.text[last.end :]):
        return marks[0].name  # "Chang'e 6 was the sixth probe of the Chinese programme and the first to ..."
    named = marks[-2] if len(marks) > 1 and last.kind == "party" else None
    if named and named.sort == "mission" and _IS_A.fullmatch(sentence.text[named.end : last.start]):
        return named.name  # "Luna 16 was a Soviet probe that became the first ..."
    if last.sort == "programme" and _OF_PROGRAMME.match(sentence.text[last.end : start]):
        return marks[0].name if marks[0].kind == "party" else ""
    return last.name
