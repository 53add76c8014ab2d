"""What does one table of a record file say? Fields of a TOML table as values, and every fault by its place.

A fault names the file, the key of the fact and the field. Knows which kinds of values fields hold, not which
fields a fact has (see `register_read`).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeVar

from aliquot import dates, fault, mass
from aliquot.dates import When
from aliquot.facts import NO_AMOUNT, Amount
from aliquot.fault import Fault
from aliquot.vocabulary import Precision, Words

Choice = TypeVar("Choice", bound=StrEnum)
KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
TABLES: Final = frozenset(
    {"source", "party", "mission", "transfer", "round", "statement", "flow", "contradiction"}
)
_LISTED: Final = ", ".join(sorted(TABLES))
_NUMBER: Final = re.compile(r"(\d+)(?:\.(\d+))?")


class Table:
    """One table of a file, read field by field; every fault names the file, the key and the field."""

    def __init__(self, raw: Mapping[str, object], *, where: str, faults: list[Fault]) -> None:
        self.raw, self.faults = raw, faults
        key = raw.get("key")
        self.where = f"{where} {key}" if isinstance(key, str) else where
        self.seen: set[str] = set()
        self._faults_before = len(faults)

    @property
    def is_sound(self) -> bool:
        return len(self.faults) == self._faults_before

    def blame(self, field: str, what: str, todo: str, /, **values: str | int) -> None:
        self.faults.append(fault.of(f"{self.where}: {field}", what, todo, **values))

    def text(self, name: str, *, needed: bool = False) -> str:
        self.seen.add(name)
        found = self.raw.get(name, "")
        if not isinstance(found, str):
            self.blame(name, "“{given}” is not a text", "put it in quotation marks", given=str(found)[:40])
            return ""
        if needed and not found.strip():
            self.blame(name, "{name} is missing", "add the line {name} = …", name=name)
        return found

    def words(self, name: str, *, needed: bool = False) -> Words:
        return Words(self.text(f"{name}_en", needed=needed), self.text(f"{name}_zh", needed=needed))

    def key(self, name: str = "key", *, needed: bool = True) -> str:
        found = self.text(name, needed=needed)
        if found and not KEY.fullmatch(found):
            self.blame(
                name, "“{given}” is not a key", "use letters, digits, points and hyphens", given=found[:40]
            )
        return found

    def keys(self, name: str, *, needed: bool = False) -> tuple[str, ...]:
        self.seen.add(name)
        found = self.raw.get(name, [])
        if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
            self.blame(name, "{name} is not a list of texts", 'write it like ["C20", "I1"]', name=name)
            return ()
        if needed and not found:
            self.blame(name, "{name} is missing", 'name at least one: {name} = ["…"]', name=name)
        return tuple(found)

    def number(self, name: str) -> int | None:
        self.seen.add(name)
        found = self.raw.get(name)
        if found is not None and (type(found) is not int or found < 0):
            self.blame(name, "“{given}” is not a count", "write a whole number", given=str(found)[:40])
            return None
        return found if isinstance(found, int) else None

    def flag(self, name: str) -> bool:
        self.seen.add(name)
        found = self.raw.get(name, False)
        if not isinstance(found, bool):
            self.blame(
                name, "“{given}” is neither true nor false", "write true or false", given=str(found)[:40]
            )
        return found is True

    def choice(self, name: str, choices: type[Choice], default: Choice | None = None) -> Choice:
        found = self.text(name, needed=default is None)
        options = list(choices)
        if not found:
            return default or options[0]
        if found not in [option.value for option in options]:
            listed = ", ".join(option.value for option in options)
            self.blame(name, "there is no {name} “{given}”", "use one of: {listed}",
                       name=name, given=found[:40], listed=listed)  # fmt: skip
            return options[0]
        return choices(found)

    def when(self, name: str, *, needed: bool = False) -> When | None:
        found = self.text(name, needed=needed)
        if not found:
            return None
        read = dates.read(found, f"{self.where}: {name}")
        if isinstance(read, Fault):
            self.faults.append(read)
            return None
        return read

    def date(self) -> When:
        """Return the date that every fact must have; when nothing better is known, before it was read."""
        found = self.when("date", needed=True)
        if found is dates.UNKNOWN:
            self.blame(
                "date",
                "a fact has a date, and “?” is none",
                "say at least before when it was stated: <2025-12",
            )
        return found or dates.UNKNOWN

    def amount(self, name: str = "mass") -> Amount:
        given, shown = self.text(name), self.text("text")
        precision = self.choice("precision", Precision, Precision.STATED)
        if not given:
            return Amount(text=shown) if shown else NO_AMOUNT
        mass_ng = mass.read(given, f"{self.where}: {name}")
        if isinstance(mass_ng, Fault):
            self.faults.append(mass_ng)
            return NO_AMOUNT
        return Amount(shown or given, mass_ng, precision, _half_ng(given, precision))

    def end(self) -> None:
        """Blame every field that nothing has read."""
        for name in sorted(set(self.raw) - self.seen):
            self.blame(
                name, "there is no field “{name}” here", "check its spelling, or leave it out", name=name
            )


def _half_ng(given: str, precision: Precision) -> int:
    """Return half a unit of the last digit given; after `about`, closing zeros of a whole number are none."""
    match = _NUMBER.match(given)
    unit = re.sub(r"[\d. ]", "", given)
    if not match:
        fault.bug(f"the mass {given} was read but has no number")
    whole, decimals = match.groups()
    if decimals:
        step = Decimal(1).scaleb(-len(decimals))
    else:
        zeros = len(whole) - len(whole.rstrip("0")) if precision is Precision.ABOUT else 0
        step = Decimal(1).scaleb(zeros)
    return int(step * mass.UNITS.get(unit, 1) / 2)


Documents = Mapping[str, Mapping[str, object]]


def documents(files: Mapping[str, str], faults: list[Fault]) -> Documents:
    """Return the files that are TOML, by name; the others are faults."""
    found = {}
    for file in sorted(files):
        try:
            found[file] = tomllib.loads(files[file])
        except tomllib.TOMLDecodeError as error:
            faults.append(fault.of(file, "is not TOML: {error}", "correct that line", error=str(error)))
            continue
        faults += [
            fault.of(
                file, "there are no tables “{name}”", "use one of: {listed}", name=name[:40], listed=_LISTED
            )
            for name in sorted(set(found[file]) - TABLES)
        ]
    return found


def tables(documents: Documents, name: str, faults: list[Fault]) -> list[Table]:
    """Return every `[[name]]` table of the files, in order of file name."""
    found = []
    for file, document in documents.items():
        raw = document.get(name, [])
        if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
            faults.append(fault.of(file, "“{name}” is not a list of tables", "write [[{name}]]", name=name))
            continue
        found += [Table(one, where=file, faults=faults) for one in raw]
    return found


def inner(table: Table, name: str) -> list[Table]:
    """Return the tables of that name inside a table."""
    table.seen.add(name)
    raw = table.raw.get(name, [])
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        table.blame(name, "{name} is not a list of tables", "write [[…{name}]]", name=name)
        return []
    return [Table(one, where=table.where, faults=table.faults) for one in raw]
