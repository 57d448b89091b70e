"""E15: the lab rents compute elsewhere, through a provider or a company that is not its own.

It gains what it rents. Nothing of it stands in its declarations, and the provider is no party.
Spending that no declared use explains is the trace, where the provider's records are shared and
see through to the lab.
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
    "rented": assumed(4_000.0, "accelerators", "rented in other names", low=16.0, high=200_000.0),
    "utilisation": assumed(0.7, "1", "share of time occupied", low=0.3, high=0.95),
    "declared_cloud": assumed(
        0.5, "1", "share of its declared accelerators that it rents", low=0.0, high=1.0
    ),
    "people": assumed(10.0, "people", "who know whose it is", low=2.0, high=100.0),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    rented = values["rented"]
    declared = [values["declared_cloud"] * held for held in evader.fleet]
    return Footprint(
        traces={
            Trace.CLOUD: evader.during([rented / max(1.0, rented + each) for each in declared]),
            Trace.SITE: evader.during(rented),
            Trace.WORKERS: evader.during(values["people"]),
        },
        gained_flop=evader.gains(daily_flop(rented) * values["utilisation"]),
        costs=Costs(people=values["people"]),
        cheats=(evader.cheat(CheatKind.UNDECLARED_HALL),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E15,
    title="cloud laundering",
    does="rents compute in other names, outside the agreement",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.CLOUD_RECORDS,),
    faults=(Fault.F7,),
)
"""Has others run it."""
