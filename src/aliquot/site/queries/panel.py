"""Reading the field of a call as its panel sees it: every request with scores, conflicts, law, stock and decisions.

The number of queries is the same for one request and for five hundred. Who looks is named, for nobody sees what was
written of their own request, or of one from which they stand aside, and nobody the scores of others before their own.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, Prefetch, Q, QuerySet, When

from aliquot import calls as library
from aliquot import decisions, fault, request_drafts, requests, scores
from aliquot.decisions import Outcome
from aliquot.policy import Policy
from aliquot.reviews import Ground
from aliquot.scores import Score, Summary
from aliquot.site.models import (
    Call,
    PanelMember,
    Person,
    Receipt,
    Request,
    RequestDecision,
    Review,
    Screening,
)
from aliquot.site.queries import calls, conflicts, promises, screenings
from aliquot.site.queries import decisions as decided
from aliquot.site.queries.promises import Free
from aliquot.site.queries.requests import LIVE, REVIEWED, last_receipt

# What still wants a share of what there is.
ASKING: Final = ("submitted", "in review", "on the short list", "under appeal", "deferred")
AFTER_THE_REVIEWS: Final = ("in hearings", "being decided", "concluded")


@dataclass(frozen=True, slots=True)
class Wish:
    """What all who still ask want of one sample, against what is free of it now."""

    requests: int
    wanted_ng: int
    free: Free | None


@dataclass(frozen=True, slots=True)
class Row:
    """One request of the field. `hidden` says why the one who looks may not see more of it than that it is there."""

    request: Request
    said: requests.Request
    summary: Summary | None
    rank: int | None
    reviews: Mapping[str, int]
    aside: tuple[tuple[Person, Ground], ...]
    screening: Screening | None
    decisions: tuple[RequestDecision, ...]
    due: str | None
    promised: Mapping[int, Sequence[tuple[str, int]]]
    heard: bool | None
    hidden: str = ""
    unscored: bool = False

    @property
    def wanted_ng(self) -> int:
        return sum(line.wanted_ng for line in self.said.lines)

    @property
    def outcome(self) -> Outcome | None:
        """What stands, once the last level has spoken."""
        return Outcome(self.decisions[-1].outcome) if self.request.settled_at and self.decisions else None


@dataclass(frozen=True, slots=True)
class Field:
    """All requests of a call, best first by normalised mean, those without scores last; wishes by sample or `kind:` and kind."""

    call: Call
    said: library.Call
    rules: Policy
    panel: tuple[PanelMember, ...]
    rows: tuple[Row, ...]
    wishes: Mapping[str, Wish]


def open_to(person: Person, *, whole_field: bool) -> QuerySet[Call]:
    """Return the calls whose field somebody may see: who sits on the panel does when the reviews are in."""
    sits = Q(panel__person=person, state__in=AFTER_THE_REVIEWS)
    seen = Q(published_at__isnull=False) if whole_field else sits
    return Call.objects.filter(seen).distinct()


def listed(person: Person, *, whole_field: bool) -> QuerySet[Call]:
    """Return the calls whose field somebody may see, with how many requests are in it, and are not decided.

    Those with something to decide come first, newest first.
    """
    submitted = Q(requests__submitted_at__isnull=False)
    waiting = Q(requests__state__in=(*REVIEWED, "under appeal", "deferred"))
    rows = open_to(person, whole_field=whole_field).annotate(
        submitted=Count("requests", filter=submitted, distinct=True),
        waiting=Count("requests", filter=waiting, distinct=True),
    )
    return rows.order_by(Case(When(waiting__gt=0, then=0), default=1), "-published_at")


def field(call: Call, *, viewer: Person, at: datetime) -> Field:
    """Return the field of a published call, in a constant number of queries."""
    said, rules = calls.value(call), calls.rules(call)
    then = saids(call, said)
    rows = [(row, understood(row, then, rules)) for row in _rows(call)]
    panel = tuple(calls.panel(call))
    told = _reviews(call)
    summaries = _summaries(rows, told, said, rules)
    laws = _laws(rows)
    aside = _aside(rows, panel, viewer, rules, at)
    promised = promises.by_basis(
        [promises.basis(row, i) for row, asks in rows for i in range(1, len(asks.lines) + 1)]
    )
    found = [
        _row(
            row,
            asks,
            told.get(row.pk, ()),
            summaries.get(row.key),
            laws,
            aside[row.pk],
            promised,
            viewer,
            rules,
        )
        for row, asks in rows
    ]
    found.sort(key=lambda one: (one.rank is None, one.rank or 0, one.request.submitted_at, one.request.pk))
    return Field(call, said, rules, panel, tuple(found), _wishes(rows, said, rules))


def _rows(call: Call) -> Iterable[Request]:
    rows = call.requests.filter(submitted_at__isnull=False).exclude(state="withdrawn", settled_at=None)
    return rows.select_related("lead").prefetch_related(
        Prefetch("receipts", Receipt.objects.select_related("version")),
        Prefetch("decisions", RequestDecision.objects.select_related("by")),
        "hearings",
    )  # fmt: skip


def saids(call: Call, now: library.Call) -> dict[str, library.Call]:
    """Return what the call said at each time, by hash: a request was submitted to that."""
    steps = [library.from_json(step.told) for step in call.steps.filter(told__isnull=False)]
    return {one.sha256: one for one in (*steps, now)}


def understood(row: Request, then: Mapping[str, library.Call], rules: Policy) -> requests.Request:
    """Return what a request says, read under the call as it was then; its receipts were fetched with it."""
    held = last_receipt(row) or fault.bug(f"request {row.key} was never submitted")
    call = then.get(held.call_sha256) or fault.bug(f"the call never had the hash {held.call_sha256}")
    found = request_drafts.read(held.version.told, call=call, rules=rules)
    return (
        found
        if isinstance(found, requests.Request)
        else fault.bug(f"receipt {held.pk} was given with faults")
    )


@dataclass(frozen=True, slots=True)
class _Review:
    """What the field needs of a review; thousands of whole rows would cost more than all else."""

    reviewer: int
    state: str
    points: Mapping[str, int]


def _reviews(call: Call) -> dict[int, list[_Review]]:
    rows = Review.objects.filter(request__call=call, state__in=LIVE).order_by("pk")
    found: dict[int, list[_Review]] = defaultdict(list)
    for request, *told in rows.values_list("request_id", "reviewer_id", "state", "points"):
        found[request].append(_Review(*told))
    return found


def _summaries(
    rows: Sequence[tuple[Request, requests.Request]],
    told: Mapping[int, Sequence[_Review]],
    said: library.Call,
    rules: Policy,
) -> dict[str, tuple[int, Summary]]:
    found = [
        Score(str(one.reviewer), row.key, scores.total(one.points, criteria=said.criteria, most=said.points_most))
        for row, _ in rows for one in told.get(row.pk, ()) if one.state == "handed in"
    ]  # fmt: skip
    lines = scores.summarise(found, disagreement_percent=rules.disagreement_percent)
    return {line.request: (rank, line) for rank, line in enumerate(lines, start=1)}


def _laws(rows: Sequence[tuple[Request, requests.Request]]) -> dict[str, Screening]:
    subjects = [f"request:{row.key}" for row, _ in rows]
    return {one.subject: one for one in screenings.current().filter(subject__in=subjects)}


def _aside(
    rows: Sequence[tuple[Request, requests.Request]],
    panel: Sequence[PanelMember],
    viewer: Person,
    rules: Policy,
    at: datetime,
) -> dict[int, dict[Person, Ground]]:
    """Return by request who of the panel, and whether the one who looks, stands aside, and on what ground."""
    people = {one.person.pk: one.person for one in panel} | {viewer.pk: viewer}
    told = {row.pk: held.version.told for row, _ in rows if (held := last_receipt(row))}
    known = conflicts.of_field([row for row, _ in rows], list(people.values()), rules=rules, at=at, told=told)
    found: dict[int, dict[Person, Ground]] = {row.pk: {} for row, _ in rows}
    for (row, person), ground in known.items():
        found[row][people[person]] = ground
    return found


def _row(
    row: Request,
    asks: requests.Request,
    told: Sequence[_Review],
    ranked: tuple[int, Summary] | None,
    laws: Mapping[str, Screening],
    aside: Mapping[Person, Ground],
    promised: Mapping[str, Sequence[tuple[str, int]]],
    viewer: Person,
    rules: Policy,
) -> Row:
    spoken = tuple(one for one in row.decisions.all() if one.round == row.round)
    mine = [one for one in told if one.reviewer == viewer.pk]
    hearing = next((one for one in row.hearings.all() if one.round == row.round), None)
    lines = {i: promised.get(promises.basis(row, i), ()) for i in range(1, len(asks.lines) + 1)}
    return Row(
        request=row,
        said=asks,
        summary=ranked[1] if ranked else None,
        rank=ranked[0] if ranked else None,
        reviews=Counter(one.state for one in told),
        aside=tuple((person, ground) for person, ground in aside.items()),
        screening=laws.get(f"request:{row.key}"),
        decisions=spoken,
        due=decisions.next_level([decided.value(one) for one in spoken], rules),
        promised={i: shares for i, shares in lines.items() if shares},
        heard=hearing.heard if hearing else None,
        hidden=("own" if aside[viewer] is Ground.OWN else "aside") if viewer in aside else "",
        unscored=any(one.state != "handed in" for one in mine),
    )


def _wishes(
    rows: Sequence[tuple[Request, requests.Request]], said: library.Call, rules: Policy
) -> dict[str, Wish]:
    asking: dict[str, set[int]] = defaultdict(set)
    wanted_ng: Counter[str] = Counter()
    for row, asks in rows:
        for line in asks.lines:
            key = line.sample or f"kind:{line.kind}"
            wanted_ng.setdefault(key, 0)
            if row.state in ASKING:
                asking[key].add(row.pk)
                wanted_ng[key] += line.wanted_ng
    free = promises.free([key for key in wanted_ng if not key.startswith("kind:")], said=said, rules=rules)
    return {key: Wish(len(asking[key]), total_ng, free.get(key)) for key, total_ng in wanted_ng.items()}


def institutions(call: Call) -> dict[str, str]:
    """Return the institutions of those who lead requests in a call, by ROR ID, as they were named last."""
    said, rules = calls.value(call), calls.rules(call)
    then = saids(call, said)
    leads = [understood(row, then, rules).lead for row in _rows(call)]
    return {lead.ror: lead.institution for lead in leads if lead.ror}
