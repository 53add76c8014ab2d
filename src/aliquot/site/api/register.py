"""The public record: claims, contradictions, missions, sources. The lists are short and answered whole."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router
from ninja.decorators import decorate_view

from aliquot import register
from aliquot.register import Best, Mission, Record, Statement
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
    SourceList,
)
from aliquot.site.queries.api import record_state

router = Router(tags=["Public record"])
Key = Annotated[str, Field(pattern=KEY)]
Plain = dict[str, object]


@router.get("/claims", response={200: ClaimList, 400: Faults}, operation_id="claims", summary="Claims")
@decorate_view(kept(record_state, ClaimQuestion))
def claims(request: HttpRequest, asked: Query[ClaimQuestion]) -> Plain:
    """Transfers and goodwill cases that meet every filter, by date."""
    found = register.transfers(
        register.load(),
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
@decorate_view(kept(record_state))
def claim(request: HttpRequest, key: Key) -> register.Plain:
    """One transfer or goodwill case, with what every source says of it."""
    found = register.load().transfers.get(key)
    if found is None:
        raise _none(key, "claims")
    return register.plain(found)


@router.get(
    "/contradictions", response={200: ContradictionList, 400: Faults}, operation_id="contradictions",
    summary="Contradictions",
)  # fmt: skip
@decorate_view(kept(record_state))
def contradictions(request: HttpRequest) -> Plain:
    """Statements that cannot all be true, side by side, each with its sources."""
    return {"items": register.plain(register.contradictions(register.load()))}


@router.get(
    "/missions", response={200: MissionList, 400: Faults}, operation_id="missions", summary="Missions"
)
@decorate_view(kept(record_state))
def missions(request: HttpRequest) -> Plain:
    """Every mission that brought lunar material to Earth."""
    record = register.load()
    return {"items": [_mission(record, one) for one in record.missions.values()]}


@router.get(
    "/missions/{key}",
    response={200: MissionWhole, 400: Faults, 404: Faults},
    operation_id="mission",
    summary="One mission",
)
@decorate_view(kept(record_state))
def mission(request: HttpRequest, key: Key) -> Plain:
    """A mission: all that is said of it, the best answer to each question, lending rounds, transfers."""
    record = register.load()
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
@decorate_view(kept(record_state))
def sources(request: HttpRequest) -> Plain:
    """Every page, paper and notice that the record rests on."""
    return {"items": register.plain(register.load().sources.values())}


@router.get(
    "/sources/{key}", response={200: CitedSource, 400: Faults, 404: Faults}, operation_id="source",
    summary="One source",
)  # fmt: skip
@decorate_view(kept(record_state))
def source(request: HttpRequest, key: Key) -> Plain:
    """A source, and which facts rest on it."""
    record = register.load()
    found = record.sources.get(key)
    if found is None:
        raise _none(key, "sources")
    return {**_fields(found), "facts": [fact.key for fact in record.facts() if key in fact.sources]}


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
