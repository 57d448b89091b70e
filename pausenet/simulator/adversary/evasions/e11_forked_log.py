"""E11: the lab keeps two logs under the same keys and shows them to different verifiers.

It gains the share of its use that the false face hides, as long as those who see that face do not
talk to those who see the other. It costs the lab its name: two faces that meet are a proof over
its own signatures (F1, F2 or F3). Where nobody compares, because there is one verifier only, there
is nothing to meet, and only its power meter is left.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "hidden": assumed(0.2, "1", "share of its use that the false face hides", low=0.01, high=0.9)
}


def _leaves(evader: Evader) -> Footprint:
    hidden = evader.values["hidden"]
    alone = len(evader.scenario.verifiers) == 1
    kind = CheatKind.UNDER_DECLARATION if alone else CheatKind.TWO_FACES
    seen = {Trace.BALANCE: evader.during(hidden / (1.0 - hidden))} if alone else {}
    return Footprint(
        traces=seen,
        gained_flop=evader.gains(evader.used(hidden)),
        costs=Costs(people=1.0),
        cheats=(evader.cheat(kind, hidden),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E11,
    title="forked log",
    does="shows one log to some verifiers and another to the others",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(),
    faults=(Fault.F1, Fault.F2, Fault.F3, Fault.F7),
)
"""Keeps two faces."""
