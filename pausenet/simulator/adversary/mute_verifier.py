"""A verifier that signs nothing and answers nobody in the window.

It costs the network one of the f verifiers it can bear: receipts and cuts should go on, and no
lab should suffer for it.
"""

from __future__ import annotations

from pausenet.protocol.messages import Booted, Effect, Event, SetTimer
from pausenet.simulator.adversary.base import Adversary


class MuteVerifier(Adversary):
    """Takes in nothing in the window, but for its start; wakes up a period later to look."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Swallow the event."""
        schedule = self._means.schedule
        if isinstance(event, Booted) or not self._means.window.open_at(event.now, schedule):
            return self._inner.step(event)
        self.fired += 1
        next_period = schedule.start + (schedule.last_ended(event.now) + 2) * schedule.period_s
        return (SetTimer(at=type(event.now)(next_period)),)
