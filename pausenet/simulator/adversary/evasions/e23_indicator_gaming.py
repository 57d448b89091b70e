"""E23: the lab states an indicator away from the truth, so that a trigger does not fire.

It gains the use that the trigger would have ended. It costs people who prepare the figures. The
statement is over its own signature, and yet no proof: an indicator is a measurement. An agreement
whose triggers rest on the lab's word alone is refused unless it says so; who measures the same
from outside sees the difference.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace

_PARAMETERS: Final = {
    "away": assumed(
        1.5,
        "sigmas",
        "distance from the truth, in standard deviations of one paired difference",
        low=0.1,
        high=5.0,
    ),
    "saved": assumed(
        0.5, "1", "share of its training that the trigger would have ended", low=0.0, high=1.0
    ),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    return Footprint(
        traces={Trace.INDICATOR: evader.during(values["away"])},
        gained_flop=evader.gains(evader.trained(values["saved"])),
        costs=Costs(people=2.0),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E23,
    title="indicator gaming",
    does="states its indicators away from the truth",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.PAIRED_INDICATORS,),
)
"""Bends the indicators that triggers rest on."""
