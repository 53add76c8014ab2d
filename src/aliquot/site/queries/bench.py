"""Reading for the pages of the bench: what was done last, and what the fields of an act may name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from aliquot.handling import Type
from aliquot.site.models import HandledSample, Handling, Holder, Instrument, Person, Place, Role
from aliquot.site.queries import histories

RECENT = 25
LISTED_MOST = 500
SAMPLES_NAMED = 6


@dataclass(frozen=True, slots=True)
class Done:
    """One line of what was done last."""

    pk: int
    kind: str
    at: datetime
    by: str
    entry: int | None
    samples: tuple[str, ...]
    others: int


def recent(*, kind: str = "", before: int | None = None) -> tuple[tuple[Done, ...], int | None]:
    """Return the newest handlings, before one of them, and where the next page begins."""
    rows = Handling.objects.order_by("-pk").prefetch_related(
        Prefetch("samples", HandledSample.objects.select_related("sample").order_by("pk"))
    )
    if kind:
        rows = rows.filter(kind=kind)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: RECENT + 1])
    names = histories.people(row.by for row in found)
    return tuple(_done(row, names) for row in found[:RECENT]), found[RECENT - 1].pk if len(
        found
    ) > RECENT else None


def _done(row: Handling, names: dict[str, str]) -> Done:
    numbers = list(dict.fromkeys(one.sample.number for one in row.samples.all()))
    shown = tuple(numbers[:SAMPLES_NAMED])
    return Done(row.pk, row.kind, row.at, names[row.by], row.entry_id, shown, len(numbers) - len(shown))


def lists(language: str) -> dict[str, list[tuple[str, str]]]:
    """Return what the fields of an act may name: (what is written, how it is called), by the type of field or its name."""
    holders, instruments = _holders(language), _instruments(language)
    return {
        Type.PLACE.value: _places(language),
        Type.HOLDER.value: holders,
        Type.PERSON.value: _staff(),
        Type.INSTRUMENT.value: [(key, label) for key, label, kind in instruments if kind != "balance"],
        "balance": [(key, label) for key, label, kind in instruments if kind == "balance"],
        "origin": [one for one in holders if one[0].startswith("origin:")],
    }


def _called(en: str, zh: str, language: str) -> str:
    return (zh or en) if language.startswith("zh") else (en or zh)


def _places(language: str) -> list[tuple[str, str]]:
    """Return the places that are open, by the code on their label; those without a label by their key."""
    places = Place.objects.filter(closed_at=None).select_related("parent").order_by("code")[:LISTED_MOST]
    found = [(one.code, _stands(one, language)) for one in places]
    rest = Holder.objects.filter(root="place", place=None).order_by("key")[:LISTED_MOST]
    return found + [(one.key, _called(one.name_en, one.name_zh, language)) for one in rest]


def _stands(place: Place, language: str) -> str:
    """Return what tells a place from others: its own name and what it stands in; its holder's name is that of the site."""
    name = _called(place.name_en, place.name_zh, language)
    return " · ".join(filter(None, (name, place.parent and f"{place.parent.code} › {place.code}")))


def _holders(language: str) -> list[tuple[str, str]]:
    rows = Holder.objects.exclude(root__in=("drift", "spent")).select_related("place__parent").order_by("key")
    return [
        (
            one.key,
            _stands(one.place, language)
            if hasattr(one, "place")
            else _called(one.name_en, one.name_zh, language),
        )
        for one in rows[:LISTED_MOST]
    ]


def _staff() -> list[tuple[str, str]]:
    held = (Role.CURATOR, Role.DIRECTOR, Role.AUDITOR)
    rows = Person.objects.filter(is_active=True, grants__role__in=held, grants__ended_at=None)
    return [(one.key, one.name) for one in rows.distinct().order_by("name", "pk")[:LISTED_MOST]]


def _instruments(language: str) -> list[tuple[str, str, str]]:
    rows = Instrument.objects.filter(retired_at=None).order_by("key")[:LISTED_MOST]
    return [
        (one.key, " · ".join(filter(None, (one.key, _called(one.name_en, one.name_zh, language)))), one.kind)
        for one in rows
    ]
