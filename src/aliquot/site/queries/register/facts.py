"""What does the page of one fact show? The statement, the best-supported one beside it, why that one is, and all others."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from aliquot import register
from aliquot.register import Record, Statement
from aliquot.site.queries.register import in_force, shown, words
from aliquot.site.queries.register.chapters import Chapters, page
from aliquot.site.queries.register.shown import Asked, Name, Said


@dataclass(frozen=True, slots=True)
class OneFact:
    """A fact at its permanent address."""

    key: str
    subject: Name
    object: str
    said: Said
    asked: Asked
    is_proposed: bool
    page: Chapters


def elsewhere(key: str) -> str:
    """Return the address of a fact that has a page of its own: a transfer, a round of lending; or nothing."""
    record = in_force.record()
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


def one(key: str) -> OneFact | None:
    """Return the page of a fact, or None where the record has none by that key."""
    record = in_force.record()
    found = statement(record, key)
    if found is None:
        return None
    fact = record.transfers.get(found.about) or record.rounds.get(found.about)
    every = [*(register.implied(fact) if fact else ()), *record.about(found.about, found.says)]
    group = [
        other
        for other in every
        if (other.says, other.object, other.part) == (found.says, found.object, found.part)
    ]
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
        page=page(record, key, title, "", (), group, eyebrow=words.said_of(found.says)),
    )
