"""What does the record say in the facts that a verdict rests on? Each in words, with its page and its sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from aliquot.register import Record, Round, Statement, Transfer, amount_text
from aliquot.site.queries.register import shown, words
from aliquot.site.queries.register.shown import Cited, Name
from aliquot.vocabulary import SAYS


@dataclass(frozen=True, slots=True)
class Ground:
    """A fact of the record in words; `about` leads to the page that tells of it, where there is one."""

    key: str
    about: Name
    href: str = ""  # of its own page
    says: str = ""
    value: str = ""
    when: str = ""
    scope: str = ""
    state: str = ""
    grade: str = ""
    sources: tuple[Cited, ...] = ()


def of(record: Record, keys: Iterable[str]) -> tuple[Ground, ...]:
    """Return the facts of these keys; of one that is no longer in the record, its key alone."""
    return tuple(_ground(record, key) for key in keys)


def _ground(record: Record, key: str) -> Ground:
    language = words.language()
    fact: Statement | Transfer | Round | None = (
        record.statements.get(key) or record.transfers.get(key) or record.rounds.get(key)
    )
    if fact is None:
        return Ground(key, Name(key))
    sources, state, grade = shown.cited(record, fact.sources), fact.state.value, fact.grade.value
    when = fact.date.show(language) if fact.date.is_known else ""
    scope = fact.scope.text(language)
    if isinstance(fact, Statement):
        about = shown.subject(record, fact.about)
        said, value = SAYS[fact.says].text(language), shown.value(fact)
        return Ground(key, about, reverse("fact", args=[key]), said, value, "", scope, state, grade, sources)
    value = amount_text(fact.amount, language) if fact.amount.text else ""
    about = shown.subject(record, key)
    return Ground(key, about, about.href, "", value, when, scope, state, grade, sources)
