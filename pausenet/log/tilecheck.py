"""Checking a log that lies before us as tiles: every entry and every tile is hashed again.

What is wrong is a value, not an error: a disk may be bad in many places, and a person wants all
of them. `pausenet log check` prints the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pausenet.errors import MalformedTile
from pausenet.log.checkpoint import Checkpoint
from pausenet.log.merkle import Frontier, leaf_hash
from pausenet.log.tiles import (
    TILE_WIDTH,
    EntryBundle,
    HashTile,
    TilePath,
    bundles_of,
    decode_entries,
    decode_hashes,
    tiles_of,
)
from pausenet.values import Digest

PROBLEMS_MAX: Final = 1000
"""After so many problems among the entries the check goes no further."""

ReadTile: TypeAlias = Callable[[TilePath], bytes | None]
"""Gives a file's bytes, or nothing where there is no such file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TileProblem:
    """One thing that is wrong with a log's files: where, and what was expected and found."""

    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.where}: {self.problem}"


def check_tiles(read: ReadTile, checkpoint: Checkpoint) -> tuple[TileProblem, ...]:
    """Hash everything up to a checkpoint's size again; an empty answer means all of it agrees.

    A partial file that is gone may be replaced by the full one of the same index, whose first
    hashes or entries must agree. Memory grows with the size over 256.
    """
    problems: list[TileProblem] = []
    frontier = Frontier()
    parents: list[Digest] = []
    for bundle in bundles_of(checkpoint.size):
        if len(problems) >= PROBLEMS_MAX:
            break
        hashes = _leaves(read, bundle, problems)
        for leaf in hashes:
            frontier.append(leaf)
        if len(hashes) == TILE_WIDTH:
            parents.append(_root(hashes))
    if frontier.size != checkpoint.size:
        problems.append(
            TileProblem(where="checkpoint", problem="root and upper tiles not checked: see above")
        )
        return tuple(problems)
    level = 1
    while parents:
        parents = _check_level(read, level, checkpoint, parents, problems)
        level += 1
    if frontier.root() != checkpoint.root:
        problems.append(
            TileProblem(
                where="checkpoint",
                problem=f"expected root {checkpoint.root}, found {frontier.root()}",
            )
        )
    return tuple(problems)


def _leaves(read: ReadTile, bundle: EntryBundle, problems: list[TileProblem]) -> tuple[Digest, ...]:
    """The leaf hashes of one bundle, by its entries or else by its tile; empty with neither."""
    tile = HashTile(level=0, index=bundle.index, width=bundle.width)
    stated = _hashes(read, tile, problems)
    full = EntryBundle(index=bundle.index, width=TILE_WIDTH)
    try:
        content = read(bundle.path)
        if content is None and bundle != full and (content := read(full.path)) is not None:
            entries = decode_entries(content, TILE_WIDTH)[: bundle.width]
        elif content is None:
            raise MalformedTile("missing")
        else:
            entries = decode_entries(content, bundle.width)
    except MalformedTile as error:
        problems.append(TileProblem(where=bundle.path, problem=str(error)))
        return stated
    found = tuple(leaf_hash(entry) for entry in entries)
    if stated:
        problems.extend(_differences(tile, bundle.index * TILE_WIDTH, found, stated))
    return found


def _check_level(
    read: ReadTile,
    level: int,
    checkpoint: Checkpoint,
    expected: Sequence[Digest],
    problems: list[TileProblem],
) -> list[Digest]:
    """Compare one level with the hashes made from the level below; give the level above."""
    parents: list[Digest] = []
    for tile in tiles_of(level, checkpoint.size):
        first = tile.index * TILE_WIDTH
        made = tuple(expected[first : first + tile.width])
        stated = _hashes(read, tile, problems)
        if stated:
            problems.extend(_differences(tile, first, made, stated))
        if len(made) == TILE_WIDTH:
            parents.append(_root(made))
    return parents


def _hashes(read: ReadTile, tile: HashTile, problems: list[TileProblem]) -> tuple[Digest, ...]:
    """What a tile states; empty, with a problem noted, where it cannot be read."""
    full = HashTile(level=tile.level, index=tile.index, width=TILE_WIDTH)
    try:
        content = read(tile.path)
        if content is None and tile != full and (content := read(full.path)) is not None:
            return decode_hashes(content, TILE_WIDTH)[: tile.width]
        if content is None:
            raise MalformedTile("missing")
        return decode_hashes(content, tile.width)
    except MalformedTile as error:
        problems.append(TileProblem(where=tile.path, problem=str(error)))
        return ()


def _differences(
    tile: HashTile, first: int, made: Sequence[Digest], stated: Sequence[Digest]
) -> Iterator[TileProblem]:
    for place, (ours, theirs) in enumerate(zip(made, stated, strict=True)):
        if ours != theirs:
            yield TileProblem(
                where=tile.path,
                problem=f"hash {first + place}: expected {ours}, found {theirs}",
            )


def _root(hashes: Sequence[Digest]) -> Digest:
    frontier = Frontier()
    for value in hashes:
        frontier.append(value)
    return frontier.root()
