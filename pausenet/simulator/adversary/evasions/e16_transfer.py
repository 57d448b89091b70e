"""E16: the lab does not train but takes: it buys, steals, merges or distils somebody's weights.

It gains the compute that went into them, at once, and its own figures stay true. It costs a few
people and whatever was paid. No statement is false, so that no finding comes of it; what the
models can do, and whose weights they are, gives it away.
"""

from __future__ import annotations

import math
from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import YEAR_DAYS, assumed, sourced
from pausenet.simulator.traces import Costs, Footprint, Trace

_PARAMETERS: Final = {
    "worth": sourced(
        38.0,
        "10^24 FLOP",
        "domain.md 6.6: the compute of one openly published model of 2024",
        low=3.4,
        high=500.0,
    ),
    "residual": assumed(
        0.1, "1", "scatter of the trend, in powers of ten of compute", low=0.05, high=0.5
    ),
    "models": assumed(1.0, "models", "models in use that came so", low=0.0, high=20.0),
    "people": assumed(5.0, "people", "who bring them in", low=1.0, high=50.0),
}
_UNIT: Final = 1e24


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    worth = values["worth"] * _UNIT
    own = [max(1.0, each * YEAR_DAYS) for each in evader.trained()]
    residual = max(1e-3, values["residual"])
    jump = [math.log10(1.0 + worth / each) / residual for each in own]
    return Footprint(
        traces={
            Trace.CAPABILITY: evader.during(jump),
            Trace.WEIGHTS: evader.during(values["models"]),
        },
        gained_flop=evader.course.once(worth, evader.plan.start),
        costs=Costs(people=values["people"]),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E16,
    title="transfer instead of training",
    does="brings in weights that others have trained",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.CAPABILITY, ChannelKind.WEIGHT_REGISTRY),
)
"""Takes weights instead of making them."""
