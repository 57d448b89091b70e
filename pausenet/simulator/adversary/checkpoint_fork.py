"""Two checkpoints of one size with different roots: a fork without a second statement.

The lab gains nothing but doubt. It is the plainest proof there is (F2): its own log key signed
both.
"""

from __future__ import annotations

from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.protocol.messages import Effect, Event, Publish, Send
from pausenet.simulator.adversary.base import Adversary
from pausenet.simulator.adversary.two_faces import disjoint
from pausenet.values import Digest, Seq


class CheckpointFork(Adversary):
    """After each batch of the window, sends half of the verifiers a rival of its checkpoint."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Add the rival checkpoints."""
        effects = self._inner.step(event)
        if not self._means.window.open_at(event.now, self._means.schedule):
            return effects
        told = disjoint(self._means.verifiers).false
        changed: list[Effect] = []
        for effect in effects:
            changed.append(effect)
            if not isinstance(effect, Send) or effect.to not in told:
                continue
            if isinstance(effect.message, Publish):
                changed.append(Send(to=effect.to, message=self._rival(effect.message)))
                self.fired += 1
        return tuple(changed)

    def _rival(self, message: Publish) -> Publish:
        body = Note.decode(message.note).body
        rival = Checkpoint(origin=body.origin, size=body.size, root=Digest.of(body.root))
        line = sign_checkpoint(rival, self._means.keys.log)
        note = Note(body=rival, signatures=(line,)).encode()
        return Publish(origin=message.origin, start=Seq(rival.size), entries=(), note=note)
