"""A lab that says everything as slowly as it can: one message at a time, one entry at a time.

It would tie up whoever waits for the rest. It proves nothing against it; what it has not
completed by the close is missing, as with anybody who says nothing (F5).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.protocol.messages import Effect, Event, Machine, Publish, Send
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.statements.clauses import PPM
from pausenet.values import NetworkTime

DROPS: Final = 16
"""How many messages leave in the time that an amount of the period is."""
WAITING_MAX: Final = 64


class SlowDrip(Adversary):
    """Holds back what its machine sends in the window, and lets one message go at a time."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._every_s = means.schedule.period_s * means.amount_ppm // PPM // DROPS
        self._next = NetworkTime(0)
        self._held: list[Send] = []

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Take the event; let a drop go where it is time."""
        effects = self._inner.step(event)
        if self._every_s and self._means.window.open_at(event.now, self._means.schedule):
            self._held += [_first_only(each) for each in effects if isinstance(each, Send)]
            del self._held[:-WAITING_MAX]
            effects = tuple(each for each in effects if not isinstance(each, Send))
        if not self._held or event.now < self._next:
            return effects
        self._next = NetworkTime(event.now + self._every_s)
        self.fired += 1
        return (*effects, self._held.pop(0))


def _first_only(send: Send) -> Send:
    """A batch becomes its first entry under the same note."""
    if not isinstance(send.message, Publish):
        return send
    return replace(send, message=replace(send.message, entries=send.message.entries[:1]))
