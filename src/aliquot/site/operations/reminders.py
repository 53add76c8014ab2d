"""What the clock gives rise to: deadlines that come near, reviews that are late; and the run that cron starts.

A producer is handed the moment and yields what is to be told by then, each with an occasion that says which reminder it is; run
again, it tells nothing new. Who keeps other dates (loans, reports, agreements) adds a producer to the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from aliquot import calls, notices
from aliquot.site.models import Answered, Call, Hearing, Request, Review, ReviewDate, Role
from aliquot.site.operations import loan_reminders, mailings, result_reminders
from aliquot.site.operations.mailings import Sent
from aliquot.site.operations.notices import Telling, of, tell_all
from aliquot.site.queries import calls as call_reads
from aliquot.site.queries import notices as reads

CLOSES_DAYS: Final = 3
REVIEW_DAYS: Final = 3
LATE_EVERY_DAYS: Final = 7
HEARING: Final = timedelta(hours=36)
SILENT_AFTER: Final = timedelta(days=30)  # of what is over for longer nobody is told any more
ANSWERS_KEPT: Final = timedelta(days=14)  # for whoever asks again with the same idempotency key

Producer = Callable[[datetime], Iterator[Telling]]


def drafts(at: datetime) -> Iterator[Telling]:
    """Tell who has a draft that its call closes in some days, and again on the last."""
    rows = Request.objects.filter(
        state="draft",
        call__state="open",
        call__closes__gt=at,
        call__closes__lte=at + timedelta(days=CLOSES_DAYS),
    )
    for row in rows.select_related("call").prefetch_related("members"):
        closes = notices.at(row.call.closes)
        when = "last day" if row.call.closes - at <= timedelta(days=1) else "soon"
        people = {row.lead_id, *(one.person_id for one in row.members.all())}
        yield Telling(
            "call-closes", people, f"request:{row.key}", f"{closes} {when}", {**of(row), "until": closes}
        )


def calls_over(at: datetime) -> Iterator[Telling]:
    """Tell curators and chairs that a call can be closed."""
    for row in Call.objects.filter(state="open", closes__lte=at, closes__gt=at - SILENT_AFTER):
        if calls.is_over(call_reads.value(row), at):
            people = reads.holding(Role.CURATOR, Role.CHAIR)
            told = {"call": f"call:{row.key}"}
            yield Telling("call-over", people, f"call-keeping:{row.key}", notices.at(row.closes), told)


def reviews(at: datetime) -> Iterator[Telling]:
    """Tell reviewers that a review is due soon, or late: on the day, then every week."""
    rows = Review.objects.filter(
        state__in=("assigned", "accepted"), request__call__state__in=("closed", "in review")
    )
    newest = dict(ReviewDate.objects.order_by("pk").values_list("call", "due_at"))
    for row in rows.select_related("request__call"):
        due_at = newest.get(row.request.call_id)
        which = (
            notices.reminder(due_at, at, before_days=REVIEW_DAYS, every_days=LATE_EVERY_DAYS)
            if due_at
            else None
        )
        if due_at and which:
            due = notices.at(due_at)
            kind = "review-due" if which == "before" else "review-late"
            subject = f"review:{row.request.key}"
            yield Telling(
                kind, {row.reviewer_id}, subject, f"{due} {which}", {**of(row.request), "until": due}
            )


def hearings(at: datetime) -> Iterator[Telling]:
    """Tell applicants and committee that a hearing is on the next day."""
    rows = Hearing.objects.filter(heard=None, begins__gt=at, begins__lte=at + HEARING)
    for row in rows.select_related("request__call").prefetch_related(
        "request__members", "request__call__panel"
    ):
        team = {row.request.lead_id, *(one.person_id for one in row.request.members.all())}
        panel = {one.person_id for one in row.request.call.panel.all()}
        begins = notices.at(row.begins)
        told = {**of(row.request), "begins": begins}
        call, both = row.request.call.key, f"{row.request.key} {begins}"
        yield Telling("hearing-soon", team, f"request:{row.request.key}", begins, told)
        yield Telling("hearing-soon", panel, f"call-hearings:{call}", both, told)


# By a word for the report of a run. Each is one transaction, so that one that fails leaves the others as they are.
PRODUCERS: Final[Mapping[str, Producer]] = {
    "drafts": drafts,
    "calls": calls_over,
    "reviews": reviews,
    "hearings": hearings,
    "loans": loan_reminders.loans_due,
    "agreements": loan_reminders.agreements_unsigned,
    "parcels": loan_reminders.parcels_late,
    "reports": loan_reminders.reports_due,
    "embargoes": result_reminders.embargoes_end,
}


@dataclass(frozen=True, slots=True)
class Run:
    """What one run did: notices raised by the clock, e-mails made and how they ended, old answers cleared away."""

    raised: Mapping[str, int]
    made: int
    sent: Sent
    cleared: int


def run(clock: mailings.Clock) -> Run:
    """Raise what is due by now, make e-mails of what waits, send them, and clear away what nobody asks for any more."""
    at = clock()
    raised = {name: tell_all(producer(at), at=at) for name, producer in PRODUCERS.items()}
    made = mailings.gather(at=at)
    return Run(raised, made, mailings.send(clock), clear_answers(at))


def clear_answers(at: datetime) -> int:
    """Remove answers whose idempotency keys nobody repeats any more; return how many."""
    count, _ = Answered.objects.filter(at__lt=at - ANSWERS_KEPT).delete()
    return count
