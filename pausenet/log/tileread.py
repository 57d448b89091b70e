"""Reading one tile of a log out of whatever files there are (c2sp.org/tlog-tiles).

A log keeps the partial tiles of its latest sizes only. Those of earlier sizes are beginnings of
longer ones, so every tile that ever was can be given again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import assert_never

from pausenet.errors import MalformedTile
from pausenet.log.tiles import (
    TILE_WIDTH,
    EntryBundle,
    HashTile,
    TilePath,
    decode_entries,
    encode_entries,
)
from pausenet.values import Digest, TreeSize

_TILE_HEIGHT = 8


def read_tile(
    read: Callable[[TilePath], bytes | None], size: TreeSize, wanted: HashTile | EntryBundle
) -> bytes | None:
    """The content of a tile or bundle of a log of this size; None for one beyond it.

    `read` gives a file's content, or None where there is none. Raises `MalformedTile` where a
    file is not what its path says.
    """
    level = wanted.level if isinstance(wanted, HashTile) else 0
    held = min(TILE_WIDTH, (size >> _TILE_HEIGHT * level) - wanted.index * TILE_WIDTH)
    if wanted.width > held:
        return None
    exact = read(wanted.path)
    if exact is not None:
        return exact
    for width in dict.fromkeys((held, TILE_WIDTH)):
        match wanted:
            case HashTile():
                longer = HashTile(level=wanted.level, index=wanted.index, width=width).path
            case EntryBundle():
                longer = EntryBundle(index=wanted.index, width=width).path
            case _:
                assert_never(wanted)
        content = read(longer)
        if content is not None:
            return _beginning(content, width, wanted)
    return None


def _beginning(content: bytes, width: int, wanted: HashTile | EntryBundle) -> bytes:
    """The first hashes or entries of a longer tile."""
    if isinstance(wanted, EntryBundle):
        return encode_entries(decode_entries(content, width)[: wanted.width])
    if len(content) != width * Digest.LENGTH:
        raise MalformedTile(f"expected {width * Digest.LENGTH} bytes, found {len(content)}")
    return content[: wanted.width * Digest.LENGTH]
