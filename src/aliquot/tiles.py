"""How is the log laid out as static files, so that any client of such logs can read it?

Paths and contents as in C2SP tlog-tiles: hashes in tiles of 256, entries in bundles of 256. Knows no folder
and no network: it names files and gives their bytes, and reads them back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aliquot import fault, transparency
from aliquot.fault import Fault
from aliquot.transparency import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH

ENTRY_BYTES_MAX: Final = 2**16 - 1  # what the length before each entry can say


@dataclass(frozen=True, slots=True)
class Tile:
    """A run of hashes on one level; fewer than 256 at the right edge of the tree only."""

    level: int
    index: int
    width: int = TILE_WIDTH

    @property
    def path(self) -> str:
        """Where the tile is served: `tile/0/x001/x234/067.p/8`."""
        return path(self.level, self.index, self.width)


def path(level: int, index: int, width: int = TILE_WIDTH) -> str:
    """Return where a tile of hashes is served."""
    return f"tile/{level}/{_place(index, width)}"


def entries_path(index: int, width: int = TILE_WIDTH) -> str:
    """Return where a bundle of entries is served."""
    return f"tile/entries/{_place(index, width)}"


def _place(index: int, width: int) -> str:
    # Three digits a folder, and an x before all but the last: no name is both a file and a folder.
    folders, parts = index // 1000, [f"{index % 1000:03d}"]
    while folders:
        folders, digits = divmod(folders, 1000)
        parts.append(f"x{digits:03d}")
    full = "/".join(reversed(parts))
    return full if width == TILE_WIDTH else f"{full}.p/{width}"


def tiles(size: int) -> Iterator[Tile]:
    """Yield the tiles of a tree of this size: on each level the full ones, then the partial one if any."""
    level = 0
    while on_level := size >> (TILE_HEIGHT * level):
        yield from (Tile(level, index, width) for index, width in _runs(on_level))
        level += 1


def _runs(count: int) -> Iterator[tuple[int, int]]:
    full, rest = divmod(count, TILE_WIDTH)
    for index in range(full):
        yield index, TILE_WIDTH
    if rest:
        yield full, rest


@dataclass(frozen=True, slots=True)
class Levels:
    """The tile hashes of a whole tree in memory; serves as `transparency.Tiles`."""

    levels: tuple[Sequence[bytes], ...]

    @classmethod
    def of(cls, leaf_hashes: Sequence[bytes]) -> Levels:
        """Return the hashes of every level over these leaf hashes."""
        levels = [leaf_hashes]
        while len(levels[-1]) >= TILE_WIDTH:
            below = levels[-1]
            starts = range(0, len(below) - TILE_WIDTH + 1, TILE_WIDTH)
            levels.append([transparency.root(below[start : start + TILE_WIDTH]) for start in starts])
        return cls(tuple(levels))

    def hashes(self, level: int, index: int, width: int) -> Sequence[bytes]:
        """Return the first `width` hashes of a tile."""
        first = TILE_WIDTH * index
        return self.levels[level][first : first + width]


def publication(leaf_hashes: Sequence[bytes], entries: Iterable[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield the path and the bytes of every tile and bundle; `entries` are the leaf data, read once."""
    levels = Levels.of(leaf_hashes)
    for tile in tiles(len(leaf_hashes)):
        yield tile.path, b"".join(levels.hashes(tile.level, tile.index, tile.width))
    remaining = iter(entries)
    for index, width in _runs(len(leaf_hashes)):
        run = list(islice(remaining, width))
        if len(run) != width:
            fault.bug(f"{len(leaf_hashes)} leaf hashes, but the entries end in bundle {index}")
        yield entries_path(index, width), bundle(run)
    if next(remaining, None) is not None:
        fault.bug(f"more entries than the {len(leaf_hashes)} leaf hashes")


def read_hashes(content: bytes, where: str = "tile") -> tuple[bytes, ...] | Fault:
    """Return the hashes of a published tile."""
    width, rest = divmod(len(content), HASH_BYTES)
    if rest or not 1 <= width <= TILE_WIDTH:
        return fault.of(
            where,
            "a tile of {length} bytes is not 1 to 256 hashes of 32 bytes",
            "fetch the tile again",
            length=len(content),
        )
    return tuple(content[start : start + HASH_BYTES] for start in range(0, len(content), HASH_BYTES))


def bundle(entries: Iterable[bytes]) -> bytes:
    """Return the entries, each after its length as a big-endian uint16."""
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > ENTRY_BYTES_MAX:
            fault.bug(f"an entry of {len(entry)} bytes fits no bundle")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def read_bundle(content: bytes, where: str = "bundle") -> tuple[bytes, ...] | Fault:
    """Return the entries of a published bundle."""
    entries: list[bytes] = []
    start = 0
    while start < len(content):
        end = start + 2 + int.from_bytes(content[start : start + 2], "big")
        if start + 2 > len(content) or end > len(content):
            return fault.of(
                where,
                "the bundle breaks off in entry {number}",
                "fetch the bundle again",
                number=len(entries),
            )
        entries.append(content[start + 2 : end])
        start = end
    if not 1 <= len(entries) <= TILE_WIDTH:
        return fault.of(
            where,
            "a bundle holds 1 to 256 entries, not {count}",
            "fetch the bundle again",
            count=len(entries),
        )
    return tuple(entries)
