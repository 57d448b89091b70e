"""E12: the lab publishes nothing about the periods of the window.

It gains time and says nothing false. F5 should find it: every honest verifier says at the close
that nothing due was held. After `until` the lab publishes everything late, and the warrant is
withdrawn.
"""

from __future__ import annotations

from pausenet.protocol.messages import Effect, Event, Send
from pausenet.simulator.adversary.base import Adversary


class Silent(Adversary):
    """Runs on inside, and sends nothing while statements of the window are due."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Drop what would be sent."""
        effects = self._inner.step(event)
        if not self._means.window.due_at(event.now, self._means.schedule):
            return effects
        kept = tuple(effect for effect in effects if not isinstance(effect, Send))
        self.fired += len(effects) - len(kept)
        return kept
