"""Which acts can be begun from a sample's page, and where is the form of each, with the sample's number in it?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from aliquot import handling
from aliquot.handling import Act as Kind
from aliquot.handling import Type
from aliquot.site import permissions
from aliquot.site.models import Availability
from aliquot.site.permissions import Act, Somebody
from aliquot.site.queries.samples import Row

# What is done most often stands in front.
FIRST: Final = ("weigh", "split", "move", "image")
WHERE_MISSING: Final = ("find",)


@dataclass(frozen=True, slots=True)
class Way:
    """One link: what is done, and where."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class Work:
    """What this person may begin with this sample: `first` at hand, `rest` behind a fold."""

    first: tuple[Way, ...]
    rest: tuple[Way, ...]


def of(row: Row, person: Somebody) -> Work:
    """Return the acts that fit the sample as it stands; whether each may be done is decided when it is told."""
    first, rest = [], []
    if permissions.may(person, Act.APPEND_ENTRIES):
        kinds = _fitting(row)
        in_front = FIRST if "find" not in kinds else WHERE_MISSING
        first = [_way(handling.KINDS[kind], row.number) for kind in in_front if kind in kinds]
        rest = [_way(handling.KINDS[kind], row.number) for kind in kinds if kind not in in_front]
    if permissions.may(person, Act.REPORT_INCIDENTS):
        first.append(
            Way(_("Report an incident"), f"{reverse('incidents')}?{urlencode({'sample': row.number})}#report")
        )
    return Work(tuple(first), tuple(rest))


def _fitting(row: Row) -> tuple[str, ...]:
    """Return the acts that name a sample and can be done to this one, in the order of the bench."""
    if row.availability == Availability.MISSING:
        return WHERE_MISSING
    if row.availability in (Availability.GIVEN, Availability.SPENT):
        return ()
    counted = row.form in handling.COUNTED
    return tuple(
        act.kind
        for act in handling.KINDS.values()
        if _named_in(act) and act.kind not in WHERE_MISSING and (act.counted or not counted)
    )


def _named_in(act: Kind) -> str:
    """Return the field of an act in which a sample is named; empty where it is none of its own."""
    return next((one.name for one in act.fields if one.type in (Type.SAMPLE, Type.SAMPLES)), "")


def _way(act: Kind, number: str) -> Way:
    return Way(_(act.label), f"{reverse('act', args=[act.kind])}?{urlencode({_named_in(act): number})}")
