"""Keeping the reading of an article for oneself, and forgetting it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from secrets import token_hex

from django.db import transaction

from aliquot import fault
from aliquot.reading import desk
from aliquot.reading.desk import Reading
from aliquot.site.models import KeptReading, Person

KEPT_MOST = 500
NAME_MOST = 200


@transaction.atomic
def keep(reading: Reading, *, with_text: bool, by: Person, at: datetime) -> KeptReading:
    """Keep what was found in an article, with its text only where that is asked for; raise `Refused` where there are too many."""
    if KeptReading.objects.filter(person=by).count() >= KEPT_MOST:
        fault.refuse_if(
            [fault.of("keep", "you keep {most} readings already", "forget one first", most=KEPT_MOST)]
        )
    text = reading.document.text
    return KeptReading.objects.create(
        key=token_hex(10), person=by, name=reading.document.name[:NAME_MOST], language=reading.language, sentences=reading.sentences,
        sha256=sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), text=text if with_text else "",
        is_plain=reading.document.is_plain, results=desk.plain(reading)["claims"], kept_at=at,
    )  # fmt: skip


@transaction.atomic
def forget(kept: KeptReading) -> None:
    """Delete a reading, and its text with it."""
    kept.delete()
