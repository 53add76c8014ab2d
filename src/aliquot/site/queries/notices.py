"""Reading notices: whose they are, what they name, who is to be told of what, and which e-mails did not arrive."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from aliquot import notices
from aliquot.site.models import (
    Call,
    Correspondence,
    Mailing,
    Notice,
    NoticeChoice,
    Person,
    Request,
    Role,
    RoleGrant,
    Sample,
    Watch,
)
from aliquot.site.queries.paging import Page
from aliquot.site.queries.requests import LIVE

PAGE = 50
# Requests whose authors are told what becomes of their call.
CONCERNED: Final = ("withdrawn", "lapsed", "turned away")
NOT_ARRIVED: Final = (Mailing.State.FAILED, Mailing.State.UNSURE)


# --- What somebody is shown ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Header:
    """What the head of every page asks of somebody: how many notices are unread, and whether one of some roles is held."""

    unread: int
    holds: bool


def header(person: Person, roles: Collection[Role]) -> Header:
    """Return that in one query."""
    held = RoleGrant.objects.filter(person=OuterRef("pk"), ended_at=None, role__in=roles)
    unread = Notice.objects.filter(person=OuterRef("pk"), read_at=None).order_by().values("person")
    found = (
        Person.objects.filter(pk=person.pk)
        .annotate(
            unread=Coalesce(Subquery(unread.annotate(n=Count("pk")).values("n")), 0), holds=Exists(held)
        )
        .values_list("unread", "holds")
        .first()
    )
    return Header(*found) if found else Header(0, False)


def of(person: Person) -> QuerySet[Notice]:
    """Return somebody's own notices, newest first."""
    return Notice.objects.filter(person=person)


def page(person: Person, *, about: str, unread: bool, number: int) -> Page:
    """Return one page of them, in two queries; `about` is one of `notices.ABOUT`, or empty for all."""
    rows = of(person)
    if about:
        rows = rows.filter(kind__in=[kind.key for kind in notices.KINDS.values() if kind.about == about])
    if unread:
        rows = rows.filter(read_at=None)
    total = rows.count()
    number = min(max(number, 1), max(1, -(-total // PAGE)))
    return Page(tuple(rows[(number - 1) * PAGE : number * PAGE]), total, number, PAGE)


def named(told: Iterable[notices.Values]) -> dict[str, str]:
    """Return what the keys in notices are called, by the whole key (`call:ab12`); one query for each root that occurs."""
    found: dict[str, str] = {}
    for root, keys in notices.references(told).items():
        if root in NAMING:
            found |= {f"{root}:{key}": name for key, name in NAMING[root](keys).items()}
    return found


def _calls(keys: Collection[str]) -> dict[str, str]:
    return dict(Call.objects.filter(key__in=keys).values_list("key", "title"))


def _requests(keys: Collection[str]) -> dict[str, str]:
    return dict(Request.objects.filter(key__in=keys).values_list("key", "title"))


def _people(keys: Collection[str]) -> dict[str, str]:
    numbers = [int(key) for key in keys if key.isascii() and key.isdigit()]
    return {str(pk): name for pk, name in Person.objects.filter(pk__in=numbers).values_list("pk", "name")}


# Who gives keys of another root to notices adds here how they are called.
NAMING: Final[Mapping[str, Callable[[Collection[str]], dict[str, str]]]] = {
    "call": _calls,
    "request": _requests,
    "person": _people,
}


# --- What somebody wants -------------------------------------------------------------------------------------


def correspondence(person: Person) -> Correspondence:
    """Return in which language and by which clock somebody is written to; the usual where they have not said."""
    return Correspondence.objects.filter(person=person).first() or Correspondence(person=person)


def choices(person: Person) -> dict[str, str]:
    """Return what somebody chose, by kind."""
    return dict(NoticeChoice.objects.filter(person=person).values_list("kind", "how"))


def watched(person: Person) -> frozenset[str]:
    """Return what somebody watches."""
    return frozenset(Watch.objects.filter(person=person).values_list("what", flat=True))


# --- Who is told ---------------------------------------------------------------------------------------------


def authors(call: Call) -> set[int]:
    """Return who writes a request under a call, drafts too."""
    rows = Request.objects.filter(call=call).exclude(state__in=CONCERNED)
    leads = set(rows.values_list("lead", flat=True))
    return leads | (set(rows.values_list("members__person", flat=True)) - {None})


def team(request: Request) -> set[int]:
    """Return who writes a request: its lead and whoever was let in."""
    return {request.lead_id, *request.members.values_list("person", flat=True)}


def reviewers(request: Request) -> set[int]:
    """Return who reviews a request now."""
    return set(request.reviews.filter(state__in=LIVE).values_list("reviewer", flat=True))


def watchers(call: Call) -> set[int]:
    """Return who watches all calls, this call, or what it offers."""
    numbers = [
        str(offer.get("sample", "")) for offer in call.told.get("offers", []) if isinstance(offer, dict)
    ]
    what = {"calls", f"call:{call.key}"}
    for mission, material in (
        Sample.objects.filter(number__in=numbers).values_list("mission", "material").distinct()
    ):
        what |= {f"mission:{mission}", f"material:{material}"}
    return set(Watch.objects.filter(what__in=what).values_list("person", flat=True))


def holding(*roles: Role) -> set[int]:
    """Return who holds one of these roles."""
    return set(RoleGrant.objects.filter(ended_at=None, role__in=roles).values_list("person", flat=True))


# --- E-mails -------------------------------------------------------------------------------------------------


def not_arrived() -> QuerySet[Mailing]:
    """Return the e-mails that somebody must look at: refused for good, or nobody knows; oldest first."""
    rows = Mailing.objects.filter(state__in=NOT_ARRIVED).select_related("person")
    return rows.prefetch_related("notices").order_by("pk")


def waiting() -> QuerySet[Mailing]:
    """Return the e-mails that were tried in vain and will be tried again."""
    rows = Mailing.objects.filter(state=Mailing.State.WAITING, tries__gt=0).select_related("person")
    return rows.prefetch_related("notices").order_by("due_at")
