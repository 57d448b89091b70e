"""One log on the disk: entry bundles, hash tiles and the checkpoint (c2sp.org/tlog-tiles).

These files are the truth about a log. Entries and tiles become durable before the checkpoint
that covers them, and the checkpoint is replaced as a whole, by compare-and-swap on its size
(protocol.md 3.5). What stands above the checkpoint is what a crash left, and may be replaced.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pausenet.errors import MalformedCheckpoint, MalformedRecord, MalformedTile, Misuse, NodeError
from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.tiles import (
    ENTRY_BYTES_MAX,
    TILE_WIDTH,
    EntryBundle,
    HashTile,
    TilePath,
    decode_entries,
    decode_hashes,
    new_files,
)
from pausenet.node.store.disk import Unsynced, over_disk, read_file, replace_file
from pausenet.values import Origin, Seq, TreeSize

_TILE_HEIGHT: Final = 8


class LogFiles:
    """The files of one log, and what has been put but not written yet.

    Raises `MalformedRecord` at birth where the files do not hold what their checkpoint covers.
    """

    def __init__(self, directory: Path, origin: Origin, unsynced: Unsynced) -> None:
        self._directory, self.origin, self._unsynced = directory, origin, unsynced
        self.note = read_file(directory / "checkpoint") or b""
        self.size = self._note_size(self.note, MalformedRecord) if self.note else TreeSize(0)
        self.found = self._load()
        self._tree = Tree(leaf_hash(entry) for entry in self.found)
        self._written = TreeSize(min(self.size, self._tree.size))
        self._base = self._written - self._written % TILE_WIDTH
        self._tail = list(self.found[self._base :])
        self._partial: set[TilePath] = set()
        self._next_note = b""

    @property
    def length(self) -> TreeSize:
        """The number of entries put so far, above the checkpoint too."""
        return self._tree.size

    def forget(self) -> None:
        """Give back the memory of what was found at start."""
        self.found = ()

    def put(self, seq: int, entry: bytes) -> None:
        """Put an entry at its place: the next, or one above the checkpoint, which it replaces.

        Raises `Misuse` for a gap and `NodeError` for another entry where the checkpoint rules.
        """
        if len(entry) > ENTRY_BYTES_MAX:
            raise Misuse(f"{self.origin} entry {seq}: longer than {ENTRY_BYTES_MAX} bytes")
        if seq > self._tree.size:
            raise Misuse(f"{self.origin}: expected entry {self._tree.size}, found {seq}")
        leaf = leaf_hash(entry)
        if seq < self._tree.size:
            if self._tree.leaf(Seq(seq)) == leaf:
                return
            if seq < self.size:
                raise NodeError(f"{self.origin} entry {seq}: the checkpoint covers another")
            self._cut_back(seq)
        self._tree.append(leaf)
        self._tail.append(entry)

    def put_note(self, note: bytes) -> None:
        """Put the checkpoint that is to stand after the next `swap`."""
        self._note_size(note, Misuse)
        self._next_note = note

    def write(self) -> None:
        """Write the files of all entries put so far; they are durable after a sync."""
        if self._written == self._tree.size:
            return
        for file in new_files(self._tree, self._written, self._tree.size, self._entry):
            self._unsynced.write(self._directory / file.path, file.content)
            if ".p/" in file.path:
                self._partial.add(file.path)
        self._written = self._tree.size
        base = self._written - self._written % TILE_WIDTH
        self._tail = self._tail[base - self._base :]
        self._base = base

    def swap(self) -> None:
        """Replace the checkpoint, where one was put: durable on return.

        Compares first: raises `NodeError` where another hand has replaced it, where the new one
        is smaller, or where it covers entries that are not here.
        """
        if not self._next_note:
            return
        path, size = self._directory / "checkpoint", self._note_size(self._next_note, Misuse)
        if (read_file(path) or b"") != self.note:
            raise NodeError(f"{path}: changed by another hand")
        if not self.size <= size <= self._written:
            raise NodeError(f"{path}: expected {self.size}..{self._written}, found {size}")
        self._unsynced.make_directory(path.parent)
        self._unsynced.sync()
        replace_file(path, self._next_note)
        before, self.size = self.size, size
        self.note, self._next_note = self._next_note, b""
        self._drop_partials(before)

    def bundle(self, index: int) -> tuple[bytes, ...]:
        """The longest sound bundle of an index; empty where there is none.

        Raises `MalformedRecord` where what the checkpoint covers is damaged.
        """
        needed = min(TILE_WIDTH, self.size - index * TILE_WIDTH)
        best: tuple[bytes, ...] = ()
        for width in self._widths(index):
            try:
                best = self._read_bundle(EntryBundle(index=index, width=width))
                self._check_leaves(index, best)
                break
            except MalformedRecord:
                if width <= needed:
                    raise
                best = ()
        return best

    # ------------------------------------------------------------------ start

    def _load(self) -> tuple[bytes, ...]:
        """All entries in an unbroken run from 0; whatever the checkpoint covers must be there."""
        entries: list[bytes] = []
        for index in range(1 << 40):
            found = self.bundle(index)
            entries += found
            if len(found) < TILE_WIDTH:
                break
        if len(entries) < self.size:
            raise MalformedRecord(
                f"{self._directory}: entry {len(entries)} is missing, of {self.size}"
            )
        return tuple(entries)

    def _widths(self, index: int) -> list[int]:
        """The widths of the bundles of an index that are on the disk, the largest first."""
        full = self._directory / EntryBundle(index=index, width=TILE_WIDTH).path
        found = [TILE_WIDTH] if full.exists() else []
        partial = full.with_name(full.name + ".p")
        if partial.is_dir():
            names = [name.name for name in partial.iterdir() if name.name.isdecimal()]
            found += [w for w in sorted(map(int, names), reverse=True) if 0 < w < TILE_WIDTH]
        return found

    def _check_leaves(self, index: int, entries: tuple[bytes, ...]) -> None:
        """Compare entries with the hash tile of the same width, which was written beside them."""
        tile = HashTile(level=0, index=index, width=len(entries))
        data = read_file(self._directory / tile.path)
        if data is None:
            raise MalformedRecord(f"{self._directory / tile.path}: missing")
        try:
            hashes = decode_hashes(data, tile.width)
        except MalformedTile as error:
            raise MalformedRecord(f"{self._directory / tile.path}: {error}") from error
        for place, (entry, stated) in enumerate(zip(entries, hashes, strict=True)):
            if leaf_hash(entry) != stated:
                seq = index * TILE_WIDTH + place
                raise MalformedRecord(f"{self._directory}: entry {seq} is not what its tile says")

    # ------------------------------------------------------------------ helpers

    def _read_bundle(self, bundle: EntryBundle) -> tuple[bytes, ...]:
        """The entries of one bundle as the disk holds them."""
        path = self._directory / bundle.path
        try:
            data = read_file(path)
            if data is None:
                raise MalformedTile("missing")
            return decode_entries(data, bundle.width)
        except MalformedTile as error:
            raise MalformedRecord(f"{path}: {error}") from error

    def _entry(self, seq: Seq) -> bytes:
        return self._tail[seq - self._base]

    def _note_size(self, note: bytes, error: type[MalformedRecord] | type[Misuse]) -> TreeSize:
        try:
            found = Note.decode(note).body
        except MalformedCheckpoint as problem:
            raise error(f"{self._directory / 'checkpoint'}: {problem}") from problem
        if found.origin != self.origin:
            raise error(f"{self._directory / 'checkpoint'}: names {found.origin}")
        return found.size

    def _cut_back(self, seq: int) -> None:
        """Forget all entries from `seq` on, which no checkpoint covers, and remove their files."""
        base = seq - seq % TILE_WIDTH
        if base < self._base:
            kept = self._read_bundle(EntryBundle(index=base // TILE_WIDTH, width=TILE_WIDTH))
        else:
            kept = tuple(self._tail[base - self._base :])
        last = self._tree.size
        self._tail, self._base = list(kept[: seq - base]), base
        self._tree = Tree(self._tree.leaf(Seq(place)) for place in range(seq))
        self._written = TreeSize(min(self._written, seq))
        level = 0
        while last >> _TILE_HEIGHT * level:
            places = range(
                (seq >> _TILE_HEIGHT * level) // TILE_WIDTH,
                (last >> _TILE_HEIGHT * level) // TILE_WIDTH + 1,
            )
            for index in places:
                self._remove_above(HashTile(level=level, index=index, width=TILE_WIDTH).path, seq)
                if level == 0:
                    self._remove_above(EntryBundle(index=index, width=TILE_WIDTH).path, seq)
            level += 1

    def _remove_above(self, full: TilePath, size: int) -> None:
        """Remove a full tile and its partial ones, but for those of the two sizes that count."""
        kept = _partial_paths(self.size) | _partial_paths(size)
        self._unsynced.remove(self._directory / full)
        partial = self._directory / f"{full}.p"
        with over_disk(partial):
            names = [path.name for path in partial.iterdir()] if partial.is_dir() else []
        for name in names:
            if f"{full}.p/{name}" not in kept:
                self._unsynced.remove(partial / name)

    def _drop_partials(self, before: TreeSize) -> None:
        """Remove partial tiles that neither this checkpoint nor the one before it needs."""
        kept = _partial_paths(self.size) | _partial_paths(before) | _partial_paths(self._written)
        for path in self._partial - kept:
            with over_disk(self._directory / path):
                (self._directory / path).unlink(missing_ok=True)
        self._partial &= kept


def _partial_paths(size: int) -> set[TilePath]:
    """The partial files that belong to a log of this size."""
    found: set[TilePath] = set()
    level = 0
    while size >> _TILE_HEIGHT * level:
        index, width = divmod(size >> _TILE_HEIGHT * level, TILE_WIDTH)
        if width:
            found.add(HashTile(level=level, index=index, width=width).path)
            if level == 0:
                found.add(EntryBundle(index=index, width=width).path)
        level += 1
    return found
