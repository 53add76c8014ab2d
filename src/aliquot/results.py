"""Which age follows from which analyses, what does its line mean, and does it come out the same again?

A derived age is the request that `aliquot age` takes and the answer that it gave, both kept as text, byte by byte; whoever has
the request has all that the answer rests on. What a line means is said by people and never computed: a request without
a meaning is refused. Knows no database: analyses come as rows of measured values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from aliquot import analytes, fault, texts
from aliquot.analyses import Measured
from aliquot.fault import Fault

Json = dict[str, object]
ROWS_MOST: Final = 2_000
REASON_MOST: Final = 500


class Meaning(StrEnum):
    """What a line or an age stands for, as whoever derived it says."""

    CRYSTALLISATION = "crystallisation"
    WHOLE_ROCK = "whole-rock"
    MODEL_AGE = "model-age"
    RESET = "reset"
    NOT_STATED = "not-stated"


# What it dates, and what a reader must not take it for.
MEANS: Final[Mapping[Meaning, tuple[str, str, str]]] = {
    Meaning.CRYSTALLISATION: ("crystallisation", "It dates when the minerals of one rock formed from its melt.", ""),
    Meaning.WHOLE_ROCK: (
        "a line through several whole rocks",
        "It dates when the sources of these rocks parted, if ever they were one, and not any of the rocks.",
        "This whole-rock line is no eruption age: the rocks on it are younger than the line.",
    ),
    Meaning.MODEL_AGE: (
        "a model age",
        "It dates when a rock's source would have parted from an assumed reservoir.",
        "This is a model age: it stands and falls with the reservoir that it assumes.",
    ),
    Meaning.RESET: (
        "a reset of the clock",
        "It dates the heating or impact that set the clock to zero, not when the rock formed.",
        "The clock was reset: the rock is older than this age.",
    ),
    Meaning.NOT_STATED: ("not stated", "Nobody has said what it dates.", "Nobody has said what this age dates: do not quote it alone."),
}  # fmt: skip

# What is read of each clock and task, in the order in which it is tried: columns of `aliquot age`.
_PAIRS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "Rb-Sr": (("Rb87Sr86", "Sr87Sr86"), ("Rb87Sr87", "Sr86Sr87"), ("Rb", "Sr", "Sr87Sr86")),
    "Sm-Nd": (("Sm147Nd144", "Nd143Nd144"), ("Sm147Nd143", "Nd144Nd143"), ("Sm", "Nd", "Nd143Nd144")),
    "Lu-Hf": (("Lu176Hf177", "Hf176Hf177"), ("Lu176Hf176", "Hf177Hf176"), ("Lu", "Hf", "Hf176Hf177")),
    "Re-Os": (("Re187Os188", "Os187Os188"), ("Re187Os187", "Os188Os187"), ("Re", "Os", "Os187Os188")),
    "K-Ca": (("K40Ca44", "Ca40Ca44"), ("K40Ca40", "Ca44Ca40")),
    "Th-Pb": (("Th232Pb204", "Pb208Pb204"), ("Th232Pb208", "Pb204Pb208")),
    "Ar-Ar": (("Ar39Ar40", "Ar36Ar40"), ("Ar39Ar36", "Ar40Ar36")),
    "Pb-Pb": (
        ("Pb206Pb204", "Pb207Pb204", "Pb206Pb207"), ("Pb204Pb206", "Pb207Pb206"), ("Pb206Pb204", "Pb207Pb204"),
    ),
    "U-Pb": (("Pb207U235", "Pb206U238"), ("U238Pb206", "Pb207Pb206")),
}  # fmt: skip
CLOCKS: Final = tuple(_PAIRS)
_RATIOS: Final = frozenset(
    name for each in _PAIRS.values() for pair in each if len(pair) == 2 for name in pair
)
TASKS: Final = ("isochron", "mean", "age", "plateau", "concordia", "discordia")
_OF_URANIUM: Final = ("concordia", "discordia")


@dataclass(frozen=True, slots=True)
class Part:
    """An analysis as a row of a request: its key, what it is called, its values by their analyte."""

    key: str
    label: str
    values: Mapping[str, Measured]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants derived from analyses. `omitted` has a reason by the key of each analysis left out."""

    task: str
    clock: str
    meaning: str
    omitted: Mapping[str, str]
    sets: tuple[str, ...] = ()
    model: int = 1
    outlier_test: str = "none"
    random_effects: bool = False
    external_errors: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Derived:
    """A request and its answer as they are kept: JSON texts, and the SHA-256 of each."""

    request: str
    answer: str

    @property
    def request_sha256(self) -> str:
        return hashlib.sha256(self.request.encode()).hexdigest()

    @property
    def answer_sha256(self) -> str:
        return hashlib.sha256(self.answer.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Again:
    """How an answer came out when it was computed anew; `differs` names the fields that are not the same."""

    is_same: bool
    version_then: str
    version_now: str
    differs: tuple[str, ...]


def request(wish: Wish, parts: Sequence[Part]) -> Json:
    """Return the request that `aliquot age` takes; raise `Refused` with everything that keeps it from being made."""
    fault.refuse_if(_check(wish, parts))
    columns = columns_of(wish, parts)
    if columns is None:
        raise fault.Refused([fault.of("analyses", "these analyses do not all have what this needs", "choose those that have {needed}",
                                      needed=" / ".join(", ".join(one) for one in _choices(wish)))])  # fmt: skip
    columns = (*columns, *_more(wish, columns, parts))
    rows, fewer = [], []
    for part in parts:
        row, wrong = _row(part, columns, is_read=part.key not in wish.omitted)
        rows.append(row)
        fewer += wrong
    fault.refuse_if(fewer)
    named = [
        name for column in columns for name in ((column,) if column in _BARE else (column, f"s_{column}"))
    ]
    made: Json = {"task": wish.task}
    if clock := _clock(wish, columns):
        made["clock"] = clock
    if wish.note.strip():
        made["note"] = wish.note.strip()
    made |= {"columns": ["label", *named], "rows": rows, "errors": {"level": "1s", "kind": "absolute"}}
    omit: list[object] = [
        {"row": at, "reason": wish.omitted[part.key].strip()}
        for at, part in enumerate(parts, 1)
        if part.key in wish.omitted
    ]
    if omit:
        made["omit"] = omit
    if wish.sets:
        made["constants"] = {"set": list(wish.sets)}
    made |= _choices_made(wish)
    return made


_BARE: Final = frozenset({"fraction", "Ar39", "rho"})


def _clock(wish: Wish, columns: Sequence[str]) -> str:
    """Return the clock that the request names; what is made of ages alone has none."""
    if "age" in columns:
        return ""
    return "U-Pb" if wish.task in _OF_URANIUM else wish.clock


def _more(wish: Wish, columns: Sequence[str], parts: Sequence[Part]) -> tuple[str, ...]:
    """Return what belongs to the rows besides: the correlation of two ratios, and J of argon, where every analysis has it."""
    wanted = ["rho"] if sum(name in _RATIOS for name in columns) == 2 else []
    if wish.clock == "Ar-Ar" and "age" not in columns:
        wanted.append("J")
    return tuple(name for name in wanted if all(name in part.values for part in parts))


def _choices_made(wish: Wish) -> Json:
    """Return the choices that differ from what is usual."""
    made: Json = {}
    if wish.task in ("isochron", "discordia") and wish.model != 1:
        made["model"] = wish.model
    if wish.task == "mean" and wish.outlier_test != "none":
        made["outlier_test"] = wish.outlier_test
    if wish.task == "mean" and wish.random_effects:
        made["random_effects"] = True
    if wish.external_errors:
        made["external_errors"] = True
    return made


def _check(wish: Wish, parts: Sequence[Part]) -> Iterator[Fault]:
    if wish.task not in TASKS:
        yield fault.of("task", "“{said}” is nothing that can be computed here", "use one of: {tasks}",
                       said=wish.task[:40], tasks=", ".join(TASKS))  # fmt: skip
    if wish.task != "mean" and wish.clock not in CLOCKS:
        yield fault.of("clock", "“{said}” is no clock", "use one of: {clocks}", said=wish.clock[:40], clocks=", ".join(CLOCKS))  # fmt: skip
    if wish.meaning not in list(Meaning):
        yield fault.of("meaning", "it is not said what the age means", "say it: crystallisation, a whole-rock line, a model age, a reset, or that it is not known")  # fmt: skip
    if wish.model not in (1, 2, 3):
        yield fault.of("model", "a model is 1, 2 or 3", "choose one")
    if not parts:
        yield fault.of("analyses", "no analysis was chosen", "choose those that the age is to rest on")
    if len(parts) > ROWS_MOST:
        yield fault.of("analyses", "there are more than {most} analyses", "choose fewer", most=ROWS_MOST)
    yield from texts.check("note", wish.note, most=2_000)
    yield from _check_omitted(wish, parts)


def _check_omitted(wish: Wish, parts: Sequence[Part]) -> Iterator[Fault]:
    """Every point that is left out is one that was chosen, and has its reason."""
    chosen = {part.key for part in parts}
    for key, reason in wish.omitted.items():
        if key not in chosen:
            yield fault.of("omit", "what is not chosen cannot be left out", "choose it, or take it out here")
        elif not reason.strip():
            yield fault.of(
                "reason", "a point is not left out without a reason", "say why it does not belong to the line"
            )
        yield from texts.check("reason", reason, most=REASON_MOST)
    if parts and len(wish.omitted) >= len(parts):
        yield fault.of("omit", "nothing would be left", "leave out fewer")


def columns_of(wish: Wish, parts: Sequence[Part]) -> tuple[str, ...] | None:
    """Return the first columns of the task that every analysis has; None where there are none."""
    for columns in _choices(wish):
        if all(column in part.values for part in parts for column in columns):
            return columns
    return None


def _choices(wish: Wish) -> tuple[tuple[str, ...], ...]:
    if wish.task == "mean":
        return (("age",),)
    if wish.task == "plateau":
        return (("Ar39", "Ar39Ar40", "Ar36Ar40"), ("Ar39", "Ar39Ar36", "Ar40Ar36"), ("fraction", "age"))
    return _PAIRS["U-Pb" if wish.task in _OF_URANIUM else wish.clock]


def _row(part: Part, columns: Sequence[str], *, is_read: bool) -> tuple[list[object], list[Fault]]:
    """Return a row of a request: the label, then each number with its error, at one sigma, absolute."""
    row: list[object] = [part.label]
    faults = []
    for column in columns:
        one = part.values[column]
        row.append(None if one.value is None else _number(one, one.value))
        if column not in _BARE:
            row.append(None if one.sd is None else _number(one, one.sd))
        if is_read and (one.value is None or (one.sd is None and column not in _BARE)):
            faults.append(fault.of(f"{part.label}: {column}", "it has no value with an uncertainty", "leave this analysis out, with that reason"))  # fmt: skip
    return row, faults


def _number(one: Measured, value: Decimal) -> float:
    """Return the number in the unit in which requests are made: ppm, Ma."""
    if one.unit in analytes.SHARES and one.analyte != "fraction":
        return float(value * analytes.SHARES[one.unit] / analytes.SHARES["ppm"])
    if one.unit in analytes.TIMES_MA:
        return float(value * analytes.TIMES_MA[one.unit])
    return float(value)


def derive(asked: Json) -> Derived:
    """Return the request and its answer as texts: the answer is what `aliquot age --json` prints for the request."""
    from aliquot.chronology import requests

    return texts_of(asked, requests.answer(asked))


def texts_of(asked: Mapping[str, object], answer: Mapping[str, object]) -> Derived:
    """Return request and answer as the texts as which they are kept."""
    return Derived(
        json.dumps(asked, ensure_ascii=False, allow_nan=False), json.dumps(answer, allow_nan=False)
    )


def check_answer(answer: Mapping[str, object]) -> Iterator[Fault]:
    """Yield why there is no age; the sentence is chronology's own."""
    if "error" in answer:
        yield fault.of(
            "age",
            "it cannot be dated: {undatable}",
            "see the rows and the clock",
            undatable=str(answer["error"])[:600],
        )


def again(request_text: str, answer_text: str) -> Again:
    """Compute a kept request anew and hold it against the kept answer. The version of the program is no part of the result."""
    kept = json.loads(answer_text)
    fresh_text = derive(json.loads(request_text)).answer
    fresh = json.loads(fresh_text)
    names = (set(kept) | set(fresh)) - {"version"}
    differs = tuple(
        sorted(name for name in names if json.dumps(kept.get(name)) != json.dumps(fresh.get(name)))
    )
    same_version = kept.get("version") == fresh.get("version")
    is_same = answer_text == fresh_text if same_version else not differs
    return Again(is_same, str(kept.get("version")), str(fresh.get("version")), differs)


def with_constants(asked: Mapping[str, object], sets: Sequence[str]) -> Json:
    """Return the same request under other sets of constants."""
    return {**asked, "constants": {"set": list(sets)}}


def warnings(meaning: str, answer: Mapping[str, object], *, samples: int) -> tuple[Fault, ...]:
    """Return what a reader must know before quoting the age, as sentences: `what` and `todo`."""
    found = []
    age = answer.get("age_ma")
    said = f"{age / 1000:.2f}" if isinstance(age, int | float) else ""
    if meaning == Meaning.WHOLE_ROCK and said:
        found.append(fault.of(
            "meaning", "This {age} Ga whole-rock line is no eruption age",
            "it dates when the sources of these rocks parted; the rocks themselves are younger", age=said,
        ))  # fmt: skip
    elif meaning in list(Meaning) and MEANS[Meaning(meaning)][2]:
        found.append(fault.of("meaning", MEANS[Meaning(meaning)][2], "say so wherever you quote it"))
    if meaning == Meaning.CRYSTALLISATION and samples > 1 and answer.get("task") == "isochron":
        found.append(fault.of("meaning", "The line runs through {n} samples and is called crystallisation",
                              "one rock crystallises; several make a whole-rock line", n=samples))  # fmt: skip
    if isinstance(age, int | float) and age > float(analytes.SOLAR_SYSTEM_MA):
        found.append(
            fault.of("age", "It is older than the Solar System, 4,568 Ma", "see constants, units and model")
        )
    return tuple(found)


def quoted(answer: Mapping[str, object]) -> tuple[float, float, str] | None:
    """Return age and half width in Ma with what the width includes; None where there is no age."""
    said = answer.get("quoted")
    if not isinstance(said, Mapping):
        return None
    age, half, label = said.get("age_ma"), said.get("half_width_ma"), said.get("label")
    if not isinstance(age, int | float) or not isinstance(half, int | float):
        return None
    return float(age), float(half), str(label)


def labels(parts: Iterable[Part]) -> tuple[str, ...]:
    """Return what the rows are called."""
    return tuple(part.label for part in parts)
