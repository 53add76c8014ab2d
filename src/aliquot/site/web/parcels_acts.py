"""Which acts does the page of a parcel offer to whom, and what does each?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aliquot import parcels
from aliquot.accountability import Direction
from aliquot.site.models import Parcel, Person
from aliquot.site.operations import arrivals, lending
from aliquot.site.operations import parcels as operations
from aliquot.site.web import loans_ways
from aliquot.site.web.acting import Body
from aliquot.site.web.loans_ways import ReasonForm, Way, WayForm
from aliquot.site.web.parcels_forms import (
    AttachForm,
    HandOverForm,
    LinkForm,
    OpenedForm,
    TakeBackForm,
    opened,
    packed,
)

LOG_BYTES_MOST = 20 * 2**20
MADE = "_made_link"


def of(parcel: Parcel, person: Person) -> list[Way]:
    """Return the acts that somebody may try now; what stands against one is said when it is tried."""
    sends = lending.on_loan(parcel.loan, person)
    receives = lending.on_loan(parcel.onward_to or parcel.loan, person)
    back = parcel.direction == Direction.BACK
    gets = receives if not back else sends & {"curator"}
    curates = "curator" in sends
    may = {
        step.act
        for step in parcels.CYCLE.steps
        if step.source == parcel.state
        and (gets if step.act in ("confirm", "refuse") else sends) & set(step.who)
    }
    offered = {
        **{
            act: act in may
            for act in ("hand over", "unpack", "confirm", "refuse", "lose", "take back", "find")
        },
        "link": curates and not back and parcel.state in ("packed", "on the way"),
        "attach": bool(sends & {"curator", "borrower"}) and parcel.state != "unpacked",
    }
    return [way for way in WAYS if offered[way.act]]


def _to(parcel: Parcel, part: str = "stands") -> Body:
    return {"to": f"{reverse('parcel', args=[parcel.key])}#{part}"}


def _hand_over(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    operations.hand_over(parcel, packed(told), by=request.user, at=timezone.now())
    return _to(parcel)


def _unpack(request: HttpRequest, parcel: Parcel, _told: dict[str, Any]) -> Body:
    operations.unpack(parcel, by=request.user, at=timezone.now())
    return {"to": reverse("loan", args=[parcel.loan.key])}


def _confirm(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    place = told.get("place", "")
    arrivals.confirm(parcel, opened(parcel, told), place=place, by=request.user, at=timezone.now())
    return _to(parcel)


def _link(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    """Make a link, which is shown on this answer and kept nowhere."""
    token = operations.make_link(parcel, days=told["days"], by=request.user, at=timezone.now())
    setattr(request, MADE, token)
    return {"to": ""}


def _attach(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    sent = told["file"]
    log = ""
    with loans_ways.kept(sent) as arrived:
        if told["kind"] == "transport log":
            sent.seek(0)
            log = sent.read(LOG_BYTES_MOST).decode("utf-8-sig", "replace")
        operations.attach(parcel, arrived, kind=told["kind"], log=log, by=request.user, at=timezone.now())
    return _to(parcel, "files")


def _take_back(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    arrivals.take_back(parcel, place=told["place"], by=request.user, at=timezone.now())
    return _to(parcel)


def _refuse(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    arrivals.refuse(parcel, reason=told["reason"], by=request.user, at=timezone.now())
    return _to(parcel)


def _lose(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    arrivals.lose(parcel, reason=told["reason"], by=request.user, at=timezone.now())
    return _to(parcel)


def _find(request: HttpRequest, parcel: Parcel, told: dict[str, Any]) -> Body:
    arrivals.find(parcel, reason=told["reason"], by=request.user, at=timezone.now())
    return _to(parcel)


WAYS = (
    Way("hand over", _("Hand it over"), _("Hand it over"), HandOverForm, _hand_over,
        _("From then on its mass is on the way, sample by sample, in the ledger.")),
    Way("confirm", _("Confirm that it arrived"), _("Confirm"), OpenedForm, _confirm,
        _("What is damaged or missing opens an incident.")),
    Way("link", _("Let the receiver confirm without an account"), _("Make a link"), LinkForm, _link,
        _("A link that works once. A new one ends the one before.")),
    Way("attach", _("Attach a paper or a transport log"), _("Attach"), AttachForm, _attach),
    Way("unpack", _("Unpack it"), _("Unpack it"), WayForm, _unpack, _("The samples are where they were.")),
    Way("take back", _("Take it back into the store"), _("Take it back"), TakeBackForm, _take_back),
    Way("refuse", _("Refuse it"), _("Refuse it"), ReasonForm, _refuse, _("It is still on its way, and comes back."), is_grave=True),
    Way("lose", _("Give it up for lost"), _("It is lost"), ReasonForm, _lose,
        _("Its mass is missing then, and an incident is opened."), is_grave=True),
    Way("find", _("It turned up"), _("It turned up"), ReasonForm, _find, _("Its samples are found one by one on the page of the loan.")),
)  # fmt: skip
