"""What does the page of a past round show, as the public record tells of it? Another house's round, not a call of this one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _

from aliquot import register
from aliquot.register import Record, Round, Statement, amount_text
from aliquot.site.queries.register import around, disputes, shown, words
from aliquot.site.queries.register.disputes import Dispute
from aliquot.site.queries.register.shown import Asked, Cited, Name, TransferRow

# What the record holds of a round besides its own statements: loans that came of it, and statements that speak of it.
LOANS: Final[dict[str, tuple[str, ...]]] = {
    "international-1": (
        "2025-ipgp-loan", "2025-cologne-loan", "2025-osaka-loan", "2025-suparco-loan", "2025-open-university-loan",
        "2025-brown-approved", "2025-stony-brook-approved",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RoundCard:
    """A round in a list."""

    key: str
    name: str
    when: str
    missions: tuple[Name, ...]
    applications: int | None
    institutions: int | None
    mass: str
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of a round, with where it stands; `claim` is the key of the fact that tells it."""

    value: str
    label: str
    source: Cited | None
    claim: str


@dataclass(frozen=True, slots=True)
class OneRound:
    """The page of one round."""

    key: str
    name: str
    when: str
    scope: str
    note: str
    state: str
    grade: str
    figures: tuple[Figure, ...]
    loans: tuple[TransferRow, ...]
    questions: tuple[Asked, ...]
    disputes: tuple[Dispute, ...]
    mission_href: str
    sources: tuple[Cited, ...]


def international() -> tuple[RoundCard, ...]:
    """Return the rounds that were open to other countries, newest first."""
    record = around.record()
    found = [one for one in record.rounds.values() if one.international]
    return tuple(_card(record, one) for one in sorted(found, key=lambda one: one.date.sort_key, reverse=True))


def _card(record: Record, one: Round) -> RoundCard:
    language = words.language()
    return RoundCard(
        key=one.key,
        name=one.name.text(language),
        when=one.date.show(language),
        missions=tuple(shown.mission_name(record.missions[key]) for key in one.missions),
        applications=one.applications,
        institutions=one.institutions,
        mass=mass(record, one)[0],
        sources=shown.cited(record, one.sources),
    )


def mass(record: Record, one: Round) -> tuple[str, tuple[str, ...], str]:
    """Return the mass of a round, who tells it and in which fact: its own, or what is best supported; empty for none."""
    if one.mass_ng is not None:
        return amount_text(one.amount, words.language()), one.sources, f"{one.key}.mass"
    best = register.best(said for said in record.about(one.key, "mass") if not said.part)
    return (shown.value(best.statement), best.statement.sources, best.statement.key) if best else ("", (), "")


def page(key: str) -> OneRound | None:
    """Return what is publicly known of an international round, or None where the record has none by that key."""
    record, language = around.record(about=[key], keys=[key]), words.language()
    one = record.rounds.get(key)
    if one is None or not one.international:
        return None
    every = _about(record, one)
    loans = [record.transfers[name] for name in LOANS.get(key, ())]
    clashes = [disputes.show(record, found) for found in _disputes(record, one, every)]
    return OneRound(
        key=key,
        name=one.name.text(language),
        when=one.date.show(language),
        scope=one.scope.text(language),
        note=one.note.text(language),
        state=one.state.value,
        grade=one.grade.value,
        figures=tuple(_figures(record, one, every)),
        loans=tuple(shown.row(record, loan) for loan in loans),
        questions=shown.questions(record, every),
        disputes=tuple(clashes),
        mission_href=f"{reverse('mission', args=[one.missions[0]])}#rounds",
        sources=shown.listed(
            record,
            *(fact.sources for fact in (one, *every, *loans)),
            *((source.key for source in side.sources) for found in clashes for side in found.sides),
        ),
    )


def _about(record: Record, one: Round) -> tuple[Statement, ...]:
    """Return what is said of a round: its own statements, and those of the record whose key or part names it."""
    own = [said for said in register.about(record, one.key) if said.key in record.statements]
    named = (said for said in record.statements.values() if said.key.startswith(f"{one.key}."))
    return tuple(dict.fromkeys((*named, *own)))


def _disputes(record: Record, one: Round, every: tuple[Statement, ...]) -> list[register.Contradiction]:
    keys = {one.key, *(said.key for said in every)}
    return [
        found
        for found in register.contradictions(record)
        if found.about == one.key or any(keys & set(side.facts) for side in found.sides)
    ]


def _figures(record: Record, one: Round, every: tuple[Statement, ...]) -> Iterator[Figure]:
    """Yield what a reader asks first; nothing where the record is silent."""
    first = shown.cited(record, one.sources[:1])
    source = first[0] if first else None
    counts = {said.says: said for said in every if said.count is not None and said.about == one.key}
    heard = record.statements.get(f"{one.key}.heard")
    if one.applications is not None:
        yield Figure(str(one.applications), _("applications"), source, one.key)
    for says, label in (
        ("countries", _("countries and organisations")),
        ("requested", _("samples asked for")),
    ):
        if says in counts:
            yield Figure(str(counts[says].count), label, _source(record, counts[says]), counts[says].key)
    if heard is not None and heard.count is not None:
        yield Figure(str(heard.count), _("applicants heard"), _source(record, heard), heard.key)
    if one.institutions is not None:
        yield Figure(str(one.institutions), _("institutions chosen"), source, one.key)
    text, sources, claim = mass(record, one)
    if text:
        cited = shown.cited(record, sources[:1])
        yield Figure(text, _("lent"), cited[0] if cited else source, claim)


def _source(record: Record, said: Statement) -> Cited | None:
    cited = shown.cited(record, said.sources[:1])
    return cited[0] if cited else None
