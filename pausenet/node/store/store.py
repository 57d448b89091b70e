"""A node's disk: performs writes and fsyncs, and says at start what it holds.

    guard/records.log        what the keys have signed, apart from the data; locked while in use
    data/journal.log         Area.JOURNAL
    data/ledger.log          Area.LEDGER
    data/logs/<origin>/      tiles, entry bundles and checkpoint of one log
    data/index.sqlite        made from the tiles

One thread uses a store at a time. Within one fsync the guard comes first, then entries, ledger
and journal, then checkpoints: no crash leaves a later one without an earlier. After a failure
of the disk the store does nothing any more, since what the disk then holds is unknown.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from pausenet.errors import MalformedRecord, Misuse, NodeError
from pausenet.log.tiles import TILE_WIDTH
from pausenet.node.store.disk import DIRECTORY_MODE, Unsynced, over_disk
from pausenet.node.store.index import LogIndex
from pausenet.node.store.lock import GuardLock
from pausenet.node.store.mark import Mark
from pausenet.node.store.records import RecordFile
from pausenet.node.store.rounds import Outward, plan
from pausenet.node.store.tiles import LogFiles
from pausenet.protocol.messages import Area, Effect, Record, Write
from pausenet.values import REGISTER_ORIGIN, Origin, Seq, TreeSize

_RECORD_FILES: Final = {
    Area.GUARD: "records.log",
    Area.JOURNAL: "journal.log",
    Area.LEDGER: "ledger.log",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where a node keeps what it must not lose; the guard apart from the data."""

    guard: Path
    data: Path


class Store:
    """A node's disk. `open` raises `NodeError` where another process uses it, and
    `MalformedRecord`, naming the record, where it does not hold what it must.
    """

    def __init__(self, places: Places, lock: GuardLock) -> None:
        self._places, self._lock = places, lock
        self._unsynced = Unsynced()
        self._logs: dict[Origin, LogFiles] = {}
        self._touched: dict[Origin, LogFiles] = {}
        self._failed = ""
        self._records: dict[Area, RecordFile] = {}
        self._index: LogIndex | None = None
        self.clock_floor = Mark(places.guard / "clock")

    @classmethod
    def open(cls, places: Places) -> Self:
        """Lock the guard and read everything."""
        for directory in (places.guard, places.data, places.data / "logs"):
            with over_disk(directory):
                directory.mkdir(mode=DIRECTORY_MODE, parents=True, exist_ok=True)
        lock = GuardLock(places.guard)
        try:
            store = cls(places, lock)
            store._read()
        except BaseException:
            lock.release()
            raise
        return store

    def records(self) -> tuple[Record, ...]:
        """What the disk held at `open`, as `Booted` wants it; may be asked once."""
        found: list[Record] = list(self._records[Area.GUARD].records())
        for log in self._logs.values():
            found += _held(log)
            log.forget()
        found += _last_of_each(self._records[Area.LEDGER].records())
        found += self._records[Area.JOURNAL].records()
        for file in self._records.values():
            file.forget()
        return tuple(found)

    def register(self) -> tuple[Record, ...]:
        """What of that is the register; to be asked before the whole."""
        log = self._logs.get(REGISTER_ORIGIN)
        return () if log is None else tuple(_held(log))

    @property
    def cut_off(self) -> dict[Area, int]:
        """How many bytes of each torn record file were cut off at `open`; only where any were."""
        return {area: file.cut_off for area, file in self._records.items() if file.cut_off}

    def sizes(self) -> dict[Origin, TreeSize]:
        """Every log that stands here and the size of its checkpoint."""
        return {origin: self._logs[origin].size for origin in sorted(self._logs)}

    def perform(
        self, steps: Sequence[Sequence[Effect]], release: Callable[[Outward], None]
    ) -> None:
        """Perform the effects of consecutive events with as few fsyncs as their barriers allow.

        Calls `release` for whatever is no writing, as soon as all before it is durable. Raises
        `NodeError` when the disk fails; what has not been released then never will be.
        """
        if self._failed:
            raise NodeError(self._failed)
        try:
            for each in plan(steps):
                for write in each.writes:
                    self._write(write)
                for effect in each.outward:
                    release(effect)
                if each.sync:
                    self._sync()
        except (NodeError, Misuse) as error:
            self._failed = str(error)
            raise

    def catch_up_index(self) -> None:
        """Bring the index nearer to the checkpoints, some rows a log; for idle moments."""
        if self._index is None:
            self._index = LogIndex(self._places.data / "index.sqlite")
        for origin, log in self._logs.items():
            self._index.catch_up(origin, log.size, _entries_of(log))

    def close(self) -> None:
        """Make durable what was written, and let go of everything."""
        try:
            if not self._failed:
                self._sync()
        finally:
            self._unsynced.close()
            for file in self._records.values():
                file.close()
            if self._index is not None:
                self._index.close()
            self.clock_floor.close()
            self._lock.release()

    # ------------------------------------------------------------------ helpers

    def _read(self) -> None:
        for area, name in _RECORD_FILES.items():
            directory = self._places.guard if area is Area.GUARD else self._places.data
            self._records[area] = RecordFile(directory / name, area)
        logs = self._places.data / "logs"
        for found, names, files in os.walk(logs):
            path = Path(found)
            if "checkpoint" not in files and "tile" not in names:
                continue
            names[:] = sorted(set(names) - {"tile"})
            try:
                origin = Origin(path.relative_to(logs).as_posix())
            except ValueError as error:
                raise MalformedRecord(f"{path}: {error}") from error
            self._logs[origin] = LogFiles(path, origin, self._unsynced)

    def _write(self, write: Write) -> None:
        if write.area in _RECORD_FILES:
            self._records[write.area].append(write.log, write.index, write.data)
            return
        log = self._log(write.log)
        if write.area is Area.ENTRY:
            log.put(write.index, write.data)
        else:
            log.put_note(write.data)
        self._touched[log.origin] = log

    def _log(self, name: str) -> LogFiles:
        try:
            origin = Origin(name)
        except ValueError as error:
            raise Misuse(f"no log can stand at {name!r:.80}") from error
        if origin not in self._logs:
            directory = self._places.data / "logs" / origin
            self._logs[origin] = LogFiles(directory, origin, self._unsynced)
        return self._logs[origin]

    def _sync(self) -> None:
        """Make everything durable, the guard first and checkpoints last."""
        self._records[Area.GUARD].sync()
        for log in self._touched.values():
            log.write()
        self._unsynced.sync()
        self._records[Area.LEDGER].sync()
        self._records[Area.JOURNAL].sync()
        for log in self._touched.values():
            log.swap()
        self._touched = {}


def _held(log: LogFiles) -> list[Record]:
    """The entries of a log that were found, and the note over them."""
    found = [
        Record(area=Area.ENTRY, log=log.origin, index=seq, data=entry)
        for seq, entry in enumerate(log.found)
    ]
    if log.note:
        found.append(Record(area=Area.CHECKPOINT, log=log.origin, index=log.size, data=log.note))
    return found


def _last_of_each(records: Sequence[Record]) -> list[Record]:
    """Ledger leaves replace what stood at their place; those left stand by log and place."""
    last = {(record.log, record.index): record for record in records}
    return [last[key] for key in sorted(last)]


def _entries_of(log: LogFiles) -> Callable[[Seq], bytes]:
    """Read a log's entries back from its bundles, one bundle at a time."""
    held: dict[int, tuple[bytes, ...]] = {}

    def entry(seq: Seq) -> bytes:
        index, place = divmod(seq, TILE_WIDTH)
        if index not in held:
            held.clear()
            held[index] = log.bundle(index)
        return held[index][place]

    return entry
