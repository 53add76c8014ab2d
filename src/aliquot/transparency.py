"""Is this entry in the book, and is this book a continuation of that one? Hashes that answer it.

The tree is that of RFC 6962, section 2, with SHA-256. Provers and checkers stand side by side; a checker
follows RFC 9162, section 2.1 and shares no step with its prover. Knows no entry, no signature, no storage:
stored hashes are read through `Tiles`, in the layout of C2SP tlog-tiles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final, Protocol

from aliquot import fault
from aliquot.fault import Fault

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = sha256().digest()  # RFC 6962, 2.1: the hash of an empty list is the hash of nothing
SIZE_MAX: Final = 2**63 - 1
TILE_HEIGHT: Final = 8
TILE_WIDTH: Final = 1 << TILE_HEIGHT

# RFC 6962, 2.1: the prefix keeps a leaf from posing as a node. To copy a state that has eaten the prefix
# costs OpenSSL less than to look the algorithm up once more.
_LEAF: Final = sha256(b"\x00")
_NODE: Final = sha256(b"\x01")


def leaf_hash(data: bytes) -> bytes:
    """Return the hash of a leaf: SHA-256(0x00 || data)."""
    state = _LEAF.copy()
    state.update(data)
    return state.digest()


def leaf_hashes(entries: Iterable[bytes]) -> list[bytes]:
    """Return the leaf hash of each entry; for many entries faster than one call for each."""
    copy = _LEAF.copy
    hashes: list[bytes] = []
    add = hashes.append
    for data in entries:
        state = copy()
        state.update(data)
        add(state.digest())
    return hashes


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an interior node: SHA-256(0x01 || left || right)."""
    state = _NODE.copy()
    state.update(left + right)
    return state.digest()


def root(leaf_hashes: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these leaf hashes. RFC 6962 calls this the "Merkle Tree Hash", MTH."""
    if not leaf_hashes:
        return EMPTY_ROOT
    level = leaf_hashes
    while len(level) > 1:
        level = _parents(level)
    return level[0]


def _parents(level: Sequence[bytes]) -> list[bytes]:
    # An odd last node rises as it is: that gives the tree of RFC 6962, whose left half is the largest
    # complete one, without its recursion.
    copy = _NODE.copy
    parents: list[bytes] = []
    add = parents.append
    for left, right in zip(level[::2], level[1::2], strict=False):
        state = copy()
        state.update(left + right)
        add(state.digest())
    if len(level) % 2:
        add(level[-1])
    return parents


# -- Proofs from a list of all leaf hashes ----------------------------------------------------------------


def prove_inclusion(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the proof that the leaf is in the tree. RFC 6962, 2.1.1 calls this the "Merkle audit path"."""
    return [root(leaf_hashes[start:end]) for start, end in _audit_path(index=index, size=len(leaf_hashes))]


def check_inclusion(*, index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> bool:
    """Return whether the proof shows that the leaf stands at the index of the tree with this size and root.

    Size and root must come from one signed checkpoint: a path alone does not tell the size of its tree.
    """
    if not 0 <= index < size or not _are_hashes(leaf_hash, root, *proof):
        return False
    # RFC 9162, 2.1.3.2, with its names: fn (first node), sn (second node: the last of the level), r.
    fn, sn, r = index, size - 1, leaf_hash
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = node_hash(p, r)
            fn, sn = _up_to_right_child(fn, sn)
        else:
            r = node_hash(r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def prove_extension(leaf_hashes: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the proof that the first `old_size` leaves are a tree that this one only adds to.

    RFC 6962, 2.1.2 calls this the "Merkle consistency proof".
    """
    ranges = _consistency_path(old_size=old_size, size=len(leaf_hashes))
    return [root(leaf_hashes[start:end]) for start, end in ranges]


def check_extension(
    *, old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Return whether the proof shows that the tree only adds leaves to the old tree.

    Every tree extends the empty one, and itself, by an empty proof.
    """
    if not 0 <= old_size <= size or not _are_hashes(old_root, root, *proof):
        return False
    if size == 0 and root != EMPTY_ROOT:
        return False
    if old_size == 0:
        return not proof and old_root == EMPTY_ROOT
    if old_size == size:
        return not proof and old_root == root
    if not proof:
        return False
    # RFC 9162, 2.1.4.2: where the old tree is one complete subtree, its root opens the path unsaid.
    path = [old_root, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    return _both_roots(path, fn=old_size - 1, sn=size - 1) == (old_root, root)


def _both_roots(path: Sequence[bytes], *, fn: int, sn: int) -> tuple[bytes, bytes] | None:
    """Return the old and the new root to which the path leads, or None where it does not fit the sizes."""
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            fr, sr = node_hash(c, fr), node_hash(c, sr)
            fn, sn = _up_to_right_child(fn, sn)
        else:
            sr = node_hash(sr, c)
        fn, sn = fn >> 1, sn >> 1
    return (fr, sr) if sn == 0 else None


def _up_to_right_child(fn: int, sn: int) -> tuple[int, int]:
    """Climb the levels on which the last node has no sibling and rises as it is."""
    while fn and not fn & 1:
        fn, sn = fn >> 1, sn >> 1
    return fn, sn


def _are_hashes(*values: bytes) -> bool:
    # Lengths are checked apart: otherwise a byte could wander from one hash into its neighbour.
    return all(len(value) == HASH_BYTES for value in values)


# -- Proofs from stored hashes ----------------------------------------------------------------------------


class Tiles(Protocol):
    """Where hashes are kept: a table, a folder of published files, a list in memory."""

    def hashes(self, level: int, index: int, width: int) -> Sequence[bytes]:
        """Return the first `width` hashes of a tile, 256 at most.

        Hash j of tile (level, index) is the root of the complete subtree over the 256**level leaves that
        begin at leaf (256 * index + j) * 256**level. Level 0 has the leaf hashes.
        """
        ...


def root_from(tiles: Tiles, size: int) -> bytes:
    """Return the root of the tree over the first `size` leaves."""
    return Prover(tiles, size).root()


def prove_inclusion_from(tiles: Tiles, *, index: int, size: int) -> list[bytes]:
    """Return the same proof as `prove_inclusion`, after reading at most two tiles of each level."""
    return Prover(tiles, size).prove_inclusion(index)


def prove_extension_from(tiles: Tiles, *, old_size: int, size: int) -> list[bytes]:
    """Return the same proof as `prove_extension`, after reading at most two tiles of each level."""
    return Prover(tiles, size).prove_extension(old_size)


class Prover:
    """Proofs in the tree over the first `size` leaves: many of them while each tile is read once."""

    def __init__(self, tiles: Tiles, size: int) -> None:
        self._tiles = tiles
        self._size = size
        self._read: dict[tuple[int, int], Sequence[bytes]] = {}
        self._roots: dict[tuple[int, int], bytes] = {}

    def root(self) -> bytes:
        """Return the root of the tree."""
        return self._root(0, self._size) if self._size else EMPTY_ROOT

    def prove_inclusion(self, index: int) -> list[bytes]:
        """Return the proof that the leaf is in the tree."""
        return [self._root(start, end) for start, end in _audit_path(index=index, size=self._size)]

    def prove_extension(self, old_size: int) -> list[bytes]:
        """Return the proof that the tree only adds to that of the first `old_size` leaves."""
        ranges = _consistency_path(old_size=old_size, size=self._size)
        return [self._root(start, end) for start, end in ranges]

    def _root(self, start: int, end: int) -> bytes:
        """Return the root over leaves `start` to `end`, a range that is a subtree of the RFC's recursion."""
        if (start, end) not in self._roots:
            complete, here = [], start
            while here < end:
                height = (end - here).bit_length() - 1
                complete.append(self._complete(height, here >> height))
                here += 1 << height
            node = complete.pop()
            while complete:
                node = node_hash(complete.pop(), node)
            self._roots[start, end] = node
        return self._roots[start, end]

    def _complete(self, height: int, index: int) -> bytes:
        level, above = divmod(height, TILE_HEIGHT)
        tile, first = divmod(index << above, TILE_WIDTH)
        return root(self._tile(level, tile)[first : first + (1 << above)])

    def _tile(self, level: int, index: int) -> Sequence[bytes]:
        if (level, index) not in self._read:
            on_level = self._size >> (TILE_HEIGHT * level)
            width = min(TILE_WIDTH, on_level - TILE_WIDTH * index)
            hashes = self._tiles.hashes(level, index, width)
            if len(hashes) != width:
                fault.bug(f"tile {index} of level {level} gave {len(hashes)} hashes instead of {width}")
            self._read[level, index] = hashes
        return self._read[level, index]


# -- Which subtrees a proof is made of --------------------------------------------------------------------


def _audit_path(*, index: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges of leaves whose roots are the inclusion proof: PATH(m, D[n]) of RFC 6962, 2.1.1."""
    if not 0 <= index < size:
        fault.bug(f"leaf {index} is not in a tree of {size}")
    start, end, path = 0, size, []
    while end - start > 1:
        split = start + _left_size(end - start)
        if index < split:
            path.append((split, end))
            end = split
        else:
            path.append((start, split))
            start = split
    return path[::-1]


def _consistency_path(*, old_size: int, size: int) -> list[tuple[int, int]]:
    """Return the ranges whose roots are the extension proof: SUBPROOF(m, D[n], b) of RFC 6962, 2.1.2."""
    if not 0 <= old_size <= size:
        fault.bug(f"a tree of {size} does not extend one of {old_size}")
    if old_size == 0:
        return []
    start, end, path = 0, size, []
    while old_size < end:
        split = start + _left_size(end - start)
        if old_size <= split:
            path.append((split, end))
            end = split
        else:
            path.append((start, split))
            start = split
    # The RFC's b: only where the old tree is the whole left edge does the checker have this root already.
    if start > 0:
        path.append((start, end))
    return path[::-1]


def _left_size(size: int) -> int:
    """Return the RFC's k: the largest power of two that is smaller than the size."""
    return 1 << (size - 1).bit_length() - 1


# -- Growing by one leaf ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Frontier:
    """All that must be remembered of a tree to add to it: its size and its complete subtrees.

    `subtrees` are the roots of the complete subtrees from right to left, the smallest first: one for each
    bit that is set in the size.
    """

    size: int = 0
    subtrees: tuple[bytes, ...] = ()

    def extended(self, leaf_hash: bytes) -> Frontier:
        """Return the frontier of the tree with one leaf more."""
        closed = list(self._closed(leaf_hash))
        return Frontier(self.size + 1, (closed[-1], *self.subtrees[len(closed) - 1 :]))

    def tile_hashes(self, leaf_hash: bytes) -> list[tuple[int, int, bytes]]:
        """Return what the leaf adds to the tiles: (level, place on that level, hash), the leaf itself first.

        The hash belongs to tile `place // 256` as its hash `place % 256`.
        """
        return [
            (height // TILE_HEIGHT, self.size >> height, node)
            for height, node in enumerate(self._closed(leaf_hash))
            if height % TILE_HEIGHT == 0
        ]

    def root(self) -> bytes:
        """Return the root of the tree."""
        if not self.subtrees:
            return EMPTY_ROOT
        node, *larger = self.subtrees
        for left in larger:
            node = node_hash(left, node)
        return node

    def to_bytes(self) -> bytes:
        """Return the size as eight bytes, big end first, and the subtrees."""
        return self.size.to_bytes(8, "big") + b"".join(self.subtrees)

    @classmethod
    def from_bytes(cls, stored: bytes, where: str = "frontier") -> Frontier | Fault:
        """Return the frontier that `to_bytes` wrote, or the fault of bytes that it cannot have written."""
        size = int.from_bytes(stored[:8], "big")
        if len(stored) != 8 + HASH_BYTES * size.bit_count() or size > SIZE_MAX:
            return fault.of(
                where,
                "{length} bytes are not the frontier of a tree",
                "rebuild it from the entries",
                length=len(stored),
            )
        return cls(size, tuple(stored[i : i + HASH_BYTES] for i in range(8, len(stored), HASH_BYTES)))

    def _closed(self, leaf_hash: bytes) -> Iterator[bytes]:
        """Yield the roots of the complete subtrees that the leaf closes, of height 0, 1, 2 and so on."""
        node, size = leaf_hash, self.size
        yield node
        for left in self.subtrees:
            if not size & 1:
                return
            node, size = node_hash(left, node), size >> 1
            yield node
