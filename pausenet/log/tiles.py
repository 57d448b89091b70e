"""Tiles: a log as files that any web server can hand out (protocol.md 3.2).

The format is c2sp.org/tlog-tiles. A tile of level L and index N holds up to 256 hashes of full
subtrees of 256^L leaves; an entry bundle holds the 256 entries under a tile of level 0. The
last of a level is partial and carries its width in its path.

>>> HashTile(level=0, index=1234067, width=256).path
'tile/0/x001/x234/067'
>>> EntryBundle(index=2, width=17).path
'tile/entries/002.p/17'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

from pausenet.errors import MalformedTile, Misuse
from pausenet.log.merkle import Tree
from pausenet.values import Digest, Seq, TreeSize

TILE_WIDTH: Final = 256
LEVEL_MAX: Final = 63
INDEX_MAX: Final = 2**56 - 1
ENTRY_BYTES_MAX: Final = 65_535

_TILE_HEIGHT: Final = 8
_PATH: Final = re.compile(
    r"tile/(?P<level>[0-9]{1,2}|entries)/(?P<index>(?:x[0-9]{3}/){0,5}[0-9]{3})"
    r"(?:\.p/(?P<width>[0-9]{1,3}))?\Z"
)


class TilePath(str):
    """The canonical path of a tile or an entry bundle, relative to its log."""

    __slots__ = ()

    def __new__(cls, value: str) -> Self:
        """Take a path; raise `ValueError` for any other text."""
        if not _PATH.match(value):
            raise ValueError(f"TilePath: expected tile/<L>/<N>[.p/<W>], found {value!r:.80}")
        return super().__new__(cls, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class HashTile:
    """Which tile of hashes: level, index in the level, number of hashes."""

    level: int
    index: int
    width: int

    def __post_init__(self) -> None:
        if not 0 <= self.level <= LEVEL_MAX:
            raise ValueError(f"HashTile: expected a level in 0..{LEVEL_MAX}, found {self.level}")
        _require_place(self.index, self.width)

    @property
    def path(self) -> TilePath:
        """Where the tile stands."""
        return _path(str(self.level), self.index, self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryBundle:
    """Which bundle of entries: index, number of entries."""

    index: int
    width: int

    def __post_init__(self) -> None:
        _require_place(self.index, self.width)

    @property
    def path(self) -> TilePath:
        """Where the bundle stands."""
        return _path("entries", self.index, self.width)


@dataclass(frozen=True, slots=True, kw_only=True)
class TileFile:
    """What to write where."""

    path: TilePath
    content: bytes


def parse_path(text: str) -> HashTile | EntryBundle:
    """Read a path; raise `MalformedTile` for any text but a canonical path."""
    match = _PATH.match(text)
    if not match:
        raise MalformedTile(f"expected tile/<L>/<N>[.p/<W>], found {text!r:.80}")
    level = match["level"]
    index = int(match["index"].replace("/", "").replace("x", ""))
    width = int(match["width"]) if match["width"] else TILE_WIDTH
    tile: HashTile | EntryBundle
    try:
        if level == "entries":
            tile = EntryBundle(index=index, width=width)
        else:
            tile = HashTile(level=int(level), index=index, width=width)
    except ValueError as error:
        raise MalformedTile(str(error)) from error
    if tile.path != text:
        raise MalformedTile(f"expected {tile.path}, found {text!r:.80}")
    return tile


def encode_hashes(hashes: Sequence[Digest]) -> bytes:
    """Write a hash tile."""
    if not 1 <= len(hashes) <= TILE_WIDTH:
        raise Misuse(f"expected 1..{TILE_WIDTH} hashes, found {len(hashes)}")
    return b"".join(hashes)


def decode_hashes(data: bytes, width: int) -> tuple[Digest, ...]:
    """Read a hash tile of a known width; raise `MalformedTile` for another length."""
    if len(data) != width * Digest.LENGTH:
        raise MalformedTile(f"expected {width * Digest.LENGTH} bytes, found {len(data)}")
    return tuple(
        Digest(data[start : start + Digest.LENGTH]) for start in range(0, len(data), Digest.LENGTH)
    )


def encode_entries(entries: Sequence[bytes]) -> bytes:
    """Write an entry bundle: each entry behind its length in two bytes, big-endian."""
    if not 1 <= len(entries) <= TILE_WIDTH:
        raise Misuse(f"expected 1..{TILE_WIDTH} entries, found {len(entries)}")
    if any(len(entry) > ENTRY_BYTES_MAX for entry in entries):
        raise Misuse(f"expected entries of at most {ENTRY_BYTES_MAX} bytes")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def decode_entries(data: bytes, width: int) -> tuple[bytes, ...]:
    """Read an entry bundle of a known width; raise `MalformedTile` for any other bytes."""
    entries: list[bytes] = []
    start = 0
    for _ in range(width):
        end = start + 2 + int.from_bytes(data[start : start + 2], "big")
        if start + 2 > len(data) or end > len(data):
            raise MalformedTile(f"expected {width} entries, found the end after {len(entries)}")
        entries.append(data[start + 2 : end])
        start = end
    if start != len(data):
        raise MalformedTile(f"{len(data) - start} bytes after {width} entries")
    return tuple(entries)


def bundles_of(size: TreeSize) -> Iterator[EntryBundle]:
    """The entry bundles of a log of that size, in order."""
    for tile in tiles_of(0, size):
        yield EntryBundle(index=tile.index, width=tile.width)


def tiles_of(level: int, size: TreeSize) -> Iterator[HashTile]:
    """The hash tiles of one level of a log of that size, in order; none above the top."""
    for index, width in _places(size >> _TILE_HEIGHT * level):
        yield HashTile(level=level, index=index, width=width)


def new_files(
    tree: Tree, old_size: TreeSize, new_size: TreeSize, entry: Callable[[Seq], bytes]
) -> Iterator[TileFile]:
    """The bundles and tiles to write when a log grows from one size to another.

    Full ones are written once; the partial ones are those of the new size. Those of the old
    size that are unchanged are not repeated. Requires the tree to hold `new_size` leaves and
    `entry` to give the entry at each index below; raises `Misuse` otherwise.
    """
    if not old_size <= new_size <= tree.size:
        raise Misuse(f"expected {old_size} <= {new_size} <= {tree.size}")
    for index, width in _places(new_size, old_size):
        first = index * TILE_WIDTH
        entries = [entry(Seq(seq)) for seq in range(first, first + width)]
        bundle = EntryBundle(index=index, width=width)
        yield TileFile(path=bundle.path, content=encode_entries(entries))
    level = 0
    while new_size >> _TILE_HEIGHT * level:
        height = _TILE_HEIGHT * level
        for index, width in _places(new_size >> height, old_size >> height):
            first = index * TILE_WIDTH
            hashes = [tree.subtree(height, place) for place in range(first, first + width)]
            tile = HashTile(level=level, index=index, width=width)
            yield TileFile(path=tile.path, content=encode_hashes(hashes))
        level += 1


def _places(count: int, already: int = 0) -> Iterator[tuple[int, int]]:
    """Index and width of what holds `count` hashes, without what `already` held unchanged."""
    if count == already:
        return
    for first in range(already - already % TILE_WIDTH, count, TILE_WIDTH):
        yield first // TILE_WIDTH, min(TILE_WIDTH, count - first)


def _require_place(index: int, width: int) -> None:
    if not 0 <= index <= INDEX_MAX:
        raise ValueError(f"tile: expected an index in 0..{INDEX_MAX}, found {index}")
    if not 1 <= width <= TILE_WIDTH:
        raise ValueError(f"tile: expected a width in 1..{TILE_WIDTH}, found {width}")


def _path(level: str, index: int, width: int) -> TilePath:
    groups = [f"{index % 1000:03}"]
    while index := index // 1000:
        groups.append(f"x{index % 1000:03}")
    partial = "" if width == TILE_WIDTH else f".p/{width}"
    return TilePath(f"tile/{level}/{'/'.join(reversed(groups))}{partial}")
