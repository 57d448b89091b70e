"""The lab splits one training run into many, each below the cap, and says of none what it is from.

It gains a run of any size that no single figure shows. Each slice goes on from the weights of the
one before, and is declared as a run begun anew: to the statements it is an honest lab with many
runs, and no proof can come of them. Weights that are compared show it, or a count of run sizes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.protocol.messages import Effect, Event, Ingested, Machine, UsageSample
from pausenet.simulator.adversary.base import Adversary, Means, usage_in
from pausenet.simulator.adversary.slices import TRAINING, of_slice
from pausenet.statements.clauses import PPM
from pausenet.statements.usage import TrainingRun
from pausenet.values import ParticipantId, Pflop

SLICES_MAX: Final = 32
"""No more slices than this are begun in a period: a statement has room for so many runs."""


class SeveredRuns(Adversary):
    """Divides what is truly trained in the window among slices of its amount of the cap each."""

    def __init__(self, inner: Machine, means: Means) -> None:
        super().__init__(inner, means)
        self._slice: tuple[TrainingRun, ...] = ()

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Put the slices of the period in the place of the lab's runs."""
        sample, cap = usage_in(event, self._means.window), self._means.register.agreement.run_cap
        amount = self._means.amount_ppm
        if sample is None or cap is None or not isinstance(event, Ingested) or amount == 0:
            return self._inner.step(event)
        self.fired += 1
        size = max(1, cap.limit_pflop * amount // PPM)
        return self._inner.step(replace(event, sample=self._severed(sample, size)))

    def _severed(self, sample: UsageSample, size: int) -> UsageSample:
        """The sample whose training fills one slice after the other."""
        left = sum(int(used.used_pflop) for name, used in sample.classes if name in TRAINING)
        size = max(size, left // (SLICES_MAX - 1))
        runs: list[TrainingRun] = []
        while left > 0 or not runs:
            if not self._slice or self._slice[0].total_pflop >= size:
                self._slice = (_begun(sample, f"{self.id[:20]}-n{sample.period}-{len(runs)}"),)
            last = self._slice[0]
            taken = min(left, size - last.total_pflop)
            left -= taken
            runs.append(replace(last, total_pflop=Pflop(last.total_pflop + taken)))
            self._slice = (runs[-1],)
        return of_slice(sample, tuple(sorted(runs, key=lambda run: run.run)), runs[-1].run)


def _begun(sample: UsageSample, name: str) -> TrainingRun:
    return replace(sample.runs[0], run=ParticipantId(name), parents=(), total_pflop=Pflop(0))
