"""Reading screenings: the newest of each subject, what waits, what a change of law touches; certificates and waivers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, OuterRef, QuerySet, Subquery

from aliquot import screenings
from aliquot.law_text import Law
from aliquot.screenings import Why
from aliquot.site.models import Certificate, Screening, ScreeningDecision, Waiver


@dataclass(frozen=True, slots=True)
class Due:
    """A subject's newest screening that is out of date: why, and which instruments changed."""

    screening: Screening
    why: Why
    changed: tuple[str, ...] = ()


def newest(subject: str) -> Screening | None:
    """Return the newest screening of a subject."""
    return Screening.objects.filter(subject=subject).order_by("-order").first()


def facts_by_subject(subjects: Iterable[str]) -> dict[str, dict[str, object]]:
    """Return the facts of the newest screening of each of these subjects that has one."""
    wanted = {subject for subject in subjects if subject}
    return dict(current().filter(subject__in=wanted).values_list("subject", "facts"))


def current() -> QuerySet[Screening]:
    """Return the newest screening of every subject, the latest first, with the outcome that was decided on it."""
    last = Screening.objects.values("subject").annotate(last=Max("pk")).values("last")
    decided = ScreeningDecision.objects.filter(screening=OuterRef("pk")).order_by("-order")
    rows = Screening.objects.filter(pk__in=last).select_related("by").defer("answer")
    return rows.annotate(outcome=Subquery(decided.values("outcome")[:1]))


def due(law: Law, today: date) -> list[Due]:
    """Return what a change of law touches, by stored hashes, and those whose day has come."""
    hashes = {key: each.sha256 for key, each in law.instruments.items()}
    found: list[Due] = []
    for row in current().order_by("subject"):
        changed = screenings.changed(row.instruments_sha256, hashes)
        if row.vocabulary_sha256 != law.vocabulary.sha256:
            changed = (*changed, "vocabulary")
        if changed:
            found.append(Due(row, Why.INSTRUMENT, changed))
        elif screenings.is_day_of_act(row.facts, row.at.date(), today):
            found.append(Due(row, Why.DAY))
    return found


def of_subject(subject: str) -> QuerySet[Screening]:
    """Return every screening of a subject, newest first."""
    return Screening.objects.filter(subject=subject).select_related("by").defer("answer").order_by("-order")


def decisions(screening: Screening) -> QuerySet[ScreeningDecision]:
    """Return the decisions on a screening, in order."""
    return screening.decisions.select_related("by").order_by("order")


def certificates(subject: str | None = None) -> QuerySet[Certificate]:
    """Return the certificates that no other record replaced, of a subject or all."""
    rows = Certificate.objects.filter(replaced_by=None).select_related("by")
    return rows if subject is None else rows.filter(subject=subject)


def waivers(subject: str | None = None) -> QuerySet[Waiver]:
    """Return the waivers of a subject, or all."""
    rows = Waiver.objects.select_related("by")
    return rows if subject is None else rows.filter(subject=subject)
