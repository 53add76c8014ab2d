"""The log as static files: their paths, their bytes, and reading them back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aliquot import tiles, transparency
from aliquot.fault import Fault
from aliquot.tiles import Tile


def test_paths_are_those_of_the_specification() -> None:
    assert tiles.path(0, 1_234_067, 8) == "tile/0/x001/x234/067.p/8"
    assert tiles.path(0, 1_234_067) == "tile/0/x001/x234/067"
    assert tiles.path(2, 0, 1) == "tile/2/000.p/1"
    assert tiles.path(63, 999) == "tile/63/999"
    assert tiles.path(1, 1000) == "tile/1/x001/000"
    assert tiles.entries_path(0, 255) == "tile/entries/000.p/255"
    assert tiles.entries_path(273) == "tile/entries/273"


def test_a_tree_of_seventy_thousand_has_the_tiles_that_the_specification_counts() -> None:
    listed = list(tiles.tiles(70_000))
    assert sum(tile.level == 0 and tile.width == 256 for tile in listed) == 273
    assert [tile for tile in listed if tile.width < 256 or tile.level > 0] == [
        Tile(0, 273, 112),
        Tile(1, 0, 256),
        Tile(1, 1, 17),
        Tile(2, 0, 1),
    ]


@pytest.mark.parametrize(
    ("size", "paths"),
    [
        (0, []),
        (1, ["tile/0/000.p/1"]),
        (255, ["tile/0/000.p/255"]),
        (256, ["tile/0/000", "tile/1/000.p/1"]),
        (257, ["tile/0/000", "tile/0/001.p/1", "tile/1/000.p/1"]),
    ],
)
def test_small_trees_have_these_tiles(size: int, paths: list[str]) -> None:
    assert [tile.path for tile in tiles.tiles(size)] == paths


def entries(size: int) -> list[bytes]:
    return [b"entry %d\nkind receive\n" % n for n in range(size)]


class Published:
    """A client that has nothing but the published files."""

    def __init__(self, files: dict[str, bytes], size: int) -> None:
        self.files, self.size = files, size

    def hashes(self, level: int, index: int, width: int) -> Sequence[bytes]:
        read = tiles.read_hashes(self.files[tiles.path(level, index, width)])
        assert isinstance(read, tuple)
        return read


@pytest.mark.parametrize("size", [0, 1, 2, 255, 256, 257, 600])
def test_a_client_proves_every_entry_from_the_published_files(size: int) -> None:
    leaves = transparency.leaf_hashes(entries(size))
    files = dict(tiles.publication(leaves, iter(entries(size))))
    client = Published(files, size)
    root = transparency.root_from(client, size)
    assert root == transparency.root(leaves)
    read: list[bytes] = []
    for path, content in files.items():
        if path.startswith("tile/entries/"):
            bundle = tiles.read_bundle(content)
            assert isinstance(bundle, tuple)
            read += bundle
    assert read == entries(size)
    prover = transparency.Prover(client, size)
    for index, entry in enumerate(read):
        assert transparency.check_inclusion(
            index=index,
            size=size,
            leaf_hash=transparency.leaf_hash(entry),
            proof=prover.prove_inclusion(index),
            root=root,
        )


def test_no_published_file_is_also_a_folder() -> None:
    paths = {tile.path for tile in tiles.tiles(256 * 1001 + 3)}
    folders = {path[:end] for path in paths for end, char in enumerate(path) if char == "/"}
    assert not paths & folders


def test_entries_that_do_not_fit_the_leaf_hashes_stop_the_publication() -> None:
    leaves = transparency.leaf_hashes(entries(300))
    with pytest.raises(AssertionError, match="300 leaf hashes, but the entries end in bundle 1"):
        list(tiles.publication(leaves, entries(299)))
    with pytest.raises(AssertionError, match="more entries than the 300 leaf hashes"):
        list(tiles.publication(leaves, entries(301)))


def test_an_entry_too_long_for_a_bundle_stops_the_publication() -> None:
    assert tiles.read_bundle(tiles.bundle([bytes(65_535)])) == (bytes(65_535),)
    with pytest.raises(AssertionError, match="an entry of 65536 bytes fits no bundle"):
        tiles.bundle([bytes(65_536)])


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=256))
def test_a_bundle_is_read_back(bundled: list[bytes]) -> None:
    assert tiles.read_bundle(tiles.bundle(bundled)) == tuple(bundled)


@given(st.binary())
def test_any_bytes_are_a_bundle_or_a_fault(content: bytes) -> None:
    read = tiles.read_bundle(content)
    assert isinstance(read, Fault) or tiles.bundle(read) == content
    hashes = tiles.read_hashes(content)
    assert isinstance(hashes, Fault) or b"".join(hashes) == content


def test_broken_files_are_faults_that_say_what_to_do() -> None:
    assert str(tiles.read_bundle(b"\x00\x01a\x00\x05bc", "tile/entries/000.p/2")) == (
        "tile/entries/000.p/2: the bundle breaks off in entry 1; fetch the bundle again"
    )
    assert (
        str(tiles.read_bundle(b"\x00")) == "bundle: the bundle breaks off in entry 0; fetch the bundle again"
    )
    assert (
        str(tiles.read_bundle(b""))
        == "bundle: a bundle holds 1 to 256 entries, not 0; fetch the bundle again"
    )
    assert isinstance(tiles.read_bundle(bytes(2 * 257)), Fault)
    for length in (0, 31, 33, 257 * 32):
        assert str(tiles.read_hashes(bytes(length))) == (
            f"tile: a tile of {length} bytes is not 1 to 256 hashes of 32 bytes; fetch the tile again"
        )
