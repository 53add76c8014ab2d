"""Who vouches for a text? C2SP signed notes with Ed25519 keys; the only file that imports `cryptography`.

Keys and notes are those of Go's `note` package. A seed is handed in, never made here. Knows nothing of what
the signed text says, and which key deserves trust is for people to settle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.x509 import load_pem_x509_certificate

from aliquot import canonical, fault
from aliquot.canonical import shown
from aliquot.fault import Fault

NOTE_BYTES_MAX: Final = 2**20
SIGNATURES_MAX: Final = 100  # the specification asks for 16 at least; Go's package stops here
SEED_BYTES: Final = 32
_ED25519: Final = b"\x01"
_DASH: Final = "— "
_AGAIN: Final = "fetch the note again as it was published"
_VERIFIER: Final = re.compile(r"([^+]*)\+([0-9a-fA-F]{8})\+(.*)", re.DOTALL)
_SIGNER: Final = re.compile(r"PRIVATE\+KEY\+" + _VERIFIER.pattern, re.DOTALL)


# -- Keys -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A name and the public key with which it signs. `str` gives the text that is published."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes that tell this key from others of the same name."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    @property
    def label(self) -> str:
        """The name and the id, as people compare them: `moon.example+c74f20a3`."""
        return f"{self.name}+{self.id.hex()}"

    def __str__(self) -> str:
        return f"{self.label}+{canonical.base64_text(_ED25519 + self.public)}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A name and the secret with which it signs. Nothing prints the secret but `secret_text`."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, _private(self).public_key().public_bytes_raw())

    def secret_text(self) -> str:
        """Return the text to be kept where its owner alone can read it."""
        return f"PRIVATE+KEY+{self.verifier.label}+{canonical.base64_text(_ED25519 + self.seed)}"


def _private(key: SigningKey) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(key.seed)


def generate(name: str, seed: bytes) -> SigningKey | Fault:
    """Return the key of this name that grows from 32 random bytes, or what is wrong with the name."""
    if len(seed) != SEED_BYTES:
        fault.bug(f"a seed has {SEED_BYTES} bytes, not {len(seed)}")
    if not _is_name(name):
        return fault.of(
            "name",
            "“{name}” cannot name a key",
            "give a name without spaces and plus signs, such as moon.example/log",
            name=shown(name),
        )
    return SigningKey(name, seed)


def _is_name(name: str) -> bool:
    return bool(name) and not any(
        # Lone surrogates (Cs) are no UTF-8; controls cannot stand in a note.
        char.isspace() or char == "+" or char < " " or "\ud800" <= char <= "\udfff"
        for char in name
    )


def read_verifier(text: str, where: str = "key") -> VerifierKey | Fault:
    """Return the public key of the text `NAME+ID+KEY`; one line end after it is ignored."""
    match = _VERIFIER.fullmatch(text.removesuffix("\n").removesuffix("\r"))
    if not match or not _is_name(match[1]):
        if text.startswith("PRIVATE+KEY+"):
            return fault.of(where, "it is a secret key", "give the public key, and show the secret to nobody")
        return fault.of(where, "it is no public key of a log", "give the one line NAME+ID+KEY")
    public = _key_bytes(match[3], where)
    if isinstance(public, Fault):
        return public
    return _with_id(VerifierKey(match[1], public), match[2], where)


def read_signer(text: str, where: str = "key") -> SigningKey | Fault:
    """Return the secret key of the text `PRIVATE+KEY+NAME+ID+KEY`; one line end after it is ignored."""
    match = _SIGNER.fullmatch(text.removesuffix("\n").removesuffix("\r"))
    if not match or not _is_name(match[1]):
        return fault.of(where, "it is no secret key of a log", "give the one line PRIVATE+KEY+NAME+ID+KEY")
    seed = _key_bytes(match[3], where)
    if isinstance(seed, Fault):
        return seed
    key = SigningKey(match[1], seed)
    checked = _with_id(key.verifier, match[2], where)
    return checked if isinstance(checked, Fault) else key


def _key_bytes(encoded: str, where: str) -> bytes | Fault:
    """Return the 32 bytes of an Ed25519 key."""
    decoded = canonical.read_base64(encoded)
    if not decoded:
        return fault.of(where, "its last part is not base64", "copy the key again, whole")
    if decoded[:1] != _ED25519:
        return fault.of(
            where, "it is of type {type} and not Ed25519, type 1", "give an Ed25519 key", type=decoded[0]
        )
    if len(decoded) != 1 + SEED_BYTES:
        return fault.of(
            where,
            "it has {length} bytes instead of 32",
            "copy the key again, whole",
            length=len(decoded) - 1,
        )
    return decoded[1:]


def _with_id(key: VerifierKey, stated: str, where: str) -> VerifierKey | Fault:
    if key.id.hex() != stated.lower():
        return fault.of(
            where,
            "its id is {id}, but its name and key make {made}",
            "copy the key again, whole",
            id=stated,
            made=key.id.hex(),
        )
    return key


# -- Notes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Signature:
    line: int
    name: str
    key_id: bytes
    signature: bytes


def sign(text: str, key: SigningKey) -> str:
    """Return the note: the text and its signature. The text ends with a line end."""
    checked = canonical.read_text(text, "text", bytes_max=NOTE_BYTES_MAX)
    if not text.endswith("\n") or isinstance(checked, Fault) or not _is_name(key.name):
        fault.bug(f"{key.name!r} cannot sign {shown(text)!r}: it would be no note")
    signature = canonical.base64_text(key.verifier.id + _private(key).sign(text.encode()))
    return f"{text}\n{_DASH}{key.name} {signature}\n"


def open_note(note: bytes | str, key: VerifierKey, where: str = "note") -> str | tuple[Fault, ...]:
    """Return the text of the note, with its last line end, if the key has signed it; otherwise all faults.

    Signatures of other keys are ignored, but a malformed line among them makes the whole note malformed.
    """
    whole = canonical.read_text(note, where, bytes_max=NOTE_BYTES_MAX)
    if isinstance(whole, Fault):
        return (whole,)
    # The text may have empty lines itself: the last one parts it from the signatures.
    text, parted, block = whole.rpartition("\n\n")
    if not parted or not block.endswith("\n"):
        return (fault.of(where, "it does not end with an empty line and signatures", _AGAIN),)
    text += "\n"
    read = list(_read_signatures(block, text.count("\n") + 2, where))
    faults = tuple(one for one in read if isinstance(one, Fault))
    if faults:
        return faults
    signatures = [one for one in read if isinstance(one, _Signature)]
    return tuple(_check_signatures(text, signatures, key, where)) or text


def _read_signatures(block: str, first: int, where: str) -> Iterator[_Signature | Fault]:
    lines = block.removesuffix("\n").split("\n")
    if len(lines) > SIGNATURES_MAX:
        yield fault.of(
            where,
            "it has {count} signatures, more than {limit}",
            "ask for a note with fewer",
            count=len(lines),
            limit=SIGNATURES_MAX,
        )
        return
    for number, line in enumerate(lines, start=first):
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        signature = canonical.read_base64(encoded)
        if not line.startswith(_DASH) or not _is_name(name) or signature is None or len(signature) < 5:
            yield fault.of(
                f"{where} line {number}", "“{line}” is no signature line", _AGAIN, line=shown(line)
            )
        else:
            yield _Signature(number, name, signature[:4], signature[4:])


def _check_signatures(
    text: str, signatures: list[_Signature], key: VerifierKey, where: str
) -> Iterator[Fault]:
    ours = [one for one in signatures if (one.name, one.key_id) == (key.name, key.id)]
    if not ours:
        yield fault.of(
            where,
            "{key} has not signed it, only {signers}",
            "check that the key belongs to this log",
            key=key.label,
            signers=", ".join(shown(f"{one.name}+{one.key_id.hex()}") for one in signatures[:5]),
        )
    for one in ours:
        if not _is_signed(text, one.signature, key):
            yield fault.of(
                f"{where} line {one.line}",
                "the signature of {key} does not fit the text",
                "fetch the note again; if that does not help, text or signature was altered",
                key=key.label,
            )


def _is_signed(text: str, signature: bytes, key: VerifierKey) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except (InvalidSignature, ValueError):  # ValueError: the bytes are no key or no signature at all
        return False
    return True


# -- Keys of others ---------------------------------------------------------------------------------------

_SPKI_ED25519: Final = bytes.fromhex("302a300506032b6570032100")
_CURVES: Final = ("secp256r1", "secp384r1", "secp521r1")
_RSA_BITS: Final = (2048, 8192)


def der_of_ed25519(public: bytes) -> bytes:
    """Return 32 bytes of an Ed25519 key as a SubjectPublicKeyInfo (RFC 8410)."""
    return _SPKI_ED25519 + public


def der_of_pem(text: str) -> bytes | None:
    """Return the SubjectPublicKeyInfo of a public key or an X.509 certificate in PEM, or None where it is none that is checked here.

    Ed25519, ECDSA over the NIST curves, RSA from 2048 bits on. Who issued a certificate, and until when, is not looked at.
    """
    data = text.encode("ascii", "replace")
    try:
        is_certificate = b"-----BEGIN CERTIFICATE-----" in data
        key = load_pem_x509_certificate(data).public_key() if is_certificate else serialization.load_pem_public_key(data)  # fmt: skip
    except (ValueError, UnsupportedAlgorithm):
        return None
    is_sound = (
        isinstance(key, Ed25519PublicKey)
        or (isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name in _CURVES)
        or (isinstance(key, rsa.RSAPublicKey) and _RSA_BITS[0] <= key.key_size <= _RSA_BITS[1])
    )
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_bytes(serialization.Encoding.DER, form) if is_sound else None


def is_signed_by(der: bytes, signature: bytes, data: bytes) -> bool:
    """Whether a signature over these bytes is that of the key; with ECDSA and RSA (PKCS #1 v1.5 or PSS) over their SHA-256."""
    key = serialization.load_der_public_key(der)
    sha = hashes.SHA256()
    if isinstance(key, Ed25519PublicKey):
        return _holds(lambda: key.verify(signature, data))
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _holds(lambda: key.verify(signature, data, ec.ECDSA(sha)))
    if not isinstance(key, rsa.RSAPublicKey):
        return fault.bug("this key was never read by `der_of_pem`")
    pss = padding.PSS(padding.MGF1(sha), padding.PSS.AUTO)
    return _holds(lambda: key.verify(signature, data, padding.PKCS1v15(), sha)) or _holds(
        lambda: key.verify(signature, data, pss, sha)
    )


def _holds(verify: Callable[[], None]) -> bool:
    try:
        verify()
    except InvalidSignature:
        return False
    return True
