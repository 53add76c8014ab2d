"""`aliquot eligible` and `aliquot law` as people run them: one answer, batches, refusals in one line."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from .conftest import COMMAND, WAIT_S, Done, run, surroundings

PAPER = {
    "asked_on": "2026-02-12", "acts_on": "2026-02-20", "act": "publish", "counterparty_place": "CN",
    "restricted_money": True, "money_years": [2026], "two_sided": True, "off_the_shelf": False, "later_law": False,
    "official_visitor_hosted": False, "certificate_lodged_on": "n/a",
}  # fmt: skip


def ask(given: str, *words: str) -> Done:
    done = subprocess.run([COMMAND, "eligible", "-", "--json", *words], input=given.encode(), env=surroundings(LC_ALL="C"),
                          capture_output=True, timeout=WAIT_S)  # fmt: skip
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_one_set_of_facts_gives_one_answer_and_the_same_bytes_again(tmp_path: Path) -> None:
    file = tmp_path / "facts.json"
    file.write_text(json.dumps({"id": "case-7", **PAPER}), "utf-8")
    done = run("eligible", file, "--json")
    answer: Any = done.document
    assert (done.code, answer["id"], answer["overall"], answer["stands_now"]) == (
        0,
        "case-7",
        "prohibited",
        False,
    )
    assert "not legal advice" in answer["notice"]
    assert set(answer["replay"]) == {"facts", "vocabulary", "lists", "instruments"}
    again = ask(json.dumps(dict(reversed([*PAPER.items(), ("id", "case-7")]))))
    assert again.out == done.out


def test_a_batch_answers_each_set_in_its_place() -> None:
    sets = [
        {"id": "a", **PAPER},
        {"id": "b", "two_sided": "yes", "colour": 1},
        {"id": "c", "acts_on": "2024-01-01"},
        PAPER,
        7,
    ]
    array = ask(json.dumps(sets))
    answers = json.loads(array.out)
    assert array.code == 2
    assert len(array.err.splitlines()) == 1
    assert [each["id"] for each in answers] == ["a", "b", "c", None, None]
    assert ["refused" in each for each in answers] == [False, True, False, True, True]
    assert "two_sided" in answers[1]["refused"]
    assert "colour" in answers[1]["refused"]
    lines = ask("\n".join(map(json.dumps, sets)))
    assert [json.loads(line) for line in lines.out.splitlines()] == answers
    assert ask("[]").document == []


def test_malformed_facts_are_refused_in_one_line() -> None:
    done = ask(json.dumps({"two_sided": "\u202eyes\n", "acts_on": "soon"}))
    assert len(done.refusals) == 1
    assert all(key in done.refusals[0] for key in ("two_sided", "acts_on"))
    assert len(ask("{").refusals) == 1
    assert len(run("eligible", "/nowhere/facts.json", "--json").refusals) == 1


def test_a_law_file_with_faults_is_told_by_line(tmp_path: Path) -> None:
    shown = run("law", "show", "us/goodwill-theft")
    assert "It forbids" in shown.out
    assert len(run("law", "show", "us/nothing").refusals) == 1
    assert len(run("law", "diff", "us/wolf", "FY2012", "FY2027").refusals) == 1
    file = tmp_path / "us-wolf.yaml"
    file.write_text("instrument: us/wolf\ntitle: {en: only English}\n", "utf-8")
    done = run("law", "check", file, "--json")
    document: Any = done.document
    assert done.code == 1
    assert any(each.startswith("us-wolf.yaml line 2:") for each in document["faults"])
