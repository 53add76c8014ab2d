"""Parcels: packed, sealed and handed over, with their papers; the link by which a receiver without an account confirms.

Each sample goes whole. Handing over writes one entry a sample; what becomes of the parcel then is in `arrivals`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from aliquot import acts, commitments, fault, loans, parcels
from aliquot.accountability import Direction
from aliquot.fault import Fault, Refused
from aliquot.life_cycles import Step
from aliquot.parcels import Packed
from aliquot.site.models import (
    Holder,
    Loan,
    LoanFile,
    Parcel,
    ParcelItem,
    ParcelLink,
    ParcelStep,
    Person,
    Sample,
)
from aliquot.site.operations import commitments as promises
from aliquot.site.operations import lending
from aliquot.site.operations.ledger import lock
from aliquot.site.operations.life_cycles import new_key
from aliquot.site.operations.storage import Received
from aliquot.site.queries.people import hash_of

FILE_KINDS = (
    "packing list",
    "customs",
    "hand carry",
    "photograph",
    "transport log",
    "identity check",
    "other",
)


@transaction.atomic
def pack(
    loan: Loan, direction: Direction, samples: Sequence[str], *, onward_to: Loan | None = None, by: Person, at: datetime
) -> Parcel:  # fmt: skip
    """Pack samples of a loan, each whole: out to the borrower, back, or on to another loan with the keeper's consent."""
    lock()
    now = lending.locked(loan)
    act = {Direction.OUT: "ship", Direction.BACK: "report", Direction.ONWARD: "hand on"}.get(direction)
    if act is None:
        fault.bug(f"no parcel goes {direction}")
    lending.step(loans.CYCLE, now.state, act, who=lending.on_loan(now, by))
    fault.refuse_if(_check_onward(now, direction, onward_to, samples))
    rows = [_packable(now, direction, number) for number in dict.fromkeys(samples)]
    key = new_key()
    transit = Holder.objects.create(key=f"transit:{key}", root="transit")
    made = Parcel.objects.create(key=key, number=lending.number(Parcel, "P"), direction=direction, loan=now,
                                 onward_to=onward_to, transit=transit, by=by.key, packed_at=at)  # fmt: skip
    try:
        with transaction.atomic():
            ParcelItem.objects.bulk_create(
                ParcelItem(parcel=made, sample=row, mass_ng=mass_ng) for row, mass_ng in rows
            )
    except IntegrityError as error:
        raise Refused(
            [fault.of("samples", "a sample is in another parcel already", "unpack that one first")]
        ) from error
    return made


def _check_onward(
    loan: Loan, direction: Direction, onward_to: Loan | None, samples: Sequence[str]
) -> Iterable[Fault]:
    if not samples:
        yield fault.of("samples", "the parcel has nothing in it", "name the samples that go into it")
    if (direction is Direction.ONWARD) != (onward_to is not None):
        yield fault.of(
            "onward_to", "it is not told to which loan this goes", "name it where it goes on, and there alone"
        )
    elif onward_to is not None and (
        onward_to.pk == loan.pk or onward_to.state not in ("prepared", "in transit", "with borrower")
    ):
        yield fault.of("onward_to", "that loan takes nothing in", "choose one that is prepared or runs")


def _packable(loan: Loan, direction: Direction, number: str) -> tuple[Sample, int]:
    item = loan.items.select_related("sample").filter(sample__number=number, ended_at=None).first()
    if item is None:
        raise Refused(
            [fault.of("samples", "{sample} is not of this loan", "leave the line out", sample=number[:100])]
        )
    if direction is Direction.OUT:
        return item.sample, lending.in_store(item.sample, whole=True)[1]
    mass_ng = lending.balances(item.sample).get(loan.holder.key, 0)
    if mass_ng <= 0:
        raise Refused(
            [fault.of("samples", "{sample} is not with the borrower", "leave it out", sample=number)]
        )
    return item.sample, mass_ng


@transaction.atomic
def hand_over(parcel: Parcel, told: Packed, *, by: Person, at: datetime) -> Parcel:
    """Hand a sealed parcel to whoever carries it: from now on its mass is on the way."""
    lock()
    now, loan = locked(parcel)
    items = list(now.items.select_related("sample"))
    faults = list(parcels.check_packed(told, sum(item.mass_ng for item in items)))
    taken = lending.step(parcels.CYCLE, now.state, "hand over", who=lending.on_loan(loan, by), also=faults)
    entries = [_send(now, loan, item, by=by, at=at) for item in items]
    now.carrier, now.tracking, now.seals = told.carrier.strip(), told.tracking.strip(), list(told.seals)
    now.collector, now.identity = told.collector.strip(), told.identity.strip()
    now.gross_ng, now.gross_sd_ng, now.expected_on, now.left_at = (
        told.gross_ng,
        told.gross_sd_ng,
        told.expected_on,
        at,
    )
    stepped(now, taken, by=by.key, at=at, entries=entries, told={"note": told.note.strip()})
    if now.direction == Direction.OUT:
        lending.stepped(loan, lending.step(loans.CYCLE, loan.state, "ship", who=lending.on_loan(loan, by)),
                        by=by.key, at=at, parcel=now.number)  # fmt: skip
    return now


def _send(now: Parcel, loan: Loan, item: ParcelItem, *, by: Person, at: datetime) -> int:
    """Let go of what was promised of a sample to its loan, and put it on its way."""
    row, transit = item.sample, now.transit.key
    source = loan.holder.key
    if now.direction == Direction.OUT:
        source, mass_ng = lending.in_store(row, whole=True)
        own = loan.items.select_related("commitment").get(sample=row)
        if own.commitment is not None:
            promises.release(own.commitment, at=at)
        fault.refuse_if(_check_free(row, item, mass_ng))
    return lending.write(
        lambda s: acts.ship(s, row.number, source=source, transit=transit, mass_ng=item.mass_ng),
        loan, by=by.key, at=at, basis=(f"parcel:{now.key}",),
    ).index  # fmt: skip


def _check_free(row: Sample, item: ParcelItem, mass_ng: int) -> Iterable[Fault]:
    if mass_ng != item.mass_ng:
        yield fault.of(
            "items",
            "{sample} was changed since it was packed",
            "unpack it, and pack it again",
            sample=row.number,
        )
    wanted = commitments.Commitment(row.number, item.mass_ng, "loan")
    yield from commitments.check(wanted, balance_ng=mass_ng, committed_ng=promises.committed_ng(row), reserve_ng=0,
                                 sealed=row.sealed)  # fmt: skip


@transaction.atomic
def unpack(parcel: Parcel, *, by: Person, at: datetime) -> Parcel:
    """Take the samples out again before the parcel leaves."""
    lock()
    now, loan = locked(parcel)
    taken = lending.step(parcels.CYCLE, now.state, "unpack", who=lending.on_loan(loan, by))
    now.items.update(is_open=False)
    return stepped(now, taken, by=by.key, at=at)


@transaction.atomic
def make_link(parcel: Parcel, *, days: int = parcels.LINK_DAYS, by: Person, at: datetime) -> str:
    """Return the token of a link by which the receiver confirms once. It is kept nowhere; an earlier one ends with it."""
    lock()
    now, loan = locked(parcel)
    faults = []
    if "curator" not in lending.on_loan(loan, by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    if now.state not in ("packed", "on the way") or now.direction == Direction.BACK:
        faults.append(
            fault.of("parcel", "nobody but the facility receives this parcel now", "confirm it yourself")
        )
    if not 1 <= days <= 366:
        faults.append(fault.of("days", "this is no number of days", "write a whole number from 1 to 366"))
    fault.refuse_if(faults)
    now.links.filter(used_at=None, expires_at__gt=at).update(used_at=at)
    token = secrets.token_urlsafe(32)
    ParcelLink.objects.create(parcel=now, token_hash=hash_of(token), made_at=at, expires_at=at + timedelta(days=days),
                              by=by.key)  # fmt: skip
    return token


@transaction.atomic
def attach(parcel: Parcel, file: Received, *, kind: str, log: str = "", by: Person, at: datetime) -> LoanFile:
    """Put a file with a parcel; of a transport log, its text `log` is read and what it says is kept beside it."""
    lock()
    _, loan = locked(parcel)
    faults = (
        []
        if kind in FILE_KINDS
        else [fault.of("kind", "this is no kind of file", "choose one of those that are offered")]
    )
    if not lending.on_loan(loan, by) & {"curator", lending.BORROWER}:
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    told: Mapping[str, object] = {}
    if kind == "transport log":
        read = parcels.read_log(log)
        if isinstance(read, tuple):
            faults += read
        else:
            told = {"rows": read.rows, "first": read.first.isoformat(), "last": read.last.isoformat(),
                    "coldest_c": _text(read.coldest_c), "warmest_c": _text(read.warmest_c), "shock_g": _text(read.shock_g)}  # fmt: skip
    fault.refuse_if(faults)
    row = lending.kept(file, at=at)
    return LoanFile.objects.create(
        parcel=parcel, file=row, kind=kind, name=file.name, told=dict(told), by=by.key, at=at
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)


def locked(parcel: Parcel) -> tuple[Parcel, Loan]:
    """Return a parcel and its loan as they are now. The ledger's lock is held, so nobody else writes to them."""
    now = Parcel.objects.select_related("transit", "onward_to__holder").get(pk=parcel.pk)
    return now, lending.locked(now.loan)


def stepped(
    row: Parcel, taken: Step, *, by: str, at: datetime, entries: Sequence[int] = (), reason: str = "",
    told: Mapping[str, object] | None = None,
) -> Parcel:  # fmt: skip
    """Write down a step of a parcel, with the entries that it made."""
    row.state = taken.target
    row.save()
    ParcelStep.objects.create(parcel=row, order=row.steps.count() + 1, act=taken.act, target=taken.target,
                              told=dict(told or {}), entries=list(entries), reason=reason.strip(), by=by, at=at)  # fmt: skip
    return row
