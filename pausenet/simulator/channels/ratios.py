"""Operations to occupied time: does work run faster than the lab says that it does?

Profiling counters of some jobs, drawn at random, give operations a second, and these are compared
with the lab's declared operations over its occupied time. Each job scatters; besides, the counters
as a whole read too high or too low by an error that stays (`channels.calibrated`). Power meters
never see this: energy and time are true.
"""

from __future__ import annotations

import math
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Magnitudes,
    Watched,
    assumed,
)
from pausenet.simulator.channels.calibrated import calibrated
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "jobs_a_day": assumed(1.0, "jobs/day", "jobs profiled", low=0.02, high=100.0),
    "scatter": assumed(
        0.15, "1", "relative standard deviation of an honest job", low=0.05, high=0.5
    ),
    "calibration": assumed(
        0.05, "1", "relative standard deviation of all counters together", low=0.0, high=0.3
    ),
    "delay_days": assumed(2.0, "days", "from the profile to the lead", low=0.1, high=14.0),
}
_INSPECTOR_DAYS_A_JOB: Final = 0.02
_LEAST: Final = 1e-6


def _chances(watched: Watched, excess: Magnitudes) -> tuple[float, ...]:
    values = watched.values
    jobs = max(_LEAST, values["jobs_a_day"] * watched.period_days)
    return calibrated(
        watched,
        excess,
        random=max(_LEAST, values["scatter"] / math.sqrt(jobs)),
        systematic=values["calibration"],
    )


def _costs(watched: Watched) -> Costs:
    """A profile a job, mostly read by programs."""
    jobs = watched.values["jobs_a_day"] * YEAR_DAYS
    return Costs(inspector_days=_INSPECTOR_DAYS_A_JOB * jobs, intrusions=jobs)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.RATIOS,
    title="the ratio of operations to occupied time",
    senses=Trace.RATE,
    controls=frozenset({"profilers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what is smaller than the counters' own error, and jobs kept from the draw",
)
"""Compares profiled with declared operations a second."""
