"""E-mails: made from notices that are due, claimed by one worker at a time, handed to the mail server once.

A mailing is *claimed* under a lease before anything is said to the server, and *handed over* in the last moment before the
server gets the letter. Whoever dies before that leaves a claim that runs out, and another worker begins anew. Whoever dies
after it leaves the one thing that nobody here can know: whether the server took it. Such a mailing is *unsure*; it is not
sent again by itself, and a director sees it. So no letter is sent twice, and none is lost unseen.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from aliquot import notices
from aliquot.notices import How
from aliquot.site import mail_texts
from aliquot.site.models import Mailing, Notice, Person
from aliquot.site.post import Attempt, End, NotOursError, Post
from aliquot.site.queries import notices as reads

State = Mailing.State
LEASE: Final = timedelta(minutes=10)  # longer than any conversation with a mail server, see `post.TIMEOUT_S`
Clock = Callable[[], datetime]


@dataclass(slots=True)
class Sent:
    """What a run did: how many e-mails ended how, and why the mail server could not be used, if so."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    unsure: int = 0
    unreachable: str = ""


# --- From notices to mailings --------------------------------------------------------------------------------


def gather(*, at: datetime) -> int:
    """Make a mailing of each notice that is due, one of all that go into a digest; return how many were made."""
    people = Person.objects.filter(notices__mailing=None, notices__silent=False).distinct()
    return sum(_gather(person, at) for person in people.order_by("pk").iterator(chunk_size=500))


@transaction.atomic
def _gather(person: Person, at: datetime) -> int:
    # Whoever comes second waits for the first here, and then finds nothing left.
    locked = Person.objects.select_for_update().get(pk=person.pk)
    rows = list(Notice.objects.filter(person=locked, mailing=None, silent=False).order_by("made_at", "pk"))
    if not locked.is_active:
        return Notice.objects.filter(pk__in=[row.pk for row in rows]).update(silent=True) * 0
    chosen, zone = reads.choices(locked), reads.correspondence(locked).zone
    silent: list[int] = []
    alone: list[Notice] = []
    digest: list[Notice] = []
    for row in rows:
        wanted = notices.how(notices.KINDS[row.kind], chosen.get(row.kind))
        due = notices.due(wanted, row.made_at, zone)
        if due is None or (row.read_at is not None and wanted is not How.AT_ONCE):
            silent.append(row.pk)
        elif due <= at:
            (alone if wanted is How.AT_ONCE else digest).append(row)
    Notice.objects.filter(pk__in=silent).update(silent=True)
    batches = [[row] for row in alone] + ([digest] if digest else [])
    for batch in batches:
        made = Mailing.objects.create(
            key=secrets.token_hex(16), person=locked, digest=batch is digest, made_at=at, due_at=at
        )
        Notice.objects.filter(pk__in=[row.pk for row in batch]).update(mailing=made)
    return len(batches)


# --- From mailings to the mail server ------------------------------------------------------------------------


def send(clock: Clock) -> Sent:
    """Send what is due, one after another, until nothing is or the mail server cannot be used."""
    done, worker = Sent(), secrets.token_hex(16)
    done.unsure += _abandoned(clock())
    with Post() as post:
        for mailing in _claimed(worker, clock):
            attempt = _attempt(post, mailing, worker)
            _note(mailing, attempt, worker, done, at=clock())
            if attempt.end is End.UNREACHABLE:
                done.unreachable = attempt.said
                break
    return done


def _abandoned(at: datetime) -> int:
    """Mark as unsure what somebody was handing over when they died."""
    rows = Mailing.objects.filter(state=State.HANDED, claimed_until__lte=at)
    return rows.update(state=State.UNSURE, ended_at=at, said="")


def _claimed(worker: str, clock: Clock) -> Iterator[Mailing]:
    while (mailing := _claim(worker, clock())) is not None:
        yield mailing


@transaction.atomic
def _claim(worker: str, at: datetime) -> Mailing | None:
    """Claim the mailing that waits longest; what another worker has at this moment is passed over."""
    ready = Q(state=State.WAITING, due_at__lte=at) | Q(state=State.CLAIMED, claimed_until__lte=at)
    rows = Mailing.objects.filter(ready).order_by("due_at", "pk")
    found = rows.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked).first()
    if found is None:
        return None
    found.state, found.claimed_by, found.claimed_until = State.CLAIMED, worker, at + LEASE
    found.save(update_fields=["state", "claimed_by", "claimed_until"])
    return found


def _attempt(post: Post, mailing: Mailing, worker: str) -> Attempt:
    person = Person.objects.get(pk=mailing.person_id)
    if not person.is_active:
        return Attempt(End.REFUSED, "")
    message = mail_texts.message(mailing, person)

    def before() -> None:
        # Decided by the database: where the lease ran out and somebody else has claimed it, nothing is sent here.
        if _ours(mailing, worker).filter(state=State.CLAIMED).update(state=State.HANDED) != 1:
            raise NotOursError

    return post.hand_over(message, before=before)


def _ours(mailing: Mailing, worker: str) -> QuerySet[Mailing]:
    return Mailing.objects.filter(pk=mailing.pk, claimed_by=worker, state__in=(State.CLAIMED, State.HANDED))


def _note(mailing: Mailing, attempt: Attempt, worker: str, done: Sent, *, at: datetime) -> None:
    """Write down how an attempt ended."""
    rows = _ours(mailing, worker)
    match attempt.end:
        case End.SENT:
            done.sent += rows.update(state=State.SENT, ended_at=at, tries=F("tries") + 1, said="")
        case End.UNREACHABLE:
            rows.update(state=State.WAITING, claimed_by="", claimed_until=None, said=attempt.said)
        case End.LATER:
            _later(mailing, attempt, worker, done, at=at)
        case End.REFUSED:
            done.failed += rows.update(
                state=State.FAILED, ended_at=at, tries=F("tries") + 1, said=attempt.said
            )
        case End.UNSURE:
            done.unsure += rows.update(
                state=State.UNSURE, ended_at=at, tries=F("tries") + 1, said=attempt.said
            )
        case End.NOT_OURS:
            pass


def _later(mailing: Mailing, attempt: Attempt, worker: str, done: Sent, *, at: datetime) -> None:
    wait = notices.wait(mailing.tries + 1)
    rows = _ours(mailing, worker)
    if wait is None:
        done.failed += rows.update(state=State.FAILED, ended_at=at, tries=F("tries") + 1, said=attempt.said)
        return
    done.later += rows.update(
        state=State.WAITING,
        due_at=at + wait,
        tries=F("tries") + 1,
        claimed_by="",
        claimed_until=None,
        said=attempt.said,
    )


# --- What a director does with those that did not arrive -----------------------------------------------------


def send_again(number: int, *, at: datetime) -> bool:
    """Let a mailing that failed, or of which nobody knows, be sent again under the same Message-ID."""
    rows = Mailing.objects.filter(pk=number, state__in=reads.NOT_ARRIVED)
    return (
        rows.update(state=State.WAITING, due_at=at, tries=0, claimed_by="", claimed_until=None, ended_at=None)
        == 1
    )


def leave(number: int) -> bool:
    """Leave a mailing as it is: somebody has seen that it did not arrive."""
    return Mailing.objects.filter(pk=number, state__in=reads.NOT_ARRIVED).update(state=State.LEFT) == 1
