"""`aliquot allocate` as people run it: a plan, its check, decisions that conflict, refusals in one line each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from .conftest import run

ROUND = Path(__file__).parents[2] / "docs" / "examples" / "round.json"


def test_a_round_gives_the_same_document_twice_but_for_the_seconds() -> None:
    first: Any = run("allocate", ROUND, "--json").document
    second: Any = run("allocate", "plan", ROUND, "--json").document
    assert set(first.pop("seconds")) == {"build", "merit", "handling", "used_up", "total"}
    second.pop("seconds")
    assert first == second
    assert (first["status"], first["merit"], first["conflict"]) == ("optimal", 2580, [])
    assert first["bounds"] == {name: first[name] for name in ("merit", "handling", "used_up_ug")}
    assert [each["request"] for each in first["grants"]] == [0, 1, 2]
    assert [each["outcome"] for each in first["explanations"]] == [
        "granted",
        "granted",
        "alternative",
        "refused",
    ]
    assert len(first["instance_sha256"]) == 64
    assert set(first["software"]) == {"aliquot", "highspy", "numpy"}


def test_a_plan_that_was_changed_is_found_out(tmp_path: Path) -> None:
    plan: Any = run("allocate", ROUND, "--json").document
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), "utf-8")
    good: Any = run("allocate", "check", ROUND, file, "--json").document
    assert (good["valid"], good["merit"]) == (True, plan["merit"])
    plan["grants"][0]["pieces"][0][1] += 1
    file.write_text(json.dumps(plan["grants"]), "utf-8")
    done = run("allocate", "check", ROUND, file)
    assert (done.code, done.err) == (1, "")
    assert "request 0 gets" in done.out


def test_decisions_that_cannot_stand_together_end_with_1(tmp_path: Path) -> None:
    pins = tmp_path / "pins.json"
    pins.write_text('{"grant": [3], "refuse": [3]}', "utf-8")
    done = run("allocate", ROUND, "--fix", pins, "--json")
    document: Any = done.document
    assert (done.code, document["status"], document["grants"]) == (1, "infeasible", [])
    assert [each["pin"] for each in document["conflict"]] == ["grant", "refuse"]
    pins.write_text('{"grant": [3]}', "utf-8")
    kept: Any = run("allocate", ROUND, "--fix", pins, "--json").document
    assert 3 in [each["request"] for each in kept["grants"]]


def test_what_is_wrong_ends_with_2_and_a_line_for_each_fault(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(json.loads(ROUND.read_text("utf-8")) | {"sub_form": [7], "caps": 3}), "utf-8")
    assert len(run("allocate", wrong, "--json").refusals) == 3
    wrong.write_bytes(b"\xff\x00")
    assert len(run("allocate", wrong).refusals) == 1
    assert run("allocate", tmp_path / "none.json").refusals
    assert run("allocate", ROUND, "--fix", wrong).refusals
    assert run("allocate", ROUND, "--gap", "-1").refusals
    assert run("allocate", "check", ROUND, wrong).refusals
