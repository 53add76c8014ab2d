"""What do "its predecessor", "the museum" and "the Thai capital" stand for? The marks of what is named by a description.

A description is resolved from what its own sentence or the ones before have named; where that leaves two answers there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from aliquot.reading.marks import Mark

CAPITALS: Final = {
    "TH": "Bangkok", "FR": "Paris", "AT": "Vienna", "GB": "London", "JP": "Tokyo", "DE": "Berlin", "IT": "Rome",
    "ES": "Madrid", "KR": "Seoul",
    "PK": "Islamabad", "IN": "New Delhi", "RU": "Moscow", "EG": "Cairo", "CA": "Ottawa", "AU": "Canberra",
    "HU": "Budapest", "PL": "Warsaw", "CZ": "Prague",
    "SE": "Stockholm", "NO": "Oslo", "DK": "Copenhagen", "FI": "Helsinki", "IE": "Dublin", "PT": "Lisbon",
    "MY": "Kuala Lumpur", "ID": "Jakarta",
    "VN": "Hanoi", "KE": "Nairobi", "BR": "Brasilia", "NL": "Amsterdam", "BE": "Brussels", "CH": "Bern",
    "TR": "Ankara", "MT": "Valletta", "CY": "Nicosia",
}  # fmt: skip
# The flights that brought samples, family by family in the order in which they flew.
_FLOWN: Final = (
    ("CE-5", "CE-6"),
    ("Luna 16", "Luna 20", "Luna 24"),
    ("Apollo 11", "Apollo 12", "Apollo 14", "Apollo 15", "Apollo 16", "Apollo 17"),
)
_TO_COME: Final = ("CE-7", "CE-8")
RETURNED: Final = frozenset(name for flown in _FLOWN for name in flown)
_BEFORE: Final = re.compile(
    r"\b(?:its|the|their) (?:immediate |own )?(?:predecessor|forerunner)(?: mission| probe)?\b|\bthe (?:earlier|previous|"
    r"preceding|older) (?:Chinese |Soviet |sample[- ]return )*(?:mission|probe|spacecraft)\b",
    re.IGNORECASE,
)
_AFTER: Final = re.compile(
    r"\b(?:its|the|their) (?:immediate )?(?:successor|follow-up|follow-on|twin|sister|sibling)(?: mission| probe|"
    r" craft)?(?! (?:Chang|Luna|Apollo))\b|\bthe (?:later|newer|younger) (?:Chinese |Soviet |"
    r"sample[- ]return )*(?:mission|probe|spacecraft)\b",
    re.IGNORECASE,
)
# A flight by its place among the flights, or by who flew it.
_BY_PLACE: Final = (
    ("Apollo 11", re.compile(r"\bthe first (?:crewed |manned |human |Apollo )*(?:Moon |lunar )?landing\b(?! on the far)|"
        r"\b(?:Neil )?Armstrong\b|\b(?:Buzz )?Aldrin\b", re.IGNORECASE)),
    ("Apollo 17", re.compile(r"\bthe (?:last|final) (?:of the )?(?:crewed |manned |human )*(?:Apollo|Moon|"
        r"lunar)(?: \w+)? (?:mission|landing|flight)s?\b|\b(?:Eugene |Gene )?Cernan\b|\bHarrison Schmitt\b", re.IGNORECASE)),
    ("CE-5", re.compile(r"\bChina's first (?:lunar |robotic )*sample[- ]return (?:mission|probe|flight)\b", re.IGNORECASE)),
    ("CE-6", re.compile(r"\bChina's (?:second (?:lunar |robotic )*sample[- ]return|"
        r"far[- ]side(?: sample[- ]return)?) (?:mission|probe|flight)\b", re.IGNORECASE)),
)  # fmt: skip
_PLACES: Final = (0, 1)
_OF_TWO_HAN: Final = re.compile(r"前者|后者")
_OF_TWO: Final = re.compile(
    r"\b[Tt]he (?P<nth>first|second|former|latter)(?=,| of (?:them|the two|these)\b| one\b| (?:just |some |about |"
    r"another )?\d| (?:mission|probe|flight|craft)\b| (?:came|brought|returned|landed|flew|carried|collected|"
    r"was launched)\b)"
)
# Towns that stand for their universities where samples are lent and asked for.
_SEATS: Final = {"Cologne": ("University of Cologne", "DE"), "Osaka": ("Osaka University", "JP")}
_SEAT: Final = re.compile(
    r"(?<!in )(?<!at )(?<!In )(?<!University of )(?<!to )\b(?P<town>Cologne|Osaka)\b(?! (?:University|Cathedral|Expo|"
    r"Castle|Airport|Museum)|,? (?:Germany|Japan)\b| \d)"
)
_LENT: Final = re.compile(
    r"\b(?:lent|lend\w*|loan\w*|borrow\w*|asked|wanted|sought|request\w*|applied|grams?|samples?|soil|dust|winners?|"
    r"mineralogists?|geochemists?|institutions?|universit\w+)\b"
)
_OWN_CAPITAL: Final = re.compile(
    r"\b(?:[Ii]ts|[Tt]heir|[Tt]he country's|[Tt]he) (?:own )?capital\b(?! of| city)"
)
_LANDING_PLACES: Final = (
    ("CE-6", r"\b[Ff]ar[- ]side (?:samples?|basalts?|rocks?|soils?|material|grains)|\b(?:[Tt]hose|[Ss]amples?|[Rr]ocks?|"
        r"[Bb]asalts?|[Ss]oil|[Mm]aterial) (?:from|of) the (?:lunar )?far side"),
    ("CE-5", r"[Oo]c[ée]an des [Tt]empêtes|Ozean der Stürme|Ocean of Storms|Oceanus Procellarum|Mons R[uü]mker"),
    ("CE-6", r"Pôle [Ss]ud-Aitken|Südpol-Aitken|South Pole-Aitken|Apollo (?:[Bb]asin|[Cc]rater)"), ("Apollo 11", r"[Mm]er de la Tranquillité|Meer der Ruhe|Sea of Tranquill?ity"),
    ("Apollo 14", r"Fra Mauro"), ("Apollo 15", r"Hadley"), ("Apollo 16", r"Descartes"), ("Apollo 17", r"Taurus-Littrow"),
    ("Luna 16", r"Sea of Fertility|Mare Fecunditatis"), ("Luna 24", r"Mare Crisium|Sea of Crises"),
)  # fmt: skip
_AT_PLACE: Final = tuple((name, re.compile(words)) for name, words in _LANDING_PLACES)
_NEAR_SIDE: Final = (
    (
        "CE-5",
        re.compile(
            r"\b[Nn]ear[- ]side (?:samples?|basalts?|rocks?|soils?|material)|\b(?:[Tt]hose|[Ss]amples?|[Rr]ocks?|"
            r"[Bb]asalts?|[Ss]oil) (?:from|of) the near side"
        ),
    ),
)
_NATURAL_HISTORY: Final = re.compile(r"\b(?:the )?(?:French |national )?natural history museum\b")
_HOUSE: Final = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hat) (?:(?:natural )?history |national |science |state |same |Paris |Beijing |Chinese |"
    r"British |American |French |German |Japanese )*(?P<kind>museum|university|institute|planetarium|observatory|"
    r"academy)\b(?! of| for| in [A-Z])"
)
_KINDS: Final = {
    "museum": "Mus", "university": "Universit", "institute": "Institut", "planetarium": "Planetarium",
    "observatory": "Observatory", "academy": "Academy",
}  # fmt: skip
_COUNTRY: Final = re.compile(
    r"\b(?:[Tt]he|[Tt]hat) (?:country|nation|kingdom|republic|island(?: nation| state)?|South Asian (?:country|nation)|"
    r"European (?:country|nation))\b(?! to\b| of\b|\w)"
)
_KOROLEV: Final = re.compile(
    r"(?:[Tt]he )?widow of (?:[\w'-]+ ){0,8}?Korol[ey]v\b|"
    r"Nina (?:Ivanovna )?Koroleva\b|(?:Serge[iy] )?(?:Pavlovich )?Korol[ey]v's (?:\w+ )?widow(?:, Nina(?: [A-Z]\w+)*)?"
)
_CAPITAL: Final = re.compile(r"\s+capital\b(?! city of)")


@dataclass(slots=True)
class Spoken:
    """What was named so far."""

    mission: str = ""
    pair: tuple[str, ...] = ()  # the two missions that a sentence before named
    flights: dict[str, str] = field(default_factory=dict)  # the mission last named, by who flew it
    houses: dict[str, Mark] = field(default_factory=dict)
    states: tuple[str, ...] = ()  # of the last sentence that named any
    aged: bool = False  # the sentence before told an age
    agency: str = ""  # the state whose space agency was named last


# "NASA's six landings", "the six crews"
_APOLLO: Final = re.compile(
    r"\b(?:N[Aa][Ss][Aa]|America)'s (?:six |crewed |manned |own )*(?:[Mm]oon |lunar )?(?:landings|missions|crews|astronauts)\b(?! to Mars)|"
    r"\b[Tt]he six (?:crewed |manned |American )*(?:[Mm]oon |lunar )?(?:landings|crews)\b"
)


def missions(text: str, named: Iterable[Mark], spoken: Spoken) -> Iterator[Mark]:
    """Yield the missions that a sentence describes; `named` are those that it names."""
    given = sorted((m for m in named if m.kind == "mission" and m.sort == "mission"), key=lambda m: m.start)
    for match in _APOLLO.finditer(text) if not any(True for _ in named) else ():
        yield Mark("mission", *match.span(), "Apollo", "programme")
    for pattern, step in ((_BEFORE, -1), (_AFTER, 1)):
        for match in pattern.finditer(text):
            last = next((m.name for m in reversed(given) if m.end <= match.start()), spoken.mission)
            if found := _beside(last, step):
                yield Mark("mission", *match.span(), found, "mission")
    for match in _OF_TWO_HAN.finditer(text) if len(spoken.pair) == len(_PLACES) else ():
        yield Mark("mission", *match.span(), spoken.pair[_PLACES[match[0] == "后者"]], "mission")
    for match in _OF_TWO.finditer(text) if len(spoken.pair) == len(_PLACES) else ():
        yield Mark(
            "mission",
            *match.span(),
            spoken.pair[_PLACES[match["nth"].casefold() in ("second", "latter")]],
            "mission",
        )
    yield from _by_number(text, given, spoken)
    if not given:
        yield from _by_flier(text, spoken)
        near = _NEAR_SIDE if spoken.mission.startswith("CE") else ()
        for name, pattern in (*_BY_PLACE, *_AT_PLACE, *near):
            for match in pattern.finditer(text):
                start, end = match.span()
                yield Mark("mission", start, end, name, "mission")


_BARE_NUMBER: Final = re.compile(r"(?<![\d第-])(?P<n>1[124567])[号號]")


def _by_number(text: str, given: Sequence[Mark], spoken: Spoken) -> Iterator[Mark]:
    """Yield the Apollo flights that Chinese and Japanese name by the number alone, where Apollo is spoken of: 最後の17号."""
    if not spoken.mission.startswith("Apollo") or any(not m.name.startswith("Apollo") for m in given):
        return
    for match in _BARE_NUMBER.finditer(text):
        if not any(m.start < match.end() and match.start() < m.end for m in given):
            yield Mark("mission", *match.span(), f"Apollo {match['n']}", "mission")


# "the Chinese mission" is the last that was named, "a Chinese probe ... in 2020" the one that flew then.
_FLIER: Final = re.compile(
    r"\b(?P<which>[Tt]he|[Aa]n?|[Tt]hat|[Tt]his) (?P<who>Chinese|Soviet|Russian|American) (?:(?:robotic|lunar|unmanned|"
    r"automatic|space|moon) )*"
    r"(?:mission|probe|spacecraft|craft|lander|robot|capsule|flight)\b(?! (?:Chang|Luna|Apollo))"
)
_FAMILIES: Final = {"Chinese": "CE", "Soviet": "Luna", "Russian": "Luna", "American": "Apollo"}
_IN_YEAR: Final = {("CE", "2020"): "CE-5", ("CE", "2024"): "CE-6"}
_YEARS: Final = re.compile(r"\b(?:2020|2024)\b")


def _by_flier(text: str, spoken: Spoken) -> Iterator[Mark]:
    for match in _FLIER.finditer(text):
        family = _FAMILIES[match["who"]]
        year = _YEARS.search(text)
        known = spoken.flights.get(family, "") if match["which"].casefold() in ("the", "that", "this") else ""
        if name := known or (_IN_YEAR.get((family, year[0]), "") if year else ""):
            yield Mark("mission", *match.span(), name, "mission")


def _beside(mission: str, step: int) -> str:
    for flown in (*_FLOWN, _TO_COME):
        if mission in flown:
            place = flown.index(mission) + step
            return flown[place] if 0 <= place < len(flown) else ""
    return ""


def parties(text: str, named: list[Mark], spoken: Spoken) -> Iterator[Mark]:
    """Yield the parties of a sentence with those that it describes: houses, countries and capitals."""
    for mark in named:
        capital = _CAPITAL.match(text, mark.end) if mark.sort == "state" and mark.name in CAPITALS else None
        # "the Thai capital" acts as the state, and is a place where things are shown
        if mark.sort == "institution" and not mark.state:
            yield replace(mark, state=_home(text, mark, named))
        else:
            yield replace(mark, end=capital.end()) if capital else mark
    if "widow" in text and (match := _KOROLEV.search(text)):
        yield Mark("party", *match.span(), "Nina Koroleva", "institution", "person")
    if match := _AGENCY.search(text):
        state = spoken.agency or ("CN" if spoken.mission.startswith("CE") else "")
        inside = any(m.start < match.end() and match.start() < m.end for m in named)
        if state and not inside:
            yield Mark("party", *match.span(), state, "state", state)
    yield from _houses(text, named, spoken)
    yield from _countries(text, named, spoken)


_AGENCY: Final = re.compile(r"\b[Tt]he (?:country's |national )?(?:space )?agency\b(?! of| for)")
_AGENCIES: Final = re.compile(
    r"CNSA|NASA|Nasa|[Ss]pace [Aa](?:dministration|gency)|国家航天局|Roscosmos|ISRO|JAXA"
)


_LED_BY: Final = re.compile(
    r"(?:'s|的)?\s*(?:(?:\w+ )?(?:team|group|lab|laboratory|scientists|researchers)(?: led)? (?:at|of|from) (?:the )?)?"
)
_LIES_IN: Final = re.compile(r"\s*(?:,|\(|in|of)\s*(?:the )?")


def _home(text: str, house: Mark, named: list[Mark]) -> str:
    """Return the state of a house whose name does not tell: "Thailand's ...", "... in Thailand", "泰国的..."."""
    for mark in named:
        led = mark.end <= house.start and _LED_BY.fullmatch(text[mark.end : house.start])
        lies = mark.start >= house.end and _LIES_IN.fullmatch(text[house.end : mark.start])
        if mark.sort == "state" and (led or lies):
            return mark.name
    return ""


def _houses(text: str, named: list[Mark], spoken: Spoken) -> Iterator[Mark]:
    for match in _HOUSE.finditer(text):
        house = _house(match, named, spoken)
        if house and not _covered(match, named):
            yield Mark("party", *match.span(), house.name, house.sort, house.state)
    for match in _SEAT.finditer(text) if _LENT.search(text) else ():
        if not any(m.start < match.end() and match.start() < m.end for m in named):
            yield Mark(
                "party", *match.span(), _SEATS[match["town"]][0], "institution", _SEATS[match["town"]][1]
            )
    if any(m.state == "FR" for m in named) or "FR" in spoken.states:
        for match in _NATURAL_HISTORY.finditer(text):
            yield Mark("party", *match.span(), "National Museum of Natural History", "institution", "FR")


def _countries(text: str, named: list[Mark], spoken: Spoken) -> Iterator[Mark]:
    states = [m for m in named if m.sort == "state"]
    for match in _OWN_CAPITAL.finditer(text):
        ahead = [m.name for m in states if m.end <= match.start() and m.name in CAPITALS]
        if ahead:
            yield Mark("party", *match.span(), ahead[-1], "state", ahead[-1])
    for match in _COUNTRY.finditer(text):
        found = set([m.name for m in states if m.end <= match.start()] or spoken.states)
        if len(found) == 1 and not _covered(match, named):
            name = found.pop()
            yield Mark("party", *match.span(), name, "state", name)


def _house(match: re.Match[str], named: list[Mark], spoken: Spoken) -> Mark | None:
    """Return the house of this kind that was named last."""
    word = _KINDS[match["kind"]]
    ahead = [m for m in named if m.sort == "institution" and m.end <= match.start() and word in m.name]
    return ahead[-1] if ahead else spoken.houses.get(match["kind"])


def _covered(match: re.Match[str], named: list[Mark]) -> bool:
    return any(m.start < match.end() and match.start() < m.end and m.sort == "institution" for m in named)


_TWO_OF_CHINA: Final = re.compile(
    r"\b(?:[Tt]wo|[Bb]oth) Chinese (?:[\w-]+ ){0,2}?(?:missions|probes|spacecraft|craft|robots)\b|"
    r"\bChina's two (?:[\w-]+ ){0,2}?(?:missions|probes)\b"
)


def remember(spoken: Spoken, marks: Sequence[Mark], text: str = "") -> None:
    """Keep the houses and states that a sentence named."""
    _remember_missions(spoken, marks)
    if not spoken.pair and _TWO_OF_CHINA.search(text):
        spoken.pair = _FLOWN[0]
    spoken.aged = any(m.kind == "age" for m in marks)
    states = dict.fromkeys(m.name for m in marks if m.kind == "party" and m.sort == "state")
    spoken.states = tuple(states) or spoken.states
    for mark in marks:
        if mark.kind == "party" and mark.sort == "state" and _AGENCIES.search(text[mark.start : mark.end]):
            spoken.agency = mark.name
        if mark.kind == "party" and mark.sort == "institution":
            spoken.houses |= {kind: mark for kind, word in _KINDS.items() if word in mark.name}


def _remember_missions(spoken: Spoken, marks: Sequence[Mark]) -> None:
    missions = tuple(dict.fromkeys(m.name for m in marks if m.kind == "mission" and m.sort == "mission"))
    if len(missions) == len(_PLACES):
        spoken.pair = tuple(sorted(missions))
    for name in missions:
        if name in RETURNED:
            spoken.flights[re.split(r"[- ]", name)[0]] = name
