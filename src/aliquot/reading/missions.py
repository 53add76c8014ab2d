"""Which missions, programmes and samples does a sentence name? In the normal form of the contract: CE-5, Apollo 11."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import lexicon, numerals
from aliquot.reading.marks import Mark

_ROMAN: Final = {"1": "I", "2": "II", "3": "III", "4": "IV", "5": "V", "6": "VI"}
_CE: Final = r"(?:Chang\s?'?\s?[eé]|Chang'E|CE(?=-?\d)|嫦娥)"
_AND: Final = r"\s*(?:,|and|und|et|或|和|、|と|及|&|or|,\s*and)\s*"
_SPELT: Final = {
    "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "eleven": 11, "twelve": 12, "thirteen": 13,
    "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "twenty": 20, "twenty-four": 24, "xi": 11, "xii": 12, "xiv": 14, "xv": 15, "xvi": 16, "xvii": 17,
}  # fmt: skip
_N_SPELT: Final = (
    r"\d{1,2}|[一二三四五六七八九十]{1,3}|(?i:"
    + "|".join(sorted(_SPELT, key=len, reverse=True))
    + r")\b(?! (?:missions|landings|crews|flights|astronauts|samples))"
)
# A list such as "Apollo 11, 12 and 14" or "嫦娥五号、六号" names each mission.
_NUMBERED: Final = (
    (
        "CE",
        re.compile(
            rf"{_CE}[\s'-]*(?:No\.?\s*|number )?(?P<n>{_N_SPELT})(?!\d|[.,]\d|\s?(?:kg|"
            rf"grams))号?(?P<more>(?:{_AND}(?:{_CE})?[\s-]*(?:\d|[一二三四五六七八])(?![\d]|[.,]\d|\s?(?:kg|g|grams|kilograms|"
            rf"pounds|lb|countries|institutions|nations)\b)号?)*)",
            re.IGNORECASE,
        ),
    ),
    (
        "Apollo",
        re.compile(
            rf"(?:Apollo|阿波罗|アポロ)[\s-]*(?P<n>{_N_SPELT})(?!\d)[号號]?(?P<more>(?:{_AND}(?:Apollo|阿波罗)?[\s-]*(?:1[1-7]|"
            rf"十[一二四五六七])(?!\d|\s*(?:kg|countries|states|nations|grams|pieces))[号號]?)*)"
        ),
    ),
    (
        "Luna",
        re.compile(
            rf"(?:Luna|Lunik|月球|ルナ)[\s-]*(?P<n>\d{{1,2}}|[Ss]ixteen\b|[Tt]wenty-four\b|[Tt]wenty\b)(?!\d|[.,]\d|"
            rf"\s?[年月克公])[号號]?(?P<more>(?:{_AND}(?:Luna|月球)?[\s-]*(?:16|20|24)(?!\d)[号號]?)*)"
        ),
    ),
    (
        "Chandrayaan",
        re.compile(r"(?:Chandrayaan|月船|チャンドラヤーン)[\s-]*(?P<n>[1-6一二三四五六])号?(?P<more>)"),
    ),
)
_BY_YEAR: Final = re.compile(
    r"\b[Tt]he (?P<y>2020|2024) (?:Chinese )?(?:lunar |sample[- ]return |robotic )*(?:mission|probe|flight)\b"
)
_ARTEMIS: Final = re.compile(r"Artemis[\s-]*(?P<n>VI|IV|V|I{1,3}|[1-6])(?![\w])")
_MASS: Final = r"\s?(?:kg|g|kilo\w*|grams?|lbs?|pounds?)\b"
# What may follow the bare name of a programme: "the Chang'e hauls".
_FLEET: Final = lexicon.either((
    r"program\w*", "project", "missions", "flights", "spacecraft", "probes", "robots", "landers", "lunar", "samples", "hauls?", "totals?",
    "collections?", "stock", "series", "fleet", "figure",
))  # fmt: skip
_PROGRAMMES: Final = (
    (
        "Apollo",
        re.compile(
            rf"(?:Apollo(?![a-z])|阿波罗|アポロ)(?!\s?\d(?![\d.,]*{_MASS})|\s*\(| (?:[Cc]rater|[Bb]asin)|盆地|环形山|撞击坑|・?クレーター|・?盆地)"
        ),
    ),
    (
        "Luna",
        re.compile(rf"(?<!Project )\bLuna(?:s|'s|-)?(?!\w|\s?-?\d(?![\d.,]*{_MASS}))|月球号|ルナ(?=計画|の)"),
    ),
    (
        "CE",
        re.compile(
            rf"Chang'?e(?:'s)?(?=\"?,?\"? {_FLEET}| \d[\d.,]*{_MASS}|,? (?:has|have) (?:brought|returned|collected))|"
            rf"(?<=Luna and )Chang'?e\b|(?<=Apollo and )Chang'?e\b|嫦娥(?=工程|计划|計画|系列)",
            re.IGNORECASE,
        ),
    ),
)
_SAMPLES: Final = (
    re.compile(
        r"\b(?:Genesis Rock|Great Scott|Big Muley|Big Bertha|Seatbelt Rock|Troctolite 76535)\b(?!,? ?\(?(?:sample )?\d{5})"
    ),
    re.compile(
        r"(?:Lunar |Moon )?[\"']?Sample[\"']?\s*(?:No\.?\s*|Number\s*|#\s*)?(?P<n>0\d\d)\b[\"']?",
        re.IGNORECASE,
    ),
    re.compile(
        r"月球?样品(?:第)?(?P<n>0\d\d)号?|(?<!\d)(?P<m>0\d\d)号(?=的?样品|月球?样品)|样品(?P<o>0\d\d)号"
    ),
    re.compile(
        r"\b(?P<s>[167]\d{4}(?:,\s?\d{1,4})?|CE[56][A-Z]\d{4,}\w*)\b(?!\s*(?:people|visitors|euros|dollars|km|kilomet|%))"
    ),
)


def _number(text: str) -> int:
    if text.casefold() in _SPELT:
        return _SPELT[text.casefold()]
    return int(text) if text.isdigit() else numerals.chinese(text)


def missions(text: str) -> Iterator[Mark]:
    """Yield each mission, then each programme; sorts are mission and programme."""
    numbered = [
        mark
        for name, pattern in _NUMBERED
        for match in pattern.finditer(text)
        for mark in _listed(name, match)
    ]
    if re.search(r"アポロ|阿波罗", text):  # "アポロの石 ... 11号と17号"
        bare = re.finditer(r"(?<!\d)1[1-7](?=号)", text)
        numbered += [
            _mission("Apollo", int(m[0]), m.start(), m.end() + 1)
            for m in bare
            if not _meets(m.start(), numbered)
        ]
    if not numbered:  # "the 2020 mission"
        numbered = [
            _mission("CE", {"2020": 5, "2024": 6}[match["y"]], *match.span())
            for match in _BY_YEAR.finditer(text)
        ]
    yield from numbered
    for match in _ARTEMIS.finditer(text):
        yield Mark("mission", *match.span(), f"Artemis {_ROMAN.get(match['n'], match['n'])}", "mission")
    for name, pattern in _PROGRAMMES:
        named = (match.span() for match in pattern.finditer(text) if not _meets(match.start(), numbered))
        yield from (Mark("mission", start, end, name, "programme") for start, end in named)


def _meets(at: int, marks: list[Mark]) -> bool:
    return any(mark.start <= at < mark.end for mark in marks)


def _listed(name: str, match: re.Match[str]) -> Iterator[Mark]:
    """Yield the mission of a match and those that a list goes on with: "Apollo 11, 12 and 14"."""
    text = match.string
    yield _mission(
        name,
        _number(match["n"]),
        match.start(),
        match.end("n") + text.startswith(("号", "號"), match.end("n")),
    )
    for more in re.finditer(r"\d{1,2}|[一二三四五六七八九十]{1,3}", match["more"] or ""):
        at = match.start("more")
        yield _mission(name, _number(more[0]), at + more.start(), at + more.end())


def _mission(name: str, number: int, start: int, end: int) -> Mark:
    dash = "-" if name in ("CE", "Chandrayaan") or (name == "Luna" and number > 24) else " "
    return Mark("mission", start, end, f"{name}{dash}{number}", "mission")


def samples(text: str) -> Iterator[Mark]:
    """Yield each sample that has a number or a name."""
    numbered = bool(re.search(r"\b[167]\d{4}\b", text))
    for pattern in _SAMPLES[numbered:]:  # a rock with a number and a name goes by its number
        for match in pattern.finditer(text):
            found = match.groupdict()
            number = next((found[key] for key in ("n", "m", "o") if found.get(key)), "")
            yield Mark("sample", *match.span(), f"Lunar Sample {number}" if number else match[0])


# The years in which the missions of a family flew, with a margin for what a text may have wrong.
_FLEW: Final = {"Apollo": (1960, 1978), "Luna": (1955, 1982), "CE": (2004, 2045)}


def may_fly_in(mission: str, year: int) -> bool:
    """Whether a mission may have flown in a year, or have been told of so by mistake: Luna 24 never in 2020."""
    first, last = _FLEW.get(re.split(r"[- ]", mission)[0], (0, 9999))
    return first <= year <= last


# "the first fresh lunar material since Luna 24": what is spoken of stays what it was.
_IN_PASSING: Final = re.compile(
    r"\b(?:since|than|unlike|like|beside|besides|compared (?:with|to)|as (?:did|had)|depuis|que|comme|seit|als|wie)\s+(?:the |that of |those of |its |any from |samples from |la |le )*(?:[\w-]+ ){0,2}$",
    re.IGNORECASE,
)


_GOES_ON: Final = re.compile(r"[^.;,]{4,40}, (?:which|whose)\b")


def is_in_passing(text: str, start: int) -> bool:
    """Whether the mission that a text names from `start` on is only compared with, and another spoken of."""
    goes_on = _GOES_ON.match(text, start)  # "since Luna 24 in 1976, which came home with 170 grams"
    return not goes_on and bool(_IN_PASSING.search(text[max(0, start - 40) : start]))
