"""Usage samples that are not true, and yet hang together: jobs, totals, energy, runs."""

from __future__ import annotations

from dataclasses import replace

from pausenet.protocol.messages import Job, UsageSample
from pausenet.scenario.physics import energy_wh, occupied_of, pflop_of
from pausenet.simulator.fleet import class_totals
from pausenet.statements.clauses import PPM
from pausenet.statements.usage import SiteUsage, TrainingRun, WorkloadClass
from pausenet.values import AcceleratorSeconds, Pflop, WattHours

_UNUSED = (WorkloadClass.IDLE, WorkloadClass.MAINTENANCE)
_TRAINING = (WorkloadClass.PRE_TRAINING, WorkloadClass.POST_TRAINING)


class HiddenShare:
    """Declares less than was used: a share of all occupied time becomes idle time on paper.

    Totals of training runs must never shrink, so it remembers what it has declared of each.
    """

    def __init__(self, share_ppm: int) -> None:
        self._kept_ppm = PPM - share_ppm
        self._true: dict[str, int] = {}
        self._declared: dict[str, int] = {}

    def keep(self, sample: UsageSample) -> UsageSample:
        """A period declared as it was, but for what runs have hidden before."""
        return replace(sample, runs=self._runs(sample, PPM))

    def shrink(self, sample: UsageSample) -> UsageSample:
        """The sample as it is declared."""
        jobs = tuple(self._job(job, sample) for job in sample.jobs)
        return replace(
            sample,
            jobs=jobs,
            classes=class_totals(jobs),
            sites=tuple(self._site(site, sample.jobs, jobs) for site in sample.sites),
            runs=self._runs(sample, self._kept_ppm),
        )

    def _job(self, job: Job, sample: UsageSample) -> Job:
        if job.workload is WorkloadClass.IDLE:
            hidden = sum(
                other.occupied_s - self._kept(other.occupied_s)
                for other in sample.jobs
                if other.site == job.site and other.workload not in _UNUSED
            )
            return replace(job, occupied_s=AcceleratorSeconds(job.occupied_s + hidden))
        if job.workload in _UNUSED:
            return job
        occupied = self._kept(job.occupied_s)
        return replace(job, occupied_s=occupied, used_pflop=pflop_of(occupied))

    def _kept(self, occupied: int) -> AcceleratorSeconds:
        return AcceleratorSeconds(occupied * self._kept_ppm // PPM)

    def _site(self, site: SiteUsage, true: tuple[Job, ...], declared: tuple[Job, ...]) -> SiteUsage:
        """The energy that the declared jobs would have taken."""
        saved = _site_energy(site, true) - _site_energy(site, declared)
        return replace(site, energy_wh=WattHours(max(0, site.energy_wh - saved)))

    def _runs(self, sample: UsageSample, kept_ppm: int) -> tuple[TrainingRun, ...]:
        runs = []
        for run in sample.runs:
            grown = run.total_pflop - self._true.get(run.run, 0)
            declared = self._declared.get(run.run, 0) + grown * kept_ppm // PPM
            self._true[run.run], self._declared[run.run] = run.total_pflop, declared
            runs.append(replace(run, total_pflop=Pflop(declared)))
        return tuple(runs)


class MovedShare(HiddenShare):
    """Declares a share of all training as inference: the same time and energy, less training.

    What is moved from a site stands there under inference, so that every balance stays as it is.
    """

    def shrink(self, sample: UsageSample) -> UsageSample:
        """The sample as it is declared."""
        jobs = tuple(self._moved(job, sample) for job in sample.jobs)
        runs = self._runs(sample, self._kept_ppm)
        return replace(sample, jobs=jobs, classes=class_totals(jobs), runs=runs)

    def _moved(self, job: Job, sample: UsageSample) -> Job:
        if job.workload is WorkloadClass.INFERENCE:
            here = [each for each in sample.jobs if each.site == job.site]
            into = next(each for each in here if each.workload is WorkloadClass.INFERENCE)
            moved = sum(
                each.occupied_s - self._kept(each.occupied_s)
                for each in here
                if each.workload in _TRAINING
            )
            occupied = AcceleratorSeconds(job.occupied_s + moved * (job is into))
        elif job.workload in _TRAINING:
            occupied = self._kept(job.occupied_s)
        else:
            return job
        return replace(job, occupied_s=occupied, used_pflop=pflop_of(occupied))


class FewerOperations(HiddenShare):
    """Declares fewer operations of training than were done in the same time, with the same energy.

    Power meters see energy and occupied time, and both are true.
    """

    def shrink(self, sample: UsageSample) -> UsageSample:
        """The sample as it is declared."""
        jobs = tuple(
            replace(job, used_pflop=Pflop(job.used_pflop * self._kept_ppm // PPM))
            if job.workload in _TRAINING
            else job
            for job in sample.jobs
        )
        runs = self._runs(sample, self._kept_ppm)
        return replace(sample, jobs=jobs, classes=class_totals(jobs), runs=runs)


def over_run_cap(sample: UsageSample, limit: Pflop, excess_ppm: int) -> UsageSample:
    """A sample whose largest training run stands above the limit by this share of it."""
    total = Pflop(limit + max(1, limit * excess_ppm // PPM))
    largest = max(sample.runs, key=lambda run: (run.total_pflop, run.run))
    runs = tuple(replace(run, total_pflop=total) if run is largest else run for run in sample.runs)
    return replace(sample, runs=runs)


def over_total_cap(sample: UsageSample, limit: Pflop, excess_ppm: int) -> UsageSample:
    """A sample whose pre-training alone is above the period's limit by this share of it."""
    total = Pflop(limit + max(1, limit * excess_ppm // PPM))
    first = next(job for job in sample.jobs if job.workload is WorkloadClass.PRE_TRAINING)
    grown = replace(first, used_pflop=total, occupied_s=occupied_of(total))
    jobs = tuple(grown if job is first else job for job in sample.jobs)
    return replace(sample, jobs=jobs, classes=class_totals(jobs))


def _site_energy(site: SiteUsage, jobs: tuple[Job, ...]) -> int:
    here = [job for job in jobs if job.site == site.site]
    unused = sum(job.occupied_s for job in here if job.workload in _UNUSED)
    occupied = sum(job.occupied_s for job in here) - unused
    return energy_wh(AcceleratorSeconds(occupied), AcceleratorSeconds(unused))
