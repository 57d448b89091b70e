"""E18: those who know are kept from speaking.

It gains nothing by itself: it makes another evasion's people count less (E06, say). It costs those
who watch over the others, and they know too. What is silenced is people: heat, orders and traffic
speak as before.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace

_PARAMETERS: Final = {
    "silenced": assumed(
        0.8, "1", "share of those who know that can no longer speak", low=0.1, high=0.99
    ),
    "minders": assumed(10.0, "people", "who see to it, and know", low=2.0, high=200.0),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    return Footprint(
        traces={
            Trace.SILENCED: evader.during(min(1.0, values["silenced"])),
            Trace.WORKERS: evader.during(values["minders"]),
        },
        gained_flop=evader.gains(0.0),
        costs=Costs(people=values["minders"]),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E18,
    title="insider silence",
    does="keeps those who know from speaking",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.INSIDERS,),
)
"""Buys or forces silence."""
