"""Challenges to devices drawn by lot: each must answer a fresh nonce with its own key, at once.

So many of the declared devices are drawn in each period, evenly and without replacement; the
number of decoys among them is hypergeometric, and each is noticed unless a relay has the true
device answer in time (`inference.sampling.hypergeometric.expected_power`). A false alarm is an
honest device that fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.inference.sampling.hypergeometric import expected_power
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import YEAR_DAYS, ChannelModel, Watched, assumed, each_fleet
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "challenges": assumed(10.0, "devices", "drawn in a day", low=0.01, high=300.0),
    "relayed": assumed(
        0.1, "1", "share of challenged decoys that a relay answers for in time", low=0.0, high=1.0
    ),
    "delay_days": assumed(2.0, "days", "until a late answer is looked into", low=0.1, high=14.0),
}


def _chances(watched: Watched, decoys: Sequence[float]) -> tuple[float, ...]:
    values = watched.values
    drawn = round(values["challenges"] * watched.period_days)
    relayed = min(1.0, values["relayed"])

    def found(count: float, items: int) -> float:
        missed = expected_power(items, min(items, round(count)), min(items, drawn), relayed)
        return 1.0 - (1.0 - watched.alpha) * missed

    return each_fleet(found, watched, decoys)


def _costs(watched: Watched) -> Costs:
    """Each challenge is an intrusion; somebody keeps the machinery."""
    return Costs(people=0.2, intrusions=watched.values["challenges"] * YEAR_DAYS)


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.ITEM_CHALLENGES,
    title="challenges to devices drawn by lot",
    senses=Trace.DECOYS,
    controls=frozenset({"verifiers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="what true devices compute, devices that were never declared, and keys that leaked",
)
"""Asks declared devices to prove that they are there."""
