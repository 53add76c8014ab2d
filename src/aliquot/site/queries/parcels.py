"""Reading parcels: what is on its way, which are late, and whose link this is."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q, QuerySet

from aliquot import parcels
from aliquot.parcels import Packed
from aliquot.site.models import Parcel, ParcelLink, Person
from aliquot.site.queries.people import hash_of


def all_of_them() -> QuerySet[Parcel]:
    """Return every parcel, newest first: for those who see all."""
    return Parcel.objects.select_related("loan", "onward_to", "transit", "incident")


def visible(person: Person, *, sees_all: bool) -> QuerySet[Parcel]:
    """Return the parcels of the loans that somebody answers for, or all."""
    if sees_all:
        return all_of_them()
    own = Q(loan__duties__person=person, loan__duties__until=None)
    own |= Q(onward_to__duties__person=person, onward_to__duties__until=None)
    return all_of_them().filter(own).distinct()


def one(key: str, person: Person, *, sees_all: bool) -> Parcel | None:
    """Return a parcel by its key to those who may open it."""
    return visible(person, sees_all=sees_all).filter(key=key).first()


def late(today: date) -> list[Parcel]:
    """Return the parcels that should have arrived by now."""
    rows = all_of_them().filter(state__in=parcels.UNDER_WAY, expected_on__lt=today)
    return list(rows.order_by("expected_on", "pk"))


def by_token(token: str, *, at: datetime) -> ParcelLink | None:
    """Return the link of this token while it can be used: what whoever receives a parcel opens without an account."""
    rows = ParcelLink.objects.filter(token_hash=hash_of(token), used_at=None, expires_at__gt=at)
    return rows.select_related("parcel__loan", "parcel__transit").first()


def packed(row: Parcel) -> Packed:
    """Return how a parcel left, as the library compares it."""
    return Packed(
        row.carrier, tuple(row.seals), row.gross_ng or 0, row.gross_sd_ng, row.expected_on, row.tracking
    )
