"""The lab does not slow down when a staged cap falls, and says so in its own signed usage.

It would gain the compute that the others give up. F6 should find it, confirmed, once the stage is
one that its own log shows it to have learned of.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Ingested, UsageSample
from pausenet.simulator.adversary.base import Adversary, usage_in
from pausenet.simulator.adversary.false_samples import over_total_cap
from pausenet.statements.usage import WorkloadClass
from pausenet.values import Pflop


class OldPace(Adversary):
    """Declares, from the window on, as much pre-training as in the period before it."""

    _pace = 0

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Note the pace before the window, and put it in the place of a slower one."""
        if not isinstance(event, Ingested) or not isinstance(event.sample, UsageSample):
            return self._inner.step(event)
        trained = dict(event.sample.classes)[WorkloadClass.PRE_TRAINING].used_pflop
        sample = usage_in(event, self._means.window)
        if sample is None:
            self._pace = trained
            return self._inner.step(event)
        if trained >= self._pace:
            return self._inner.step(event)
        self.fired += 1
        return self._inner.step(replace(event, sample=over_total_cap(sample, Pflop(self._pace), 0)))
