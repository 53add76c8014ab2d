"""A command imports its own group and no other, so that it starts at once."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aliquot.cli import COMMANDS, GROUPS

LOADED = "import sys; from aliquot.cli import build; build({word!r}); print(*sorted(m for m in sys.modules if m.startswith('aliquot.')))"


@pytest.mark.parametrize(
    ("word", "absent"),
    [
        ("verify", ("aliquot.cli.allocations", "aliquot.law_read")),
        ("assign", ("aliquot.cli.offline", "aliquot.verify")),
    ],
)
def test_a_command_imports_its_own_group_alone(word: str, absent: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(word=word)], capture_output=True, text=True, check=True
    )
    assert not set(absent) & set(done.stdout.split())


def test_every_group_has_commands_and_every_command_of_two_words_a_group() -> None:
    assert {one.word for one in GROUPS} == {one.words.split()[0] for one in COMMANDS if " " in one.words}
