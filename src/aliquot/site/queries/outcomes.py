"""Reading what came of a call, for everybody: statistics and what the policy lets be named; nothing else of a request.

The page, the tables and the API are made from `Outcomes` alone, so that what is not in it cannot be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max, Prefetch

from aliquot import decisions, requests
from aliquot.calls import Call as Said
from aliquot.decisions import GRANTING, Group, Outcome, Part, Results, Settled
from aliquot.site.models import (
    Call,
    CallStep,
    InstitutionType,
    Receipt,
    Request,
    RequestDecision,
    RequestStep,
    Sample,
)
from aliquot.site.queries import calls
from aliquot.site.queries.panel import saids, understood

STEPS: Final = ("publish", "close", "review", "hear", "deliberate", "conclude")


@dataclass(frozen=True, slots=True)
class Named:
    """A grant as far as the policy lets it be named; empty where it does not."""

    institution: str
    country: str
    title: str


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What came of a call. Times are those of its acts; seconds run from submission to the last level's decision."""

    key: str
    title: str
    policy: str
    opens: datetime
    closes: datetime
    steps: tuple[tuple[str, datetime], ...]
    submitted: int
    withdrawn: int
    turned_away: int
    undecided: int
    totals: Results
    countries: tuple[Group, ...]
    types: tuple[Group, ...]
    materials: tuple[Group, ...]
    missions: tuple[Group, ...]
    seconds_middle: int | None
    seconds_least: int | None
    seconds_most: int | None
    named: tuple[Named, ...]
    names: tuple[str, ...]


def state() -> str:
    """Return what changes whenever the result of any call does."""
    decided = RequestDecision.objects.aggregate(last=Max("pk"))["last"]
    moved = RequestStep.objects.aggregate(last=Max("pk"))["last"]
    noted = InstitutionType.objects.aggregate(last=Max("at"))["last"]
    return f"{decided} {moved} {noted} {CallStep.objects.aggregate(last=Max('pk'))['last']}"


def concluded(key: str) -> Call | None:
    """Return a call whose result is public."""
    return Call.objects.filter(key=key, state="concluded").first()


def of_call(call: Call) -> Outcomes:
    """Return what came of a call, in a constant number of queries."""
    said, rules = calls.value(call), calls.rules(call)
    then = saids(call, said)
    rows = [(row, understood(row, then, rules)) for row in _rows(call)]
    numbers = {line.sample for _, asks in rows for line in asks.lines if line.sample}
    known = {
        number: (material, mission)
        for number, material, mission in Sample.objects.filter(
            number__in=numbers | {offer.sample for offer in said.offers}
        ).values_list("number", "material", "mission")
    }
    types = dict(InstitutionType.objects.values_list("ror", "type"))
    settled = [(row, asks, _settled(row, asks, known, types, said)) for row, asks in rows if _is_settled(row)]
    ended = [one for _, _, one in settled]
    steps = tuple((step.act, step.at) for step in call.steps.filter(act__in=STEPS).order_by("order"))
    seconds = [one.seconds for one in ended]
    return Outcomes(
        key=call.key, title=said.title, policy=said.policy, opens=said.opens, closes=said.closes, steps=steps,
        submitted=len(rows), withdrawn=sum(row.state == "withdrawn" for row, _ in rows),
        turned_away=sum(row.state == "turned away" for row, _ in rows),
        undecided=sum(not _is_settled(row) and row.state not in ("withdrawn", "turned away") for row, _ in rows),
        totals=decisions.results(ended),
        countries=decisions.groups(ended, lambda one: one.country),
        types=decisions.groups(ended, lambda one: one.institution_type),
        materials=decisions.groups_of_parts(ended, lambda part: part.material),
        missions=decisions.groups_of_parts(ended, lambda part: part.mission),
        seconds_middle=decisions.middle(seconds), seconds_least=min(seconds, default=None),
        seconds_most=max(seconds, default=None),
        named=_named(((asks, one) for _, asks, one in settled), rules.granted_named), names=rules.granted_named,
    )  # fmt: skip


def _rows(call: Call) -> Iterable[Request]:
    rows = call.requests.filter(submitted_at__isnull=False).order_by("pk")
    return rows.prefetch_related(Prefetch("receipts", Receipt.objects.select_related("version")), "decisions")


def _is_settled(row: Request) -> bool:
    """Whether a decision stands: what was granted and is not wanted any more is withdrawn."""
    return row.settled_at is not None and row.state != "withdrawn"


def _settled(
    row: Request,
    asks: requests.Request,
    known: Mapping[str, tuple[str, str]],
    types: Mapping[str, str],
    said: Said,
) -> Settled:
    last = [one for one in row.decisions.all() if one.round == row.round][-1]
    outcome = Outcome(last.outcome)
    given = last.granted_ng if outcome in GRANTING else [0] * len(asks.lines)
    parts = tuple(
        Part(*_matter(line, known, said), line.wanted_ng, ng)
        for line, ng in zip(asks.lines, given, strict=True)
    )
    return Settled(
        asks.lead.country, outcome, sum(line.wanted_ng for line in asks.lines), sum(given),
        types.get(asks.lead.ror, ""), parts, _seconds(row),
    )  # fmt: skip


def _seconds(row: Request) -> int:
    if row.settled_at is None or row.submitted_at is None:
        return 0
    return int((row.settled_at - row.submitted_at).total_seconds())


def _matter(line: requests.Line, known: Mapping[str, tuple[str, str]], said: Said) -> tuple[str, str]:
    """Return the material and the mission of a line; of any of a kind what all that is offered of it have in common."""
    if line.sample:
        return known.get(line.sample, ("", ""))
    found = {known.get(offer.sample, ("", "")) for offer in said.offers if offer.kind == line.kind}
    materials, missions = {one[0] for one in found}, {one[1] for one in found}
    return (
        line.kind if len(materials) != 1 else materials.pop() or line.kind,
        missions.pop() if len(missions) == 1 else "",
    )


def _named(rows: Iterable[tuple[requests.Request, Settled]], names: Sequence[str]) -> tuple[Named, ...]:
    if not names:
        return ()
    made = [
        Named(
            asks.lead.institution if "institution" in names else "",
            asks.lead.country if "institution" in names else "",
            asks.title if "title" in names else "",
        )
        for asks, one in rows
        if one.outcome in GRANTING
    ]
    return tuple(sorted(made, key=lambda one: (one.institution, one.title)))
