"""Results for programs: read by everybody, recorded and derived with a token that has the scope."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.utils import timezone
from tests.site import analysing as a
from tests.site import collection as c

from aliquot.site.models import Analysis, DerivedAge, Person
from aliquot.site.operations import ages, programs

VALUES = [{"analyte": "Rb", "value": "1.03", "unit": "ppm", "uncertainty": "0.05", "level": "2s"}]
TOLD = {
    "sample": "T-1",
    "method": "TIMS",
    "laboratory": "L",
    "holder": "place:vault",
    "measured_on": "2026-03-20",
    "values": VALUES,
}


def a_token(person: Person, scope: str = "") -> str:
    return programs.make_token(person, name="line", scope=scope, at=timezone.now(), days=30)


def post(address: str, told: object, token: str, key: str = "k1") -> tuple[int, dict[str, object]]:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key}
    answer = Client().post(
        f"/api/v1/{address}", json.dumps(told), content_type="application/json", headers=headers
    )
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def rock(db: None) -> str:
    c.holders()
    return c.a_sample("T-1", "5 g").number


def test_everybody_reads_what_is_published(ada: Person, client: Client) -> None:
    made = a.an_age(ada)
    assert client.get(f"/api/v1/results/{made.key}").status_code == 404
    ages.publish(made.key, sees=a.ALL, by=ada, at=a.NOW)
    body = client.get("/api/v1/samples/12009/results").json()
    assert body["ages"][0]["request_sha256"] == made.request_sha256
    assert body["analyses"][0]["values"][0] == {
        "analyte": "Rb87Sr86", "value": "0.0312", "unit": "", "uncertainty": "0.0008", "level": "1s", "kind": "absolute", "sd": "0.0008",
    }  # fmt: skip
    assert client.get(f"/api/v1/results/{made.key}").json()["answer"] == json.loads(made.answer)
    assert client.get("/api/v1/samples/99999/results").status_code == 404
    assert client.get("/api/v1/results/nothing?x=1").status_code == 400


def test_a_program_records_an_analysis_once(rock: str, ada: Person) -> None:
    token = a_token(ada, "results")
    status, body = post("analyses", TOLD | {"consumed": "1 mg"}, token)
    assert status == 201
    assert body["entry"] is not None
    assert post("analyses", TOLD | {"consumed": "1 mg"}, token) == (201, body)
    assert Analysis.objects.count() == 1


@pytest.mark.parametrize(
    "told",
    [{}, {"values": 7}, TOLD | {"sample": 7}, TOLD | {"values": [{"analyte": "SiO2", "value": "767", "unit": "wt%"}]}, TOLD | {"why": 7},
     TOLD | {"citation": 7, "doi": "?"}, TOLD | {"note": "a\0b"}, TOLD | {"supersedes": "a\0b"}],
)  # fmt: skip
def test_what_is_wrong_is_answered_with_faults(rock: str, ada: Person, told: dict[str, object]) -> None:
    status, body = post("analyses", told, a_token(ada))
    assert (status, bool(body["faults"])) == (400, True)


def test_a_program_derives_an_age(ada: Person) -> None:
    rows = [one.key for one in a.from_the_literature(ada)]
    told = {
        "analyses": rows,
        "task": "isochron",
        "clock": "Rb-Sr",
        "meaning": "whole-rock",
        "omitted": {rows[-1]: "a soil"},
    }
    status, body = post("ages", told, a_token(ada, "results"))
    assert status == 201
    assert DerivedAge.objects.get().age_ma == body["age_ma"]
    for wrong in (
        {"meaning": ""},
        {"analyses": 7},
        {"omitted": [1]},
        {"constants": "x"},
        {"constants": ["made-up"]},
        {"title": "\0"},
        {"model": "2"},
    ):
        assert post("ages", told | wrong, a_token(ada), key=str(wrong)[:40])[0] == 400


def test_who_may_not_is_told_so(rock: str, bo: Person, di: Person, ada: Person) -> None:
    assert post("analyses", TOLD, a_token(di))[0] == 403
    assert post("analyses", TOLD, a_token(ada, "read"))[0] == 403
    assert post("analyses", TOLD, a_token(bo))[0] == 400
    assert post("analyses", TOLD, "nothing")[0] == 401
