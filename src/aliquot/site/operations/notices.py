"""Telling people: which act is told to whom, written down in the transaction of the act itself.

Each part of the site calls one function here where it acts. `tell` writes a notice once for each person and occasion,
however often it is called; whoever did it themselves is not told of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import itemgetter
from typing import Final

from django.db import transaction

from aliquot import fault, notices
from aliquot.notices import How
from aliquot.site.models import (
    Approval,
    Call,
    Correspondence,
    Hearing,
    Notice,
    NoticeChoice,
    Person,
    Proposal,
    RegisterClaim,
    Request,
    Review,
    Role,
    Watch,
)
from aliquot.site.queries import notices as reads

WATCHED_MOST: Final = 80


@dataclass(frozen=True, slots=True)
class Telling:
    """What is to be told to whom: people by number, `subject` such as `call:ab12`, once for the occasion.

    What fills the sentences is given as keys, moments (`notices.at`) and numbers, and never as the name of anybody.
    """

    kind: str
    people: Collection[int]
    subject: str
    occasion: str
    told: Mapping[str, str | int]

    def __post_init__(self) -> None:
        if self.kind not in notices.KINDS or not notices.placeholders(notices.KINDS[self.kind]) <= set(
            self.told
        ):
            fault.bug(f"a notice {self.kind} is told with {sorted(self.told)}")


def tell(
    kind: str, people: Collection[int], *, subject: str, occasion: str, at: datetime, **told: str | int
) -> int:
    """Tell these people of something, in the transaction of the act; return how many did not know it yet."""
    return tell_all([Telling(kind, people, subject, occasion, told)], at=at)


@transaction.atomic
def tell_all(tellings: Iterable[Telling], *, at: datetime) -> int:
    """Tell many things in a few statements for each five hundred; return how many notices were new."""
    count = 0
    for some in _batched(tellings):
        wanted = {(pk, one.kind, one.subject, one.occasion): one for one in some for pk in one.people}
        people = {key[0] for key in wanted}
        there = set(Person.objects.filter(pk__in=people, is_active=True).values_list("pk", flat=True))
        about = Notice.objects.filter(subject__in={one.subject for one in some}, person__in=there)
        known = set(about.values_list("person", "kind", "subject", "occasion"))
        made = [
            Notice(
                person_id=pk, kind=kind, subject=subject, occasion=occasion, told=dict(one.told), made_at=at
            )
            for (pk, kind, subject, occasion), one in sorted(wanted.items(), key=itemgetter(0))
            if pk in there and (pk, kind, subject, occasion) not in known
        ]
        # Where somebody tells the same at this moment, theirs stays.
        Notice.objects.bulk_create(made, ignore_conflicts=True, batch_size=1_000)
        count += len(made)
    return count


def _batched(tellings: Iterable[Telling]) -> Iterator[list[Telling]]:
    source = iter(tellings)
    while some := list(islice(source, 500)):
        yield some


# --- Calls ---------------------------------------------------------------------------------------------------

_OF_CALLS: Final = {
    "publish": "call-published",
    "amend": "call-amended",
    "answer": "call-answered",
    "cancel": "call-cancelled",
    "conclude": "call-concluded",
}


def call_stepped(call: Call, act: str, *, by: Person, at: datetime) -> None:
    """Tell of an act on a call, after its step is written, those who ask under it and those who watch it."""
    kind = _OF_CALLS.get(act)
    if kind is None or call.published_at is None:
        return
    people = (reads.authors(call) | reads.watchers(call)) - {by.pk}
    tell(kind, people, subject=f"call:{call.key}", occasion=f"step {call.steps.count()}", at=at,
         call=f"call:{call.key}", until=notices.at(call.closes) if call.closes else "")  # fmt: skip


def question_asked(call: Call, number: int, *, by: Person, at: datetime) -> None:
    """Tell curators that somebody asks."""
    tell("call-asked", reads.holding(Role.CURATOR) - {by.pk}, subject=f"call-keeping:{call.key}", at=at,
         occasion=f"question {number}", call=f"call:{call.key}")  # fmt: skip


# --- Requests ------------------------------------------------------------------------------------------------

_OF_REQUESTS: Final = {
    "submit": "request-submitted",
    "amend": "request-submitted",
    "withdraw": "request-withdrawn",
    "decline": "request-withdrawn",
    "admit": "request-admitted",
    "turn away": "request-turned-away",
    "shortlist": "request-listed",
    "resume": "request-resumed",
    "grant": "request-decided",
    "refuse": "request-decided",
    "defer": "request-decided",
    "appeal": "request-appealed",
    "reopen": "appeal-decided",
    "uphold": "appeal-decided",
}


def request_stepped(request: Request, act: str, *, by: Person, at: datetime) -> None:
    """Tell of an act on a request, after its step is written: its team, and whoever else has to do with it."""
    kind = _OF_REQUESTS.get(act)
    if kind is None:
        return
    people = reads.team(request)
    if act == "appeal":
        people = reads.holding(Role.DIRECTOR, Role.CHAIR) - {by.pk}
    elif act not in ("submit", "amend"):  # a receipt is for whoever submits, too
        people -= {by.pk}
    if act in ("withdraw", "decline"):
        people |= reads.reviewers(request) - {by.pk}
    tell(kind, people, subject=f"request:{request.key}", occasion=f"step {request.steps.count()}", at=at,
         **of(request))  # fmt: skip


def member_invited(request: Request, person: Person, *, by: Person, at: datetime) -> None:
    """Tell somebody that they may write a request with others."""
    tell("request-invited", {person.pk}, subject=f"request:{request.key}", occasion=notices.at(at), at=at,
         who=by.key, **of(request))  # fmt: skip


def member_taken_off(request: Request, person: Person, *, by: Person, at: datetime) -> None:
    """Tell somebody that they write a request no more; what they are led to is its call, which they may still see."""
    tell("request-left", {person.pk}, subject=f"call:{request.call.key}", occasion=f"{request.key} {notices.at(at)}", at=at,
         who=by.key, **of(request))  # fmt: skip


def hearing_set(hearing: Hearing, *, by: Person, at: datetime) -> None:
    """Tell an applicant and the committee when a hearing is; told once for each hour that it is moved to."""
    request = hearing.request
    panel = set(request.call.panel.values_list("person", flat=True))
    begins = notices.at(hearing.begins)
    told = {**of(request), "begins": begins}
    at_hearings = f"call-hearings:{request.call.key}"  # the request itself is not for all of the committee
    tell(
        "hearing-set",
        reads.team(request) - {by.pk},
        subject=f"request:{request.key}",
        occasion=begins,
        at=at,
        **told,
    )
    tell(
        "hearing-set", panel - {by.pk}, subject=at_hearings, occasion=f"{request.key} {begins}", at=at, **told
    )


def of(request: Request) -> dict[str, str]:
    """Return what the sentences on a request want told of it."""
    return {"request": f"request:{request.key}", "call": f"call:{request.call.key}"}


# --- Reviews -------------------------------------------------------------------------------------------------


def review_stepped(review: Review, act: str, *, by: Person, at: datetime) -> None:
    """Tell of an act on a review, after its step is written: the reviewer, or the chairs who must find another."""
    kind = {"assign": "review-assigned", "release": "review-released", "recuse": "review-recused"}.get(act)
    if kind is None:
        return
    told, subject = of(review.request), f"review:{review.request.key}"
    people = {review.reviewer_id}
    if act == "recuse":
        people, told["who"] = reads.holding(Role.CHAIR) - {by.pk}, f"person:{review.reviewer_id}"
        subject = f"call-reviews:{review.request.call.key}"
    tell(kind, people, subject=subject, occasion=f"step {review.pk}-{review.steps.count()}",
         at=at, **told)  # fmt: skip


def review_reminded(review: Review, *, at: datetime) -> None:
    """Tell a reviewer that a chair asks for the review."""
    tell("review-reminded", {review.reviewer_id}, subject=f"review:{review.request.key}", occasion=notices.at(at),
         at=at, **of(review.request))  # fmt: skip


# --- Sealed samples ------------------------------------------------------------------------------------------


def proposal_made(proposal: Proposal, *, at: datetime) -> None:
    """Tell those who may approve that an act on a sealed sample waits for it."""
    people = reads.holding(Role.CURATOR, Role.DIRECTOR) - {proposal.by_id}
    tell("proposal-waiting", people, subject=f"proposal:{proposal.pk}", occasion="made", at=at,
         who=f"person:{proposal.by_id}", sample=proposal.sample.number)  # fmt: skip


def proposal_answered(approval: Approval, *, at: datetime) -> None:
    """Tell whoever proposed an act of an answer."""
    proposal = approval.proposal
    tell("proposal-answered", {proposal.by_id}, subject=f"proposal:{proposal.pk}", occasion=f"by {approval.person_id}",
         at=at, who=f"person:{approval.person_id}", sample=proposal.sample.number)  # fmt: skip


# --- What somebody does with their own -----------------------------------------------------------------------


def mark_read(person: Person, numbers: Iterable[int] | None, *, at: datetime) -> int:
    """Mark somebody's own notices as read, all of them where no numbers are given; return how many that were."""
    rows = reads.of(person).filter(read_at=None)
    if numbers is not None:
        rows = rows.filter(pk__in=list(numbers))
    return rows.update(read_at=at)


@transaction.atomic
def choose(person: Person, chosen: dict[str, str], *, language: str, zone: str) -> None:
    """Keep how somebody wants to be written to; raise `Refused` with everything that cannot be so."""
    faults = []
    if not notices.is_zone(zone):
        faults.append(fault.of("zone", "there is no such time zone", "choose one of the list"))
    if language not in LANGUAGES:
        faults.append(fault.of("language", "nobody writes in that language here", "choose one of the list"))
    for key, wanted in chosen.items():
        kind = notices.KINDS.get(key)
        if kind is None or wanted not in notices.choices(kind):
            faults.append(fault.of("notices", "a kind of notice cannot be had so", "choose one of the list"))
    fault.refuse_if(faults)
    Correspondence.objects.update_or_create(person=person, defaults={"language": language, "zone": zone})
    for key, wanted in chosen.items():
        _keep(person, key, How(wanted))


def _keep(person: Person, key: str, wanted: How) -> None:
    if wanted is notices.KINDS[key].usual:
        NoticeChoice.objects.filter(person=person, kind=key).delete()
    else:
        NoticeChoice.objects.update_or_create(person=person, kind=key, defaults={"how": wanted.value})


LANGUAGES: Final = ("en", "zh-hans")


def speak(person: Person, language: str) -> None:
    """Write to somebody in the language in which they first came in; whoever has chosen keeps that."""
    if language in LANGUAGES:
        Correspondence.objects.get_or_create(person=person, defaults={"language": language})


@transaction.atomic
def unsubscribe(person: Person, kinds: Iterable[str]) -> tuple[str, ...]:
    """Send no e-mail of these kinds any more, as far as they are not obligatory; return those that this is true of."""
    ended = tuple(
        key for key in kinds if key in notices.KINDS and How.NEVER in notices.choices(notices.KINDS[key])
    )
    for key in ended:
        _keep(person, key, How.NEVER)
    return ended


@transaction.atomic
def watch(person: Person, what: Iterable[str]) -> None:
    """Watch these and nothing else: `calls`, `mission:KEY`, `material:WORD`, `call:KEY`."""
    wanted = {one.strip() for one in what if one.strip()}
    faults = [
        fault.of("watched", "this cannot be watched", "watch calls, a mission, a material or one call")
        for one in sorted(wanted)
        if not _can_be_watched(one)
    ]
    fault.refuse_if(faults[:1])
    Watch.objects.filter(person=person).exclude(what__in=wanted).delete()
    Watch.objects.bulk_create(
        [Watch(person=person, what=one) for one in sorted(wanted)], ignore_conflicts=True
    )


def watch_one(person: Person, what: str, *, on: bool) -> None:
    """Begin or cease to watch one thing, such as a call on its own page."""
    kept = reads.watched(person)
    watch(person, kept | {what} if on else kept - {what})


def _can_be_watched(what: str) -> bool:
    root, _, key = what.partition(":")
    if len(what) > WATCHED_MOST or not what.isprintable():
        return False
    return what == "calls" or (root in ("mission", "material", "call") and bool(key.strip()))


# --- The register --------------------------------------------------------------------------------------------


def claim_judged(claim: RegisterClaim, number: int, *, by: Person, at: datetime) -> None:
    """Tell whoever proposed a claim that somebody judged it, by the number of that step."""
    tell("claim-judged", {claim.by_id} - {by.pk}, subject=f"claim:{claim.key}", occasion=f"step {number}", at=at,
         claim=claim.key)  # fmt: skip
