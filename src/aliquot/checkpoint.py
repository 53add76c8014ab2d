"""What does a log claim: whose it is, how many entries it has, what their root is?

The text as in C2SP tlog-checkpoint. Knows no signature (see `signing`) and does not judge whether the claim
is true (see `verify`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from aliquot import canonical, fault
from aliquot.canonical import shown
from aliquot.fault import Fault
from aliquot.transparency import HASH_BYTES

_AGAIN: Final = "fetch the checkpoint again from its log"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One state of one log. `extensions` are lines that others added; they mean nothing to us."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()


def text(checkpoint: Checkpoint) -> str:
    """Return the text that is signed."""
    lines = (
        checkpoint.origin,
        str(checkpoint.size),
        canonical.base64_text(checkpoint.root),
        *checkpoint.extensions,
    )
    body = "".join(f"{line}\n" for line in lines)
    if parse(body) != checkpoint:
        fault.bug(f"{checkpoint} cannot be read back from its text")
    return body


def parse(body: str, where: str = "checkpoint") -> Checkpoint | tuple[Fault, ...]:
    """Return the checkpoint that the text states, or all that is wrong with it."""
    lines = body.split("\n")
    if len(lines) < 4 or lines[-1]:
        return (fault.of(where, "it is not three or more lines, each with a line end", _AGAIN),)
    origin, size_text, root_text, *extensions = lines[:-1]
    size, root = canonical.read_decimal(size_text), canonical.read_base64(root_text)
    faults: list[Fault] = []
    if not origin:
        faults.append(fault.of(f"{where} line 1", "the origin is missing", _AGAIN))
    if size is None:
        what = "“{size}” is no tree size: a decimal without sign and leading zeros"
        faults.append(fault.of(f"{where} line 2", what, _AGAIN, size=shown(size_text)))
    if root is None or len(root) != HASH_BYTES:
        what = "“{root}” is no root hash: 32 bytes in base64"
        faults.append(fault.of(f"{where} line 3", what, _AGAIN, root=shown(root_text)))
    for number, extension in enumerate(extensions, start=4):
        if not extension:
            faults.append(fault.of(f"{where} line {number}", "the line is empty", _AGAIN))
    if faults or size is None or root is None:
        return tuple(faults)
    return Checkpoint(origin, size, root, tuple(extensions))
