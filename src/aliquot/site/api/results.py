"""Results: of a sample, one age; recording an analysis and deriving an age with a token."""

# ruff: noqa: ARG001 - Ninja hands the request to every operation by that name

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Field, Path, Router
from ninja.decorators import decorate_view

from aliquot import fault, samples
from aliquot.fault import Refused
from aliquot.results import Wish
from aliquot.site import permissions, queries
from aliquot.site.api import writing
from aliquot.site.api.answers import kept, missing
from aliquot.site.api.shapes import Faults
from aliquot.site.api.shapes.results import AgeShape, RecordedAge, RecordedAnalysis, ResultsShape
from aliquot.site.models import Person
from aliquot.site.operations import ages, results
from aliquot.site.operations.programs import Body
from aliquot.site.permissions import Act
from aliquot.site.queries import result_exports
from aliquot.site.queries.results import Sees

router = Router(tags=["Results"])
Number = Annotated[
    str, Field(min_length=1, max_length=samples.MAX_LENGTH, description="As given, with any sign.")
]
Key = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,24}$")]
CITED = ("citation", "doi", "year", "accepted_on", "embargo_until")


@router.get(
    "/samples/{path:number}/results",
    response={200: ResultsShape, 400: Faults, 404: Faults},
    operation_id="results_of_sample",
    summary="A sample's results",
)
@decorate_view(kept(result_exports.state))
def of_sample(request: HttpRequest, number: Number) -> Body:
    """What is public of what was measured on a sample, ours or of another collection, and the ages that rest on it."""
    sees = Sees(timezone.now().date())
    is_number = not samples.check_number(number)
    found = queries.results.of_sample(number, sees) if is_number else ()
    if not found and not (is_number and queries.results.in_catalogue(number)):
        raise missing(
            "number", "no result of {number} is published", "look at /samples/NUMBER/results/", number=number
        )
    papers = dict.fromkeys(one.publication.citation for one in found if one.publication)
    return result_exports.as_json(found, queries.results.ages_of_sample(number, sees), list(papers))


@router.get(
    "/results/{key}",
    response={200: AgeShape, 400: Faults, 404: Faults},
    operation_id="result",
    summary="One age",
)
@decorate_view(kept(result_exports.state))
def one_age(request: HttpRequest, key: Key) -> Body:
    """One published age with its request: compute it again with `aliquot age`."""
    found = queries.results.age(key, Sees(timezone.now().date()))
    if found is None:
        raise missing("key", "no result {key} is published", "see /ages/", key=key)
    return result_exports.age_json(found)


@router.post("/analyses", **writing.documented(RecordedAnalysis, "record_analysis", "Record an analysis"))
def record(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Record what was measured on a split: `sample`, `method`, `laboratory`, `holder`, `measured_on`, `values` (each with `analyte`, `value`,
    `unit`, `uncertainty`, `level`, `kind`), and what docs/results.md tells. `citation` or `doi` names its publication. The scope is `results`."""

    def act(person: Person, at: datetime) -> Body:
        said = dict(told)
        if any(said.get(name) for name in CITED):
            said["publication"] = results.cite(said, by=person, at=at).key
        supersedes, why = _text(told, "supersedes")[:24], _text(told, "why")
        made = results.record(
            said, by=person, at=at, at_holders=_holders(person), supersedes=supersedes, why=why
        )
        return {"analysis": made.key, "entry": made.entry_id}

    return writing.answer(request, key, told, act, scope="results", act=Act.RECORD_RESULTS)


@router.post("/ages", **writing.documented(RecordedAge, "derive_age", "Derive an age"))
def derive(request: HttpRequest, told: writing.Told, key: writing.Key = None) -> HttpResponse:
    """Derive an age from `analyses` (their keys): `task`, `clock`, `meaning`, `omitted` (a reason by key), `constants` (names of sets), `model`,
    `outlier_test`, `random_effects`, `external_errors`, `title`, `note`. The scope is `results`."""

    def act(person: Person, at: datetime) -> Body:
        wish, keys = _wish(told)
        sees = Sees(at.date(), permissions.may(person, Act.SEE_RESULTS), person.key)
        made = ages.derive(wish, keys, title=_text(told, "title"), sees=sees, by=person, at=at)
        return {"age": made.key, "age_ma": made.age_ma, "half_width_ma": made.half_ma}

    return writing.answer(request, key, told, act, scope="results", act=Act.RECORD_RESULTS)


def _holders(person: Person) -> frozenset[str] | None:
    return None if permissions.may(person, Act.APPEND_ENTRIES) else queries.results.held_by(person)


def _text(told: writing.Told, name: str) -> str:
    said = told.get(name, "")
    if not isinstance(said, str) or "\0" in said:
        raise Refused([fault.of(name, "this is not a text", "write it in quotation marks")])
    return said


def _texts(told: writing.Told, name: str) -> list[str]:
    said = told.get(name, [])
    if not isinstance(said, list) or not all(isinstance(one, str) and "\0" not in one for one in said):
        raise Refused([fault.of(name, "this is not a list of texts", 'write it as ["…", "…"]')])
    return said


def _wish(told: writing.Told) -> tuple[Wish, list[str]]:
    """Return what is wanted, and the keys of the analyses."""
    omitted = told.get("omitted", {})
    if not isinstance(omitted, dict) or not all(isinstance(one, str) for one in omitted.values()):
        raise Refused(
            [
                fault.of(
                    "omitted",
                    "this is not a reason by the key of each analysis",
                    'write it as {{"KEY": "reason"}}',
                )
            ]
        )
    model = told.get("model", 1)
    wish = Wish(
        task=_text(told, "task"), clock=_text(told, "clock"), meaning=_text(told, "meaning"), omitted=omitted,
        sets=tuple(_texts(told, "constants")), model=model if isinstance(model, int) else 0,
        outlier_test=_text(told, "outlier_test") or "none", random_effects=told.get("random_effects") is True,
        external_errors=told.get("external_errors") is True, note=_text(told, "note"),
    )  # fmt: skip
    return wish, _texts(told, "analyses")
