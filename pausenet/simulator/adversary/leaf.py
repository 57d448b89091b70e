"""What labs share that put under a signed checkpoint an entry that cannot stand there.

The checkpoint and the entry are the lab's own, so that both together are a proof (F4); no honest
verifier stores either.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace

from pausenet.crypto import envelope
from pausenet.log.checkpoint import Checkpoint, Note, sign_checkpoint
from pausenet.log.merkle import Tree, leaf_hash
from pausenet.log.vkey import KeyName
from pausenet.protocol.messages import Effect, Event, Machine, Publish, Send
from pausenet.protocol.mirror import Mirror
from pausenet.protocol.publisher import Publisher
from pausenet.simulator.adversary.base import Adversary, Means, innermost
from pausenet.statements import codec
from pausenet.statements.codec import Statement
from pausenet.values import TreeSize


class BadLeaf(Adversary, ABC):
    """In the window, offers in place of the newest entry one that cannot stand at its place."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._made: dict[bytes, bytes] = {}

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine speak, and change what it offers."""
        effects = self._inner.step(event)
        if not self._means.window.open_at(event.now, self._means.schedule):
            return effects
        return tuple(self._changed(effect) for effect in effects)

    @abstractmethod
    def _forge(self, mirror: Mirror) -> bytes | None:
        """What is to stand in the newest entry's place; None to leave it."""

    def _changed(self, effect: Effect) -> Effect:
        if not isinstance(effect, Send) or not isinstance(effect.message, Publish):
            return effect
        batch, mirror = effect.message, self._publisher.mirror
        last = batch.start + len(batch.entries)
        if not batch.entries or last != mirror.size or last != Note.decode(batch.note).body.size:
            return effect
        bad = self._forge(mirror)
        if bad is None:
            return effect
        self.fired += 1
        leaves = [leaf_hash(entry) for entry in (*mirror.entries[:-1], bad)]
        root = Tree(leaves).root(TreeSize(last))
        head = Checkpoint(origin=KeyName(mirror.origin), size=TreeSize(last), root=root)
        note = Note(body=head, signatures=(sign_checkpoint(head, self._means.keys.log),))
        entries = (*batch.entries[:-1], bad)
        return Send(to=effect.to, message=replace(batch, entries=entries, note=note.encode()))

    @property
    def _publisher(self) -> Publisher:
        return innermost(self._inner)._publisher

    def _signed(self, statement: Statement) -> bytes:
        """An entry that says this, under the lab's own statement key."""
        return envelope.seal(codec.encode(statement), (self._means.keys.statement,))
