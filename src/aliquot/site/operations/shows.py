"""Shows, and sets for schools: planned, visited, approved, opened, logged day by day, ended; sets booked and lent."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime

from django.db import transaction

from aliquot import fault, loan_terms, shows, texts
from aliquot.fault import Fault, Refused
from aliquot.life_cycles import Step
from aliquot.loan_terms import Waiver
from aliquot.shows import Booking, Day
from aliquot.site import queries
from aliquot.site.models import (
    Loan,
    LoanAgreement,
    Person,
    SetBooking,
    Show,
    ShowDay,
    ShowStep,
    TeachingSet,
)
from aliquot.site.models import Waiver as WaiverRow
from aliquot.site.operations import agreements, lending
from aliquot.site.operations.agreements import Told
from aliquot.site.operations.ledger import lock
from aliquot.site.operations.life_cycles import new_key


@transaction.atomic
def plan(told: shows.Show, *, by: Person, at: datetime) -> Show:
    """Plan a show. The samples come under a loan of their own, which is joined to it once there is one."""
    lock()
    faults = list(shows.check(told))
    if "curator" not in lending.who(by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    fault.refuse_if(faults)
    return Show.objects.create(
        key=new_key(), number=lending.number(Show, "S"), by=by.key, made_at=at, **asdict(told)
    )


@transaction.atomic
def note_past(told: shows.Show, *, sources: str, loan: Loan | None = None, by: Person, at: datetime) -> Show:
    """Note a show that is over and was never planned here, such as one of before this ledger: as `sources` tell of it."""
    lock()
    faults = [*shows.check(told), *texts.check("sources", sources, most=shows.NAME_MOST, needed=True)]
    if not lending.who(by) & {"curator", "director"}:
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    if told.last >= at.date():
        faults.append(fault.of("last", "this show is not over", "plan it instead"))
    fault.refuse_if(faults)
    made = Show.objects.create(key=new_key(), number=lending.number(Show, "S"), loan=loan, by=by.key, made_at=at,
                               **asdict(told))  # fmt: skip
    return _stepped(made, Step("planned", "note", "ended", ()), by=by, at=at, reason=sources)


@transaction.atomic
def note_exception(show: Show, told: Waiver, *, by: Person, at: datetime) -> WaiverRow:
    """Note an exception to the rules for a show: on whose authority, why, until when. A director does.

    That of a show which is over was granted in its time; one for a loan is `loans.waive`.
    """
    lock()
    since = min(at.date(), show.first)
    faults = list(loan_terms.check_waiver(told, on=since))
    if "director" not in lending.who(by):
        faults.append(fault.of("person", "an exception is recorded by a director", "ask the director"))
    fault.refuse_if(faults)
    return WaiverRow.objects.create(
        subject=queries.shows.subject(show), rule=f"policy:{told.rule}", authority=told.authority.strip(),
        reason=told.reason.strip(), expires_on=told.expires_on, by=by, at=at,
    )  # fmt: skip


@transaction.atomic
def edit(show: Show, told: shows.Show, *, by: Person, at: datetime) -> Show:
    """Change what is told of a show before it is approved."""
    lock()
    now = _locked(show)
    taken = lending.step(shows.CYCLE, now.state, "edit", who=_who(now, by), also=shows.check(told))
    Show.objects.filter(pk=now.pk).update(**asdict(told))
    return _stepped(_locked(show), taken, by=by, at=at)


@transaction.atomic
def visit(show: Show, *, on: date | None, text: str, waived: bool = False, by: Person, at: datetime) -> Show:
    """Note what was found when the site was visited, or why a director waived the visit."""
    lock()
    now = _locked(show)
    faults = list(texts.check("visit", text, most=shows.TEXT_MOST, needed=True))
    if waived == (on is not None) or (on is not None and on > at.date()):
        faults.append(
            fault.of(
                "visited_on", "it is not told when the site was visited", "give the day, or waive the visit"
            )
        )
    if ("director" if waived else "curator") not in lending.who(by):
        faults.append(fault.of("person", "this is not yours to do", "ask the director to waive it"))
    if now.state != "planned":
        faults.append(fault.of("show", "it was approved already", "note it in the log"))
    fault.refuse_if(faults)
    Show.objects.filter(pk=now.pk).update(visited_on=on, visit=text.strip(), visit_waived=waived)
    return _locked(show)


@transaction.atomic
def join(show: Show, loan: Loan, *, by: Person, at: datetime) -> Show:
    """Join a show to the loan under which its samples come."""
    lock()
    now = _locked(show)
    faults = []
    if "curator" not in lending.who(by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    if now.loan_id not in (None, loan.pk) or Show.objects.filter(loan=loan).exclude(pk=now.pk).exists():
        faults.append(
            fault.of(
                "loan", "this loan or this show is joined to another", "choose the one that belongs here"
            )
        )
    if loan.modality != "public-interest":
        faults.append(fault.of("loan", "this loan is not for a show", "choose one in the public interest"))
    fault.refuse_if(faults)
    Show.objects.filter(pk=now.pk).update(loan=loan)
    return _stepped(_locked(show), Step(now.state, "join", now.state, ()), by=by, at=at, reason=loan.number)


@transaction.atomic
def move(show: Show, act: str, *, reason: str = "", by: Person, at: datetime) -> Show:
    """Approve, cancel, open or end a show."""
    lock()
    now = _locked(show)
    if act not in ("approve", "cancel", "open", "end"):
        raise Refused([fault.of("act", "“{act}” wants more than a word", "use its own form", act=act[:40])])
    held = []
    if now.security_plan.strip():
        held.append(shows.PLANNED_SAFE)
    if now.visit.strip() and (now.visited_on or now.visit_waived):
        held.append(shows.VISITED)
    if now.loan is not None and queries.loans.held(now.loan).with_borrower:
        held.append(shows.THERE)
    if not queries.shows.open_days(now):
        held.append(shows.PACKED)
    taken = lending.step(shows.CYCLE, now.state, act, who=_who(now, by), holding=held, reason=reason,
                         reason_need=shows.REASON)  # fmt: skip
    return _stepped(now, taken, by=by, at=at, reason=reason)


@transaction.atomic
def open_day(show: Show, told: Day, *, by: Person, at: datetime) -> ShowDay:
    """Log that the pieces were put out: counted, by whom. A count that differs wants a note."""
    lock()
    now = _locked(show)
    faults = [
        *shows.check_day(replace(told, packed=None), pieces=queries.shows.pieces(now), first=now.first, at=at)
    ]
    if now.days.filter(on=told.on).exists():
        faults.append(fault.of("on", "this day is logged already", "close that day"))
    lending.step(shows.CYCLE, now.state, "log", who=_who(now, by), also=faults)
    return ShowDay.objects.create(show=now, on=told.on, opened=told.opened, who=told.who.strip(), counted=told.counted,
                                  note=told.note.strip(), by=by.key)  # fmt: skip


@transaction.atomic
def close_day(
    day: ShowDay, *, packed: datetime, counted: int, visitors: int | None = None, note: str = "", by: Person, at: datetime
) -> ShowDay:  # fmt: skip
    """Log that the pieces were taken in again: counted, and how many visitors came. A day is closed once."""
    lock()
    row = ShowDay.objects.select_related("show__loan").get(pk=day.pk)
    told = Day(row.on, row.opened, packed, row.who, visitors, counted, note)
    faults = list(shows.check_day(told, pieces=queries.shows.pieces(row.show), first=row.show.first, at=at))
    if row.packed is not None:
        faults.append(fault.of("packed", "this day is closed already", "leave it as it is"))
    lending.step(shows.CYCLE, row.show.state, "log", who=_who(row.show, by), also=faults)
    row.packed, row.counted_back, row.visitors = packed, counted, visitors
    row.note = "\n".join(part for part in (row.note, note.strip()) if part)
    row.save(update_fields=["packed", "counted_back", "visitors", "note"])
    return row


# -- sets for schools ------------------------------------------------------------------------------------------


@transaction.atomic
def make_set(
    *, name_en: str, name_zh: str = "", samples: Sequence[str], days_most: int = 0, by: Person, at: datetime
) -> TeachingSet:  # fmt: skip
    """Put samples together as a set that goes to schools."""
    lock()
    faults = list(texts.check("name_en", name_en, most=300, needed=True))
    if not samples:
        faults.append(fault.of("samples", "nothing is in this set", "name its samples"))
    if not 0 <= days_most <= 3650:
        faults.append(fault.of("days_most", "this is no number of days", "write a whole number, or 0"))
    if "curator" not in lending.who(by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    fault.refuse_if(faults)
    rows = [lending.sample(number) for number in samples]
    made = TeachingSet.objects.create(key=new_key(), number=lending.number(TeachingSet, "T"), name_en=name_en.strip(),
                                      name_zh=name_zh.strip(), days_most=days_most, by=by.key, made_at=at)  # fmt: skip
    made.samples.set(rows)
    return made


@transaction.atomic
def book(
    teaching_set: TeachingSet, told: Booking, *, school: str, contact: str, by: Person, at: datetime
) -> SetBooking:  # fmt: skip
    """Book a set for a school; it is with one at a time, and no longer than it may be."""
    lock()
    faults = [*texts.check("school", school, most=300, needed=True), *texts.check("contact", contact, most=300, needed=True),
              *shows.check_booking(told, queries.shows.taken(teaching_set), days_most=teaching_set.days_most),
              *_check_future(told, at)]  # fmt: skip
    if "curator" not in lending.who(by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    fault.refuse_if(faults)
    return SetBooking.objects.create(teaching_set=teaching_set, school=school.strip(), contact=contact.strip(),
                                     first=told.first, last=told.last, by=by.key, at=at)  # fmt: skip


def _check_future(told: Booking, at: datetime) -> Iterator[Fault]:
    if told.last < at.date():
        yield fault.of("last", "this day has passed", "choose a day from today on")


@transaction.atomic
def cancel_booking(booking: SetBooking, *, by: Person, at: datetime) -> SetBooking:
    """Let a booking go that is not yet a loan."""
    lock()
    now = SetBooking.objects.get(pk=booking.pk)
    faults = []
    if now.loan_id is not None or now.cancelled_at is not None:
        faults.append(fault.of("booking", "it is a loan already, or was let go", "leave it as it is"))
    if "curator" not in lending.who(by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    fault.refuse_if(faults)
    now.cancelled_at = at
    now.save(update_fields=["cancelled_at"])
    return now


@transaction.atomic
def agree_booking(
    booking: SetBooking, told: Told, *, policy_key: str, by: Person, at: datetime
) -> LoanAgreement:
    """Draft the agreement under which a booked set is lent: all its samples, each whole, for the days that were booked."""
    lock()
    now = SetBooking.objects.select_related("teaching_set").get(pk=booking.pk)
    rows = list(now.teaching_set.samples.order_by("number"))
    wanted = [(row.number, lending.in_store(row, whole=True)[1]) for row in rows]
    whole = replace(told, modality="education", begins=now.first, ends=now.last,
                    whole=frozenset(row.number for row in rows))  # fmt: skip
    return agreements.make_direct(whole, wanted, policy_key=policy_key, by=by, at=at)


@transaction.atomic
def join_booking(booking: SetBooking, loan: Loan, *, by: Person) -> SetBooking:
    """Join a booking to the loan that came of its agreement."""
    lock()
    now = SetBooking.objects.select_related("teaching_set").get(pk=booking.pk)
    own = set(now.teaching_set.samples.values_list("pk", flat=True))
    faults = []
    if loan.modality != "education" or set(loan.items.values_list("sample", flat=True)) != own:
        faults.append(fault.of("loan", "this loan is not of this set", "choose the one that was made for it"))
    if now.loan_id is not None or "curator" not in lending.who(by):
        faults.append(fault.of("person", "this is not yours to do", "ask a curator"))
    fault.refuse_if(faults)
    now.loan = loan
    now.save(update_fields=["loan"])
    return now


def _who(show: Show, by: Person) -> frozenset[str]:
    return lending.on_loan(show.loan, by) if show.loan is not None else lending.who(by)


def _locked(show: Show) -> Show:
    return Show.objects.select_related("loan__holder").get(pk=show.pk)


def _stepped(row: Show, taken: Step, *, by: Person, at: datetime, reason: str = "") -> Show:
    row.state = taken.target
    row.save(update_fields=["state"])
    ShowStep.objects.create(show=row, order=row.steps.count() + 1, act=taken.act, target=taken.target,
                            reason=reason.strip(), by=by.key, at=at)  # fmt: skip
    return row
