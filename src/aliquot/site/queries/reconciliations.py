"""Reading reconciliations: what this catalogue states, the lists there are, and one of them grouped by cause."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, Q, QuerySet

from aliquot import mass, reconciliation
from aliquot.reconciliation import Statement
from aliquot.site.models import Disagreement, Reconciliation, Sample


def catalogue() -> Iterator[Statement]:
    """Yield what this catalogue states of each sample: the mass with which it came."""
    rows = Sample.objects.order_by("number").values_list("number", "start_ng", "material")
    for number, start_ng, material in rows.iterator(chunk_size=5000):
        yield Statement(number, start_ng, mass.show(start_ng) if start_ng else "", 0, material)


def all_of_them() -> QuerySet[Reconciliation]:
    """Return every reconciliation, newest first, with how many disagreements it has and how many are decided."""
    return Reconciliation.objects.select_related("by").annotate(
        found=Count("disagreements"), decided=Count("disagreements", filter=~Q(disagreements__decision=""))
    )


@dataclass(frozen=True, slots=True)
class Group:
    """The disagreements of one likely cause."""

    cause: str
    rows: tuple[Disagreement, ...]

    @property
    def open(self) -> int:
        """How many are not decided yet."""
        return sum(not row.decision for row in self.rows)


def groups(made: Reconciliation) -> list[Group]:
    """Return the disagreements by likely cause, in the order of `reconciliation.CAUSES`."""
    order = list(reconciliation.CAUSES)
    rows = sorted(
        made.disagreements.select_related("decided_by"), key=lambda row: (order.index(row.cause), row.number)
    )
    return [Group(cause, tuple(found)) for cause, found in groupby(rows, key=lambda row: row.cause)]
