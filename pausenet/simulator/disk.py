"""A disk that keeps its word about fsync and about nothing else.

What was written since the last fsync is pending. A crash keeps a prefix of what is pending in
each room (each is a file of its own, so one may be ahead of another), and may tear the record
that follows the prefix. A torn record fails its checksum, so it is not found at the next start;
where it stood over an older one, that one is gone as well.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TypeAlias

from pausenet.protocol.messages import Area, Record, Write
from pausenet.simulator.randomness import happens

Room: TypeAlias = tuple[Area, str]
Snapshot: TypeAlias = dict[Room, dict[int, bytes]]

_APPENDED = (Area.GUARD, Area.JOURNAL)


class Disk:
    """One node's disk. `fired` counts what crashes have done."""

    def __init__(self) -> None:
        self._durable: Snapshot = {}
        self._pending: list[Write] = []
        self.fired: Counter[str] = Counter()

    @property
    def unsynced(self) -> bool:
        """Whether anything has been written since the last fsync."""
        return bool(self._pending)

    def write(self, record: Write) -> None:
        """Take a record; it survives a crash by luck only."""
        self._pending.append(record)

    def fsync(self) -> None:
        """Make everything written so far durable."""
        for record in self._pending:
            self._keep(record)
        self._pending.clear()

    def crash(self, chance: random.Random, *, torn_ppm: int = 0) -> None:
        """Lose what is pending, but for a prefix in each room; maybe tear the next record."""
        rooms: dict[Room, list[Write]] = {}
        for record in self._pending:
            rooms.setdefault((record.area, record.log), []).append(record)
        self._pending.clear()
        for room, records in rooms.items():
            kept = chance.randint(0, len(records))
            for record in records[:kept]:
                self._keep(record)
            if kept == len(records):
                continue
            self.fired["disk.lost"] += 1
            if happens(chance, torn_ppm):
                self.fired["disk.torn"] += 1
                if room[0] in (Area.ENTRY, Area.LEDGER):
                    self._durable.get(room, {}).pop(records[kept].index, None)

    def snapshot(self) -> Snapshot:
        """What is durable now, as a backup would copy it."""
        return {room: dict(cells) for room, cells in self._durable.items()}

    def restore(self, snapshot: Snapshot) -> None:
        """Put the whole disk back to a backup."""
        self._pending.clear()
        self._durable = {room: dict(cells) for room, cells in snapshot.items()}

    def wipe(self) -> None:
        """Lose everything."""
        self.restore({})

    def entry(self, log: str, index: int) -> bytes | None:
        """A durable entry of a log, if there is one."""
        return self._durable.get((Area.ENTRY, log), {}).get(index)

    def entries(self, log: str) -> int:
        """How many entries of a log are durable, in an unbroken run from the first."""
        return _run_length(self._durable.get((Area.ENTRY, log), {}))

    def records(self) -> tuple[Record, ...]:
        """What the next start finds, as `Booted` promises it."""
        found: list[Record] = []
        for (area, log), cells in self._durable.items():
            if area is Area.ENTRY:
                indices = list(range(_run_length(cells)))
            elif area is Area.CHECKPOINT:
                indices = list(cells)[-1:]
            else:
                indices = list(cells)
            found += [Record(area=area, log=log, index=at, data=cells[at]) for at in indices]
        return tuple(found)

    def _keep(self, record: Write) -> None:
        room = self._durable.setdefault((record.area, record.log), {})
        if record.area is Area.CHECKPOINT:
            room.clear()
        elif record.area in _APPENDED:
            room[len(room)] = record.data
            return
        room[record.index] = record.data


def _run_length(cells: dict[int, bytes]) -> int:
    length = 0
    while length in cells:
        length += 1
    return length
