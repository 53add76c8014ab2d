"""Calls: drafted, published with a frozen list, asked about, amended with notice, closed, and brought to their end.

Every act locks the call first, so that no submission slips between its deadline and its closing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files

from django.db import transaction

from aliquot import call_drafts, calls, fault, policy
from aliquot.calls import Stock
from aliquot.fault import Refused
from aliquot.life_cycles import Need, Step
from aliquot.policy import Policy
from aliquot.site import queries
from aliquot.site.models import Call, CallQuestion, CallStep, PanelMember, Person, Request, RequestStep
from aliquot.site.operations import notices
from aliquot.site.operations.life_cycles import check_reason, new_key, parts, take
from aliquot.site.queries.requests import LIVE

QUESTION_MOST = 4_000
QUESTIONS_MOST = 10  # of one person that wait
UNDECIDED = ("submitted", "in review", "on the short list", "under appeal")


@transaction.atomic
def draft(told: Mapping[str, object], *, by: Person, at: datetime) -> Call:
    """Begin a call."""
    fault.refuse_if((*_check_keeper(by), *call_drafts.check_draft(told)))
    return Call.objects.create(key=new_key(), title=_title(told), told=dict(told), made_by=by, made_at=at)


def _check_keeper(by: Person) -> list[fault.Fault]:
    if "curator" in parts(by):
        return []
    return [fault.of("person", "calls are drafted by curators", "ask a curator")]


@transaction.atomic
def edit(call: Call, told: Mapping[str, object], *, base: int, by: Person) -> Call:
    """Write a draft anew; whoever began from an older version is told, and nothing is overwritten."""
    now = _lock(call)
    faults = [*call_drafts.check_draft(told), *_clash(now, base)]
    take(calls.CYCLE, state=now.state, act="edit", who=parts(by), also=faults)
    now.told, now.title, now.version = dict(told), _title(told), now.version + 1
    now.save(update_fields=["told", "title", "version"])
    return now


def _clash(now: Call, base: int | None) -> list[fault.Fault]:
    if base is None or now.version == base:
        return []
    return [fault.of("call", "somebody else has saved this call meanwhile", "compare both, then save again")]


@transaction.atomic
def publish(call: Call, *, by: Person, at: datetime) -> Call:
    """Publish a draft: what it says is frozen, with the rules as they are today."""
    now = _lock(call)
    if now.state != calls.CYCLE.start:
        take(calls.CYCLE, state=now.state, act="publish", who=parts(by))
    text, rules = pack(str(now.told.get("policy", "")))
    said, faults = _read(now.told, text, rules, at)
    step = take(
        calls.CYCLE, state=now.state, act="publish", who=parts(by), holding=[calls.SOUND], also=faults
    )
    now.policy_text, now.published_at = text, at
    _say(now, said)
    return _stepped(now, step, by=by, at=at, told=now.told)


def _read(
    told: Mapping[str, object], text: str, rules: Policy, at: datetime
) -> tuple[calls.Call, tuple[fault.Fault, ...]]:
    """Return what a draft says, and all that is wrong with it: what cannot be read, and what may not be so."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    said, unread = call_drafts.so_far(told, rules=rules, policy_sha256=sha256)
    return said, (*unread, *call_drafts.besides(_faults(said, at, rules), unread))


def faults_of(call: Call, *, at: datetime) -> tuple[fault.Fault, ...]:
    """Return what keeps a draft from being published at that moment; writes nothing."""
    try:
        text, rules = pack(str(call.told.get("policy", "")))
    except Refused as refused:
        return refused.faults
    return _read(call.told, text, rules, at)[1]


def pack(key: str) -> tuple[str, Policy]:
    """Return a policy pack: its text and its rules."""
    rules = policy.load(key)
    return files("aliquot.policies").joinpath(f"{key}.toml").read_text("utf-8"), rules


def _faults(
    said: calls.Call, at: datetime, rules: Policy, before: calls.Call | None = None
) -> tuple[fault.Fault, ...]:
    """Return what is wrong with a call; what was offered before is held to have been free then."""
    stock = queries.calls.stock([offer.sample for offer in said.offers])
    if before is not None:
        kept = {
            offer: Stock(offer.mass_ng, False, offer.form) for offer in before.offers if offer in said.offers
        }
        stock |= {offer.sample: known for offer, known in kept.items()}
    return calls.check(said, at=at, stock=stock, rules=rules)


@transaction.atomic
def amend(
    call: Call, told: Mapping[str, object], *, reason: str, by: Person, at: datetime, base: int | None = None
) -> Call:
    """Change an open call as far as that wrongs nobody; the notice is the step with its reason.

    With `base`, the version that the change began from, whoever comes second is told, as in `edit`.
    """
    now = _lock(call)
    if now.published_at is None:
        take(calls.CYCLE, state=now.state, act="amend", who=parts(by))
    before, rules = queries.calls.value(now), queries.calls.rules(now)
    after = call_drafts.read(told, rules=rules, policy_sha256=before.policy_sha256)
    faults = list(after) if isinstance(after, tuple) else [
        *calls.check_amendment(before, after, at=at, rules=rules), *_faults(after, at, rules, before)
    ]  # fmt: skip
    step = take(calls.CYCLE, state=now.state, act="amend", who=parts(by),
                also=[*_clash(now, base), *faults, *check_reason(reason)],
                holding=[calls.ALLOWED, *_running(before, at), *_told(reason)])  # fmt: skip
    if isinstance(after, tuple):
        raise Refused(after)
    _say(now, after)
    return _stepped(now, step, by=by, at=at, reason=reason, told=now.told)


def _running(call: calls.Call, at: datetime) -> list[Need]:
    return [calls.RUNNING] if at <= call.closes else []


def _told(reason: str) -> list[Need]:
    return [calls.REASON] if reason.strip() else []


@transaction.atomic
def ask(call: Call, text: str, *, by: Person, at: datetime) -> CallQuestion:
    """Ask about an open call."""
    now = _lock(call)
    faults = list(calls.check_text("text", text, most=QUESTION_MOST))
    if now.state != "open" or at > queries.calls.value(now).closes:
        faults.append(fault.of("call", "questions are asked while the call is open", "write to the facility"))
    if now.questions.filter(asked_by=by, answered_at__isnull=True).count() >= QUESTIONS_MOST:
        faults.append(fault.of("text", "{most} questions of yours wait for an answer", "wait for one first",
                               most=QUESTIONS_MOST))  # fmt: skip
    fault.refuse_if(faults)
    order = now.questions.count() + 1
    notices.question_asked(now, order, by=by, at=at)
    return CallQuestion.objects.create(call=now, order=order, text=text.strip(), asked_by=by, asked_at=at)


@transaction.atomic
def answer(question: CallQuestion, text: str, *, by: Person, at: datetime) -> CallQuestion:
    """Answer a question, for everybody at once; an answer is given once."""
    call = _lock(question.call)
    now = CallQuestion.objects.get(pk=question.pk)
    faults = list(calls.check_text("answer", text, most=QUESTION_MOST))
    if now.answered_at is not None:
        faults.append(fault.of("question", "this is answered already", "answer further questions"))
    step = take(calls.CYCLE, state=call.state, act="answer", who=parts(by), also=faults,
                holding=_running(queries.calls.value(call), at) if call.published_at else [])  # fmt: skip
    now.answer, now.answered_by, now.answered_at = text.strip(), by, at
    now.save(update_fields=["answer", "answered_by", "answered_at"])
    _stepped(call, step, by=by, at=at)
    return now


@transaction.atomic
def sit(call: Call, people: Mapping[Person, bool], *, by: Person) -> None:
    """Name the committee of a call, with whether each votes; curators inform and never do."""
    now = _lock(call)
    faults = []
    if "chair" not in parts(by):
        faults.append(fault.of("person", "the committee is named by a chair", "ask the chair"))
    if now.state in ("being decided", "concluded", "cancelled"):
        faults.append(fault.of("call", "the committee is deciding, or has decided", "leave it as it is"))
    for person, votes in people.items():
        if votes and "curator" in parts(person):
            faults.append(
                fault.of(person.key, "a curator informs and does not vote", "let them sit without a vote")
            )
    fault.refuse_if(faults)
    now.panel.all().delete()
    PanelMember.objects.bulk_create(
        PanelMember(call=now, person=person, votes=votes) for person, votes in people.items()
    )


@transaction.atomic
def move(call: Call, act: str, *, reason: str = "", by: Person, at: datetime) -> Call:
    """Bring a call on by an act of its table that changes nothing of what it says: close, review, hear, cancel and so on."""
    now = _lock(call)
    if act in ("edit", "publish", "amend", "answer"):
        raise Refused([fault.of("act", "“{act}” wants more than a word", "use its own form", act=act)])
    held = [*_told(reason), *holding(now, at)]
    step = take(calls.CYCLE, state=now.state, act=act, who=parts(by), holding=held, also=check_reason(reason))
    if act == "review":
        _lapse_drafts(now, by=by, at=at)
    return _stepped(now, step, by=by, at=at, reason=reason)


def holding(call: Call, at: datetime) -> list[Need]:
    """Return what holds of a published call and of the requests in it; of a draft nothing does."""
    if call.published_at is None:
        return []
    said, rules = queries.calls.value(call), queries.calls.rules(call)
    rows = list(call.requests.filter(submitted_at__isnull=False).prefetch_related("reviews", "hearings"))
    open_ones = [row for row in rows if row.state in UNDECIDED]
    live = {row.pk: [one for one in row.reviews.all() if one.state in LIVE] for row in open_ones}
    listed = [row for row in open_ones if row.state == "on the short list"]
    heard = [
        any(one.heard is not None and one.round == row.round for one in row.hearings.all()) for row in listed
    ]
    holds = {
        calls.OVER: calls.is_over(said, at),
        calls.ASSIGNED: all(row.state != "submitted" and len(live[row.pk]) >= max(rules.reviews_per_request, 1)
                            for row in open_ones),
        calls.TWO_STAGE: said.two_stage,
        calls.ONE_STAGE: not said.two_stage,
        calls.REVIEWED: all(one.state == "handed in" for each in live.values() for one in each),
        calls.HEARD: all(heard),
        calls.DECIDED: not open_ones,
    }  # fmt: skip
    return [need for need, holding in holds.items() if holding]


def _lapse_drafts(call: Call, *, by: Person, at: datetime) -> None:
    """Let drafts lapse that were never submitted. Not when the call is closed: what came in time may still be on its way."""
    for row in Request.objects.select_for_update().filter(call=call, state="draft"):
        RequestStep.objects.create(
            request=row, order=row.steps.count() + 1, act="lapse", target="lapsed", by=by, at=at
        )
        Request.objects.filter(pk=row.pk).update(state="lapsed")


def _lock(call: Call) -> Call:
    return Call.objects.select_for_update().get(pk=call.pk)


def _title(told: Mapping[str, object]) -> str:
    return str(told.get("title", "")).strip()[:200]


def _say(row: Call, said: calls.Call) -> None:
    row.told, row.sha256, row.title = calls.as_json(said), said.sha256, said.title
    row.opens, row.closes, row.version = said.opens, said.closes, row.version + 1


def _stepped(
    row: Call,
    step: Step,
    *,
    by: Person,
    at: datetime,
    reason: str = "",
    told: Mapping[str, object] | None = None,
) -> Call:
    row.state = step.target
    row.save()
    CallStep.objects.create(call=row, order=row.steps.count() + 1, act=step.act, target=step.target, reason=reason.strip(),
                            told=told, by=by, at=at)  # fmt: skip
    notices.call_stepped(row, step.act, by=by, at=at)
    return row
