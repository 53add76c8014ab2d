"""Signed notes and their keys, as Go's `note` package has them."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import signing
from aliquot.fault import Fault
from aliquot.signing import SigningKey, VerifierKey

# The keys and notes that Go's package documents and tests itself with.
PETER_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETER_SIGNED = "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
ENOCH_SIGNED = "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n"


def verifier(text: str = PETER) -> VerifierKey:
    key = signing.read_verifier(text)
    assert isinstance(key, VerifierKey)
    return key


def ada() -> SigningKey:
    key = signing.generate("moon.example/log", bytes(range(32)))
    assert isinstance(key, SigningKey)
    return key


def opens(note: str | bytes, key: VerifierKey) -> bool:
    return isinstance(signing.open_note(note, key), str)


def said(note: str | bytes, key: VerifierKey) -> str:
    faults = signing.open_note(note, key)
    assert isinstance(faults, tuple)
    return "\n".join(map(str, faults))


def test_the_note_of_the_go_package_is_signed_and_opened() -> None:
    key = signing.read_signer(PETER_SECRET)
    assert isinstance(key, SigningKey)
    assert str(key.verifier) == PETER
    assert key.secret_text() == PETER_SECRET
    assert signing.sign(TEXT, key) == TEXT + "\n" + PETER_SIGNED
    assert signing.open_note(TEXT + "\n" + PETER_SIGNED, key.verifier) == TEXT


def test_a_note_with_signatures_of_others_is_opened_by_each_key() -> None:
    note = TEXT + "\n" + PETER_SIGNED + ENOCH_SIGNED
    assert signing.open_note(note, verifier(PETER)) == TEXT
    assert signing.open_note(note, verifier(ENOCH)) == TEXT
    assert signing.open_note(note.encode(), verifier(ENOCH)) == TEXT


def test_a_note_of_somebody_else_is_not_opened() -> None:
    assert said(TEXT + "\n" + ENOCH_SIGNED, verifier()) == (
        "note: PeterNeumann+c74f20a3 has not signed it, only EnochRoot+af0cfe78; "
        "check that the key belongs to this log"
    )
    misnamed = PETER_SIGNED.replace("PeterNeumann", "CarmenSandiego")
    assert "only CarmenSandiego+c74f20a3" in said(TEXT + "\n" + misnamed, verifier())
    assert "has not signed it" in said(TEXT + "\n" + PETER_SIGNED.replace("x08g", "xxxx"), verifier())


def test_a_wrong_signature_of_the_known_key_spoils_the_note_beside_a_right_one() -> None:
    forged = PETER_SIGNED.replace("ZJku", "ZJkv")
    assert said(TEXT + "\n" + PETER_SIGNED + forged, verifier()).startswith(
        "note line 5: the signature of PeterNeumann+c74f20a3 does not fit the text; fetch the note again"
    )
    longer = PETER_SIGNED[:60] + "ABCD" + PETER_SIGNED[60:]
    assert "note line 4: the signature of PeterNeumann+c74f20a3" in said(TEXT + "\n" + longer, verifier())
    assert opens(TEXT + "\n" + PETER_SIGNED + PETER_SIGNED, verifier())


def test_a_note_with_any_byte_changed_is_not_opened() -> None:
    note = signing.sign("moon.example/log\n3\nroot\n", ada()).encode()
    for place in range(len(note)):
        for mask in (0x01, 0x20, 0x80):
            changed = bytearray(note)
            changed[place] ^= mask
            assert not opens(bytes(changed), ada().verifier), (place, mask)
        assert not opens(note[:place], ada().verifier)
        assert not opens(note[:place] + note[place + 1 :], ada().verifier)


@pytest.mark.parametrize(
    ("note", "what"),
    [
        (b"", "note: it does not end with an empty line and signatures"),
        (TEXT, "note: it does not end with an empty line and signatures"),
        (TEXT + "\n", "note: it does not end with an empty line and signatures"),
        (TEXT + PETER_SIGNED, "note: it does not end with an empty line and signatures"),
        (TEXT + "\n" + PETER_SIGNED[:-1], "note: it does not end with an empty line and signatures"),
        ("\x01" + TEXT + "\n" + PETER_SIGNED, "note line 1: the control character U+0001 is not allowed"),
        ((TEXT + "\n").replace("\n", "\r\n"), "note line 1: the control character U+000D is not allowed"),
        (b"\xff" + TEXT.encode() + b"\n", "note: it is not UTF-8 text"),
        ("\ud800" + TEXT, "note: it is not UTF-8 text"),
        (TEXT + "\n— Bad Name x08go/ZJ\n", "note line 4: “— Bad Name x08go/ZJ” is no signature line"),
        (
            TEXT + "\n" + PETER_SIGNED + "Unexpected line.\n",
            "note line 5: “Unexpected line.” is no signature line",
        ),
        (TEXT + "\n— PeterNeumann x08g\n", "note line 4: “— PeterNeumann x08g” is no signature line"),
        (TEXT + "\n— PeterNeumann\n", "note line 4: “— PeterNeumann” is no signature line"),
        (TEXT + "\n— a+b x08go/ZJ\n", "note line 4: “— a+b x08go/ZJ” is no signature line"),
        (TEXT + "\n—\u00a0a x08go/ZJ\n", "note line 4: “—\\xa0a x08go/ZJ” is no signature line"),
        (TEXT + "\n" + ENOCH_SIGNED * 101, "note: it has 101 signatures, more than 100"),
        ("a" * 2**20 + "\n\n" + PETER_SIGNED, "note: it is longer than 1048576 bytes"),
    ],
)
def test_a_malformed_note_is_a_fault(note: str | bytes, what: str) -> None:
    assert said(note, verifier()).startswith(what)


def test_a_hundred_signatures_are_still_read() -> None:
    assert opens(TEXT + "\n" + ENOCH_SIGNED * 99 + PETER_SIGNED, verifier())


def test_a_text_may_have_empty_lines_and_any_script() -> None:
    for text in ("\n", "\n\n", "a\n\nb\n", "a\n\n\n", "嫦娥五号\n\n— x\n", "\u2028\x85\n"):
        assert signing.open_note(signing.sign(text, ada()), ada().verifier) == text


@pytest.mark.parametrize("text", ["", "no line end", "a\rb\n", "a\tb\n", "\ud800\n"])
def test_a_text_that_makes_no_note_is_never_signed(text: str) -> None:
    with pytest.raises(AssertionError, match="it would be no note"):
        signing.sign(text, ada())


def test_no_part_of_a_key_passes_for_the_key() -> None:
    for text, read in ((PETER, signing.read_verifier), (PETER_SECRET, signing.read_signer)):
        for start in range(len(text)):
            for end in range(start + 1, len(text) + 1):
                if end - start < len(text):
                    assert isinstance(read(text[start:end]), Fault)
        for place, char in enumerate(text):
            changed = text[:place] + chr(ord(char) + 1) + text[place + 1 :]
            assert isinstance(read(changed), Fault), changed


def test_a_line_end_after_a_key_does_no_harm() -> None:
    assert signing.read_verifier(PETER + "\n") == signing.read_verifier(PETER + "\r\n") == verifier()
    assert isinstance(signing.read_verifier(PETER + "\n\n"), Fault)


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("", "key: it is no public key of a log; give the one line NAME+ID+KEY"),
        (PETER_SECRET, "key: it is a secret key; give the public key, and show the secret to nobody"),
        (PETER.replace("c74f", "0000"), "key: its id is 000020a3, but its name and key make c74f20a3"),
        (PETER[:-1], "key: its last part is not base64"),
        (
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
            "key: its last part is not base64",
        ),
        (
            "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEQ==",
            "key: it has 36 bytes instead of 32",
        ),
        (
            "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
            "key: it is of type 101 and not Ed25519",
        ),
    ],
)
def test_a_malformed_public_key_is_a_fault(key: str, what: str) -> None:
    assert str(signing.read_verifier(key)).startswith(what)


@pytest.mark.parametrize(
    "name", ["", "moon log", "moon+log", "moon\u3000log", "moon\nlog", "\x7f\x01", "\udc80"]
)
def test_a_name_that_cannot_name_a_key_is_a_fault(name: str) -> None:
    made = signing.generate(name, bytes(32))
    assert isinstance(made, Fault)
    assert "cannot name a key; give a name without spaces and plus signs" in str(made)


def test_a_seed_of_another_length_stops_the_program() -> None:
    with pytest.raises(AssertionError, match="a seed has 32 bytes, not 31"):
        signing.generate("moon.example/log", bytes(31))


def test_the_secret_is_not_shown_by_accident() -> None:
    assert repr(ada()) == str(ada()) == "SigningKey(name='moon.example/log')"
    assert "AYEKFA" not in str(signing.read_signer(PETER_SECRET + "A"))


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(signing._is_name),
    st.binary(min_size=32, max_size=32),
)
def test_every_key_is_read_back_from_its_text_and_opens_what_it_signed(name: str, seed: bytes) -> None:
    key = signing.generate(name, seed)
    assert isinstance(key, SigningKey)
    assert signing.read_signer(key.secret_text()) == key
    assert signing.read_verifier(str(key.verifier)) == key.verifier
    assert signing.open_note(signing.sign("text\n", key), key.verifier) == "text\n"


@given(st.text() | st.binary())
def test_no_note_stops_the_program(note: str | bytes) -> None:
    assert not opens(note, verifier())


@given(st.text())
def test_no_note_with_strange_signatures_stops_the_program(block: str) -> None:
    signing.open_note(f"text\n\n— {block}\n", verifier())
    signing.open_note(f"text\n\n— PeterNeumann {block}\n", verifier())


@given(st.text(), st.text())
def test_no_key_stops_the_program(one: str, other: str) -> None:
    for text in (one, f"{one}+c74f20a3+{other}", f"PeterNeumann+c74f20a3+{one}"):
        assert isinstance(signing.read_verifier(text), Fault)
        assert isinstance(signing.read_signer(f"PRIVATE+KEY+{text}"), Fault)


def test_a_public_key_that_is_no_point_of_the_curve_signs_nothing() -> None:
    for public in (b"\x02" + bytes(31), b"\xff" * 32):
        key = VerifierKey("PeterNeumann", public)
        line = b64encode(key.id + b"\x01" + bytes(63)).decode()
        assert not opens(f"text\n\n— PeterNeumann {line}\n", key)
