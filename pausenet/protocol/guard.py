"""The signing guard: an honest participant cannot convict itself (protocol.md 3.6).

Before a signature leaves, its key, position and exact bytes are written and fsynced. The guard
lies apart from the log. Where the two disagree by more than what one crash can explain, the
process must not sign with these keys.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from pausenet.errors import MalformedInput, MalformedRecord, SigningRefused
from pausenet.protocol.messages import Area, Write
from pausenet.statements import canonical
from pausenet.statements.canonical import Json
from pausenet.statements.fields import Fields
from pausenet.values import Digest, KeyId, NetworkTime, Origin, Seq, TreeSize

RECORD_BYTES_MAX = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Cosigned:
    """The last thing a storing cosigner signed about one origin."""

    size: TreeSize
    root: Digest
    time: NetworkTime


class Guard:
    """What this participant's keys have signed, as far as it must be remembered.

    `statements` and `notes` hold the exact bytes of the last batch only: a crash can lose no
    more than that from the log, and what it loses is written again from here, never re-signed.
    """

    def __init__(self) -> None:
        self.boots = 0
        self.batch = 0
        self.next_seq = 0
        self.log_size = 0
        self.batch_start = 0
        self.statements: dict[Seq, bytes] = {}
        self.notes: dict[TreeSize, bytes] = {}
        self.cosigned: dict[Origin, Cosigned] = {}
        self.key = ""
        """The statement key that a recovery brought; empty for the first key and its rotations."""
        self.recalled: list[bytes] = []
        self._count = 0
        self._held_batch = -1

    @property
    def empty(self) -> bool:
        """Whether nothing has ever been recorded."""
        return self._count == 0

    def load(self, records: tuple[bytes, ...]) -> None:
        """Take what the disk holds; raise `MalformedRecord` for a record of another shape."""
        for data in records:
            try:
                self._take(Fields(canonical.decode(data, maximum_bytes=RECORD_BYTES_MAX), "guard"))
            except (MalformedInput, ValueError) as error:
                raise MalformedRecord(f"guard record {self._count}: {error}") from error
            self._count += 1

    def boot(self) -> Write:
        """Count one more start."""
        self.boots += 1
        return self._write({"what": "boot", "count": self.boots})

    def open_batch(self) -> None:
        """Begin a batch of statements under one checkpoint."""
        self.batch += 1

    def recover(self, key: KeyId, size: TreeSize) -> Write:
        """Begin anew with keys that have signed nothing yet, in a log of this size (5.4)."""
        self._recover(key, int(size))
        return self._write({"what": "recover", "key": key, "size": size})

    def statement(self, seq: Seq, entry: bytes) -> Write:
        """Record a statement before it leaves; each place is signed once, in order."""
        if seq != self.next_seq:
            raise SigningRefused(f"statement key: expected place {self.next_seq}, found {seq}")
        self._state(self.batch, seq, entry)
        return self._write({"what": "statement", "seq": seq, "batch": self.batch, **_data(entry)})

    def checkpoint(self, size: TreeSize, note: bytes) -> Write:
        """Record a checkpoint of the own log before it leaves."""
        if size <= self.log_size:
            raise SigningRefused(f"log key: expected a size over {self.log_size}, found {size}")
        self._head(self.batch, size, note)
        return self._write({"what": "log", "size": size, "batch": self.batch, **_data(note)})

    def cosignature(
        self, origin: Origin, size: TreeSize, root: Digest, time: NetworkTime, note: bytes
    ) -> Write | None:
        """Record a cosignature before it leaves; None where the very same stands here already.

        Raises `SigningRefused` for a smaller size or an earlier time than before.
        """
        last = self.cosigned.get(origin)
        if last is not None:
            if size < last.size or time < last.time:
                raise SigningRefused(f"storing key: {origin} would go back in size or time")
            if size == last.size and root != last.root:
                raise SigningRefused(f"storing key: {origin} would fork")
            if (size, time) == (last.size, last.time):
                return None
        self.cosigned[origin] = Cosigned(size=size, root=root, time=time)
        return self._write(
            {
                "what": "cosign",
                "origin": origin,
                "size": size,
                "root": root.hex(),
                "time": time,
                **_data(note),
            }
        )

    def _write(self, value: dict[str, Json]) -> Write:
        """Spell what this guard has just taken in, for the disk."""
        record = Write(area=Area.GUARD, log="", index=self._count, data=canonical.encode(value))
        self._count += 1
        return record

    def _take(self, fields: Fields) -> None:
        """Take in a record that the disk holds."""
        match fields.text("what"):
            case "boot":
                self.boots = fields.integer("count", 1, 10**9)
            case "recover":
                self._recover(fields.word("key", KeyId), int(fields.value("size", TreeSize)))
            case "statement":
                seq = fields.value("seq", Seq)
                self._state(fields.integer("batch", 0, 10**12), seq, _bytes(fields))
            case "log":
                size = fields.value("size", TreeSize)
                self._head(fields.integer("batch", 0, 10**12), size, _bytes(fields))
            case "cosign":
                self.cosigned[fields.word("origin", Origin)] = Cosigned(
                    size=fields.value("size", TreeSize),
                    root=fields.digest("root"),
                    time=fields.value("time", NetworkTime),
                )
                self.recalled.append(_bytes(fields))
            case other:
                raise MalformedRecord(f"unknown record {other!r:.40}")
        fields.done()

    def _recover(self, key: KeyId, size: int) -> None:
        self.key = key
        self.next_seq = self.log_size = size
        self.statements, self.notes, self.cosigned = {}, {}, {}
        self.batch_start, self._held_batch = size, -1
        self.recalled.clear()

    def _state(self, batch: int, seq: Seq, entry: bytes) -> None:
        self._enter_batch(batch, seq)
        self.statements[seq] = entry
        self.next_seq = seq + 1

    def _head(self, batch: int, size: TreeSize, note: bytes) -> None:
        self._enter_batch(batch, Seq(size))
        self.notes[size] = note
        self.log_size = size

    def _enter_batch(self, batch: int, start: Seq) -> None:
        """Forget the batch before this one: a later batch is signed only over a durable one."""
        if batch != self._held_batch:
            self.statements, self.notes, self.batch_start = {}, {}, int(start)
        self.batch = self._held_batch = batch


def _data(data: bytes) -> dict[str, Json]:
    return {"data": base64.b64encode(data).decode()}


def _bytes(fields: Fields) -> bytes:
    return base64.b64decode(fields.text("data", RECORD_BYTES_MAX), validate=True)
