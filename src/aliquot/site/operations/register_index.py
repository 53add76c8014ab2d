"""Keeping the index by which pages find claims: what a step changes of it, or all of it anew.

The index is made of the steps and of the shipped record alone. A step renews its own claim, the sources that count because of it,
what it supersedes, and the contradictions about its subject; nothing else depends on it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from itertools import combinations, islice
from typing import Final

from django.db import connection, transaction

from aliquot import register, register_claims, register_index, register_known, ties
from aliquot.register import Contradiction, Record, State
from aliquot.register_claims import Claim, Kind
from aliquot.register_index import KEY_MOST, Found
from aliquot.site.models import RegisterClaim, RegisterClash, RegisterIndex, RegisterMention
from aliquot.site.queries import claims
from aliquot.site.queries.api import record_state
from aliquot.site.queries.register import around, facts, in_force
from aliquot.site.queries.register.contradictions import chapter_of
from aliquot.ties import Tie

FORM: Final = 2  # of the index; another one has it made anew
SIDES_MOST: Final = 60  # so many statements are compared pair by pair for the day of a contradiction
COLUMNS: Final = (
    "says", "object", "series", "fate", "grade", "mass_ng", "is_many", "pair", "since", "is_dated", "year", "sort", "words",
)  # fmt: skip


def made_of() -> str:
    """Return from what an index of today is made."""
    return f"{FORM} {record_state()}"[:120]


def renew(row: RegisterClaim, claim: Claim) -> None:
    """Bring the index up to what a step made of a claim."""
    if RegisterIndex.objects.values_list("made_of", flat=True).first() != made_of():
        remake()
    elif not claim.counts:
        RegisterClaim.objects.filter(pk=row.pk).update(links=_links(claim))
    else:
        with in_force.seen():
            _renew(row, claim)
        in_force.forget()


def _renew(row: RegisterClaim, claim: Claim) -> None:
    record = _beside(claim)
    _put(row, claim, record)
    _with_its_sources(claim, record)
    if claim.kind is Kind.PARTY:
        _read_again()
    _supersede(claim.links.get(Tie.SUPERSEDES, ()))
    _clashes_about(_subjects(claim, record))


def _beside(claim: Claim) -> Record:
    """Return the part of the record that a claim needs, itself in it, with its sources: one at which nobody looked counts with it."""
    sources = _unseen(claim) if claim.counts else []
    return around.record(more=[claim, *(claims.value_of(row) for row in sources)])


def _unseen(claim: Claim) -> list[RegisterClaim]:
    named = claim.fact.get("sources")
    keys = named if isinstance(named, list) else []
    return list(RegisterClaim.objects.filter(key__in=keys, kind=Kind.SOURCE.value, in_force=False))


def _put(row: RegisterClaim, claim: Claim, record: Record) -> None:
    """Write by what one claim is found, once it counts."""
    fact = _fact(claim, record)
    found = register_index.found(fact, record) if fact else None
    values = {name: getattr(found or Found(), name) for name in COLUMNS}
    RegisterClaim.objects.filter(pk=row.pk).update(in_force=found is not None, links=_links(claim), **values)
    RegisterMention.objects.filter(claim=row).delete()
    if found:
        RegisterMention.objects.bulk_create(_mentions(row.pk, claim, found))


def _fact(claim: Claim, record: Record) -> register_claims.Fact | None:
    known = (record.statements, record.transfers, record.sources, record.parties)
    found = next((kind[claim.key] for kind in known if claim.key in kind), None)
    return found or None


def _links(claim: Claim) -> str:
    return json.dumps({tie: list(keys) for tie, keys in claim.links.items()})


def _mentions(pk: int, claim: Claim, found: Found) -> list[RegisterMention]:
    tied = {
        (tie, key)
        for tie, keys in claim.links.items()
        if tie in [*Tie]
        for key in keys
        if len(key) <= KEY_MOST
    }
    return [RegisterMention(claim_id=pk, role=role, key=key) for role, key in sorted({*found.names, *tied})]


def _with_its_sources(claim: Claim, record: Record) -> None:
    """Put the sources into force that count because this claim does."""
    for row in _unseen(claim):
        _put(row, claims.value_of(row), record)


def _read_again() -> None:
    """Read the claims again that count and could not be read: a party that they name may be there now."""
    rows = RegisterClaim.objects.filter(checked=True, withdrawn=False, in_force=False)
    for row in rows.exclude(kind=Kind.SOURCE.value):
        claim = claims.value_of(row)
        record = _beside(claim)
        _put(row, claim, record)
        _clashes_about(_subjects(claim, record))


def _supersede(keys: Iterable[str]) -> None:
    for key in keys:
        by = RegisterMention.objects.filter(role=Tie.SUPERSEDES, key=key, claim__state=State.VERIFIED.value)
        RegisterClaim.objects.filter(key=key).update(superseded=by.exists())


# -- contradictions ----------------------------------------------------------------------------------------


def _subjects(claim: Claim, record: Record) -> set[str]:
    """Return whose contradictions a claim can change: those of its subject and of all that is tied to it."""
    ends = {claim.key, *(key for keys in claim.links.values() for key in keys)}
    return {_subject(record, key) for key in ends} - {""}


def _subject(record: Record, key: str) -> str:
    said = record.statements.get(key)
    return said.about if said else key if key in record.transfers or key in record.rounds else ""


def _clashes_about(subjects: set[str]) -> None:
    """Find the contradictions about subjects anew."""
    if not subjects:
        return
    record = around.record(about=subjects, keys=subjects)
    every = {*subjects, *(_subject(record, key) for pair in ties.pairs(record) for key in (pair[0], pair[2]))}
    RegisterClash.objects.filter(about__in=every).delete()
    _write(record, [one for one in register.contradictions(record) if one.about in every])


def _write(record: Record, found: Iterable[Contradiction]) -> None:
    made = [
        RegisterClash(
            key=one.key,
            digest=sha256(one.key.encode()).hexdigest(),
            about=one.about[:KEY_MOST],
            says=one.says,
            chapter=chapter_of(record, one),
            since=_since(record, one),
        )
        for one in found
        if any(key.startswith("claim-") for one_side in one.sides for key in one_side.facts)
    ]
    digests = [one.digest for one in made]
    for at in range(0, len(digests), 500):
        RegisterClash.objects.filter(digest__in=digests[at : at + 500]).delete()
    RegisterClash.objects.bulk_create(made, batch_size=2000)


def _since(record: Record, one: Contradiction) -> date | None:
    """Return the first day on which two statements that contradict each other were known, or None where no date tells."""
    told = [key for one_side in one.sides for key in one_side.facts]
    said = [found for key in islice(told, SIDES_MOST) if (found := facts.statement(record, key))]
    if len(said) < 2:
        days = [day for key in told if (day := _known_on(record, key))]
        return max(days) if len(days) == len(told) else None
    known = [(day, found) for found in said if (day := register_known.known_on(record, found))]
    return min(
        (
            max(day, then)
            for (day, this), (then, that) in combinations(known, 2)
            if not register.agree(this, that)
        ),
        default=None,
    )


def _known_on(record: Record, key: str) -> date | None:
    fact = record.statements.get(key) or record.transfers.get(key) or record.rounds.get(key)
    return register_known.known_on(record, fact) if fact else None


# -- all of it ---------------------------------------------------------------------------------------------


@transaction.atomic
def remake() -> int:
    """Make the index anew; return how many claims are in force."""
    RegisterMention.objects.all().delete()
    RegisterClash.objects.all().delete()
    every = {key: (pk, claim) for pk, key, claim in claims.every()}
    record = register_claims.joined(register.load(), (claim for _pk, claim in every.values()))
    superseded = {
        key
        for _pk, one in every.values()
        if one.counts and one.state is State.VERIFIED
        for key in one.links.get(Tie.SUPERSEDES, ())
    }
    rows, named = [], []
    for key, (pk, claim) in every.items():
        fact = _fact(claim, record)
        found = register_index.found(fact, record) if fact else None
        columns = [getattr(found or Found(), name) for name in COLUMNS]
        rows.append((found is not None, _links(claim), key in superseded, *columns, pk))
        named += _mentions(pk, claim, found) if found else []
    _set(("in_force", "links", "superseded", *COLUMNS), rows)
    RegisterMention.objects.bulk_create(named, batch_size=5000)
    _write(record, register.contradictions(record))
    RegisterIndex.objects.update_or_create(pk=1, defaults={"made_of": made_of()})
    return sum(bool(row[0]) for row in rows)


def _set(names: tuple[str, ...], rows: list[tuple[object, ...]]) -> None:
    """Write columns of many claims, each row closed by its number: one statement, where the ORM would make one of thousands of cases."""
    fields = [RegisterClaim._meta.get_field(name) for name in names]
    prepared = [
        [
            *(field.get_db_prep_save(value, connection) for field, value in zip(fields, row, strict=False)),
            row[-1],
        ]
        for row in rows
    ]
    columns = ", ".join(f"{connection.ops.quote_name(field.column)} = %s" for field in fields)
    with connection.cursor() as cursor:
        if prepared:
            table = RegisterClaim._meta.db_table
            cursor.executemany(f"UPDATE {table} SET {columns} WHERE id = %s", prepared)  # noqa: S608 - names of the model
