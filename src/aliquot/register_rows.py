"""The same facts for other programs: flat rows for a table or CSV, plain values for JSON.

Exactly what is shown is what is given. Knows no file format: whoever writes CSV guards it against formulas.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Final

from aliquot import mass
from aliquot.dates import When
from aliquot.facts import Party, Source, Statement, Transfer, amount_text
from aliquot.vocabulary import FATES, KINDS, SAYS, STATES

COLUMNS: Final = (
    "key", "date", "until", "kind", "title", "giver", "giver_country", "receiver", "receiver_country", "holder",
    "holder_country", "missions", "material", "mass", "mass_g", "mass_precision", "state", "fate", "grade", "sources",
    "scope", "note",
)  # fmt: skip


def rows(transfers: Iterable[Transfer], language: str = "en") -> list[dict[str, str]]:
    """Return one row a transfer under `COLUMNS`; an unknown mass leaves `mass_g` empty."""
    return [_row(one, language) for one in transfers]


def _row(one: Transfer, language: str) -> dict[str, str]:
    return {
        "key": one.key,
        "date": one.date.show(language),
        "until": one.until.show(language) if one.until else "",
        "kind": KINDS[one.kind].text(language),
        "title": one.title.text(language),
        "giver": one.giver.name.text(language),
        "giver_country": one.giver.country,
        "receiver": one.receiver.name.text(language),
        "receiver_country": one.receiver.country,
        "holder": one.holder.name.text(language),
        "holder_country": one.holder.country,
        "missions": " ".join(one.missions),
        "material": one.material.text(language),
        "mass": amount_text(one.amount, language),
        "mass_g": "" if one.mass_ng is None else mass.grams(one.mass_ng),
        "mass_precision": one.amount.precision.value if one.mass_ng is not None else "",
        "state": STATES[one.state].text(language),
        "fate": FATES[one.fate].text(language),
        "grade": one.grade.value,
        "sources": " ".join(one.sources),
        "scope": one.scope.text(language),
        "note": one.note.text(language),
    }


FACT_COLUMNS: Final = (
    "key", "about", "says", "object", "part", "value", "mass_g", "on", "place", "date", "state", "grade", "sources", "scope", "note",
)  # fmt: skip


def fact_rows(facts: Iterable[Statement | Transfer], language: str = "en") -> list[dict[str, str]]:
    """Return one row a fact under `FACT_COLUMNS`; a transfer says its kind of its receiver."""
    return [
        _transfer_fact(one, language) if isinstance(one, Transfer) else _statement_fact(one, language)
        for one in facts
    ]


def _statement_fact(one: Statement, language: str) -> dict[str, str]:
    return {
        "key": one.key,
        "about": one.about,
        "says": SAYS[one.says].text(language),
        "object": one.object,
        "part": one.part,
        "value": one.shown(language),
        "mass_g": "" if one.mass_ng is None else mass.grams(one.mass_ng),
        "on": one.on.text if one.on else "",
        "place": one.place.text(language),
        **_common(one, language),
    }


def _transfer_fact(one: Transfer, language: str) -> dict[str, str]:
    return {
        "key": one.key,
        "about": one.giver.name.text(language),
        "says": KINDS[one.kind].text(language),
        "object": one.receiver.name.text(language),
        "part": "",
        "value": one.title.text(language),
        "mass_g": "" if one.mass_ng is None else mass.grams(one.mass_ng),
        "on": one.date.text,
        "place": "",
        **_common(one, language),
    }


def _common(one: Statement | Transfer, language: str) -> dict[str, str]:
    return {
        "date": one.date.text,
        "state": STATES[one.state].text(language),
        "grade": one.grade.value,
        "sources": " ".join(one.sources),
        "scope": one.scope.text(language),
        "note": one.note.text(language),
    }


SOURCE_COLUMNS: Final = (
    "key",
    "title",
    "publisher",
    "date",
    "language",
    "grade",
    "addresses",
    "sha256",
    "note",
)
PARTY_COLUMNS: Final = ("key", "name", "name_own", "language_own", "kind", "country", "note")
Row = dict[str, str]


def tabled(
    facts: Iterable[Statement | Transfer | Source | Party], language: str = "en"
) -> tuple[tuple[str, ...], list[Row]]:
    """Return the columns and rows of what a page tells: of facts, or of sources or parties where it lists these."""
    every = list(facts)
    sources = [one for one in every if isinstance(one, Source)]
    parties = [one for one in every if isinstance(one, Party)]
    if sources:
        return SOURCE_COLUMNS, [_source(one, language) for one in sources]
    if parties:
        return PARTY_COLUMNS, [_party(one, language) for one in parties]
    return FACT_COLUMNS, fact_rows((one for one in every if isinstance(one, Statement | Transfer)), language)


def _source(one: Source, language: str) -> Row:
    return {
        "key": one.key,
        "title": one.title,
        "publisher": one.publisher,
        "date": one.date.text,
        "language": one.language,
        "grade": one.grade.value,
        "addresses": " ".join(one.addresses),
        "sha256": one.sha256,
        "note": one.note.text(language),
    }


def _party(one: Party, language: str) -> Row:
    return {
        "key": one.key,
        "name": one.name.text(language),
        "name_own": one.name_own,
        "language_own": one.language_own,
        "kind": one.kind.value,
        "country": one.country,
        "note": one.note.text(language),
    }


Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]


def plain(value: object) -> Plain:
    """Return a fact, or a collection of facts, as values that JSON can carry; nothing is left out."""
    if isinstance(value, When):
        return _when(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [plain(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a fact holds no {type(value).__name__}")


def _when(when: When) -> Plain:
    return {
        "text": when.text,
        "precision": when.precision.value,
        "bound": when.bound.value,
        "first": when.first.isoformat() if when.first else None,
        "last": when.last.isoformat() if when.last else None,
        "utc": when.utc.strftime("%Y-%m-%dT%H:%MZ") if when.utc else None,
        "local": when.at.isoformat(timespec="minutes") if when.at else None,
    }
