"""Detached signatures: those that real programs make fit, and whatever was changed does not; the rest is said to be unchecked."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from aliquot import detached
from aliquot.detached import Outcome, PublicKey
from aliquot.fault import Fault

TEXT = "1. Parties\nThis agreement …\n协议".encode()
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SECRET.public_key().public_bytes_raw()
KEY_ID = b"12345678"


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def key(text: str) -> PublicKey:
    found = detached.read_key(text)
    assert isinstance(found, PublicKey), found
    return found


def pem(public: object) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode()  # type: ignore[attr-defined]


MINISIGN_KEY = f"untrusted comment: minisign public key\n{b64(b'Ed' + KEY_ID + PUBLIC)}\n"


def minisign(
    text: bytes = TEXT, *, kind: bytes = b"ED", comment: str = "timestamp:1", key_id: bytes = KEY_ID
) -> bytes:
    over = hashlib.blake2b(text).digest() if kind == b"ED" else text
    made = SECRET.sign(over)
    last = SECRET.sign(made + comment.encode())
    return f"untrusted comment: x\n{b64(kind + key_id + made)}\ntrusted comment: {comment}\n{b64(last)}\n".encode()


@pytest.mark.parametrize("kind", [b"ED", b"Ed"])
def test_what_minisign_signs_fits_and_its_comment_too(kind: bytes) -> None:
    own = key(MINISIGN_KEY)
    assert detached.check(own, minisign(kind=kind), TEXT) is Outcome.FITS
    assert detached.check(own, minisign(kind=kind), TEXT + b" ") is Outcome.DOES_NOT_FIT
    assert (
        detached.check(own, minisign(kind=kind).replace(b"timestamp:1", b"timestamp:2"), TEXT)
        is Outcome.DOES_NOT_FIT
    )
    assert detached.check(own, minisign(kind=kind, key_id=b"87654321"), TEXT) is Outcome.DOES_NOT_FIT
    assert detached.check(own, minisign(kind=kind)[:-70], TEXT) is Outcome.DOES_NOT_FIT


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_what_openssh_signs_fits(tmp_path: Path) -> None:
    secret, text = tmp_path / "key", tmp_path / "LA-0001.txt"
    text.write_bytes(TEXT)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", secret], check=True)
    own = key(secret.with_suffix(".pub").read_text())
    for namespace, outcome in (("file", Outcome.FITS), ("git", Outcome.DOES_NOT_FIT)):
        made = subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-f", secret, "-n", namespace], input=TEXT,
                              capture_output=True, check=True).stdout  # fmt: skip
        assert detached.check(own, made, TEXT) is outcome, namespace
        assert detached.check(own, made, TEXT + b"x") is Outcome.DOES_NOT_FIT
        assert detached.check(key(MINISIGN_KEY), made, TEXT) is Outcome.UNCHECKED


def test_plain_signatures_fit_keys_in_pem() -> None:
    sha = hashes.SHA256()
    of_curve, of_rsa = ec.generate_private_key(ec.SECP256R1()), rsa.generate_private_key(65537, 2048)
    pss = padding.PSS(padding.MGF1(sha), padding.PSS.DIGEST_LENGTH)
    for secret, made in (
        (SECRET, SECRET.sign(TEXT)),
        (of_curve, of_curve.sign(TEXT, ec.ECDSA(sha))),
        (of_rsa, of_rsa.sign(TEXT, padding.PKCS1v15(), sha)),
        (of_rsa, of_rsa.sign(TEXT, pss, sha)),
    ):
        own = key(pem(secret.public_key()))
        assert detached.check(own, made, TEXT) is Outcome.FITS
        assert detached.check(own, b64(made).encode() + b"\n", TEXT) is Outcome.FITS
        assert detached.check(own, made, TEXT + b"x") is Outcome.DOES_NOT_FIT
        assert detached.check(own, made[:-1] + bytes([made[-1] ^ 1]), TEXT) is Outcome.DOES_NOT_FIT


def test_a_certificate_stands_for_its_key() -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Bo")])
    from datetime import UTC, datetime

    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(SECRET.public_key()).serial_number(1)
        .not_valid_before(datetime(2026, 1, 1, tzinfo=UTC)).not_valid_after(datetime(2027, 1, 1, tzinfo=UTC)).sign(SECRET, None)
    )  # fmt: skip
    own = key(made.public_bytes(serialization.Encoding.PEM).decode())
    assert own.fingerprint == key(pem(SECRET.public_key())).fingerprint
    assert detached.check(own, SECRET.sign(TEXT), TEXT) is Outcome.FITS


@pytest.mark.parametrize(
    "text",
    [
        "", "key", "A" * 20_000, "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ", "ssh-ed25519", "ssh-ed25519 AAAA", "RWQ!",
        "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\nAAAA\n-----END PGP PUBLIC KEY BLOCK-----",
        pem(rsa.generate_private_key(65537, 1024).public_key()),  # noqa: S505
    ],
)  # fmt: skip
def test_what_is_no_key_that_can_be_checked_is_refused(text: str) -> None:
    assert isinstance(detached.read_key(text), Fault)


@pytest.mark.parametrize(
    "made",
    [b"", b"signed\n", b"-----BEGIN PGP SIGNATURE-----\nAAAA\n", b"-----BEGIN CMS-----\nAAAA\n", b"%PDF-1.7", b"x" * 30_000],
)  # fmt: skip
def test_what_is_no_signature_of_a_known_kind_is_unchecked_and_never_sound(made: bytes) -> None:
    for text in (MINISIGN_KEY, pem(SECRET.public_key())):
        assert detached.check(key(text), made, TEXT) is Outcome.UNCHECKED


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"untrusted comment: \n", b"-----BEGIN SSH SIGNATURE-----\n"]),
)
def test_no_bytes_stop_the_check_or_pass_it(made: bytes, head: bytes) -> None:
    for text in (MINISIGN_KEY, pem(SECRET.public_key())):
        assert detached.check(key(text), head + made, TEXT) is not Outcome.FITS


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["", "ssh-ed25519 ", "-----BEGIN PUBLIC KEY-----\n"]))
def test_no_text_stops_the_reading_of_a_key(text: str, head: str) -> None:
    detached.read_key(head + text)
