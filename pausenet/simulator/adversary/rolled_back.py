"""A verifier that puts its own memory back, guard and all, and signs anew from there.

It would unsay what it has said: an endorsement, an appraisal, a cosignature. Its peers hold what
it said at first, so that the second history is a proof against it (F1, F3 or F8b).
"""

from __future__ import annotations

from copy import deepcopy

from pausenet.protocol.messages import Booted, Effect, Event, Machine, Received, Stored, Write
from pausenet.simulator.adversary.base import Adversary, Means


class RolledBack(Adversary):
    """Remembers how it was when the window opens; a period later it is so again, once.

    It hears nobody who tells it of its longer log. The disk keeps the first history.
    """

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._then: Machine | None = None
        self._opened = 0

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Go back when it is time."""
        window, schedule = self._means.window, self._means.schedule
        if isinstance(event, Booted) or not window.open_at(event.now, schedule):
            return self._inner.step(event)
        period = schedule.last_ended(event.now)
        if not self.fired:
            if self._then is None:
                self._then, self._opened = deepcopy(self._inner), period
            elif period > self._opened:
                self._inner, self.fired = self._then, 1
        if not self.fired:
            return self._inner.step(event)
        if isinstance(event, Received) and isinstance(event.message, Stored):
            return ()
        return tuple(each for each in self._inner.step(event) if not isinstance(each, Write))
