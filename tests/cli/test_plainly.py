"""What is typed plainly is read as Typer reads it, and whatever is not plain is left to Typer."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import pytest
import typer
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot.cli import plainly

ROUND = Path(__file__).parents[2] / "docs" / "examples" / "round.json"
WORD = st.sampled_from(
    ["a", "-", "", "--", "-3", "3", "0", "9", "0.5", "1e3", "nan", "x=y", "--whole", "--whole=4", "--whole=", "--part=0.25",
     "--part", "--name", "--name=-", "--flag", "--flag=1", "--fla", "--unknown", "--help", "-h", "１", "--whole=１"]
)  # fmt: skip


def a_command(
    where: Annotated[Path, typer.Argument(help="A place.")],
    name: Annotated[str, typer.Option("--name", help="A name.")] = "none",
    whole: Annotated[int, typer.Option(min=1, max=5)] = 2,
    part: Annotated[float, typer.Option(min=0.0, max=1.0)] = 0.5,
    flag: Annotated[bool, typer.Option("--flag")] = False,
) -> None:
    raise typer.Exit(0)


def by_typer(words: list[str]) -> dict[str, object] | None:
    found: dict[str, object] = {}

    def kept(where: Path, name: str, whole: int, part: float, flag: bool) -> None:
        found.update(where=where, name=name, whole=whole, part=part, flag=flag)

    kept.__annotations__ = a_command.__annotations__
    kept.__signature__ = plainly.inspect.signature(a_command)  # type: ignore[attr-defined]
    made = typer.Typer(add_completion=False)
    made.command()(kept)
    try:
        made(args=words, standalone_mode=False)
    except typer.TyperException:
        return None
    return found or None


@settings(max_examples=150, deadline=None)
@given(st.lists(WORD, max_size=5))
def test_words_are_read_as_typer_reads_them(words: list[str]) -> None:
    read = plainly.values(a_command, words)
    assert read is None or read == by_typer(words)


def test_plain_words_are_read() -> None:
    assert plainly.values(a_command, ["--whole", "4", "a/b", "--part=0.25", "--flag", "--name", "-"]) == {
        "where": Path("a/b"), "name": "-", "whole": 4, "part": 0.25, "flag": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [[], ["--help"], ["a", "b"], ["a", "--whole"], ["a", "--whole", "9"], ["a", "--who", "4"], ["a", "--flag", "--flag"]],
)  # fmt: skip
def test_words_that_are_not_plain_are_left_to_typer(words: list[str]) -> None:
    assert plainly.values(a_command, words) is None


def test_a_plain_command_loads_no_validators() -> None:
    said = (
        "import sys; from aliquot.cli import main\n"
        f"sys.argv = ['aliquot', 'allocate', 'check', {str(ROUND)!r}, {str(ROUND)!r}]\n"
        "try: main()\nexcept SystemExit as done: print(done.code, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["2", "False"]
