"""The lab breaks a cap and says so in its own signed usage.

It gains the excess, openly. F6 should find it, confirmed, once two network cuts hold the
statement; the power meter sees nothing wrong.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Ingested
from pausenet.simulator.adversary.base import Adversary, usage_in
from pausenet.simulator.adversary.false_samples import over_run_cap, over_total_cap


class OverCap(Adversary):
    """Declares a training run, or else a period's total, above the cap by the amount."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Lift the samples of the window over the agreement's cap; without an amount, do not."""
        sample, agreement = usage_in(event, self._means.window), self._means.register.agreement
        excess = self._means.amount_ppm
        if sample is None or excess == 0 or not isinstance(event, Ingested):
            return self._inner.step(event)
        self.fired += 1
        if agreement.run_cap is not None and sample.runs:
            sample = over_run_cap(sample, agreement.run_cap.limit_pflop, excess)
        elif agreement.total_cap is not None:
            sample = over_total_cap(sample, agreement.total_cap.limit_pflop, excess)
        return self._inner.step(replace(event, sample=sample))
