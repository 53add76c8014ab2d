"""The tree: roots, proofs and their checks, from lists and from stored tiles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from hashlib import sha256
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import tiles, transparency
from aliquot.fault import Fault
from aliquot.transparency import EMPTY_ROOT, Frontier, Prover

SIZES = range(301)
LEAVES = transparency.leaf_hashes(b"entry %d\nkind receive\n" % n for n in range(301))

# The eight leaves and roots that the Certificate Transparency project tests its trees with.
KNOWN_LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", bytes(range(96, 112)).hex())
]
KNOWN_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


@cache
def naive_root(start: int, end: int) -> bytes:
    """The recursion of RFC 6962, 2.1, word for word, over LEAVES."""
    n = end - start
    if n == 0:
        return sha256(b"").digest()
    if n == 1:
        return LEAVES[start]
    k = 1
    while k * 2 < n:
        k *= 2
    return sha256(b"\x01" + naive_root(start, start + k) + naive_root(start + k, end)).digest()


def altered(proof: Sequence[bytes]) -> Iterator[list[bytes]]:
    """Every way to spoil a proof: a bit of each hash, each one left out, doubled or cut, neighbours swapped."""
    for i, value in enumerate(proof):
        bit = value[0]  # any of the 256, and the same on every run
        flipped = bytearray(value)
        flipped[bit // 8] ^= 1 << bit % 8
        yield [*proof[:i], bytes(flipped), *proof[i + 1 :]]
        yield [*proof[:i], *proof[i + 1 :]]
        yield [*proof[:i], value, *proof[i:]]
        yield [*proof[:i], value[:31], *proof[i + 1 :]]
    for i, (left, right) in enumerate(pairwise(proof)):
        yield [*proof[:i], right, left, *proof[i + 2 :]]
        yield [*proof[:i], left + right[:1], right[1:], *proof[i + 2 :]]
    yield [*proof, LEAVES[300]]
    yield [LEAVES[300], *proof]


def test_the_empty_book_has_the_hash_of_nothing() -> None:
    assert transparency.root([]).hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert Frontier().root() == EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_known_from_certificate_transparency_come_out(size: int) -> None:
    hashes = transparency.leaf_hashes(KNOWN_LEAVES[:size])
    assert transparency.root(hashes).hex() == KNOWN_ROOTS[size - 1]


def test_a_leaf_and_a_node_of_the_same_bytes_have_different_hashes() -> None:
    left, right = LEAVES[:2]
    assert transparency.leaf_hash(left + right) != transparency.node_hash(left, right)
    assert transparency.leaf_hash(b"entry") == sha256(b"\x00entry").digest()
    assert transparency.node_hash(left, right) == sha256(b"\x01" + left + right).digest()


def test_the_root_is_that_of_the_recursion_in_the_rfc() -> None:
    for size in SIZES:
        assert transparency.root(LEAVES[:size]) == naive_root(0, size)


def test_every_entry_of_every_book_is_proved() -> None:
    in_memory = tiles.Levels.of(LEAVES)
    for size in SIZES:
        root, prover = naive_root(0, size), Prover(in_memory, size)
        for index in range(size):
            proof = prover.prove_inclusion(index)
            assert transparency.check_inclusion(
                index=index, size=size, leaf_hash=LEAVES[index], proof=proof, root=root
            )
            if size <= 64:
                assert transparency.prove_inclusion(LEAVES[:size], index) == proof


def test_no_altered_inclusion_proof_of_any_book_passes() -> None:
    in_memory = tiles.Levels.of(LEAVES)
    for size in SIZES:
        root = naive_root(0, size)
        indexes = range(size) if size <= 40 else sorted({0, 1, size // 2, size - 2, size - 1})
        for index in indexes:
            proof = transparency.prove_inclusion_from(in_memory, index=index, size=size)

            def passes(
                proof: Sequence[bytes] = proof,
                index: int = index,
                size: int = size,
                leaf_hash: bytes = LEAVES[index],
                root: bytes = root,
            ) -> bool:
                return transparency.check_inclusion(
                    index=index, size=size, leaf_hash=leaf_hash, proof=proof, root=root
                )

            assert passes()
            assert not any(passes(proof=spoiled) for spoiled in altered(proof))
            others = {-1, size, index + 1, index - 1, index ^ 2, size - 1 - index} - {index}
            assert not any(passes(index=other) for other in others)
            assert not passes(leaf_hash=LEAVES[index + 1])
            assert not passes(leaf_hash=LEAVES[index][:31])
            assert not passes(size=0)
            assert not passes(size=2 * size + 2)  # deeper than the path
            for other_size in (size - 1, size + 1):
                if 0 <= other_size <= 300:
                    assert not passes(size=other_size, root=naive_root(0, other_size))


def test_every_book_is_proved_to_extend_every_shorter_one() -> None:
    in_memory = tiles.Levels.of(LEAVES)
    for size in SIZES:
        root, prover = naive_root(0, size), Prover(in_memory, size)
        for old_size in range(size + 1):
            proof = prover.prove_extension(old_size)
            assert transparency.check_extension(
                old_size=old_size, size=size, old_root=naive_root(0, old_size), root=root, proof=proof
            )
            if size <= 64:
                assert transparency.prove_extension(LEAVES[:size], old_size) == proof


def test_no_altered_extension_proof_of_any_book_passes() -> None:
    in_memory = tiles.Levels.of(LEAVES)
    for size in SIZES:
        sampled = {
            0,
            1,
            2,
            3,
            size // 2,
            size // 2 + 1,
            1 << max(size - 1, 1).bit_length() - 1,
            size - 1,
            size,
        }
        for old_size in sorted(range(size + 1) if size <= 40 else sampled):
            if old_size > size or old_size < 0:
                continue
            proof = transparency.prove_extension_from(in_memory, old_size=old_size, size=size)

            def passes(
                proof: Sequence[bytes] = proof,
                old_size: int = old_size,
                size: int = size,
                old_root: bytes = naive_root(0, old_size),
                root: bytes = naive_root(0, size),
            ) -> bool:
                return transparency.check_extension(
                    old_size=old_size, size=size, old_root=old_root, root=root, proof=proof
                )

            assert passes()
            assert not any(passes(proof=spoiled) for spoiled in altered(proof))
            assert not passes(old_root=LEAVES[300])
            assert old_size == 0 or not passes(root=LEAVES[300])  # the empty book vouches for no root
            assert not passes(old_size=-1)
            assert not passes(old_size=size + 1)
            for other in (old_size - 1, old_size + 1):
                if 0 < other < size:
                    assert not passes(old_size=other, old_root=naive_root(0, other))
            for other in (size - 1, size + 1):
                if 0 < old_size <= other <= 300:
                    assert not passes(size=other, root=naive_root(0, other))


def test_a_rewritten_book_does_not_extend_the_old_one() -> None:
    rewritten = [*LEAVES[:3], LEAVES[200], *LEAVES[4:100]]
    for old_size in range(4, 100):
        proof = transparency.prove_extension(rewritten, old_size)
        assert not transparency.check_extension(
            old_size=old_size,
            size=100,
            old_root=naive_root(0, old_size),
            root=transparency.root(rewritten),
            proof=proof,
        )


def test_an_empty_book_is_extended_by_every_book_and_only_by_an_empty_proof() -> None:
    root = naive_root(0, 5)
    check = transparency.check_extension
    assert check(old_size=0, size=5, old_root=EMPTY_ROOT, root=root, proof=[])
    assert check(old_size=0, size=0, old_root=EMPTY_ROOT, root=EMPTY_ROOT, proof=[])
    assert not check(old_size=0, size=5, old_root=root, root=root, proof=[])
    assert not check(old_size=0, size=0, old_root=EMPTY_ROOT, root=root, proof=[])


@given(
    st.integers(-5, 2**70), st.integers(-5, 2**70), st.binary(max_size=40), st.lists(st.binary(max_size=33))
)
def test_no_nonsense_proof_passes_or_stops_the_program(
    one: int, other: int, hash_: bytes, proof: list[bytes]
) -> None:
    assert not transparency.check_inclusion(
        index=one, size=other, leaf_hash=hash_, proof=proof, root=LEAVES[0]
    )
    assert not transparency.check_extension(
        old_size=one, size=other, old_root=LEAVES[0], root=hash_, proof=proof
    )


def test_a_frontier_grows_to_the_root_of_every_book() -> None:
    frontier = Frontier()
    for size, leaf in enumerate(LEAVES[:300], start=1):
        frontier = frontier.extended(leaf)
        assert frontier.root() == naive_root(0, size)
        assert len(frontier.subtrees) == size.bit_count()
        assert Frontier.from_bytes(frontier.to_bytes()) == frontier


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=80))
def test_a_frontier_agrees_with_the_root_of_random_leaves(leaves: list[bytes]) -> None:
    frontier = Frontier()
    for leaf in leaves:
        frontier = frontier.extended(leaf)
    assert frontier.root() == transparency.root(leaves)


@given(st.binary(max_size=200))
def test_bytes_that_are_no_frontier_are_a_fault(stored: bytes) -> None:
    read = Frontier.from_bytes(stored)
    assert isinstance(read, Fault) or read.to_bytes() == stored


def test_a_frontier_that_lost_a_subtree_is_a_fault() -> None:
    stored = Frontier().extended(LEAVES[0]).to_bytes()
    read = Frontier.from_bytes(stored[:-1], "head")
    assert str(read) == "head: 39 bytes are not the frontier of a tree; rebuild it from the entries"


def test_each_leaf_tells_the_tile_hashes_that_it_completes() -> None:
    frontier, levels = Frontier(), tiles.Levels.of(many_leaves())
    for n, leaf in enumerate(many_leaves()):
        added = frontier.tile_hashes(leaf)
        assert [(level, place) for level, place, _ in added] == [
            (level, (n + 1) // 256**level - 1) for level in range(3) if (n + 1) % 256**level == 0
        ]
        assert all(levels.levels[level][place] == hash_ for level, place, hash_ in added)
        frontier = frontier.extended(leaf)


@cache
def many_leaves() -> tuple[bytes, ...]:
    return tuple(transparency.leaf_hashes(b"%d" % n for n in range(65_540)))


class Counted:
    """Tiles in memory that are stricter than the contract, and count what is read."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self.tiles = tiles.Levels.of(leaves)
        self.read: list[tuple[int, int]] = []

    def hashes(self, level: int, index: int, width: int) -> Sequence[bytes]:
        assert 1 <= width <= 256
        assert (level, index) not in self.read
        self.read.append((level, index))
        return self.tiles.hashes(level, index, width)


@pytest.mark.parametrize("size", [1, 2, 254, 255, 256, 257, 511, 512, 513, 700])
def test_proofs_from_tiles_are_those_from_all_leaves(size: int) -> None:
    leaves = many_leaves()[:size]
    in_memory = tiles.Levels.of(leaves)
    assert transparency.root_from(in_memory, size) == transparency.root(leaves)
    for n in {*range(0, size, 7), size - 1, min(256, size - 1)}:
        proof = transparency.prove_inclusion_from(in_memory, index=n, size=size)
        assert proof == transparency.prove_inclusion(leaves, n)
        proof = transparency.prove_extension_from(in_memory, old_size=n, size=size)
        assert proof == transparency.prove_extension(leaves, n)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537])
def test_proofs_from_tiles_read_two_tiles_of_a_level_at_most(size: int) -> None:
    leaves = many_leaves()[:size]
    counted = Counted(leaves)
    root = transparency.root(leaves)
    assert transparency.root_from(counted, size) == root
    for n in (1, 255, 256, 32_768, 65_279, 65_280, 65_534):
        counted.read.clear()
        proof = transparency.prove_inclusion_from(counted, index=n, size=size)
        assert proof == transparency.prove_inclusion(leaves, n)
        assert transparency.check_inclusion(index=n, size=size, leaf_hash=leaves[n], proof=proof, root=root)
        assert max(sum(level == read for read, _ in counted.read) for level in range(3)) <= 2
        counted.read.clear()
        proof = transparency.prove_extension_from(counted, old_size=n, size=size)
        assert transparency.check_extension(
            old_size=n, size=size, old_root=transparency.root(leaves[:n]), root=root, proof=proof
        )
        assert max(sum(level == read for read, _ in counted.read) for level in range(3)) <= 2


def test_a_store_that_loses_hashes_stops_the_program() -> None:
    class Lossy:
        def hashes(self, level: int, index: int, width: int) -> Sequence[bytes]:
            return LEAVES[: width - 1]

    with pytest.raises(AssertionError, match="gave 4 hashes instead of 5"):
        transparency.root_from(Lossy(), 5)


def test_a_proof_of_what_is_not_there_stops_the_program() -> None:
    with pytest.raises(AssertionError, match="leaf 5 is not in a tree of 5"):
        transparency.prove_inclusion(LEAVES[:5], 5)
    with pytest.raises(AssertionError, match="a tree of 5 does not extend one of 6"):
        transparency.prove_extension(LEAVES[:5], 6)
