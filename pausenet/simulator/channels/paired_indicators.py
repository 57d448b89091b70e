"""Indicators in pairs: does a lab's own figure differ from the evaluator's, always to one side?

Lab and evaluator measure the same tasks, and the D statistic of `inference.sequential.differences`
adds up their differences. Beside each pair's own scatter, lab and evaluator differ in how they
measure at all, and that stays (`channels.calibrated`). The sign does not matter here: an indicator
too low avoids a trigger, one too high stops rivals; the verifier chooses the side beforehand.
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
    "pairs_a_month": assumed(
        20.0, "pairs/30 days", "tasks that both measure", low=1.0, high=1_000.0
    ),
    "common": assumed(
        0.1, "1", "share of a difference's variance that all pairs share", low=0.0, high=0.9
    ),
    "delay_days": assumed(4.0, "days", "from the tasks to the lead", low=1.0, high=30.0),
}
_MONTH_DAYS: Final = 30.0
_LEAST: Final = 1e-6


def _chances(watched: Watched, differences: Magnitudes) -> tuple[float, ...]:
    values = watched.values
    pairs = max(_LEAST, values["pairs_a_month"] * watched.period_days / _MONTH_DAYS)
    common = min(1.0, values["common"])
    return calibrated(
        watched,
        differences,
        random=max(_LEAST, math.sqrt((1.0 - common) / pairs)),
        systematic=math.sqrt(common),
    )


def _costs(watched: Watched) -> Costs:
    """A tenth of an evaluator's day a pair."""
    pairs = watched.values["pairs_a_month"] * YEAR_DAYS / _MONTH_DAYS
    return Costs(inspector_days=0.1 * pairs, intrusions=YEAR_DAYS / _MONTH_DAYS)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.PAIRED_INDICATORS,
    title="indicators measured twice",
    senses=Trace.INDICATOR,
    controls=frozenset({"evaluators"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="models that hold back for everybody, and tasks that the evaluator does not have",
)
"""Compares a lab's indicators with an evaluator's."""
