"""A verifier that tells its peers in the window what it told them before it.

It hides news from its peers for as long as nobody else brings it. It proves nothing against it;
the others' gossip should make good for it.
"""

from __future__ import annotations

from pausenet.protocol.messages import Effect, Event, Heads, Machine, Send
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.values import ParticipantId


class StaleHeads(Adversary):
    """Replaces the heads it gossips by the last ones from before the window."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._stale: dict[ParticipantId, Heads] = {}

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Send old heads for new."""
        lies = self._means.window.open_at(event.now, self._means.schedule)
        return tuple(self._changed(effect, lies) for effect in self._inner.step(event))

    def _changed(self, effect: Effect, lies: bool) -> Effect:
        if not isinstance(effect, Send) or not isinstance(effect.message, Heads):
            return effect
        if lies:
            self.fired += 1
            return Send(to=effect.to, message=self._stale.get(effect.to, Heads(notes=())))
        self._stale[effect.to] = effect.message
        return effect
