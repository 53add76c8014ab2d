"""Which part of the register does a text name? All that its claims can be held against, and what they name.

Found by the index from the normal forms of the reading desk (CE-5, CN, Osaka University): more than is needed at times, never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

from django.db.models import Q

from aliquot import register
from aliquot.reading import known
from aliquot.reading.claims import PREDICATES, Claim
from aliquot.register import PartyKind, Record
from aliquot.register_claims import Kind
from aliquot.register_index import Role
from aliquot.site.models import RegisterMention
from aliquot.site.queries.register import around, in_force, words
from aliquot.site.queries.register.around import FILES_MOST, Wanted
from aliquot.site.queries.register.tallies import STATEMENTS, TRANSFERS

# What the desk reads of statements: see `aliquot.reading.known`, and of `saying` what a wrong figure is in truth.
TOLD: Final = frozenset(PREDICATES) | {
    "landing", "lift_off", "earth_return", "launch", "expected_mass", "shown_at", "mass", "date", "price", "held_mass", "given",
    "located", "unaccounted", "stolen_mass", "distributed_mass", "countries", "requested", "applications", "event",
}  # fmt: skip
# What is said of a transfer, and read as of its mission, or of nations at large.
_OF_OTHERS: Final = {"sale": ("price",), "gift": ("given",), "recovered": ("located",)}
_AT_ONCE: Final = 100


def of(forms: Iterable[str], keys: Iterable[str] = ()) -> Record:
    """Return the part of the record with what these normal forms name, and with the facts of the keys."""
    if not in_force.has_claims():
        return around.record()
    return around.record(keys=[*keys, *_parties({*forms})])


def beside(claims: Sequence[Claim]) -> Record:
    """Return the part of the record that claims of a text can be held against."""
    if not in_force.has_claims():
        return around.record()
    forms = {form for one in claims for form in (one.subject, one.object, one.mission) if form}
    parties = _parties(forms)
    keys = sorted({*forms, *parties, *(key for form in forms for key in _shipped().get(form, ()))})
    events = [*_transfers(keys), *register.load().rounds]
    # One for each index; statements alone say any of this.
    asked = Q(about__in=[*keys, *events]), Q(object__in=keys) & ~Q(object="")
    told = [one & Q(says__in=TOLD) for one in asked]
    told += [STATEMENTS & Q(says__in=_OF_OTHERS[what]) for what in _OF_OTHERS if _is_asked(claims, what)]
    wanted = [Wanted(where, most=FILES_MOST) for where in told]
    return around.record(*wanted, keys=[*events, *parties])


def _is_asked(claims: Iterable[Claim], predicate: str) -> bool:
    return any(one.predicate == predicate for one in claims)


@cache
def _shipped() -> dict[str, list[str]]:
    """Return what the shipped record has by each normal form: missions, parties by name and by city, other subjects."""
    record, found = register.load(), dict[str, list[str]]()
    subjects = {key for said in record.statements.values() for key in (said.about, said.object) if key}
    for key in sorted({*record.missions, *record.parties, *words.SUBJECTS, *subjects}):
        found.setdefault(known.name_of(record, key), []).append(key)
    for party in record.parties.values():
        found.setdefault(party.name.en.rpartition(", ")[2], []).append(party.key)
    return found


def _parties(forms: set[str]) -> list[str]:
    """Return the claims of parties that may be called so: by all words of the name, or as a state or agency of the country."""
    rows, keys = around.rows().filter(kind=Kind.PARTY.value), list[str]()
    stand = Q(says__in=(PartyKind.STATE.value, PartyKind.AGENCY.value))
    ordered = sorted(forms)
    for at in range(0, len(ordered), _AT_ONCE):
        some = ordered[at : at + _AT_ONCE]
        where = stand & Q(object__in=[form for form in some if len(form) == 2])
        for form in some:
            named = Q()
            for word in form.casefold().split():
                named &= Q(words__contains=word)
            where |= named
        keys += rows.filter(where).values_list("key", flat=True)[:FILES_MOST]
    return list(dict.fromkeys(keys))


def _transfers(keys: Sequence[str]) -> list[str]:
    """Return the transfers in which these take part, shipped and claimed."""
    parties, part = {*keys}, (Role.GIVER, Role.RECEIVER, Role.HOLDER)
    shipped = [
        one.key
        for one in register.load().transfers.values()
        if parties & {one.giver.key, one.receiver.key, one.holder.key}
    ]
    named = RegisterMention.objects.filter(role__in=part, key__in=keys).values("claim")
    claimed = around.rows().filter(TRANSFERS, pk__in=named).order_by("number")
    return [*shipped, *claimed.values_list("key", flat=True)[:FILES_MOST]]
