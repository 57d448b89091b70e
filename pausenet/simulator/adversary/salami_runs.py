"""The lab splits one training run into many, each below the cap and a child of the one before.

It would gain a run of any size that no single figure shows. But it signs each slice and its
parent, and a lineage is one run to the cap (F6): its own statements together are the proof.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.protocol.messages import Effect, Event, Ingested, UsageSample
from pausenet.simulator.adversary.base import Adversary, usage_in
from pausenet.statements.clauses import PPM
from pausenet.statements.usage import TrainingRun
from pausenet.values import ParticipantId, Pflop

SLICE_PPM: Final = 400_000
"""What one slice takes of the cap: three are over it."""


class SalamiRuns(Adversary):
    """Declares a new slice in each period of the window, and nothing of the slices before."""

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Put the next slice in the place of the lab's runs."""
        sample, cap = usage_in(event, self._means.window), self._means.register.agreement.run_cap
        if sample is None or cap is None or not isinstance(event, Ingested):
            return self._inner.step(event)
        self.fired += 1
        first = self._means.window.start
        return self._inner.step(
            replace(event, sample=sliced(sample, sample.period - first, cap.limit_pflop))
        )


def sliced(sample: UsageSample, number: int, limit: Pflop) -> UsageSample:
    """The sample with the slice of this number as its only run."""
    largest = max(sample.runs, key=lambda run: (run.total_pflop, run.run))
    stem = largest.run[:24]
    parents = (ParticipantId(f"{stem}-x{number - 1}"),) if number else ()
    run: TrainingRun = replace(
        largest,
        run=ParticipantId(f"{stem}-x{number}"),
        parents=parents,
        total_pflop=Pflop(limit * SLICE_PPM // PPM),
    )
    return replace(sample, runs=(run,))
