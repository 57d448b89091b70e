"""A second meter that others hold: the paired difference of two independent meters.

Both meters read the same power. Over one calibration of n periods the mean of their relative
differences has the variance 2 (r^2 / n + s^2), with r the error of one reading and s that of a
calibration, alike for both meters; the next calibration draws s anew. The test is one-sided
(`inference.detection`). Waiting within a calibration averages readings, never the calibration.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from pausenet.inference.detection import detection_probability
from pausenet.inference.meters import CALIBRATION_PERIOD, METER_RANDOM, METER_SYSTEMATIC
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import ChannelModel, Watched, assumed
from pausenet.simulator.channels.looks import block_of, mean, on_occasions
from pausenet.simulator.traces import Costs, Trace
from pausenet.statements.clauses import PPM

_WEEK_DAYS: Final = 7.0
_PARAMETERS: Final = {
    "random": assumed(METER_RANDOM.value / PPM, "1", METER_RANDOM.basis, low=0.001, high=0.05),
    "systematic": assumed(
        METER_SYSTEMATIC.value / PPM, "1", METER_SYSTEMATIC.basis, low=0.0, high=0.05
    ),
    "calibration_days": assumed(
        CALIBRATION_PERIOD.value * _WEEK_DAYS,
        "days",
        CALIBRATION_PERIOD.basis,
        low=28.0,
        high=364.0,
    ),
    "delay_days": assumed(7.0, "days", "until readings are compared", low=1.0, high=30.0),
}


def _chances(watched: Watched, gaps: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    every = values["calibration_days"]
    readings = block_of(watched, every)
    variance = 2.0 * (values["random"] ** 2 / readings + values["systematic"] ** 2)

    def found(gap: float, alpha: float) -> float:
        return detection_probability(gap / math.sqrt(max(variance, 1e-18)), alpha)

    return on_occasions(found, watched, gaps, every_days=every, over=mean)


def _costs(watched: Watched) -> Costs:
    """One meter more at each site, and a day of an inspector to read it each quarter."""
    return Costs(meters=float(watched.lab.sites), inspector_days=4.0, intrusions=4.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.SECOND_METER,
    title="a second meter that others hold",
    senses=Trace.METER_GAP,
    controls=frozenset({"verifiers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="power that passes both meters by, and a gap below what calibrations differ",
)
"""Reads what the lab's own meter reads."""
