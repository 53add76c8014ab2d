"""Holding two catalogues against each other, and deciding on each disagreement. Nothing in the catalogue changes.

What is decided is what somebody holds to be right and why; a mass itself is only ever changed by weighing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from aliquot import fault, reconciliation, texts
from aliquot.reconciliation import Compared, Comparison
from aliquot.site import queries
from aliquot.site.models import Disagreement, Person, Reconciliation
from aliquot.site.operations.ledger import lock

REASON_MOST = 2_000


@transaction.atomic
def start(
    comparison: Comparison, left: bytes, right: bytes | None, *, by: Person, at: datetime
) -> Reconciliation:
    """Compare two tables, or a table with this catalogue (`right` None), and keep every disagreement."""
    lock()  # nobody takes the key between the count and the writing
    said = (
        queries.reconciliations.catalogue() if right is None else reconciliation.read(right, comparison.right)
    )
    compared = reconciliation.compare(reconciliation.read(left, comparison.left), said, comparison)
    made = Reconciliation.objects.create(
        key=_next_key(),
        title=comparison.title[:200],
        left_name=comparison.left.name[:200],
        left_sha256=sha256(left).hexdigest(),
        right_name=comparison.right.name[:200] if right is not None else "",
        right_sha256=sha256(right).hexdigest() if right is not None else "",
        compared=compared.compared,
        by=by,
        at=at,
    )
    Disagreement.objects.bulk_create(_rows(made, compared))
    return made


def _next_key() -> str:
    return f"R-{Reconciliation.objects.count() + 1:04d}"


def _rows(made: Reconciliation, compared: Compared) -> Iterable[Disagreement]:
    for each in compared.disagreements:
        yield Disagreement(
            reconciliation=made,
            number=each.left.number,
            field=f"mass:{each.left.line}",
            left=each.left.text[:200],
            right=each.right.text[:200],
            left_ng=each.left.mass_ng,
            right_ng=each.right.mass_ng,
            cause=each.cause,
        )


@transaction.atomic
def decide(
    made: Reconciliation, chosen: Sequence[int], decision: str, reason: str, *, by: Person, at: datetime
) -> int:
    """Decide on some disagreements and say why; an earlier decision stays on record. Return how many there were."""
    reason = reason.strip()
    faults = []
    if decision not in reconciliation.DECISIONS:
        faults.append(fault.of("decision", "this is no decision", "choose one of those that are offered"))
    if not reason:
        faults.append(fault.of("reason", "a decision wants a reason", "say what it rests on"))
    faults += texts.check("reason", reason, most=REASON_MOST)
    if not chosen:
        faults.append(fault.of("chosen", "nothing was chosen", "choose the samples that you decide on"))
    rows = list(made.disagreements.select_for_update().filter(pk__in=chosen))
    if len(rows) != len(set(chosen)):
        faults.append(fault.of("chosen", "some of these do not belong to this list", "load the page again"))
    fault.refuse_if(faults)
    for row in rows:
        if row.decision:
            row.earlier.append(
                {
                    "decision": row.decision,
                    "reason": row.reason,
                    "by": row.decided_by.key,
                    "at": row.decided_at.isoformat(),
                }
            )
        row.decision, row.reason, row.decided_by, row.decided_at = decision, reason, by, at
    Disagreement.objects.bulk_update(rows, ["decision", "reason", "decided_by", "decided_at", "earlier"])
    return len(rows)
