"""Decisions for programs: the field with a token, a decision recorded once, the public result for everybody."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.site import deciding
from tests.site.deciding import GRANT, MG, OVER, Round, a_round, decided
from tests.site.test_call_api import ask as _ask

from aliquot.site.api import answers
from aliquot.site.models import Call, Request, RequestDecision, Role

Ask = Callable[..., tuple[int, dict[str, object]]]
ask = _ask


@pytest.fixture
def it(db: None) -> Round:
    answers.forget()
    return a_round()


def told(it: Round, **changed: object) -> dict[str, object]:
    sat = {"present": [it.hal.key, it.ivy.key], "presides": it.hal.key, "votes": {it.hal.key: "yes"}}
    return {
        "level": "committee",
        "outcome": "reduce",
        "granted_ng": [20 * MG],
        "reasons": "The store is low.",
        "sitting": sat,
    } | changed


def test_the_field_is_for_those_who_see_it_as_they_see_it(it: Round, ask: Ask) -> None:
    address = f"calls/{it.call.key}/field"
    assert ask("GET", address)[0] == 401
    assert ask("GET", address, by=it.bo)[0] == ask("GET", address, by=it.ivy)[0] == 403
    assert ask("GET", address, by=it.hal, scope="weigh")[0] == 403
    assert ask("GET", "calls/abc/field", by=it.hal)[0] == 404
    status, found = ask("GET", address, by=it.hal, scope="read")
    (row,) = found["items"]
    assert (status, row["normalised"], row["reviews"], row["due"]) == (
        200,
        "18/25",
        {"handed in": 1},
        "committee",
    )
    assert row["lines"] == [{"line": 1, "sample": "P-1", "kind": "", "least_ng": 20 * MG, "wanted_ng": 50 * MG,
                             "free_ng": 1000 * MG, "promised_ng": 0}]  # fmt: skip
    Request.objects.filter(pk=it.request.pk).update(lead=it.hal)
    (row,) = ask("GET", address, by=it.hal)[1]["items"]
    assert (row["hidden"], row["normalised"], row["reviews"]) == ("own", None, {})


def test_a_decision_is_recorded_by_whose_turn_it_is(it: Round, ask: Ask) -> None:
    address = f"requests/{it.request.key}/decisions"
    assert ask("POST", address, told(it), by=it.ada)[0] == 403
    assert ask("POST", address, told(it), by=it.hal, scope="read")[0] == 403
    assert ask("POST", "requests/abc/decisions", told(it), by=it.hal)[0] == 404
    status, made = ask("POST", address, told(it), by=it.hal, scope="decisions")
    assert (status, made) == (
        201,
        {"request": it.request.key, "level": "committee", "order": 1, "state": "in review"},
    )
    assert ask("POST", address, told(it), by=it.hal)[0] == 400
    for level, state in (("centre", "in review"), ("agency", "granted")):
        status, made = ask("POST", address, told(it, level=level, sitting=None), by=it.eve)
        assert (status, made["state"]) == (201, state)


@pytest.mark.parametrize(
    ("changed", "where"),
    [
        ({"outcome": "maybe"}, ["outcome"]),
        ({"outcome": 3, "reasons": None}, ["outcome", "reasons", "outcome"]),
        ({"granted_ng": ["20 mg"]}, ["granted_ng"]),
        ({"granted_ng": [True]}, ["granted_ng"]),
        ({"granted_ng": [2**63]}, ["granted_ng"]),
        ({"granted_ng": [-1], "conditions": "x"}, ["granted_ng", "conditions"]),
        ({"promise": "yes", "more": 1}, ["more", "promise"]),
        ({"sitting": []}, ["sitting"]),
        ({"sitting": {}}, ["present", "presides", "votes"]),
        (
            {"sitting": {"present": [1], "presides": 1, "votes": {"person:1": 1}}},
            ["present", "presides", "votes"],
        ),
        ({"sitting": {"present": [], "presides": "", "votes": {"person:1": "maybe"}}}, ["votes"]),
        ({"sitting": None}, ["present"]),
        ({"reasons": "x\0"}, ["reasons"]),
        ({"level": "\0"}, ["level", "person"]),
    ],
)
def test_a_body_that_is_wrong_is_refused_with_every_fault(
    it: Round, ask: Ask, changed: dict[str, object], where: list[str]
) -> None:
    status, found = ask("POST", f"requests/{it.request.key}/decisions", told(it, **changed), by=it.hal)
    assert (status, [one["where"] for one in found["faults"]]) == (400, where)
    assert not RequestDecision.objects.exists()


def test_the_result_is_for_everybody_once_the_call_is_concluded(it: Round, ask: Ask) -> None:
    address = f"calls/{it.call.key}/result"
    decided(it, GRANT)
    assert ask("GET", address)[0] == 404
    Call.objects.filter(pk=it.call.pk).update(state="concluded")
    status, found = ask("GET", address)
    assert (status, found["granted_ng"], found["outcomes"]["grant"]) == (200, 50 * MG, 1)
    assert found["granted"] == [{"institution": "Brown University", "country": "US"}]
    assert it.request.key not in str(found)
    assert ask("GET", f"{address}?x=1")[0] == 400
    deciding.somebody("Zoe", Role.CHAIR)
    assert OVER.year == 2027
