"""E22: the lab reaches a better utilisation than it says, and declares fewer operations.

It gains the difference: the balance is in occupied time, the limit in operations. It costs records
that are wrong by the same factor everywhere. Time and energy are true, so that no power meter and
no finding of the protocol shows it; counters that are profiled do, and work that is run again.
The simulated fleet truly reaches the one utilisation of `scenario.physics`; only the ratio of the
two figures here counts.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "declared": assumed(
        0.35, "FLOP/FLOP", "utilisation that it declares (domain.md 3)", low=0.2, high=0.5
    ),
    "reached": assumed(
        0.45, "FLOP/FLOP", "utilisation that it reaches (domain.md 3)", low=0.2, high=0.6
    ),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    reached = max(values["reached"], values["declared"], 1e-3)
    declared = max(values["declared"], 1e-3 * reached)
    left_out = 1.0 - declared / reached
    return Footprint(
        traces={
            Trace.RATE: evader.during(reached / declared - 1.0),
            Trace.NOT_REPRODUCED: evader.during(left_out * evader.lab.training_ppm / PPM),
        },
        gained_flop=evader.gains(evader.trained(left_out)),
        costs=Costs(people=2.0),
        cheats=(evader.cheat(CheatKind.FEWER_OPERATIONS, left_out),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E22,
    title="shaded utilisation",
    does="declares fewer operations in the same time than it does",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.RATIOS, ChannelKind.RECOMPUTE),
)
"""Understates how well its accelerators are used."""
