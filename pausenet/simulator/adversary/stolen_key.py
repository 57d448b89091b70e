"""A thief with a copy of a participant's statement key contradicts what its owner has signed.

The owner follows the protocol: this is what somebody else says in its name, with the key that the
owner had at first. While nothing revokes that key nobody can tell the two apart.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.crypto import envelope
from pausenet.protocol import faults
from pausenet.protocol.messages import (
    Area,
    Booted,
    Effect,
    Event,
    Evidence,
    Machine,
    Publish,
    Send,
)
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.statements import codec
from pausenet.values import Digest


class StolenKey(Adversary):
    """In the window's first period, shows every verifier a second statement for a place."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._origin = means.register.origin_of(means.keys.id)
        self._first: bytes | None = None
        self._done = False

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the owner do what it does; then, once, speak in its name."""
        effects = self._inner.step(event)
        self._read(event, effects)
        if self._done or not self._means.window.open_at(event.now, self._means.schedule):
            return effects
        if self._first is None:
            return effects
        self._done = True
        self.fired += 1
        told = Evidence(bundle=self._contradict(self._first))
        return (*effects, *(Send(to=name, message=told) for name in self._means.verifiers))

    def _read(self, event: Event, effects: tuple[Effect, ...]) -> None:
        """Learn the log's first entry, from the disk or as it is published."""
        if isinstance(event, Booted):
            for record in event.records:
                if (record.area, record.log, record.index) == (Area.ENTRY, self._origin, 0):
                    self._first = record.data
        for effect in effects:
            if isinstance(effect, Send) and isinstance(effect.message, Publish):
                batch = effect.message
                if batch.origin == self._origin and batch.start == 0 and batch.entries:
                    self._first = batch.entries[0]

    def _contradict(self, first: bytes) -> bytes:
        """F1 of the owner's first statement and of another one for its place."""
        said = codec.decode(envelope.decode(first).payload)
        subject = replace(said.subject, digest=Digest.of(b"said by a thief"))
        forged = codec.encode(replace(said, subject=subject))
        entry = envelope.seal(forged, (self._means.keys.statement,))
        bundle = faults.equivocation(self._means.register, first, entry)
        assert bundle is not None, "two statements for one place by one key"
        return bundle
