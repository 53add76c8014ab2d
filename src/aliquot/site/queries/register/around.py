"""Which claims does one page need? The shipped record with those, and with all that they hang together with.

A page names what it shows (`Wanted`, subjects, keys); that is found by the index in the database, in a fixed number of queries.
What a claim cites comes with it, what is tied to it too, and all that answers the same question: so the rules of `evidence`
choose on such a part of the record as they would on the whole. Without claims nothing is asked.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final

from django.db.models import Q, QuerySet

from aliquot import register, register_claims, register_known
from aliquot.register import Record
from aliquot.register_claims import Claim, Kind
from aliquot.site.models import RegisterClaim, RegisterMention
from aliquot.site.queries.register import in_force
from aliquot.ties import Tie
from aliquot.vocabulary import PartyKind, State

MOST: Final = 300  # of one sort, on a page
FILES_MOST: Final = 20_000  # of one sort, in a file
ROUNDS_MOST: Final = 6  # so many ties are followed from a fact to further ones
_SUBJECTLESS: Final = (Kind.SOURCE.value, Kind.PARTY.value)
_COLUMNS: Final = (
    "number", "key", "kind", "state", "links", "superseded", "history__text",
)  # fmt: skip
_is_file: ContextVar[bool] = ContextVar("whether all is wanted, and not a page of it", default=False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The first claims of a sort."""

    where: Q
    order: tuple[str, ...] = ("number",)
    most: int = MOST


# The states that claims add: a country goes by the name of its state.
STATES: Final = Wanted(Q(kind=Kind.PARTY.value, says=PartyKind.STATE.value))


@contextmanager
def whole() -> Iterator[None]:
    """Let everything within have as much as a file holds, and not a page."""
    token = _is_file.set(True)
    try:
        yield
    finally:
        _is_file.reset(token)


def most(on_a_page: int) -> int:
    """Return how many of a sort are told: so many on a page, nearly all in a file."""
    return FILES_MOST if _is_file.get() else on_a_page


def rows() -> QuerySet[RegisterClaim]:
    """Return the claims in force, as known on the day that the request asks for."""
    found, day = RegisterClaim.objects.filter(in_force=True), in_force.view().day
    return found.filter(Q(since__lte=day) | Q(kind__in=_SUBJECTLESS)) if day else found


def count(where: Q) -> int:
    """Return how many claims in force are so."""
    return rows().filter(where).count() if in_force.has_claims() else 0


def mentions(role: str, keys: Iterable[str]) -> Q:
    """Return what narrows claims to those that name one of the keys as that."""
    named = RegisterMention.objects.filter(role=role, key__in=[*keys])
    return Q(pk__in=named.values("claim"))


def naming(role: str, key: str, kind: str, on_a_page: int) -> Wanted:
    """Return the first claims of a kind that name one key, which very many may do: found in the order of the index."""
    rows, day, limit = (
        RegisterMention.objects.filter(role=role, key=key, claim__kind=kind),
        in_force.view().day,
        most(on_a_page),
    )
    if not in_force.has_claims():
        return Wanted(Q(pk__in=()))
    if day:
        rows = rows.filter(claim__since__lte=day)
    return Wanted(
        Q(pk__in=[*rows.order_by("claim_id").values_list("claim_id", flat=True)[:limit]]), most=limit
    )


@dataclass(slots=True)
class _Gathered:
    """The claims found so far, by key, with what stands in the place of some."""

    claims: dict[str, tuple[int, Claim]] = field(default_factory=dict)
    superseded: set[str] = field(default_factory=set)

    def take(self, found: QuerySet[RegisterClaim], limit: int) -> list[Claim]:
        """Return the claims that are new."""
        new = []
        for number, key, kind, state, links, superseded, text in found.filter(history__number=1).values_list(
            *_COLUMNS
        )[:limit]:
            if key in self.claims:
                continue
            first = register_claims.read_step(text)
            # What is in force counts, a source for the sake of what cites it too.
            one = Claim(
                key,
                Kind(kind),
                first.fact,
                State(state),
                checked=True,
                withdrawn=False,
                links=_links(links),
                told_at=first.at,
            )
            self.claims[key] = number, one
            new.append(one)
            if superseded:
                self.superseded.add(key)
        return new

    def put(self, more: Iterable[Claim]) -> list[Claim]:
        given = list(more)
        self.claims |= {one.key: (int(one.key.rpartition("-")[2]), one) for one in given}
        return given


def _links(text: str) -> Mapping[str, tuple[str, ...]]:
    return {tie: tuple(keys) for tie, keys in json.loads(text).items()}


def record(
    *wanted: Wanted,
    about: Iterable[str] = (),
    keys: Iterable[str] = (),
    more: Iterable[Claim] = (),
    about_most: int = MOST,
    with_answers: bool = False,
) -> Record:
    """Return the part of the record that a page needs.

    It has all of the shipped one, what is wanted, what is said of the subjects, the facts of the keys, and further claims as
    given; `with_answers`, also all else that is said of what the wanted statements speak of. Of what is said of the subjects, no
    more than `about_most`.
    """
    view, given = in_force.view(), list(more)
    if not in_force.has_claims() and not given:
        return in_force.shipped_on(view.day)
    found, subjects, named = _Gathered(), [*about], [*keys]
    new = found.put(given)
    for one in wanted:
        new += found.take(rows().filter(one.where).order_by(*one.order), most(one.most))
    if with_answers:
        subjects += dict.fromkeys(str(one.fact["about"]) for one in new if one.kind is Kind.STATEMENT)
    if subjects:
        new += found.take(_about(subjects), most(about_most))
    if claimed := _claimed(named):
        new += found.take(rows().filter(key__in=claimed), FILES_MOST)
    new += _tied(found, new, [*named, *subjects, *_said_of(register.load(), subjects)])
    for _round in range(3):
        cited = {key for one in new for key in _cited(one)} - found.claims.keys()
        if not cited:
            break
        new = found.take(rows().filter(key__in=cited), FILES_MOST)
    ordered = [one for _number, one in sorted(found.claims.values(), key=lambda one: one[0])]
    superseded = found.superseded | in_force.superseded_of_shipped()
    joined = register_claims.joined(register.load(), ordered, superseded=superseded)
    return register_known.as_known_on(joined, view.day) if view.day else joined


def _about(subjects: Iterable[str]) -> QuerySet[RegisterClaim]:
    """Return what is said of subjects, the best graded first: should there be more than a page holds, the best is among it."""
    return rows().filter(about__in=subjects).order_by("grade", "number")


def _said_of(shipped: Record, subjects: Iterable[str]) -> list[str]:
    return [said.key for key in subjects for said in shipped.about(key)]


def _claimed(keys: Iterable[str]) -> list[str]:
    """Return the keys that may be claims; what a transfer says itself goes by its key with the predicate behind it."""
    return [key.partition(".")[0] for key in keys if key.startswith("claim-")]


def _cited(one: Claim) -> list[str]:
    """Return the claims that one rests on or names."""
    fact = one.fact
    named = [fact.get(field) for field in ("giver", "receiver", "holder", "part_of", "about", "object")]
    for listed in ("sources", "persons"):
        keys = fact.get(listed)
        named += keys if isinstance(keys, list) else []
    return _claimed(key for key in named if isinstance(key, str))


def named(fact: Mapping[str, object], links: Mapping[str, Iterable[str]]) -> set[str]:
    """Return every key that a claim as told names, in its fields and its links."""
    keys = [fact.get(field) for field in ("giver", "receiver", "holder", "part_of", "about", "object")]
    for listed in ("sources", "persons", "missions"):
        value = fact.get(listed)
        keys += value if isinstance(value, list | tuple) else []
    keys += [key for tied in links.values() for key in tied]
    return {key for key in keys if isinstance(key, str)}


def _tied(found: _Gathered, new: list[Claim], ends: Iterable[str]) -> list[Claim]:
    """Return the claims that are tied to these facts, with all that answers the same questions; ties are followed on."""
    seen, reached, facing = {*ends, *(one.key for one in new)}, [], new
    edge = seen
    for _round in range(ROUNDS_MOST):
        tying = RegisterMention.objects.filter(role__in=[*Tie], key__in=edge).values_list(
            "claim__key", flat=True
        )
        tied = {key for one in facing for keys in one.links.values() for key in keys}
        edge = ({*tying} | tied) - seen
        if not edge:
            break
        facing = _answering(found, edge)
        reached += facing
        edge = (edge | {one.key for one in facing} | _shipped_alike(edge, facing)) - seen
        seen = seen | edge
    return reached


def _shipped_alike(keys: Iterable[str], facing: Iterable[Claim]) -> set[str]:
    """Return the shipped statements that answer what these facts answer: others may be tied to them."""
    shipped, alike = register.load(), set[str]()
    asked = [(str(one.fact["about"]), str(one.fact["says"])) for one in facing if one.kind is Kind.STATEMENT]
    for key in keys:
        said = shipped.statements.get(key)
        asked.append((said.about, said.says) if said else (key, ""))
    for about, says in asked:
        alike |= {said.key for said in shipped.about(about, says)}
    return alike


def _answering(found: _Gathered, keys: Iterable[str]) -> list[Claim]:
    """Return the claims of these keys, with all that is said of the same: of a transfer all, of a statement what answers alike."""
    named = [*keys]
    new = found.take(rows().filter(key__in=_claimed(named)), MOST)
    shipped, asked = register.load().statements, Q(about__in=named)
    for key in named:
        if key in shipped:
            asked |= Q(about=shipped[key].about, says=shipped[key].says)
    for one in new:
        if one.kind is Kind.STATEMENT:
            asked |= Q(about=one.fact["about"], says=one.fact["says"])
    return [*new, *found.take(rows().filter(asked).order_by("grade", "number"), MOST)]
