"""E14: what may not be seen is stopped and moved between the notice and the entry.

It gains a share of its compute at declared sites for work that the agreement forbids there. It
costs hours that stand still at each notice, which power shows unless it is levelled. A lab that
refuses entry instead breaches the access clause (F10r), which proves nothing of what was there: a
scenario writes that as an act.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "forbidden": assumed(
        0.1, "1", "share of its compute in work that it hides", low=0.01, high=0.5
    ),
    "shift": assumed(
        3.0,
        "standard deviations",
        "by which the notice window's mean power differs",
        low=0.0,
        high=20.0,
    ),
    "hours": assumed(12.0, "hours", "that stand still at a notice", low=1.0, high=120.0),
    "notices": assumed(13.0, "notices", "in a year", low=1.0, high=52.0),
    "people": assumed(12.0, "people", "who move it and know", low=2.0, high=100.0),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    busy = evader.mean_fleet * evader.lab.utilisation_ppm / PPM
    lost = busy * values["forbidden"] * values["hours"] * values["notices"]
    return Footprint(
        traces={
            Trace.NOTICE: evader.during(values["shift"]),
            Trace.WORKERS: evader.during(values["people"]),
        },
        gained_flop=evader.gains(evader.used(values["forbidden"])),
        costs=Costs(accelerator_hours=lost, people=values["people"]),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E14,
    title="sanitisation before entry",
    does="stops and moves what may not be seen while the notice runs",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.NOTICE_WATCH,),
    faults=(Fault.F10R,),
)
"""Cleans up before the inspectors come."""
