"""Number formats in use: does work run in narrower formats than it is counted in?

In each period some jobs are profiled, drawn at random, and the formats of their operations are
compared with those declared. Honest jobs are seldom entered wrongly; an alarm is raised where more
are than that explains at the false-alarm rate.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Magnitudes,
    Watched,
    assumed,
    each_period,
)
from pausenet.simulator.channels.counts import counted
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "jobs_a_day": assumed(2.0, "jobs/day", "jobs profiled", low=0.05, high=100.0),
    "benign": assumed(0.01, "1", "honest jobs entered in a wrong format", low=0.0, high=0.1),
    "recognised": assumed(
        0.8, "1", "narrower jobs that the profile shows as such", low=0.1, high=1.0
    ),
    "delay_days": assumed(2.0, "days", "from the profile to the lead", low=0.1, high=14.0),
}
_INSPECTOR_DAYS_A_JOB: Final = 0.02


def _chances(watched: Watched, shares: Magnitudes) -> tuple[float, ...]:
    values = watched.values
    benign = values["benign"]
    alarm = counted(values["jobs_a_day"] * watched.period_days, benign, watched.alpha)

    def power(share: float) -> float:
        narrow = min(1.0, share * values["recognised"])
        return alarm(narrow + (1.0 - narrow) * benign)

    return each_period(power, watched, shares)


def _costs(watched: Watched) -> Costs:
    """A profile a job, mostly read by programs."""
    jobs = watched.values["jobs_a_day"] * YEAR_DAYS
    return Costs(inspector_days=_INSPECTOR_DAYS_A_JOB * jobs, intrusions=jobs)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.FORMATS,
    title="profiles of number formats",
    senses=Trace.FORMAT,
    controls=frozenset({"profilers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="better methods in the declared format, and profiles that the lab has forged",
)
"""Profiles the formats that work runs in."""
