"""Reading shows and sets for schools: what is where, which days are logged, when a set is free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Q, QuerySet, Sum

from aliquot.shows import Booking
from aliquot.site.models import (
    Person,
    SetBooking,
    Show,
    ShowDay,
    ShowStep,
    TeachingSet,
    Waiver,
)


def subject(show: Show) -> str:
    """Return what exceptions call a show."""
    return f"show:{show.key}"


def exceptions(show: Show) -> QuerySet[Waiver]:
    """Return the exceptions for a show and for its loan, in the order in which they were made."""
    subjects = [subject(show), *([f"loan:{show.loan.key}"] if show.loan else [])]
    return Waiver.objects.filter(subject__in=subjects, rule__startswith="policy:").order_by("pk")


def all_of_them() -> QuerySet[Show]:
    """Return every show, newest first: for those who see all."""
    return Show.objects.select_related("loan")


def visible(person: Person, *, sees_all: bool) -> QuerySet[Show]:
    """Return the shows of the loans that somebody answers for, or all."""
    if sees_all:
        return all_of_them()
    own = Q(loan__duties__person=person, loan__duties__until=None)
    return all_of_them().filter(own).distinct()


def one(key: str, person: Person, *, sees_all: bool) -> Show | None:
    """Return a show by its key to those who may open it."""
    return visible(person, sees_all=sees_all).filter(key=key).first()


def public(today: date) -> QuerySet[Show]:
    """Return the shows that anybody may go to: approved, on, or over."""
    return all_of_them().filter(
        state__in=("approved", "on show", "ended"), first__lte=date(today.year + 2, 12, 31)
    )


def with_visitors(rows: QuerySet[Show]) -> QuerySet[Show]:
    """Return shows, each with how many came on the days of which it is known."""
    return rows.annotate(came=Sum("days__visitors"))


def newest() -> str:
    """Return what changes whenever a show does, or how many came."""
    steps = ShowStep.objects.aggregate(last=Max("pk"))["last"] or 0
    shows = Show.objects.aggregate(last=Max("pk"))["last"] or 0
    days = ShowDay.objects.aggregate(n=Count("pk"), came=Sum("visitors"))
    return f"{shows}:{steps}:{days['n']}:{days['came'] or 0}"


def visitors(show: Show) -> int:
    """Return how many came, on the days of which it is known."""
    return show.days.aggregate(total=Sum("visitors"))["total"] or 0


def pieces(show: Show) -> int:
    """Return how many pieces are on show: the samples that are with the borrower of its loan."""
    return show.loan.items.filter(ended_at=None).count() if show.loan else 0


def open_days(show: Show) -> int:
    """Return how many days of the log are not closed."""
    return show.days.filter(packed=None).count()


def sets() -> QuerySet[TeachingSet]:
    """Return the sets for schools."""
    return TeachingSet.objects.order_by("number")


def sets_listed(today: date) -> list[tuple[TeachingSet, int, SetBooking | None]]:
    """Return each set with the number of its samples and its booking of today, or the next one; two queries."""
    rows = list(sets().annotate(pieces=Count("samples")))
    coming = SetBooking.objects.filter(teaching_set__in=rows, cancelled_at=None, last__gte=today)
    first = {one.teaching_set_id: one for one in coming.order_by("-first")}
    return [(row, row.pieces, first.get(row.pk)) for row in rows]


def bookings(teaching_set: TeachingSet) -> QuerySet[SetBooking]:
    """Return the bookings of a set that stand, by their days."""
    return teaching_set.bookings.select_related("loan").filter(cancelled_at=None).order_by("first")


def taken(teaching_set: TeachingSet, *, but: Iterable[int] = ()) -> tuple[Booking, ...]:
    """Return the days on which a set is taken."""
    rows = bookings(teaching_set).exclude(pk__in=list(but))
    return tuple(Booking(first, last) for first, last in rows.values_list("first", "last"))
