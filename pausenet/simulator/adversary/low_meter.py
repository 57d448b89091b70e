"""E09: a meter reads less than there is.

It serves a lab that declares less than it used: the balance of both closes, and F7 stays silent.
Nothing in the protocol shows it, since the meter's own word is what a declaration is held against;
a second meter in other hands does.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Ingested, ReadingSample
from pausenet.simulator.adversary.base import Adversary
from pausenet.statements.clauses import PPM
from pausenet.values import WattHours


class LowMeter(Adversary):
    """Takes its amount off every reading of the window."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Lower the reading, with its own noise still in it."""
        if not isinstance(event, Ingested) or not isinstance(event.sample, ReadingSample):
            return self._inner.step(event)
        sample = event.sample
        if not self._means.window.covers(sample.period) or self._means.amount_ppm == 0:
            return self._inner.step(event)
        self.fired += 1
        read = sample.energy_wh * (PPM - self._means.amount_ppm) // PPM
        return self._inner.step(replace(event, sample=replace(sample, energy_wh=WattHours(read))))
