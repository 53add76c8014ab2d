"""What does somebody hold on loan, what do they owe by when, and what did they ask for? Only ever their own.

`to_count` are the samples that an inventory has to speak of: all that the loan ever had, those too that have left it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from aliquot import loans as said
from aliquot import result_duties
from aliquot.accountability import Line
from aliquot.site.models import (
    Balance,
    CalendarLink,
    InventoryDraft,
    InventoryDraftLine,
    InventoryLine,
    Loan,
    LoanAgreement,
    LoanInventory,
    LoanItem,
    LoanWish,
    Person,
    StoredFile,
)
from aliquot.site.queries import agreements, loan_pages, loans
from aliquot.site.queries import result_duties as result_reads
from aliquot.site.queries.people import hash_of
from aliquot.wishes import OPEN


def to_count(loan: Loan) -> QuerySet[LoanItem]:
    """Return the samples that an inventory of a loan speaks of."""
    return loans.items(loan).exclude(ended="not sent")


def draft(loan: Loan) -> InventoryDraft | None:
    """Return the inventory that is being made."""
    return InventoryDraft.objects.filter(loan=loan).prefetch_related("lines__sample", "lines__file").first()


@dataclass(frozen=True, slots=True)
class Held:
    """A loan of somebody: as the library decides on it, its samples with what is there of each, and what is owed."""

    row: Loan
    said: said.Loan
    samples: tuple[tuple[str, int], ...]
    owed: tuple[said.Owed, ...]

    @property
    def mass_ng(self) -> int:
        return sum(mass_ng for _, mass_ng in self.samples)

    def is_overdue(self, today: date) -> bool:
        return any(one.on < today for one in self.owed)


def holding(person: Person) -> list[Held]:
    """Return the loans that somebody answers for and that are not at their end, newest first; four queries."""
    rows = list(loans.held_by(person).exclude(state__in=("closed", "cancelled")))
    masses: dict[int, list[tuple[str, int]]] = defaultdict(list)
    balances = Balance.objects.filter(holder__in=[row.holder_id for row in rows], mass_ng__gt=0)
    for holder, number, mass_ng in balances.order_by("sample__number").values_list(
        "holder", "sample__number", "mass_ng"
    ):
        masses[holder].append((number, mass_ng))
    return [
        Held(row, value, tuple(masses[row.holder_id]), said.duties(value))
        for row, value in zip(rows, loans.values(rows), strict=True)
    ]


def past(person: Person) -> QuerySet[Loan]:
    """Return the loans of somebody that are at their end."""
    return loans.held_by(person).filter(state__in=("closed", "cancelled"))


def to_sign(person: Person) -> list[tuple[LoanAgreement, date | None]]:
    """Return the agreements that wait for somebody's signature, with the last day for it."""
    rows = agreements.mine(person).filter(Q(borrower=person) | Q(request__lead=person), state="offered")
    return with_last_day(rows.order_by("sign_by", "pk"))


def with_last_day(rows: Iterable[LoanAgreement]) -> list[tuple[LoanAgreement, date | None]]:
    """Return agreements with the last day to sign each, exceptions with it; one query more however many they are."""
    found = list(rows)
    later = loan_pages.sign_waivers(row.key for row in found)
    return [
        (row, max(row.sign_by, later.get(row.key, row.sign_by)) if row.sign_by is not None else None)
        for row in found
    ]


def papers_due(person: Person) -> Sequence[result_duties.Duty]:
    """Return the results and publications that somebody still owes, earliest first."""
    return result_reads.owed(person=person)


# -- wishes ------------------------------------------------------------------------------------------------------


def wishes() -> QuerySet[LoanWish]:
    """Return everything that was asked for, newest first."""
    return LoanWish.objects.select_related("loan", "taker").prefetch_related("steps")


def open_wishes() -> QuerySet[LoanWish]:
    """Return what waits for an answer, oldest first."""
    return wishes().filter(state__in=OPEN).order_by("at", "pk")


def visible_wishes(person: Person, *, sees_all: bool) -> QuerySet[LoanWish]:
    """Return the wishes that somebody may open: of the loans that they answer for, those that ask them, or all."""
    if sees_all:
        return wishes()
    mine = loans.held_by(person).values("pk")
    return wishes().filter(Q(loan__in=mine) | Q(taker=person) | Q(by=person.key))


def wish(key: str, person: Person, *, sees_all: bool) -> LoanWish | None:
    """Return a wish by its key to those who may open it."""
    return visible_wishes(person, sees_all=sees_all).filter(key=key).first()


def waiting_for(person: Person) -> QuerySet[LoanWish]:
    """Return what others ask somebody to take over."""
    return wishes().filter(taker=person, state="asked").order_by("at", "pk")


# -- one loan ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A sample of a loan with its account, and what was used up of what may be, counted over its line of the agreement."""

    item: LoanItem
    line: Line
    used_ng: int
    approved_ng: int

    @property
    def left_ng(self) -> int:
        """What may still be used up; nothing where more was used than was approved."""
        return max(self.approved_ng - self.used_ng, 0)


def rows(loan: Loan) -> list[Row]:
    """Return the samples of a loan with their accounts, those too that have left it; five queries however many they are."""
    account = loans.statement(loan)
    items = list(to_count(loan))
    lines = {item.pk: account.get(item.sample.number, Line(item.sample.number)) for item in items}
    used_ng: dict[int, int] = defaultdict(int)
    for item in items:
        if item.line_id is not None:
            used_ng[item.line_id] += lines[item.pk].used_ng
    return [
        Row(item, lines[item.pk], used_ng[item.line_id] if item.line_id is not None else lines[item.pk].used_ng,
            item.line.consumed_most_ng if item.line is not None else item.consumed_most_ng)
        for item in items
    ]  # fmt: skip


def inventories(loan: Loan) -> QuerySet[LoanInventory]:
    """Return the inventories that were handed in, newest first."""
    return loan.inventories.prefetch_related("lines__sample", "lines__file").order_by("-at", "-pk")


def photograph(loan: Loan, sha256: str) -> StoredFile | None:
    """Return a photograph of an inventory of this loan, handed in or not."""
    handed_in = InventoryLine.objects.filter(inventory__loan=loan, file__sha256=sha256).values("file")
    drafted = InventoryDraftLine.objects.filter(draft__loan=loan, file__sha256=sha256).values("file")
    return StoredFile.objects.filter(Q(pk__in=handed_in) | Q(pk__in=drafted)).first()


# -- calendars ---------------------------------------------------------------------------------------------------


def calendar_link(person: Person) -> CalendarLink | None:
    """Return the link by which somebody's calendar reads their days, while it can be used."""
    return CalendarLink.objects.filter(person=person, ended_at=None).first()


def calendar_owner(token: str) -> Person | None:
    """Return whose days a token opens."""
    rows = CalendarLink.objects.filter(token_hash=hash_of(token), ended_at=None, person__is_active=True)
    found = rows.select_related("person").first()
    return found.person if found is not None else None
