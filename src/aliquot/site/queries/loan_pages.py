"""What do the lists and pages of lending show? Loans and parcels row by row with a fixed number of queries, and what waits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet, Sum

from aliquot import loans as library
from aliquot.site.models import (
    Balance,
    Commitment,
    LoanAgreement,
    LoanDuty,
    LoanItem,
    Parcel,
    ParcelItem,
    Person,
    Place,
    Posting,
    Request,
    Sample,
    Waiver,
)
from aliquot.site.models import Loan as Row
from aliquot.site.queries import loans
from aliquot.site.queries.paging import Page

PAGE = 50
FREE = ("declined", "lapsed", "withdrawn")


def awaiting_agreement() -> list[Request]:
    """Return the granted requests to which something is promised and that have no agreement, oldest first; two queries."""
    live = LoanAgreement.objects.exclude(state__in=FREE).exclude(request=None).values("request")
    rows = (
        Request.objects.filter(state="granted")
        .exclude(pk__in=live)
        .select_related("call", "lead")
        .order_by("pk")
    )
    bases = Commitment.objects.filter(basis__startswith="request:", released_at=None).values_list(
        "basis", flat=True
    )
    promised = {basis.removeprefix("request:").partition("/")[0] for basis in bases}
    return [row for row in rows if row.key in promised]


def sign_waivers(keys: Iterable[str]) -> dict[str, date]:
    """Return the later days to sign that were allowed, by the key of the agreement."""
    named = {f"agreement:{key}" for key in keys}
    rows = Waiver.objects.filter(subject__in=named, rule="policy:signature").order_by("expires_on")
    return {subject.partition(":")[2]: day for subject, day in rows.values_list("subject", "expires_on")}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of loans is asked for; empty: everything."""

    state: str = ""
    overdue: bool = False
    borrower: str = ""
    use_class: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A loan in a list: who answers for it, how much is out, when it is due, what is overdue."""

    row: Row
    name: str
    institution: str
    country: str
    items: int
    out_ng: int
    due_on: date | None
    overdue: tuple[library.Owed, ...]


def listed(person: Person, *, sees_all: bool, asked: Asked, today: date, page: int, size: int = PAGE) -> Page:
    """Return a page of the loans that somebody may see and that were asked for; seven queries at most."""
    rows = loans.visible(person, sees_all=sees_all)
    rows = rows.filter(state=asked.state) if asked.state else rows
    rows = rows.filter(use_class=asked.use_class) if asked.use_class else rows
    if asked.borrower:
        named = Q(name__icontains=asked.borrower) | Q(institution__icontains=asked.borrower)
        rows = rows.filter(pk__in=LoanDuty.objects.filter(named, until=None).values("loan"))
    if asked.overdue:
        rows = rows.filter(key__in=[loan.key for loan, _owed in loans.overdue(today)])
    total = rows.count()
    some = list(rows[(page - 1) * size : page * size])
    return Page(tuple(rows_of(some, today)), total, page, size)


def every(person: Person, *, sees_all: bool, asked: Asked, today: date) -> Page:
    """Return all of them at once, for a table."""
    return listed(person, sees_all=sees_all, asked=asked, today=today, page=1, size=1_000_000)


def rows_of(rows: Collection[Row], today: date) -> Iterable[Listed]:
    """Yield loans as a list shows them; four queries however many they are."""
    pks = [row.pk for row in rows]
    duties = {one.loan_id: one for one in LoanDuty.objects.filter(loan__in=pks, until=None)}
    counts: dict[int, int] = {}
    for pk in LoanItem.objects.filter(loan__in=pks).values_list("loan", flat=True):
        counts[pk] = counts.get(pk, 0) + 1
    out_ng = dict(
        Balance.objects.filter(holder__in=[row.holder_id for row in rows])
        .values_list("holder")
        .annotate(total=Sum("mass_ng"))
    )
    for row, value in zip(rows, loans.values(rows), strict=True):
        duty = duties[row.pk]
        yield Listed(row, duty.name, duty.institution, duty.country, counts.get(row.pk, 0), out_ng.get(row.holder_id, 0),
                     value.due_on, library.overdue(value, today))  # fmt: skip


def parcels_of(loan: Row) -> QuerySet[Parcel]:
    """Return the parcels of a loan, those too that came from another, oldest first."""
    rows = Parcel.objects.filter(Q(loan=loan) | Q(onward_to=loan))
    return (
        rows.select_related("loan", "onward_to", "incident")
        .prefetch_related("items__sample")
        .order_by("packed_at", "pk")
    )


def other_loans(loan: Row) -> QuerySet[Row]:
    """Return the loans to which samples of this one can be handed on."""
    rows = loans.all_of_them().filter(state__in=("prepared", "in transit", "with borrower"))
    return rows.exclude(pk=loan.pk)


def in_store(loan: Row) -> list[tuple[Sample, int]]:
    """Return the samples of a loan that lie in the store, are promised to it and are in no parcel: what can be packed."""
    return _held(loan, Q(holder__root="place"), promised=True)


def with_borrower(loan: Row) -> list[tuple[Sample, int]]:
    """Return the samples that are with the borrower and in no parcel."""
    return _held(loan, Q(holder=loan.holder_id))


def _held(loan: Row, where: Q, *, promised: bool = False) -> list[tuple[Sample, int]]:
    items = loan.items.filter(ended_at=None)
    packed = ParcelItem.objects.filter(is_open=True).values("sample")
    rows = Balance.objects.filter(where, sample__in=items.values("sample"), mass_ng__gt=0).exclude(
        sample__in=packed
    )
    if promised:
        rows = rows.exclude(sample__in=_were_out(loan))
    return [(row.sample, row.mass_ng) for row in rows.select_related("sample").order_by("sample__number")]


def _were_out(loan: Row) -> QuerySet[Posting]:
    """Return the samples that the borrower ever had: what of them is in the store came back, and is not packed again."""
    return Posting.objects.filter(holder=loan.holder_id).values("sample")


def waiting(loan: Row) -> list[LoanItem]:
    """Return the samples of a loan that came back and are not accepted yet."""
    return list(loans.awaiting_check().filter(loan=loan, sample__in=_were_out(loan)))


def person_of(email: str) -> Person | None:
    """Return who has an account with this address."""
    return Person.objects.filter(email__iexact=email, is_active=True).first() if email else None


def places_of(row: Sample) -> list[tuple[Place, int]]:
    """Return the places in which a sample lies, with the mass in each, for those who may see exact places."""
    held = Balance.objects.filter(sample=row, holder__root="place", mass_ng__gt=0).values_list(
        "holder", "mass_ng"
    )
    masses = dict(held)
    places = Place.objects.filter(holder__in=masses).select_related("parent").order_by("code")
    return [(place, masses[place.holder_id]) for place in places]
