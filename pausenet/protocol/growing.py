"""A register that grows while its participants run (protocol.md 5.2).

Whoever learns of new entries checks them, makes them durable, and starts anew from its disk: a
machine knows one register from its start to its end, and comes to the next by the same way as
back from a crash (decision 0023). The entries show by themselves that they belong there, whoever
brings them: by the registrar's signatures, and by the approvals of k verifiers in each.
"""

from __future__ import annotations

from pausenet.errors import InvalidRegister, InvalidSignature, MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.protocol.kept import on_disk
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import (
    Area,
    Effect,
    Fsync,
    Record,
    Restart,
    Told,
    Write,
    report,
)
from pausenet.protocol.register import Register
from pausenet.values import REGISTER_ORIGIN


def register_on(records: tuple[Record, ...], first: Register) -> Register:
    """The register that a disk holds, or `first`, with which the node was set up, if it is longer.

    Raises `InvalidRegister` or `MalformedCheckpoint` for a disk that holds another one.
    """
    entries, notes = on_disk(records, REGISTER_ORIGIN)
    size = Note.decode(notes[-1]).body.size if notes else 0
    both = min(size, int(first.size))
    if entries[:both] != first.entries[:both]:
        raise InvalidRegister("register: the disk holds another one than the node was set up with")
    if size <= first.size:
        return first
    return Register.load(entries[:size], notes[-1], first.network_id)


class Growing:
    """One participant's copy of the register, and whether it has grown past what is followed."""

    def __init__(self, book: LogBook) -> None:
        self._book = book
        self._kept = 0
        self._grown = False

    def load(self, records: tuple[Record, ...]) -> None:
        """Take note of how much of the register the disk holds."""
        self._kept = len(on_disk(records, REGISTER_ORIGIN)[0])

    def offer(self, start: int, entries: tuple[bytes, ...], note: bytes) -> list[Effect]:
        """Take entries of the register, from whomever; write those that rightly follow."""
        held = self._book.register
        if self._grown or start > held.size:
            return []
        whole = (*held.entries[:start], *entries)
        if len(whole) <= held.size or whole[: held.size] != held.entries:
            return []
        try:
            data = self._book.mirrors[REGISTER_ORIGIN].open(note).encode()
            grown = Register.load(whole, data, held.network_id)
        except (InvalidRegister, InvalidSignature, MalformedCheckpoint):
            return []  # it accuses nobody: whoever brings it may have made it up
        self._grown = True
        size = grown.size
        writes = [
            Write(area=Area.ENTRY, log=REGISTER_ORIGIN, index=at, data=grown.entries[at])
            for at in range(min(self._kept, int(held.size)), size)
        ]
        head = Write(area=Area.CHECKPOINT, log=REGISTER_ORIGIN, index=size, data=data)
        told = report(Told.GROWN, REGISTER_ORIGIN, size=size, epochs=len(grown.epochs))
        return [*writes, Fsync(), head, Fsync(), told]

    def rival(self, start: int, entries: tuple[bytes, ...]) -> tuple[bytes, bytes] | None:
        """The entry that is held and the other one, at the first place where they differ."""
        held = self._book.register.entries
        pairs = zip(held[start:], entries, strict=False)
        return next(((mine, other) for mine, other in pairs if mine != other), None)

    def restart(self) -> list[Effect]:
        """The end of a step: to be started anew, once there is more to follow on the disk."""
        return [Restart()] if self._grown else []
