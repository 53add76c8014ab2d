"""What would an agreement say that is about to be drafted? It is drafted, read, and undone, so that nothing is told twice.

Whatever keeps it from being drafted is said as it would be then; nothing is written, and no number is used up.
"""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from aliquot.agreements import Document
from aliquot.fault import Fault, Refused
from aliquot.site import queries
from aliquot.site.models import LoanAgreement
from aliquot.site.operations.agreements import Told

Make = Callable[[Told], LoanAgreement]


def text_of(make: Make, told: Told) -> Document | tuple[Fault, ...]:
    """Return the text of what `make` would draft, or what keeps it from being drafted."""
    try:
        with transaction.atomic():
            read = queries.agreements.document(make(told))
            transaction.set_rollback(True)
    except Refused as refused:
        return refused.faults
    return read
