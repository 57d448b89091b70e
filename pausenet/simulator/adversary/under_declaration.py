"""E01: the lab trains as before and declares less.

It gains the hidden share of its compute. It costs a false statement over its own signature each
period, and energy that the power meter sees: F7 should find it when the share is large against
the meter's errors. No signature shows it, so it is never confirmed.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Ingested, Machine, UsageSample
from pausenet.simulator.adversary.base import Adversary, Means
from pausenet.simulator.adversary.false_samples import HiddenShare


class UnderDeclaration(Adversary):
    """Hides a share of the occupied time in the window; a share of 0 changes nothing."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._hidden: HiddenShare = HiddenShare(means.amount_ppm)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Shrink the samples of the window, and stay consistent after it."""
        if not isinstance(event, Ingested) or not isinstance(event.sample, UsageSample):
            return self._inner.step(event)
        hides = self._means.window.covers(event.sample.period)
        self.fired += hides and self._means.amount_ppm > 0
        sample = self._hidden.shrink(event.sample) if hides else self._hidden.keep(event.sample)
        return self._inner.step(replace(event, sample=sample))
