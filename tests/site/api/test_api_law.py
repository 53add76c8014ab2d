"""The law for programs: the instruments, and the same answer as that of `aliquot eligible`."""

from __future__ import annotations

import json

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.cli.conftest import run
from tests.lending import FACTS

from aliquot import law_read
from aliquot.site.models import Screening

ADDRESS = "/api/v1/eligibility"


def ask(body: object, kind: str = "application/json") -> HttpResponse:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return Client(enforce_csrf_checks=True).post(ADDRESS, content, content_type=kind)


def test_the_instruments_are_those_on_file() -> None:
    answer = Client().get("/api/v1/law")
    assert answer.status_code == 200
    assert [one["instrument"] for one in answer.json()["items"]] == list(law_read.load().instruments)
    assert Client().get("/api/v1/law", headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_every_instrument_can_be_asked_for() -> None:
    for key, each in law_read.load().instruments.items():
        found = Client().get(f"/api/v1/law/{key}").json()
        assert (found["sha256"], found["researched"]) == (each.sha256, each.is_researched)
        assert len(found["versions_in_full"]) == len(found["versions"])
    assert Client().get("/api/v1/law/us/none").status_code == 404


@pytest.mark.parametrize("facts", [{}, FACTS, {"id": "case-7", **FACTS}, {"id": None, "lender": "nasa"}])
def test_the_answer_is_that_of_the_command_byte_by_byte(facts: dict[str, object], tmp_path: object) -> None:
    (tmp_path / "facts.json").write_text(json.dumps(facts))
    said = run("eligible", str(tmp_path / "facts.json"), "--json")
    answer = ask(facts)
    assert answer.status_code == 200
    assert answer.content.decode() == said.out
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not Screening.objects.exists()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"wether": "fine"}, "wether"),
        ({"loan_months": "x", "acts_on": "soon"}, "loan_months"),
        ({"counterparty_place": "CN", "counterparty_china": False}, "counterparty_place, counterparty_china"),
        ('{"lender": "nasa", "lender": "cnsa"}', "lender"),
        ("{", "body"),
        (b"\xff", "body"),
        ([{"id": "1"}], "facts"),
        ("null", "facts"),
        ('"x"', "facts"),
        ('{"loan_months": NaN}', None),
        ("[" * 5000 + "]" * 5000, None),
        ({"funders": [["NASA"]]}, "funders"),
        ({"\ud800": 1}, None),
    ],
)
def test_facts_at_fault_are_refused_with_every_fault(body: object, where: str | None) -> None:
    answer = ask(body)
    assert answer.status_code == 400, answer.content
    faults = answer.json()["faults"]
    assert faults
    assert where is None or where in [one["where"] for one in faults]


def test_all_faults_are_told_at_once() -> None:
    assert len(ask({"loan_months": "x", "acts_on": "soon", "wether": 1}).json()["faults"]) == 3


def test_it_is_asked_by_post_alone() -> None:
    for method in ("get", "put", "delete", "patch"):
        answer = getattr(Client(), method)(ADDRESS)
        assert (answer.status_code, answer["Allow"]) == (405, "POST")
