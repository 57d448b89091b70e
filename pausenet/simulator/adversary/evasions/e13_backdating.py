"""E13: the lab states what is due long afterwards, as if it had said so in time.

It gains the time to choose its words: it sees what meters and others have said before it says what
fits. It costs it the look of punctuality: only the verifiers' cosignatures say when a statement
came, so that a warrant of silence (F5) stands before the statement does. Where nobody but the lab
and one verifier in league keep time, a stamp that was published elsewhere is what contradicts it;
with `seen_late` 0 that league is taken for granted, and not played.
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
    "hidden": assumed(
        0.02, "1", "share of its use that hindsight lets it hide", low=0.002, high=0.1
    ),
    "seen_late": assumed(
        1.0, "1", "1 where verifiers see the lateness, 0 where time is the lab's own", low=0, high=1
    ),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    late = (evader.cheat(CheatKind.BACKDATED),) if values["seen_late"] >= 0.5 else ()
    return Footprint(
        traces={Trace.BACKDATED: evader.during(1.0)},
        gained_flop=evader.gains(evader.daily_flop * values["hidden"]),
        costs=Costs(people=1.0),
        cheats=late,
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E13,
    title="back-dating",
    does="states what was due long afterwards, as if it had done so in time",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.ANCHORS,),
    faults=(Fault.F5,),
)
"""Speaks late and says early."""
