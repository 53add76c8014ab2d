"""Agreements: made of clauses from a grant or directly, offered, signed, countersigned, amended; declined, lapsed.

What an agreement names is promised from the moment it is drafted. Whatever ends it unsigned lets the promises go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from aliquot import agreements, fault, loan_terms, texts, working_days
from aliquot.agreements import FREEING, Item, Party, Terms
from aliquot.fault import Fault, Refused
from aliquot.life_cycles import Need, Step
from aliquot.loan_terms import Waiver
from aliquot.policy import Policy, UseClass
from aliquot.site import names, queries
from aliquot.site.models import (
    AgreementLine,
    AgreementStep,
    Commitment,
    Form,
    Holder,
    Loan,
    LoanAgreement,
    LoanDuty,
    LoanItem,
    Person,
    Request,
    Sample,
)
from aliquot.site.models import Waiver as WaiverRow
from aliquot.site.operations import agreement_keys, commitments, lending
from aliquot.site.operations.calls import pack
from aliquot.site.operations.ledger import lock
from aliquot.site.operations.life_cycles import new_key
from aliquot.site.operations.storage import Received

SCAN, DETACHED = "scan", "detached"


@dataclass(frozen=True, slots=True)
class Told:
    """What a curator tells to make an agreement. `whole` and `consumed_most_ng` are by the number of the sample."""

    modality: str
    use_class: str
    lender: Party
    borrower: Party
    begins: date
    ends: date
    security: str
    credit: str
    purpose: str
    return_plan: str
    insured_for: str = ""
    report_months: int = 0
    consumed_most_ng: Mapping[str, int] | None = None
    whole: frozenset[str] = frozenset()
    waivers: tuple[Waiver, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed, as what, and the file: a scan, or a detached signature over the text of that hash."""

    name: str
    capacity: str
    kind: str
    file: Received
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A sample that an agreement is to name, with the promise that stands for it already."""

    sample: Sample
    mass_ng: int
    commitment: Commitment | None = None


@transaction.atomic
def make(request: Request, told: Told, *, by: Person, at: datetime) -> LoanAgreement:
    """Draft an agreement on all that stands promised to a granted request; one agreement at a time is under way for it."""
    lock()
    rows = list(queries.promises.of_request(request))
    faults = (
        []
        if rows
        else [fault.of("request", "nothing is promised to this request", "promise what was granted first")]
    )
    if request.agreements.exclude(state__in=("declined", "lapsed", "withdrawn")).exists():
        faults.append(fault.of("request", "there is an agreement for this request already", "open that one"))
    fault.refuse_if(faults)
    wanted = [_Wanted(row.sample, row.mass_ng, row) for row in rows]
    rules = queries.calls.rules(request.call)
    return _make(
        told, wanted, rules, request.call.policy_text, request=request, borrower=request.lead, by=by, at=at
    )


@transaction.atomic
def make_direct(
    told: Told, samples: Sequence[tuple[str, int | None]], *, policy_key: str, borrower: Person | None = None, by: Person,
    at: datetime,
) -> LoanAgreement:  # fmt: skip
    """Draft an agreement without a request, such as for a show: (sample, nanograms) each; they are promised with it.

    Where no mass is told the sample is lent whole. Every line that cannot be lent is said, as `items[0].sample` or `items[0].mass`.
    """
    lock()
    text, rules = pack(policy_key)
    faults: list[Fault] = []
    wanted = [each for i, line in enumerate(samples) if (each := _asked(i, *line, faults=faults))]
    named = [number for number, _mass_ng in samples]
    faults += [fault.of(f"items[{i}].sample", "{sample} is named twice", "name it once, with all that is lent of it", sample=number[:100])
               for i, number in enumerate(named) if number in named[:i]]  # fmt: skip
    whole = told.whole | {number for number, mass_ng in samples if mass_ng is None}
    if not faults:
        return _make(replace(told, whole=whole), wanted, rules, text, borrower=borrower, by=by, at=at)
    raise Refused(faults)


def _asked(i: int, number: str, mass_ng: int | None, *, faults: list[Fault]) -> _Wanted | None:
    """Return a line as it is wanted, or add to the faults what stands against it."""
    try:
        row = lending.sample(number)
        most_ng = lending.in_store(row, whole=True)[1] if mass_ng is None else mass_ng
    except Refused as refused:
        faults += [replace(one, where=f"items[{i}].sample") for one in refused.faults]
        return None
    against = commitments.stands_against(row, most_ng) if most_ng > 0 else ()
    faults += [replace(one, where=f"items[{i}].{'sample' if row.sealed else 'mass'}") for one in against]
    return _Wanted(row, most_ng)


def _make(
    told: Told, wanted: Sequence[_Wanted], rules: Policy, text: str, *, request: Request | None = None,
    borrower: Person | None = None, amends: LoanAgreement | None = None, by: Person, at: datetime,
) -> LoanAgreement:  # fmt: skip
    # Whoever may offer an agreement may draft it.
    lending.step(agreements.CYCLE, agreements.CYCLE.start, "offer", who=lending.who(by))
    use = rules.use(told.use_class)
    named = _named(wanted, told, rules)
    number = lending.number(LoanAgreement, "LA")
    terms = _terms(told, named, use, rules, number=number, amends=amends.number if amends else "")
    faults = [
        *agreements.check(terms),
        *_check_use(told, use, at),
        *_check_whole(wanted, named, told, amends),
    ]
    fault.refuse_if(faults)
    document = agreements.document(terms, policy=rules.key)
    made = LoanAgreement.objects.create(
        key=new_key(), number=number, modality=told.modality, policy=rules.key, policy_text=text,
        use_class=told.use_class, request=request, borrower=borrower, amends=amends,
        told=queries.agreements.as_json(terms), clauses=list(document.clauses), text_en=document.text("en"),
        text_zh=document.text("zh"), sha256=document.sha256, begins=told.begins, ends=told.ends, by=by.key, made_at=at,
    )  # fmt: skip
    for i, (each, item) in enumerate(zip(wanted, named, strict=True), start=1):
        _line(made, i, each, item, promised=amends is not None, by=by, at=at)
    for waiver in told.waivers:
        _except(made, waiver, by=by, at=at)
    return made


def _named(wanted: Sequence[_Wanted], told: Told, rules: Policy) -> list[Item]:
    """Return the lines as the text names them. What may be used up is told by sample, and shared out where several lines name one."""
    left_ng = dict(told.consumed_most_ng or {})
    found: list[Item] = []
    for i, each in enumerate(wanted, start=1):
        number, form = each.sample.number, str(Form(each.sample.form).label) if each.sample.form else ""
        again = any(other.sample.number == number for other in wanted[i:])
        most_ng = left_ng.pop(number, 0)
        if again:
            left_ng[number] = most_ng - min(most_ng, each.mass_ng)
            most_ng = min(most_ng, each.mass_ng)
        whole = number in told.whole or form in rules.indivisible_forms
        found.append(Item(number, each.mass_ng, form, most_ng, whole))
    return found


def _terms(
    told: Told, named: Sequence[Item], use: UseClass | None, rules: Policy, *, number: str, amends: str
) -> Terms:
    of_use = loan_terms.of_use(use, rules) if use else None
    return Terms(
        number=number, modality=told.modality, lender=told.lender, borrower=told.borrower, items=tuple(named),
        begins=told.begins, ends=told.ends, security=told.security.strip(), credit=told.credit.strip(),
        purpose=told.purpose.strip(), return_plan=told.return_plan.strip(), insured_for=told.insured_for.strip(),
        renewals=of_use.renewals if of_use else 0, renewal_months=of_use.renewal_months if of_use else 0,
        inventory_months=rules.inventory_months, amends=amends,
        countries=(names.country(told.borrower.country, "en"), names.country(told.borrower.country, "zh")),
        report_months=told.report_months,
    )  # fmt: skip


def _check_use(told: Told, use: UseClass | None, at: datetime) -> Iterator[Fault]:
    if use is None or use.sealed:
        yield fault.of(
            "use_class", "this is no class of use that is lent", "choose one of those that policy lends"
        )
        return
    terms = loan_terms.Terms(use.key, use.loan_months, use.renewals, use.renewal_months, 0)
    yield from loan_terms.check_agreed(terms, begins=told.begins, ends=told.ends, waivers=told.waivers)
    for waiver in told.waivers:
        yield from loan_terms.check_waiver(waiver, on=at.date())


def _check_whole(
    wanted: Iterable[_Wanted], named: Iterable[Item], told: Told, amends: LoanAgreement | None
) -> Iterator[Fault]:
    """What is lent whole is all of it; what is not in the agreement cannot be used up or be whole."""
    numbers = set()
    for i, (each, item) in enumerate(zip(wanted, named, strict=True)):
        numbers.add(item.sample)
        if item.whole and amends is None and lending.in_store(each.sample, whole=True)[1] != item.mass_ng:
            yield fault.of(
                f"items[{i}].mass", "{sample} is lent whole", "name all of its mass", sample=item.sample
            )
    for number in sorted({*(told.consumed_most_ng or {}), *told.whole} - numbers):
        yield fault.of("items", "{sample} is not among what is lent", "leave it out", sample=number[:100])


def _line(
    made: LoanAgreement, order: int, each: _Wanted, item: Item, *, promised: bool, by: Person, at: datetime
) -> None:
    basis = each.commitment.basis if each.commitment else f"agreement:{made.key}/{order}"
    commitment = each.commitment
    if commitment is None and not promised:
        commitment = commitments.promise(item.sample, mass_ng=item.mass_ng, basis=basis, by=by.key, at=at)
    AgreementLine.objects.create(
        agreement=made, order=order, sample=each.sample, mass_ng=item.mass_ng, whole=item.whole,
        form=each.sample.form, consumed_most_ng=item.consumed_most_ng, basis=basis, commitment=commitment,
    )  # fmt: skip


@transaction.atomic
def amend(loan: Loan, told: Told, *, by: Person, at: datetime) -> LoanAgreement:
    """Draft an agreement that takes the place of a loan's when it is countersigned: other terms, the same samples."""
    lock()
    now = lending.locked(loan)
    old = now.agreement
    if old.amended_by.exclude(state__in=("declined", "lapsed", "withdrawn", "replaced", "in force")).exists():
        raise Refused([fault.of("loan", "there is an amendment under way already", "open that one")])
    wanted = [_Wanted(line.sample, line.mass_ng) for line in queries.agreements.lines(old)]
    rules = queries.agreements.rules(old)
    return _make(
        told,
        wanted,
        rules,
        old.policy_text,
        borrower=queries.loans.duty(now).person,
        amends=old,
        by=by,
        at=at,
    )


@transaction.atomic
def offer(agreement: LoanAgreement, *, by: Person, at: datetime) -> LoanAgreement:
    """Put an agreement before the borrower; from that day so many working days run in which it is signed."""
    lock()
    now = LoanAgreement.objects.get(pk=agreement.pk)
    taken = lending.step(agreements.CYCLE, now.state, "offer", who=lending.who(by))
    days = queries.agreements.rules(now).working_days_to_sign
    if days:
        calendar = working_days.load(agreements.CALENDARS.get(now.policy, ""))
        counted = working_days.after(at.date(), days, calendar)
        now.sign_by, now.sign_by_years_unknown = counted.day, list(counted.years_unknown)
    return _stepped(now, taken, by=by, at=at)


@transaction.atomic
def sign(agreement: LoanAgreement, told: Signature, *, by: Person, at: datetime) -> LoanAgreement:
    """Record the borrower's signature with its file, by the borrower or by a curator who got it."""
    return _signed(agreement, "sign", told, by=by, at=at)


@transaction.atomic
def countersign(agreement: LoanAgreement, told: Signature, *, by: Person, at: datetime) -> Loan:
    """Record the lender's signature: the agreement is in force, and there is a loan to prepare (or one that is amended)."""
    now = _signed(agreement, "countersign", told, by=by, at=at)
    return _amended(now, by=by, at=at) if now.amends_id else _loan(now, by=by, at=at)


def _signed(
    agreement: LoanAgreement, act: str, told: Signature, *, by: Person, at: datetime
) -> LoanAgreement:
    lock()
    now = LoanAgreement.objects.select_related("request").get(pk=agreement.pk)
    last = queries.agreements.sign_until(now)
    held: list[Need] = [agreements.SIGNED_FILE]
    held += [agreements.IN_TIME] if last is None or at.date() <= last else []
    offered = now.steps.filter(act="offer").values_list("by", flat=True)
    held += [agreements.SECOND] if by.key not in offered else []
    who = lending.who(by, borrower=queries.agreements.is_borrower(now, by))
    worth, against = agreement_keys.worth(now, act, told.file) if told.kind == DETACHED else ({}, [])
    also = [*_check_signature(told, now), *against]
    taken = lending.step(agreements.CYCLE, now.state, act, who=who, holding=held, also=also)
    file = lending.kept(told.file, at=at)
    said = {"name": told.name.strip(), "capacity": told.capacity.strip(), "kind": told.kind,
            "text_sha256": now.sha256, "file_sha256": file.sha256, **worth}  # fmt: skip
    return _stepped(now, taken, by=by, at=at, file_id=file.pk, told=said)


def _check_signature(told: Signature, now: LoanAgreement) -> Iterator[Fault]:
    yield from texts.check("name", told.name, most=agreements.NAME_MOST, needed=True)
    yield from texts.check("capacity", told.capacity, most=agreements.NAME_MOST)
    if told.kind not in (SCAN, DETACHED):
        yield fault.of("kind", "this is no kind of signature", "choose one of those that are offered")
    if (told.kind == DETACHED or told.sha256) and told.sha256 != now.sha256:
        yield fault.of("sha256", "this is not the hash of the agreement", "sign the text of that hash")


def _loan(now: LoanAgreement, *, by: Person, at: datetime) -> Loan:
    terms, rules = queries.agreements.terms(now), queries.agreements.rules(now)
    use = rules.use(now.use_class) or fault.bug(f"agreement {now.number} has no class of use")
    of_use = loan_terms.of_use(use, rules)
    key = new_key()
    holder = Holder.objects.create(key=f"loan:{key}", root="loan", name_en=terms.borrower.institution,
                                   name_zh=terms.borrower.institution, country=terms.borrower.country)  # fmt: skip
    made = Loan.objects.create(
        key=key, number=lending.number(Loan, "L"), agreement=now, holder=holder, modality=now.modality,
        use_class=now.use_class, months=of_use.months, renewals=of_use.renewals,
        renewal_months=of_use.renewal_months, inventory_months=of_use.inventory_months, agreed_until=now.ends,
        made_at=at,
    )  # fmt: skip
    WaiverRow.objects.bulk_create(
        WaiverRow(subject=f"loan:{key}", rule=one.rule, authority=one.authority, reason=one.reason,
                  expires_on=one.expires_on, by=one.by, at=one.at)
        for one in WaiverRow.objects.filter(subject=f"agreement:{now.key}").exclude(rule="policy:signature")
    )  # fmt: skip
    LoanDuty.objects.create(
        loan=made, person=now.borrower or (now.request.lead if now.request else None), name=terms.borrower.person,
        institution=terms.borrower.institution, country=terms.borrower.country, why="agreed", since=at, by=by.key,
    )  # fmt: skip
    for line in queries.agreements.lines(now).filter(whole=True):
        LoanItem.objects.create(loan=made, sample=line.sample, line=line, commitment=line.commitment,
                                consumed_most_ng=line.consumed_most_ng, added_at=at)  # fmt: skip
    return made


def _amended(now: LoanAgreement, *, by: Person, at: datetime) -> Loan:
    old = LoanAgreement.objects.get(pk=now.amends_id)
    loan = Loan.objects.get(agreement=old)
    _stepped(old, Step(old.state, "replace", "replaced", ()), by=by, at=at, reason=now.number)
    # The samples stay those of the old lines; what may be used up of them is what was agreed now.
    fresh = {line.order: line for line in now.lines.all()}
    for line in old.lines.all():
        LoanItem.objects.filter(loan=loan, line=line).update(line=fresh[line.order])
        AgreementLine.objects.filter(pk=line.pk).update(commitment=None)
        AgreementLine.objects.filter(pk=fresh[line.order].pk).update(
            commitment=line.commitment, basis=line.basis
        )
    Loan.objects.filter(pk=loan.pk).update(agreement=now, agreed_until=now.ends, renewed_months=[])
    return Loan.objects.get(pk=loan.pk)


@transaction.atomic
def move(agreement: LoanAgreement, act: str, *, reason: str = "", by: Person, at: datetime) -> LoanAgreement:
    """Decline, withdraw or let lapse: what was promised is free again. `end` closes one whose loan is closed."""
    lock()
    now = LoanAgreement.objects.select_related("request").get(pk=agreement.pk)
    if act not in (*FREEING, "end"):
        raise Refused([fault.of("act", "“{act}” wants more than a word", "use its own form", act=act[:40])])
    last = queries.agreements.sign_until(now)
    held = [agreements.TOO_LATE] if last is not None and last < at.date() else []
    who = lending.who(by, borrower=queries.agreements.is_borrower(now, by))
    taken = lending.step(agreements.CYCLE, now.state, act, who=who, holding=held, reason=reason)
    if act in FREEING and now.amends_id is None:
        for line in queries.agreements.lines(now):
            if line.commitment is not None:
                commitments.release(line.commitment, at=at)
    return _stepped(now, taken, by=by, at=at, reason=reason)


@transaction.atomic
def waive(agreement: LoanAgreement, told: Waiver, *, by: Person, at: datetime) -> WaiverRow:
    """Record an exception for an agreement under way, such as a later day to sign; a director does."""
    lock()
    faults = list(loan_terms.check_waiver(told, on=at.date()))
    if "director" not in lending.who(by):
        faults.append(fault.of("person", "an exception is recorded by a director", "ask the director"))
    fault.refuse_if(faults)
    return _except(agreement, told, by=by, at=at)


def _except(agreement: LoanAgreement, told: Waiver, *, by: Person, at: datetime) -> WaiverRow:
    """Write an exception down; of those that were agreed on, all but the day to sign go over to the loan."""
    return WaiverRow.objects.create(
        subject=f"agreement:{agreement.key}", rule=f"policy:{told.rule}", authority=told.authority.strip(),
        reason=told.reason.strip(), expires_on=told.expires_on, by=by, at=at,
    )  # fmt: skip


def _stepped(
    row: LoanAgreement, taken: Step, *, by: Person, at: datetime, reason: str = "", file_id: int | None = None,
    told: Mapping[str, str] | None = None,
) -> LoanAgreement:  # fmt: skip
    row.state = taken.target
    row.save(update_fields=["state", "sign_by", "sign_by_years_unknown"])
    AgreementStep.objects.create(
        agreement=row, order=row.steps.count() + 1, act=taken.act, target=taken.target, reason=reason.strip(),
        file_id=file_id, told=dict(told or {}), by=by.key, at=at,
    )  # fmt: skip
    return row


__all__ = [
    "Item",
    "Signature",
    "Told",
    "amend",
    "countersign",
    "make",
    "make_direct",
    "move",
    "offer",
    "sign",
    "waive",
]
