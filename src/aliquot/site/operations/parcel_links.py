"""What whoever receives a parcel by a link does: confirms it once, with photographs of damage, or refuses it. No account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from aliquot.parcels import Opened
from aliquot.site import queries
from aliquot.site.models import LoanFile, Parcel
from aliquot.site.operations import arrivals, lending
from aliquot.site.operations.storage import Received

PHOTOGRAPHS_MOST = 5


@transaction.atomic
def confirm(
    parcel: Parcel, told: Opened, *, token: str, photographs: Sequence[Received] = (), at: datetime
) -> Parcel:
    """Confirm a parcel by a link, which is used up by it; photographs stand with the parcel in the name of the link."""
    link = queries.parcels.by_token(token, at=at)
    now = arrivals.confirm(parcel, told, token=token, at=at)
    for one in photographs[:PHOTOGRAPHS_MOST] if link is not None else ():
        LoanFile.objects.create(parcel=now, file=lending.kept(one, at=at), kind="photograph", name=one.name,
                                by=f"link:{link.pk}", at=at)  # fmt: skip
    return now
