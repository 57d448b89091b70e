"""Divides a lab's pre-training among the runs that its scenario writes by hand.

What the lab uses stays as it is, job by job; a share of each job of pre-training is told as one of
these runs, and the rest as the run that the lab would have had anyway. A run ends for good where it
and all runs that are kin to it would come to more than the lab lets a run have: labs here are
honest, and a cap counts a run with its ancestors.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pausenet.protocol.messages import Job, UsageSample
from pausenet.scenario.plan import LabPlan
from pausenet.scenario.runs import RunPlan
from pausenet.simulator.randomness import seed_bytes
from pausenet.statements.clauses import PPM
from pausenet.statements.usage import TrainingRun, WorkloadClass
from pausenet.values import AcceleratorSeconds, ParticipantId, Pflop, Salt


def with_written_runs(
    lab: LabPlan, seed: int, samples: Iterable[UsageSample], limits: Sequence[int]
) -> tuple[UsageSample, ...]:
    """The samples with the lab's written runs; `limits` is what a run may have, by period."""
    written = _Written(lab, seed)
    return tuple(
        written.divided(sample, limit) for sample, limit in zip(samples, limits, strict=True)
    )


class _Written:
    """The written runs of one lab through time."""

    def __init__(self, lab: LabPlan, seed: int) -> None:
        self._lab, self._seed = lab, seed
        self._kin = _kin(lab.runs)
        self._totals = {plan.run: 0 for plan in lab.runs}
        self._elsewhere: dict[ParticipantId, int] = {}
        self._ended: set[ParticipantId] = set()

    def divided(self, sample: UsageSample, limit: int) -> UsageSample:
        """One period's sample with its runs."""
        used = dict(sample.classes)[WorkloadClass.PRE_TRAINING].used_pflop
        plans = self._going_on(int(sample.period), used, limit)
        jobs: list[Job] = []
        for job in sample.jobs:
            jobs += _parts(job, plans) if job.workload is WorkloadClass.PRE_TRAINING else (job,)
        jobs.sort(key=lambda job: (job.site, job.start, job.workload, job.run))
        salts = (
            seed_bytes(self._seed, "salt", self._lab.name, str(sample.period), str(at))
            for at in range(len(jobs))
        )
        return replace(
            sample,
            jobs=tuple(jobs),
            salts=tuple(map(Salt, salts)),
            runs=self._runs(sample, jobs, plans),
        )

    def _going_on(self, period: int, used: int, limit: int) -> tuple[RunPlan, ...]:
        """The runs that go on in a period; those that would come over the limit end."""
        for plan in self._lab.runs:
            kin = [each for each in self._lab.runs if each.run in self._kin[plan.run]]
            shares = sum(each.share_ppm for each in kin if self._is_on(each, period))
            grown = sum(self._totals[each.run] for each in kin) + used * shares // PPM + 1
            if self._is_on(plan, period) and grown > limit:
                self._ended |= {each.run for each in kin}
        return tuple(plan for plan in self._lab.runs if self._is_on(plan, period))

    def _is_on(self, plan: RunPlan, period: int) -> bool:
        return plan.goes_on(period) and plan.run not in self._ended

    def _runs(
        self, sample: UsageSample, jobs: list[Job], plans: tuple[RunPlan, ...]
    ) -> tuple[TrainingRun, ...]:
        """Every run with its own total; what the written ones took is off the lab's own."""
        taken = 0
        for plan in plans:
            grown = sum(job.used_pflop for job in jobs if job.run == plan.run)
            self._totals[plan.run] += grown
            taken += grown
        runs = [self._own(run, sample, taken) for run in sample.runs]
        for plan in plans:
            runs.append(
                replace(
                    sample.runs[0],
                    run=plan.run,
                    parents=tuple(sorted(plan.parents)),
                    total_pflop=Pflop(self._totals[plan.run]),
                )
            )
        return tuple(sorted(runs, key=lambda run: run.run))

    def _own(self, run: TrainingRun, sample: UsageSample, taken: int) -> TrainingRun:
        trains = any(
            job.run == run.run and job.workload is WorkloadClass.PRE_TRAINING for job in sample.jobs
        )
        if trains:
            self._elsewhere[run.run] = self._elsewhere.get(run.run, 0) + taken
        return replace(run, total_pflop=Pflop(run.total_pflop - self._elsewhere.get(run.run, 0)))


def _parts(job: Job, plans: tuple[RunPlan, ...]) -> list[Job]:
    """A job of pre-training in parts, one for each run and the rest; nothing is lost or added."""
    parts = [
        replace(
            job,
            occupied_s=AcceleratorSeconds(job.occupied_s * plan.share_ppm // PPM),
            used_pflop=Pflop(job.used_pflop * plan.share_ppm // PPM),
            run=plan.run,
        )
        for plan in plans
    ]
    rest = replace(
        job,
        occupied_s=AcceleratorSeconds(job.occupied_s - sum(part.occupied_s for part in parts)),
        used_pflop=Pflop(job.used_pflop - sum(part.used_pflop for part in parts)),
    )
    return [*parts, rest]


def _kin(runs: tuple[RunPlan, ...]) -> dict[ParticipantId, frozenset[ParticipantId]]:
    """Each run with all that descent joins it to, itself among them."""
    kin: dict[ParticipantId, frozenset[ParticipantId]] = {}
    for plan in runs:
        joined = frozenset({plan.run}).union(*(kin[parent] for parent in plan.parents))
        kin |= dict.fromkeys(joined, joined)
    return kin
