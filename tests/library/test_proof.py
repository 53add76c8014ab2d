"""A proof in one file: print, parse, and check with nothing but a key."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import checkpoint, proof, signing, transparency
from aliquot.checkpoint import Checkpoint
from aliquot.proof import Proof
from aliquot.signing import SigningKey

ENTRIES = [
    f"entry {n}\nat 2026-03-14T09:{n:02d}:00Z\nkind receive\nby person:17\n"
    f"post LOT{n} origin:test -{n + 1}\npost LOT{n} place:a3 {n + 1}\n".encode()
    for n in range(13)
]
LEAVES = transparency.leaf_hashes(ENTRIES)


def key_of(name: str = "moon.example/log") -> SigningKey:
    key = signing.generate(name, bytes(range(32)))
    assert isinstance(key, SigningKey)
    return key


ADA = key_of()
KEY = ADA.verifier


def note(*, size: int = 13, origin: str = "moon.example/log", signer: SigningKey = ADA) -> str:
    claimed = Checkpoint(origin, size, transparency.root(LEAVES[:size]))
    return signing.sign(checkpoint.text(claimed), signer)


def a_proof(index: int = 5) -> Proof:
    return Proof(index, tuple(transparency.prove_inclusion(LEAVES, index)), note(), ENTRIES[index])


def said(given: str | bytes) -> list[str]:
    return [str(one) for one in proof.check(given, KEY)]


def test_the_proof_of_every_entry_checks_and_reads_back() -> None:
    for index in range(13):
        text = proof.text(a_proof(index))
        assert proof.parse(text) == proof.parse(text.encode()) == a_proof(index)
        assert proof.check(text, KEY) == ()


def test_a_book_of_one_entry_needs_no_hashes() -> None:
    single = Proof(0, (), note(size=1), ENTRIES[0])
    assert proof.check(proof.text(single), KEY) == ()


def test_the_file_has_the_lines_of_the_specification() -> None:
    lines = proof.text(a_proof()).split("\n")
    assert lines[0] == "c2sp.org/tlog-proof@v1"
    assert lines[1] == "extra " + b64encode(ENTRIES[5]).decode()
    assert lines[2] == "index 5"
    assert [len(line) for line in lines[3:7]] == [44] * 4
    assert lines[7:10] == ["", "moon.example/log", "13"]
    assert lines[-2].startswith("— moon.example/log ")


def test_a_proof_with_any_byte_changed_or_left_out_does_not_check() -> None:
    whole = proof.text(a_proof()).encode()
    for place in range(len(whole)):
        for mask in (0x01, 0x20, 0x80):
            changed = bytearray(whole)
            changed[place] ^= mask
            assert proof.check(bytes(changed), KEY), (place, mask)
        assert proof.check(whole[:place], KEY)
        assert proof.check(whole[:place] + whole[place + 1 :], KEY), place


def test_a_proof_with_any_line_left_out_doubled_or_swapped_does_not_check() -> None:
    lines = proof.text(a_proof()).split("\n")[:-1]
    for n, line in enumerate(lines):
        assert said("\n".join([*lines[:n], *lines[n + 1 :], ""]))
        if n < len(lines) - 1:  # the signature may stand twice
            assert said("\n".join([*lines[:n], line, *lines[n:], ""]))
            assert said("\n".join([*lines[:n], lines[n + 1], line, *lines[n + 2 :], ""]))


def test_the_proof_of_another_entry_or_book_does_not_check() -> None:
    true = a_proof()
    swapped = Proof(5, true.hashes, true.checkpoint_note, ENTRIES[4])
    assert said(proof.text(swapped)) == [
        "proof: the entry in it does not begin with “entry 5”; ask for the proof again",
        "proof: the hashes do not lead from entry 5 to the signed root; "
        "ask for the proof again; if that does not help, entry or proof was altered",
    ]
    late = Proof(5, true.hashes, note(size=4), ENTRIES[5])
    assert said(proof.text(late)) == [
        "proof: entry 5 is not among the 4 entries of the checkpoint; ask for a proof with a later checkpoint"
    ]
    assert "do not lead from entry 5" in said(proof.text(Proof(5, true.hashes, note(size=12), ENTRIES[5])))[0]


def test_a_proof_of_a_log_with_another_name_does_not_check() -> None:
    true = a_proof()
    foreign = Proof(5, true.hashes, note(origin="mars.example"), ENTRIES[5])
    assert said(proof.text(foreign)) == [
        "proof: the checkpoint is of mars.example, the key of moon.example/log; "
        "use the key of the log that the proof comes from"
    ]
    forged = Proof(5, true.hashes, note(signer=key_of("mars.example")), ENTRIES[5])
    assert said(proof.text(forged))[0].startswith("proof: checkpoint: moon.example/log+")


def test_a_proof_without_its_entry_says_so() -> None:
    bare = Proof(5, a_proof().hashes, note())
    assert proof.parse(proof.text(bare)) == bare
    assert said(proof.text(bare)) == [
        "proof: it does not carry its entry; ask for a proof with the line “extra”"
    ]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        (
            "c2sp.org/tlog-proof@v1",
            "c2sp.org/tlog-proof@v2",
            "proof line 1: it is no proof: its first line is not c2",
        ),
        (
            "extra ",
            "extra",
            "proof line 2: the line with “index” and the entry's number is missing or malformed",
        ),
        ("extra ", "extra  ", "proof line 2: what follows “extra” is not base64"),
        ("extra ", "extra \nextra ", "proof line 2: what follows “extra” is not base64"),
        ("index 5", "index 05", "proof line 3: the line with “index”"),
        ("index 5", "index -5", "proof line 3: the line with “index”"),
        ("index 5", "5", "proof line 3: the line with “index”"),
        ("index 5", "index " + "9" * 5000, "proof line 3: the line with “index”"),
        ("index 5", "index 5\nabc", "proof line 4: “abc” is no hash: 32 bytes in base64"),
        ("index 5", "index 5" + 60 * ("\n" + "A" * 43 + "="), "proof: it has 64 hashes, more than the 63"),
        ("\n\nmoon", "\nmoon", "proof line 8: “moon.example/log” is no hash"),
        ("\n13\n", "\n013\n", "proof: checkpoint line 5: the signature of moon.example/log"),
        ("\n", "\r\n", "proof line 1: the control character U+000D is not allowed"),
    ],
)
def test_a_malformed_proof_is_a_fault(old: str, new: str, what: str) -> None:
    spoiled = proof.text(a_proof()).replace(old, new)
    assert said(spoiled)[0].startswith(what)


def test_a_signed_text_that_is_no_checkpoint_is_a_fault() -> None:
    true = a_proof()
    odd = Proof(5, true.hashes, signing.sign("moon.example/log\nmany\nroot\n", ADA), ENTRIES[5])
    assert [line.split(": “")[0] for line in said(proof.text(odd))] == [
        "proof: checkpoint line 2",
        "proof: checkpoint line 3",
    ]


def test_a_file_that_is_no_proof_at_all_is_a_fault() -> None:
    assert said(b"") == [
        "proof line 1: it is no proof: its first line is not c2sp.org/tlog-proof@v1; "
        "check that this is the right file"
    ]
    assert said(b"\xff\xfe")[0].startswith("proof: it is not UTF-8 text")
    assert said("a" * 2**22)[0].startswith("proof: it is longer than 2097152 bytes")
    assert said("c2sp.org/tlog-proof@v1")[0].startswith("proof: no checkpoint follows after an empty line")


def test_a_proof_that_cannot_be_read_back_is_never_printed() -> None:
    for wrong in (Proof(-1, (), note(), b"x"), Proof(0, (b"short",), note(), b"x"), Proof(0, (), "", b"x")):
        with pytest.raises(AssertionError, match="cannot be read back"):
            proof.text(wrong)


@given(
    st.integers(0, 2**63 - 1),
    st.lists(st.binary(min_size=32, max_size=32), max_size=63).map(tuple),
    st.binary(max_size=300),
)
def test_print_and_parse_are_inverse(index: int, hashes: tuple[bytes, ...], extra: bytes) -> None:
    made = Proof(index, hashes, note(), extra)
    assert proof.parse(proof.text(made)) == made


@given(st.text() | st.binary())
def test_no_file_stops_the_program(given: str | bytes) -> None:
    assert proof.check(given, KEY)


@given(
    st.lists(st.text() | st.sampled_from(["", "extra YQ==", "index 5", "A" * 43 + "=", note()]), max_size=8)
)
def test_no_lines_after_the_first_stop_the_program(lines: list[str]) -> None:
    assert proof.check("\n".join(["c2sp.org/tlog-proof@v1", *lines]), KEY)
