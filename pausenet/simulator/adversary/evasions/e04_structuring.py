"""E04: the lab splits a run into many just below the cap, each on from the last one's weights.

It gains a run of any size, of which no single figure tells. It costs a little compute at every
seam, and records that hide where weights came from. If it declares each slice's parent, its own
statements prove the whole (F6, for a lineage is one run); if it does not, its statements are those
of an honest lab with many runs, and only the weights and the sizes speak.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import YEAR_DAYS, assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "runs_a_month": assumed(4.0, "runs/30 days", "slices of the run", low=0.2, high=60.0),
    "near_cap": assumed(
        0.75, "1", "share of slices that end just below the cap", low=0.0, high=1.0
    ),
    "seam": assumed(0.02, "1", "share of the work lost at the seams", low=0.0, high=0.2),
    "said": assumed(0.0, "1", "1 where it declares the parents of its slices", low=0.0, high=1.0),
}
_MONTH_DAYS: Final = 30.0


def _leaves(evader: Evader) -> Footprint:
    values, lab = evader.values, evader.lab
    slices = values["runs_a_month"] * evader.course.period_days / _MONTH_DAYS
    said = values["said"] >= 1.0
    hours = 24.0 * YEAR_DAYS * lab.accelerators * lab.utilisation_ppm * lab.training_ppm / PPM**2
    return Footprint(
        traces={
            Trace.LINEAGE: evader.during(0.0 if said else slices),
            Trace.BUNCHED: evader.during(slices * values["near_cap"]),
        },
        gained_flop=evader.gains(evader.training_flop * (1.0 - values["seam"])),
        costs=Costs(accelerator_hours=hours * values["seam"], people=2.0),
        cheats=(evader.cheat(CheatKind.SALAMI_RUNS),) if said else (),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E04,
    title="structuring",
    does="splits a run into many just below the cap",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.LINEAGE, ChannelKind.BUNCHING),
    faults=(Fault.F6,),
)
"""Cuts a run into slices."""
