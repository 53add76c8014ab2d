"""Are these facts well formed, and can they all be true? JSON in, typed facts or every fault out.

Absent and null mean not known, "n/a" known not to apply; nothing stands for a missing fact but what the facts
themselves settle. The four rules of consistency, and what follows from them for what is missing, are here together.
Knows no instrument.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from aliquot import fault
from aliquot.canonical import shown
from aliquot.conditions import NOT_APPLICABLE, Facts, Value
from aliquot.countries import CODES
from aliquot.fault import Fault
from aliquot.law_words import FactKind, Question, Vocabulary

IGNORED: Final = ("id", "title", "note")
RESTRICTED_FUNDERS: Final = frozenset({"NASA", "OSTP", "NSPC"})
CHINA: Final = frozenset({"CN", "HK", "MO"})
# The day on which a collection came to Earth; before it nobody can ask for it.
ON_EARTH: Final = {
    "apollo": date(1969, 7, 24), "luna": date(1970, 9, 24),
    "change5": date(2020, 12, 17), "change6": date(2024, 6, 25),
}  # fmt: skip
# What may be asked for before the material is there.
EARLY_ACTS: Final = ("talk", "sign")
# Keys that settle others: when they are missing themselves, nothing depends on them.
SETTLING: Final = ("funders", "counterparty_place")

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEARS: Final = range(1900, 10_000)


@dataclass(frozen=True, slots=True)
class FactSheet:
    """One set of well-formed, consistent facts.

    `facts` has what is known, with what the facts themselves settle; `earliest_asked_on` is the ordinal before which the
    material was not on Earth, where that bears on a missing `asked_on`. `sha256` is of the facts as given.
    """

    facts: Facts
    sha256: str
    earliest_asked_on: int | None = None
    doubts: tuple[str, ...] = ()


def read(given: Mapping[str, object], vocabulary: Vocabulary) -> FactSheet | tuple[Fault, ...]:
    """Return the facts, or every fault of theirs, each naming the keys at fault."""
    facts: dict[str, Value] = {}
    faults: list[Fault] = []
    for key, value in given.items():
        question = vocabulary.questions.get(key)
        if key in IGNORED:
            continue
        if question is None:
            faults.append(
                fault.of(
                    shown(key) or "“”", "this is no question of the form", "remove it, or mend its spelling"
                )
            )
        elif value is not None:
            found = _typed(question, value)
            if isinstance(found, Fault):
                faults.append(found)
            else:
                facts[key] = found
    faults += () if faults else _inconsistent(facts)
    if faults:
        return tuple(faults)
    settled = _settle(facts)
    return FactSheet(settled, _hash(given), _earliest(settled), tuple(_doubts(facts)))


def _typed(question: Question, value: object) -> Value | Fault:
    """Return the answer as its question's type has it, or what is wrong with it."""
    if value == NOT_APPLICABLE and isinstance(value, str):
        return NOT_APPLICABLE
    found = _SHAPES[question.kind](question, value)
    if found is not None:
        return found
    return fault.of(question.key, "“{given}” is not {wanted}", "give {wanted}, null where it is not known, or “n/a”",
                    given=shown(fault.seen(_text_of(value))), wanted=_wanted(question))  # fmt: skip


def _text_of(value: object) -> str:
    return json.dumps(value, default=str) if not isinstance(value, str) else value


def _wanted(question: Question) -> str:
    return {
        FactKind.BOOL: "true or false",
        FactKind.INT: "a whole number from 0 on",
        FactKind.DATE: "a day such as 2024-12-01",
        FactKind.STRING: "one of " + ", ".join(question.options),
        FactKind.PLACE: "a code of ISO 3166-1 such as FR",
        FactKind.PLACES: "a list of codes of ISO 3166-1",
        FactKind.TEXTS: "a list of names",
        FactKind.YEARS: "a list of fiscal years such as 2025",
    }[question.kind]


def _bool(_question: Question, value: object) -> Value | None:
    return value if isinstance(value, bool) else None


def _int(_question: Question, value: object) -> Value | None:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1_000_000
    return value if fits and isinstance(value, int) else None


def _date(_question: Question, value: object) -> Value | None:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value).toordinal()
    except ValueError:
        return None


def _string(question: Question, value: object) -> Value | None:
    return value if isinstance(value, str) and value in question.options else None


def _place(_question: Question, value: object) -> Value | None:
    return value if isinstance(value, str) and value in CODES else None


def _places(question: Question, value: object) -> Value | None:
    if not isinstance(value, list):
        return None
    return tuple(value) if all(_place(question, each) for each in value) else None


def _texts(_question: Question, value: object) -> Value | None:
    if not isinstance(value, list):
        return None
    return (
        tuple(value)
        if all(isinstance(each, str) and each.strip() and _is_text(each) for each in value)
        else None
    )


def _years(_question: Question, value: object) -> Value | None:
    if not isinstance(value, list):
        return None
    fits = all(isinstance(each, int) and not isinstance(each, bool) and each in _YEARS for each in value)
    return tuple(value) if fits else None


def _is_text(text: str) -> bool:
    return not any("\ud800" <= each <= "\udfff" for each in text)


_SHAPES: Final = {
    FactKind.BOOL: _bool, FactKind.INT: _int, FactKind.DATE: _date, FactKind.STRING: _string,
    FactKind.PLACE: _place, FactKind.PLACES: _places, FactKind.TEXTS: _texts, FactKind.YEARS: _years,
}  # fmt: skip


def _is_restricted(facts: Facts) -> bool | None:
    """Return whether the funders named include NASA, OSTP or the Space Council; None where none is named."""
    funders = facts.get("funders")
    return (
        bool(RESTRICTED_FUNDERS.intersection(map(str, funders)))
        if isinstance(funders, tuple) and funders
        else None
    )


def _inconsistent(facts: Facts) -> Iterator[Fault]:
    asked, act, collection = facts.get("asked_on"), facts.get("act"), str(facts.get("collection"))
    landed = ON_EARTH.get(collection)
    if (
        landed
        and isinstance(asked, int)
        and act is not None
        and act not in EARLY_ACTS
        and asked < landed.toordinal()
    ):
        yield fault.of("collection, asked_on, act", "{collection} came to Earth on {day}, after the day asked for",
                       "mend the collection or the day, or choose the act talk or sign",
                       collection=collection, day=landed.isoformat())  # fmt: skip
    restricted, named, years = facts.get("restricted_money"), _is_restricted(facts), facts.get("money_years")
    if named is not None and restricted is not None and restricted is not named:
        yield fault.of("funders, restricted_money", "the funders named and the answer on restricted money differ",
                       "answer yes where NASA, OSTP or NSPC is among the funders, else no, or leave it open")  # fmt: skip
    if facts.get("counterparty_place") in CHINA and facts.get("counterparty_china") is False:
        yield fault.of("counterparty_place, counterparty_china", "{place} counts as China, and the answer says no",
                       "mend one of the two", place=str(facts["counterparty_place"]))  # fmt: skip
    if years in (NOT_APPLICABLE, ()) and (restricted is True or (restricted is None and named)):
        keys = "restricted_money, money_years" if restricted is True else "funders, money_years"
        yield fault.of(keys, "restricted money is used, and no fiscal year is given for it",
                       "give the fiscal years, or null where they are not known")  # fmt: skip


def _settle(facts: Facts) -> dict[str, Value]:
    """Return the facts with those that cannot consistently be otherwise."""
    found = dict(facts)
    named = _is_restricted(facts)
    if "restricted_money" not in facts:
        if named is not None:
            found["restricted_money"] = named
        elif facts.get("money_years") in (NOT_APPLICABLE, ()):
            found["restricted_money"] = False
    if "counterparty_china" not in facts and facts.get("counterparty_place") in CHINA:
        found["counterparty_china"] = True
    return found


def _earliest(facts: Facts) -> int | None:
    landed = ON_EARTH.get(str(facts.get("collection")))
    if landed is None or "act" not in facts or facts["act"] in EARLY_ACTS or "asked_on" in facts:
        return None
    return landed.toordinal()


def _doubts(facts: Facts) -> Iterator[str]:
    """Yield what a person should look at again, though it is well formed."""
    funders = facts.get("funders")
    for each in map(str, funders) if isinstance(funders, tuple) else ():
        if each not in RESTRICTED_FUNDERS and re.search(r"\b(NASA|OSTP|NSPC|SPACE COUNCIL)\b", each.upper()):
            yield f"“{shown(fault.seen(each))}” was not taken for one of NASA, OSTP, NSPC; name it so if it is."


def _hash(given: Mapping[str, object]) -> str:
    """Return the hash of the facts without what is ignored and what is null, whatever the order of keys."""
    kept = {key: value for key, value in given.items() if key not in IGNORED and value is not None}
    text = json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


# --- Files of facts -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A set of facts that is no JSON object; the fault says why."""

    fault: Fault


Given = Mapping[str, object] | Unreadable


@dataclass(frozen=True, slots=True)
class FactFile:
    """What a file of facts holds: one set, a JSON array of sets, or one set a line."""

    sets: tuple[Given, ...]
    form: str  # "one", "array" or "lines"


def parse(data: bytes) -> FactFile | Fault:
    """Return the sets of a file, or why it is no file of facts."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return fault.of("facts", "the file is not UTF-8 text", "save it as UTF-8")
    whole = _loads(text)
    if isinstance(whole, Unreadable):
        return _lines(text) or whole.fault
    if isinstance(whole, Mapping):
        return FactFile((whole,), "one")
    if not isinstance(whole, list):
        return fault.of("facts", "this is neither a JSON object nor an array", "write facts as {form}",
                        form='{"asked_on": "2024-12-01"}')  # fmt: skip
    return FactFile(tuple(map(_set_of, whole)), "array")


def _lines(text: str) -> FactFile | None:
    """Return the sets of JSON lines; None where no two lines, or no line is a set."""
    lines = [line for line in text.split("\n") if line.strip()]
    sets = [_set_of(_loads(line)) for line in lines]
    if (
        len(lines) < 2
        or not lines[0].lstrip().startswith("{")
        or all(isinstance(each, Unreadable) for each in sets)
    ):
        return None
    return FactFile(tuple(sets), "lines")


def _set_of(value: object) -> Given:
    if isinstance(value, Mapping | Unreadable):
        return value
    return Unreadable(
        fault.of("facts", "this set is no JSON object", "write it as {form}", form='{"id": "1"}')
    )


class _TwiceError(ValueError):
    """A key that stands twice in one object."""


def _loads(text: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except _TwiceError as error:
        return Unreadable(
            fault.of(fault.seen(shown(str(error))) or "“”", "this key stands twice", "keep one of them")
        )
    except RecursionError:
        return Unreadable(fault.of("facts", "they are nested beyond all measure", "write one flat object"))
    except ValueError as error:
        why = shown(fault.seen(str(error).split(":")[0]))
        return Unreadable(fault.of("facts", "this is no JSON: {why}", "mend it", why=why))


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _TwiceError(key)
        found[key] = value
    return found


def _no_number(text: str) -> object:
    raise ValueError(f"{text} is no number")
