"""The utility's books: power that a region draws beyond what its declared loads explain.

At the end of each estimate the power that the utility feeds is set against the declared loads.
The estimate's relative error has heavy tails (`inference.fusion.quantity`): half of all errors are
larger than the median, so that the limit that keeps the false-alarm rate lies far out,

    P(excess >= x) = 2^(-x / median) / 2,

and a site that is a small share of the region's load stays below it. The error of one estimate is
one draw: looking at it twice shows nothing new.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

from pausenet.inference.fusion.quantity import ENERGY_MEDIAN
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import YEAR_DAYS, ChannelModel, Watched, assumed
from pausenet.simulator.channels.looks import mean, on_occasions
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "region": assumed(
        1_000.0, "MW", "load of the region in which the site is looked for", low=50.0, high=20_000.0
    ),
    "median_error": ENERGY_MEDIAN,
    "estimate_days": assumed(91.0, "days", "one estimate a quarter", low=7.0, high=365.0),
    "delay_days": assumed(30.0, "days", "until the books are closed", low=7.0, high=120.0),
}


def above(excess: float, median: float) -> float:
    """P(the relative error is at least so large): the upper tail of a Laplace distribution."""
    size = 0.5 * math.exp2(-abs(excess) / median)
    return size if excess >= 0.0 else 1.0 - size


def limit(alpha: float, median: float) -> float:
    """The excess that an error reaches with this chance, below one half."""
    return -median * math.log2(2.0 * alpha)


def _chances(watched: Watched, megawatts: Sequence[float]) -> tuple[float, ...]:
    values = watched.values

    def found(power: float, alpha: float) -> float:
        median = values["median_error"]
        return above(limit(min(alpha, 0.5), median) - power / values["region"], median)

    return on_occasions(found, watched, megawatts, every_days=values["estimate_days"], over=mean)


def _costs(watched: Watched) -> Costs:
    """Two days of an analyst an estimate."""
    return Costs(inspector_days=2.0 * YEAR_DAYS / max(1.0, watched.values["estimate_days"]))


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.GRID,
    title="the utility's books",
    senses=Trace.SITE_POWER,
    controls=frozenset({"utilities"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="power made behind the meter, and sites that are a small share of a region's load",
)
"""Sees power that no declared load explains."""
