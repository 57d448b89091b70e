"""E07: accelerators that were shipped to the lab, or for it, are never entered.

It gains what they compute, lot by lot, at a place that nobody declares. Where the vendor reports
the sale and its last holder is known, the two ledgers differ; where both sides keep silent, no
account of declarations shows anything (`protocol.stock`). A hall of its own leaves heat and people
too: combine it with E06 for that, with no accelerators counted twice.
"""

from __future__ import annotations

from itertools import accumulate
from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import YEAR_DAYS, assumed, daily_flop
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "monthly": assumed(1_000.0, "accelerators", "diverted in 30 days", low=16.0, high=20_000.0),
    "utilisation": assumed(0.7, "1", "share of time occupied", low=0.3, high=0.95),
    "people": assumed(20.0, "people", "who arrange it and know", low=3.0, high=200.0),
    "lost": assumed(0.05, "1", "share that is lost or seized on the way", low=0.0, high=0.5),
}
_MONTH_DAYS: Final = 30.0


def _leaves(evader: Evader) -> Footprint:
    values, days = evader.values, evader.course.period_days
    shipped = evader.during(values["monthly"] * days / _MONTH_DAYS)
    kept = 1.0 - min(1.0, values["lost"])
    on = evader.during(1.0)
    held = [flag * count * kept for flag, count in zip(on, accumulate(shipped), strict=True)]
    lost = values["monthly"] * (1.0 - kept) * 12.0 * 24.0 * YEAR_DAYS / 2.0
    return Footprint(
        traces={
            Trace.UNENTERED: shipped,
            Trace.SITE: tuple(held),
            Trace.WORKERS: evader.during(values["people"]),
        },
        gained_flop=tuple(daily_flop(count) * values["utilisation"] * days for count in held),
        costs=Costs(accelerator_hours=lost, people=values["people"]),
        cheats=(evader.cheat(CheatKind.UNDECLARED_HALL),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E07,
    title="chip diversion",
    does="takes accelerators in that it does not enter",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.SHIPMENTS,),
    faults=(Fault.F7,),
)
"""Diverts shipments."""
