"""What does the page of one fact show? The statement, the best-supported one beside it, why that one is, and all others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from aliquot import register
from aliquot.register import Record, Statement, Transfer
from aliquot.site.queries.register import around, shown
from aliquot.site.queries.register.shown import Asked, Cited, Name, Said, Tied


@dataclass(frozen=True, slots=True)
class OneFact:
    """A fact at its permanent address."""

    key: str
    subject: Name
    object: str
    said: Said
    asked: Asked
    is_proposed: bool
    ties: tuple[Tied, ...]
    about: str
    predicate: str
    title: str
    facts: tuple[Statement, ...]
    sources: tuple[Cited, ...]


def elsewhere(key: str) -> str:
    """Return the address of a fact that has a page of its own: a transfer, a round of lending; or nothing."""
    record = around.record(keys=[key])
    if key in record.transfers:
        return reverse("transfer", args=[key])
    found = record.rounds.get(key)
    return f"{reverse('mission', args=[found.missions[0]])}#{key}" if found else ""


def statement(record: Record, key: str) -> Statement | None:
    """Return a statement; that of a transfer or round on itself goes by its key with the predicate behind it."""
    if key in record.statements:
        return record.statements[key]
    owner = key.rpartition(".")[0]
    fact = record.transfers.get(owner) or record.rounds.get(owner)
    return next((one for one in register.implied(fact) if one.key == key), None) if fact else None


def of(record: Record, keys: Iterable[str]) -> tuple[Statement | Transfer, ...]:
    """Return the statements and transfers of these keys, each once."""
    found = (record.transfers.get(key) or statement(record, key) for key in dict.fromkeys(keys))
    return tuple(one for one in found if one)


def one(key: str) -> OneFact | None:
    """Return the page of a fact, or None where the record has none by that key."""
    record = around.record(keys=[key])
    found = statement(record, key)
    if found is None:
        return None
    record = around.record(about=[found.about], keys=[key, found.about])
    group = shown.alike(record, found)
    answer = shown.answer(record, group)
    if answer is None:
        return None
    subject = shown.subject(record, found.about)
    title = f"{subject.text}: {answer.says}"
    return OneFact(
        key=key,
        subject=subject,
        object=shown.subject(record, found.object).text if found.object else "",
        said=shown.said(record, found),
        asked=answer,
        is_proposed=key.startswith("claim-"),
        ties=shown.ties_of(record, key),
        about=found.about,
        predicate=found.says,
        title=title,
        facts=tuple(group),
        sources=shown.listed(record, *(one.sources for one in group)),
    )
