"""The real command, run as its users run it; one demonstration for all tests, copied where a test writes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import warm

COMMAND = Path(sys.executable).with_name("aliquot")
WAIT_S = 300  # starting takes a second, on a busy machine many


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> object:
        """The one JSON document on standard output; nothing else may be there, and nothing on standard error."""
        assert self.err == ""
        return json.loads(self.out)

    @property
    def refusals(self) -> list[str]:
        """The faults for which it refused: exit code 2, one printable line each, nothing on standard output."""
        assert (self.code, self.out) == (2, ""), self
        lines = self.err.splitlines()
        assert lines
        assert all(line.isprintable() and ": " in line and "; " in line for line in lines), self.err
        return lines


def surroundings(**more: str) -> dict[str, str]:
    """Return the environment without any setting of ours, so that each test starts from the same."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ALIQUOT_", "DJANGO_"))}
    return kept | {"COLUMNS": "110", "NO_COLOR": "1"} | more


def run(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Done:
    """Run `aliquot` with these words."""
    said = [os.fspath(word) for word in words]
    folder, environment = os.fspath(cwd or Path.cwd()), surroundings(**(env or {}))
    code, out, err = warm.run(said, folder=folder, environment=environment)
    return Done(code, out.decode(), err.decode())


def run_anew(*words: str | Path, env: Mapping[str, str] | None = None) -> Done:
    """Run the installed `aliquot` in a new Python, which takes longer: where that is what is tested."""
    done = subprocess.run(
        [COMMAND, *words],
        env=surroundings(**(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=WAIT_S,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration; tests only read it."""
    home = tmp_path_factory.mktemp("demo") / "instance"
    done = run("demo", "--no-serve", "--home", home)
    assert done.code == 0, done
    return home


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A demonstration of the test's own, to write to."""
    return shutil.copytree(demo, tmp_path / "instance")


@pytest.fixture(scope="session")
def published(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's log as static files; tests only read it."""
    out = tmp_path_factory.mktemp("published") / "log"
    done = run("publish", out, "--home", demo)
    assert done.code == 0, done
    return out


@pytest.fixture
def own_log(published: Path, tmp_path: Path) -> Path:
    """A publication of the test's own, to tamper with."""
    return shutil.copytree(published, tmp_path / "log")
