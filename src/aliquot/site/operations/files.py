"""Acts on photographs and documents: attach, describe, publish, withdraw, remove. Each file is an act of its own.

Nothing is ever deleted: what was removed stays, with who did it and why, and so do its bytes.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from aliquot import fault
from aliquot.fault import Fault
from aliquot.files import Kind
from aliquot.site.models import Attachment, Instrument
from aliquot.site.operations import storage
from aliquot.site.operations.storage import Received
from aliquot.site.queries.files import Thing

TEXT_MOST = 500
CREDIT_MOST = 200
UM_PER_PX_LEAST = Decimal("0.000001")
UM_PER_PX_MOST = Decimal(1_000_000)


def attach(arrived: Received, thing: Thing, *, by: str, at: datetime) -> Attachment:
    """Put a file on a sample, handling, place or incident; one that is on it already is refused."""
    storage.put(arrived)
    with transaction.atomic():
        file = storage.record(arrived, at=at)
        on = {thing._meta.model_name: thing}
        known = Attachment.objects.filter(file=file, removed_at=None, **on).first()
        if known:
            raise fault.Refused([fault.of(arrived.name, "is attached already, as {name}", "describe the one that is there",
                                          name=known.name)])  # fmt: skip
        return Attachment.objects.create(
            key=secrets.token_urlsafe(12),
            file=file,
            kind=arrived.known.format.kind,
            name=arrived.name,
            by=by,
            at=at,
            **on,
        )


def describe(
    key: str,
    *,
    alternative_en: str = "",
    alternative_zh: str = "",
    um_per_px: Decimal | None = None,
    instrument: Instrument | None = None,
    taken_at: datetime | None = None,
    credit: str = "",
    at: datetime,
) -> Attachment:
    """Say what a file shows, how large a pixel of it is, and who made it when with what; in place of what was said."""
    texts = {
        "alternative_en": alternative_en.strip(),
        "alternative_zh": alternative_zh.strip(),
        "credit": credit.strip(),
    }

    def act(row: Attachment) -> list[Fault]:
        found = [f for name, said in texts.items() for f in _unfit(name, said)]
        if row.published and not (texts["alternative_en"] or texts["alternative_zh"]):
            found.append(fault.of("alternative_en", "what is published keeps a text that is said in its place",
                                  "write what it shows, or withdraw it first"))  # fmt: skip
        if um_per_px is not None and not UM_PER_PX_LEAST <= um_per_px <= UM_PER_PX_MOST:
            found.append(fault.of("um_per_px", "a pixel is between 0.000001 and 1,000,000 micrometres",
                                  "divide a length that you know by the pixels that it takes"))  # fmt: skip
        if um_per_px is not None and row.kind != Kind.PHOTOGRAPH:
            found.append(fault.of("um_per_px", "only a photograph has a scale", "leave it empty"))
        if taken_at is not None and taken_at > at:
            found.append(fault.of("taken_at", "this time has not come yet", "give the time in UTC"))
        for name, said in texts.items():
            setattr(row, name, said)
        row.um_per_px, row.instrument, row.taken_at = um_per_px, instrument, taken_at
        return found

    return _change(key, act)


def publish(key: str) -> Attachment:
    """Let everybody see a file on a sample, and have its bytes as they are."""

    def act(row: Attachment) -> list[Fault]:
        found = []
        if not (row.alternative_en or row.alternative_zh):
            found.append(fault.of("alternative_en", "nothing is said in its place to those who do not see it",
                                  "write what it shows, in one language at least"))  # fmt: skip
        if row.sample_id is None:
            found.append(fault.of("published", "only what is on a sample is published",
                                  "attach it to the sample that it shows"))  # fmt: skip
        row.published = True
        return found

    return _change(key, act)


def withdraw(key: str) -> Attachment:
    """Let only those who work here see a file again."""

    def act(row: Attachment) -> list[Fault]:
        row.published = False
        return []

    return _change(key, act)


def remove(key: str, *, why: str, by: str, at: datetime) -> Attachment:
    """Mark a file as removed, with the reason. It stays; whoever wants it back attaches it again."""

    def act(row: Attachment) -> list[Fault]:
        said = why.strip()
        found = _unfit("why", said)
        if not said:
            found.append(
                fault.of("why", "a file is not removed without a reason", "say why it should not be here")
            )
        row.published, row.removed_at, row.removed_by, row.removed_why = False, at, by, said
        return found

    return _change(key, act)


@transaction.atomic
def _change(key: str, act: Callable[[Attachment], list[Fault]]) -> Attachment:
    """Load the row for this act alone, let it decide, and write; what was removed is not changed any more."""
    row = Attachment.objects.select_for_update().filter(key=key).first()
    if row is None:
        raise fault.Refused([fault.of("key", "there is no such file", "load the page again")])
    if row.removed_at is not None:
        raise fault.Refused([fault.of(row.name, "was removed", "attach it again, if it should be here")])
    fault.refuse_if(act(row))
    row.save()
    return row


def _unfit(where: str, said: str) -> list[Fault]:
    """Return what keeps a text from being kept on a line."""
    most = CREDIT_MOST if where == "credit" else TEXT_MOST
    found = []
    if not said.isprintable():
        found.append(
            fault.of(where, "has a character that cannot be seen, or a new line", "write it on one line")
        )
    if len(said) > most:
        found.append(fault.of(where, "is longer than {most} characters", "shorten it", most=most))
    return found
