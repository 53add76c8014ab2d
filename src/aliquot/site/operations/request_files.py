"""Files on a request: put there by its authors, taken away by them; what a receipt names stays.

A draft takes files at any time; what was submitted takes them as long as it can be amended, and they count with the receipt
that comes next. Every file goes through `storage`, as photographs do.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction

from aliquot import calls, fault, requests
from aliquot.fault import Fault, Refused
from aliquot.site import queries
from aliquot.site.models import Person, Request, RequestFile
from aliquot.site.operations import storage
from aliquot.site.operations.life_cycles import lock, parts
from aliquot.site.operations.storage import Received

FILES_MOST = 40


def attach(request: Request, arrived: Received, *, by: Person, at: datetime) -> RequestFile:
    """Put a file on a request; one that is on it already is refused."""
    fault.refuse_if(closed(request, by, at))
    storage.put(arrived)
    with transaction.atomic():
        now = lock(request)
        there = list(queries.requests.files(now))
        faults = closed(now, by, at)
        if len(there) >= FILES_MOST:
            faults.append(fault.of(arrived.name, "{most} files are the most that a request has", "take one away first",
                                   most=FILES_MOST))  # fmt: skip
        known = next((one for one in there if one.file.sha256 == arrived.sha256), None)
        if known is not None:
            faults.append(fault.of(arrived.name, "is attached already, as {name}", "describe the one that is there",
                                   name=known.name))  # fmt: skip
        fault.refuse_if(faults)
        return RequestFile.objects.create(
            key=secrets.token_urlsafe(12), request=now, file=storage.record(arrived, at=at),
            kind=arrived.known.format.kind, name=arrived.name, by=by, at=at,
        )  # fmt: skip


@transaction.atomic
def remove(request: Request, key: str, *, by: Person, at: datetime) -> RequestFile:
    """Take a file away from a request. Its bytes and its row stay, for a receipt may name it."""
    now = lock(request)
    found = queries.requests.files(now).filter(key=key).first()
    faults = closed(now, by, at)
    if found is None:
        faults.append(fault.of("file", "there is no such file on this request", "load the page again"))
    if faults or found is None:
        raise Refused(faults)
    found.removed_at, found.removed_by = at, by
    found.save(update_fields=["removed_at", "removed_by"])
    return found


def closed(request: Request, by: Person, at: datetime) -> list[Fault]:
    """Return why somebody may not change the files of a request now."""
    faults = []
    if not parts(by, request) & {requests.LEAD, requests.TEAM}:
        faults.append(fault.of("person", "only those who write a request change its files", "ask them"))
    said = queries.calls.value(request.call)
    amendable = request.state == "submitted" and at <= calls.last_moment(said, tried=request.tried_at)
    if request.state != "draft" and not amendable:
        faults.append(fault.of("request", "its files can no longer be changed", "leave them as they are"))
    return faults
