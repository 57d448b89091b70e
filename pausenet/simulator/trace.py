"""A running digest over everything that happens: the same run gives the same digest (P6)."""

from __future__ import annotations

import hashlib
from typing import Final, assert_never

from pausenet.protocol.messages import (
    Cosigned,
    Disclosed,
    Effect,
    Entries,
    Evidence,
    Fetch,
    Fsync,
    Heads,
    Hello,
    Inspect,
    Message,
    Publish,
    Refused,
    Report,
    Restart,
    Send,
    SetTimer,
    Stored,
    Write,
)
from pausenet.values import Digest, ParticipantId

_WAITING_MAX: Final = 1_000


class Trace:
    """Takes every event and effect, in order."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()
        self._waiting: list[bytes] = []
        self._message: Message | None = None
        self._spelt = b""
        self.events = 0

    def event(self, now: int, who: ParticipantId, what: str) -> None:
        """Something reaches a machine."""
        self.events += 1
        self._waiting.append(f"\n{now} {who} {what}".encode())

    def effect(self, effect: Effect) -> None:
        """A machine's request is carried out."""
        waiting = self._waiting
        match effect:
            case SetTimer(at=at):
                waiting.append(b"\n timer %d " % at)
            case Send(to=to, message=message):
                if message is not self._message:  # the same goes to many, one after another
                    self._message, self._spelt = message, _spelt(*message_parts(message))
                waiting += (b"\n send %s " % to.encode(), self._spelt)
            case Write(area=area, log=log, index=index, data=data):
                waiting += (f"\n write {area} {log} {index} {len(data)}:".encode(), data)
            case Fsync():
                waiting.append(b"\n fsync ")
            case Restart():
                waiting.append(b"\n restart ")
            case Report(told=told, about=about, facts=facts):
                waiting.append(f"\n report {told} {about} {facts} ".encode())
            case _:
                assert_never(effect)
        if len(waiting) > _WAITING_MAX:
            self._take_in()

    @property
    def digest(self) -> Digest:
        """The digest so far."""
        self._take_in()
        return Digest(self._hash.digest())

    def _take_in(self) -> None:
        """Hash what waits: many small pieces at once are cheaper than one by one."""
        self._hash.update(b"".join(self._waiting))
        self._waiting.clear()


def _spelt(*parts: bytes) -> bytes:
    """Byte strings one after another, each after its length."""
    return b"".join([b"%d:%b" % (len(part), part) for part in parts])


def message_parts(message: Message) -> tuple[bytes, ...]:
    """A message as byte strings, its kind first."""
    match message:  # the most frequent first
        case Heads(notes=notes):
            return (b"heads", *notes)
        case Cosigned(origin=origin, note=note):
            return (b"cosigned", origin.encode(), note)
        case Publish(origin=origin, start=start, entries=entries, note=note):
            return (b"publish", origin.encode(), b"%d" % start, note, *entries)
        case Entries(origin=origin, start=start, entries=entries, note=note):
            return (b"entries", origin.encode(), b"%d" % start, note, *entries)
        case Fetch(origin=origin, start=start, end=end):
            return (b"fetch", origin.encode(), b"%d %d" % (start, end))
        case Stored(origin=origin, size=size, note=note):
            return (b"stored", origin.encode(), b"%d" % size, note)
        case Hello(origin=origin):
            return (b"hello", origin.encode())
        case Refused(origin=origin, reason=reason):
            return (b"refused", origin.encode(), reason.encode())
        case Evidence(bundle=bundle):
            return (b"evidence", bundle)
        case Inspect(request=request):
            return (b"inspect", request)
        case Disclosed(request=request, records=records):
            return (b"disclosed", request, *records)
    assert_never(message)
