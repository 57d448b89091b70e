"""A verifier that cosigns whatever a log's owner shows it, and passes that on.

It helps a lab with two faces to receipts. It costs the verifier its name: its cosignatures on
both sides of a fork are a proof against it (F8a), and so is a smaller size after a larger (F8b).
"""

from __future__ import annotations

from pausenet.errors import MalformedCheckpoint
from pausenet.log.checkpoint import Note
from pausenet.log.cosignature import cosign
from pausenet.protocol.messages import Cosigned, Effect, Event, Heads, Publish, Received, Send
from pausenet.simulator.adversary.base import Adversary


class CosignBoth(Adversary):
    """Cosigns every published checkpoint of the window, beside what its machine does."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Add the cosignature that nobody checked."""
        effects = self._inner.step(event)
        if not isinstance(event, Received) or not isinstance(event.message, Publish):
            return effects
        if not self._means.window.open_at(event.now, self._means.schedule):
            return effects
        storing = self._means.register.members[self.id].storing_key
        signer = self._means.keys.storing
        if storing is None or signer is None:
            return effects
        try:
            note = Note.decode(event.message.note)
        except MalformedCheckpoint:
            return effects
        self.fired += 1
        line = cosign(note.body, storing.name, signer, event.now)
        data = Note(body=note.body, signatures=(*note.signatures, line)).encode()
        answer = Send(to=event.sender, message=Cosigned(origin=event.message.origin, note=data))
        gossip = (Send(to=name, message=Heads(notes=(data,))) for name in self._means.verifiers)
        return (*effects, answer, *gossip)
