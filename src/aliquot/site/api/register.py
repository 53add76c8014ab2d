"""The public record: claims, contradictions, missions, sources. The lists are short and answered whole."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Field, Query, Router
from ninja.decorators import decorate_view

from aliquot import fault, register
from aliquot.register import Best, Mission, Record, Statement
from aliquot.register_claims import Claim
from aliquot.site import queries
from aliquot.site.api import writing
from aliquot.site.api.answers import kept, missing
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
    SourceList,
)
from aliquot.site.models import Person, RegisterClaim
from aliquot.site.operations import register as operations
from aliquot.site.operations.programs import Body
from aliquot.site.operations.register import Proposal
from aliquot.site.permissions import Act
from aliquot.site.queries.api import record_state
from aliquot.site.queries.register import in_force

router = Router(tags=["Public record"])


def state() -> str:
    """Return the version of the record in force: that of the shipped one, and the newest step of a claim."""
    return f"{record_state()} {in_force.view().revision}"


Key = Annotated[str, Field(pattern=KEY)]
Plain = dict[str, object]


@router.get("/claims", response={200: ClaimList, 400: Faults}, operation_id="claims", summary="Claims")
@decorate_view(kept(state, ClaimQuestion))
def claims(request: HttpRequest, asked: Query[ClaimQuestion]) -> Plain:
    """Transfers and goodwill cases that meet every filter, by date."""
    found = register.transfers(
        in_force.record(),
        country=asked.country or "",
        mission=asked.mission or "",
        kind=asked.kind or "",
        year=asked.year,
        state=asked.state or "",
    )
    return {"items": register.plain(found)}


@router.get(
    "/claims/{key}",
    response={200: ClaimShape, 400: Faults, 404: Faults},
    operation_id="claim",
    summary="One claim",
)
@decorate_view(kept(state))
def claim(request: HttpRequest, key: Key) -> register.Plain:
    """One transfer or goodwill case, with what every source says of it."""
    found = in_force.record().transfers.get(key)
    if found is None:
        raise _none(key, "claims")
    return register.plain(found)


@router.get(
    "/contradictions", response={200: ContradictionList, 400: Faults}, operation_id="contradictions",
    summary="Contradictions",
)  # fmt: skip
@decorate_view(kept(state))
def contradictions(request: HttpRequest) -> Plain:
    """Statements that cannot all be true, side by side, each with its sources."""
    return {"items": register.plain(register.contradictions(in_force.record()))}


@router.get(
    "/missions", response={200: MissionList, 400: Faults}, operation_id="missions", summary="Missions"
)
@decorate_view(kept(state))
def missions(request: HttpRequest) -> Plain:
    """Every mission that brought lunar material to Earth."""
    record = in_force.record()
    return {"items": [_mission(record, one) for one in record.missions.values()]}


@router.get(
    "/missions/{key}",
    response={200: MissionWhole, 400: Faults, 404: Faults},
    operation_id="mission",
    summary="One mission",
)
@decorate_view(kept(state))
def mission(request: HttpRequest, key: Key) -> Plain:
    """A mission: all that is said of it, the best answer to each question, lending rounds, transfers."""
    record = in_force.record()
    found = record.missions.get(key)
    if found is None:
        raise _none(key, "missions")
    return {
        **_mission(record, found),
        "best": [_best(one) for one in _answers(record.about(key))],
        "rounds": register.plain(one for one in record.rounds.values() if key in one.missions),
        "claims": [one.key for one in register.transfers(record, mission=key)],
    }


@router.get("/sources", response={200: SourceList, 400: Faults}, operation_id="sources", summary="Sources")
@decorate_view(kept(state))
def sources(request: HttpRequest) -> Plain:
    """Every page, paper and notice that the record rests on."""
    return {"items": register.plain(in_force.record().sources.values())}


@router.get(
    "/sources/{key}", response={200: CitedSource, 400: Faults, 404: Faults}, operation_id="source",
    summary="One source",
)  # fmt: skip
@decorate_view(kept(state))
def source(request: HttpRequest, key: Key) -> Plain:
    """A source, and which facts rest on it."""
    record = in_force.record()
    found = record.sources.get(key)
    if found is None:
        raise _none(key, "sources")
    return {**_fields(found), "facts": [fact.key for fact in record.facts() if key in fact.sources]}


@router.get(
    "/register/claims",
    response={200: ProposalList, 400: Faults},
    operation_id="proposed_claims",
    summary="Proposed claims",
)
@decorate_view(kept(state, ProposalQuestion))
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
@decorate_view(kept(state))
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
