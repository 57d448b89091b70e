"""A node's own log as the world outside reads it: c2sp.org/tlog-tiles (protocol.md 3.2).

What is published is the checkpoint with k storing cosignatures, where there is one, and all
tiles below it, also those that were partial in an earlier checkpoint. The files are read anew
for each request; the node's disk replaces them as wholes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from pausenet.errors import MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.tileread import read_tile
from pausenet.log.tiles import EntryBundle, HashTile, TilePath, new_files
from pausenet.node.store.disk import read_file
from pausenet.values import ParticipantId, TreeSize

COSIGNED: Final = "cosigned"
"""The directory of the last checkpoints that k storing cosigners have signed, one a log."""
CHECKPOINT_FILE: Final = "checkpoint"
_TRIES: Final = 3


def cosigned_file(home: Path, participant: ParticipantId) -> Path:
    """Where a node keeps the last checkpoint of a participant's log with k cosignatures on it."""
    return home / COSIGNED / f"{participant}.note"


class PublishedLog:
    """Reads one log's directory; `cosigned` may hold a checkpoint with cosignatures.

    `with_entries` says whether whoever can reach this edge may read the entries themselves.
    """

    def __init__(self, directory: Path, cosigned: Path, *, with_entries: bool) -> None:
        self._directory, self._cosigned = directory, cosigned
        self.with_entries = with_entries

    def checkpoint(self) -> bytes | None:
        """The checkpoint to publish; None before the first."""
        stored = read_file(self._directory / CHECKPOINT_FILE)
        if stored is None:
            return None
        cosigned = read_file(self._cosigned)
        if cosigned is None:
            return stored
        return published(stored, cosigned)

    def tile(self, wanted: HashTile | EntryBundle) -> bytes | None:
        """A tile or bundle below the log's own checkpoint; None where there is none such."""
        for _ in range(_TRIES):  # a partial tile may go between two looks, for a longer one
            stored = read_file(self._directory / CHECKPOINT_FILE)
            if stored is None:
                return None
            found = read_tile(self._read, TreeSize(Note.decode(stored).body.size), wanted)
            if found is not None:
                return found
        return None

    def _read(self, path: TilePath) -> bytes | None:
        return read_file(self._directory / path)


class PublishedRegister:
    """The register, from memory: it does not grow while a node runs, and is for everybody."""

    with_entries: Final = True

    def __init__(self, entries: tuple[bytes, ...], note: bytes) -> None:
        tree = Tree(leaf_hash(entry) for entry in entries)
        files = new_files(tree, TreeSize(0), tree.size, lambda seq: entries[seq])
        self._files = {file.path: file.content for file in files}
        self._size, self._note = tree.size, note

    def checkpoint(self) -> bytes | None:
        """The registrar's checkpoint."""
        return self._note or None

    def tile(self, wanted: HashTile | EntryBundle) -> bytes | None:
        """A tile or bundle; None where there is none such."""
        return read_tile(self._files.get, self._size, wanted)


def published(stored: bytes, cosigned: bytes) -> bytes:
    """Of a log's own checkpoint and the one that has cosignatures: the latter, if it is no ahead.

    Both are this node's own files; a cosigned one that cannot be read is passed over.
    """
    try:
        head, with_lines = Note.decode(stored).body, Note.decode(cosigned).body
    except MalformedCheckpoint:
        return stored
    if with_lines.origin != head.origin or with_lines.size > head.size:
        return stored
    return cosigned
