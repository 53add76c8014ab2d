"""What comes back: taken in, weighed and held against the book, accepted with a condition and a place; the loan closed.

Any number of parcels and hand-overs, in any order, whole samples each. Between taking in and acceptance a sample stays promised to
its loan, so that nobody is lent what was not verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from aliquot import accountability, acts, fault, loans, texts
from aliquot.accountability import Explanation, Verified
from aliquot.fault import Fault, Refused
from aliquot.incidents import Step
from aliquot.ledger import ATTRITION, CONSUMPTION, Entry
from aliquot.site import queries
from aliquot.site.models import Head, Holder, InventoryDraft, Loan, LoanItem, Person, ReturnCheck, Sample
from aliquot.site.models import samples as words
from aliquot.site.operations import arrivals, commitments, handling, lending, loan_losses, wish_endings
from aliquot.site.operations.ledger import lock

# What was out of the house is never pristine again (domain facts, section 1.5).
CONDITIONS = (words.Condition.RETURNED, words.Condition.AIR, words.Condition.SPECIAL)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the balance showed of what came back, what the borrower declared, and what explains a difference."""

    sample: str
    readings: tuple[str, ...]
    balance: str
    declared_ng: int | None = None
    explanation: str = ""
    reason: str = ""
    history: str = ""


@transaction.atomic
def take_in(loan: Loan, samples: Sequence[str], *, place: str, by: Person, at: datetime) -> Loan:
    """Take samples in that the borrower brings, without a parcel, all that is with the borrower of each."""
    lock()
    now = lending.locked(loan)
    lending.step(
        loans.CYCLE, now.state, "take in part", who=lending.on_loan(now, by), holding=[loans.SOMETHING_OUT]
    )
    faults = [] if samples else [fault.of("samples", "it is not told what came back", "name the samples")]
    if not Holder.objects.filter(key=place, root="place").exists():
        faults.append(
            fault.of(
                "place", "there is no such place in the store", "choose where it is put until it is weighed"
            )
        )
    fault.refuse_if(faults)
    source = now.holder.key
    for number in dict.fromkeys(samples):
        item = now.items.select_related("sample").filter(sample__number=number, ended_at=None).first()
        held_ng = lending.balances(item.sample).get(source, 0) if item else 0
        if item is None or held_ng <= 0:
            raise Refused(
                [
                    fault.of(
                        "samples", "{sample} is not with the borrower", "leave it out", sample=number[:100]
                    )
                ]
            )
        if item.sample.parcel_items.filter(is_open=True).exists():
            raise Refused(
                [fault.of("samples", "a sample is in another parcel already", "unpack that one first")]
            )
        _give_back(now, number, source, place, held_ng, by=by.key, at=at)
        arrivals.hold_again(now, item.sample, by=by.key, at=at)
    return arrivals.settle(now, by=by.key, at=at)


def _give_back(now: Loan, number: str, source: str, place: str, ng: int, *, by: str, at: datetime) -> Entry:
    return lending.write(
        lambda s: acts.give_back(s, number, source=source, target=place, mass_ng=ng), now, by=by, at=at
    )


@transaction.atomic
def verify(loan: Loan, told: Weighed, *, by: Person, at: datetime) -> ReturnCheck:
    """Weigh what came back and hold it against the book; a difference beyond both uncertainties is explained and settled.

    Drift adjusts the book, what was used up and not reported is consumed, what is missing is missing. The weighing stands in
    the sample's history as any other.
    """
    lock()
    now = lending.locked(loan)
    item = _waiting(now, told.sample)
    if "curator" not in lending.on_loan(now, by):
        raise Refused([fault.of("person", "this is not yours to do", "ask a curator")])
    place, book_ng = lending.in_store(item.sample)
    done = handling.record(
        "weigh",
        {"sample": told.sample, "balance": told.balance, "source": place,
         "readings": [{"reading": one} for one in told.readings]},
        by=by, at=at,
    )  # fmt: skip
    weighing = done.handling.weighings.get()
    book_sd_ng = item.sample.mass_sd_ng or 0
    found = accountability.verify(
        weighed_ng=weighing.mass_ng, weighed_sd_ng=weighing.sd_ng, book_ng=book_ng, book_sd_ng=book_sd_ng
    )
    faults = [*accountability.check_explained(found, explanation=told.explanation, reason=told.reason)]
    faults += texts.check("history", told.history, most=8_000)
    fault.refuse_if(faults)
    entry = None
    if not found.agrees:
        if item.commitment is not None:
            commitments.release(item.commitment, at=at)
        entry = _explain(now, told, place, found, by=by.key, at=at)
        arrivals.hold_again(now, item.sample, by=by.key, at=at) if book_ng + found.gap_ng > 0 else None
    return ReturnCheck.objects.create(
        loan=now, sample=item.sample, declared_ng=told.declared_ng, weighed_ng=weighing.mass_ng,
        weighed_sd_ng=weighing.sd_ng, book_ng=book_ng, book_sd_ng=book_sd_ng, explanation=told.explanation,
        reason=told.reason.strip(), history=told.history.strip(), entry_id=entry.index if entry else None, by=by.key, at=at,
    )  # fmt: skip


def _waiting(now: Loan, number: str) -> LoanItem:
    found = (
        now.items.select_related("sample", "commitment").filter(sample__number=number, ended_at=None).first()
    )
    if found is None or now.state in ("prepared", "cancelled"):
        raise Refused(
            [
                fault.of(
                    "sample",
                    "{sample} has not come back from this loan",
                    "take it in first",
                    sample=number[:100],
                )
            ]
        )
    return found


def _explain(now: Loan, told: Weighed, place: str, found: Verified, *, by: str, at: datetime) -> Entry:
    number, gap_ng, missing = told.sample, found.gap_ng, queries.loans.missing(now)
    drift, less_ng = f"drift:{now.key}", -found.gap_ng
    if told.explanation == Explanation.DRIFT:
        return lending.write(
            lambda s: acts.adjust(s, number, holder=place, drift=drift, gain_ng=gap_ng), now, by=by, at=at
        )
    if told.explanation == Explanation.MISSING:
        return lending.write(
            lambda s: acts.lose(s, number, source=place, missing=missing, mass_ng=less_ng), now, by=by, at=at
        )
    fate = CONSUMPTION if told.explanation == Explanation.CONSUMED else ATTRITION
    return lending.write(
        lambda s: acts.consume(s, number, source=place, fate=fate, mass_ng=less_ng), now, by=by, at=at
    )


@transaction.atomic
def accept(
    loan: Loan, sample: str, *, condition: str, place: str = "", note: str, by: Person, at: datetime
) -> LoanItem:
    """Accept what came back and was weighed: with its new condition, and into its place; from then on it can be lent again."""
    lock()
    now = lending.locked(loan)
    item = _waiting(now, sample)
    faults = _check_accept(now, item, condition, place, note)
    if "curator" not in lending.on_loan(now, by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    fault.refuse_if(faults)
    if item.commitment is not None:
        commitments.release(item.commitment, at=at)
    here, mass_ng = lending.in_store(item.sample)
    if place and place != here:
        lending.write(
            lambda s: acts.move(s, sample, source=here, target=place, mass_ng=mass_ng), now, by=by.key, at=at
        )
    Head.objects.filter(pk=1).update(revision=F("revision") + 1)
    revision = Head.objects.values_list("revision", flat=True).get(pk=1)
    Sample.objects.filter(pk=item.sample_id).update(condition=condition, revision=revision)
    # Where part of it is still out, the item stays open for that.
    if not set(lending.balances(item.sample)) & _outside(now):
        item.ended, item.ended_at = "returned", at
        item.save(update_fields=["ended", "ended_at"])
    if now.state == "returned":
        lending.stepped(now, lending.step(loans.CYCLE, now.state, "accept", who=("curator",)), by=by.key, at=at,
                        sample=item.sample, condition=condition, note=note.strip())  # fmt: skip
    return item


def _outside(now: Loan) -> set[str]:
    transits = now.parcels.values_list("transit__key", flat=True)
    return {now.holder.key, queries.loans.missing(now), *transits}


def _check_accept(now: Loan, item: LoanItem, condition: str, place: str, note: str) -> list[Fault]:
    found = list(texts.check("note", note, most=8_000, needed=True))
    if condition not in CONDITIONS:
        found.append(
            fault.of(
                "condition", "what was lent is never pristine again", "choose one of those that are offered"
            )
        )
    if not now.checks.filter(sample=item.sample).exists():
        found.append(fault.of("sample", "it was not weighed since it came back", "weigh it first"))
    if place and not Holder.objects.filter(key=place, root="place").exists():
        found.append(fault.of("place", "there is no such place in the store", "choose a place of the store"))
    return found


@transaction.atomic
def close(loan: Loan, *, reason: str = "", by: Person, at: datetime) -> Loan:
    """Close a loan of which everything is accounted for; a director writes one off of which something is missing."""
    lock()
    now = lending.locked(loan)
    where = queries.loans.held(now)
    settled = not now.items.filter(ended_at=None).exists() and not where.lost and not where.out_ng
    act = "close" if settled and now.state != "lost" else "write off"
    if act == "write off" and now.state == "returned" and "director" not in lending.who(by):
        act = "close"  # so that a curator is told what is missing rather than whom to ask
    who = lending.on_loan(now, by)
    taken = lending.step(
        loans.CYCLE, now.state, act, who=who, reason=reason, holding=[loans.VERIFIED] if settled else []
    )
    for item in now.items.select_related("commitment").filter(ended_at=None):
        if item.commitment is not None:
            commitments.release(item.commitment, at=at)
    now.items.filter(ended_at=None).update(ended="written off", ended_at=at)
    lending.stepped(now, taken, by=by.key, at=at, reason=reason)
    if act == "write off":
        loan_losses.noted(now, dict.fromkeys(where.lost, reason), Step.DONE, by=by, at=at)
    wish_endings.settle(now, by=by.key, at=at)
    InventoryDraft.objects.filter(loan=now).delete()  # it can be handed in no more
    return now
