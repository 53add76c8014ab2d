"""Reading loans: who sees which, what is out with whom until when, what a borrower answers for, what needs somebody today.

Masses come from the ledger alone: postings and balances, each counted once. Whoever answers for a loan sees it; those who may
`SEE_LOANS` see all; to others it is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Concat

from aliquot import accountability, book, fault, ledger, loans
from aliquot.accountability import Direction, Line
from aliquot.loan_terms import Terms, Waiver
from aliquot.loans import Owed, Reminder
from aliquot.request_limits import Standing
from aliquot.site.models import (
    Balance,
    Entry,
    Loan,
    LoanAgreement,
    LoanDuty,
    LoanItem,
    Parcel,
    Person,
    Posting,
)
from aliquot.site.models import Waiver as WaiverRow

RULE: Final = "policy:"
NOT_ON_ITS_WAY: Final = ("packed", "unpacked")


def subject(loan: Loan) -> str:
    """Return what waivers and entries call a loan."""
    return f"loan:{loan.key}"


def missing(loan: Loan) -> str:
    """Return the holder of what of a loan cannot be found."""
    return f"missing:{loan.key}"


def all_of_them() -> QuerySet[Loan]:
    """Return every loan, newest first: for those who see all."""
    return Loan.objects.select_related("agreement", "holder")


def held_by(person: Person) -> QuerySet[Loan]:
    """Return the loans that somebody answers for now, or asked for in an agreement."""
    mine = LoanDuty.objects.filter(person=person, until=None).values("loan")
    return all_of_them().filter(pk__in=mine)


def visible(person: Person, *, sees_all: bool) -> QuerySet[Loan]:
    """Return all that somebody may open."""
    return all_of_them() if sees_all else held_by(person)


def one(key: str, person: Person, *, sees_all: bool) -> Loan | None:
    """Return a loan by its key to those who may open it."""
    return visible(person, sees_all=sees_all).filter(key=key).first()


def duty(loan: Loan) -> LoanDuty:
    """Return who answers for a loan now."""
    found = loan.duties.select_related("person").filter(until=None).first()
    return found or fault.bug(f"nobody answers for loan {loan.number}")


def is_borrower(loan: Loan, person: Person) -> bool:
    """Whether somebody answers for a loan now."""
    return loan.duties.filter(person=person, until=None).exists()


# -- as the library has it -------------------------------------------------------------------------------------


def values(rows: Iterable[Loan]) -> list[loans.Loan]:
    """Return loans as the library decides on them, in one query more however many they are."""
    found = list(rows)
    waivers: dict[str, list[Waiver]] = defaultdict(list)
    named = {subject(row) for row in found}
    for each in WaiverRow.objects.filter(subject__in=named, rule__startswith=RULE).order_by("pk"):
        waivers[each.subject].append(
            Waiver(each.rule.removeprefix(RULE), each.authority, each.reason, each.expires_on)
        )
    return [_value(row, tuple(waivers[subject(row)])) for row in found]


def value(loan: Loan) -> loans.Loan:
    """Return one loan as the library decides on it."""
    return values([loan])[0]


def terms(loan: Loan) -> Terms:
    """Return the terms under which a loan was agreed."""
    return Terms(loan.use_class, loan.months, loan.renewals, loan.renewal_months, loan.inventory_months)


def _value(row: Loan, waivers: tuple[Waiver, ...]) -> loans.Loan:
    return loans.Loan(
        key=row.key, number=row.number, state=row.state, terms=terms(row), begins=row.begins,
        agreed_until=row.agreed_until, renewed_months=tuple(row.renewed_months), waivers=waivers,
        recalled_by=row.recalled_by, inventoried_on=row.inventoried_on,
    )  # fmt: skip


def reminders(today: date) -> list[Reminder]:
    """Return everything that borrowers, curators and directors are to be reminded of; each has its occasion."""
    out = values(Loan.objects.filter(state__in=loans.OUT).order_by("pk"))
    return [each for loan in out for each in loans.reminders(loan, today)]


def overdue(today: date) -> list[tuple[loans.Loan, tuple[Owed, ...]]]:
    """Return the loans of which something is overdue, and what."""
    out = values(Loan.objects.filter(state__in=loans.OUT).order_by("agreed_until", "pk"))
    return [(loan, owed) for loan in out if (owed := loans.overdue(loan, today))]


# -- masses ----------------------------------------------------------------------------------------------------


def directions(loan: Loan) -> dict[str, Direction]:
    """Return which way each parcel of a loan goes, by its holder."""
    rows = Parcel.objects.filter(Q(loan=loan) | Q(onward_to=loan)).values_list(
        "transit__key", "direction", "onward_to"
    )
    return {key: Direction.INWARD if to == loan.pk else Direction(way) for key, way, to in rows}


def statement(loan: Loan) -> dict[str, Line]:
    """Return the account of each sample that a loan ever held, after form F-75: from the entries that touch it."""
    ways = directions(loan)
    holders = {loan.holder.key, missing(loan), *ways}
    touching = Posting.objects.filter(holder__key__in=holders).values("entry")
    texts = Entry.objects.filter(index__in=touching).order_by("index").values_list("text", flat=True)
    entries = [entry for text in texts if isinstance(entry := book.parse(text), ledger.Entry)]
    return accountability.statement(entries, loan=loan.holder.key, parcels=ways, missing=missing(loan))


@dataclass(frozen=True, slots=True)
class Held:
    """Where the samples of a loan are now, in nanograms by sample."""

    with_borrower: Mapping[str, int]
    on_the_way: Mapping[str, int]
    lost: Mapping[str, int]

    @property
    def out_ng(self) -> int:
        """What is out of the house and not known to be lost."""
        return sum(self.with_borrower.values()) + sum(self.on_the_way.values())


def held(loan: Loan) -> Held:
    """Return what of a loan is with the borrower, on its way and missing, in two queries."""
    transits = list(Parcel.objects.filter(loan=loan).values_list("transit", flat=True))
    rows = Balance.objects.exclude(mass_ng=0).filter(
        Q(holder=loan.holder_id) | Q(holder__in=transits) | Q(holder__key=missing(loan))
    )
    found: dict[str, dict[str, int]] = {"loan": {}, "transit": {}, "missing": {}}
    for number, root, mass_ng in rows.values_list("sample__number", "holder__root", "mass_ng"):
        of_root = found[root]
        of_root[number] = of_root.get(number, 0) + mass_ng
    return Held(found["loan"], found["transit"], found["missing"])


def items(loan: Loan) -> QuerySet[LoanItem]:
    """Return the samples of a loan, those too that have left it."""
    return loan.items.select_related("sample", "line", "parent").order_by("pk")


def used_of_line_ng(item: LoanItem, account: Mapping[str, Line]) -> tuple[int, int]:
    """Return what was used up of all that came from the same line of the agreement, and what was approved of it."""
    if item.line is None:
        return (
            account[item.sample.number].used_ng if item.sample.number in account else 0
        ), item.consumed_most_ng
    same = LoanItem.objects.filter(loan=item.loan_id, line=item.line_id).values_list(
        "sample__number", flat=True
    )
    used_ng = sum(account[number].used_ng for number in same if number in account)
    return used_ng, item.line.consumed_most_ng


def held_by_person_ng(person: Person) -> int:
    """Return the mass that somebody answers for now, over all their loans."""
    mine = held_by(person).values("holder")
    rows = Balance.objects.filter(holder__in=mine)
    return rows.aggregate(total=Sum("mass_ng"))["total"] or 0


def standing(person: Person, *, on: date) -> Standing:
    """Return what somebody owes and holds on that day, for the limits of a new request; four queries."""
    mine = values(held_by(person))
    begun = [loan.begins for loan in mine if loan.begins is not None]
    later = WaiverRow.objects.filter(
        subject=Concat(Value("agreement:"), OuterRef("key")), rule=f"{RULE}signature", expires_on__gte=on
    )
    unsigned = LoanAgreement.objects.filter(
        ~Exists(later), Q(borrower=person) | Q(request__lead=person), state="offered", sign_by__lt=on
    )
    owed = (*loans.delinquent(mine, on), *unsigned.order_by("pk").values_list("number", flat=True))
    return Standing(overdue=owed, held_ng=held_by_person_ng(person), lent_since=min(begun, default=None))


def answered_by_nobody() -> QuerySet[LoanDuty]:
    """Return the duties of open loans whose person is no longer here: somebody has to say who answers for them."""
    rows = LoanDuty.objects.filter(until=None, person__is_active=False, loan__state__in=loans.OPEN)
    return rows.select_related("loan").order_by("pk")


# -- desks -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Out:
    """What is out in one country: loans and their mass, for the map."""

    country: str
    loans: int
    mass_ng: int


def out_by_country() -> list[Out]:
    """Return what is with borrowers by country, most first; three queries."""
    rows = list(Loan.objects.filter(state__in=loans.OUT).values_list("holder", "holder__country"))
    held_ng = dict(
        Balance.objects.filter(holder__in=[holder for holder, _ in rows])
        .values_list("holder")
        .annotate(total=Sum("mass_ng"))
    )
    count: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for holder, country in rows:
        count[country] += 1
        total[country] += held_ng.get(holder, 0)
    found = [Out(country, count[country], total[country]) for country in count]
    return sorted(found, key=lambda one: (-one.mass_ng, one.country))


def awaiting_check() -> QuerySet[LoanItem]:
    """Return the samples that came back to the store and are not accepted yet: oldest first."""
    back = Balance.objects.filter(holder__root="place", mass_ng__gt=0).values("sample")
    rows = LoanItem.objects.filter(ended_at=None, sample__in=back).exclude(loan__state="prepared")
    return rows.select_related("sample", "loan").order_by("pk")


@dataclass(frozen=True, slots=True)
class Year:
    """What the entries of one year did to loans, in nanograms, from the ledger alone."""

    year: int
    out_before_ng: int
    issued_ng: int
    returned_ng: int
    used_ng: int
    lost_ng: int
    other_ng: int
    out_after_ng: int

    @property
    def reconciles(self) -> bool:
        moved_ng = self.issued_ng - self.returned_ng - self.used_ng - self.lost_ng + self.other_ng
        return self.out_before_ng + moved_ng == self.out_after_ng


def year(of: int) -> Year:
    """Return the year of all loans together: what was with borrowers before, what came and went, what is there after.

    Mass counts as out while it is with a `loan:` holder; what is under way is not.
    """
    on_loan = Posting.objects.filter(holder__root="loan")
    moved = dict(
        on_loan.filter(entry__at__startswith=f"{of:04d}-")
        .values_list("entry__kind")
        .annotate(total=Sum("mass_ng"))
    )
    before_ng = on_loan.filter(entry__at__lt=f"{of:04d}-").aggregate(total=Sum("mass_ng"))["total"] or 0
    after_ng = on_loan.filter(entry__at__lt=f"{of + 1:04d}-").aggregate(total=Sum("mass_ng"))["total"] or 0
    kinds = ledger.Kind
    named = (kinds.DELIVER, kinds.SHIP, kinds.RETURN, kinds.CONSUME, kinds.SPLIT, kinds.LOSE, kinds.FIND)
    other_ng = sum(ng for kind, ng in moved.items() if kind not in named)
    return Year(
        year=of,
        out_before_ng=before_ng,
        issued_ng=moved.get(kinds.DELIVER, 0),
        returned_ng=-moved.get(kinds.SHIP, 0) - moved.get(kinds.RETURN, 0),
        used_ng=-moved.get(kinds.CONSUME, 0) - moved.get(kinds.SPLIT, 0),
        lost_ng=-moved.get(kinds.LOSE, 0) - moved.get(kinds.FIND, 0),
        other_ng=other_ng,
        out_after_ng=after_ng,
    )


def of_samples(numbers: Collection[str]) -> dict[str, Sequence[LoanItem]]:
    """Return the loans in which each of these samples ever was, in one query."""
    rows = LoanItem.objects.filter(sample__number__in=numbers).select_related("loan", "sample").order_by("pk")
    found: dict[str, list[LoanItem]] = defaultdict(list)
    for row in rows:
        found[row.sample.number].append(row)
    return found
