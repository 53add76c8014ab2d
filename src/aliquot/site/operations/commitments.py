"""Promises: allocated, not yet cut. Made under the ledger's lock, so that no milligram is promised twice."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Sum

from aliquot import commitments, fault
from aliquot.fault import Fault
from aliquot.site.models import Balance, Commitment, Sample
from aliquot.site.operations import standing
from aliquot.site.operations.ledger import lock


@transaction.atomic
def promise(
    number: str, *, mass_ng: int, basis: str, reserve_ng: int = 0, by: str, at: datetime
) -> Commitment:
    """Promise so much of what is in the store; raise `Refused` where it is sealed or not free."""
    lock()
    sample = _sample(number)
    fault.refuse_if(stands_against(sample, mass_ng, reserve_ng=reserve_ng))
    made = Commitment.objects.create(sample=sample, mass_ng=mass_ng, basis=basis, by=by, made_at=at)
    standing.restate(sample)
    return made


@transaction.atomic
def release(commitment: Commitment, *, at: datetime) -> None:
    """Let a promise go: it was cut, declined, or lapsed. One that was let go stays as it was."""
    lock()
    Commitment.objects.filter(pk=commitment.pk, released_at=None).update(released_at=at)
    standing.restate(_sample(commitment.sample.number))


def stands_against(sample: Sample, mass_ng: int, *, reserve_ng: int = 0) -> tuple[Fault, ...]:
    """Return what keeps so much of a sample from being promised now."""
    return commitments.check(
        commitments.Commitment(sample.number, mass_ng, ""),
        balance_ng=_in_store_ng(sample),
        committed_ng=committed_ng(sample),
        reserve_ng=reserve_ng,
        sealed=sample.sealed,
    )


def committed_ng(sample: Sample) -> int:
    """Return what is promised of the sample and not yet let go."""
    standing_promises = Commitment.objects.filter(sample=sample, released_at=None)
    return standing_promises.aggregate(total=Sum("mass_ng"))["total"] or 0


def _in_store_ng(sample: Sample) -> int:
    held = Balance.objects.filter(sample=sample, holder__root="place")
    return held.aggregate(total=Sum("mass_ng"))["total"] or 0


def _sample(number: str) -> Sample:
    found = Sample.objects.filter(number=number).first()
    if found is None:
        raise fault.Refused([fault.of("number", "there is no sample {number}", "search the catalogue for it",
                                      number=number[:80])])  # fmt: skip
    return found
