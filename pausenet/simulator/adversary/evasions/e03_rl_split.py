"""E03: the lab lets declared inference make the rollouts, and updates the weights on dark compute.

Nearly all compute of learning by trial goes into rollouts, which look like inference because they
are; they are declared, metered and reproduce. Only the small rest runs on accelerators that nobody
declared. It gains both. It costs those accelerators, and a covert channel: what the rollouts found
must leave the halls, and new weights must come in. That stream is what can be seen.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.scenario.plan import CheatKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed, derived, sourced
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "rollouts": assumed(
        0.2,
        "1",
        "share of the lab's use that is rollouts, declared as inference",
        low=0.02,
        high=0.9,
    ),
    "dark_share": sourced(
        0.05, "1", "domain.md 1.7: about 5 % dark compute makes the updates", low=0.01, high=0.2
    ),
    "covert": assumed(
        0.003, "1", "share of output bits that carry what rollouts found", low=1e-6, high=0.02
    ),
    "facility_kw": derived(
        1.71, "kW", "domain.md 6.5: 700 W x 1.53 x 1.14 x 1.4 an accelerator at peak"
    ),
    "people": assumed(
        20.0, "people", "who run the dark accelerators and know", low=3.0, high=200.0
    ),
}


def _leaves(evader: Evader) -> Footprint:
    values = evader.values
    over = values["dark_share"] / max(1e-6, 1.0 - values["dark_share"])
    rollouts = values["rollouts"] * evader.lab.utilisation_ppm / PPM
    dark = [held * rollouts * over for held in evader.fleet]
    megawatts = [count * values["facility_kw"] / 1_000.0 for count in dark]
    return Footprint(
        traces={
            Trace.EGRESS: evader.during(values["covert"]),
            Trace.NOT_REPRODUCED: evader.during(values["covert"]),
            Trace.SITE: evader.during(dark),
            Trace.SITE_POWER: evader.during(megawatts),
            Trace.WORKERS: evader.during(values["people"]),
        },
        gained_flop=evader.gains(evader.used(values["rollouts"] * (1.0 + over))),
        costs=Costs(people=values["people"]),
        cheats=(evader.cheat(CheatKind.UNDECLARED_HALL),),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E03,
    title="split learning",
    does="makes rollouts as declared inference and updates weights on dark compute",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.EGRESS, ChannelKind.RECOMPUTE),
)
"""Splits learning between declared and dark compute."""
