"""How does a loan run, is it overdue, and who is to be reminded of what today? Pure: the day is handed in.

Whether something is overdue is never stored, so that nothing depends on a job that must run. A reminder has an occasion, a
text that is the same whenever it is computed: whoever sends keeps the occasions sent, and sends each once. That nobody asked
for eighteen months after an agreement had ended is how a disk was lost for good (domain facts, section 7, item 1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from aliquot import fault, loan_terms
from aliquot.life_cycles import LifeCycle, Need, Step
from aliquot.loan_terms import Terms, Waiver

BORROWER, RECEIVER = "borrower", "receiver"
_STAFF = ("curator", "director")
REASON: Final = Need("reason", "the reason is told", fault.of("reason", "no reason is told", "say why"))
ALLOWED: Final = Need("allowed", "policy or an exception allows another renewal",
                      fault.of("months", "policy allows no further renewal", "have it returned, or have an exception recorded"))  # fmt: skip
NOTHING_OUT: Final = Need("nothing-out", "nothing of it is out any more",
                          fault.of("loan", "part of it is still out", "wait for it, or record what became of it"))  # fmt: skip
SOMETHING_OUT: Final = Need("something-out", "part of it is still out",
                            fault.of("loan", "nothing of it is out any more", "take it in"))  # fmt: skip
VERIFIED: Final = Need("verified", "everything that came back was weighed and accepted, and nothing is missing",
                       fault.of("loan", "something that came back is not yet accepted, or is missing",
                                "weigh and accept it, or let a director close it"))  # fmt: skip

CYCLE: Final = LifeCycle("prepared", (
    Step("prepared", "ship", "in transit", ("curator",)),
    Step("prepared", "cancel", "cancelled", _STAFF, (REASON,)),
    Step("in transit", "ship", "in transit", ("curator",)),
    Step("in transit", "arrive", "with borrower", (BORROWER, RECEIVER, "curator")),
    Step("in transit", "take back", "prepared", ("curator",), (NOTHING_OUT,)),
    Step("in transit", "lose", "lost", ("curator",), (NOTHING_OUT,)),
    Step("with borrower", "ship", "with borrower", ("curator",)),
    Step("with borrower", "arrive", "with borrower", (BORROWER, RECEIVER, "curator")),
    Step("with borrower", "report", "with borrower", (BORROWER, "curator")),
    Step("with borrower", "renew", "with borrower", ("curator",), (ALLOWED,)),
    Step("with borrower", "recall", "recalled", _STAFF, (REASON,)),
    Step("with borrower", "hand on", "with borrower", ("curator",)),
    Step("with borrower", "take in part", "with borrower", ("curator",), (SOMETHING_OUT,)),
    Step("with borrower", "take in", "returned", ("curator",), (NOTHING_OUT,)),
    Step("with borrower", "lose", "lost", ("curator",), (NOTHING_OUT,)),
    Step("recalled", "arrive", "recalled", (BORROWER, RECEIVER, "curator")),
    Step("recalled", "report", "recalled", (BORROWER, "curator")),
    Step("recalled", "lift", "with borrower", ("director",), (REASON,)),
    Step("recalled", "take in part", "recalled", ("curator",), (SOMETHING_OUT,)),
    Step("recalled", "take in", "returned", ("curator",), (NOTHING_OUT,)),
    Step("recalled", "lose", "lost", ("curator",), (NOTHING_OUT,)),
    Step("returned", "accept", "returned", ("curator",)),
    Step("returned", "find", "with borrower", ("curator",)),
    Step("returned", "close", "closed", _STAFF, (VERIFIED,)),
    Step("returned", "write off", "closed", ("director",), (REASON,)),
    Step("lost", "find", "with borrower", ("curator",)),
    Step("lost", "write off", "closed", ("director",), (REASON,)),
    Step("closed", "find", "with borrower", ("curator",)),
))  # fmt: skip
OPEN: Final = ("prepared", "in transit", "with borrower", "recalled", "returned", "lost")
OUT: Final = ("in transit", "with borrower", "recalled")
# Days before a last day on which the borrower is reminded; after it first these, then every thirty.
BEFORE_DAYS: Final = (90, 30, 7, 0)
AFTER_DAYS: Final = (1, 14, 30)
EVERY_DAYS: Final = 30
RECALL_DAYS: Final = 30
_STAGES: Final = (*BEFORE_DAYS, *(-days for days in AFTER_DAYS))


class Duty(StrEnum):
    """What a borrower owes by a day."""

    RETURN = "return"
    RECALL = "recall"
    INVENTORY = "inventory"


class Passing(StrEnum):
    """Why somebody else answers for a loan from now on."""

    MOVED = "moved"
    RETIRED = "retired"
    DIED = "died"
    CLOSED = "institution closed"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Loan:
    """What dates and duties follow from; `begins` is the day of the first arrival, None before it."""

    key: str
    number: str
    state: str
    terms: Terms
    begins: date | None = None
    agreed_until: date | None = None
    renewed_months: tuple[int, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    recalled_by: date | None = None
    inventoried_on: date | None = None

    @property
    def due_on(self) -> date | None:
        """The day by which it comes back, exceptions with it; None while it has not begun, or has no term."""
        if self.begins is None:
            return None
        if self.agreed_until is not None:
            ends = loan_terms.months_after(self.agreed_until, sum(self.renewed_months))
        elif self.terms.months:
            ends = loan_terms.due(self.begins, self.terms, self.renewed_months)
        else:
            return None
        return loan_terms.last_day(ends, self.waivers)

    @property
    def inventory_on(self) -> date | None:
        """The day of the next inventory, where policy wants one."""
        if self.begins is None or not self.terms.inventory_months:
            return None
        last = max(self.begins, self.inventoried_on or self.begins)
        wanted = loan_terms.months_after(last, self.terms.inventory_months)
        if not self.waivers:
            return wanted
        return max([wanted, *(one.expires_on for one in self.waivers if one.rule == "inventory")])


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty and its last day."""

    duty: Duty
    on: date


@dataclass(frozen=True, slots=True)
class Reminder:
    """Something to be told today. `occasion` is the same whenever it is computed; `to` are the parts that are told.

    `days` counts to the last day `on`, below zero once it has passed.
    """

    occasion: str
    loan: str
    number: str
    duty: Duty
    on: date
    days: int
    to: tuple[str, ...]


def duties(loan: Loan) -> tuple[Owed, ...]:
    """Return what is owed by when, as long as something is out."""
    if loan.state not in OUT or loan.begins is None:
        return ()
    found = []
    if loan.state == "recalled" and loan.recalled_by:
        found.append(Owed(Duty.RECALL, loan.recalled_by))
    elif (due_on := loan.due_on) is not None:
        found.append(Owed(Duty.RETURN, due_on))
    if (inventory_on := loan.inventory_on) is not None:
        found.append(Owed(Duty.INVENTORY, inventory_on))
    return tuple(found)


def overdue(loan: Loan, today: date) -> tuple[Owed, ...]:
    """Return the duties whose last day has passed."""
    return tuple(one for one in duties(loan) if one.on < today)


def delinquent(loans: Iterable[Loan], today: date) -> tuple[str, ...]:
    """Return the numbers of the loans of which something is overdue: what blocks new requests, where policy says so."""
    return tuple(loan.number for loan in loans if overdue(loan, today))


def reminders(loan: Loan, today: date) -> tuple[Reminder, ...]:
    """Return what is to be told on that day or was to be told since, the newest of each duty alone.

    A site that slept for a month tells each borrower where things stand, and not four stages at once.
    """
    return tuple(found for owed in duties(loan) if (found := _reminder(loan, owed, today)) is not None)


def _reminder(loan: Loan, owed: Owed, today: date) -> Reminder | None:
    days = _stage((owed.on - today).days)
    if days is None:
        return None
    to = ("borrower", *(("curator",) if days <= 0 else ()), *(("director",) if days <= -EVERY_DAYS else ()))
    occasion = f"loan:{loan.key}/{owed.duty}/{owed.on}/{days:+d}"
    return Reminder(occasion, loan.key, loan.number, owed.duty, owed.on, days, to)


def _stage(left: int) -> int | None:
    """Return the newest stage that is reached where so many days are left: days to the last day, below zero after it."""
    if left > BEFORE_DAYS[0]:
        return None
    if left <= -2 * EVERY_DAYS:
        return -(-left // EVERY_DAYS * EVERY_DAYS)
    return min(days for days in _STAGES if days >= left)


def check_passing(*, why: str, person: str, institution: str, now: tuple[str, str]) -> Iterator[fault.Fault]:
    """Yield what keeps the duty of a loan from passing on; `now` is who has it: person and institution."""
    if why not in set(Passing):
        yield fault.of(
            "why", "this is no reason for which a duty passes", "choose one of those that are offered"
        )
    for name, text in (("person", person), ("institution", institution)):
        if not text.strip():
            yield fault.of(name, "nothing is told here", "fill it in")
    if (person.strip(), institution.strip()) == now:
        yield fault.of("person", "they have this duty already", "name who takes it over")
    if why == Passing.DIED and person.strip() == now[0]:
        yield fault.of("person", "who died cannot answer for it", "name who takes it over")
    if why == Passing.CLOSED and institution.strip() == now[1]:
        yield fault.of("institution", "this institution has closed", "name the one that takes it over")
