"""Making instances and the demonstration: whole or not at all, and safe to repeat."""

from __future__ import annotations

import os
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import COMMAND, WAIT_S, run, run_anew, surroundings

ROLES = ("curator", "requester", "reviewer", "chair", "compliance", "director", "auditor", "borrower")


def contents(folder: Path) -> dict[str, bytes | None]:
    """Return every path below a folder, with the bytes of those that are files."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("empty") / "instance"
    done = run("init", "--home", home, "--origin", "moon.example.org/log", "--facility", "Our Moon 月球")
    assert (done.code, done.err) == (0, "")
    return home


def test_an_empty_instance_holds_nothing(empty: Path) -> None:
    assert run_anew("balance", "--home", empty, "--json").document == []


def test_private_keys_are_readable_by_their_owner_alone(empty: Path, demo: Path) -> None:
    for home in (empty, demo):
        keys = [path for path in (home / "keys").rglob("*") if path.is_file()]
        assert keys
        assert {path.stat().st_mode & 0o777 for path in keys} == {0o600}
        assert (home / "keys").stat().st_mode & 0o077 == 0


def test_a_folder_that_is_not_empty_is_left_as_it_is(empty: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("Tuesday")
    for home in (empty, tmp_path / "mine"):
        before = contents(home.parent)
        assert len(run("init", "--home", home).refusals) == 1
        assert contents(home.parent) == before


@pytest.mark.parametrize(
    "words",
    [
        ("--origin", "two words"),
        ("--origin", "a+b"),
        ("--origin", ""),
        ("--facility", " "),
        ("--facility", "a\nb"),
    ],
)
def test_a_name_that_cannot_stand_is_refused_and_nothing_is_made(
    words: tuple[str, str], tmp_path: Path
) -> None:
    assert len(run("init", "--home", tmp_path / "new", *words).refusals) == 1
    assert contents(tmp_path) == {}


def test_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "below", tmp_path / ("x" * 300)):
        assert len(run("init", "--home", home).refusals) == 1
    assert list(contents(tmp_path)) == ["file"]


def test_which_instance_is_meant(demo: Path, tmp_path: Path) -> None:
    (tmp_path / "var").symlink_to(demo)
    held = run("balance", "--home", demo, "--json", env={"ALIQUOT_HOME": "/nowhere"}).document
    assert run("balance", "--json", env={"ALIQUOT_HOME": str(demo)}).document == held
    assert run("balance", "--json", cwd=tmp_path).document == held
    assert len(run("balance", "--json", cwd=tmp_path / "var", env={"ALIQUOT_HOME": ""}).refusals) == 1


def test_a_secret_that_others_can_read_stops_every_command(own_demo: Path) -> None:
    (own_demo / "keys" / "secret").chmod(0o644)
    assert "chmod 600" in run("balance", "--home", own_demo).refusals[0]


def test_building_the_demonstration_again_changes_nothing(own_demo: Path) -> None:
    def state() -> object:
        counts = "from aliquot.site import models as m; print([(x, getattr(m, x).objects.count()) for x in m.__all__ if hasattr(getattr(m, x), 'objects')])"
        rows = run("manage", "shell", "--no-imports", "-c", counts, "--home", own_demo)
        assert rows.code == 0, rows
        return rows.out, run("balance", "--home", own_demo, "--json").document

    before = state()
    assert run("demo", "--no-serve", "--home", own_demo).code == 0
    assert state() == before


def test_the_demonstration_does_not_touch_an_instance_of_its_own(empty: Path) -> None:
    before = contents(empty / "keys")
    assert len(run("demo", "--no-serve", "--home", empty).refusals) == 1
    assert contents(empty / "keys") == before


def test_djangos_own_commands_run_on_the_instance(empty: Path) -> None:
    assert run("manage", "check", "--home", empty).code == 0
    assert run("manage", "migrate", "--check", "--home", empty).code == 0


def free_port() -> int:
    with socket.socket() as attempt:
        attempt.bind(("127.0.0.1", 0))
        port: int = attempt.getsockname()[1]
        return port


def status_of(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own server
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


@pytest.mark.slow
def test_the_demonstration_is_served_and_lets_each_role_in(own_demo: Path, tmp_path: Path) -> None:
    port, said = free_port(), tmp_path / "said"
    words = [COMMAND, "demo", "--home", own_demo, "--port", str(port)]
    with said.open("wb") as out:
        server = subprocess.Popen(
            words, env=surroundings(), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        until = time.monotonic() + WAIT_S
        while status_of(f"http://127.0.0.1:{port}/health") != 200:
            assert server.poll() is None, said.read_text()
            assert time.monotonic() < until, said.read_text()
            time.sleep(0.3)
        links = dict(re.findall(r"(?m)^ +(\w+) +(http://127\.0\.0\.1:\d+/sign-in/\S+/)$", said.read_text()))
        assert sorted(links) == sorted(ROLES)
        assert status_of(links["curator"]) == 200
        assert status_of(f"http://127.0.0.1:{port}/") == 200
        taken = run("serve", "--home", own_demo, "--port", str(port)).refusals
        assert len(taken) == 1
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(60)


def test_a_database_that_does_not_answer_is_told_in_one_line(tmp_path: Path, demo: Path) -> None:
    nobody = {"ALIQUOT_DATABASE_URL": f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"}
    assert len(run("balance", "--home", demo, env=nobody).refusals) == 1
    assert len(run("init", "--home", tmp_path / "new", env=nobody).refusals) == 1
    assert contents(tmp_path) == {}


def test_a_database_that_is_not_there_is_told_and_not_made(own_demo: Path) -> None:
    (own_demo / "aliquot.sqlite3").rename(own_demo / "elsewhere")
    before = contents(own_demo)
    for words in (["balance", "--json"], ["publish", own_demo.parent / "log"], ["prove", "0"]):
        assert len(run(*words, "--home", own_demo).refusals) == 1
    assert contents(own_demo) == before


def test_a_damaged_database_is_told_in_one_line(own_demo: Path) -> None:
    (own_demo / "aliquot.sqlite3").write_bytes(b"Tuesday" * 5000)
    assert len(run("balance", "--json", "--home", own_demo).refusals) == 1


POSTGRES = os.environ.get("ALIQUOT_DATABASE_URL")


@pytest.fixture
def own_database() -> Iterator[dict[str, str]]:
    """An empty database of the test's own, as the environment names it."""
    if not POSTGRES:
        pytest.skip("needs a PostgreSQL, named by ALIQUOT_DATABASE_URL")
    import psycopg

    name = f"own_{secrets.token_hex(6)}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    yield {"ALIQUOT_DATABASE_URL": re.sub(r"/\w+(?=\?|$)", f"/{name}", POSTGRES, count=1)}
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_an_instance_begins_in_an_empty_database_alone(own_database: dict[str, str], tmp_path: Path) -> None:
    """Another one's ledger must not go on under a new name and key."""
    first = tmp_path / "first"
    assert run("demo", "--no-serve", "--home", first, env=own_database).code == 0
    held = run("balance", "--home", first, "--json", env=own_database).document
    for words in (["init"], ["demo", "--no-serve"]):
        assert "is not empty" in run(*words, "--home", tmp_path / "second", env=own_database).refusals[0]
    assert [path.name for path in tmp_path.iterdir()] == ["first"]
    assert run("balance", "--home", first, "--json", env=own_database).document == held
    assert "holds no instance" in run("balance", "--home", first).refusals[0]  # it was not named
    assert not (first / "aliquot.sqlite3").exists()


def test_a_database_of_something_else_is_left_as_it_is(own_database: dict[str, str], tmp_path: Path) -> None:
    import psycopg

    with psycopg.connect(own_database["ALIQUOT_DATABASE_URL"], autocommit=True) as theirs:
        theirs.execute("CREATE TABLE diary (day date)")
        assert "diary" in run("init", "--home", tmp_path / "new", env=own_database).refusals[0]
        assert theirs.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (1,)
    assert contents(tmp_path) == {}


def test_wrong_use_is_one_line_that_says_what_and_where_help_is() -> None:
    for words in (
        ["verify"],
        ["prove", "many"],
        ["prove", "-1"],
        ["nonsense"],
        ["balance", "--hme", "x"],
        ["serve", "--port", "0"],
    ):
        refusals = run(*words).refusals
        assert len(refusals) == 1
        assert "--help" in refusals[0]
    assert run_anew("nonsense").refusals == run("nonsense").refusals


def test_help_reads_well() -> None:
    done = run_anew("--help")
    assert done.code == 0
    assert all(word in done.out for word in ("demo", "import", "balance", "verify", "record"))
    assert "Moon rock" in done.out


def test_a_demonstration_that_is_stopped_leaves_nothing_behind(tmp_path: Path) -> None:
    words = [COMMAND, "demo", "--no-serve", "--home", tmp_path / "new"]
    for part in ("", "keys", "aliquot.sqlite3-wal"):  # what is there when it is stopped
        stopped = subprocess.Popen(words, env=surroundings(), stderr=subprocess.PIPE)
        until = time.monotonic() + WAIT_S
        while not any(path.exists() for path in (each / part for each in tmp_path.glob(".new-*"))):
            assert stopped.poll() is None, stopped.communicate()
            assert time.monotonic() < until
            time.sleep(0.005)
        stopped.send_signal(signal.SIGINT)
        stopped.communicate(timeout=WAIT_S)
        assert list(tmp_path.iterdir()) == [], part
