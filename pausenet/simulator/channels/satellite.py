"""Pictures from above: a site that draws power gives off heat, and somebody must look at it.

In each period a share of all candidate places is looked at. A place that draws p megawatts is told
from ordinary industry with the chance p / (p + h): half at h megawatts. The picture shows power and
buildings, not what runs in them; a hall among other industry, underground or in small rooms is
looked at like any other place and recognised less.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Watched,
    assumed,
    each_period,
)
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "coverage": assumed(
        0.5, "1", "share of candidate places looked at in 30 days", low=0.1, high=0.9
    ),
    "half_power": assumed(
        20.0, "MW", "power at which half of all sites are recognised", low=5.0, high=100.0
    ),
    "delay_days": assumed(7.0, "days", "from the picture to the lead", low=1.0, high=30.0),
}
_MONTH_DAYS: Final = 30.0


def _chances(watched: Watched, megawatts: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    looked_at: float = 1.0 - (1.0 - values["coverage"]) ** (watched.period_days / _MONTH_DAYS)

    def found(power: float) -> float:
        recognised = power / (power + values["half_power"])
        return watched.alpha + (1.0 - watched.alpha) * looked_at * recognised

    return each_period(found, watched, megawatts)


def _costs(watched: Watched) -> Costs:
    """An analyst looks a tenth of a day at each month's pictures of a lab's region."""
    del watched
    return Costs(inspector_days=0.1 * YEAR_DAYS / _MONTH_DAYS)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.SATELLITE,
    title="pictures from above",
    senses=Trace.SITE_POWER,
    controls=frozenset({"states"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what runs inside, small sites, and sites among other industry",
)
"""Sees the heat of an undeclared site."""
