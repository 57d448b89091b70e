"""A lab that says two things in one place, and then a third: that it is sorry.

It would have the matter settled. Nothing that is said afterwards unsays the two: they are a proof
(F1 or F3), and the third stands beside them.
"""

from __future__ import annotations

from pausenet.protocol.messages import Effect, Event
from pausenet.protocol.publisher import Draft
from pausenet.simulator.adversary.base import innermost
from pausenet.simulator.adversary.late_face import LateFace
from pausenet.statements.indicator import Incident


class Apology(LateFace):
    """As a late face, and an apology in the log that all are shown."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Say the second thing; say the third at the next occasion."""
        before = self.fired
        effects = super().step(event)
        if self.fired > before:
            text = "there were two accounts of one period; the first is the true one"
            body = Incident(about=self.id, text=text)
            innermost(self._inner)._publisher.drafts.append(Draft(body=body))
        return effects
