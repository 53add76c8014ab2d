"""Which results and papers are owed for the loans that ran here, by when, and of what is somebody to be reminded? Never writes.

The months are those that the agreement of a research loan states, else those of the policy under which it was made (`paper_months`), counted
from its first arrival; where neither states any, nothing is owed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from aliquot import result_duties
from aliquot.result_duties import Duty, Reminder
from aliquot.site.models import Analysis, Loan, LoanItem, Person, Publication
from aliquot.site.queries import agreements, loans, results


def owed(*, person: Person | None = None) -> tuple[Duty, ...]:
    """Return what is owed of all loans, or of those that somebody answers for, earliest first. Five queries."""
    rows = loans.held_by(person) if person else loans.all_of_them()
    return _owed(rows.filter(begins__isnull=False).prefetch_related("items__sample", "duties"))


def _owed(rows: Iterable[Loan]) -> tuple[Duty, ...]:
    found = [row for row in rows if row.begins is not None]
    numbers = sorted({item.sample.number for row in found for item in row.items.all()})
    reported, published = results.reported(numbers), results.published(numbers)
    by_months: dict[int, list[result_duties.Loan]] = defaultdict(list)
    for row in found:
        by_months[agreements.report_months(row.agreement)].append(_loan(row))
    duties = [
        duty
        for months, some in by_months.items()
        for duty in result_duties.duties(some, results_months=months, publication_months=months, reported=reported, published=published)
    ]  # fmt: skip
    return tuple(
        sorted((one for one in duties if one.missing), key=lambda one: (one.due, one.loan, one.what))
    )


def loans_of(person: Person) -> list[Loan]:
    """Return the loans of which somebody may bring in results: those that they answer for, begun ones. Two queries."""
    rows = loans.held_by(person).filter(begins__isnull=False).select_related("agreement__request")
    return list(rows.prefetch_related("items__sample"))


def numbers(keys: Iterable[str]) -> dict[str, str]:
    """Return the number of each of these loans by its key."""
    return dict(Loan.objects.filter(key__in=set(keys)).values_list("key", "number"))


def of_loan(row: Loan) -> tuple[Duty, ...]:
    """Return what is owed of one loan, as `owed` does of all."""
    return _owed([row])


def reminders(on: date) -> tuple[Reminder, ...]:
    """Return whom to remind of what on a day; each has a key that is the same however often it is asked for."""
    return result_duties.reminders(owed(), on=on)


def last_paper(person: Person, *, on: date) -> date | None:
    """Return the last day until then on which a paper was accepted, or named, on a sample that somebody answers or answered for."""
    lent = LoanItem.objects.filter(loan__duties__person=person).values("sample__number")
    about = Analysis.objects.filter(number__in=lent).exclude(publication="").values("publication")
    rows = results.newest().filter(Q(accepted_on__isnull=False) | ~Q(doi=""), key__in=about)
    days = [accepted_on or at.date() for accepted_on, at in rows.values_list("accepted_on", "at")]
    return max((day for day in days if day <= on), default=None)


def embargo_ends(on: date) -> list[Publication]:
    """Return the publications whose embargo ends within two weeks, earliest first."""
    rows = {one.key: one for one in results.newest().filter(embargo_until__gte=on)}
    untils = [(one.by, one.key, one.embargo_until) for one in rows.values() if one.embargo_until]
    return [rows[key] for _by, key, _until in result_duties.embargo_ends(untils, on=on)]


def _loan(row: Loan) -> result_duties.Loan:
    """Return a loan as the library decides on its duties; whoever answers for it now is told."""
    person = next((one.person_id for one in row.duties.all() if one.until is None), None)
    samples = tuple(sorted({item.sample.number for item in row.items.all()}))
    return result_duties.Loan(
        row.key, f"person:{person}" if person else "", samples, row.begins, counts_from_end=False
    )
