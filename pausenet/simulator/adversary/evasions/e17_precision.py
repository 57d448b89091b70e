"""E17: the lab trains in narrow number formats, and counts as if it did half as much in wide ones.

It gains what the count leaves out. It costs a little quality, and records of the wrong format. Time
and energy are true, so that the balance is even and no finding of the protocol comes of it. The
same game with better methods instead of formats leaves no false record at all: against that only a
limit that falls with time helps (an amendment, C27), and this module does not model it.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import YEAR_DAYS, assumed, derived
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "share": assumed(
        0.3, "1", "share of its training that runs in the narrow format", low=0.01, high=1.0
    ),
    "times": derived(
        2.0,
        "1",
        "domain.md 1.6: a run of 5.0 years in BF16 takes 2.5 in FP8, 5.0 / 2.5",
        low=1.0,
        high=4.0,
    ),
    "worse": assumed(
        0.05, "1", "share of that work that is lost to the narrow format", low=0.0, high=0.5
    ),
}


def _leaves(evader: Evader) -> Footprint:
    values, lab = evader.values, evader.lab
    training = lab.training_ppm / PPM
    left_out = values["share"] * (1.0 - 1.0 / max(1.0, values["times"]))
    hours = 24.0 * YEAR_DAYS * evader.mean_fleet * lab.utilisation_ppm / PPM * training
    return Footprint(
        traces={Trace.FORMAT: evader.during(values["share"] * training)},
        gained_flop=evader.gains(evader.trained(left_out * (1.0 - values["worse"]))),
        costs=Costs(accelerator_hours=hours * values["share"] * values["worse"], people=2.0),
        cheats=(evader.cheat(CheatKind.FEWER_OPERATIONS, left_out),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E17,
    title="precision gaming",
    does="trains in narrow formats and counts in wide ones",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.FORMATS,),
)
"""Counts fewer operations than the format makes."""
