"""By what is a fact of a claim found in a database? What it names, when it was, since when it was known.

An index only: everything here follows from the claim and from what it cites, and can be made anew at any time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from aliquot.dates import When
from aliquot.facts import Party, Record, Source, Statement, Transfer
from aliquot.register_known import known_on
from aliquot.vocabulary import PartyKind

# What one party says to another: pages of two states tell these besides transfers.
DEALINGS: Final = frozenset(
    {"gift", "exchange", "transfer", "sale", "loan_granted", "loan_requested", "loan_refused", "permission"}
)
# What the timeline tells of statements.
EVENTS: Final = frozenset(
    {
        "landing", "lift_off", "earth_return", "launch", "launched_on", "handover", "call_opened", "call_closed", "law_enacted",
        "lost", "recovered",
    }
)  # fmt: skip
MASS_MOST_NG: Final = 10**15  # more than all missions brought; so much of it a database can add up
KEY_MOST: Final = 80


class Role(StrEnum):
    """As what a fact names a key."""

    SOURCE = "source"
    MISSION = "mission"
    SOLE = "sole"  # the one mission that a transfer's material is of
    COUNTRY = "country"
    YEAR = "year"
    GIVER = "giver"
    RECEIVER = "receiver"
    HOLDER = "holder"
    PERSON = "person"
    PART_OF = "part-of"
    FROM = "from"  # a side: see `side`
    TO = "to"
    AT = "at"


@dataclass(frozen=True, slots=True)
class Found:
    """What a fact is found by.

    `says` is a predicate, a kind of transfer or a kind of party; `object` a key, of a party its country; `pair` has two sides,
    giver's first.
    """

    says: str = ""
    object: str = ""
    series: str = ""
    fate: str = ""
    grade: str = ""
    mass_ng: int | None = None
    is_many: bool = False
    pair: str = ""
    since: date | None = None
    is_dated: bool = True
    year: int | None = None
    sort: str = ""
    words: str = ""
    names: frozenset[tuple[Role, str]] = frozenset()


def found(fact: Statement | Transfer | Source | Party, record: Record) -> Found:
    """Return by what a fact is found; the record has its sources and the parties that it names."""
    if isinstance(fact, Statement):
        return _statement(fact, record)
    if isinstance(fact, Transfer):
        return _transfer(fact, record)
    if isinstance(fact, Party):
        words = _words(fact.name.en, fact.name.zh, fact.name_own, fact.key)
        return Found(fact.kind.value, fact.country, words=words)
    return Found(grade=fact.grade.value, words=_words(fact.title, fact.publisher, fact.key))


def side(party: Party | None) -> str:
    """Return where a party stands between states: a state by its key, anybody else as `=` and the country; empty for none."""
    if party is None:
        return ""
    if party.kind is PartyKind.STATE:
        return party.key
    return f"={party.country}" if party.country else ""


def pair(giver: Party | None, receiver: Party | None) -> str:
    """Return the two sides as one text; empty where either is of no state, or both are the same."""
    one, other = side(giver), side(receiver)
    return f"{one}>{other}" if one and other and one != other else ""


def order(when: When) -> str:
    """Return a text that sorts as the date does."""
    first, last, text = when.sort_key
    return f"{first.isoformat()}{last.isoformat()}{text}"[:60]


def _statement(said: Statement, record: Record) -> Found:
    happened = said.on if said.says in EVENTS and said.on and said.on.first else None
    dealing = said.says in DEALINGS
    giver, receiver = record.parties.get(said.about), record.parties.get(said.object)
    return Found(
        says=said.says,
        object=said.object[:KEY_MOST],
        grade=said.grade.value,
        mass_ng=_mass(said.mass_ng),
        pair=pair(giver, receiver) if dealing else "",
        since=known_on(record, said),
        is_dated=_is_dated(said, record),
        year=happened.first.year if happened and happened.first else None,
        sort=order(happened or said.date),
        words="",
        names=frozenset((Role.SOURCE, key) for key in said.sources),
    )


def _transfer(one: Transfer, record: Record) -> Found:
    roles = ((Role.GIVER, one.giver), (Role.RECEIVER, one.receiver), (Role.HOLDER, one.holder))
    sides = ((Role.FROM, one.giver), (Role.TO, one.receiver), (Role.AT, one.holder))
    names = {
        *((Role.SOURCE, key) for key in one.sources),
        *((Role.MISSION, key) for key in one.missions),
        *((Role.SOLE, key) for key in one.missions if len(one.missions) == 1),
        *((Role.COUNTRY, code) for code in one.countries),
        *((Role.YEAR, str(year)) for year in years(one.date)),
        *((role, party.key) for role, party in roles),
        *((role, side(party)) for role, party in sides if side(party)),
        *((Role.PERSON, key) for key in one.persons),
        *([(Role.PART_OF, one.part_of)] if one.part_of else []),
    }
    return Found(
        says=one.kind.value,
        series=one.series[:12],
        fate=one.fate.value,
        grade=one.grade.value,
        mass_ng=_mass(one.mass_ng),
        is_many=one.receiver.kind is PartyKind.MANY,
        pair=pair(one.giver, one.receiver),
        since=known_on(record, one),
        is_dated=_is_dated(one, record),
        year=one.date.first.year if one.date.first and one.series == "transfer" else None,
        sort=order(one.date),
        words=_words(one.title.en, one.title.zh, one.key),
        names=frozenset((role, key) for role, key in names if len(key) <= KEY_MOST),
    )


def years(when: When) -> tuple[int, ...]:
    """Return the years that a date touches; a bound names the year beside the one where it begins."""
    first, last = when.first or when.last, when.last or when.first
    if first is None or last is None:
        return ()
    return tuple(year for year in range(first.year - 1, last.year + 2) if when.touches(year))


def _is_dated(fact: Statement | Transfer, record: Record) -> bool:
    """Whether any source tells when it appeared; see `register_known.undated`."""
    return any(record.sources[key].date.is_known for key in fact.sources if key in record.sources)


def _mass(mass_ng: int | None) -> int | None:
    return mass_ng if mass_ng is not None and mass_ng <= MASS_MOST_NG else None


def _words(*names: str) -> str:
    """Return what a reader may type to find it, in small letters."""
    return "\n".join(name.casefold() for name in dict.fromkeys(names) if name)
