"""A thief with a copy of a lab's first keys contradicts what the lab has signed.

The lab follows the protocol: this is what somebody else says in its name, with the statement key,
the log key and the TLS key that it had at first. While nothing revokes them nobody can tell the
two apart.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.crypto import envelope
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName
from pausenet.protocol.messages import Area, Booted, Effect, Event, Machine, Publish, Received, Send
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.statements import codec
from pausenet.values import Digest, ParticipantId, Seq, TreeSize


class StolenKey(Adversary):
    """In the window, shows every verifier that it hears a second statement for a place, once."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._origin = means.register.origin_of(means.keys.id)
        self._first: bytes | None = None
        self._shown: set[ParticipantId] = set()

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the owner do what it does; then speak in its name to whom the owner speaks with."""
        effects = self._inner.step(event)
        self._read(event, effects)
        heard = event.sender if isinstance(event, Received) else None
        if heard not in self._means.verifiers or heard in self._shown or self._first is None:
            return effects
        if not self._means.window.open_at(event.now, self._means.schedule):
            return effects
        self._shown.add(heard)
        self.fired += 1
        return (*effects, Send(to=heard, message=self._contradict(self._first)))

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

    def _contradict(self, first: bytes) -> Publish:
        """Another first statement of the log, under a checkpoint of its own."""
        said = codec.decode(envelope.decode(first).payload)
        subject = replace(said.subject, digest=Digest.of(b"said by a thief"))
        forged = codec.encode(replace(said, subject=subject))
        entry = envelope.seal(forged, (self._means.keys.statement,))
        root = Tree([leaf_hash(entry)]).root(TreeSize(1))
        head = Checkpoint(origin=KeyName(self._origin), size=TreeSize(1), root=root)
        note = Note(body=head, signatures=(sign_checkpoint(head, self._means.keys.log),))
        return Publish(origin=self._origin, start=Seq(0), entries=(entry,), note=note.encode())
