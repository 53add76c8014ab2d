"""Requests: written together, submitted once, amended, and brought through review and appeal by their table.

`at` is when the server got it, before any lock was waited for. The call is locked before the request, here as in `calls`,
so that what came in time is not lost to a closing that came a moment later.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from aliquot import calls, decisions, fault, identifiers, request_drafts, request_limits, requests
from aliquot.fault import Fault, Refused
from aliquot.life_cycles import Need, Step
from aliquot.requests import LEAD
from aliquot.screenings import Outcome as Screened
from aliquot.site import queries
from aliquot.site.models import (
    Call,
    Letter,
    Person,
    Receipt,
    ReceiptFile,
    Request,
    RequestLeaver,
    RequestMember,
    RequestStep,
    RequestVersion,
)
from aliquot.site.operations import letters, notices, promises
from aliquot.site.operations.life_cycles import check_reason, lock, new_key, parts, take
from aliquot.site.queries.requests import LIVE

# What is taken by its own operation, because it brings more than a reason.
OWN = ("edit", "submit", "amend", "lapse", "grant", "refuse", "defer")


@dataclass(frozen=True, slots=True)
class Saved:
    """A draft that was saved. With clashes it stands aside, whole, and the draft is as the other left it."""

    version: RequestVersion
    merged: bool
    clashes: tuple[str, ...] = ()


@transaction.atomic
def begin(call: Call, *, told: Mapping[str, object] | None = None, by: Person, at: datetime) -> Request:
    """Begin a draft under an open call, empty or with what is known already."""
    now = Call.objects.select_for_update().get(pk=call.pk)
    faults = []
    if "requester" not in parts(by):
        faults.append(
            fault.of("person", "samples are asked for by requesters", "ask the facility for that role")
        )
    if now.state != "open":
        faults.append(fault.of("call", "the call is not open", "wait until it opens"))
    faults += request_drafts.check_draft(told or {})
    fault.refuse_if(faults)
    made = Request.objects.create(key=new_key(), call=now, lead=by, made_at=at)
    RequestVersion.objects.create(request=made, order=1, base=0, told=dict(told or {}), by=by, at=at)
    Request.objects.filter(pk=made.pk).update(version=1)
    made.version = 1
    return made


@transaction.atomic
def invite(request: Request, person: Person, *, by: Person, at: datetime) -> RequestMember:
    """Let somebody else write a request too."""
    now = lock(request)
    faults = []
    if LEAD not in parts(by, now):
        faults.append(fault.of("person", "only the principal investigator invites others", "ask them"))
    if queries.requests.is_author(now, person):
        faults.append(
            fault.of("person", "{name} writes this request already", "invite somebody else", name=person.name)
        )
    fault.refuse_if(faults)
    notices.member_invited(now, person, by=by, at=at)
    return RequestMember.objects.create(request=now, person=person, by=by, at=at)


@transaction.atomic
def take_off(request: Request, person: Person, *, by: Person, at: datetime) -> RequestLeaver:
    """Let somebody write a request no more; that they did stays known, for conflicts too. They are told, and may be invited again."""
    now = lock(request)
    member = now.members.filter(person=person).first()
    faults = []
    if LEAD not in parts(by, now):
        faults.append(fault.of("person", "only the principal investigator takes somebody off", "ask them"))
    if now.settled_at is not None or now.state in ("withdrawn", "lapsed"):
        faults.append(fault.of("request", "this request is over", "leave it as it was written"))
    if member is None:
        faults.append(
            fault.of("person", "{name} does not write this request", "look who does", name=person.name)
        )
    fault.refuse_if(faults)
    if member is None:
        fault.bug(f"{person.key} is taken off request {now.key} and does not write it")
    notices.member_taken_off(now, person, by=by, at=at)
    made = RequestLeaver.objects.create(request=now, person=person, joined_at=member.at, by=by, at=at)
    member.delete()
    return made


@transaction.atomic
def save(request: Request, told: Mapping[str, object], *, base: int, by: Person, at: datetime) -> Saved:
    """Save a draft that was begun from version `base`; two who write at once lose nothing (see `request_drafts.merge`)."""
    now = lock(request)
    known = now.versions.filter(order=base, aside=False).first()
    faults = list(request_drafts.check_draft(told))
    if known is None:
        faults.append(fault.of("version", "there is no such version of this request", "open it again"))
    take(requests.CYCLE, state=now.state, act="edit", who=parts(by, now), also=faults)
    newest = queries.requests.newest(now) or fault.bug(f"request {now.key} has no version")
    kept, clashes = dict(told), ()
    if known is not None and newest.order != base:
        kept, clashes = request_drafts.merge(known.told, told, newest.told)
    if clashes:
        return Saved(_version(now, dict(told), base, by, at, aside=True), False, clashes)
    if kept == newest.told:
        return Saved(newest, False)
    return Saved(_version(now, kept, newest.order, by, at), newest.order != base)


@transaction.atomic
def settle(
    request: Request, aside: RequestVersion, *, seen: int, mine: Collection[str], by: Person, at: datetime
) -> Saved:
    """Bring a text that stood aside into the draft: its own in the fields of `mine`, elsewhere what the other wrote.

    `seen` is the version that it was compared with. What was written since then is put together with it as in `save`.
    """
    versions = {one.order: one for one in request.versions.filter(order__in=(aside.base, seen), aside=False)}
    if aside.request_id != request.pk or not aside.aside or versions.keys() != {aside.base, seen}:
        raise Refused([fault.of("version", "there is no such version of this request", "open it again")])
    merged, clashes = request_drafts.merge(versions[aside.base].told, aside.told, versions[seen].told)
    for field in set(clashes) & set(mine):
        merged[field] = aside.told.get(field, "")
    return save(request, merged, base=seen, by=by, at=at)


def _version(
    now: Request, told: Mapping[str, object], base: int, by: Person, at: datetime, *, aside: bool = False
) -> RequestVersion:
    order = now.versions.count() + 1
    made = RequestVersion.objects.create(
        request=now, order=order, base=base, aside=aside, told=told, by=by, at=at
    )
    if not aside:
        now.version, now.title = order, str(told.get("title", ""))[:300]
        now.save(update_fields=["version", "title"])
    return made


@transaction.atomic
def attempt(request: Request, *, by: Person, at: datetime) -> None:
    """Note that somebody began to submit. Called before `submit` and in a transaction of its own.

    Should `submit` then be refused for faults of the text, there is the grace from now to mend them.
    """
    now = lock(request)
    said = queries.calls.value(now.call)
    if LEAD in parts(by, now) and said.opens <= at <= calls.last_moment(said):
        Request.objects.filter(pk=now.pk).update(tried_at=at)


@transaction.atomic
def submit(request: Request, *, version: int, by: Person, at: datetime) -> Receipt:
    """Submit that version; asked twice, it is submitted once and the same receipt is given."""
    now = lock(request)
    held = now.receipts.filter(version__order=version).first()
    if held is not None and now.state == "submitted" and LEAD in parts(by, now):
        return held
    newest = queries.requests.newest(now)
    faults = [] if newest and newest.order == version else [_NOT_NEWEST]
    return _hand_in(now, "submit", newest, faults, by=by, at=at)


_NOT_NEWEST = fault.of(
    "version", "this is not the newest version of the request", "read the newest, then submit it"
)


@transaction.atomic
def amend(request: Request, told: Mapping[str, object], *, base: int, by: Person, at: datetime) -> Receipt:
    """Replace what was submitted by another text, until the deadline; the same text again gives the same receipt."""
    now = lock(request)
    newest = queries.requests.newest(now)
    if newest and newest.told == dict(told) and now.state == "submitted" and LEAD in parts(by, now):
        held = now.receipts.filter(version=newest).first()
        if held is not None and _named(held) == [one.pk for one in queries.requests.files(now)]:
            return held
    faults = list(request_drafts.check_draft(told))
    if newest is None or newest.order != base:
        faults.append(_NOT_NEWEST)
    if now.state == "submitted" and not faults:
        newest = _version(now, dict(told), base, by, at)
    return _hand_in(now, "amend", newest, faults, by=by, at=at)


def _named(receipt: Receipt) -> list[int]:
    return [one.file_id for one in receipt.files.all()]


def _hand_in(
    now: Request, act: str, version: RequestVersion | None, faults: list[Fault], *, by: Person, at: datetime
) -> Receipt:
    said = queries.calls.value(now.call)
    if act in {step.act for step in requests.CYCLE.from_state(now.state)}:
        faults = [*faults, *_faults(now, version.told if version else {}, said, at)]
    held = [*_in_time(now, said, at), requests.COMPLETE]  # the faults themselves are told instead
    step = take(requests.CYCLE, state=now.state, act=act, who=parts(by, now), holding=held, also=faults)
    if version is None:
        fault.bug(f"request {now.key} has no version")
    now.submitted_at = at
    stepped(now, step, by=by, at=at)
    return _receipt(now, version, by=by, at=at, in_grace=at > said.closes)


def _receipt(now: Request, version: RequestVersion, *, by: Person, at: datetime, in_grace: bool) -> Receipt:
    files = list(queries.requests.files(now))
    sha256 = requests.receipt(
        version.told, call_sha256=now.call.sha256, request=now.key, version=version.order, at=at,
        files=[requests.Enclosed(one.name, one.file.sha256) for one in files],
    )  # fmt: skip
    made = Receipt.objects.create(request=now, version=version, sha256=sha256, call_sha256=now.call.sha256, by=by,
                                  at=at, in_grace=in_grace)  # fmt: skip
    ReceiptFile.objects.bulk_create(ReceiptFile(receipt=made, file=one) for one in files)
    return made


def _in_time(now: Request, said: calls.Call, at: datetime) -> Iterator[Need]:
    # A closed call still takes what came in time and had to wait for its turn.
    if now.call.state in ("open", "closed") and at >= said.opens:
        yield requests.RUNNING
    if at <= calls.last_moment(said, tried=now.tried_at):
        yield requests.IN_TIME


def _faults(now: Request, told: Mapping[str, object], said: calls.Call, at: datetime) -> tuple[Fault, ...]:
    """Return everything that a text lacks, and the limits that it breaks once it can be read."""
    rules = queries.calls.rules(now.call)
    found = request_drafts.read(told, call=said, rules=rules)
    if isinstance(found, tuple):
        return found
    return _limits(now, found.lines, said, ror=found.lead.ror, news=found.news, at=at).blocking


def limits(request: Request, told: Mapping[str, object], *, at: datetime) -> request_limits.Findings:
    """Return what the policy says to a draft as far as it is typed; writes nothing."""
    said, rules = queries.calls.value(request.call), queries.calls.rules(request.call)
    lead, news = told.get("lead"), told.get("news")
    ror = identifiers.ror(str(lead.get("ror", ""))) if isinstance(lead, Mapping) else ""
    return _limits(request, request_drafts.lines_so_far(told, call=said, rules=rules), said, at=at,
                   ror=ror if isinstance(ror, str) else "", news=news if isinstance(news, str) else "")  # fmt: skip


def _limits(
    now: Request, lines: tuple[requests.Line, ...], said: calls.Call, *, ror: str, news: str, at: datetime
) -> request_limits.Findings:
    named = {line.sample for line in lines if line.sample}
    return request_limits.check(
        lines, call=said, rules=queries.calls.rules(now.call), stands=queries.calls.stands(named),
        standing=queries.requests.standing(now, ror, on=at.date()), news=news, on=at.date(),
    )  # fmt: skip


@transaction.atomic
def move(request: Request, act: str, *, reason: str = "", by: Person, at: datetime) -> Request:
    """Bring a request on by an act of its table: withdraw, admit, turn away, shortlist, appeal and so on."""
    now = lock(request)
    if act in OWN:
        raise Refused([fault.of("act", "“{act}” wants more than a word", "use its own form", act=act)])
    faults = [*check_reason(reason), *(_appeal(now, at) if act == "appeal" else ())]
    held = [*([requests.REASON] if reason.strip() else []), *_holding(now)]
    step = take(requests.CYCLE, state=now.state, act=act, who=parts(by, now), holding=held, also=faults)
    if act in ("resume", "reopen"):
        now.round, now.settled_at = now.round + 1, None
    if step.target == "withdrawn":
        promises.release(now, at=at)
    done = stepped(now, step, by=by, at=at, reason=reason)
    if act == "turn away":
        letters.issue(done, Letter.Kind.SCREENED, at=at)
    return done


def open_to(request: Request, person: Person, *, at: datetime) -> tuple[Step, ...]:
    """Return the steps that somebody could take now, should the text be complete and a reason told; writes nothing."""
    who = parts(person, request)
    held = {requests.COMPLETE, requests.REASON, *_in_time(request, queries.calls.value(request.call), at)}
    steps = [step for step in requests.CYCLE.from_state(request.state) if set(step.who) & who]
    if any(set(step.needs) - held for step in steps):
        held |= set(_holding(request))
    if _appeal(request, at):
        held.discard(requests.APPEALABLE)
    return tuple(step for step in steps if set(step.needs) <= held)


def lacks(request: Request, told: Mapping[str, object]) -> tuple[Fault, ...]:
    """Return everything that a draft still lacks under its call, its limits apart; writes nothing."""
    found = request_drafts.read(
        told, call=queries.calls.value(request.call), rules=queries.calls.rules(request.call)
    )
    return found if isinstance(found, tuple) else ()


def _holding(now: Request) -> Iterator[Need]:
    said = queries.calls.value(now.call)
    live = [one.state for one in now.reviews.all() if one.state in LIVE]
    if now.call.state in ("closed", "in review"):
        yield requests.CLOSED
    if not _forbidden(now):
        yield requests.ELIGIBLE
    if said.two_stage:
        yield requests.TWO_STAGE
    if live and all(state == "handed in" for state in live):
        yield requests.REVIEWED
    yield requests.APPEALABLE  # what stands against an appeal is told instead


def _forbidden(now: Request) -> bool:
    """Whether a compliance officer refused this request; its screenings are those of `request:` and its key."""
    screening = queries.screenings.newest(f"request:{now.key}")
    decided = screening.decisions.order_by("-order").first() if screening else None
    return decided is not None and decided.outcome == Screened.REFUSE


def _appeal(now: Request, at: datetime) -> tuple[Fault, ...]:
    last = now.decisions.last()
    if now.state not in ("granted", "refused") or last is None or now.settled_at is None:
        return ()
    return decisions.check_appeal(decisions.Outcome(last.outcome), told=now.settled_at, at=at,
                                  appeals=now.steps.filter(act="appeal").count(),
                                  rules=queries.calls.rules(now.call))  # fmt: skip


def stepped(row: Request, step: Step, *, by: Person, at: datetime, reason: str = "") -> Request:
    """Write down a step that was taken."""
    row.state = step.target
    row.save()
    RequestStep.objects.create(request=row, order=row.steps.count() + 1, act=step.act, target=step.target,
                               reason=reason.strip(), by=by, at=at)  # fmt: skip
    notices.request_stepped(row, step.act, by=by, at=at)
    return row
