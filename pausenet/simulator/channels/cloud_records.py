"""Providers' records: what a lab and those behind it pay for, against what it declares.

At the end of each account the spending is set against the declared use; prices make the
difference uncertain by a stated relative error, and the test is one-sided (`inference.detection`).
Whether the provider keeps records that are shared, and sees through to the lab, is settled once:
where it does not, no later account finds anything, and each quiet account makes that likelier.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pausenet.inference.detection import detection_probability
from pausenet.scenario.evasions import ChannelKind
from pausenet.simulator.channels.base import YEAR_DAYS, ChannelModel, Watched, assumed
from pausenet.simulator.channels.looks import mean, on_occasions
from pausenet.simulator.traces import Costs, Trace

_PARAMETERS: Final = {
    "covered": assumed(
        0.5, "1", "chance that the provider's records are shared and name the lab", low=0.0, high=1
    ),
    "price_error": assumed(
        0.1, "1", "relative error of use reckoned from spending", low=0.02, high=0.5
    ),
    "account_days": assumed(28.0, "days", "one account", low=28.0, high=364.0),
    "delay_days": assumed(30.0, "days", "until accounts are compared", low=7.0, high=120.0),
}


def _chances(watched: Watched, shares: Sequence[float]) -> tuple[float, ...]:
    """The conditional chance of each period, given silence before it."""
    values = watched.values
    sigma = max(1e-9, values["price_error"])

    def found(share: float, alpha: float) -> float:
        return detection_probability(share / sigma, alpha)

    every = values["account_days"]
    seen = on_occasions(found, watched, shares, every_days=every, over=mean)
    quiet = on_occasions(found, watched, [0.0] * len(shares), every_days=every, over=mean)
    covered, chances = min(1.0, values["covered"]), []
    for one, other in zip(seen, quiet, strict=True):
        chance = covered * one + (1.0 - covered) * other
        chances.append(chance)
        covered = covered * (1.0 - one) / (1.0 - chance) if chance < 1.0 else covered
    return tuple(chances)


def _costs(watched: Watched) -> Costs:
    """Two days an account."""
    return Costs(inspector_days=2.0 * YEAR_DAYS / max(1.0, watched.values["account_days"]))


CHANNEL: Final = ChannelModel(
    kind=ChannelKind.CLOUD_RECORDS,
    title="cloud providers' records",
    senses=Trace.CLOUD,
    controls=frozenset({"providers"}),
    parameters=_PARAMETERS,
    chances=_chances,
    costs=_costs,
    cannot_see="providers outside the scheme, payment in kind, and owners behind owners",
)
"""Balances spending and declared use."""
