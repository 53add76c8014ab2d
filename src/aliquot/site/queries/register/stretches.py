"""Which stretch of a list of the register comes after a key? For programs, which read lists on and on.

What is shipped comes from memory, claims by the index; a stretch costs the same however long the list is. Within one date the
shipped facts come first, then claims by number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Generic, TypeVar

from django.db.models import Q, QuerySet

from aliquot import fault, register, register_index
from aliquot.register import Contradiction, Source, Transfer
from aliquot.register_claims import Kind
from aliquot.register_index import Role
from aliquot.site.models import RegisterClaim, RegisterMention
from aliquot.site.queries.register import around, contradictions, in_force, transfers
from aliquot.site.queries.register.around import FILES_MOST
from aliquot.site.queries.register.transfers import Choice

Item = TypeVar("Item")
Place = tuple[str, int]  # by date and number; a shipped fact has the number 0


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Item]):
    """Some items of a list, and the key after which it goes on; empty at its end."""

    items: tuple[Item, ...]
    next: str = ""


def _cut(items: list[Item], most: int, keys: list[str]) -> Stretch[Item]:
    return Stretch(tuple(items[:most]), keys[most - 1] if len(keys) > most else "")


def _unknown(key: str) -> fault.Refused:
    return fault.Refused(
        [fault.of("cursor", "no list goes on after “{key}”", "take “next” of an answer", key=key[:80])]
    )


def _number(key: str) -> int:
    """Return the number of a claim; 0 for what is shipped."""
    number = key.removeprefix("claim-")
    return int(number) if number != key and number.isascii() and number.isdigit() and len(number) < 10 else 0


def _after(keys: list[str], cursor: str) -> list[str] | None:
    """Return the shipped keys after one of them; all without a cursor, None where it is none of them."""
    if not cursor:
        return keys
    return keys[keys.index(cursor) + 1 :] if cursor in keys else None


# -- transfers -------------------------------------------------------------------------------------------------


def of_transfers(choice: Choice, *, most: int, cursor: str = "") -> Stretch[Transfer]:
    """Return the next transfers that a choice leaves, by date."""
    shipped = {one.key: _place(one) for one in transfers.chosen_of(around.record(), choice)}
    rows = around.rows().filter(transfers.wanted(choice, most).where) if in_force.has_claims() else None
    if cursor:
        begin = _place_of(cursor)
        shipped = {key: place for key, place in shipped.items() if (place, key) > (begin, cursor)}
        rows = rows and rows.filter(Q(sort__gt=begin[0]) | Q(sort=begin[0], number__gt=begin[1]))
    places = [(place, key) for key, place in shipped.items()]
    places += [((sort, number), key) for sort, number, key in _first(rows, most)]
    keys = [key for _place, key in sorted(places)]
    record = around.record(keys=keys[:most])
    return _cut([record.transfers[key] for key in keys[:most] if key in record.transfers], most, keys)


def _first(rows: QuerySet[RegisterClaim] | None, most: int) -> Iterable[tuple[str, int, str]]:
    if rows is None:
        return ()
    return rows.order_by("sort", "number").values_list("sort", "number", "key")[: most + 1]


def _place(one: Transfer) -> Place:
    return register_index.order(one.date), _number(one.key)


def _place_of(key: str) -> Place:
    found = around.record(keys=[key]).transfers.get(key)
    if found is None:
        raise _unknown(key)
    return _place(found)


def keys_of_transfers(mission: str) -> list[str]:
    """Return the keys of a mission's transfers, by date; of very many the first."""
    choice = Choice(mission=mission)
    places = [(_place(one), one.key) for one in transfers.chosen_of(around.record(), choice)]
    if in_force.has_claims():
        rows = around.rows().filter(transfers.wanted(choice, FILES_MOST).where)
        places += [((sort, number), key) for sort, number, key in _first(rows, FILES_MOST)]
    return [key for _place, key in sorted(places)]


# -- sources ---------------------------------------------------------------------------------------------------


def of_sources(*, most: int, cursor: str = "") -> Stretch[Source]:
    """Return the next sources: the shipped ones, then those that people proposed, as they came."""
    shipped = _after([*register.load().sources], cursor)
    if shipped is None and not _number(cursor):
        raise _unknown(cursor)
    keys, record = (shipped or [])[: most + 1], around.record()
    if len(keys) <= most and in_force.has_claims():
        wanted = Q(kind=Kind.SOURCE.value, number__gt=_number(cursor))
        rows = around.rows().filter(wanted).order_by("number").values_list("key", flat=True)
        keys += rows[: most + 1 - len(keys)]
        record = around.record(keys=keys)
    return _cut([record.sources[key] for key in keys[:most]], most, keys)


def of_facts(source: str, *, most: int, cursor: str = "") -> Stretch[str]:
    """Return the keys of the next facts that rest on a source."""
    shipped = _after([one.key for one in register.load().facts() if source in one.sources], cursor)
    if shipped is None and not _number(cursor):
        raise _unknown(cursor)
    keys = (shipped or [])[: most + 1]
    if len(keys) <= most and in_force.has_claims():
        rows = RegisterMention.objects.filter(role=Role.SOURCE, key=source).order_by("claim_id")
        if number := _number(cursor):
            last = RegisterClaim.objects.filter(number=number).values_list("pk", flat=True).first()
            rows = rows.filter(claim_id__gt=last or 0)
        keys += rows.values_list("claim__key", flat=True)[: most + 1 - len(keys)]
    return _cut(keys, most, keys)


# -- contradictions ---------------------------------------------------------------------------------------------


def of_contradictions(*, most: int, cursor: str = "") -> Stretch[Contradiction]:
    """Return the next contradictions: those of the shipped record, then those that came with claims."""
    alone = {one.key: (one.about, one.says) for one in register.contradictions(register.load())}
    shipped = _after([*alone], cursor)
    found = [(key, alone[key]) for key in (shipped or [])[: most + 1]]
    if len(found) <= most and in_force.has_claims():
        found += _clashes([*alone], "" if shipped is not None else cursor, most + 1 - len(found))
    elif shipped is None:
        raise _unknown(cursor)
    record = contradictions.beside(asked for _key, asked in found)
    every = {one.key: one for one in register.contradictions(record)}
    keys = [key for key, _asked in found]
    return _cut([every[key] for key in keys[:most] if key in every], most, keys)


def _clashes(but: list[str], cursor: str, most: int) -> list[tuple[str, tuple[str, str]]]:
    """Return contradictions in which claims take part: the key, and what is said of whom."""
    rows = contradictions.clashes().exclude(key__in=but).order_by("chapter", "key")
    if cursor:
        last = contradictions.clashes().filter(digest=sha256(cursor.encode()).hexdigest()).first()
        if last is None:
            raise _unknown(cursor)
        rows = rows.filter(Q(chapter__gt=last.chapter) | Q(chapter=last.chapter, key__gt=last.key))
    told = rows.values_list("key", "about", "says")[:most]
    return [(key, (about, says)) for key, about, says in told]
