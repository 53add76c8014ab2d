"""Which masses, ages, prices and counts does a sentence state? With unit, precision and what hedges them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from aliquot.reading import numerals
from aliquot.reading.marks import Bound, Mark, Quantity

_N: Final = numerals.NUMBER
_ABOUT: Final = (
    r"about|around|some|nearly|roughly|almost|just under|(?:a little|a shade|slightly|a bit) (?:under|below|less than)|(?:just )?shy of|not quite|approximately|approx\.|close to|"
    r"circa|ca\.|c\.|an? estimated|in the region of|on the order of|in the order of|something like|"
    r"environ|près de|à peu près|quelque|rund|etwa|ungefähr|knapp|fast|约|大约|近|将近|约为|約|およそ|ほぼ|~|≈"
)
_OVER: Final = r"over|more than|at least|upwards of|no fewer than|not less than|north of|in excess of|plus de|au moins|über|mehr als|mindestens|超过|多于|至少|逾|以上"
_UNDER: Final = r"up to|as (?:much|many) as|less than|fewer than|at most|no more than|under|below|moins de|jusqu'à|au plus|weniger als|bis zu|höchstens|不到|不足|至多|最多"
_HEDGES: Final = ((Bound.ABOUT, _ABOUT), (Bound.OVER, _OVER), (Bound.UNDER, _UNDER))
_BEFORE: Final = [
    (
        bound,
        re.compile(rf"(?<![a-z])(?:{words})(?:\s+(?:a|the|of|total of|combined|only))*\s*$", re.IGNORECASE),
    )
    for bound, words in _HEDGES
]
GRAMS: Final = {
    "mg": Decimal("0.001"), "g": Decimal(1), "kg": Decimal(1000), "lb": Decimal("453.592"), "oz": Decimal("28.3495"),
    "t": Decimal(1_000_000), "µg": Decimal("0.000001"), "carat": Decimal("0.2"),
}  # fmt: skip
_UNITS: Final = {
    "mg": r"mg|milligram(?:me)?s?|Milligramm|毫克|ミリグラム",
    "kg": r"kg|kgs|kilos?|kilogram(?:me)?s?|Kilogramm|Kilo|公斤|千克|キログラム|キロ",
    "lb": r"lbs?|pounds?|livres?|Pfund|磅|ポンド",
    "oz": r"oz|ounces?|onces?|Unzen?|盎司|オンス",
    "t": r"tonn?es?|metric tons?|tons?|Tonnen?|吨|トン",
    "µg": r"[µμ]g|micrograms?",
    "g": r"grams?|grammes?|gramm|Gramm|g|克|グラム",
}
_UNIT: Final = "|".join(f"(?P<u{n}>{words})" for n, words in enumerate(_UNITS.values()))
_MASS: Final = re.compile(rf"(?P<n>{_N}|{numerals.HAN})[\s-]*(?:{_UNIT})(?![A-Za-z])", re.IGNORECASE)
# What no mass, age or price is without, and a count without a number: most sentences need no closer look.
_HAS_UNIT: Final = re.compile("|".join(_UNITS.values()), re.IGNORECASE)
_HAS_AGE: Final = re.compile(r"illi|G[ay]|M[ay]|bn|[亿億]", re.IGNORECASE)
_HAS_PRICE: Final = re.compile(r"\$|dollar|USD|美元|ドル", re.IGNORECASE)
_HAS_NUMBER: Final = re.compile(rf"\d|{numerals.HAN}|\b{numerals.COUNTING}", re.IGNORECASE)
_NO_MASS: Final = re.compile(
    r"^\s*(?:/|per\b|spacecraft|rocket|payload|satellite|of (?:thrust|fuel|propellant|payload))",
    re.IGNORECASE,
)
_AGE: Final = re.compile(
    rf"(?P<n>{_N}|{numerals.HAN})[\s-]*(?:(?:good|full|whole|cool|mere|round)\s+)?(?P<u>billion|Millionen|million|Milliarden?|milliards?|millions?|Ga|Gyr|Ma|Myr|亿|億|bn)"
    r"[\s-]*(?P<y>years?|year-old|(?=younger|older)|yr|d'années|d'ans|ans|Jahren?|年|岁)?",
    re.IGNORECASE,
)
_MA: Final = {"b": Decimal(1000), "g": Decimal(1000), "亿": Decimal(100), "億": Decimal(100)}
_MONEY: Final = re.compile(
    rf"(?:US\s?)?\$\s?(?P<a>{numerals.DIGITS})(?:\s*(?P<am>million|billion|m\b))?"
    rf"|(?P<b>{numerals.COUNTING})\s*(?P<bm>million|Millionen|万)?\s*(?:US\s?dollars?|dollars?|Dollar|USD|美元|ドル)",
    re.IGNORECASE,
)
# What is counted, in the words of the contract. More than one word may stand between number and noun.
_NOUNS: Final = {
    "institutions": r"(?:research |scientific |academic |foreign |overseas )*(?:institutions?|institutes?|universities|organi[sz]ations|"
    r"laboratories|labs|entities|bodies|borrowers|recipients|campuses|winners)|(?:科研)?机构|单位|所(?:大学|高校)|établissements|institutions|universités|"
    r"Institutionen|Einrichtungen|Universitäten|Institute|大学・研究機関|研究機関|機関|大学",
    "countries": r"countries|nations|governments|成员国|heads of state|foreign countries|个?国家|国家|カ国|か国|ヶ国|の国|国|pays|nations|Länder[n]?|Staaten",
    "states": r"(?:U\.?S\.? |American )?states|州|États|Bundesstaaten",
    "applications": r"(?:loan )?(?:applications?|proposals?|requests?|bids|submissions)|申请(?!人|者)|申請(?!者)|candidatures|demandes|Anträgen?|Bewerbungen",
    "persons": r"applicants?|candidates?|scientists|researchers|(?:principal )?investigators|people|persons|men|"
    r"humans|astronauts|Americans|moonwalkers|taikonauts|candidats|chercheurs|Bewerbern?|Forscher(?:innen)?|申请人|科研人员|名(?:科学家|研究者)|航天员|人|personnes|Menschen",
    "lots": r"lots|batches of samples",
    "samples": r"(?:lunar |moon )?(?:samples?|specimens?|rocks|pieces|fragments|grains|vials|subsamples|displays|plaques|gifts|stones|chips|particles|specks)|样品|试料|試料|"
    r"échantillons|Proben|件样品|点",
}
_STOP: Final = r"(?:of|to|in|from|and|or|with|for|on|at|years?|grams?|kilograms?|percent|by|who|whose|that|which|the|were|was|are|is|have|has|than|as)"
_GAP: Final = rf"(?:(?!{_STOP}\b|{numerals.WORD}\b)(?:[a-z]+(?:-[a-z]+)*|U\.?S\.?|American|Chinese|Apollo(?: \d\d)?|Luna(?: \d\d)?|Earth|Moon)[\s-]+){{0,3}}?"
_COUNTED: Final = "|".join(f"(?P<{noun}>{words})" for noun, words in _NOUNS.items())
_COUNT: Final = re.compile(
    rf"(?P<n>{numerals.COUNTING}|[一二两三四五六七八九十百]{{1,4}})(?P<wan>万(?:多|余)?)?(?:\s*(?:家|个|份|名|件|批|枚|つ|人|か|カ|ヶ|位|块|所)?の?(?:境外|国外|国内|海外|外国|外方|中外)?)?[\s-]*{_GAP}(?:{_COUNTED})(?![A-Za-z])",
    re.IGNORECASE,
)


def bound(before: str, after: str = "") -> Bound:
    """Return how the words around a number hedge it."""
    found = next((bound for bound, words in _BEFORE if words.search(before)), Bound.STATED)
    if found is Bound.STATED and re.match(r"\s*(?:or so|以上|余|多)", after):
        return Bound.OVER if after.strip()[:1] in "以余多" else Bound.ABOUT
    return found


def masses(text: str, language: str) -> Iterator[Mark]:
    """Yield each mass; of one that is given in two units, such as 1,731 grams (61 ounces), only the metric one."""
    if not _HAS_UNIT.search(text):
        return
    last: Mark | None = None
    for match in _MASS.finditer(text):
        mark = _mass(match, text, language)
        if mark is None:
            continue
        if last and _SAME_MASS.fullmatch(text[last.end : mark.start]):
            if last.name in ("lb", "oz") and mark.name not in ("lb", "oz"):
                last = mark
            continue
        if last:
            yield last
        last = mark
    if last:
        yield last


_SAME_MASS: Final = re.compile(
    r"\s*(?:[(,/=]|or|about|around|,? or|\(?about|\(or|\(nearly|\(roughly|\(around)*\s*", re.IGNORECASE
)
_A_FEW: Final = re.compile(r"\b(?:few|several|quelques|einige)\s+$")


def _mass(match: re.Match[str], text: str, language: str) -> Mark | None:
    """Return the mass of a match; None of what is none: 5G, a spacecraft's, "a few hundred grams"."""
    read = numerals.read(match["n"], language)
    unit = next(u for n, u in enumerate(_UNITS) if match[f"u{n}"])
    written, at = match[f"u{list(_UNITS).index(unit)}"], match.start()
    if read is None or _NO_MASS.match(text[match.end() :]) or written in ("G", "T", "Mg", "MG"):
        return None
    if match["n"] in ("a", "an", "some") and unit == "t":
        return None
    if _A_FEW.search(text[max(0, at - 10) : at]) and not match["n"][0].isdigit():
        return None
    value, half = read
    if value == 1 and re.match(r" and a half\b", text[match.end() :]):
        value, half = Decimal("1.5"), Decimal("0.05")  # "a gram and a half"
    how = bound(text[max(0, at - 30) : at], text[match.end() :][:6])
    quantity = Quantity(value * GRAMS[unit], "g", half * GRAMS[unit], how)
    return Mark("mass", at, match.end(), unit, quantity=quantity)


def ages(text: str, language: str) -> Iterator[Mark]:
    """Yield each span of time in millions of years; beside one, also "2.8 billion" alone."""
    told = False
    for match in _AGE.finditer(text):
        read = numerals.read(match["n"], language)
        bare = match["u"] in ("Ga", "Gyr", "Ma", "Myr") and not text[match.end() : match.end() + 1].isalpha()
        alone = told and match["u"].casefold() == "billion" and _ALONE.match(text, match.end())
        if read is None or (match["y"] is None and not bare and not alone):
            continue
        told = True
        unit = match["u"].casefold()
        factor = _MA.get(unit[0], Decimal(1000) if unit.startswith("milliard") else Decimal(1))
        at = match.start()
        quantity = Quantity(read[0] * factor, "Ma", read[1] * factor, bound(text[max(0, at - 30) : at]))
        yield Mark("age", at, match.end(), quantity=quantity)


_ALONE: Final = re.compile(r"\s*(?:[.,;)]|$|and\b)")


def prices(text: str, language: str) -> Iterator[Mark]:
    """Yield each sum of US dollars."""
    for match in _MONEY.finditer(text):
        read = numerals.read(match["a"] or match["b"], language)
        if read is None:
            continue
        many = (match["am"] or match["bm"] or "").casefold()
        factor = {"": 1, "万": 10_000, "billion": 10**9}.get(many, 10**6)
        at = match.start()
        yield Mark(
            "money",
            at,
            match.end(),
            quantity=Quantity(read[0] * factor, "USD", read[1] * factor, bound(text[max(0, at - 30) : at])),
        )


def counts(text: str, language: str) -> Iterator[Mark]:
    """Yield each count of institutions, countries, states, applications, persons, lots or samples."""
    for match in _COUNT.finditer(text):
        read = numerals.read(match["n"], language)
        at = match.start()
        if read is None or text[max(0, at - 1) : at] in ("-", "$", "#", ".", "第"):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", match["n"]) or text[match.end("n") :].startswith(("%", "th")):
            continue
        noun = next(noun for noun in _NOUNS if match[noun])
        factor = 10_000 if match["wan"] else 1
        quantity = Quantity(
            read[0] * factor,
            "count",
            read[1] * factor,
            bound(text[max(0, at - 30) : at], text[match.end("n") :][:2]),
        )
        yield Mark("count", at, match.end(), noun, quantity=quantity)


_READERS: Final = ((_HAS_UNIT, masses), (_HAS_PRICE, prices), (_HAS_AGE, ages), (_HAS_NUMBER, counts))


def marks(text: str, language: str) -> Iterator[Mark]:
    """Yield the masses of a text, then its prices, its ages and its counts."""
    for need, read in _READERS:
        if need.search(text):
            yield from read(text, language)
