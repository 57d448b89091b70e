"""A lab that attests a period long after its close, as if it had done so in time.

It gains the time to choose its words. What it signs looks timely in every word of its own; only
the verifiers' cosignatures say when it came, and they are the ones that count (F5).
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Effect, Event, Ingested, Machine, Restart, SetTimer
from pausenet.simulator.adversary.base import Adversary, Means, usage_in
from pausenet.statements.clauses import PPM
from pausenet.values import NetworkTime


class Backdated(Adversary):
    """Keeps the samples of the window back till after the close, and states them as of before.

    How long after it is so much of a period.
    """

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._kept: list[tuple[NetworkTime, Ingested]] = []
        self._late_s = means.schedule.period_s * means.amount_ppm // PPM
        self._wish = NetworkTime(2**53 - 1)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the machine state what it is late with, by the clock of the period's end."""
        effects: list[Effect] = []
        sample = usage_in(event, self._means.window)
        if isinstance(event, Ingested) and sample is not None:
            schedule = self._means.schedule
            end = schedule.period(sample.period).end
            said_at = NetworkTime(schedule.close(sample.period) + self._late_s)
            self._kept.append((said_at, replace(event, now=end)))
        while self._kept and self._kept[0][0] < event.now:
            self.fired += 1
            effects += self._inner.step(self._kept.pop(0)[1])
        if sample is None:
            effects += self._inner.step(event)
        return self._woken_in_time(effects, event.now)

    def _woken_in_time(self, effects: list[Effect], now: NetworkTime) -> tuple[Effect, ...]:
        """What the machine asks for, but to be woken as soon as what is kept may be stated.

        The wish to be woken comes last, so that of several only the last one stands.
        """
        wishes = [each.at for each in effects if isinstance(each, SetTimer)]
        self._wish = wishes[-1] if wishes else self._wish
        if not self._kept or any(isinstance(each, Restart) for each in effects):
            return tuple(effects)
        stated = NetworkTime(max(self._kept[0][0], now) + 1)
        return (*effects, SetTimer(at=min(stated, max(self._wish, NetworkTime(now + 1)))))
