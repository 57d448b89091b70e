"""The lab leaves a job out of its usage ledger that its signed totals count.

It gains a job that no inspector can ask about. An opening of either neighbour should show it, by
F10, at the chance that `inspection.detection` computes; the power meter sees nothing wrong.
"""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.attester import LabMachine
from pausenet.protocol.ledger import UsageLedger
from pausenet.protocol.messages import Effect, Event, Machine, UsageSample
from pausenet.simulator.adversary.base import Adversary, Means, usage_in
from pausenet.statements.job import decode_record


class FalseLedger(Adversary):
    """Drops the job in the middle of each ledger of the window."""

    def __init__(self, inner: Machine, means: Means) -> None:
        """Take the place of a lab; a machine that is no lab keeps no ledger to falsify."""
        super().__init__(_FalseLab(means) if isinstance(inner, LabMachine) else inner, means)

    def step(self, event: Event) -> tuple[Effect, ...]:
        """Let the lab keep its ledgers in its own way."""
        ours = isinstance(self._inner, _FalseLab)
        if ours and usage_in(event, self._means.window) is not None:
            self.fired += 1
        return self._inner.step(event)


class _FalseLab(LabMachine):
    """A lab that is honest in all but the ledgers of a window."""

    def __init__(self, means: Means) -> None:
        super().__init__(register=means.register, keys=means.keys)
        self._window = means.window

    def _ledger_of(self, sample: UsageSample) -> UsageLedger:
        ledger = super()._ledger_of(sample)
        return without_one(ledger) if self._window.covers(sample.period) else ledger


def without_one(ledger: UsageLedger) -> UsageLedger:
    """The ledger without its middle job, the others numbered anew and their sums left alone."""
    records = [decode_record(leaf) for leaf in ledger.leaves]
    kept = [*records[: len(records) // 2], *records[len(records) // 2 + 1 :]]
    return UsageLedger.of([replace(each, index=at).encode() for at, each in enumerate(kept)])
