"""A disk that keeps its word about fsync and about nothing else.

What was written since the last fsync is pending. A crash keeps a prefix of what is pending in
each room (each is a file of its own, so one may be ahead of another), and may tear the record
that follows the prefix. A torn record fails its checksum, so it is not found at the next start;
where it stood over an older one, that one is gone as well.

It may be full, or fail at an fsync: then it raises `DiskFailed`, and its node must stop. A bit
of what is durable may rot: where the checksums show it, no start gets past that record; where
they do not, the start finds the wrong bytes. One process at a time holds it.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

from pausenet.errors import MalformedRecord
from pausenet.protocol.messages import Area, Record, Write
from pausenet.simulator.randomness import happens

Room: TypeAlias = tuple[Area, str]
Snapshot: TypeAlias = dict[Room, dict[int, bytes]]

_APPENDED = (Area.GUARD, Area.JOURNAL)


class DiskFailed(Exception):
    """The disk is full, or an fsync has failed: what it holds of the last writes is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rot:
    """A durable record of which one bit is another; `seen` where its checksum shows it."""

    room: Room
    index: int
    seen: bool


class Disk:
    """One node's disk. `fired` counts what crashes and failures have done.

    `room_for` is how many records still fit, None for any number; `fails_next` makes the next
    fsync fail. `rotten` is what has rotted and has not been written anew.
    """

    def __init__(self) -> None:
        self._durable: Snapshot = {}
        self._pending: list[Write] = []
        self._held = False
        self.fired: Counter[str] = Counter()
        self.room_for: int | None = None
        self.fails_next = False
        self.rotten: list[Rot] = []

    def lock(self) -> bool:
        """Take the disk for one process; False where another has it."""
        free = not self._held
        self._held = True
        return free

    def unlock(self) -> None:
        """The process that had the disk has ended."""
        self._held = False

    @property
    def unsynced(self) -> bool:
        """Whether anything has been written since the last fsync."""
        return bool(self._pending)

    def write(self, record: Write) -> None:
        """Take a record; it survives a crash by luck only. Raises `DiskFailed` where it is full."""
        if self.room_for is not None:
            if self.room_for == 0:
                self.fired["disk.full"] += 1
                raise DiskFailed
            self.room_for -= 1
        self._pending.append(record)

    def fsync(self) -> None:
        """Make everything written so far durable; raises `DiskFailed` where that fails."""
        if self.fails_next and self._pending:
            self.fails_next = False
            self.fired["disk.fsync-error"] += 1
            raise DiskFailed
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
        self.rotten.clear()
        self._durable = {room: dict(cells) for room, cells in snapshot.items()}

    def rot(self, chance: random.Random, rooms: tuple[Area, ...], *, seen: bool) -> Rot | None:
        """Turn one bit of one durable record in one of these rooms; None where there is none."""
        places = [
            (room, index)
            for room in sorted(self._durable)
            if room[0] in rooms
            for index in sorted(self._durable[room])
        ]
        if not places:
            return None
        room, index = chance.choice(places)
        data = bytearray(self._durable[room][index])
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        self._durable[room][index] = bytes(data)
        found = Rot(room=room, index=index, seen=seen)
        self.rotten.append(found)
        self.fired["disk.rot-seen" if seen else "disk.rot-unseen"] += 1
        return found

    def drop(self, log: str) -> None:
        """Remove all that is held of a log, as an operator does who will have it fetched anew."""
        for room in ((Area.ENTRY, log), (Area.CHECKPOINT, log)):
            self._durable.pop(room, None)
        self.rotten = [each for each in self.rotten if each.room[1] != log]

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
        """What the next start finds, as `Booted` promises it.

        Raises `MalformedRecord`, naming it, where a checksum shows that a record has rotted.
        """
        bad = next((each for each in self.rotten if each.seen), None)
        if bad is not None:
            area, log = bad.room
            raise MalformedRecord(f"{area} {log}: record {bad.index}: its checksum does not match")
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
        self._renew(record, room)

    def _renew(self, record: Write, room: dict[int, bytes]) -> None:
        room[record.index] = record.data
        place = (record.area, record.log)
        whole = record.area is Area.CHECKPOINT
        self.rotten = [
            each
            for each in self.rotten
            if each.room != place or not (whole or each.index == record.index)
        ]


def _run_length(cells: dict[int, bytes]) -> int:
    length = 0
    while length in cells:
        length += 1
    return length
