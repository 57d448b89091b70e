"""Finds the logs that a run or a network left behind, and reads them."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pausenet.errors import MalformedCheckpoint, MalformedFile, MalformedTile, Misuse
from pausenet.files.located import suggestion
from pausenet.log.checkpoint import Note
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.tiles import TILE_WIDTH, EntryBundle, bundles_of, decode_entries, new_files
from pausenet.node.config import NETWORK_FILE, REGISTER_FILE, RegisterFile, encode_register
from pausenet.node.edge.published import COSIGNED
from pausenet.protocol.register import Register
from pausenet.results.described import RUN_FILE
from pausenet.values import NetworkId, Origin, Seq, TreeSize

CHECKPOINT: Final = "checkpoint"
REGISTRAR: Final = "registrar"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLog:
    """A log as it lies on a disk: its directory and its checkpoint's note."""

    directory: Path
    note: Note
    held: tuple[bytes, ...] = ()
    """The entries, where they do not stand in the directory's own bundles."""

    @property
    def size(self) -> TreeSize:
        """The number of entries that the checkpoint covers."""
        return self.note.body.size

    def entries(self) -> tuple[bytes, ...]:
        """All entries under the checkpoint; raises `MalformedTile` where any is missing."""
        found = list(self.held)
        for bundle in () if self.held else bundles_of(self.size):
            found += self._bundle(bundle)
        if Tree(leaf_hash(entry) for entry in found).root(self.size) != self.note.body.root:
            raise MalformedTile(f"{self.directory}: the entries do not hash to the checkpoint")
        return tuple(found)

    def _bundle(self, bundle: EntryBundle) -> tuple[bytes, ...]:
        full = EntryBundle(index=bundle.index, width=TILE_WIDTH)
        for choice in (bundle, full):
            path = self.directory / choice.path
            if path.is_file():
                return decode_entries(path.read_bytes(), choice.width)[: bundle.width]
        raise MalformedTile(f"{self.directory}: {bundle.path} is missing")


def open_log(directory: Path) -> StoredLog:
    """Open a tlog-tiles directory; raise `MalformedFile` where there is no checkpoint."""
    path = directory / CHECKPOINT
    if not path.is_file():
        raise MalformedFile(str(path), 0, 0, "no checkpoint here: not a tlog-tiles directory")
    return StoredLog(directory=directory, note=Note.decode(path.read_bytes()))


def find_logs(run: Path) -> dict[str, StoredLog]:
    """Every log that lies below a run's or network's directory, by participant.

    Of one log held by many, the longest.
    """
    if not run.is_dir():
        raise MalformedFile(str(run), 0, 0, "no such directory")
    found: dict[str, StoredLog] = {}
    for path in _checkpoints(run):
        log = open_log(path.parent)
        name = _owner(log)
        if name not in found or log.size > found[name].size:
            found[name] = log
    return dict(sorted(found.items()))


def find_log(run: Path, name: str) -> StoredLog:
    """The log of one participant, the registrar's too; raise `Misuse` where there is none."""
    logs = find_logs(run)
    if name == REGISTRAR and name not in logs:
        register = find_register(run)
        note = Note.decode(register.note)
        return StoredLog(directory=run, note=note, held=register.entries)
    if name not in logs:
        hint = suggestion(name, logs) or f" - there are {', '.join(logs) or 'none'}"
        raise Misuse(f'{run}: no log of "{name}"{hint}')
    return logs[name]


def find_register(run: Path) -> Register:
    """The register of a run or network, checked against the network id in the same directory."""
    for directory in (run, run / "network"):
        path = directory / REGISTER_FILE
        if path.is_file():
            return _load_register(path)
    raise MalformedFile(str(run), 0, 0, "no register.json here: not a run or a network")


def export_log(log: StoredLog, to: Path) -> None:
    """Write a log anew as a complete tlog-tiles directory; the checkpoint last."""
    if to.exists() and any(to.iterdir()):
        raise Misuse(f"{to}: not empty")
    write_log(to, log.entries(), log.note)


def cosigned_notes(run: Path, name: str, log: StoredLog) -> tuple[Note, ...]:
    """What below a run's or network's directory claims to be this log's cosigned checkpoint.

    The largest first, of one size the one with most lines; nothing in them is judged.
    """
    found = [log.note]
    for path in sorted(run.rglob(f"{COSIGNED}/{name}.note")):
        try:
            note = Note.decode(path.read_bytes())
        except MalformedCheckpoint:
            continue
        if note.body.origin == log.note.body.origin:
            found.append(note)
    return tuple(
        sorted(found, key=lambda note: (note.body.size, len(note.signatures)), reverse=True)
    )


def with_cosignatures(run: Path, name: str, log: StoredLog) -> StoredLog:
    """The same log, its checkpoint with the cosignatures that are found on this very one."""
    same = [note for note in cosigned_notes(run, name, log) if note.body == log.note.body]
    return replace(log, note=same[0])


def write_log(to: Path, entries: tuple[bytes, ...], note: Note) -> None:
    """Write the entries under a note as a tlog-tiles directory."""
    kept = entries[: note.body.size]
    tree = Tree(leaf_hash(entry) for entry in kept)
    to.mkdir(parents=True, exist_ok=True)
    for file in new_files(tree, TreeSize(0), tree.size, lambda seq: kept[seq]):
        path = to / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.content)
    (to / CHECKPOINT).write_bytes(note.encode())


def entry_of(log: StoredLog, seq: Seq) -> bytes:
    """One entry; raise `Misuse` for a place beyond the checkpoint."""
    if seq >= log.size:
        raise Misuse(f"expected a place below {log.size}, found {seq}")
    return log.entries()[seq]


def write_register(register: Register, directory: Path) -> None:
    """Write a register as `register.json`."""
    (directory / REGISTER_FILE).write_bytes(encode_register(register))


def _checkpoints(run: Path) -> Iterator[Path]:
    """All checkpoints, but none below `tile/` and none in a node's guard."""
    for path in sorted(run.rglob(CHECKPOINT)):
        if path.is_file() and "tile" not in path.parts[len(run.parts) :]:
            yield path


def _owner(log: StoredLog) -> str:
    try:
        return Origin(log.note.body.origin).participant
    except ValueError:
        return str(log.note.body.origin)


def _load_register(path: Path) -> Register:
    """Read a register and check it under the network id that stands beside it, if one does."""
    try:
        found = RegisterFile.model_validate_json(path.read_bytes())
        entries = tuple(base64.b64decode(entry, validate=True) for entry in found.entries)
        note = base64.b64decode(found.note, validate=True)
        pinned = None
        for name in (NETWORK_FILE, RUN_FILE):
            if (path.parent / name).is_file():
                value = json.loads((path.parent / name).read_bytes())
                pinned = NetworkId.from_hex(value["network_id"])
                break
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise MalformedFile(str(path), 0, 0, "not a register beside its network id") from error
    return Register.load(entries, note, pinned)
