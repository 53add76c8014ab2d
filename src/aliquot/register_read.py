"""Which fields does a fact have? Tables of the record files in, facts and faults out.

A table with a fault yields no fact, but never stops the reading: all faults are found at once. Knows nothing of
where the files lie and nothing of what the facts mean together (see `register`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from aliquot import dates
from aliquot.facts import Clash, FlowStep, Mission, Party, Round, Source, Statement, Transfer
from aliquot.register_table import Table, inner
from aliquot.vocabulary import SAYS, Fate, Grade, Kind, PartyKind, Precision, State, Words


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
        sha256=_hash(table),
    )


def _hash(table: Table) -> str:
    given = table.text("sha256")
    if given and not re.fullmatch("[0-9a-f]{64}", given):
        table.blame("sha256", "“{given}” is no SHA-256", "write its 64 hexadecimal digits", given=given[:40])
    return given


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
    part, whom = table.text("part"), table.text("object")
    named = ".".join([subject, says, *(word for word in (whom, part) if word), *sources[:1]])
    amount = table.amount()
    found = Statement(
        key=table.key(needed=False) or re.sub(r"[^A-Za-z0-9._-]+", "-", named),
        about=subject,
        says=says,
        sources=sources,
        grade=table.choice("grade", Grade),
        date=table.date(),
        scope=table.words("scope", needed=True),
        state=table.choice("state", State),
        amount=amount,
        on=table.when("on"),
        count=table.number("count"),
        value=table.words("value"),
        precision=table.choice("precision", Precision, Precision.STATED),
        part=part,
        object=whom,
        place=table.words("place"),
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
        date=table.date(),
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
        persons=table.keys("persons"),
        note=table.words("note"),
        statements=statements(table, key),
    )


def lending_round(table: Table) -> Round:
    key = table.key()
    return Round(
        key=key,
        name=table.words("name", needed=True),
        date=table.date(),
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


def flow(table: Table) -> tuple[str, tuple[FlowStep, ...]]:
    """Return the key of the mission and its steps."""
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
    return root, tuple(found)


def clash(table: Table) -> Clash:
    return Clash(
        key=table.key(),
        title=table.words("title", needed=True),
        left=table.keys("left", needed=True),
        right=table.keys("right", needed=True),
        gap=table.amount("gap"),
        note=table.words("note"),
    )
