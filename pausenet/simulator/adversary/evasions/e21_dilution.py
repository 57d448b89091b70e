"""E21: the lab hides so little in each period that no test of a period or a few can tell.

The mean excess lies below the reference that Page's test for small shifts takes off each value, so
that its sum seldom grows. The pattern over the periods is that which the best test finds least
often: in proportion to the row sums of the balances' covariance (Avenhaus and Jaech), for the use
account with meters that err as the scenario states. It gains little in a period and costs time;
only the balance over a long time sees it. The statements themselves hide the mean share, since
the pattern differs from it by a few parts in a hundred only.
"""

from __future__ import annotations

import math
from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind, MeterErrors
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "sigmas": assumed(
        0.4,
        "sigmas",
        "mean excess over the error of one balance, below k = 0.5 of domain.md 2.1",
        low=0.05,
        high=0.5,
    )
}


def worst_pattern(meters: MeterErrors, start: int, end: int) -> tuple[float, ...]:
    """The pattern over these periods that the best test finds least often, with mean 1.

    With equal amounts a row of the use account's covariance sums to r^2 + s^2 times the periods of
    the evasion that share its calibration.
    """
    every = meters.calibration_periods
    block = [at // every if every else 0 for at in range(start, end)]
    rows = [meters.random_ppm**2 + meters.systematic_ppm**2 * block.count(each) for each in block]
    mean = sum(rows) / len(rows)
    return tuple(row / mean for row in rows)


def _leaves(evader: Evader) -> Footprint:
    meters, plan, course = evader.scenario.meters, evader.plan, evader.course
    end = course.periods if plan.until is None else min(plan.until, course.periods)
    sigma = math.hypot(meters.random_ppm, meters.systematic_ppm) / PPM
    mean = evader.values["sigmas"] * sigma
    excess = [0.0] * course.periods
    excess[plan.start : end] = [mean * part for part in worst_pattern(meters, plan.start, end)]
    used = [each * course.period_days for each in evader.used()]
    return Footprint(
        traces={Trace.BALANCE: tuple(excess)},
        gained_flop=tuple(
            all_of_it * each / (1.0 + each) for all_of_it, each in zip(used, excess, strict=True)
        ),
        costs=Costs(people=1.0),
        cheats=(evader.cheat(CheatKind.UNDER_DECLARATION, mean / (1.0 + mean)),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E21,
    title="dilution",
    does="hides less in each period than its tests can tell",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.LONG_BALANCE,),
    faults=(Fault.F7,),
)
"""Hides a little for a long time."""
