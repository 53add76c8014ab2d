"""The basket: samples put in and taken out while browsing, until a request is begun with them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from aliquot import fault, request_drafts, texts
from aliquot.fault import Fault
from aliquot.site import queries
from aliquot.site.models import BasketItem, Call, Person, Request
from aliquot.site.operations.life_cycles import parts
from aliquot.site.operations.requests import begin

NUMBER_MOST = 200
ITEMS_MOST = request_drafts.LINES_MOST


@transaction.atomic
def put(call: Call, number: str, *, by: Person, at: datetime) -> BasketItem:
    """Put a sample that an open call offers in the basket for it; one that lies there stays there."""
    faults: list[Fault] = list(texts.check("sample", number, most=NUMBER_MOST, needed=True))
    if "requester" not in parts(by):
        faults.append(
            fault.of("person", "samples are asked for by requesters", "ask the facility for that role")
        )
    if call.state != "open" or call.closes is None or call.closes < at:
        faults.append(fault.of("call", "the call is not open", "wait until it opens"))
    fault.refuse_if(faults)
    sample = queries.baskets.sample(number)
    if sample is None or queries.calls.value(call).offer(number) is None:
        faults.append(fault.of("sample", "{name} is not offered in this call", "choose from its list", name=number))  # fmt: skip
    if queries.baskets.of_call(by, call).count() >= ITEMS_MOST:
        faults.append(fault.of("sample", "{most} samples are the most that a basket holds", "begin the request",
                               most=ITEMS_MOST))  # fmt: skip
    fault.refuse_if(faults)
    return BasketItem.objects.get_or_create(person=by, call=call, sample=sample, defaults={"at": at})[0]


def take_out(person: Person, pk: int) -> None:
    """Take something out of one's own basket; what is not there is out already."""
    BasketItem.objects.filter(person=person, pk=pk).delete()


@transaction.atomic
def begin_with(call: Call, *, by: Person, at: datetime) -> Request:
    """Begin a request with a line for each sample in the basket for that call, which is empty then."""
    said = queries.calls.value(call)
    rows = queries.baskets.of_call(by, call)
    offers = [said.offer(row.sample.number) for row in rows]
    lines = [{"sample": offer.sample, "form": offer.form} for offer in offers if offer]
    told = {"lead": {"name": by.name}} | ({"lines": lines} if lines else {})
    made = begin(call, told=told, by=by, at=at)
    rows.delete()
    return made
