"""Reading calls: those that are published, what one says and under which rules, what the store has for it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet, Sum

from aliquot import calls, fault, policy
from aliquot.calls import Stock
from aliquot.policy import Policy
from aliquot.request_limits import Stand
from aliquot.site.models import Balance, Call, CallQuestion, CallStep, Commitment, Form, PanelMember, Sample


def published() -> QuerySet[Call]:
    """Return the calls that anybody may read, newest first."""
    return Call.objects.filter(published_at__isnull=False).order_by("-published_at")


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
    return call.steps.filter(act__in=("publish", "amend", "cancel", "conclude"))


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
