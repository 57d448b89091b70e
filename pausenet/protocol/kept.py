"""What a log's holder keeps of it and hands on: entries, and the last note of each era."""

from __future__ import annotations

from contextlib import suppress
from typing import Final

from pausenet.errors import MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.protocol.messages import (
    BATCH_BYTES_MAX,
    ENTRIES_MAX,
    Area,
    Effect,
    Record,
    Write,
)
from pausenet.protocol.mirror import Mirror
from pausenet.values import Origin, Seq, TreeSize

ERAS: Final = "eras"
"""The journal that keeps the last note of each former era, of every log."""


def closed_era(mirror: Mirror, start: Seq) -> list[Effect]:
    """Keep the note that a change of keys at this place has made the last of its era."""
    note = mirror.closing.get(TreeSize(start))
    if note is None:
        return []
    return [Write(area=Area.JOURNAL, log=ERAS, index=note.body.size, data=note.encode())]


def on_disk(records: tuple[Record, ...], origin: Origin) -> tuple[tuple[bytes, ...], list[bytes]]:
    """A log's entries as the disk holds them, and its notes: one a former era, and the last.

    A former era's note that is rotten is nobody's: the log that it was of does not load without it.
    Raises `MalformedCheckpoint` where the last note is.
    """
    here = [r for r in records if r.log == origin]
    eras: dict[int, bytes] = {}
    for record in records:
        if record.area is Area.JOURNAL and record.log == ERAS:
            with suppress(MalformedCheckpoint):
                note = Note.decode(record.data)
                if note.body.origin == origin:
                    eras[note.body.size] = record.data
    last = [r.data for r in here if r.area is Area.CHECKPOINT][-1:]
    entries = tuple(r.data for r in here if r.area is Area.ENTRY)
    sizes = [Note.decode(data).body.size for data in last]
    former = [eras[size] for size in sorted(eras) if sizes and size < sizes[0]]
    return entries, [*former, *last]


def batch(entries: list[bytes], start: int, end: int) -> tuple[bytes, ...]:
    """The entries from `start` up to `end`, cut off where a message is full."""
    chosen, total = [], 0
    for entry in entries[start : min(end, start + ENTRIES_MAX)]:
        total += len(entry)
        if total > BATCH_BYTES_MAX:
            break
        chosen.append(entry)
    return tuple(chosen)
