"""Verifying with nothing but the library: what is sound passes, what was tampered with is found and named by line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Done, run, run_anew


def verify(log: Path, *, book: Path | None = None, key: Path | None = None) -> Done:
    return run("verify", book or log / "book.txt", log / "checkpoint", "--key", key or log / "vkey")


def entries(book: bytes) -> list[bytes]:
    return book.removesuffix(b"\n").split(b"\n\n")


def together(parts: list[bytes]) -> bytes:
    return b"\n\n".join(parts) + b"\n"


def swapped(book: bytes) -> bytes:
    parts = entries(book)
    return together([*parts[:3], parts[4], parts[3], *parts[5:]])


TAMPERINGS: dict[str, Callable[[bytes], bytes]] = {
    "a mass": lambda book: book.replace(b"given:n3 1500000000", b"given:n3 1500000001"),
    "both sides of a posting": lambda book: book.replace(b"1500000000", b"1500000001"),
    "a time": lambda book: book.replace(b"at 20", b"at 19", 1),
    "a dropped entry": lambda book: together(entries(book)[:5] + entries(book)[6:]),
    "the last entry dropped": lambda book: together(entries(book)[:-1]),
    "a repeated entry": lambda book: together(entries(book)[:5] + entries(book)[4:]),
    "two entries exchanged": swapped,
    "a line too many": lambda book: book + b"post lot:ce5 place:a1 1\n",
    "an empty line too many": lambda book: book.replace(b"\n\n", b"\n\n\n", 1),
    "other line ends": lambda book: book.replace(b"\n", b"\r\n"),
    "a byte that is no UTF-8": lambda book: book.replace(b"kind split", b"kind spl\xff", 1),
    "a control character": lambda book: book.replace(b"record:", b"record:\x1b[31m", 1),
    "a cut at the end": lambda book: book[:-20],
    "nothing left": lambda book: b"",
}


def test_a_sound_book_passes(published: Path) -> None:
    done = verify(published)
    assert (done.code, done.err) == (0, "")
    two = run_anew(
        "verify",
        published / "book.txt",
        published / "checkpoint",
        "--key",
        published / "vkey",
        "--processes",
        "2",
    )
    assert (two.code, two.out) == (0, done.out)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_what_was_tampered_with_is_named_by_line(what: str, own_log: Path) -> None:
    sound = (own_log / "book.txt").read_bytes()
    changed = TAMPERINGS[what](sound)
    assert changed != sound
    (own_log / "book.txt").write_bytes(changed)
    done = verify(own_log)
    assert (done.code, done.err) == (1, "")
    lines = done.out.splitlines()
    assert 0 < len(lines) <= 100
    assert all(line.isprintable() and "; " in line for line in lines)
    assert all(re.match(r"line [1-9]\d*: ", line) for line in lines), done.out


def test_a_book_is_held_against_its_checkpoint_without_tiles_too(own_log: Path) -> None:
    (own_log / "tile").rename(own_log.parent / "elsewhere")
    assert verify(own_log).code == 0
    book = own_log / "book.txt"
    book.write_bytes(TAMPERINGS["both sides of a posting"](book.read_bytes()))
    assert verify(own_log).code == 1


def test_for_programs_the_faults_are_one_document(own_log: Path) -> None:
    book = own_log / "book.txt"
    book.write_bytes(TAMPERINGS["a mass"](book.read_bytes()))
    done = run("verify", book, own_log / "checkpoint", "--key", own_log / "vkey", "--json")
    told = done.document
    assert isinstance(told, dict)
    assert (done.code, told["ok"]) == (1, False)
    assert told["faults"][0]["where"].startswith("line ")


def test_a_checkpoint_that_was_not_signed_so_is_found(own_log: Path) -> None:
    note = (own_log / "checkpoint").read_text("utf-8")
    size = note.split("\n")[1]
    for changed in (
        note.replace(f"\n{size}\n", f"\n{int(size) - 1}\n"),
        note.replace("=\n\n", "A=\n\n"),
        note[:-10] + "AAAA" + note[-6:],
        note.partition("\n\n")[0] + "\n",
        "",
    ):
        (own_log / "checkpoint").write_text(changed, "utf-8")
        done = verify(own_log)
        assert (done.code, done.err) == (1, ""), changed
        assert done.out


def test_the_key_of_another_log_is_found(own_log: Path, tmp_path: Path) -> None:
    assert run("init", "--home", tmp_path / "other", "--origin", "other.example/log").code == 0
    assert run("publish", tmp_path / "theirs", "--home", tmp_path / "other").code == 0
    assert verify(own_log, key=tmp_path / "theirs" / "vkey").code == 1


@pytest.mark.parametrize(
    "key", [b"", b"no key\n", b"demo.aliquot+00000000+AAAA\n", b"\xff\xfe\x00", b"PRIVATE+KEY+x+y+z\n"]
)
def test_a_file_that_is_no_key_is_wrong_input(key: bytes, own_log: Path) -> None:
    (own_log / "vkey").write_bytes(key)
    assert len(verify(own_log).refusals) == 1


def test_a_key_that_was_altered_is_wrong_input(own_log: Path) -> None:
    name, number, public = (own_log / "vkey").read_text().strip().split("+", 2)
    (own_log / "vkey").write_text(f"{name}+{number}+{public[:-3]}AA=\n")
    assert len(verify(own_log).refusals) == 1


@pytest.mark.parametrize(
    "name", [b"no-such", b"line\nbreak", b"\x1b[31mred", b"\xff\xfe", b"x" * 300, "月".encode(), b"."]
)
def test_a_file_that_cannot_be_read_is_one_line_whatever_it_is_called(
    name: bytes, published: Path, tmp_path: Path
) -> None:
    missing = tmp_path / name.decode("utf-8", "surrogateescape")
    assert len(verify(published, book=missing).refusals) == 1
    assert len(run("check-proof", missing, "--key", published / "vkey").refusals) == 1
    assert len(verify(published, key=missing).refusals) == 1


def test_a_hostile_name_of_a_file_that_is_there_does_no_harm(own_log: Path) -> None:
    for name in (b"a\nb", b"\x1b[31m", b"\xff", b"-x"):
        (own_log / name.decode("utf-8", "surrogateescape")).write_bytes((own_log / "book.txt").read_bytes())
        assert verify(own_log, book=own_log / name.decode("utf-8", "surrogateescape")).code == 0


# -- proofs --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["book", "checkpoint", "key", "proof"])
def test_a_device_that_never_ends_is_refused(which: str, own_log: Path) -> None:
    given = {
        name: own_log / file
        for name, file in (("book", "book.txt"), ("checkpoint", "checkpoint"), ("key", "vkey"))
    }
    given[which] = Path("/dev/zero")
    words = ["verify", given["book"], given["checkpoint"], "--key", given["key"]]
    if which == "proof":
        words = ["check-proof", given["proof"], "--key", given["key"]]
    assert len(run(*words).refusals) == 1


def test_a_proof_holds_and_a_changed_one_does_not(demo: Path, published: Path, tmp_path: Path) -> None:
    key, file = published / "vkey", tmp_path / "proof"
    given = run("prove", "22", "--home", demo)
    assert given.code == 0
    file.write_text(given.out, "utf-8")
    assert run("check-proof", file, "--key", key).code == 0
    lines = given.out.split("\n")
    for changed in (
        given.out.replace("index 22", "index 21"),
        "\n".join([*lines[:3], lines[4], lines[3], *lines[5:]]),
        "\n".join([*lines[:3], *lines[4:]]),
        given.out.replace(lines[1][-20:], "A" * 20),
        re.sub(r"\n(\d+)\n", lambda size: f"\n{int(size[1]) + 1}\n", given.out),
        given.out[:-8],
        "",
    ):
        assert changed != given.out
        file.write_text(changed, "utf-8")
        done = run("check-proof", file, "--key", key)
        assert (done.code, done.err) == (1, ""), changed
        assert all(line.isprintable() for line in done.out.splitlines())


# -- with nothing but the library ----------------------------------------------------------------------------


@pytest.fixture
def without_the_site(tmp_path: Path) -> dict[str, str]:
    """An environment in which none of the site's packages can be imported."""
    for name in (
        "django",
        "ninja",
        "polars",
        "tantivy",
        "allauth",
        "granian",
        "structlog",
        "psycopg",
        "whitenoise",
    ):
        package = tmp_path / "absent" / name
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(
            f"raise ModuleNotFoundError(\"No module named '{name}'\", name='{name}')\n"
        )
    return {"PYTHONPATH": str(tmp_path / "absent")}


def test_an_auditor_needs_no_django(
    published: Path, demo: Path, without_the_site: dict[str, str], tmp_path: Path
) -> None:
    (tmp_path / "proof").write_text(run("prove", "3", "--home", demo).out, "utf-8")
    key = published / "vkey"
    for words in (
        ["verify", published / "book.txt", published / "checkpoint", "--key", key],
        ["check-proof", tmp_path / "proof", "--key", key],
        ["record", "check"],
        ["--help"],
    ):
        done = run_anew(*words, env=without_the_site)
        assert (done.code, done.err) == (0, "")
    assert "site" in run_anew("balance", "--home", demo, env=without_the_site).refusals[0]


# -- the public record ---------------------------------------------------------------------------------------


def test_the_record_is_sound_and_prints_the_contradictions_that_it_keeps() -> None:
    done = run("record", "check")
    assert (done.code, done.err) == (0, "")
    *kept, last = done.out.splitlines()
    assert all(line.startswith("contradiction: ") for line in kept)
    assert f"{len(kept)} contradictions" in last
    told = run("record", "check", "--json").document
    assert isinstance(told, dict)
    assert (told["ok"], told["faults"], len(told["contradictions"])) == (True, [], len(kept))


def test_the_claims_of_an_instance_are_checked_against_its_ledger(demo: Path, published: Path) -> None:
    done = run("record", "check", "--home", demo, "--published", published)
    assert (done.code, done.err) == (0, "")
    told = run("record", "check", "--home", demo, "--json").document
    assert isinstance(told, dict)
    assert (told["ok"], told["faults"]) == (True, [])


@pytest.mark.parametrize(
    ("line", "other", "where"),
    [
        (0, lambda text: text.replace("9614 g", "9615 g"), "claim-1/1"),
        (1, lambda _text: None, "claim-1/2"),
        (2, lambda text: text.replace('"act"', ' "act"'), "claim-2/1"),
        (2, lambda _text: "[" * 100_000, "register"),
        (2, lambda _text: '{"claim":[],"links":[],"step":1}', "register"),
        (2, lambda text: text.replace('"fact":{', '"fact":5,"x":{'), "register"),
        (2, lambda text: f"{text}\n{text.replace('claim-2', 'claim-3')}", "claim-3/1"),
    ],
)
def test_a_published_register_that_was_changed_is_found_out(
    own_log: Path, line: int, other: Callable[[str], str | None], where: str
) -> None:
    told = own_log / "register.jsonl"
    lines: list[str | None] = [*told.read_text("utf-8").splitlines()]
    lines[line] = other(str(lines[line]))
    told.write_text("".join(f"{one}\n" for one in lines if one is not None), "utf-8")
    done = run("record", "check", "--published", own_log)
    assert done.code == 1
    assert any(said.startswith(f"{where}: ") for said in done.out.splitlines())
    told.unlink()
    assert run("record", "check", "--published", own_log).code == 2
