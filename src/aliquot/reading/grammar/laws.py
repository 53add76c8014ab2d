"""Which law, since when, to what effect? law_enacted, law_effect; and how many joined: membership_count, persons_on_moon."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames
from aliquot.reading.marks import Mark, Quantity, Sentence

_WOLF: Final = re.compile(
    r"\bWolf (?:Amendment|clause|law|rule)\b|沃尔夫(?:条款|修正案)|ウルフ(?:条項|修正)|amendement Wolf|Wolf-(?:Klausel|Zusatz|Amendment)",
    re.IGNORECASE,
)
_LAW: Final = re.compile(
    r"\b(?:laws?|legislation|act of congress|statute|amendment|regulations?|loi|législation|Gesetz\w*|spending bill|appropriations? (?:act|bill))\b|法律|法案|修正案|条款|法",
    re.IGNORECASE,
)
_PROCEDURES: Final = re.compile(
    r"\b(?:Procedures for Requesting Lunar Samples|Lunar Sample Management (?:Measures|Regulations|Rules)|(?:rules|regulations|measures|procedures)\b[^.;]{0,40}\b(?:lunar|moon) samples?)\b|月球样品管理办法",
    re.IGNORECASE,
)
_RESTRICTS: Final = re.compile(
    r"\b(?:all but impossible|(?:more )?difficult|complicat\w+|discourag\w+|imped\w+|obstruct\w*|stands? in the way|restrict\w*|limit(?:s|ed|ing)?|curb\w*|constrain\w*|hamper\w*|inhibit\w*|hinder\w*|restreint\w*|limite\w*|beschränk\w*|einschränk\w*)\b|限制|制限",
    re.IGNORECASE,
)
_BARS: Final = re.compile(
    r"\b(?:ban(?:s|ned|ning)?|bar(?:s|red|ring)?|prohibit(?:s|ed|ing)?|forbid(?:s|den|ding)?|forbade|block(?:s|ed)|prevent(?:s|ed|ing)?|preclud\w+|outlaw\w*|rul(?:es?|ed|ing) out|cannot (?:\w+ )?(?:work|cooperate|collaborate|deal)|shut(?:s|ting)? (?:\w+ ){1,3}out|off[- ]limits|stop(?:s|ped) NASA|(?:keeps?|kept|keeping|stop(?:s|ped)?) (?:NASA|the agency|them|it|(?:US|American) \w+|Americans) from|interdit\w*|interdisant|verbiet\w*|verbot\w*|untersag\w*)\b|禁止|不得|禁じ",
    re.IGNORECASE,
)
_UNLESS: Final = re.compile(
    r"\b(?:without|unless|absent|except)\b[^.;]{0,60}\b(?:approv\w+|authori[sz]\w+|permission|consent|certif\w+|waiver|Congress\w*|FBI)|\bsans\b[^.;]{0,40}\b(?:autorisation|accord)|\bohne\b[^.;]{0,40}(?:Zustimmung|Genehmigung)|除非|未经",
    re.IGNORECASE,
)
_NEEDS: Final = re.compile(
    r"\b(?:needs?|requires?|must (?:first )?(?:have|obtain|seek|get|ask)|has to (?:have|obtain|seek|get|ask))\b[^.;]{0,50}\b(?:consent|approv\w+|permission|authori\w+|leave|certif\w+|waiver)\b",
    re.IGNORECASE,
)
_ABSOLUTE: Final = re.compile(
    r"\b(?:in any way|in any form|any (?:and all )?(?:kind of )?(?:cooperation|collaboration|contact)|all (?:cooperation|collaboration|contact)|entirely|completely|altogether|outright|categorically|under any circumstances|totally)\b|任何形式|一切|完全",
    re.IGNORECASE,
)
_NASA_CHINA: Final = re.compile(
    r"\b(?:NASA|Beijing|Chin(?:a|ese)|Chine|chinois\w*)\b|美国|中国|航天局", re.IGNORECASE
)
_US: Final = re.compile(
    r"\b(?:U\.?S\.?|United States|America\w*|Congress\w*|NASA|lawmakers|US-amerikanisch\w*|américain\w*)\b|美国|米国|国会",
    re.IGNORECASE,
)
_COOPERATION: Final = re.compile(
    r"\b(?:cooperat\w+|co-operat\w+|collaborat\w+|working with|work(?:s)? with|joint|bilateral\w*|access|samples?|engag\w+|contacts?|deal(?:s|ing|ings)?|projects?|ties|scientific|coopér\w*|collabor\w*|Zusammenarbeit|zusammenarbeit\w*|kooperier\w*|partner\w*|scientists)\b|合作|协作|交流|協力",
    re.IGNORECASE,
)
_MEMBERS: Final = re.compile(
    r"\b(?:part(?:y|ies) to|takes? part|taking part|participat\w+|put (?:their|its) names?|acceded|accession|signator\w+|sign(?:ed|ees)|members?|member (?:states|nations|countries)|partners?|participants|joined|nations?|countr(?:y|ies)|adherents|signataires|pays|Unterzeichner\w*|Staaten|Mitglied\w*)\b|签署|加入|成员|署名|加盟|国",
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    r"\b(?:number of (?:signator\w+|members?|participants|nations|countries)\b[^.;]{0,40}?(?:to|at|is|was|stands at|reached|now)|(?:roll|list|tally|membership)\b[^.;]{0,30}? (?:to|at|of)) (?P<k>\d{2})\b|\b(?P<nth>\d{2})(?:st|nd|rd|th) (?:country|nation|state|signatory|member)\b|\b(?P<n>\d{2})(?: \w+){0,2}? (?:signator\w+|members?|partners|signataires|Unterzeichner\w*|participants|member \w+)"
)
_JOINING: Final = ("countries", "states", "institutions")
_JOINS: Final = re.compile(
    r"signator|part(?:y|ies) to|takes? part|participat|put (?:their|its) names?|acced|sign|member|join|partner|adher|签署|加入|成员|署名|加盟|Unterzeichn|Mitglied",
    re.IGNORECASE,
)
_FAR: Final = 160
_BODIES: Final = (
    (
        "Artemis Accords",
        re.compile(
            r"Artemis Accords?|Accords? Artemis|Artemis-(?:Abkommen|Vereinbarung)\w*|the Accords\b|阿尔忒弥斯协[定议]|アルテミス(?:合意|協定)",
            re.IGNORECASE,
        ),
    ),
    (
        "ILRS",
        re.compile(
            r"\bILRS\b|International Lunar Research Station|Station (?:internationale )?de recherche lunaire|国际月球科研站|国際月面研究ステーション",
            re.IGNORECASE,
        ),
    ),
)
_WALKED: Final = re.compile(
    r"\b(?:walked|stood|set foot|been) (?:up )?there\b|\bleft (?:their )?(?:foot|boot)prints\b|\b(?:walk(?:ed)?|set foot|stood|stepped|landed|been|marché|betreten|standen)\b[^.;]{0,30}\b(?:on|sur|auf)\b[^.;]{0,24}\b(?:moon|lunar|Lune|Mond)\b|登月|登上月球|月面を歩|月に降り立",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example("The Wolf Amendment, passed by Congress in 2011, bars NASA from bilateral cooperation with China unless Congress is told.", ("law_enacted(Wolf Amendment, US) 2011", "law_effect(Wolf Amendment, bars unless authorised)")),
    Example("A 2011 American law prohibits NASA from working with China in any way.", ("law_enacted(Wolf Amendment, US) 2011", "law_effect(Wolf Amendment, bars absolutely)")),
    Example("The Artemis Accords now have 56 signatories.", ("membership_count(Artemis Accords) 56 count",)),
    Example("Only twelve people have ever walked on the Moon.", ("persons_on_moon(Apollo) 12 count",)),
)  # fmt: skip


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield laws with date and effect, members of the two frameworks, and those who walked on the Moon."""
    yield from _law(sentence, context)
    yield from _members(sentence)
    yield from _walkers(sentence)


def which(sentence: Sentence, context: Context) -> str:
    """Return the law that a sentence speaks of."""
    text = sentence.text
    if _WOLF.search(text):
        return "Wolf Amendment"
    if _PROCEDURES.search(text):
        return "Procedures for Requesting Lunar Samples"
    if _LAW.search(text) and _US.search(text) and _NASA_CHINA.search(text) and _COOPERATION.search(text):
        return "Wolf Amendment"
    if (
        re.search(r"\bNASA\b|\b(?:its|America's|American|US|U\.S\.|the) space agency\b", text)
        and (_BARS.search(text) or _UNLESS.search(text))
        and re.search(r"\bChin(?:a|ese)\b|\bBeijing\b", text)
        and _COOPERATION.search(text)
    ):
        return "Wolf Amendment"
    if context.law and re.search(
        r"\b(?:the|this|that) (?:law|amendment|legislation|measure|rule|ban|restriction)\b",
        text,
        re.IGNORECASE,
    ):
        return context.law
    return ""


def _law(sentence: Sentence, context: Context) -> Iterator[Claim]:
    law = which(sentence, context)
    if not law:
        return
    text = sentence.text
    mention = _WOLF.search(text) or _PROCEDURES.search(text) or _LAW.search(text) or _BARS.search(text)
    at = mention.start() if mention else 0
    date = min(sentence.all("date"), key=lambda d: abs(d.start - at), default=None)
    if date and mention and abs(date.start - at) < 90 and _enacts(text, date, law):
        yield Claim(
            "law_enacted",
            law,
            "CN" if law.startswith("Procedures") else "US",
            date=date.name,
            start=date.start,
            end=date.end,
        )
    effect = _effect(text)
    if effect and law == "Wolf Amendment":
        yield Claim("law_effect", law, effect, start=at, hedge="")


def _enacts(text: str, date: Mark, law: str) -> bool:
    around = text[max(0, date.start - 60) : date.end + 90]
    if (
        law == "Wolf Amendment"
        and not "2010" <= date.name[:4] <= "2013"
        and not re.search(r"\b(?:passed|enacted|adopted|approved|introduced)\b", around)
    ):
        return False
    return bool(
        _LAW.search(around)
        or re.search(
            r"\b(?:passed|enacted|adopted|approved|issued|introduced|in force|t(?:ook|akes?) effect|c(?:ame|omes?) into (?:force|effect)|enter(?:ed|s)? into (?:force|effect)|signed into law|on the books|became effective|since|published|voted|dating|depuis|seit|Wolf)\b|通过|颁布|实施|施行|成立|印发",
            around,
            re.IGNORECASE,
        )
    )


def _effect(text: str) -> str:
    bars = _BARS.search(text)
    if bars and _NASA_CHINA.search(text):
        if _UNLESS.search(text):
            return "bars unless authorised"
        return "bars absolutely" if _ABSOLUTE.search(text) else "bars"
    if _NEEDS.search(text) and _NASA_CHINA.search(text):
        return "bars unless authorised"
    restricts = _RESTRICTS.search(text)
    if restricts and _NASA_CHINA.search(text):
        return "bars unless authorised" if _UNLESS.search(text) else "restricts"
    if (
        _UNLESS.search(text)
        and _NASA_CHINA.search(text)
        and re.search(r"\b(?:cannot|can not|may not|must)\b", text)
    ):
        return "bars unless authorised"
    return ""


def _members(sentence: Sentence) -> Iterator[Claim]:
    counts = [(m.start, m.end, m.quantity) for m in sentence.all("count") if m.name in _JOINING]
    for match in _BARE.finditer(sentence.text):
        read = numerals.read(match["n"] or match["k"] or match["nth"])
        if read and not any(start <= match.start() < end for start, end, _ in counts):
            bound = quantities.bound(sentence.text[max(0, match.start() - 30) : match.start()])
            counts.append((match.start(), match.end(), Quantity(read[0], "count", read[1], bound)))
    bodies = [(name, found.start()) for name, pattern in _BODIES if (found := pattern.search(sentence.text))]
    if len(bodies) == len(counts) > 1:  # "56 are parties to the Accords, seventeen take part in the Station"
        pairs = zip(
            sorted(bodies, key=lambda body: body[1]), sorted(counts, key=lambda one: one[0]), strict=True
        )
        if _JOINS.search(sentence.text):
            yield from (
                Claim("membership_count", name, quantity=one[2], start=one[0], end=one[1])
                for (name, _), one in pairs
            )
        return
    for name, at in bodies:
        gaps = {one: abs(one[0] - at) + 100 * frames.crosses(sentence, one[0], at) for one in counts}
        near = min(gaps, key=lambda one: gaps[one], default=None)
        if near is None or gaps[near] >= _FAR or not _MEMBERS.search(sentence.text[near[0] : near[1] + 40]):
            continue
        taken = len(counts) == 1 and any(
            abs(near[0] - other) < abs(near[0] - at) for _, other in bodies if other != at
        )
        if not taken and _JOINS.search(sentence.text):
            yield Claim("membership_count", name, quantity=near[2], start=near[0], end=near[1])


_NUMBER_OF: Final = re.compile(
    rf"\bnumber of (?:people|humans|men|astronauts|persons)\b[^.;]*? (?:is|was|remains|stands at|still) (?P<n>{numerals.COUNTING})",
    re.IGNORECASE,
)


def _walkers(sentence: Sentence) -> Iterator[Claim]:
    if not _WALKED.search(sentence.text) or re.search(r"\b(?:will|plans?|hopes?|aims?)\b", sentence.text):
        return
    counts = [
        m for m in sentence.all("count") if m.name == "persons" and m.quantity and 2 < m.quantity.value < 40
    ]
    bare = _NUMBER_OF.search(sentence.text)
    read = numerals.read(bare["n"]) if bare and not counts else None
    if bare and read:
        yield Claim("persons_on_moon", "Apollo", quantity=Quantity(read[0], "count"), start=bare.start())
    if counts:
        yield Claim(
            "persons_on_moon", "Apollo", quantity=counts[0].quantity, start=counts[0].start, end=counts[0].end
        )
