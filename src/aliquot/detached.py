"""Does a signature in a file of its own fit a text and a public key? minisign, OpenSSH, or plain with a key or certificate in PEM.

Whose key it is, is for people to settle; who issued a certificate is not looked at. What cannot be checked here (OpenPGP, CMS,
a key of another kind) is said to be unchecked, and never passed as sound.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from aliquot import fault, signing
from aliquot.fault import Fault

KEY_MOST, FILE_MOST = 10_000, 20_000
# For what an OpenSSH signature may have been made (`ssh-keygen -Y sign -n file`): not for a login or a commit.
NAMESPACES: Final = ("file", "aliquot")
_SSH_BEGIN, _SSH_END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"
_SSH_HASHES: Final = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}
_TRUSTED: Final = "trusted comment: "


class Outcome(StrEnum):
    """What is known of a signature."""

    FITS = "fits"
    DOES_NOT_FIT = "does not fit"
    UNCHECKED = "unchecked"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key as a SubjectPublicKeyInfo; of minisign with the eight bytes by which it names itself."""

    scheme: str
    der: bytes
    key_id: bytes = b""

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of the key: what people compare."""
        return hashlib.sha256(self.der).hexdigest()


def read_key(text: str, where: str = "key") -> PublicKey | Fault:
    """Return the public key that a text states: of minisign, `ssh-ed25519 …`, or a key or certificate in PEM."""
    said = text.strip()
    if len(said) > KEY_MOST or not said or "PRIVATE KEY" in said or "secret key" in said:
        return fault.of(where, "this is no public key", "paste the public half, and never the secret one")
    if said.startswith("-----BEGIN"):
        der = signing.der_of_pem(said)
        return PublicKey("pem", der) if der is not None else _unknown(where)
    if said.startswith("ssh-"):
        return _read_ssh(said.split()) or _unknown(where)
    return _read_minisign(said.splitlines()[-1].strip()) or _unknown(where)


def _unknown(where: str) -> Fault:
    return fault.of(where, "this is no public key that can be checked here",
                    "paste one of minisign, one of OpenSSH (ssh-ed25519), or a key or certificate in PEM")  # fmt: skip


def _read_ssh(words: list[str]) -> PublicKey | None:
    blob = _base64(words[1]) if len(words) > 1 else None
    parts = _ssh_strings(blob) if blob is not None else None
    if words[0] != "ssh-ed25519" or parts is None or len(parts) != 2 or parts[0] != b"ssh-ed25519":
        return None
    return PublicKey("openssh", signing.der_of_ed25519(parts[1])) if len(parts[1]) == 32 else None


def _read_minisign(line: str) -> PublicKey | None:
    data = _base64(line)
    if data is None or len(data) != 42 or data[:2] != b"Ed":
        return None
    return PublicKey("minisign", signing.der_of_ed25519(data[10:]), data[2:10])


def check(key: PublicKey, signature: bytes, text: bytes) -> Outcome:
    """Return whether the bytes of a signature's file fit a text and a key."""
    if len(signature) > FILE_MOST:
        return Outcome.UNCHECKED
    said = signature.decode("ascii", "replace").strip()
    if said.startswith("untrusted comment:"):
        return _minisign(key, said.splitlines(), text)
    if said.startswith(_SSH_BEGIN):
        return _openssh(key, said, text)
    if said.startswith("-----BEGIN"):
        return Outcome.UNCHECKED
    plain = _plain(signature, said)
    if key.scheme != "pem" or plain is None:
        return Outcome.UNCHECKED
    return _outcome(signing.is_signed_by(key.der, plain, text))


def _outcome(is_sound: bool) -> Outcome:
    return Outcome.FITS if is_sound else Outcome.DOES_NOT_FIT


def _plain(signature: bytes, said: str) -> bytes | None:
    """Return a plain signature, which may be written in base64; None where it is too long to be one."""
    found = _base64("".join(said.split())) or signature
    return found if 40 <= len(found) <= 1024 else None


def _minisign(key: PublicKey, lines: list[str], text: bytes) -> Outcome:
    """Check a file of minisign: the signature of the text, and that of its trusted comment."""
    if key.scheme != "minisign":
        return Outcome.UNCHECKED
    data, last = (_base64(lines[i].strip()) if len(lines) == 4 else None for i in (1, 3))
    if data is None or last is None or len(data) != 74 or not lines[2].startswith(_TRUSTED):
        return Outcome.DOES_NOT_FIT
    kind, key_id, made = data[:2], data[2:10], data[10:]
    if kind not in (b"Ed", b"ED") or key_id != key.key_id:
        return Outcome.DOES_NOT_FIT
    over = text if kind == b"Ed" else hashlib.blake2b(text).digest()
    comment = lines[2].removeprefix(_TRUSTED).encode()
    sound = signing.is_signed_by(key.der, made, over)
    return _outcome(sound and signing.is_signed_by(key.der, last, made + comment))


def _openssh(key: PublicKey, said: str, text: bytes) -> Outcome:
    """Check a file of `ssh-keygen -Y sign` (PROTOCOL.sshsig)."""
    if key.scheme != "openssh":
        return Outcome.UNCHECKED
    body = said.removeprefix(_SSH_BEGIN).partition(_SSH_END)[0]
    blob = _base64("".join(body.split()))
    if blob is None or blob[:10] != b"SSHSIG\x00\x00\x00\x01":
        return Outcome.DOES_NOT_FIT
    parts = _ssh_strings(blob[10:])
    if parts is None or len(parts) != 5:
        return Outcome.DOES_NOT_FIT
    public, namespace, reserved, hashed, wrapped = parts
    own, made = _ssh_strings(public), _ssh_strings(wrapped)
    digest = _SSH_HASHES.get(hashed)
    if not own or not made or len(own) != 2 or len(made) != 2 or digest is None:
        return Outcome.DOES_NOT_FIT
    is_other = own[0] != b"ssh-ed25519" or signing.der_of_ed25519(own[1]) != key.der
    if is_other or made[0] != b"ssh-ed25519" or namespace not in (one.encode() for one in NAMESPACES):
        return Outcome.DOES_NOT_FIT
    over = b"SSHSIG" + b"".join(map(_ssh_string, (namespace, reserved, hashed, digest(text).digest())))
    return _outcome(signing.is_signed_by(key.der, made[1], over))


def _ssh_string(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data


def _ssh_strings(data: bytes) -> list[bytes] | None:
    """Return the strings of which a blob of OpenSSH is made (RFC 4251, section 5), or None where it is not made of them."""
    found: list[bytes] = []
    while data:
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 or len(data) - 4 < size:
            return None
        found.append(data[4 : 4 + size])
        data = data[4 + size :]
    return found


def _base64(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
