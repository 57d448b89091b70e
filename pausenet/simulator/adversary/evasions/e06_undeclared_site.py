"""E06: the lab runs a site that no declaration names and no meter feeds.

It gains the site's whole compute, from the day it stands. It costs the accelerators, a building,
power and people who know. Nothing of it stands in any log: heat and people give it away, and a
party must then ask for an inspection.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed, daily_flop, derived, sourced
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.finding import Fault

_PARAMETERS: Final = {
    "accelerators": assumed(
        4_096.0, "accelerators", "a hall of H100-equivalents", low=16.0, high=200_000.0
    ),
    "utilisation": assumed(0.9, "1", "share of time occupied", low=0.3, high=0.95),
    "facility_kw": derived(
        1.71, "kW", "domain.md 6.5: 700 W x 1.53 x 1.14 x 1.4 an accelerator at peak"
    ),
    "workers_per_mw": sourced(1.0, "people/MW", "domain.md 5, P12: one worker a MW in operation"),
    "builders": assumed(150.0, "people", "who built it and know", low=20.0, high=10_000.0),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    megawatts = values["accelerators"] * values["facility_kw"] / 1_000.0
    people = values["builders"] + values["workers_per_mw"] * megawatts
    return Footprint(
        traces={
            Trace.SITE: evader.during(values["accelerators"]),
            Trace.SITE_POWER: evader.during(megawatts),
            Trace.WORKERS: evader.during(people),
        },
        gained_flop=evader.gains(daily_flop(values["accelerators"]) * values["utilisation"]),
        costs=Costs(people=people),
        cheats=(evader.cheat(CheatKind.UNDECLARED_HALL),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E06,
    title="undeclared site",
    does="runs accelerators at a place that no declaration names",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.SATELLITE, ChannelKind.GRID, ChannelKind.INSIDERS),
    faults=(Fault.F7,),
)
"""Runs a dark cluster."""
