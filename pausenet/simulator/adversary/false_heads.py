"""A verifier that tells of heads that are none: other roots, and logs that are far too long.

It would have its peers accuse an honest log, or ask for ever for what nobody has; and a log's
owner stop, who asks it how much it holds. What it cosigns itself bears no line of the log, and
what bears one is not what the log signed: one such word stops nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.log.checkpoint import Checkpoint, Note
from pausenet.log.cosignature import cosign
from pausenet.protocol.messages import Effect, Event, Heads, Send, Stored
from pausenet.simulator.adversary.base import Adversary
from pausenet.simulator.adversary.false_proofs import with_another_root
from pausenet.values import Digest, NetworkTime, TreeSize

TOO_LONG: Final = TreeSize(2**40)


class FalseHeads(Adversary):
    """Changes what heads it tells in the window: to peers two lies in turn, to owners one."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine gossip, and change what it tells."""
        effects = self._inner.step(event)
        if not self._means.window.open_at(event.now, self._means.schedule):
            return effects
        return tuple(self._changed(effect, event.now) for effect in effects)

    def _changed(self, effect: Effect, now: NetworkTime) -> Effect:
        if not isinstance(effect, Send):
            return effect
        if isinstance(effect.message, Stored) and effect.message.note:
            self.fired += 1
            return replace(effect, message=_too_long(effect.message))
        if not isinstance(effect.message, Heads):
            return effect
        if not effect.message.notes:
            return effect
        self.fired += 1
        false = self._grown if self.fired % 2 else lambda note, _: with_another_root(note)
        return Send(
            to=effect.to,
            message=Heads(notes=tuple(false(note, now) for note in effect.message.notes)),
        )

    def _grown(self, data: bytes, now: NetworkTime) -> bytes:
        """A head far beyond the log's end, under this verifier's own cosignature alone."""
        storing = self._means.register.members[self.id].storing_key
        signer = self._means.keys.storing
        if storing is None or signer is None:
            return data
        origin = Note.decode(data).body.origin
        head = Checkpoint(origin=origin, size=TOO_LONG, root=Digest.of(b"nowhere"))
        line = cosign(head, storing.name, signer, now)
        return Note(body=head, signatures=(line,)).encode()


def _too_long(stored: Stored) -> Stored:
    """An answer to a log's owner: more than there is, under signatures of something else."""
    note = with_another_root(stored.note, TOO_LONG)
    return replace(stored, size=TOO_LONG, note=note)
