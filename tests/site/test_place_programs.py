"""Programs that keep the store: places, moves and readings of the air, with a token that may do that and no more."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone

from aliquot.site.models import Environment, Person, Place, PlaceMove
from aliquot.site.operations import places, programs
from aliquot.site.operations.places import Told

BY = "person:1"
READING = {"place": "CAB", "at": "2026-03-24T09:30Z", "quantity": "oxygen", "value": "0.8", "unit": "ppm"}


@pytest.fixture(autouse=True)
def _a_store(db: None) -> None:
    now = timezone.now()
    places.make(["N"], Told("site", name_en="North laboratory"), by=BY, at=now)
    places.make(["CAB", "CAB-2"], Told("cabinet", atmosphere="nitrogen"), into="N", by=BY, at=now)
    places.make(["BOX"], Told("container"), into="CAB", by=BY, at=now)


@pytest.fixture
def token(ada: Person) -> str:
    return programs.make_token(ada, name="store", scope="places read", at=timezone.now(), days=3)


def ask(
    method: str, address: str, told: object = None, *, token: str, key: str = "k1"
) -> tuple[int, dict[str, object]]:
    answer = Client(enforce_csrf_checks=True).generic(
        method, f"/api/v1/{address}", json.dumps(told), content_type="application/json",
        headers={"Authorization": f"Bearer {token}", "Idempotency-Key": key},
    )  # fmt: skip
    return answer.status_code, json.loads(answer.content)


def test_places_are_made_once_for_a_key(token: str) -> None:
    told = {"codes": ["V-1", "V-2"], "kind": "container", "parent": "BOX", "container_type": "glassvial",
            "allowed_materials": ["PTFE"]}  # fmt: skip
    assert ask("POST", "places", told, token=token) == (201, {"places": ["V-1", "V-2"]})
    assert ask("POST", "places", told, token=token) == (201, {"places": ["V-1", "V-2"]})
    assert Place.objects.filter(parent__code="BOX", allowed_materials="PTFE").count() == 2
    status, place = ask("GET", "places/V-1", token=token)
    assert (status, place["path"], place["atmosphere"]) == (200, ["N", "CAB", "BOX", "V-1"], "nitrogen")
    assert ask("GET", "places/BOX/contents", token=token)[1]["places"] == ["V-1", "V-2"]
    assert ask("GET", "places/BOX/contents?on=2020-01-01", token=token)[1]["places"] == []
    assert ask("GET", "places/NONE", token=token)[0] == 404


def test_a_place_is_moved_from_where_it_was_seen(token: str) -> None:
    told = {"parent": "CAB-2", "source": "CAB"}
    assert ask("POST", "places/BOX/moves", told, token=token) == (
        201,
        {"place": "BOX", "path": ["N", "CAB-2", "BOX"]},
    )
    status, body = ask("POST", "places/BOX/moves", {"parent": "N", "source": "CAB"}, token=token, key="k2")
    assert (status, [one["where"] for one in body["faults"]]) == (400, ["place"])
    assert PlaceMove.objects.filter(place__code="BOX").count() == 2


def test_readings_are_added_and_the_same_again_adds_nothing(token: str) -> None:
    told = {"readings": [READING, READING | {"quantity": "pressure", "value": "101.60", "unit": "kPa"}]}
    assert ask("POST", "readings", told, token=token) == (201, {"added": 2, "already_there": 0})
    assert ask("POST", "readings", told, token=token, key="k2") == (201, {"added": 0, "already_there": 2})
    status, body = ask("POST", "readings", {"readings": [READING | {"value": "0.9"}]}, token=token, key="k3")
    assert status == 400
    assert body["faults"][0]["where"] == "readings[0].value"
    assert body["faults"][0]["what"] == "0.8 ppm was read there at this time already, not 0.9 ppm"
    assert Environment.objects.count() == 2


@pytest.mark.parametrize(
    ("address", "told", "where"),
    [
        ("places", {}, ["codes"]),
        ("places", {"codes": [], "kind": "room", "parent": "N"}, ["code"]),
        ("places", {"codes": ["X"], "kind": "room", "parent": 5, "colour": "red"}, ["colour", "parent"]),
        ("places", {"codes": ["X\0"], "kind": "room", "parent": "N\0", "holder": "place:\0"}, ["code", "holder", "parent"]),
        ("places", {"codes": ["X"], "kind": "hole", "parent": "N"}, ["kind"]),
        ("places/BOX/moves", {}, ["parent"]),
        ("places/BOX/moves", {"parent": "\0", "reason": "x" * 2001}, ["reason", "parent"]),
        ("places/GONE/moves", {"parent": "N"}, ["place"]),
        ("readings", {}, ["readings"]),
        ("readings", {"readings": []}, ["readings"]),
        ("readings", {"readings": [{"place": 1}]}, ["readings"]),
        ("readings", {"readings": [{}]}, ["readings[0].at", "readings[0].place", "readings[0].quantity", "readings[0].value"]),
        ("readings", {"readings": [READING, READING | {"place": ""}]}, ["readings[1].place"]),
        ("readings", {"readings": [READING | {"place": "\0", "instrument": "x"}]},
         ["readings[0].instrument", "readings[0].place"]),
    ],
)  # fmt: skip
def test_what_a_program_gets_wrong_is_said_whole_and_nothing_is_written(
    token: str, address: str, told: dict[str, object], where: list[str]
) -> None:
    before = Place.objects.count(), PlaceMove.objects.count(), Environment.objects.count()
    status, body = ask("POST", address, told, token=token)
    assert (status, [one["where"] for one in body["faults"]]) == (400, where)
    assert (Place.objects.count(), PlaceMove.objects.count(), Environment.objects.count()) == before


def test_whoever_may_not_keep_places_cannot_through_a_program_either(eve: Person, bo: Person) -> None:
    for person, reads in ((eve, 200), (bo, 403)):
        token = programs.make_token(person, name="x", at=timezone.now(), days=1)
        assert ask("POST", "places", {"codes": ["X"], "kind": "room", "parent": "N"}, token=token)[0] == 403
        assert ask("POST", "places/BOX/moves", {"parent": "N"}, token=token)[0] == 403
        assert ask("POST", "readings", {"readings": [READING]}, token=token)[0] == 403
        assert ask("GET", "places/BOX", token=token)[0] == reads
        assert ask("GET", "places/BOX/contents", token=token)[0] == reads
