"""A lab that attests a period long after its close, as if it had done so in time.

It gains the time to choose its words. What it signs looks timely in every word of its own; only
the verifiers' cosignatures say when it came, and they are the ones that count (F5).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Ingested, Machine
from pausenet.simulator.adversary.base import Adversary, Means, usage_in
from pausenet.values import NetworkTime


class Backdated(Adversary):
    """Keeps the samples of the window back till after the close, and states them as of before."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._kept: list[tuple[NetworkTime, Ingested]] = []

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine state what it is late with, by the clock of the period's end."""
        effects: list[Effect] = []
        sample = usage_in(event, self._means.window)
        if isinstance(event, Ingested) and sample is not None:
            schedule = self._means.schedule
            end = schedule.period(sample.period).end
            self._kept.append((schedule.close(sample.period), replace(event, now=end)))
        while self._kept and self._kept[0][0] < event.now:
            self.fired += 1
            effects += self._inner.step(self._kept.pop(0)[1])
        if sample is not None:
            return tuple(effects)
        return (*effects, *self._inner.step(event))
