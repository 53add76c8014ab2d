"""An inventory in the making: saved line by line from a phone, gone on with another day, handed in once as a whole.

What is saved changes nothing yet. Handing in is `loan_reports.inventory`, which takes every line or none; the draft is gone then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aliquot import accountability, fault, loans, texts
from aliquot.accountability import NOTE_MOST, Counted, Outcome
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import InventoryDraft, InventoryDraftLine, Loan, LoanInventory, Person
from aliquot.site.operations import lending, loan_reports
from aliquot.site.operations.ledger import lock
from aliquot.site.operations.storage import Received


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of one sample, with a photograph where one was taken; without one the photograph before it stays."""

    counted: Counted
    photograph: Received | None = None
    without_photograph: bool = False


@transaction.atomic
def save(loan: Loan, said: Said, *, by: Person, at: datetime) -> InventoryDraftLine:
    """Save what is said of one sample, anew where it was said before; the inventory is begun with its first line."""
    lock()
    now = lending.locked(loan)
    one = said.counted
    samples = {item.sample.number: item.sample for item in queries.borrowing.to_count(now)}
    faults = [*texts.check("note", one.note, most=NOTE_MOST)]
    if one.sample not in samples:
        faults.append(fault.of("sample", "{sample} is not of this loan", "choose one of its samples",
                               sample=one.sample[:100]))  # fmt: skip
    if one.outcome not in set(Outcome):
        faults.append(fault.of("outcome", "it is not told what became of it", "choose one of those that are offered"))  # fmt: skip
    if one.outcome == Outcome.CANNOT_FIND and not one.note.strip():
        faults.append(fault.of("note", "it is not told when it was last seen", "write where you looked"))
    if one.mass_ng is not None and one.outcome != Outcome.HAVE:
        faults.append(fault.of("mass", "what is not there has no mass", "leave it out"))
    if said.photograph is not None and not said.photograph.drawn:
        faults.append(fault.of("photograph", "this file is no photograph", "choose a JPEG, PNG or WebP"))
    lending.step(loans.CYCLE, now.state, "report", who=lending.on_loan(now, by), also=faults)
    draft, _ = InventoryDraft.objects.get_or_create(loan=now, defaults={"started_at": at, "by": by.key})
    told = {
        "outcome": one.outcome,
        "note": one.note.strip(),
        "mass_ng": one.mass_ng,
        "saved_at": at,
        "by": by.key,
    }
    if said.photograph is not None:
        told["file"] = lending.kept(said.photograph, at=at)
    elif said.without_photograph:
        told["file"] = None
    line, _ = InventoryDraftLine.objects.update_or_create(
        draft=draft, sample=samples[one.sample], defaults=told
    )
    return line


@transaction.atomic
def hand_in(loan: Loan, *, by: Person, at: datetime) -> LoanInventory:
    """Hand the inventory in with all that was saved; refused as long as a sample is not told of."""
    lock()
    now = lending.locked(loan)
    draft = InventoryDraft.objects.filter(loan=now).first()
    if draft is None:
        raise Refused(
            [fault.of("lines", "nothing was saved, or it was handed in already", "begin with a sample")]
        )
    rows = list(draft.lines.select_related("sample", "file"))
    told = [Counted(row.sample.number, row.outcome, row.note, row.mass_ng) for row in rows]
    wanted = {item.sample.number for item in queries.borrowing.to_count(now)}
    fault.refuse_if(accountability.check_inventory([one for one in told if one.sample in wanted], wanted))
    photographs = {row.sample.number: row.file for row in rows if row.file is not None}
    made = loan_reports.inventory(now, told, photographs=photographs, by=by, at=at)
    draft.delete()
    return made
