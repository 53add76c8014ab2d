"""Are these files a record? TOML texts in, facts and faults out.

A table with a fault yields no fact, but never stops the reading: all faults are found at once. Knows nothing of
where the files lie and nothing of what the facts mean together (see `register`).
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
from aliquot.facts import (
    NO_AMOUNT,
    Amount,
    Clash,
    FlowStep,
    Mission,
    Party,
    Round,
    Source,
    Statement,
    Transfer,
)
from aliquot.fault import Fault
from aliquot.vocabulary import SAYS, Fate, Grade, Kind, PartyKind, Precision, State, Words

Choice = TypeVar("Choice", bound=StrEnum)
KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_NUMBER: Final = re.compile(r"(\d+)(?:\.(\d+))?")


class Table:
    """One table of a file, read field by field; every fault names the file, the key and the field."""

    def __init__(self, raw: Mapping[str, object], *, where: str, faults: list[Fault]) -> None:
        self.raw, self.faults = raw, faults
        key = raw.get("key")
        self.where = f"{where} {key}" if isinstance(key, str) else where
        self.seen: set[str] = {"statement", "step"}
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


def tables(files: Mapping[str, str], name: str, faults: list[Fault]) -> list[Table]:
    """Return every `[[name]]` table of the files, in order of file name."""
    found = []
    for file in sorted(files):
        try:
            document = tomllib.loads(files[file])
        except tomllib.TOMLDecodeError as error:
            if name == "source":  # said once, at the first reading
                faults.append(fault.of(file, "is not TOML: {error}", "correct that line", error=str(error)))
            continue
        raw = document.get(name, [])
        found += [Table(one, where=f"{file}", faults=faults) for one in raw if isinstance(one, dict)]
    return found


def inner(table: Table, name: str) -> list[Table]:
    """Return the tables of that name inside a table."""
    raw = table.raw.get(name, [])
    if not isinstance(raw, list):
        table.blame(name, "{name} is not a list of tables", "write [[…{name}]]", name=name)
        return []
    return [Table(one, where=table.where, faults=table.faults) for one in raw if isinstance(one, dict)]


def source(table: Table) -> Source:
    return Source(
        key=table.key(),
        grade=table.choice("grade", Grade),
        title=table.text("title", needed=True),
        date=table.when("date") or dates.UNKNOWN,
        publisher=table.text("publisher"),
        addresses=table.keys("addresses"),
        language=table.text("language"),
        note=table.words("note"),
    )


def party(table: Table) -> Party:
    country = table.text("country")
    if country and not re.fullmatch("[A-Z]{2}", country):
        table.blame("country", "“{given}” is no country code", "use ISO 3166-1 alpha-2", given=country[:40])
    return Party(
        key=table.key(),
        name=table.words("name", needed=True),
        kind=table.choice("kind", PartyKind),
        country=country,
        name_own=table.text("name_own"),
        language_own=table.text("language_own"),
        note=table.words("note"),
    )


def statement(table: Table, about: str = "") -> Statement:
    """Return the statement; without a key of its own it is called subject.predicate.first-source."""
    subject = about or table.text("about", needed=True)
    says = table.text("says", needed=True)
    if says and says not in SAYS:
        table.blame("says", "nothing can be said with “{given}”", "use one of: {listed}",
                    given=says[:40], listed=", ".join(SAYS))  # fmt: skip
    sources = table.keys("sources", needed=True)
    part = table.text("part")
    named = ".".join([subject, says, *([part] if part else []), *sources[:1]])
    amount = table.amount()
    found = Statement(
        key=table.key(needed=False) or re.sub(r"[^A-Za-z0-9._-]+", "-", named),
        about=subject,
        says=says,
        sources=sources,
        grade=table.choice("grade", Grade),
        date=table.when("date", needed=True) or dates.UNKNOWN,
        scope=table.words("scope", needed=True),
        state=table.choice("state", State),
        amount=amount,
        on=table.when("on"),
        count=table.number("count"),
        value=table.words("value"),
        precision=table.choice("precision", Precision, Precision.STATED),
        part=part,
        derived=table.text("derived"),
        note=table.words("note"),
    )
    _one_value(table, found)
    return found


def _one_value(table: Table, said: Statement) -> None:
    given = [bool(said.amount.text), said.on is not None, said.count is not None, bool(said.value.en)]
    if table.is_sound and sum(given) != 1:
        table.blame("says", "a statement says one thing, this one {count}",
                    "give exactly one of mass, on, count, value_en with value_zh", count=sum(given))  # fmt: skip
    if said.says == "coordinates" and not re.fullmatch(r"-?\d+(\.\d+)?, -?\d+(\.\d+)?", said.value.en):
        table.blame("value_en", "“{given}” are no coordinates", "write 0.674, 23.473 (north and east positive)",
                    given=said.value.en[:40])  # fmt: skip


def statements(table: Table, about: str) -> tuple[Statement, ...]:
    """Return the sound statements inside a table."""
    found = []
    for one in inner(table, "statement"):
        said = statement(one, about)
        one.end()
        if one.is_sound:
            found.append(said)
    return tuple(found)


def _party(table: Table, name: str, parties: Mapping[str, Party], default: str = "") -> Party:
    key = table.text(name, needed=not default) or default
    if key and key not in parties:
        table.blame(name, "no party has the key “{given}”", "add it to parties.toml", given=key[:40])
    return parties.get(key) or Party(key, Words(key, key), PartyKind.MANY)


def mission(table: Table, parties: Mapping[str, Party]) -> Mission:
    key = table.key()
    return Mission(
        key=key,
        name=table.words("name", needed=True),
        country=table.text("country", needed=True),
        agency=_party(table, "agency", parties),
        name_own=table.text("name_own"),
        language_own=table.text("language_own"),
        statements=statements(table, key),
        note=table.words("note"),
    )


def transfer(table: Table, parties: Mapping[str, Party]) -> Transfer:
    key, receiver = table.key(), table.text("receiver")
    return Transfer(
        key=key,
        series=table.text("series") or "transfer",
        kind=table.choice("kind", Kind),
        title=table.words("title", needed=True),
        date=table.when("date", needed=True) or dates.UNKNOWN,
        giver=_party(table, "giver", parties),
        receiver=_party(table, "receiver", parties),
        holder=_party(table, "holder", parties, default=receiver),
        missions=table.keys("missions"),
        material=table.words("material", needed=True),
        sources=table.keys("sources", needed=True),
        grade=table.choice("grade", Grade),
        scope=table.words("scope", needed=True),
        state=table.choice("state", State),
        fate=table.choice("fate", Fate, Fate.UNKNOWN),
        amount=table.amount(),
        until=table.when("until"),
        fate_date=table.when("fate_date"),
        part_of=table.text("part_of"),
        note=table.words("note"),
        statements=statements(table, key),
    )


def lending_round(table: Table) -> Round:
    key = table.key()
    return Round(
        key=key,
        name=table.words("name", needed=True),
        date=table.when("date", needed=True) or dates.UNKNOWN,
        missions=table.keys("missions"),
        sources=table.keys("sources", needed=True),
        grade=table.choice("grade", Grade),
        scope=table.words("scope", needed=True),
        state=table.choice("state", State),
        amount=table.amount(),
        international=table.flag("international"),
        offered=table.number("offered"),
        applications=table.number("applications"),
        approved=table.number("approved"),
        people=table.number("people"),
        institutions=table.number("institutions"),
        lots=table.number("lots"),
        derived=table.text("derived"),
        note=table.words("note"),
        statements=statements(table, key),
    )


def flow_steps(table: Table) -> tuple[FlowStep, ...]:
    root = table.key("mission")
    found = []
    for one in inner(table, "step"):
        step = FlowStep(
            key=one.key(),
            parent=one.text("parent") or root,
            name=one.words("name", needed=True),
            kind=one.text("kind", needed=True),
            facts=one.keys("facts"),
            is_rest=one.flag("rest"),
            is_open=one.flag("open"),
            note=one.words("note"),
        )
        one.end()
        if one.is_sound:
            found.append(step)
    return tuple(found)


def clash(table: Table) -> Clash:
    return Clash(
        key=table.key(),
        title=table.words("title", needed=True),
        left=table.keys("left", needed=True),
        right=table.keys("right", needed=True),
        gap=table.amount("gap"),
        note=table.words("note"),
    )
