"""Whatever is done to a published book is found, and named by its line."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import book as texts_in_books
from aliquot import checkpoint, signing, tiles, transparency, verify
from aliquot.signing import SigningKey
from histories import a_facility

ENTRIES = 200


def texts_of(count: int, seed: int) -> list[str]:
    return [texts_in_books.text(entry) for entry in a_facility(seed).work(count)]


def signed(texts: list[str], name: str = "moon.example/log") -> tuple[bytes, bytes, SigningKey]:
    """Return a book of these entries, its signed checkpoint, and the key."""
    key = signing.generate(name, bytes(32))
    assert isinstance(key, SigningKey)
    root = transparency.root(transparency.leaf_hashes(text.encode() for text in texts))
    note = signing.sign(checkpoint.text(checkpoint.Checkpoint(name, len(texts), root)), key)
    return "\n".join(texts).encode(), note.encode(), key


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """A history of all kinds of acts."""
    return texts_of(ENTRIES, seed=7)


@pytest.fixture(scope="module")
def tile(texts: list[str]) -> verify.Tiles:
    """The log's published tiles."""
    leaves = [text.encode() for text in texts]
    return dict(tiles.publication(transparency.leaf_hashes(leaves), leaves)).get


def faults_of(book: bytes, note: bytes, key: SigningKey, tile: verify.Tiles | None = None) -> list[str]:
    return [str(each) for each in verify.verify(book, note, key.verifier, tile=tile).faults]


def test_a_book_as_it_was_published_has_no_fault(texts: list[str]) -> None:
    book, note, key = signed(texts)
    report = verify.verify(book, note, key.verifier)
    assert (report.faults, report.entries, report.origin) == ((), ENTRIES, "moon.example/log")


def test_an_empty_log_is_a_log() -> None:
    book, note, key = signed([])
    assert verify.verify(book, note, key.verifier).faults == ()


def test_any_changed_byte_is_found_and_named_by_its_line(texts: list[str], tile: verify.Tiles) -> None:
    book, note, key = signed(texts)
    chance = random.Random(11)
    for _ in range(80):
        at = chance.randrange(len(book))
        other = chance.choice([b for b in range(256) if b != book[at]])
        spoiled = book[:at] + bytes([other]) + book[at + 1 :]
        found = faults_of(spoiled, note, key, tile)
        first = book.count(b"\n", 0, book.rfind(b"\n\n", 0, at + 1) + 2) + 1
        last = book.count(b"\n", 0, book.find(b"\n\n", at) if b"\n\n" in book[at:] else len(book)) + 2
        lines = [int(each.split(":")[0].removeprefix("line ")) for each in found]
        assert any(first - 1 <= line <= last for line in lines), (at, other, found[:5], first, last)


@pytest.mark.parametrize("act", ["dropped", "repeated", "swapped"])
def test_any_dropped_repeated_or_reordered_entry_is_found_and_named(texts: list[str], act: str) -> None:
    _, note, key = signed(texts)
    chance = random.Random(act)
    for _ in range(25):
        i = chance.randrange(ENTRIES - 1)
        spoiled = {
            "dropped": texts[:i] + texts[i + 1 :],
            "repeated": [*texts[: i + 1], texts[i], *texts[i + 1 :]],
            "swapped": [*texts[:i], texts[i + 1], texts[i], *texts[i + 2 :]],
        }[act]
        found = faults_of("\n".join(spoiled).encode(), note, key)
        line = sum(text.count("\n") + 1 for text in texts[: i + (act == "repeated")]) + 1
        assert f"line {line}: " in "\n".join(found), (i, found[:3])


@pytest.mark.parametrize("cut", [b"\n", b"\n\n"])
def test_what_stands_at_the_end_is_looked_at_too(texts: list[str], cut: bytes) -> None:
    book, note, key = signed(texts)
    assert faults_of(book[:-1], note, key)
    assert faults_of(book + cut, note, key)
    assert faults_of(cut + book, note, key)


def test_a_longer_and_a_shorter_book_are_told_from_the_signed_one(texts: list[str]) -> None:
    _, note, key = signed(texts[:150])
    for count in (149, 151):
        found = faults_of("\n".join(texts[:count]).encode(), note, key)
        assert f"the book ends after {count} entries, the checkpoint signs 150" in found[-1]


def test_a_checkpoint_of_another_key_or_log_is_no_checkpoint(texts: list[str]) -> None:
    book, note, _ = signed(texts)
    stranger = signing.generate("moon.example/log", bytes([1]) * 32)
    assert isinstance(stranger, SigningKey)
    assert faults_of(book, note, stranger)
    _, other, key = signed(texts, "other.example/log")
    renamed = other.replace(b"other.example/log\n", b"moon.example/log\n", 1)
    assert faults_of(book, renamed, key)


def test_without_tiles_a_changed_name_is_still_found(texts: list[str]) -> None:
    book, note, key = signed(texts)
    spoiled = book.replace(b"by person:", b"by persom:", 1)
    assert ["root" in each for each in faults_of(spoiled, note, key)] == [True]


@given(st.binary(max_size=2000))
def test_no_bytes_make_verification_stumble(junk: bytes) -> None:
    _, note, key = signed(["x"])
    assert faults_of(junk, note, key)
    assert faults_of(b"", junk, key)


# -- two processes --------------------------------------------------------------------------------------------


def test_two_processes_find_what_one_finds() -> None:
    texts = texts_of(2100, seed=3)
    book, note, key = signed(texts)
    assert verify.verify(book, note, key.verifier, processes=2) == verify.verify(book, note, key.verifier)
    chance = random.Random(5)
    for _ in range(4):
        at = chance.randrange(len(book))
        spoiled = book[:at] + b"7" + book[at + 1 :]
        assert verify.verify(spoiled, note, key.verifier, processes=2) == verify.verify(
            spoiled, note, key.verifier
        )


def test_a_second_half_that_goes_back_in_time_is_found() -> None:
    late = "post s origin:m -1\npost s place:a 1\n"
    texts = [
        f"entry {i}\nat 2026-03-14T10:00:00{'.5' if i < 1024 else ''}Z\nkind receive\nby person:1\n{late}"
        for i in range(1900)
    ]
    book, note, key = signed(texts)
    for processes in (1, 2):
        assert len(verify.verify(book, note, key.verifier, processes=processes).faults) == 1
