"""A budget for unexplained output: how much leaves the racks beyond what declared work gives?

Network taps commit to what leaves, and a sample of it is computed again from what came in. Honest
work leaves a little unexplained, and the agreement allows a budget for that. An alarm is raised
where more blocks are unexplained than a stream that uses up the whole budget would leave at the
false-alarm rate. So what a lab smuggles within the budget is never found: the budget is the
covert channel, and its size decides.
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
    sourced,
)
from pausenet.simulator.channels.counts import counted
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "budget": sourced(
        0.0001,
        "1",
        "share of output bits; domain.md 1.7: a bar that would work, where slack is about 1 %",
        low=0.0001,
        high=0.01,
    ),
    "honest": assumed(
        0.00002, "1", "share that honest work leaves unexplained", low=0.0, high=0.01
    ),
    "blocks_a_day": assumed(
        10_000.0, "blocks/day", "blocks of output computed again", low=100.0, high=1e6
    ),
    "delay_days": assumed(3.0, "days", "from the tap to the lead", low=0.5, high=30.0),
}
_BLOCKS_AN_HOUR: Final = 1_000.0


def _chances(watched: Watched, shares: Magnitudes) -> tuple[float, ...]:
    values = watched.values
    blocks = values["blocks_a_day"] * watched.period_days
    alarm = counted(blocks, values["budget"], watched.alpha)
    return each_period(lambda share: alarm(values["honest"] + share), watched, shares)


def _costs(watched: Watched) -> Costs:
    """A thousand blocks an accelerator-hour, taps at ten halls, two people."""
    hours = watched.values["blocks_a_day"] * YEAR_DAYS / _BLOCKS_AN_HOUR
    return Costs(accelerator_hours=hours, meters=10.0, people=2.0)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.EGRESS,
    title="the budget of unexplained output",
    senses=Trace.EGRESS,
    controls=frozenset({"taps"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what is smuggled within the budget, and what leaves on disks or in heads",
)
"""Counts what leaves and nothing explains."""
