"""What becomes of a parcel that left: confirmed by whoever receives it, refused and taken back, lost, found.

Each act that moves mass writes one entry a sample, in one transaction with the parcel, its loan and, where something went wrong,
an incident. `settle` brings a loan to where its mass is afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction

from aliquot import acts, fault, loans, parcels
from aliquot.accountability import Direction
from aliquot.fault import Fault, Refused
from aliquot.life_cycles import Step
from aliquot.parcels import Found, Opened
from aliquot.site import queries
from aliquot.site.models import (
    Holder,
    Incident,
    Loan,
    LoanItem,
    Parcel,
    ParcelItem,
    ParcelLink,
    Person,
    Sample,
)
from aliquot.site.operations import commitments as promises
from aliquot.site.operations import incidents, lending, wish_endings
from aliquot.site.operations.incidents import Report
from aliquot.site.operations.ledger import lock, moment
from aliquot.site.operations.parcels import locked, stepped


@transaction.atomic
def confirm(
    parcel: Parcel, told: Opened, *, place: str = "", by: Person | None = None, token: str = "", at: datetime
) -> Parcel:
    """Confirm that a parcel is there, and how it was found; by whoever is signed in, or with a link's token.

    `place` is the holder of the store into which a parcel comes back. What is damaged or missing opens an incident.
    """
    lock()
    now, loan = locked(parcel)
    who, key = _receiver(now, loan, by, token, at)
    rows = {item.sample.number: item for item in now.items.select_related("sample")}
    faults = [
        *parcels.check_opened(told, packed=queries.parcels.packed(now), samples=rows),
        *_check_place(now, place, by),
    ]
    bad = set(told.found.values()) - {Found.SOUND}
    act = "confirm damaged" if bad else "confirm"
    taken = lending.step(
        parcels.CYCLE, now.state, act, who=who, reason=told.note, reason_need=parcels.REASON, also=faults
    )
    entries = [
        _arrive(now, loan, rows[number], Found(found), place, by=key, at=at)
        for number, found in told.found.items()
    ]
    if bad:
        kind = "lost" if Found.MISSING in bad else "broken"
        now.incident = _incident(
            now, kind, told.note, [n for n, f in told.found.items() if f in bad], entries, by, at
        )
    said = {"seals": list(told.seals), "gross_ng": told.gross_ng,
            "found": dict(told.found), "note": told.note.strip(),
            "differs": [one.where for one in parcels.differences(told, packed=queries.parcels.packed(now))]}  # fmt: skip
    now.ended_at, now.received_by = at, told.name.strip()
    stepped(now, taken, by=key, at=at, entries=entries, told=said)
    _arrived(now, loan, who, by=key, at=at)
    return now


def _receiver(
    now: Parcel, loan: Loan, by: Person | None, token: str, at: datetime
) -> tuple[frozenset[str], str]:
    """Return the parts of whoever receives, and their key; a link is used up by it."""
    target = now.onward_to or loan
    if token:
        link = queries.parcels.by_token(token, at=at)
        if link is None or link.parcel_id != now.pk:
            raise Refused(
                [fault.of("token", "this link was used, or has expired", "ask the facility for another")]
            )
        ParcelLink.objects.filter(pk=link.pk).update(used_at=at)
        return lending.who(None, receiver=True), f"link:{link.pk}"
    if by is None:
        raise Refused([fault.of("person", "nobody says that they received it", "sign in, or use the link")])
    return lending.on_loan(target, by), by.key


def _check_place(now: Parcel, place: str, by: Person | None) -> Iterable[Fault]:
    back = now.direction == Direction.BACK
    if back and (by is None or "curator" not in lending.who(by)):
        yield fault.of("person", "what comes back is received by a curator", "ask one")
    if back and not Holder.objects.filter(key=place, root="place").exists():
        yield fault.of(
            "place", "there is no such place in the store", "choose where it is put until it is weighed"
        )


def _arrive(
    now: Parcel, loan: Loan, item: ParcelItem, found: Found, place: str, *, by: str, at: datetime
) -> int:
    row, transit, target = item.sample, now.transit.key, now.onward_to or loan
    item.found, item.is_open = found, False
    item.save(update_fields=["found", "is_open"])
    if found is Found.MISSING:
        return _lost(now, loan, item, by=by, at=at)
    if now.direction == Direction.BACK:
        made = lending.write(
            lambda s: acts.give_back(s, row.number, source=transit, target=place, mass_ng=item.mass_ng),
            loan, by=by, at=at, basis=(f"parcel:{now.key}",),
        )  # fmt: skip
        hold_again(loan, row, by=by, at=at)
        return made.index
    holder = target.holder.key
    made = lending.write(
        lambda s: acts.deliver(s, row.number, transit=transit, target=holder, mass_ng=item.mass_ng),
        target, by=by, at=at, basis=(f"parcel:{now.key}",),
    )  # fmt: skip
    if now.onward_to is not None:
        _passed_on(loan, now.onward_to, row, at=at)
    return made.index


def _lost(now: Parcel, loan: Loan, item: ParcelItem, *, by: str, at: datetime) -> int:
    number, transit, missing, mass_ng = (
        item.sample.number,
        now.transit.key,
        queries.loans.missing(loan),
        item.mass_ng,
    )
    return lending.write(
        lambda s: acts.lose(s, number, source=transit, missing=missing, mass_ng=mass_ng),
        loan, by=by, at=at, basis=(f"parcel:{now.key}",),
    ).index  # fmt: skip


def hold_again(loan: Loan, row: Sample, *, by: str, at: datetime) -> None:
    """Promise what came back to its own loan until it is accepted: nobody is lent what was not verified."""
    item = loan.items.get(sample=row)
    _, mass_ng = lending.in_store(row)
    item.commitment = lending.hold(row, mass_ng - promises.committed_ng(row), basis=queries.loans.subject(loan), by=by, at=at)  # fmt: skip
    item.save(update_fields=["commitment"])


def _passed_on(loan: Loan, target: Loan, row: Sample, *, at: datetime) -> None:
    old = loan.items.get(sample=row)
    old.ended, old.ended_at = "transferred", at
    old.save(update_fields=["ended", "ended_at"])
    most_ng = old.line.consumed_most_ng if old.line else old.consumed_most_ng
    LoanItem.objects.update_or_create(
        loan=target,
        sample=row,
        defaults={"consumed_most_ng": most_ng, "added_at": at, "ended": "", "ended_at": None},
    )


def _arrived(now: Parcel, loan: Loan, who: Iterable[str], *, by: str, at: datetime) -> None:
    """Bring the loans on: the term runs from the first arrival; whatever is not out any more has come back."""
    if now.direction == Direction.BACK:
        settle(loan, by=by, at=at)
        return
    target = lending.locked(now.onward_to or loan)
    if any(item.found != Found.MISSING for item in now.items.all()):
        if target.state == "prepared":
            lending.stepped(
                target, Step("prepared", "ship", "in transit", ()), by=by, at=at, parcel=now.number
            )
        lending.stepped(target, lending.step(loans.CYCLE, target.state, "arrive", who={*who, "receiver"}),
                        by=by, at=at, parcel=now.number)  # fmt: skip
        Loan.objects.filter(pk=target.pk, begins=None).update(begins=at.date())
    else:
        settle(target, by=by, at=at, lost=True)
    if now.onward_to is not None:
        settle(loan, by=by, at=at)


def settle(loan: Loan, *, by: str, at: datetime, lost: bool = False) -> Loan:
    """Bring a loan to where its mass is: part of it still out, all of it in, or nothing found any more."""
    now = lending.locked(loan)
    if now.state not in ("in transit", "with borrower", "recalled"):
        return now
    where = queries.loans.held(now)
    if where.out_ng:
        act = "take in part" if now.state != "in transit" and not lost else ""
    elif (
        now.state == "in transit"
        and now.items.filter(ended_at=None, commitment__released_at=None, commitment__isnull=False).exists()
    ):
        act = "take back"
    elif where.lost and (lost or now.state == "in transit"):
        act = "lose"
    else:
        act = "take back" if now.state == "in transit" else "take in"
    if act:
        need = loans.SOMETHING_OUT if where.out_ng else loans.NOTHING_OUT
        taken = lending.step(loans.CYCLE, now.state, act, who=("curator",), holding=[need])
        lending.stepped(now, taken, by=by, at=at)
    wish_endings.settle(now, by=by, at=at)
    return now


@transaction.atomic
def refuse(parcel: Parcel, *, reason: str, by: Person | None = None, token: str = "", at: datetime) -> Parcel:
    """Refuse to take a parcel; it is still on its way, and comes back or is lost."""
    lock()
    now, loan = locked(parcel)
    who, key = _receiver(now, loan, by, token, at)
    taken = lending.step(
        parcels.CYCLE, now.state, "refuse", who=who, reason=reason, reason_need=parcels.REASON
    )
    return stepped(now, taken, by=key, at=at, reason=reason)


@transaction.atomic
def take_back(parcel: Parcel, *, place: str, by: Person, at: datetime) -> Parcel:
    """Take a parcel back into the store that was refused; what was promised of it is promised again."""
    lock()
    now, loan = locked(parcel)
    faults = [] if Holder.objects.filter(key=place, root="place").exists() else [
        fault.of("place", "there is no such place in the store", "choose where it is put until it is weighed")]  # fmt: skip
    taken = lending.step(parcels.CYCLE, now.state, "take back", who=lending.on_loan(loan, by), also=faults)
    entries = []
    for item in now.items.select_related("sample"):
        entries.append(_back(now, loan, item, place, by=by.key, at=at))
        hold_again(loan, item.sample, by=by.key, at=at)
    now.items.update(is_open=False)
    now.ended_at = at
    stepped(now, taken, by=by.key, at=at, entries=entries)
    settle(loan, by=by.key, at=at)
    return now


def _back(now: Parcel, loan: Loan, item: ParcelItem, place: str, *, by: str, at: datetime) -> int:
    number, transit, mass_ng = item.sample.number, now.transit.key, item.mass_ng
    return lending.write(
        lambda s: acts.give_back(s, number, source=transit, target=place, mass_ng=mass_ng),
        loan, by=by, at=at, basis=(f"parcel:{now.key}",),
    ).index  # fmt: skip


@transaction.atomic
def lose(parcel: Parcel, *, reason: str, by: Person, at: datetime) -> Parcel:
    """Give a parcel up for lost: its mass is missing, and there is an incident."""
    lock()
    now, loan = locked(parcel)
    taken = lending.step(parcels.CYCLE, now.state, "lose", who=lending.on_loan(loan, by), reason=reason,
                         reason_need=parcels.REASON)  # fmt: skip
    entries = [_lost(now, loan, item, by=by.key, at=at) for item in now.items.select_related("sample")]
    now.items.update(is_open=False, found=Found.MISSING)
    now.incident = _incident(now, "lost", reason, [i.sample.number for i in now.items.all()], entries, by, at)
    now.ended_at = at
    stepped(now, taken, by=by.key, at=at, entries=entries, reason=reason)
    settle(loan, by=by.key, at=at, lost=True)
    return now


@transaction.atomic
def find(parcel: Parcel, *, reason: str, by: Person, at: datetime) -> Parcel:
    """Note that a lost parcel turned up. Its samples are found one by one (`loan_reports.find`)."""
    lock()
    now, loan = locked(parcel)
    taken = lending.step(parcels.CYCLE, now.state, "find", who=lending.on_loan(loan, by), reason=reason,
                         reason_need=parcels.REASON)  # fmt: skip
    return stepped(now, taken, by=by.key, at=at, reason=reason)


def _incident(
    now: Parcel, kind: str, what: str, samples: Sequence[str], entries: Sequence[int], by: Person | None, at: datetime
) -> Incident:  # fmt: skip
    """Open an incident; where the receiver has no account, in the name of whoever packed the parcel."""
    person = by or queries.people.by_key(now.by) or fault.bug(f"nobody packed parcel {now.number}")
    told = Report(kind=kind, what=f"{now.number}: {what.strip()}", noticed=moment(at), samples=samples,
                  entries=[str(index) for index in entries])  # fmt: skip
    return incidents.report(told, by=person, at=at)
