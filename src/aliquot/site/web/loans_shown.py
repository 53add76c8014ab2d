"""What does the page of a loan show: its account line by line, its dates, its parcels, and all that was done?

Names of those who work in the facility are for those who see all loans; a borrower reads that the facility did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import fault, mass, parcels
from aliquot import loans as library
from aliquot.accountability import Line
from aliquot.site import documents, loan_words, permissions, queries
from aliquot.site.models import Loan, LoanItem, LoanStep, Parcel
from aliquot.site.models import Waiver as WaiverRow
from aliquot.site.permissions import Act
from aliquot.site.web import acting, loans_words

CHIPS = {"with borrower": "claimed", "in transit": "claimed", "recalled": "refuted", "lost": "refuted", "closed": "verified",
         "returned": "verified", "prepared": "unknown", "cancelled": "unknown"}  # fmt: skip
PARCEL_CHIPS = {"arrived": "verified", "found": "verified", "damaged": "refuted", "lost": "refuted", "refused": "refuted",
                "on the way": "claimed", "packed": "unknown"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sum:
    """A sample of the loan with its account, and in words where it is now."""

    item: LoanItem
    line: Line
    where: str
    approved_ng: int


@dataclass(frozen=True, slots=True)
class Order:
    """A line of the agreement, and whether it is still to be cut."""

    order: int
    sample: str
    mass_ng: int
    is_open: bool
    whole: bool


def page(loan: Loan, request: HttpRequest) -> dict[str, Any]:
    """Return all that the page of a loan shows."""
    today, sees_all = timezone.now().date(), permissions.may(request.user, Act.SEE_LOANS)
    items = list(queries.loans.items(loan))
    account = queries.loans.statement(loan)
    value = queries.loans.value(loan)
    duty = queries.loans.duty(loan)
    return {
        "loan": loan,
        "duty": duty,
        "state": loan_words.said("loan_states", loan.state),
        "chip": CHIPS.get(loan.state, ""),
        "dates": dates(value, today),
        "figures": figures(account.values()),
        "sums": sums(loan, items, account),
        "total": total(account.values()),
        "orders": orders(loan),
        "parcels": [(row, loan_words.said("parcel_states", row.state), PARCEL_CHIPS.get(row.state, ""), _is_late(row, today))
                    for row in queries.loan_pages.parcels_of(loan)],
        "waiting": queries.loan_pages.waiting(loan),
        "inventories": [(one, findings(one.findings)) for one in loan.inventories.order_by("-at").prefetch_related("lines__sample")],
        "checks": list(loan.checks.select_related("sample").order_by("at")),
        "incidents": list(queries.incidents.of_loan(loan)),
        "waivers": list(WaiverRow.objects.filter(subject=queries.loans.subject(loan)).select_related("by").order_by("pk")),
        "events": events(loan, request, sees_all=sees_all),
        "renewed_months": sum(loan.renewed_months),
        "sees_all": sees_all,
        "sees_incidents": permissions.may(request.user, Act.SEE_INCIDENTS),
        "may_keep": permissions.may(request.user, Act.KEEP_LOANS),
        "may_cut": permissions.may(request.user, Act.KEEP_LOANS) and loan.state in ("prepared", "in transit", "with borrower"),
        "can_print": not documents.lacking(),
        "places": queries.bench.lists("en")["place"] if permissions.may(request.user, Act.SEE_EXACT_PLACES) else [],
    }  # fmt: skip


def _is_late(row: Parcel, today: date) -> bool:
    return parcels.is_late(state=row.state, expected_on=row.expected_on, today=today)


def dates(value: library.Loan, today: date) -> list[dict[str, Any]]:
    """Return what is owed by when, the next first, each with how far that is."""
    rows = [
        {
            "what": loan_words.said("duties", one.duty),
            "on": one.on,
            "left": left(one.on, today),
            "is_over": one.on < today,
        }
        for one in library.duties(value)
    ]
    return sorted(rows, key=lambda one: one["on"])


def left(on: date, today: date) -> str:
    """Return how far away a day is, in words."""
    days = (on - today).days
    if days == 0:
        return _("today")
    if days < 0:
        return ngettext("%(n)s day overdue", "%(n)s days overdue", -days) % {"n": -days}
    return ngettext("in %(n)s day", "in %(n)s days", days) % {"n": days}


def figures(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Return the key figures: what is answered for, and what became of the rest."""
    found = total(lines)
    return [
        {"value": mass.show(found.accountable_ng), "label": _("answered for")},
        {"value": mass.show(found.issued_ng + found.received_ng), "label": _("issued")},
        {"value": mass.show(found.used_ng), "label": _("used up")},
        {"value": mass.show(found.transferred_ng), "label": _("transferred")},
        {"value": mass.show(found.returned_ng), "label": _("returned")},
        {"value": mass.show(found.lost_ng), "label": _("missing")},
    ]


def total(lines: Iterable[Line]) -> Line:
    """Return all lines together as one."""
    rows = list(lines)
    names = [name for name in Line.__slots__ if name != "sample"]
    return Line("", **{name: sum(getattr(row, name) for row in rows) for name in names})


def sums(loan: Loan, items: Iterable[LoanItem], account: Mapping[str, Line]) -> list[Sum]:
    """Return each sample of a loan with its account."""
    packed = loan.parcels.filter(items__is_open=True)
    open_in = dict(packed.values_list("items__sample__number", "number"))
    return [
        Sum(item, line, _where(item, line, open_in.get(item.sample.number, "")), item.line.consumed_most_ng if item.line else item.consumed_most_ng)
        for item in items
        for line in [account.get(item.sample.number, Line(item.sample.number))]
    ]  # fmt: skip


def _where(item: LoanItem, line: Line, parcel: str) -> str:
    if item.ended:
        return str(loan_words.said("ended", item.ended))
    if line.lost_ng:
        return _("missing")
    if parcel:
        return _("in parcel %(number)s") % {"number": parcel}
    if line.held_ng:
        return _("with the borrower")
    if line.returned_ng:
        return _("in the store, to be weighed and accepted")
    return _("in the store, promised to this loan")


def orders(loan: Loan) -> list[Order]:
    """Return the lines of the agreement that are cut at the bench or lent whole."""
    return [
        Order(line.order, line.sample.number, line.mass_ng,
              not line.whole and line.commitment is not None and line.commitment.released_at is None, line.whole)
        for line in queries.agreements.lines(loan.agreement)
    ]  # fmt: skip


def findings(kept: Iterable[Mapping[str, Any]]) -> list[acting.Shown]:
    """Return where an inventory and the book disagreed, in words."""
    return acting.shown([fault.of(one["sample"], one["what"], one["todo"], **one["values"]) for one in kept])


def events(loan: Loan, request: HttpRequest, *, sees_all: bool) -> list[dict[str, Any]]:
    """Return all that was done, newest first."""
    steps = list(loan.steps.select_related("sample").order_by("-order"))
    people = queries.histories.people(one.by for one in steps)
    made = {"when": f"{loan.made_at:%Y-%m-%d}", "iso": loan.made_at.isoformat(), "what": _("The agreement came into force"),
            "href": reverse("agreement", args=[loan.agreement.key]), "detail": loan.agreement.number}  # fmt: skip
    return [*(_event(one, who(one.by, people, request, sees_all=sees_all)) for one in steps), made]


def who(by: str, people: Mapping[str, str], request: HttpRequest, *, sees_all: bool) -> str:
    """Return who did something: by name to those who see all loans, and to oneself."""
    if by.startswith("link:"):
        return _("the receiver, by a link")
    return people[by] if sees_all or by == request.user.key else _("the facility")


def _event(one: LoanStep, who: str) -> dict[str, Any]:
    said = [one.sample.number if one.sample else "", _told(one.told), who, one.reason]
    return {
        "when": f"{one.at:%Y-%m-%d}",
        "iso": one.at.isoformat(),
        "what": loans_words.done(one.act, one.told.get("what", "")),
        "detail": " · ".join(part for part in said if part),
        "href": reverse("entry", args=[one.entry_id]) if one.entry_id is not None else "",
        "strong": one.act in ("arrive", "take in", "close"),
    }


def _told(told: Mapping[str, Any]) -> str:
    """Return what a step tells beside its sample: a mass, months, a parcel, a day, a condition."""
    found = [mass.show(told["mass_ng"])] if told.get("mass_ng") else []
    found += [str(loan_words.said("fates", told["fate"]))] if "fate" in told else []
    if "months" in told:
        found.append(ngettext("%(n)s month", "%(n)s months", told["months"]) % {"n": told["months"]})
    found += [str(told[name]) for name in ("parcel", "recalled_by", "method") if told.get(name)]
    found += [str(loan_words.said("passings", told["why"]))] if "why" in told else []
    return " · ".join(found)
