"""E04: the lab splits a run into many just below the cap, each on from the last one's weights.

It gains a run of any size, of which no single figure tells. It costs a little compute at every
seam, and records that hide where weights came from. If it declares each slice's parent, its own
statements prove the whole (F6, for a lineage is one run); if it does not, its statements are those
of an honest lab with many runs, and only the weights and the sizes speak. Slices are of one size:
where its fleet grows there are more of them.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind, CheatPlan
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
_FLOP_PER_PFLOP: Final = 1e15
_BELOW_PPM: Final = 980_000
"""No slice is larger than this share of the cap."""


def _leaves(evader: Evader) -> Footprint:
    values, lab = evader.values, evader.lab
    trained = evader.trained()
    first = max(1.0, trained[evader.plan.start])
    each = values["runs_a_month"] * evader.course.period_days / _MONTH_DAYS
    slices = [each * now / first for now in trained]
    said = values["said"] >= 1.0
    hours = 24.0 * YEAR_DAYS * evader.mean_fleet * lab.utilisation_ppm * lab.training_ppm / PPM**2
    return Footprint(
        traces={
            Trace.LINEAGE: evader.during(0.0 if said else slices),
            Trace.BUNCHED: evader.during([count * values["near_cap"] for count in slices]),
        },
        gained_flop=evader.gains(evader.trained(1.0 - values["seam"])),
        costs=Costs(accelerator_hours=hours * values["seam"], people=2.0),
        cheats=(_played(evader, said, first * _MONTH_DAYS / values["runs_a_month"]),),
    )


def _played(evader: Evader, said: bool, slice_flop: float) -> CheatPlan:
    """What it does to the lab's statements: slices with their parents, or severed from them."""
    if said:
        return evader.cheat(CheatKind.SALAMI_RUNS)
    cap = evader.scenario.agreement.run_cap
    share = 1.0 if cap is None else slice_flop / _FLOP_PER_PFLOP / cap
    return evader.cheat(CheatKind.SEVERED_RUNS, min(_BELOW_PPM / PPM, max(1.0 / PPM, share)))


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
