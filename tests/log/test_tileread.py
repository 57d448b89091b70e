"""Any tile that ever was can be given again, and none that is not yet."""

from __future__ import annotations

import pytest

from pausenet.errors import MalformedTile
from pausenet.log.tileread import read_tile
from pausenet.log.tiles import EntryBundle, HashTile, TilePath, new_files
from pausenet.values import Seq, TreeSize
from tests.log.notes import entries_of, tree_of

SIZE = 600


def files(size: int) -> dict[TilePath, bytes]:
    tree, entries = tree_of(size), entries_of(size)
    made = new_files(tree, TreeSize(0), tree.size, lambda seq: entries[Seq(seq)])
    return {file.path: file.content for file in made}


LATEST = files(SIZE)


@pytest.mark.parametrize("size", [1, 17, 255, 256, 257, 511, 512, 599, 600])
def test_every_tile_of_every_earlier_size_is_the_beginning_of_a_later_one(size: int) -> None:
    for path, content in files(size).items():
        level, _, rest = path.removeprefix("tile/").partition("/")
        index, _, width = rest.partition(".p/")
        place = {"index": int(index), "width": int(width or 256)}
        wanted = EntryBundle(**place) if level == "entries" else HashTile(level=int(level), **place)
        assert read_tile(LATEST.get, TreeSize(SIZE), wanted) == content


def test_nothing_beyond_the_size_is_given_even_where_a_file_is() -> None:
    for wanted in (
        HashTile(level=0, index=2, width=89),
        HashTile(level=0, index=3, width=1),
        HashTile(level=1, index=0, width=3),
        HashTile(level=9, index=0, width=1),
        EntryBundle(index=2, width=256),
    ):
        assert read_tile(LATEST.get, TreeSize(SIZE), wanted) is None
    assert read_tile(LATEST.get, TreeSize(256), HashTile(level=0, index=1, width=256)) is None
    assert read_tile(LATEST.get, TreeSize(0), HashTile(level=0, index=0, width=1)) is None


def test_a_full_tile_stands_in_for_its_partial_ones_and_a_damaged_file_is_refused() -> None:
    wanted = HashTile(level=0, index=0, width=7)
    full = HashTile(level=0, index=0, width=256).path
    only = {full: LATEST[full]}
    assert read_tile(only.get, TreeSize(256), wanted) == LATEST[full][: 7 * 32]
    assert read_tile({}.get, TreeSize(256), wanted) is None
    with pytest.raises(MalformedTile):
        read_tile({full: LATEST[full][:-1]}.get, TreeSize(256), wanted)
