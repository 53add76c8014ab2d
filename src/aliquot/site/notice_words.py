"""How does a notice read in its reader's language, and where does it lead?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aliquot import notices
from aliquot.notices import How
from aliquot.site.models import Notice
from aliquot.site.queries import notices as reads

ABOUT: Final[Mapping[str, Promise]] = {
    "calls": gettext_lazy("Calls"),
    "requests": gettext_lazy("Requests"),
    "reviews": gettext_lazy("Reviews"),
    "samples": gettext_lazy("Samples"),
    "loans": gettext_lazy("Loans"),
    "register": gettext_lazy("Register"),
}
HOWS: Final[Mapping[How, Promise]] = {
    How.AT_ONCE: gettext_lazy("at once"),
    How.DAILY: gettext_lazy("once a day"),
    How.WEEKLY: gettext_lazy("once a week"),
    How.NEVER: gettext_lazy("not by e-mail"),
}
# The page of what a notice is about, by the root of its subject; what has none leads to the list of notices.
ROUTES: Final[Mapping[str, str]] = {
    "call": "call",
    "call-keeping": "call-keeping",
    "call-reviews": "call-reviews",
    "call-hearings": "call-hearings",
    "request": "request",
    "review": "review",
    "proposal": "proposal",
    "wish": "wish",
    "loan": "loan",
    "agreement": "agreement",
    "parcel": "parcel",
    "claim": "claim",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A notice as it is read."""

    number: int
    about: str | Promise
    subject: str
    text: str
    href: str
    made_at: datetime
    unread: bool


def shown(rows: Iterable[Notice], *, zone: str) -> list[Shown]:
    """Return notices in the language that is active, with moments in that zone; one query a root of the keys in them."""
    rows = list(rows)
    named = reads.named(row.told for row in rows)
    return [_one(row, named, zone) for row in rows if row.kind in notices.KINDS]


def _one(row: Notice, named: Mapping[str, str], zone: str) -> Shown:
    kind = notices.KINDS[row.kind]
    values = {name: _value(value, named, zone) for name, value in row.told.items()}
    return Shown(
        number=row.pk,
        about=ABOUT[kind.about],
        subject=notices.fill(_(kind.subject), values),
        text=notices.fill(_(kind.text), values),
        href=href(row.subject),
        made_at=row.made_at,
        unread=row.read_at is None,
    )


def _value(value: str | int, named: Mapping[str, str], zone: str) -> str:
    moment = notices.moment(value)
    if moment is not None:
        there = moment.astimezone(ZoneInfo(zone if notices.is_zone(zone) else "UTC"))
        return f"{there:%Y-%m-%d %H:%M} ({there.tzinfo})"
    if str(value) in named:
        return named[str(value)] or _("without a title")
    return str(value)


def href(subject: str) -> str:
    """Return the page of what a notice is about, in the language that is active."""
    root, _colon, key = subject.partition(":")
    if root == "results":
        return reverse("results")
    return reverse(ROUTES[root], args=[key]) if root in ROUTES else reverse("notices")
