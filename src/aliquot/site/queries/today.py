"""What needs somebody today, by the part they play, each with where it is done, since when it waits and until when it may?

Everything is computed from what stands in the tables; nothing is kept as a list of tasks, so that nothing can be forgotten in one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from django.db.models import Max

from aliquot.loans import EVERY_DAYS, Duty
from aliquot.site.models import (
    Call,
    Loan,
    LoanAgreement,
    LoanInventory,
    LoanStep,
    LoanWish,
    Parcel,
    Person,
    Show,
)
from aliquot.site.queries import (
    approvals,
    borrowing,
    incidents,
    loan_pages,
    loans,
    parcels,
    result_duties,
    reviewing,
)

SOON_DAYS: Final = 14
FINDINGS_DAYS: Final = 60
WORDS: Final = {Duty.RETURN: "loan-late", Duty.RECALL: "recall-late", Duty.INVENTORY: "inventory-late"}
OWED: Final = {Duty.RETURN: "bring-back", Duty.RECALL: "bring-back-recalled", Duty.INVENTORY: "inventory"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: a word for what it is, what it is called, the page where it is done by route and key."""

    kind: str
    name: str
    route: str
    key: str = ""
    since: date | None = None
    until: date | None = None

    def is_late(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.until is not None and self.until < today


def of_curator(person: Person, at: datetime) -> list[Item]:
    """Return what a curator has to do: loans from agreement to return, wishes, proposals."""
    today = at.date()
    return [
        *_overdue(today, 0),
        *(Item(f"wish-{one.kind}", one.loan.number, "wish", one.key, _day(one.at), _announced(one)) for one in borrowing.open_wishes()),
        *(Item("to-agree", one.title, "agreement-new", one.key, _day(one.settled_at or one.submitted_at)) for one in loan_pages.awaiting_agreement()),
        *(Item("to-offer", one.number, "agreement", one.key, _day(one.made_at)) for one in LoanAgreement.objects.filter(state="drafted")),
        *(Item("unsigned", one.number, "agreement", one.key, _day(one.made_at), until) for one, until in _in_state("offered") if until is not None and until < today),
        *(Item("to-ship", one.number, "loan", one.key, _day(one.made_at)) for one in Loan.objects.filter(state="prepared")),
        *(Item("to-hand-over", one.number, "parcel", one.key, _day(one.packed_at)) for one in Parcel.objects.filter(state="packed", direction="out")),
        *(Item("no-borrower", one.loan.number, "loan", one.loan.key, _day(one.since)) for one in loans.answered_by_nobody()),
        *(Item("parcel-late", one.number, "parcel", one.key, _day(one.left_at), one.expected_on) for one in parcels.late(today)),
        *(Item("refused", one.number, "parcel", one.key, _day(one.left_at)) for one in Parcel.objects.filter(state="refused")),
        *_to_check(),
        *(Item("findings", one.loan.number, "loan", one.loan.key, _day(one.at)) for one in _with_findings(at)),
        *(Item("incident", one.key, "incident", one.key, _day(one.noticed_at), None if told else _day(one.due_at)) for one, told in incidents.open_ones()),
        *_proposals(person),
        *_calls(at),
    ]  # fmt: skip


def of_director(person: Person, at: datetime) -> list[Item]:
    """Return what a director has to do: countersign, approve, decide on what was lost or is long overdue."""
    today = at.date()
    return [
        *(Item("to-countersign", one.number, "agreement", one.key, _day(one.made_at), until) for one, until in _in_state("signed")),
        *(Item("show", one.number, "show", one.key, _day(one.made_at), one.first) for one in Show.objects.filter(state="planned")),
        *(Item("lost", one.number, "loan", one.key) for one in Loan.objects.filter(state="lost")),
        *_overdue(today, EVERY_DAYS),
        *_proposals(person),
        *_calls(at),
    ]  # fmt: skip


def of_borrower(person: Person, at: datetime) -> list[Item]:  # noqa: ARG001 - desks are all asked alike
    """Return what somebody owes as a borrower: signatures, returns, inventories, results, parcels that come to them."""
    held = borrowing.holding(person)
    coming = parcels.visible(person, sees_all=False).filter(
        state="on the way", direction__in=("out", "onward")
    )
    numbers = {one.row.key: one.row.number for one in held}
    return [
        *(Item("sign", row.number, "agreement", row.key, _day(row.made_at), until) for row, until in borrowing.to_sign(person)),
        *(Item(OWED[owed.duty], one.row.number, "borrowed-inventory" if owed.duty == Duty.INVENTORY else "borrowed", one.row.key,
               None, owed.on) for one in held for owed in one.owed),
        *(Item("take-over", one.loan.number, "wish", one.key, _day(one.at)) for one in borrowing.waiting_for(person)),
        *(Item("parcel", one.number, "parcel", one.key, _day(one.left_at), one.expected_on) for one in coming),
        *(Item(f"{one.what}-due", numbers.get(one.loan, ""), "results", "", None, one.due) for one in result_duties.owed(person=person)),
    ]  # fmt: skip


def of_reviewer(person: Person, at: datetime) -> list[Item]:  # noqa: ARG001 - desks are all asked alike
    """Return the reviews that somebody owes, and their last day."""
    rows = reviewing.of_reviewer(person).filter(state__in=("assigned", "accepted"))
    return [
        Item("review", row.request.title, "review", row.request.key, None, _day(row.due_at)) for row in rows
    ]


def of_chair(person: Person, at: datetime) -> list[Item]:  # noqa: ARG001 - desks are all asked alike
    """Return which reviewers are late, in which call."""
    return [Item("reviews-late", one.call.title, "call-reviews", one.call.key, None, _day(one.due_at)) for one in reviewing.late(at)]  # fmt: skip


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment is not None else None


def _announced(wish: LoanWish) -> date | None:
    """Return the day on which something is to come back, where that was announced."""
    return date.fromisoformat(wish.told["on"]) if "on" in wish.told else None


def _in_state(state: str) -> list[tuple[LoanAgreement, date | None]]:
    """Return the agreements in a state, with the last day to sign each."""
    return borrowing.with_last_day(LoanAgreement.objects.filter(state=state).order_by("sign_by", "pk"))


def _overdue(today: date, days: int) -> Iterator[Item]:
    """Yield what is overdue for more than so many days."""
    for loan, owed in loans.overdue(today):
        for one in owed:
            if (today - one.on).days > days:
                yield Item(WORDS[one.duty], loan.number, "loan", loan.key, loan.begins, one.on)


def _to_check() -> Iterator[Item]:
    """Yield the samples that came back and are not accepted, each with the day on which it came; two queries."""
    rows = list(loans.awaiting_check())
    came = LoanStep.objects.filter(
        act__in=("take in", "take in part"), loan__in=[row.loan_id for row in rows]
    )
    newest = dict(came.values_list("loan").annotate(Max("at")))
    for row in rows:
        yield Item("to-check", row.sample.number, "loan", row.loan.key, _day(newest.get(row.loan_id)))


def _with_findings(at: datetime) -> list[LoanInventory]:
    """Return the inventories of the last weeks with which the book does not agree."""
    rows = LoanInventory.objects.filter(at__gte=at - timedelta(days=FINDINGS_DAYS)).exclude(findings=[])
    return list(rows.select_related("loan"))


def _proposals(person: Person) -> Iterator[Item]:
    for one in approvals.waiting_for(person):
        yield Item("proposal", one.sample.number, "proposal", str(one.pk), _day(one.at))


def _calls(at: datetime) -> Iterator[Item]:
    """Yield the calls that close soon, or whose deadline has passed."""
    soon = at.astimezone(UTC) + timedelta(days=SOON_DAYS)
    for row in Call.objects.filter(state="open", closes__lte=soon).order_by("closes"):
        yield Item(
            "call-closes", row.title, "call-keeping", row.key, _day(row.published_at), _day(row.closes)
        )
