"""`aliquot age`: one request or many in, as many answers out, in order; what is no request is refused."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from .conftest import COMMAND, run, surroundings

REQUEST: dict[str, Any] = {
    "id": "a", "task": "mean", "columns": ["age", "s_age"], "rows": [[2030.0, 2.0], [1963.0, 28.5], [2040.0, 11.0]],
    "errors": {"level": "1s", "kind": "absolute"},
}  # fmt: skip
BROKEN = REQUEST | {"id": "b", "rows": []}


@pytest.fixture
def ask(tmp_path: Path) -> Any:
    def asked(text: str | bytes, *words: str) -> Any:
        file = tmp_path / "request.json"
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return run("age", file, *words)

    return asked


def test_one_object_is_answered_by_one_object(ask: Any) -> None:
    found = ask(json.dumps(REQUEST, indent=1), "--json")
    assert found.code == 0
    assert found.document["id"] == "a"
    assert found.document["age_ma"] == pytest.approx(2030.0006)
    assert ask(json.dumps(REQUEST), "--json").out == found.out


def test_an_array_is_answered_by_an_array_in_its_order(ask: Any) -> None:
    found = ask(json.dumps([BROKEN, REQUEST]), "--json")
    assert found.code == 0
    assert [(each["id"], each.get("error_rule")) for each in found.document] == [
        ("b", "too-few-rows"),
        ("a", None),
    ]
    assert ask("[]", "--json").document == []


def test_lines_are_answered_by_lines(ask: Any) -> None:
    found = ask(f"{json.dumps(REQUEST)}\n\n{json.dumps(BROKEN)}\n", "--json")
    assert found.code == 0
    assert [json.loads(line)["id"] for line in found.out.splitlines()] == ["a", "b"]


def test_without_json_the_same_is_read_as_text(ask: Any) -> None:
    found = ask(json.dumps(REQUEST))
    assert found.code == 0
    assert found.out.splitlines()[0].startswith("2,030 ± 15 Ma: 95 % ")
    assert "age_ma: 2030.0006077" in found.out
    assert "error: too-few-rows: " in ask(json.dumps(BROKEN)).out


def test_standard_input_is_read_and_a_new_process_takes_a_moment(tmp_path: Path) -> None:
    done = subprocess.run(
        [COMMAND, "age", "-", "--json"],
        input=json.dumps(REQUEST),
        env=surroundings(),
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["n"] == 3


@pytest.mark.parametrize(
    "text",
    ["", "{", "{}x", '{"a": NaN}', '{"rows": [[Infinity]]}', "7", '"x"', "[1]", "[{}]", '[{"id": 1}]', '[{"id": "a"}, {"id": "a"}]',
     '{"id": "a"}\n{"id": "a"}', '{"id": "a"}\n7', '{"id": "a"}\n{', b"\xff\xfe", "[" * 100_000],
)  # fmt: skip
def test_what_is_no_request_is_refused_in_one_line(ask: Any, text: str | bytes) -> None:
    assert len(ask(text, "--json").refusals) == 1


def test_what_cannot_be_read_and_what_is_no_option_is_refused(tmp_path: Path) -> None:
    assert len(run("age", tmp_path / "none.json").refusals) == 1
    assert len(run("age", tmp_path).refusals) == 1
    assert len(run("age", "x", "--sigma").refusals) == 1
    assert len(run("age").refusals) == 1


def test_a_plot_is_written_beside_the_answer(ask: Any, tmp_path: Path) -> None:
    for name, begins in (("mean.svg", b"<svg "), ("mean.PNG", b"\x89PNG")):
        found = ask(json.dumps(REQUEST), "--json", "--plot", str(tmp_path / name))
        assert found.document["n"] == 3
        assert (tmp_path / name).read_bytes().startswith(begins)


def test_a_plot_of_several_of_another_format_or_into_nowhere_is_refused(ask: Any, tmp_path: Path) -> None:
    both, one = json.dumps([REQUEST, BROKEN]), json.dumps(REQUEST)
    assert len(ask(both, "--plot", str(tmp_path / "x.svg")).refusals) == 1
    assert len(ask(one, "--plot", str(tmp_path / "x.pdf")).refusals) == 1
    assert len(ask(one, "--plot", str(tmp_path / "no" / "x.svg")).refusals) == 1
    assert not (tmp_path / "x.svg").exists()


def test_what_cannot_be_dated_is_answered_and_not_drawn(ask: Any, tmp_path: Path) -> None:
    found = ask(json.dumps(BROKEN), "--json", "--plot", str(tmp_path / "x.svg"))
    assert found.code == 0
    assert json.loads(found.out)["error_rule"] == "too-few-rows"
    assert "nothing was drawn" in found.err
    assert not (tmp_path / "x.svg").exists()


def test_without_numpy_the_command_says_what_to_install_and_books_are_still_verified(tmp_path: Path) -> None:
    program = """
import sys
sys.modules["numpy"] = None
from aliquot import verify
from aliquot.cli import main
sys.argv = ["aliquot", "age", "-"]
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], input=json.dumps(REQUEST), capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "install Aliquot with its extra: chronology" in done.stderr
