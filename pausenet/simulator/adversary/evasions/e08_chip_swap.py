"""E08: declared devices are decoys; the true ones run elsewhere under no name.

It gains what the swapped devices compute: the declared hall shows idle boards with cloned
identities. A challenge to a decoy goes unanswered, or is answered late, through a relay. Nothing of
it stands in any log.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed, daily_flop
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "decoys": assumed(256.0, "devices", "declared devices that are not", low=8.0, high=50_000.0),
    "utilisation": assumed(0.9, "1", "share of time occupied elsewhere", low=0.3, high=0.95),
    "people": assumed(15.0, "people", "who swap boards and know", low=3.0, high=200.0),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    swapped = [min(values["decoys"], float(held)) for held in evader.fleet]
    return Footprint(
        traces={
            Trace.DECOYS: evader.during(swapped),
            Trace.SITE: evader.during(swapped),
            Trace.WORKERS: evader.during(values["people"]),
        },
        gained_flop=evader.gains([daily_flop(count) * values["utilisation"] for count in swapped]),
        costs=Costs(people=values["people"]),
        cheats=(evader.cheat(CheatKind.UNDECLARED_HALL),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E08,
    title="chip swap",
    does="declares decoys and runs the true devices elsewhere",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.ITEM_CHALLENGES,),
    faults=(Fault.F7,),
)
"""Leaves dead boards in the racks."""
