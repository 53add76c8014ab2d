"""A call that is being decided: makers of rounds with one request or many, and of decisions on every level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import pytest
from tests.library.access_worlds import a_line
from tests.site import sharing
from tests.site.sharing import BEFORE, OVER, a_call, a_request

from aliquot.decisions import COMMITTEE, Decision, Outcome, Vote
from aliquot.fault import Refused
from aliquot.site import operations, queries
from aliquot.site.models import Call, Person, Request, ReviewerProfile, Role
from aliquot.site.operations import calls, decisions, requests, scores
from aliquot.site.operations.decisions import Sat

MG = 10**6
A_LINE = a_line()
THEIRS = ["02jx3x895"]
POINTS, REASONS = {"merit": 8, "team": 6}, {"merit": "New.", "team": "Known."}
GRANT = Decision("committee", Outcome.GRANT, (50 * MG,), (), "The best of the round.")
REFUSE = Decision(
    "committee", Outcome.REFUSE, (), (), "Too much is used up.", "A test on a tenth of the mass."
)
DEFER = Decision("committee", Outcome.DEFER, (), (), "The law is not clear.", "A certificate of the agency.")


@dataclass
class Round:
    """Requests of Bo's in a call of Ada's, reviewed by Cy; Hal presides over Ivy and Jo, Ada informs, Eve directs."""

    call: Call
    requests: list[Request]
    people: dict[str, Person]
    extra: dict[str, object] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def request(self) -> Request:
        return self.requests[0]

    @property
    def sat(self) -> Sat:
        there = frozenset({self.hal.key, self.ivy.key})
        return Sat(there, self.hal.key, dict.fromkeys(there, Vote.YES))

    def rules(self, **changed: object) -> None:
        """Change numbers and truths of the policy under which the call was published."""
        call = Call.objects.get(pk=self.call.pk)
        lines = call.policy_text.splitlines()
        told = {name: str(value).lower() for name, value in changed.items()}
        done: set[str] = set()
        for i, line in enumerate(lines):
            name = line.partition(" = ")[0]
            if name in told and name not in done:
                lines[i] = f"{name} = {told[name]}"
                done.add(name)
        assert done == set(told)
        Call.objects.filter(pk=call.pk).update(policy_text="\n".join(lines) + "\n")
        self.call.refresh_from_db()

    def another(self, by: Person | None = None, **changed: object) -> Request:
        """Return a further request, reviewed: as if it had come in time."""
        Call.objects.filter(pk=self.call.pk).update(state="open")
        call = Call.objects.get(pk=self.call.pk)
        made, _ = a_request(call, by or self.bo, BEFORE, **changed)
        Call.objects.filter(pk=self.call.pk).update(state="closed")
        made = requests.move(Request.objects.get(pk=made.pk), "admit", by=self.ada, at=OVER)
        _reviewed(made, self.cy, self.hal)
        Call.objects.filter(pk=self.call.pk).update(state="being decided")
        self.requests.append(made)
        return made


def somebody(name: str, *roles: Role) -> Person:
    return operations.people.invite(
        email=f"{name.lower()}@example.org", name=name, roles=roles, by=None, at=BEFORE
    )


def a_round(*, requests: int = 1, **changed: object) -> Round:
    """Return a call that is being decided, with so many reviewed requests."""
    sharing.store()
    named = {
        "ada": Role.CURATOR, "bo": Role.REQUESTER, "cy": Role.REVIEWER, "eve": Role.DIRECTOR, "hal": Role.CHAIR,
        "ivy": Role.REVIEWER, "jo": Role.REVIEWER,
    }  # fmt: skip
    known = {
        name: queries.people.by_email(f"{name}@example.org") or somebody(name.title(), role)
        for name, role in named.items()
    }
    for name in ("cy", "hal", "ivy", "jo"):
        ReviewerProfile.objects.get_or_create(
            person=known[name], defaults={"institutions": THEIRS, "country": "GB", "zone": "Europe/London"}
        )
    call = a_call(known["ada"], **changed)
    it = Round(call, [], known)
    calls.sit(call, {it.hal: True, it.ivy: True, it.jo: True, it.ada: False}, by=it.hal)
    for _ in range(requests):
        it.another()
    return it


def _reviewed(request: Request, reviewer: Person, chair: Person) -> None:
    review = scores.assign(request, reviewer, by=chair, at=OVER)
    scores.declare(review, conflict="", by=reviewer, at=OVER)
    scores.move(review, "accept", by=reviewer, at=OVER)
    scores.write(review, "hand in", points=POINTS, reasons=REASONS, by=reviewer, at=OVER)


def decided(
    it: Round,
    told: Decision,
    *,
    levels: Sequence[str] = ("committee", "centre", "agency"),
    promise: bool = True,
    request: Request | None = None,
    at: datetime = OVER,
) -> None:
    """Let these levels decide so, the last of them the last."""
    row = request or it.request
    for level in levels:
        sat, by = (it.sat, it.hal) if level == COMMITTEE else (None, it.eve)
        decisions.decide(row, replace(told, level=level), sat=sat, promise=promise, by=by, at=at)
        if told.outcome in (Outcome.REFUSE, Outcome.DEFER):
            break
    row.refresh_from_db()


def refused(act: Callable[[], object]) -> list[str]:
    """Return where the faults are for which an act is refused."""
    with pytest.raises(Refused) as found:
        act()
    return [one.where for one in found.value.faults]
