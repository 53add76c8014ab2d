"""Public keys of the parties to an agreement, and what a detached signature is worth by them.

A key is registered for a side before that side signs, as a step of the agreement which nobody changes; a later one takes its place
until then. A signature that does not fit is refused; one that cannot be checked is kept, and said not to be verified.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from aliquot import detached, fault
from aliquot.agreements import BORROWER
from aliquot.detached import FILE_MOST, Outcome, PublicKey
from aliquot.fault import Fault
from aliquot.site import queries
from aliquot.site.models import AgreementStep, LoanAgreement, Person
from aliquot.site.operations import lending
from aliquot.site.operations.ledger import lock
from aliquot.site.operations.storage import Received

REGISTER = "register key"
# Until when each side may register, and who does it for that side.
SIDES = {"borrower": ("sign", ("drafted", "offered"), (BORROWER, "curator")),
         "lender": ("countersign", ("drafted", "offered", "signed"), ("director",))}  # fmt: skip
NOT_YET = fault.of("side", "this side has signed already", "a key counts that was registered before")
NOT_YOURS = fault.of("person", "this is not yours to do", "ask whoever signs for this side")


@transaction.atomic
def register(agreement: LoanAgreement, side: str, text: str, *, by: Person, at: datetime) -> AgreementStep:
    """Register the public key with which a side will sign; its text stands in the step as it was pasted."""
    lock()
    now = LoanAgreement.objects.select_related("request").get(pk=agreement.pk)
    faults: list[Fault] = []
    if side not in SIDES:
        faults.append(fault.of("side", "this is no side of the agreement", "choose one of those that are offered"))  # fmt: skip
    else:
        _act, states, who = SIDES[side]
        mine = lending.who(by, borrower=queries.agreements.is_borrower(now, by))
        faults += [] if mine & set(who) else [NOT_YOURS]
        faults += [] if now.state in states else [NOT_YET]
    key = detached.read_key(text)
    faults += [key] if isinstance(key, Fault) else []
    fault.refuse_if(faults)
    told = {"side": side, "key": text.strip(), "scheme": key.scheme, "fingerprint": key.fingerprint}  # type: ignore[union-attr]
    return AgreementStep.objects.create(
        agreement=now,
        order=now.steps.count() + 1,
        act=REGISTER,
        target=now.state,
        told=told,
        by=by.key,
        at=at,
    )


def worth(now: LoanAgreement, act: str, file: Received) -> tuple[dict[str, str], list[Fault]]:
    """Return what is told of a detached signature, and what stands against it: one that does not fit is refused."""
    found = queries.agreements.key_for(now, act)
    if found is None:
        return {"checked": "no key"}, []
    key, step = found
    outcome = _outcome(key, file, queries.agreements.signed_text(now).encode())
    told = {"checked": str(outcome), "scheme": key.scheme, "fingerprint": key.fingerprint, "key_step": str(step.order)}  # fmt: skip
    return told, list(_against(outcome))


def _outcome(key: PublicKey, file: Received, text: bytes) -> Outcome:
    if file.size_bytes > FILE_MOST:
        return Outcome.UNCHECKED
    return detached.check(key, file.path.read_bytes(), text)


def _against(outcome: Outcome) -> Iterator[Fault]:
    if outcome is Outcome.DOES_NOT_FIT:
        yield fault.of("file", "this signature does not fit the text and the key that was registered",
                       "sign the text for signing with that key, or register another key first")  # fmt: skip
