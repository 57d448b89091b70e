"""The lab splits one training run into many, each below the cap and a child of the one before.

It would gain a run of any size that no single figure shows. But it signs each slice and its
parent, and a lineage is one run to the cap (F6): its own statements together are the proof.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.protocol.messages import Effect, Event, Ingested, UsageSample
from pausenet.simulator.adversary.base import Adversary, usage_in
from pausenet.simulator.adversary.slices import of_slice
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
        number = sample.period - self._means.window.start
        size = Pflop(cap.limit_pflop * SLICE_PPM // PPM)
        return self._inner.step(replace(event, sample=sliced(sample, self.id, number, size)))


def sliced(sample: UsageSample, lab: ParticipantId, number: int, size: Pflop) -> UsageSample:
    """The sample with the slice of this number as its only run.

    Slices are named after the lab, whatever runs it would have had: the chain never breaks off.
    """
    stem = f"{lab[:20]}-slice"
    parents = (ParticipantId(f"{stem}{number - 1}"),) if number else ()
    run: TrainingRun = replace(
        sample.runs[0],
        run=ParticipantId(f"{stem}{number}"),
        parents=parents,
        total_pflop=size,
    )
    return of_slice(sample, (run,), run.run)
