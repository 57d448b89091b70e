"""A verifier that endorses two cuts of one period and view.

It would help two cuts to k endorsements each, and so two histories to be the network's. It costs
the verifier its name: both endorsements stand in its own log, under its own key (F11).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Machine
from pausenet.protocol.publisher import Draft
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.simulator.adversary.pen import give_pen
from pausenet.statements.codec import Subject
from pausenet.statements.cut import Endorsement
from pausenet.values import Digest


class DoubleEndorser(Adversary):
    """Puts a second endorsement, of a cut that nobody knows, behind each of the window's."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        give_pen(inner, self._double)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine write with the pen that doubles."""
        give_pen(self._inner, self._double)
        return self._inner.step(event)

    def _double(self, draft: Draft) -> tuple[Draft, ...]:
        body = draft.body
        if not isinstance(body, Endorsement) or not self._means.window.covers(body.period):
            return (draft,)
        self.fired += 1
        other = Digest.of(b"another cut than " + body.cut)
        second = replace(body, cut=other)
        return (draft, replace(draft, body=second, subject=Subject(name="cut", digest=other)))
