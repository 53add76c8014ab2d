"""The basket: what somebody means to ask for, call by call, and the button beside a sample that puts it there.

Kept with the person, so that it is there on the next day and the next machine. A visitor who has not signed in is led to the
same page, which asks them to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aliquot import fault
from aliquot.calls import Offer
from aliquot.fault import Refused
from aliquot.site import permissions, queries
from aliquot.site.models import BasketItem, Call, Person
from aliquot.site.operations import baskets
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.web import acting, call_shown, requests_forms


@dataclass(frozen=True, slots=True)
class Way:
    """An open call that offers a sample, and whether the sample lies in the reader's basket for it."""

    call: Call
    lies_there: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """How a sample can be asked for by this reader: put in the basket, or first signed in."""

    number: str
    ways: tuple[Way, ...]
    must_sign_in: bool


@dataclass(frozen=True, slots=True)
class Lying:
    """Something in the basket, and what of it is offered now; nothing once the call was amended."""

    item: BasketItem
    offer: Offer | None


@dataclass(frozen=True, slots=True)
class Heap:
    """What lies in the basket for one call."""

    call: Call
    closes: call_shown.When
    is_open: bool
    lying: tuple[Lying, ...]


def asking(request: HttpRequest, number: str) -> Asking | None:
    """Return how a sample can be asked for; None where no open call offers it, or the reader asks for nothing here."""
    person = request.user
    if isinstance(person, Person) and not permissions.may(person, Act.ASK_FOR_SAMPLES):
        return None
    calls = queries.baskets.offering(number, timezone.now())
    if not calls:
        return None
    there = queries.baskets.numbers(person, number) if isinstance(person, Person) else []
    ways = tuple(Way(call, call.pk in there) for call in calls)
    return Asking(number, ways, must_sign_in=not isinstance(person, Person))


def asked_for(request: HttpRequest, numbers: Iterable[str]) -> frozenset[str]:
    """Return which samples of a list have a button: those that an open call offers, for readers who may ask."""
    person = request.user
    if isinstance(person, Person) and not permissions.may(person, Act.ASK_FOR_SAMPLES):
        return frozenset()
    return queries.baskets.offered(numbers, timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@permissions.require(Act.ASK_FOR_SAMPLES)
def basket(request: HttpRequest) -> HttpResponse:
    """Show the basket; put something in, take something out. `?sample=` offers to put that one in."""
    at, faults = timezone.now(), []
    if request.method == "POST":
        done = acting.once(request, lambda: _act(request, at))
        if isinstance(done, dict):
            return redirect(_back(request))
        faults = [replace(one, where=requests_forms.named(one.where)) for one in done]
    number = request.GET.get("sample", "")[: baskets.NUMBER_MOST]
    context = {
        "heaps": list(_heaps(request.user, at)),
        "asking": asking(request, number) if number else None,
        "asked": number,
        "open_calls": queries.baskets.open_calls(at),
        "faults": faults,
        "crumbs": [{"label": _("Catalogue"), "href": reverse("catalogue")}, {"label": _("Basket")}],
    }
    return render(request, "basket/basket.html", context, status=422 if faults else 200)


def _heaps(person: Person, at: datetime) -> Iterable[Heap]:
    rows = queries.baskets.of_person(person)
    for _pk, group in groupby(rows, key=lambda row: row.call_id):
        items = list(group)
        call = items[0].call
        said = queries.calls.value(call)
        lying = tuple(Lying(item, said.offer(item.sample.number)) for item in items)
        is_open = call.state == "open" and at <= said.closes
        yield Heap(call, call_shown.when(said.closes, said.zone, ends=True), is_open, lying)


def _act(request: HttpRequest, at: datetime) -> Body:
    told = request.POST
    if told.get("act") == "take out":
        item = told.get("item", "")
        baskets.take_out(
            request.user, int(item) if item.isascii() and item.isdigit() and len(item) < 19 else 0
        )
        return {"out": item[:20]}
    call = queries.calls.one(told.get("call", "")[:40].replace("\0", ""))
    if call is None:
        raise Refused([fault.of("call", "there is no such call", "choose one of those that are open")])
    item = baskets.put(call, told.get("sample", "").strip(), by=request.user, at=at)
    return {"in": item.pk}


def _back(request: HttpRequest) -> str:
    """Return the page of this site from which something was put in, else the basket's own."""
    back = request.POST.get("back", "")
    ours = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return back if ours else reverse("basket")
