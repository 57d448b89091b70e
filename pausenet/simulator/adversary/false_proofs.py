"""Verifiers that answer a peer who has to catch up with what does not hang together.

Between verifiers the proof that a log's two heads are consistent is what lies between them: the
entries. Whoever catches up must take in nothing that the log's owner has not signed, accuse
nobody of what the messenger did, and get the rest from somebody else.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.log.checkpoint import Checkpoint, Note
from pausenet.protocol.messages import Effect, Entries, Event, Send
from pausenet.simulator.adversary.base import Adversary
from pausenet.values import Digest, TreeSize


class _FalseProof(Adversary):
    """Changes the entries that the machine hands on in the window."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine answer, and change the answer."""
        effects = self._inner.step(event)
        if not self._means.window.open_at(event.now, self._means.schedule):
            return effects
        return tuple(self._changed(effect) for effect in effects)

    def _changed(self, effect: Effect) -> Effect:
        if not isinstance(effect, Send) or not isinstance(effect.message, Entries):
            return effect
        changed = self._falsify(effect.message)
        self.fired += changed != effect.message
        return replace(effect, message=changed)

    def _falsify(self, answer: Entries) -> Entries:
        return answer


class ForgedProof(_FalseProof):
    """Four mutations in turn: another byte, one entry too few, one twice, another root."""

    def _falsify(self, answer: Entries) -> Entries:
        entries = answer.entries
        if not entries:
            return answer
        match self.fired % 4:
            case 0:
                other = bytes([entries[-1][0] ^ 1]) + entries[-1][1:]
                return replace(answer, entries=(*entries[:-1], other))
            case 1:
                return replace(answer, entries=entries[:-1])
            case 2:
                return replace(answer, entries=(entries[0], *entries))
            case _:
                return replace(answer, note=with_another_root(answer.note))


class SwappedProof(_FalseProof):
    """Every entry true, and in the wrong order."""

    def _falsify(self, answer: Entries) -> Entries:
        return replace(answer, entries=answer.entries[::-1])


def with_another_root(data: bytes, size: TreeSize | None = None) -> bytes:
    """The same note under the same signatures, which are of another root and perhaps size."""
    note = Note.decode(data)
    body = note.body
    root = Digest.of(b"another root than " + body.root)
    body = Checkpoint(origin=body.origin, size=body.size if size is None else size, root=root)
    return Note(body=body, signatures=note.signatures).encode()
