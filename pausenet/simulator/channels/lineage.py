"""Weights that are compared: does a run that is declared as new go on from another one's weights?

Chips log fingerprints of the weights that they hold, and inspectors read the logs of some chips
(`inference.sampling.snapshots`). A continuation is recognised where a fingerprint of both runs is
in hand and the weights are alike. Who changes weights so much that they are no longer alike pays
for it with compute; that labs cannot do it cheaply is assumed.
"""

from __future__ import annotations

import math
from typing import Final

from pausenet.inference.sampling.snapshots import snapshot_miss
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import (
    YEAR_DAYS,
    ChannelModel,
    Magnitudes,
    Watched,
    assumed,
    each_fleet,
)
from pausenet.simulator.traces import Costs, Trace
from pausenet.statements.clauses import PPM

_PARAMETERS: Final = {
    "chips_a_month": assumed(
        20.0, "chips/30 days", "chips of a lab whose logs are read", low=0.0, high=1_000.0
    ),
    "logs_a_day": assumed(0.1, "logs/day", "fingerprints that a chip logs", low=0.001, high=10.0),
    "alike": assumed(
        0.8, "1", "continuations whose weights are recognised as alike", low=0.1, high=1.0
    ),
    "delay_days": assumed(7.0, "days", "from the inspection to the lead", low=1.0, high=60.0),
}
_MONTH_DAYS: Final = 30.0


def _chances(watched: Watched, continued: Magnitudes) -> tuple[float, ...]:
    alike = watched.values["alike"]

    def power(runs: float, chips: int) -> float:
        missed: float = (1.0 - alike * in_hand(watched, chips) ** 2) ** runs
        return 1.0 - (1.0 - watched.alpha) * missed

    return each_fleet(power, watched, continued)


def in_hand(watched: Watched, held: int) -> float:
    """The chance that a period's inspection finds a fingerprint of the run that trains then.

    `held` is how many chips the lab has in that period. A part of a chip is inspected with that
    chance.
    """
    lab, values = watched.lab, watched.values
    inspected = values["chips_a_month"] * watched.period_days / _MONTH_DAYS
    training = lab.utilisation_ppm * lab.training_ppm / PPM**2

    def found(chips: int) -> float:
        return 1.0 - snapshot_miss(
            chips=held,
            used=min(held, round(held * training)),
            inspected=min(held, chips),
            logs_expected=values["logs_a_day"] * watched.period_days,
        )

    whole = math.floor(inspected)
    part = inspected - whole
    return part * found(whole + 1) + (1.0 - part) * found(whole)


def _costs(watched: Watched) -> Costs:
    """A day of an inspector for ten chips."""
    chips = watched.values["chips_a_month"] * YEAR_DAYS / _MONTH_DAYS
    return Costs(inspector_days=chips / 10.0, intrusions=YEAR_DAYS / _MONTH_DAYS)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.LINEAGE,
    title="comparison of weights",
    senses=Trace.LINEAGE,
    controls=frozenset({"chip firmware"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="runs on chips that log nothing, and weights that were made unlike at a price",
)
"""Compares the weights of runs that are declared apart."""
