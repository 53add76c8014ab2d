"""What do pages and papers show of an agreement: its clauses side by side, the days left to sign, who did what when?"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aliquot import agreements, working_days
from aliquot.agreements import Document
from aliquot.site import documents, loan_words, queries
from aliquot.site.models import AgreementStep, LoanAgreement
from aliquot.site.models import Waiver as WaiverRow
from aliquot.site.operations import agreements as operations

DAYS_MOST = 62
# Which chip a state wears: it is settled, waits for somebody, or came to nothing.
CHIPS = {"in force": "verified", "offered": "claimed", "signed": "claimed", "drafted": "unknown", "declined": "refuted",
         "lapsed": "refuted", "withdrawn": "refuted"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause as it stands side by side."""

    number: int
    key: str
    title_en: str
    title_zh: str
    text_en: str
    text_zh: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of those that run until the signature."""

    on: date
    is_working: bool
    is_today: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class Row:
    """An agreement in a list, with the last day to sign where one runs."""

    row: LoanAgreement
    borrower: str
    state: str
    chip: str
    sign_until: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature, and what it is worth."""

    step: AgreementStep

    @property
    def is_lender(self) -> bool:
        return self.step.act == "countersign"

    @property
    def is_verified(self) -> bool:
        return bool(self.step.told.get("checked") == "fits")

    @property
    def worth_code(self) -> str:
        told = self.step.told
        return str(told.get("checked", "scan" if told.get("kind") == "scan" else "no key"))

    @property
    def worth(self) -> str:
        return str(loan_words.CHECKED[self.worth_code])


def clauses(text: Document) -> list[Clause]:
    """Return the clauses of a text side by side."""
    rows = zip(
        text.clauses,
        text.titles["en"],
        text.titles["zh"],
        text.paragraphs["en"],
        text.paragraphs["zh"],
        strict=True,
    )
    return [Clause(i, *each) for i, each in enumerate(rows, start=1)]


def listed(today: date) -> list[Row]:
    """Return all agreements, those under way first; the last day to sign of each that is offered."""
    rows = list(queries.agreements.all_of_them())
    waived = queries.loan_pages.sign_waivers(row.key for row in rows if row.state == "offered")
    return sorted(
        (_row(row, waived, today) for row in rows),
        key=lambda one: one.row.state not in ("drafted", "offered", "signed"),
    )


def _row(row: LoanAgreement, waived: dict[str, date], today: date) -> Row:
    last = (
        max(row.sign_by, waived.get(row.key, row.sign_by)) if row.sign_by and row.state == "offered" else None
    )
    return Row(row, queries.agreements.terms(row).borrower.institution, str(loan_words.said("agreement_states", row.state)),
               CHIPS.get(row.state, ""), last, last is not None and last < today)  # fmt: skip


def page(row: LoanAgreement, request: HttpRequest) -> dict[str, object]:
    """Return all that the page and the paper of an agreement show."""
    today = timezone.now().date()
    text = queries.agreements.document(row)
    last = queries.agreements.sign_until(row)
    steps = list(row.steps.select_related("file").order_by("order"))
    people = queries.histories.people([row.by, *(one.by for one in steps)])
    terms = queries.agreements.terms(row)
    return {
        "agreement": row,
        "terms": terms,
        "state": loan_words.said("agreement_states", row.state),
        "chip": CHIPS.get(row.state, ""),
        "modality": loan_words.said("modalities", row.modality),
        "clauses": clauses(text) if text.sha256 == row.sha256 else [],
        "lines": list(queries.agreements.lines(row)),
        "signed": [Signed(one) for one in steps if one.act in ("sign", "countersign")],
        "keys": [
            (loan_words.SIDES[side], step, people[step.by])
            for side, step in queries.agreements.keys(row).items()
        ],
        "events": [_event(one, people) for one in reversed(steps)] + [made(row, people)],
        "sign_until": last if row.state == "offered" else None,
        "left": _left(row, last, today),
        "days": _days(row, last, today),
        "waivers": list(
            WaiverRow.objects.filter(subject=f"agreement:{row.key}").select_related("by").order_by("pk")
        ),
        "amended_by": list(row.amended_by.order_by("pk")),
        "loan": getattr(row, "loan", None),
        "can_print": not documents.lacking(),
        "request": request,
    }


def made(row: LoanAgreement, people: dict[str, str]) -> dict[str, object]:
    """Return the beginning of an agreement as an event."""
    return {
        "when": f"{row.made_at:%Y-%m-%d}",
        "iso": row.made_at.isoformat(),
        "what": _("drafted"),
        "detail": people[row.by],
    }


def _event(one: AgreementStep, people: dict[str, str]) -> dict[str, object]:
    said = [people[one.by], one.told.get("name", ""), one.told.get("capacity", ""), one.reason]
    return {
        "when": f"{one.at:%Y-%m-%d}",
        "iso": one.at.isoformat(),
        "what": _("public key registered")
        if one.act == "register key"
        else str(loan_words.said("agreement_states", one.target)),
        "detail": " · ".join(dict.fromkeys(part for part in said if part)),
        "strong": one.act in ("sign", "countersign"),
    }


def _left(row: LoanAgreement, last: date | None, today: date) -> str:
    """Return how many days there are left to sign, in words."""
    if row.state != "offered" or last is None:
        return ""
    if last < today:
        return _("The last day to sign has passed.")
    calendar = _calendar(row)
    left = sum(calendar.is_working(day) for day in _span(today + timedelta(days=1), last))
    return ngettext("%(n)s working day is left to sign.", "%(n)s working days are left to sign.", left) % {
        "n": left
    }


def _calendar(row: LoanAgreement) -> working_days.Calendar:
    return working_days.load(agreements.CALENDARS.get(row.policy, ""))


def _days(row: LoanAgreement, last: date | None, today: date) -> list[Day]:
    """Return the days from the offer to the last one to sign, each with whether people work on it."""
    offered = row.steps.filter(act="offer").first()
    if row.state != "offered" or last is None or offered is None:
        return []
    calendar = _calendar(row)
    days = list(_span(offered.at.date(), last))[:DAYS_MOST]
    return [Day(day, calendar.is_working(day), day == today, day == last) for day in days]


def _span(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=i) for i in range((last - first).days + 1))


def file_name(step: AgreementStep) -> str:
    """Return under which name a signature's file is saved."""
    content_type = step.file.content_type if step.file else ""
    ending = mimetypes.guess_extension(content_type.partition(";")[0]) or ""
    return f"{step.agreement.number}-{step.act}{ending}"


SIGNATURES = (operations.SCAN, operations.DETACHED)
