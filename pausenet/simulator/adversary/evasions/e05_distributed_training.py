"""E05: the lab trains over many nodes, each below the size that the agreement counts.

It gains what the nodes compute, less what slow links cost it. Nodes are bought order by order over
some weeks, so that the gain grows. Sellers' records may link the orders, and the nodes' outer
steps beat in wide-area traffic; a single node is too small to be seen by anything else.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import YEAR_DAYS, assumed, daily_flop, sourced
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "nodes": assumed(300.0, "nodes", "how many it buys", low=10.0, high=20_000.0),
    "per_node": sourced(
        16.0,
        "accelerators",
        "domain.md 1.6: more than 16 H100-equivalents are a covered cluster",
        low=1.0,
        high=16.0,
    ),
    "buying_days": assumed(91.0, "days", "over which it buys them", low=14.0, high=730.0),
    "per_order": assumed(2.0, "nodes", "in one order", low=1.0, high=50.0),
    "efficiency": assumed(0.7, "1", "of one cluster's, over slow links", low=0.3, high=0.95),
    "beat": assumed(
        0.3, "1", "amplitude of the outer steps over the traffic's noise", low=0.02, high=2.0
    ),
    "people": assumed(25.0, "people", "who know what the nodes are for", low=3.0, high=200.0),
}


def _leaves(evader: Evader) -> Footprint:
    values, course = evader.values, evader.course
    buying = max(1, round(values["buying_days"] / course.period_days))
    on = evader.during(1.0)
    bought = [
        flag * min(1.0, max(0, at + 1 - evader.plan.start) / buying) for at, flag in enumerate(on)
    ]
    orders = values["nodes"] / max(1.0, values["per_order"]) / buying
    accelerators = values["nodes"] * values["per_node"]
    gain = daily_flop(accelerators) * values["efficiency"] * course.period_days
    lost = accelerators * (1.0 - values["efficiency"]) * 24.0 * YEAR_DAYS
    return Footprint(
        traces={
            Trace.PURCHASES: tuple(
                orders * flag * (at < evader.plan.start + buying) for at, flag in enumerate(on)
            ),
            Trace.SYNC: evader.during(values["beat"]),
            Trace.SITE: tuple(accelerators * share for share in bought),
            Trace.WORKERS: evader.during(values["people"]),
        },
        gained_flop=tuple(gain * share for share in bought),
        costs=Costs(accelerator_hours=lost, people=values["people"]),
        cheats=(evader.cheat(CheatKind.UNDECLARED_HALL),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E05,
    title="distributed training",
    does="trains over many nodes, each too small to be counted",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.PURCHASES, ChannelKind.SYNC_TRAFFIC),
    faults=(Fault.F7,),
)
"""Spreads a cluster until none is left to see."""
