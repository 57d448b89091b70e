"""E12: statements are missing in the hours in which they would show something.

It gains what it computes unseen in these hours. Missing hours inside a period break no deadline:
only that they come when it matters tells them from failures. With `whole` the lab publishes nothing
about whole periods, which every verifier sees: F5, a gap and no proof of what was done.
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
    "odds": assumed(
        8.0, "times", "odds of a gap when it matters over those elsewhere", low=1.0, high=100.0
    ),
    "unseen": assumed(0.02, "1", "share of its time that the gaps cover", low=0.001, high=0.2),
    "whole": assumed(0.0, "1", "1 if it publishes nothing about whole periods", low=0.0, high=1.0),
}
_WHOLE: Final = 0.5


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    whole = values["whole"] >= _WHOLE
    return Footprint(
        traces={Trace.GAPS: evader.during(values["odds"])},
        gained_flop=evader.gains(evader.used(1.0 if whole else values["unseen"])),
        costs=Costs(people=2.0),
        cheats=(evader.cheat(CheatKind.SILENT),) if whole else (),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E12,
    title="outage when it matters",
    does="lets statements go missing when they would show something",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.GAPS,),
    faults=(Fault.F5,),
)
"""Has its failures at the right time."""
