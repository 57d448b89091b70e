from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pausenet.errors import MalformedTile, Misuse
from pausenet.log.checkpoint import Checkpoint
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.tilecheck import PROBLEMS_MAX, check_tiles
from pausenet.log.tiles import (
    INDEX_MAX,
    EntryBundle,
    HashTile,
    TilePath,
    bundles_of,
    decode_entries,
    decode_hashes,
    encode_entries,
    encode_hashes,
    new_files,
    parse_path,
    tiles_of,
)
from pausenet.values import Digest, Seq, TreeSize
from tests.log.notes import ORIGIN, entries_of, head_of, tree_of
from tests.reference import merkle as slow

SIZE = 700
TREE = tree_of(SIZE)
ENTRIES = entries_of(SIZE)
HEAD = head_of(TREE)


def written(*sizes: int) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    old = 0
    for new in sizes:
        for file in new_files(TREE, TreeSize(old), TreeSize(new), ENTRIES.__getitem__):
            files[file.path] = file.content
        old = new
    return files


def head_at(size: int) -> Checkpoint:
    return Checkpoint(origin=ORIGIN, size=TreeSize(size), root=TREE.root(TreeSize(size)))


def wrong_places(files: dict[str, bytes], head: Checkpoint = HEAD) -> list[str]:
    return [problem.where for problem in check_tiles(files.get, head)]


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (HashTile(level=0, index=0, width=256), "tile/0/000"),
        (HashTile(level=0, index=1234067, width=256), "tile/0/x001/x234/067"),
        (HashTile(level=63, index=999, width=255), "tile/63/999.p/255"),
        (HashTile(level=1, index=1000, width=1), "tile/1/x001/000.p/1"),
        (EntryBundle(index=12, width=256), "tile/entries/012"),
        (EntryBundle(index=1234067, width=3), "tile/entries/x001/x234/067.p/3"),
    ],
)
def test_a_path_is_as_the_public_format_writes_it(tile, path):
    assert tile.path == path
    assert parse_path(path) == tile


@given(st.integers(0, 63), st.integers(0, INDEX_MAX), st.integers(1, 256))
def test_paths_round_trip(level, index, width):
    for tile in (
        HashTile(level=level, index=index, width=width),
        EntryBundle(index=index, width=width),
    ):
        assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    [
        "tile/64/000",
        "tile/00/000",
        "tile/-1/000",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/001/002",
        "tile/0/x001",
        "tile/0/000.p/0",
        "tile/0/000.p/01",
        "tile/0/000.p/256",
        "tile/0/000.p/",
        "tile/0/000\n",
        "tile/0/../checkpoint",
        "tile/entries/x001/x001/x001/x001/x001/x001/001",
        "tile/0/\u0660\u0660\u0660",
        "/tile/0/000",
        "checkpoint",
        "",
    ],
)
def test_any_other_path_is_malformed(path):
    with pytest.raises(MalformedTile):
        parse_path(path)


def test_a_value_that_is_no_tile_cannot_be_made():
    for make in (
        lambda: TilePath("tile/../secret"),
        lambda: HashTile(level=64, index=0, width=1),
        lambda: HashTile(level=0, index=-1, width=1),
        lambda: EntryBundle(index=0, width=0),
        lambda: EntryBundle(index=0, width=257),
    ):
        with pytest.raises(ValueError, match="expected"):
            make()


def test_a_log_of_70000_has_the_tiles_that_the_specification_counts():
    size = TreeSize(70_000)
    widths = [[tile.width for tile in tiles_of(level, size)] for level in range(4)]
    assert widths == [[256] * 273 + [112], [256, 17], [1], []]
    assert [tile.width for tile in tiles_of(1, TreeSize(256))] == [1]
    assert [bundle.width for bundle in bundles_of(TreeSize(257))] == [256, 1]


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=256))
def test_entry_bundles_round_trip(entries):
    assert decode_entries(encode_entries(entries), len(entries)) == tuple(entries)


def test_an_entry_of_the_largest_size_round_trips_and_a_larger_one_is_misuse():
    largest = bytes(65_535)
    assert decode_entries(encode_entries([largest]), 1) == (largest,)
    with pytest.raises(Misuse):
        encode_entries([largest + b"\x00"])


def test_an_entry_bundle_cut_or_with_a_tail_is_malformed():
    data = encode_entries([b"one", b"", b"three"])
    for wrong in (*(data[:end] for end in range(len(data))), data + b"\x00", data + b"\x00\x00"):
        with pytest.raises(MalformedTile):
            decode_entries(wrong, 3)
    for width in (2, 4):
        with pytest.raises(MalformedTile):
            decode_entries(data, width)


def test_a_hash_tile_of_another_length_is_malformed():
    hashes = tuple(leaf_hash(entry) for entry in ENTRIES[:3])
    data = encode_hashes(hashes)
    assert decode_hashes(data, 3) == hashes
    for wrong, width in ((data[:-1], 3), (data + b"\x00", 3), (data, 2), (data, 4), (b"", 1)):
        with pytest.raises(MalformedTile):
            decode_hashes(wrong, width)


def test_empty_and_overfull_tiles_are_misuse():
    for count in (0, 257):
        with pytest.raises(Misuse):
            encode_hashes([leaf_hash(b"a")] * count)
        with pytest.raises(Misuse):
            encode_entries([b"a"] * count)


def test_a_grown_log_holds_full_tiles_and_the_partial_ones_of_its_size():
    files = written(SIZE)
    names = {"000", "001", "002.p/188"}
    expected = {f"tile/{kind}/{name}" for kind in ("0", "entries") for name in names}
    assert set(files) == expected | {"tile/1/000.p/2"}
    parents = decode_hashes(files["tile/1/000.p/2"], 2)
    assert list(parents) == [slow.mth(ENTRIES[:256]), slow.mth(ENTRIES[256:512])]


@given(st.lists(st.integers(0, SIZE), min_size=1, max_size=4))
def test_growing_in_steps_writes_a_log_that_checks_at_each_step(steps):
    sizes = sorted(steps)
    files = written(*sizes)
    for size in sizes:
        assert check_tiles(files.get, head_at(size)) == ()


def test_growing_by_nothing_writes_nothing():
    assert list(new_files(TREE, TreeSize(9), TreeSize(9), ENTRIES.__getitem__)) == []


def test_shrinking_or_growing_beyond_the_tree_is_misuse():
    for old, new in ((9, 8), (0, SIZE + 1)):
        with pytest.raises(Misuse):
            list(new_files(TREE, TreeSize(old), TreeSize(new), ENTRIES.__getitem__))


def test_an_empty_log_checks():
    assert wrong_places({}, head_at(0)) == []


@pytest.mark.parametrize("path", sorted(written(SIZE)))
def test_one_changed_byte_in_any_file_is_found_there(path):
    files = written(SIZE)
    content = bytearray(files[path])
    content[-1] ^= 1
    files[path] = bytes(content)
    where = wrong_places(files)
    # A changed entry disagrees with its tile and with the root; a changed tile with itself only.
    assert where
    if "entries" in path:
        assert path.replace("entries", "0") in where
        assert "checkpoint" in where
    else:
        assert where == [path]


@pytest.mark.parametrize("path", sorted(written(SIZE)))
def test_a_missing_or_cut_file_is_named(path):
    for content in (None, b"", written(SIZE)[path][:-1]):
        files = written(SIZE)
        del files[path]
        if content is not None:
            files[path] = content
        assert wrong_places(files) == [path]


def test_without_entries_and_tile_the_rest_is_said_to_be_unchecked():
    files = written(SIZE)
    del files["tile/0/001"], files["tile/entries/001"]
    assert wrong_places(files) == ["tile/0/001", "tile/entries/001", "checkpoint"]


def test_a_rewritten_log_does_not_match_its_checkpoint():
    other = [*ENTRIES[:300], b"rewritten", *ENTRIES[301:]]
    tree = Tree(leaf_hash(entry) for entry in other)
    files = {
        file.path: file.content
        for file in new_files(tree, TreeSize(0), HEAD.size, other.__getitem__)
    }
    assert wrong_places(files) == ["checkpoint"]


def test_a_full_file_may_stand_in_for_a_partial_one():
    files = written(SIZE)
    assert "tile/0/001.p/44" not in files
    assert wrong_places(files, head_at(300)) == ["tile/1/000.p/1"]


def test_a_checkpoint_of_absurd_size_ends_the_check_early():
    head = Checkpoint(origin=ORIGIN, size=TreeSize(2**53 - 1), root=Digest.of(b"x"))
    assert len(wrong_places({}, head)) <= PROBLEMS_MAX + 2


def test_the_entry_callable_is_asked_by_position():
    asked: list[Seq] = []

    def entry(seq: Seq) -> bytes:
        asked.append(seq)
        return ENTRIES[seq]

    list(new_files(TREE, TreeSize(257), TreeSize(260), entry))
    assert asked == [256, 257, 258, 259]
