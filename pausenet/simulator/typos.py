"""Mistyped declarations: an honest lab's people slip, and may correct what they have said.

The instruments were right; what was signed was not. A correction restates the period's true
sample, after that of the period in which the slip was noticed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.protocol.messages import Job, UsageSample
from pausenet.scenario.mishaps import TypoPlan
from pausenet.scenario.plan import Scenario
from pausenet.simulator.randomness import seed_bytes
from pausenet.statements.usage import ClassUsage, SiteUsage, TrainingRun
from pausenet.values import ParticipantId, Pflop, Salt, WattHours

REASON: Final = "mistyped: {factor} times what the instruments say"


def with_typos(
    scenario: Scenario, lab: ParticipantId, seed: int, true: tuple[UsageSample, ...]
) -> tuple[UsageSample, ...]:
    """A lab's samples as they are handed in, corrections among them."""
    told = list(true)
    plans = [plan for plan in scenario.faults if isinstance(plan, TypoPlan) and plan.of == lab]
    for plan in plans:
        told[plan.at] = mistyped(told[plan.at], plan.factor)
    for plan in sorted(plans, key=lambda plan: plan.at):
        if plan.corrected is not None:
            place = next(n for n, each in enumerate(told) if each.period == plan.corrected)
            told.insert(place + 1, _correction(true[plan.at], plan.factor, seed, lab))
    return tuple(told)


def mistyped(sample: UsageSample, factor: int) -> UsageSample:
    """The sample with all compute and energy of its period this many times too large."""
    grown: dict[str, int] = {}
    for job in sample.jobs:
        grown[job.run] = grown.get(job.run, 0) + job.used_pflop * (factor - 1)

    def typed(job: Job) -> Job:
        return replace(job, used_pflop=Pflop(job.used_pflop * factor))

    def lifted(run: TrainingRun) -> TrainingRun:
        return replace(run, total_pflop=Pflop(run.total_pflop + grown.get(run.run, 0)))

    def heated(site: SiteUsage) -> SiteUsage:
        return replace(site, energy_wh=WattHours(site.energy_wh * factor))

    def multiplied(usage: ClassUsage) -> ClassUsage:
        return replace(usage, used_pflop=Pflop(usage.used_pflop * factor))

    return replace(
        sample,
        jobs=tuple(map(typed, sample.jobs)),
        runs=tuple(map(lifted, sample.runs)),
        sites=tuple(map(heated, sample.sites)),
        classes=tuple((name, multiplied(usage)) for name, usage in sample.classes),
    )


def _correction(true: UsageSample, factor: int, seed: int, lab: ParticipantId) -> UsageSample:
    """The true sample under fresh salts: a salt is never used twice."""
    salts = tuple(
        Salt(seed_bytes(seed, "salt-corrected", lab, str(true.period), str(number)))
        for number in range(len(true.jobs))
    )
    return replace(true, salts=salts, reason=REASON.format(factor=factor))
