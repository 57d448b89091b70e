"""What many replications of one scenario say: shares and times, each with n and an interval.

Every interval here has one level, which the stopping rule gives. The runs are independent; the
labs of one run share its network and its clocks, so that for all labs together what is counted in
an exact share is the run.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar

from pausenet.errors import Misuse
from pausenet.scenario.evasions import ChannelKind
from pausenet.scenario.plan import DAY_S, Scenario
from pausenet.simulator.outcome.influences import Influences, influences
from pausenet.simulator.outcome.intervals import Interval, Rate, Share, rate, share
from pausenet.simulator.outcome.replication import (
    FLOP_PER_PFLOP,
    Gain,
    PartySeen,
    Replication,
)
from pausenet.simulator.outcome.survival import Curve, Quantile, Spell, kaplan_meier, median
from pausenet.statements.finding import Fault
from pausenet.values import ParticipantId

YEAR_DAYS: Final = 365.0
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evasion:
    """What was measured of one party that evades, over all runs.

    `within` counts findings within the goal, `by_end` those by the run's end, `proven`
    confirmed ones by then. `noticed` counts those with a finding or a lead within the goal:
    without channels it is `within`. `delay` and `noticed_delay` are in days. `faults` counts
    first findings and `channels` first leads. `gained_by_finding` and `gained_by_response` are
    medians in FLOP, `lead_by_finding` and `lead_months` what they are worth in months of lead;
    a run without a detection counts as more than any number, so that a median may not be
    reached. Where no compute is counted they are empty.
    """

    party: ParticipantId
    within: Share
    by_end: Share
    proven: Share
    noticed: Share
    delay: Curve
    noticed_delay: Curve
    faults: tuple[tuple[Fault, int], ...]
    channels: tuple[tuple[ChannelKind, int], ...]
    gained_by_finding: tuple[Quantile, ...]
    gained_by_response: tuple[Quantile, ...]
    lead_by_finding: tuple[Quantile, ...]
    lead_months: tuple[Quantile, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Followers:
    """What was measured of all labs that keep the rules.

    `suspected` counts a lab once a run; `runs_with_any` the runs in which any was suspected, and
    `convicted` those in which a breach was proven against any: their intervals need no
    independence between the labs of a run. `early` counts findings against evaders before their
    evasion, `leads` a lab with a lead once a run.
    """

    labs: int
    suspected: Rate
    runs_with_any: Share
    convicted: Share
    early: int
    leads: Rate
    faults: tuple[tuple[Fault, int], ...]
    channels: tuple[tuple[ChannelKind, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """The whole measurement; `goal_days` is the timeliness goal that `within` counts by.

    `influences` say which of the numbers that each run draws anew move what was measured.
    """

    runs: int
    level: float
    goal_days: float
    evasions: tuple[Evasion, ...]
    followers: Followers
    influences: tuple[Influences, ...]
    broken: int

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """The intervals that decide whether there are runs enough.

        Those of detection within the goal, by a finding or a lead; where nobody evades, that of a
        run with a false alarm.
        """
        found = tuple(each.noticed.interval for each in self.evasions)
        return found or (self.followers.runs_with_any.interval,)


def measure(
    scenario: Scenario, runs: Sequence[Replication], *, goal_days: float, level: float
) -> Measured:
    """Count over these runs; raises `Misuse` where the goal is longer than the runs watch."""
    if not runs:
        raise Misuse("measure: expected one run at least")
    evaders = [seen.party for seen in runs[0].parties if seen.evades]
    return Measured(
        runs=len(runs),
        level=level,
        goal_days=goal_days,
        evasions=tuple(_evasion(runs, name, goal_days, level) for name in evaders),
        followers=_followers(scenario, runs, level),
        influences=influences(scenario, runs, goal_days=goal_days, level=level),
        broken=sum(run.broken != () for run in runs),
    )


def watched_days(scenario: Scenario) -> float:
    """For how long every evader of a scenario is certainly watched: up to the last cut.

    Of somebody who evades in several ways the time goes from the first of them, as delays do.
    """
    starts = [(cheat.by, cheat.start) for cheat in scenario.cheats if cheat.real]
    starts += [(plan.by, plan.start) for plan in scenario.evasions]
    firsts = [min(start for other, start in starts if other == name) for name, _ in starts]
    end_s = scenario.periods * scenario.period_s + scenario.deadline_s + scenario.grace_s
    return (end_s - max(firsts, default=0) * scenario.period_s) / DAY_S


def _evasion(
    runs: Sequence[Replication], name: ParticipantId, goal_days: float, level: float
) -> Evasion:
    seen = [each for run in runs for each in run.parties if each.party == name]
    if any(each.watched_s < goal_days * DAY_S for each in seen):
        raise Misuse(f"goal: expected one within the time that the runs watch {name}")
    found = [each for each in seen if each.found]
    in_time = sum(each.delay_s <= goal_days * DAY_S for each in found)
    gained = [each for each in seen if each.gained]
    return Evasion(
        party=name,
        within=share(in_time, len(seen), level),
        by_end=share(len(found), len(seen), level),
        proven=share(sum(each.proven != () for each in seen), len(seen), level),
        noticed=share(
            sum(each.noticed and each.noticed_s <= goal_days * DAY_S for each in seen),
            len(seen),
            level,
        ),
        delay=kaplan_meier(
            (Spell(time=each.delay_s / DAY_S, event=each.found != ()) for each in seen), level
        ),
        noticed_delay=kaplan_meier(
            (Spell(time=each.noticed_s / DAY_S, event=each.noticed) for each in seen), level
        ),
        faults=_counted(each.found[0].fault for each in found),
        channels=_counted(each.leads[0].channel for each in seen if each.leads),
        gained_by_finding=_median(gained, level, lambda g: g.by_finding * FLOP_PER_PFLOP),
        gained_by_response=_median(gained, level, lambda g: g.by_response * FLOP_PER_PFLOP),
        lead_by_finding=_median(gained, level, lambda g: g.lead_by_finding),
        lead_months=_median(gained, level, lambda g: g.lead_months),
    )


def _followers(scenario: Scenario, runs: Sequence[Replication], level: float) -> Followers:
    names = {lab.name for lab in scenario.labs}
    seen = [each for run in runs for each in run.parties if not each.evades]
    labs = [each for each in seen if each.party in names]
    suspected = [each for each in labs if each.found]
    years = sum(each.watched_s for each in labs) / DAY_S / YEAR_DAYS
    return Followers(
        labs=len({each.party for each in labs}),
        suspected=rate(len(suspected), years, level),
        runs_with_any=share(_runs_with(runs, lambda each: each.found != ()), len(runs), level),
        convicted=share(_runs_with(runs, lambda each: each.proven != ()), len(runs), level),
        early=sum(each.early != () for run in runs for each in run.parties),
        leads=rate(sum(each.leads != () for each in labs), years, level),
        faults=_counted(each.found[0].fault for each in seen if each.found),
        channels=_counted(each.leads[0].channel for each in labs if each.leads),
    )


def _runs_with(runs: Sequence[Replication], holds: Callable[[PartySeen], bool]) -> int:
    """In how many runs this holds of any party that keeps the rules, meters and verifiers too."""
    return sum(any(holds(each) for each in run.parties if not each.evades) for run in runs)


def _counted(items: Iterable[_Word]) -> tuple[tuple[_Word, int], ...]:
    return tuple(sorted(Counter(items).items(), key=lambda item: (-item[1], item[0])))


def _median(
    seen: Sequence[PartySeen], level: float, amount: Callable[[Gain], float]
) -> tuple[Quantile, ...]:
    """The median over runs of an amount, infinite for runs without a detection; none of no runs."""
    if not seen:
        return ()
    return (median([amount(each.gained[0]) if each.noticed else math.inf for each in seen], level),)
