"""What does the row of a table claim? Its cells, by the heads of their columns: dates, masses and sides of missions, gifts.

A row is a line with bars or tabs in it. What a row without a known head claims is left to the other families.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from aliquot.reading import numerals, quantities
from aliquot.reading.claims import Claim, Column, Context, Example
from aliquot.reading.grammar import sides
from aliquot.reading.marks import Mark, Quantity, Sentence

_BAR: Final = re.compile(r"[|\t｜]")
_LEAST_BARS: Final = 1
# What a column holds, by the words of its head; the first that is met.
_HEADS: Final = (
    ("returned_mass", r"\b(?:mass|weight|amount|haul|kg|kilograms|grams|quantity|material|brought|samples?(?: returned|"
        r" mass)?)\b|\(g\)|质量|重量|样品"),
    ("landing_side", r"\b(?:side|hemisphere)\b|正面|背面"),
    ("age", r"\bage\b|年龄"),
    ("launched_on", r"\b(?:launch\w*|lift-?off|start|departure)\b|发射"),
    ("returned_on", r"\b(?:return\w*|back|splashdown|home|recover\w*|earth)\b|返回"),
    ("landed_on", r"\b(?:land(?:ed|ing)|touchdown|on the moon)\b(?! (?:site|place))|着陆|登月"),
    ("giver", r"\b(?:giver|from|donor|given by)\b|赠送方"),
    ("receiver", r"\b(?:to|recipient|receiver|given to|received by)\b|受赠方"),
    ("date", r"\b(?:date|year|when)\b|日期|时间"),
)  # fmt: skip
_HEAD_PATTERNS: Final = [(kind, re.compile(words, re.IGNORECASE)) for kind, words in _HEADS]
_UNIT: Final = re.compile(r"\b(mg|kg|g|lb|oz)\b", re.IGNORECASE)
_LEAST_HEADS: Final = 2
_LEAST_G: Final = 10  # no mission brought back so little
_PASSED: Final = re.compile(r"\b(?:gifts?|loans?|exchange|deposit|donation|display)\b|赠|借", re.IGNORECASE)
_WHOLE: Final = ("Apollo", "Luna", "CE")

EXAMPLES: Final = (
    Example(
        "Mission | Landed | Back on Earth | Mass\nLuna 16 | 20 September 1970 | 24 September 1970 | 101 g",
        ("landed_on(Luna 16) 1970-09-20", "returned_on(Luna 16) 1970-09-24", "returned_mass(Luna 16) 101 g"),
    ),
    Example(
        "Mission | Launch | Mass (kg)\nApollo 12 | 14 November 1969 | 34.3",
        ("launched_on(Apollo 12) 1969-11-14", "returned_mass(Apollo 12) 34300 g"),
    ),
    Example("Given by | Given to | Amount | Year\nChina | Russia | 1.5 g | 2022", ("gift(CN, RU) 1.5 g 2022",)),
)  # fmt: skip


def columns(sentence: Sentence) -> tuple[Column, ...]:
    """Return the columns of a line that is the head of a table; nothing where it is none."""
    if sentence.all("mission", "mass"):
        return ()
    found = tuple(_column(sentence.text[start:end]) for start, end in _cells(sentence))
    return found if sum(bool(column.kind) for column in found) >= _LEAST_HEADS else ()


def is_row(sentence: Sentence) -> bool:
    """Whether a line is made of cells."""
    return len(_BAR.findall(sentence.quote)) >= _LEAST_BARS


def claims(sentence: Sentence, context: Context) -> Iterator[Claim]:
    """Yield what a row claims under the head that was read before it."""
    cells = _cells(sentence)
    if not context.columns or len(cells) < _LEAST_HEADS:
        return
    pairs = list(zip(cells, context.columns, strict=False))
    kinds = {column.kind for _, column in pairs}
    if {"giver", "receiver"} <= kinds:
        yield from _gift(sentence, pairs)
        return
    missions = sentence.all("mission")
    if not missions:
        return
    for cell, column in pairs:
        yield from _cell(sentence, missions[0].name, cell, column)


def _cells(sentence: Sentence) -> list[tuple[int, int]]:
    """Return the places of the cells of a line, without those of bars at its ends."""
    found, at = [], 0
    for bar in _BAR.finditer(sentence.quote):
        found.append((at, bar.start()))
        at = bar.end()
    found.append((at, len(sentence.quote)))
    first, last = found[0], found[-1]
    is_open = [not sentence.quote[start:end].strip() for start, end in (first, last)]
    return found[is_open[0] and len(found) > 1 : len(found) - is_open[1]] if len(found) > 1 else []


def _column(head: str) -> Column:
    kind = next((kind for kind, pattern in _HEAD_PATTERNS if pattern.search(head)), "")
    unit = _UNIT.search(head)
    return Column(kind, unit[1].casefold() if unit else "")


def _cell(sentence: Sentence, mission: str, cell: tuple[int, int], column: Column) -> Iterator[Claim]:
    start, end = cell
    if column.kind in ("launched_on", "landed_on", "returned_on"):
        date = next(sentence.within(start, end, "date"), None)
        if date and mission not in _WHOLE:
            yield Claim(
                column.kind, mission, date=date.name, mission=mission, hedge="asserted", start=start, end=end
            )
    elif column.kind == "returned_mass":
        quantity = _mass(sentence, cell, column.unit)
        if quantity and (quantity.value < _LEAST_G or _PASSED.search(sentence.text)):
            return  # a row of gifts or loans
        kind = "total_returned" if mission in _WHOLE else "returned_mass"
        if quantity:
            yield Claim(
                kind, mission, quantity=quantity, mission=mission, hedge="asserted", start=start, end=end
            )
    elif column.kind == "landing_side":
        side = sides.side(sentence.text[start:end])
        if side and mission not in _WHOLE:
            yield Claim(
                "landing_side", mission, side, mission=mission, hedge="asserted", start=start, end=end
            )
    elif column.kind == "age":
        age = next(sentence.within(start, end, "age"), None)
        if age:
            yield Claim("age", mission, quantity=age.quantity, hedge="asserted", start=start, end=end)


def _mass(sentence: Sentence, cell: tuple[int, int], unit: str) -> Quantity | None:
    """Return the mass of a cell; of a bare number in the unit of the head."""
    mark = next(sentence.within(*cell, "mass"), None)
    if mark:
        return mark.quantity
    text = sentence.text[slice(*cell)].strip(" ~≈")
    read = numerals.read(text) if re.fullmatch(numerals.DIGITS, text) else None
    factor = quantities.GRAMS.get(unit)
    return Quantity(read[0] * factor, "g", read[1] * factor) if read and factor else None


def _gift(sentence: Sentence, pairs: list[tuple[tuple[int, int], Column]]) -> Iterator[Claim]:
    places = {column.kind: cell for cell, column in pairs if column.kind}
    giver, receiver = (_party(sentence, places[kind]) for kind in ("giver", "receiver"))
    if not giver or not receiver or giver == receiver:
        return
    mass = _mass(sentence, places["returned_mass"], "g") if "returned_mass" in places else None
    date = next(sentence.within(*places["date"], "date"), None) if "date" in places else None
    yield Claim("gift", giver, receiver, mass, date.name if date else "", hedge="asserted")


def _party(sentence: Sentence, cell: tuple[int, int]) -> str:
    mark: Mark | None = next(sentence.within(*cell, "party"), None)
    return mark.name if mark else ""
