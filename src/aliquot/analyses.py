"""What was measured on which split, and may it be recorded as told? An analysis and its values, read from text.

A value keeps its own text; beside it stand the decimal and its one standard deviation, whatever level the laboratory
states. What cannot be is a fault with its likely cause; what can be and seldom is, is a doubt that somebody has to confirm.
Conventions of errors: docs/chronology.md. Codes of methods: `methods.toml`, with its source. Knows no ledger: who held the split is
handed in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files
from typing import Final

from aliquot import analytes, fault, mass, texts
from aliquot.fault import Fault
from aliquot.vocabulary import Words

# Of one standard deviation; a standard error is that of the mean that is told. 95 % = 1.959964 sigma.
LEVELS: Final = {"1s": Decimal(1), "2s": Decimal(2), "95%": Decimal("1.959964"), "se": Decimal(1)}
KINDS: Final = ("absolute", "percent")
ORIGINS: Final = ("facility", "literature")
VALUES_MOST: Final = 500
TEXT_MOST: Final = {
    "sample": 100, "material": 100, "method": 100, "instrument": 200, "laboratory": 200, "holder": 120, "standards": 500,
    "measured_on": 10, "analyst": 60, "consumed": 40, "note": 2_000, "sure": 500, "publication": 24, "label": 100,
}  # fmt: skip
VALUE: Final = ("analyte", "value", "unit", "uncertainty", "level", "kind", "limit")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Measured:
    """One value: as told (`text`, `uncertainty`), as a decimal in `unit`, and its one standard deviation.

    Below a detection limit there is no value, and `limit` is the limit.
    """

    analyte: str
    unit: str
    text: str
    value: Decimal | None
    sd: Decimal | None = None
    uncertainty: str = ""
    level: str = ""
    kind: str = "absolute"
    limit: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was done on one split, and its values. `measured_on` is empty where the literature does not tell it."""

    origin: str
    sample: str
    label: str
    material: str
    method: str
    instrument: str
    laboratory: str
    holder: str
    standards: str
    measured_on: date | None
    analyst: str
    consumed_ng: int
    note: str
    values: tuple[Measured, ...]


@dataclass(frozen=True, slots=True)
class Read:
    """An analysis as it was understood, with what is wrong and what is doubtful of it."""

    analysis: Analysis
    faults: tuple[Fault, ...]
    doubts: tuple[Fault, ...]


@cache
def _method_names() -> Mapping[str, str]:
    """Return each code by whatever it is called: itself, the code that is to replace it, its English name."""
    table = tomllib.loads(files("aliquot").joinpath("methods.toml").read_text("utf-8"))
    found: dict[str, str] = {}
    for name in ("code", "also", "label_en"):
        for row in table["method"]:
            if name in row:
                found.setdefault(row[name].casefold(), row["code"])
    return found


def method(text: str) -> str:
    """Return the code of a method, however it is called; what is none as it is."""
    return _method_names().get(" ".join(text.casefold().split()), text)


@cache
def materials() -> Mapping[str, Words]:
    """Return what is measured as a rule, by its English name in small letters."""
    table = tomllib.loads(files("aliquot").joinpath("materials.toml").read_text("utf-8"))
    return {row["label_en"].casefold(): Words(row["label_en"], row["label_zh"]) for row in table["material"]}


def material(text: str, language: str) -> str:
    """Return a material in a language, where it is one of the vocabulary; other words as they are."""
    known = materials().get(" ".join(text.casefold().split()))
    return known.text(language) if known and not language.startswith("en") else text


@cache
def methods() -> Mapping[str, Words]:
    """Return the codes of methods that are known, each with its name."""
    table = tomllib.loads(files("aliquot").joinpath("methods.toml").read_text("utf-8"))
    return {row["code"]: Words(row["label_en"], row["label_zh"]) for row in table["method"]}


def read(told: Mapping[str, object], *, on: date) -> Read:
    """Read what was told of an analysis on a day; every fault and doubt names its field, such as `values[3].unit`."""
    faults: list[Fault] = []
    doubts: list[Fault] = []
    text = {name: _text(told, name, most, faults) for name, most in TEXT_MOST.items()}
    text["method"] = method(text["method"])
    measured_on = _day(text["measured_on"], on, faults)
    origin = str(told.get("origin") or "facility")
    if origin not in ORIGINS:
        faults.append(fault.of("origin", "“{said}” is not where an analysis comes from",
                               "say facility or literature", said=origin[:40]))  # fmt: skip
    faults += _check_needed(text, origin)
    consumed_ng = _consumed(text["consumed"], origin, faults)
    values = _values(told.get("values"), faults, doubts)
    doubts += check_oxides(values)
    analysis = Analysis(
        origin=origin, sample=text["sample"], label=text["label"], material=text["material"], method=text["method"],
        instrument=text["instrument"], laboratory=text["laboratory"], holder=text["holder"], standards=text["standards"],
        measured_on=measured_on, analyst=text["analyst"], consumed_ng=consumed_ng, note=text["note"], values=values,
    )  # fmt: skip
    return Read(analysis, tuple(faults), tuple(doubts))


def as_told(told: Mapping[str, object]) -> dict[str, object]:
    """Return of what was told what an analysis has, to be kept beside what was understood of it."""
    values = told.get("values")
    rows = [one for one in values if isinstance(one, Mapping)] if isinstance(values, Sequence) else []
    kept: dict[str, object] = {
        name: told[name] for name in ("origin", *TEXT_MOST) if isinstance(told.get(name), str)
    }
    return kept | {
        "values": [{name: str(one[name]) for name in VALUE if one.get(name) is not None} for one in rows]
    }


def _text(told: Mapping[str, object], name: str, most: int, faults: list[Fault]) -> str:
    said = told.get(name)
    if said is not None and not isinstance(said, str):
        faults.append(fault.of(name, "this is not a text", "write it in quotation marks"))
        return ""
    found = (said or "").strip()
    wrong = list(texts.check(name, found, most=most))
    faults.extend(wrong)
    return "" if wrong else found


def _day(text: str, on: date, faults: list[Fault]) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        faults.append(fault.of("measured_on", "“{said}” is not a day", "write it as 2026-03-14", said=text))
        return None
    if found > on:
        faults.append(fault.of("measured_on", "this day has not come yet", "give the day of the measurement"))
    return found


def _check_needed(text: Mapping[str, str], origin: str) -> Iterator[Fault]:
    """What a facility's own analysis cannot do without; the literature tells what it tells."""
    if not text["method"]:
        yield fault.of("method", "it is not said how it was measured", "give the code of a method")
    elif text["method"] not in methods():
        yield fault.of("method", "there is no method “{said}” in the vocabulary", "use one of: {codes}",
                       said=text["method"], codes=", ".join(methods()))  # fmt: skip
    if not text["sample"] and not text["label"]:
        yield fault.of("sample", "it is not said what was measured", "give the number of the split")
    if origin == "literature":
        if not text["publication"]:
            yield fault.of("publication", "what comes from the literature has a citation", "say where it was published")  # fmt: skip
        return
    for name in ("sample", "laboratory", "holder", "measured_on"):
        if not text[name]:
            yield fault.of(name, "this is needed of an analysis of our own splits", "fill it in")


def _consumed(text: str, origin: str, faults: list[Fault]) -> int:
    if not text:
        return 0
    read_ng = mass.read(text)
    if isinstance(read_ng, Fault):
        faults.append(fault.of("consumed", read_ng.what, read_ng.todo, **dict(read_ng.values)))
        return 0
    if read_ng < 0 or origin == "literature":
        faults.append(fault.of("consumed", "no mass of ours is used up by this", "leave it empty"))
    return read_ng


def _values(given: object, faults: list[Fault], doubts: list[Fault]) -> tuple[Measured, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str) or not given:
        faults.append(fault.of("values", "no value was told", "give at least one"))
        return ()
    if len(given) > VALUES_MOST:
        faults.append(fault.of("values", "there are more than {most} values", "part them into several analyses",
                               most=VALUES_MOST))  # fmt: skip
        return ()
    found: list[Measured] = []
    for at, one in enumerate(given):
        where = f"values[{at}]"
        if not isinstance(one, Mapping):
            faults.append(fault.of(where, "this is not a value", "give analyte, value and unit"))
            continue
        measured, wrong, unsure = read_value({str(k): v for k, v in one.items()}, where)
        faults += wrong
        doubts += unsure
        if measured is None:
            continue
        if measured.analyte in {each.analyte for each in found}:
            faults.append(fault.of(f"{where}.analyte", "{analyte} is told twice", "make it an analysis of its own",
                                   analyte=measured.analyte))  # fmt: skip
        found.append(measured)
    return tuple(found)


def read_value(
    told: Mapping[str, object], where: str = ""
) -> tuple[Measured | None, list[Fault], list[Fault]]:
    """Read one value: `analyte`, `value`, `unit`, `uncertainty`, `level`, `kind`, `limit`; with faults and doubts."""
    dot = f"{where}." if where else ""
    said = {name: str(told.get(name) if told.get(name) is not None else "").strip() for name in VALUE}
    faults = [f for name, text in said.items() for f in texts.check(dot + name, text, most=60)]
    analyte = analytes.find(said["analyte"])
    if analyte is None:
        faults.append(fault.of(f"{dot}analyte", "“{said}” is no element, oxide, ratio or other known quantity",
                               "write it as Rb, SiO2, 87Sr/86Sr, d18O or age", said=said["analyte"][:40]))  # fmt: skip
    unit = analytes.unit(said["unit"], analyte)
    if unit is None and analyte is not None:
        faults.append(fault.of(f"{dot}unit", "“{unit}” is not a unit of {analyte}", "use one of: {units}",
                               unit=said["unit"][:20], analyte=analyte.name,
                               units=", ".join(one or "–" for one in analytes.units_of(analyte))))  # fmt: skip
    below = said["value"].startswith("<")
    value = _decimal(said["value"].removeprefix("<").strip(), f"{dot}value", faults)
    limit = value if below else _decimal(said["limit"], f"{dot}limit", faults) if said["limit"] else None
    if faults or analyte is None or unit is None or value is None:
        return None, faults, []
    faults += analytes.impossible(analyte, value, unit, f"{dot}value")
    doubts = list(analytes.unusual(analyte, value, unit, f"{dot}value")) if not faults else []
    if limit is not None and not below and value < limit:
        faults.append(
            fault.of(f"{dot}value", "it is below its detection limit", "write it as < and the limit")
        )
    sd = _sd(said, value, below, dot, faults, doubts)
    measured = Measured(
        analyte=analyte.name, unit=unit, text=said["value"], value=None if below else value, sd=sd, limit=limit,
        uncertainty=said["uncertainty"], level=said["level"] if said["uncertainty"] else "",
        kind=said["kind"] or "absolute",
    )  # fmt: skip
    return measured, faults, doubts


def _decimal(text: str, where: str, faults: list[Fault]) -> Decimal | None:
    """Return the number, written with a point."""
    if _NUMBER.fullmatch(text):
        try:
            return Decimal(text)
        except InvalidOperation:  # more digits than decimals hold
            pass
    faults.append(fault.of(where, "“{said}” is not a number", "write digits with a point for the decimals; < before a limit",
                           said=text[:40]))  # fmt: skip
    return None


def _sd(said: Mapping[str, str], value: Decimal, below: bool, dot: str, faults: list[Fault],
        doubts: list[Fault]) -> Decimal | None:  # fmt: skip
    """Return one standard deviation in the unit of the value, from the uncertainty at its level."""
    if not said["uncertainty"]:
        return None
    stated = _decimal(said["uncertainty"], f"{dot}uncertainty", faults)
    if said["level"] not in LEVELS:
        faults.append(fault.of(f"{dot}level", "it is not said at which level the uncertainty is",
                               "say 1s, 2s, 95% or se", level=said["level"][:20]))  # fmt: skip
    if (said["kind"] or "absolute") not in KINDS:
        faults.append(
            fault.of(f"{dot}kind", "an uncertainty is absolute or in percent", "say absolute or percent")
        )
    if below:
        faults.append(
            fault.of(f"{dot}uncertainty", "what is below a limit has no uncertainty", "leave it empty")
        )
    if stated is None or faults:
        return None
    if stated <= 0:
        faults.append(
            fault.of(f"{dot}uncertainty", "an uncertainty is above zero", "leave it empty if it is not known")
        )
        return None
    whole = stated * abs(value) / 100 if said["kind"] == "percent" else stated
    if whole > abs(value) and said["analyte"][:1] not in "dεe":
        doubts.append(
            fault.of(
                f"{dot}uncertainty",
                "the uncertainty is larger than the value",
                "see whether it is in percent",
            )
        )
    return whole / LEVELS[said["level"]]


def check_oxides(values: Iterable[Measured]) -> Iterator[Fault]:
    """Yield a doubt where six or more oxides with SiO2 sum to less than 97 or more than 102 % by mass."""
    oxides = [one for one in values if one.analyte in analytes.OXIDES and one.value is not None]
    if {"FeOT", "Fe2O3T"} & {one.analyte for one in oxides}:  # all iron is in these already
        oxides = [one for one in oxides if one.analyte not in ("FeO", "Fe2O3")]
    if len(oxides) < 6 or "SiO2" not in {one.analyte for one in oxides}:
        return
    total = sum((analytes.as_percent(one.value or Decimal(0), one.unit) for one in oxides), Decimal(0))
    if not 97 <= total <= 102:
        yield fault.of("values", "the oxides sum to {total} %", "a whole analysis sums to 97 to 102 %: see which is wrong or missing",
                       total=f"{total:.2f}")  # fmt: skip


def held_ng(postings: Iterable[tuple[str, int]], day: date) -> int:
    """Return the most that a holder had of a sample at any time of a day; `postings` are (RFC 3339 time, mass), in order."""
    start, end = f"{day.isoformat()}T", f"{day.isoformat()}T~"
    balance = most = 0
    for at, ng in postings:
        if at >= end:
            break
        balance += ng
        most = balance if at < start else max(most, balance)
    return most


def check_custody(analysis: Analysis, held: int) -> Iterator[Fault]:
    """Yield what is wrong where the laboratory did not hold the split on the day of the measurement."""
    if analysis.origin != "facility" or analysis.measured_on is None:
        return
    if held <= 0:
        yield fault.of("holder", "this laboratory did not hold {sample} on {day}, the ledger says",
                       "correct the split, the day or the laboratory; or record first how it came there",
                       sample=analysis.sample, day=analysis.measured_on.isoformat())  # fmt: skip
    elif analysis.consumed_ng > held:
        yield fault.of(
            "consumed", "more was used up than the laboratory held of it that day", "correct the mass"
        )
