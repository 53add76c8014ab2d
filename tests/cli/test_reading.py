"""Reading articles with nothing but the library: claims on standard output, one line for each file that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

from .conftest import run

SAID = "Chang'e 5 brought back 1,731 grams of lunar soil."


def test_each_file_is_one_object_in_the_order_given(tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.html"
    one.write_text(f"\ufeff{SAID}\r\nNothing else.", "utf-8")
    other.write_text(f"<html><h1>Dust</h1><p>{SAID}</html>", "utf-8")
    found = run("read", one, other, "--json").document
    assert isinstance(found, list)
    assert [each["file"] for each in found] == [str(one), str(other)]
    assert ["text" in each for each in found] == [False, True]
    claim = found[0]["claims"][0]
    assert claim | {"because": ""} == {
        "predicate": "returned_mass", "subject": "CE-5", "value": 1731, "unit": "g", "mission": "CE-5", "quote": SAID, "start": 0,
        "end": len(SAID), "hedge": "asserted", "verdict": "supported", "register": ["change-5.returned_mass.I2"], "because": "",
    }  # fmt: skip
    again = found[1]["claims"][0]
    assert found[1]["text"][again["start"] : again["end"]] == again["quote"] == SAID


def test_a_file_that_cannot_be_read_does_not_keep_others_from_being_read(tmp_path: Path) -> None:
    good, empty, torn = tmp_path / "good.txt", tmp_path / "empty.txt", tmp_path / "torn.txt"
    good.write_text(SAID, "utf-8")
    empty.write_bytes(b"")
    torn.write_bytes(b"\xff\xfe\xfd")
    done = run("read", empty, good, torn, tmp_path / "none.txt", tmp_path, "--json")
    assert done.code == 2
    assert [each["file"] for each in json.loads(done.out)] == [str(good)]
    lines = done.err.splitlines()
    assert len(lines) == 4
    assert all(line.startswith("aliquot read: ") for line in lines)
    assert [
        name in line
        for name, line in zip(("empty.txt", "torn.txt", "none.txt", tmp_path.name), lines, strict=True)
    ] == [True] * 4


def test_nothing_that_can_be_read_is_an_empty_array(tmp_path: Path) -> None:
    done = run("read", tmp_path / "none.txt", "--json")
    assert (done.code, json.loads(done.out)) == (2, [])


def test_people_are_told_the_sentence_and_what_the_record_says(tmp_path: Path) -> None:
    article = tmp_path / "a.txt"
    article.write_text("In April 2022 China gave 1.5 grams of lunar soil to Russia.", "utf-8")
    done = run("read", article)
    assert done.code == 0
    assert "“In April 2022 China gave 1.5 grams of lunar soil to Russia.”" in done.out
    assert "contradicted: gift(CN, RU) 1.5 g 2022-04" in done.out
    assert "2 months earlier [2022-china-russia]" in done.out


def test_no_file_is_a_fault_of_use() -> None:
    assert run("read").refusals
