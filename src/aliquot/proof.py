"""Can one entry be believed with nothing but a key at hand? A proof in one file, made and checked.

The format is C2SP tlog-proof. Its extra data, which the format leaves to us, are the entry's own text, so
that a proof needs no book beside it. Knows no rule of the ledger: that an entry stands in the book does not
say that it should.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aliquot import canonical, checkpoint, fault, signing, transparency
from aliquot.canonical import shown
from aliquot.checkpoint import Checkpoint
from aliquot.fault import Fault
from aliquot.signing import VerifierKey
from aliquot.transparency import HASH_BYTES

HEADER: Final = "c2sp.org/tlog-proof@v1"
PROOF_BYTES_MAX: Final = 2 * signing.NOTE_BYTES_MAX
HASHES_MAX: Final = 63  # the depth of the largest tree
_AGAIN: Final = "ask for the proof again"


@dataclass(frozen=True, slots=True)
class Proof:
    """That a leaf stands in the tree of a signed checkpoint. `extra` is the leaf data: the entry's text."""

    index: int
    hashes: tuple[bytes, ...]
    checkpoint_note: str
    extra: bytes = b""


def text(proof: Proof) -> str:
    """Return the proof as a file."""
    extra = [f"extra {canonical.base64_text(proof.extra)}"] if proof.extra else []
    hashes = map(canonical.base64_text, proof.hashes)
    lines = [HEADER, *extra, f"index {proof.index}", *hashes, "", proof.checkpoint_note]
    whole = "\n".join(lines)
    if parse(whole) != proof:
        fault.bug(f"the proof of entry {proof.index} cannot be read back from its text")
    return whole


def parse(given: bytes | str, where: str = "proof") -> Proof | tuple[Fault, ...]:
    """Return the proof that the file states, or all that is wrong with it; nothing of it is believed yet."""
    whole = canonical.read_text(given, where, bytes_max=PROOF_BYTES_MAX)
    if isinstance(whole, Fault):
        return (whole,)
    head, parted, note = whole.partition("\n\n")
    header, *lines = head.split("\n")
    if header != HEADER:
        what = "it is no proof: its first line is not {header}"
        return (fault.of(f"{where} line 1", what, "check that this is the right file", header=HEADER),)
    faults: list[Fault] = []
    if not parted or not note:
        faults.append(fault.of(where, "no checkpoint follows after an empty line", _AGAIN))
    first, extra = 2, b""
    if lines and lines[0].startswith("extra "):
        extra = canonical.read_base64(lines[0].removeprefix("extra ")) or b""
        if not extra:
            faults.append(fault.of(f"{where} line 2", "what follows “extra” is not base64", _AGAIN))
        first, lines = 3, lines[1:]
    index = canonical.read_decimal(lines[0].removeprefix("index ")) if lines else None
    if index is None or not lines[0].startswith("index "):
        what = "the line with “index” and the entry's number is missing or malformed"
        faults.append(fault.of(f"{where} line {first}", what, _AGAIN))
    hashes = list(_read_hashes(lines[1:], first + 1, where))
    faults += [one for one in hashes if isinstance(one, Fault)]
    if faults or index is None:
        return tuple(faults)
    return Proof(index, tuple(one for one in hashes if isinstance(one, bytes)), note, extra)


def _read_hashes(lines: list[str], first: int, where: str) -> Iterator[bytes | Fault]:
    if len(lines) > HASHES_MAX:
        what = "it has {count} hashes, more than the {limit} of the largest tree"
        yield fault.of(where, what, _AGAIN, count=len(lines), limit=HASHES_MAX)
        return
    for number, line in enumerate(lines, start=first):
        decoded = canonical.read_base64(line)
        if decoded is None or len(decoded) != HASH_BYTES:
            what = "“{line}” is no hash: 32 bytes in base64"
            yield fault.of(f"{where} line {number}", what, _AGAIN, line=shown(line))
        else:
            yield decoded


def check(given: bytes | str, key: VerifierKey, where: str = "proof") -> tuple[Fault, ...]:
    """Return all that is wrong with the proof; nothing if its entry stands in a book that the key signed."""
    proof = parse(given, where)
    if isinstance(proof, tuple):
        return proof
    signed = signing.open_note(proof.checkpoint_note, key, f"{where}: checkpoint")
    if isinstance(signed, tuple):
        return signed
    claimed = checkpoint.parse(signed, f"{where}: checkpoint")
    if isinstance(claimed, tuple):
        return claimed
    return tuple(_check_claim(proof, claimed, key, where))


def _check_claim(proof: Proof, claimed: Checkpoint, key: VerifierKey, where: str) -> Iterator[Fault]:
    if claimed.origin != key.name:
        what = "the checkpoint is of {origin}, the key of {name}"
        todo = "use the key of the log that the proof comes from"
        yield fault.of(where, what, todo, origin=shown(claimed.origin), name=shown(key.name))
    if not proof.extra:
        yield fault.of(where, "it does not carry its entry", "ask for a proof with the line “extra”")
        return
    stated = b"entry %d" % proof.index
    if proof.extra.partition(b"\n")[0] != stated:
        what = "the entry in it does not begin with “entry {index}”"
        yield fault.of(where, what, _AGAIN, index=proof.index)
    if proof.index >= claimed.size:
        what = "entry {index} is not among the {size} entries of the checkpoint"
        todo = "ask for a proof with a later checkpoint"
        yield fault.of(where, what, todo, index=proof.index, size=claimed.size)
    elif not transparency.check_inclusion(
        index=proof.index,
        size=claimed.size,
        leaf_hash=transparency.leaf_hash(proof.extra),
        proof=proof.hashes,
        root=claimed.root,
    ):
        what = "the hashes do not lead from entry {index} to the signed root"
        todo = "ask for the proof again; if that does not help, entry or proof was altered"
        yield fault.of(where, what, todo, index=proof.index)
