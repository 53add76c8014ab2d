"""Laying the log out as static files that anybody can verify: book, checkpoint, key, and C2SP tiles.

The new publication is built beside the old one and takes its place in one step, so a reader never finds half
of each.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings

from aliquot import book, fault, tiles
from aliquot.site import instance, queries
from aliquot.site.models import Checkpoint
from aliquot.site.operations.ledger import sign_checkpoint

OURS = frozenset({"book.txt", "checkpoint", "vkey", "tile", "register.jsonl"})
_EXCHANGE = 2  # RENAME_EXCHANGE of renameat2(2)
_HERE = -100  # AT_FDCWD


def publish(out: Path, *, at: datetime) -> Checkpoint:
    """Write the publication to `out` and return the checkpoint that it carries; raise `Refused`, nothing written."""
    out = out.absolute()
    fault.refuse_if(_unfit(out))
    signed = sign_checkpoint(at=at)
    out.parent.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for path, content in _files(signed):
            target = building / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        _write_book(building / "book.txt", signed.size)
        _write_register(building / "register.jsonl", signed.size)
        building.chmod(0o755)
        _put_in_place(building, out)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return signed


def _unfit(out: Path) -> list[fault.Fault]:
    if out.exists() and not out.is_dir():
        return [fault.of(str(out), "is not a folder", "name a new folder, or that of an older publication")]
    strangers = sorted(path.name for path in out.iterdir() if path.name not in OURS) if out.exists() else []
    if strangers:
        return [fault.of(str(out), "holds other files than a publication: {names}", "name a folder of its own",
                         names=", ".join(strangers[:5]))]  # fmt: skip
    return []


def _files(signed: Checkpoint) -> Iterator[tuple[str, bytes]]:
    yield "checkpoint", signed.note.encode()
    yield "vkey", f"{instance.read_signing_key(settings.HOME).verifier}\n".encode()
    hashes = list(queries.ledger.leaf_hashes(0, signed.size))
    entries = (text.encode() for text in queries.ledger.texts(0, signed.size))
    yield from tiles.publication(hashes, entries)


def _write_book(path: Path, size: int) -> None:
    with path.open("wb") as file:
        for piece in book.book(queries.ledger.texts(0, size)):
            file.write(piece.encode())
        file.flush()
        os.fsync(file.fileno())


def _write_register(path: Path, size: int) -> None:
    """Write the steps of the register that the signed entries put on record, a line each, whose SHA-256 the entry has."""
    with path.open("wb") as file:
        for text in queries.claims.published(size):
            file.write(f"{text}\n".encode())
        file.flush()
        os.fsync(file.fileno())


def _put_in_place(building: Path, out: Path) -> None:
    """Put the new folder where the old one is; on Linux the two change places in one step."""
    if not out.exists():
        building.rename(out)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    exchange = getattr(libc, "renameat2", None)
    if exchange and exchange(_HERE, os.fsencode(building), _HERE, os.fsencode(out), _EXCHANGE) == 0:
        return
    aside = building.with_name(building.name + "-old")
    out.rename(aside)
    building.rename(out)
    shutil.rmtree(aside)
