"""What really happens in the labs' fleets, and what the instruments say of it.

The one source of samples for the simulator and for a real network: pure, and a function of
scenario and seed. Occupied time becomes operations and energy by `scenario.physics`. A meter
reads `true energy x (1 + r + s)`, with r drawn anew each period and s once a run, as in the
error model of material accountancy (domain.md 2.1).

Labs here are honest: where a fleet is large enough to break a cap, it leaves accelerators idle.
How a cheat departs from this is the business of `simulator.adversary`.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from pausenet.protocol.messages import Job, ReadingSample, UsageSample
from pausenet.scenario.growth import accelerators_in
from pausenet.scenario.physics import ACCELERATOR, energy_wh, occupied_of, pflop_of
from pausenet.scenario.plan import SIMULATED_START, LabPlan, Scenario
from pausenet.scenario.terms import agreement_of
from pausenet.simulator.foresight import Foresight
from pausenet.simulator.planned import Planned, PlannedRun
from pausenet.simulator.randomness import seed_bytes, stream
from pausenet.simulator.typos import with_typos
from pausenet.simulator.written_runs import with_written_runs
from pausenet.statements.clauses import PPM
from pausenet.statements.clauses.limits import Metric
from pausenet.statements.usage import (
    Accelerators,
    ClassUsage,
    Doer,
    SiteUsage,
    Stage,
    TrainingRun,
    WorkloadClass,
)
from pausenet.values import (
    AcceleratorSeconds,
    NetworkTime,
    ParticipantId,
    Period,
    PeriodIndex,
    Pflop,
    Salt,
    WattHours,
)

SWING_PPM: Final = 20_000
"""Utilisation differs from the plan by up to this share, drawn anew each period."""
MAINTENANCE_PPM: Final = 10_000
_REST: Final = (
    (WorkloadClass.POST_TRAINING, 100_000),
    (WorkloadClass.RESEARCH, 200_000),
    (WorkloadClass.INFERENCE, 700_000),
)
"""How occupied time outside pre-training is spent [modelling assumption]."""
_HONEST_SHARE: Final = (
    (WorkloadClass.PRE_TRAINING, 500_000),
    (WorkloadClass.POST_TRAINING, 150_000),
    (WorkloadClass.RESEARCH, 150_000),
)
"""How much of the total cap a lab lets each counted class use at most."""
_RUN_SHARE_PPM: Final = 800_000
"""A run, with those it descends from, ends before this share of the run cap; another begins."""
_LINEAGE_SHARE: Final = {
    WorkloadClass.PRE_TRAINING: 750_000,
    WorkloadClass.POST_TRAINING: 200_000,
}
"""How much of that a run, and what is tuned from it, may take in one period."""
_STAGES: Final = (
    (Stage.CODE, Doer.JOINT),
    (Stage.DESIGN, Doer.HUMAN),
    (Stage.RELEASE, Doer.HUMAN),
)
_PRE_TRAINING: Final = WorkloadClass.PRE_TRAINING
_PARTS: Final = {WorkloadClass.PRE_TRAINING: 2}
_UNUSED: Final = (WorkloadClass.IDLE, WorkloadClass.MAINTENANCE)


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSamples:
    """Every instrument's samples, one a period, from period 0 on; a lab's corrections among them.

    They stand in the order in which they are handed in.
    """

    labs: Mapping[ParticipantId, tuple[UsageSample, ...]]
    meters: Mapping[ParticipantId, tuple[ReadingSample, ...]]

    def of(self, participant: ParticipantId) -> tuple[UsageSample | ReadingSample, ...]:
        """A participant's samples; none for one without instruments."""
        return self.labs.get(participant) or self.meters.get(participant) or ()


def samples(scenario: Scenario, seed: int, *, start: NetworkTime = SIMULATED_START) -> FleetSamples:
    """The samples of a whole run whose first period begins at `start`."""
    agreement = agreement_of(scenario, start=start)
    schedule, foresight = agreement.schedule, Foresight(scenario, agreement)
    planned = Planned(scenario, agreement)
    periods = tuple(schedule.period(PeriodIndex(index)) for index in range(scenario.periods))
    labs: dict[ParticipantId, tuple[UsageSample, ...]] = {}
    meters: dict[ParticipantId, tuple[ReadingSample, ...]] = {}
    for lab in scenario.labs:
        fleet = _Fleet(scenario, lab, seed, foresight, planned)
        labs[lab.name] = tuple(fleet.sample(period) for period in periods)
        if lab.runs:
            limits = fleet.run_limits
            labs[lab.name] = with_written_runs(lab, seed, labs[lab.name], limits)
        meters[lab.meter] = _readings(scenario, lab, seed, labs[lab.name])
        labs[lab.name] = with_typos(scenario, lab.name, seed, labs[lab.name])
    return FleetSamples(labs=labs, meters=meters)


def energy_of(sample: UsageSample) -> WattHours:
    """The energy of a sample over all its sites."""
    return WattHours(sum(site.energy_wh for site in sample.sites))


class _Fleet:
    """One lab's fleet through time."""

    def __init__(
        self,
        scenario: Scenario,
        lab: LabPlan,
        seed: int,
        foresight: Foresight,
        planned: Planned,
    ) -> None:
        self._line, self._waiting = planned.line, planned.of(lab.name)
        self._plan: PlannedRun | None = None
        self.run_limits: list[int] = []
        self._scenario, self._first = scenario, lab
        self._lab, self._seed, self._foresight = lab, seed, foresight
        self._chance = stream(seed, "fleet", lab.name)
        terms = scenario.agreement
        self._caps = (
            terms.run_cap if terms.run_cap is not None else 10**13,
            terms.total_cap if terms.total_cap is not None else 10**18,
        )
        # The rounding up of single jobs must not lift an honest lab over a limit.
        self._slack = 8 * lab.sites
        self._totals = {WorkloadClass.PRE_TRAINING: 0, WorkloadClass.POST_TRAINING: 0}
        self._limit_to(PeriodIndex(0))
        main = self._run_limit * self._chance.randint(10_000, 60_000) // PPM
        tuned = self._run_limit * self._chance.randint(1_000, 6_000) // PPM
        self._totals = {WorkloadClass.PRE_TRAINING: main, WorkloadClass.POST_TRAINING: tuned}
        self._numbers = {WorkloadClass.PRE_TRAINING: 1, WorkloadClass.POST_TRAINING: 1}

    def _limit_to(self, period: PeriodIndex) -> None:
        """Plan with the caps as they have come down, and with the stage that may come."""
        run_cap, total_cap = (
            min(cap, cap if stage is None else stage)
            for cap, stage in zip(
                self._caps,
                (self._foresight.limit(each, self._lab.name, period) for each in Metric),
                strict=True,
            )
        )
        if self._line:
            run_cap = min(run_cap, self._line if self._plan is None else self._plan.amount)
        self._run_limit = run_cap * _RUN_SHARE_PPM // PPM
        self._limits = {
            name: min(
                self._run_limit * _LINEAGE_SHARE.get(name, PPM) // PPM, total_cap * share // PPM
            )
            for name, share in _HONEST_SHARE
        }
        if self._line:
            # What is tuned from a run that was reported has no report of its own.
            left = self._line * _RUN_SHARE_PPM // PPM - self._totals[WorkloadClass.POST_TRAINING]
            tuned = min(self._limits[WorkloadClass.POST_TRAINING], max(0, left))
            self._limits[WorkloadClass.POST_TRAINING] = tuned

    def sample(self, period: Period) -> UsageSample:
        """What the lab's own instruments say of this period."""
        self._lab = self._grown(period.index)
        self._begin_plan(period.index)
        self._limit_to(period.index)
        unreported = self._run_limit if self._plan is None else self._line * _RUN_SHARE_PPM // PPM
        self.run_limits.append(unreported)
        share = self._times(period.end - period.start)
        if self._begin_runs(share, period.end - period.start) and self._line:
            self._limit_to(period.index)
            share = self._times(period.end - period.start)
        jobs: list[Job] = []
        sites: list[SiteUsage] = []
        counts = _spread(self._lab.accelerators, self._lab.sites)
        for site, count in zip(_sites_of(self._lab), counts, strict=True):
            total = count * (period.end - period.start)
            times = {name: total * ppm // PPM for name, ppm in share.items()}
            times[WorkloadClass.IDLE] = total - sum(times.values())
            jobs += self._jobs(site, period, times)
            unused = sum(times[name] for name in _UNUSED)
            sites.append(
                SiteUsage(
                    site=site,
                    accelerators=(Accelerators(kind=ACCELERATOR, count=count),),
                    energy_wh=energy_wh(
                        AcceleratorSeconds(total - unused), AcceleratorSeconds(unused)
                    ),
                )
            )
        classes = class_totals(jobs)
        return UsageSample(
            period=period.index,
            sites=tuple(sites),
            classes=classes,
            runs=self._runs({name: usage.used_pflop for name, usage in classes}),
            jobs=tuple(jobs),
            salts=tuple(
                Salt(seed_bytes(self._seed, "salt", self._lab.name, str(period.index), str(at)))
                for at in range(len(jobs))
            ),
            operators=_operators_of(self._lab),
        )

    def _grown(self, period: PeriodIndex) -> LabPlan:
        """The lab with the accelerators that it has by then."""
        count = accelerators_in(self._scenario, self._first, period)
        return (
            self._lab if count == self._lab.accelerators else replace(self._lab, accelerators=count)
        )

    def _times(self, length_s: int) -> dict[WorkloadClass, int]:
        """Shares of the fleet's time, in parts per million, of everything but idle."""
        lab = self._lab
        swing = self._chance.randint(-SWING_PPM, SWING_PPM)
        occupied = min(PPM - MAINTENANCE_PPM, lab.utilisation_ppm * (PPM + swing) // PPM)
        training = occupied * lab.training_ppm // PPM
        share = {WorkloadClass.PRE_TRAINING: training}
        for name, ppm in _REST:
            share[name] = (occupied - training) * ppm // PPM
        capacity = lab.accelerators * length_s
        for name, limit in self._limits.items():
            most = occupied_of(Pflop(max(0, limit - self._slack))) * PPM // capacity
            share[name] = min(share[name], most)
        share[WorkloadClass.MAINTENANCE] = min(MAINTENANCE_PPM, PPM - sum(share.values()))
        return share

    def _begin_plan(self, period: PeriodIndex) -> None:
        """Put the run that the lab has reported in the place of the one it is at."""
        if self._waiting and self._waiting[0].begins <= period and self._plan is None:
            self._begin_anew()
            self._plan = self._waiting.pop(0)

    def _begin_anew(self) -> None:
        """The runs end; the next have other names."""
        self._plan = None
        for name in self._totals:
            self._totals[name], self._numbers[name] = 0, self._numbers[name] + 1

    def _begin_runs(self, share: Mapping[WorkloadClass, int], length_s: int) -> bool:
        """End the runs that this period would carry over the limit, and begin the next.

        What is tuned descends from what was trained before it: both are one lineage, and share
        one limit. They end together.
        """
        occupied = sum(
            self._lab.accelerators * length_s * share[name] // PPM for name in self._totals
        )
        grown = pflop_of(AcceleratorSeconds(occupied)) + self._slack
        over = sum(self._totals.values()) + grown > self._run_limit
        if over:
            self._begin_anew()
        return over

    def _jobs(
        self, site: ParticipantId, period: Period, times: Mapping[WorkloadClass, int]
    ) -> list[Job]:
        jobs = []
        for name in WorkloadClass:
            parts = _PARTS.get(name, 1)
            span = (period.end - period.start) // parts
            for part, occupied in enumerate(_spread(times[name], parts)):
                used = Pflop(0) if name in _UNUSED else pflop_of(AcceleratorSeconds(occupied))
                start = NetworkTime(period.start + part * span)
                jobs.append(
                    Job(
                        site=site,
                        workload=name,
                        start=start,
                        end=NetworkTime(start + span),
                        occupied_s=AcceleratorSeconds(occupied),
                        used_pflop=used,
                        run=self._run_name(name) if name in self._numbers else "",
                    )
                )
        return sorted(jobs, key=lambda job: (job.site, job.start, job.workload, job.run))

    def _runs(self, used: Mapping[WorkloadClass, Pflop]) -> tuple[TrainingRun, ...]:
        runs = []
        for name in self._totals:
            self._totals[name] += used[name]
            parents = () if name is WorkloadClass.PRE_TRAINING else (self._run_name(_PRE_TRAINING),)
            runs.append(
                TrainingRun(
                    run=ParticipantId(self._run_name(name)),
                    parents=tuple(ParticipantId(parent) for parent in parents),
                    total_pflop=Pflop(self._totals[name]),
                    stages=_STAGES,
                    sign_offs=(),
                )
            )
        return tuple(sorted(runs, key=lambda run: run.run))

    def _run_name(self, name: WorkloadClass) -> str:
        if self._plan is not None and name is _PRE_TRAINING:
            return self._plan.run
        letter = "r" if name is WorkloadClass.PRE_TRAINING else "p"
        return f"{self._lab.name}-{letter}{self._numbers[name]}"


def _sites_of(lab: LabPlan) -> tuple[ParticipantId, ...]:
    return tuple(ParticipantId(f"{lab.name}-s{at + 1:02d}") for at in range(lab.sites))


def _operators_of(lab: LabPlan) -> tuple[tuple[ParticipantId, ParticipantId], ...]:
    """The last sites, each with the affiliate that runs it."""
    theirs = _sites_of(lab)[lab.sites - len(lab.affiliates) :]
    return tuple(zip(theirs, lab.affiliates, strict=True))


def class_totals(jobs: list[Job] | tuple[Job, ...]) -> tuple[tuple[WorkloadClass, ClassUsage], ...]:
    """The totals of every workload class over these jobs."""
    occupied, used = dict.fromkeys(WorkloadClass, 0), dict.fromkeys(WorkloadClass, 0)
    for job in jobs:
        occupied[job.workload] += job.occupied_s
        used[job.workload] += job.used_pflop
    return tuple(
        (
            name,
            ClassUsage(occupied_s=AcceleratorSeconds(occupied[name]), used_pflop=Pflop(used[name])),
        )
        for name in WorkloadClass
    )


def _readings(
    scenario: Scenario, lab: LabPlan, seed: int, truth: tuple[UsageSample, ...]
) -> tuple[ReadingSample, ...]:
    chance = stream(seed, "meter", lab.meter)
    meters, readings, block, systematic = scenario.meters, [], -1, 0
    for sample in truth:
        every = meters.calibration_periods
        calibration = sample.period // every if every else 0
        if calibration != block:
            block, systematic = calibration, _error(chance, meters.systematic_ppm)
        factor = max(0, PPM + systematic + _error(chance, meters.random_ppm))
        energy = WattHours(-(-energy_of(sample) * factor // PPM))
        readings.append(ReadingSample(period=sample.period, party=lab.name, energy_wh=energy))
    return tuple(readings)


def _error(chance: random.Random, sigma_ppm: int) -> int:
    return round(chance.gauss(0, sigma_ppm))


def _spread(total: int, parts: int) -> tuple[int, ...]:
    """Divide a whole number evenly; the first parts take what is left over."""
    base, left = divmod(total, parts)
    return tuple(base + (part < left) for part in range(parts))
