"""Verification of a book against the bare SHA-256 of its leaves, alternated in one run.

    python bench/verify_book.py [--entries 1000000] [--rounds 5]

Prints the median ratio of each way; times are wall seconds, the ratios are what counts.
"""

from __future__ import annotations

import argparse
import mmap
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

from _books import entries

from aliquot import checkpoint, signing, transparency, verify
from aliquot.signing import SigningKey


def main() -> None:
    """Make the book, check that all ways agree, then measure them in turn."""
    options = argparse.ArgumentParser()
    options.add_argument("--entries", type=int, default=1_000_000)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        book = Path(folder) / "book.txt"
        _write(book, given.entries)
        _measure(book, given.entries, given.rounds)


def _write(book: Path, count: int) -> None:
    with book.open("w", encoding="utf-8") as file:
        for index, text in enumerate(entries(count)):
            file.write(f"\n{text}" if index else text)


def _measure(book: Path, count: int, rounds: int) -> None:
    key = _key()
    with book.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        leaves = [
            leaf + b"\n" for block in verify.blocks(content, 0, len(content)) for leaf in block.split(b"\n\n")
        ]
        root = transparency.root(transparency.leaf_hashes(leaves))
        note = signing.sign(checkpoint.text(checkpoint.Checkpoint(key.name, count, root)), key).encode()
        ways: dict[str, Callable[[], object]] = {
            "bare SHA-256": lambda: [sha256(leaf).digest() for leaf in leaves],
            "leaf hashes and root": lambda: (
                transparency.root(transparency.leaf_hashes(leaves)) == root or _wrong()
            ),
            "whole check": lambda: verify.verify(content, note, key.verifier).faults and _wrong(),
            "whole check, 2 processes": lambda: (
                verify.verify(content, note, key.verifier, processes=2).faults and _wrong()
            ),
        }
        taken: dict[str, list[float]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, way in ways.items():
                start = time.perf_counter()
                way()
                taken[name].append(time.perf_counter() - start)
        _print(taken, count, len(content))


def _key() -> SigningKey:
    key = signing.generate("bench.example/log", bytes(32))
    return key if isinstance(key, SigningKey) else _wrong()


def _wrong() -> NoReturn:
    raise SystemExit("the ways do not agree: nothing was measured")


def _print(taken: dict[str, list[float]], count: int, size: int) -> None:
    bare = statistics.median(taken["bare SHA-256"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:,} entries, {size / count:.0f} bytes each; peak memory {peak:,.0f} MB (with the leaves of the reference)"
    )
    print(f"{'way':28}{'s':>8}{'entries/s':>12}{'ratio to bare':>15}")
    for name, seconds in taken.items():
        middle = statistics.median(seconds)
        print(f"{name:28}{middle:8.2f}{count / middle:12,.0f}{bare / middle:15.3f}")


if __name__ == "__main__":
    main()
