"""An act on a sealed sample: proposed, approved by as many as the policy asks for, carried out once.

Whoever proposes never approves; each person answers once, and each answer is an act of its own. One no refuses the
proposal; it can be made anew. Weighing, moving, losing, finding, photographing without a beam and correcting are free
of all this: they neither open nor change the material (ARCHITECTURE.md, invariant 7, and `handling.planning.sealed`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.db import transaction

from aliquot import fault, handling, policy
from aliquot.fault import Fault, Refused
from aliquot.handling import planning
from aliquot.site import permissions
from aliquot.site.models import Approval, Person, Proposal, Sample
from aliquot.site.operations import handling as bench
from aliquot.site.operations import notices
from aliquot.site.operations.handling import Recorded
from aliquot.site.operations.ledger import lock
from aliquot.site.permissions import Act
from aliquot.site.queries import approvals as reads
from aliquot.site.queries import handling as known_reads
from aliquot.site.queries.approvals import Standing

REASON_MOST = 2_000


@transaction.atomic
def propose(kind: str, told: Mapping[str, object], *, by: Person, at: datetime) -> Proposal:
    """Propose an act that touches a sealed sample; raise `Refused` where it could not be recorded, approvals apart."""
    lock()
    fault.refuse_if(bench.faults_of(kind, told, by=by, at=at))
    values = handling.read(kind, told)
    if not isinstance(values, handling.Told):
        raise Refused(values)
    known = known_reads.known(values, by=by.key, at=at)
    touched = [one.name for one in planning.sealed(values, known)]
    if not touched or not known.policy.sealed_approvals:
        raise Refused([fault.of("kind", "this touches no sealed sample", "record it: it wants no approval")])
    made = Proposal.objects.create(
        kind=kind,
        told=dict(told),
        sample=Sample.objects.get(number=touched[0]),
        by=by,
        at=at,
        needed=policy.load(known_reads.POLICY).sealed_approvals,
    )
    notices.proposal_made(made, at=at)
    return made


def approve(proposal: Proposal, *, by: Person, at: datetime, reason: str = "") -> Approval:
    """Say yes to a proposal."""
    return _answer(proposal, by, at, yes=True, reason=reason)


def refuse(proposal: Proposal, *, by: Person, at: datetime, reason: str) -> Approval:
    """Say no to a proposal, and why."""
    return _answer(proposal, by, at, yes=False, reason=reason)


@transaction.atomic
def _answer(proposal: Proposal, by: Person, at: datetime, *, yes: bool, reason: str) -> Approval:
    lock()
    now = Proposal.objects.get(pk=proposal.pk)
    fault.refuse_if((*_check_answer(now, by), *_check_reason(reason, needed=not yes)))
    made = Approval.objects.create(proposal=now, person=by, at=at, yes=yes, reason=reason.strip())
    notices.proposal_answered(made, at=at)
    return made


def _check_answer(proposal: Proposal, by: Person) -> Iterator[Fault]:
    """Each answers once, and nobody their own; what was decided stays so."""
    if not permissions.may(by, Act.APPROVE_SEALED):
        yield fault.of(
            "person", "you may not approve an act on a sealed sample", "ask a curator or a director"
        )
    if proposal.by_id == by.pk:
        yield fault.of("person", "you proposed this yourself", "let others approve it")
    if proposal.approvals.filter(person=by).exists():
        yield fault.of("person", "you answered this already", "an answer is given once and kept")
    yield from _check_open(proposal, (Standing.WAITING, Standing.APPROVED))


def _check_open(proposal: Proposal, allowed: tuple[Standing, ...]) -> Iterator[Fault]:
    found = reads.standing(proposal)
    if found in allowed:
        return
    if found is Standing.DONE:
        yield fault.of("proposal", "this was carried out already", "propose it anew")
    elif found is Standing.WITHDRAWN:
        yield fault.of("proposal", "this was withdrawn", "propose it anew")
    else:
        yield fault.of("proposal", "this was refused", "propose it anew, and say what is different")


def _check_reason(reason: str, *, needed: bool) -> Iterator[Fault]:
    if needed and not reason.strip():
        yield fault.of("reason", "nothing is told here", "say why not, so that it can be proposed better")
    if len(reason) > REASON_MOST or "\0" in reason:
        yield fault.of("reason", "the text is longer than {most} characters", "shorten it", most=REASON_MOST)


@transaction.atomic
def withdraw(proposal: Proposal, *, by: Person, at: datetime) -> None:
    """Take one's own proposal back, as long as it was not carried out."""
    lock()
    now = Proposal.objects.get(pk=proposal.pk)
    if now.by_id != by.pk:
        raise Refused([fault.of("person", "you did not propose this", "ask the one who did")])
    fault.refuse_if(_check_open(now, (Standing.WAITING, Standing.APPROVED, Standing.REFUSED)))
    Proposal.objects.filter(pk=now.pk).update(withdrawn_at=at)


def carry_out(
    proposal: Proposal,
    *,
    by: Person,
    at: datetime,
    told: Mapping[str, object] | None = None,
    second: Person | None = None,
) -> Recorded:
    """Record the act that was approved, once; `told` where it differs in what was not decided on, such as exact masses."""
    said = proposal.told if told is None else told
    return bench.record(proposal.kind, said, by=by, at=at, second=second, proposal=proposal)
