"""Is this book the one that was signed, and is it sound? What an auditor runs, with nothing but the library.

Checks signature, size, root, grammar, dense numbering, time order, every invariant and every balance, and says
each fault with its line. Needs no site, no database and no network. Where the log's hash tiles are at hand
(`tile/` beside the checkpoint), a book that differs from the signed one is told entry by entry.
"""

from __future__ import annotations

import gc
import mmap
import multiprocessing
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from hashlib import sha256
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Final

from aliquot import checkpoint, fault, signing, tiles, transparency
from aliquot.checkpoint import Checkpoint
from aliquot.fault import Fault
from aliquot.ledger import Holdings, moment_order
from aliquot.signing import VerifierKey
from aliquot.stretch import MOST_FAULTS, SUBTREE, Demands, Stretch

# What a processor keeps at hand: a block, its entries, and what the pattern finds in them.
BLOCK_BYTES: Final = 1 << 16
_NUMBER: Final = re.compile(rb"entry (\d{1,18})\n")
_RESTORE: Final = "restore the book as it was published"

Book = bytes | mmap.mmap
Progress = Callable[[int, int], None]
Tiles = Callable[[str], bytes | None]


@dataclass(frozen=True, slots=True)
class Report:
    """What verification found: the log's name and size as signed, the entries read, the faults."""

    origin: str
    signed: int
    entries: int
    faults: tuple[Fault, ...]


def verify(
    book: Book,
    note: bytes,
    key: VerifierKey,
    *,
    processes: int = 1,
    tile: Tiles | None = None,
    progress: Progress | None = None,
) -> Report:
    """Check a book against its signed checkpoint. `tile` returns a published tile by its path, if there is one."""
    signed = open_checkpoint(note, key)
    if not isinstance(signed, Checkpoint):
        return Report("", 0, 0, tuple(_in_checkpoint(each) for each in signed))
    with _no_collection():
        stretch = (_walk_in_two(book) if processes > 1 else None) or _walk(book, progress)
    faults = [*stretch.faults]
    if stretch.size != signed.size:
        faults.append(_wrong_size(stretch, signed))
    elif transparency.root(stretch.hashes()) != signed.root:
        faults += _wrong_root(book, signed, tile)
    return Report(signed.origin, signed.size, stretch.size, tuple(faults[:MOST_FAULTS]))


def open_checkpoint(note: bytes, key: VerifierKey) -> Checkpoint | tuple[Fault, ...]:
    """Return the checkpoint that the key signed, or why it cannot be relied on."""
    body = signing.open_note(note, key, "checkpoint")
    if isinstance(body, tuple):
        return body
    found = checkpoint.parse(body, "checkpoint")
    if isinstance(found, Checkpoint) and found.origin != key.name:
        return (fault.of("checkpoint", "it is of the log {origin}, signed by {name}",
                         "get the checkpoint and the key of one log", origin=found.origin, name=key.name),)  # fmt: skip
    return found


@contextmanager
def _no_collection() -> Iterator[None]:
    """A walk makes no cycles, and millions of small values that the collector would look at again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _in_checkpoint(found: Fault) -> Fault:
    """Say a fault of the checkpoint as those of the book are said: by its line, and whose line it is."""
    line = re.search(r"line (\d+)", found.where)
    return replace(found, where=f"line {line[1] if line else 1}", what=f"checkpoint: {found.what}")


@dataclass(slots=True)
class Walked:
    """What is left of a book after it was gone through."""

    size: int
    lines: int
    faults: list[Fault]
    subtrees: list[bytes]

    def hashes(self) -> list[bytes]:
        """Return the hashes from which the root is made."""
        return self.subtrees


def blocks(book: Book, start: int, end: int) -> Iterator[bytes]:
    """Yield stretches of whole entries, each without the last LF of its last entry and the empty line after it."""
    while start < end:
        if start + BLOCK_BYTES >= end:
            cut = -1
        else:
            cut = book.rfind(b"\n\n", start, start + BLOCK_BYTES)
            cut = book.find(b"\n\n", start, end) if cut <= start else cut
        if cut < 0:
            yield book[start : end - 1] if book[end - 1 : end] == b"\n" else book[start:end]
            return
        yield book[start:cut]
        start = cut + 2


def _walk(book: Book, progress: Progress | None = None) -> Walked:
    stretch = Stretch()
    done = 0
    for block in blocks(book, 0, len(book)):
        stretch.take(block)
        done += len(block) + 2
        if progress:
            progress(min(done, len(book)), len(book))
    return _walked(book, stretch)


def _walked(book: Book, stretch: Stretch) -> Walked:
    lines = stretch.line - 2
    if len(book) and book[-1:] != b"\n":
        stretch.faults.append(fault.of(f"line {lines}", "the book does not end in LF", _RESTORE))
    elif book[-2:] in (b"\n\n", b"\n"):
        stretch.faults.append(fault.of(f"line {lines}", "the book ends in an empty line", _RESTORE))
    return Walked(stretch.holdings.size, max(lines, 0), stretch.faults, stretch.hashes())


# -- two processes: each checks a half, and the first half must leave what the second demands ---------------


def _walk_in_two(book: Book) -> Walked | None:
    """Return the walk of a sound book by two processes; None where it is not plainly sound, or cannot be halved."""
    if "fork" not in multiprocessing.get_all_start_methods() or not (cut := _middle(book)):
        return None
    at, first = cut
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send_half, args=(sender, book, at, first))
    child.start()
    sender.close()
    before = Stretch()
    for block in blocks(book, 0, at - 1):
        before.take(block)
    try:
        found: tuple[Stretch, str] = receiver.recv()
    finally:
        child.join()
    after, first_at = found
    demands = after.demands or fault.bug("a half demands something or nothing, but says so")
    if before.faults or after.faults or before.holdings.size != first or before.pending:
        return None
    if moment_order(before.holdings.last_at) > moment_order(first_at) or not demands.met_by(before.holdings):
        return None
    after.subtrees = before.subtrees + after.subtrees
    after.line += before.line - 1
    return _walked(book, after)


def _middle(book: Book) -> tuple[int, int] | None:
    """Return where an entry starts near the middle of the book, and its number, at the edge of a whole subtree.

    A little beyond it: the second half also notes what it demands, and sends that.
    """
    at = len(book) * 54 // 100
    for _ in range(SUBTREE + 1):
        at = book.find(b"\n\n", at) + 2
        match = _NUMBER.match(book, at) if at > 1 else None
        if not match:
            return None
        if int(match[1]) % SUBTREE == 0 and int(match[1]):
            return at, int(match[1])
    return None


def _send_half(sender: Connection, book: Book, at: int, first: int) -> None:
    stretch = Stretch(Holdings(size=first), Demands())
    for block in blocks(book, at, len(book)):
        stretch.take(block)
    first_at = book[at : at + 200].split(b"\nat ", 1)[-1].split(b"\n", 1)[0].decode("ascii", "replace")
    # The other half needs none of these holdings but where and when the book ends.
    stretch.holdings = Holdings(size=stretch.holdings.size, last_at=stretch.holdings.last_at)
    sender.send((stretch.forgetful(), first_at))
    sender.close()


# -- what differs from the signed book ---------------------------------------------------------------------


def _wrong_size(walked: Walked, signed: Checkpoint) -> Fault:
    return fault.of(
        f"line {max(walked.lines, 1)}",
        "the book ends after {entries} entries, the checkpoint signs {signed}",
        "get the book and the checkpoint of one publication",
        entries=walked.size,
        signed=signed.size,
    )


def _wrong_root(book: Book, signed: Checkpoint, tile: Tiles | None) -> Iterator[Fault]:
    """Name the entries that differ, where the signed tiles tell; else say only that some do."""
    expected = _signed_hashes(signed, tile) if tile else None
    if expected is None:
        yield fault.of(
            "line 1",
            "the book does not have the root that the checkpoint signs: something in it was changed",
            "compare it with the published book; with the log's tile/ folder beside the checkpoint, "
            "verification names the changed entries",
        )
        return
    line, leaves = 1, (leaf for block in blocks(book, 0, len(book)) for leaf in block.split(b"\n\n"))
    for index, leaf in enumerate(leaves):
        if index < len(expected) and sha256(b"\0%b\n" % leaf).digest() != expected[index]:
            yield fault.of(
                f"line {line}", "entry {index} is not the one that was signed", _RESTORE, index=index
            )
        line += leaf.count(b"\n") + 2


def _signed_hashes(signed: Checkpoint, tile: Tiles) -> list[bytes] | None:
    """Return the leaf hashes of the tiles, if they are those that the checkpoint signs."""
    found: list[bytes] = []
    for each in tiles.tiles(signed.size):
        if each.level == 0:
            hashes = tiles.read_hashes(tile(each.path) or b"")
            if isinstance(hashes, Fault):
                return None
            found += hashes
    return found if transparency.root(found) == signed.root else None


def tiles_beside(checkpoint_file: Path) -> Tiles | None:
    """Return a reader of the tiles that were published with this checkpoint, if there are any."""
    folder = checkpoint_file.parent
    if not (folder / "tile").is_dir():
        return None

    def read(path: str) -> bytes | None:
        file = folder / path
        return file.read_bytes() if file.is_file() else None

    return read
