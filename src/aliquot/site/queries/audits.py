"""Reading audits: the stock that one is drawn from, the audits there are, and the lines of one."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Count, Q, QuerySet

from aliquot.audits import Stock
from aliquot.site.models import Audit, AuditLine, Balance, Place

_BRANCH = """
WITH RECURSIVE branch(id, holder_id) AS (
    SELECT id, holder_id FROM aliquot_place WHERE id = %s
    UNION SELECT p.id, p.holder_id FROM aliquot_place p JOIN branch ON p.parent_id = branch.id
) SELECT holder_id FROM branch
"""


def stock(place: Place | None) -> tuple[Stock, ...]:
    """Return what should lie in a branch of the store, or in all of it."""
    rows = Balance.objects.filter(holder__root="place", mass_ng__gt=0)
    if place is not None:
        with connection.cursor() as cursor:
            cursor.execute(_BRANCH, [place.pk])
            rows = rows.filter(holder__in=[row[0] for row in cursor.fetchall()])
    return tuple(Stock(*row) for row in rows.values_list("sample__number", "holder__key", "mass_ng"))


def keys_of(drawn: Sequence[Stock]) -> dict[Stock, tuple[int, int]]:
    """Return the rows of sample and holder of each line."""
    found: dict[Stock, tuple[int, int]] = {}
    wanted = set(drawn)
    for first in range(0, len(drawn), 500):
        numbers = [one.sample for one in drawn[first : first + 500]]
        rows = Balance.objects.filter(sample__number__in=numbers, mass_ng__gt=0)
        fields = ("sample__number", "holder__key", "mass_ng", "sample_id", "holder_id")
        for number, holder, ng, sample_id, holder_id in rows.values_list(*fields):
            if Stock(number, holder, ng) in wanted:
                found[Stock(number, holder, ng)] = (sample_id, holder_id)
    return found


def all_of_them() -> QuerySet[Audit]:
    """Return every audit, newest first, with how many lines it has, were looked at, and were not as the book has them."""
    return Audit.objects.select_related("planned_by", "signed_by", "place__holder").annotate(
        drawn=Count("lines"),
        seen=Count("lines", filter=~Q(lines__outcome="")),
        amiss=Count("lines", filter=Q(lines__outcome__in=("missing", "elsewhere"))),
    )


def one(key: str) -> Audit | None:
    """Return an audit by its key."""
    return (
        Audit.objects.select_related("planned_by", "closed_by", "signed_by", "place__holder")
        .filter(key=key)
        .first()
    )


def lines(audit: Audit) -> QuerySet[AuditLine]:
    """Return the lines of an audit in the order in which they are looked at."""
    rows = audit.lines.select_related(
        "sample", "holder", "holder__place", "found_in", "found_in__place", "weighing"
    )
    return rows.order_by("order")
