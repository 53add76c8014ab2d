"""Who has it, who shows it, what does one sample weigh? holding, display and sample_mass."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from aliquot.reading import lexicon, numerals, quantities
from aliquot.reading.claims import Claim, Context, Example
from aliquot.reading.grammar import frames, topics
from aliquot.reading.marks import Mark, Quantity, Sentence
from aliquot.reading.references import CAPITALS

_AT: Final = re.compile(
    r"(?:\b(?:at|in|by|to|with|inside|of|au|à la|à l'|dans|par|im|in der|in the hometown of[^.]*in|"
    r"near)\s+(?:\S+\s+){0,3}?(?:the |l'|la )?|在(?:[^,。]{1,6}的)?|于|の|於)$",
    re.IGNORECASE,
)
_IS_IN: Final = re.compile(
    r"\b(?:is|are|now|sits|lies|rests|resides|remains?|se trouve|befindet sich)\s+(?:now |currently |today |"
    r"also |still |safely |all )*(?:in|at|with|inside|part of|on display (?:in|at)|kept (?:in|at)|au|im)\b",
    re.IGNORECASE,
)
_NOT_PLACE: Final = re.compile(
    r"\b(?:professor|director|researcher|scientist|curator|former|chief|according|analysis|study|paper)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
_PIECE: Final = lexicon.anywhere("grammar/passing.toml", "kept")
_CITIES: Final = frozenset(
    {
        "Bangkok",
        "Moscow",
        "Paris",
        "London",
        "Berlin",
        "Tokyo",
        "Seoul",
        "Rome",
        "Madrid",
        "Islamabad",
        "New Delhi",
        "Cairo",
        "Ottawa",
        "Canberra",
        "Macau",
        "Macao",
        "Singapore",
    }
)
_NOT_ONE: Final = re.compile(
    r"petrified wood|(?:turned out|proved) (?:in \d{4} )?to be|\bfake\b|石化木", re.IGNORECASE
)
_GOES_ON: Final = 3  # sentences
_MOST_G: Final = 1000  # a heavier one is what all missions brought, not what is kept here
_ABROAD: Final = re.compile(
    r"\b(?:papers?|journal|university press|replica|model|gallery of photographs|images?|photos?)\b",
    re.IGNORECASE,
)

EXAMPLES: Final = (
    Example(
        "The 1.5 g of Chang'e 5 soil is kept at the National Museum of Natural History in Paris.",
        ("holding(National Museum of Natural History, CE-5) 1.5 g",),
    ),
    Example(
        "Lunar Sample 001 went on display at the National Museum of China on 27 February 2021.",
        ("display(National Museum of China, Lunar Sample 001) 2021-02-27",),
    ),
    Example("Lunar Sample 001 weighs exactly 100 grams.", ("sample_mass(Lunar Sample 001) 100 g",)),
    Example(
        "A hundred grams of lunar soil are shown in the National Museum of China, and ten more are stored in Shaoshan.",
        ("display(National Museum of China) 100 g", "holding(Shaoshan) 10 g"),
    ),
    Example(
        "Lunar soil from Chang'e 5 made its debut in the Thai capital in July 2024.",
        ("display(Bangkok, CE-5) 2024-07",),
    ),
    Example(
        "Brown University has two grams of Apollo 15 soil.", ("holding(Brown University, Apollo 15) 2 g",)
    ),
    Example(
        '"We keep three grams of Apollo 12 dust," said a geologist at Brown University.',
        ("holding(Brown University, Apollo 12) 3 g",),
    ),
    Example(
        "Lunar sample 60025 has a mass of 1,836 grams and lunar sample 15415 one of 269.4 grams.",
        ("sample_mass(60025) 1836 g", "sample_mass(15415) 269.4 g"),
    ),
)


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who holds and who shows lunar material, and masses of numbered samples."""
    if topics.is_other(sentence):
        return
    weighed = list(_weighed(sentence))
    yield from weighed
    lunar = topics.is_lunar(sentence, context)
    small = any(m.quantity and m.quantity.value < _MOST_G for m in sentence.all("mass"))
    houses = any(m.sort == "institution" and _HOUSES.search(m.name) for m in sentence.all("party"))
    told = houses or context.sentence - context.last_gift <= _GOES_ON or frames.verbs(sentence, "show")
    heavy = houses and sentence.all("mass") and frames.verbs(sentence, "hold")
    spoken_of = bool(heavy or (told and _PIECE.search(sentence.text)))
    if not lunar and not (context.material and (small or spoken_of or _MORE.search(sentence.text))):
        return
    if _ABROAD.search(sentence.text):
        return
    places = [
        m
        for m in (_city(sentence, mark) for mark in sentence.all("party"))
        if m.sort in ("institution", "place")
        and m.state != "person"
        and (
            not _NOT_PLACE.search(sentence.text[max(0, m.start - 50) : m.start])
            or sentence.after(m, 7).startswith(", where")
        )
    ]
    places = [
        m
        for n, m in enumerate(places)
        if not (n and m.sort == "place" and _in_town(sentence, places[n - 1], m))
        and not (m.sort == "place" and n + 1 < len(places) and _town_of(sentence, m, places[n + 1]))
    ]
    done = set()
    for place in places:
        claim = _at(sentence, place, context)
        if claim and (claim.predicate, claim.subject) not in done:
            done.add((claim.predicate, claim.subject))
            yield from _each(sentence, claim)
    if not done:
        yield from list(_has(sentence, context)) or _in_some_town(sentence, context)


_TOWN: Final = re.compile(
    r"\bin (?:downtown |central |the city of )?(?P<name>[A-Z][a-z]{3,}(?: [A-Z][a-z]+)?)"
    r"(?=[,.;:]|$| (?:from|until|on|in|for|last|this|next|since|and|where|during|at|with|to|as)\b)"
)
_NO_TOWN: Final = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Spring|Summer|Autumn|Winter|"
    r"Mon|Tues|Wednes|Thurs|Fri|Satur|Sun|Earth|Moon|Apollo|Chang|Luna|Europe|Asia|Africa|America|English|Chinese|Sample)"
)


def _in_some_town(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield a display in a town that no list knows: "can be seen in Nanjing until May"."""
    shows = frames.verbs(sentence, "show")
    if (
        sentence.language != "en"
        or not shows
        or _NOT_ONE.search(sentence.text)
        or any(_SHOWS.match(v.text) for v in shows)
    ):
        return
    for match in _TOWN.finditer(sentence.text):
        start, end = match.span("name")
        named = any(m.start < end and start < m.end for m in sentence.marks)
        if named or _NO_TOWN.match(match["name"]) or abs(start - shows[0].start) > _FAR:
            continue
        place = Mark("party", start, end, match["name"], "place")
        masses = [m.quantity for m in sentence.all("mass") if _is_small(m)]
        yield Claim(
            "display",
            place.name,
            _material(sentence, context, place),
            masses[0] if len(masses) == 1 else None,
            _day(sentence, shows[0]),
            start=shows[0].start,
        )
        return


# "Brown University has two grams", "the Ulster Museum still has an Apollo 17 rock"
_HAS: Final = re.compile(
    r"(?:, which|,)? (?:\w+ly |still |now |also |already )*(?:has|have|had) (?:still |its (?:own )?|an? |some |"
    r"about |just |over |more than )*"
)
# '"We have two grams of it here," said a geologist at the University of Hong Kong'
_WE_HAVE: Final = re.compile(r"\b[Ww]e (?:still |now )?(?:have|keep|hold|own|store) ")
_SAID_AT: Final = re.compile(r"\b(?:said|says|told)\b[^.;]{0,80}\b(?:at|of|from) (?:the )?$")


def _has(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield who "has" lunar material: right before its mass or mission, or in the words of somebody who works there."""
    things = [m for m in sentence.all("mass", "mission", "sample") if m.kind != "mass" or _is_small(m)]
    speaks = _WE_HAVE.search(sentence.text)
    if frames.verbs(sentence, "lend", "ask"):
        return
    for place in sentence.all("party"):
        has = _HAS.match(sentence.text, place.end)
        at = (
            has.end()
            if has
            else speaks.end()
            if speaks and _SAID_AT.search(sentence.text[: place.start])
            else -1
        )
        right_behind = at >= 0 and any(0 <= m.start - at < _NEXT for m in things)
        right_behind = right_behind or bool(has and _MOON_ROCK.match(sentence.text, has.end()))
        if place.sort == "institution" and place.state != "person" and right_behind:
            masses = [m.quantity for m in sentence.all("mass") if _is_small(m)]
            yield Claim(
                "holding",
                place.name,
                _material(sentence, context, place),
                masses[0] if masses else None,
                start=at,
            )
            return


# "the museum also has the state's other moon rock"
_MOON_ROCK: Final = re.compile(
    r"(?:the |an? |one |two )?(?:[\w']+ ){0,3}?(?:moon|lunar) (?:rocks?|stones?|samples?|dust|soil)\b"
)
_NEXT: Final = 4  # characters


def _is_small(mass: Mark) -> bool:
    return mass.quantity is not None and mass.quantity.value < _MOST_G


def _in_town(sentence: Sentence, house: Mark, town: Mark) -> bool:
    """Whether a town only tells where the house before it stands."""
    gap = sentence.text[house.end : town.start]
    return house.sort == "institution" and bool(
        re.fullmatch(r",? (?:in |at |de |à )?(?:the )?(?:central |downtown )?", gap)
    )


def _town_of(sentence: Sentence, town: Mark, house: Mark) -> bool:
    """Whether a town only tells where the house behind it stands: "in Paris, at the Muséum"."""
    gap = sentence.text[town.end : house.start]
    return house.sort == "institution" and bool(re.fullmatch(r",? (?:(?:at|in) )?(?:the )?", gap))


# Houses that act for their state where samples are lent, and keep them in their own name.
_HOUSE_OF_STATE: Final = re.compile(r"\b(?:Observator(?:y|ies)|Institute|Laborator(?:y|ies)|Museum)\b")


def _city(sentence: Sentence, mark: Mark) -> Mark:
    """Return a capital as the place that it is: it stands for its state only where it acts."""
    text = sentence.text[mark.start : mark.end]
    if mark.sort == "state" and _HOUSE_OF_STATE.search(text):
        return replace(mark, name=re.sub(r"^[Tt]he ", "", text), sort="institution")
    if mark.sort == "state" and text.endswith(" capital"):
        return replace(mark, name=CAPITALS[mark.name], sort="place")
    return replace(mark, name=text, sort="place") if mark.sort == "state" and text in _CITIES else mark


def _each(sentence: Sentence, claim: Claim) -> Iterator[Claim]:
    """Yield a display of two named missions as two claims."""
    names = list(dict.fromkeys(m.name for m in sentence.all("mission") if m.sort == "mission"))
    if claim.predicate == "display" and len(names) > 1 and claim.object in names:
        for name in names:
            yield Claim(
                "display",
                claim.subject,
                name,
                date=claim.date,
                mission=name,
                start=claim.start,
                end=claim.end,
            )
    else:
        yield claim


def _at(sentence: Sentence, place: Mark, context: Context) -> Claim | None:
    """Return what a place is said to keep or show: where it stands behind a preposition, or is the subject of the verb."""
    before = sentence.text[max(0, place.start - 60) : place.start]
    acts = [
        v
        for v in frames.verbs(sentence, "hold", "show", "give", "lend", "ask", "transfer", "bring", "lose")
        if abs(v.start - place.start) < _FAR
    ]
    acts = [v for v in acts if ";" not in sentence.text[min(v.end, place.end) : max(v.start, place.start)]]
    near = min(acts, key=lambda v: _gap(sentence, v, place), default=None)
    located = bool(_AT.search(before))
    subject = near is not None and _is_subject(sentence, place, near)
    if near and near.act == "show" and _NOT_ONE.search(sentence.text):
        return Claim("holding", place.name, start=near.start, hedge="denied")
    if near and near.act == "show" and (located or subject) and _shows(near, place):
        return Claim(
            "display",
            place.name,
            _material(sentence, context, place),
            _mass(sentence, place, "show"),
            _day(sentence, near),
            start=near.start,
        )
    if near and near.act == "hold" and (located or subject or near.start > place.end):
        return Claim(
            "holding",
            place.name,
            _material(sentence, context, place),
            _mass(sentence, place, "hold"),
            start=near.start,
            hedge=_hedge(sentence, near),
        )
    if located and _IS_IN.search(before + " ") and not (near and near.act in ("lend", "ask")):
        return Claim(
            "holding",
            place.name,
            _material(sentence, context, place),
            _mass(sentence, place, "hold"),
            start=max(0, place.start - 20),
        )
    return None


def _day(sentence: Sentence, verb: frames.Verb) -> str:
    """Return the date of a display; "until July" tells only its end."""
    mark = frames.date_of(sentence, verb)
    return mark.name if mark and not _UNTIL.search(sentence.before(mark, 20)) else ""


_UNTIL: Final = re.compile(r"\b(?:until|till|through|ends? on|closes? on) (?:the end of )?$", re.IGNORECASE)
_FAR: Final = 130  # characters
_HOUSES: Final = re.compile(
    r"Mus|United Nations|Planetarium|Science Cent|Gallery|Library|Observator|Pavilion|Hall|科技馆|博物|天文馆"
)
_SHOWS: Final = re.compile(r"show(?:ed|s)$", re.IGNORECASE)


def _gap(sentence: Sentence, verb: frames.Verb, place: Mark) -> int:
    gap = abs(verb.start - place.end) if verb.start > place.end else abs(place.start - verb.end)
    crossed = frames.crosses(sentence, min(verb.end, place.end), max(verb.start, place.start))
    return gap + 60 * crossed + 40 * (verb.is_participle and verb.act == "bring")


def _is_subject(sentence: Sentence, place: Mark, verb: frames.Verb) -> bool:
    """Whether a place is what keeps or shows: before the verb, with nobody between."""
    between = any(m.sort != "state" for m in sentence.within(place.end, verb.start, "party"))
    return (
        0 <= verb.start - place.end < _BESIDE
        and not between
        and not frames.crosses(sentence, place.end, verb.start)
    )


_BESIDE: Final = 60  # characters


def _shows(verb: frames.Verb, place: Mark) -> bool:
    """Whether "showed" is what a museum does, and not a study."""
    return not _SHOWS.match(verb.text) or place.sort == "place" or bool(_HOUSES.search(place.name))


def _hedge(sentence: Sentence, verb: frames.Verb) -> str:
    if _NOT_ONE.search(sentence.text):
        return "denied"
    return "planned" if re.search(r"\bwill\b", sentence.text[max(0, verb.start - 12) : verb.start]) else ""


def _mass(sentence: Sentence, place: Mark, act: str) -> Quantity | None:
    """Return how much is kept or shown: the mass or count of the verb, else the only one that is small enough."""
    counts = [
        m.quantity
        for m in sentence.all("count")
        if m.name == "samples" and (v := frames.governing(sentence, m)) and v.act == act
    ]
    counts += [Quantity(read[0], "count", read[1], quantities.bound(sentence.text[max(0, m.start() - 30) : m.start()]))
               for m in _MORE.finditer(sentence.text) if (read := numerals.read(m["n"]))]  # fmt: skip
    if more := _elliptic(sentence, place):
        return more
    if _HALF_OF.search(sentence.text[: place.start]):
        return None
    told = [mark.quantity for mark, _ in frames.masses(sentence, act) if not _apart(sentence, mark, place)]
    only = [mark.quantity for mark in sentence.all("mass") if not _apart(sentence, mark, place)]
    most = _MOST_G if frames.verbs(sentence, "bring", "home") else _MOST_KEPT_G
    masses = (mass for mass in [*told, *(only if len(only) == 1 else [])] if mass and mass.value < most)
    return next(masses, counts[0] if counts and act == "hold" else None)


_MOST_KEPT_G: Final = 1_000_000
_HALF_OF: Final = re.compile(r"\b(?:half|part|most|some|a third|a quarter|the rest) of which\b")


def _apart(sentence: Sentence, mark: Mark, place: Mark) -> bool:
    """Whether a mass is told of another place: that one stands between."""
    if ";" in sentence.text[min(mark.end, place.end) : max(mark.start, place.start)]:
        return True
    between = sentence.within(mark.end, place.start, "party") if mark.end <= place.start else iter(())
    return any(m.sort in ("institution", "place") and m.name != place.name for m in between)


_TEN_MORE: Final = re.compile(rf"\b(?P<n>{numerals.NUMBER}) (?:more|others?)\b(?! than)", re.IGNORECASE)


def _elliptic(sentence: Sentence, place: Mark) -> Quantity | None:
    """Return the mass of "a hundred grams are shown in Beijing, and ten more are stored in Shaoshan"."""
    masses = [m for m in sentence.all("mass") if m.end <= place.start]
    match = _TEN_MORE.search(sentence.text, masses[-1].end, place.start) if masses else None
    read = numerals.read(match["n"]) if match else None
    unit = quantities.GRAMS.get(masses[-1].name) if masses else None
    return Quantity(read[0] * unit, "g", read[1] * unit) if read and unit else None


# "Some 140,000 more sit in the vault", "about 140,000 are held"
_MORE: Final = re.compile(
    r"\b(?P<n>\d{1,3},\d{3})(?= (?:more|others?|of them|are|were|sit|lie|remain|pieces|individual)\b)"
)


def _material(sentence: Sentence, context: Context, place: Mark) -> str:
    sample = next((m.name for m in sentence.all("sample")), "")
    if sample:
        return sample
    if context.sample and "它" in sentence.text:
        return context.sample
    marks = sorted(sentence.all("mission"), key=lambda m: m.sort)  # a mission before a programme
    if marks:
        return marks[0].name
    if context.sample and re.search(r"\bit\b|它|此", sentence.text):
        return context.sample
    return _spoken_of(sentence, context, place)


_HOMES: Final = {"CE": "CN", "Apollo": "US", "Luna": "SU"}
# "it", "the soil", "60 milligrams", "its share": of what the sentences before spoke of
_POINTS_BACK: Final = re.compile(
    r"\b(?:it|its|them|they|these|those|(?:the|a|this|an?other) (?:\w+ )?(?:soil|samples?|dust|rocks?|material|"
    r"grains|share|portion|backup|reserve|rest|remainder))\b",
    re.IGNORECASE,
)


def _spoken_of(sentence: Sentence, context: Context, place: Mark) -> str:
    """Return the mission, else the programme, whose material is spoken of; none where another state gave something since."""
    name = context.mission or context.programme
    if context.sentence - context.flown > _FLOWN_BEFORE and context.mission:
        return ""
    given_by = context.gave.get(place.state) or (
        context.giver if context.sentence - context.last_gift <= _FLOWN_BEFORE else ""
    )
    home = _HOMES.get(re.split(r"[- ]", name)[0], "")
    points = sentence.all("mass", "count") or _POINTS_BACK.search(sentence.text)
    return name if home and points and given_by in ("", home) else ""


_FLOWN_BEFORE: Final = 5  # sentences


_MASS_OF: Final = re.compile(
    r"(?:\b(?:at|of|with|is|was|a mass of|mass:?)|[,:(|])\s*(?:a mass of |about |some |just |only |exactly |"
    r"nearly |over |more than )?$",
    re.IGNORECASE,
)
_OTHER_ACTS: Final = ("give", "lend", "exchange", "sell", "ask", "refuse", "lose")


_FOR: Final = re.compile(r" (?:for|by) (?:sample |rock |number )?")


def _sample_of(sentence: Sentence, mass: Mark, *, several: bool) -> Mark:
    """Return the sample that a mass is told of: "1,836 grams for 60015", else of several the one before, else the nearest."""
    samples = sentence.all("sample")
    behind = [s for s in samples if s.start >= mass.end]
    if behind and _FOR.fullmatch(sentence.text[mass.end : behind[0].start]):
        return behind[0]
    ahead = [s for s in samples if s.end <= mass.start]
    if several and len(samples) > 1 and ahead:
        return ahead[-1]
    return min(samples, key=lambda s: abs(s.start - mass.start))


def _weighed(sentence: Sentence) -> Iterator[Claim]:
    """Yield the mass of each numbered sample: "60025 weighs in at 1,836 grams and 60016 at 4,307 grams"."""
    samples, masses = sentence.all("sample"), sentence.all("mass")
    if not samples or not masses:
        return
    weighed = set[str]()
    for mark in masses:
        verb = frames.governing(sentence, mark)
        near = _sample_of(sentence, mark, several=len(masses) > 1)
        gap = sentence.text[min(near.end, mark.end) : max(near.start, mark.start)]
        alone = len(samples) == len(masses) == 1 and _MASS_OF.search(sentence.text[: mark.start])
        beside = len(gap) < _CLOSE and not re.search(r"\b(?:donat|gave|lent)", gap)
        told = (
            (verb and verb.act == "weigh") or beside or (alone and not frames.verbs(sentence, *_OTHER_ACTS))
        )
        if told and near.name not in weighed and not _PART_OF.search(sentence.before(near, 50)):
            weighed.add(near.name)
            yield Claim("sample_mass", near.name, quantity=mark.quantity, start=mark.start, end=mark.end)


# "the casket of sample 70017 weighs 12 kilograms", "a chip of lunar basalt 70017 that weighs 1.14 grams"
_PART_OF: Final = re.compile(
    r"\b(?:caskets?|cases?|box(?:es)?|containers?|chips?|pieces?|slices?|fragments?|parts?|splinters?|slivers?|"
    r"crumbs?|bits?) (?:of|from|for|with) "
    r"(?:the )?(?:lunar |moon |Moon )?(?:samples?|rocks?|basalts?|number|No\.)? ?$"
)


_CLOSE: Final = 22  # characters
