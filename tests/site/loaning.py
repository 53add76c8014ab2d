"""A loan of powder to Bo, from agreement to return: makers with defaults, each for one thing."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from itertools import count

from django.conf import settings
from tests.site import collection as c
from tests.site import workbench

from aliquot.accountability import Direction
from aliquot.agreements import Party
from aliquot.parcels import Opened, Packed
from aliquot.site.models import Loan, LoanAgreement, Parcel, Person
from aliquot.site.operations import agreements, arrivals, loans, parcels, storage
from aliquot.site.operations.agreements import Signature, Told

MG = 10**6
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
BENCH, VAULT = "place:box", c.VAULT
_files = count()


def store() -> None:
    """Two powders of one gram each in the vault, something sealed, and a bench with a balance."""
    c.holders()
    workbench.a_bench()
    c.a_sample("P-1", "1 g", form="powder")
    c.a_sample("P-2", "1 g", form="powder")
    c.a_sample("M-1", "30 mg", form="mount")
    c.a_sample("S-1", "1 g", form="powder", use="permanent", sealed=True)


def told(**changed: object) -> Told:
    """Return what a curator tells of a research loan for a year."""
    whole = {
        "modality": "research", "use_class": "research", "lender": Party("Test laboratory", "Ada", "CN"),
        "borrower": Party("Brown University", "Bo", "US"), "begins": date(2026, 12, 10), "ends": date(2027, 12, 10),
        "security": "A safe.", "credit": "Samples provided by the test laboratory.", "purpose": "Dating basalt.",
        "return_plan": "All that is left.", "consumed_most_ng": None,
    }  # fmt: skip
    return Told(**(whole | changed))  # type: ignore[arg-type]


def signature(sha256: str = "", *, name: str = "Bo", kind: str = "scan") -> Signature:
    """Return a signature with a scan of its own; the temporary file lives as long as the test."""
    data = f"signed {next(_files)}\n".encode()
    arrived = ARRIVING.enter_context(storage.receive([data], name="signed.txt", limits=settings.FILES))
    return Signature(name, "Professor", kind, arrived, sha256)


ARRIVING = ExitStack()


def an_agreement(
    ada: Person, bo: Person | None, samples: Iterable[tuple[str, int]] = (("P-1", 50 * MG),), at: datetime = NOW, **changed: object
) -> LoanAgreement:  # fmt: skip
    """Return a drafted agreement with Bo."""
    return agreements.make_direct(
        told(**changed), list(samples), policy_key="cnsa", borrower=bo, by=ada, at=NOW
    )


def in_force(
    agreement: LoanAgreement, ada: Person, eve: Person, bo: Person | None, at: datetime = NOW
) -> Loan:
    """Return the loan of an agreement that was offered, signed and countersigned."""
    agreements.offer(agreement, by=ada, at=at)
    agreements.sign(agreement, signature(), by=bo or ada, at=at)
    return agreements.countersign(agreement, signature(name="Eve"), by=eve, at=at)


def a_loan(ada: Person, eve: Person, bo: Person, at: datetime = NOW, **changed: object) -> Loan:
    """Return a loan that is to be prepared: 50 mg of P-1, of which 10 mg may be used up."""
    samples = changed.pop("samples", (("P-1", 50 * MG),))
    most = changed.pop("consumed_most_ng", {"P-1": 10 * MG} if samples == (("P-1", 50 * MG),) else None)
    made = an_agreement(ada, bo, samples, at=at, consumed_most_ng=most, **changed)  # type: ignore[arg-type]
    return in_force(made, ada, eve, bo, at)


def cut(loan: Loan, ada: Person, *cuts: tuple[str, str], line: int = 1, at: datetime = NOW) -> None:
    """Cut daughters for a line of the agreement."""
    row = loan.agreement.lines.get(order=line)
    rows = [{"number": number, "mass": weighs} for number, weighs in cuts]
    loans.cut(loan, row, {"cuts": rows}, by=ada, at=at)


def packed(gross_mg: int = 5_000, *seals: str, **changed: object) -> Packed:
    return Packed(**({"carrier": "By hand", "seals": seals or ("A-1",), "gross_ng": gross_mg * MG, "gross_sd_ng": MG,
                      "expected_on": date(2026, 12, 12)} | changed))  # type: ignore[arg-type]  # fmt: skip


def opened(parcel: Parcel, gross_mg: int = 5_000, *seals: str, note: str = "", **found: str) -> Opened:
    numbers = parcel.items.values_list("sample__number", flat=True)
    return Opened("Receiving desk", seals or ("A-1",), gross_mg * MG, MG,
                  {number: found.get(number.replace("-", "_"), "sound") for number in numbers}, note)  # fmt: skip


def send(
    loan: Loan, *samples: str, by: Person, direction: Direction = Direction.OUT, at: datetime = NOW, **changed: object
) -> Parcel:  # fmt: skip
    """Return a parcel that was handed over."""
    made = parcels.pack(loan, direction, samples, by=by, at=at, **changed)  # type: ignore[arg-type]
    return parcels.hand_over(made, packed(), by=by, at=at)


def arrive(
    parcel: Parcel, by: Person, at: datetime | None = None, *, place: str = "", **found: str
) -> Parcel:
    note = "As told." if found else ""
    return arrivals.confirm(
        parcel, opened(parcel, note=note, **found), place=place, by=by, at=at or NOW + timedelta(days=9)
    )


def a_running_loan(
    ada: Person, eve: Person, bo: Person, *cuts: tuple[str, str], at: datetime = NOW, **changed: object
) -> Loan:
    """Return a loan that arrived with Bo, on 10 December 2026: P-1,1 and P-1,2 of 20 mg each."""
    made = a_loan(ada, eve, bo, at, **changed)
    vials = cuts or (("P-1,1", "20 mg"), ("P-1,2", "20 mg"))
    cut(made, ada, *vials, at=at)
    arrive(send(made, *[number for number, _ in vials], by=ada, at=at), bo, at + timedelta(days=9))
    return Loan.objects.get(pk=made.pk)
