"""Reading an instance's ledger: balances, histories, families, proofs, publication."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from .conftest import run, run_anew

HOSTILE_NUMBERS = [
    "no-such",
    "a\nb",
    "\x1b[31mred",
    b"\xff\xfe".decode("utf-8", "surrogateescape"),
    "x" * 5000,
    "é",
    "",
]


def test_balances_are_sorted_and_sum_to_zero(demo: Path) -> None:
    rows = run("balance", "--home", demo, "--json").document
    assert isinstance(rows, list)
    assert [set(row) for row in rows] == [{"sample", "holder", "mass_ng"}] * len(rows)
    assert rows == sorted(rows, key=lambda row: (row["sample"], row["holder"]))
    assert all(type(row["mass_ng"]) is int and row["mass_ng"] for row in rows)
    assert sum(row["mass_ng"] for row in rows) == 0
    origins = {row["holder"]: row["mass_ng"] for row in rows if row["holder"].startswith("origin:change")}
    assert origins == {"origin:change-5": -1_731 * 10**9, "origin:change-6": -1_935_300 * 10**6}


def test_the_balances_of_one_sample_are_its_part_of_all(demo: Path) -> None:
    every = run_anew("balance", "--home", demo, "--json").document
    assert isinstance(every, list)
    assert run("balance", "lot:ce5", "--home", demo, "--json").document == [
        row for row in every if row["sample"] == "lot:ce5"
    ]


def test_a_history_adds_up_to_the_balances(demo: Path) -> None:
    rows = run("history", "lot:ce5", "--home", demo, "--json").document
    held = run("balance", "lot:ce5", "--home", demo, "--json").document
    assert isinstance(rows, list)
    assert isinstance(held, list)
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["holder"]] = sums.get(row["holder"], 0) + row["mass_ng"]
    assert {key: ng for key, ng in sums.items() if ng} == {row["holder"]: row["mass_ng"] for row in held}
    assert [row["entry"] for row in rows] == sorted(row["entry"] for row in rows)


def test_a_family_is_told_both_ways(demo: Path) -> None:
    up = run("lineage", "lot:ce5:gift-france", "--home", demo, "--json").document
    down = run("lineage", "lot:ce5", "--home", demo, "--json").document
    assert isinstance(up, dict)
    assert isinstance(down, dict)
    assert up["ancestors"] == [{"number": "lot:ce5", "generation": -1}]
    assert {"number": "lot:ce5:gift-france", "generation": 1} in down["descendants"]
    assert up["steps"][0] in down["steps"]


@pytest.mark.parametrize("command", ["balance", "history", "lineage"])
def test_a_sample_that_does_not_exist_is_one_line_whatever_it_is_called(command: str, demo: Path) -> None:
    for number in HOSTILE_NUMBERS if command == "history" else HOSTILE_NUMBERS[:4]:
        assert len(run(command, number, "--home", demo).refusals) == 1


def test_every_table_for_programs_is_one_document(demo: Path, published: Path, tmp_path: Path) -> None:
    (tmp_path / "proof").write_text(run("prove", "3", "--home", demo).out)
    own = shutil.copytree(demo, tmp_path / "own")
    for words in (
        ["publish", tmp_path / "log", "--home", own],
        ["verify", published / "book.txt", published / "checkpoint", "--key", published / "vkey"],
        ["check-proof", tmp_path / "proof", "--key", published / "vkey"],
        ["record", "check"],
        ["export", "--home", demo],
    ):
        done = run(*words, "--json")
        assert done.code == 0
        assert done.document


def test_a_number_that_is_no_entry_has_no_proof(demo: Path) -> None:
    for number in ("1742", "9" * 40):
        assert len(run("prove", number, "--home", demo).refusals) == 1


# -- publication ---------------------------------------------------------------------------------------------


def test_a_publication_replaces_an_older_one_whole(published: Path, own_demo: Path, tmp_path: Path) -> None:
    out = shutil.copytree(published, tmp_path / "log")
    (out / "tile" / "left-over").write_text("of the older one")
    assert run("publish", out, "--home", own_demo).code == 0
    assert not (out / "tile" / "left-over").exists()
    assert {path.name for path in out.iterdir()} == {
        "book.txt",
        "checkpoint",
        "vkey",
        "tile",
        "register.jsonl",
    }
    assert (out / "book.txt").read_bytes() == (published / "book.txt").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"instance", "log"}


def test_files_of_somebody_else_are_left_as_they_are(own_demo: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "thesis.tex").write_text("Chapter 1")
    (tmp_path / "file").write_text("Chapter 2")
    for out in (theirs, tmp_path / "file", tmp_path / "file" / "below"):
        assert len(run("publish", out, "--home", own_demo).refusals) == 1
    assert {path.name: path.read_text() for path in theirs.iterdir()} == {"thesis.tex": "Chapter 1"}
    assert (tmp_path / "file").read_text() == "Chapter 2"


def test_a_publication_is_told_by_its_name_whatever_that_is(own_demo: Path, tmp_path: Path) -> None:
    out = tmp_path / "a\nb\x1b[31m"
    done = run("publish", out, "--home", own_demo)
    assert done.code == 0
    assert all(line.isprintable() for line in done.out.splitlines())
    bare = tmp_path / b"\xff".decode("utf-8", "surrogateescape")
    assert json.loads(run("publish", bare, "--home", own_demo, "--json").out)["size"]


def test_the_published_files_are_as_the_contract_says(published: Path) -> None:
    book = (published / "book.txt").read_bytes()
    entries = book.decode().removesuffix("\n").split("\n\n")
    assert [entry.split("\n")[0] for entry in entries] == [f"entry {n}" for n in range(len(entries))]
    for entry in entries:
        words = [line.partition(" ")[0] for line in entry.split("\n")]
        assert words[:4] == ["entry", "at", "kind", "by"]
        assert set(words[4:]) <= {"post", "use", "basis"}
    origin, size, root, empty, signature = (published / "checkpoint").read_text().split("\n")[:5]
    assert (size, empty) == (str(len(entries)), "")
    assert signature.startswith(f"— {origin} ")
    name, _, rest = (published / "vkey").read_text().removesuffix("\n").partition("+")
    assert (name, rest[8]) == (origin, "+")
    assert root.endswith("=")
