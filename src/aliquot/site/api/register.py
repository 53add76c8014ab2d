"""The public record: claims, contradictions, missions, sources. Lists go on after the key that `next` names."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import wraps
from typing import Annotated

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema
from ninja.decorators import decorate_view

from aliquot import fault, register
from aliquot.register import Best, Mission, Record, Statement
from aliquot.register_claims import Claim
from aliquot.site import queries
from aliquot.site.api import writing
from aliquot.site.api.answers import Run, missing
from aliquot.site.api.answers import kept as kept_of
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.register import (
    KEY,
    CitedSource,
    ClaimList,
    ClaimQuestion,
    ClaimShape,
    ContradictionList,
    MissionList,
    MissionWhole,
    ProposalList,
    ProposalQuestion,
    Proposed,
    ProposedClaimShape,
    RecordPaged,
    SourceList,
)
from aliquot.site.models import Person, RegisterClaim
from aliquot.site.operations import register as operations
from aliquot.site.operations.programs import Body
from aliquot.site.operations.register import Proposal
from aliquot.site.permissions import Act
from aliquot.site.queries.api import record_state
from aliquot.site.queries.register import around, in_force, stretches
from aliquot.site.queries.register.around import FILES_MOST, Wanted
from aliquot.site.queries.register.stretches import Stretch
from aliquot.site.queries.register.tallies import STATEMENTS
from aliquot.site.queries.register.transfers import Choice

router = Router(tags=["Public record"])


def state() -> str:
    """Return the version of the record in force: that of the shipped one, and the newest step of a claim."""
    return f"{record_state()} {in_force.view().revision}"


def kept(takes: type[Schema] | None = None) -> Callable[[Run], Run]:
    """Let a call see one revision of the register, and answer it from memory while that is the newest."""

    def beside(run: Run) -> Run:
        answer = kept_of(state, takes)(run)

        @wraps(run)
        def seen(request: HttpRequest, **place: str) -> HttpResponse:
            with in_force.seen():
                return answer(request, **place)

        return seen

    return beside


Key = Annotated[str, Field(pattern=KEY)]
Plain = dict[str, object]


@router.get("/claims", response={200: ClaimList, 400: Faults}, operation_id="claims", summary="Claims")
@decorate_view(kept(ClaimQuestion))
def claims(request: HttpRequest, asked: Query[ClaimQuestion]) -> Plain:
    """Transfers and goodwill cases that meet every filter, by date."""
    choice = Choice(
        country=asked.country or "",
        mission=asked.mission or "",
        kind=asked.kind or "",
        year=str(asked.year) if asked.year else "",
        state=asked.state or "",
    )
    return _page(stretches.of_transfers(choice, most=asked.limit, cursor=asked.cursor or ""))


@router.get(
    "/claims/{key}",
    response={200: ClaimShape, 400: Faults, 404: Faults},
    operation_id="claim",
    summary="One claim",
)
@decorate_view(kept())
def claim(request: HttpRequest, key: Key) -> register.Plain:
    """One transfer or goodwill case, with what every source says of it."""
    found = around.record(keys=[key]).transfers.get(key)
    if found is None:
        raise _none(key, "claims")
    return register.plain(found)


@router.get(
    "/contradictions", response={200: ContradictionList, 400: Faults}, operation_id="contradictions",
    summary="Contradictions",
)  # fmt: skip
@decorate_view(kept(RecordPaged))
def contradictions(request: HttpRequest, asked: Query[RecordPaged]) -> Plain:
    """Statements that cannot all be true, side by side, each with its sources."""
    return _page(stretches.of_contradictions(most=asked.limit, cursor=asked.cursor or ""))


@router.get(
    "/missions", response={200: MissionList, 400: Faults}, operation_id="missions", summary="Missions"
)
@decorate_view(kept())
def missions(request: HttpRequest) -> Plain:
    """Every mission that brought lunar material to Earth."""
    masses = Q(says="returned_mass", about__in=[*register.load().missions])
    record = around.record(Wanted(STATEMENTS & masses, ("grade", "number"), FILES_MOST))
    return {"items": [_mission(record, one) for one in record.missions.values()]}


@router.get(
    "/missions/{key}",
    response={200: MissionWhole, 400: Faults, 404: Faults},
    operation_id="mission",
    summary="One mission",
)
@decorate_view(kept())
def mission(request: HttpRequest, key: Key) -> Plain:
    """A mission: all that is said of it, the best answer to each question, lending rounds, transfers."""
    found = register.load().missions.get(key)
    if found is None:
        raise _none(key, "missions")
    record = around.record(about=[key], keys=[key], about_most=FILES_MOST)
    return {
        **_mission(record, found),
        "best": [_best(one) for one in _answers(record.about(key))],
        "rounds": register.plain(one for one in record.rounds.values() if key in one.missions),
        "claims": stretches.keys_of_transfers(key),
    }


@router.get("/sources", response={200: SourceList, 400: Faults}, operation_id="sources", summary="Sources")
@decorate_view(kept(RecordPaged))
def sources(request: HttpRequest, asked: Query[RecordPaged]) -> Plain:
    """Every page, paper and notice that the record rests on."""
    return _page(stretches.of_sources(most=asked.limit, cursor=asked.cursor or ""))


@router.get(
    "/sources/{key}", response={200: CitedSource, 400: Faults, 404: Faults}, operation_id="source",
    summary="One source",
)  # fmt: skip
@decorate_view(kept(RecordPaged))
def source(request: HttpRequest, key: Key, asked: Query[RecordPaged]) -> Plain:
    """A source, and which facts rest on it."""
    found = around.record(keys=[key]).sources.get(key)
    if found is None:
        raise _none(key, "sources")
    facts = stretches.of_facts(key, most=asked.limit, cursor=asked.cursor or "")
    return {**_fields(found), "facts": list(facts.items), "next": facts.next or None}


@router.get(
    "/register/claims",
    response={200: ProposalList, 400: Faults},
    operation_id="proposed_claims",
    summary="Proposed claims",
)
@decorate_view(kept(ProposalQuestion))
def proposals(request: HttpRequest, asked: Query[ProposalQuestion]) -> Plain:
    """The newest claims that people proposed; those with `counts` are part of the record."""
    rows = queries.claims.claims(waiting=asked.waiting, about=asked.about or "")
    before = rows.filter(number__lt=asked.before) if asked.before else rows
    page = list(before[: asked.most])
    values = queries.claims.values_of(page)
    return {"items": [_proposal(row, values[row.pk]) for row in page]}


@router.get(
    "/register/claims/{key}", response={200: ProposedClaimShape, 400: Faults, 404: Faults}, operation_id="proposed_claim",
    summary="One proposed claim",
)  # fmt: skip
@decorate_view(kept())
def proposal(request: HttpRequest, key: Key) -> Plain:
    """A claim with the texts of its steps, whose SHA-256 the ledger has."""
    row = queries.claims.found(key)
    if row is None:
        raise _none(key, "register/claims")
    steps = [one.text for one, _said in queries.claims.history(row)]
    return {**_proposal(row, queries.claims.value_of(row)), "steps": steps}


def _proposal(row: RegisterClaim, found: Claim) -> Plain:
    return {
        "key": row.key,
        "kind": row.kind,
        "about": row.about,
        "state": row.state,
        "counts": found.counts,
        "withdrawn": row.withdrawn,
        "fact": dict(found.fact),
        "links": {tie: list(keys) for tie, keys in found.links.items()},
    }


@router.post("/register/proposals", **writing.documented(Proposed, "propose_claim", "Propose a claim"))
def propose(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Propose a claim: `kind`, `fact` with the fields of docs/record.md, `source` where the register has it not, `links`, `why`. The scope is `claims`."""

    def act(person: Person, at: datetime) -> Body:
        return {"claim": operations.propose(_told(told), by=person, at=at).key}

    return writing.answer(request, key, told, act, scope="claims", act=Act.PROPOSE_CLAIMS)


def _told(told: writing.Told) -> Proposal:
    """Return what was told as a proposal; what is no object of the right shape is refused."""
    fact, source, links = told.get("fact", {}), told.get("source"), told.get("links", {})
    kind, why = told.get("kind", "statement"), told.get("why", "")
    faults = [
        fault.of(name, "this is not an object", "write it as {{…}}")
        for name, value in (("fact", fact), ("links", links), ("source", source or {}))
        if not isinstance(value, dict)
    ]
    faults += [
        fault.of(name, "this is not a text", "write it in quotation marks")
        for name, value in (("kind", kind), ("why", why))
        if not isinstance(value, str)
    ]
    if isinstance(links, dict) and not all(
        isinstance(keys, list) and all(isinstance(one, str) for one in keys) for keys in links.values()
    ):
        faults.append(fault.of("links", "this is not a list of texts", 'write it as ["…", "…"]'))
    fault.refuse_if(faults)
    return Proposal(kind, fact, source, links, why)


def _page(found: Stretch[object]) -> Plain:
    return {"items": register.plain(found.items), "next": found.next or None}


def _none(key: str, kind: str) -> Http404:
    return missing("key", "the record has no “{key}” here", "see /api/v1/{kind}", key=key, kind=kind)


def _fields(fact: object) -> Plain:
    shown = register.plain(fact)
    return {**shown} if isinstance(shown, dict) else {}


def _mission(record: Record, found: Mission) -> Plain:
    returned = register.returned(record, found.key)
    return {
        **_fields(found),
        "returned": _best(returned) if returned else None,
        "returned_ng": returned.statement.mass_ng if returned else None,
    }


def _answers(said: Iterable[Statement]) -> list[Best]:
    """Return the best answer to each question that has one, in the order of the record."""
    asked: dict[tuple[str, str, str], list[Statement]] = {}
    for one in said:
        asked.setdefault((one.says, one.object, one.part), []).append(one)
    return [best for group in asked.values() if (best := register.best(group))]


def _best(found: Best) -> Plain:
    one = found.statement
    return {
        "says": one.says,
        "part": one.part,
        "statement": one.key,
        "shown": {"en": one.shown("en"), "zh": one.shown("zh")},
        "reason": register.plain(found.reason),
    }
