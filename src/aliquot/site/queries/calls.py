"""Reading calls: those that are published, what one says and under which rules, what the store has for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, QuerySet, Sum
from django.db.models.fields.json import KeyTextTransform

from aliquot import calls, fault, policy
from aliquot.calls import Stock
from aliquot.policy import Policy
from aliquot.request_limits import Stand
from aliquot.site.models import (
    Balance,
    Call,
    CallQuestion,
    CallStep,
    Commitment,
    Form,
    PanelMember,
    Person,
    Role,
    RoleGrant,
    Sample,
)

NEWS_MOST = 100
NOTICES = ("publish", "amend", "cancel", "conclude")
SEATED = (Role.CHAIR, Role.REVIEWER, Role.CURATOR, Role.DIRECTOR)


@dataclass(frozen=True, slots=True)
class News:
    """One thing that everybody was told: a notice on a call, or an answer to a question."""

    call: Call
    what: str  # the act of a notice, or "answer"
    order: int
    at: datetime
    text: str  # its reason; the question with its answer


@dataclass(frozen=True, slots=True)
class State:
    """What a call said from a moment on, and the notice that said so."""

    notice: CallStep
    said: calls.Call


def published() -> QuerySet[Call]:
    """Return the calls that anybody may read, newest first."""
    return Call.objects.filter(published_at__isnull=False).order_by("-published_at")


def listed() -> QuerySet[Call]:
    """Return the published calls with their zone, without what only their own page shows; what closes last comes first."""
    rows = published().defer("told", "policy_text").annotate(zone=KeyTextTransform("zone", "told"))
    return rows.order_by("-closes", "-pk")


def drafts() -> QuerySet[Call]:
    """Return what is not published, newest first: for those who keep calls."""
    return all_of_them().filter(published_at__isnull=True).order_by("-made_at", "-pk")


def all_of_them() -> QuerySet[Call]:
    """Return every call, drafts with them: for those who keep calls."""
    return Call.objects.select_related("made_by")


def one(key: str, *, with_drafts: bool = False) -> Call | None:
    """Return a call by its key; a draft only to those who keep calls."""
    return (all_of_them() if with_drafts else published()).filter(key=key).first()


def value(call: Call) -> calls.Call:
    """Return what a published call says."""
    return calls.from_json(call.told)


def value_then(call: Call, sha256: str) -> calls.Call:
    """Return what a call said when this was its hash: a request was submitted to that, whatever was amended later."""
    told = call.told if sha256 == call.sha256 else None
    for step in call.steps.filter(told__isnull=False) if told is None else ():
        found = calls.from_json(step.told)
        if found.sha256 == sha256:
            return found
    return calls.from_json(told) if told else fault.bug(f"call {call.key} never had the hash {sha256}")


def rules(call: Call) -> Policy:
    """Return the rules of a published call: the pack as it was then."""
    return policy.read_kept(str(call.told["policy"]), call.policy_text)


def notices(call: Call) -> QuerySet[CallStep]:
    """Return what was told to everybody about a call: its publication, amendments, and its end."""
    return call.steps.filter(act__in=NOTICES)


def states(call: Call) -> tuple[State, ...]:
    """Return all that a call has said, in its order: as it was published, and after each amendment."""
    rows = notices(call).filter(told__isnull=False)
    return tuple(State(step, calls.from_json(step.told)) for step in rows)


def news(most: int = NEWS_MOST) -> list[News]:
    """Return what everybody was told last of all calls, newest first, in two queries."""
    steps = CallStep.objects.filter(act__in=NOTICES, call__published_at__isnull=False).select_related("call")
    asked = CallQuestion.objects.filter(answered_at__isnull=False).select_related("call")
    found = [News(one.call, one.act, one.order, one.at, one.reason) for one in steps.order_by("-at")[:most]]
    found += [
        News(one.call, "answer", one.order, one.answered_at, f"{one.text}\n\n{one.answer}")
        for one in asked.order_by("-answered_at")[:most]
        if one.answered_at
    ]
    return sorted(found, key=lambda one: (one.at, one.what, one.order), reverse=True)[:most]


def newest_step() -> str:
    """Return what changes whenever anything that everybody sees of a call does."""
    return str(CallStep.objects.aggregate(last=Max("pk"))["last"])


def waiting(call: Call) -> QuerySet[CallQuestion]:
    """Return questions that nobody has answered: for those who keep calls."""
    return call.questions.filter(answered_at__isnull=True).select_related("asked_by")


def known(numbers: Collection[str]) -> frozenset[str]:
    """Return which of these samples have a page that everybody may open."""
    return frozenset(
        Sample.objects.filter(number__in=numbers, published=True).values_list("number", flat=True)
    )


def counts(call: Call) -> list[tuple[str, int]]:
    """Return how many requests of a call are in which state; drafts are counted too, and nothing of them is told."""
    rows = call.requests.values_list("state").annotate(count=Count("pk")).order_by("state")
    return [(state, count) for state, count in rows]


def seatable() -> tuple[tuple[Person, frozenset[Role]], ...]:
    """Return who can be on a committee, by name, with their roles; a query."""
    grants = RoleGrant.objects.filter(role__in=SEATED, ended_at=None, person__is_active=True)
    roles: dict[Person, set[Role]] = {}
    for grant in grants.select_related("person").order_by("person__name", "person__pk"):
        roles.setdefault(grant.person, set()).add(Role(grant.role))
    return tuple((person, frozenset(held)) for person, held in roles.items())


def answered(call: Call) -> QuerySet[CallQuestion]:
    """Return questions with their answers, as everybody sees them; who asked is nobody's business."""
    return call.questions.filter(answered_at__isnull=False)


def panel(call: Call) -> QuerySet[PanelMember]:
    """Return the committee of a call."""
    return call.panel.select_related("person__reviewer_profile").order_by("pk")


def stock(numbers: Collection[str]) -> dict[str, Stock]:
    """Return what the store has of these samples beyond what is promised, in three queries."""
    rows = Sample.objects.filter(number__in=numbers)
    free = _free_ng(numbers)
    return {
        row.number: Stock(free.get(row.number, 0), row.sealed, str(Form(row.form).label) if row.form else "")
        for row in rows
    }


def stands(numbers: Collection[str]) -> dict[str, Stand]:
    """Return what there was of these samples at first and what of it is free; nothing of those never weighed."""
    free = _free_ng(numbers)
    rows = Sample.objects.filter(number__in=numbers, start_ng__isnull=False).values_list("number", "start_ng")
    return {number: Stand(start_ng, free.get(number, 0)) for number, start_ng in rows}


def _free_ng(numbers: Collection[str]) -> dict[str, int]:
    held = Balance.objects.filter(sample__number__in=numbers, holder__root="place").values_list(
        "sample__number"
    )
    promised = Commitment.objects.filter(sample__number__in=numbers, released_at=None).values_list(
        "sample__number"
    )
    free = dict(held.annotate(total=Sum("mass_ng")))
    for number, total in promised.annotate(total=Sum("mass_ng")):
        free[number] = free.get(number, 0) - total
    return free
