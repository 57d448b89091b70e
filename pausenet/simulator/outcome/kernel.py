"""The same measurement by kernels: channels and power meters for very many runs, no protocol.

A run here has the seed that the replication of its number has, and its leads are those of that
replication, draw for draw. The power account's noise is drawn anew: the agreement of both
fidelities in it is one of shares, within their intervals. What only logs and signatures show (all
findings but F7) is not reckoned here; where an evasion has no trace that a channel of the scenario
or a meter sees, the kernels find nothing, whatever the protocol would.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats
from pausenet.inference.balance import MeterError
from pausenet.protocol import rules
from pausenet.scenario.plan import DAY_S, CheatKind, LabPlan, Scenario
from pausenet.scenario.research import STEPS_A_MONTH, research_table
from pausenet.scenario.terms import agreement_of
from pausenet.scenario.world import Future, WorldPlan
from pausenet.simulator.drawing import spreads_of
from pausenet.simulator.kernels import BalancePlan, best, key_of, salt_of, thresholds
from pausenet.simulator.kernels.plain import NEVER
from pausenet.simulator.kernels.vectorised import Words
from pausenet.simulator.outcome.course import MONTH_DAYS, chain, course_of
from pausenet.simulator.outcome.evading import courses_of
from pausenet.simulator.outcome.intervals import Rate, Share, rate, share
from pausenet.simulator.outcome.measured import YEAR_DAYS, median, watched_days
from pausenet.simulator.outcome.replication import replication_seed
from pausenet.simulator.outcome.survival import Quantile
from pausenet.simulator.outside import Outside, outside_of, with_cheats
from pausenet.simulator.traces import Trace
from pausenet.statements.agreement import ActivationKind
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelEvasion:
    """What kernels measured of one lab that evades; shares have exact intervals, days medians.

    `first` counts which channel, or F7, was the first. Gains are medians in FLOP by the detection
    and by the response; infinite ones are not reached in half of the runs.
    """

    party: ParticipantId
    within: Share
    by_end: Share
    delay_days: Quantile
    first: tuple[tuple[str, int], ...]
    gained_by_detection: tuple[Quantile, ...]
    gained_by_response: tuple[Quantile, ...]
    lead_months: tuple[Quantile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelMeasured:
    """The whole measurement; `false` are first alarms of any kind about labs that evade nothing."""

    runs: int
    goal_days: float
    level: float
    evasions: tuple[KernelEvasion, ...]
    labs: int
    false: Rate


def measure_by_kernel(
    scenario: Scenario, runs: int, *, goal_days: float, level: float = 0.95
) -> KernelMeasured:
    """Measure so many runs; raises `Misuse` for a scenario that the kernels do not know."""
    _check(scenario)
    if not 0.0 < goal_days <= watched_days(scenario):
        raise Misuse(f"goal: expected at most {watched_days(scenario):g} days")
    keys = np.array(
        [key_of(replication_seed(scenario.seed, number)) for number in range(runs)], dtype=np.uint64
    )
    outside, courses = outside_of(scenario), courses_of(scenario)
    evasions, false, years, labs = [], 0, 0.0, 0
    for lab in scenario.labs:
        noticed = _noticed(scenario, outside, lab, keys)
        evades = courses.get(lab.name)
        if evades is None:
            labs += 1
            false += int(np.count_nonzero(np.isfinite(noticed.first_s)))
            years += runs * _end_s(scenario) / DAY_S / YEAR_DAYS
            continue
        begins_s = evades.start * scenario.period_s
        evasions.append(_evasion(scenario, outside, lab.name, noticed, begins_s, goal_days, level))
    return KernelMeasured(
        runs=runs,
        goal_days=goal_days,
        level=level,
        evasions=tuple(evasions),
        labs=labs,
        false=rate(false, years, level),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noticed:
    """When each run first noticed a lab, in seconds (infinite: never), and by what."""

    first_s: Floats
    by: tuple[str, ...]
    which: Words


def _noticed(scenario: Scenario, outside: Outside, lab: LabPlan, keys: Words) -> _Noticed:
    """Alarms of a time before an evasion are false and none of it: the test goes on after them."""
    kernels, evades = best(), courses_of(scenario).get(lab.name)
    start = evades.start if evades else 0
    rows = [row for row in outside.rows if row.lab == lab.name]
    limits = [
        [0 if at < start else limit for at, limit in enumerate(thresholds(row.chances))]
        for row in rows
    ]
    salts = [salt_of(row.lab, row.channel) for row in rows]
    moments = [np.full(len(keys), np.inf)]
    names = [str(Fault.F7)]
    if scenario.notice_periods < scenario.periods:
        at = kernels.first_imbalances(keys, salt_of(lab.name, "power"), _balance(scenario, lab))
        moments[0] = np.where(
            at == NEVER,
            np.inf,
            (at + 1.0) * scenario.period_s + scenario.deadline_s + scenario.grace_s,
        )
        moments[0][at < start] = np.inf
    if rows:
        found = kernels.first_alarms(
            keys, np.array(limits, dtype=np.uint64), np.array(salts, dtype=np.uint64)
        )
        for number, row in enumerate(rows):
            at = found[:, number]
            moment = (at + 1.0) * scenario.period_s + row.delay_s
            moments.append(np.where(at == NEVER, np.inf, moment))
            names.append(str(row.channel))
    every = np.stack(moments)
    every[every > _end_s(scenario)] = np.inf
    return _Noticed(first_s=every.min(axis=0), by=tuple(names), which=every.argmin(axis=0))


def _balance(scenario: Scenario, lab: LabPlan) -> BalancePlan:
    """The lab's power account: what its evasions leave in it, and what its cheats hide."""
    evades = courses_of(scenario).get(lab.name)
    excess = np.array(outside_of(scenario).footprints[lab.name].of(Trace.BALANCE))
    for cheat in evades.cheats if evades else ():
        if cheat.kind is CheatKind.UNDER_DECLARATION:
            hidden = min(0.99, cheat.amount_ppm / PPM)
            until = scenario.periods if cheat.until is None else cheat.until
            excess[cheat.start : until] += hidden / (1.0 - hidden)
    meters = scenario.meters
    return BalancePlan(
        excess=tuple(excess.tolist()),
        first=scenario.notice_periods,
        error=MeterError(random_ppm=meters.random_ppm, systematic_ppm=meters.systematic_ppm),
        every=meters.calibration_periods,
        limits=rules.SERIES,
    )


def _evasion(
    scenario: Scenario,
    outside: Outside,
    party: ParticipantId,
    noticed: _Noticed,
    begins_s: int,
    goal_days: float,
    level: float,
) -> KernelEvasion:
    runs = len(noticed.first_s)
    seen = np.isfinite(noticed.first_s)
    delay = (noticed.first_s - begins_s) / DAY_S
    gained = np.cumsum((0.0, *outside.footprints[party].gained_flop))
    after_days = chain(agreement_of(scenario), Fault.F7, detection_days=0.0).days
    response_s = noticed.first_s + after_days * DAY_S
    by_response = _gained(scenario, gained, response_s)
    bound_days = scenario.notice_periods * scenario.period_s / DAY_S
    elapsed, begun = (response_s / DAY_S - bound_days) / MONTH_DAYS, bound_days / MONTH_DAYS
    lead = _months(scenario.world, by_response, _researched(scenario.world, elapsed, begun))
    counted = (True,) if gained[-1] > 0.0 else ()
    counts = Counter(noticed.by[int(which)] for which in noticed.which[seen])
    return KernelEvasion(
        party=party,
        within=share(int(np.count_nonzero(delay <= goal_days)), runs, level),
        by_end=share(int(np.count_nonzero(seen)), runs, level),
        delay_days=_median(delay, level),
        first=tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))),
        gained_by_detection=tuple(
            _median(_gained(scenario, gained, noticed.first_s), level) for _ in counted
        ),
        gained_by_response=tuple(_median(by_response, level) for _ in counted),
        lead_months=tuple(_median(lead, level) for _ in counted),
    )


def _gained(scenario: Scenario, gained: Floats, moment_s: Floats) -> Floats:
    """What was gained by each moment; beyond the run it goes on as in the run's last period."""
    edges = np.arange(len(gained)) * float(scenario.period_s)
    inside = np.interp(moment_s, edges, gained)
    beyond = np.where(np.isfinite(moment_s), np.maximum(0.0, moment_s - edges[-1]), 0.0)
    last = (gained[-1] - gained[-2]) / scenario.period_s
    found: Floats = np.where(np.isfinite(moment_s), inside + beyond * last, np.inf)
    return found


def _researched(world: WorldPlan, elapsed_months: Floats, begun_months: float) -> Floats:
    """`scenario.research.researched`, over arrays; infinite where nothing was found."""
    if world.loop.future is Future.STEADY:
        return elapsed_months
    until = begun_months + elapsed_months
    seen = until[np.isfinite(until)]
    done = research_table(world, max(begun_months, seen.max(initial=0.0)))
    grid = np.arange(len(done)) / STEPS_A_MONTH
    before = np.interp(begun_months, grid, done)
    found: Floats = np.where(np.isfinite(until), np.interp(until, grid, done) - before, np.inf)
    return found


def _months(world: WorldPlan, flop: Floats, researched: Floats) -> Floats:
    """`Frontier.lead_months`, over arrays; infinite where nothing was found."""
    course = course_of(world)
    with np.errstate(divide="ignore", invalid="ignore"):
        worth = np.log2(flop / course.frontier) + researched / course.halving_months
        lead = np.maximum(0.0, 12.0 * worth / math.log2(course.growth_yearly))
    found: Floats = np.where(np.isfinite(flop), lead, np.inf)
    return found


def _median(values: Floats, level: float) -> Quantile:
    return median(values.tolist(), level)


def _end_s(scenario: Scenario) -> int:
    return scenario.periods * scenario.period_s + scenario.deadline_s + scenario.grace_s


def _check(scenario: Scenario) -> None:
    """Refuse what the kernels would get wrong in silence."""
    terms = scenario.agreement
    plain = terms.activation is ActivationKind.ALL_NAMED and not terms.trigger_when
    if not plain or any(lab.ratifies_from != 0 for lab in scenario.labs):
        raise Misuse("the kernels know only agreements that all ratify and that bind at once")
    if scenario.faults or scenario.acts or scenario.changes:
        raise Misuse("the kernels know no acts, faults or changes of a scenario")
    if any(cheat.kind.role is Role.VERIFIER for cheat in with_cheats(scenario).cheats):
        raise Misuse("the kernels know no verifiers that cheat")
    if unsure := spreads_of(scenario):
        place = ".".join(unsure[0][0])
        raise Misuse(f"the kernels draw no numbers: {place} is an interval, {unsure[0][1]}")
