"""Reading what was done in a call, in order: the acts that its minutes are written from. Nothing is typed for them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aliquot.site.models import (
    Call,
    CallStep,
    ConflictDeclared,
    Hearing,
    Person,
    Request,
    RequestDecision,
    RequestStep,
)
from aliquot.site.queries import calls, conflicts

CALL_ACTS: Final = ("publish", "amend", "close", "cancel", "review", "hear", "deliberate", "conclude")
REQUEST_ACTS: Final = (
    "admit",
    "turn away",
    "shortlist",
    "withdraw",
    "decline",
    "resume",
    "appeal",
    "reopen",
    "uphold",
)
Deed = CallStep | RequestStep | RequestDecision | ConflictDeclared | Hearing


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done: when, what, to which request if to one; `hidden` where whoever looks stands aside from it."""

    at: datetime
    deed: Deed
    request: Request | None
    hidden: bool = False


def of_call(call: Call, *, viewer: Person, at: datetime) -> tuple[Act, ...]:
    """Return every act on a call and its requests, oldest first, in a constant number of queries."""
    rows = {row.pk: row for row in call.requests.filter(submitted_at__isnull=False)}
    found = conflicts.of_field(list(rows.values()), [viewer], rules=calls.rules(call), at=at)
    aside = {row for row, _person in found}
    steps = call.steps.filter(act__in=CALL_ACTS).select_related("by")
    acts = [
        *(Act(one.at, one, None) for one in steps),
        *(_of(one.at, one, rows, aside) for one in _steps(rows.keys())),
        *(_of(one.at, one, rows, aside) for one in _decisions(rows.keys())),
        *(_of(one.at, one, rows, aside) for one in _declared(call, rows.keys())),
        *(
            _of(one.begins, one, rows, aside)
            for one in Hearing.objects.filter(request__in=rows, heard__isnull=False)
        ),
    ]
    return tuple(sorted(acts, key=lambda act: (act.at, _place(act.deed), act.deed.pk)))


# What happens in one moment is told in this order.
_ORDER: Final = (ConflictDeclared, Hearing, CallStep, RequestDecision, RequestStep)


def _place(deed: Deed) -> int:
    ends = isinstance(deed, CallStep) and deed.act in ("conclude", "cancel")
    return len(_ORDER) if ends else _ORDER.index(type(deed))


def _of(at: datetime, deed: Deed, rows: dict[int, Request], aside: Collection[int]) -> Act:
    return Act(at, deed, rows[deed.request_id], deed.request_id in aside)


def _steps(rows: Collection[int]) -> Collection[RequestStep]:
    return RequestStep.objects.filter(request__in=rows, act__in=REQUEST_ACTS).select_related("by")


def _decisions(rows: Collection[int]) -> Collection[RequestDecision]:
    return RequestDecision.objects.filter(request__in=rows).select_related("by")


def _declared(call: Call, rows: Collection[int]) -> Collection[ConflictDeclared]:
    """Return who of the panel stepped aside; the conflicts of reviewers are not the panel's matter."""
    members = call.panel.values("person")
    return ConflictDeclared.objects.filter(request__in=rows, reviewer__in=members).select_related("reviewer")
