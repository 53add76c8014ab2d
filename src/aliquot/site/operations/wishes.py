"""What borrowers ask for: a renewal, that somebody else takes over, that something comes back. Asked, agreed to, answered, done.

What is granted is done in the same transaction by the operations on loans, so that a wish is never granted and not done; what nobody
answers ends with its loan (`wish_endings`).
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from aliquot import fault, loans, wishes
from aliquot.fault import Refused
from aliquot.site import queries
from aliquot.site.models import Loan, LoanWish, Person, Role
from aliquot.site.operations import lending, notices, wish_endings
from aliquot.site.operations import loans as loan_operations
from aliquot.site.operations.ledger import lock
from aliquot.site.operations.life_cycles import new_key
from aliquot.site.queries import notices as reads
from aliquot.wishes import AGREED, REASON, TAKER, Kind, Wish


@transaction.atomic
def ask(loan: Loan, told: Wish, *, by: Person, at: datetime) -> LoanWish:
    """Ask for something: a borrower for a loan that is with them. One wish of a kind waits at a time."""
    lock()
    now = lending.locked(loan)
    duty = queries.loans.duty(now)
    held = frozenset(queries.loans.held(now).with_borrower)
    faults = list(wishes.check(told, held=held, now=(duty.name, duty.institution), today=at.date()))
    who = lending.who(None, borrower=queries.loans.is_borrower(now, by))
    if now.state not in loans.OUT or lending.BORROWER not in who:
        faults.append(fault.of("loan", "this loan is not with you now", "ask about one that is"))
    fault.refuse_if(faults)
    taker = queries.people.by_email(told.email) if told.kind == Kind.TRANSFER else None
    try:
        with transaction.atomic():
            made = LoanWish.objects.create(
                key=new_key(), loan=now, kind=told.kind, told=_as_json(told), reason=told.reason.strip(),
                taker=taker if taker is not None and taker.is_active else None, by=by.key, at=at,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused([fault.of("kind", "this was asked for already, and waits for an answer",
                                "withdraw that first")]) from error  # fmt: skip
    notices.tell("wish-asked", reads.holding(Role.CURATOR) - {by.pk}, subject=f"wish:{made.key}",
                 occasion="asked", at=at, loan=now.number)  # fmt: skip
    if made.taker_id is not None:
        notices.tell("wish-taker", {made.taker_id}, subject=f"wish:{made.key}", occasion="asked", at=at,
                     loan=now.number)  # fmt: skip
    return made


def _as_json(told: Wish) -> dict[str, object]:
    """Return what is told besides kind and reason, as it is kept."""
    kept = {name: value for name, value in asdict(told).items() if name not in ("kind", "reason") and value}
    if told.on is not None:
        kept["on"] = told.on.isoformat()
    return kept | ({"samples": list(told.samples)} if told.samples else {})


@transaction.atomic
def answer(wish: LoanWish, act: str, *, reason: str = "", by: Person, at: datetime) -> LoanWish:
    """Agree to take over, grant, refuse, decline or withdraw; what is granted is done at once."""
    lock()
    now = LoanWish.objects.select_related("loan__agreement", "loan__holder").get(pk=wish.pk)
    who = set(lending.who(by, borrower=queries.loans.is_borrower(now.loan, by)))
    who |= {TAKER} if now.taker_id == by.pk else set()
    holding = [] if now.kind == Kind.TRANSFER else [AGREED]
    taken = lending.step(
        wishes.CYCLE, now.state, act, who=who, holding=holding, reason=reason, reason_need=REASON
    )
    wish_endings.stepped(now, taken, reason=reason, by=by.key, at=at)
    if taken.target == "granted":
        _do(now, by=by, at=at)
    return now


def _do(now: LoanWish, *, by: Person, at: datetime) -> None:
    told, loan = now.told, now.loan
    if now.kind == Kind.RENEWAL:
        loan_operations.renew(loan, months=int(told["months"]), reason=now.reason, by=by, at=at)
    elif now.kind == Kind.TRANSFER:
        loan_operations.pass_duty(
            loan, why=loans.Passing.AGREED, name=told["name"], institution=told["institution"],
            country=told.get("country", ""), email=told.get("email", ""), person=now.taker, by=by, at=at,
        )  # fmt: skip
