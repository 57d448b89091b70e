"""E02: the lab trains, and declares a part of it as inference.

It gains that part: the run grows, and neither its own figure nor the limit on training shows it.
It costs a disguise at the accelerators, which slows them, and people who keep it up. The balance
of energy stays even, so that no finding of the protocol comes of it: while inference is legal this
is the likely way to cheat. Work that is looked at, or run again, gives it away.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import YEAR_DAYS, assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "moved": assumed(0.3, "1", "share of its training that it calls inference", low=0.02, high=0.9),
    "slower": assumed(0.1, "1", "share of that work which the disguise costs", low=0.0, high=0.5),
}


def _leaves(evader: Evader) -> Footprint:
    moved, lab = evader.values["moved"], evader.lab
    worked = 1.0 - evader.values["slower"]
    training = lab.training_ppm / PPM
    hours = 24.0 * YEAR_DAYS * evader.mean_fleet * lab.utilisation_ppm / PPM
    return Footprint(
        traces={
            Trace.RELABELLED: evader.during(moved),
            Trace.NOT_REPRODUCED: evader.during(moved * training),
        },
        gained_flop=evader.gains(evader.trained(moved * worked)),
        costs=Costs(
            accelerator_hours=hours * training * moved * evader.values["slower"], people=5.0
        ),
        cheats=(evader.cheat(CheatKind.LABEL_SWAP, moved),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E02,
    title="label swap",
    does="declares training as inference",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.CLASSIFIER, ChannelKind.RECOMPUTE),
)
"""Calls training by another name."""
