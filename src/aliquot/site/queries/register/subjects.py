"""What can a statement be about? Missions, parties, rounds and transfers whose name or key has what somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from django.db.models import Q

from aliquot import register
from aliquot.register import Mission, Party, Round, Transfer
from aliquot.site.queries.register import around, in_force, shown, words
from aliquot.site.queries.register.around import Wanted

MOST: Final = 20
TYPED_MOST: Final = 80


@dataclass(frozen=True, slots=True)
class Subject:
    """What is offered: its key, and how it is called."""

    key: str
    name: str


def found(typed: str) -> list[Subject]:
    """Return the first subjects with these letters in their names; the shipped ones first."""
    text = typed.strip().casefold()[:TYPED_MOST].replace("\0", "")
    if not text:
        return []
    keys = [key for key, names in _shipped().items() if text in names][:MOST]
    if in_force.has_claims() and len(keys) < MOST:
        where = Q(kind__in=("transfer", "party"), words__contains=text)
        claimed = around.rows().filter(where).order_by("number").values_list("key", flat=True)
        keys += list(claimed[: MOST - len(keys)])
    record = around.record(Wanted(Q(key__in=keys), most=MOST), keys=keys)
    return [Subject(key, _label(shown.subject(record, key))) for key in keys]


def _label(name: shown.Name) -> str:
    return f"{name.text} ({name.own})" if name.own else name.text


@cache
def _shipped() -> dict[str, str]:
    """Return the names of every subject of the shipped record in small letters, by key."""
    record = register.load()
    every: list[Mission | Party | Round | Transfer] = [
        *record.missions.values(), *record.parties.values(), *record.rounds.values(), *record.transfers.values(),
    ]  # fmt: skip
    told = {one.key: "\n".join((one.key, *_names(one))).casefold() for one in every}
    return told | {key: f"{key}\n{name}".casefold() for key, name in words.SUBJECTS.items()}


def _names(one: Mission | Party | Round | Transfer) -> tuple[str, ...]:
    if isinstance(one, Transfer):
        return one.title.en, one.title.zh
    own = "" if isinstance(one, Round) else one.name_own
    return one.name.en, one.name.zh, own
