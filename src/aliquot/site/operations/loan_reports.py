"""What a borrower tells of what they have: used up, cut, counted, lost and found again. Each moves the ledger at once.

A borrower does it for their own loans, a curator for all. What was used up beyond what was approved is taken, with the reason,
and is a note for the curator: who may not tell the truth tells nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aliquot import accountability, acts, fault, incidents, loans, mass, samples
from aliquot.accountability import Counted, Fate, Line, Outcome
from aliquot.fault import Fault, Refused
from aliquot.ledger import Entry, Posting
from aliquot.site import queries
from aliquot.site.models import (
    Holder,
    InventoryLine,
    Loan,
    LoanInventory,
    LoanItem,
    Person,
    Sample,
    StoredFile,
)
from aliquot.site.operations import arrivals, lending, loan_losses
from aliquot.site.operations import samples as sample_operations
from aliquot.site.operations.ledger import lock
from aliquot.site.operations.storage import Received

WORD_MOST = 300


@dataclass(frozen=True, slots=True)
class Consumed:
    """What was used up of one sample: how much, by which fate, method and for what."""

    sample: str
    mass_ng: int
    fate: str
    method: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reported:
    """What was written, and what a curator should look at."""

    entry: Entry
    notes: tuple[Fault, ...] = ()


@transaction.atomic
def consume(loan: Loan, told: Consumed, *, by: Person, at: datetime) -> Reported:
    """Report what was used up of a sample; the ledger has it at once."""
    lock()
    now = lending.locked(loan)
    item = _item(now, told.sample)
    account = queries.loans.statement(now)
    used_ng, approved_ng = queries.loans.used_of_line_ng(item, account)
    held_ng = account.get(told.sample, Line(told.sample)).held_ng
    faults = [
        *accountability.check_consumption(
            fate=told.fate, mass_ng=told.mass_ng, held_ng=held_ng, used_ng=used_ng, approved_ng=approved_ng,
            reason=told.reason,
        ),
        *([fault.of("method", "it is not told by which method", "name it")] if not told.method.strip() else []),
    ]  # fmt: skip
    taken = lending.step(
        loans.CYCLE, now.state, "report", who=lending.on_loan(now, by), reason=told.reason, also=faults
    )
    holder, source = Fate(told.fate).holder, now.holder.key
    entry = lending.write(
        lambda s: acts.consume(s, told.sample, source=source, fate=holder, mass_ng=told.mass_ng),
        now,
        by=by.key,
        at=at,
    )
    lending.stepped(now, taken, by=by.key, at=at, reason=told.reason, sample=item.sample, entry=entry, what="consumed",
                    mass_ng=told.mass_ng, fate=told.fate, method=told.method.strip()[:WORD_MOST])  # fmt: skip
    _end_used_up(now, at=at)
    arrivals.settle(now, by=by.key, at=at)
    return Reported(entry, tuple(_over(told.sample, used_ng + told.mass_ng, approved_ng)))


def _over(sample: str, used_ng: int, approved_ng: int) -> list[Fault]:
    if used_ng <= approved_ng:
        return []
    return [fault.of(sample, "{used} are used up, and {approved} were approved", "talk to the borrower",
                     used=mass.show(used_ng), approved=mass.show(approved_ng))]  # fmt: skip


def _item(now: Loan, number: str) -> LoanItem:
    found = now.items.select_related("sample", "line").filter(sample__number=number, ended_at=None).first()
    if found is None:
        raise Refused(
            [
                fault.of(
                    "sample", "{sample} is not of this loan", "choose one of its samples", sample=number[:100]
                )
            ]
        )
    return found


def _end_used_up(now: Loan, *, at: datetime) -> None:
    """Close the items of which nothing is left anywhere."""
    for item in now.items.select_related("sample").filter(ended_at=None):
        if not any(
            not key.startswith(("spent:", "origin:", "drift:")) for key in lending.balances(item.sample)
        ):
            item.ended, item.ended_at = "used up", at
            item.save(update_fields=["ended", "ended_at"])


@transaction.atomic
def split(
    loan: Loan, sample: str, cuts: Sequence[tuple[str, int]], *, attrition_ng: int = 0, method: str, by: Person,
    at: datetime,
) -> Reported:  # fmt: skip
    """Report daughters that the borrower cut: (number, nanograms) each. They are on loan as their parent is."""
    lock()
    now = lending.locked(loan)
    item = _item(now, sample)
    faults = [] if cuts else [fault.of("cuts", "nothing was cut", "name each daughter with its mass")]
    faults += [f for number, _ in cuts for f in samples.check_number(number)]
    faults += [fault.of("cuts", "{number} has no mass", "give each daughter its mass", number=number[:100])
               for number, ng in cuts if ng <= 0]  # fmt: skip
    if attrition_ng < 0:
        faults.append(fault.of("attrition", "the mass is below zero", "give what was lost, or nothing"))
    if not method.strip():
        faults.append(fault.of("method", "it is not told by which method", "name it"))
    taken = lending.step(loans.CYCLE, now.state, "report", who=lending.on_loan(now, by), also=faults)
    source = now.holder.key
    parent = item.sample
    rows = [_daughter(parent, number) for number, _ in cuts]
    sample_operations.create(rows)
    postings = [Posting(number, source, ng) for number, ng in cuts]
    entry = lending.write(
        lambda s: acts.split(s, sample, cuts=postings, attrition_ng=attrition_ng, source=source),
        now,
        by=by.key,
        at=at,
    )
    made = Sample.objects.filter(number__in=[number for number, _ in cuts]).order_by("pk")
    LoanItem.objects.bulk_create(
        LoanItem(
            loan=now,
            sample=row,
            line=item.line,
            parent=item,
            consumed_most_ng=item.consumed_most_ng,
            added_at=at,
        )
        for row in made
    )
    lending.stepped(now, taken, by=by.key, at=at, sample=parent, entry=entry, what="split",
                    attrition_ng=attrition_ng, method=method.strip()[:WORD_MOST])  # fmt: skip
    _end_used_up(now, at=at)
    return Reported(entry)


def _daughter(parent: Sample, number: str) -> Sample:
    kept = {
        name: getattr(parent, name)
        for name in ("mission", "material", "subtype", "form", "condition", "published")
    }
    return Sample(number=number, **kept)


@transaction.atomic
def inventory(
    loan: Loan, told: Sequence[Counted], *, photographs: Mapping[str, Received | StoredFile] | None = None, by: Person, at: datetime
) -> LoanInventory:  # fmt: skip
    """Take a borrower's inventory: every sample that the loan has or had, line by line. The book is not changed by it.

    Where it and the book disagree stands in its findings, for a curator to ask about; what cannot be found has an incident from then on.
    """
    lock()
    now = lending.locked(loan)
    rows = {item.sample.number: item.sample for item in queries.loans.items(now).exclude(ended="not sent")}
    faults = list(accountability.check_inventory(told, rows))
    taken = lending.step(loans.CYCLE, now.state, "report", who=lending.on_loan(now, by), also=faults)
    account = queries.loans.statement(now)
    found = accountability.findings(told, account)
    made = LoanInventory.objects.create(
        loan=now, by=by.key, at=at,
        findings=[{"sample": one.where, "what": one.what, "todo": one.todo, "values": dict(one.values)} for one in found],
    )  # fmt: skip
    files = {
        number: file if isinstance(file, StoredFile) else lending.kept(file, at=at)
        for number, file in (photographs or {}).items()
        if number in rows
    }
    InventoryLine.objects.bulk_create(
        InventoryLine(inventory=made, sample=rows[one.sample], outcome=one.outcome, note=one.note.strip(),
                      mass_ng=one.mass_ng, file=files.get(one.sample))
        for one in told
    )  # fmt: skip
    Loan.objects.filter(pk=now.pk).update(inventoried_on=at.date())
    lending.stepped(now, taken, by=by.key, at=at, what="inventory", inventory=made.pk, findings=len(found))
    gone = {
        one.sample: one.note
        for one in told
        if one.outcome == Outcome.CANNOT_FIND and account.get(one.sample, Line(one.sample)).held_ng > 0
    }
    loan_losses.report(now, gone, by=by, at=at)
    return made


@transaction.atomic
def lose(
    loan: Loan, sample: str, *, mass_ng: int | None = None, reason: str, by: Person, at: datetime
) -> Reported:
    """Record that a sample of a loan cannot be found where the borrower had it, all of it where no mass is told; in its incident too."""
    lock()
    now = lending.locked(loan)
    item = _item(now, sample)
    held_ng = lending.balances(item.sample).get(now.holder.key, 0)
    lost_ng = held_ng if mass_ng is None else mass_ng
    faults = _check_lost(reason, lost_ng, held_ng)
    taken = lending.step(
        loans.CYCLE, now.state, "report", who=lending.on_loan(now, by), reason=reason, also=faults
    )
    missing, source = queries.loans.missing(now), now.holder.key
    entry = lending.write(
        lambda s: acts.lose(s, sample, source=source, missing=missing, mass_ng=lost_ng), now, by=by.key, at=at
    )
    lending.stepped(now, taken, by=by.key, at=at, reason=reason, sample=item.sample, entry=entry, what="lost",
                    mass_ng=lost_ng)  # fmt: skip
    loan_losses.report(now, {sample: reason}, entry=entry.index, by=by, at=at)
    arrivals.settle(now, by=by.key, at=at, lost=True)
    return Reported(entry)


def _check_lost(reason: str, lost_ng: int, held_ng: int) -> list[Fault]:
    found = [] if reason.strip() else [fault.of("reason", "no reason is told", "say why")]
    if held_ng <= 0:
        found.append(fault.of("sample", "the borrower has nothing of it", "look where the book has it"))
    elif not 0 < lost_ng <= held_ng:
        found.append(fault.of("mass", "this is nothing, or more than the {held} that are there", "state what is missing",
                              held=mass.show(held_ng)))  # fmt: skip
    return found


@transaction.atomic
def find(loan: Loan, sample: str, *, place: str = "", reason: str, by: Person, at: datetime) -> Reported:
    """Record that what was missing is there again, with the borrower, or in a place of the store where that is told."""
    lock()
    now = lending.locked(loan)
    row = lending.sample(sample)
    missing, target = queries.loans.missing(now), place or now.holder.key
    lost_ng = lending.balances(row).get(missing, 0)
    faults = [] if reason.strip() else [fault.of("reason", "no reason is told", "say why")]
    if lost_ng <= 0:
        faults.append(
            fault.of(
                "sample", "nothing of {sample} is missing", "look where the book has it", sample=sample[:100]
            )
        )
    if place and not Holder.objects.filter(key=place, root="place").exists():
        faults.append(
            fault.of(
                "place", "there is no such place in the store", "choose where it is put until it is weighed"
            )
        )
    if "curator" not in lending.on_loan(now, by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    fault.refuse_if(faults)
    entry = lending.write(
        lambda s: acts.find(s, sample, missing=missing, target=target, mass_ng=lost_ng), now, by=by.key, at=at
    )
    now.items.filter(sample=row).update(ended="", ended_at=None)
    if place:
        arrivals.hold_again(now, row, by=by.key, at=at)
    else:  # what was lost on its way out begins its term where it is found
        Loan.objects.filter(pk=now.pk, begins=None).update(begins=at.date())
    if now.state == "lost" or (not place and now.state in ("returned", "closed")):
        taken = lending.step(loans.CYCLE, now.state, "find", who=lending.on_loan(now, by))
        lending.stepped(now, taken, by=by.key, at=at, reason=reason, sample=row, entry=entry)
    loan_losses.noted(now, {sample: reason}, incidents.Step.FOUND, entry=entry.index, by=by, at=at)
    arrivals.settle(now, by=by.key, at=at)
    return Reported(entry)
