"""A lab that floods its log with statements that mean nothing.

Every verifier must fetch, check, keep and cosign each of them before it can speak of the lab
again. All of it is signed and well formed, so that nothing is proven by it; its author pays for
the signatures, and others for looking at them.
"""

from __future__ import annotations

from typing import Final

from pausenet.protocol.messages import Effect, Event
from pausenet.protocol.publisher import Draft
from pausenet.simulator.adversary.base import Adversary, innermost, usage_in
from pausenet.statements.clauses import PPM
from pausenet.statements.indicator import Incident

MOST: Final = 250
"""How many statements a period an amount of 100 % is."""


class Flood(Adversary):
    """Puts many reports of nothing before the usage statement of each period of the window."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Draft them, then let the machine go on."""
        sample = usage_in(event, self._means.window)
        if sample is None:
            return self._inner.step(event)
        machine = innermost(self._inner)
        for number in range(MOST * self._means.amount_ppm // PPM):
            body = Incident(about=self.id, text=f"nothing, number {number} of {sample.period}")
            machine._publisher.drafts.append(Draft(body=body))
            self.fired += 1
        return self._inner.step(event)
