"""How does what a borrower asked for end, when nobody answers it? With its loan: what was announced has come, or cannot be any more.

Called by the acts on loans in their own transactions, so that nothing waits on a desk for a loan that is over.
"""

from __future__ import annotations

from datetime import datetime

from aliquot import fault, wishes
from aliquot.life_cycles import Step
from aliquot.site import queries
from aliquot.site.models import Loan, LoanWish, LoanWishStep, Role
from aliquot.site.operations import notices
from aliquot.site.queries import notices as reads
from aliquot.wishes import Kind


def settle(loan: Loan, *, by: str, at: datetime) -> None:
    """End what waits for an answer and can have none after what became of the loan. The ledger's lock is held."""
    waiting = list(loan.wishes.select_related("loan").filter(state__in=wishes.OPEN))
    if not waiting:
        return
    where = queries.loans.held(loan)
    out = {*where.with_borrower, *where.on_the_way}
    came = {number for number, line in queries.loans.statement(loan).items() if line.returned_ng}
    for one in waiting:
        act = wishes.ending(one.kind, one.told.get("samples", ()), state=loan.state, out=out, came=came)
        if act is not None:
            stepped(one, _step(one, act), by=by, at=at)


def done(loan: Loan, kind: Kind, *, by: str, at: datetime) -> None:
    """Note that what was asked for was done without an answer, by the act itself. The ledger's lock is held."""
    for one in loan.wishes.select_related("loan").filter(state__in=wishes.OPEN, kind=kind):
        stepped(one, _step(one, "grant" if kind == Kind.RENEWAL else "close"), by=by, at=at)


def _step(wish: LoanWish, act: str) -> Step:
    return wishes.CYCLE.step(wish.state, act) or fault.bug(f"a wish that is {wish.state} has no act {act}")


def stepped(wish: LoanWish, taken: Step, *, reason: str = "", by: str, at: datetime) -> LoanWish:
    """Write a step of a wish down and tell who asked, and who was to take over; curators too, of what is theirs to go on with."""
    wish.state = taken.target
    LoanWish.objects.filter(pk=wish.pk).update(state=taken.target)
    order = wish.steps.count() + 1
    LoanWishStep.objects.create(
        wish=wish, order=order, act=taken.act, target=taken.target, reason=reason.strip(), by=by, at=at
    )
    asker, doer = queries.people.by_key(wish.by), queries.people.by_key(by)
    people = {asker.pk} if asker is not None else set()
    people |= {wish.taker_id} if wish.taker_id is not None else set()
    if taken.act in ("agree", "withdraw", "decline"):
        people |= reads.holding(Role.CURATOR)
    people -= {doer.pk} if doer is not None else set()
    notices.tell("wish-answered", people, subject=f"wish:{wish.key}", occasion=f"step {order}", at=at,
                 loan=wish.loan.number)  # fmt: skip
    return wish
