"""A verifier that clears the lab that is in breach, and accuses the one that is not.

It would move a status, which alone it cannot: k must say the same, byte for byte. It costs the
verifier its name: its appraisal does not follow from the cut that it names (F9).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Machine
from pausenet.protocol.publisher import Draft
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.simulator.adversary.pen import give_pen
from pausenet.statements.finding import Appraisal, Claim, Status, Support


class FalseAppraiser(Adversary):
    """Writes the opposite of what its machine finds, of every lab, in the window's periods."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        give_pen(inner, self._falsify)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine write with the pen that lies."""
        give_pen(self._inner, self._falsify)
        return self._inner.step(event)

    def _falsify(self, draft: Draft) -> tuple[Draft, ...]:
        body = draft.body
        if not isinstance(body, Appraisal) or not self._means.window.covers(body.period):
            return (draft,)
        self.fired += 1
        return (replace(draft, body=opposite(body)),)


class CoveringAppraiser(FalseAppraiser):
    """Clears whoever is found at fault in the window's periods, and accuses nobody."""

    def _falsify(self, draft: Draft) -> tuple[Draft, ...]:
        body = draft.body
        if not isinstance(body, Appraisal) or not self._means.window.covers(body.period):
            return (draft,)
        if body.status not in (Status.BREACH_PROVEN, Status.DISCREPANCY):
            return (draft,)
        self.fired += 1
        return (replace(draft, body=opposite(body)),)


def opposite(true: Appraisal) -> Appraisal:
    """The appraisal that clears who was found in breach, and finds everybody else in breach."""
    if true.status in (Status.BREACH_PROVEN, Status.DISCREPANCY):
        claims = tuple((claim, Support.NO_CONCLUSION) for claim in Claim)
        return replace(true, status=Status.NO_BREACH_FOUND, claims=claims, findings=())
    return replace(true, status=Status.BREACH_PROVEN)
