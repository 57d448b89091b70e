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
        self.events = 0

    def event(self, now: int, who: ParticipantId, what: str) -> None:
        """Something reaches a machine."""
        self.events += 1
        self._waiting.append(f"\n{now} {who} {what}".encode())

    def effect(self, effect: Effect) -> None:
        """A machine's request is carried out."""
        match effect:
            case Write(area=area, log=log, index=index, data=data):
                self._put(f"write {area} {log} {index}", data)
            case Fsync():
                self._put("fsync")
            case Send(to=to, message=message):
                self._put(f"send {to}", *message_parts(message))
            case SetTimer(at=at):
                self._put(f"timer {at}")
            case Restart():
                self._put("restart")
            case Report(told=told, about=about, facts=facts):
                self._put(f"report {told} {about} {facts}")
            case _:
                assert_never(effect)

    @property
    def digest(self) -> Digest:
        """The digest so far."""
        self._take_in()
        return Digest(self._hash.digest())

    def _put(self, text: str, *parts: bytes) -> None:
        waiting = self._waiting
        waiting.append(f"\n {text} ".encode())
        for part in parts:
            waiting += (b"%d:" % len(part), part)
        if len(waiting) > _WAITING_MAX:
            self._take_in()

    def _take_in(self) -> None:
        """Hash what waits: many small pieces at once are cheaper than one by one."""
        self._hash.update(b"".join(self._waiting))
        self._waiting.clear()


def message_parts(message: Message) -> tuple[bytes, ...]:
    """A message as byte strings, its kind first."""
    match message:
        case Hello(origin=origin):
            return (b"hello", origin.encode())
        case Stored(origin=origin, size=size, note=note):
            return (b"stored", origin.encode(), b"%d" % size, note)
        case Publish(origin=origin, start=start, entries=entries, note=note):
            return (b"publish", origin.encode(), b"%d" % start, note, *entries)
        case Cosigned(origin=origin, note=note):
            return (b"cosigned", origin.encode(), note)
        case Refused(origin=origin, reason=reason):
            return (b"refused", origin.encode(), reason.encode())
        case Heads(notes=notes):
            return (b"heads", *notes)
        case Fetch(origin=origin, start=start, end=end):
            return (b"fetch", origin.encode(), b"%d %d" % (start, end))
        case Entries(origin=origin, start=start, entries=entries, note=note):
            return (b"entries", origin.encode(), b"%d" % start, note, *entries)
        case Evidence(bundle=bundle):
            return (b"evidence", bundle)
        case Inspect(request=request):
            return (b"inspect", request)
        case Disclosed(request=request, records=records):
            return (b"disclosed", request, *records)
    assert_never(message)
