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
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from pausenet.errors import Misuse
from pausenet.inference.arrays import Floats
from pausenet.inference.balance import MeterError
from pausenet.inference.counter import Words
from pausenet.protocol import rules
from pausenet.scenario.evasions import EvasionKind
from pausenet.scenario.physics import drawn_more
from pausenet.scenario.plan import DAY_S, CheatKind, LabPlan, Scenario
from pausenet.scenario.research import STEPS_A_MONTH, research_table
from pausenet.scenario.terms import agreement_of
from pausenet.scenario.world import Future, WorldPlan
from pausenet.simulator.drawing import drawn, spreads_of
from pausenet.simulator.kernels import BalancePlan, best, key_of, salt_of, thresholds
from pausenet.simulator.kernels.plain import NEVER
from pausenet.simulator.outcome.course import MONTH_DAYS, chain, course_of
from pausenet.simulator.outcome.evading import KEEPS_THE_RULES, Evading, courses_of
from pausenet.simulator.outcome.intervals import Rate, Share, rate, share
from pausenet.simulator.outcome.measured import YEAR_DAYS, watched_days
from pausenet.simulator.outcome.replication import replication_seed
from pausenet.simulator.outcome.survival import Curve, Quantile, median, product_limit
from pausenet.simulator.outside import Outside, outside_of, with_cheats
from pausenet.simulator.traces import Trace
from pausenet.statements.agreement import ActivationKind
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId, Role

DRAWN_MAX: Final = 20_000
"""How many runs are reckoned at most where each draws its numbers: a few milliseconds each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelEvasion:
    """What kernels measured of one lab that evades; shares have exact intervals, days medians.

    `first` counts which channel, or F7, was the first; `curve` is Kaplan and Meier's of the delay.
    Gains are medians in FLOP by the detection and by the response, and so are the months of lead
    that they are worth; infinite ones are not reached in half of the runs.
    """

    party: ParticipantId
    kinds: tuple[CheatKind | EvasionKind, ...]
    within: Share
    by_end: Share
    delay_days: Quantile
    curve: Curve
    first: tuple[tuple[str, int], ...]
    gained_by_detection: tuple[Quantile, ...]
    gained_by_response: tuple[Quantile, ...]
    lead_by_detection: tuple[Quantile, ...]
    lead_months: tuple[Quantile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelFollower:
    """What kernels measured of one lab that keeps the rules: in how many runs it was noticed."""

    party: ParticipantId
    noticed: Share
    first: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelMeasured:
    """The whole measurement; `false` are first alarms of any kind about labs that evade nothing."""

    runs: int
    goal_days: float
    level: float
    evasions: tuple[KernelEvasion, ...]
    followers: tuple[KernelFollower, ...]
    false: Rate

    @property
    def labs(self) -> int:
        """How many labs keep the rules."""
        return len(self.followers)


def measure_by_kernel(
    scenario: Scenario, runs: int, *, goal_days: float, level: float = 0.95
) -> KernelMeasured:
    """Measure so many runs; raises `Misuse` for a scenario that the kernels do not know.

    What the scenario gives as an interval is drawn for each run, as the replication of its number
    draws it.
    """
    _check(scenario)
    if not 0.0 < goal_days <= watched_days(scenario):
        raise Misuse(f"goal: expected at most {watched_days(scenario):g} days")
    seeds = [replication_seed(scenario.seed, number) for number in range(runs)]
    every = _reckoned_with_draws(scenario, seeds)
    evasions = (_evasion(scenario, each, goal_days, level) for each in every if each.evades.kinds)
    followers = [
        KernelFollower(
            party=each.lab,
            noticed=share(int(np.count_nonzero(np.isfinite(each.noticed.first_s))), runs, level),
            first=each.noticed.counts(),
        )
        for each in every
        if not each.evades.kinds
    ]
    return KernelMeasured(
        runs=runs,
        goal_days=goal_days,
        level=level,
        evasions=tuple(evasions),
        followers=tuple(followers),
        false=rate(
            sum(each.noticed.count for each in followers),
            runs * len(followers) * end_s(scenario) / DAY_S / YEAR_DAYS,
            level,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noticed:
    """When each run first noticed a lab, in seconds (infinite: never), and by what."""

    first_s: Floats
    by: tuple[str, ...]
    which: Words

    def counts(self) -> tuple[tuple[str, int], ...]:
        """In how many runs each was the first, the most frequent before."""
        seen = self.which[np.isfinite(self.first_s)]
        counts = Counter(self.by[int(which)] for which in seen)
        return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reckoned:
    """All runs of one lab: when each noticed it and by what, and what that was worth by then.

    Of a lab that keeps the rules, and where no compute is counted, the gains are none.
    """

    lab: ParticipantId
    evades: Evading
    noticed: _Noticed
    gained: tuple[Floats, ...]


def _reckoned_with_draws(scenario: Scenario, seeds: Sequence[int]) -> list[_Reckoned]:
    """Each lab's runs; with intervals each run is of a scenario of its own."""
    keys = np.array([key_of(seed) for seed in seeds], dtype=np.uint64)
    if all(_money(place) for place, _ in spreads_of(scenario)):
        return _reckoned(scenario, keys)
    if len(seeds) > DRAWN_MAX:
        raise Misuse(
            f"--replications: at most {DRAWN_MAX} by kernels where numbers are drawn for each run"
        )
    parts = [_reckoned(drawn(scenario, seed), keys[at : at + 1]) for at, seed in enumerate(seeds)]
    return [_together(runs) for runs in zip(*parts, strict=True)]


def _together(parts: Sequence[_Reckoned]) -> _Reckoned:
    """Runs of one lab, one after the other."""
    return replace(
        parts[0],
        noticed=_one_after_the_other([each.noticed for each in parts]),
        gained=tuple(
            np.concatenate(columns)
            for columns in zip(*(each.gained for each in parts), strict=True)
        ),
    )


def _one_after_the_other(parts: Sequence[_Noticed]) -> _Noticed:
    names = tuple(dict.fromkeys(name for each in parts for name in each.by))
    places = [np.array([names.index(name) for name in each.by])[each.which] for each in parts]
    return _Noticed(
        first_s=np.concatenate([each.first_s for each in parts]),
        by=names,
        which=np.concatenate(places).astype(np.uint64),
    )


def _reckoned(scenario: Scenario, keys: Words) -> list[_Reckoned]:
    """All runs of a scenario without intervals, lab by lab."""
    outside, courses = outside_of(scenario), courses_of(scenario)
    found = []
    for lab in scenario.labs:
        noticed = _noticed(scenario, outside, lab, keys)
        evades = courses.get(lab.name, KEEPS_THE_RULES)
        gained = _gains(scenario, outside, lab.name, noticed) if evades.kinds else ()
        found.append(
            _Reckoned(
                lab=lab.name,
                evades=evades,
                noticed=noticed,
                gained=gained,
            )
        )
    return found


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
    every[every > end_s(scenario)] = np.inf
    return _Noticed(first_s=every.min(axis=0), by=tuple(names), which=every.argmin(axis=0))


def _balance(scenario: Scenario, lab: LabPlan) -> BalancePlan:
    """The lab's power account: what its evasions leave in it, and what its cheats hide.

    Both are of the declared use; the energy's excess is smaller (`physics.drawn_more`).
    """
    evades = courses_of(scenario).get(lab.name)
    excess = np.array(outside_of(scenario).footprints[lab.name].of(Trace.BALANCE))
    for cheat in evades.cheats if evades else ():
        if cheat.kind is CheatKind.UNDER_DECLARATION:
            hidden = min(0.99, cheat.amount_ppm / PPM)
            until = scenario.periods if cheat.until is None else cheat.until
            excess[cheat.start : until] += hidden / (1.0 - hidden)
    meters = scenario.meters
    return BalancePlan(
        excess=tuple(drawn_more(each, lab.utilisation_ppm / PPM) for each in excess.tolist()),
        first=scenario.notice_periods,
        error=MeterError(random_ppm=meters.random_ppm, systematic_ppm=meters.systematic_ppm),
        every=meters.calibration_periods,
        limits=rules.SERIES,
    )


def _gains(
    scenario: Scenario, outside: Outside, party: ParticipantId, noticed: _Noticed
) -> tuple[Floats, ...]:
    """By the detection and by the response: the compute, and the months that it is worth."""
    gained = np.cumsum((0.0, *outside.footprints[party].gained_flop))
    if gained[-1] <= 0.0:
        return ()
    after_days = chain(agreement_of(scenario), Fault.F7, detection_days=0.0).days
    response_s = noticed.first_s + after_days * DAY_S
    by_detection = _gained(scenario, gained, noticed.first_s)
    by_response = _gained(scenario, gained, response_s)

    def months(flop: Floats, moment_s: Floats) -> Floats:
        bound_days = scenario.notice_periods * scenario.period_s / DAY_S
        elapsed, begun = (moment_s / DAY_S - bound_days) / MONTH_DAYS, bound_days / MONTH_DAYS
        return _months(scenario.world, flop, _researched(scenario.world, elapsed, begun))

    return (
        by_detection,
        by_response,
        months(by_detection, noticed.first_s),
        months(by_response, response_s),
    )


def _evasion(scenario: Scenario, seen: _Reckoned, goal_days: float, level: float) -> KernelEvasion:
    runs = len(seen.noticed.first_s)
    begins_s = seen.evades.start * scenario.period_s
    delay = (seen.noticed.first_s - begins_s) / DAY_S
    medians = tuple((_median(each, level),) for each in seen.gained) or ((), (), (), ())
    by_detection, by_response, lead_by_detection, lead_months = medians
    return KernelEvasion(
        party=seen.lab,
        kinds=seen.evades.kinds,
        within=share(int(np.count_nonzero(delay <= goal_days)), runs, level),
        by_end=share(int(np.count_nonzero(np.isfinite(delay))), runs, level),
        delay_days=_median(delay, level),
        curve=_curve(delay, (end_s(scenario) - begins_s) / DAY_S, level),
        first=seen.noticed.counts(),
        gained_by_detection=by_detection,
        gained_by_response=by_response,
        lead_by_detection=lead_by_detection,
        lead_months=lead_months,
    )


def _curve(delay: Floats, last: float, level: float) -> Curve:
    """Kaplan and Meier's estimate, of runs that are all watched equally long."""
    times, events = np.unique(delay[np.isfinite(delay)], return_counts=True)
    before = np.cumsum(events) - events
    counts = (
        (float(time), len(delay) - int(gone), int(count))
        for time, gone, count in zip(times, before, events, strict=True)
    )
    return product_limit(counts, of=len(delay), last=last, level=level)


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


def end_s(scenario: Scenario) -> int:
    """When the last cut is taken, in seconds from the first period's start."""
    return scenario.periods * scenario.period_s + scenario.deadline_s + scenario.grace_s


def _check(scenario: Scenario) -> None:
    """Refuse what the kernels would get wrong in silence."""
    terms = scenario.agreement
    plain = terms.activation is ActivationKind.ALL_NAMED and not terms.trigger_when
    if not plain or any(lab.ratifies_from != 0 for lab in scenario.labs):
        raise Misuse("the kernels know only agreements that all ratify and that bind at once")
    if scenario.faults or scenario.acts or scenario.changes:
        raise Misuse("the kernels know no acts, faults or changes of a scenario")
    brought = with_cheats(scenario).cheats[len(scenario.cheats) :]
    # A clock in an evader's league moves what cosignatures say, and no reading or lead.
    others = (each for each in brought if each.kind is not CheatKind.LYING_CLOCK)
    if any(each.kind.role is Role.VERIFIER for each in (*scenario.cheats, *others)):
        raise Misuse("the kernels know no verifiers that cheat")


def _money(place: tuple[str, ...]) -> bool:
    """Whether a number is money, or an amount that only money is reckoned from."""
    return place[0] == "costs" or place[-1] == "budget_milli"
