"""E01: the lab trains as before and declares less.

It gains the hidden share of its compute. It costs a false statement over its own signature each
period. The power meter sees energy that no declared use explains: F7, never a proof.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "hidden": assumed(0.05, "1", "share of its use that it hides", low=0.005, high=0.3)
}


def _leaves(evader: Evader) -> Footprint:
    hidden = evader.values["hidden"]
    declared = max(1e-6, 1.0 - hidden)
    return Footprint(
        traces={Trace.BALANCE: evader.during(hidden / declared)},
        gained_flop=evader.gains(evader.used(hidden)),
        costs=Costs(people=1.0),
        cheats=(evader.cheat(CheatKind.UNDER_DECLARATION, hidden),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E01,
    title="under-declaration",
    does="runs as before and declares less than it used",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.LONG_BALANCE,),
    faults=(Fault.F7,),
)
"""Hides a share of what was used."""
