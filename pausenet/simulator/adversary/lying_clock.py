"""A verifier whose clock runs behind in the window, so that late statements look on time.

Alone it changes nothing: the published time is the (f+1)-th smallest, one of which is honest.
Its own guard refuses times before those it has signed, and the median of its peers tells a
verifier that means well to stop signing.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Machine, SetTimer
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.statements.clauses import PPM
from pausenet.values import NetworkTime


class LyingClock(Adversary):
    """Shows its machine a time that is behind by a share of a period."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._behind_s = means.schedule.period_s * means.amount_ppm // PPM

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Set the clock back, and what the machine asks for forward."""
        if not self._means.window.open_at(event.now, self._means.schedule):
            return self._inner.step(event)
        self.fired += self._behind_s > 0
        effects = self._inner.step(replace(event, now=NetworkTime(event.now - self._behind_s)))
        return tuple(
            SetTimer(at=NetworkTime(effect.at + self._behind_s))
            if isinstance(effect, SetTimer)
            else effect
            for effect in effects
        )
