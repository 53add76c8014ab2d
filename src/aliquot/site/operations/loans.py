"""Loans: cut at the bench as agreed, renewed, recalled, handed to somebody else's duty, excepted from a rule, closed.

What moves mass on its way is in `parcels`, what a borrower tells in `loan_reports`, what comes back in `returns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from aliquot import countries, fault, loan_terms, loans, mass, texts
from aliquot.fault import Fault, Refused
from aliquot.loan_terms import Waiver
from aliquot.site import queries
from aliquot.site.models import AgreementLine, Loan, LoanDuty, LoanItem, LoanStep, Person, Sample
from aliquot.site.models import Waiver as WaiverRow
from aliquot.site.operations import commitments, handling, lending, notices, wish_endings
from aliquot.site.operations.handling import Recorded
from aliquot.site.operations.ledger import lock
from aliquot.wishes import Kind

# The acts at the bench by which a piece for a loan is made.
CUTTING = ("split", "riffle", "chip", "saw", "pick", "sieve", "section")
NAME_MOST = 300


@transaction.atomic
def cut(
    loan: Loan, line: AgreementLine, told: Mapping[str, object], *, kind: str = "split", by: Person,
    second: Person | None = None, at: datetime,
) -> Recorded:  # fmt: skip
    """Carry out the work order of a line: an act at the bench on its sample, on the ground of its promise.

    `told` is what the bench is told (`handling`), without parent and basis. All daughters go into the loan and are promised to
    it until they leave; together they weigh no more than the line says.
    """
    lock()
    now = lending.locked(loan)
    lending.step(loans.CYCLE, now.state, "ship", who=lending.on_loan(now, by))
    row = now.agreement.lines.select_related("sample", "commitment").filter(pk=line.pk).first()
    fault.refuse_if(_check_order(row, kind))
    if row is None or row.commitment is None:
        fault.bug("a work order without a line was not refused")
    ordered = {**told, "parent": row.sample.number, "basis": row.basis}
    done = handling.record(kind, ordered, by=by, second=second, at=at)
    cuts = list(done.handling.samples.filter(part="daughter").select_related("sample").order_by("pk"))
    if sum(one.mass_ng or 0 for one in cuts) > row.mass_ng:
        raise Refused([fault.of("cuts", "more is cut than the {mass} that were agreed", "cut less",
                                mass=mass.show(row.mass_ng))])  # fmt: skip
    commitments.release(row.commitment, at=at)
    for one in cuts:
        held = lending.hold(one.sample, one.mass_ng or 0, basis=row.basis, by=by.key, at=at)
        LoanItem.objects.create(loan=now, sample=one.sample, line=row, commitment=held,
                                consumed_most_ng=row.consumed_most_ng, added_at=at)  # fmt: skip
    return done


def _check_order(row: AgreementLine | None, kind: str) -> list[Fault]:
    if row is None:
        return [fault.of("line", "this is no line of the agreement", "choose one of its lines")]
    found = []
    if kind not in CUTTING:
        found.append(fault.of("kind", "no piece is made by this act", "choose one of those that are offered"))
    if row.whole:
        found.append(fault.of("line", "{sample} is lent whole", "pack it as it is", sample=row.sample.number))
    elif row.commitment is None or row.commitment.released_at is not None:
        found.append(
            fault.of("line", "this was cut already, or its promise was let go", "look at the loan's samples")
        )
    return found


@transaction.atomic
def renew(loan: Loan, *, months: int, reason: str = "", by: Person, at: datetime) -> Loan:
    """Renew a loan by so many months from the day on which it was due."""
    lock()
    now = lending.locked(loan)
    said = queries.loans.value(now)
    faults = list(
        loan_terms.check_renewal(
            said.terms, months=months, done=len(said.renewed_months), waivers=said.waivers, on=at.date()
        )
    )
    taken = lending.step(loans.CYCLE, now.state, "renew", who=lending.on_loan(now, by), reason=reason,
                         holding=[loans.ALLOWED], also=faults)  # fmt: skip
    now.renewed_months = [*now.renewed_months, months]
    Loan.objects.filter(pk=now.pk).update(renewed_months=now.renewed_months)
    lending.stepped(now, taken, by=by.key, at=at, reason=reason, months=months)
    wish_endings.done(now, Kind.RENEWAL, by=by.key, at=at)
    return now


@transaction.atomic
def recall(loan: Loan, *, reason: str, days: int = loans.RECALL_DAYS, by: Person, at: datetime) -> Loan:
    """Ask for everything back within so many days, whatever the term is."""
    lock()
    now = lending.locked(loan)
    faults = []
    if not 1 <= days <= 3650:
        faults.append(fault.of("days", "this is no number of days", "write a whole number from 1 on"))
    taken = lending.step(
        loans.CYCLE, now.state, "recall", who=lending.on_loan(now, by), reason=reason, also=faults
    )
    now.recalled_by = at.date() + timedelta(days=days)
    Loan.objects.filter(pk=now.pk).update(recalled_by=now.recalled_by)
    lending.stepped(now, taken, by=by.key, at=at, reason=reason, recalled_by=now.recalled_by.isoformat())
    return now


@transaction.atomic
def lift(loan: Loan, *, reason: str, by: Person, at: datetime) -> Loan:
    """Take a recall back: the term is again what it was."""
    lock()
    now = lending.locked(loan)
    taken = lending.step(loans.CYCLE, now.state, "lift", who=lending.on_loan(now, by), reason=reason)
    Loan.objects.filter(pk=now.pk).update(recalled_by=None)
    lending.stepped(now, taken, by=by.key, at=at, reason=reason)
    return now


@transaction.atomic
def waive(loan: Loan, told: Waiver, *, by: Person, at: datetime) -> WaiverRow:
    """Record an exception to a rule for one loan; a director does, on somebody's authority."""
    lock()
    faults = list(loan_terms.check_waiver(told, on=at.date()))
    if "director" not in lending.who(by):
        faults.append(fault.of("person", "an exception is recorded by a director", "ask the director"))
    fault.refuse_if(faults)
    return WaiverRow.objects.create(
        subject=queries.loans.subject(loan), rule=f"{queries.loans.RULE}{told.rule}", reason=told.reason.strip(),
        authority=told.authority.strip(), expires_on=told.expires_on, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def pass_duty(
    loan: Loan, *, why: str, name: str, institution: str, country: str = "", email: str = "",
    person: Person | None = None, by: Person, at: datetime,
) -> LoanDuty:  # fmt: skip
    """Let somebody else answer for a loan: the borrower moved, retired, died, the institution closed, or both agreed.

    No mass moves; a borrower who hands samples on sends them (`parcels.pack`, onward).
    """
    lock()
    now = lending.locked(loan)
    old = queries.loans.duty(now)
    faults = list(
        loans.check_passing(why=why, person=name, institution=institution, now=(old.name, old.institution))
    )
    for where, text in (("person", name), ("institution", institution)):
        faults += texts.check(where, text, most=NAME_MOST)
    if country and country not in countries.CODES:
        faults.append(fault.of("country", "“{code}” is no country of ISO 3166", "write two capital letters, such as FR",
                               code=country[:10]))  # fmt: skip
    if "curator" not in lending.on_loan(now, by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    if now.state not in loans.OPEN:
        faults.append(fault.of("loan", "nothing of it is out any more", "leave it as it is"))
    fault.refuse_if(faults)
    LoanDuty.objects.filter(pk=old.pk).update(until=at)
    made = LoanDuty.objects.create(loan=now, person=person, name=name.strip(), institution=institution.strip(),
                                   country=country or old.country, email=email, why=why, since=at, by=by.key)  # fmt: skip
    if institution.strip() != old.institution:
        type(now.holder).objects.filter(pk=now.holder_id).update(
            name_en=institution.strip(), name_zh=institution.strip(), country=country or old.country
        )
    LoanStep.objects.create(loan=now, order=now.steps.count() + 1, act="pass duty", target=now.state,
                            told={"why": why, "duty": made.pk}, by=by.key, at=at)  # fmt: skip
    wish_endings.done(now, Kind.TRANSFER, by=by.key, at=at)
    heir = {person.pk} if person is not None else set()
    notices.tell("loan-passed", heir - {by.pk}, subject=queries.loans.subject(now), occasion=f"duty {made.pk}", at=at,
                 loan=now.number)  # fmt: skip
    return made


@transaction.atomic
def cancel(loan: Loan, *, reason: str, by: Person, at: datetime) -> Loan:
    """Give a loan up before anything left: what was promised for it is free again."""
    lock()
    now = lending.locked(loan)
    taken = lending.step(loans.CYCLE, now.state, "cancel", who=lending.on_loan(now, by), reason=reason)
    if now.parcels.exclude(state__in=("unpacked", "taken back")).exists():
        raise Refused([fault.of("loan", "a parcel of it is packed", "unpack it first")])
    for item in now.items.select_related("commitment").filter(ended_at=None):
        if item.commitment is not None:
            commitments.release(item.commitment, at=at)
    for line in now.agreement.lines.select_related("commitment"):
        if line.commitment is not None:
            commitments.release(line.commitment, at=at)
    now.items.filter(ended_at=None).update(ended="not sent", ended_at=at)
    lending.stepped(now, taken, by=by.key, at=at, reason=reason)
    wish_endings.settle(now, by=by.key, at=at)
    return now


def due_on(loan: Loan) -> date | None:
    """Return the day by which a loan comes back, renewals and exceptions with it."""
    return queries.loans.value(loan).due_on


def of_sample(row: Sample) -> LoanItem | None:
    """Return the open loan in which a sample is, if it is in one."""
    return row.loan_items.select_related("loan").filter(ended_at=None).first()
