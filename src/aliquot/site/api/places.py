"""The store for programs: set up places, move them, ask what is in one now or was on a day, add readings of the air."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router

from aliquot import fault
from aliquot import places as rules
from aliquot.fault import Fault, Refused
from aliquot.site.api import writing
from aliquot.site.api.answers import missing
from aliquot.site.api.shapes.places import AddedShape, ContentsShape, MadeShape, MovedShape, PlaceShape
from aliquot.site.models import Person, Place
from aliquot.site.operations import air, places
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import places as reads

router = Router(tags=["The store"])
Code = Annotated[str, Path(min_length=1, max_length=rules.CODE_MOST, description="What stands on its label.")]
READING = ("place", "at", "quantity", "value", "unit", "instrument")


@router.get("/places/{code}", **writing.documented(PlaceShape, "place", "One place", status=200))
def one(request: HttpRequest, code: Code) -> HttpResponse:
    """A place: what it is, where it stands, and what its branch holds now. For staff."""
    return writing.shown(request, lambda: _place(_found(code)), act=Act.SEE_EXACT_PLACES)


@router.get(
    "/places/{code}/contents",
    **writing.documented(ContentsShape, "contents", "What is in a place", status=200),
)
def contents(
    request: HttpRequest,
    code: Code,
    on: Annotated[
        date | None, Query(description="A past day; what was there when it was over, in UTC.")
    ] = None,
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> HttpResponse:
    """The samples that lie and the places that stand directly in it, now or on a day. For staff."""
    return writing.shown(request, lambda: _contents(_found(code), on, page), act=Act.SEE_EXACT_PLACES)


def _found(code: str) -> Place:
    row = reads.by_code(code)
    if row is None:
        raise missing(
            "code", "there is no place “{name}”", "check its label, or set the place up first", name=code
        )
    return row


def _place(row: Place) -> Body:
    above = reads.chain(row.pk)
    of = reads.values(above)
    samples, mass_ng = reads.totals([row.pk]).get(row.pk, (0, 0))
    return {
        "code": row.code,
        "holder": row.holder.key,
        "kind": row.kind,
        "name": {"en": row.name_en, "zh": row.name_zh},
        "path": [one.code for one in reversed(above)],
        "container_type": row.container_type,
        "atmosphere": rules.atmosphere(of),
        "allowed_materials": sorted(rules.materials(of)),
        "closed": row.closed_at is not None,
        "samples": samples,
        "mass_ng": mass_ng,
    }


def _contents(row: Place, on: date | None, page: int) -> Body:
    lying = reads.lay(row, on, page) if on else reads.lying(row, page)
    inside = reads.stood(row, on, page) if on else reads.inside(row, page)
    return {
        "on": on.isoformat() if on else None,
        "samples": [{"number": one.number, "mass_ng": one.mass_ng} for one in lying.rows],
        "samples_total": lying.total,
        "places": [one.code for one in inside.rows],
        "places_total": inside.total,
        "next": lying.next or inside.next,
    }


# -- writing -----------------------------------------------------------------------------------------------------


@router.post("/places", **writing.documented(MadeShape, "make_places", "Set up places"))
def make(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Set up one place, or several that are alike: `codes`, `kind`, and `parent`, the code of the place they stand in.

    Besides: `name_en`, `name_zh`, `container_type`, `atmosphere`, `allowed_materials`, for a site `country`, and `holder`
    for what the ledger calls a place already. The scope is `places`.
    """

    def act(person: Person, at: datetime) -> Body:
        known = {*places.Told.__slots__, "codes", "parent", "holder"}
        codes = told.get("codes")
        faults = [*_unknown(told, known), *_not_text(told, known - {"codes", "allowed_materials"})]
        if not isinstance(codes, list) or not all(isinstance(each, str) for each in codes):
            faults.append(fault.of("codes", "this is no list of codes", "give each place a code"))
        fault.refuse_if(faults)
        made = places.make(codes, places.read(told), into=told.get("parent", ""), holder=told.get("holder", ""),
                           by=person.key, at=at)  # fmt: skip
        return {"places": [one.code for one in made]}

    return writing.answer(request, key, told, act, scope="places", act=Act.KEEP_PLACES)


@router.post("/places/{code}/moves", **writing.documented(MovedShape, "move_place", "Move a place"))
def move(request: HttpRequest, code: Code, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Put a place, with all that is in it, into the place with the code `parent`; nothing is posted in the ledger.

    With `source`, the code of the place in which it was seen to stand, a move is refused if somebody else was quicker.
    `reason` is wanted where pristine samples would come into air. The scope is `places`.
    """

    def act(person: Person, at: datetime) -> Body:
        known = {"parent", "source", "reason"}
        fault.refuse_if((*_unknown(told, known), *_not_text(told, known)))
        moved = places.move(code, into=told.get("parent", ""), source=told.get("source"),
                            reason=told.get("reason", ""), by=person.key, at=at)  # fmt: skip
        return {"place": moved.code, "path": [one.code for one in reversed(reads.chain(moved.pk))]}

    return writing.answer(request, key, told, act, scope="places", act=Act.KEEP_PLACES)


@router.post("/readings", **writing.documented(AddedShape, "add_readings", "Add readings of the air"))
def readings(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Add up to 500 readings: `{"readings": [{"place", "at", "quantity", "value", "unit", "instrument"}]}`, all texts.

    Quantities are oxygen, water (ppm), pressure (Pa, hPa, mbar, kPa), particles (1/m³, 1/l) and temperature (°C). What is
    there already with the same value is left as it is; another value at the same time is refused. The scope is `places`.
    """

    def act(person: Person, at: datetime) -> Body:
        said = told.get("readings")
        if told.keys() - {"readings"} or not isinstance(said, list) or not all(map(_is_reading, said)):
            raise Refused([fault.of("readings", "this is no list of readings",
                                    "give each place, at, quantity, value and unit as texts")])  # fmt: skip
        done = air.add(said, by=person.key, at=at)
        return {"added": done.added, "already_there": done.already_there}

    return writing.answer(request, key, told, act, scope="places", act=Act.KEEP_PLACES)


def _is_reading(one: object) -> bool:
    return (
        isinstance(one, dict)
        and not one.keys() - set(READING)
        and all(isinstance(v, str) for v in one.values())
    )


def _unknown(told: Mapping[str, object], known: set[str]) -> list[Fault]:
    return [fault.of(name[:60], "there is no field of this name", "use: {names}", names=", ".join(sorted(known)))
            for name in told if name not in known]  # fmt: skip


def _not_text(told: Mapping[str, object], names: set[str]) -> list[Fault]:
    return [fault.of(name, "this is no text", "write it in quotation marks")
            for name in sorted(names) if not isinstance(told.get(name, ""), str)]  # fmt: skip
