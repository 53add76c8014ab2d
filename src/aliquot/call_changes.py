"""What changed between two states of a call? The fields of an amendment, each as it was and as it is.

A list of samples is compared sample by sample. Knows no words: who shows a change names its field.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aliquot.calls import Call, Offer

# Everything that an open call may change, in the order in which a call tells it (see `calls.check_amendment`).
FIELDS: Final = ("title", "scope", "who", "countries", "closes")
Value = str | tuple[str, ...] | datetime


@dataclass(frozen=True, slots=True)
class Change:
    """One field as it was and as it is."""

    field: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class OfferChange:
    """One sample of the list as it was and as it is; None where it was not, or is no longer, offered."""

    sample: str
    before: Offer | None
    after: Offer | None


def between(before: Call, after: Call) -> tuple[Change, ...]:
    """Return the fields that differ; what of the list does, `offers` tells."""
    return tuple(_changes(before, after))


def _changes(before: Call, after: Call) -> Iterator[Change]:
    for field in FIELDS:
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Change(field, was, now)


def offers(before: Call, after: Call) -> tuple[OfferChange, ...]:
    """Return what differs in the list of samples, in its order; what is no longer offered comes last."""
    was = {offer.sample: offer for offer in before.offers}
    now = {offer.sample: offer for offer in after.offers}
    kept = [OfferChange(name, was.get(name), offer) for name, offer in now.items() if was.get(name) != offer]
    gone = [OfferChange(name, offer, None) for name, offer in was.items() if name not in now]
    return (*kept, *gone)
