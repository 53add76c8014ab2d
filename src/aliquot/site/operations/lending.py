"""What every act on agreements, loans and parcels does: who plays which part, the step that is written, files, numbers.

All of them hold the ledger's lock: it is what makes numbers dense, and what keeps two from lending the same milligram.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import models

from aliquot import fault, loans
from aliquot.fault import Fault
from aliquot.ledger import Entry, Stamp
from aliquot.life_cycles import LifeCycle, Need, Step
from aliquot.site import queries
from aliquot.site.models import Loan, LoanStep, Person, Sample, StoredFile
from aliquot.site.operations import commitments, storage
from aliquot.site.operations.ledger import append, moment
from aliquot.site.operations.life_cycles import check_reason, parts, take
from aliquot.site.operations.storage import Received

BORROWER, RECEIVER = "borrower", "receiver"


def number(model: type[models.Model], letters: str) -> str:
    """Return the next number of a kind of file, such as L-0017. The ledger's lock is held."""
    return f"{letters}-{model._default_manager.count() + 1:04d}"


def who(person: Person | None, *, borrower: bool = False, receiver: bool = False) -> frozenset[str]:
    """Return the words of the tables for what somebody is here."""
    found = set(parts(person)) if person is not None else set()
    return frozenset(found | ({BORROWER} if borrower else set()) | ({RECEIVER} if receiver else set()))


def on_loan(loan: Loan, person: Person | None, *, receiver: bool = False) -> frozenset[str]:
    """Return the parts that somebody plays in a loan."""
    own = person is not None and queries.loans.is_borrower(loan, person)
    return who(person, borrower=own, receiver=receiver)


def step(
    cycle: LifeCycle, state: str, act: str, *, who: Iterable[str], holding: Iterable[Need] = (), reason: str = "",
    reason_need: Need = loans.REASON, also: Iterable[Fault] = (),
) -> Step:  # fmt: skip
    """Return the step that an act takes; a told reason holds what asks for one."""
    held = [*holding, *([reason_need] if reason.strip() else [])]
    return take(
        cycle, state=state, act=act, who=frozenset(who), holding=held, also=[*also, *check_reason(reason)]
    )


def locked(loan: Loan) -> Loan:
    """Return a loan as it is now. The ledger's lock is held, so nobody else writes to it."""
    return Loan.objects.select_related("agreement", "holder").get(pk=loan.pk)


def stepped(
    loan: Loan, taken: Step, *, by: str, at: datetime, reason: str = "", sample: Sample | None = None,
    entry: Entry | None = None, **told: Any,
) -> LoanStep:  # fmt: skip
    """Write down a step of a loan."""
    if loan.state != taken.target:
        loan.state = taken.target
        Loan.objects.filter(pk=loan.pk).update(state=taken.target)
    return LoanStep.objects.create(
        loan=loan, order=loan.steps.count() + 1, act=taken.act, target=taken.target, sample=sample, told=told,
        reason=reason.strip(), entry_id=entry.index if entry else None, by=by, at=at,
    )  # fmt: skip


def write(
    act: Callable[[Stamp], Entry], loan: Loan, *, by: str, at: datetime, basis: Iterable[str] = ()
) -> Entry:
    """Append an entry that rests on a loan."""
    return append(act, by=by, at=moment(at), basis=(queries.loans.subject(loan), *basis))


def sample(number: str) -> Sample:
    """Return the sample of this number, or raise `Refused`."""
    found = Sample.objects.filter(number=number).first() if "\0" not in number else None
    if found is None:
        raise fault.Refused([fault.of("sample", "there is no sample {number}", "search the catalogue for it",
                                      number=number[:80])])  # fmt: skip
    return found


def balances(row: Sample) -> Mapping[str, int]:
    """Return who holds how much of a sample, where it is not nothing."""
    return dict(queries.ledger.balances(row).values_list("holder__key", "mass_ng"))


def in_store(row: Sample, *, whole: bool = False) -> tuple[str, int]:
    """Return the place where a sample lies and what is there of it; raise `Refused` where that is not one place."""
    held = {key: ng for key, ng in balances(row).items() if key.startswith("place:")}
    if len(held) != 1:
        what = "{sample} is not in the store" if not held else "{sample} lies in several places"
        todo = "wait until it is there" if not held else "bring it together first"
        raise fault.Refused([fault.of("sample", what, todo, sample=row.number)])
    ((place, mass_ng),) = held.items()
    elsewhere = ("transit:", "loan:", "missing:")
    if whole and any(key.startswith(elsewhere) for key in balances(row)):
        raise fault.Refused([fault.of("sample", "part of {sample} is elsewhere", "bring it together first",
                                      sample=row.number)])  # fmt: skip
    return place, mass_ng


def kept(arrived: Received, *, at: datetime) -> StoredFile:
    """Keep the bytes of a file and return their row; within the transaction of the act that names it."""
    storage.put(arrived)
    return storage.record(arrived, at=at)


def hold(row: Sample, mass_ng: int, *, basis: str, by: str, at: datetime) -> Any:
    """Promise all of a sample to a loan, so that nobody else gets it."""
    return commitments.promise(row.number, mass_ng=mass_ng, basis=basis, by=by, at=at)
