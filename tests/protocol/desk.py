"""A machine on a desk: feed it events by hand, keep what it writes, and start it again."""

from __future__ import annotations

from dataclasses import dataclass, field

from pausenet.protocol.messages import (
    Area,
    Booted,
    Effect,
    Event,
    Fsync,
    Machine,
    Message,
    Received,
    Record,
    Send,
    Write,
)
from pausenet.values import NetworkTime, ParticipantId


@dataclass
class Desk:
    """One machine and its disk; `durable` is what a crash leaves."""

    machine: Machine
    durable: list[Write] = field(default_factory=list)
    pending: list[Write] = field(default_factory=list)
    sent: list[Send] = field(default_factory=list)
    done: list[Effect] = field(default_factory=list)

    def step(self, event: Event) -> tuple[Effect, ...]:
        effects = self.machine.step(event)
        for effect in effects:
            self.perform(effect)
        return effects

    def perform(self, effect: Effect) -> None:
        self.done.append(effect)
        match effect:
            case Write():
                self.pending.append(effect)
            case Fsync():
                self.durable += self.pending
                self.pending = []
            case Send():
                assert not self.pending, "a message left before what it rests on was durable"
                self.sent.append(effect)

    def boot(self, now: int = 0) -> tuple[Effect, ...]:
        return self.step(Booted(now=NetworkTime(now), records=records(self.durable)))

    def hear(self, sender: str, message: Message, now: int = 0) -> tuple[Effect, ...]:
        who = ParticipantId(sender)
        return self.step(Received(now=NetworkTime(now), sender=who, message=message))

    def messages(self, kind: type) -> list[Message]:
        return [send.message for send in self.sent if isinstance(send.message, kind)]


def records(writes: list[Write]) -> tuple[Record, ...]:
    """What a disk holds after these writes, as `Booted` gives it."""
    placed: dict[tuple[Area, str, int], Record] = {}
    appended: list[Record] = []
    for write in writes:
        record = Record(area=write.area, log=write.log, index=write.index, data=write.data)
        if write.area in (Area.ENTRY, Area.LEDGER):
            placed[write.area, write.log, write.index] = record
        elif write.area is Area.CHECKPOINT:
            placed[write.area, write.log, 0] = record
        else:
            appended.append(record)
    ordered = sorted(placed.values(), key=lambda r: (r.area, r.log, r.index))
    return (*appended, *ordered)
