"""A verifier that does not talk with one of its peers.

It would keep that one in the dark. It proves nothing against it; the others' gossip should make
good for it within one round.
"""

from __future__ import annotations

from pausenet.protocol.messages import Effect, Event, Received, Send
from pausenet.simulator.adversary.base import Adversary


class DroppedPeer(Adversary):
    """Hears nothing from the first of its peers in the window, and tells it nothing."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Drop what goes either way."""
        peer = next(iter(self._means.verifiers), None)
        if peer is None or not self._means.window.open_at(event.now, self._means.schedule):
            return self._inner.step(event)
        if isinstance(event, Received) and event.sender == peer:
            self.fired += 1
            return ()
        effects = self._inner.step(event)
        kept = tuple(e for e in effects if not isinstance(e, Send) or e.to != peer)
        self.fired += len(effects) - len(kept)
        return kept
