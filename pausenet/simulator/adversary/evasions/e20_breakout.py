"""E20: the lab keeps to the agreement, has everything ready, and sprints when it is free.

Until the sprint it gains nothing: data, code and weights stand loaded on accelerators that are
sealed, and only a look inside shows it. Then it runs until it has the threshold's operations, for
the breakout time

    days = threshold / (accelerators x peak x utilisation x 86400)

of `inference.accounts.quantities.days_to` (domain.md 3). A sprint after a lawful exit is no breach:
F6 finds one only while caps are in force.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed, daily_flop, sourced
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault

_THRESHOLD_UNIT: Final = 1e24
_PARAMETERS: Final = {
    "staged": assumed(
        0.5, "1", "share of its accelerators that stand loaded and ready", low=0.01, high=1.0
    ),
    "staging_days": assumed(112.0, "days", "from loading to the sprint", low=7.0, high=730.0),
    "threshold": sourced(
        100.0,
        "1e24 FLOP",
        "domain.md 1.9: 1e26 operations, the threshold of published rules",
        low=1.0,
        high=1_000.0,
    ),
    "people": assumed(10.0, "people", "who prepare it", low=2.0, high=100.0),
}


def breakout_days(accelerators: float, threshold_flop: float) -> float:
    """How long so many accelerators need for the threshold, at the simulator's utilisation.

    >>> round(breakout_days(100_000, 1e26))
    33
    """
    return threshold_flop / daily_flop(accelerators)


def _leaves(evader: Evader) -> Footprint:
    values, course = evader.values, evader.course
    staged = [min(1.0, values["staged"]) * held for held in evader.fleet]
    sprint = evader.plan.start + max(1, round(values["staging_days"] / course.period_days))
    left, gained = values["threshold"] * _THRESHOLD_UNIT, []
    on = evader.during(1.0)
    for at, flag in enumerate(on):
        step = min(left, daily_flop(staged[at]) * course.period_days) * flag * (at >= sprint)
        left -= step
        gained.append(step)
    while_staged = evader.mean_fleet * min(1.0, values["staged"])
    idle = while_staged * (1.0 - evader.lab.utilisation_ppm / PPM) * 24.0 * values["staging_days"]
    return Footprint(
        traces={
            Trace.STAGED: tuple(staged[at] * flag * (at < sprint) for at, flag in enumerate(on)),
            Trace.WORKERS: evader.during(values["people"]),
        },
        gained_flop=tuple(gained),
        costs=Costs(accelerator_hours=idle, people=values["people"]),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E20,
    title="breakout",
    does="stands ready while it keeps to the agreement, and sprints when it is free",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.SEALS,),
    faults=(Fault.F6,),
)
"""Waits for the day."""
