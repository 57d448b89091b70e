"""E09: the lab declares less than it used, and its meter says the same.

It gains the hidden share of its compute. The meter is made to read what the declared use would
have drawn, so that the balance closes and F7 has nothing to find: two statements that rest on one
hand are one. A second meter that others hold reads the difference.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.physics import drawn_less
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "hidden": assumed(0.2, "1", "share of its use that it hides", low=0.01, high=0.5),
    "people": assumed(4.0, "people", "who keep the meter's figures", low=1.0, high=20.0),
}


def _leaves(evader: Evader) -> Footprint:
    hidden = min(1.0, evader.values["hidden"])
    low = drawn_less(hidden, evader.lab.utilisation_ppm / PPM)
    return Footprint(
        traces={Trace.METER_GAP: evader.during(low)},
        gained_flop=evader.gains(evader.used(hidden)),
        costs=Costs(people=evader.values["people"]),
        cheats=(
            evader.cheat(CheatKind.UNDER_DECLARATION, hidden),
            replace(evader.cheat(CheatKind.LOW_METER, low), by=evader.lab.meter),
        ),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E09,
    title="meter tamper",
    does="declares less than it used, and has its meter read as much less",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.SECOND_METER,),
)
"""Makes the meter agree."""
