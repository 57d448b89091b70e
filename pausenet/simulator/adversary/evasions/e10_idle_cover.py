"""E10: the lab burns synthetic load before the baseline is read, so that its use looks larger.

It gains room: a limit that is a share of the baseline is higher by that share of the padding, and
covert use in that room looks normal. A fleet that grows later adds nothing to it. It costs the
accelerator-hours that it burned, and power. When the padding ends, the course steps down; the
evasion begins, here, at the baseline's close.
"""

from __future__ import annotations

from typing import Final

from pausenet.scenario.evasions import ChannelKind, EvasionKind
from pausenet.simulator.adversary.evasions.base import Evader, EvasionModel
from pausenet.simulator.channels.base import assumed
from pausenet.simulator.traces import Costs, Footprint, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "padding": assumed(0.15, "1", "synthetic load over the lab's own use", low=0.02, high=1.0),
    "swing": assumed(
        0.08, "1", "standard deviation of a period's use over its mean", low=0.01, high=0.3
    ),
    "allowed": assumed(
        0.5, "1", "share of the baseline that the limit leaves (domain.md 5, P8)", low=0.1, high=1.0
    ),
    "burned_days": assumed(56.0, "days", "how long it pads", low=14.0, high=165.0),
}


def _leaves(evader: Evader) -> Footprint:
    values, lab, read = evader.values, evader.lab, evader.plan.start
    swing = max(1e-6, values["swing"])
    hours = 24.0 * values["burned_days"] * evader.fleet[read] * lab.utilisation_ppm / PPM
    return Footprint(
        traces={Trace.STEP: evader.during(values["padding"] / swing)},
        gained_flop=evader.gains(evader.used(values["padding"] * values["allowed"])[read]),
        costs=Costs(accelerator_hours=hours * values["padding"], people=1.0),
    )


EVASION: Final = EvasionModel(
    kind=EvasionKind.E10,
    title="idle cover",
    does="pads its use until the baseline is read",
    parameters=_PARAMETERS,
    leaves=_leaves,
    seen_by=(ChannelKind.BASELINE,),
)
"""Inflates the baseline."""
