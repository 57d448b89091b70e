"""A sample whose training is declared as slices: its runs, and the records that name them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.protocol.messages import UsageSample
from pausenet.statements.usage import TrainingRun, WorkloadClass

TRAINING: Final = (WorkloadClass.PRE_TRAINING, WorkloadClass.POST_TRAINING)


def of_slice(sample: UsageSample, runs: tuple[TrainingRun, ...], at: str) -> UsageSample:
    """The sample with these runs, whose records of training name the run that it has come to."""
    jobs = tuple(
        replace(job, run=at) if job.workload in TRAINING and job.run else job for job in sample.jobs
    )
    return replace(sample, runs=runs, jobs=jobs)
