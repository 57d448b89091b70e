"""Gossip: what verifiers tell each other and their followers, and when (protocol.md 4.5)."""

from __future__ import annotations

from pausenet.protocol.cosigner import StoringCosigner
from pausenet.protocol.logbook import LogBook
from pausenet.protocol.messages import NOTES_MAX, Effect, Heads, Send
from pausenet.values import (
    REGISTER_ORIGIN,
    NetworkTime,
    Origin,
    ParticipantId,
    PeriodIndex,
    Role,
    Seq,
)


class Gossip:
    """One verifier's gossip: what is new within half a delta, all that matters at each tick.

    What is cosigned in that time leaves in one message. Nobody waits for it: owners have their
    cosignatures at once (4.3), and what is cosigned at a close is pushed when it is made.
    """

    def __init__(self, me: ParticipantId, book: LogBook, cosigner: StoringCosigner) -> None:
        register = book.register
        self._book, self._cosigner = book, cosigner
        self._heartbeat_s = register.genesis.heartbeat_s
        self._gather_s = register.genesis.delta_s // 2
        self._peers = tuple(name for name in register.all_verifiers if name != me)
        self._followers = tuple(
            m.id for m in register.members.values() if m.role not in (Role.VERIFIER, Role.REGISTRAR)
        )
        self._public = (*book.verifier_origins(), REGISTER_ORIGIN)
        self._fresh: dict[bytes, None] = {}
        self._push_at = NetworkTime(0)
        self._first: dict[tuple[Origin, PeriodIndex, Seq], bytes] = {}
        self._told: dict[ParticipantId, tuple[bytes, ...]] = {}
        self._ticks = 0
        self.at = NetworkTime(0)

    @property
    def wake(self) -> NetworkTime:
        """When something is due next."""
        return min(self.at, self._push_at) if self._fresh else self.at

    def cosigned(self, note: bytes, now: NetworkTime) -> None:
        """A note has been cosigned: push it soon."""
        if not self._fresh:
            self._push_at = NetworkTime(now + self._gather_s)
        self._fresh[note] = None

    def first(self, origin: Origin, period: PeriodIndex, seq: Seq, note: bytes) -> None:
        """Keep the first own cosignature that covers a period's statement: it shows the time."""
        self._first.setdefault((origin, period, seq), note)

    def push(self, now: NetworkTime, *, at_once: bool) -> list[Effect]:
        """Tell the other verifiers what has been cosigned, when it is time or at once.

        It is time too when a message is full: who makes much to cosign keeps nothing from anybody.
        """
        due = at_once or now >= self._push_at or len(self._fresh) >= NOTES_MAX
        if not self._fresh or not due:
            return []
        notes, self._fresh = tuple(self._fresh), {}
        parts = [notes[start : start + NOTES_MAX] for start in range(0, len(notes), NOTES_MAX)]
        return [Send(to=peer, message=Heads(notes=part)) for peer in self._peers for part in parts]

    def tick(self, now: NetworkTime, open_periods: tuple[PeriodIndex, ...]) -> list[Effect]:
        """Repeat what a lost message may have kept from anybody; due from the moment `at` on."""
        self.at = NetworkTime(now + self._heartbeat_s)
        self._ticks += 1
        self._first = {key: note for key, note in self._first.items() if key[1] >= open_periods[0]}
        notes = dict.fromkeys(
            (
                *self._cosigner.notes.values(),
                *self._first.values(),
                *(note.encode() for rivals in self._book.rivals.values() for note in rivals),
            )
        )
        whole = Heads(notes=tuple(notes)[:NOTES_MAX])
        effects: list[Effect] = [Send(to=peer, message=whole) for peer in self._peers]
        public = tuple(
            self._cosigner.notes[origin]
            for origin in self._public
            if origin in self._cosigner.notes
        )
        for follower in self._followers:
            if public and (self._told.get(follower) != public or self._ticks % 8 == 0):
                self._told[follower] = public
                effects.append(Send(to=follower, message=Heads(notes=public)))
        return effects

    def forget(self, follower: ParticipantId) -> None:
        """A follower has come back: tell it everything at the next tick."""
        self._told.pop(follower, None)
