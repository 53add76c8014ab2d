"""What needs me today? For curators, directors, chairs, reviewers and borrowers: what is late first, each with its page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aliquot.site import queries
from aliquot.site.models import Person, Role
from aliquot.site.queries import notices as notice_reads
from aliquot.site.queries.today import Item

KINDS: dict[str, Promise] = {
    "loan-late": gettext_lazy("overdue: it should be back"),
    "recall-late": gettext_lazy("recalled, and not back"),
    "inventory-late": gettext_lazy("the inventory is overdue"),
    "wish-renewal": gettext_lazy("the borrower asks for a renewal"),
    "wish-transfer": gettext_lazy("the borrower asks that somebody else takes over"),
    "wish-return": gettext_lazy("the borrower announces a return"),
    "to-agree": gettext_lazy("granted: prepare the agreement"),
    "to-offer": gettext_lazy("drafted: offer it"),
    "unsigned": gettext_lazy("not signed in time: let it lapse, or have an exception recorded"),
    "to-ship": gettext_lazy("in force: prepare and send it"),
    "to-hand-over": gettext_lazy("packed: hand it over"),
    "no-borrower": gettext_lazy("whoever answered for it is no longer here: say who does now"),
    "parcel-late": gettext_lazy("has not arrived"),
    "refused": gettext_lazy("was refused: take it back"),
    "to-check": gettext_lazy("came back: weigh and accept it"),
    "findings": gettext_lazy("the inventory and the book disagree"),
    "incident": gettext_lazy("an incident is open: note what is done about it, then close it"),
    "proposal": gettext_lazy("an act on a sealed sample waits for your answer"),
    "call-closes": gettext_lazy("the call closes"),
    "to-countersign": gettext_lazy("signed by the borrower: countersign it"),
    "show": gettext_lazy("a show waits for your approval"),
    "lost": gettext_lazy("lost: write it off, or have it looked for"),
    "sign": gettext_lazy("an agreement waits for your signature"),
    "bring-back": gettext_lazy("bring it back, or ask for a renewal"),
    "bring-back-recalled": gettext_lazy("recalled: bring everything back"),
    "inventory": gettext_lazy("make an inventory"),
    "take-over": gettext_lazy("you are asked to take it over"),
    "parcel": gettext_lazy("comes to you: say when it arrived, and how"),
    "results-due": gettext_lazy("results are due"),
    "publication-due": gettext_lazy("a publication is due"),
    "review": gettext_lazy("a review is yours to write"),
    "reviews-late": gettext_lazy("reviews are late"),
}
Found = Callable[[Person, datetime], list[Item]]
DESKS: tuple[tuple[Role | None, Promise, Found], ...] = (
    (Role.CURATOR, gettext_lazy("As a curator"), queries.today.of_curator),
    (Role.DIRECTOR, gettext_lazy("As the director"), queries.today.of_director),
    (Role.CHAIR, gettext_lazy("As a panel chair"), queries.today.of_chair),
    (Role.REVIEWER, gettext_lazy("As a reviewer"), queries.today.of_reviewer),
    (None, gettext_lazy("As a borrower"), queries.today.of_borrower),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """An item as it is read; `since_days` is how long it has waited."""

    name: str
    said: str
    href: str
    since: date | None
    until: date | None
    is_late: bool
    since_days: int | None

    @property
    def sorted_by(self) -> tuple[bool, date, date, str]:
        """What is late comes first, then what has the nearest day, then what has waited longest."""
        return (not self.is_late, self.until or date.max, self.since or date.max, self.name)


@require_safe
@login_required
def today(request: HttpRequest) -> HttpResponse:
    """Show what waits for somebody, a desk for each part that they play."""
    at = timezone.now()
    context = {
        "desks": desks(request.user, at),
        "unread": notice_reads.of(request.user).filter(read_at=None).count(),
        "today": at.date(),
        "crumbs": [{"label": _("Today")}],
    }
    return render(request, "today/today.html", context)


def desks(person: Person, at: datetime) -> list[tuple[str, list[Shown]]]:
    """Return the desks that somebody has, each with its items: what is late first."""
    held = queries.people.roles_of(person)
    found = [
        (str(said), shown(of(person, at), at.date()), role)
        for role, said, of in DESKS
        if role is None or role in held
    ]
    return [(said, items) for said, items, role in found if items or role is not None]


def shown(items: Sequence[Item], today: date) -> list[Shown]:
    """Return items as they are read, what is late first."""
    return sorted((_shown(one, today) for one in items), key=lambda one: one.sorted_by)


def _shown(one: Item, today: date) -> Shown:
    days = (today - one.since).days if one.since is not None and one.since <= today else None
    return Shown(
        one.name or _("Untitled"),
        str(KINDS[one.kind]),
        _href(one),
        one.since,
        one.until,
        one.is_late(today),
        days,
    )


def _href(one: Item) -> str:
    return reverse(one.route, args=[one.key] if one.key else [])
