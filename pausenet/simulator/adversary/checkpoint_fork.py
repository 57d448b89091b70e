"""Two checkpoints of one size with different roots: a fork without a second statement.

The lab gains nothing but doubt. It is the plainest proof there is (F2): its own log key signed
both.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.protocol.messages import Effect, Event, Publish, Send
from pausenet.simulator.adversary.base import Adversary
from pausenet.simulator.adversary.two_faces import disjoint
from pausenet.values import Digest, Seq


class CheckpointFork(Adversary):
    """With each batch of the window, sends half of the verifiers a rival of its checkpoint.

    By turns after it and alone, or with the same entries and before it.
    """

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
                rival = self._rival(effect.message)
                if self.fired // len(told) % 2:
                    rival = replace(effect.message, note=rival.note)
                    changed.pop()
                    changed += [Send(to=effect.to, message=rival), effect]
                else:
                    changed.append(Send(to=effect.to, message=rival))
                self.fired += 1
        return tuple(changed)

    def _rival(self, message: Publish) -> Publish:
        body = Note.decode(message.note).body
        rival = Checkpoint(origin=body.origin, size=body.size, root=Digest.of(body.root))
        line = sign_checkpoint(rival, self._means.keys.log)
        note = Note(body=rival, signatures=(line,)).encode()
        return Publish(origin=message.origin, start=Seq(rival.size), entries=(), note=note)
