"""Audits of the stock: planned and drawn, counted, closed with entries for what is missing or elsewhere, signed.

Closing is one transaction: every missing sample goes to `missing:`, every one found elsewhere is moved, or nothing is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aliquot import audits, fault, texts, weighings
from aliquot.audits import Counted, Outcome
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Audit, AuditLine, Balance, Holder, Person, Place, Weighing
from aliquot.site.operations import handling
from aliquot.site.operations.ledger import lock


@dataclass(frozen=True, slots=True)
class Plan:
    """What an audit is to look at: a branch of the store (all of it where no place is named), how many, by which seed."""

    title: str
    place: str
    seed: str
    count: int
    weigh: bool = False


@transaction.atomic
def plan(told: Plan, *, by: Person, at: datetime) -> Audit:
    """Plan an audit and draw its lines."""
    head = lock()
    place = Place.objects.filter(code=told.place).first() if told.place else None
    if told.place and place is None:
        raise Refused([fault.of("place", "there is no place {code}", "write the code on its label",
                                code=told.place[:60])])  # fmt: skip
    stock = queries.audits.stock(place)
    fault.refuse_if(audits.check_plan(title=told.title, seed=told.seed, count=told.count, among=len(stock)))
    drawn = audits.draw(told.seed, stock, told.count)
    made = Audit.objects.create(
        key=f"A-{Audit.objects.count() + 1:04d}",
        title=told.title.strip(),
        place=place,
        seed=told.seed,
        ledger_size=head.size,
        among=len(stock),
        weigh=told.weigh,
        planned_by=by,
        planned_at=at,
    )
    rows = queries.audits.keys_of(drawn)
    AuditLine.objects.bulk_create(
        AuditLine(
            audit=made, order=order, sample_id=rows[one][0], holder_id=rows[one][1], book_ng=one.mass_ng
        )
        for order, one in enumerate(drawn, 1)
    )
    return made


@transaction.atomic
def count(line: AuditLine, told: Mapping[str, str], *, by: Person, at: datetime) -> AuditLine:
    """Note what was found of one line; counted again, the later look holds.

    `told` has `outcome`, and where they apply `found_in` (code or key of a place), `reading`, `balance`, `reason`.
    """
    lock()
    now = AuditLine.objects.select_related("audit", "sample", "holder").get(pk=line.pk)
    fault.refuse_if(_check_open(now.audit))
    outcome = Outcome(told["outcome"]) if told.get("outcome") in set(Outcome) else None
    found_in = _place(told.get("found_in", "").strip())
    reading = told.get("reading", "").strip()
    given = Counted(now.sample.number, outcome, by.key, reason=told.get("reason", ""), weighed=bool(reading))
    held_by = now.holder.key
    fault.refuse_if(audits.check_counted(given, found_in=found_in.key if found_in else "", held_by=held_by))
    weighing = _weigh(now, reading, told.get("balance", "").strip(), by, at) if reading else None
    now.outcome, now.seen_at, now.seen_by = outcome.value if outcome else "", at, by.key
    now.found_in, now.reason, now.weighing = found_in, told.get("reason", "").strip(), weighing
    now.save(update_fields=["outcome", "seen_at", "seen_by", "found_in", "reason", "weighing"])
    return now


def _check_open(audit: Audit) -> list[fault.Fault]:
    if audit.closed_at is None:
        return []
    return [fault.of("audit", "{key} is closed", "plan another", key=audit.key)]


def _place(named: str) -> Holder | None:
    if not named:
        return None
    can_be = "\0" not in named  # PostgreSQL cannot even be asked for it
    found = Holder.objects.filter(root="place").filter(key=named).first() if can_be else None
    found = found or (Holder.objects.filter(place__code=named).first() if can_be else None)
    if found is None:
        raise Refused([fault.of("found_in", "there is no place {code}", "write the code on its label",
                                code=named[:60])])  # fmt: skip
    return found


def _weigh(line: AuditLine, reading: str, balance: str, by: Person, at: datetime) -> Weighing:
    told = {
        "sample": line.sample.number,
        "readings": [{"reading": reading}],
        "balance": balance,
        "source": line.holder.key,
        "note": f"audit {line.audit.key}",
    }
    try:
        done = handling.record("weigh", told, by=by, at=at)
    except Refused as refused:
        where = {"readings[0].reading": "reading", "balance": "balance"}
        raise Refused(
            fault.Fault(where.get(one.where, one.where), one.what, one.todo, one.values)
            for one in refused.faults
        ) from None
    return Weighing.objects.get(handling=done.handling)


@transaction.atomic
def close(audit: Audit, *, by: Person, at: datetime) -> Audit:
    """Close an audit: what is missing goes to `missing:`, what was found elsewhere is moved there."""
    lock()
    now = Audit.objects.get(pk=audit.pk)
    lines = list(now.lines.select_related("sample", "holder", "found_in", "weighing").order_by("order"))
    fault.refuse_if(
        [*_check_open(now), *audits.check_close([counted(one) for one in lines], weigh=now.weigh)]
    )
    for line in lines:
        _settle(line, now, by, at)
    now.closed_by, now.closed_at = by, at
    now.save(update_fields=["closed_by", "closed_at"])
    return now


def counted(line: AuditLine) -> Counted:
    """Return a line as the library takes it."""
    return Counted(
        line.sample.number,
        Outcome(line.outcome) if line.outcome else None,
        line.seen_by,
        gap_ng=gap_of(line),
        reason=line.reason,
        weighed=line.weighing_id is not None,
    )


def gap_of(line: AuditLine) -> int:
    """Return by how much the balance differs from the book, or 0 within what both allow."""
    if line.weighing is None:
        return 0
    gap_ng = line.weighing.mass_ng - line.weighing.book_ng
    return gap_ng if abs(gap_ng) > weighings.COVERAGE * line.weighing.sd_ng else 0


def _settle(line: AuditLine, audit: Audit, by: Person, at: datetime) -> None:
    """Have the ledger follow what was found of a line, as far as the mass still lies where the audit looked for it."""
    there_ng = (
        Balance.objects.filter(sample=line.sample, holder=line.holder)
        .values_list("mass_ng", flat=True)
        .first()
    )
    if line.outcome == Outcome.SEEN or not there_ng:
        return
    told: dict[str, object] = {
        "source": line.holder.key,
        "basis": f"audit:{audit.key}",
        "reason": line.reason,
    }
    if line.outcome == Outcome.MISSING:
        done = handling.record("lose", told | {"sample": line.sample.number}, by=by, at=at)
    else:
        target = line.found_in.key if line.found_in else fault.bug("a line elsewhere has no place")
        done = handling.record(
            "move", told | {"samples": [line.sample.number], "target": target}, by=by, at=at
        )
    line.entry_id = done.entry.index if done.entry else None
    line.save(update_fields=["entry"])


@transaction.atomic
def sign(audit: Audit, *, remark: str = "", by: Person, at: datetime) -> Audit:
    """Sign a closed audit; whoever counted or closed it does not."""
    lock()
    now = Audit.objects.select_related("closed_by").get(pk=audit.pk)
    if now.closed_by is None:
        raise Refused([fault.of("audit", "{key} is not closed yet", "close it first", key=now.key)])
    if now.signed_at is not None:
        raise Refused([fault.of("audit", "{key} is signed already", "nothing is left to do", key=now.key)])
    lines = [Counted(one.sample.number, by=one.seen_by) for one in now.lines.select_related("sample")]
    fault.refuse_if(
        [
            *audits.check_sign(lines, signer=by.key, closed_by=now.closed_by.key),
            *texts.check("remark", remark, most=audits.TEXT_MOST),
        ]
    )
    now.signed_by, now.signed_at, now.remark = by, at, remark.strip()
    now.save(update_fields=["signed_by", "signed_at", "remark"])
    return now
